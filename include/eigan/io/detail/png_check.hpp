#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <zlib.h>

#include "../../core/config.hpp"
#include "../../core/error.hpp"
#include "../byte_order.hpp"

namespace eigan::inline EIGAN_ABI::io::detail {

/// Checks the sums of a PNG's chunks, which stb does not, so that damage is refused and not shown. What does not begin
/// as a PNG passes. Throws DataError with the byte at which the broken chunk begins.
inline void check_png(std::span<const std::byte> bytes, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with("\x89PNG\r\n\x1a\n")) return;
  for (std::size_t at = 8;;) {
    const auto fail = [&](const std::string& what) { throw DataError(source, what, static_cast<std::int64_t>(at)); };
    if (bytes.size() - at < 12) fail("the PNG is cut");
    const std::size_t length = number_from<std::uint32_t>(bytes.data() + at, std::endian::big);
    if (length > bytes.size() - at - 12) fail("the PNG is cut");
    const auto* const typed = reinterpret_cast<const Bytef*>(bytes.data() + at + 4);
    const auto sum = crc32(0, typed, static_cast<uInt>(length + 4));
    if (sum != number_from<std::uint32_t>(bytes.data() + at + 8 + length, std::endian::big))
      fail("the PNG is damaged: the checksum of its chunk " + std::string(text.substr(at + 4, 4)) + " is wrong");
    if (text.substr(at + 4, 4) == "IEND") return;
    at += 12 + length;
  }
}

}  // namespace eigan::inline EIGAN_ABI::io::detail
