"""Slices along a dim selected, added, copied and filled by a vector of indices; flat places; masked_fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import apply3, applyn, cast, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, describe, dtype_name, everywhere, explain
from gputensor.core.history import node_of
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BOOL
from gputensor.core.writes import write
from gputensor.errors import DtypeError, GradError, ShapeError
from gputensor.ops.dims import NEEDED, DimError, array_of, numpy_dim, one_dim
from gputensor.ops.gathering import Scatter, ScatterAdd, scatter_reduce
from gputensor.ops.index_arguments import ALL, check_index_dtype, check_same_dtype, number_in, out_of_range
from gputensor.ops.indexing import gather_places, put_places, refused
from gputensor.ops.operands import Number, rewrite
from gputensor.ops.out_argument import into
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class IndexSelect(Primitive):
    """Whole slices along one axis; 0 <= i < size."""

    __slots__ = ("axis",)
    saves = ("i",)

    def __init__(self, axis: int) -> None:
        self.axis = axis

    def forward(self, xp: Any, x: Any, i: Any) -> Any:
        return xp.take(x, i, self.axis)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, i: Any) -> Any:
        return xp.index_add(g, x.shape, (*(ALL,) * self.axis, i))


class MaskedFill(Primitive):
    """v where the mask m is true, else x; v is 0-d."""

    __slots__ = ()
    saves = ("m",)

    def forward(self, xp: Any, x: Any, v: Any, m: Any) -> Any:
        return xp.where(m, v, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any, m: Any) -> Any:
        return xp.where(m, 0, g)

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any, m: Any) -> Any:
        return xp.where(m, g, 0)

    def into(self, xp: Any, out: Any, x: Any, v: Any, m: Any) -> None:
        xp.index_write(out, (xp.broadcast_to(m, out.shape),), v)


MASKED_FILL = MaskedFill()


def index_select(
    input: Tensor, dim: int = NEEDED, index: Tensor = NEEDED, *, axis: int | None = None, out: Tensor | None = None
) -> Tensor:
    """The slices along dim that index names, a copy.

    input: (..., n, ...), index: (m,), int64 or int32, 0 <= index < n -> (..., m, ...). Raises DimError where index has
    several dims, IndexError for an index out of range (negative ones too), DtypeError for another index dtype.

    >>> import gputensor as gt
    >>> gt.index_select(gt.tensor([[1, 2, 3], [4, 5, 6]]), 1, gt.tensor([2, 0]))
    tensor([[3, 1],
            [6, 4]])
    """
    if axis is not None:
        dim = numpy_dim("index_select", dim, axis)
    axis, index = _vector("index_select", input, dim, index)
    flat = not input.array.ndim
    x = input.reshape(1) if flat else input
    try:
        made = applyn(IndexSelect(axis), (x, index))
    except (IndexError, ShapeError) as error:
        raise out_of_range("index_select", x, (axis,), index, 0) or error from None
    result = made.reshape(()) if flat and made.array.size == 1 else made
    return result if out is None else into("index_select", out, result, reads=(input, index), exact=True)


def index_add(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    source: Tensor = NEEDED,
    *,
    alpha: Number = 1,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of input with alpha times the slices of source added to the slices along dim that index names; repeats add
    up.

    input: (..., n, ...), index: (m,), int64 or int32, 0 <= index < n, source: (..., m, ...), of input's dtype, which
    alpha is brought to, too. float16 and bfloat16 are added up in float32. Raises ShapeError when the shapes do not
    fit, IndexError for an index out of range, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.index_add(gt.zeros(3), 0, gt.tensor([0, 0, 2]), gt.tensor([1.0, 2.0, 3.0]))
    tensor([3., 0., 3.])
    """
    if axis is not None:
        dim = numpy_dim("index_add", dim, axis)
    axis, places, source = _slices("index_add", input, dim, index, source, alpha)
    result = _scattered("index_add", ScatterAdd(axis), input, source, places)
    return result if out is None else into("index_add", out, result, exact=True)


