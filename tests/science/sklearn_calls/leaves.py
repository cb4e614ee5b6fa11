"""The results of a call beside those of the same call on NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import gputensor as gt

REL = {"float64": 1e-10, "float32": 1e-5}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(path, leaf) of everything in dicts, lists and tuples: "cv_results_.mean_test_score", "0"."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{path}.{key}".strip("."))
    elif isinstance(value, (list, tuple)):
        for place, part in enumerate(value):
            yield from leaves(part, f"{path}.{place}".strip("."))
    else:
        yield path, value


def kind(leaf: Any) -> str:
    """What a reader wants to know of its type: Tensor, NumPy, number, or the name of the class."""
    if isinstance(leaf, gt.Tensor):
        return "Tensor"
    if isinstance(leaf, np.ndarray):
        return "NumPy"
    if isinstance(leaf, (bool, int, float, np.generic)):
        return "number"
    return type(leaf).__name__


def host(leaf: Any) -> Any:
    return leaf.detach().cpu().numpy() if isinstance(leaf, gt.Tensor) else leaf


def distance(got: np.ndarray, want: np.ndarray) -> float:
    """The largest difference, relative to the largest value; infinite where shapes, infinities or nans differ."""
    if got.shape != want.shape:
        return float("inf")
    both = np.isfinite(got) & np.isfinite(want)
    if not np.array_equal(got[~both], want[~both], equal_nan=True):
        return float("inf")
    if not both.any():
        return 0.0
    got, want = got[both].astype(np.float64), want[both].astype(np.float64)
    return float(np.max(np.abs(got - want)) / max(np.max(np.abs(want)), 1e-30))


def compare(got: Any, want: Any, rtol: float | None) -> dict[str, Any]:
    """One leaf: the kinds of both, whether the values agree (with rtol None the shapes), and how far they are apart."""
    there, here = np.asarray(host(got)), np.asarray(want)
    said = {"kind": kind(got), "numpy_kind": kind(want), "dtype": str(there.dtype), "numpy_dtype": str(here.dtype)}
    if rtol is None:
        return {**said, "right": there.shape == here.shape, "distance": None}
    if here.dtype.kind not in "biuf" or there.dtype.kind not in "biuf":
        same = there.shape == here.shape and bool(np.all(there == here))
        return {**said, "right": same, "distance": 0.0 if same else None}
    far = distance(there, here)
    exact = here.dtype.kind in "biu"
    return {**said, "right": far == 0 if exact else far <= rtol, "distance": far if np.isfinite(far) else None}


def compare_all(got: Any, want: Any, tolerance: Callable[[str], float | None]) -> list[dict[str, Any]]:
    """Every leaf of two results. Raises AssertionError where their structures differ."""
    ours, theirs = dict(leaves(got)), dict(leaves(want))
    assert ours.keys() == theirs.keys(), f"other results: {sorted(ours.keys() ^ theirs.keys())}"
    return [{"path": path, **compare(ours[path], theirs[path], tolerance(path))} for path in theirs]
