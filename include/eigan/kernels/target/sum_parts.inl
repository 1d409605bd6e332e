// Sums of split work, added in the order of the parts.

namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET {

/// total[i] += parts[0][i] + parts[1][i] + ... for i < size, where parts is [count, step].
template <class T>
void add_parts(T* total, const T* parts, Index count, Index step, Index size) {
  Index i = 0;
  for (; i + lanes<T> <= size; i += lanes<T>) {
    Vec<T> sum = load<T>(total + i);
    for (Index part = 0; part < count; ++part) sum += load<T>(parts + part * step + i);
    store<T>(total + i, sum);
  }
  for (; i < size; ++i)
    for (Index part = 0; part < count; ++part) total[i] += parts[part * step + i];
}

}  // namespace eigan::inline EIGAN_ABI::kernels::EIGAN_TARGET