@autocasts("index_copy")
def index_copy(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    source: Tensor = NEEDED,
    *,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of input with the slices along dim that index names replaced by those of source.

    Arguments and errors as `index_add`; which of several slices a repeated index gets is not defined.
    Unlike torch: int32 indices are taken.

    >>> import gputensor as gt
    >>> gt.index_copy(gt.zeros(3), 0, gt.tensor([2, 0]), gt.tensor([1.0, 2.0]))
    tensor([2., 0., 1.])
    """
    if axis is not None:
        dim = numpy_dim("index_copy", dim, axis)
    axis, places, source = _slices("index_copy", input, dim, index, source)
    result = _scattered("index_copy", Scatter(axis), input, source, places)
    return result if out is None else into("index_copy", out, result, exact=True)


def index_reduce(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    source: Tensor = NEEDED,
    reduce: str = NEEDED,
    *,
    include_self: bool = True,
    axis: int | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """A copy of input in which each slice along dim that index names is reduced with the slices of source sent to it.

    reduce: "prod", "mean", "amax" or "amin". include_self: the slice that is there takes part. Other arguments and
    errors as in `index_add`; ValueError for another reduce. Unlike torch: in the gradients of amax and amin without
    include_self the slice that is there is no tie, either.

    >>> import gputensor as gt
    >>> gt.index_reduce(gt.ones(2), 0, gt.tensor([0, 0]), gt.tensor([3.0, 5.0]), "prod")
    tensor([15.,  1.])
    """
    if axis is not None:
        dim = numpy_dim("index_reduce", dim, axis)
    if reduce not in ("prod", "mean", "amax", "amin"):
        raise ValueError(f"index_reduce: reduce must be 'prod', 'mean', 'amax' or 'amin', got {reduce!r}")
    axis, places, source = _slices("index_reduce", input, dim, index, source)
    x = input if input.array.ndim else input.reshape(1)
    result = scatter_reduce(x, axis, places, source, reduce, include_self=include_self)
    result = result if input.array.ndim else result.reshape(())
    return result if out is None else into("index_reduce", out, result, exact=True)


def index_fill(
    input: Tensor,
    dim: int = NEEDED,
    index: Tensor = NEEDED,
    value: Tensor | Number = NEEDED,
    *,
    axis: int | None = None,
) -> Tensor:
    """A copy of input with the slices along dim that index names filled with a number or a 0-d tensor.

    index: (m,), int64 or int32, -n <= index < n. Raises ShapeError for a value with dims, and as `index_select`.
    Unlike torch: int32 indices are taken.

    >>> import gputensor as gt
    >>> gt.index_fill(gt.zeros(2, 3), 1, gt.tensor([0, -1]), 7)
    tensor([[7., 0., 7.],
            [7., 0., 7.]])
    """
    if axis is not None:
        dim = numpy_dim("index_fill", dim, axis)
    axis, places, value = _fill_arguments("index_fill", input, dim, index, value)
    return _scattered("index_fill", Scatter(axis), input, value, places)


def take(input: Tensor, index: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The elements of input, seen as one row, at the places that index names; the result has index's shape.

    index: int64 or int32, negative ones count from the end. Raises IndexError for an index out of range, DtypeError for
    another index dtype.
    Unlike torch: int32 indices are taken.

    >>> import gputensor as gt
    >>> gt.take(gt.tensor([[4, 3], [2, 1]]), gt.tensor([0, -1]))
    tensor([4, 1])
    """
    array_of("take", input)
    array_of("take", index, "index")
    check_index_dtype("take", index)
    flat = input.reshape(-1)
    i = index if index.array.ndim else index.reshape(1)
    try:
        made = gather_places(flat, (0,), i)
    except IndexError:
        raise out_of_range("take", flat, (0,), i) from None  # type: ignore[misc]  # None only where the index is within
    result = made if index.array.ndim else made.reshape(())
    return result if out is None else into("take", out, result, reads=(input, index), exact=True)


def put(input: Tensor, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
    """A copy of input in which the elements at the flat places that index names are those of source.

    index: int64 or int32, negative ones count from the end; source: as many elements, of input's dtype. accumulate: add
    instead, repeats adding up. Raises IndexError for an index out of range, ShapeError for another number of elements,
    DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.put(gt.zeros(2, 2), gt.tensor([0, 3]), gt.tensor([1.0, 2.0]))
    tensor([[1., 0.],
            [0., 2.]])
    """
    array_of("put", input)
    array_of("put", index, "index")
    array_of("put", source, "source")
    out = input.clone()
    if "batch" in (index.xp.library, source.xp.library):
        # inside vmap: a copy that has an entry for each example
        out, index, source = together("put", (out, index, source))
        out = out.new_zeros(out.shape).copy_(out)
    return out.put_(index, source, accumulate)


def masked_fill(input: Tensor, mask: Tensor, value: Tensor | Number) -> Tensor:
    """input with value wherever mask is true, in input's dtype.

    mask: bool, broadcasts with input. value: a number or a 0-d tensor. Raises DtypeError for a mask of another dtype or
    a value that input's dtype cannot hold, ShapeError for a value with dims or a mask that does not broadcast.

    >>> import gputensor as gt
    >>> gt.masked_fill(gt.tensor([1.0, 2.0, 3.0]), gt.tensor([True, False, True]), 0.0)
    tensor([0., 2., 0.])
    """
    value = _mask_arguments("masked_fill", input, mask, value)
    try:
        return apply3(MASKED_FILL, input, value, mask)
    except ShapeError as error:
        raise explain("masked_fill", (input, mask), ValueError(error)) from None


def _vector(name: str, input: Any, dim: Any, index: Any) -> tuple[int, Any]:
    """axis, and index as a vector."""
    a = array_of(name, input)
    i = array_of(name, index, "index")
    axis = one_dim(name, dim, a.ndim, a.shape)
    check_index_dtype(name, index)
    if i.ndim > 1:
        raise DimError(f"{name}: index must be a vector, got shape {tuple(i.shape)}; use .reshape(-1)")
    return axis, index if i.ndim else index.reshape(1)


def _along(index: Any, axis: int, shape: tuple[int, ...]) -> Any:
    """A vector of indices repeated to `shape`, a view."""
    return (
        index.reshape((1,) * axis + (-1,) + (1,) * (len(shape) - axis - 1)).expand(shape) if len(shape) > 1 else index
    )


def _slices(name: str, input: Any, dim: Any, index: Any, source: Any, alpha: Any = 1) -> tuple[int, Any, Any]:
    axis, index = _vector(name, input, dim, index)
    s = array_of(name, source, "source")
    a = input.array
    check_same_dtype(name, "source", source, input)
    if name.startswith("index_copy") and not a.ndim and s.size == 1:
        source = source.reshape(())
        s = source.array
    if s.ndim != a.ndim:
        raise DimError(f"{name}: source needs as many dims as input, got shapes {tuple(s.shape)} and {tuple(a.shape)}")
    want = (*a.shape[:axis], index.array.shape[0], *a.shape[axis + 1 :]) if a.ndim else ()
    if tuple(s.shape) != want:
        raise ShapeError(
            f"{name}: source must have input's shape, but for dim {axis} as many slices as index has entries: "
            f"{want}, got {tuple(s.shape)}"
        )
    if alpha != 1:
        check_number(name, "alpha", alpha)
        # in the dtype before the product, as PyTorch: a fraction is cut off for integers
        source = cast(source * wrap(source.xp.asarray(number_in(name, input, alpha)), source.xp), a.dtype)
    if not a.ndim:
        source = source.reshape(1)
    return axis, _along(index, axis, tuple(source.array.shape)), source


def _from_start(xp: Any, i: Any, n: int) -> Any:
    """Indices of which negative ones count from the end, all counted from the start."""
    return xp.where(xp.less(i, 0), xp.add(i, n), i)


def _fill_arguments(name: str, input: Any, dim: Any, index: Any, value: Any) -> tuple[int, Any, Any]:
    axis, index = _vector(name, input, dim, index)
    n = input.array.shape[axis] if input.array.ndim else 1
    i = index.array
    if input.array.dtype.kind != "c" and (
        value.array.dtype.kind == "c" if isinstance(value, _apply.Tensor) else isinstance(value, complex)
    ):
        raise DtypeError(f"{name}: a complex value does not fit into {describe(input)}; take its .real first")
    value = _scalar(name, input, value)
    once = None
    if node_of(value) is not None and i.size:
        # a place that is named twice is filled once, and counts once in the gradient
        if index.xp.library == "batch":  # how many different ones there are may differ by example
            once = _first_of_each(index.xp, _from_start(index.xp, i, n))
            value = where(wrap(once, index.xp), value, value.detach())
        else:
            i = index.xp.unique(_from_start(index.xp, i, n))[0]
    wrapped = wrap(_from_start(index.xp, i, n), index.xp) if i.size else index
    shape = list(input.array.shape) or [1]
    shape[axis] = i.shape[0]
    value = value if once is None else _along(value, axis, tuple(shape))
    return axis, _along(wrapped, axis, tuple(shape)), value


def _first_of_each(xp: Any, i: Any) -> Any:
    """Which elements of a vector have no equal before them."""
    order = xp.argsort(i, 0, False)
    ordered = xp.take(i, order, 0)
    differs = xp.not_equal(xp.getitem(ordered, (slice(1, None),)), xp.getitem(ordered, (slice(0, -1),)))
    return xp.scatter(xp.zeros(i.shape, BOOL), order, xp.concat([xp.ones((1,), BOOL), differs], 0), 0)


def _scalar(name: str, x: Any, value: Any) -> Any:
    """A number or 0-d tensor as a 0-d tensor of x's dtype and device."""
    if not isinstance(value, _apply.Tensor):
        if not isinstance(value, (bool, int, float, complex)):
            raise TypeError(f"{name}: value must be a number or a 0-d Tensor, got {describe(value)}")
        return wrap(x.xp.from_host(number_in(name, x, value)), x.xp)
    if value.array.ndim:
        raise ShapeError(f"{name}: value must be a number or a 0-d tensor, got shape {tuple(value.array.shape)}")
    if value.xp is not x.xp:
        from_cpu = value.xp.device_type == "cpu" != x.xp.device_type
        value = value.to(x.device) if from_cpu else together(name, (x, value))[1]
    if value.array.dtype.kind == "c" and x.array.dtype.kind != "c":
        return wrap(x.xp.from_host(number_in(name, x, value.item())), x.xp)
    return cast(value, x.array.dtype)


def _mask_arguments(name: str, input: Any, mask: Any, value: Any) -> Any:
    array_of(name, input)
    m = array_of(name, mask, "mask")
    if m.dtype is not BOOL and m.dtype != BOOL:
        raise DtypeError(f"{name}: mask must be bool, got {dtype_name(m.dtype)}; convert it with .bool()")
    return _scalar(name, input, value)


def _scattered(name: str, prim: Any, input: Any, source: Any, places: Any) -> Any:
    x = input if input.array.ndim else input.reshape(1)
    try:
        out = apply3(prim, x, source, places)
    except (IndexError, ShapeError) as error:
        raise out_of_range(name, x, (prim.axis,), places, 0) or error from None
    return out if input.array.ndim else out.reshape(())


def _write(name: str, prim: Any, x: Any, source: Any, places: Any) -> Any:
    target = x if x.array.ndim else x.reshape(1)
    try:
        write(target, prim, source, places)
    except (IndexError, ShapeError) as error:
        raise out_of_range(name, target, (prim.axis,), places, 0) or error from None
    except GradError as error:
        raise refused(name, target, source, error) from None
    return x


class IndexFunctionMethods:
    """Selecting and writing slices and elements of a tensor by index."""

    __slots__ = ()
    array: Any

    def index_select(self, dim: int = NEEDED, index: Tensor = NEEDED, *, axis: int | None = None) -> Tensor:
        """See `gputensor.index_select`."""
        return index_select(self, dim, index, axis=axis)  # type: ignore[arg-type]

    def index_add(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        source: Tensor = NEEDED,
        *,
        alpha: Number = 1,
        axis: int | None = None,
    ) -> Tensor:
        """See `gputensor.index_add`."""
        return index_add(self, dim, index, source, alpha=alpha, axis=axis)  # type: ignore[arg-type]

    def index_add_(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        source: Tensor = NEEDED,
        *,
        alpha: Number = 1,
        axis: int | None = None,
    ) -> Tensor:
        """`index_add` in place."""
        if axis is not None:
            dim = numpy_dim("index_add_", dim, axis)
        axis, places, source = _slices("index_add_", self, dim, index, source, alpha)
        return _write("index_add_", ScatterAdd(axis), self, source, places)

    def index_copy(
        self, dim: int = NEEDED, index: Tensor = NEEDED, source: Tensor = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """See `gputensor.index_copy`."""
        return index_copy(self, dim, index, source, axis=axis)  # type: ignore[arg-type]

    def index_copy_(
        self, dim: int = NEEDED, index: Tensor = NEEDED, source: Tensor = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """`index_copy` in place."""
        if axis is not None:
            dim = numpy_dim("index_copy_", dim, axis)
        axis, places, source = _slices("index_copy_", self, dim, index, source)
        return _write("index_copy_", Scatter(axis), self, source, places)

    def index_reduce(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        source: Tensor = NEEDED,
        reduce: str = NEEDED,
        *,
        include_self: bool = True,
        axis: int | None = None,
    ) -> Tensor:
        """See `gputensor.index_reduce`."""
        return index_reduce(self, dim, index, source, reduce, include_self=include_self, axis=axis)  # type: ignore[arg-type]

    def index_reduce_(
        self,
        dim: int = NEEDED,
        index: Tensor = NEEDED,
        source: Tensor = NEEDED,
        reduce: str = NEEDED,
        *,
        include_self: bool = True,
        axis: int | None = None,
    ) -> Tensor:
        """`index_reduce` in place."""
        if axis is not None:
            dim = numpy_dim("index_reduce_", dim, axis)
        return rewrite(self, index_reduce, dim, index, source, reduce, include_self=include_self)

    def index_fill(
        self, dim: int = NEEDED, index: Tensor = NEEDED, value: Tensor | Number = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """See `gputensor.index_fill`."""
        return index_fill(self, dim, index, value, axis=axis)  # type: ignore[arg-type]

    def index_fill_(
        self, dim: int = NEEDED, index: Tensor = NEEDED, value: Tensor | Number = NEEDED, *, axis: int | None = None
    ) -> Tensor:
        """`index_fill` in place. Unlike torch: refuses expanded tensors (GradError)."""
        if axis is not None:
            dim = numpy_dim("index_fill_", dim, axis)
        axis, places, value = _fill_arguments("index_fill_", self, dim, index, value)
        return _write("index_fill_", Scatter(axis), self, value, places)

    def take(self, index: Tensor) -> Tensor:
        """See `gputensor.take`."""
        return take(self, index)  # type: ignore[arg-type]

    def put(self, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
        """See `gputensor.put`."""
        return put(self, index, source, accumulate)  # type: ignore[arg-type]

    def put_(self, index: Tensor, source: Tensor, accumulate: bool = False) -> Tensor:
        """`put` in place."""
        s = array_of("put_", source, "source")
        i = array_of("put_", index, "index")
        check_index_dtype("put_", index)
        a = self.array
        check_same_dtype("put_", "source", source, self)
        if s.size != i.size:
            raise ShapeError(f"put_: source and index need as many elements, got {s.size} and {i.size}")
        flat: Any = self.reshape(-1)  # type: ignore[attr-defined]
        xp = index.xp
        if i.size and not everywhere(xp, xp.logical_and(xp.greater_equal(i, -a.size), xp.less(i, a.size))):
            raise out_of_range("put_", flat, (0,), index.reshape(-1))  # type: ignore[misc]  # None only where the index is within
        if flat._parent is not None or flat is self:
            put_places(flat, (0,), index.reshape(-1), source.reshape(-1), accumulate, "put_")
            return self  # type: ignore[return-value]
        # not contiguous: the flat place as one index a dim
        xp = index.xp
        rest = xp.reshape(_from_start(xp, i, a.size), (-1,))
        along = []
        for n in reversed(a.shape):
            along.append(xp.remainder(rest, n))
            rest = xp.floor_divide(rest, n)
        places = wrap(xp.stack(along[::-1], 0), xp)
        dims = tuple(range(a.ndim))
        put_places(self, dims, places if a.ndim > 1 else places[0], source.reshape(-1), accumulate, "put_")
        return self  # type: ignore[return-value]

    def masked_fill(self, mask: Tensor, value: Tensor | Number) -> Tensor:
        """See `gputensor.masked_fill`."""
        return masked_fill(self, mask, value)  # type: ignore[arg-type]

    def masked_fill_(self, mask: Tensor, value: Tensor | Number) -> Tensor:
        """`masked_fill` in place; mask broadcasts to this tensor. Unlike torch: refuses expanded tensors."""
        value = _mask_arguments("masked_fill_", self, mask, value)
        shape, have = tuple(self.array.shape), tuple(mask.array.shape)
        if len(have) > len(shape) or any(
            [n not in (1, s) for n, s in zip(reversed(have), reversed(shape), strict=False)]
        ):
            raise ShapeError(f"masked_fill_: mask of shape {have} does not broadcast to this tensor's shape {shape}")
        return write(self, MASKED_FILL, value, mask)
