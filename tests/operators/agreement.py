"""Whether two results say the same: values, gradients, and indices where values are equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

import gputensor as gt
from tests.operators.conversion import array, dtype_of

TOLERANCE = {
    "float32": (2e-5, 2e-5), "float64": (1e-9, 1e-9), "complex64": (5e-5, 5e-5), "complex128": (1e-9, 1e-9),
    "bfloat16": (2e-2, 2e-2), "float16": (2e-3, 2e-3),
}  # fmt: skip
# second order of the rounding of a backward pass; PyTorch's own check of gradients is wider
GRAD_TOLERANCE = (1e-6, 1e-7)
WIDER = {"float16": "float64", "bfloat16": "float64", "float32": "float64", "complex64": "complex128"}


def differs(
    theirs: Any, ours: Any, drawn: bool = False, tolerance: tuple[float, float] | None = None, cast: bool = False
) -> str:
    """What is different, in words; empty if nothing is. cast: theirs may have another dtype, being more exact."""
    import torch

    if not isinstance(theirs, torch.Tensor):
        if hasattr(ours, "array"):
            return f"a tensor where PyTorch gives {type(theirs).__name__}"
        same = str(theirs).replace("torch", "gputensor") == str(ours) or theirs == ours
        if isinstance(theirs, (float, complex)):
            same = np.allclose(theirs, ours, rtol=1e-3, atol=1e-3, equal_nan=True)
        return "" if same or drawn else f"{ours!r} where PyTorch gives {theirs!r}"
    if not hasattr(ours, "array"):
        return f"{type(ours).__name__} where PyTorch gives a tensor"
    if tuple(theirs.shape) != tuple(ours.shape):
        return f"shape {tuple(ours.shape)}, PyTorch {tuple(theirs.shape)}"
    if dtype_of(theirs) != dtype_of(ours) and not cast:
        return f"dtype {dtype_of(ours)}, PyTorch {dtype_of(theirs)}"
    if drawn or not theirs.numel():
        return ""
    a, b = array(theirs), array(ours)
    rtol, atol = tolerance or TOLERANCE.get(dtype_of(ours), (0, 0))
    scale = np.abs(a[np.isfinite(a)]).max(initial=0) if a.dtype.kind in "fc" else 0
    if a.dtype.kind == "u":
        a, b = a.astype(np.int64), b.astype(np.int64)
    if not np.allclose(a, b, rtol=rtol, atol=atol * max(1.0, float(scale)), equal_nan=True):
        apart = ~np.isclose(a, b, rtol=rtol, atol=atol * max(1.0, float(scale)), equal_nan=True)
        return f"values {b[apart][:4]}, PyTorch {a[apart][:4]}"
    return ""


def all_differ(theirs: Sequence[Any], ours: Sequence[Any], **options: Any) -> str:
    """The first difference between two lists of results."""
    if len(ours) != len(theirs):
        return f"{len(ours)} results, PyTorch {len(theirs)}"
    return next((said for a, b in zip(theirs, ours, strict=True) if (said := differs(a, b, **options))), "")


def no_worse(exact: Sequence[Any], theirs: Sequence[Any], ours: Sequence[Any]) -> bool:
    """Whether our results are as near to those in a wider dtype as rounding allows, or as PyTorch's are."""
    if not all_differ(exact, ours, cast=True):
        return True
    for e, a, b in zip(exact, theirs, ours, strict=True):
        if hasattr(e, "numel"):
            far = _farthest(array(e), array(a))
            # twice: PyTorch's error is itself drawn by rounding
            if not (np.isfinite(far) and _farthest(array(e), array(b)) <= 2 * far) and differs(e, b, cast=True):
                return False
        elif differs(a, b):
            return False
    return True


def _farthest(exact: np.ndarray, x: np.ndarray) -> float:
    """The largest distance; inf where one is finite and the other is not."""
    with np.errstate(invalid="ignore"):
        apart = np.abs(exact.astype(np.complex128) - x)
    same = (exact == x) | ((exact != exact) & (x != x))
    return float(np.nan_to_num(np.where(same, 0.0, apart), nan=np.inf).max(initial=0.0))


def gradients_differ(theirs: list[Any], ours: list[Any], pairs: list[tuple[Any, Any]]) -> str:
    """The first difference between the gradients of the leaves in `pairs`, for one random gradient of the results."""
    import torch

    rng = np.random.default_rng(0)
    roots = [(a, b) for a, b in zip(theirs, ours, strict=True) if isinstance(a, torch.Tensor) and a.requires_grad]
    if not roots:
        return ""
    if not all(b.requires_grad for _, b in roots):
        return "a result has no history"
    seeds = [rng.standard_normal(tuple(a.shape)) for a, _ in roots]
    leaves, our_leaves = [a for a, _ in pairs], [b for _, b in pairs]
    try:
        want = torch.autograd.grad(
            [a for a, _ in roots],
            leaves,
            [torch.tensor(s).to(a.dtype) for s, (a, _) in zip(seeds, roots, strict=True)],
            allow_unused=True,
        )
    except Exception:  # what PyTorch cannot differentiate is not asked
        return ""
    try:
        got = gt.autograd.grad(
            [b for _, b in roots],
            our_leaves,
            [gt.tensor(s).to(b.dtype) for s, (_, b) in zip(seeds, roots, strict=True)],
            allow_unused=True,
        )
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:150]}"
    for w, g, leaf in zip(want, got, leaves, strict=True):
        w = torch.zeros_like(leaf) if w is None else w
        g = gt.zeros(tuple(leaf.shape), dtype=getattr(gt, dtype_of(leaf))) if g is None else g
        tolerance = GRAD_TOLERANCE if dtype_of(leaf) in ("float64", "complex128") else None
        said = differs(w, g, tolerance=tolerance)
        if said:
            return said
    return ""


def pointed_at(results: list[Any], x: Any, dim: int | None) -> list[Any]:
    """Results with indices into x along dim replaced by the values that they name, for the comparison of ties."""
    integer = [hasattr(r, "numel") and dtype_of(r) == "int64" for r in results]
    if not integer[-1] or not x.ndim:
        return results
    i = results[-1]
    if dim is not None and i.ndim < x.ndim:
        i = i.unsqueeze(dim)
    values = x.gather(-1 if dim is None else dim, i)
    return [*results[:-1], values.reshape(results[-1].shape)]


def repeats(indices: Any, dim: int) -> bool:
    """Whether an index occurs twice along dim."""
    a = np.sort(array(indices), axis=dim) if indices.ndim else array(indices)
    return bool(a.ndim and (np.diff(a, axis=dim) == 0).any())
