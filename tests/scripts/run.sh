#!/usr/bin/env bash
# examples/run.sh and tests/run.sh on machines that lack things, and called with names that do not exist.
# usage: run.sh SOURCE_DIRECTORY
set -euo pipefail
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
# Says the first line of the only error message of a command that must fail, with at most a few lines in all.
refused() {
  ! "$@" >"$work/out" 2>&1 </dev/null || fail "should have failed: $*"
  [ "$(wc -l <"$work/out")" -le 2 ] || fail "more than one clear message: $(cat "$work/out")"
  cat "$work/out"
}

# A machine with neither compiler, CMake, ninja nor make: only the tools that bash scripts live on.
mkdir "$work/bin"
for tool in bash env dirname basename cat mkdir mktemp rm sed awk grep paste id tr nproc; do
  ln -s "$(command -v $tool)" "$work/bin/$tool"
done
bare() { env -i PATH="$work/bin" "$@"; }

for script in "tests/run.sh" "examples/run.sh $(basename "$(ls "$source"/examples/*.cpp | head -1)" .cpp)"; do
  message=$(refused bare bash "$source"/$script --no-install)
  [[ $message == *"missing: compiler cmake generator"*"g++ cmake ninja-build"* ]] || fail "$script names what is missing: $message"
  [[ $message == *"--no-install"* ]] || fail "$script says why it stops: $message"

  # Without apt-get nothing can be installed, which is said.
  message=$(refused bare bash "$source"/$script)
  [[ $message == *"no apt-get"* ]] || fail "$script says that there is no apt-get: $message"
done

# With apt-get: lists are renewed first, then just what is missing is installed, without questions. (This apt-get only
# takes notes, so that the script ends with what is still missing.)
cat >"$work/bin/apt-get" <<TEXT
#!$work/bin/bash
echo "\${DEBIAN_FRONTEND:-} \$*" >>"$work/apt.log"
TEXT
cat >"$work/bin/sudo" <<TEXT
#!$work/bin/bash
echo sudo >>"$work/apt.log"
exec "\$@"
TEXT
chmod +x "$work/bin/apt-get" "$work/bin/sudo"
! bare bash "$source/tests/run.sh" >"$work/out" 2>&1 </dev/null || fail "a useless apt-get went unnoticed"
grep -q "still not there after installing g++" "$work/out" || fail "what is still missing is named: $(cat "$work/out")"
grep -q "noninteractive.* update" "$work/apt.log" || fail "the lists are renewed: $(cat "$work/apt.log")"
grep -qE "noninteractive .*-y.* install g\+\+ cmake ninja-build" "$work/apt.log" || fail "the packages: $(cat "$work/apt.log")"
if [ "$(id -u)" = 0 ]; then
  ! grep -q sudo "$work/apt.log" || fail "root does not need sudo"
else
  grep -q sudo "$work/apt.log" || fail "a user needs sudo"
fi

message=$(refused "$source/examples/run.sh" no-such-example)
[[ $message == *"no example is called 'no-such-example'"*mnist* ]] || fail "an unknown example: $message"
"$source/examples/run.sh" | grep -q mnist || fail "examples/run.sh alone lists the examples"
"$source/tests/run.sh" --help | grep -q -- --sanitize || fail "tests/run.sh --help"
echo "the scripts say what they need"
