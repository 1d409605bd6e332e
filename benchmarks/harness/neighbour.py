"""How a training step's rate holds up beside one other busy process."""
import subprocess
import time
from contextlib import contextmanager
from statistics import median

from harness import servers
from harness.naming import step_name

CASES = [("mlp_mnist", 64), ("dcgan_mnist", 64)]
SETTINGS = {"bound": {"OMP_PROC_BIND": "true"}, "unbound": {}}


@contextmanager
def busy_process():
    with subprocess.Popen(["sh", "-c", "while :; do :; done"]) as process:
        try:
            yield
        finally:
            process.kill()


def rate(server, seconds):
    """Steps per second over that time."""
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        server.step()
        steps += 1
    return steps / (time.perf_counter() - start)


def neighbour(suite):
    """Quiet and busy in turns, each time in a fresh process: where its threads land is part of the question."""
    seconds, repetitions = (1, 3) if suite.quick else (60, suite.asked_pairs or 5)
    threads = suite.thread_counts[-1]
    for case, batch in CASES:
        for setting, variables in SETTINGS.items():
            name = f"busy-neighbour/{step_name(case, batch, threads)}/{setting}"
            if not suite.wants(name):
                continue
            found = {"quiet": [], "busy": []}
            for _ in range(repetitions):
                for state, rates in found.items():
                    settings = {"OMP_NUM_THREADS": str(threads), **variables}
                    with servers.eigan(suite.build, case, batch, threads, settings) as server:
                        server.step(3)
                        if state == "quiet":
                            rates.append(rate(server, seconds))
                        else:
                            with busy_process():
                                rates.append(rate(server, seconds))
            quiet, busy = median(found["quiet"]), median(found["busy"])
            suite.add({"name": name, "section": "busy-neighbour", "case": case, "batch": batch, "threads": threads,
                       "setting": setting, "seconds": seconds, **found},
                      f"{quiet:.4g} steps/s alone, {busy:.4g} beside a busy process: {busy / quiet:.0%}")
