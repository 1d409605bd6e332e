#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "../kernels/update.hpp"
#include "any_optimizer.hpp"

namespace eigan::inline EIGAN_ABI::optim {

/// An optimizer at work on a list of named parameters: the rule, what it keeps for each parameter (its slots), and how
/// many steps it took. A value: a copy goes on from here by itself, and costs nothing until one of the two steps.
template <std::floating_point S = float>
class Optimizer {
 public:
  /// `names` and `parameters` go together; the slots start as zeros of the parameters' shapes. The parameters
  /// themselves are not kept.
  [[gnu::cold]] Optimizer(AnyOptimizer<S> rule, std::vector<std::string> names,
                          std::span<Parameter<S>* const> parameters)
      : rule_(std::move(rule)), slot_names_(rule_.slots()), names_(std::move(names)) {
    expect_count("parameters", static_cast<Index>(parameters.size()));
    slots_.reserve(names_.size() * slot_names_.size());
    for (const Parameter<S>* parameter : parameters) {
      shapes_.push_back(parameter->shape());
      for (std::size_t slot = 0; slot < slot_names_.size(); ++slot)
        slots_.push_back(Tensor<S>::zeros(parameter->shape()));
    }
    slot_pointers_.resize(slots_.size());
    tensors_.resize(names_.size());
  }

  /// One step: writes the parameters and the slots in one pass. `parameters` and `gradients` stand in the order of the
  /// names; the learning rate is multiplied with `factor` and each gradient with `gradient_scale` (see
  /// clip_scale). Allocates nothing from the second call on.
  /// Throws ShapeError, before anything is written, if a parameter or a gradient has not the shape it should have.
  void step(std::span<Parameter<S>* const> parameters, std::span<const Variable<S>> gradients, double factor = 1,
            double gradient_scale = 1) {
    expect_count("parameters", static_cast<Index>(parameters.size()));
    expect_count("gradients", static_cast<Index>(gradients.size()));
    for (std::size_t i = 0; i < names_.size(); ++i) {
      expect_shape("parameter", i, parameters[i]->value().shape());
      expect_shape("gradient of", i, gradients[i].shape());
    }
    const std::size_t slot_count = slot_names_.size();
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) slot_pointers_[slot] = slots_[slot].mutable_data();
    for (std::size_t i = 0; i < names_.size(); ++i)
      tensors_[i] = {.parameter = parameters[i]->mutable_data(),
                     .gradient = gradients[i].data(),
                     .slots = std::span<S* const>(slot_pointers_.data() + i * slot_count, slot_count),
                     .size = shapes_[i].size()};
    rule_.step(tensors_, ++steps_, factor, gradient_scale);
  }

  const AnyOptimizer<S>& rule() const { return rule_; }
  const std::vector<std::string>& names() const { return names_; }
  /// The steps taken so far: Adam's t.
  Index steps() const { return steps_; }

  /// What is kept for parameter `index` as leaves, to start AnyOptimizer::differentiable_step from.
  std::vector<Variable<S>> state(Index index) const {
    std::vector<Variable<S>> variables;
    for (std::size_t slot = 0; slot < slot_names_.size(); ++slot)
      variables.emplace_back(slots_[static_cast<std::size_t>(index) * slot_names_.size() + slot]);
    return variables;
  }

  /// Every slot as field(name, const Tensor<S>&), named "<prefix>.<slot>.<parameter>"; with steps(), all that a
  /// checkpoint needs.
  template <class Field>
  [[gnu::cold]] void save(std::string_view prefix, Field&& field) const {
    for (std::size_t i = 0; i < slots_.size(); ++i) field(slot_name(prefix, i), slots_[i]);
  }

  /// Goes on from saved slots. `find(name)` gives a `const Tensor<S>*`, nullptr if there is none of that name.
  /// Throws CheckpointError, and changes nothing, if a slot is missing or has another shape.
  template <class Find>
  [[gnu::cold]] void restore(std::string_view prefix, Index steps, Find&& find) {
    std::vector<Tensor<S>> found;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const std::string name = slot_name(prefix, i);
      const Tensor<S>* const saved = find(name);
      if (!saved) throw CheckpointError("expected the optimizer's tensor " + name + ", got none");
      if (!(saved->shape() == slots_[i].shape()))
        throw CheckpointError(name + ": expected shape " + to_string(slots_[i].shape()) + ", got " +
                              to_string(saved->shape()));
      found.push_back(*saved);
    }
    if (steps < 0)
      throw CheckpointError("expected a count of optimizer steps of 0 or more, got " + std::to_string(steps));
    slots_ = std::move(found);
    steps_ = steps;
  }

 private:
  [[gnu::cold]] std::string slot_name(std::string_view prefix, std::size_t slot) const {
    const std::size_t count = slot_names_.size();
    return std::string(prefix) + "." + std::string(slot_names_[slot % count]) + "." + names_[slot / count];
  }

  [[gnu::cold]] void expect_count(const char* what, Index count) const {
    if (count != static_cast<Index>(names_.size()))
      throw ShapeError("Optimizer: expected " + std::to_string(names_.size()) + " " + what + ", got " +
                       std::to_string(count));
  }
  [[gnu::cold]] void expect_shape(const char* what, std::size_t i, const Shape& shape) const {
    if (!(shape == shapes_[i]))
      throw ShapeError(std::string("Optimizer: expected the ") + what + " " + names_[i] + " to have shape " +
                       to_string(shapes_[i]) + ", got " + to_string(shape));
  }

  AnyOptimizer<S> rule_;
  SlotNames slot_names_;
  std::vector<std::string> names_;
  std::vector<Shape> shapes_;
  std::vector<Tensor<S>> slots_;  // the slots of the first parameter, then those of the next
  std::vector<S*> slot_pointers_;
  std::vector<kernels::StepTensor<S>> tensors_;
  Index steps_ = 0;
};

}  // namespace eigan::inline EIGAN_ABI::optim
