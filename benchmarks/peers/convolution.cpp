// Convolutions of eigan against oneDNN, each on its own layout, in turns: turns.hpp says what is printed. oneDNN
// chooses its (blocked) layouts beforehand and reorders nothing in the measured time.

#include <dnnl.hpp>
#include <unordered_map>

#include <eigan/core/random.hpp>
#include <eigan/core/tensor.hpp>
#include <eigan/kernels/convolution.hpp>
#include <eigan/kernels/convolution_input.hpp>
#include <eigan/kernels/convolution_weight.hpp>

#include "../support/shapes.hpp"
#include "turns.hpp"

using namespace eigan;
using dnnl::memory;
using support::ConvolutionShape;
using support::Pass;

namespace {

Tensor<float> random(Index size, const char* name) { return RandomStream(1, name).uniform<float>(Shape{size}, -1, 1); }

// A primitive of oneDNN with the layouts that it wants.
struct Primitive {
  dnnl::primitive run;
  memory::desc x, w, y;
  std::string implementation;
};

template <class Description>
Primitive primitive_of(const Description& d, const dnnl::primitive& run, const memory::desc& x, const memory::desc& w,
                       const memory::desc& y) {
  return {run, x, w, y, d.impl_info_str()};
}

Primitive make(const ConvolutionShape& s, Pass pass, dnnl::algorithm algorithm, const dnnl::engine& engine) {
  using namespace dnnl;
  const auto any = [](const memory::dims& dims) {
    return memory::desc(dims, memory::data_type::f32, memory::format_tag::any);
  };
  const memory::desc x = any({s.batch, s.in_channels, s.in[1], s.in[2]});
  const memory::desc w = any({s.out_channels, s.in_channels, s.kernel[1], s.kernel[2]});
  const memory::desc y = any({s.batch, s.out_channels, s.out[1], s.out[2]});
  const memory::dims stride{s.stride[1], s.stride[2]}, pad{s.pad[1], s.pad[2]};
  const prop_kind training = prop_kind::forward_training;
#if DNNL_VERSION_MAJOR >= 3
  const convolution_forward::primitive_desc forward(engine, training, algorithm, x, w, y, stride, pad, pad);
  const auto backward_data = [&] {
    return convolution_backward_data::primitive_desc(engine, algorithm, x, w, y, stride, pad, pad, forward);
  };
  const auto backward_weights = [&] {
    return convolution_backward_weights::primitive_desc(engine, algorithm, x, w, y, stride, pad, pad, forward);
  };
#else
  const convolution_forward::primitive_desc forward({training, algorithm, x, w, y, stride, pad, pad}, engine);
  const auto backward_data = [&] {
    return convolution_backward_data::primitive_desc({algorithm, x, w, y, stride, pad, pad}, engine, forward);
  };
  const auto backward_weights = [&] {
    return convolution_backward_weights::primitive_desc({algorithm, x, w, y, stride, pad, pad}, engine, forward);
  };
#endif
  if (pass == Pass::forward)
    return primitive_of(forward, convolution_forward(forward), forward.src_desc(), forward.weights_desc(),
                        forward.dst_desc());
  if (pass == Pass::input) {
    const auto d = backward_data();
    return primitive_of(d, convolution_backward_data(d), d.diff_src_desc(), d.weights_desc(), d.diff_dst_desc());
  }
  const auto d = backward_weights();
  return primitive_of(d, convolution_backward_weights(d), d.src_desc(), d.diff_weights_desc(), d.diff_dst_desc());
}

// eigan's three tensors, and the ones of the same numbers in oneDNN.
struct Layer {
  ConvolutionShape s;
  Pass pass;
  Tensor<float> x, w, y;

  Layer(const ConvolutionShape& shape, Pass which)
      : s(shape), pass(which), x(random(support::x_size(s), "x")), w(random(support::w_size(s), "w")) {
    y = random(support::y_size(s), "y");
  }

  Tensor<float>& result() { return pass == Pass::forward ? y : pass == Pass::input ? x : w; }

  void run() {
    if (pass == Pass::forward) kernels::convolution(x.data(), w.data(), y.mutable_data(), s);
    if (pass == Pass::input) kernels::convolution_input(y.data(), w.data(), x.mutable_data(), s);
    if (pass == Pass::weight) kernels::convolution_weight(x.data(), y.data(), w.mutable_data(), s);
  }

  // Runs the primitive on a copy of the tensors in its layouts; what it makes of them must be `expected`.
  turns::Peer peer(const std::string& name, const Primitive& primitive, const dnnl::engine& engine,
                   const Tensor<float>& expected) {
    using tag = memory::format_tag;
    dnnl::stream stream(engine);
    const auto plain = [&](const memory::desc& as, tag order, const Tensor<float>& values) {
      return memory({as.dims(), memory::data_type::f32, order}, engine, const_cast<float*>(values.data()));
    };
    const auto copy = [&](memory from, const memory::desc& to) {
      memory made(to, engine);
      dnnl::reorder(from, made).execute(stream, from, made);
      stream.wait();
      return made;
    };
    const memory own_x = copy(plain(primitive.x, tag::nhwc, x), primitive.x);
    const memory own_w = copy(plain(primitive.w, tag::hwio, w), primitive.w);
    const memory own_y = copy(plain(primitive.y, tag::nhwc, y), primitive.y);
    const bool writes_x = pass == Pass::input, writes_w = pass == Pass::weight, writes_y = pass == Pass::forward;
    const std::unordered_map<int, memory> arguments{{writes_x ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, own_x},
                                                    {writes_w ? DNNL_ARG_DIFF_WEIGHTS : DNNL_ARG_WEIGHTS, own_w},
                                                    {writes_y ? DNNL_ARG_DST : DNNL_ARG_DIFF_DST, own_y}};
    turns::Peer made{name, [run = primitive.run, stream, arguments]() mutable {
                       run.execute(stream, arguments);
                       stream.wait();
                     }};
    made.run();
    Tensor<float> found(expected.shape());
    memory own = writes_x ? own_x : writes_w ? own_w : own_y;
    memory back({own.get_desc().dims(), memory::data_type::f32, writes_w ? tag::hwio : tag::nhwc}, engine,
                found.mutable_data());
    dnnl::reorder(own, back).execute(stream, own, back);
    stream.wait();
    turns::expect_equal(name + " " + primitive.implementation, expected.data(), found.data(), found.size());
    return made;
  }
};

}  // namespace

int main(int argc, char** argv) try {
  const turns::Options options = turns::options_of(argc, argv);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  for (const support::NamedConvolution& convolution : support::convolutions())
    for (const auto& [pass, pass_name] : support::passes) {
      const std::string name = turns::full_name(std::string(pass_name) + "/" + convolution.name);
      if (!options.wants_any(name, {"oneDNN", "oneDNN auto"})) continue;
      Layer layer(convolution.shape, pass);
      layer.run();
      const Tensor<float> expected = layer.result().clone();
      const Primitive direct = make(layer.s, pass, dnnl::algorithm::convolution_direct, engine);
      const Primitive automatic = make(layer.s, pass, dnnl::algorithm::convolution_auto, engine);
      std::vector<turns::Peer> peers{layer.peer("oneDNN", direct, engine, expected)};
      if (automatic.implementation != direct.implementation)
        peers.push_back(layer.peer("oneDNN auto", automatic, engine, expected));  // Winograd's algorithm, here
      turns::measure(
          name, support::work_of(convolution.shape), [&] { layer.run(); }, peers, options);
    }
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << "\n";
  return 1;
}
