#!/usr/bin/env python3
"""Prints the mixture study's table: table.py DIRECTORY, which holds one JSON file for each run."""
import json
import pathlib
import statistics
import sys


def summary(runs, modes):
    share = [100 * run["high_quality"] for run in runs]
    full = sum(run["modes"] == modes for run in runs)
    twenty = sum(run["modes_of_20"] == modes for run in runs)
    mean = statistics.mean(run["modes"] for run in runs)
    return (f"{mean:.1f} | {full} of {len(runs)} | {twenty} of {len(runs)} | {statistics.median(share):.1f} % | "
            f"{min(share):.1f} % | {len(runs)}")


def main():
    runs = [json.loads(path.read_text()) for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json"))]
    if not runs:
        sys.exit(f"table.py: no results in {sys.argv[1]}")
    print("| data | recipe | rates | modes, mean | all modes | all with 20 samples | high quality, median | least | seeds |")
    print("|---|---|---|---|---|---|---|---|---|")
    for data, modes in (("ring", 8), ("grid", 25)):
        for recipe in ("gan", "unrolled", "wgan_gp", "pacgan", "r3gan"):
            for rates in ("protocol", "even"):
                chosen = [run for run in runs if (run["data"], run["recipe"], run["rates"]) == (data, recipe, rates)]
                if chosen:
                    print(f"| {data} | {recipe} | {rates} | {summary(chosen, modes)} |")


if __name__ == "__main__":
    main()
