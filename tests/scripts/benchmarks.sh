#!/usr/bin/env bash
# benchmarks/run.sh when it is called wrongly or things are missing, and what its harness makes of measurements.
# usage: benchmarks.sh SOURCE_DIRECTORY; exits 77 (skipped) without python3.
set -euo pipefail
command -v python3 >/dev/null || exit 77
source=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }
# Says the only error message of a command that must fail.
refused() {
  ! "$@" >"$work/out" 2>&1 </dev/null || fail "should have failed: $*"
  [ "$(wc -l <"$work/out")" -le 2 ] || fail "more than one clear message: $(cat "$work/out")"
  cat "$work/out"
}
run=$source/benchmarks/run.sh

message=$(refused "$run" --no-such-flag)
[[ $message == *"'--no-such-flag'"*"--help"* ]] || fail "an unknown option: $message"
message=$(refused "$run" --pairs)
[[ $message == *"--pairs needs a value"* ]] || fail "an option without its value: $message"
message=$(refused "$run" --processes none)
[[ $message == *"--processes needs a number"*"'none'"* ]] || fail "a number that is none: $message"
"$run" --help | grep -q -- --busy-neighbour || fail "--help"

# A machine with nothing but the tools that bash scripts live on: what is missing is named, and nothing installed.
mkdir "$work/bin"
for tool in bash env dirname basename cat mkdir mktemp rm sed awk grep paste id tr nproc; do
  ln -s "$(command -v $tool)" "$work/bin/$tool"
done
message=$(refused env -i PATH="$work/bin" bash "$run" --peers --no-install)
[[ $message == *"missing: compiler cmake generator"*python*openblas*blis* ]] || fail "what is missing: $message"
[[ $message == *libopenblas0-openmp*"--no-install"* ]] || fail "the packages, and why it stops: $message"
message=$(refused env TORCH_PYTHON="$work/no-python" "$run" --peers --no-install)
[[ $message == *"TORCH_PYTHON: $work/no-python"* ]] || fail "a Python without torch: $message"

# PyTorch is slow beside an OpenBLAS with threads of its own: whatever brings libblas must take OpenMP's.
printf '#!/bin/sh\necho "/lib/${1#-print-file-name=}"\n' >"$work/compiler"
printf '#!/bin/sh\ncase $1 in *blas*) echo "$THREADS";; esac\n' >"$work/bin/ldd"
chmod +x "$work/compiler" "$work/bin/ldd"
for threads in libgomp.so.1 libomp.so.5 libpthread.so.0; do
  found=yes
  env PATH="$work/bin" CXX="$work/compiler" THREADS=$threads \
    bash -c '. "$1" && have openblas-with-openmp' bash "$source/.ci/dependencies.sh" || found=no
  [ "$found" = "$([ $threads = libpthread.so.0 ] && echo no || echo yes)" ] || fail "OpenBLAS with $threads: $found"
done

measure() { python3 "$source/benchmarks/measure.py" --build "$work" --out "$work/results" "$@"; }
echo "CMAKE_CXX_COMPILER:FILEPATH=c++" >"$work/CMakeCache.txt"
message=$(refused measure --sections busy-neighbour --filter nothing-like-it)
[[ $message == *"nothing to measure is called 'nothing-like-it'"* ]] || fail "a filter without a match: $message"
message=$(refused measure --sections busy-neighbour --filter '[')
[[ $message == *"--filter"* ]] || fail "a filter that is no regular expression: $message"
mkdir "$work/benchmarks"
printf '#!/bin/sh\necho not ready\n' >"$work/benchmarks/bench_step_server"
chmod +x "$work/benchmarks/bench_step_server"
message=$(refused measure --sections busy-neighbour)
[[ $message == *"expected 'ready'"* ]] || fail "a program that does not answer: $message"

# What others take of the processors' time is what was taken less what was one's own.
python3 - "$source" <<'TEXT'
import subprocess
import sys
from unittest import mock

