// The vector code of the tags in operations.hpp, one overload of apply() for each.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class V>
[[gnu::always_inline]] inline V apply(op::Copy, V x) {
  return x;
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::Affine<T>& op, Vec<T> x) {
  return x * op.scale + op.shift;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Exp, V x) {
  return exp(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Log, V x) {
  return log(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Sqrt, V x) {
  return sqrt(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Tanh, V x) {
  return tanh(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Sigmoid, V x) {
  return sigmoid(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Softplus, V x) {
  return softplus(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Sin, V x) {
  return sin(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Cos, V x) {
  return cos(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Erf, V x) {
  return erf(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Abs, V x) {
  return abs(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Sign, V x) {
  using T = Element<V>;
  const V one = broadcast<T>(1), minus_one = broadcast<T>(-1);
  return nan_or(x, x > 0 ? one : x < 0 ? minus_one : V{});
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Square, V x) {
  return x * x;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Reciprocal, V x) {
  return Element<V>(1) / x;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::ReciprocalSqrt, V x) {
  return Element<V>(1) / sqrt(x);
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::Power<T>& op, Vec<T> x) {
  return pow(x, op.exponent);
}
template <int Halves, class V>
[[gnu::always_inline]] inline V apply(op::HalfPower<Halves>, V x) {
  constexpr int count = Halves < 0 ? -Halves : Halves;
  const V square = x * x;
  V product = broadcast<Element<V>>(1);
  if constexpr (count / 2 == 1) product = x;
  if constexpr (count / 2 == 2) product = square;
  if constexpr (count / 2 == 3) product = square * x;
  if constexpr (count / 2 == 4) product = square * square;
  static_assert(count / 2 <= 4);
  if constexpr (count % 2 == 1) product = count > 1 ? product * sqrt(x) : sqrt(x);
  if constexpr (Halves < 0) product = Element<V>(1) / product;
  return product;
}

template <class V>
[[gnu::always_inline]] inline V apply(op::Relu, V x) {
  return keep_nan(x, x <= 0 ? V{} : x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Gelu, V x) {
  return x * normal_cdf(x);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Silu, V x) {
  return x * sigmoid(x);
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::LeakyRelu<T>& op, Vec<T> x) {
  const Vec<T> scaled = x * op.slope;
  return x > 0 ? x : scaled;
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::Elu<T>& op, Vec<T> x) {
  const Vec<T> below = op.alpha * expm1(x > 0 ? Vec<T>{} : x);
  return keep_nan(x, x > 0 ? x : below);
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::Clamp<T>& op, Vec<T> x) {
  return minimum(maximum(x, broadcast(op.low)), broadcast(op.high));
}

template <class V>
[[gnu::always_inline]] inline V apply(op::Add, V a, V b) {
  return a + b;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Subtract, V a, V b) {
  return a - b;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Multiply, V a, V b) {
  return a * b;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Divide, V a, V b) {
  return a / b;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Maximum, V a, V b) {
  return maximum(a, b);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Minimum, V a, V b) {
  return minimum(a, b);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Greater, V a, V b) {
  const V one = broadcast<Element<V>>(1);
  return a > b ? one : V{};
}
template <class V>
[[gnu::always_inline]] inline V apply(op::GreaterEqual, V a, V b) {
  const V one = broadcast<Element<V>>(1);
  return a >= b ? one : V{};
}
template <class V>
[[gnu::always_inline]] inline V apply(op::Equal, V a, V b) {
  const V one = broadcast<Element<V>>(1);
  return a == b ? one : V{};
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::AddScaled<T>& op, Vec<T> a, Vec<T> b) {
  return a + op.scale * b;
}

template <class V>
[[gnu::always_inline]] inline V apply(op::Where, V mask, V b, V c) {
  return mask != 0 ? b : c;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::MultiplyAdd, V a, V b, V c) {
  return a * b + c;
}

template <class V>
[[gnu::always_inline]] inline V apply(op::ReluBackward, V dy, V y) {
  return y <= 0 ? V{} : dy;
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::LeakyReluBackward<T>& op, Vec<T> dy, Vec<T> y) {
  const Vec<T> scaled = dy * op.slope;
  return y > 0 ? dy : scaled;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::TanhBackward, V dy, V y) {
  return dy * (Element<V>(1) - y * y);
}
template <class V>
[[gnu::always_inline]] inline V apply(op::SigmoidBackward, V dy, V y) {
  return dy * (y * (Element<V>(1) - y));
}
template <class V>
[[gnu::always_inline]] inline V apply(op::SoftplusBackward, V dy, V x) {
  return dy * sigmoid(x);
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::EluBackward<T>& op, Vec<T> dy, Vec<T> y) {
  const Vec<T> below = dy * (y + op.alpha);
  return y > 0 ? dy : below;
}
template <class V>
[[gnu::always_inline]] inline V apply(op::GeluBackward, V dy, V x) {
  using T = Element<V>;
  return dy * (normal_cdf(x) + x * (exp(x * x * T(-0.5)) * T(0.39894228040143267794)));
}
template <class V>
[[gnu::always_inline]] inline V apply(op::SiluBackward, V dy, V x) {
  const V s = sigmoid(x);
  return dy * (s * (Element<V>(1) + x * (Element<V>(1) - s)));
}
template <class T>
[[gnu::always_inline]] inline Vec<T> apply(const op::ClampBackward<T>& op, Vec<T> dy, Vec<T> x) {
  return x < op.low ? Vec<T>{} : x > op.high ? Vec<T>{} : dy;
}

template <class First, class Second, class... V>
[[gnu::always_inline]] inline auto apply(const op::Then<First, Second>& op, V... x) {
  return apply(op.second, apply(op.first, x...));
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
