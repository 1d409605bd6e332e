#pragma once

#include <dlfcn.h>
#include <stdexcept>

#include <eigan/kernels/matmul_shape.hpp>

/// OpenBLAS and BLIS, which share their symbols' names and so are opened one beside the other at run time.
namespace blas {

class Library {
 public:
  /// Throws std::runtime_error if there is no such library.
  explicit Library(const char* file) : handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)) {
    if (!handle_) throw std::runtime_error(dlerror());
    multiply_ = find<Multiply>("cblas_sgemm");
  }

  /// c = op(a) op(b) of one matrix of the batch, row-major.
  void multiply(const float* a, const float* b, float* c, const eigan::kernels::MatmulShape& s) const {
    constexpr int row_major = 101, plain = 111, transposed = 112;
    const auto is = [](eigan::kernels::Transpose given) { return given == eigan::kernels::Transpose::yes; };
    const auto rows = static_cast<int>(s.rows), columns = static_cast<int>(s.columns),
               inner = static_cast<int>(s.inner);
    multiply_(row_major, is(s.a) ? transposed : plain, is(s.b) ? transposed : plain, rows, columns, inner, 1, a,
              is(s.a) ? rows : inner, b, is(s.b) ? inner : columns, 0, c, columns);
  }

  template <class Function>
  Function find(const char* name) const {
    void* const found = dlsym(handle_, name);
    if (!found) throw std::runtime_error(dlerror());
    return reinterpret_cast<Function>(found);
  }

 private:
  using Multiply = void (*)(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*,
                            int);
  void* handle_;
  Multiply multiply_ = nullptr;
};

}  // namespace blas
