// A user's own stb, with eigan's in the same unit.
#pragma once

#include <string>

namespace own_stb {

std::string jpeg_of(const unsigned char* pixels, int width, int height, int channels);
std::string size_of(const unsigned char* image, int bytes);

}  // namespace own_stb
