// Elementary functions on vectors of floats: reduced to a small range, then a minimax polynomial (Remez's algorithm,
// the coefficients rounded one after the other). Errors in ulps are the worst that tests/kernels/math.cpp meets, which
// sweeps all.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

namespace detail {

/// x = exponent * log(2) + rest, |rest| <= log(2) / 2, for |x| < 2^15.
struct ExpParts {
  Vec<std::int32_t> exponent;
  Vec<float> rest;
};
[[gnu::always_inline]] inline ExpParts split_exp(Vec<float> x) {
  const Vec<std::int32_t> exponent = nearest(x * 1.44269504f);
  const Vec<float> count = __builtin_convertvector(exponent, Vec<float>);
  // log(2) in two parts, of which the first times any count is exact.
  return {exponent, as_written(x - count * 0.693115234375f) - count * 3.19461833e-5f};
}
/// exp(x) - 1 for |x| <= log(2) / 2
[[gnu::always_inline]] inline Vec<float> expm1_near_zero(Vec<float> x) {
  const Vec<float> tail = (((0.00139193633f * x + 0.00836765766f) * x + 0.0416666083f) * x + 0.166665345f) * x + 0.5f;
  return x * x * tail + x;
}
/// 2^n for -126 <= n <= 127
[[gnu::always_inline]] inline Vec<float> power_of_two(Vec<std::int32_t> n) { return from_bits<float>((n + 127) << 23); }

/// log(1 + x) for 1 + x from sqrt(1/2) to sqrt(2), with `shift` added
[[gnu::always_inline]] inline Vec<float> log1p_near_zero(Vec<float> x, Vec<float> shift) {
  Vec<float> tail = -0.0788437277f * x + 0.12892653f;
  tail = tail * x - 0.131318286f;
  tail = tail * x + 0.141807392f;
  tail = tail * x - 0.1662388f;
  tail = tail * x + 0.200023174f;
  tail = tail * x - 0.250008285f;
  tail = tail * x + 0.333333164f;
  return x + (x * x * (tail * x - 0.5f) + shift);
}

/// exp(x * x) * erfc(x) for 0 <= x <= 10: a polynomial in (x - 2.5) / (x + 2.5), over 1 + x
[[gnu::always_inline]] inline Vec<float> scaled_erfc(Vec<float> x) {
  const Vec<float> u = (x - 2.5f) / (x + 2.5f);
  Vec<float> sum = 0.00026538907f * u + 0.00038391311f;
  sum = sum * u - 0.00174538384f;
  sum = sum * u - 0.000896494312f;
  sum = sum * u + 0.014367667f;
  sum = sum * u - 0.0315098278f;
  sum = sum * u + 0.0163023155f;
  sum = sum * u + 0.0763431191f;
  sum = sum * u - 0.247046947f;
  sum = sum * u + 0.737822294f;
  return sum / (x + 1.0f);
}

/// (-1)^half_turns * sin(x - (half_turns + offset) * pi), whose last argument is at most pi / 2 in magnitude
[[gnu::always_inline]] inline Vec<float> sin_reduced(Vec<float> x, Vec<std::int32_t> half_turns, float offset) {
  const Vec<float> count = as_written(__builtin_convertvector(half_turns, Vec<float>) + offset);
  // pi in four parts, of which the first three times any count are exact.
  Vec<float> r = as_written(x - count * 3.140625f);
  r = as_written(r - count * 0.0009670257568359375f);
  r = as_written(r - count * 6.277114152908325e-07f);
  r = r - count * 1.215420125655342e-10f;
  const Vec<float> z = r * r;
  const Vec<float> tail = ((2.60572824e-06f * z - 0.000198096546f) * z + 0.00833306834f) * z - 0.166666597f;
  const Vec<float> sine = tail * z * r + r;
  return from_bits<float>(bits_of(sine) ^ (half_turns << 31));
}
/// A lane mask, by bits: NaN is not small.
inline constexpr float largest_reduced_angle = 16384.0f;
[[gnu::always_inline]] inline Vec<std::int32_t> is_small_angle(Vec<float> x) {
  return bits_of(abs(x)) <= std::bit_cast<std::int32_t>(largest_reduced_angle);
}
[[gnu::always_inline]] inline bool all(Vec<std::int32_t> mask) {
  std::int32_t result = -1;
  for (int lane = 0; lane < static_cast<int>(lanes<std::int32_t>); ++lane) result &= mask[lane];
  return result != 0;
}
/// Other angles, lane by lane; a lane's result is the same whatever its neighbours are.
template <class Function>
[[gnu::noinline]] void correct_large_angles(const Vec<float>& x, Vec<float>& result, Function function) {
  const Vec<std::int32_t> is_small = is_small_angle(x);
  for (int lane = 0; lane < static_cast<int>(lanes<float>); ++lane)
    if (!is_small[lane]) result[lane] = static_cast<float>(function(static_cast<double>(x[lane])));
}

}  // namespace detail

