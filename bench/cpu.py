"""Speed on a CPU: ours beside PyTorch's, row by row, in alternating processes.

    python bench/cpu.py [--only TEXT ...] [--rounds N] [--against torch] [--main] [--first numpy] [--json FILE]

Every round runs one process a library, in turn; a process times every row and leaves. The figures are the median and
the best over the rounds, a ratio is the median of the rounds' ratios: above 1 we are faster. Training steps have a
second number, the growth of peak memory over the imported library, ours over theirs. Geometric means are over the main
rows. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

SECONDS = 0.35  # how long a row is timed in one process
LEAST = 3  # samples of a row in one process, however slow


def main() -> int:
    """Read the command line, run the rounds, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], help="rows that contain one of these texts")
    parser.add_argument("--main", action="store_true", help="the main rows alone")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", default="torch", help="the other library: torch")
    parser.add_argument("--first", choices=("gputensor", "numpy"), default="gputensor", help="what is imported first")
    parser.add_argument("--memory", action="store_true", help="peak memory of the training steps alone")
    parser.add_argument("--json", help="also write the figures to this file")
    parser.add_argument("--side", help=argparse.SUPPRESS)
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side and arguments.peak:
        print(json.dumps(_peak(arguments.side, arguments.peak)))
        return 0
    if arguments.side:  # before the workloads, which import NumPy
        importlib.import_module(arguments.first if arguments.side == "gputensor" else arguments.side)
    rows = _chosen(arguments.only, arguments.main)
    if not rows:
        parser.error(f"no row contains {' or '.join(map(repr, arguments.only))}")
    if arguments.side:
        print(json.dumps(_times(arguments.side, rows)))
        return 0
    sides = ["gputensor", arguments.against]
    if subprocess.run([sys.executable, "-c", f"import {arguments.against}"], capture_output=True).returncode:
        print(f"{arguments.against} is not installed: no ratios")
        sides = ["gputensor"]
    rounds: list[dict[str, Any]] = []
    if not arguments.memory:
        rounds = [{side: _child(side, arguments) for side in sides} for _ in range(arguments.rounds)]
    peaks = _peaks(sides, rows)
    record = _table(rows, sides, rounds, peaks)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(record, indent=1) + "\n")
    return 0


def _chosen(only: Sequence[str], main_only: bool) -> list[str]:
    from bench import workloads

    names = [*workloads.MAIN] if main_only else [*workloads.MAIN, *workloads.FURTHER]
    return [name for name in names if not only or any(text in name for text in only)]


def _child(side: str, arguments: argparse.Namespace) -> dict[str, list[float]]:
    given = ["--side", side, "--first", arguments.first, *(["--main"] if arguments.main else [])]
    given += ["--only", *arguments.only] if arguments.only else []
    return _run(given)


def _run(given: Sequence[str]) -> Any:
    done = subprocess.run([sys.executable, __file__, *given], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _times(side: str, rows: Sequence[str]) -> dict[str, list[float]]:
    """Microseconds of each row in this process: [median, best]."""
    lib = importlib.import_module(side)
    from bench import workloads

    builders = {**workloads.MAIN, **workloads.FURTHER}
    return {row: _time(builders[row](lib)) for row in rows}


def _time(f: Callable[[], Any]) -> list[float]:
    gc.collect()
    f()
    begin = time.perf_counter()
    f()
    each = time.perf_counter() - begin
    loops = max(1, min(2000, int(0.005 / max(each, 1e-7))))
    warm = time.perf_counter() + SECONDS / 5
    while time.perf_counter() < warm:
        f()
    samples: list[float] = []
    end = time.perf_counter() + SECONDS
    while len(samples) < LEAST or time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(loops):
            f()
        samples.append((time.perf_counter() - begin) / loops * 1e6)
    return [statistics.median(samples), min(samples)]


def _peak(side: str, row: str) -> int:
    """Kilobytes by which ten steps raise this process's peak above that of the imported library."""
    lib = importlib.import_module(side)
    from bench import workloads

    importlib.import_module(f"{side}.optim")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    step = {**workloads.MAIN, **workloads.FURTHER}[row](lib)
    for _ in range(10):
        step()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before


def _peaks(sides: Sequence[str], rows: Sequence[str]) -> dict[str, dict[str, int]]:
    from bench import workloads

    return {
        row: {side: _run(["--side", side, "--peak", row]) for side in sides} for row in rows if row in workloads.STEPS
    }


def _mean(ratios: Sequence[float]) -> float:
    return math.exp(statistics.fmean(map(math.log, ratios)))


def _table(
    rows: Sequence[str], sides: Sequence[str], rounds: Sequence[dict[str, Any]], peaks: dict[str, dict[str, int]]
) -> dict[str, Any]:
    """Print the rows and the means; what was printed, as a record."""
    from bench import workloads

    ours, other = sides[0], sides[-1]
    compared = len(sides) > 1
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores; microseconds: median and best of "
        f"{len(rounds)} rounds; memory: growth of the peak in MB"
    )
    print(f"{'':46}{ours:>11}{'best':>11}{other if compared else '':>11}{'best':>11}{'ratio':>7}{'memory':>16}")
    record: dict[str, Any] = {}
    for row in rows:
        entry: dict[str, Any] = {"main": row in workloads.MAIN}
        cells = ""
        for side in sides if rounds else []:
            medians = [one[side][row][0] for one in rounds]
            entry[side] = {"us": statistics.median(medians), "best": min(one[side][row][1] for one in rounds)}
            cells += f"{entry[side]['us']:11.1f}{entry[side]['best']:11.1f}"
        if compared and rounds:
            entry["ratio"] = statistics.median(one[other][row][0] / one[ours][row][0] for one in rounds)
            cells += f"{entry['ratio']:7.2f}"
        if row in peaks:
            entry["peak kB"] = peaks[row]
            cells += "  " + " / ".join(f"{kb / 1024:.0f}" for kb in peaks[row].values())
            if compared:
                cells += f" = {peaks[row][ours] / max(peaks[row][other], 1):.2f}"
        print(f"{row:46}{cells}", flush=True)
        record[row] = entry
    if compared and rounds:
        _means(record, workloads.STEPS, workloads.TINY)
    return record


def _means(record: dict[str, Any], steps: Sequence[str], tiny: Sequence[str]) -> None:
    groups = {
        "main rows": [name for name in record if record[name]["main"]],
        "training steps": [name for name in record if record[name]["main"] and name in steps],
        "tiny nets": [name for name in record if name in tiny and "add" not in name],
        "further rows": [name for name in record if not record[name]["main"]],
    }
    print()
    for group, names in groups.items():
        if names:
            ratios = [record[name]["ratio"] for name in names]
            low = min(names, key=lambda name: record[name]["ratio"])
            print(
                f"{group}: geometric mean {_mean(ratios):.2f} over {len(names)}, "
                f"{sum(r >= 1 for r in ratios)} at least as fast, lowest {record[low]['ratio']:.2f} ({low})"
            )


if __name__ == "__main__":
    sys.exit(main())
