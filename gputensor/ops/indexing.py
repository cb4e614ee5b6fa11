"""Square brackets. Ints, slices, None and Ellipsis give views; tensors, arrays, lists and masks gather."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import applyn, cast, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe
from gputensor.core.modes import records
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import INT64, NO_NUMBERS
from gputensor.core.tensor_base import TensorBase
from gputensor.core.views import as_view
from gputensor.core.writes import COPY, check_writable, stamp_here, write
from gputensor.errors import DtypeError, GradError, ShapeError
from gputensor.ops.dims import NEEDED, array_of, numpy_dim, one_dim, one_int
from gputensor.ops.index_arguments import (
    ALL,
    BASIC,
    check_same_dtype,
    frozen,
    index_error,
    number_in,
    out_of_range,
    split,
)

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Slice(Primitive):
    """Basic indexing: a view."""

    __slots__ = ("index",)
    view = True

    def __init__(self, index: Any) -> None:
        self.index = index

    def called(self, node: Any) -> str:
        # PyTorch takes one step a part of the index; the last one gives the name
        parts = self.index if isinstance(self.index, tuple) else (self.index,)
        last = [i for i in parts if i is not Ellipsis and i != slice(None)][-1:]
        if not last:
            return "AliasBackward0"
        return f"{'Unsqueeze' if last[0] is None else 'Slice' if isinstance(last[0], slice) else 'Select'}Backward0"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.getitem(x, self.index)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.view_put(g, x.shape, x.dtype, (self,))


class Index(Primitive):
    """Indexing by index arrays or a mask along some dims: a copy.

    i: a mask or index array for one of `dims`, or the broadcast index arrays of all of them, stacked.
    """

    __slots__ = ("dims",)
    saves = ("i",)

    def __init__(self, dims: tuple[int, ...]) -> None:
        self.dims = dims

    def forward(self, xp: Any, x: Any, i: Any) -> Any:
        return xp.index_get(x, places(xp, self.dims, i))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, i: Any) -> Any:
        return xp.index_add(g, x.shape, places(xp, self.dims, i))


class IndexSum(Primitive):
    """Zeros with values added at index arrays; repeats add up: the transpose of Index."""

    __slots__ = ("dims", "shape")
    saves = ("i",)

    def __init__(self, shape: tuple[int, ...], dims: tuple[int, ...]) -> None:
        self.shape = shape
        self.dims = dims

    def forward(self, xp: Any, v: Any, i: Any) -> Any:
        return xp.index_add(v, self.shape, places(xp, self.dims, i))

    def vjp_v(self, xp: Any, g: Any, out: Any, v: Any, i: Any) -> Any:
        return xp.index_get(g, places(xp, self.dims, i))


class IndexPut(Primitive):
    """x with the places named by index arrays replaced by v, which broadcasts."""

    __slots__ = ("dims",)
    saves = ("i",)

    def __init__(self, dims: tuple[int, ...]) -> None:
        self.dims = dims

    def forward(self, xp: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.index_put(x, places(xp, self.dims, i), v)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.index_put(g, places(xp, self.dims, i), xp.zeros_for(g, ()))

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.index_get(g, places(xp, self.dims, i))

    def into(self, xp: Any, out: Any, x: Any, v: Any, i: Any) -> None:
        xp.index_write(out, places(xp, self.dims, i), v)


class IndexAccumulate(Primitive):
    """x with v added at the places named by index arrays; repeats add up."""

    __slots__ = ("dims",)
    saves = ("i",)
    passes = True

    def __init__(self, dims: tuple[int, ...]) -> None:
        self.dims = dims

    def forward(self, xp: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.index_put(x, places(xp, self.dims, i), v, True)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return g

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.index_get(g, places(xp, self.dims, i))

    def into(self, xp: Any, out: Any, x: Any, v: Any, i: Any) -> None:
        xp.index_write(out, places(xp, self.dims, i), v, True)


def places(xp: Any, dims: tuple[int, ...], i: Any) -> tuple[Any, ...]:
    """The index that the words of a namespace take: full slices, and index arrays at `dims`."""
    if len(dims) == 1:
        return (*(ALL,) * dims[0], i)
    items: list[Any] = [ALL] * (dims[-1] + 1)
    for k, dim in enumerate(dims):
        items[dim] = xp.getitem(i, (k,))
    return tuple(items)


def getitem(x: Tensor, index: Any) -> Tensor:
    """What ``x[index]`` computes."""
    kind = type(index)
    if kind is int or kind is slice or (kind is tuple and all([type(i) in BASIC for i in index])) or kind in BASIC:
        try:
            out = x.array[index]
        except IndexError as error:
            if kind is tuple and index.count(Ellipsis) > 1:
                return getitem(x, split(x, index)[0])
            raise index_error(x, index, error) from None
        except (TypeError, ValueError) as error:
            split(x, index)  # explains bounds that are no ints
            raise index_error(x, index, error) from None
        if type(out) is not type(x.array):
            out = x.array[(*index, ...) if kind is tuple else (index, ...)]  # NumPy gave a scalar
        prim = object.__new__(Slice)
        # a tensor as a bound may be written before the gradient replays this
        prim.index = index if x._node is None or kind is int else frozen(index)
        return as_view(prim, x, out)
    view, dims, i = split(x, index)
    if view is not None:
        x = getitem(x, view)
    return x if i is None else gather_places(x, dims, i)


def gather_places(x: Any, dims: tuple[int, ...], i: Any) -> Any:
    """The elements of x at index arrays along some dims."""
    try:
        return applyn(Index(dims), (x, i))
    except (IndexError, ShapeError) as error:
        raise out_of_range("index", x, dims, i) or error from None


def setitem(x: Tensor, index: Any, value: Any) -> None:
    """What ``x[index] = value`` does."""
    kind = type(index)
    dims: tuple[int, ...] = ()
    if kind in BASIC or (kind is tuple and all([type(i) in BASIC for i in index])):
        i = None
        if x._parent is None and not _apply.SLOW:
            # nothing to record and an ordinary number: straight into the array
            number = type(value)
            fits = ""
            if (number is float or number is int) and -65504 <= value <= 65504:  # what all floats hold
                fits = "fcV" if number is float else "iufcV"
            if x.array.dtype.kind in fits and (x._node is None or not records()):
                try:
                    x.array[index] = value
                except (IndexError, TypeError, ValueError, OverflowError):
                    pass  # explained below, where everything is looked at
                else:
                    if x._cell is not None:
                        stamp_here(x._cell, COPY)
                    return
        target = getitem(x, index)
    else:
        view, dims, i = split(x, index)
        target = x if view is None else getitem(x, view)
    value = _value(x, value)
    if i is None:
        _put_view(target, value)
    else:
        put_places(target, dims, i, value)


def _put_view(target: Any, value: Any) -> None:
    shape, have = tuple(target.array.shape), tuple(value.array.shape)
    while len(have) > len(shape) and have[0] == 1:  # NumPy and PyTorch drop leading ones of the value
        value, have = value[0], have[1:]
    if len(have) > len(shape) or any([n not in (1, s) for n, s in zip(reversed(have), reversed(shape), strict=False)]):
        raise ShapeError(f"setitem: a value of shape {have} does not broadcast to the indexed part of shape {shape}")
    try:
        write(target, COPY, value)
    except (GradError, ValueError) as error:
        raise refused("setitem", target, value, error) from None


def refused(name: str, x: Any, value: Any, error: Exception) -> Exception:
    """The error of a write that is not allowed, in the words of the operation that was asked for."""
    try:
        check_writable(x, name, (value,))
    except (GradError, ValueError) as said:
        return said
    return error


def put_places(
    x: Any, dims: tuple[int, ...], i: Any, value: Any, accumulate: bool = False, name: str = "setitem"
) -> Any:
    """Write a tensor (or add it, repeats adding up) in place at index arrays along some dims of x."""
    value = _fitting(name, x, dims, i, value)
    try:
        return write(x, IndexAccumulate(dims) if accumulate else IndexPut(dims), value, i)
    except (IndexError, ShapeError) as error:
        raise out_of_range(name, x, dims, i) or error from None
    except (GradError, ValueError) as error:
        raise refused(name, x, value, error) from None


def _fitting(name: str, x: Any, dims: tuple[int, ...], i: Any, value: Any) -> Any:
    """value in the dtype of x, without leading ones that the indexed part lacks; ShapeError if it does not fit."""
    if value.array.dtype.kind == "c" and x.array.dtype.kind != "c":
        raise DtypeError(f"{name}: complex values cannot be written into {describe(x)}; take their .real first")
    value = cast(value, x.array.dtype)
    have: tuple[int, ...] = tuple(value.array.shape)
    if not have:
        return value
    middle: tuple[int, ...]
    if len(dims) > 1:
        middle = tuple(i.array.shape[1:])
    elif i.array.dtype.kind == "b":
        # how many places a mask has is known only by counting: a value of one element needs no count
        single = math.prod(have) == 1
        middle = (1 if single else int(x.xp.item(x.xp.sum(i.array, None, False, INT64))),)
    else:
        middle = tuple(i.array.shape)
    taken = i.array.ndim if len(dims) == 1 and i.array.dtype.kind == "b" else len(dims)
    shape = x.array.shape
    first = min(dims)
    if max(dims) - first == len(dims) - 1:
        part = (*shape[:first], *middle, *shape[first + taken :])
    else:
        part = (*middle, *[n for k, n in enumerate(shape) if k not in dims])
    while len(have) > len(part) and have[0] == 1:
        value, have = value[0], have[1:]
    if len(have) > len(part) or any([n not in (1, s) for n, s in zip(reversed(have), reversed(part), strict=False)]):
        raise ShapeError(f"{name}: a value of shape {have} does not broadcast to the indexed part of shape {part}")
    return value


def select(input: Tensor, dim: int = NEEDED, index: int = NEEDED, *, axis: int | None = None) -> Tensor:
    """The slice number index along dim, a view without that dim.

    Raises DimError or IndexError for a dim or an index out of range.

    >>> import gputensor as gt
    >>> gt.select(gt.tensor([[1, 2], [3, 4]]), 1, 0)
    tensor([1, 3])
    """
    if axis is not None:
        dim = numpy_dim("select", dim, axis)
    a = array_of("select", input)
    axis = one_dim("select", dim, a.ndim, a.shape)
    place: Any = index
    if not isinstance(place, (int, TensorBase)):
        place = one_int("select", "index", place)
    return getitem(input, (*(ALL,) * axis, place))


@autocasts("index_put")
def index_put(input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of input with values written at index tensors: ``input[indices] = values`` on a copy.

    indices: a tuple of integer or boolean tensors, for the leading dims of input. values broadcasts to the indexed part
    and has input's dtype. accumulate: add instead, repeated places adding up; without it, which of several values a
    repeated place gets is not defined. Raises IndexError for an index out of range, ShapeError for values that do not
    broadcast, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.index_put(gt.zeros(3), (gt.tensor([0, 0, 2]),), gt.tensor([1.0, 2.0, 3.0]), accumulate=True)
    tensor([3., 0., 3.])
    """
    array_of("index_put", input)
    dims, i = _put_arguments("index_put", input, indices, values)
    values = _fitting("index_put", input, dims, i, values)
    try:
        return applyn(IndexAccumulate(dims) if accumulate else IndexPut(dims), (input, values, i))
    except (IndexError, ShapeError) as error:
        raise out_of_range("index_put", input, dims, i) or error from None


