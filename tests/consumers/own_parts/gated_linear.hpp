// A user's own layer: one class.
#pragma once

#include <eigan/eigan.hpp>

/// sigmoid(x W_g) * (x W): a gated linear unit (Dauphin et al. 2017).
class GatedLinear {
 public:
  using Scalar = float;
  static constexpr const char* name = "GatedLinear";
  static constexpr bool is_per_sample = true;

  GatedLinear(eigan::Index in, eigan::Index out) : value_(in, out), gate_(in, out) {}

  eigan::Variable<float> forward(const eigan::Variable<float>& x, const eigan::nn::Pass<float>& pass) const {
    return sigmoid(gate_.forward(x, pass)) * value_.forward(x, pass);
  }
  void visit(auto&& field) {
    field("value", value_);
    field("gate", gate_);
  }

 private:
  eigan::nn::Linear<float> value_, gate_;
};
