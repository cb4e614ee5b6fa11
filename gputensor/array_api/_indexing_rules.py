"""What stands in an Array's square brackets: the standard's rules where they differ from PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np

from gputensor.array_api._promotion import joined
from gputensor.core.apply import cast, wrap
from gputensor.core.explain import dtype_name
from gputensor.core.promotion import BOOL, INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError
from gputensor.ops.index_arguments import BASIC


def index_of(x: Any, key: Any) -> Any:
    """A key for `getitem` and `setitem` of the other door.

    Unsigned integers are indices (PyTorch reads uint8 as a mask). A mask without elements selects nothing, whatever
    the sizes of the dims that it stands for.
    """
    if type(key) is tuple:
        for part in key:
            if type(part) not in BASIC:
                return _parts(x, key)
        return key
    return key if type(key) in BASIC else _parts(x, (key,))


def _parts(x: Any, key: tuple[Any, ...]) -> tuple[Any, ...]:
    out: list[Any] = []
    for part in key:
        if not isinstance(part, TensorBase):
            out.append(part)
            continue
        a: Any = part.array
        if a.dtype.kind == "u":
            out.append(cast(part, INT64))
        elif a.dtype is BOOL and not a.size and a.ndim <= x.array.ndim:
            nowhere = wrap(part.xp.zeros((0,), INT64), part.xp)
            first = _dims_before(x, key, part)
            sizes = x.array.shape[first : first + a.ndim]
            fits = len(sizes) == a.ndim and all([m in (0, n) for m, n in zip(a.shape, sizes, strict=True)])
            out += [nowhere] * a.ndim if fits else [part]
        else:
            out.append(part)
    return tuple(out)


def _dims_before(x: Any, key: tuple[Any, ...], until: Any) -> int:
    """The first dim of x that the part `until` of a key stands for."""
    dims = [
        part.array.ndim
        if isinstance(part, TensorBase) and part.array.dtype is BOOL
        else 0
        if part is None or part is Ellipsis or isinstance(part, bool)
        else 1
        for part in key
    ]
    place = next(k for k, part in enumerate(key) if part is until)
    skipped = any(part is Ellipsis for part in key[:place])
    return sum(dims[:place]) + (x.array.ndim - sum(dims) if skipped else 0)


def value_for(x: Any, value: Any) -> Any:
    """The right-hand side of an assignment. Raises DtypeError where x's dtype would have to change to hold it."""
    d = x.array.dtype
    if isinstance(value, (TensorBase, np.ndarray)):
        other = value.array.dtype if isinstance(value, TensorBase) else value.dtype
        if other is not d and d.kind != other.kind and joined(d, other) is not d:
            raise DtypeError(
                f"setitem: {dtype_name(other)} cannot be written into {dtype_name(d)}; convert it with astype()"
            )
    elif isinstance(value, float) and d.kind in "biu":
        raise DtypeError(f"setitem: the float {value} cannot be written into {dtype_name(d)}; use an int")
    return value
