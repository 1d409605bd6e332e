// A few parameters and a sequence of gradients for them, the same in every test.
#pragma once

#include <string>
#include <vector>

#include <eigan/autograd/parameter.hpp>
#include <eigan/core/random.hpp>
#include <eigan/optim/optimizer.hpp>

namespace test {

enum class Size { small, large };

/// Parameters of several shapes, one of them a single number, one large enough to be split among threads if asked for.
template <class S>
struct Problem {
  std::vector<std::string> names = {"0.weight", "0.bias", "scale", "last"};
  std::vector<eigan::Parameter<S>> parameters;

  explicit Problem(Size size = Size::small) {
    const eigan::Shape last = size == Size::large ? eigan::Shape{101, 1997} : eigan::Shape{11, 17};
    for (const eigan::Shape& shape : {eigan::Shape{5, 7}, eigan::Shape{5}, eigan::Shape{}, last})
      parameters.emplace_back(drawn("initial", shape));
  }

  std::vector<eigan::Parameter<S>*> pointers() {
    std::vector<eigan::Parameter<S>*> list;
    for (auto& parameter : parameters) list.push_back(&parameter);
    return list;
  }

  /// The gradients of step 0, 1, ...; rounded to float, so that both scalars see the same.
  std::vector<eigan::Variable<S>> gradients(eigan::Index step) const {
    std::vector<eigan::Variable<S>> list;
    for (const auto& parameter : parameters)
      list.emplace_back(drawn("gradient" + std::to_string(step), parameter.shape()));
    return list;
  }

  eigan::optim::Optimizer<S> optimizer(eigan::optim::AnyOptimizer<S> rule) {
    return eigan::optim::Optimizer<S>(std::move(rule), names, pointers());
  }

  void step(eigan::optim::Optimizer<S>& optimizer, eigan::Index step, double factor = 1) {
    optimizer.step(pointers(), gradients(step), factor);
  }

  /// All numbers of all parameters.
  std::vector<S> values() const {
    std::vector<S> list;
    for (const auto& parameter : parameters)
      list.insert(list.end(), parameter.data(), parameter.data() + parameter.size());
    return list;
  }

 private:
  static eigan::Tensor<S> drawn(const std::string& name, const eigan::Shape& shape) {
    eigan::RandomStream stream(5, name + eigan::to_string(shape));
    return stream.normal<float>(shape, 0.3).template cast<S>();
  }
};

}  // namespace test
