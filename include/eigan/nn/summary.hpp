#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../autograd/recording.hpp"
#include "../autograd/variable.hpp"
#include "../core/config.hpp"
#include "../core/shape.hpp"
#include "any_layer.hpp"
#include "fields.hpp"
#include "initialize.hpp"
#include "layer.hpp"
#include "pass.hpp"

namespace eigan::inline EIGAN_ABI::nn {

namespace detail {

/// A line of a summary: an inner layer, what it returned, and the parameters that it holds itself.
struct SummaryRow {
  std::string name, output;
  Index parameters = 0;
};

class OutputShapes final : public Observer {
 public:
  void returned(const void* layer, const Shape& output) override { shapes_[layer] = output; }

  /// "[N, 7, 7, 128]"; empty for a layer that nobody saw.
  std::string of(const void* layer) const {
    const auto found = shapes_.find(layer);
    return found == shapes_.end() ? "" : text(found->second);
  }
  static std::string text(const Shape& shape) {
    std::string text = "[N";
    for (Index axis = 1; axis < shape.rank(); ++axis) text += ", " + std::to_string(shape[axis]);
    return text + "]";
  }

 private:
  std::map<const void*, Shape> shapes_;
};

template <std::floating_point S>
class SummaryRows final : public FieldVisitor<S> {
 public:
  SummaryRows(std::string_view model, const OutputShapes& shapes) : shapes_(shapes) {
    rows.push_back({std::string(model), "", 0});
    open_.push_back(0);
  }

  void parameter(std::string_view, Parameter<S>& parameter) override {
    rows[open_.back()].parameters += parameter.size();
  }
  void buffer(std::string_view, Buffer<S>& buffer) override { buffered += buffer.value.size(); }
  void enter(std::string_view name, std::string_view type, const void* layer) override {
    const std::string indent(2 * open_.size(), ' ');
    rows.push_back({indent + std::string(name) + " " + std::string(type), shapes_.of(layer), 0});
    open_.push_back(rows.size() - 1);
  }
  void leave() override { open_.pop_back(); }

  std::vector<SummaryRow> rows;
  Index buffered = 0;

 private:
  const OutputShapes& shapes_;
  std::vector<std::size_t> open_;
};

/// "1,234,567"
[[gnu::cold]] inline std::string with_commas(Index number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

[[gnu::cold]] inline std::string print(const std::vector<SummaryRow>& rows, Index buffered,
                                       std::size_t bytes_per_value) {
  std::size_t name_width = 5, output_width = 6, count_width = 10;  // of the headings
  Index total = 0;
  for (const SummaryRow& row : rows) {
    name_width = std::max(name_width, row.name.size());
    output_width = std::max(output_width, row.output.size());
    total += row.parameters;
  }
  count_width = std::max(count_width, with_commas(total).size());
  std::string text;
  const auto line = [&](const std::string& name, const std::string& output, const std::string& count) {
    text += name + std::string(name_width - name.size() + 2, ' ') + output +
            std::string(output_width - output.size() + 2 + count_width - count.size(), ' ') + count;
    text.erase(text.find_last_not_of(' ') + 1);
    text += "\n";
  };
  const std::string rule = std::string(name_width + output_width + count_width + 4, '-') + "\n";
  line("Layer", "Output", "Parameters");
  text += rule;
  for (const SummaryRow& row : rows) line(row.name, row.output, row.parameters > 0 ? with_commas(row.parameters) : "");
  text += rule;
  line("Total", "", with_commas(total));
  const std::size_t kib = (static_cast<std::size_t>(total + buffered) * bytes_per_value + 1023) / 1024;
  if (buffered > 0) line("Buffers", "", with_commas(buffered));
  line("Memory", "", with_commas(static_cast<Index>(kib)) + " KiB");
  return text;
}

}  // namespace detail

/// The model's layers as a table: names, output shapes, numbers of parameters. `sample` is the shape of one input,
/// without the batch: `std::cout << nn::summary(generator, {100});`. A layer that the model calls by itself, not
/// through a container, shows no shape. Throws ShapeError if the model does not take such an input.
template <class M>
std::string summary(const M& model, const Shape& sample) {
  using S = ScalarOf<M>;
  static_assert(LayerFor<M, S>, "eigan: summary(model, shape) runs forward(x, pass), which this model does not have");
  // A copy, which may be filled for the run.
  M copy = model;
  initialize(copy, 0);
  Shape batch{1};
  for (const Index extent : sample) batch.push_back(extent);
  detail::OutputShapes shapes;
  const NoGrad values_only;
  const Variable<S> y = detail::forward(copy, Variable<S>(Tensor<S>::zeros(batch)), Pass<S>().with_observer(shapes));
  detail::SummaryRows<S> table(name_of(model), shapes);
  show_fields(copy, table);
  table.rows.front().output = detail::OutputShapes::text(y.shape());
  return detail::print(table.rows, table.buffered, sizeof(S));
}

}  // namespace eigan::inline EIGAN_ABI::nn
