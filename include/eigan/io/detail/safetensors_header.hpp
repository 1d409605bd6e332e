#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "../../core/config.hpp"
#include "../../core/error.hpp"

namespace eigan::inline EIGAN_ABI::io::detail {

/// What a safetensors header says of one tensor, as it stands there; nothing is checked but that it is whole.
struct SafetensorsRecord {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0, end = 0;  ///< bytes, counted from the end of the header
};

struct SafetensorsHeader {
  std::vector<SafetensorsRecord> records;  ///< in the file's order
  std::vector<std::pair<std::string, std::string>> metadata;
};

/// Characters that tell where they are read from, so that an error can say at which byte it is.
class TracedCharacter {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TracedCharacter(const char* at, const char** trace) : at_(at), trace_(trace) {}
  const char& operator*() const { return *at_; }
  TracedCharacter& operator++() {
    *trace_ = ++at_;
    return *this;
  }
  TracedCharacter operator++(int) {
    TracedCharacter old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const TracedCharacter& a, const TracedCharacter& b) { return a.at_ == b.at_; }
  friend bool operator!=(const TracedCharacter& a, const TracedCharacter& b) { return a.at_ != b.at_; }

 private:
  const char* at_;
  const char** trace_;
};

/// Takes the header's JSON piece by piece: nothing is built but the records, and the first piece that does not belong
/// ends the reading.
class SafetensorsHeaderReader {
 public:
  using Json = nlohmann::json;

  SafetensorsHeaderReader(const std::string& file, std::string_view text) : file_(file), text_(text) {
    const bool complete =
        Json::sax_parse(TracedCharacter(text.data(), &at_), TracedCharacter(text.data() + text.size(), &at_), this);
    if (!complete) fail("the header is not what the format says");
  }

  SafetensorsHeader take() { return std::move(header_); }

  // The pieces, in the words of nlohmann's SAX interface.
  bool start_object(std::size_t) {
    switch (place_) {
      case Place::outside:
        place_ = Place::names;
        return true;
      case Place::value_of_name:
        place_ = header_.records.back().name == "__metadata__" ? Place::metadata : Place::fields;
        seen_.clear();
        return true;
      default:
        fail("expected no object here");
    }
  }

  bool key(std::string& text) {
    if (place_ == Place::names) {
      if (!names_.insert(text).second) fail("the name '" + text + "' stands twice in the header");
      header_.records.emplace_back().name = std::move(text);
      place_ = Place::value_of_name;
      return true;
    }
    if (!seen_.insert(text).second) fail("'" + text + "' stands twice" + of_tensor());
    if (place_ == Place::metadata) {
      header_.metadata.emplace_back(std::move(text), "");
      place_ = Place::value_of_metadata;
    } else if (text == "dtype") {
      place_ = Place::dtype;
    } else if (text == "shape") {
      place_ = Place::shape;
    } else if (text == "data_offsets") {
      place_ = Place::offsets;
      offsets_.clear();
    } else {
      fail("expected dtype, shape and data_offsets" + of_tensor() + ", got '" + text + "'");
    }
    return true;
  }

  bool string(std::string& text) {
    if (place_ == Place::dtype) {
      header_.records.back().dtype = std::move(text);
      place_ = Place::fields;
    } else if (place_ == Place::value_of_metadata) {
      header_.metadata.back().second = std::move(text);
      place_ = Place::metadata;
    } else {
      fail("expected no text" + of_tensor());
    }
    return true;
  }

  bool start_array(std::size_t) {
    if (place_ == Place::shape) {
      place_ = Place::extents;
    } else if (place_ == Place::offsets) {
      place_ = Place::offset_pair;
    } else {
      fail("expected no array" + of_tensor());
    }
    return true;
  }

  bool number_unsigned(Json::number_unsigned_t number) {
    if (place_ == Place::extents && header_.records.back().shape.size() < 64) {
      header_.records.back().shape.push_back(number);
    } else if (place_ == Place::offset_pair && offsets_.size() < 2) {
      offsets_.push_back(number);
    } else {
      fail("expected no number " + std::to_string(number) + of_tensor());
    }
    return true;
  }

  bool end_array() {
    if (place_ == Place::offset_pair) {
      if (offsets_.size() != 2) fail("expected two data_offsets" + of_tensor());
      header_.records.back().begin = offsets_[0];
      header_.records.back().end = offsets_[1];
    }
    place_ = Place::fields;
    return true;
  }

  bool end_object() {
    if (place_ == Place::fields && seen_.size() != 3) fail("expected dtype, shape and data_offsets" + of_tensor());
    if (place_ == Place::metadata) header_.records.pop_back();
    place_ = place_ == Place::names ? Place::outside : Place::names;
    return true;
  }

  bool number_integer(Json::number_integer_t number) {
    fail("expected no negative number" + of_tensor() + ", got " + std::to_string(number));
  }
  bool number_float(Json::number_float_t, const std::string& text) {
    fail("expected whole numbers below 2^64" + of_tensor() + ", got " + text);
  }
  bool boolean(bool) { fail("expected no true or false" + of_tensor()); }
  bool null() { fail("expected no null" + of_tensor()); }
  bool binary(Json::binary_t&) { return false; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) {
    // "[json.exception.parse_error.101] parse error at line 1, column 9: ..."; the byte says the place better.
    const std::string_view text = error.what();
    const std::size_t colon = text.find(": ");
    fail("the header is not JSON: " + std::string(colon < text.size() ? text.substr(colon + 2) : text));
  }

 private:
  enum class Place {
    outside,
    names,
    value_of_name,
    metadata,
    value_of_metadata,
    fields,
    dtype,
    shape,
    extents,
    offsets,
    offset_pair
  };

  std::string of_tensor() const { return header_.records.empty() ? "" : " in '" + header_.records.back().name + "'"; }

  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(file_, what, 8 + (at_ ? at_ - text_.data() : 0));
  }

  const std::string& file_;
  std::string_view text_;
  const char* at_ = nullptr;
  Place place_ = Place::outside;
  std::set<std::string, std::less<>> names_, seen_;
  std::vector<std::uint64_t> offsets_;
  SafetensorsHeader header_;
};

/// Reads the JSON of a safetensors header. Throws DataError, with the byte in the file, at the first thing amiss.
[[gnu::cold]] inline SafetensorsHeader read_safetensors_header(const std::string& file, std::string_view text) {
  return SafetensorsHeaderReader(file, text).take();
}

/// Text as a JSON string, quotes included.
[[gnu::cold]] inline std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// The JSON of a safetensors header, padded with spaces so that the data begins at a multiple of 8.
[[gnu::cold]] inline std::string write_safetensors_header(const SafetensorsHeader& header) {
  std::string text = "{";
  const auto separate = [&] { text += text.back() == '{' ? "" : ","; };
  if (!header.metadata.empty()) {
    text += "\"__metadata__\":{";
    for (const auto& [key, value] : header.metadata) {
      separate();
      text += json_string(key) + ":" + json_string(value);
    }
    text += '}';
  }
  for (const SafetensorsRecord& record : header.records) {
    separate();
    text += json_string(record.name) + ":{\"dtype\":\"" + record.dtype + "\",\"shape\":[";
    for (const std::uint64_t extent : record.shape) {
      text += text.back() == '[' ? "" : ",";
      text += std::to_string(extent);
    }
    text += "],\"data_offsets\":[" + std::to_string(record.begin) + "," + std::to_string(record.end) + "]}";
  }
  text += '}';
  return text.append((8 - text.size() % 8) % 8, ' ');
}

}  // namespace eigan::inline EIGAN_ABI::io::detail