/// 1.1 ulp; results below 2^-126 may be flushed to 0.
[[gnu::always_inline]] inline Vec<float> exp(Vec<float> x) {
  // Beyond these the result is infinite or 0, and the parts below still are what they should be.
  const Vec<float> high = broadcast(89.0f), low = broadcast(-104.0f);
  Vec<float> clamped = x > high ? high : x;
  clamped = clamped < low ? low : clamped;
  const auto [exponent, rest] = detail::split_exp(clamped);
  const Vec<float> value = detail::expm1_near_zero(rest) + 1.0f;
  // 2^exponent in two steps: 2^128 and what lies below 2^-126 are no floats.
  const Vec<std::int32_t> half = exponent >> 1;
  const Vec<float> scaled = as_written(value * detail::power_of_two(half));
  return keep_nan(x, scaled * detail::power_of_two(exponent - half));
}

/// exp(x) - 1. 1.1 ulp; from 88 on exp(88) - 1.
[[gnu::always_inline]] inline Vec<float> expm1(Vec<float> x) {
  const Vec<float> high = broadcast(88.0f), low = broadcast(-40.0f);
  Vec<float> clamped = x > high ? high : x;
  clamped = clamped < low ? low : clamped;
  const auto [exponent, rest] = detail::split_exp(clamped);
  const Vec<float> power = detail::power_of_two(exponent);
  const Vec<float> value = detail::expm1_near_zero(rest) * power + as_written(power - 1.0f);
  return keep_nan(x, x == 0.0f ? x : value);
}

/// 1 ulp; NaN below 0, -infinity at 0.
[[gnu::always_inline]] inline Vec<float> log(Vec<float> x) {
  constexpr std::uint32_t sqrt_half = 0x3f3504f3;
  constexpr float smallest_normal = std::numeric_limits<float>::min();
  // x = 2^exponent * (1 + rest), 1 + rest from sqrt(1/2) to sqrt(2)
  const auto is_tiny = x < smallest_normal;
  const Vec<float> enlarged = x * 8388608.0f;
  // Without sign, where a difference may wrap: the sign bit of a negative x means nothing here.
  const auto bits = (Vec<std::int32_t>)((Vec<std::uint32_t>)bits_of(is_tiny ? enlarged : x) - sqrt_half);
  const Vec<float> rest = from_bits<float>((bits & 0x7fffff) + static_cast<std::int32_t>(sqrt_half)) - 1.0f;
  const Vec<std::int32_t> tiny_shift = is_tiny & 23;
  const Vec<float> exponent = __builtin_convertvector((bits >> 23) - tiny_shift, Vec<float>);
  const Vec<float> value =
      as_written(exponent * 0.693115234375f) + detail::log1p_near_zero(rest, exponent * 3.19461833e-5f);
  // All by bits but the comparison with 0, which denormals equal where they are flushed.
  const Vec<std::int32_t> whole = bits_of(x), not_a_number = Vec<std::int32_t>{} + 0x7fc00000,
                          minus_infinity = Vec<std::int32_t>{} + static_cast<std::int32_t>(0xff800000);
  Vec<std::int32_t> result = whole < 0 ? not_a_number : bits_of(value);
  result = x == 0.0f ? minus_infinity : result;
  result = whole >= infinity_bits<float> ? whole : result;
  return from_bits<float>(result);
}

