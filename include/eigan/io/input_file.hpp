#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// A file open for reading from front to back. Every failure is a DataError with the file's name and the byte it is
/// about.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path) : name_(path.string()) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) throw DataError(name_, "there is no such file");
    if (std::filesystem::is_directory(status)) throw DataError(name_, "expected a file, got a directory");
    errno = 0;
    stream_.open(path, std::ios::binary);
    if (!stream_) throw DataError(name_, "cannot be opened: " + std::generic_category().message(errno));
    stream_.seekg(0, std::ios::end);
    const auto end = static_cast<std::int64_t>(stream_.tellg());
    stream_.seekg(0);
    if (!stream_ || end < 0) throw DataError(name_, "cannot be read: its size is not known");
    size_ = static_cast<std::uint64_t>(end);
  }

  const std::string& name() const { return name_; }
  std::uint64_t size() const { return size_; }

  void seek(std::uint64_t offset) {
    stream_.seekg(static_cast<std::streamoff>(offset));
    offset_ = offset;
  }

  void read(void* to, std::size_t bytes) {
    stream_.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
    const auto got = static_cast<std::size_t>(stream_.gcount());
    offset_ += got;
    if (got != bytes)
      throw DataError(name_, "expected " + std::to_string(bytes - got) + " more bytes, the file ends",
                      static_cast<std::int64_t>(offset_));
  }

 private:
  std::string name_;
  std::ifstream stream_;
  std::uint64_t size_ = 0;
  std::uint64_t offset_ = 0;
};

/// The whole content of a file. Throws DataError if there is none, it cannot be read or it has more than `limit` bytes.
[[gnu::cold]] inline std::vector<std::byte> read_file(const std::filesystem::path& path,
                                                      std::uint64_t limit = std::uint64_t{1} << 40) {
  InputFile file(path);
  if (file.size() > limit)
    throw DataError(file.name(),
                    "expected at most " + std::to_string(limit) + " bytes, got " + std::to_string(file.size()));
  std::vector<std::byte> bytes(static_cast<std::size_t>(file.size()));
  file.read(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace eigan::inline EIGAN_ABI::io
