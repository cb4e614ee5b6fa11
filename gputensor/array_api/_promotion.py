"""The standard's promotion: by dtype alone, 0-d or not; Python numbers take the array's dtype.

Where the standard leaves it open: an integer array beside a floating-point one takes its dtype, as some functions of
SciPy expect. Booleans beside numbers, int64 beside uint64, and numbers of another kind than the array are refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gputensor.array_api._aliases import plain
from gputensor.core import promotion
from gputensor.core.apply import cast, wrap
from gputensor.core.explain import describe, dtype_name
from gputensor.core.promotion import C64, C128, F64, NO_NUMBERS, python_number
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError, NumberRangeError
from gputensor.ops.from_data import from_numpy

# what NumPy calls the kinds; V is bfloat16
BOOLEAN, INTEGER, REAL_FLOATING, FLOATING = "b", "iu", "fV", "fVc"
REAL, NUMERIC, BITS, ORDERED, ANY = "iufV", "iufVc", "biu", "biufV", "biufVc"

_GROUPS = {"b": 0, "i": 1, "u": 1, "f": 2, "V": 2, "c": 2}
_WORDS = {
    "b": "boolean", "iu": "integer", "fV": "real floating-point", "fVc": "floating-point", "iufV": "real",
    "iufVc": "numeric", "biu": "integer or boolean", "biufV": "not complex",
}  # fmt: skip
# Python's numbers and the kinds of arrays that they can stand beside
_FITS: dict[type, str] = {bool: "b", int: "iufVc", float: "fVc", complex: "fVc"}
_joined: dict[tuple[np.dtype, np.dtype], np.dtype | None] = {}
_limits: dict[np.dtype, tuple[int, int]] = {}


def joined(a: np.dtype, b: np.dtype) -> np.dtype | None:
    """The dtype of an operation on arrays of these dtypes, None where there is none."""
    if a is b:
        return a
    try:
        return _joined[a, b]
    except KeyError:
        found = _joined[a, b] = _join(a, b)
        return found


def _join(a: np.dtype, b: np.dtype) -> np.dtype | None:
    if a == b:
        return a
    groups = _GROUPS[a.kind], _GROUPS[b.kind]
    if 0 in groups:
        return None
    if groups == (2, 2):
        return promotion.promote_types(a, b)
    if groups != (1, 1):
        return a if groups[0] == 2 else b
    found = np.promote_types(a, b)
    return found if found.kind in "iu" else None  # NumPy makes float64 of int64 and uint64


def join(name: str, a: np.dtype, b: np.dtype) -> np.dtype:
    """`joined`. Raises DtypeError where there is none."""
    found = joined(a, b)
    if found is None:
        raise DtypeError(
            f"{name}: the array-API standard does not promote {dtype_name(a)} and {dtype_name(b)}; convert one of "
            "them with astype()"
        )
    return found


def beside(name: str, x: Any, y: Any, kinds: str) -> Any:
    """A tensor x and another operand as two tensors of one dtype, or as one and a Python number for it.

    None for an operand that this door does not know. Raises DtypeError where the standard does not promote, and where
    the dtype's kind is not one of `kinds`.
    """
    a = x.array.dtype
    if isinstance(y, TensorBase):
        b = y.array.dtype
        if a is not b:
            a = join(name, a, b)
            x, y = cast(x, a), cast(y, a)
        if a.kind not in kinds:
            raise _kind_error(name, a, kinds)
        return x, y
    kind = a.kind
    fits = _FITS.get(type(y))
    if fits is None:
        return _unusual(name, x, y, kinds)
    if kind not in fits:
        raise DtypeError(
            f"{name}: the array-API standard does not mix {dtype_name(a)} with the {type(y).__name__} {y!r}; convert "
            "the array with astype()"
        )
    if type(y) is complex and kind != "c":
        a = C128 if a is F64 else C64
        x = cast(x, a)
        kind = "c"
    if kind not in kinds:
        raise _kind_error(name, a, kinds)
    if type(y) is int and kind in "iu":
        check_range(name, y, a)
    return x, y


def check_range(name: str, number: int, d: np.dtype) -> None:
    """Raise NumberRangeError for an int that dtype `d` cannot hold."""
    low, high = _limits.get(d) or _limits_of(d)
    if not low <= number <= high:
        raise NumberRangeError(f"{name}: {number} does not fit into {dtype_name(d)}; use {low} to {high}")


def _limits_of(d: np.dtype) -> tuple[int, int]:
    found = np.iinfo(d)
    _limits[d] = int(found.min), int(found.max)
    return _limits[d]


def _unusual(name: str, x: Any, y: Any, kinds: str) -> Any:
    """`beside` for NumPy's scalars and arrays and for subclasses of Python's numbers."""
    if isinstance(y, np.generic):
        # NumPy's scalars count as Python's
        return None if isinstance(y, NO_NUMBERS) else beside(name, x, python_number(y), kinds)
    if isinstance(y, np.ndarray):
        return beside(name, x, from_numpy(y), kinds)
    if isinstance(y, complex):
        return beside(name, x, complex(y), kinds)
    if isinstance(y, float):
        return beside(name, x, float(y), kinds)
    if isinstance(y, int):
        return beside(name, x, int(y), kinds)
    return None


def both(name: str, x1: Any, x2: Any, kinds: str) -> Any:
    """`beside` for functions, whose first operand may be the number: a tensor, and a tensor or number.

    Raises TypeError where neither operand is an array.
    """
    if isinstance(x1, TensorBase):
        pair = beside(name, x1, x2, kinds)
        if pair is not None:
            return pair
    elif isinstance(x2, TensorBase):
        pair = beside(name, x2, x1, kinds)
        if pair is not None:
            x2, x1 = pair
            return as_tensor(x1, x2), x2
    raise DtypeError(
        f"{name}: expected arrays, one of which may be a number, got {describe(x1)} and {describe(x2)}; use asarray()"
    )


def tensors(name: str, x1: Any, x2: Any, kinds: str) -> tuple[Any, Any]:
    """`both`, with the number as a 0-d tensor."""
    x1, x2 = both(name, x1, x2, kinds)
    return x1, as_tensor(x2, x1)


def as_tensor(number: Any, like: Any) -> Any:
    """A number as a 0-d tensor of the dtype and device of `like`; a tensor is itself."""
    if isinstance(number, TensorBase):
        return number
    return wrap(like.xp.asarray(number, like.array.dtype), like.xp)


def all_of(name: str, xs: Any) -> list[Any]:
    """Tensors cast to the one dtype that they promote to."""
    d: Any = None
    mixed = False
    for x in xs:
        if not isinstance(x, TensorBase):
            raise DtypeError(f"{name}: expected arrays, got {describe(x)}; use asarray()")
        have = x.array.dtype
        if have is not d:
            mixed = d is not None
            d = have if d is None else join(name, d, have)
    return [cast(x, d) for x in xs] if mixed else list(xs)


def array(name: str, x: Any) -> Any:
    """`plain` for a function that takes arrays only. Raises DtypeError (a TypeError) for anything else."""
    if not isinstance(x, TensorBase):
        raise DtypeError(f"{name}: expected an array, got {describe(x)}; use asarray()")
    return plain(x)


def check_kind(name: str, x: Any, kinds: str) -> None:
    """Raise DtypeError for a tensor whose dtype is of none of the kinds, TypeError for what is no tensor."""
    if not isinstance(x, TensorBase):
        raise DtypeError(f"{name}: expected an array, got {describe(x)}; use asarray()")
    if x.array.dtype.kind not in kinds:
        raise _kind_error(name, x.array.dtype, kinds)


def _kind_error(name: str, d: np.dtype, kinds: str) -> DtypeError:
    return DtypeError(f"{name}: expected a dtype that is {_WORDS[kinds]}, got {dtype_name(d)}; use astype()")
