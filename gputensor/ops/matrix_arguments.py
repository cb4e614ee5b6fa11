"""The arguments of linear algebra made canonical: matrices, their dtypes, common batches, and errors that name one."""

from __future__ import annotations

from typing import Any

import numpy as np

from gputensor.core.explain import describe, host_of_all
from gputensor.core.promotion import C64, C128, F32, F64, FLOATING, HALF
from gputensor.errors import DtypeError, LinAlgError, ShapeError
from gputensor.ops.dims import array_of
from gputensor.ops.expanding import broadcast_to

PRECISE = frozenset((F32, F64, C64, C128))


def matrices(name: str, x: Any, argument: str = "A", dims: int = 2) -> Any:
    """x, which has to be a float32, float64 or complex tensor of at least `dims` dims."""
    a = array_of(name, x, argument)
    if a.ndim < dims:
        raise ShapeError(f"{name}: {argument} must have at least {dims} dims, got shape {tuple(a.shape)}")
    return precise(name, x, argument)


def precise(name: str, x: Any, argument: str = "A") -> Any:
    """x, which has to be float32, float64, complex64 or complex128."""
    d = array_of(name, x, argument).dtype
    if d not in PRECISE:
        repair = (
            "16-bit floats have too few digits for it; convert with .float()" if d in HALF else "convert with .float()"
        )
        raise DtypeError(f"{name}: {argument} must be float32, float64 or complex, got {describe(x)}; {repair}")
    return x


def floating(name: str, x: Any, argument: str = "A") -> Any:
    """x, which has to be floating-point or complex."""
    if array_of(name, x, argument).dtype not in FLOATING:
        raise DtypeError(f"{name}: {argument} must be floating-point or complex, got {describe(x)}; use .float()")
    return x


def square(name: str, x: Any, argument: str = "A") -> Any:
    """`matrices`, which have to be square."""
    return square_shape(name, matrices(name, x, argument), argument)


def square_shape(name: str, x: Any, argument: str = "A") -> Any:
    shape = array_of(name, x, argument).shape
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ShapeError(f"{name}: {argument} must be square matrices (..., n, n), got shape {tuple(shape)}")
    return x


def same_dtype(name: str, a: Any, b: Any, names: tuple[str, str] = ("A", "B")) -> None:
    if a.array.dtype != b.array.dtype:
        raise DtypeError(
            f"{name}: {names[0]} and {names[1]} must have the same dtype, got {describe(a)} and {describe(b)}; "
            "convert one with .to(dtype)"
        )


def common_batch(name: str, a: Any, b: Any) -> tuple[Any, Any]:
    """Two tensors of matrices with the same leading dims, expanded where they were not."""
    p, q = tuple(a.array.shape[:-2]), tuple(b.array.shape[:-2])
    if p == q:
        return a, b
    try:
        lead = np.broadcast_shapes(p, q)
    except ValueError:
        raise ShapeError(
            f"{name}: the leading dims of shapes {tuple(a.array.shape)} and {tuple(b.array.shape)} do not broadcast: "
            f"{p} and {q}"
        ) from None
    return expanded(a, lead), expanded(b, lead)


def expanded(x: Any, lead: tuple[int, ...]) -> Any:
    """x with these leading dims."""
    shape = (*lead, *x.array.shape[-2:])
    return x if tuple(x.array.shape) == shape else broadcast_to(x, shape)


def check_info(name: str, info: Any, what: str, repair: str) -> None:
    """Raise LinAlgError for the first matrix whose info is not 0; `what` says what its number means; inside vmap
    the examples come first in its place. Waits for a GPU."""
    codes = host_of_all(info.xp, info.array)
    if not codes.any():
        return
    at = np.argwhere(codes)[0]
    code = int(codes[tuple(at)])
    place = f"(batch element {int(at[0]) if len(at) == 1 else tuple(at.tolist())}) " if len(at) else ""
    raise LinAlgError(f"{name}: {place}{what.format(code=code)}; {repair}")
