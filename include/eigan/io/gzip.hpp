#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <zlib.h>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "input_file.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// Whether the bytes begin as a gzip member does.
inline bool is_gzip(std::span<const std::byte> bytes) {
  return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

/// Unpacks gzip members (RFC 1952), one after another. Throws DataError, with the byte of the packed data, if they are
/// cut, damaged, followed by anything else, or unpack to more than `limit` bytes. `source` is the data's name in
/// messages.
[[gnu::cold]] inline std::vector<std::byte> gunzip(std::span<const std::byte> packed, const std::string& source,
                                                   std::uint64_t limit = std::uint64_t{1} << 40) {
  struct Inflater {
    z_stream stream{};
    ~Inflater() { inflateEnd(&stream); }
  } inflater;
  z_stream& stream = inflater.stream;
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw DataError(source, "zlib cannot be started");

  std::vector<std::byte> unpacked(static_cast<std::size_t>(
      std::min<std::uint64_t>(limit, std::max<std::uint64_t>(4 * std::uint64_t{packed.size()}, 4096))));
  std::size_t consumed = 0, produced = 0;
  constexpr std::size_t largest_piece = std::numeric_limits<uInt>::max();
  const auto fail = [&](const std::string& what) {
    throw DataError(source, what, static_cast<std::int64_t>(consumed));
  };
  for (;;) {
    if (produced == unpacked.size() && produced < limit)
      unpacked.resize(static_cast<std::size_t>(std::min<std::uint64_t>(limit, 2 * std::uint64_t{produced})));
    // One byte beyond the limit shows that there is more.
    Bytef beyond = 0;
    const bool full = produced == unpacked.size();
    const std::size_t input = std::min(packed.size() - consumed, largest_piece);
    const std::size_t output = full ? 1 : std::min(unpacked.size() - produced, largest_piece);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data() + consumed));
    stream.avail_in = static_cast<uInt>(input);
    stream.next_out = full ? &beyond : reinterpret_cast<Bytef*>(unpacked.data() + produced);
    stream.avail_out = static_cast<uInt>(output);
    const int status = inflate(&stream, Z_NO_FLUSH);
    const std::size_t used = input - stream.avail_in, made = output - stream.avail_out;
    consumed += used;
    if (full && made > 0) fail("unpacks to more than " + std::to_string(limit) + " bytes");
    if (!full) produced += made;
    if (status == Z_STREAM_END) {
      if (consumed == packed.size()) break;
      if (!is_gzip(packed.subspan(consumed))) fail("expected the end of the gzip data, got more bytes");
      inflateReset(&stream);
    } else if (status == Z_BUF_ERROR || (status == Z_OK && used == 0 && made == 0)) {
      if (consumed == packed.size()) fail("the gzip data is cut");
      fail("the gzip data cannot be unpacked");
    } else if (status != Z_OK) {
      fail(std::string("the gzip data is damaged: ") + (stream.msg ? stream.msg : zError(status)));
    }
  }
  unpacked.resize(produced);
  return unpacked;
}

/// The content of a file, unpacked if it is gzip by its first bytes, as it is otherwise. Throws DataError as
/// read_file() and gunzip() do; `limit` holds for what is read and for what it unpacks to.
[[gnu::cold]] inline std::vector<std::byte> read_raw_or_gzip(const std::filesystem::path& path,
                                                             std::uint64_t limit = std::uint64_t{1} << 40) {
  std::vector<std::byte> bytes = read_file(path, limit);
  return is_gzip(bytes) ? gunzip(bytes, path.string(), limit) : bytes;
}

}  // namespace eigan::inline EIGAN_ABI::io
