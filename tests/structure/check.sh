#!/usr/bin/env bash
# Holds the source tree to its plan: which room of include/eigan/ may include which, no cycle between headers, OpenMP
# in core/ alone, small headers, and nothing at the top level that does not belong there.
#
# usage: check.sh SOURCE_DIRECTORY
set -euo pipefail
cd "$1"
faults=0
fault() {
  echo "$*"
  faults=$((faults + 1))
}

# Each room, then all the rooms it may include, down to the ground.
rooms='
core
kernels   core
autograd  core kernels
io        core
ops       core kernels autograd
data      core kernels io
optim     core kernels autograd ops
metrics   core kernels
nn        core kernels autograd ops io
loss      core kernels autograd ops
augment   core kernels autograd ops
models    core kernels autograd ops io nn
train     core kernels autograd io ops data optim metrics nn loss augment
recipes   core loss nn optim train
compiled
'

# "from to" for every include of an eigan header, both as paths below include/eigan/. As compilers do, a quoted name is
# looked for beside the file that includes it, then in include/.
includes() {
  local file name base target
  grep -rnoE --include='*.hpp' --include='*.inl' '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<][^">]+[">]' include/eigan |
    sed -E 's/^([^:]+):[0-9]+:[^"<]*(["<])([^">]+)[">]$/\1 \2 \3/' |
    while read -r file kind name; do
      base=$(dirname "$file")
      if [ "$kind" = '"' ] && [ -e "$base/$name" ]; then
        target=$base/$name
      elif [ -e "include/$name" ]; then
        target=include/$name
      elif [ "$kind" = '"' ]; then
        echo "$file missing:$name"
        continue
      else
        continue
      fi
      echo "$file $target"
    done | sed -E -e ':again' -e 's#[^/ ]+/\.\./##; t again' -e 's#include/eigan/##g'
}

[ -d include/eigan ] || { echo "no include/eigan in $PWD"; exit 1; }
graph=$(includes | sort -u)
[ -n "$graph" ] || fault "no header includes another: is this check reading the right files?"

while read -r from to; do
  [ -n "$to" ] || continue
  case $to in missing:*) fault "$from includes \"${to#missing:}\", which does not exist"; continue ;; esac
  case $from in */*) room=${from%%/*} ;; *) continue ;; esac  # the umbrella headers may include everything
  case $to in */*) other=${to%%/*} ;; *) fault "$from includes $to, the umbrella above it"; continue ;; esac
  [ "$room" != "$other" ] || continue
  if ! allowed=$(grep -E "^$room( |\$)" <<<"$rooms"); then
    fault "$from lies in the room '$room', which the plan does not know"
  elif [[ " $allowed " != *" $other "* ]]; then
    fault "$from includes $to, but $room may include only:${allowed#"$room"}"
  fi
done <<<"$graph"

# autograd needs one kernel, the sum of gradients, and knows of no other.
kernels=$(awk '$1 ~ /^autograd\// && $2 ~ /^kernels\// { print $2 }' <<<"$graph" | sort -u)
[ "$(grep -c . <<<"$kernels")" -le 1 ] || fault "autograd includes more than one kernel:" $kernels

cycle=$(grep -v missing: <<<"$graph" | tsort 2>&1 >/dev/null | sed 's/^tsort: *//' || true)
[ -z "$cycle" ] || fault "headers include each other in a circle:" $cycle

openmp=$(grep -rnE '^[[:space:]]*#[[:space:]]*(pragma[[:space:]]+omp|include[[:space:]]*<omp\.h>)|_Pragma\("omp|[^a-z_]omp_[a-z_]+ *\(' include/eigan |
         grep -v '^include/eigan/core/' || true)
while read -r line; do
  [ -z "$line" ] || fault "OpenMP outside core/: $line"
done <<<"$openmp"

sizes=$(find include/eigan \( -name '*.hpp' -o -name '*.inl' \) -exec wc -l {} \;)
while read -r lines file; do
  [ "$lines" -le 400 ] || fault "$file has $lines lines; over 400 it holds two ideas"
done <<<"$sizes"

for header in $(find include/eigan -name '*.hpp'); do
  grep -q '^#pragma once' "$header" || fault "$header lacks #pragma once"
done

for entry in *; do
  case $entry in
    include | tests | examples | benchmarks | CMakeLists.txt | README.md | LICENSE) ;;
    # Files that git ignores (a build tree, downloads, a run's pictures) are the user's own.
    *) git check-ignore -q "$entry" 2>/dev/null || [ ! -d .git ] || fault "'$entry' does not belong at the top level" ;;
  esac
done

[ "$faults" = 0 ] || { echo "$faults faults"; exit 1; }
echo "the source tree is as planned: $(grep -c . <<<"$graph") includes, $(find include/eigan -name '*.hpp' | wc -l) headers"
