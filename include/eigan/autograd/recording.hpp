#pragma once

#include "../core/config.hpp"

namespace eigan::inline EIGAN_ABI {

namespace detail {

inline bool& recording_flag() {
  static thread_local bool recording = true;
  return recording;
}

}  // namespace detail

/// Whether operations on this thread are recorded for differentiation.
inline bool is_recording() { return detail::recording_flag(); }

/// While it lives, this thread records (or does not); what was before comes back at the end.
class RecordingGuard {
 public:
  explicit RecordingGuard(bool recording) : before_(detail::recording_flag()) { detail::recording_flag() = recording; }
  ~RecordingGuard() { detail::recording_flag() = before_; }
  RecordingGuard(const RecordingGuard&) = delete;
  RecordingGuard& operator=(const RecordingGuard&) = delete;

 private:
  bool before_;
};

/// While it lives, operations on this thread compute values only: no graph, no memory kept for a backward pass.
class NoGrad : RecordingGuard {
 public:
  NoGrad() : RecordingGuard(false) {}
};

}  // namespace eigan::inline EIGAN_ABI
