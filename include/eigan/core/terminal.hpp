#pragma once

#include "config.hpp"

#if __has_include(<unistd.h>)
#include <unistd.h>
#elif __has_include(<io.h>)
#include <io.h>
#endif

namespace eigan::inline EIGAN_ABI {

/// Whether standard error is a terminal that somebody may be looking at; false where the system cannot tell.
inline bool error_stream_is_terminal() {
#if __has_include(<unistd.h>)
  return isatty(2) == 1;
#elif __has_include(<io.h>)
  return _isatty(2) != 0;
#else
  return false;
#endif
}

}  // namespace eigan::inline EIGAN_ABI
