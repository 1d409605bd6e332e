# Toolchain: 64-bit ARM with NEON, cross-compiled with Debian's g++-aarch64-linux-gnu and run by qemu-user. Headers come
# from this machine. The tests that run so need no zlib, which would have to be there for ARM, so none is linked.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
set(CMAKE_PROJECT_eigan_INCLUDE ${CMAKE_CURRENT_LIST_DIR}/without-zlib.cmake)
