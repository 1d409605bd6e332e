#!/usr/bin/env bash
# Builds eigan's tests and examples and runs every test through ctest; installs what that
# needs and is missing.
set -euo pipefail
source_directory=$(cd "$(dirname "$0")/.." && pwd)
. "$source_directory/.ci/dependencies.sh"

usage() {
  cat <<'TEXT'
usage: tests/run.sh [options] [ctest options]

  --sanitize     build with AddressSanitizer and UndefinedBehaviorSanitizer
  --no-openmp    build without OpenMP
  --clang        build with clang++
  --werror       treat warnings as errors
  --no-install   only name what is missing on this machine, do not install it
  --help         this text

Each combination has a build directory of its own under build/. All else goes to ctest: tests/run.sh -R kernels
TEXT
}

variant=tests
dependencies=("${library_dependencies[@]}" cli11 catch2)
options=(-DEIGAN_BUILD_TESTS=ON -DEIGAN_BUILD_EXAMPLES=ON -DEIGAN_BUILD_BENCHMARKS=OFF)
ctest_options=()
for argument in "$@"; do
  case $argument in
    --sanitize) variant+=-sanitize; options+=(-DEIGAN_SANITIZE=ON) ;;
    --no-openmp) variant+=-no-openmp; options+=(-DEIGAN_OPENMP=OFF) ;;
    --clang) variant+=-clang; dependencies+=(clang clang-openmp); options+=(-DCMAKE_CXX_COMPILER=clang++) ;;
    --werror) options+=(-DEIGAN_WERROR=ON) ;;
    --no-install) allow_install=no ;;
    --help | -h) usage; exit 0 ;;
    *) ctest_options+=("$argument") ;;
  esac
done
# What looks at the project as a whole is the same in every variant, so the plain one alone runs it.
[ "$variant" = tests ] || ctest_options+=(--label-exclude project)

require "${dependencies[@]}"
build_directory=$source_directory/build/$variant
configure "$build_directory" "${options[@]}"
build "$build_directory" all
cd "$build_directory"
exec ctest --output-on-failure --parallel 2 ${ctest_options[@]+"${ctest_options[@]}"}
