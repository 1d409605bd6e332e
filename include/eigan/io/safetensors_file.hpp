#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"

namespace eigan::inline EIGAN_ABI::io {

/// The element types that are read and written; a file with others is refused by name.
using SafetensorsTensor =
    std::variant<Tensor<float>, Tensor<double>, Tensor<std::int32_t>, Tensor<std::int64_t>, Tensor<std::uint8_t>>;

namespace detail {

/// The format's name of an element type.
template <class T>
constexpr std::string_view dtype_name() {
  if constexpr (std::is_same_v<T, float>) return "F32";
  if constexpr (std::is_same_v<T, double>) return "F64";
  if constexpr (std::is_same_v<T, std::int32_t>) return "I32";
  if constexpr (std::is_same_v<T, std::int64_t>) return "I64";
  if constexpr (std::is_same_v<T, std::uint8_t>) return "U8";
}

}  // namespace detail

/// The content of a safetensors file (https://github.com/huggingface/safetensors): named tensors and a map of texts,
/// both in a fixed order, so that the same content is the same bytes.
class SafetensorsFile {
 public:
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  /// `source` is what error messages call this content: a file's name.
  explicit SafetensorsFile(std::string source = "safetensors") : source_(std::move(source)) {}

  const std::string& source() const { return source_; }

  /// Appends a tensor. Throws DataError if there is one of that name, the name is "__metadata__" or the tensor
  /// undefined.
  void add(std::string name, SafetensorsTensor tensor) {
    if (!std::visit([](const auto& held) { return held.defined(); }, tensor))
      throw DataError(source_, "the tensor '" + name + "' holds nothing");
    if (name == "__metadata__" || !places_.try_emplace(name, entries_.size()).second)
      throw DataError(source_, "the name '" + name + "' is taken");
    entries_.emplace_back(std::move(name), std::move(tensor));
  }

  bool contains(std::string_view name) const { return places_.contains(name); }
  std::size_t size() const { return entries_.size(); }

  /// The tensors' names in order.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : entries_) names.push_back(entry.first);
    return names;
  }

  /// The tensor of that name with whatever elements it has. Throws DataError if there is none.
  const SafetensorsTensor& at(std::string_view name) const {
    const auto place = places_.find(name);
    if (place == places_.end()) throw DataError(source_, "there is no tensor '" + std::string(name) + "'");
    return entries_[place->second].second;
  }

  /// The tensor of that name. Throws DataError if there is none or its elements are not T.
  template <class T>
  const Tensor<T>& get(std::string_view name) const {
    const SafetensorsTensor& tensor = at(name);
    if (const auto* found = std::get_if<Tensor<T>>(&tensor)) return *found;
    const auto dtype = std::visit([](const auto& held) { return dtype_of(held); }, tensor);
    throw DataError(source_, "expected '" + std::string(name) + "' to hold " + std::string(detail::dtype_name<T>()) +
                                 ", got " + std::string(dtype));
  }

  const std::vector<std::pair<std::string, SafetensorsTensor>>& entries() const { return entries_; }

  const Metadata& metadata() const { return metadata_; }

  /// The text under a key, or null.
  const std::string* find_metadata(std::string_view key) const {
    for (const auto& [name, value] : metadata_)
      if (name == key) return &value;
    return nullptr;
  }

  /// The text under a key. Throws DataError if there is none.
  const std::string& metadata(std::string_view key) const {
    if (const std::string* const value = find_metadata(key)) return *value;
    throw DataError(source_, "there is no metadata '" + std::string(key) + "'");
  }

  /// Replaces all the texts; each key must be there once.
  void set_metadata(Metadata metadata) { metadata_ = std::move(metadata); }

  /// Sets the text under a key; a new key comes last.
  void set_metadata(std::string_view key, std::string value) {
    for (auto& [name, old] : metadata_)
      if (name == key) {
        old = std::move(value);
        return;
      }
    metadata_.emplace_back(key, std::move(value));
  }

 private:
  template <class T>
  static std::string_view dtype_of(const Tensor<T>&) {
    return detail::dtype_name<T>();
  }

  std::string source_;
  std::vector<std::pair<std::string, SafetensorsTensor>> entries_;
  std::map<std::string, std::size_t, std::less<>> places_;
  Metadata metadata_;
};

}  // namespace eigan::inline EIGAN_ABI::io
