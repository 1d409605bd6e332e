#pragma once

#include <cstddef>
#include <new>

#include "config.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace eigan::inline EIGAN_ABI::detail {

inline constexpr std::size_t huge_page = std::size_t{1} << 21;

/// Memory of the system for many blocks; null if there is none. On Linux it asks for huge pages: the tensors of a step
/// cover more small ones than a processor can remember the places of. Pages that nobody touches cost no memory.
inline void* new_region(std::size_t bytes) noexcept {
  void* const region = ::operator new (bytes, std::align_val_t{huge_page}, std::nothrow);
#if defined(__linux__)
  if (region) madvise(region, bytes, MADV_HUGEPAGE);  // advice: where it is refused, small pages serve too
#endif
  return region;
}

inline void delete_region(void* region) noexcept { ::operator delete (region, std::align_val_t{huge_page}); }

}  // namespace eigan::inline EIGAN_ABI::detail