def index_put_(input: Tensor, indices: Sequence[Tensor], values: Tensor, accumulate: bool = False) -> Tensor:
    """`index_put` in place.

    >>> import gputensor as gt
    >>> gt.index_put_(gt.zeros(3), (gt.tensor([0, 2]),), gt.tensor([1.0, 2.0]))
    tensor([1., 0., 2.])
    """
    array_of("index_put_", input)
    dims, i = _put_arguments("index_put_", input, indices, values)
    return put_places(input, dims, i, values, accumulate, "index_put_")


def _put_arguments(name: str, x: Any, indices: Any, values: Any) -> tuple[tuple[int, ...], Any]:
    if not isinstance(indices, (tuple, list)) or not indices:
        raise TypeError(f"{name}: indices must be a tuple of Tensors, got {describe(indices)}")
    for k, i in enumerate(indices):
        array_of(name, i, f"indices[{k}]")
    array_of(name, values, "values")
    check_same_dtype(name, "values", values, x)
    _, dims, i = split(x, tuple([i if i.array.ndim else i.reshape(1) for i in indices]))
    return dims, i


def _value(x: Tensor, value: Any) -> Tensor:
    """The right-hand side of an assignment to x as a tensor on x's device."""
    if isinstance(value, _apply.Tensor):
        if value.xp is x.xp:
            return value
        if value.array.ndim or value.device == x.device:
            return together("setitem", (x, value))[1]
        return value.to(x.device)
    d = x.array.dtype
    if isinstance(value, (int, float, complex, np.generic)) and not isinstance(value, NO_NUMBERS):
        return wrap(x.xp.from_host(number_in("setitem", x, value, True)), x.xp)
    if isinstance(value, (np.ndarray, list, tuple)):
        listed = () if isinstance(value, np.ndarray) else value
        if any([isinstance(v, _apply.Tensor) and v.requires_grad for v in listed]):
            raise GradError("setitem: a list keeps no graph, and a tensor in it requires grad; use gputensor.stack()")
        host = np.asarray(
            [v.tolist() if isinstance(v, _apply.Tensor) else v for v in value]
            if not isinstance(value, np.ndarray)
            else value
        )
        if host.dtype.kind in "biufcV":
            if host.dtype.kind == "c" and d.kind != "c":
                raise DtypeError(
                    f"setitem: complex values cannot be written into {describe(x)}; take their .real first"
                )
            return wrap(x.xp.from_host(host.astype(d)), x.xp)
    raise TypeError(f"setitem: a value must be a number, an array or a tensor, got {describe(value)}")


class IndexingMethods:
    """Square brackets on a tensor."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Tensor:
        return getitem(self, index)  # type: ignore[arg-type]

    def __setitem__(self, index: Any, value: Any) -> None:
        setitem(self, index, value)  # type: ignore[arg-type]

    def __delitem__(self, index: Any) -> None:
        raise TypeError("del: elements of a tensor cannot be deleted; select those to keep, for example x[mask]")

    def select(self, dim: int = NEEDED, index: int = NEEDED, *, axis: int | None = None) -> Tensor:
        """See `gputensor.select`."""
        return select(self, dim, index, axis=axis)  # type: ignore[arg-type]

    def index_put(self, indices: Sequence[Tensor], values: Tensor, accumulate: bool = False) -> Tensor:
        """See `gputensor.index_put`."""
        return index_put(self, indices, values, accumulate)  # type: ignore[arg-type]

    def index_put_(self, indices: Sequence[Tensor], values: Tensor, accumulate: bool = False) -> Tensor:
        """`index_put` in place. Unlike torch: refuses expanded tensors (GradError)."""
        return index_put_(self, indices, values, accumulate)  # type: ignore[arg-type]
