"""Markdown tables of what was measured."""
from math import exp, log
from statistics import median

from harness.paired import Ratio, median_interval


def table(title, note, header, rows):
    if not rows:
        return ""
    lines = ["| " + " | ".join(row) + " |" for row in [header, ["---"] * len(header), *rows]]
    return "\n".join([f"## {title}", "", *([note, ""] if note else []), *lines, ""])


def of(entries, section):
    return [entry for entry in entries if entry["section"] == section]


def times(processes, whose="eigan_times"):
    return [time for one in processes for time in one[whose]]


def milliseconds(values):
    middle, low, high = median_interval(values)
    return f"{middle * 1e3:.4g} [{low * 1e3:.4g}, {high * 1e3:.4g}]"


def share(entry):
    rate = entry["operations"] / median(times(entry["processes"]))
    return f"{rate * 1e-9:.0f} ({rate / median(times(entry['processes'], 'peaks')):.0%})"


def mebibytes(entry, whose="eigan_memory"):
    return f"{max(one[whose] for one in entry['processes']) / 2**20:.0f}"


def peer_steps(entries):
    """A row for each case and number of threads: eigan, PyTorch as people write it, and its fastest variant."""
    rows = []
    groups = {}
    for entry in of(entries, "peers"):
        if "case" in entry:
            groups.setdefault((entry["threads"], entry["case"], entry["batch"]), {})[entry["peer"]] = entry
    for (threads, case, batch), peers in groups.items():
        own = {"operations": 0, "processes": [one for entry in peers.values() for one in entry["processes"]]}
        own["operations"] = next(iter(peers.values()))["operations"]

        def cells(entry):
            if entry is None:
                return ["", ""]
            return [f"{median(times(entry['processes'], 'peer_times')) * 1e3:.4g}", str(Ratio(entry["processes"]))]

        best = fastest(peers)
        rows.append([case, str(batch), str(threads), milliseconds(times(own["processes"])), share(own),
                     *cells(peers.get("PyTorch plain")), best["peer"][8:] if best else "", *cells(best),
                     *cells(peers.get("dlib")), mebibytes(own),
                     mebibytes(best, "peer_memory") if best else ""])
    return table("Training steps and sampling against PyTorch and dlib",
                 "Times in ms; x: how many times eigan is faster (median of paired ratios [95 % interval]; medians of "
                 "the processes). GFLOP/s of the arithmetic that the step needs, and of the peak. Memory in MiB.",
                 ["case", "batch", "threads", "eigan ms", "GFLOP/s", "PyTorch plain ms", "x", "fastest variant", "ms",
                  "x", "dlib ms", "x", "eigan MiB", "PyTorch MiB"], rows)


def fastest(peers):
    variants = [entry for name, entry in peers.items() if name.startswith("PyTorch")]
    return min(variants, key=lambda entry: median(times(entry["processes"], "peer_times")), default=None)


def peer_kernels(entries):
    """A row for each shape: eigan's rate, and how many times it is faster than each library."""
    found = [entry for entry in of(entries, "peers") if "case" not in entry]
    tables = []
    for threads in sorted({entry["threads"] for entry in found}):
        for kind in ("matmul", "convolution"):
            rows, shapes = [], {}
            for entry in found:
                if entry["threads"] == threads and entry["name"].split("/")[1].startswith(kind):
                    shape = "/".join(entry["name"].split("/")[1:-2])
                    shapes.setdefault(shape.removeprefix("matmul/"), {})[entry["peer"]] = entry
            columns = list(dict.fromkeys(peer for peers in shapes.values() for peer in peers))
            logs = {peer: [] for peer in columns}
            for shape, peers in shapes.items():
                own = {"operations": next(iter(peers.values()))["operations"],
                       "processes": [one for entry in peers.values() for one in entry["processes"]]}
                row = [shape, share(own)]
                for peer in columns:
                    ratio = Ratio(peers[peer]["processes"]) if peer in peers else None
                    row.append(f"{ratio.median:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]" if ratio else "")
                    logs[peer] += [log(ratio.median)] if ratio else []
                rows.append(row)
            if rows:
                rows.append(["geometric mean", "", *(f"{exp(sum(logs[peer]) / len(logs[peer])):.2f}" for peer in columns)])
            tables.append(table(f"{kind.capitalize()} against other libraries, threads: {threads}",
                                "GFLOP/s of eigan (of the peak), and how many times eigan is faster than each.",
                                ["shape", "eigan", *columns], rows))
    return "\n".join(filter(None, tables))


