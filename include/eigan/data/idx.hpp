#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "../io/byte_order.hpp"
#include "../io/gzip.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

namespace detail {

/// IDX's code of an element type: the third byte of the file.
template <class T>
constexpr unsigned idx_code() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return 0x08;
  if constexpr (std::is_same_v<T, std::int8_t>) return 0x09;
  if constexpr (std::is_same_v<T, std::int16_t>) return 0x0B;
  if constexpr (std::is_same_v<T, std::int32_t>) return 0x0C;
  if constexpr (std::is_same_v<T, float>) return 0x0D;
  if constexpr (std::is_same_v<T, double>) return 0x0E;
}

}  // namespace detail

/// Reads IDX data, the format of MNIST (http://yann.lecun.com/exdb/mnist): 0, 0, code of the element type, rank,
/// extents, elements, all big-endian. Throws DataError, with the byte that is wrong (of the unpacked data), unless the
/// header is that of elements T and every element is there, and nothing else.
template <class T>
Tensor<T> parse_idx(std::vector<std::byte> bytes, const std::string& source) {
  const std::uint64_t size = bytes.size();
  const auto fail = [&](const std::string& what, std::uint64_t offset) {
    throw DataError(source, what, static_cast<std::int64_t>(offset));
  };
  if (size < 4) fail("expected the 4 bytes that begin an IDX file, the data ends", size);
  if (bytes[0] != std::byte{0} || bytes[1] != std::byte{0})
    fail("expected an IDX file, which begins with two zeros", 0);
  const auto code = std::to_integer<unsigned>(bytes[2]);
  if (code != detail::idx_code<T>())
    fail("expected elements of code " + std::to_string(detail::idx_code<T>()) + ", got " + std::to_string(code), 2);
  const auto rank = std::to_integer<std::uint64_t>(bytes[3]);
  if (rank < 1 || rank > static_cast<std::uint64_t>(Shape::max_rank))
    fail("expected 1 to " + std::to_string(Shape::max_rank) + " axes, got " + std::to_string(rank), 3);
  const std::uint64_t begin = 4 + 4 * rank;
  if (size < begin) fail("expected " + std::to_string(rank) + " extents, the data ends", size);

  Shape shape;
  std::uint64_t count = 1;
  const std::uint64_t there = (size - begin) / sizeof(T);
  for (std::uint64_t axis = 0; axis < rank; ++axis) {
    const auto extent = io::number_from<std::uint32_t>(bytes.data() + 4 + 4 * axis, std::endian::big);
    shape.push_back(static_cast<Index>(extent));
    if (extent == 0) fail("expected extents above 0", 4 + 4 * axis);
    if (count > there / extent)
      fail("expected at most " + std::to_string(there) + " elements, as the data has bytes for, got " +
               to_string(shape) + (axis + 1 < rank ? " and more" : ""),
           4 + 4 * axis);
    count *= extent;
  }
  if (size - begin != count * sizeof(T))
    fail("expected the end of the data after " + to_string(shape) + ", got " +
             std::to_string(size - begin - count * sizeof(T)) + " more bytes",
         begin + count * sizeof(T));

  if constexpr (sizeof(T) == 1) {  // the bytes are the elements: keep them where they are
    const auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
    return Tensor<T>::borrow(reinterpret_cast<const T*>(owner->data() + begin), shape, owner);
  } else {
    Tensor<T> tensor(shape);
    io::copy_in_order<T>(tensor.mutable_data(), bytes.data() + begin, static_cast<std::size_t>(count),
                         std::endian::big);
    return tensor;
  }
}

/// Reads an IDX file, raw or gzip. Throws DataError as parse_idx() and io::read_raw_or_gzip() do.
template <class T = std::uint8_t>
Tensor<T> load_idx(const std::filesystem::path& path, std::uint64_t size_limit = std::uint64_t{1} << 36) {
  return parse_idx<T>(io::read_raw_or_gzip(path, size_limit), path.string());
}

/// The two parts of a data set.
enum class Split { train, test };

namespace detail {

/// The file of MNIST's directory with this content: the official name or the one of common unpackers, raw or gzip.
[[gnu::cold]] inline std::filesystem::path find_mnist_file(const std::filesystem::path& directory, Split split,
                                                           std::string_view kind, std::string_view suffix) {
  const std::string stem = (split == Split::train ? "train-" : "t10k-") + std::string(kind);
  std::error_code error;
  for (const char* const separator : {"-", "."})
    for (const char* const packing : {"", ".gz"}) {
      std::filesystem::path path = directory / (stem + separator + std::string(suffix) + packing);
      if (std::filesystem::exists(path, error)) return path;
    }
  const std::string wanted = stem + "-" + std::string(suffix);
  if (!std::filesystem::is_directory(directory, error))
    throw DataError(directory.string(), "there is no such directory; looked for " + wanted + "[.gz] in it");
  throw DataError((directory / wanted).string(), "there is no such file, raw or with .gz");
}

}  // namespace detail

/// Loads MNIST (LeCun et al. 1998), or any set of the same four files such as Fashion-MNIST: images [N, 28, 28, 1] and
/// their labels, 60,000 to train and 10,000 to test. The files may be raw or gzip. Throws DataError if one is missing
/// or damaged or the two do not belong together.
[[gnu::cold]] inline ImageSet load_mnist(const std::filesystem::path& directory, Split split = Split::train) {
  const auto image_path = detail::find_mnist_file(directory, split, "images", "idx3-ubyte");
  const auto label_path = detail::find_mnist_file(directory, split, "labels", "idx1-ubyte");
  const Tensor<std::uint8_t> images = load_idx<std::uint8_t>(image_path);
  const Tensor<std::uint8_t> labels = load_idx<std::uint8_t>(label_path);
  if (images.rank() != 3)
    throw DataError(image_path.string(), "expected images [N, height, width], got " + to_string(images.shape()), 3);
  if (labels.rank() != 1)
    throw DataError(label_path.string(), "expected labels [N], got " + to_string(labels.shape()), 3);
  if (labels.extent(0) != images.extent(0))
    throw DataError(label_path.string(),
                    "expected a label for each of the " + std::to_string(images.extent(0)) + " images in " +
                        image_path.filename().string() + ", got " + std::to_string(labels.extent(0)),
                    4);
  return {images.reshaped(Shape{images.extent(0), images.extent(1), images.extent(2), 1}), labels.cast<std::int32_t>()};
}

}  // namespace eigan::inline EIGAN_ABI::data
