// Numbers that another library computed in double, and how the tests compare with them. make_reference.py says what the
// files hold.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <eigan/autograd/grad.hpp>
#include <eigan/core/tensor.hpp>
#include <eigan/io/safetensors.hpp>

#include "catch.hpp"

namespace reference {

using eigan::Index;
using eigan::Tensor;
using eigan::Variable;

/// How far a result may lie from the reference, as a fraction of the tensor's largest magnitude.
template <std::floating_point S>
constexpr double tolerance = sizeof(S) == sizeof(double) ? 1e-10 : 1e-5;

/// One file of reference numbers: tensors by name, converted to the scalar asked for, and configurations by case.
class Reference {
 public:
  /// `name` is a file beside this header.
  explicit Reference(const std::string& name)
      : file_(eigan::io::load_safetensors(std::string(EIGAN_TEST_REFERENCE_DIR) + "/" + name)) {}

  bool contains(const std::string& name) const { return file_.contains(name); }

  template <class T>
  Tensor<T> tensor(const std::string& name) const {
    return std::visit([](const auto& held) { return held.template cast<T>(); }, file_.at(name));
  }

  nlohmann::json config(const std::string& name) const { return nlohmann::json::parse(file_.metadata(name)); }

  /// The cases whose configuration has this value under this key, in the file's order.
  std::vector<std::string> cases(const std::string& key, const std::string& value) const {
    std::vector<std::string> found;
    for (const auto& entry : file_.metadata())
      if (config(entry.first).value(key, "") == value) found.push_back(entry.first);
    return found;
  }

 private:
  eigan::io::SafetensorsFile file_;
};

/// "[1, 0, 2]" of the element at a row-major place.
inline std::string position(const eigan::Shape& shape, Index place) {
  eigan::Shape indices = shape;
  const eigan::Shape strides = shape.strides();
  for (Index axis = 0; axis < shape.rank(); ++axis) {
    indices[axis] = place / strides[axis];
    place %= strides[axis];
  }
  return to_string(indices);
}

/// Fails, naming the tensor and its worst element, unless |got - expected| <= tolerance * max |expected| everywhere.
/// A reference that is all zeros allows no more than the tolerance itself.
template <class S>
void check_close(const std::string& name, const Tensor<S>& got, const Tensor<double>& expected,
                 double tolerance = reference::tolerance<S>) {
  if (!(got.shape() == expected.shape())) {
    FAIL_CHECK(name << ": expected shape " << to_string(expected.shape()) << ", got " << to_string(got.shape()));
    return;
  }
  double largest = 0, worst = -1;
  Index place = 0;
  for (Index i = 0; i < got.size(); ++i) {
    largest = std::max(largest, std::abs(expected.data()[i]));
    const double difference = std::abs(static_cast<double>(got.data()[i]) - expected.data()[i]);
    if (!(difference <= worst)) {  // also takes a difference that is not a number
      worst = difference;
      place = i;
      if (std::isnan(difference)) break;
    }
  }
  if (got.size() == 0) return;
  INFO(name << " at " << position(got.shape(), place) << ": expected " << expected.data()[place] << ", got "
            << got.data()[place]);
  CHECK(worst <= tolerance * (largest > 0 ? largest : 1));
}

/// A leaf of a case's computation: an input ("x", "x2") or a parameter by its name.
template <std::floating_point S>
struct Leaf {
  std::string name;
  Variable<S> variable;

  bool is_input() const { return name[0] == 'x' && (name.size() == 1 || name[1] < 'a'); }
  std::string gradient_name(const std::string& prefix) const { return prefix + (is_input() ? "" : "_") + name; }
  std::string direction_name() const { return is_input() ? "v" + name.substr(1) : "v_" + name; }
};

/// The input of a case by its name ("x", "x2").
template <std::floating_point S>
Leaf<S> input(const Reference& file, const std::string& test_case, const std::string& name = "x") {
  return {name, Variable<S>(file.tensor<S>(test_case + "." + name))};
}

/// Holds y, computed from the leaves, against the case: its value, its gradients, and their gradients along the case's
/// directions.
template <std::floating_point S>
void check_case(const Reference& file, const std::string& test_case, const std::vector<Leaf<S>>& leaves,
                const Variable<S>& y, double tolerance = reference::tolerance<S>) {
  const auto check = [&](const std::string& tensor, const Variable<S>& got) {
    const std::string name = test_case + "." + tensor;
    const auto zeros = [&] { return Tensor<double>::zeros(got.shape()); };
    check_close(name, got.value(), file.contains(name) ? file.tensor<double>(name) : zeros(), tolerance);
  };
  const eigan::GradOptions options{.create_graph = true, .unreached = eigan::Unreached::zeros};
  std::vector<Variable<S>> targets;
  for (const auto& leaf : leaves) targets.push_back(leaf.variable);

  REQUIRE(file.contains(test_case + ".y"));
  check("y", y);
  const Variable<S> dy(file.tensor<S>(test_case + ".dy"));
  // What is fast and what can be differentiated again may be computed in two ways.
  const auto first = pullback(y, dy, targets, options);
  const auto fast = pullback(y, dy, targets, {.unreached = eigan::Unreached::zeros});
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    check(leaves[i].gradient_name("d"), first[i]);
    check(leaves[i].gradient_name("d"), fast[i]);
  }

  // The gradient of sum(d * v) over several d is the sum of their pullbacks.
  targets.push_back(dy);
  std::vector<Tensor<S>> second;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const Variable<S> v(file.tensor<S>(test_case + "." + leaves[i].direction_name()));
    const auto part = pullback(first[i], v, targets, {.unreached = eigan::Unreached::zeros});
    for (std::size_t j = 0; j < targets.size(); ++j) {
      if (i == 0) second.push_back(part[j].value().clone());
      S* const sum = second[j].mutable_data();
      if (i > 0)
        for (Index k = 0; k < second[j].size(); ++k) sum[k] += part[j].data()[k];
    }
  }
  for (std::size_t j = 0; j < leaves.size(); ++j) check(leaves[j].gradient_name("dd"), Variable<S>(second[j]));
  check("ddy", Variable<S>(second.back()));
}

}  // namespace reference
