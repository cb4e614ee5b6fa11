"""The constants pi, e, inf and nan, and what the numbers of a dtype can hold."""

from __future__ import annotations

import math
from typing import Any

import ml_dtypes
import numpy as np

from gputensor.core.dtypes import as_dtype, bfloat16, get_default_dtype
from gputensor.errors import DtypeError

e = math.e
inf = math.inf
nan = math.nan
pi = math.pi


class finfo:
    """The limits of a floating-point dtype; of a complex one those of its parts; of the default dtype if none is given.

    Attributes: ``bits``, ``eps`` (from 1 to the next number), ``max``, ``min`` (the lowest), ``smallest_normal`` and
    ``tiny`` (the same number), ``resolution``, ``dtype`` (its name). Raises DtypeError for integers and booleans.

    >>> import gputensor as gt
    >>> gt.finfo(gt.float16).max, gt.finfo(gt.bfloat16).eps
    (65504.0, 0.0078125)
    """

    __slots__ = ("bits", "dtype", "eps", "max", "min", "resolution", "smallest_normal", "tiny")
    __hash__ = None  # type: ignore[assignment]  # as PyTorch's

    def __init__(self, dtype: Any = None) -> None:
        d = get_default_dtype() if dtype is None else as_dtype(dtype).to_real()
        if not d.is_floating_point:
            raise DtypeError(f"finfo: expected a floating-point or complex dtype, got {d.name}; use gputensor.iinfo")
        found: Any = ml_dtypes.finfo(d.numpy) if d is bfloat16 else np.finfo(d.numpy)  # type: ignore[no-untyped-call]  # ml_dtypes says no types
        self.bits = int(found.bits)
        self.dtype = d.name
        self.eps = float(found.eps)
        self.max = float(found.max)
        self.min = float(found.min)
        self.resolution = 10.0 ** -int(found.precision)
        self.smallest_normal = self.tiny = float(found.smallest_normal)

    def __eq__(self, other: object) -> bool:
        return self.dtype == other.dtype if isinstance(other, finfo) else NotImplemented

    def __repr__(self) -> str:
        return (
            f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
            f"smallest_normal={self.smallest_normal:g}, tiny={self.tiny:g}, dtype={self.dtype})"
        )


class iinfo:
    """The limits of an integer dtype.

    Attributes: ``bits``, ``max``, ``min``, ``dtype`` (its name). Raises DtypeError for any other dtype.

    >>> import gputensor as gt
    >>> gt.iinfo(gt.int8)
    iinfo(min=-128, max=127, dtype=int8)
    """

    __slots__ = ("bits", "dtype", "max", "min")
    __hash__ = None  # type: ignore[assignment]  # as PyTorch's

    def __init__(self, dtype: Any) -> None:
        d = as_dtype(dtype)
        if d.numpy.kind not in "iu":
            repair = "; use gputensor.finfo" if d.is_floating_point or d.is_complex else ""
            raise DtypeError(f"iinfo: expected an integer dtype, got {d.name}{repair}")
        found = np.iinfo(d.numpy)
        self.bits = int(found.bits)
        self.dtype = d.name
        self.max = int(found.max)
        self.min = int(found.min)

    def __eq__(self, other: object) -> bool:
        return self.dtype == other.dtype if isinstance(other, iinfo) else NotImplemented

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
