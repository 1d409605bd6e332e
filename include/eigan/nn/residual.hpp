#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <utility>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "any_layer.hpp"
#include "layer.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// x + inner(x) (He et al. 2016); where inner changes the shape, projection(x) + inner(x). Any layers:
/// `Residual(Sequential{...}, Conv2d({...}))`. Throws ShapeError if the two summands differ in shape.
template <std::floating_point S = float>
class Residual {
 public:
  using Scalar = S;
  static constexpr const char* name = "Residual";
  static constexpr bool is_per_sample = true;

  explicit Residual(AnyLayer<S> inner) : inner_(std::move(inner)) {}
  Residual(AnyLayer<S> inner, AnyLayer<S> projection) : inner_(std::move(inner)), projection_(std::move(projection)) {}

  Variable<S> forward(const Variable<S>& x, const Pass<S>& pass = {}) const {
    const Variable<S> shortcut = projection_ ? projection_->forward(x, pass) : x;
    const Variable<S> y = inner_.forward(x, pass);
    if (!(shortcut.shape() == y.shape()))
      throw ShapeError("Residual: expected " + std::string(inner_.name()) + " to return the shape " +
                       to_string(shortcut.shape()) + " of what it is added to, got " + to_string(y.shape()) +
                       (projection_ ? "" : "; give a projection"));
    return shortcut + y;
  }

  void visit(auto&& field) {
    field("inner", inner_);
    if (projection_) field("projection", *projection_);
  }

 private:
  AnyLayer<S> inner_;
  std::optional<AnyLayer<S>> projection_;
};

template <class Inner>
requires(sizeof(Inner) > 0) Residual(Inner)
->Residual<detail::DeducedScalar<Inner>>;
template <class Inner, class Projection>
Residual(Inner, Projection) -> Residual<detail::DeducedScalar<Inner, Projection>>;

}  // namespace eigan::inline EIGAN_ABI::nn
