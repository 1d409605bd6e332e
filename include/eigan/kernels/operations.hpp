#pragma once

#include "../core/config.hpp"

/// What map() and map_broadcast() can do to each element: a tag with its constants. The vector code of each stands in
/// target/operations.inl. x, a, b, c are inputs in the order of the call; y is an output computed before, dy its
/// gradient. A comparison gives 1 or 0. NaN passes through everything but comparisons and where's mask (NaN counts as
/// true there).
namespace eigan::inline EIGAN_ABI::kernels::op {

struct Copy {};  ///< x

/// scale * x + shift
template <class T>
struct Affine {
  T scale, shift;
};

struct Exp {};
struct Log {};
struct Sqrt {};
struct Tanh {};
struct Sigmoid {};   ///< 1 / (1 + exp(-x))
struct Softplus {};  ///< log(1 + exp(x)), without overflow
struct Sin {};
struct Cos {};
struct Erf {};
struct Abs {};
struct Sign {};  ///< -1, 0 or 1
struct Square {};
struct Reciprocal {};      ///< 1 / x
struct ReciprocalSqrt {};  ///< 1 / sqrt(x)

/// x to a constant power, element by element; kernels::power() takes the exact and fast way where the exponent has one.
template <class T>
struct Power {
  T exponent;
};
/// x to the power Halves / 2, from products, a square root and a division: at most an ulp for each.
template <int Halves>
struct HalfPower {};

struct Relu {};  ///< max(x, 0)
struct Gelu {};  ///< x * Phi(x), Phi the normal distribution function (Hendrycks and Gimpel 2016), not its tanh form
struct Silu {};  ///< x * sigmoid(x)

/// x for x > 0, else slope * x
template <class T>
struct LeakyRelu {
  T slope;
};
/// x for x > 0, else alpha * (exp(x) - 1) (Clevert et al. 2016)
template <class T>
struct Elu {
  T alpha;
};
/// min(max(x, low), high)
template <class T>
struct Clamp {
  T low, high;
};

struct Add {};
struct Subtract {};  ///< a - b
struct Multiply {};
struct Divide {};   ///< a / b
struct Maximum {};  ///< NaN if either is
struct Minimum {};
struct Greater {};       ///< a > b
struct GreaterEqual {};  ///< a >= b
struct Equal {};         ///< a == b

/// a + scale * b
template <class T>
struct AddScaled {
  T scale;
};

struct Where {};        ///< a != 0 ? b : c
struct MultiplyAdd {};  ///< a * b + c

// Gradients: the input's from (dy, y) where the output tells enough, else from (dy, x).
struct ReluBackward {};      ///< (dy, y) -> y > 0 ? dy : 0
struct TanhBackward {};      ///< (dy, y) -> dy * (1 - y * y)
struct SigmoidBackward {};   ///< (dy, y) -> dy * y * (1 - y)
struct SoftplusBackward {};  ///< (dy, x) -> dy * sigmoid(x)
struct GeluBackward {};      ///< (dy, x) -> dy * (Phi(x) + x * phi(x))
struct SiluBackward {};      ///< (dy, x) -> dy * sigmoid(x) * (1 + x * (1 - sigmoid(x)))

/// (dy, y) -> y > 0 ? dy : slope * dy. The sign of y tells that of x for slope >= 0 only; for others pass x.
template <class T>
struct LeakyReluBackward {
  T slope;
};
/// (dy, y) -> y > 0 ? dy : dy * (y + alpha), for alpha >= 0
template <class T>
struct EluBackward {
  T alpha;
};
/// (dy, x) -> low <= x <= high ? dy : 0
template <class T>
struct ClampBackward {
  T low, high;
};

/// second(first(...)) in one pass: `Then<Add, Relu>`.
template <class First, class Second>
struct Then {
  First first;
  Second second;
};

}  // namespace eigan::inline EIGAN_ABI::kernels::op
