"""From which size on several threads pay: what the constants of gputensor/arrays/numpy_ were chosen by.

    python bench/thresholds.py [--rounds N]

For each kind of work and size: microseconds on one thread and on all, in alternation, medians. The first size at which
all threads are a tenth faster, and stay so, is printed last, beside the constant in use. Nothing else should run
meanwhile.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from gputensor.arrays import numpy_
from gputensor.arrays.numpy_ import blocks, images, indexing, large, linalg, threads

SIZES = [1 << k for k in range(14, 25)]


def _elements(word: Callable[[Any], Any], size: int) -> Callable[[], Any]:
    x = np.random.default_rng(0).random(size, np.float32)
    return lambda: word(x)


def _rows(word: Callable[[Any], Any], size: int) -> Callable[[], Any]:
    x = np.random.default_rng(0).random((size // 512, 512), np.float32)
    return lambda: word(x)


def _taken(size: int) -> Callable[[], Any]:
    rng = np.random.default_rng(0)
    x, index = rng.random((2048, 256), np.float32), rng.integers(0, 2048, size // 256)
    return lambda: numpy_.index_get(x, (index,))


def _batch(size: int) -> Callable[[], Any]:
    x = np.random.default_rng(0).random((max(size >> 15, 2), 32, 32), np.float32)
    return lambda: numpy_.matmul(x, x)


def _images(size: int) -> Callable[[], Any]:
    rng = np.random.default_rng(0)
    x = rng.random((max(size >> 14, 2), 8, 16, 16), np.float32)
    w = rng.random((8, 8, 3, 3), np.float32)
    return lambda: numpy_.conv(x, w, None, (1, 1), ((1, 1), (1, 1)), (1, 1), 1)


def _parts(size: int) -> Callable[[], Any]:
    p, g = np.zeros(size, np.float32), np.ones(size, np.float32)

    def part(start: int, stop: int) -> None:
        p[start:stop] -= g[start:stop] * 0.1 / (np.sqrt(g[start:stop]) + 1e-8)

    return lambda: numpy_.each_part(part, size)


# name -> work for a number of elements, the module and the name of the constant, what one element counts for there
WORK: dict[str, tuple[Callable[[int], Callable[[], Any]], Any, str, float]] = {
    "exp": (lambda n: _elements(numpy_.exp, n), large, "DEAR", 1),
    "tanh": (lambda n: _elements(numpy_.tanh, n), large, "DEAR", 1),
    "argmax over rows": (lambda n: _rows(lambda x: numpy_.argmax(x, 1), n), large, "DEAR", 0.5),
    "rows by index": (_taken, indexing, "_SPLIT", 4),
    "batch of products 32x32": (_batch, linalg, "_WORK", 1),
    "convolution, 8 channels": (_images, images, "_THREADED", 9),
    "optimizer's parts": (_parts, blocks, "_LARGE_PARTS", 1),
}


def main() -> int:
    """Measure all kinds of work with the constants set aside, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    cores = threads.count()
    print(f"{cores} threads; microseconds on one and on all, medians of {rounds} rounds\n")
    for name, (make, module, constant, weight) in WORK.items():
        chosen = getattr(module, constant)
        setattr(module, constant, 1)
        found: list[tuple[int, float, float]] = []
        for size in SIZES:
            found.append((size, *_both(make(size), rounds)))
            print(f"{name:26}{size:10}{found[-1][1]:10.1f}{found[-1][2]:10.1f}", flush=True)
        setattr(module, constant, chosen)
        faster = [size for k, (size, _, _) in enumerate(found) if all(b < 0.9 * a for _, a, b in found[k:])]
        print(
            f"{name:26} pays from {faster[0] if faster else 'nowhere'}; {constant} is {chosen / weight:.0f} elements\n"
        )
    return 0


def _both(work: Callable[[], Any], rounds: int) -> tuple[float, float]:
    """Medians on one thread and on all."""
    times: dict[bool, list[float]] = {True: [], False: []}
    usual = threads.count
    work()
    for _ in range(rounds):
        for alone in (True, False):
            threads.count = (lambda: 1) if alone else usual
            begin = time.perf_counter()
            work()
            times[alone].append((time.perf_counter() - begin) * 1e6)
    threads.count = usual
    return statistics.median(times[True]), statistics.median(times[False])


if __name__ == "__main__":
    sys.exit(main())
