#pragma once

#include <concepts>
#include <string>

#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/error.hpp"
#include "../ops/activation.hpp"
#include "../ops/arithmetic.hpp"
#include "../ops/elementwise.hpp"
#include "../ops/reduce.hpp"
#include "penalty_context.hpp"

namespace eigan::inline EIGAN_ABI::loss {

struct LeCamOptions {
  double decay = 0.99;     ///< of the moving averages
  Index start = 0;         ///< the first step that is penalised; the averages follow before it
  bool one_sided = false;  ///< square only what exceeds the average of the other side, as the authors' code does
};

/// weight * (E[(D(x) - a_F)^2] + E[(D(G(z)) - a_R)^2]), where a_R and a_F are moving averages of the mean outputs for
/// real and for generated samples (Tseng et al. 2021): keeps what the discriminator says of the two close, for
/// small data sets. The averages start as the first means; each update moves them first.
class LeCam {
 public:
  static constexpr const char* name = "lecam";

  /// Throws ConfigError for a negative weight or a decay outside of [0, 1].
  explicit LeCam(double weight = 0.3, const LeCamOptions& options = {}) : weight_(weight), options_(options) {
    if (!(weight >= 0) || !(options.decay >= 0 && options.decay <= 1))
      throw ConfigError("LeCam: expected a weight of 0 or more and a decay in [0, 1], got " + std::to_string(weight) +
                        " and " + std::to_string(options.decay));
  }

  template <std::floating_point S>
  Variable<S> operator()(const PenaltyContext<S>& here) {
    const Variable<S> real = here.outputs_of_real(), fake = here.outputs_of_fake();
    const double keep = has_averages_ != 0 ? options_.decay : 0;
    real_average_ = keep * real_average_ + (1 - keep) * static_cast<double>(mean(detach(real)).item());
    fake_average_ = keep * fake_average_ + (1 - keep) * static_cast<double>(mean(detach(fake)).item());
    has_averages_ = 1;
    if (here.step < options_.start) return {};
    const Variable<S> above = real - fake_average_, below = real_average_ - fake;
    if (options_.one_sided) return weight_ * (mean(square(relu(above))) + mean(square(relu(below))));
    return weight_ * (mean(square(above)) + mean(square(below)));
  }

  void settings(auto&& field) const {
    field("weight", weight_);
    field("decay", options_.decay);
    field("start", static_cast<double>(options_.start));
    field("one_sided", options_.one_sided ? 1.0 : 0.0);
  }
  void visit(auto&& field) {
    field("has_averages", has_averages_);
    field("real_average", real_average_);
    field("fake_average", fake_average_);
  }

 private:
  double weight_;
  LeCamOptions options_;
  double has_averages_ = 0, real_average_ = 0, fake_average_ = 0;
};

}  // namespace eigan::inline EIGAN_ABI::loss
