"""Tensors without layers: tiny operations, elementwise work, reductions, copies, gathers, products."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .drawing import normal, whole

SIZES = {"1e5": 100_000, "1e6": 1_000_000, "1e7": 10_000_000}


def tiny_add(lib: Any) -> Callable[[], Any]:
    a, b = normal(lib, 16), normal(lib, 16, seed=1)
    return lambda: a + b


def tiny_add_recorded(lib: Any) -> Callable[[], Any]:
    a, b = normal(lib, 16, grad=True), normal(lib, 16, seed=1)
    return lambda: a + b


def tiny_net(lib: Any) -> Callable[[], Any]:
    x, w, b = normal(lib, 8, 16), normal(lib, 16, 16, seed=1, grad=True), normal(lib, 16, seed=2, grad=True)

    def step() -> None:
        y = lib.relu(x @ w + b)
        (y * y).mean().backward()
        w.grad = b.grad = None

    return step


def add(lib: Any, n: int) -> Callable[[], Any]:
    a, b = normal(lib, n), normal(lib, n, seed=1)
    return lambda: a + b


def exp(lib: Any, n: int) -> Callable[[], Any]:
    a = normal(lib, n)
    return lambda: a.exp()


def chain(lib: Any, n: int) -> Callable[[], Any]:
    a, b = normal(lib, n), normal(lib, n, seed=1)
    return lambda: a * b + a - b


def total(lib: Any, n: int) -> Callable[[], Any]:
    a = normal(lib, n)
    return lambda: a.sum()


def square(f: Callable[[Any], Any], lib: Any) -> Callable[[], Any]:
    a = normal(lib, 2048, 2048)
    return lambda: f(a)


def index_rows(lib: Any) -> Callable[[], Any]:
    a, rows = normal(lib, 2048, 2048), whole(lib, 2048, 2048)
    return lambda: a[rows]


def matmul(lib: Any, n: int) -> Callable[[], Any]:
    a, b = normal(lib, n, n), normal(lib, n, n, seed=1)
    return lambda: a @ b


def bmm(lib: Any) -> Callable[[], Any]:
    a, b = normal(lib, 64, 128, 64), normal(lib, 64, 64, 128, seed=1)
    return lambda: a @ b


def _rows(name: str, f: Callable[..., Any], *sizes: str) -> dict[str, Any]:
    return {f"{name} {size}": functools.partial(f, n=SIZES[size]) for size in sizes}


TINY = ("tiny add", "tiny add, recorded", "tiny net fwd+bwd")

MAIN: dict[str, Any] = {
    "tiny add": tiny_add,
    "tiny add, recorded": tiny_add_recorded,
    "tiny net fwd+bwd": tiny_net,
    **_rows("add", add, "1e5", "1e6", "1e7"),
    **_rows("exp", exp, "1e5", "1e6", "1e7"),
    **_rows("chain a*b+a-b", chain, "1e5", "1e6", "1e7"),
    **_rows("sum", total, "1e5", "1e6", "1e7"),
    "sum axis0 2048^2": functools.partial(square, lambda a: a.sum(0)),
    "mean axis1 2048^2": functools.partial(square, lambda a: a.mean(1)),
    "transpose copy 2048^2": functools.partial(square, lambda a: a.T.contiguous()),
    "argmax axis1 2048^2": functools.partial(square, lambda a: a.argmax(1)),
    "index rows 2048^2": index_rows,
    "matmul 64": functools.partial(matmul, n=64),
    "matmul 512": functools.partial(matmul, n=512),
    "matmul 1024": functools.partial(matmul, n=1024),
    "bmm 64x128x64x128": bmm,
}

FURTHER: dict[str, Any] = {
    "x * 2 1e6": lambda lib: (lambda a: lambda: a * 2)(normal(lib, 1_000_000)),
    "tanh 1e6": lambda lib: (lambda a: lambda: a.tanh())(normal(lib, 1_000_000)),
    "sigmoid 1e6": lambda lib: (lambda a: lambda: a.sigmoid())(normal(lib, 1_000_000)),
    "relu 1e6": lambda lib: (lambda a: lambda: a.relu())(normal(lib, 1_000_000)),
    "pow 3 1e6": lambda lib: (lambda a: lambda: a**3)(normal(lib, 1_000_000)),
    "where 1e6": lambda lib: (lambda a: lambda: lib.where(a > 0, a, 0.0))(normal(lib, 1_000_000)),
    "sum axis1 2048^2": functools.partial(square, lambda a: a.sum(1)),
    "mean axis0 2048^2": functools.partial(square, lambda a: a.mean(0)),
    "var axis1 2048^2": functools.partial(square, lambda a: a.var(1)),
    "var axis0 2048^2": functools.partial(square, lambda a: a.var(0)),
    "max axis0 2048^2": functools.partial(square, lambda a: a.amax(0)),
    "max axis1 2048^2": functools.partial(square, lambda a: a.amax(1)),
    "max 2048^2": functools.partial(square, lambda a: a.max()),
    "max with indices axis1 2048^2": functools.partial(square, lambda a: a.max(1)),
    "argmax axis0 2048^2": functools.partial(square, lambda a: a.argmax(0)),
    "cumsum axis0 2048^2": functools.partial(square, lambda a: a.cumsum(0)),
    "cumsum axis1 2048^2": functools.partial(square, lambda a: a.cumsum(1)),
    "logsumexp axis1 2048^2": functools.partial(square, lambda a: a.logsumexp(1)),
    "norm 2048^2": functools.partial(square, lambda a: a.norm()),
    "sort axis1 2048^2": functools.partial(square, lambda a: a.sort(1)),
    "top 10 axis1 2048^2": functools.partial(square, lambda a: a.topk(10, 1)),
    "cat of two 2048^2": lambda lib: (lambda a: lambda: lib.cat([a, a]))(normal(lib, 2048, 2048)),
}
