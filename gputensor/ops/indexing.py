"""Reading and writing with square brackets. Ints, slices, None and Ellipsis give views; tensors, arrays, lists and masks gather."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import apply1, wrap
from gputensor.core.explain import describe
from gputensor.core.modes import is_grad_enabled
from gputensor.core.primitive import Primitive
from gputensor.core.views import as_view
from gputensor.core.writes import COPY, stamp_here, write
from gputensor.ops.dims import one_dim

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_BASIC = frozenset((int, slice, type(None), type(Ellipsis)))


class Slice(Primitive):
    """Basic indexing: a view."""

    __slots__ = ("index",)
    view = True

    def __init__(self, index: Any) -> None:
        self.index = index

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.getitem(x, self.index)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.view_put(g, x.shape, x.dtype, (self,))


class Gather(Primitive):
    """Indexing by index arrays and masks: a copy."""

    __slots__ = ("index",)

    def __init__(self, index: tuple[Any, ...]) -> None:
        self.index = index

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.index_get(x, self.index)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.index_add(g, x.shape, self.index)


class IndexAdd(Primitive):
    """Zeros with values added at index arrays; repeats add up: the transpose of Gather."""

    __slots__ = ("index", "shape")

    def __init__(self, shape: tuple[int, ...], index: tuple[Any, ...]) -> None:
        self.shape = shape
        self.index = index

    def forward(self, xp: Any, v: Any) -> Any:
        return xp.index_add(v, self.shape, self.index)

    def vjp_v(self, xp: Any, g: Any, out: Any, v: Any) -> Any:
        return xp.index_get(g, self.index)


class IndexPut(Primitive):
    """x with the places named by index arrays replaced by v, which broadcasts."""

    __slots__ = ("index",)

    def __init__(self, index: tuple[Any, ...]) -> None:
        self.index = index

    def forward(self, xp: Any, x: Any, v: Any) -> Any:
        return xp.index_put(x, self.index, v)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any) -> Any:
        return xp.index_put(g, self.index, xp.zeros_for(g, ()))

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any) -> Any:
        return xp.index_get(g, self.index)

    def into(self, xp: Any, out: Any, x: Any, v: Any) -> None:
        xp.index_write(out, self.index, v)


def getitem(x: Tensor, index: Any) -> Tensor:
    """What ``x[index]`` computes."""
    kind = type(index)
    if kind is int or kind is slice or (kind is tuple and all([type(i) in _BASIC for i in index])) or kind in _BASIC:
        try:
            out = x.array[index]
        except IndexError as error:
            raise _index_error(x, index, error) from None
        if type(out) is not type(x.array):
            out = x.array[(*index, ...) if kind is tuple else (index, ...)]  # NumPy gave a scalar
        prim = object.__new__(Slice)
        prim.index = index
        return as_view(prim, x, out)
    basic, index = canonical(x, index)
    if basic:
        return getitem(x, index)
    try:
        return apply1(Gather(index), x)
    except IndexError as error:
        raise _index_error(x, index, error) from None


def setitem(x: Tensor, index: Any, value: Any) -> None:
    """What ``x[index] = value`` does."""
    if isinstance(index, list) or not (type(index) in _BASIC or (type(index) is tuple and all([type(i) in _BASIC for i in index]))):
        basic, index = canonical(x, index)
    else:
        basic = True
    if basic and x._parent is None and not _apply.SLOW:
        # nothing to record and an ordinary number: straight into the array
        kind = type(value)
        if (kind is float or kind is int) and (x._node is None or not is_grad_enabled()) and x.array.dtype.kind in "fc":
            try:
                x.array[index] = value
            except (IndexError, ValueError) as error:
                raise _index_error(x, index, error) from None
            if x._cell is not None:
                stamp_here(x._cell, COPY)
            return
    value = _value(x, value)
    if basic:
        view = getitem(x, index)
        shape, have = tuple(view.array.shape), tuple(value.array.shape)
        while len(have) > len(shape) and have[0] == 1:  # NumPy and PyTorch drop leading ones of the value
            value, have = value[0], have[1:]
        write(view, COPY, value)
        return
    if value.array.dtype != x.array.dtype:
        value = value.to(x.dtype)
    try:
        write(x, IndexPut(index), value)
    except IndexError as error:
        raise _index_error(x, index, error) from None


def select(input: Tensor, dim: int, index: int) -> Tensor:
    """The slice number index along dim, a view without that dim.

    Raises DimError or IndexError for a dim or an index out of range.

    >>> import gputensor as gt
    >>> gt.select(gt.tensor([[1, 2], [3, 4]]), 1, 0)
    tensor([1, 3])
    """
    axis = one_dim("select", dim, input.array.ndim, input.array.shape)
    return getitem(input, (*(slice(None),) * axis, index))


def canonical(x: Tensor, index: Any) -> tuple[bool, Any]:
    """An index with its tensors as arrays of x's library; and whether it is basic (a view) after all."""
    items = list(index) if isinstance(index, tuple) else [index]
    basic = True
    for k, i in enumerate(items):
        if type(i) in _BASIC:
            continue
        if isinstance(i, (np.integer, int)) and not isinstance(i, (bool, np.bool_)):
            items[k] = int(i)
            continue
        if isinstance(i, slice) or i is None or i is Ellipsis:
            continue
        array = _index_array(x, i)
        if array.ndim == 0 and array.dtype.kind in "iu":
            items[k] = int(x.xp.item(array))
            continue
        basic = False
        items[k] = array
    if basic:
        items = [slice(*[None if s is None else int(s) for s in (i.start, i.stop, i.step)]) if type(i) is slice else i for i in items]
    return basic, tuple(items)


