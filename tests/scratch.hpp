// What tests of files share: a directory that goes away, whole files as text, and what an exception said.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <eigan/core/error.hpp>

namespace scratch {

/// A new directory, removed with all that is in it.
class Directory {
 public:
  Directory() {
    static std::atomic<unsigned> count{0};
    const auto base = std::filesystem::temp_directory_path();
    do path_ = base / ("eigan-test-" + std::to_string(stamp()) + "-" + std::to_string(++count));
    while (!std::filesystem::create_directory(path_));
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  /// How many files and directories lie in it.
  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
  }

 private:
  static std::uintptr_t stamp() {  // differs between processes where addresses are randomised; the loop does the rest
    static const int local = 0;
    return reinterpret_cast<std::uintptr_t>(&local);
  }
  std::filesystem::path path_;
};

inline void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// What the exception that f() throws says; "nothing was thrown" if it throws none of that type.
template <class Exception = eigan::DataError, class Function>
std::string thrown(const Function& f) {
  try {
    f();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace scratch
