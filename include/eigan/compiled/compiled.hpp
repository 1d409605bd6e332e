#pragma once

// For whoever links the CMake target eigan::compiled, which defines EIGAN_COMPILED: these templates are in the library
// and need not be instantiated here. One that is not listed is instantiated as ever, and so is each in a unit that
// includes single headers; both go together. eigan.hpp includes this last, and before it all that the lists name.
#if defined(EIGAN_COMPILED)

#include "nn.hpp"
#include "ops.hpp"
#include "train.hpp"

/// All that eigan::compiled holds for a Scalar S; TEMPLATE is `extern template` here, `template` in the library.
#define EIGAN_COMPILED_LIST(TEMPLATE, S) \
  EIGAN_COMPILED_OPS(TEMPLATE, S)        \
  EIGAN_COMPILED_NN(TEMPLATE, S)         \
  EIGAN_COMPILED_TRAIN(TEMPLATE, S)

namespace eigan::inline EIGAN_ABI {

EIGAN_COMPILED_LIST(extern template, float)
EIGAN_COMPILED_LIST(extern template, double)

}  // namespace eigan::inline EIGAN_ABI

#endif
