"""What the machinery costs: tiny operations, recorded and not, beside NumPy and (where it is installed) PyTorch, in one
run.

    python bench/overhead.py [--first numpy|gputensor] [--rounds N] [--json FILE]

The libraries take turns within every round; a figure is the median over the rounds and a ratio the median of the
rounds' ratios, so that a machine whose speed drifts changes both sides alike. Ratios above 1 mean that gputensor is
faster. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# name of the row -> at least this many times as fast as PyTorch
BARS = {
    "add": 1.3, "add, recorded": 1.4, "x[0]": 1.0, "x.T": 1.0, "reshape": 1.0, "x * 2.0": 1.0, "x.mul_(y)": 1.0,
    "tiny net, forward and backward": 2.5, "MLP 64-64-64-10, Adam step": 2.5,
}  # fmt: skip


def rows(lib: Any, np: Any) -> dict[str, Callable[[], Any]]:
    """The workloads over a library with PyTorch's API: name -> function to time."""
    torch_like = lib
    a = torch_like.tensor(np.arange(16, dtype=np.float32))
    b = torch_like.tensor(np.ones(16, np.float32))
    g = torch_like.tensor(np.arange(16, dtype=np.float32), requires_grad=True)
    m = torch_like.tensor(np.ones((4, 4), np.float32))
    w = torch_like.tensor(np.ones(16, np.float32))
    out: dict[str, Callable[[], Any]] = {
        "add": lambda: a + b,
        "multiply": lambda: a * b,
        "exp": lambda: a.exp(),
        "add, recorded": lambda: g + b,
        "multiply, recorded": lambda: g * b,
        "exp, recorded": lambda: g.exp(),
        "x[0]": lambda: m[0],
        "x.T": lambda: m.T,
        "reshape": lambda: m.reshape(16),
        "x * 2.0": lambda: a * 2.0,
        "x.mul_(y)": lambda: w.mul_(b),
        "sum": lambda: a.sum(),
        "matmul 4x4": lambda: m @ m,
    }
    x = torch_like.tensor(np.linspace(-1, 1, 128, dtype=np.float32).reshape(8, 16))
    weight = torch_like.tensor(np.linspace(-1, 1, 256, dtype=np.float32).reshape(16, 16), requires_grad=True)
    bias = torch_like.tensor(np.zeros(16, np.float32), requires_grad=True)

    def net() -> None:
        y = lib.relu(x @ weight + bias)
        (y * y).mean().backward()
        weight.grad = None
        bias.grad = None

    out["tiny net, forward and backward"] = net
    chain = [lib.tensor(np.ones(16, np.float32), requires_grad=True)]

    def hundred() -> None:
        y = chain[0]
        for _ in range(100):
            y = y * b
        y.sum().backward()
        chain[0].grad = None

    out["chain of 100 products, forward and backward"] = hundred
    out["SGD step over 100 parameters of 16"] = _sgd(lib, np)
    out["MLP 64-64-64-10, Adam step"] = _mlp(lib, np)
    return out


def _sgd(lib: Any, np: Any) -> Callable[[], None]:
    optim = importlib.import_module(f"{lib.__name__}.optim")
    parameters = [lib.tensor(np.ones(16, np.float32), requires_grad=True) for _ in range(100)]
    for p in parameters:
        p.grad = lib.tensor(np.ones(16, np.float32))
    optimizer = optim.SGD(parameters, lr=1e-6)
    return optimizer.step


def _mlp(lib: Any, np: Any) -> Callable[[], None]:
    nn = importlib.import_module(f"{lib.__name__}.nn")
    optim = importlib.import_module(f"{lib.__name__}.optim")
    lib.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    optimizer = optim.Adam(model.parameters(), lr=1e-3)
    loss_of = nn.CrossEntropyLoss()
    rng = np.random.default_rng(0)
    x = lib.tensor(rng.standard_normal((32, 64)).astype(np.float32))
    y = lib.tensor(rng.integers(0, 10, 32))

    def step() -> None:
        optimizer.zero_grad()
        loss_of(model(x), y).backward()
        optimizer.step()

    return step


def numpy_rows(np: Any) -> dict[str, Callable[[], Any]]:
    """NumPy's own cost of the rows that it has."""
    a, b, m = np.arange(16, dtype=np.float32), np.ones(16, np.float32), np.ones((4, 4), np.float32)
    w = np.ones(16, np.float32)
    return {
        "add": lambda: a + b,
        "multiply": lambda: a * b,
        "exp": lambda: np.exp(a),
        "x[0]": lambda: m[0],
        "x.T": lambda: m.T,
        "reshape": lambda: m.reshape(16),
        "x * 2.0": lambda: a * 2.0,
        "x.mul_(y)": lambda: np.multiply(w, b, w),
        "sum": lambda: a.sum(),
        "matmul 4x4": lambda: m @ m,
    }


