// The optimizers' formulas on vectors, and the loop over parameter, gradient and slots. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

template <class T>
[[gnu::always_inline]] inline Vec<T> step(const rule::Sgd<T>& rule, Vec<T> p, Vec<T> g, Vec<T>*) {
  return p - rule.rate * (g + rule.weight_decay * p);
}

template <class T>
[[gnu::always_inline]] inline Vec<T> step(const rule::MomentumSgd<T>& rule, Vec<T> p, Vec<T> g, Vec<T>* slots) {
  g += rule.weight_decay * p;
  slots[0] = rule.momentum * slots[0] + g;
  return p - rule.rate * (rule.nesterov ? g + rule.momentum * slots[0] : slots[0]);
}

template <class T, bool Centered, bool Momentum>
[[gnu::always_inline]] inline Vec<T> step(const rule::RmsProp<T, Centered, Momentum>& rule, Vec<T> p, Vec<T> g,
                                          Vec<T>* slots) {
  g += rule.weight_decay * p;
  slots[0] = rule.alpha * slots[0] + rule.one_minus_alpha * (g * g);
  Vec<T> spread = slots[0];
  if constexpr (Centered) {
    slots[1] = rule.alpha * slots[1] + rule.one_minus_alpha * g;
    spread -= slots[1] * slots[1];
  }
  Vec<T> move = g / (sqrt(maximum(spread, Vec<T>{})) + rule.epsilon);
  if constexpr (Momentum) {
    constexpr int last = Centered ? 2 : 1;
    move = slots[last] = rule.momentum * slots[last] + move;
  }
  return p - rule.rate * move;
}

template <class T>
[[gnu::always_inline]] inline Vec<T> step(const rule::Adam<T>& rule, Vec<T> p, Vec<T> g, Vec<T>* slots) {
  g += rule.weight_decay * p;
  slots[0] = rule.beta1 * slots[0] + rule.one_minus_beta1 * g;
  slots[1] = rule.beta2 * slots[1] + rule.one_minus_beta2 * (g * g);
  return rule.keep * p - rule.step_size * (slots[0] / (sqrt(slots[1]) * rule.root_scale + rule.epsilon));
}

template <class T>
[[gnu::always_inline]] inline Vec<T> step(const rule::MovingAverage<T>& rule, Vec<T> p, Vec<T> g, Vec<T>*) {
  return p + rule.one_minus_decay * (g - p);
}

template <class T>
[[gnu::always_inline]] inline Vec<T> step(const rule::Clip<T>& rule, Vec<T> p, Vec<T>, Vec<T>*) {
  return minimum(maximum(p, broadcast(rule.low)), broadcast(rule.high));
}

/// For whole vectors; `size` is a multiple of the lanes. A null `gradient` reads as zeros.
template <class Rule, class T>
[[gnu::noinline]] void update_vectors(const Rule& rule, T gradient_scale, Index size, T* p, const T* gradient,
                                      T* const* slots) {
  const Rule constants = rule;
  T* slot[Rule::slots + 1] = {};
  for (int s = 0; s < Rule::slots; ++s) slot[s] = slots[s];
  for (Index i = 0; i < size; i += lanes<T>) {
    Vec<T> kept[Rule::slots + 1] = {};
    for (int s = 0; s < Rule::slots; ++s) kept[s] = load<T>(slot[s] + i);
    const Vec<T> g = gradient ? load<T>(gradient + i) * gradient_scale : Vec<T>{};
    store<T>(p + i, step(constants, load<T>(p + i), g, kept));
    for (int s = 0; s < Rule::slots; ++s) store<T>(slot[s] + i, kept[s]);
  }
}

/// The tail runs the same code on padded vectors, as in map.inl.
template <class Rule, class T>
void update(const Rule& rule, T gradient_scale, Index size, T* p, const T* gradient, T* const* slots) {
  const Index whole = size / lanes<T> * lanes<T>;
  if (whole > 0) update_vectors(rule, gradient_scale, whole, p, gradient, slots);
  if (whole == size) return;
  const auto rest = static_cast<std::size_t>(size - whole) * sizeof(T);
  T tail[Rule::slots + 2][lanes<T>] = {};
  T* tail_slots[Rule::slots + 1] = {};
  for (int s = 0; s < Rule::slots; ++s) {
    tail_slots[s] = tail[s + 2];
    __builtin_memcpy(tail_slots[s], slots[s] + whole, rest);
  }
  __builtin_memcpy(tail[0], p + whole, rest);
  if (gradient) __builtin_memcpy(tail[1], gradient + whole, rest);
  update_vectors(rule, gradient_scale, lanes<T>, tail[0], static_cast<const T*>(tail[1]),
                 static_cast<T* const*>(tail_slots));
  __builtin_memcpy(p + whole, tail[0], rest);
  for (int s = 0; s < Rule::slots; ++s) __builtin_memcpy(slots[s] + whole, tail_slots[s], rest);
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
