#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "image_set.hpp"

namespace eigan::inline EIGAN_ABI::data {

/// Image files and what they show, in an order that does not depend on the file system.
struct ImageFiles {
  std::vector<std::filesystem::path> paths;
  Labels labels;                          ///< [paths], or undefined
  std::vector<std::string> classes = {};  ///< what the labels are called
};

namespace detail {

/// By the name's end; what else lies in a folder is left alone.
inline bool is_image_name(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  constexpr std::array<const char*, 6> endings{".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".pnm"};
  return path.filename().string().front() != '.' && std::find(endings.begin(), endings.end(), ending) != endings.end();
}

/// The images right in a directory, or also in those below, sorted.
[[gnu::cold]] inline std::vector<std::filesystem::path> images_in(const std::filesystem::path& directory, bool below) {
  std::vector<std::filesystem::path> found;
  try {
    const auto take = [&](const std::filesystem::directory_entry& entry) {
      if (entry.is_regular_file() && is_image_name(entry.path())) found.push_back(entry.path());
    };
    if (below)
      for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) take(entry);
    else
      for (const auto& entry : std::filesystem::directory_iterator(directory)) take(entry);
  } catch (const std::filesystem::filesystem_error& error) {
    throw DataError(directory.string(), "cannot be read: " + error.code().message());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Numbers the classes' names, sorted: by value if all are whole numbers.
[[gnu::cold]] inline void number_classes(ImageFiles& files, const std::vector<std::string>& names) {
  const bool are_numbers = std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return !name.empty() && name.size() < 10 &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); });
  });
  const auto before = [&](const std::string& a, const std::string& b) {
    return are_numbers && a.size() != b.size() ? a.size() < b.size() : a < b;
  };
  files.classes = names;
  std::sort(files.classes.begin(), files.classes.end(), before);
  files.classes.erase(std::unique(files.classes.begin(), files.classes.end()), files.classes.end());
  std::map<std::string, std::int32_t> numbers;
  for (const std::string& name : files.classes) numbers.emplace(name, static_cast<std::int32_t>(numbers.size()));
  files.labels = Labels(Shape{static_cast<Index>(names.size())});
  for (std::size_t i = 0; i < names.size(); ++i) files.labels.mutable_data()[i] = numbers.at(names[i]);
}

}  // namespace detail

/// The PNG, JPEG and PNM files of a directory. If it has sub-directories, each is a class, numbered in the order of
/// their names, with all the images below it; else the images have no labels. Throws DataError if there are none, a
/// class has none, or images lie beside class directories.
[[gnu::cold]] inline ImageFiles list_image_files(const std::filesystem::path& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    throw DataError(directory.string(), "there is no such directory");
  std::vector<std::filesystem::path> below;
  ImageFiles files{detail::images_in(directory, false), {}};
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    if (entry.is_directory() && entry.path().filename().string().front() != '.') below.push_back(entry.path());
  std::sort(below.begin(), below.end());
  if (!below.empty() && !files.paths.empty())
    throw DataError(directory.string(), "expected images, or a directory of them for each class, got both: " +
                                            files.paths[0].filename().string() + " and " +
                                            below[0].filename().string() + "/");
  std::vector<std::string> names;
  for (const auto& sub : below) {
    const auto images = detail::images_in(sub, true);
    if (images.empty()) throw DataError(sub.string(), "expected PNG, JPEG or PNM images of this class, got none");
    files.paths.insert(files.paths.end(), images.begin(), images.end());
    names.resize(files.paths.size(), sub.filename().string());
  }
  if (files.paths.empty()) throw DataError(directory.string(), "expected PNG, JPEG or PNM images, got none");
  if (!names.empty()) detail::number_classes(files, names);
  return files;
}

/// The same by a table, lines of `file,class`, with a header or without; files are relative to the directory. Throws
/// DataError, with the line, if it cannot be read or names a file that is not there.
[[gnu::cold]] inline ImageFiles list_image_files(const std::filesystem::path& directory,
                                                 const std::filesystem::path& table) {
  std::ifstream lines(table);
  if (!lines) throw DataError(table.string(), "cannot be read");
  ImageFiles files;
  std::vector<std::string> names;
  std::string line;
  for (Index number = 1; std::getline(lines, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const auto where = table.string() + ", line " + std::to_string(number);
    const std::size_t comma = line.rfind(',');
    if (comma == std::string::npos || comma == 0 || comma + 1 == line.size())
      throw DataError(where, "expected file,class, got '" + line + "'");
    const std::filesystem::path path = directory / line.substr(0, comma);
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) {
      if (number == 1 && !detail::is_image_name(path)) continue;  // the header
      throw DataError(where, "there is no file " + path.string());
    }
    files.paths.push_back(path);
    names.push_back(line.substr(comma + 1));
  }
  if (files.paths.empty()) throw DataError(table.string(), "expected lines of file,class, got none");
  detail::number_classes(files, names);
  return files;
}

}  // namespace eigan::inline EIGAN_ABI::data
