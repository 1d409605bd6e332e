#!/usr/bin/env bash
# Compiles every header of eigan as a unit of its own, without a warning: each includes all that it uses, once.
#
# usage: check.sh INCLUDE_DIRECTORY STAMP_DIRECTORY COMPILER [flags]
#        check.sh --together INCLUDE_DIRECTORY COMPILER [flags]      all in one unit, which takes seconds, not minutes
# A header is tried again only when it, or anything it includes, has changed since it last passed.
set -euo pipefail

warnings=(-std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)

if [ "${1:-}" = --together ]; then
  include=$2
  shift 2
  find "$include" -name '*.hpp' -printf '#include <%P>\n' | sort |
    "$@" -fsyntax-only "${warnings[@]}" -I "$include" -x c++ -
  echo "all headers compile together"
  exit 0
fi

if [ "${1:-}" != --one ]; then
  include=$1 stamps=$2
  shift 2
  count=$(find "$include" -name '*.hpp' | wc -l)
  [ "$count" -gt 0 ] || { echo "no header in $include"; exit 1; }
  mkdir -p "$stamps"
  # Other flags, other verdicts.
  [ "$(cat "$stamps/command" 2>/dev/null)" = "$*" ] || { find "$stamps" -name '*.passed' -delete; echo "$*" >"$stamps/command"; }
  find "$include" -name '*.hpp' -print0 | sort -z |
    xargs -0 -n 1 -P 2 "$0" --one "$include" "$stamps" "$@" || { echo "some header does not compile on its own"; exit 1; }
  echo "$count headers compile on their own"
  exit 0
fi

include=$2 stamps=$3 header=${*: -1}
shift 3
compile=("${@:1:$#-1}")
name=${header#"$include"/}
stamp=$stamps/${name//\//_}

# Up to date, if nothing that the compiler read last time is newer than the stamp.
if [ -e "$stamp.passed" ]; then
  fresh=yes
  for file in $(sed -e 's/^[^:]*://' -e 's/\\$//' "$stamp.d"); do
    [ "$stamp.passed" -nt "$file" ] || { fresh=no; break; }
  done
  [ "$fresh" = no ] || exit 0
  rm -f "$stamp.passed"
fi

touch "$stamp.started"
echo "#include <$name>" |
  "${compile[@]}" -fsyntax-only "${warnings[@]}" -I "$include" -MMD -MF "$stamp.d" -x c++ - || { echo "^ $name"; exit 1; }
mv "$stamp.started" "$stamp.passed"