/// 2.4 ulp.
[[gnu::always_inline]] inline Vec<float> tanh(Vec<float> x) {
  const Vec<float> ten = broadcast(10.0f), magnitude = abs(x);
  const Vec<float> clamped = magnitude > ten ? ten : magnitude;
  const Vec<float> value = expm1(clamped + clamped);
  return keep_nan(x, with_sign(value / (value + 2.0f), x));
}

/// 1 / (1 + exp(-x)). 2.3 ulp; results below 2^-126 are 0.
[[gnu::always_inline]] inline Vec<float> sigmoid(Vec<float> x) {
  const Vec<float> low = broadcast(-88.0f);  // keeps the divisor finite, for -ffast-math's reciprocals
  return keep_nan(x, 1.0f / (exp(x < low ? -low : -x) + 1.0f));
}

/// log(1 + exp(x)). 1.7 ulp.
[[gnu::always_inline]] inline Vec<float> softplus(Vec<float> x) {
  // max(x, 0) + log(1 + u) with u = exp(-|x|), and log(1 + u) = log(2) + log(1 + (u - 1) / 2) for the larger u
  const Vec<float> u = exp(-abs(x));
  const auto is_large = u > 0.41421356f;
  const Vec<float> halved = (u - 1.0f) * 0.5f, log_two = broadcast(0.693147181f);
  const Vec<float> log1p = detail::log1p_near_zero(is_large ? halved : u, Vec<float>{});
  const Vec<float> value = (x > 0.0f ? x : Vec<float>{}) + (log1p + (is_large ? log_two : Vec<float>{}));
  return keep_nan(x, value);
}

/// 2.4 ulp; angles beyond 16384 are reduced lane by lane.
[[gnu::always_inline]] inline Vec<float> sin(Vec<float> x) {
  const Vec<std::int32_t> is_small = detail::is_small_angle(x);
  const Vec<float> angle = is_small ? x : Vec<float>{};
  Vec<float> value = detail::sin_reduced(angle, nearest(angle * 0.318309886f), 0.0f);
  value = x == 0.0f ? x : value;
  if (!detail::all(is_small)) detail::correct_large_angles(x, value, [](double v) { return std::sin(v); });
  return value;
}
[[gnu::always_inline]] inline Vec<float> cos(Vec<float> x) {
  const Vec<std::int32_t> is_small = detail::is_small_angle(x);
  const Vec<float> angle = is_small ? abs(x) : Vec<float>{};
  // cos(x) = -(-1)^n sin(x - (n + 1/2) pi)
  Vec<float> value = -detail::sin_reduced(angle, nearest(angle * 0.318309886f - 0.5f), 0.5f);
  if (!detail::all(is_small)) detail::correct_large_angles(x, value, [](double v) { return std::cos(v); });
  return value;
}

/// 1.1 ulp.
[[gnu::always_inline]] inline Vec<float> erf(Vec<float> x) {
  const Vec<float> ten = broadcast(10.0f), magnitude = abs(x);
  const Vec<float> t = magnitude > ten ? ten : magnitude, z = t * t;
  Vec<float> tail = 7.80690316e-05f * z - 0.00079978531f;
  tail = tail * z + 0.0051871622f;
  tail = tail * z - 0.0268533472f;
  tail = tail * z + 0.112835787f;
  tail = tail * z - 0.37612626f;
  tail = tail * z + 0.128379166f;
  const Vec<float> near_zero = tail * t + t, beyond = 1.0f - exp(-z) * detail::scaled_erfc(t);
  return keep_nan(x, with_sign(t < 1.0f ? near_zero : beyond, x));
}

/// The normal distribution function, (1 + erf(x / sqrt(2))) / 2. 4 ulp above 0; below, where the result falls to 0, the
/// rounding of x * x adds x * x / 2 ulp.
[[gnu::always_inline]] inline Vec<float> normal_cdf(Vec<float> x) {
  const Vec<float> limit = broadcast(14.0f), magnitude = abs(x);
  const Vec<float> t = magnitude > limit ? limit : magnitude;
  const Vec<float> below = 0.5f * (exp(t * t * -0.5f) * detail::scaled_erfc(t * 0.707106781f)), above = 1.0f - below;
  return keep_nan(x, x > 0.0f ? above : below);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
