#!/usr/bin/env bash
# Builds and runs eigan's benchmarks; installs what that needs and is missing.
set -euo pipefail
source_directory=$(cd "$(dirname "$0")/.." && pwd)
. "$source_directory/.ci/dependencies.sh"

usage() {
  cat <<'TEXT'
usage: benchmarks/run.sh [options]

Measures eigan's kernels, passes, layers, training steps, sampling, memory and compile time, and prints tables. Let the
machine be idle: a full run takes about half an hour, and some hours with --peers.

  --peers            also against PyTorch, dlib, OpenBLAS, BLIS, oneDNN, libxsmm and Eigen, in turns with each
  --busy-neighbour   instead: how a training step's rate holds up beside one other busy process; 40 minutes
  --plain-build      instead: a build with -O2 and without -march against the native one
  --quick            few repetitions: for a look, not for a claim
  --filter REGEX     only what has a matching name, such as '^peers/steps/dcgan_mnist/64/2 threads/PyTorch best'
  --out DIR          where results.json goes (default: build/results); what is there of other names is kept, if it was
                     measured at the same commit. benchmarks/report.py makes a page and a picture of it
  --processes N      fresh processes for each measurement (default: 3, quick: 1)
  --pairs N          repetitions in each process (default: 20, quick: 6)
  --build-only       build, and measure nothing
  --no-install       only name what is missing on this machine, do not install it
  --help             this text

Another PyTorch than Debian's: TORCH_PYTHON=/path/to/python benchmarks/run.sh --peers
TEXT
}

# What was asked for, as the report repeats it: without where the results went.
command=benchmarks/run.sh
previous=
for argument in "$@"; do
  last=$previous previous=$argument
  [ "$argument" != --out ] && [ "$last" != --out ] || continue
  [[ $argument =~ ^[A-Za-z0-9_./=-]+$ ]] || argument="'$argument'"
  command+=" $argument"
done
dependencies=("${library_dependencies[@]}" python benchmark cli11)
peers=(openblas-with-openmp blis onednn libxsmm dlib)
options=(-DEIGAN_BUILD_TESTS=OFF -DEIGAN_BUILD_EXAMPLES=ON -DEIGAN_BUILD_BENCHMARKS=ON)
measure=()
out=$source_directory/build/results
build_only=no
with_peers=no
sections=()

value_of() { [ $# -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value; see --help"; }
number_of() {
  value_of "$@"
  [[ $2 =~ ^[1-9][0-9]*$ ]] || fail "$1 needs a number of 1 or more, got '$2'"
}
while [ $# -gt 0 ]; do
  case $1 in
    --peers) with_peers=yes ;;
    --busy-neighbour | --plain-build) sections+=("${1#--}") ;;
    --quick) measure+=(--quick) ;;
    --filter) value_of "$@"; measure+=("--filter=$2"); shift ;;
    --out) value_of "$@"; out=$2; shift ;;
    --processes | --pairs) number_of "$@"; measure+=("$1" "$2"); shift ;;
    --build-only) build_only=yes ;;
    --no-install) allow_install=no ;;
    --help | -h) usage; exit 0 ;;
    *) fail "no option is called '$1'; see --help" ;;
  esac
  shift
done

if [ $with_peers = yes ]; then
  dependencies+=("${peers[@]}")
  if [ -n "${TORCH_PYTHON:-}" ]; then
    "$TORCH_PYTHON" -c 'import torch' 2>/dev/null || fail "TORCH_PYTHON: $TORCH_PYTHON has no torch"
    measure+=(--torch-python "$TORCH_PYTHON")
  else
    dependencies+=(torch)
  fi
  options+=(-DEIGAN_BENCHMARK_PEERS=ON)
fi
[ ${#sections[@]} -gt 0 ] || sections=(own)
[ $with_peers = no ] || sections+=(peers)
require "${dependencies[@]}"

build_directory=$source_directory/build/benchmarks
# Once configured for the peers, a build stays so: eigan's own programs are the same.
[ ! -d "$build_directory/benchmarks/peers" ] || [ $with_peers = yes ] || options+=(-DEIGAN_BENCHMARK_PEERS=ON)
configure "$build_directory" "${options[@]}"
build "$build_directory" benchmark_suite mnist
if [[ " ${sections[*]} " == *" plain-build "* ]]; then
  plain_directory=$source_directory/build/benchmarks-plain
  configure "$plain_directory" -DEIGAN_BUILD_TESTS=OFF -DEIGAN_BUILD_EXAMPLES=OFF -DEIGAN_NATIVE=OFF \
    '-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG'
  build "$plain_directory" bench_step_server
  measure+=(--plain-build "$plain_directory")
fi
[ $build_only = no ] || exit 0
exec python3 "$source_directory/benchmarks/measure.py" --build "$build_directory" --out "$out" --command "$command" \
  ${measure[@]+"${measure[@]}"} --sections "${sections[@]}"
