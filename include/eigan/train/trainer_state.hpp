#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "../core/config.hpp"
#include "../core/tensor.hpp"
#include "options.hpp"

namespace eigan::inline EIGAN_ABI::train::detail {

template <class Stream, class Archive>
void show_stream(Stream& stream, const char* name, Archive& archive) {
  auto counter = stream.state().counter;
  archive.number(std::string("stream.") + name, counter);
  if constexpr (!std::is_const_v<Stream>) stream.restore({stream.state().key, counter});
}

/// Everything that a checkpoint holds, in the order in which it stands there: `play` is the trainer's AdversarialStep,
/// `average` its averaged generator, if any, `position` that of its loader. All are const for an archive that writes.
/// Configuration comes first: a checkpoint of another kind of run is then refused by the option's name and not by some
/// tensor's shape.
template <class Play, class Average, class Position, class Step, class Archive>
[[gnu::cold]] void show_state(Play& play, Average& average, Position& position, Step& step, Archive& archive) {
  show_options(play.options, archive);
  archive.number("step", step);
  archive.number("loader.epoch", position.epoch);
  archive.number("loader.batch", position.batch);
  show_stream(play.noise, "noise", archive);
  show_stream(play.dropout, "dropout", archive);
  show_stream(play.penalty, "penalty", archive);
  show_stream(play.augmentation, "augmentation", archive);
  show_stream(play.code, "codes", archive);
  archive.model("generator", play.generator.model());
  archive.model("discriminator", play.discriminator.model());
  if (average) archive.model("average", *average);
  archive.optimizer("generator_optimizer", play.generator.optimizer());
  archive.optimizer("discriminator_optimizer", play.discriminator.optimizer());
  const auto show_kept = [&](const std::string& prefix, auto& stateful) {
    stateful.visit([&](std::string_view name, auto& value) {
      if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, double>)
        archive.real(prefix + "." + std::string(name), value);
      else
        archive.tensor(prefix + "." + std::string(name), value.value);
    });
  };
  // A loss registers its state once, for writing; an archive that saves only reads it.
  auto& options = const_cast<std::remove_cvref_t<decltype(play.options)>&>(play.options);
  show_kept("loss", options.loss);
  for (std::size_t i = 0; i < options.augmentations.size(); ++i)
    show_kept("augmentation." + std::to_string(i), options.augmentations[i]);
  for (std::size_t i = 0; i < options.penalties.size(); ++i)
    show_kept("penalty." + std::to_string(i), options.penalties[i]);
  for (std::size_t i = 0; i < options.generator_penalties.size(); ++i)
    show_kept("generator_penalty." + std::to_string(i), options.generator_penalties[i]);
}

}  // namespace eigan::inline EIGAN_ABI::train::detail
