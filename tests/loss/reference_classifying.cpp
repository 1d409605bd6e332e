// Losses on discriminators that classify, against PyTorch's: value, first and second order.
#include <string>
#include <vector>

#include <eigan/loss/loss.hpp>
#include <eigan/nn/verdict.hpp>

#include "catch.hpp"
#include "reference/reference.hpp"

using namespace eigan;
using reference::Reference;

namespace {

template <std::floating_point S>
Variable<S> one_hot(const Labels& labels, Index classes) {
  Tensor<S> asked = Tensor<S>::zeros({labels.size(), classes});
  for (Index n = 0; n < labels.size(); ++n) asked.mutable_data()[n * classes + labels.data()[n]] = 1;
  return Variable<S>(asked);
}

/// Both sides of the loss at the case's verdicts.
template <std::floating_point S, class Loss>
void check_loss(const Reference& file, const std::string& name, Loss loss) {
  for (const std::string side : {".discriminator", ".generator"}) {
    const std::string place = name + side;
    INFO(place);
    std::vector<reference::Leaf<S>> leaves;
    for (const char* input : {"x", "x2", "x3", "x4", "x5"})
      if (file.contains(place + "." + input)) leaves.push_back(reference::input<S>(file, place, input));
    REQUIRE(leaves.size() >= 4);
    const Index width = leaves[3].variable.extent(1);
    const auto asked = [&](const char* whose) {
      if (file.contains(place + ".codes")) return Variable<S>(file.tensor<S>(place + ".codes"));
      return one_hot<S>(file.tensor<std::int32_t>(place + "." + whose + "_labels"), width);
    };
    const Variable<S> twin = leaves.size() > 4 ? leaves[4].variable : Variable<S>();
    const nn::Verdict<S> real{leaves[0].variable, leaves[2].variable, twin, asked("real")};
    const nn::Verdict<S> fake{leaves[1].variable, leaves[3].variable, twin, asked("fake")};
    reference::check_case<S>(file, place, leaves,
                             side == ".generator" ? loss.generator(real, fake) : loss.discriminator(real, fake));
  }
}

}  // namespace

TEMPLATE_TEST_CASE("losses on classes and codes equal PyTorch's", "[loss][condition][reference]", float, double) {
  using S = TestType;
  const Reference file("conditions.safetensors");
  CHECK(file.cases("op", "loss").size() == 8);
  check_loss<S>(file, "auxiliary_classifier", loss::AuxiliaryClassifier(0.7));
  check_loss<S>(file, "twin_auxiliary_classifier", loss::AuxiliaryClassifier(1, loss::Hinge()));
  check_loss<S>(file, "multi_hinge", loss::MultiHinge());
  check_loss<S>(file, "info_gan", loss::InfoGAN({3, 2}, 0.8, 0.3));
}
