#!/usr/bin/env python3
"""usage: report.py RESULTS.json [DIRECTORY]; writes RESULTS.md and speed.svg, by default where this file is."""
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import chart, report  # noqa: E402


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        sys.exit(__doc__.strip())
    results = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    directory = Path(sys.argv[2]) if len(sys.argv) == 3 else HERE
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "RESULTS.md").write_text(report.page(results), encoding="utf-8")
    picture = chart.svg(results)
    if picture:
        (directory / "speed.svg").write_text(picture, encoding="utf-8")


main()
