"""`out=`: a result put into a tensor that is there already, by PyTorch's rules.

A public function computes its result as ever and ends with ``return result if out is None else into(name, out,
result)``.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from gputensor.core.apply import wrap
from gputensor.core.devices import device_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.explain import describe, device_error, dtype_name
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.promotion import can_write
from gputensor.core.tensor_base import TensorBase
from gputensor.core.writes import COPY, check_writable, write
from gputensor.errors import DtypeError, GradError


def into(
    name: str, out: Any, result: Any, *, reads: Sequence[Any] = (), exact: bool = False, real: bool = False
) -> Any:
    """`result`, a tensor, written into `out`, which is returned; `out` takes its shape.

    reads: operands whose memory out must not share, where PyTorch asks for that. exact: out must have the result's
    dtype; else it may be another one of its category or a higher one, with real no complex one. Raises TypeError where
    out is no tensor, GradError where gradients would be lost and where one place of memory is several elements of out
    or an element of an operand too, DtypeError where the dtype of out does not do, DeviceError for another device.
    Then out has not changed.
    """
    _check(name, out, result, reads, exact, real)
    return _written(name, out, result)


def _check(name: str, out: Any, result: Any, reads: Sequence[Any], exact: bool, real: bool = False) -> None:
    if not isinstance(out, TensorBase):
        raise TypeError(f"{name}: out must be a Tensor, got {type(out).__name__}")
    if records() and (node_of(out) is not None or node_of(result) is not None):
        raise GradError(
            f"{name}: with out= no gradient is recorded, and an operand or out requires one; leave out= away, or call "
            "it inside `with gputensor.no_grad():`"
        )
    if out.xp is not result.xp:
        raise device_error(name, (result, out))
    have, want = result.array.dtype, out.array.dtype
    if have != want and (exact or (real and want.kind == "c") or not can_write(have, want)):
        raise DtypeError(
            f"{name}: the result is {dtype_name(have)}, which cannot be written into out of {dtype_name(want)}; give "
            f"an out of dtype {dtype_name(have)}"
        )
    if any([out.xp.shares_memory(out.array, x.array) for x in reads]):
        raise GradError(f"{name}: out shares memory with an operand, of which it is made; clone() that operand first")


def _written(name: str, out: Any, result: Any) -> Any:
    if out.array.shape != result.array.shape:
        check_writable(out, name)  # the new memory would be
        _resize(name, out, result)
    return write(out, COPY, wrap(result.array, result.xp))


def into_each(name: str, outs: Any, results: Sequence[Any], *, reads: Sequence[Any] = (), exact: bool = False) -> Any:
    """`into` for several results: `outs` is a sequence of as many tensors; returns them in the results' named tuple.

    Raises GradError also for outs that share memory: the last would be written over the others. Then none has changed.
    """
    if isinstance(outs, TensorBase) or not isinstance(outs, Sequence) or len(outs) != len(results):
        raise TypeError(f"{name}: out must be a tuple of {len(results)} Tensors, got {describe(outs)}")
    for k, out in enumerate(outs):
        for other in outs[:k]:
            if _overlap(out, other):
                raise GradError(f"{name}: two tensors of out share memory; give one of its own for every result")
    for out, result in zip(outs, results, strict=True):  # all of them before the first is written
        _check(name, out, result, reads, exact)
        check_writable(out, name)
    written = [_written(name, out, result) for out, result in zip(outs, results, strict=True)]
    kind = type(results)
    return kind(*written) if hasattr(kind, "_fields") else tuple(written)


def of_out(name: str, out: Any, dtype: Any, device: Any) -> tuple[Any, Any]:
    """dtype and device of a new tensor that goes into `out`: its own, where they are not given.

    Raises DtypeError where another dtype is asked for, TypeError where out is no tensor.
    """
    if out is None:
        return dtype, device
    if not isinstance(out, TensorBase):
        raise TypeError(f"{name}: out must be a Tensor, got {type(out).__name__}")
    have: Any = out.array.dtype
    if dtype is not None and numpy_dtype(dtype) != have:
        raise DtypeError(f"{name}: dtype {dtype} was asked for, and out is {dtype_name(have)}; leave dtype away")
    return have, device_of(out.xp) if device is None else device


def _overlap(x: Any, y: Any) -> bool:
    if not (isinstance(x, TensorBase) and isinstance(y, TensorBase)) or x.xp is not y.xp:
        return False
    return bool(x.xp.shares_memory(x.array, y.array))


def _resize(name: str, out: Any, result: Any) -> None:
    """New memory for out, in the result's shape. An out with elements may have been meant to keep its memory."""
    if out.array.size:
        warnings.warn(
            f"{name}: out has shape {tuple(out.array.shape)} and the result {tuple(result.array.shape)}; out gets new "
            "memory. Give an out of the result's shape, or an empty one: out.resize_(0)",
            UserWarning,
            stacklevel=4,
        )
    out.data = wrap(out.xp.empty(result.array.shape, out.array.dtype), out.xp)
