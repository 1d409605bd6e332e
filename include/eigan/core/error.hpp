#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "config.hpp"

namespace eigan::inline EIGAN_ABI {

/// Base of everything eigan throws. The message says what was expected, what came and where.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Shapes that do not fit together.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// An option or argument outside of its range, or two that contradict each other.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be read or written, or whose content is not what its format says.
class DataError : public Error {
 public:
  /// `offset` is the byte at which reading went wrong, or -1 where no byte is to blame.
  explicit DataError(const std::string& file, const std::string& what, std::int64_t offset = -1)
      : Error(file + ": " + what + (offset >= 0 ? " (at byte " + std::to_string(offset) + ")" : "")),
        file_(file),
        offset_(offset) {}

  const std::string& file() const { return file_; }
  std::int64_t offset() const { return offset_; }

 private:
  std::string file_;
  std::int64_t offset_;
};

/// A checkpoint that does not belong to this model or run, or is damaged.
class CheckpointError : public Error {
 public:
  using Error::Error;
};

/// Training met a value that is not finite.
class DivergenceError : public Error {
 public:
  using Error::Error;
};

}  // namespace eigan::inline EIGAN_ABI
