"""Orders of dims: permutations and transposes. All of them are views."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import new
from gputensor.core.primitive import Primitive
from gputensor.core.restructure import restructure
from gputensor.core.views import as_view
from gputensor.errors import ShapeError
from gputensor.ops.dims import checked, listed, one_dim, spread

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Permute(Primitive):
    __slots__ = ("axes",)
    view = True

    def __init__(self, axes: tuple[int, ...]) -> None:
        self.axes = axes

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.permute_dims(x, self.axes)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        back = [0] * len(self.axes)
        for k, axis in enumerate(self.axes):
            back[axis] = k
        return xp.permute_dims(g, tuple(back))


class Transpose(Permute):
    """Two dims swapped, under PyTorch's name of the backward step."""

    __slots__ = ()
    name = "transpose"

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.permute_dims(g, self.axes)


class T(Transpose):
    __slots__ = ()
    name = "t"


SWAP_LAST, SAME_0, SAME_1 = T((1, 0)), T(()), T((0,))


def permute(input: Tensor, dims: Sequence[int]) -> Tensor:
    """The dims in another order, a view.

    dims names every dim once. Raises ShapeError otherwise, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.permute(gt.zeros(2, 3, 4), (2, 0, 1)).shape
    gputensor.Size([4, 2, 3])
    """
    return _permuted(checked("permute", input), listed("permute", "dims", dims))


def transpose(input: Tensor, dim0: Any = None, dim1: Any = None, *, axes: Sequence[int] | None = None) -> Tensor:
    """Two dims swapped, a view; with NumPy's axes, a sequence of all dims, in that order, as `permute`.

    Raises DimError (an IndexError) for a dim out of range, TypeError without two dims or axes.

    >>> import gputensor as gt
    >>> gt.transpose(gt.zeros(2, 3), 0, 1).shape
    gputensor.Size([3, 2])
    """
    if axes is not None:
        return permute(input, axes)
    if dim1 is None and isinstance(dim0, (tuple, list)):
        return permute(input, dim0)
    if dim0 is None or dim1 is None:
        raise TypeError("transpose: give the two dims to swap, or axes= with all dims in their new order")
    prim = _swap("transpose", checked("transpose", input), dim0, dim1)
    return as_view(prim, input, input.xp.permute_dims(input.array, prim.axes))


def swapaxes(input: Tensor, axis0: int, axis1: int) -> Tensor:
    """`transpose` under NumPy's name.

    >>> import gputensor as gt
    >>> gt.swapaxes(gt.zeros(2, 3), 0, 1).shape
    gputensor.Size([3, 2])
    """
    return transpose(input, axis0, axis1)


def swapdims(input: Tensor, dim0: int, dim1: int) -> Tensor:
    """`transpose` under another name.

    >>> import gputensor as gt
    >>> gt.swapdims(gt.zeros(2, 3), 0, 1).shape
    gputensor.Size([3, 2])
    """
    return transpose(input, dim0, dim1)


def t(input: Tensor) -> Tensor:
    """The transpose of a matrix, a view; vectors and 0-d tensors are unchanged.

    Raises ShapeError for more than two dims.

    >>> import gputensor as gt
    >>> gt.t(gt.zeros(2, 3)).shape
    gputensor.Size([3, 2])
    """
    prim = _flat("t", checked("t", input))
    return as_view(prim, input, input.xp.permute_dims(input.array, prim.axes))