sys.path.insert(0, sys.argv[1] + "/benchmarks")
from harness import watch

before = watch.busy_seconds(), watch.own_seconds()
subprocess.run(["timeout", "1", "sh", "-c", "while :; do :; done"], check=False)
assert watch.own_seconds() - before[1] > 0.1 and watch.busy_seconds() - before[0] > 0.1, "a busy child does not count"
shares = []
with mock.patch.object(watch, "busy_seconds", side_effect=[10, 16]), \
        mock.patch.object(watch, "own_seconds", side_effect=[3, 7]), \
        mock.patch.object(watch.time, "perf_counter", side_effect=[100, 105]), \
        mock.patch.object(watch.os, "cpu_count", return_value=2), watch.others(shares):
    pass
assert shares == [0.2], shares
TEXT

# A page and a picture of measurements whose ratios are known: 2, 4 and 6.
python3 - "$source" "$work" <<'TEXT'
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

source, work = map(Path, sys.argv[1:])
sys.path.insert(0, str(source / "benchmarks"))
from harness.cases import operations
from harness.paired import Ratio, median_interval

# The interval of a median by ranks: of 10 values the 2nd and the 9th, of 30 the 10th and the 21st (binomial tables).
assert median_interval(range(1, 11)) == (5.5, 2, 9)
assert median_interval(range(1, 31)) == (15.5, 10, 21)
assert median_interval([3, 1, 2]) == (2, 1, 3)
ratio = Ratio([{"eigan_times": [1, 1, 2], "peer_times": [2, 4, 12]}])
assert (ratio.median, ratio.low, ratio.high) == (4, 2, 6), ratio
# mlp_mnist: the generator's layers have 25600 + 131072 + 524288 + 802816 weights, the discriminator's 401408 + 131072 +
# 256. Forward once and three times; weights' gradients once and twice; inputs' gradients of all but the first layers of
# both, but in the generator's update of all the discriminator's.
forward, weights = 1483776 + 3 * 532736, 1483776 + 2 * 532736
inputs = (1483776 - 25600) + 2 * (532736 - 401408) + 532736
assert operations("mlp_mnist", 5) == 2 * 5 * (forward + weights + inputs)

process = {"peaks": [1e9, 1e9, 1e9], "eigan_times": [1, 1, 2], "peer_times": [2, 4, 12], "eigan_memory": 2**20,
           "peer_memory": 2**21}
entry = {"section": "peers", "case": "mlp_mnist", "batch": 64, "threads": 2, "operations": 3e9, "processes": [process],
         "quick": False, "others": 0.0}
results = {"machine": {"date": "d", "commit": "c", "processors": 2, "processor": "p", "avx512": False, "system": "s",
                       "compiler": "g"},
           "about": {}, "commands": ["benchmarks/run.sh"],
           "entries": {peer: {**entry, "name": peer, "peer": peer} for peer in ("PyTorch plain", "PyTorch best")}}
(work / "results.json").write_text(json.dumps(results))
subprocess.run([source / "benchmarks/report.py", work / "results.json", work / "page"], check=True)
page = (work / "page/RESULTS.md").read_text()
assert "4.00 [2.00, 6.00]" in page and "commit c" in page and "--quick" not in page, page
assert "of p without AVX-512, s" in page, page
assert "Disturbed" not in page, page
picture = ElementTree.parse(work / "page/speed.svg")
tops = [float(element.get("y", 0)) for element in picture.iter() if element.tag.endswith("rect")]
assert len(tops) == 7 and min(tops) >= 0, f"a bar leaves the picture, or is missing: {tops}"  # three times the peak
assert any("1/4.00" in (element.text or "") for element in picture.iter()), "the picture lacks the ratio"
TEXT
message=$(refused "$source/benchmarks/report.py")
[[ $message == *usage* ]] || fail "report.py alone: $message"
echo "the benchmarks' scripts say what is wrong, and reckon right"
