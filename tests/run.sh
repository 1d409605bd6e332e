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
  --aarch64      build for 64-bit ARM (NEON) and run by qemu the tests of core, kernels, autograd
                 and ops; the others need zlib, files or compilers of that machine
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
targets=(all)
for argument in "$@"; do
  case $argument in
    --sanitize) variant+=-sanitize; options+=(-DEIGAN_SANITIZE=ON) ;;
    --no-openmp) variant+=-no-openmp; options+=(-DEIGAN_OPENMP=OFF) ;;
    --clang) variant+=-clang; dependencies+=(clang clang-openmp); options+=(-DCMAKE_CXX_COMPILER=clang++) ;;
    --aarch64)
      variant+=-aarch64
      dependencies+=(aarch64-compiler aarch64-emulator)
      options+=(-DCMAKE_TOOLCHAIN_FILE="$source_directory/.cmake/aarch64-linux-gnu.cmake" -DEIGAN_NATIVE=OFF
                -DEIGAN_BUILD_EXAMPLES=OFF)
      targets=(test_core test_kernels test_autograd test_ops)
      ctest_options+=(--tests-regex '^(core|kernels|autograd|ops)$')
      ;;
    --werror) options+=(-DEIGAN_WERROR=ON) ;;
    --no-install) allow_install=no ;;
    --help | -h) usage; exit 0 ;;
    *) ctest_options+=("$argument") ;;
  esac
done
# What looks at the project as a whole is the same in every variant, so the plain one alone runs it.
[ "$variant" = tests ] || ctest_options+=(--label-exclude project)

require "${dependencies[@]}"
[[ $variant != *-aarch64* ]] || have_header catch2/catch.hpp ||
  fail "--aarch64 needs Catch2 2, a header; Catch2 3 is a library, and the one here is not for ARM"
build_directory=$source_directory/build/$variant
configure "$build_directory" "${options[@]}"
build "$build_directory" "${targets[@]}"
cd "$build_directory"
exec ctest --output-on-failure --parallel 2 ${ctest_options[@]+"${ctest_options[@]}"}
