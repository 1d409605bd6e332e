#pragma once

// What eigan::compiled holds of nn/ and models/ for a Scalar S; why in a macro, ops.hpp says. A layer's Model inside of
// AnyLayer has all of the layer in its virtual functions: forward, fields, copies.
#define EIGAN_COMPILED_NN(TEMPLATE, S)                                                                \
  TEMPLATE class nn::Sequential<S>;                                                                   \
  TEMPLATE std::vector<Variable<S>> nn::parameters(const Sequential<S>&);                             \
  TEMPLATE Index nn::parameter_count(const Sequential<S>&);                                           \
  TEMPLATE void nn::initialize(Sequential<S>&, std::uint64_t, std::string_view);                      \
  TEMPLATE void nn::initialize(Sequential<S>&, std::uint64_t, const init::Scheme&, std::string_view); \
  TEMPLATE void nn::update_average(Sequential<S>&, const Sequential<S>&, double);                     \
  TEMPLATE std::string nn::summary(const Sequential<S>&, const Shape&);                               \
  TEMPLATE void nn::save(const Sequential<S>&, const std::filesystem::path&, const std::string&);     \
  TEMPLATE void nn::load(Sequential<S>&, const std::filesystem::path&, const std::string&);           \
  TEMPLATE void nn::load(Sequential<S>&, const io::SafetensorsFile&, const std::string&);             \
  TEMPLATE void nn::load(Sequential<S>&, std::span<const std::byte>, const std::string&);             \
                                                                                                      \
  TEMPLATE class nn::Conv<S, 1>;                                                                      \
  TEMPLATE class nn::Conv<S, 2>;                                                                      \
  TEMPLATE class nn::Conv<S, 3>;                                                                      \
  TEMPLATE class nn::ConvTranspose<S, 1>;                                                             \
  TEMPLATE class nn::ConvTranspose<S, 2>;                                                             \
  TEMPLATE class nn::ConvTranspose<S, 3>;                                                             \
  TEMPLATE class nn::Linear<S>;                                                                       \
  TEMPLATE class nn::Embedding<S>;                                                                    \
  TEMPLATE class nn::BatchNorm<S>;                                                                    \
  TEMPLATE class nn::GroupNorm<S>;                                                                    \
  TEMPLATE class nn::InstanceNorm<S>;                                                                 \
  TEMPLATE class nn::LayerNorm<S>;                                                                    \
  TEMPLATE class nn::RMSNorm<S>;                                                                      \
  TEMPLATE class nn::VirtualBatchNorm<S>;                                                             \
  TEMPLATE class nn::PReLU<S>;                                                                        \
  TEMPLATE class nn::MinibatchDiscrimination<S>;                                                      \
  TEMPLATE class nn::NoiseInjection<S>;                                                               \
  TEMPLATE class nn::Residual<S>;                                                                     \
  TEMPLATE class nn::ResidualDown<S>;                                                                 \
  TEMPLATE class nn::ResidualUp<S>;                                                                   \
  TEMPLATE class nn::SelfAttention<S>;                                                                \
  TEMPLATE class nn::SqueezeExcitation<S>;                                                            \
  TEMPLATE class nn::ReconstructionError<S>;                                                          \
  TEMPLATE class nn::ConcatCondition<S>;                                                              \
  TEMPLATE class nn::ConditionalBatchNorm<S>;                                                         \
  TEMPLATE class nn::AdaptiveInstanceNorm<S>;                                                         \
  TEMPLATE class nn::Projection<nn::Linear<S>, nn::Linear<S>>;                                        \
  TEMPLATE class nn::Classifying<S>;                                                                  \
                                                                                                      \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Linear<S>>;                                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Conv1d<S>>;                                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Conv2d<S>>;                                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Conv3d<S>>;                                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ConvTranspose1d<S>>;                                     \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ConvTranspose2d<S>>;                                     \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ConvTranspose3d<S>>;                                     \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::BatchNorm<S>>;                                           \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::GroupNorm<S>>;                                           \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::InstanceNorm<S>>;                                        \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::LayerNorm<S>>;                                           \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::RMSNorm<S>>;                                             \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::VirtualBatchNorm<S>>;                                    \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::PReLU<S>>;                                               \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::MinibatchDiscrimination<S>>;                             \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::NoiseInjection<S>>;                                      \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Residual<S>>;                                            \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ResidualDown<S>>;                                        \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ResidualUp<S>>;                                          \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::SelfAttention<S>>;                                       \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::SqueezeExcitation<S>>;                                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ReconstructionError<S>>;                                 \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ConcatCondition<S>>;                                     \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ConditionalBatchNorm<S>>;                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::AdaptiveInstanceNorm<S>>;                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Projection<nn::Linear<S>, nn::Linear<S>>>;               \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Sequential<S>>;                                          \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::SpectralNorm<nn::Linear<S>>>;                            \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::SpectralNorm<nn::Conv2d<S>>>;                            \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::SpectralNorm<nn::ConvTranspose2d<S>>>;                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::WeightNorm<nn::Linear<S>>>;                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::WeightNorm<nn::Conv2d<S>>>;                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::WeightNorm<nn::ConvTranspose2d<S>>>;                     \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::EqualizedLearningRate<nn::Linear<S>>>;                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::EqualizedLearningRate<nn::Conv2d<S>>>;                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::EqualizedLearningRate<nn::ConvTranspose2d<S>>>;          \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ReLU>;                                                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::LeakyReLU>;                                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ELU>;                                                    \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::GELU>;                                                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::SiLU>;                                                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Softplus>;                                               \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Tanh>;                                                   \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Sigmoid>;                                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Softmax>;                                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Dropout>;                                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Maxout>;                                                 \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::MinibatchStandardDeviation>;                             \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Packing>;                                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ReflectPad>;                                             \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::ReplicatePad>;                                           \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::PixelNorm>;                                              \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::PixelShuffle>;                                           \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::AveragePool>;                                            \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::MaxPool>;                                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::GlobalAveragePool>;                                      \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::GlobalSumPool>;                                          \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Flatten>;                                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Reshape>;                                                \
  TEMPLATE struct nn::AnyLayer<S>::Model<nn::Upsample>;                                               \
                                                                                                      \
  TEMPLATE models::Networks<S> models::mlp(const models::MlpOptions&);                                \
  TEMPLATE models::Networks<S> models::dcgan(const models::DcganOptions&);                            \
  TEMPLATE models::Networks<S> models::sngan(const models::SnganOptions&);                            \
  TEMPLATE models::Networks<S> models::sngan_resnet(const models::SnganResnetOptions&);               \
  TEMPLATE models::Networks<S> models::wgan_gp_resnet(const models::WganGpResnetOptions&);            \
  TEMPLATE models::Networks<S> models::r3gan(const models::R3ganOptions&);
