"""Gathering along a dim by an index tensor, and scattering back: each is the transpose of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import apply3, applyn, cast, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.dtypes import int64
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import TensorBase
from gputensor.core.writes import write
from gputensor.errors import ShapeError
from gputensor.ops.dims import NEEDED, array_of, numpy_dim, one_dim
from gputensor.ops.index_arguments import check_index_dtype, check_same_dtype, number_in, out_of_range
from gputensor.ops.indexing import getitem
from gputensor.ops.operands import Number, rewrite
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Gather(Primitive):
    """out[i, j] = x[i, index[i, j]] for axis 1. once: no place is read twice, so the gradient is written, not added."""

    __slots__ = ("axis", "once")
    saves = ("i",)

    def __init__(self, axis: int, once: bool = False) -> None:
        self.axis = axis
        self.once = once

    def forward(self, xp: Any, x: Any, i: Any) -> Any:
        return xp.take_along_axis(x, i, self.axis)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, i: Any) -> Any:
        zeros = xp.broadcast_to(xp.zeros_for(g, ()), x.shape)
        return xp.scatter(zeros, i, g, self.axis) if self.once else xp.scatter_add(zeros, i, g, self.axis)


class Scatter(Primitive):
    """x with v written at the places that Gather reads; v may be 0-d."""

    __slots__ = ("axis",)
    saves = ("i",)

    def __init__(self, axis: int) -> None:
        self.axis = axis

    def forward(self, xp: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.scatter(x, i, v, self.axis)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.scatter(g, i, xp.zeros_for(g, ()), self.axis)

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.take_along_axis(g, i, self.axis)

    def into(self, xp: Any, out: Any, x: Any, v: Any, i: Any) -> None:
        xp.scatter_write(out, i, v, self.axis)


class ScatterAdd(Primitive):
    """x with v added at the places that Gather reads; repeats add up."""

    __slots__ = ("axis",)
    saves = ("i",)
    passes = True

    def __init__(self, axis: int) -> None:
        self.axis = axis

    def forward(self, xp: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.scatter_add(x, i, v, self.axis)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return g

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.take_along_axis(g, i, self.axis)

    def into(self, xp: Any, out: Any, x: Any, v: Any, i: Any) -> None:
        xp.scatter_write(out, i, v, self.axis, True)


class ScatterExtreme(Primitive):
    """The largest (or smallest) of x and all v scattered to a place; the gradient is spread evenly over ties."""

    __slots__ = ("axis", "largest")
    saves = ("x", "v", "i", "out")

    def __init__(self, axis: int, largest: bool) -> None:
        self.axis = axis
        self.largest = largest

    def forward(self, xp: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.scatter_reduce(x, i, v, self.axis, "max" if self.largest else "min")

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        ours, _, count = self._ties(xp, g, out, x, v, i)
        return ours * (g / count)

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        _, theirs, count = self._ties(xp, g, out, x, v, i)
        return theirs * xp.take_along_axis(g / count, i, self.axis)

    def _ties(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> tuple[Any, Any, Any]:
        ours = xp.astype(x == out, g.dtype)
        theirs = xp.astype(v == xp.take_along_axis(out, i, self.axis), g.dtype)
        return ours, theirs, xp.scatter_add(ours, i, theirs, self.axis)


class ScatterProd(Primitive):
    """The product of x and all v scattered to a place."""

    __slots__ = ("axis",)
    saves = ("x", "v", "i", "out")

    def __init__(self, axis: int) -> None:
        self.axis = axis

    def forward(self, xp: Any, x: Any, v: Any, i: Any) -> Any:
        return xp.scatter_reduce(x, i, v, self.axis, "prod")

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        # the product of all others, without a division by zero
        return g * xp.scatter_reduce(xp.ones_like(x), i, v, self.axis, "prod")

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any, i: Any) -> Any:
        zero = xp.astype(v == 0, g.dtype)
        zeros = xp.scatter_add(xp.zeros_like(x), i, zero, self.axis)
        # with one zero among the v of a place, only that one has a gradient: the product of all others
        others = xp.scatter_reduce(x, i, v + zero, self.axis, "prod")
        only = zero * xp.astype(xp.take_along_axis(zeros, i, self.axis) == 1, g.dtype)
        return xp.take_along_axis(g * others, i, self.axis) * only + xp.take_along_axis(g * out, i, self.axis) * (
            1 - zero
        ) / (v + zero)


def gather(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    *,
    sparse_grad: bool = False,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Values along dim at the places that index names.

    out[i, j] = input[i, index[i, j]] for dim 1. index: int64 or int32, with as many dims as input, no larger than input
    but along dim; 0 <= index < size. The result has index's shape; repeated places add up in the gradient. sparse_grad
    is accepted and has no effect. Raises ShapeError when the shapes do not fit, IndexError for an index out of range
    (negative ones too), DtypeError for another index dtype.

    >>> import gputensor as gt
    >>> gt.gather(gt.tensor([[1, 2], [3, 4]]), 1, gt.tensor([[0, 0], [1, 0]]))
    tensor([[1, 1],
            [4, 3]])
    """
    if axis is not None:
        dim = numpy_dim("gather", dim, axis)
    if isinstance(index, TensorBase) and not index.array.size:
        index = cast(index, int64.numpy)  # no index, so its dtype says nothing
    axis = _arguments("gather", input, dim, index)
    if index.array.ndim != max(input.array.ndim, 1):
        if input.array.ndim <= 1 and not index.array.ndim:
            result = gather(input.reshape(-1), 0, index.reshape(1)).reshape(())
            return result if out is None else into("gather", out, result, exact=True)
        if not index.array.size:
            result = getitem(input.reshape(-1), slice(0, 0)).reshape(index.array.shape).clone()
            return result if out is None else into("gather", out, result, exact=True)
    result = along(input if input.array.ndim else input.reshape(1), axis, index, "gather")
    return result if out is None else into("gather", out, result, reads=(input, index), exact=True)


