#pragma once

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "../io/safetensors.hpp"
#include "fields.hpp"
#include "leaves.hpp"
#include "state.hpp"

/// A model's weights in and out, as safetensors: its parameters and buffers by their full names, after a prefix if one
/// is given ("generator" makes "generator.0.weight").
namespace eigan::inline EIGAN_ABI::nn {

/// Adds the model's state to a file in the making. Throws Error if a parameter has no values yet.
template <class M>
void add_to(io::SafetensorsFile& file, const M& model, const std::string& prefix = "") {
  for_each_leaf(
      model, [&](const std::string& name, const auto& field) { file.add(name, detail::value_of(field)); }, prefix);
}

/// Writes the file whole or not at all. Throws DataError if it cannot.
template <class M>
void save(const M& model, const std::filesystem::path& path, const std::string& prefix = "") {
  io::SafetensorsFile file(path.string());
  add_to(file, model, prefix);
  io::save_safetensors(path, file);
}

/// What save() writes.
template <class M>
std::vector<std::byte> to_bytes(const M& model, const std::string& prefix = "") {
  io::SafetensorsFile file;
  add_to(file, model, prefix);
  return io::to_bytes(file);
}

namespace detail {

inline std::string describe(const io::SafetensorsTensor& tensor) {
  return std::visit(
      []<class T>(const Tensor<T>& held) {
        return std::string(io::detail::dtype_name<T>()) + " " + to_string(held.shape());
      },
      tensor);
}

}  // namespace detail

/// Fills the model from the tensors whose names start with the prefix; without one, from all. Throws CheckpointError,
/// with nothing changed, if a tensor is missing, superfluous, or has another shape or element type.
template <class M>
void load(M& model, const io::SafetensorsFile& file, const std::string& prefix = "") {
  using S = ScalarOf<M>;
  std::set<std::string, std::less<>> superfluous;
  const std::string start = prefix.empty() ? "" : prefix + ".";
  for (const auto& [name, tensor] : file.entries())
    if (name.starts_with(start)) superfluous.insert(name);

  const auto find = [&](const std::string& name, const Shape& shape) -> Tensor<S> {
    const std::string expected = file.source() + ": expected '" + name + "' " +
                                 std::string(io::detail::dtype_name<S>()) + " " + to_string(shape);
    if (!file.contains(name)) throw CheckpointError(expected + ", got no tensor of that name");
    const io::SafetensorsTensor& tensor = file.at(name);
    const auto* const found = std::get_if<Tensor<S>>(&tensor);
    if (!found || !(found->shape() == shape)) throw CheckpointError(expected + ", got " + detail::describe(tensor));
    superfluous.erase(name);
    return *found;
  };
  const auto refuse_superfluous = [&] {
    // Those that find() leaves over; only known when all leaves have been found.
    if (!superfluous.empty())
      throw CheckpointError(file.source() + ": expected nothing besides the model's tensors, got '" +
                            *superfluous.begin() + "' " + detail::describe(file.at(*superfluous.begin())));
  };
  for_each_leaf(
      model, [&](const std::string& name, const auto& field) { find(name, detail::shape_of(field)); }, prefix);
  refuse_superfluous();
  detail::assign_all(model, prefix, find);
}

/// The same from a file. Throws DataError if it cannot be read or is damaged.
template <class M>
void load(M& model, const std::filesystem::path& path, const std::string& prefix = "") {
  load(model, io::load_safetensors(path), prefix);
}

/// The same from a file's bytes in memory.
template <class M>
void load(M& model, std::span<const std::byte> bytes, const std::string& prefix = "") {
  load(model, io::parse_safetensors(bytes, "bytes"), prefix);
}

}  // namespace eigan::inline EIGAN_ABI::nn
