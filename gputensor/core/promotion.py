"""PyTorch's dtype promotion: a higher category wins (bool < integer < float < complex); inside one category a tensor
with dimensions outweighs a 0-d tensor, and that one outweighs a Python number."""

from __future__ import annotations

from typing import Any

import numpy as np

from gputensor.core import dtypes
from gputensor.errors import DtypeError

_CATEGORY = {"b": 0, "u": 1, "i": 1, "f": 2, "V": 2, "c": 3}
F16, BF16, F32, F64 = dtypes.float16.numpy, dtypes.bfloat16.numpy, dtypes.float32.numpy, dtypes.float64.numpy
C64, C128, INT64, BOOL = dtypes.complex64.numpy, dtypes.complex128.numpy, dtypes.int64.numpy, dtypes.bool_.numpy

# operands of these need no cast before a function of real numbers
FLOATING = frozenset((F16, BF16, F32, F64, C64, C128))
HALF = frozenset((F16, BF16))
# NumPy's scalars of which NumPy makes a number without a word, and which are none
NO_NUMBERS = (np.datetime64, np.timedelta64, np.flexible, np.object_)
INTEGERS = frozenset(d.numpy for d in dtypes.ALL if not (d.is_floating_point or d.is_complex) and d.numpy != BOOL)

_same_rank: dict[tuple[np.dtype, np.dtype], np.dtype] = {}


def category(d: np.dtype) -> int:
    """0 bool, 1 integer, 2 floating-point, 3 complex."""
    return _CATEGORY[d.kind]


def promote_types(a: np.dtype, b: np.dtype) -> np.dtype:
    """The dtype of an operation on two tensors of equal weight."""
    if a is b:
        return a
    found = _same_rank.get((a, b))
    if found is None:
        found = _same_rank[a, b] = _promote(a, b)
    return found


def _promote(a: np.dtype, b: np.dtype) -> np.dtype:
    ka, kb = category(a), category(b)
    if ka != kb:
        high, low = (a, b) if ka > kb else (b, a)
        # a complex number beside a float keeps the wider precision; integers never widen a float
        return C128 if category(high) == 3 and low == F64 else high
    if {a, b} == {F16, BF16}:
        return F32
    if BF16 in (a, b):
        return b if a == BF16 else a
    out = np.promote_types(a, b)
    if category(out) != ka:
        raise DtypeError(f"promotion: {a.name} and {b.name} have no common integer dtype; convert one with .to(…)")
    return out


def result_type(a: np.dtype, a_dims: bool, b: np.dtype, b_dims: bool) -> np.dtype:
    """The dtype of an operation on two tensors, one of which may be 0-d (and then weighs less)."""
    if a is b:
        return a
    if a_dims == b_dims:
        return promote_types(a, b)
    strong, weak = (a, b) if a_dims else (b, a)
    ks, kw = category(strong), category(weak)
    if ks >= kw:
        return strong
    if ks == 2 and kw == 3:
        return C128 if strong == F64 else C64
    return promote_types(strong, weak)


def python_number(x: np.generic) -> bool | int | float | complex:
    """NumPy's scalar as Python's number, which item() of longdoubles and of bfloat16 is not."""
    kind = x.dtype.kind
    return float(x) if kind in "fV" else complex(x) if kind == "c" else x.item()


def scalar_type(y: Any, like: np.dtype) -> np.dtype:
    """The dtype that a Python number gets beside a tensor of dtype `like`: never wider within its category."""
    k = (
        0
        if isinstance(y, (bool, np.bool_))
        else 1
        if isinstance(y, (int, np.integer))
        else 3
        if isinstance(y, (complex, np.complexfloating)) and not isinstance(y, (float, np.floating))
        else 2
    )
    have = category(like)
    if have >= k:
        return like
    if k == 3:
        return C128 if like == F64 or (have < 2 and dtypes.get_default_dtype() is dtypes.float64) else C64
    return dtypes.get_default_dtype().numpy if k == 2 else INT64


def floating_type(d: np.dtype) -> np.dtype:
    """d itself if it is floating-point or complex, else the default dtype."""
    return d if d in FLOATING else dtypes.get_default_dtype().numpy


def can_write(result: np.dtype, target: np.dtype) -> bool:
    """Whether PyTorch lets an in-place operation of this result type write into `target`: the category may not fall."""
    return category(result) <= category(target)