def along(x: Any, axis: int, index: Any, name: str, once: bool = False) -> Any:
    """Gather with arguments that are checked but for the shapes and values of index."""
    _check_shapes(name, x, axis, index)
    try:
        return applyn(Gather(axis, once), (x, index))
    except (IndexError, ShapeError) as error:
        raise out_of_range(name, x, (axis,), index, 0) or error from None


def take_along_dim(
    input: Tensor, indices: Tensor, dim: int | None = None, *, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """Values along dim at the places that indices names; the other dims broadcast.

    As `gather`, but indices may have dims of size 1 where input has not, and the other way round, and negative indices
    count from the end. dim=None: input and indices are flattened. Raises as `gather`.
    Unlike torch: int32 indices are taken.

    >>> import gputensor as gt
    >>> x = gt.tensor([[10, 30, 20], [60, 40, 50]])
    >>> gt.take_along_dim(x, gt.argsort(x, dim=1), dim=1)
    tensor([[10, 20, 30],
            [40, 50, 60]])
    """
    if axis is not None:
        dim = numpy_dim("take_along_dim", dim, axis)
    array_of("take_along_dim", input)
    array_of("take_along_dim", indices, "indices")
    check_index_dtype("take_along_dim", indices)
    if dim is None:
        input, indices, axis = input.reshape(-1), indices.reshape(-1), 0
    else:
        axis = one_dim("take_along_dim", dim, input.array.ndim, input.array.shape)
    a, i = input.array, indices.array
    if a.ndim != i.ndim:
        raise ShapeError(
            f"take_along_dim: input and indices need as many dims, got shapes {tuple(a.shape)} and {tuple(i.shape)}; "
            "reshape one of them"
        )
    shape = []
    for k, (n, m) in enumerate(zip(a.shape, i.shape, strict=True)):
        if k != axis and n != m and 1 not in (n, m):
            raise ShapeError(
                f"take_along_dim: shapes {tuple(a.shape)} and {tuple(i.shape)} do not broadcast: "
                f"dim {k} is {n} in one and {m} in the other"
            )
        shape.append(m if n == 1 or k == axis else n)
    wide = tuple([n if k == axis else m for k, (n, m) in enumerate(zip(a.shape, shape, strict=True))])
    n = a.shape[axis] if a.ndim else 1
    xp = indices.xp
    if i.size and i.ndim:
        indices = wrap(xp.where(i < 0, i + n, i), xp)
    x = input if wide == tuple(a.shape) else input.expand(wide)
    result = along(
        x, axis, indices if tuple(i.shape) == tuple(shape) else indices.expand(tuple(shape)), "take_along_dim"
    )
    return result if out is None else into("take_along_dim", out, result, exact=True)


def scatter(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    src: Tensor | Number | None = None,
    *,
    value: Number | None = None,
    reduce: str | None = None,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of input with src written along dim at the places that index names.

    out[i, index[i, j]] = src[i, j] for dim 1. index: int64 or int32, no larger than src, nor than input but along dim;
    0 <= index < size. src: a tensor of input's dtype, or a number (also as value=). reduce: "add" or "multiply"
    combines with what is there; without it, which of several values a repeated place gets is not defined. Raises as
    `gather`, and DtypeError where src has another dtype.

    >>> import gputensor as gt
    >>> gt.scatter(gt.zeros(2, 3), 1, gt.tensor([[2], [0]]), 1.0)
    tensor([[0., 0., 1.],
            [1., 0., 0.]])
    """
    if axis is not None:
        dim = numpy_dim("scatter", dim, axis)
    axis, x, src, index = _scatter_arguments("scatter", input, dim, index, src, value)
    if reduce == "multiply":
        result = scatter_reduce(x, axis, index, _full(src, index), "prod").reshape(input.array.shape)
        return result if out is None else into("scatter", out, result, exact=True)
    result = _back(input, _scattered("scatter", _scatter_primitive("scatter", axis, reduce), x, src, index))
    return result if out is None else into("scatter", out, result, exact=True)


@autocasts("scatter_add")
def scatter_add(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    src: Tensor = NEEDED,
    *,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of input with src added along dim at the places that index names; repeated places add up.

    out[i, index[i, j]] += src[i, j] for dim 1. Arguments and errors as `scatter`. float16 and bfloat16 are added up in
    float32. On a GPU the order of the additions, and with it the last bit, may differ from call to call.

    >>> import gputensor as gt
    >>> gt.scatter_add(gt.zeros(3), 0, gt.tensor([0, 0, 2]), gt.tensor([1.0, 2.0, 3.0]))
    tensor([3., 0., 3.])
    """
    if axis is not None:
        dim = numpy_dim("scatter_add", dim, axis)
    array_of("scatter_add", src, "src")
    axis, x, src, index = _scatter_arguments("scatter_add", input, dim, index, src, None)
    result = _back(input, _scattered("scatter_add", ScatterAdd(axis), x, src, index))
    return result if out is None else into("scatter_add", out, result, exact=True)


def scatter_reduce(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    src: Tensor = NEEDED,
    reduce: str = NEEDED,
    *,
    include_self: bool = True,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of input in which each place that index names holds a reduction of all values scattered to it.

    reduce: "sum", "prod", "mean", "amax" or "amin". include_self: the value that is there takes part. Arguments as
    `scatter_add`. The gradient of amax and amin is spread evenly over ties. Raises ValueError for another reduce, and
    as `scatter`. Unlike torch: without include_self a value that is there is no tie, either.

    >>> import gputensor as gt
    >>> gt.scatter_reduce(gt.zeros(2), 0, gt.tensor([0, 0, 1]), gt.tensor([1.0, 5.0, 2.0]), "amax")
    tensor([5., 2.])
    """
    if axis is not None:
        dim = numpy_dim("scatter_reduce", dim, axis)
    array_of("scatter_reduce", src, "src")
    axis, x, src, index = _scatter_arguments("scatter_reduce", input, dim, index, src, None)
    d = x.array.dtype
    xp = x.xp
    if reduce not in ("sum", "prod", "mean", "amax", "amin"):
        raise ValueError(f"scatter_reduce: reduce must be 'sum', 'prod', 'mean', 'amax' or 'amin', got {reduce!r}")
    if not include_self:
        neutral = {"sum": 0, "mean": 0, "prod": 1}.get(reduce)
        if neutral is None:
            neutral = lowest(d) if reduce == "amax" else highest(d)
        x = _scattered("scatter_reduce", Scatter(axis), x, wrap(xp.full((), neutral, d), xp), index)
    if reduce == "prod":
        made = _scattered("scatter_reduce", ScatterProd(axis), x, src, index)
    elif reduce in ("amax", "amin"):
        made = _scattered("scatter_reduce", ScatterExtreme(axis, reduce == "amax"), x, src, index)
    else:
        made = _scattered("scatter_reduce", ScatterAdd(axis), x, src, index)
        if reduce == "mean":
            xp = index.xp
            start = xp.full(x.array.shape, int(include_self), d)
            ones = xp.full((), 1, d)
            count = xp.maximum(xp.scatter_add(start, index.array, ones, axis), ones)
            made = made.div(wrap(count, xp), rounding_mode="floor") if d.kind in "biu" else made / wrap(count, xp)
    result = _back(input, made)
    return result if out is None else into("scatter_reduce", out, result, exact=True)


def lowest(d: Any) -> Any:
    """The value of dtype d that no other is smaller than."""
    if d.kind in "biu":
        return _limits(d)[0]
    return -float("inf")


def highest(d: Any) -> Any:
    """The value of dtype d that no other is larger than."""
    if d.kind in "biu":
        return _limits(d)[1]
    return float("inf")


def _limits(d: Any) -> tuple[int, int]:
    bits = 8 * d.itemsize
    if d.kind == "b":
        return 0, 1
    return (0, 2**bits - 1) if d.kind == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _arguments(name: str, input: Any, dim: Any, index: Any) -> int:
    a = array_of(name, input)
    array_of(name, index, "index")
    axis = one_dim(name, dim, a.ndim, a.shape)
    check_index_dtype(name, index)
    return axis


def _check_shapes(name: str, x: Any, axis: int, index: Any, src: Any = None) -> None:
    shape, places = x.array.shape, index.array.shape
    if len(shape) != len(places):
        raise ShapeError(
            f"{name}: index needs as many dims as input, got shapes {tuple(places)} and {tuple(shape)}; "
            "reshape or expand the index"
        )
    for k, (n, m) in enumerate(zip(shape, places, strict=True)):
        if k != axis and m > n:
            raise ShapeError(
                f"{name}: index of shape {tuple(places)} is larger than input of shape {tuple(shape)} in dim {k}; "
                f"only dim {axis} may be"
            )
    if src is None or not src.array.ndim:
        return
    if len(src.array.shape) != len(places):
        raise ShapeError(
            f"{name}: src needs as many dims as index, got shapes {tuple(src.array.shape)} and {tuple(places)}"
        )
    if any([m > n for n, m in zip(src.array.shape, places, strict=True)]):
        raise ShapeError(f"{name}: index of shape {tuple(places)} is larger than src of shape {tuple(src.array.shape)}")


def _scatter_arguments(name: str, input: Any, dim: Any, index: Any, src: Any, value: Any) -> tuple[int, Any, Any, Any]:
    """axis, and input, src and index with at least one dim; src no larger than index, or 0-d for a number."""
    axis = _arguments(name, input, dim, index)
    if (src is None) == (value is None):
        raise TypeError(f"{name}: exactly one of src and value must be given")
    x, flat = input, not input.array.ndim
    if flat:
        x = input.reshape(1)
    if not index.array.ndim and x.array.ndim == 1:
        index = index.reshape(1)
        if isinstance(src, _apply.Tensor) and not src.array.ndim:
            src = src.reshape(1)
    if src is None:
        if isinstance(value, _apply.Tensor):
            if value.array.ndim:
                raise TypeError(
                    f"{name}: value must be a number or a 0-d Tensor, got {describe(value)}; pass it as src"
                )
            value = value.item()
        src = value
    if isinstance(src, _apply.Tensor):
        check_same_dtype(name, "src", src, x)
        if not src.array.ndim:
            if not flat:
                raise ShapeError(
                    f"{name}: src needs as many dims as index, got a 0-d tensor; pass a number with .item()"
                )
            src = src.reshape(1)
        _check_shapes(name, x, axis, index, src)
        if tuple(src.array.shape) != tuple(index.array.shape):
            src = getitem(src, tuple([slice(0, n) for n in index.array.shape]))
    else:
        if not isinstance(src, (bool, int, float, complex)):
            raise TypeError(f"{name}: src must be a Tensor or a number, got {describe(src)}")
        _check_shapes(name, x, axis, index)
        src = wrap(x.xp.from_host(number_in(name, x, src)), x.xp)
    return axis, x, src, index


def _scatter_primitive(name: str, axis: int, reduce: str | None) -> Primitive:
    if reduce is None:
        return Scatter(axis)
    if reduce == "add":
        return ScatterAdd(axis)
    raise ValueError(f"{name}: reduce must be 'add' or 'multiply', got {reduce!r}")


def _scattered(name: str, prim: Any, x: Any, src: Any, index: Any) -> Any:
    try:
        return apply3(prim, x, src, index)
    except (IndexError, ShapeError) as error:
        raise out_of_range(name, x, (prim.axis,), index, 0) or error from None


def _scatter_in_place(name: str, prim: Any, x: Any, src: Any, index: Any) -> Any:
    try:
        return write(x, prim, src, index)
    except (IndexError, ShapeError) as error:
        raise out_of_range(name, x, (prim.axis,), index, 0) or error from None


def _full(src: Any, index: Any) -> Any:
    return src if src.array.ndim else src.expand(tuple(index.array.shape))


def _back(input: Any, out: Any) -> Any:
    return out if input.array.ndim else out.reshape(())


class GatheringMethods:
    """Gathering and scattering along a dim of a tensor."""

    __slots__ = ()

    def gather(
        self, dim: int = NEEDED, index: Tensor = NEEDED, *, sparse_grad: bool = False, axis: int | None = None
    ) -> Tensor:
        """See `gputensor.gather`."""
        return gather(self, dim, index, sparse_grad=sparse_grad, axis=axis)  # type: ignore[arg-type]

    def take_along_dim(self, indices: Tensor, dim: int | None = None, *, axis: int | None = None) -> Tensor:
        """See `gputensor.take_along_dim`."""
        return take_along_dim(self, indices, dim, axis=axis)  # type: ignore[arg-type]

    def scatter(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        src: Tensor | Number | None = None,
        *,
        value: Number | None = None,
        reduce: str | None = None,
        axis: int | None = None,
    ) -> Tensor:
        """See `gputensor.scatter`."""
        return scatter(self, dim, index, src, value=value, reduce=reduce, axis=axis)  # type: ignore[arg-type]

    def scatter_(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        src: Tensor | Number | None = None,
        *,
        value: Number | None = None,
        reduce: str | None = None,
        axis: int | None = None,
    ) -> Tensor:
        """`scatter` in place."""
        if axis is not None:
            dim = numpy_dim("scatter_", dim, axis)
        if reduce == "multiply":
            return rewrite(self, scatter, dim, index, src, value=value, reduce=reduce)
        axis, x, src, index = _scatter_arguments("scatter_", self, dim, index, src, value)
        _scatter_in_place("scatter_", _scatter_primitive("scatter_", axis, reduce), x, src, index)
        return self  # type: ignore[return-value]

    def scatter_add(
        self, dim: int = NEEDED, index: Tensor = NEEDED, src: Tensor = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """See `gputensor.scatter_add`."""
        return scatter_add(self, dim, index, src, axis=axis)  # type: ignore[arg-type]

    def scatter_add_(
        self, dim: int = NEEDED, index: Tensor = NEEDED, src: Tensor = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """`scatter_add` in place."""
        if axis is not None:
            dim = numpy_dim("scatter_add_", dim, axis)
        array_of("scatter_add_", src, "src")
        axis, x, src, index = _scatter_arguments("scatter_add_", self, dim, index, src, None)
        _scatter_in_place("scatter_add_", ScatterAdd(axis), x, src, index)
        return self  # type: ignore[return-value]

    def scatter_reduce(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        src: Tensor = NEEDED,
        reduce: str = NEEDED,
        *,
        include_self: bool = True,
        axis: int | None = None,
    ) -> Tensor:
        """See `gputensor.scatter_reduce`."""
        return scatter_reduce(self, dim, index, src, reduce, include_self=include_self, axis=axis)  # type: ignore[arg-type]

    def scatter_reduce_(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        src: Tensor = NEEDED,
        reduce: str = NEEDED,
        *,
        include_self: bool = True,
        axis: int | None = None,
    ) -> Tensor:
        """`scatter_reduce` in place."""
        if axis is not None:
            dim = numpy_dim("scatter_reduce_", dim, axis)
        return rewrite(self, scatter_reduce, dim, index, src, reduce, include_self=include_self)
