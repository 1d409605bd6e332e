// Elementary functions on vectors of doubles, lane by lane through the standard library: doubles serve where accuracy
// matters and speed does not. So does a power with any exponent, in either precision.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class V, class Function>
[[gnu::always_inline]] inline V by_lane(V x, const Function& function) {
  Element<V> values[lanes<Element<V>>];
  __builtin_memcpy(values, &x, sizeof x);
#pragma GCC unroll 1
  for (auto& value : values) value = function(value);
  __builtin_memcpy(&x, values, sizeof x);
  return x;
}

[[gnu::always_inline]] inline Vec<double> exp(Vec<double> x) {
  return by_lane(x, [](double v) { return std::exp(v); });
}
[[gnu::always_inline]] inline Vec<double> expm1(Vec<double> x) {
  return by_lane(x, [](double v) { return std::expm1(v); });
}
[[gnu::always_inline]] inline Vec<double> log(Vec<double> x) {
  return by_lane(x, [](double v) { return std::log(v); });
}
[[gnu::always_inline]] inline Vec<double> tanh(Vec<double> x) {
  return by_lane(x, [](double v) { return std::tanh(v); });
}
[[gnu::always_inline]] inline Vec<double> sigmoid(Vec<double> x) { return 1.0 / (exp(-x) + 1.0); }
[[gnu::always_inline]] inline Vec<double> softplus(Vec<double> x) {
  const Vec<double> rest = by_lane(-abs(x), [](double v) { return std::log1p(std::exp(v)); });
  return keep_nan(x, (x > 0.0 ? x : Vec<double>{}) + rest);
}
[[gnu::always_inline]] inline Vec<double> sin(Vec<double> x) {
  return by_lane(x, [](double v) { return std::sin(v); });
}
[[gnu::always_inline]] inline Vec<double> cos(Vec<double> x) {
  return by_lane(x, [](double v) { return std::cos(v); });
}
[[gnu::always_inline]] inline Vec<double> erf(Vec<double> x) {
  return by_lane(x, [](double v) { return std::erf(v); });
}
[[gnu::always_inline]] inline Vec<double> normal_cdf(Vec<double> x) {
  return by_lane(x, [](double v) { return std::erfc(v * -0.70710678118654752440) / 2; });
}

template <class V>
[[gnu::always_inline]] inline V pow(V x, Element<V> exponent) {
  return by_lane(x, [exponent](auto v) { return std::pow(v, exponent); });
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
