# What eigan's scripts need on the machine, how it is recognised, and how it is installed. To be sourced by bash.
#
#   require compiler cmake eigen ...    looks for each, names what is missing and installs it with apt-get (through sudo
#                                       where the user is not root). With allow_install=no it only names it and fails.

allow_install=${allow_install:-yes}

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "${0##*/}: $*"
  exit 1
}

# Is one of these headers in a directory that compilers or CMake look into?
have_header() {
  local prefix header
  local -a prefixes=(/usr /usr/local /opt/homebrew /opt/local)
  [ -z "${CONDA_PREFIX:-}" ] || prefixes+=("$CONDA_PREFIX")
  [ -z "${CMAKE_PREFIX_PATH:-}" ] || IFS=:\; read -r -a prefixes <<<"$(IFS=:; echo "${prefixes[*]}"):$CMAKE_PREFIX_PATH"
  for prefix in "${prefixes[@]}"; do
    for header in "$@"; do
      [ ! -e "$prefix/include/$header" ] || return 0
    done
  done
  return 1
}

# Where the compiler's linker finds this shared library. (The compiler prints the path, or the name if there is none.)
library_path() {
  local found
  local -a compiler
  read -r -a compiler <<<"${CXX:-g++}"
  found=$("${compiler[@]}" -print-file-name="$1" 2>/dev/null) || return 1
  [ "$found" != "$1" ] && echo "$found"
}

have_library() { library_path "$1" >/dev/null; }

# Does this shared library take its threads from OpenMP?
uses_openmp() {
  local path
  path=$(library_path "$1") && [[ $(ldd "$path") =~ lib(g|i)?omp ]]
}

have_command() { command -v "$1" >/dev/null 2>&1; }

# Is the dependency of this name there?
have() {
  case $1 in
    compiler) if [ -n "${CXX:-}" ]; then have_command "${CXX%% *}"; else have_command g++ || have_command c++; fi ;;
    clang) have_command clang++ ;;
    clang-openmp) have clang && clang++ -fopenmp -include omp.h -x c++ -fsyntax-only /dev/null 2>/dev/null ;;
    cmake) have_command cmake ;;
    generator) have_command ninja || have_command make ;;
    eigen) have_header eigen3/Eigen/Core Eigen/Core ;;
    stb) have_header stb/stb_image.h stb_image.h ;;
    json) have_header nlohmann/json.hpp ;;
    zlib) have_header zlib.h ;;
    cli11) have_header CLI/CLI.hpp ;;
    catch2) have_header catch2/catch_all.hpp catch2/catch.hpp ;;
    benchmark) have_header benchmark/benchmark.h ;;
    aarch64-compiler) have_command aarch64-linux-gnu-g++ ;;
    aarch64-emulator) have_command qemu-aarch64 ;;
    python) have_command python3 ;;
    # Threads of OpenBLAS's own spin beside OpenMP's, and PyTorch, which has both, took 1.7 to 2.8 times as long.
    openblas-with-openmp) uses_openmp libopenblas.so.0 && uses_openmp libblas.so.3 ;;
    blis) have_library libblis.so.4 ;;
    onednn) have_header dnnl.hpp ;;
    libxsmm) have_header libxsmm.h ;;
    dlib) have_header dlib/dnn.h ;;
    torch) /usr/bin/python3 -c 'import torch' 2>/dev/null ;;
    *) fail "no dependency is called '$1'" ;;
  esac
}

# The Debian and Ubuntu package of the dependency of this name.
package_of() {
  case $1 in
    compiler) echo g++ ;;
    clang) echo clang ;;
    clang-openmp) echo libomp-dev ;;
    cmake) echo cmake ;;
    generator) echo ninja-build ;;
    eigen) echo libeigen3-dev ;;
    stb) echo libstb-dev ;;
    json) echo nlohmann-json3-dev ;;
    zlib) echo zlib1g-dev ;;
    cli11) echo libcli11-dev ;;
    catch2) echo catch2 ;;
    benchmark) echo libbenchmark-dev ;;
    aarch64-compiler) echo g++-aarch64-linux-gnu ;;
    aarch64-emulator) echo qemu-user ;;
    python) echo python3 ;;
    openblas-with-openmp) echo libopenblas0-openmp ;;
    blis) echo libblis4-openmp ;;
    onednn) echo libdnnl-dev ;;
    libxsmm) echo libxsmm-dev ;;
    dlib) echo libdlib-dev ;;
    torch) echo python3-torch ;;
  esac
}

