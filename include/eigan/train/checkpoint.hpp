#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>

#include "../autograd/parameter.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/random.hpp"
#include "../core/version.hpp"
#include "../io/csv.hpp"
#include "../io/safetensors.hpp"
#include "../kernels/simd/instruction_set.hpp"
#include "../nn/fields.hpp"
#include "../nn/leaves.hpp"
#include "../optim/optimizer.hpp"

// A trainer says once what its state is, by handing each part to an archive: one writes a checkpoint, the other reads
// it.

namespace eigan::inline EIGAN_ABI::train::detail {

inline constexpr std::string_view checkpoint_format = "eigan checkpoint 1";

/// Collects a trainer's state into a safetensors file: tensors by name, numbers and configuration as metadata.
template <std::floating_point S>
class CheckpointWriter {
 public:
  CheckpointWriter() {
    file_.set_metadata("format", std::string(checkpoint_format));
    file_.set_metadata("eigan_version", EIGAN_VERSION);
    file_.set_metadata("instruction_set", std::string(kernels::instruction_set_name()));
  }

  const io::SafetensorsFile& file() const { return file_; }

  [[gnu::cold]] void setting(const std::string& name, const std::string& value) {
    file_.set_metadata("config." + name, value);
  }
  template <std::integral Number>
  void number(const std::string& name, const Number& value) {
    file_.set_metadata(name, io::to_decimal(value));
  }
  void tensor(const std::string& name, const Tensor<S>& value) { file_.add(name, value); }
  void real(const std::string& name, const double& value) { file_.add(name, Tensor<double>::scalar(value)); }

  template <class Model>
  [[gnu::cold]] void model(const std::string& prefix, const Model& model) {
    nn::for_each_leaf(
        model,
        [&](const std::string& name, const auto& field) {
          if constexpr (nn::detail::is_parameter<std::remove_cvref_t<decltype(field)>>)
            tensor(name, static_cast<const Variable<S>&>(field).value());
          else
            tensor(name, field.value);
        },
        prefix);
  }
  [[gnu::cold]] void optimizer(const std::string& prefix, const optim::Optimizer<S>& optimizer) {
    number(prefix + ".steps", optimizer.steps());
    optimizer.save(prefix, [&](const std::string& name, const Tensor<S>& slot) { tensor(name, slot); });
  }

 private:
  io::SafetensorsFile file_{"checkpoint"};
};

/// Reads a trainer's state from a checkpoint. First with `apply` false, which checks that all of it is there and fits,
/// then with `apply` true: so a checkpoint is taken as a whole or not at all. Throws CheckpointError.
template <std::floating_point S>
class CheckpointReader {
 public:
  CheckpointReader(const io::SafetensorsFile& file, bool apply) : file_(file), apply_(apply) {
    const std::string* const format = file.find_metadata("format");
    if (!format || *format != checkpoint_format)
      fail("expected a checkpoint (" + std::string(checkpoint_format) + "), got " +
           (format ? *format : "another file"));
  }

  [[gnu::cold]] void setting(const std::string& name, const std::string& value) {
    const std::string saved = text("config." + name);
    if (saved != value) fail("was made with " + name + " = " + saved + ", this run has " + name + " = " + value);
  }

  template <std::integral Number>
  void number(const std::string& name, Number& value) {
    const std::string saved = text(name);
    Number parsed{};
    const auto [end, error] = std::from_chars(saved.data(), saved.data() + saved.size(), parsed);
    if (error != std::errc() || end != saved.data() + saved.size())
      fail("expected a whole number for " + name + ", got '" + saved + "'");
    if (apply_) value = parsed;
  }

  [[gnu::cold]] void tensor(const std::string& name, Tensor<S>& value) {
    const Tensor<S>& saved = find(name, value.shape());
    if (apply_) value = saved;
  }
  [[gnu::cold]] void real(const std::string& name, double& value) {
    const auto* const saved = file_.contains(name) ? std::get_if<Tensor<double>>(&file_.at(name)) : nullptr;
    if (!saved || saved->size() != 1) fail("expected the number " + name);
    if (apply_) value = saved->item();
  }

  template <class Model>
  [[gnu::cold]] void model(const std::string& prefix, Model& model) {
    nn::for_each_leaf(
        model,
        [&](const std::string& name, auto& field) {
          if constexpr (nn::detail::is_parameter<std::remove_cvref_t<decltype(field)>>) {
            const Tensor<S>& saved = find(name, field.shape());
            if (apply_) field.assign(saved);
          } else {
            tensor(name, field.value);
          }
        },
        prefix);
  }

  [[gnu::cold]] void optimizer(const std::string& prefix, optim::Optimizer<S>& optimizer) {
    Index steps = 0;
    const bool apply = std::exchange(apply_, true);
    number(prefix + ".steps", steps);
    apply_ = apply;
    optim::Optimizer<S> restored = optimizer;
    try {
      restored.restore(prefix, steps, [&](const std::string& name) -> const Tensor<S>* {
        return file_.contains(name) ? std::get_if<Tensor<S>>(&file_.at(name)) : nullptr;
      });
    } catch (const CheckpointError& error) {
      fail(error.what());
    }
    if (apply_) optimizer = std::move(restored);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw CheckpointError(file_.source() + ": " + what); }

  [[gnu::cold]] std::string text(const std::string& name) const {
    const std::string* const found = file_.find_metadata(name);
    if (!found) fail("expected the entry " + name + ", got none");
    return *found;
  }

  const Tensor<S>& find(const std::string& name, const Shape& shape) const {
    if (!file_.contains(name)) fail("expected a tensor " + name + " of shape " + to_string(shape) + ", got none");
    const auto* const found = std::get_if<Tensor<S>>(&file_.at(name));
    if (!found) fail("expected " + name + " to hold " + (sizeof(S) == 4 ? "float" : "double") + ", got another type");
    if (!(found->shape() == shape))
      fail("expected " + name + " to have shape " + to_string(shape) + ", got " + to_string(found->shape()));
    return *found;
  }

  const io::SafetensorsFile& file_;
  bool apply_;
};

/// What to say if a checkpoint was made on another instruction set than the one in use. It is no setting: the run goes
/// on. Versions that did not write it are taken as they are.
[[gnu::cold]] inline std::optional<std::string> other_instruction_set(const io::SafetensorsFile& file) {
  const std::string_view here = kernels::instruction_set_name();
  const std::string* const saved = file.find_metadata("instruction_set");
  if (!saved || *saved == here) return std::nullopt;
  return file.source() + ": was made on the instruction set " + *saved + ", this run is on " + std::string(here) +
         "; it goes on, but not bit for bit";
}

}  // namespace eigan::inline EIGAN_ABI::train::detail
