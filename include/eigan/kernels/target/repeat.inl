// Writes out operands that broadcasting repeats. Serial.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// Sets `count` elements, and up to a vector more.
template <class T>
void fill_beyond(T* out, Index count, T value) {
  const Vec<T> vector = broadcast(value);
  for (Index i = 0; i < count; i += lanes<T>) store<T>(out + i, vector);
}

/// Writes operand k of `runs` innermost runs from `run` on to `out`, one after the other, and up to a vector more.
template <class T>
void write_runs(const kernels::detail::BroadcastAxes& axes, std::size_t k, const T* data, Index run, Index runs,
                T* out) {
  const Index length = axes.extents[0];
  const auto rank = static_cast<std::size_t>(axes.rank);
  Index position[8] = {};
  for (std::size_t axis = 1; axis < rank; ++axis) {
    position[axis] = run % axes.extents[axis];
    run /= axes.extents[axis];
    data += position[axis] * axes.steps[k][axis];
  }
  const bool repeats = axes.steps[k][0] == 0;
  for (; runs > 0; --runs, out += length) {
    if (repeats) {
      fill_beyond(out, length, *data);  // the next run overwrites what is beyond
    } else {
      Index i = 0;
      for (; i + lanes<T> <= length; i += lanes<T>) store<T>(out + i, load<T>(data + i));
      for (; i < length; ++i) out[i] = data[i];
    }
    for (std::size_t axis = 1; axis < rank; ++axis) {
      data += axes.steps[k][axis];
      if (++position[axis] < axes.extents[axis]) break;
      data -= position[axis] * axes.steps[k][axis];
      position[axis] = 0;
    }
  }
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
