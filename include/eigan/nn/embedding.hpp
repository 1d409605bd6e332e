#pragma once

#include <concepts>
#include <cstdint>
#include <string>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "../ops/gather.hpp"
#include "../ops/reshape.hpp"
#include "init.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// A trained vector for each of `count` classes or words. weight: [count, width], from N(0, 1).
/// labels: [...] of 0 to count - 1 -> [..., width]. Throws ShapeError for a label outside.
template <std::floating_point S = float>
class Embedding {
 public:
  using Scalar = S;
  static constexpr const char* name = "Embedding";
  static constexpr bool is_per_sample = true;

  Embedding(Index count, Index width) : weight_(Shape{count, width}, init::normal()) {}

  template <std::integral T>
  Variable<S> forward(const Tensor<T>& labels, const Pass<S>& pass = {}) const {
    check(labels);
    const Tensor<std::int64_t> rows = labels.template cast<std::int64_t>();
    Shape shape = labels.shape();
    shape.push_back(weight_.shape()[1]);
    return reshape(gather(pass(weight_), rows.reshaped(Shape{rows.size()})), shape);
  }

  void visit(auto&& field) { field("weight", weight_); }

 private:
  template <class T>
  void check(const Tensor<T>& labels) const {
    const Index count = weight_.shape()[0];
    for (const T* label = labels.data(); label != labels.data() + labels.size(); ++label)
      if (*label < 0 || static_cast<Index>(*label) >= count)
        throw ShapeError("Embedding: expected labels of 0 to " + std::to_string(count - 1) + ", got " +
                         std::to_string(*label));
  }

  Parameter<S> weight_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
