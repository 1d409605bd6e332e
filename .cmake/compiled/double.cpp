// The half of eigan::compiled for models of double; the other is float.cpp.
#include <eigan/eigan.hpp>

namespace eigan::inline EIGAN_ABI {

EIGAN_COMPILED_LIST(template, double)

}  // namespace eigan::inline EIGAN_ABI
