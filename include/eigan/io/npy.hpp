#pragma once

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "byte_order.hpp"
#include "durable_write.hpp"
#include "input_file.hpp"

namespace eigan::inline EIGAN_ABI::io {

namespace detail {

/// NumPy's name of an element type in little-endian order.
template <class T>
constexpr std::string_view npy_type() {
  if constexpr (std::is_same_v<T, float>) return "<f4";
  if constexpr (std::is_same_v<T, double>) return "<f8";
  if constexpr (std::is_same_v<T, std::int32_t>) return "<i4";
  if constexpr (std::is_same_v<T, std::int64_t>) return "<i8";
  if constexpr (std::is_same_v<T, std::uint8_t>) return "|u1";
}

/// Reads the Python literal that a .npy header is: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }.
class NpyHeader {
 public:
  std::string_view type;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;

  /// `offset` is where the text stands in the file.
  NpyHeader(const std::string& source, std::string_view text, std::size_t offset)
      : source_(source), rest_(text), end_(offset + text.size()) {
    take('{');
    unsigned seen = 0;
    while (!next_is('}')) {
      const std::string_view key = quoted();
      take(':');
      if (key == "descr") {
        type = quoted();
        seen |= 1;
      } else if (key == "fortran_order") {
        fortran_order = word() == "True";
        seen |= 2;
      } else if (key == "shape") {
        read_shape();
        seen |= 4;
      } else {
        fail();
      }
      if (!next_is(',')) {
        take('}');
        break;
      }
    }
    if (seen != 7) fail();
  }

 private:
  void skip_space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  bool next_is(char c) {
    skip_space();
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void take(char c) {
    if (!next_is(c)) fail();
  }
  std::string_view cut(std::size_t count) {
    if (count > rest_.size()) fail();
    const std::string_view part = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return part;
  }
  std::string_view quoted() {
    take('\'');
    const std::string_view text = cut(rest_.find('\''));
    take('\'');
    return text;
  }
  std::string_view word() {
    skip_space();
    return cut(rest_.find_first_of(",} "));
  }
  void read_shape() {
    take('(');
    shape.clear();
    while (!next_is(')')) {
      skip_space();
      std::uint64_t extent = 0;
      const auto [stop, status] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (status != std::errc()) fail();
      rest_.remove_prefix(static_cast<std::size_t>(stop - rest_.data()));
      shape.push_back(extent);
      if (!next_is(',')) {
        take(')');
        break;
      }
    }
  }
  [[noreturn]] void fail() const {
    throw DataError(source_, "the header is not that of a .npy file", static_cast<std::int64_t>(end_ - rest_.size()));
  }

  const std::string& source_;
  std::string_view rest_;
  std::size_t end_;
};

}  // namespace detail

/// Reads the content of a .npy file (NumPy's format, versions 1 to 3): elements T, little-endian, in C order. Throws
/// DataError, with the byte that is wrong, if it is anything else, cut or too long.
template <class T>
Tensor<T> parse_npy(std::span<const std::byte> bytes, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto fail = [&](const std::string& what, std::size_t offset) {
    throw DataError(source, what, static_cast<std::int64_t>(offset));
  };
  if (!text.starts_with("\x93NUMPY")) fail("expected a .npy file, which begins with \\x93NUMPY", 0);
  if (text.size() < 12) fail("expected a .npy header, the data ends", text.size());
  const int version = text[6];
  if (version < 1 || version > 3) fail("expected version 1 to 3 of the format, got " + std::to_string(version), 6);
  const std::size_t prefix = version == 1 ? 10 : 12;
  const std::size_t length = version == 1 ? number_from<std::uint16_t>(bytes.data() + 8, std::endian::little)
                                          : number_from<std::uint32_t>(bytes.data() + 8, std::endian::little);
  if (length > text.size() - prefix)
    fail("expected a header of at most " + std::to_string(text.size() - prefix) + " bytes, got " +
             std::to_string(length),
         8);
  const detail::NpyHeader header(source, text.substr(prefix, length), prefix);
  const std::size_t begin = prefix + length, there = text.size() - begin;
  if (header.type != detail::npy_type<T>())
    fail("expected elements " + std::string(detail::npy_type<T>()) + ", got " + std::string(header.type), prefix);
  if (header.fortran_order) fail("expected C order, got Fortran order", prefix);
  if (header.shape.size() > static_cast<std::size_t>(Shape::max_rank))
    fail("expected at most " + std::to_string(Shape::max_rank) + " axes, got " + std::to_string(header.shape.size()),
         prefix);

  Shape shape;
  std::uint64_t product = sizeof(T);
  bool empty = false;
  for (const std::uint64_t extent : header.shape) {
    if (extent > 0 && product > (std::uint64_t{1} << 56) / extent) fail("its shape is too large", prefix);
    if (extent > 0) product *= extent;
    empty = empty || extent == 0;
    shape.push_back(static_cast<Index>(extent));
  }
  if (empty) product = 0;
  if (product != there)
    fail("expected " + std::to_string(product) + " bytes for " + to_string(shape) + ", got " + std::to_string(there),
         begin);
  Tensor<T> tensor(shape);
  copy_in_order<T>(tensor.mutable_data(), bytes.data() + begin, static_cast<std::size_t>(tensor.size()),
                   std::endian::little);
  return tensor;
}

/// Reads a .npy file as parse_npy() does.
template <class T>
Tensor<T> load_npy(const std::filesystem::path& path) {
  return parse_npy<T>(read_file(path), path.string());
}

/// Writes a tensor as a .npy file of version 1.0, whole or not at all. Throws DataError.
template <class T>
void save_npy(const std::filesystem::path& path, const Tensor<T>& tensor) {
  std::string header = "{'descr': '" + std::string(detail::npy_type<T>()) + "', 'fortran_order': False, 'shape': (";
  for (Index axis = 0; axis < tensor.rank(); ++axis)
    header += std::to_string(tensor.extent(axis)) + (axis + 1 < tensor.rank() ? ", " : tensor.rank() == 1 ? "," : "");
  header += "), }";
  constexpr std::size_t prefix = 10;
  header.append(63 - (prefix + header.size()) % 64, ' ').push_back('\n');

  const auto length = bytes_of(static_cast<std::uint16_t>(header.size()), std::endian::little);
  std::vector<std::byte> elements(static_cast<std::size_t>(tensor.size()) * sizeof(T));
  copy_in_order<T>(elements.data(), tensor.data(), static_cast<std::size_t>(tensor.size()), std::endian::little);
  DurableFile file(path);
  file.write(std::string_view("\x93NUMPY\x01\0", 8));
  file.write(length.data(), length.size());
  file.write(header);
  file.write(elements.data(), elements.size());
  file.commit();
}

}  // namespace eigan::inline EIGAN_ABI::io
