#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "../autograd/parameter.hpp"
#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../core/tensor.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

/// weight * ||theta - 1/t sum_i theta[i]||^2, theta all parameters of the network whose penalty this is and theta[1] to
/// theta[t] what they were in its updates so far, this one included (Salimans et al. 2016, section 3.3). Its state are
/// t and the mean, one buffer for each parameter.
template <std::floating_point S = float>
class HistoricalAveraging {
 public:
  static constexpr const char* name = "historical_averaging";

  /// Throws ConfigError for a negative weight.
  explicit HistoricalAveraging(double weight) : weight_(weight) {
    if (!(weight >= 0))
      throw ConfigError("HistoricalAveraging: expected a weight of 0 or more, got " + std::to_string(weight));
  }

  /// Throws ConfigError for no parameters, or others than in the updates before.
  Variable<S> operator()(const PenaltyContext<S>& here) {
    prepare(here.parameters, here.parameter_names);
    if (here.parameters.empty() || here.parameters.size() != means_.size())
      throw ConfigError("HistoricalAveraging: expected the parameters of the network that it is a penalty of, " +
                        std::to_string(means_.size()) + ", got " + std::to_string(here.parameters.size()));
    const double share = 1 / ++count_;
    Variable<S> total;
    for (std::size_t i = 0; i < means_.size(); ++i) {
      const Variable<S>& parameter = here.parameters[i];
      {
        const NoGrad values_only;
        means_[i].value = ((1 - share) * Variable<S>(means_[i].value) + share * parameter).value();
      }
      const Variable<S> distance = sum(square(parameter - Variable<S>(means_[i].value)));
      total = total.defined() ? total + distance : distance;
    }
    return weight_ * total;
  }

  /// Makes the buffers, unless they are there already.
  void prepare(std::span<const Variable<S>> parameters, std::span<const std::string> names) {
    if (!means_.empty()) return;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      means_.push_back({Tensor<S>::zeros(parameters[i].shape())});
      names_.push_back("mean." + (i < names.size() ? names[i] : std::to_string(i)));
    }
  }

  void settings(auto&& field) const { field("weight", weight_); }
  void visit(auto&& field) {
    field("count", count_);
    for (std::size_t i = 0; i < means_.size(); ++i) field(names_[i], means_[i]);
  }

 private:
  double weight_, count_ = 0;
  std::vector<Buffer<S>> means_;
  std::vector<std::string> names_;
};

}  // namespace eigan::inline EIGAN_ABI::loss
