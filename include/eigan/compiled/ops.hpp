#pragma once

// What eigan::compiled holds of core/, autograd/ and ops/ for a Scalar S. A macro, because one list has to serve as
// declarations (`extern template`) and as definitions (`template`), and nothing but a macro can take those words. The
// kernels stand in no list: only what is listed calls them.
#define EIGAN_COMPILED_OPS(TEMPLATE, S)                                                                              \
  TEMPLATE class Tensor<S>;                                                                                          \
  TEMPLATE class Variable<S>;                                                                                        \
  TEMPLATE class Parameter<S>;                                                                                       \
                                                                                                                     \
  TEMPLATE std::vector<Variable<S>> pullback(Variable<S>, const Variable<S>&, const std::vector<Variable<S>>&,       \
                                             GradOptions);                                                           \
  TEMPLATE std::vector<Variable<S>> grad(Variable<S>, const std::vector<Variable<S>>&, GradOptions);                 \
  TEMPLATE void grad(Variable<S>, std::span<const Variable<S>>, std::span<Variable<S>>, GradOptions);                \
  TEMPLATE void detail::walk_back(Variable<S>, Variable<S>, const Variable<S>*, Index, Variable<S>*,                 \
                                  const GradOptions&);                                                               \
  TEMPLATE void detail::walk_back_from(Variable<S>, const Variable<S>*, Index, Variable<S>*, const GradOptions&);    \
                                                                                                                     \
  TEMPLATE Variable<S> ops::affine(const Variable<S>&, double, double);                                              \
  TEMPLATE Variable<S> ops::add(const Variable<S>&, const Variable<S>&);                                             \
  TEMPLATE Variable<S> ops::sub(const Variable<S>&, const Variable<S>&);                                             \
  TEMPLATE Variable<S> ops::mul(const Variable<S>&, const Variable<S>&);                                             \
  TEMPLATE Variable<S> ops::div(const Variable<S>&, const Variable<S>&);                                             \
  TEMPLATE Variable<S> ops::reciprocal(const Variable<S>&);                                                          \
                                                                                                                     \
  TEMPLATE Variable<S> ops::exp(const Variable<S>&);                                                                 \
  TEMPLATE Variable<S> ops::log(const Variable<S>&);                                                                 \
  TEMPLATE Variable<S> ops::sqrt(const Variable<S>&);                                                                \
  TEMPLATE Variable<S> ops::square(const Variable<S>&);                                                              \
  TEMPLATE Variable<S> ops::pow(const Variable<S>&, double);                                                         \
  TEMPLATE Variable<S> ops::tanh(const Variable<S>&);                                                                \
  TEMPLATE Variable<S> ops::sigmoid(const Variable<S>&);                                                             \
  TEMPLATE Variable<S> ops::softplus(const Variable<S>&);                                                            \
  TEMPLATE Variable<S> ops::sin(const Variable<S>&);                                                                 \
  TEMPLATE Variable<S> ops::cos(const Variable<S>&);                                                                 \
  TEMPLATE Variable<S> ops::erf(const Variable<S>&);                                                                 \
  TEMPLATE Variable<S> ops::sign(const Variable<S>&);                                                                \
  TEMPLATE Variable<S> ops::abs(const Variable<S>&);                                                                 \
  TEMPLATE Variable<S> ops::greater(const Variable<S>&, const Variable<S>&);                                         \
  TEMPLATE Variable<S> ops::maximum(const Variable<S>&, const Variable<S>&);                                         \
  TEMPLATE Variable<S> ops::minimum(const Variable<S>&, const Variable<S>&);                                         \
  TEMPLATE Variable<S> ops::clamp(const Variable<S>&, double, double);                                               \
  TEMPLATE Variable<S> ops::where(const Variable<S>&, const Variable<S>&, const Variable<S>&);                       \
  TEMPLATE Variable<S> ops::leaky_relu(const Variable<S>&, double);                                                  \
  TEMPLATE Variable<S> ops::relu(const Variable<S>&);                                                                \
  TEMPLATE Variable<S> ops::elu(const Variable<S>&, double);                                                         \
  TEMPLATE Variable<S> ops::silu(const Variable<S>&);                                                                \
  TEMPLATE Variable<S> ops::gelu(const Variable<S>&);                                                                \
                                                                                                                     \
  TEMPLATE Variable<S> ops::sum(const Variable<S>&);                                                                 \
  TEMPLATE Variable<S> ops::sum(const Variable<S>&, const Axes&);                                                    \
  TEMPLATE Variable<S> ops::mean(const Variable<S>&);                                                                \
  TEMPLATE Variable<S> ops::mean(const Variable<S>&, const Axes&);                                                   \
  TEMPLATE Variable<S> ops::variance(const Variable<S>&, const Axes&);                                               \
  TEMPLATE Variable<S> ops::l2_norm(const Variable<S>&, const Axes&);                                                \
  TEMPLATE Variable<S> ops::norm_per_sample(const Variable<S>&);                                                     \
  TEMPLATE Variable<S> ops::max_along(const Variable<S>&, Index);                                                    \
  TEMPLATE Variable<S> ops::sum_to(const Variable<S>&, const Shape&);                                                \
  TEMPLATE Variable<S> ops::expand(const Variable<S>&, const Shape&);                                                \
  TEMPLATE Variable<S> ops::softmax(const Variable<S>&);                                                             \
  TEMPLATE Variable<S> ops::logsumexp(const Variable<S>&);                                                           \
  TEMPLATE Variable<S> ops::log_softmax(const Variable<S>&);                                                         \
  TEMPLATE Variable<S> ops::cross_entropy(const Variable<S>&, const Labels&);                                        \
  TEMPLATE Variable<S> ops::binary_cross_entropy_with_logits(const Variable<S>&, const Variable<S>&);                \
  TEMPLATE Variable<S> ops::attention(const Variable<S>&, const Variable<S>&, const Variable<S>&);                   \
                                                                                                                     \
  TEMPLATE Variable<S> ops::reshape(const Variable<S>&, const Shape&);                                               \
  TEMPLATE Variable<S> ops::flatten(const Variable<S>&);                                                             \
  TEMPLATE Variable<S> ops::permute(const Variable<S>&, const Shape&);                                               \
  TEMPLATE Variable<S> ops::transpose(const Variable<S>&, Index, Index);                                             \
  TEMPLATE Variable<S> ops::slice(const Variable<S>&, const Shape&, const Shape&);                                   \
  TEMPLATE Variable<S> ops::pad(const Variable<S>&, const Shape&, const Shape&);                                     \
  TEMPLATE Variable<S> ops::narrow(const Variable<S>&, Index, Index, Index);                                         \
  TEMPLATE Variable<S> ops::concat(std::span<const Variable<S>>, Index);                                             \
  TEMPLATE Variable<S> ops::concat(const std::vector<Variable<S>>&, Index);                                          \
  TEMPLATE Variable<S> ops::concat(std::initializer_list<Variable<S>>, Index);                                       \
  TEMPLATE Variable<S> ops::rows(const Variable<S>&, Index, Index);                                                  \
  TEMPLATE Variable<S> ops::append_rows(const Variable<S>&, const Variable<S>&);                                     \
  TEMPLATE Variable<S> ops::gather(const Variable<S>&, const Positions&, Index);                                     \
  TEMPLATE Variable<S> ops::scatter_add(const Variable<S>&, const Positions&, Index, Index);                         \
  TEMPLATE Variable<S> ops::reflect_pad(const Variable<S>&, Index, Index, Index);                                    \
  TEMPLATE Variable<S> ops::replicate_pad(const Variable<S>&, Index, Index, Index);                                  \
                                                                                                                     \
  TEMPLATE Variable<S> ops::matmul(const Variable<S>&, const Variable<S>&, Transpose, Transpose);                    \
  TEMPLATE Variable<S> ops::linear(const Variable<S>&, const Variable<S>&, const Variable<S>&, double);              \
  TEMPLATE Variable<S> ops::convolution(const Variable<S>&, const Variable<S>&, const Variable<S>&,                  \
                                        const ConvolutionOptions&);                                                  \
  TEMPLATE Variable<S> ops::convolution_transpose(const Variable<S>&, const Variable<S>&, const Variable<S>&,        \
                                                  const ConvolutionOptions&);                                        \
  TEMPLATE Variable<S> ops::normalize(const Variable<S>&, const NormGroups&, const Variable<S>&, const Variable<S>&, \
                                      const NormalizeOptions&, Moments<S>*);                                         \
  TEMPLATE Variable<S> ops::normalize_with(const Variable<S>&, const NormGroups&, const Variable<S>&,                \
                                           const Variable<S>&, const Moments<S>&, const NormalizeOptions&);          \
  TEMPLATE Variable<S> ops::average_pool(const Variable<S>&, const Shape&, const Shape&, const Shape&, bool);        \
  TEMPLATE Variable<S> ops::max_pool(const Variable<S>&, const Shape&, const Shape&, const Shape&);                  \
  TEMPLATE Variable<S> ops::upsample_nearest(const Variable<S>&, const Shape&);                                      \
  TEMPLATE Variable<S> ops::upsample_linear(const Variable<S>&, const Shape&);
