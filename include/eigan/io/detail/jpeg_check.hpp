#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "../../core/config.hpp"
#include "../../core/error.hpp"

namespace eigan::inline EIGAN_ABI::io::detail {

/// Refuses Huffman tables of more than 256 codes, which older versions of stb (2.27 among them) write beyond their
/// memory. What does not begin as a JPEG passes. Throws DataError with the byte at which the segment begins.
inline void check_jpeg(std::span<const std::byte> bytes, const std::string& source) {
  const auto at = [&](std::size_t place) {
    return place < bytes.size() ? std::to_integer<unsigned>(bytes[place]) : 0U;
  };
  if (at(0) != 0xFF || at(1) != 0xD8) return;

  const auto check_tables = [&](std::size_t segment) {
    auto left = static_cast<std::int64_t>(at(segment) << 8 | at(segment + 1)) - 2;
    for (std::size_t table = segment + 2; left > 0 && table < bytes.size();) {
      unsigned codes = 0;
      for (std::size_t length = 1; length <= 16; ++length) codes += at(table + length);
      if (codes > 256)
        throw DataError(source, "the JPEG is damaged: a Huffman table of " + std::to_string(codes) + " codes",
                        static_cast<std::int64_t>(segment));
      table += 17 + codes;
      left -= 17 + codes;
    }
  };
  // Up to the first scan, segment by segment, as what they hold (a colour profile) may look like a table. Then every
  // place that looks like one: within a scan's data there is none.
  bool in_scans = false;
  for (std::size_t place = 2; place + 1 < bytes.size(); ++place) {
    if (at(place) != 0xFF || at(place + 1) == 0xFF || at(place + 1) == 0) continue;
    const unsigned marker = at(place + 1);
    if (marker == 0xC4) check_tables(place + 2);
    in_scans = in_scans || marker == 0xDA;
    const std::size_t length = at(place + 2) << 8 | at(place + 3);
    if (!in_scans) place += 1 + length;  // to the segment's last byte
  }
}

}  // namespace eigan::inline EIGAN_ABI::io::detail
