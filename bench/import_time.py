"""How long `import gputensor` takes beside `import numpy`, with the interpreter's own start taken off both.

Each round starts three fresh interpreters, one after another, so that a slow moment of the machine meets all three.
The bar is a ratio of at most 3; it means something on an idle machine only.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

STATEMENTS = {"start": "pass", "numpy": "import numpy", "gputensor": "import gputensor"}
LARGEST_RATIO = 3.0


def seconds(statement: str) -> float:
    """Wall time of a fresh interpreter that runs `statement`."""
    # with the compiled files that an installation has, whatever this shell says about writing them
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, env=environment)
    return time.perf_counter() - begin


def measure(rounds: int) -> dict[str, float]:
    """The median seconds of each statement over alternating rounds; a first round that fills the caches is dropped."""
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for turn in range(rounds + 1):
        for name, statement in STATEMENTS.items():
            elapsed = seconds(statement)
            if turn:
                times[name].append(elapsed)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how many times each import is timed (default: 15)")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds is {options.rounds}; use 1 or more")
    median = measure(options.rounds)
    numpy, gputensor = (median[name] - median["start"] for name in ("numpy", "gputensor"))
    ratio = gputensor / numpy
    print(f"import numpy     {numpy * 1e3:7.1f} ms")
    print(f"import gputensor {gputensor * 1e3:7.1f} ms, {ratio:.2f} times as long (at most {LARGEST_RATIO:g} wanted)")
    return 0 if ratio <= LARGEST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
