#!/usr/bin/env bash
# Uses eigan as its users do, in real little projects, and runs what they build.
#
# usage: run.sh CASE SOURCE_DIRECTORY WORK_DIRECTORY CXX CMAKE; exits 77 (skipped) where this machine lacks something.
set -euo pipefail
case=$1 source=$2 work=$3 cxx=$4 cmake=$5
here=$source/tests/consumers
rm -rf "$work"
mkdir -p "$work"
cd "$work"

fail() { echo "FAILED: $*"; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
quietly() { "$@" >log 2>&1 || { cat log; fail "$*"; }; }

# The dependencies' directories, for those who compile by hand; zlib is the one library to link.
system_includes=(-isystem /usr/include/eigen3)
compile() { echo "${cxx##*/} $*"; "$cxx" -std=c++20 "$@" -I "$source/include" "${system_includes[@]}"; }

# cmake_project DIRECTORY [options]: configures, builds and runs app as a user would, who chose no flags at all.
cmake_project() {
  local project=$1
  shift
  quietly "$cmake" -S "$here/$project" -B build -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@"
  quietly "$cmake" --build build
  ! grep -nE ' -(O[0-9a-z]*|march|mtune|W[a-z]|g[0-9]?)[ =]' build/compile_commands.json || fail "flags forced on the user"
  grep -q -- '-std=\(c\|gnu\)++20' build/compile_commands.json || fail "C++20 is not required of the user's target"
  ! grep '"file"' build/compile_commands.json | grep -vE 'consumers/app.cpp|/compiled/(float|double).cpp' | grep -q . ||
    fail "a user's project builds eigan's own tests, examples or benchmarks"
  ./build/app
}

# Asked of the compiler, which asks the processor: a chroot may be without /proc/cpuinfo.
needs_avx2() {
  local macros
  macros=$("$cxx" -march=native -dM -E -x c++ /dev/null 2>/dev/null || true)
  [[ $macros == *"__AVX2__ 1"* && $macros == *"__FMA__ 1"* ]] || skip "no AVX2 and FMA here"
}

# No function that the linker may merge between the two units belongs to eigan or to Eigen.
share_no_code() {
  local shared unit
  for unit in "$@"; do
    nm -C --defined-only "$unit" | awk '$2 ~ /[WVu]/' | cut -d ' ' -f 3- | sort -u >"$unit.merged"
  done
  shared=$(comm -12 "$1.merged" "$2.merged" | grep -E '(^| )(eigan|Eigen)::' || true)
  [ -z "$shared" ] || { head -20 <<<"$shared"; fail "$(wc -l <<<"$shared") symbols of eigan or Eigen are in both units"; }
}

# Installs eigan, without building anything of it, and moves it to DIRECTORY, as an installed eigan can be.
install_to() {
  quietly "$cmake" -S "$source" -B eigan-build -DCMAKE_CXX_COMPILER="$cxx" -DEIGAN_BUILD_TESTS=OFF \
    -DEIGAN_BUILD_EXAMPLES=OFF -DEIGAN_BUILD_BENCHMARKS=OFF
  quietly "$cmake" --install eigan-build --prefix "$work/first place"
  mv "first place" "$1"
}

case $case in
  add_subdirectory | fetch_content)
    cmake_project "$case" -DEIGAN_SOURCE_DIRECTORY="$source"
    ! "$cmake" --install build --prefix installed >/dev/null 2>&1 || [ ! -e installed/include/eigan ] ||
      fail "a user's install rule installs eigan too"
    ;;

  find_package)
    install_to prefix
    (cd "$source/include" && find . -name '*.hpp' -o -name '*.inl' | sort) >in_source
    (cd prefix/include && find . -type f | sort) >installed
    diff in_source installed || fail "the installed headers are not those of the source"
    ! grep -rn "$source\|$work" prefix/share || fail "the installed package names directories of the machine that built it"
    cmake_project find_package -DCMAKE_PREFIX_PATH="$work/prefix"
    ;;

  compiled)
    # What the library holds, the program's own object leaves out: no kernel, no layer's forward, no file format; and the
    # program ends in the bits of the header-only one.
    install_to prefix
    quietly "$cmake" -S "$here/compiled" -B build -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS=-O1 -DCMAKE_PREFIX_PATH="$work/prefix"
    quietly "$cmake" --build build --parallel 2
    for program in compiled header_only; do
      nm -C "$(find build -path "*/$program.dir/*.o")" | sed -E 's/::v0_[a-z0-9_]+//g' >$program.symbols
      ./build/$program $program.safetensors
    done
    for symbol in 'eigan::kernels::.*matmul' 'AnyLayer<float>::Model<eigan::nn::Conv2d<float> >::forward' \
      'AdversarialTrainer<.*>::save' 'nlohmann::.*parse'; do
      grep -qE " [TtWw] .*$symbol" header_only.symbols || fail "even the header-only object has no $symbol"
      ! grep -E " [TtWw] .*$symbol" compiled.symbols || fail "the object holds what eigan::compiled should"
    done
    for symbol in 'AdversarialTrainer<.*>::train<' 'vtable for eigan::nn::AnyLayer<float>::Model<eigan::nn::Conv2d<'; do
      grep -qE " U .*$symbol" compiled.symbols || fail "the object does not ask the library for $symbol"
    done
    cmp compiled.safetensors header_only.safetensors
    # Units that were compiled otherwise than the library ask for other names.
    ! "$cmake" --build build --target other_flags >log 2>&1 || fail "links a library that was compiled with other flags"
    grep -qE 'undefined (reference|symbol).*eigan' log || { cat log; fail "expected an error of the linker"; }
    ;;

  bare_line)
    # The README's own line, with its own names.
    line=$(grep -m 1 -E '^ *(\$ )?g\+\+ .*-std=c\+\+20' "$source/README.md" | sed -E 's/^ *(\$ )?//') || fail "README.md gives no g++ line"
    program=$(grep -oE '[A-Za-z0-9_]+\.cpp' <<<"$line" | head -1)
    include=$(grep -oE -- '-I ?[^ ]+' <<<"$line" | head -1 | sed -E 's/^-I ?//')
    output=$(grep -oE -- '-o ?[^ ]+' <<<"$line" | sed -E 's/^-o ?//' || true)
    [ -n "$program" ] && [ -n "$include" ] || fail "cannot read the README's line: $line"
    mkdir -p "$(dirname "$include")"
    ln -s "$source/include" "$include"
    cp "$here/app.cpp" "$program"
    echo "$line"
    bash -ec "$line"
    "./${output:-a.out}"
    ;;

  instruction_sets)
    # One unit for any processor, one for AVX2: Eigen aligns and adds differently in the two.
    needs_avx2
    compile -O2 -DUNIT=plain -c "$here/two_units/unit.cpp" -o plain.o
    compile -O2 -mavx2 -mfma -DUNIT=other -c "$here/two_units/unit.cpp" -o other.o
    compile -O2 -c "$here/two_units/main.cpp" -o main.o
    share_no_code plain.o other.o
    # A linker takes the first of two equal symbols: try either order.
    "$cxx" main.o plain.o other.o -lz -pthread -o plain_first && ./plain_first
    "$cxx" main.o other.o plain.o -lz -pthread -o other_first && ./other_first
    ;;

  fast_math)
    # A unit under -ffast-math sees a diverging run all the same, and leaves the numbers of its neighbour alone.
    compile -O2 -DUNIT=plain -c "$here/two_units/unit.cpp" -o plain.o
    compile -O2 -ffast-math -DUNIT=other -c "$here/two_units/unit.cpp" -o other.o
    compile -O2 -c "$here/two_units/main.cpp" -o main.o
    share_no_code plain.o other.o
    "$cxx" main.o plain.o other.o -lz -pthread -o app && ./app
    "$cxx" -ffast-math main.o other.o plain.o -lz -pthread -o fast && ./fast
    ;;

  own_parts)
    compile -O1 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror "$here/own_parts/main.cpp" -lz -pthread -o app
    ./app
    ;;

  own_stb)
    compile -O1 -c "$here/own_stb/stb.cpp" -o stb.o
    compile -O1 -c "$here/own_stb/main.cpp" -o main.o
    "$cxx" main.o stb.o -lz -pthread -o app
    ./app
    ;;

  openmp_off)
    # The same bits with OpenMP and without, on one thread and on three.
    compile -O2 "$here/two_units/bits.cpp" -lz -pthread -o serial
    compile -O2 -fopenmp "$here/two_units/bits.cpp" -lz -pthread -o parallel || skip "this compiler has no OpenMP"
    ./serial serial.safetensors
    OMP_NUM_THREADS=1 ./parallel one.safetensors
    OMP_NUM_THREADS=3 ./parallel three.safetensors
    cmp serial.safetensors one.safetensors
    cmp serial.safetensors three.safetensors
    ;;

  design_program_*)
    compile -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fsyntax-only "$here/design_program.cpp"
    ;;

  *) fail "no such case: $case" ;;
esac
