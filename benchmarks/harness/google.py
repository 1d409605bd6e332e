"""The programs of Google Benchmark: kernels, passes, layers and penalties."""
import json
import re
import subprocess

from harness.naming import threads_text
from harness.server import environment_with
from harness.servers import eigan_settings


def run(command, threads):
    done = subprocess.run([str(word) for word in command], env=environment_with(eigan_settings(threads)), text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


def escaped(name):
    return re.sub(r"([.*+?()|{}^$\[\]\\])", r"\\\1", name)


def programs(suite):
    """kernels/..., passes/..., layers/... and discriminator_update/..., by name and threads."""
    seconds = 0.02 if suite.quick else 0.3
    for program in ("bench_kernels", "bench_passes", "bench_layers", "bench_penalties"):
        path = suite.build / "benchmarks" / program
        names = run([path, "--benchmark_list_tests"], 1).splitlines()
        for threads in suite.thread_counts:
            full = {name: name.rsplit("/", 1)[0] + "/" + threads_text(threads) for name in names}
            wanted = [name for name in names if suite.wants(full[name])]
            if not wanted:
                continue
            pattern = "^(" + "|".join(map(escaped, wanted)) + ")$"
            command = [path, f"--benchmark_filter={pattern}", "--benchmark_format=json",
                       f"--benchmark_min_time={seconds}"]
            found, = suite.runs(lambda: run(command, threads), processes=1)
            for one in json.loads(found)["benchmarks"]:
                record(suite, full[one["name"]], one, threads)


def record(suite, name, one, threads):
    microseconds = one["real_time"] * {"ns": 1e-3, "us": 1, "ms": 1e3}[one["time_unit"]]
    entry = {"name": name, "section": name.split("/")[0], "threads": threads, "microseconds": microseconds}
    summary = f"{microseconds:.4g} us"
    for rate, share in (("GFLOP/s", "of_peak"), ("GB/s", "of_bandwidth")):
        if rate in one:
            entry.update({rate: one[rate], share: one[share]})
            summary += f", {one[rate]:.3g} {rate}, {one[share]:.0%}"
    suite.add(entry, summary)
