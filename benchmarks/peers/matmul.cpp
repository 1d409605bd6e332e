// Matrix products of eigan against Eigen, OpenBLAS, BLIS, oneDNN and libxsmm, in turns: turns.hpp says what is printed.

#include <dnnl.hpp>
#include <libxsmm.h>
#include <unordered_map>

#include <Eigen/Core>
#include <omp.h>

#include <eigan/core/random.hpp>
#include <eigan/core/tensor.hpp>
#include <eigan/kernels/matmul.hpp>

#include "../support/shapes.hpp"
#include "blas.hpp"
#include "turns.hpp"

using namespace eigan;
using support::MatmulShape;

namespace {

bool is_transposed(kernels::Transpose given) { return given == kernels::Transpose::yes; }

// One batch of products in all the libraries.
struct Products {
  MatmulShape s;
  Tensor<float> a, b, c;

  explicit Products(const MatmulShape& shape) : s(shape), a(random(s.batch * s.a_step)), b(random(s.batch * s.b_step)) {
    c = random(s.batch * s.rows * s.columns);
  }
  static Tensor<float> random(Index size) { return RandomStream(1, "benchmark").uniform<float>(Shape{size}, -1, 1); }

  // body(a, b, c) for each matrix of the batch: in parallel, for libraries that multiply but two matrices.
  template <class Body>
  void each(const Body& body) const {
    float* const to = const_cast<float*>(c.data());
    const auto item = [&](Index i) {
      body(a.data() + i * s.a_step, b.data() + i * s.b_step, to + i * s.rows * s.columns);
    };
    if (s.batch == 1) return item(0);
#pragma omp parallel for schedule(static)
    for (Index i = 0; i < s.batch; ++i) item(i);
  }

  turns::Peer eigen() const {
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    return {"Eigen", [this] {
              each([this](const float* from_a, const float* from_b, float* to) {
                Eigen::Map<Matrix> product(to, s.rows, s.columns);
                const bool ta = is_transposed(s.a), tb = is_transposed(s.b);
                const Eigen::Map<const Matrix> left(from_a, ta ? s.inner : s.rows, ta ? s.rows : s.inner);
                const Eigen::Map<const Matrix> right(from_b, tb ? s.columns : s.inner, tb ? s.inner : s.columns);
                if (ta)
                  product.noalias() = left.transpose() * right;
                else if (tb)
                  product.noalias() = left * right.transpose();
                else
                  product.noalias() = left * right;
              });
            }};
  }

  // OpenBLAS uses one thread where it is called from a parallel region, as BLIS must be told to.
  turns::Peer blas(const char* name, const blas::Library& library) const {
    return {
        name, [this, &library] {
          each([&](const float* from_a, const float* from_b, float* to) { library.multiply(from_a, from_b, to, s); });
        }};
  }

