// clang-format off: the order of inclusion is what is tested
#define FAST_BITS 7  // a name that stb uses within
#include <eigan/io/image.hpp>
#if FAST_BITS != 7
#error eigan took a macro away
#endif
#undef FAST_BITS
#if defined(STBI_VERSION) || defined(STBIDEF) || defined(STBI_INCLUDE_STB_IMAGE_H) || defined(stbi_load) || \
    defined(STBIW_UCHAR)
#error eigan leaves macros of stb behind
#endif
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#if __has_include(<stb/stb_image.h>)
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>
#else
#include <stb_image.h>
#include <stb_image_write.h>
#endif
#include <eigan/io/image_grid.hpp>
// clang-format on

#include "own_stb.hpp"

std::string own_stb::jpeg_of(const unsigned char* pixels, int width, int height, int channels) {
  std::string jpeg;
  const auto append = [](void* to, void* data, int size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  stbi_write_jpg_to_func(append, &jpeg, width, height, channels, pixels, 95);
  return jpeg;
}

std::string own_stb::size_of(const unsigned char* image, int bytes) {
  int width = 0, height = 0, channels = 0;
  unsigned char* const pixels = stbi_load_from_memory(image, bytes, &width, &height, &channels, 0);
  if (!pixels) return "not read";
  stbi_image_free(pixels);
  return std::to_string(width) + " x " + std::to_string(height) + " x " + std::to_string(channels);
}
