#!/usr/bin/env bash
# Builds and runs eigan's studies; installs what that needs and is missing.
set -euo pipefail
source_directory=$(cd "$(dirname "$0")/../.." && pwd)
. "$source_directory/.ci/dependencies.sh"

usage() {
  cat <<'TEXT'
usage: benchmarks/studies/run.sh mixtures [options]

Trains recipes on the ring of 8 and the grid of 25 Gaussians (GDPP's protocol, 25,000 steps) and prints a table of the
modes they hold. What is there already is not run again, and a run that was stopped goes on: several hours in all.

  --only REGEX     runs of matching names alone, such as '^ring-r3gan-even-'
  --jobs N         runs at a time, each on one thread (default: the processors there are)
  --out DIR        where results go (default: build/studies)
  --no-install     only name what is missing on this machine, do not install it
TEXT
}

study= only=. jobs=$(nproc) out=$source_directory/build/studies
while [ $# -gt 0 ]; do
  case $1 in
    mixtures) study=$1 ;;
    --only) only=${2:?--only needs a value}; shift ;;
    --jobs) jobs=${2:?--jobs needs a value}; shift ;;
    --out) out=${2:?--out needs a value}; shift ;;
    --no-install) allow_install=no ;;
    --help | -h) usage; exit 0 ;;
    *) fail "studies/run.sh does not know '$1'; see --help" ;;
  esac
  shift
done
[ -n "$study" ] || { usage; exit 1; }

# One line for each run: data, recipe, rates, seed.
runs() {
  local data recipe seed
  for data in ring grid; do
    for seed in 0 1 2 3 4 5 6 7 8 9; do echo "$data r3gan even $seed"; done
    for recipe in gan wgan_gp pacgan unrolled; do
      for seed in 0 1 2 3 4; do
        echo "$data $recipe protocol $seed"
        echo "$data $recipe even $seed"
      done
    done
  done
}

require "${library_dependencies[@]}" benchmark cli11
build_directory=$source_directory/build/benchmarks
configure "$build_directory" -DEIGAN_BUILD_TESTS=OFF -DEIGAN_BUILD_EXAMPLES=ON -DEIGAN_BUILD_BENCHMARKS=ON
build "$build_directory" study_mixtures
mkdir -p "$out"
runs | while read -r data recipe rates seed; do
  name=$data-$recipe-$rates-$seed
  [[ ! $name =~ $only ]] || [ -e "$out/$name.json" ] || echo "$data $recipe $rates $seed"
done | xargs -r -P "$jobs" -L 1 bash -c '
  "$0" --out "$1" --data "$2" --recipe "$3" --rates "$4" --seed "$5"' \
  "$build_directory/benchmarks/studies/study_mixtures" "$out"
python3 "$source_directory/benchmarks/studies/table.py" "$out"