def movedim(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Some dims moved to other places, the rest in their order; a view.

    Raises ShapeError unless source and destination are as many and name no dim twice, DimError (an IndexError) for a
    dim out of range.

    >>> import gputensor as gt
    >>> gt.movedim(gt.zeros(2, 3, 4), 0, -1).shape
    gputensor.Size([3, 4, 2])
    """
    shape = checked("movedim", input).array.shape
    ndim = len(shape)
    given = [tuple(d) if isinstance(d, (tuple, list)) else (d,) for d in (source, destination)]
    froms, tos = [tuple([one_dim("movedim", k, ndim, shape) for k in d]) for d in given]
    if len(froms) != len(tos):
        raise ShapeError(f"movedim: source {given[0]} and destination {given[1]} must name equally many dims")
    for name, dims in (("source", froms), ("destination", tos)):
        if len(set(dims)) != len(dims):
            raise ShapeError(f"movedim: {name} {dims} names one dim twice")
    rest = iter([k for k in range(ndim) if k not in froms])
    placed = dict(zip(tos, froms, strict=True))
    return _permuted(input, tuple([placed[k] if k in placed else next(rest) for k in range(ndim)]))


def moveaxis(input: Tensor, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """`movedim` under NumPy's name.

    >>> import gputensor as gt
    >>> gt.moveaxis(gt.zeros(2, 3, 4), 0, -1).shape
    gputensor.Size([3, 4, 2])
    """
    return movedim(input, source, destination)


def adjoint(input: Tensor) -> Tensor:
    """The conjugate transposes of matrices: the last two dims swapped and conjugated; a view for real numbers.

    input: (..., n, m) -> (..., m, n). Raises ShapeError for one dim.

    >>> import gputensor as gt
    >>> gt.adjoint(gt.tensor([[1, 1j]]))
    tensor([[1.-0.j],
            [0.-1.j]])
    """
    out = _matrix_transpose("adjoint", checked("adjoint", input))
    return out.conj() if out.array.dtype.kind == "c" else out


def _permuted(x: Any, dims: tuple[Any, ...]) -> Any:
    a = x.array
    try:
        if dims and min(dims) < 0:
            dims = tuple([one_dim("permute", d, a.ndim, a.shape) for d in dims])
        out = x.xp.permute_dims(a, dims)
    except Exception as error:
        raise _order_error(a, dims, error) from None
    if len(dims) != a.ndim:  # NumPy reverses the dims when none are named
        raise _order_error(a, dims, ValueError())
    prim = new(Permute)
    prim.axes = dims
    return as_view(prim, x, out)


def _order_error(a: Any, dims: tuple[Any, ...], error: Exception) -> Exception:
    shape = tuple(a.shape)
    if isinstance(error, ShapeError):
        return error
    if len(dims) == a.ndim:
        canonical = [one_dim("permute", d, a.ndim, shape) for d in dims]
        if len(set(canonical)) == a.ndim:
            return error
    return ShapeError(f"permute: dims {dims} must name each of the {a.ndim} dims of x of shape {shape} exactly once")


def _swap(name: str, x: Any, dim0: Any, dim1: Any) -> Any:
    shape = x.array.shape
    axes = list(range(len(shape)))
    try:
        axes[dim0], axes[dim1] = axes[dim1], axes[dim0]
    except (IndexError, TypeError):
        # the errors in our words, ints of other libraries, and 0-d tensors, whose one dim is 0 or -1
        i, j = one_dim(name, dim0, len(shape), shape), one_dim(name, dim1, len(shape), shape)
        if axes:
            axes[i], axes[j] = axes[j], axes[i]
    prim = new(Transpose)
    prim.axes = tuple(axes)
    return prim


def _flat(name: str, x: Any) -> Any:
    n = x.array.ndim
    if n == 2:
        return SWAP_LAST
    if n > 2:
        raise ShapeError(
            f"{name}: expected at most 2 dims, got x of shape {tuple(x.array.shape)}; use .mT or transpose(-2, -1)"
        )
    return SAME_1 if n else SAME_0


def _matrix_transpose(name: str, x: Any) -> Any:
    n = x.array.ndim
    if n == 2:
        return as_view(SWAP_LAST, x, x.xp.permute_dims(x.array, (1, 0)))
    if n == 1:
        raise ShapeError(
            f"{name}: expected matrices, got x of shape {tuple(x.array.shape)}; use unsqueeze() to make it one"
        )
    return transpose(x, -2, -1) if n else x


class AxesMethods:
    """The orders of a tensor's dims."""

    __slots__ = ()
    array: Any
    xp: Any

    def permute(self, *order: Any, dims: Any = None) -> Tensor:
        """See `gputensor.permute`; the dims may be given as ints, too."""
        if dims is not None or not order or type(order[0]) is not int:
            order = spread("permute", "dims", order, dims)
        return _permuted(self, order)

    def transpose(self, dim0: int, dim1: int) -> Tensor:
        """See `gputensor.transpose`."""
        prim = _swap("transpose", self, dim0, dim1)
        return as_view(prim, self, self.xp.permute_dims(self.array, prim.axes))

    def transpose_(self, dim0: int, dim1: int) -> Tensor:
        """`transpose` in place: this tensor itself gets the other order."""
        return restructure(self, _swap("transpose_", self, dim0, dim1))

    def swapaxes(self, axis0: int, axis1: int) -> Tensor:
        """See `gputensor.swapaxes`."""
        return transpose(self, axis0, axis1)  # type: ignore[arg-type]

    def swapaxes_(self, axis0: int, axis1: int) -> Tensor:
        """`swapaxes` in place: this tensor itself gets the other order."""
        return restructure(self, _swap("swapaxes_", self, axis0, axis1))

    def swapdims(self, dim0: int, dim1: int) -> Tensor:
        """See `gputensor.swapdims`."""
        return transpose(self, dim0, dim1)  # type: ignore[arg-type]

    def swapdims_(self, dim0: int, dim1: int) -> Tensor:
        """`swapdims` in place: this tensor itself gets the other order."""
        return restructure(self, _swap("swapdims_", self, dim0, dim1))

    def t(self) -> Tensor:
        """See `gputensor.t`."""
        return t(self)  # type: ignore[arg-type]

    def t_(self) -> Tensor:
        """`t` in place: this tensor itself is transposed."""
        return restructure(self, _flat("t_", self))

    def movedim(self, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
        """See `gputensor.movedim`."""
        return movedim(self, source, destination)  # type: ignore[arg-type]

    def moveaxis(self, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
        """See `gputensor.moveaxis`."""
        return movedim(self, source, destination)  # type: ignore[arg-type]

    def adjoint(self) -> Tensor:
        """See `gputensor.adjoint`."""
        return adjoint(self)  # type: ignore[arg-type]

    @property
    def T(self) -> Tensor:
        """All dims in reverse order, a view."""
        n = self.array.ndim
        if n == 2:
            return as_view(SWAP_LAST, self, self.xp.permute_dims(self.array, (1, 0)))
        return _permuted(self, tuple(range(n - 1, -1, -1)))

    @property
    def mT(self) -> Tensor:
        """The last two dims swapped, a view. Raises ShapeError for one dim."""
        return _matrix_transpose("mT", self)

    @property
    def H(self) -> Tensor:
        """The conjugate transpose of a matrix; a view for real numbers. Raises ShapeError unless it has 0 or 2 dims."""
        if self.array.ndim not in (0, 2):
            raise ShapeError(
                f"H: expected a matrix, got x of shape {tuple(self.array.shape)}; use .mH for batches of matrices"
            )
        return adjoint(self)  # type: ignore[arg-type]

    @property
    def mH(self) -> Tensor:
        """The conjugate transposes of matrices; a view for real numbers. Raises ShapeError for one dim."""
        return adjoint(self)  # type: ignore[arg-type]
