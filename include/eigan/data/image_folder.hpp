#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/parallel.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "../io/image.hpp"
#include "fit_image.hpp"
#include "image_files.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

struct ImageFolderOptions {
  Index size = 64;                    ///< height and width that every image is cropped and resized to
  Index channels = 3;                 ///< 1: grey, 3: colour; files are converted
  std::filesystem::path labels = {};  ///< a table of file,class; by default sub-directories are classes
  Index most_pixels = 100'000'000;    ///< of a file, before it is resized; more is refused unread
  bool skip_unreadable = false;       ///< leave out what cannot be read, instead of throwing
};

namespace detail {

[[gnu::cold]] inline void check_folder_options(const ImageFolderOptions& options) {
  if (options.size < 1 || options.size > io::largest_image_extent || (options.channels != 1 && options.channels != 3) ||
      options.most_pixels < 1)
    throw ConfigError("image folder: expected a size of 1 to " + std::to_string(io::largest_image_extent) +
                      ", 1 or 3 channels and 1 or more pixels, got " + std::to_string(options.size) + ", " +
                      std::to_string(options.channels) + " and " + std::to_string(options.most_pixels));
}

[[gnu::cold]] inline ImageFiles list_files(const std::filesystem::path& directory, const ImageFolderOptions& options) {
  check_folder_options(options);
  return options.labels.empty() ? list_image_files(directory) : list_image_files(directory, options.labels);
}

inline Tensor<std::uint8_t> load_fitted(const std::filesystem::path& path, const ImageFolderOptions& options) {
  return fit_image(io::load_image(path, static_cast<int>(options.channels), options.most_pixels), options.size);
}

}  // namespace detail

/// The images of a directory and what could not be read of it.
struct LoadedFolder {
  ImageSet images;
  std::vector<std::string> skipped = {};  ///< one sentence for each file, which it begins with
};

/// Reads all images below a directory (list_image_files says which, and how they get labels) into bytes
/// [N, size, size, channels], each cropped to the square in its middle and resized. Turns in a photo's EXIF data are
/// not followed. Throws DataError that names the file for the first that cannot be read; with .skip_unreadable, only if
/// all cannot.
[[gnu::cold]] inline LoadedFolder read_image_folder(const std::filesystem::path& directory,
                                                    const ImageFolderOptions& options = {}) {
  const ImageFiles files = detail::list_files(directory, options);
  const auto count = static_cast<Index>(files.paths.size()), bytes = options.size * options.size * options.channels;
  Tensor<std::uint8_t> images(Shape{count, options.size, options.size, options.channels});
  std::uint8_t* const to = images.mutable_data();
  std::vector<std::string> faults(files.paths.size());
  parallel_for(count, [&](Index i) {
    const auto at = static_cast<std::size_t>(i);
    try {
      const Tensor<std::uint8_t> image = detail::load_fitted(files.paths[at], options);
      std::copy_n(image.data(), bytes, to + i * bytes);
    } catch (const DataError& error) {
      if (!options.skip_unreadable) throw;
      faults[at] = error.what();
    }
  });
  Index kept = 0;
  LoadedFolder result;
  Labels labels = files.labels.defined() ? Labels(Shape{count}) : Labels();
  for (Index i = 0; i < count; ++i) {
    if (!faults[static_cast<std::size_t>(i)].empty()) {
      result.skipped.push_back(faults[static_cast<std::size_t>(i)]);
      continue;
    }
    if (kept != i) std::copy_n(to + i * bytes, bytes, to + kept * bytes);
    if (labels.defined()) labels.mutable_data()[kept] = files.labels.data()[i];
    ++kept;
  }
  if (kept == 0) throw DataError(directory.string(), "none of its images can be read; the first: " + result.skipped[0]);
  result.images = {images.rows(0, kept), labels.defined() ? labels.rows(0, kept) : labels, files.classes};
  return result;
}

/// The images alone: `data::load_image_folder("photos", {.size = 32})`.
[[gnu::cold]] inline ImageSet load_image_folder(const std::filesystem::path& directory,
                                                const ImageFolderOptions& options = {}) {
  return read_image_folder(directory, options).images;
}

/// The same images, each read from its file whenever it is needed: for sets larger than memory, by a loader, whose
/// thread reads ahead. A file that cannot be read is named where its batch is asked for; .skip_unreadable is not for
/// this one.
class ImageFolder {
 public:
  explicit ImageFolder(const std::filesystem::path& directory, const ImageFolderOptions& options = {})
      : ImageFolder(detail::list_files(directory, options), options) {}
  /// Throws ConfigError for an option out of range, or .skip_unreadable.
  ImageFolder(ImageFiles files, const ImageFolderOptions& options)
      : labels(files.labels), options_(options), files_(std::make_shared<const ImageFiles>(std::move(files))) {
    detail::check_folder_options(options_);
    if (options_.skip_unreadable)
      throw ConfigError(
          "ImageFolder: expected to throw at what cannot be read, got .skip_unreadable: how many images "
          "there are must be known ahead; load_image_folder can skip");
  }

  Labels labels;

  Index size() const { return static_cast<Index>(files_->paths.size()); }
  Shape sample_shape() const { return {options_.size, options_.size, options_.channels}; }
  const std::vector<std::string>& classes() const { return files_->classes; }

  template <std::floating_point Scalar>
  void copy_sample(Index sample, Scalar* to) const {
    const auto& path = files_->paths[static_cast<std::size_t>(sample)];
    const Tensor<std::uint8_t> image = detail::load_fitted(path, options_);
    for (Index i = 0; i < image.size(); ++i) to[i] = detail::byte_values<Scalar>[image.data()[i]];
  }

 private:
  ImageFolderOptions options_;
  std::shared_ptr<const ImageFiles> files_;
};

}  // namespace eigan::inline EIGAN_ABI::data
