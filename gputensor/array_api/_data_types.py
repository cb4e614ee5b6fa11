"""The standard's dtypes, what can be asked about them, and conversion between them."""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made
from gputensor.array_api._array import Array
from gputensor.array_api._promotion import array, join, joined
from gputensor.core import dtypes
from gputensor.core.dtypes import FROM_NUMPY, as_dtype, get_default_dtype
from gputensor.core.promotion import C64, C128, F64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError

STANDARD = (
    dtypes.bool_, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.uint16, dtypes.uint32,
    dtypes.uint64, dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128,
)  # fmt: skip

_KINDS = {
    "bool": "b", "signed integer": "i", "unsigned integer": "u", "integral": "iu", "real floating": "fV",
    "complex floating": "c", "numeric": "iufVc",
}  # fmt: skip


def astype(x: gt.Tensor, dtype: Any, /, *, copy: bool = True, device: Any = None) -> Array:
    """x in another dtype, and on another device where one is given. Recorded.

    copy: False shares memory where nothing changes. Floats are cut to ints towards zero. Raises DtypeError (a
    TypeError) for complex numbers as real ones.

    >>> from gputensor import array_api as xp
    >>> xp.astype(xp.asarray([1.5, -1.5]), xp.int32)
    Array([ 1, -1], dtype=gputensor.int32)
    """
    t = array("astype", x)
    d = as_dtype(dtype)
    if t.array.dtype.kind == "c" and not d.is_complex and d is not dtypes.bool_:
        raise DtypeError(f"astype: complex numbers are not converted to {d.name}; take real() or imag() first")
    out = t.to(d)
    if device is not None:
        out = out.to_device(device)
    return made(out.clone() if copy and out is t else out)


def can_cast(from_: Any, to: Any, /) -> bool:
    """Whether the standard's promotion rules lead from one dtype to the other; never from integers to floats.

    from_: a dtype, or an array of it.

    >>> from gputensor import array_api as xp
    >>> xp.can_cast(xp.float32, xp.float64), xp.can_cast(xp.int32, xp.float64)
    (True, False)
    """
    source, target = _dtype_of(from_), as_dtype(to).numpy
    crosses = source.kind in "iu" and target.kind not in "iu"
    return not crosses and joined(source, target) is target


def _dtype_of(x: Any) -> Any:
    return x.array.dtype if isinstance(x, TensorBase) else as_dtype(x).numpy


def finfo(type: Any, /) -> gt.finfo:
    """The limits of a floating-point dtype or of the dtype of an array; of a complex one those of its parts.

    Attributes: bits, eps, max, min, smallest_normal, dtype. Raises DtypeError for integers and booleans.

    >>> from gputensor import array_api as xp
    >>> xp.finfo(xp.float32).eps
    1.1920928955078125e-07
    """
    return FloatLimits(FROM_NUMPY[_dtype_of(type)])


class FloatLimits(gt.finfo):
    """`gputensor.finfo`, whose ``dtype`` is a dtype, not its name.

    >>> from gputensor import array_api as xp
    >>> xp.finfo(xp.complex64).dtype
    gputensor.float32
    """

    __slots__ = ()
    __hash__ = None

    def __init__(self, dtype: Any) -> None:
        super().__init__(dtype)
        self.dtype = as_dtype(self.dtype)  # type: ignore[assignment]  # NumPy's dtype becomes ours


class IntLimits(gt.iinfo):
    """`gputensor.iinfo`, whose ``dtype`` is a dtype, not its name.

    >>> from gputensor import array_api as xp
    >>> xp.iinfo(xp.int8).dtype
    gputensor.int8
    """

    __slots__ = ()
    __hash__ = None

    def __init__(self, dtype: Any) -> None:
        super().__init__(dtype)
        self.dtype = as_dtype(self.dtype)  # type: ignore[assignment]  # NumPy's dtype becomes ours


def iinfo(type: Any, /) -> gt.iinfo:
    """The limits of an integer dtype or of the dtype of an array.

    Attributes: bits, max, min, dtype. Raises DtypeError for any other dtype.

    >>> from gputensor import array_api as xp
    >>> xp.iinfo(xp.int16).max
    32767
    """
    return IntLimits(FROM_NUMPY[_dtype_of(type)])


def isdtype(dtype: Any, kind: Any) -> bool:
    """Whether a dtype is of a kind.

    kind: a dtype; "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating",
    "numeric"; or a tuple of these, of which one has to fit. Raises ValueError for another word.

    >>> from gputensor import array_api as xp
    >>> xp.isdtype(xp.float32, ("integral", "real floating"))
    True
    """
    if isinstance(kind, tuple):
        return any([isdtype(dtype, one) for one in kind])
    d = as_dtype(dtype)
    if isinstance(kind, str):
        found = _KINDS.get(kind)
        if found is not None:
            return d.numpy.kind in found
    try:
        return d is as_dtype(kind)
    except DtypeError:
        raise ValueError(f"isdtype: {kind!r} is no kind of dtype; use a dtype or one of {', '.join(_KINDS)}") from None


def result_type(*arrays_and_dtypes: Any) -> dtypes.dtype:
    """The dtype that arrays, dtypes and Python numbers promote to.

    Numbers weigh nothing beside arrays and dtypes of their kind; alone, they have their default dtypes. Raises
    DtypeError where the standard does not promote, TypeError without arguments.

    >>> from gputensor import array_api as xp
    >>> xp.result_type(xp.int8, xp.uint8), xp.result_type(xp.float32, 1j)
    (gputensor.int16, gputensor.complex64)
    """
    if not arrays_and_dtypes:
        raise TypeError("result_type: expected at least one array, dtype or number")
    numbers = [x for x in arrays_and_dtypes if isinstance(x, (bool, int, float, complex))]
    known = [_dtype_of(x) for x in arrays_and_dtypes if not isinstance(x, (bool, int, float, complex))]
    if not known:
        return _of_numbers(numbers)
    out = known[0]
    for d in known[1:]:
        out = join("result_type", out, d)
    for number in numbers:
        out = _with_number(out, number)
    return FROM_NUMPY[out]


def _of_numbers(numbers: list[Any]) -> dtypes.dtype:
    if any([isinstance(n, complex) for n in numbers]):
        return get_default_dtype().to_complex()
    if any([isinstance(n, float) for n in numbers]):
        return get_default_dtype()
    return dtypes.bool_ if all([isinstance(n, bool) for n in numbers]) else dtypes.int64


def _with_number(d: Any, number: Any) -> Any:
    fits = "b" if isinstance(number, bool) else "iufVc" if isinstance(number, int) else "fVc"
    if d.kind not in fits:
        raise DtypeError(
            f"result_type: the array-API standard does not mix {FROM_NUMPY[d].name} with the "
            f"{type(number).__name__} {number!r}"
        )
    if isinstance(number, complex) and d.kind != "c":
        return C128 if d == F64 else C64
    return d
