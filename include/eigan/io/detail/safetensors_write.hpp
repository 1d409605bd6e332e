#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "../../core/config.hpp"
#include "../byte_order.hpp"
#include "../safetensors_file.hpp"
#include "safetensors_header.hpp"

namespace eigan::inline EIGAN_ABI::io::detail {

/// Hands the file's bytes to write(data, size), front to back. The header keeps the order of the entries; the data is
/// laid down by falling width of element, so that each tensor is aligned for readers that map the file.
template <class Write>
[[gnu::cold]] void emit_safetensors(const SafetensorsFile& file, const std::string& name, const Write& write) {
  SafetensorsHeader header;
  header.metadata = file.metadata();
  std::vector<std::size_t> order(file.size()), widths;
  for (const auto& [tensor_name, variant] : file.entries())
    std::visit(
        [&, &tensor_name = tensor_name]<class T>(const Tensor<T>& tensor) {
          SafetensorsRecord& record = header.records.emplace_back();
          record.name = tensor_name;
          record.dtype = dtype_name<T>();
          record.shape.assign(tensor.shape().begin(), tensor.shape().end());
          record.end = static_cast<std::uint64_t>(tensor.size()) * sizeof(T);
          widths.push_back(sizeof(T));
        },
        variant);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return widths[a] > widths[b]; });
  std::uint64_t offset = 0;
  for (const std::size_t i : order) {
    SafetensorsRecord& record = header.records[i];
    record.begin = offset;
    offset = record.end += offset;
  }

  const std::string text = write_safetensors_header(header);
  read_safetensors_header(name, text);  // refuses what could not be read again: a name that is not UTF-8
  const auto length = bytes_of(static_cast<std::uint64_t>(text.size()), std::endian::little);
  write(length.data(), length.size());
  write(text.data(), text.size());
  for (const std::size_t i : order)
    std::visit(
        [&]<class T>(const Tensor<T>& tensor) {
          const auto count = static_cast<std::size_t>(tensor.size());
          if constexpr (std::endian::native == std::endian::little) {
            write(tensor.data(), count * sizeof(T));
          } else {
            std::vector<std::byte> swapped(count * sizeof(T));
            copy_in_order<T>(swapped.data(), tensor.data(), count, std::endian::little);
            write(swapped.data(), swapped.size());
          }
        },
        file.entries()[i].second);
}

}  // namespace eigan::inline EIGAN_ABI::io::detail
