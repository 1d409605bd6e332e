// eigan first, then the user's stb declarations: each finds its own functions.
// clang-format off
#include <eigan/eigan.hpp>

#include <cstdio>

#include <stb/stb_image.h>
#include <stb/stb_image_write.h>
// clang-format on

#if defined(STB_IMAGE_IMPLEMENTATION) || defined(STB_IMAGE_WRITE_IMPLEMENTATION) || defined(STB_IMAGE_STATIC)
#error "eigan leaves the macros of stb behind"
#endif

void save_with_eigan(const char* path);

int main() {
  save_with_eigan("eigan.png");
  int width = 0, height = 0, channels = 0;
  unsigned char* pixels = stbi_load("eigan.png", &width, &height, &channels, 0);
  if (pixels == nullptr) return std::puts("the user's stb cannot read what eigan wrote"), 1;
  if (stbi_write_png("user.png", width, height, channels, pixels, width * channels) == 0) return 1;
  stbi_image_free(pixels);
  const auto image = eigan::io::load_image("user.png");
  std::printf("%d x %d pixels, %s\n", width, height, to_string(image.shape()).c_str());
  return width >= 7 && height >= 5 && image.size() == eigan::Index{1} * width * height * channels ? 0 : 1;
}
