// The user's own implementation of stb, with external linkage, in a unit that uses eigan too.
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

#include <eigan/eigan.hpp>

void save_with_eigan(const char* path) {
  eigan::io::save_image_grid(path, eigan::Tensor<float>::full(eigan::Shape{1, 5, 7, 1}, 1.0F));
}
