#pragma once

#include <concepts>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/slice.hpp"
#include "../ops/sum_to.hpp"
#include "condition.hpp"
#include "condition_features.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// Appends the pass's condition to each position's channels (conditional GANs, Mirza and Osindero 2014):
/// `nn::ConcatCondition<>({.classes = 10})`. embedding: [classes, options.embedding], if that is not 0; drawn from
/// N(0, 1). x: [N, ..., C] -> [N, ..., C + width()]. Throws ConfigError if the pass has no such condition, ShapeError
/// if it does not fit x.
template <std::floating_point S = float>
class ConcatCondition {
 public:
  using Scalar = S;
  static constexpr const char* name = "ConcatCondition";
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_condition = true;

  explicit ConcatCondition(const ConditionOptions& options) : features_(name, options) {}

  /// How many channels are appended.
  Index width() const { return features_.size(); }

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    if (x.rank() < 2) throw ShapeError("ConcatCondition: expected input [N, ..., C], got " + to_string(x.shape()));
    Shape shape = x.shape();
    shape[x.rank() - 1] = width();
    return concat<S>({x, expand(detail::beside(features_.forward(x.extent(0), pass), x), shape)}, -1);
  }

  void visit(auto&& field) { features_.visit(field); }

 private:
  detail::ConditionFeatures<S> features_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