# What else to do where the package of this name is there, and the dependency is not.
advice_on() {
  [ "$1" != openblas-with-openmp ] ||
    echo "; another BLAS stands before it: remove libopenblas0-pthread, or choose by update-alternatives --all"
}

install_packages() {
  local -a as_root=(env DEBIAN_FRONTEND=noninteractive)
  if [ "$(id -u)" != 0 ]; then
    have_command sudo || fail "installing needs root, and there is no sudo: run 'apt-get install $*' as root"
    as_root=(sudo "${as_root[@]}")
  fi
  # A container image comes without package lists. Lists of another origin that cannot be renewed are no reason to stop.
  local log
  log=$(mktemp)
  "${as_root[@]}" apt-get -qq update </dev/null >"$log" 2>&1 || true
  if ! "${as_root[@]}" apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@" </dev/null >>"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

require() {
  local name
  local -a missing=() packages=()
  for name in "$@"; do
    have "$name" || { missing+=("$name"); packages+=("$(package_of "$name")"); }
  done
  if [ ${#missing[@]} -gt 0 ]; then
    say "missing: ${missing[*]} (packages: ${packages[*]})"
    [ "$allow_install" = yes ] || fail "not installing anything, as --no-install asks"
    have_command apt-get || fail "there is no apt-get here: please install the above, then start again"
    say "installing: ${packages[*]}"
    install_packages "${packages[@]}" || fail "apt-get could not install: ${packages[*]}"
    for name in "${missing[@]}"; do
      have "$name" || fail "'$name' is still not there after installing $(package_of "$name")$(advice_on "$name")"
    done
  fi
}

# configure BUILD_DIRECTORY [CMake options]: once for each set of options; CMake itself sees to changed CMakeLists.txt.
configure() {
  local build=$1 stamp options
  shift
  stamp=$build/configured-with
  options="$source_directory ${CXX:-} ${CXXFLAGS:-} $*"
  [ -f "$build/CMakeCache.txt" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$options" ] && return
  local -a generator=()
  [ -f "$build/CMakeCache.txt" ] || [ -n "${CMAKE_GENERATOR:-}" ] || ! have_command ninja || generator=(-G Ninja)
  mkdir -p "$build"
  if ! cmake -S "$source_directory" -B "$build" ${generator[@]+"${generator[@]}"} "$@" >"$build/configure.log" 2>&1; then
    cat "$build/configure.log" >&2
    fail "CMake could not configure $build"
  fi
  printf '%s\n' "$options" >"$stamp"
}

# build BUILD_DIRECTORY TARGET...: silent when there is nothing to do.
build() {
  local build=$1 status
  shift
  cmake --build "$build" --parallel "$(jobs_at_once)" --target "$@" 2>&1 |
    { grep --line-buffered -vE '^ninja: (no work to do|Entering directory)|Re-checking globbed directories|Built target|Consolidate compiler' || true; } >&2
  status=${PIPESTATUS[0]}
  [ "$status" = 0 ] || fail "building $* in $build failed"
}

# As many compilers at a time as there are processors, and 1 GiB of memory for each.
jobs_at_once() {
  local processors memory
  processors=$(nproc 2>/dev/null || echo 2)
  memory=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || true)
  [ -z "$memory" ] || [ "$memory" -ge "$processors" ] || processors=$((memory > 1 ? memory : 1))
  echo "$processors"
}

library_dependencies=(compiler cmake generator eigen stb json zlib)
