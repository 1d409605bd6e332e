#!/usr/bin/env python3
"""Measures; run.sh builds first, and says what the flags mean."""
import argparse
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import machine, peers  # noqa: E402

SOURCE = Path(__file__).resolve().parent.parent


class Suite:
    """What is to be measured, and what was found so far: entries by name, each with its raw times."""

    def __init__(self, options):
        self.build, self.out, self.pattern = options.build, options.out, options.filter
        self.pairs = options.pairs or (6 if options.quick else 20)
        self.processes = options.processes or (1 if options.quick else 3)
        self.turn = 0.02 if options.quick else 0.05  # seconds that a turn takes at least
        self.torch_python = options.torch_python
        self.machine = machine.describe(SOURCE, self.build)
        self.thread_counts = sorted({1, self.machine["processors"]})
        self.about = {"command": options.command}
        self.entries = {}

    def wants(self, name):
        return re.search(self.pattern, name) is not None

    def add(self, entry, summary):
        self.entries[entry["name"]] = entry
        print(f"{entry['name']}: {summary}", file=sys.stderr, flush=True)

    def save(self):
        """Adds to what an earlier run left there, if that was of the same code on the same machine."""
        path = self.out / "results.json"
        results = {"machine": self.machine, "about": {}, "entries": {}}
        if path.exists():
            earlier = json.loads(path.read_text(encoding="utf-8"))
            if earlier["machine"] == self.machine:
                results = earlier
        results["about"].update(self.about)
        results["entries"].update(self.entries)
        self.out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(f"written: {path}", file=sys.stderr)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--command", default="")
    parser.add_argument("--filter", default="")
    parser.add_argument("--pairs", type=int)
    parser.add_argument("--processes", type=int)
    parser.add_argument("--torch-python", default="/usr/bin/python3")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    suite = Suite(options)
    sections = []
    if options.peers:
        sections += [peers.steps, peers.kernels]
    for section in sections:
        section(suite)
    if not suite.entries:
        sys.exit(f"nothing to measure is called '{options.filter}'")
    suite.save()


main()
