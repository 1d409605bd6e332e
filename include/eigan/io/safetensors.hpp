#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "../core/config.hpp"
#include "detail/safetensors_read.hpp"
#include "detail/safetensors_write.hpp"
#include "durable_write.hpp"
#include "input_file.hpp"
#include "safetensors_file.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// Reads a safetensors file. Throws DataError, with the byte that is wrong, for a file that is truncated, damaged or
/// foreign; no more memory is taken than the file has bytes for.
[[gnu::cold]] inline SafetensorsFile load_safetensors(const std::filesystem::path& path) {
  InputFile input(path);
  return detail::read_safetensors(input.name(), input.size(), [&](std::uint64_t offset, void* to, std::size_t bytes) {
    input.seek(offset);
    input.read(to, bytes);
  });
}

/// Reads the content of a safetensors file from memory; `source` is its name in messages.
[[gnu::cold]] inline SafetensorsFile parse_safetensors(std::span<const std::byte> bytes, const std::string& source) {
  return detail::read_safetensors(source, bytes.size(), [&](std::uint64_t offset, void* to, std::size_t count) {
    if (count > 0) std::memcpy(to, bytes.data() + offset, count);
  });
}

/// Writes the file whole or not at all (see DurableFile). Throws DataError.
[[gnu::cold]] inline void save_safetensors(const std::filesystem::path& path, const SafetensorsFile& file) {
  DurableFile output(path);
  detail::emit_safetensors(file, path.string(),
                           [&](const void* data, std::size_t bytes) { output.write(data, bytes); });
  output.commit();
}

/// The bytes that save_safetensors() writes.
[[gnu::cold]] inline std::vector<std::byte> to_bytes(const SafetensorsFile& file) {
  std::vector<std::byte> bytes;
  detail::emit_safetensors(file, file.source(), [&](const void* data, std::size_t count) {
    const auto* const first = static_cast<const std::byte*>(data);
    bytes.insert(bytes.end(), first, first + count);
  });
  return bytes;
}

}  // namespace eigan::inline EIGAN_ABI::io
