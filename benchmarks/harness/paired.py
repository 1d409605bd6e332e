"""Statistics of measurements taken in turns."""
from math import comb
from statistics import median


def median_interval(values):
    """(median, low, high): the 95 % interval of the median by order statistics, whatever the distribution. Fewer than
    six values do not allow for 95 %; then it is all of their range."""
    ordered, n = sorted(values), len(values)
    outside, rank = 0.0, 0
    while rank < n // 2 and outside + comb(n, rank) / 2 ** n <= 0.025:
        outside += comb(n, rank) / 2 ** n
        rank += 1
    rank = max(rank, 1)
    return median(ordered), ordered[rank - 1], ordered[n - rank]


class Ratio:
    """How many times eigan is faster than a peer: the median of peer's time / eigan's time over the pairs of all
    processes, its 95 % interval, and the median of each process alone."""

    def __init__(self, processes):
        ratios = [[peer / own for own, peer in zip(p["eigan_times"], p["peer_times"])] for p in processes]
        self.median, self.low, self.high = median_interval([ratio for one in ratios for ratio in one])
        self.by_process = [median(one) for one in ratios]
        self.pairs = sum(len(one) for one in ratios)

    def __str__(self):
        processes = ", ".join(f"{value:.2f}" for value in self.by_process)
        return f"{self.median:.2f} [{self.low:.2f}, {self.high:.2f}]" + (f" ({processes})" if len(self.by_process) > 1 else "")