def measure(sides: dict[str, Callable[[], Any]], rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Median microseconds of each side, and the median over the rounds of side / gputensor."""
    loops: dict[str, int] = {}
    for name, f in sides.items():
        f()
        begin = time.perf_counter()
        for _ in range(10):
            f()
        each = (time.perf_counter() - begin) / 10
        loops[name] = max(3, min(5000, int(0.004 / max(each, 1e-8))))
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, f in sides.items():
            n = loops[name]
            begin = time.perf_counter()
            for _ in range(n):
                f()
            times[name].append((time.perf_counter() - begin) / n * 1e6)
    ratios = {
        name: statistics.median(t / o for t, o in zip(ts, times["gputensor"], strict=True))
        for name, ts in times.items()
        if name != "gputensor"
    }
    return {name: statistics.median(ts) for name, ts in times.items()}, ratios


def growth(gt: Any, np: Any) -> list[tuple[int, float, float, float]]:
    """Microseconds a node of forward, backward and freeing, for chains of growing length: linear means a constant
    figure."""
    out = []
    one = gt.tensor(np.ones(16, np.float32))
    seed = gt.tensor(np.ones(16, np.float32))
    for length in (100, 1_000, 10_000, 100_000):
        best = [float("inf")] * 3
        for _ in range(max(3, 3000 // length)):
            y = gt.tensor(np.ones(16, np.float32), requires_grad=True)
            t0 = time.perf_counter()
            for _ in range(length):
                y = y * one
            t1 = time.perf_counter()
            y.backward(seed)
            t2 = time.perf_counter()
            del y
            t3 = time.perf_counter()
            best = [min(old, new / length * 1e6) for old, new in zip(best, (t1 - t0, t2 - t1, t3 - t2), strict=True)]
        out.append((length, *best))
    return out  # type: ignore[return-value]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--first", choices=("numpy", "gputensor"), default="gputensor", help="which of the two is imported first"
    )
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--json", help="also write the figures to this file")
    arguments = parser.parse_args()
    for name in (arguments.first, "numpy", "gputensor"):
        importlib.import_module(name)
    np, gt = sys.modules["numpy"], sys.modules["gputensor"]
    try:
        torch = importlib.import_module("torch")
    except ImportError:
        torch = None
        print("PyTorch is not installed: no ratios beside it")
    ours, numpys = rows(gt, np), numpy_rows(np)
    theirs = rows(torch, np) if torch is not None else {}
    print(
        f"Python {platform.python_version()}, NumPy {np.__version__}, {arguments.first} imported first; microseconds, "
        f"medians of {arguments.rounds} rounds"
    )
    print(f"{'':46}{'NumPy':>9}{'gputensor':>11}{'PyTorch':>9}{'ratio':>8}{'bar':>6}")
    record: dict[str, Any] = {}
    below = []
    for name, f in ours.items():
        sides = {"gputensor": f}
        if name in theirs:
            sides["torch"] = theirs[name]
        if name in numpys:
            sides["numpy"] = numpys[name]
        gc.collect()
        times, ratios = measure(sides, arguments.rounds)
        bar = BARS.get(name)
        ratio = ratios.get("torch")
        if bar is not None and ratio is not None and ratio < bar:
            below.append(f"{name}: {ratio:.2f} of {bar}")
        cells = [f"{times[s]:.2f}" if s in times else "" for s in ("numpy", "gputensor", "torch")]
        shown = f"{ratio:.2f}" if ratio is not None else ""
        print(f"{name:46}{cells[0]:>9}{cells[1]:>11}{cells[2]:>9}{shown:>8}{bar if bar is not None else '':>6}")
        record[name] = {"us": times, "torch / gputensor": ratio, "bar": bar}
    print("\nchain of products: microseconds a node")
    print(f"{'nodes':>9}{'forward':>10}{'backward':>10}{'freeing':>10}")
    for length, forward, backward, free in growth(gt, np):
        print(f"{length:9}{forward:10.2f}{backward:10.2f}{free:10.3f}")
        record[f"chain of {length}"] = {"forward": forward, "backward": backward, "freeing": free}
    if below:
        print("\nbelow the bar: " + "; ".join(below))
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(record, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
