// A user's own loss: one short file.
#pragma once

#include <eigan/eigan.hpp>

/// Softplus with a margin that the discriminator has to keep, and which grows from step to step: a state of its own.
struct SoftplusMargin {
  static constexpr const char* name = "softplus_margin";
  double growth = 0.01;
  double margin = 0;

  template <class S>
  eigan::Variable<S> discriminator(const eigan::Variable<S>& real, const eigan::Variable<S>& fake) {
    margin += growth;
    return mean(softplus(margin - real)) + mean(softplus(margin + fake));
  }
  template <class S>
  eigan::Variable<S> generator(const eigan::Variable<S>&, const eigan::Variable<S>& fake) const {
    return mean(softplus(-fake));
  }
  void settings(auto&& field) const { field("growth", growth); }
  void visit(auto&& field) { field("margin", margin); }
};
