"""eigan's own training steps and sampling, by number of threads; and native against plain builds."""
from contextlib import ExitStack
from statistics import median

from harness import servers
from harness.cases import SAMPLING, STEPS, operations
from harness.naming import step_name
from harness.paired import Ratio


def steps(suite):
    """Time, share of the peak and memory, at each number of threads in turns: their ratio is the thread scaling."""
    for case, batch in STEPS + SAMPLING:
        counts = [threads for threads in suite.thread_counts if suite.wants(step_name(case, batch, threads))]
        found = suite.runs(lambda: turns_of_threads(suite, case, batch, counts)) if counts else []
        for threads in counts:
            processes = [one[threads] for one in found]
            step = median(time for one in processes for time in one["eigan_times"])
            peak = median(peak for one in processes for peak in one["peaks"])
            suite.add({"name": step_name(case, batch, threads), "section": "steps", "case": case, "batch": batch,
                       "threads": threads, "operations": operations(case, batch), "processes": processes},
                      f"{step * 1e3:.4g} ms, {operations(case, batch) / step / peak:.0%} of the peak")


def turns_of_threads(suite, case, batch, counts):
    with ExitStack() as stack:
        running = {threads: stack.enter_context(servers.eigan(suite.build, case, batch, threads)) for threads in counts}
        lengths = {threads: server.warm_up(suite.turn) for threads, server in running.items()}
        found = {threads: {"peaks": [], "eigan_times": []} for threads in counts}
        for _ in range(suite.pairs):
            for threads, server in running.items():
                found[threads]["peaks"].append(float(server.ask("peak")))
                found[threads]["eigan_times"].append(server.step(lengths[threads]))
        for threads, server in running.items():
            found[threads]["eigan_memory"] = server.peak_memory()
        return found


def plain_build(suite):
    """The same program without -march and with -O2: it chooses its instruction set when it runs."""
    for case, batch in STEPS + SAMPLING:
        for threads in suite.thread_counts:
            name = "plain-build/" + step_name(case, batch, threads)
            if not suite.wants(name):
                continue
            processes = suite.runs(lambda: turns_of_builds(suite, case, batch, threads))
            suite.add({"name": name, "section": "plain-build", "case": case, "batch": batch, "threads": threads,
                       "processes": processes}, f"plain build's time / native build's: {Ratio(processes)}")


def turns_of_builds(suite, case, batch, threads):
    with servers.eigan(suite.build, case, batch, threads) as native, \
            servers.eigan(suite.plain_build, case, batch, threads) as plain:
        lengths = native.warm_up(suite.turn), plain.warm_up(suite.turn)
        pairs = [(native.step(lengths[0]), plain.step(lengths[1])) for _ in range(suite.pairs)]
    return {"eigan_times": [pair[0] for pair in pairs], "peer_times": [pair[1] for pair in pairs]}
