#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "../io/input_file.hpp"
#include "idx.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

/// Which of CIFAR-100's two labels.
enum class Cifar100Labels { fine, coarse };

namespace detail {

/// The layout of CIFAR's binary files: records of one or two label bytes and three planes of 32 x 32 bytes.
struct CifarFormat {
  std::string name, folder;  ///< `folder`: what the official archive unpacks to
  Index label_bytes, label_at, classes;
  static constexpr Index side = 32, pixels = side * side;
  Index record() const { return label_bytes + 3 * pixels; }
};

[[gnu::cold]] inline ImageSet load_cifar(const std::filesystem::path& directory, const std::vector<std::string>& files,
                                         const CifarFormat& format) {
  std::error_code error;
  const bool is_above = !std::filesystem::exists(directory / files[0], error) &&
                        std::filesystem::is_directory(directory / format.folder, error);
  const std::filesystem::path from = is_above ? directory / format.folder : directory;
  if (!std::filesystem::is_directory(from, error))
    throw DataError(from.string(), "there is no such directory; looked for " + files[0] + " in it");
  std::vector<std::vector<std::byte>> contents;
  Index count = 0;
  for (const std::string& file : files) {
    const std::string path = (from / file).string();
    contents.push_back(io::read_file(path, std::uint64_t{1} << 30));
    const auto size = static_cast<Index>(contents.back().size());
    if (size == 0 || size % format.record() != 0)
      throw DataError(path, "expected " + format.name + "'s records of " + std::to_string(format.record()) +
                                " bytes, got " + std::to_string(size) + " bytes");
    count += size / format.record();
  }
  ImageSet set{Tensor<std::uint8_t>(Shape{count, CifarFormat::side, CifarFormat::side, 3}), Labels(Shape{count})};
  std::uint8_t* image = set.images.mutable_data();
  std::int32_t* label = set.labels.mutable_data();
  for (std::size_t file = 0; file < files.size(); ++file)
    for (std::size_t at = 0; at < contents[file].size(); at += static_cast<std::size_t>(format.record())) {
      const std::byte* const record = contents[file].data() + at;
      *label = std::to_integer<std::int32_t>(record[format.label_at]);
      if (*label >= format.classes)
        throw DataError(
            (from / files[file]).string(),
            "expected a class of 0 to " + std::to_string(format.classes - 1) + ", got " + std::to_string(*label),
            static_cast<std::int64_t>(at));
      ++label;
      for (Index pixel = 0; pixel < CifarFormat::pixels; ++pixel)  // channels from planes to last
        for (Index channel = 0; channel < 3; ++channel)
          *image++ = std::to_integer<std::uint8_t>(record[format.label_bytes + channel * CifarFormat::pixels + pixel]);
    }
  return set;
}

}  // namespace detail

/// Loads CIFAR-10 (Krizhevsky 2009), binary version: images [N, 32, 32, 3] and their classes, 50,000 to train
/// (data_batch_1.bin to 5) and 10,000 to test (test_batch.bin), from their directory or the one above. Throws DataError
/// if a file is missing or damaged.
[[gnu::cold]] inline ImageSet load_cifar10(const std::filesystem::path& directory, Split split = Split::train) {
  std::vector<std::string> files{"test_batch.bin"};
  if (split == Split::train)
    files = {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"};
  ImageSet set = detail::load_cifar(directory, files, {"CIFAR-10", "cifar-10-batches-bin", 1, 0, 10});
  set.classes = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
  return set;
}

/// The same of CIFAR-100 (train.bin, test.bin), with its 100 fine or 20 coarse classes.
[[gnu::cold]] inline ImageSet load_cifar100(const std::filesystem::path& directory, Split split = Split::train,
                                            Cifar100Labels labels = Cifar100Labels::fine) {
  const bool fine = labels == Cifar100Labels::fine;
  return detail::load_cifar(directory, {split == Split::train ? "train.bin" : "test.bin"},
                            {"CIFAR-100", "cifar-100-binary", 2, fine ? 1 : 0, fine ? 100 : 20});
}

}  // namespace eigan::inline EIGAN_ABI::data
