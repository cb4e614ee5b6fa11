"""Inputs of samples: drawn from a seed that is the row's name, in any dtype and in any layout of memory."""

import importlib
import pkgutil
import zlib
from collections.abc import Iterator
from typing import Any

import ml_dtypes
import numpy as np

import tests.samples
from tests.samples import Input, Sample

INTEGERS = ("int64", "int32", "int16", "int8", "uint8", "uint16", "uint32", "uint64")
COMPLEX = {"complex64": "float32", "complex128": "float64"}
LAYOUTS = ("transposed", "negative strides", "broadcast")


def all_samples() -> list[Sample]:
    """Every row of every file of tests/samples, in the order of the files' names."""
    found: list[Sample] = []
    for module in sorted(pkgutil.iter_modules(tests.samples.__path__), key=lambda m: m.name):
        found += importlib.import_module(f"tests.samples.{module.name}").SAMPLES
    return found


def numpy_type(name: str) -> np.dtype:
    return np.dtype(ml_dtypes.bfloat16 if name == "bfloat16" else name)


def draw(sample: Sample, dtype: str, shapes: list[tuple[int, ...]] | None = None) -> list[np.ndarray]:
    """The inputs of a row as NumPy arrays; what is differentiable in a row has `dtype`, or an integer or bool one."""
    # NumPy promises that this generator's numbers stay the same in all its versions
    rng = np.random.RandomState(zlib.crc32(f"{sample.name} {dtype}".encode()))
    shapes = [i.shape for i in sample.inputs] if shapes is None else shapes
    pairs = zip(sample.inputs, shapes, strict=True)
    return [np.asarray(_one(rng, i, shape, dtype, k)) for k, (i, shape) in enumerate(pairs)]


def _one(rng: np.random.RandomState, i: Input, shape: tuple[int, ...], dtype: str, k: int) -> Any:
    if i.kind == "index":
        return np.asarray(rng.randint(i.low, i.high, shape), np.int64)
    if i.kind == "bool":
        return np.asarray(rng.randint(0, 2, shape)) > 0
    if i.kind == "int":
        values = np.asarray(rng.randint(i.low, i.high, shape), np.int64)
        return values.astype(dtype) if dtype in INTEGERS or dtype == "bool" else values
    if dtype == "bool":
        return np.asarray(rng.randint(0, 2, shape)) > 0
    if dtype in INTEGERS:
        low = 1 if i.kind == "positive" else 0 if dtype.startswith("u") else -5
        return np.asarray(rng.randint(low, 6, shape)).astype(dtype)
    if dtype in COMPLEX:
        # a smaller circle, where the functions are smooth
        return np.asarray(0.8 * _floats(rng, i.kind, shape, k) + 0.5j * _floats(rng, i.kind, shape, k), dtype)
    return np.asarray(_floats(rng, i.kind, shape, k), numpy_type(dtype))


def _floats(rng: np.random.RandomState, kind: str, shape: tuple[int, ...], k: int) -> Any:
    if kind == "positive":
        return rng.uniform(0.2, 2.2, shape)
    if kind == "unit":
        return rng.uniform(-0.9, 0.9, shape)
    if kind == "distinct":
        n = int(np.prod(shape))
        # inputs are distinct from each other too, and from round numbers that a row may clamp to
        return ((rng.permutation(n) - n // 2) * 0.1317 + 0.0513 + 0.0313 * k).reshape(shape)
    assert kind == "normal", kind
    return rng.standard_normal(shape)


def differentiable(sample: Sample) -> list[int]:
    """Which inputs of a row get a gradient."""
    if not sample.differentiable:
        return []
    return [k for k, i in enumerate(sample.inputs) if i.grad and i.kind not in ("int", "bool", "index")]


def laid_out(a: np.ndarray, layout: str) -> np.ndarray:
    """The values of `a` in other memory; for "broadcast", its first row again and again, with stride 0."""
    if not a.ndim:
        return a
    if layout == "transposed":
        return np.array(a.T, order="C").T
    if layout == "negative strides":
        back = (slice(None, None, -1),) * a.ndim
        return a[back].copy()[back]
    assert layout == "broadcast"
    if not a.size:
        return a
    return np.broadcast_to(a[:1], a.shape)


def other_shapes(sample: Sample) -> Iterator[tuple[str, list[tuple[int, ...]]]]:
    """The shapes of a row's inputs with an empty leading dim, and without dims: not every row allows them."""
    shapes = [i.shape for i in sample.inputs]
    longest = max(shapes, key=len, default=())
    # an index would point into nothing
    if longest and longest[0] > 1 and not any(i.kind == "index" for i in sample.inputs):
        yield "empty", [(0, *s[1:]) if len(s) == len(longest) and s[0] == longest[0] else s for s in shapes]
    if any(shapes):
        yield "0-d", [() for _ in shapes]
