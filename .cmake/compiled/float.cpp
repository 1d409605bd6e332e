// The half of eigan::compiled for models of float; the other is double.cpp.
#include <eigan/eigan.hpp>

namespace eigan::inline EIGAN_ABI {

EIGAN_COMPILED_LIST(template, float)

}  // namespace eigan::inline EIGAN_ABI
