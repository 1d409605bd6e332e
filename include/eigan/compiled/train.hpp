#pragma once

// What eigan::compiled holds of optim/, loss/, augment/, data/, train/ and recipes/ for a Scalar S; why in a macro,
// ops.hpp says.
#define EIGAN_COMPILED_TRAIN(TEMPLATE, S)                                                                              \
  TEMPLATE struct optim::AnyOptimizer<S>::Model<optim::Adam>;                                                          \
  TEMPLATE struct optim::AnyOptimizer<S>::Model<optim::AdamW>;                                                         \
  TEMPLATE struct optim::AnyOptimizer<S>::Model<optim::RMSProp>;                                                       \
  TEMPLATE struct optim::AnyOptimizer<S>::Model<optim::SGD>;                                                           \
  TEMPLATE class optim::Optimizer<S>;                                                                                  \
                                                                                                                       \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::BoundaryEquilibrium>;                                     \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::BoundarySeeking>;                                         \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::Custom<S>>;                                               \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::EnergyBased>;                                             \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::Hinge>;                                                   \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::LeastSquares>;                                            \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::Minimax>;                                                 \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::NonSaturating>;                                           \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::RelativisticAverage>;                                     \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::RelativisticPaired>;                                      \
  TEMPLATE struct loss::AnyLoss<S, Variable<S>>::Model<loss::Wasserstein>;                                             \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::ConsistencyRegularisation<>>;                                       \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::BalancedConsistency<>>;                                             \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::Dragan>;                                                            \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::GradientPenalty>;                                                   \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::HistoricalAveraging<S>>;                                            \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::LatentConsistency>;                                                 \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::LeCam>;                                                             \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::Orthogonal>;                                                        \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::R1>;                                                                \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::R2>;                                                                \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::R1R2>;                                                              \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::Lazily<loss::GradientPenalty>>;                                     \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::Lazily<loss::R1>>;                                                  \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::Lazily<loss::R1R2>>;                                                \
  TEMPLATE struct loss::AnyPenalty<S>::Model<loss::Scheduled<optim::CosineSchedule, loss::R1R2>>;                      \
  TEMPLATE struct augment::AnyAugmentation<S>::Model<augment::AdaptiveAugment>;                                        \
  TEMPLATE struct augment::AnyAugmentation<S>::Model<augment::DiffAugment>;                                            \
  TEMPLATE struct augment::AnyAugmentation<S>::Model<augment::InstanceNoise>;                                          \
                                                                                                                       \
  TEMPLATE struct train::detail::AnyCallback<S>::Model<train::Checkpoints>;                                            \
  TEMPLATE struct train::detail::AnyCallback<S>::Model<train::LossLog>;                                                \
  TEMPLATE struct train::detail::AnyCallback<S>::Model<train::ProgressBar>;                                            \
  TEMPLATE struct train::detail::AnyCallback<S>::Model<train::SampleGrid>;                                             \
  TEMPLATE class data::Loader<data::ImageSet, S>;                                                                      \
  TEMPLATE class data::Loader<data::PointSet, S>;                                                                      \
  TEMPLATE class train::AdversarialTrainer<nn::Sequential<S>, nn::Sequential<S>>;                                      \
  TEMPLATE Index train::AdversarialTrainer<nn::Sequential<S>, nn::Sequential<S>>::train(const data::ImageSet&, Index); \
  TEMPLATE Index train::AdversarialTrainer<nn::Sequential<S>, nn::Sequential<S>>::train(const data::PointSet&, Index); \
                                                                                                                       \
  TEMPLATE recipes::Options<S> recipes::gan();                                                                         \
  TEMPLATE recipes::Options<S> recipes::dcgan();                                                                       \
  TEMPLATE recipes::Options<S> recipes::lsgan();                                                                       \
  TEMPLATE recipes::Options<S> recipes::began();                                                                       \
  TEMPLATE recipes::Options<S> recipes::unrolled();                                                                    \
  TEMPLATE recipes::Options<S> recipes::pacgan();                                                                      \
  TEMPLATE recipes::Options<S> recipes::dragan();                                                                      \
  TEMPLATE recipes::Options<S> recipes::relativistic();                                                                \
  TEMPLATE recipes::Options<S> recipes::wgan();                                                                        \
  TEMPLATE recipes::Options<S> recipes::wgan_gp();
