#pragma once

#include <concepts>
#include <string_view>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/reduce.hpp"
#include "condition.hpp"
#include "condition_features.hpp"
#include "init.hpp"
#include "linear.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

/// The last layer of a conditional discriminator (Miyato and Koyama 2018, eq. 3): head(h) + <condition(c), h>, how real
/// the features h look plus how well they go with the condition c. condition is linear, so that a class has a vector;
/// its weight [features, numbers of the condition] is drawn by Glorot's rule.
///
///   nn::Projection(512, {.classes = 10})
///   nn::Projection(nn::SpectralNorm(nn::Linear(512, 1)), nn::SpectralNorm(nn::Linear(10, 512, nn::Bias::no)),
///                  {.classes = 10})
///
/// x: [N, features] -> [N, 1]. Throws ConfigError if the pass has no such condition, ShapeError if x does not fit.
template <class Head = Linear<float>, class Map = Linear<float>>
class Projection {
 public:
  using Scalar = typename Head::Scalar;
  static constexpr const char* name = "Projection";
  static constexpr bool is_per_sample = true;
  static constexpr bool depends_on_condition = true;

  Projection(Index features, const ConditionOptions& condition) requires(
      std::same_as<Head, Linear<Scalar>>&& std::same_as<Map, Linear<Scalar>>)
      : features_(name, condition), head_(features, 1), map_(features_.size(), features, Bias::no) {
    // As the authors have it. By a linear layer's own rule, where few numbers come in, what a sample was asked to be
    // would at first count a hundred times as much as how it looks.
    map_.visit([](std::string_view parameter, Parameter<Scalar>& values) {
      if (parameter == "weight") values.set_initialiser(init::xavier_uniform());
    });
  }
  /// head: [N, features] -> [N, 1]; map: [N, numbers of the condition] -> [N, features].
  Projection(Head head, Map map, const ConditionOptions& condition)
      : features_(name, condition), head_(std::move(head)), map_(std::move(map)) {}

  Variable<Scalar> forward(const Variable<Scalar>& x, const Pass<Scalar>& pass = {}) const {
    if (x.rank() != 2)
      throw ShapeError("Projection: expected input [N, features], got " + to_string(x.shape()) +
                       (x.rank() > 2 ? "; put a Flatten or a mean over positions before it" : ""));
    const Variable<Scalar> asked = map_.forward(features_.forward(x.extent(0), pass), pass);
    return head_.forward(x, pass) + sum(asked * x, 1);
  }

  void visit(auto&& field) {
    features_.visit(field);
    field("head", head_);
    field("condition", map_);
  }

 private:
  detail::ConditionFeatures<Scalar> features_;
  Head head_;
  Map map_;
};

Projection(Index, const ConditionOptions&)->Projection<Linear<float>, Linear<float>>;

}  // namespace eigan::inline EIGAN_ABI::nn
