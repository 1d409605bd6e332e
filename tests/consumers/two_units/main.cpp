// Trains in both units, in turn, and compares: the two may round differently, but not more than that.
#include <cmath>
#include <cstdio>

double train_plain();
double train_other();
bool notices_divergence_plain();
bool notices_divergence_other();

int main() {
  const double plain = train_plain();
  const double other = train_other();
  const double plain_again = train_plain();
  std::printf("sum of samples: plain %.9g, other %.9g\n", plain, other);
  if (plain != plain_again) return std::puts("the plain unit gave other bits after the other unit had run"), 1;
  if (!(std::abs(plain - other) < 0.5)) return std::puts("the units do not agree"), 1;
  if (!notices_divergence_plain()) return std::puts("the plain unit missed a NaN"), 1;
  if (!notices_divergence_other()) return std::puts("the other unit missed a NaN"), 1;
  return 0;
}
