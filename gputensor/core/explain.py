"""Turning the errors of NumPy and CuPy into sentences. Called only after a failure, so the good path checks nothing
twice."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from gputensor.core.devices import device_of
from gputensor.core.dtypes import FROM_NUMPY
from gputensor.core.promotion import FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DeviceError, DtypeError, GradError, OutOfMemoryError, ShapeError

OURS = (ShapeError, DtypeError, DeviceError, GradError, ArgumentError)
# how NumPy says that no memory could ever be enough
_TOO_LARGE = ("array is too big", "Maximum allowed dimension", "Maximum allowed size")
# what NumPy's and CuPy's functions raise about their arguments
_EXPLAINED = (ValueError, IndexError, RuntimeError, AttributeError)
MAX_DIMS = 64  # of NumPy's arrays, and of CuPy's
_NUMBERS = (int, float, complex, np.number, np.bool_, TensorBase, numbers.Number)


def describe(x: Any) -> str:
    """A value in a few words: ``float32 of shape (2, 3) on cuda:0``."""
    if isinstance(x, TensorBase):
        where = device_of(x.xp)
        place = "" if where.type == "cpu" else f" on {where}"
        return f"{dtype_name(x.array.dtype)} of shape {tuple(x.array.shape)}{place}"
    text = repr(x)
    return f"{type(x).__name__} {text if len(text) <= 40 else text[:37] + '…'}"


def dtype_name(d: Any) -> str:
    found = FROM_NUMPY.get(d)
    return str(d) if found is None else found.name


def check_number(name: Any, argument: str, value: Any) -> None:
    """Raise TypeError naming the argument if value is neither a number nor a tensor."""
    if not isinstance(value, _NUMBERS):
        raise TypeError(f"{name}: {argument} must be a number, got {describe(value)}") from None


def check_recordable(name: Any, x: Any, requires_grad: Any) -> None:
    """Raise TypeError for a requires_grad that is no bool, DtypeError where x cannot have a gradient."""
    if not isinstance(requires_grad, (bool, np.bool_)):
        raise TypeError(f"{name}: requires_grad must be a bool, got {describe(requires_grad)}")
    if requires_grad and x.array.dtype not in FLOATING:
        raise DtypeError(
            f"{name}: only floating-point and complex tensors can have gradients, and this one is "
            f"{dtype_name(x.array.dtype)}; convert it with .float() first"
        )


def out_of_memory(name: Any, d: Any, shape: tuple[int, ...]) -> OutOfMemoryError | ShapeError:
    """The error of a new tensor that does not fit into memory."""
    if len(shape) > MAX_DIMS:
        return too_many_dims(name, len(shape))
    gigabytes = math.prod(shape) * d.itemsize / 2**30
    return OutOfMemoryError(
        f"{name}: out of memory for {dtype_name(d)} of shape {shape}, {gigabytes:,.1f} GiB; use a smaller shape or a "
        "narrower dtype"
    )


def too_many_dims(name: Any, dims: int) -> ShapeError:
    return ShapeError(f"{name}: at most {MAX_DIMS} dims are possible, got {dims}")


def _which(k: int, operands: Sequence[Any]) -> str:
    return f"operand {k + 1}" if len(operands) > 1 else "input"


def remedy(value: Any) -> str:
    """What to do about a value that should have been a Tensor."""
    made = isinstance(value, (bool, int, float, complex, list, tuple, np.ndarray, np.generic))
    return "wrap it with gputensor.tensor(…)" if made else "pass a Tensor"


def explain(name: Any, operands: Sequence[Any], error: BaseException) -> BaseException:
    """The error to raise in place of `error`, which operation `name` met on `operands`."""
    if isinstance(error, OURS) or getattr(error, "__gputensor__", False):
        return error
    strangers = [
        (k, x) for k, x in enumerate(operands) if not isinstance(x, (TensorBase, int, float, complex, bool, np.generic))
    ]
    if strangers:
        k, x = strangers[0]
        return _mark(TypeError(f"{name}: {_which(k, operands)} must be a Tensor, got {describe(x)}; {remedy(x)}"))
    tensors = [x for x in operands if isinstance(x, TensorBase)]
    if not tensors:
        got = ", ".join(describe(x) for x in operands)
        if len(operands) == 1:
            return _mark(TypeError(f"{name}: input must be a Tensor, got {got}; {remedy(operands[0])}"))
        return _mark(TypeError(f"{name}: at least one operand must be a Tensor, got {got}"))
    if len({id(x.xp) for x in tensors}) > 1:
        return device_error(name, operands)
    if isinstance(error, MemoryError) or str(error).startswith(_TOO_LARGE):
        # Python's own has no words
        said = str(error) or f"they hold {sum([x.array.nbytes for x in tensors]):,} bytes; use smaller ones"
        return _mark(OutOfMemoryError(f"{name}: out of memory for operands {_all(operands)}: {said}"))
    shapes = [tuple(x.array.shape) for x in tensors]
    if isinstance(error, (ValueError, IndexError, RuntimeError)) and len(shapes) > 1:
        clash = _clash(shapes)
        if clash is not None:
            listed = " and ".join(map(str, shapes))
            return ShapeError(f"{name}: shapes {listed} do not broadcast: {clash}; reshape or expand one of them")
    if isinstance(error, OverflowError):
        said = "" if str(error).startswith("Python integer") else f" ({error})"
        return _mark(
            OverflowError(
                f"{name}: a number does not fit into {_all(operands)}; convert the tensor with .to(dtype){said}"
            )
        )
    number_first = isinstance(error, AttributeError) and not isinstance(operands[0], TensorBase)
    if number_first or (isinstance(error, TypeError) and not str(error)):
        # without words of NumPy's the only thing amiss is the number beside the tensor
        wrong = next((k for k, x in enumerate(operands) if not isinstance(x, TensorBase)), None)
        if wrong is not None:
            return _mark(
                TypeError(
                    f"{name}: operand {wrong + 1} must be a Tensor, got {describe(operands[wrong])}; "
                    f"{remedy(operands[wrong])}"
                )
            )
        return DtypeError(f"{name}: not defined for {_all(operands)}; convert with .to(dtype)")
    if isinstance(error, TypeError):
        try:
            # the operation may know better what to do
            name.admit(*operands)
        except AttributeError:
            pass
        except DtypeError as known:
            return known
        # NumPy's own words name its functions, not ours
        theirs = str(error).startswith(("ufunc '", "The numpy ", "numpy "))
        said = "" if theirs else f" ({error})"
        return DtypeError(f"{name}: not defined for {_all(operands)}; convert with .to(dtype){said}")
    if isinstance(error, RecursionError) or not (isinstance(error, _EXPLAINED) or _of_cupy(error)):
        # not about the operands, and another kind would hide what it is
        return error
    kind: type[BaseException] = (
        ShapeError if isinstance(error, ValueError) else IndexError if isinstance(error, IndexError) else RuntimeError
    )
    return _mark(kind(f"{name}: failed for {_all(operands)}: {str(error) or type(error).__name__}"))


def device_error(name: Any, operands: Sequence[Any]) -> DeviceError:
    """The error of operands on different devices: each operand, its device, and the line that mends it."""
    listed = ", ".join(
        f"operand {k + 1} is on {device_of(x.xp)}" for k, x in enumerate(operands) if isinstance(x, TensorBase)
    )
    first = next(x for x in operands if isinstance(x, TensorBase))
    other = next(k for k, x in enumerate(operands) if isinstance(x, TensorBase) and x.xp is not first.xp)
    return DeviceError(
        f"{name}: the operands are on different devices: {listed}; move one of them, "
        f"for example operand {other + 1} with .to('{device_of(first.xp)}')"
    )


def _of_cupy(error: BaseException) -> bool:
    return type(error).__module__.startswith("cupy")


def _clash(shapes: Sequence[tuple[int, ...]]) -> str | None:
    """The first dim, counted from the last, in which shapes do not broadcast."""
    for k in range(1, max(map(len, shapes)) + 1):
        sizes = dict.fromkeys(s[-k] for s in shapes if len(s) >= k and s[-k] != 1)
        if len(sizes) > 1:
            first, second, *_ = sizes
            return f"dim {-k} is {first} in one and {second} in the other"
    return None


def _all(operands: Sequence[Any]) -> str:
    return " and ".join(describe(x) for x in operands)


def _mark(error: Any) -> BaseException:
    # a nested call must not explain the same failure twice
    error.__gputensor__ = True
    return error


def everywhere(xp: Any, condition: Any) -> bool:
    """Whether a condition holds for all elements, inside vmap those of all examples: only to refuse an argument."""
    return bool(xp.all_examples(condition) if xp.library == "batch" else xp.item(xp.all(condition)))


def host_of_all(xp: Any, array: Any) -> Any:
    """A host array of the values, inside vmap with the examples as first axes: only to refuse an argument, or to bound
    how much is computed."""
    return xp.host_of_all(array) if xp.library == "batch" else xp.to_host(array)
