#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../core/config.hpp"
#include "../../core/error.hpp"
#include "../../core/shape.hpp"
#include "../byte_order.hpp"
#include "../safetensors_file.hpp"
#include "safetensors_header.hpp"

namespace eigan::inline EIGAN_ABI::io::detail {

inline constexpr std::uint64_t largest_safetensors_header = 100'000'000;  // the limit of the format's own library

/// The shape of a record. Throws DataError if it has too many axes or does not fill the record's range to the byte.
inline Shape safetensors_shape(const SafetensorsRecord& record, std::size_t width, const std::string& source,
                               std::int64_t data_begin) {
  const std::uint64_t bytes = record.end - record.begin;
  const auto refuse = [&](const std::string& what) {
    throw DataError(source, "'" + record.name + "': " + what, data_begin + static_cast<std::int64_t>(record.begin));
  };
  if (record.shape.size() > static_cast<std::size_t>(Shape::max_rank))
    refuse("expected at most " + std::to_string(Shape::max_rank) + " axes, got " + std::to_string(record.shape.size()));
  // Extents of 0 make any other extent legal; what remains must still not overflow.
  constexpr std::uint64_t limit = std::uint64_t{1} << 56;
  std::uint64_t product = width;
  bool empty = false;
  Shape shape;
  for (const std::uint64_t extent : record.shape) {
    if (extent > 0 && product > limit / extent) refuse("its shape is too large");
    product *= std::max(extent, std::uint64_t{1});
    empty = empty || extent == 0;
    shape.push_back(static_cast<Index>(extent));
  }
  if ((empty ? 0 : product) != bytes)
    refuse("expected " + std::to_string(empty ? 0 : product) + " bytes for " + record.dtype + " " + to_string(shape) +
           ", got a range of " + std::to_string(bytes));
  return shape;
}

/// Ranges that follow each other from the first byte to the last leave no hole and share no byte.
[[gnu::cold]] inline void check_safetensors_ranges(const SafetensorsHeader& header, std::uint64_t data_bytes,
                                                   const std::string& source, std::int64_t data_begin) {
  std::vector<const SafetensorsRecord*> sorted;
  for (const SafetensorsRecord& record : header.records) sorted.push_back(&record);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  std::uint64_t covered = 0;
  for (const SafetensorsRecord* const record : sorted) {
    const std::string range = "[" + std::to_string(record->begin) + ", " + std::to_string(record->end) + ")";
    if (record->begin > record->end || record->end > data_bytes)
      throw DataError(source,
                      "'" + record->name + "': expected a range within " + std::to_string(data_bytes) +
                          " bytes of data, got " + range,
                      data_begin + static_cast<std::int64_t>(std::min(record->begin, data_bytes)));
    if (record->begin != covered)
      throw DataError(source,
                      "'" + record->name + "': its range " + range +
                          (record->begin < covered ? " overlaps the one before" : " leaves a hole before it"),
                      data_begin + static_cast<std::int64_t>(std::min(record->begin, covered)));
    covered = record->end;
  }
  if (covered != data_bytes)
    throw DataError(source, "expected " + std::to_string(covered) + " bytes of data, got " + std::to_string(data_bytes),
                    data_begin + static_cast<std::int64_t>(covered));
}

/// Builds the content of a file of `size` bytes whose parts read(offset, to, bytes) fetches.
template <class Read>
[[gnu::cold]] SafetensorsFile read_safetensors(const std::string& source, std::uint64_t size, const Read& read) {
  if (size < 8)
    throw DataError(source, "expected 8 bytes of header length, the file ends", static_cast<std::int64_t>(size));
  std::byte length_bytes[8];
  read(0, length_bytes, sizeof length_bytes);
  const auto length = number_from<std::uint64_t>(length_bytes, std::endian::little);
  if (length > largest_safetensors_header || length > size - 8)
    throw DataError(source,
                    "expected a header of at most " + std::to_string(std::min(largest_safetensors_header, size - 8)) +
                        " bytes, got a length of " + std::to_string(length) +
                        "; this is no safetensors file, or it is cut",
                    0);
  std::string text(static_cast<std::size_t>(length), '\0');
  read(8, text.data(), text.size());
  const SafetensorsHeader header = read_safetensors_header(source, text);
  const std::uint64_t data_begin = 8 + length;
  check_safetensors_ranges(header, size - data_begin, source, static_cast<std::int64_t>(data_begin));

  SafetensorsFile file(source);
  file.set_metadata(header.metadata);
  for (const SafetensorsRecord& record : header.records) {
    const auto take = [&]<class T>(Tensor<T>) {
      if (record.dtype != dtype_name<T>()) return false;
      Tensor<T> tensor(safetensors_shape(record, sizeof(T), source, static_cast<std::int64_t>(data_begin)));
      const auto count = static_cast<std::size_t>(tensor.size());
      T* const elements = tensor.mutable_data();
      read(data_begin + record.begin, elements, count * sizeof(T));
      if constexpr (std::endian::native != std::endian::little)
        for (std::size_t i = 0; i < count; ++i) elements[i] = number_from<T>(elements + i, std::endian::little);
      file.add(record.name, std::move(tensor));
      return true;
    };
    if (!(take(Tensor<float>()) || take(Tensor<double>()) || take(Tensor<std::int32_t>()) ||
          take(Tensor<std::int64_t>()) || take(Tensor<std::uint8_t>())))
      throw DataError(source, "'" + record.name + "': expected elements F32, F64, I32, I64 or U8, got " + record.dtype,
                      static_cast<std::int64_t>(data_begin + record.begin));
  }
  return file;
}

}  // namespace eigan::inline EIGAN_ABI::io::detail