def _index_array(x: Tensor, i: Any) -> Any:
    if isinstance(i, _apply.Tensor):
        if i.xp is not x.xp:
            # indices on the CPU are welcome everywhere, as in PyTorch
            i = i.to(x.device)
        array = i.array
    elif isinstance(i, (bool, np.bool_)):
        array = x.xp.from_host(np.asarray(i))
    elif isinstance(i, (list, range, np.ndarray)):
        host = np.asarray(i if not isinstance(i, list) else [e.array if isinstance(e, _apply.Tensor) else e for e in i])
        if host.size == 0 and not isinstance(i, np.ndarray):
            host = host.astype(np.int64)
        array = x.xp.from_host(host)
    else:
        raise TypeError(
            f"index: ints, slices, None, Ellipsis, tensors, arrays, lists and masks can index a tensor, got {type(i).__name__} {i!r}"
        )
    if array.dtype.kind not in "biu":
        raise IndexError(f"index: index tensors must be integers or booleans, got {array.dtype.name}; convert with .long() or .bool()")
    return array


def _value(x: Tensor, value: Any) -> Tensor:
    if isinstance(value, _apply.Tensor):
        if value.xp is not x.xp:
            if value.array.ndim:
                from gputensor.core.explain import device_error

                raise device_error("setitem", (x, value))
            return value.to(x.device)
        return value
    if isinstance(value, (int, float, complex, bool, np.generic, np.ndarray, list, tuple)):
        host = np.asarray(value)
        if host.dtype.kind not in "biufcV":
            raise TypeError(f"setitem: a value must be numbers or a tensor, got {describe(value)}")
        if host.dtype.kind == "c" and x.array.dtype.kind != "c":
            raise TypeError(f"setitem: a complex value cannot be written into {describe(x)}")
        return wrap(x.xp.from_host(host.astype(x.array.dtype)), x.xp)
    raise TypeError(f"setitem: a value must be a number, an array or a tensor, got {describe(value)}")


def _index_error(x: Any, index: Any, error: Exception) -> Exception:
    if isinstance(error, ValueError):
        return error
    return IndexError(f"index: {error}; x has shape {tuple(x.array.shape)}")


class IndexingMethods:
    """Square brackets on a tensor."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Tensor:
        return getitem(self, index)  # type: ignore[arg-type]

    def __setitem__(self, index: Any, value: Any) -> None:
        setitem(self, index, value)  # type: ignore[arg-type]

    def select(self, dim: int, index: int) -> Tensor:
        """See `gputensor.select`."""
        return select(self, dim, index)  # type: ignore[arg-type]
