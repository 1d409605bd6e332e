#pragma once

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "decimal.hpp"
#include "durable_write.hpp"
#include "input_file.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// Appends rows of numbers to a CSV file, under one line of column names.
class CsvWriter {
 public:
  /// Goes on with the file if it is there, else begins it. Throws DataError if it cannot be written or has other
  /// columns.
  [[gnu::cold]] CsvWriter(const std::filesystem::path& path, const std::vector<std::string>& columns)
      : name_(path.string()), columns_(columns.size()) {
    std::string header;
    for (const std::string& column : columns) header += (header.empty() ? "" : ",") + column;
    header += '\n';
    std::error_code error;
    const bool begins = !std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path, error) == 0;
    if (!begins) check_header(path, header);
    stream_.open(path, std::ios::binary | std::ios::app);
    if (!stream_) fail();
    if (begins) stream_ << header;
    flush();
  }

  /// Appends one row: numbers, or ranges of numbers, as many in all as there are columns (else ConfigError).
  template <class... Values>
  void row(const Values&... values) {
    line_.clear();
    std::size_t count = 0;
    (append(values, count), ...);
    if (count != columns_)
      throw ConfigError(name_ + ": expected a row of " + std::to_string(columns_) + " numbers, got " +
                        std::to_string(count));
    line_ += '\n';
    stream_ << line_;
  }

  /// Hands the rows so far to the system. Throws DataError if any of them could not be written.
  void flush() {
    errno = 0;
    stream_.flush();
    if (!stream_) fail();
  }

 private:
  template <class Value>
  void append(const Value& value, std::size_t& count) {
    if constexpr (std::is_arithmetic_v<Value>) {
      if (count++ > 0) line_ += ',';
      line_ += to_decimal(value);
    } else {
      for (const auto& element : value) append(element, count);
    }
  }

  [[gnu::cold]] void check_header(const std::filesystem::path& path, const std::string& header) const {
    InputFile file(path);
    std::string there(static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), header.size())), '\0');
    file.read(there.data(), there.size());
    if (there != header)
      throw DataError(name_, "expected the columns " + header.substr(0, header.size() - 1) + ", got " +
                                 there.substr(0, there.find('\n')));
  }

  [[noreturn]] void fail() const {
    throw DataError(name_, "cannot be written: " + std::generic_category().message(errno));
  }

  std::string name_;
  std::size_t columns_;
  std::ofstream stream_;
  std::string line_;
};

/// Keeps the rows of a CSV file whose number under `column` is at most `last`, and its header; a row that was cut short
/// while it was written goes too. The file is replaced whole or not at all; where there is none, nothing happens.
/// Throws DataError if there is no such column or no whole number in it.
[[gnu::cold]] inline void truncate_after(const std::filesystem::path& path, std::string_view column,
                                         std::int64_t last) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return;
  const std::vector<std::byte> bytes = read_file(path);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());

  const auto field = [](std::string_view line, std::size_t index) {
    for (; index > 0; --index) line.remove_prefix(std::min(line.find(','), line.size() - 1) + 1);
    return line.substr(0, line.find(','));
  };
  std::string kept;
  std::size_t index = 0;
  for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1) {
    end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    const std::string_view line = text.substr(begin, end - begin);
    const auto columns = static_cast<std::size_t>(std::ranges::count(line, ',')) + 1;
    if (begin == 0) {
      while (index < columns && field(line, index) != column) ++index;
      if (index == columns)
        throw DataError(path.string(), "expected a column " + std::string(column) + ", got " + std::string(line), 0);
    } else {
      std::int64_t number = 0;
      const std::string_view digits = index < columns ? field(line, index) : std::string_view();
      const auto [stop, status] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
      if (digits.empty() || status != std::errc() || stop != digits.data() + digits.size())
        throw DataError(path.string(),
                        "expected a whole number under " + std::string(column) + ", got '" + std::string(digits) + "'",
                        static_cast<std::int64_t>(begin));
      if (number > last) continue;
    }
    kept.append(line).push_back('\n');
  }
  if (kept != text) write_durably(path, kept);
}

}  // namespace eigan::inline EIGAN_ABI::io
