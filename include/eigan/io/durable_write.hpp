#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "../core/config.hpp"
#include "../core/error.hpp"

#if defined(__unix__) || defined(__APPLE__)
#define EIGAN_IO_POSIX 1
#include <fcntl.h>
#include <unistd.h>
#endif

namespace eigan::inline EIGAN_ABI::io {

namespace detail {

/// A file open for writing, nothing buffered in the process where the system allows it. Calls return false and leave
/// the reason in errno.
class OutputHandle {
 public:
  OutputHandle() = default;
  OutputHandle(const OutputHandle&) = delete;
  OutputHandle& operator=(const OutputHandle&) = delete;
  ~OutputHandle() { close(); }

#if defined(EIGAN_IO_POSIX)
  bool open(const std::filesystem::path& path, bool must_be_new) {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | (must_be_new ? O_CREAT | O_EXCL : 0), 0666);
    return descriptor_ >= 0;
  }

  bool write(const char* data, std::size_t bytes) {
    while (bytes > 0) {
      const auto written = ::write(descriptor_, data, std::min(bytes, std::size_t{1} << 30));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      data += written;
      bytes -= static_cast<std::size_t>(written);
    }
    return true;
  }

  bool synchronise() { return ::fsync(descriptor_) == 0; }

  bool close() {
    const int descriptor = std::exchange(descriptor_, -1);
    return descriptor < 0 || ::close(descriptor) == 0;
  }

  /// Makes a rename within the directory last. File systems that cannot do so are left alone.
  static void synchronise_directory(const std::filesystem::path& directory) {
    const int descriptor = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    ::fsync(descriptor);
    ::close(descriptor);
  }

  static long process() { return static_cast<long>(::getpid()); }

 private:
  int descriptor_ = -1;
#else
  bool open(const std::filesystem::path& path, bool must_be_new) {
    file_ = std::fopen(path.string().c_str(), must_be_new ? "wbx" : "wb");
    return file_ != nullptr;
  }
  bool write(const char* data, std::size_t bytes) { return std::fwrite(data, 1, bytes, file_) == bytes; }
  bool synchronise() { return std::fflush(file_) == 0; }
  bool close() {
    std::FILE* const file = std::exchange(file_, nullptr);
    return !file || std::fclose(file) == 0;
  }
  static void synchronise_directory(const std::filesystem::path&) {}
  static long process() { return 0; }

 private:
  std::FILE* file_ = nullptr;
#endif
};

}  // namespace detail

/// A file that appears under its name whole and stored, or not at all. It is written to a temporary beside it;
/// commit() flushes that to the disk and renames it over the old file. Without commit(), or when a DataError is thrown
/// on the way (disk full, no such directory, a directory of that name), the temporary goes and the old file stays as it
/// was. A link is followed, and what is not a regular file (a terminal, /dev/null) is written in place.
class DurableFile {
 public:
  [[gnu::cold]] explicit DurableFile(const std::filesystem::path& path) : name_(path.string()), target_(path) {
    std::error_code error;
    if (std::filesystem::is_symlink(path, error)) target_ = std::filesystem::weakly_canonical(path, error);
    const auto status = std::filesystem::status(target_, error);
    if (std::filesystem::is_directory(status)) throw DataError(name_, "cannot be written: a directory is in its way");
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
      if (!handle_.open(target_, false)) fail();
      return;
    }
    static std::atomic<unsigned> count{0};
    for (bool opened = false; !opened;) {
      temporary_ = target_;
      temporary_ += ".temporary-" + std::to_string(detail::OutputHandle::process()) + "-" + std::to_string(++count);
      opened = handle_.open(temporary_, true);
      if (!opened && errno != EEXIST) {
        temporary_.clear();
        fail();
      }
    }
  }

  DurableFile(const DurableFile&) = delete;
  DurableFile& operator=(const DurableFile&) = delete;
  ~DurableFile() { discard(); }

  void write(const void* data, std::size_t bytes) {
    if (!handle_.write(static_cast<const char*>(data), bytes)) fail();
  }
  void write(std::string_view text) { write(text.data(), text.size()); }

  [[gnu::cold]] void commit() {
    if (temporary_.empty()) {
      if (!handle_.close()) fail();
      return;
    }
    if (!handle_.synchronise() || !handle_.close()) fail();
    std::error_code error;
    std::filesystem::rename(temporary_, target_, error);
    if (error) {
      errno = error.value();
      fail();
    }
    temporary_.clear();
    detail::OutputHandle::synchronise_directory(target_.parent_path());
  }

 private:
  void discard() noexcept {
    handle_.close();
    std::error_code ignored;
    if (!temporary_.empty()) std::filesystem::remove(temporary_, ignored);
    temporary_.clear();
  }

  [[noreturn]] void fail() {
    const std::string reason = std::generic_category().message(errno);
    discard();
    throw DataError(name_, "cannot be written: " + reason);
  }

  std::string name_;
  std::filesystem::path target_, temporary_;
  detail::OutputHandle handle_;
};

/// Writes a whole file as DurableFile does.
[[gnu::cold]] inline void write_durably(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  DurableFile file(path);
  file.write(bytes.data(), bytes.size());
  file.commit();
}
[[gnu::cold]] inline void write_durably(const std::filesystem::path& path, std::string_view text) {
  write_durably(path, std::as_bytes(std::span(text)));
}

}  // namespace eigan::inline EIGAN_ABI::io
