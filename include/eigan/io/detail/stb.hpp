#pragma once

// eigan's own copy of stb: all of it static, in a namespace, with no macro seen before or left after, so that a user's
// stb (an implementation, other formats, another version) may stand in the same unit before or after this. What is
// included from here on counts as a system header: stb does not compile without warnings.
#pragma GCC system_header

// All that stb includes, beforehand and outside of the namespace.
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdexcept>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#if defined(__ARM_NEON)
#include <arm_neon.h>
#endif

#include "../../core/config.hpp"
#include "stb_hide_macros.inl"

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_NO_STDIO
#define STBI_WRITE_NO_STDIO
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_ONLY_PNM
#define STBI_NO_LINEAR
#define STBI_NO_HDR
#define STBI_FAILURE_USERMSG
#define STBI_MAX_DIMENSIONS 16384
// A file must not be able to end the program.
#define STBI_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw ::std::runtime_error("stb_image: assertion failed: " #condition))
#define STBIW_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw ::std::runtime_error("stb_image_write: assertion failed: " #condition))

#include "stb_rename.inl"
namespace eigan::inline EIGAN_ABI::io::detail::stb {

// What stb calls by its bare name must not end at eigan's operations of the same names.
using ::abs;
using ::exp;
using ::fabs;
using ::pow;

#if __has_include(<stb/stb_image.h>)
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>
#else
#include <stb_image.h>
#include <stb_image_write.h>
#endif

// What eigan calls. Static as well: stb keeps its reason of failure per unit, so all calls have to reach one unit's
// copy.

using Callbacks = stbi_io_callbacks;

static unsigned char* load(const Callbacks& callbacks, void* user, int& width, int& height, int& in_file,
                           int channels) {
  return stbi_load_from_callbacks(&callbacks, user, &width, &height, &in_file, channels);
}
static bool info(const void* bytes, int size, int& width, int& height, int& channels) {
  return stbi_info_from_memory(static_cast<const unsigned char*>(bytes), size, &width, &height, &channels) != 0;
}
static bool is_16_bit(const void* bytes, int size) {
  return stbi_is_16_bit_from_memory(static_cast<const unsigned char*>(bytes), size) != 0;
}
static const char* failure_reason() { return stbi_failure_reason() ? stbi_failure_reason() : "no reason given"; }
static unsigned char* write_png(const unsigned char* pixels, int width, int height, int channels, int& size) {
  return stbi_write_png_to_mem(pixels, width * channels, width, height, channels, &size);
}
static void release(unsigned char* memory) { free(memory); }

}  // namespace eigan::inline EIGAN_ABI::io::detail::stb
#include "stb_rename_end.inl"
#include "stb_restore_macros.inl"
