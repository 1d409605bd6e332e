"""eigan and what one would take instead, in turns."""
import json
import subprocess
from contextlib import ExitStack
from statistics import median

from harness import servers
from harness.cases import SAMPLING, STEPS, operations
from harness.naming import step_name
from harness.paired import Ratio
from harness.server import environment_with


def steps(suite):
    """Whole training steps and sampling against PyTorch and dlib."""
    for threads in suite.thread_counts:
        for case, batch in STEPS + SAMPLING:
            prefix = "peers/" + step_name(case, batch, threads)
            starts = {peer: start for peer, start in servers.peers(suite, case, batch, threads).items()
                      if suite.wants(f"{prefix}/{peer}")}
            if not starts:
                continue
            processes = suite.runs(lambda: step_pairs(suite, case, batch, threads, starts))
            for peer in starts:
                record(suite, f"{prefix}/{peer}", [one[peer] for one in processes], peer=peer, threads=threads,
                       case=case, batch=batch, operations=operations(case, batch))


def step_pairs(suite, case, batch, threads, starts):
    """The times of one process of each, by peer."""
    with ExitStack() as stack:
        own = stack.enter_context(servers.eigan(suite.build, case, batch, threads))
        others = {peer: stack.enter_context(start()) for peer, start in starts.items()}
        own_count = own.warm_up(suite.turn)
        counts = {peer: server.warm_up(suite.turn) for peer, server in others.items()}
        found = {peer: {"peaks": [], "eigan_times": [], "peer_times": []} for peer in others}
        for _ in range(suite.pairs):
            peak = float(own.ask("peak"))
            for peer, server in others.items():
                found[peer]["peaks"].append(peak)
                found[peer]["eigan_times"].append(own.step(own_count))
                found[peer]["peer_times"].append(server.step(counts[peer]))
        for peer, server in others.items():
            found[peer].update(eigan_memory=own.peak_memory(), peer_memory=server.peak_memory())
            if peer.startswith("PyTorch"):
                suite.about["PyTorch"] = json.loads(server.ask("about"))
        return found


def kernels(suite):
    """Matrix products and convolutions against Eigen, OpenBLAS, BLIS, oneDNN and libxsmm."""
    runs = [("peers_matmul", {}, []), ("peers_convolution", {}, [])]
    if suite.machine["avx512"]:
        # BLIS knows processors by their names, misses some, and then does without AVX-512; which pays for large sizes.
        runs.append(("peers_matmul", {"BLIS_ARCH_TYPE": "skx"}, ["--peer", "BLIS"]))
    for threads in suite.thread_counts:
        for program, settings, arguments in runs:
            found = {}
            every = {**servers.eigan_settings(threads), **settings}
            for lines in suite.runs(lambda: run_kernels(suite, program, every, arguments)):
                for line in lines:
                    found.setdefault(line["name"] + (" skx" if settings else ""), []).append(line)
            for name, lines in found.items():
                processes = [{key: line[key] for key in ("peaks", "eigan_times", "peer_times")} for line in lines]
                record(suite, name, processes, peer=name.split("/")[-1], threads=threads,
                       operations=lines[0]["operations"])


def run_kernels(suite, program, settings, arguments):
    command = [suite.build / "benchmarks/peers" / program, "--pairs", suite.pairs, "--filter", suite.pattern, *arguments]
    done = subprocess.run([str(word) for word in command], env=environment_with(settings), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"{program} ended with status {done.returncode}")
    if done.stderr and not arguments:
        suite.about["libraries"] = done.stderr.strip()
    return [json.loads(line) for line in done.stdout.splitlines()]


def record(suite, name, processes, **about):
    own = median(time for one in processes for time in one["eigan_times"])
    other = median(time for one in processes for time in one["peer_times"])
    suite.add({"name": name, "section": "peers", **about, "processes": processes},
              f"{own * 1e3:.4g} ms, {about['peer']} {other * 1e3:.4g} ms: {Ratio(processes)}")
