#pragma once

#include <cmath>
#include <concepts>
#include <numbers>
#include <string>
#include <utility>

#include "../autograd/parameter.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/arithmetic.hpp"
#include "init.hpp"
#include "pass.hpp"
#include "weight.hpp"

namespace eigan::inline EIGAN_ABI::nn {

struct EqualizedLearningRateOptions {
  double gain = std::numbers::sqrt2;    ///< He's for layers before a ReLU; 1 for a last layer
  double learning_rate_multiplier = 1;  ///< StyleGAN's mapping network has 0.01
};

/// A layer whose weight is drawn from N(0, 1) and scaled by gain / sqrt(inputs of an output) each time it is used, so
/// that an adaptive optimizer moves all layers at one speed (Karras et al. 2018, section 4.1):
/// `EqualizedLearningRate(Conv2d({...}))`. A multiplier m draws the weight from N(0, 1 / m) and scales weight and bias
/// by m (Karras et al. 2019). The bias starts at 0. Any layer with a parameter "weight" of rank 2 or more; another
/// throws ConfigError.
template <class Layer>
class EqualizedLearningRate : public detail::WithOtherWeight<EqualizedLearningRate<Layer>, Layer> {
  using Base = detail::WithOtherWeight<EqualizedLearningRate, Layer>;
  using Base::axes_, Base::layer_;

 public:
  using Scalar = typename Layer::Scalar;
  static constexpr const char* name = "EqualizedLearningRate";

  explicit EqualizedLearningRate(Layer layer, const EqualizedLearningRateOptions& options = {})
      : Base(std::move(layer)),
        multiplier_(options.learning_rate_multiplier),
        scale_(options.gain * multiplier_ / std::sqrt(static_cast<double>(axes_.inputs()))) {
    if (!(multiplier_ > 0))
      throw ConfigError("EqualizedLearningRate: expected a learning rate multiplier above 0, got " +
                        std::to_string(multiplier_));
    this->weight().set_initialiser(init::normal(0, 1 / multiplier_));
    if (auto* const bias = detail::find_parameter(layer_, "bias")) bias->set_initialiser(init::zeros());
  }

  void visit(auto&& field) { layer_.visit(field); }

 private:
  friend Base;

  Bindings<Scalar> bind(const Pass<Scalar>& pass) const {
    Bindings<Scalar> bindings = pass.bindings();
    bindings.bind(this->weight(), pass(this->weight()) * scale_);
    const auto* const bias = detail::find_parameter(layer_, "bias");
    if (bias && multiplier_ != 1) bindings.bind(*bias, pass(*bias) * multiplier_);
    return bindings;
  }

  double multiplier_, scale_;
};

}  // namespace eigan::inline EIGAN_ABI::nn
