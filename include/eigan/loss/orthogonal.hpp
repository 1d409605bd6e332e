#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/shape.hpp"
#include "../core/tensor.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/matmul.hpp"
#include "../ops/reduce.hpp"
#include "../ops/reshape.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// Whether filters shall be orthogonal to each other, of any length, or orthonormal.
enum class OrthogonalForm { off_diagonal, identity };

namespace detail {

/// A weight as its filters: one for each output, a row of a linear layer's [out, in], a column of a convolution's
/// [k..., in, out].
template <std::floating_point S>
class Filters {
 public:
  explicit Filters(const Variable<S>& weight)
      : are_rows_(weight.rank() == 2),
        weight_(are_rows_ ? weight : reshape(weight, Shape{weight.size() / weight.shape().back(), weight.extent(-1)})) {
  }

  Index count() const { return weight_.extent(are_rows_ ? 0 : 1); }
  Index size() const { return weight_.extent(are_rows_ ? 1 : 0); }
  /// The products of filters with each other, [count, count].
  Variable<S> products() const { return gram(are_rows_); }
  /// The products of the weight's other axis with itself, [size, size]; both have the same sum of squares.
  Variable<S> other_products() const { return gram(!are_rows_); }
  Variable<S> squared_lengths() const { return sum(square(weight_), are_rows_ ? 1 : 0); }

 private:
  Variable<S> gram(bool of_rows) const {
    return of_rows ? matmul(weight_, weight_, Transpose::no, Transpose::yes)
                   : matmul(weight_, weight_, Transpose::yes, Transpose::no);
  }

  bool are_rows_;
  Variable<S> weight_;
};

/// What the filters' products with each other are too much, squared and added up: all but the diagonal, or all that
/// differs from the identity.
template <std::floating_point S>
Variable<S> orthogonality_error(const Variable<S>& weight, OrthogonalForm form) {
  const Filters<S> filters(weight);
  const bool off_diagonal = form == OrthogonalForm::off_diagonal;
  const Index count = filters.count();
  if (count >= 2 * filters.size()) {  // so many filters cannot be orthogonal; the smaller matrix tells by how much
    const Variable<S> squares = sum(square(filters.other_products())), lengths = filters.squared_lengths();
    return off_diagonal ? squares - sum(square(lengths)) : squares - 2 * sum(lengths) + static_cast<double>(count);
  }
  Tensor<S> diagonal = Tensor<S>::zeros(Shape{count, count});
  for (Index i = 0; i < count; ++i) diagonal.mutable_data()[i * (count + 1)] = S(1);
  const Variable<S> products = filters.products(), one(diagonal);
  return sum(square(off_diagonal ? products * (1 - one) : products - one));
}

}  // namespace detail

/// weight * sum over W of ||W W^T . (1 - I)||_F^2, the rows of W being filters (Brock et al. 2019, eq. 3: BigGAN's
/// form, which leaves their lengths alone, weight 1e-4), or of ||W W^T - I||_F^2 (Brock et al. 2017). W are all
/// parameters of rank 2 or more of the network whose penalty this is.
class Orthogonal {
 public:
  static constexpr const char* name = "orthogonal";

  /// Throws ConfigError for a negative weight.
  explicit Orthogonal(double weight = 1e-4, OrthogonalForm form = OrthogonalForm::off_diagonal)
      : weight_(weight), form_(form) {
    if (!(weight >= 0)) throw ConfigError("Orthogonal: expected a weight of 0 or more, got " + std::to_string(weight));
  }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) const {
    Variable<S> total;
    for (const Variable<S>& parameter : here.parameters) {
      if (parameter.rank() < 2 || parameter.size() == 0) continue;
      const Variable<S> error = detail::orthogonality_error(parameter, form_);
      total = total.defined() ? total + error : error;
    }
    return total.defined() ? weight_ * total : total;
  }

  void settings(auto&& field) const {
    field("weight", weight_);
    field("form", static_cast<double>(form_));
  }

 private:
  double weight_;
  OrthogonalForm form_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
