"""Looking up rows by number, and numbers as one-hot rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import applyn, on_its_device, together, wrap
from gputensor.core.explain import check_number, describe, dtype_name
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import INT64
from gputensor.core.writes import touched
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.dims import one_int

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Embedding(Primitive):
    """Rows of weight by number. padding: a row that gets no gradient, -1 for none."""

    __slots__ = ("padding", "scaled")
    saves = ("index",)

    def __init__(self, padding: int, scaled: bool) -> None:
        self.padding, self.scaled = padding, scaled

    def forward(self, xp: Any, weight: Any, index: Any) -> Any:
        return xp.index_get(weight, (index,))

    def vjp_weight(self, xp: Any, g: Any, out: Any, weight: Any, index: Any) -> Any:
        row = (*index.shape, 1)
        if self.padding >= 0:
            g = xp.where(xp.reshape(index != self.padding, row), g, xp.zeros_for(g, ()))
        if self.scaled:
            counts = xp.index_get(xp.bincount(xp.reshape(index, (-1,)), None, weight.shape[0]), (index,))
            g = g / xp.astype(xp.reshape(counts, row), g.dtype)
        return xp.index_add(g, weight.shape, (index,))


EMBEDDING = Embedding(-1, False)


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """Rows of weight by number.

    input: (…), int32 or int64; weight: (rows, width); returns (…, width), dtype of weight. padding_idx: a row that gets
    no gradient. max_norm: rows that are looked up and have a larger norm are first scaled down to it, in weight itself.
    scale_grad_by_freq: divide the gradient of a row by how often it was looked up. Unlike torch: sparse gradients do
    not exist. Raises IndexError for a number outside 0 <= n < rows, DtypeError for numbers that are no ints, ShapeError
    for a weight that is no matrix.

    >>> import gputensor as gt
    >>> gt.nn.functional.embedding(gt.tensor([2, 0]), gt.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    tensor([[5., 6.],
            [1., 2.]])
    """
    input, weight, padding = looked_up(input, weight, padding_idx, max_norm, norm_type, sparse)
    prim = EMBEDDING if padding < 0 and not scale_grad_by_freq else Embedding(padding, scale_grad_by_freq)
    return applyn(prim, (weight, input))


def looked_up(
    input: Any, weight: Any, padding_idx: Any, max_norm: Any, norm_type: Any, sparse: bool
) -> tuple[Any, Any, int]:
    """input and weight, checked, in one namespace, with norms in their limit; the row that has no gradient, or -1."""
    for label, value in (("input", input), ("weight", weight)):
        if not isinstance(value, _apply.Tensor):
            raise TypeError(f"embedding: {label} must be a Tensor, got {describe(value)}")
    index, table = input.array, weight.array
    if index.dtype.kind not in "iu":
        raise DtypeError(
            f"embedding: input holds the numbers of rows and must be int64 or int32, got {dtype_name(index.dtype)}; "
            "use .long()"
        )
    if table.ndim != 2:
        raise ShapeError(f"embedding: weight must have shape (rows, width), got {tuple(table.shape)}")
    if sparse:
        raise ValueError("embedding: sparse gradients are not supported; use sparse=False")
    if input.xp is not weight.xp:
        input, weight = together("embedding", (input, weight))
    rows = table.shape[0]
    outside = weight.xp.first_outside(index, rows)
    if outside is not None:
        raise IndexError(f"embedding: index {outside} is out of range for {rows} rows; use 0 <= index < {rows}")
    padding = -1
    if padding_idx is not None:
        if not -rows <= padding_idx < rows:
            raise IndexError(
                f"embedding: padding_idx {padding_idx} is out of range for {rows} rows; use {-rows} <= padding_idx < "
                f"{rows}"
            )
        padding = padding_idx % rows
    if max_norm is not None:
        check_number("embedding", "max_norm", max_norm)
        check_number("embedding", "norm_type", norm_type)
        on_its_device(weight.xp, _limit_norms, weight, index, float(max_norm), float(norm_type))
    return input, weight, padding


def _limit_norms(weight: Any, index: Any, limit: float, power: float) -> None:
    """Scale the rows that are looked up down to `limit`, in place and outside of the graph, as PyTorch does."""
    xp = weight.xp
    chosen = xp.unique(xp.reshape(index, (-1,)))[0]
    rows = xp.index_get(weight.array, (chosen,))
    size = xp.abs(rows)
    largest = power == float("inf")
    norms = xp.max(size, (1,), True) if largest else xp.sum(size**power, (1,), True) ** (1.0 / power)
    # the small number keeps the scaled norm from exceeding the limit by rounding
    scaled = xp.where(norms > limit, rows * (limit / (norms + 1e-7)), rows)
    xp.index_write(weight.array, (chosen,), xp.astype(scaled, rows.dtype))
    touched(weight, "embedding(max_norm=…)")


def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """Numbers of classes as rows with a single 1.

    input: (…), int64; returns (…, num_classes), int64, not differentiable; num_classes: one more than the largest
    number unless given (then the values decide the shape, and a GPU is waited for). Raises DtypeError for another
    dtype, ArgumentError for a number that is negative or too large, and for an empty input without num_classes.

    >>> import gputensor as gt
    >>> gt.nn.functional.one_hot(gt.tensor([0, 2]))
    tensor([[1, 0, 0],
            [0, 0, 1]])
    """
    if not isinstance(input, _apply.Tensor):
        raise TypeError(f"one_hot: expected a Tensor, got {describe(input)}")
    a, xp = input.array, input.xp
    if a.dtype.kind not in "iu" or a.dtype.itemsize != 8:
        raise DtypeError(f"one_hot: expected int64, got {dtype_name(a.dtype)}; convert with .long()")
    if num_classes == -1:
        if not a.size:
            raise ArgumentError("one_hot: an empty input does not say how many classes there are; give num_classes")
        # a negative class is named as such below
        num_classes = max(int(xp.item(xp.max(a))) + 1, 1)
    if one_int("one_hot", "num_classes", num_classes) < 1 and (a.size or num_classes < 0):
        raise ArgumentError(f"one_hot: num_classes must be positive, got {num_classes}")
    outside = xp.first_outside(a, num_classes)
    if outside is not None:
        raise ArgumentError(
            f"one_hot: class {outside} is out of range for {num_classes} classes; use 0 <= class < {num_classes}"
        )
    classes = xp.arange_for(a, num_classes)
    return wrap(xp.astype(xp.equal(xp.reshape(a, (*a.shape, 1)), classes), INT64), xp)