  turns::Peer onednn(const dnnl::engine& engine) const {
    if (s.batch == 1)
      return {"oneDNN", [this] {
                const bool ta = is_transposed(s.a), tb = is_transposed(s.b);
                dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', s.rows, s.columns, s.inner, 1, a.data(),
                           ta ? s.rows : s.inner, b.data(), tb ? s.inner : s.columns, 0, const_cast<float*>(c.data()),
                           s.columns);
              }};
    using dnnl::memory;
    const auto matrices = [&](Index rows, Index columns, bool transposed) {
      return memory::desc(
          {s.batch, rows, columns}, memory::data_type::f32,
          transposed ? memory::dims{rows * columns, 1, rows} : memory::dims{rows * columns, columns, 1});
    };
    const memory::desc left = matrices(s.rows, s.inner, is_transposed(s.a));
    const memory::desc right = matrices(s.inner, s.columns, is_transposed(s.b));
    const memory::desc product = matrices(s.rows, s.columns, false);
#if DNNL_VERSION_MAJOR >= 3
    const dnnl::matmul primitive(dnnl::matmul::primitive_desc(engine, left, right, product));
#else
    const dnnl::matmul primitive(dnnl::matmul::primitive_desc({left, right, product}, engine));
#endif
    dnnl::stream stream(engine);
    const std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, memory(left, engine, const_cast<float*>(a.data()))},
        {DNNL_ARG_WEIGHTS, memory(right, engine, const_cast<float*>(b.data()))},
        {DNNL_ARG_DST, memory(product, engine, const_cast<float*>(c.data()))}};
    return {"oneDNN", [=]() mutable {
              primitive.execute(stream, arguments);
              stream.wait();
            }};
  }

  // libxsmm makes a kernel for one small product, on one thread, column-major: it gets the operands the other way
  // round.
  bool xsmm(std::vector<turns::Peer>& peers) const {
    if (s.rows > 256 || s.columns > 1024 || s.inner > 1024 || (s.batch == 1 && threads() > 1)) return false;
    const bool ta = is_transposed(s.a), tb = is_transposed(s.b);
    const auto narrow = [](Index extent) { return static_cast<libxsmm_blasint>(extent); };
    const libxsmm_blasint ld_b = narrow(tb ? s.inner : s.columns), ld_a = narrow(ta ? s.rows : s.inner);
    const libxsmm_blasint ld_c = narrow(s.columns);
    const float one = 1, zero = 0;
    const int flags = (tb ? LIBXSMM_GEMM_FLAG_TRANS_A : 0) | (ta ? LIBXSMM_GEMM_FLAG_TRANS_B : 0);
    const libxsmm_smmfunction kernel = libxsmm_smmdispatch(narrow(s.columns), narrow(s.rows), narrow(s.inner), &ld_b,
                                                           &ld_a, &ld_c, &one, &zero, &flags, nullptr);
    if (!kernel) return false;
    peers.push_back({"libxsmm", [this, kernel] {
                       each([=](const float* from_a, const float* from_b, float* to) { kernel(from_b, from_a, to); });
                     }});
    return true;
  }
};

}  // namespace

int main(int argc, char** argv) try {
  const turns::Options options = turns::options_of(argc, argv);
  const blas::Library openblas("libopenblas.so.0");
  const blas::Library blis("libblis.so.4");
  blis.find<void (*)()>("bli_init")();  // or it aborts over BLIS_ARCH_TYPE
  std::cerr << openblas.find<const char* (*)()>("openblas_get_config")() << ", BLIS "
            << blis.find<const char* (*)()>("bli_info_get_version_str")() << " for "
            << blis.find<const char* (*)(int)>("bli_arch_string")(blis.find<int (*)()>("bli_arch_query_id")())
            << ", oneDNN " << dnnl_version()->major << "." << dnnl_version()->minor << "." << dnnl_version()->patch
            << ", libxsmm " LIBXSMM_VERSION " for " << libxsmm_get_target_arch() << "\n";
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  for (const support::NamedMatmul& matmul : support::matmuls()) {
    const std::string name = turns::full_name("matmul/" + matmul.name);
    if (!options.wants_any(name, {"OpenBLAS", "BLIS", "oneDNN", "Eigen", "libxsmm"})) continue;
    Products products(matmul.shape);
    const auto eigan_run = [&] {
      kernels::matmul(products.a.data(), products.b.data(), products.c.mutable_data(), products.s);
    };
    eigan_run();
    const Tensor<float> expected = products.c.clone();
    std::vector<turns::Peer> peers{products.blas("OpenBLAS", openblas), products.blas("BLIS", blis),
                                   products.onednn(engine), products.eigen()};
    products.xsmm(peers);
    blis.find<void (*)(long)>("bli_thread_set_num_threads")(matmul.shape.batch > 1 ? 1 : threads());
    for (const turns::Peer& peer : peers) {
      std::fill_n(products.c.mutable_data(), products.c.size(), 0.0F);
      peer.run();
      turns::expect_equal(name + ", " + peer.name, expected.data(), products.c.data(), expected.size());
    }
    turns::measure(name, support::work_of(matmul.shape), eigan_run, peers, options);
  }
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << "\n";
  return 1;
}
