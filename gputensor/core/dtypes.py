"""The dtypes: one object each, known by PyTorch's name, holding NumPy's dtype."""

from __future__ import annotations

import builtins
from typing import Any

import ml_dtypes
import numpy as np

from gputensor.core.naming import full_name
from gputensor.errors import DtypeError


class dtype:
    """The type of a tensor's elements: ``gputensor.float32`` and its kin. There is one object for each; compare with
    ``==`` or ``is``.

    Attributes: ``numpy`` (the NumPy dtype), ``itemsize`` (bytes), ``is_floating_point``, ``is_complex``, ``is_signed``,
    and ``kind``, NumPy's letter for the category, by which scikit-learn asks what `numpy.unique` gave.
    NumPy takes it as a dtype: ``array.astype(gt.float32)``.

    >>> import gputensor as gt
    >>> gt.float32, gt.float32.itemsize, gt.ones(2).dtype is gt.float32
    (gputensor.float32, 4, True)
    """

    __slots__ = ("is_complex", "is_floating_point", "is_signed", "itemsize", "kind", "name", "numpy")

    def __init__(self, name: str, numpy_type: Any) -> None:
        self.name = name
        self.numpy = np.dtype(numpy_type)
        self.itemsize: int = self.numpy.itemsize
        self.is_floating_point = self.numpy.kind in "fV"
        self.is_complex = self.numpy.kind == "c"
        self.is_signed = self.numpy.kind not in "bu"
        self.kind = "f" if self.is_floating_point else self.numpy.kind  # that of bfloat16 is "V" in NumPy

    def __repr__(self) -> str:
        return full_name(self.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self.name,)

    def __deepcopy__(self, memo: Any) -> DType:
        return self

    @property
    def dtype(self) -> np.dtype:
        """NumPy's dtype; by this name, NumPy asks for it."""
        return self.numpy

    def to_complex(self) -> DType:
        """The complex dtype of this precision: float64 -> complex128, else complex64."""
        return complex128 if self.numpy in (np.float64, np.complex128) else complex64

    def to_real(self) -> DType:
        """The real dtype of this precision: complex128 -> float64, complex64 -> float32; a real dtype is itself."""
        if not self.is_complex:
            return self
        return float64 if self is complex128 else float32


DType = dtype  # inside the class, the name is its attribute

bool_ = dtype("bool", np.bool_)
uint8 = dtype("uint8", np.uint8)
uint16 = dtype("uint16", np.uint16)
uint32 = dtype("uint32", np.uint32)
uint64 = dtype("uint64", np.uint64)
int8 = dtype("int8", np.int8)
int16 = dtype("int16", np.int16)
int32 = dtype("int32", np.int32)
int64 = dtype("int64", np.int64)
float16 = dtype("float16", np.float16)
bfloat16 = dtype("bfloat16", ml_dtypes.bfloat16)
float32 = dtype("float32", np.float32)
float64 = dtype("float64", np.float64)
complex64 = dtype("complex64", np.complex64)
complex128 = dtype("complex128", np.complex128)

ALL = (
    bool_, uint8, uint16, uint32, uint64, int8, int16, int32, int64,
    float16, bfloat16, float32, float64, complex64, complex128,
)  # fmt: skip
FROM_NUMPY: dict[np.dtype, dtype] = {d.numpy: d for d in ALL}
_BY_NAME = {d.name: d for d in ALL} | {
    "half": float16, "float": float32, "double": float64, "short": int16, "int": int32, "long": int64,
    "cfloat": complex64, "cdouble": complex128,
}  # fmt: skip
# float is float32 for PyTorch, int int32
_NUMPYS = {"float": np.float64, "int": np.int_, "long": np.long}
_BY_TYPE: dict[type, dtype] = {
    builtins.bool: bool_,
    builtins.int: int64,
    builtins.float: float64,
    builtins.complex: complex128,
}

_default = [float32]


def as_dtype(x: Any) -> dtype:
    """The dtype meant by one of ours, a NumPy dtype or scalar type, a name of PyTorch's or NumPy's, or Python's
    bool, int, float, complex."""
    if type(x) is dtype:
        return x
    if isinstance(x, type) and x in _BY_TYPE:
        return _BY_TYPE[x]
    if isinstance(x, str):
        found = _BY_NAME.get(x.removeprefix("gputensor.").removeprefix("torch."))
        if found is not None:
            return found
    try:
        found = FROM_NUMPY.get(np.dtype(x))
    except (TypeError, ValueError, SyntaxError):  # NumPy parses "f4,i8"
        found = None
    if found is None:
        raise DtypeError(f"dtype: {x!r} is not a dtype; known are {', '.join(d.name for d in ALL)}")
    return found


def dtype_for_numpy(x: Any) -> dtype:
    """The dtype meant by an argument of NumPy's functions: where the name means another one there, NumPy's."""
    return as_dtype(_NUMPYS.get(x, x) if isinstance(x, str) else x)


def numpy_dtype(x: Any) -> np.dtype:
    """The NumPy dtype meant by anything `as_dtype` takes."""
    return as_dtype(x).numpy


def get_default_dtype() -> dtype:
    """The dtype of new floating-point tensors; float32 unless `set_default_dtype` was called.

    >>> import gputensor as gt
    >>> gt.get_default_dtype()
    gputensor.float32
    """
    return _default[0]


def set_default_dtype(d: Any) -> None:
    """Make `d` (a floating-point dtype) the dtype of new floating-point tensors, for the whole process.

    Raises DtypeError for a dtype that is not floating-point.

    >>> import gputensor as gt
    >>> gt.set_default_dtype(gt.float64); gt.zeros(1).dtype
    gputensor.float64
    >>> gt.set_default_dtype(gt.float32)
    """
    found = as_dtype(d)
    if not found.is_floating_point:
        raise DtypeError(f"set_default_dtype: expected a floating-point dtype, got {found.name}")
    _default[0] = found