def own_steps(entries):
    rows = []
    found = of(entries, "steps")
    for entry in found:
        alone = next((other for other in found if other["threads"] == 1
                      and (other["case"], other["batch"]) == (entry["case"], entry["batch"])), None)
        scaling = ""
        if alone and entry is not alone:
            pairs = zip(times(alone["processes"]), times(entry["processes"]))
            scaling = f"{median(slow / fast for slow, fast in pairs):.2f}"
        rows.append([entry["case"], str(entry["batch"]), str(entry["threads"]),
                     milliseconds(times(entry["processes"])), share(entry), scaling, mebibytes(entry)])
    return table("Training steps and sampling", "Median ms [95 % interval]; GFLOP/s (of the peak); times faster than one "
                 "thread; the most memory resident.", ["case", "batch", "threads", "ms", "GFLOP/s", "scaling", "MiB"], rows)


def by_threads(entries, section, title, rate, of_what):
    """Rates of Google Benchmark's programs: a row for each name, columns for each number of threads."""
    found = of(entries, section)
    counts = sorted({entry["threads"] for entry in found})
    names = list(dict.fromkeys("/".join(entry["name"].split("/")[1:-1]) for entry in found))
    rows = []
    for name in names:
        row = [name]
        for threads in counts:
            entry = next((one for one in found if one["threads"] == threads
                          and "/".join(one["name"].split("/")[1:-1]) == name), None)
            row.append(f"{entry['microseconds']:.4g}" if entry else "")
            if rate:
                row.append(f"{entry[rate]:.3g} ({entry[of_what]:.0%})" if entry else "")
        rows.append(row)
    columns = [column for threads in counts
               for column in [f"us, {threads} thr.", *([f"{rate} (share), {threads} thr."] if rate else [])]]
    return table(title, "", [section, *columns], rows)


def neighbours(entries):
    rows = [[entry["case"], str(entry["batch"]), str(entry["threads"]), entry["setting"],
             f"{median(entry['quiet']):.4g}", f"{median(entry['busy']):.4g}",
             f"{median(entry['busy']) / median(entry['quiet']):.0%}", f"{len(entry['busy'])} x {entry['seconds']} s"]
            for entry in of(entries, "busy-neighbour")]
    return table("Beside one other busy process", "Steps per second.",
                 ["case", "batch", "threads", "OpenMP", "alone", "beside", "kept", "measured"], rows)


def plain_builds(entries):
    rows = [[entry["case"], str(entry["batch"]), str(entry["threads"]), milliseconds(times(entry["processes"])),
             milliseconds(times(entry["processes"], "peer_times")), str(Ratio(entry["processes"]))]
            for entry in of(entries, "plain-build")]
    return table("A build with -O2 and without -march against the native one", "",
                 ["case", "batch", "threads", "native ms", "plain ms", "plain / native"], rows)


def compilation(entries):
    rows = [[entry["name"].removeprefix("compile/"), f"{min(entry['user_seconds']):.1f}",
             f"{entry['memory'] / 2**20:.0f}", f"{entry['binary'] / 2**10:.0f}" if entry["binary"] else ""]
            for entry in of(entries, "compile")]
    return table("Compilation", f"Least user time, the compiler's memory, the stripped program.",
                 ["unit", "user s", "MiB", "program KiB"], rows)
