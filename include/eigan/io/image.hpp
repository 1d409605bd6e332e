#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "detail/jpeg_check.hpp"
#include "detail/png_check.hpp"
#include "detail/stb.hpp"
#include "durable_write.hpp"
#include "input_file.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// The largest width and height of an image that is read or written.
inline constexpr Index largest_image_extent = 16384;

namespace detail {

/// Bytes on their way to stb, which takes the end of the file for zeros; so it is noted when it asks for more than
/// there is.
struct ImageBytes {
  std::span<const std::byte> bytes;
  std::size_t at = 0;
  bool exhausted = false;

  static int read(void* user, char* to, int count) {
    auto& self = *static_cast<ImageBytes*>(user);
    const std::size_t got = std::min(static_cast<std::size_t>(count), self.bytes.size() - self.at);
    if (got == 0 && count > 0) self.exhausted = true;
    if (got > 0) std::memcpy(to, self.bytes.data() + self.at, got);
    self.at += got;
    return static_cast<int>(got);
  }
  static void skip(void* user, int count) {
    auto& self = *static_cast<ImageBytes*>(user);
    if (count < 0) {
      self.at -= std::min(self.at, static_cast<std::size_t>(-static_cast<std::int64_t>(count)));
      return;
    }
    const std::size_t left = self.bytes.size() - self.at;
    self.exhausted = self.exhausted || static_cast<std::size_t>(count) > left;
    self.at += std::min(static_cast<std::size_t>(count), left);
  }
  static int at_end(void* user) {
    const auto& self = *static_cast<ImageBytes*>(user);
    return self.at == self.bytes.size();
  }
};

/// Refuses PNM images of 16 bits, and any image that claims more pixels than its bytes can hold, before memory is taken
/// for them, or more than `most_pixels`: a JPEG spends at least a bit on 8 x 8 pixels, and a PNG, at a bit per pixel,
/// is packed at most 1032-fold.
inline void check_claimed_size(std::span<const std::byte> bytes, const std::string& source, Index most_pixels) {
  const int size = static_cast<int>(std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max()));
  int width = 0, height = 0, channels = 0;
  if (!stb::info(bytes.data(), size, width, height, channels)) return;
  if (bytes[0] == std::byte{'P'} && stb::is_16_bit(bytes.data(), size))  // stb 2.27 mistakes the size of these
    throw DataError(source, "expected a PNM of one byte per number, got two");
  const bool jpeg = bytes[0] == std::byte{0xff};
  const auto most = static_cast<double>(bytes.size()) * (jpeg ? 512 : 8 * 1032);
  if (static_cast<double>(width) * static_cast<double>(height) > most)
    throw DataError(source, "claims " + std::to_string(width) + " x " + std::to_string(height) +
                                " pixels, more than its " + std::to_string(bytes.size()) + " bytes can hold");
  if (static_cast<Index>(width) * static_cast<Index>(height) > most_pixels)
    throw DataError(source, "expected an image of at most " + std::to_string(most_pixels) + " pixels, got " +
                                std::to_string(width) + " x " + std::to_string(height));
}

}  // namespace detail

/// Unpacks a PNG, JPEG or PNM image to bytes [H, W, C]. `channels` asks for 1 (grey), 2 (grey, alpha), 3 (RGB) or 4
/// (RGB, alpha); 0 takes those of the file. Throws DataError, with `source` and the reason, if the image is cut,
/// damaged, of another format, larger than largest_image_extent or of more than `most_pixels`.
inline Tensor<std::uint8_t> decode_image(std::span<const std::byte> bytes, const std::string& source, int channels = 0,
                                         Index most_pixels = largest_image_extent * largest_image_extent) {
  if (channels < 0 || channels > 4)
    throw ConfigError("load_image: expected 0 to 4 channels, got " + std::to_string(channels));
  detail::check_png(bytes, source);
  detail::check_jpeg(bytes, source);
  detail::check_claimed_size(bytes, source, most_pixels);
  const detail::stb::Callbacks callbacks{&detail::ImageBytes::read, &detail::ImageBytes::skip,
                                         &detail::ImageBytes::at_end};
  int width = 0, height = 0, in_file = 0;
  detail::ImageBytes input{bytes};
  std::unique_ptr<unsigned char, void (*)(unsigned char*)> pixels(nullptr, detail::stb::release);
  std::string reason;
  try {
    pixels.reset(detail::stb::load(callbacks, &input, width, height, in_file, channels));
    if (!pixels) reason = detail::stb::failure_reason();
  } catch (const std::runtime_error& failed_assertion) {
    reason = failed_assertion.what();
  }
  if (!pixels) throw DataError(source, "cannot be read as an image: " + reason);
  if (input.exhausted) throw DataError(source, "the image is cut", static_cast<std::int64_t>(bytes.size()));
  const Shape shape{height, width, channels ? channels : in_file};
  Tensor<std::uint8_t> image(shape);
  std::copy_n(pixels.get(), shape.size(), image.mutable_data());
  return image;
}

/// Reads an image file as decode_image() does.
inline Tensor<std::uint8_t> load_image(const std::filesystem::path& path, int channels = 0,
                                       Index most_pixels = largest_image_extent * largest_image_extent) {
  return decode_image(read_file(path, std::uint64_t{1} << 32), path.string(), channels, most_pixels);
}

/// Packs an image [H, W, C] with 1 to 4 channels (as in decode_image()) as PNG. Throws ShapeError for any other shape.
[[gnu::cold]] inline std::vector<std::byte> encode_png(const Tensor<std::uint8_t>& image) {
  const auto fits = [](Index extent, Index limit) { return extent >= 1 && extent <= limit; };
  if (image.rank() != 3 || !fits(image.extent(0), largest_image_extent) ||
      !fits(image.extent(1), largest_image_extent) || !fits(image.extent(2), 4) ||
      image.size() > std::numeric_limits<int>::max() / 2)
    throw ShapeError("encode_png: expected an image [H, W, C] of 1 to " + std::to_string(largest_image_extent) +
                     " rows and columns and 1 to 4 channels, got " + to_string(image.shape()));
  const auto height = static_cast<int>(image.extent(0)), width = static_cast<int>(image.extent(1)),
             channels = static_cast<int>(image.extent(2));
  int size = 0;
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> packed(
      detail::stb::write_png(image.data(), width, height, channels, size), detail::stb::release);
  if (!packed) throw std::bad_alloc();
  const auto* const first = reinterpret_cast<const std::byte*>(packed.get());
  return {first, first + size};
}

/// Writes an image [H, W, C] as a PNG file, whole or not at all. Throws ShapeError as encode_png() does, and DataError.
[[gnu::cold]] inline void save_png(const std::filesystem::path& path, const Tensor<std::uint8_t>& image) {
  write_durably(path, encode_png(image));
}

}  // namespace eigan::inline EIGAN_ABI::io
