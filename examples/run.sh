#!/usr/bin/env bash
# Builds one example and runs it where you stand; installs what that needs and is missing.
set -euo pipefail
source_directory=$(cd "$(dirname "$0")/.." && pwd)
. "$source_directory/.ci/dependencies.sh"

examples() {
  local file
  for file in "$source_directory"/examples/*.cpp; do
    [ ! -e "$file" ] || basename "$file" .cpp
  done
}

usage() {
  echo "usage: examples/run.sh [--no-install] NAME [the example's flags; try --help]"
  echo "examples: $(examples | paste -s -d ' ')"
}

name=
flags=()
for argument in "$@"; do
  case $argument in
    --no-install) allow_install=no ;;
    *) if [ -z "$name" ]; then name=$argument; else flags+=("$argument"); fi ;;
  esac
done
case $name in
  '' | --help | -h) usage; exit 0 ;;
esac
[ -f "$source_directory/examples/$name.cpp" ] || fail "no example is called '$name'; there are: $(examples | paste -s -d ' ')"

require "${library_dependencies[@]}" cli11
build_directory=$source_directory/build/examples
configure "$build_directory" -DEIGAN_BUILD_TESTS=OFF -DEIGAN_BUILD_EXAMPLES=ON -DEIGAN_BUILD_BENCHMARKS=OFF
build "$build_directory" "$name"
exec "$build_directory/examples/$name" ${flags[@]+"${flags[@]}"}
