#!/usr/bin/env python3
"""Measures; run.sh builds first, and says what the flags mean."""
import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import compilation, google, machine, neighbour, peers, report, steps, watch  # noqa: E402

SOURCE = Path(__file__).resolve().parent.parent
SECTIONS = {"own": [google.programs, steps.steps, compilation.compile_time],
            "peers": [peers.steps, peers.kernels],
            "busy-neighbour": [neighbour.neighbour],
            "plain-build": [steps.plain_build]}


class Suite:
    """What is to be measured, and what was found so far: entries by name, each with its raw times."""

    def __init__(self, options):
        self.build, self.out, self.pattern = options.build, options.out, options.filter
        self.plain_build, self.quick, self.asked_pairs = options.plain_build, options.quick, options.pairs
        self.pairs = options.pairs or (6 if options.quick else 20)
        self.processes = options.processes or (1 if options.quick else 3)
        self.turn = 0.02 if options.quick else 0.05  # seconds that a turn takes at least
        self.torch_python = options.torch_python
        self.machine = machine.describe(SOURCE, self.build)
        self.thread_counts = sorted({1, self.machine["processors"]})
        self.about, self.command = {}, options.command
        self.entries, self.others = {}, []

    def wants(self, name):
        return re.search(self.pattern, name) is not None

    def runs(self, measure, processes=None):
        """What measure() returns in each of so many runs, each with fresh processes, while harness/watch.py looks on."""
        self.others, found = [], []
        for _ in range(processes or self.processes):
            with watch.others(self.others):
                found.append(measure())
        return found

    def add(self, entry, summary):
        others = max(self.others, default=0.0)
        self.entries[entry["name"]] = {**entry, "quick": self.quick, "others": others}
        if others > watch.DISTURBED:
            summary += f" (DISTURBED: other processes took {others:.0%} of the processors)"
        print(f"{entry['name']}: {summary}", file=sys.stderr, flush=True)

    def save(self):
        """Adds to what earlier runs left there, if they were of the same code on the same machine."""
        path = self.out / "results.json"
        results = {"machine": self.machine, "commands": [], "about": {}, "entries": {}}
        if path.exists():
            earlier = json.loads(path.read_text(encoding="utf-8"))
            if machine.same(earlier["machine"], self.machine):
                results = earlier
        results["commands"] = sorted({*results["commands"], self.command})
        results["about"].update(self.about)
        results["entries"].update(self.entries)
        self.out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(f"written: {path}", file=sys.stderr)


def regular_expression(text):
    try:
        return re.compile(text).pattern
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no regular expression: {error}") from error


def main():
    parser = argparse.ArgumentParser(usage="see benchmarks/run.sh --help")
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--plain-build", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--command", default="")
    parser.add_argument("--filter", default="", type=regular_expression)
    parser.add_argument("--pairs", type=int)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--torch-python", default="/usr/bin/python3")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--sections", nargs="*", choices=SECTIONS, required=True)
    options = parser.parse_args()
    suite = Suite(options)
    try:
        for section in options.sections:
            for measure in SECTIONS[section]:
                suite.others = []
                measure(suite)
    finally:
        if suite.entries:
            suite.save()
    if not suite.entries:
        sys.exit(f"nothing to measure is called '{options.filter}'")
    print(report.tables({"entries": suite.entries}))


if __name__ == "__main__":
    try:
        main()
    except (RuntimeError, OSError) as error:
        sys.exit(f"benchmarks: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
