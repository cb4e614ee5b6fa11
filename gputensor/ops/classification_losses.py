"""Losses of classifiers: cross entropy and negative log-likelihood. Class numbers run from 0; the class dim is dim 1,
or 0 for one element."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.arrays.kernels import CROSS_ENTROPY
from gputensor.core.apply import applyn, cast, on_its_device, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, dtype_name
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BF16, F16, F32, FLOATING, INT64, promote_types
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.activations import log_softmax
from gputensor.ops.gathering import Gather
from gputensor.ops.loss_reduction import reduced, reduction_of, target_error, tensors
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class CrossEntropy(Primitive):
    """The mean cross entropy of logits (row, class) and class numbers (row,): one node where the composite has seven.

    Rows whose target is `ignored` do not count.
    """

    __slots__ = ("ignored",)
    grad_name = "NllLossBackward0"
    saves = ("x", "target")
    kernels = CROSS_ENTROPY

    def __init__(self, ignored: int) -> None:
        self.ignored = ignored

    def forward(self, xp: Any, x: Any, target: Any) -> Any:
        seen, places = self._places(xp, target)
        # without the shift, exp overflows for logits above 88
        shifted = x - xp.max(x, (1,), True)
        losses = xp.log(xp.sum(xp.exp(shifted), (1,), True)) - xp.take_along_axis(shifted, places, 1)
        count = xp.sum(xp.astype(seen, x.dtype))
        return xp.sum(xp.where(seen, losses, xp.zeros_for(losses, ()))) / count

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, target: Any) -> Any:
        seen, places = self._places(xp, target)
        e = xp.exp(x - xp.max(x, (1,), True))
        counts = xp.astype(seen, x.dtype)
        total = xp.sum(counts)
        # where every row is ignored the loss is nan, but its gradient 0: the divisor must not be
        share = counts * (g / (total + xp.astype(total == 0, x.dtype)))
        return xp.scatter_add(e * (share / xp.sum(e, (1,), True)), places, -share, 1)

    def _places(self, xp: Any, target: Any) -> tuple[Any, Any]:
        column = xp.reshape(target, (target.shape[0], 1))
        seen = column != self.ignored
        return seen, xp.where(seen, column, xp.zeros_like(column))


_CROSS_ENTROPY = CrossEntropy(-100)


@autocasts("cross_entropy")
def cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Tensor:
    """Cross entropy of logits against class numbers or class probabilities.

    -log(softmax(input)[target]), times weight[target]. input: (batch, class, …) or (class,), floating-point; target:
    (batch, …) or (), int64 class numbers, or probabilities in the shape and dtype of input; weight: (class,). reduction
    "mean" divides by the sum of the weights (for probabilities by the number of elements). Elements whose target is
    ignore_index do not count; a mean over none is nan, its gradient 0. label_smoothing: the share of the target that is
    spread evenly over all classes. Returns () or, with "none", the shape of the numbers. Raises IndexError for a class
    number out of range, ShapeError for shapes that do not fit, DtypeError for other dtypes.
    Unlike torch: class numbers of every integer dtype are taken.

    >>> import gputensor as gt
    >>> gt.nn.functional.cross_entropy(gt.tensor([[2.0, 0.0], [0.0, 0.0]]), gt.tensor([0, 1]))
    tensor(0.4100)
    """
    if size_average is not None or reduce is not None or reduction != "mean":
        reduction = reduction_of("cross_entropy", reduction, size_average, reduce)
    try:
        x, t = input.array, target.array
    except AttributeError:
        tensors("cross_entropy", input=input, target=target)
        raise
    if (
        weight is None
        and reduction == "mean"
        and not label_smoothing
        and x.ndim == 2
        and t.shape == x.shape[:1]
        and t.dtype is INT64
        and x.dtype in FLOATING
    ):
        prim = _CROSS_ENTROPY if ignore_index == -100 else CrossEntropy(ignore_index)
        try:
            return cast(applyn(prim, (cast(input, F32) if x.dtype in (F16, BF16) else input, target)), x.dtype)
        except (IndexError, ShapeError):
            wrong = target_error("cross_entropy", target, x.shape[1], ignore_index)
            if wrong is None:
                raise
            raise wrong from None
    if x.dtype in (F16, BF16):
        d = promote_types(x.dtype, t.dtype) if t.dtype in FLOATING else x.dtype
        if t.dtype in (F16, BF16):
            target = cast(target, F32)
        return cast(_cross_entropy(cast(input, F32), target, weight, ignore_index, reduction, label_smoothing), d)
    return _cross_entropy(input, target, weight, ignore_index, reduction, label_smoothing)


def _cross_entropy(input: Any, target: Any, weight: Any, ignore: int, reduction: str, smoothing: float) -> Any:
    name = "cross_entropy"
    check_number(name, "label_smoothing", smoothing)
    if not 0 <= smoothing <= 1:
        raise ArgumentError(f"{name}: label_smoothing must be between 0 and 1, got {smoothing}")
    axis = _class_dim(name, input)
    classes = input.array.shape[axis]
    weight = _class_weight(name, weight, input, classes)
    if target.array.shape == input.array.shape:
        if target.array.dtype not in FLOATING:
            raise DtypeError(
                f"{name}: target has the shape of input, {tuple(input.array.shape)}, so it holds probabilities and "
                f"must be floating-point, got {dtype_name(target.array.dtype)}"
            )
        if ignore >= 0:
            raise ArgumentError(f"{name}: ignore_index is only for class numbers, and target holds probabilities")
        if smoothing:
            target = target * (1.0 - smoothing) + smoothing / classes
        terms = log_softmax(input, axis) * target
        loss = -(terms if weight is None else terms * _along(weight, axis, input.array.ndim)).sum(axis)
        if reduction == "mean":
            return loss.sum() / (math.prod(input.array.shape) / classes if classes else 0.0)
        return reduced(loss, reduction)
    logs = log_softmax(input, axis)
    likely = _nll(name, logs, target, weight, ignore, reduction)
    if not smoothing:
        return likely
    spread = -(logs if weight is None else logs * _along(weight, axis, input.array.ndim)).sum(axis)
    scales, counted = on_its_device(input.xp, _scales, target, weight, ignore, input.array.dtype)
    spread = where(counted, spread, 0.0)
    if reduction == "mean":
        spread = spread.sum() / scales.sum()
    return likely * (1.0 - smoothing) + reduced(spread, "none" if reduction == "mean" else reduction) * (
        smoothing / classes
    )


@autocasts("nll_loss")
def nll_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Negative log-likelihood: minus the entry of input that target names, times weight[target].

    input: (batch, class, …) or (class,), log-probabilities; target: (batch, …) or (), int64; weight: (class,). The
    rest, errors included, as in `cross_entropy`. Unlike torch: class numbers of every integer dtype are taken.

    >>> import gputensor as gt
    >>> gt.nn.functional.nll_loss(gt.tensor([[-0.1, -2.0], [-1.0, -0.5]]), gt.tensor([0, 1]))
    tensor(0.3000)
    """
    reduction = reduction_of("nll_loss", reduction, size_average, reduce)
    tensors("nll_loss", input=input, target=target)
    axis = _class_dim("nll_loss", input)
    weight = _class_weight("nll_loss", weight, input, input.array.shape[axis])
    return _nll("nll_loss", input, target, weight, ignore_index, reduction)


def _nll(name: str, logs: Any, target: Any, weight: Any, ignore: int, reduction: str) -> Any:
    shape = logs.array.shape
    axis = 0 if len(shape) == 1 else 1
    expected = (*shape[:axis], *shape[axis + 1 :])
    if target.xp is not logs.xp:
        logs, target = together(name, (logs, target))
    # one element may come with its target in a dim of its own
    if target.array.shape != expected and not (len(shape) == 1 and target.array.shape == (1,)):
        raise ShapeError(
            f"{name}: target of shape {tuple(target.array.shape)} does not fit input of shape {tuple(shape)}; expected "
            f"class numbers of shape {expected} or probabilities of shape {tuple(shape)}"
        )
    if target.array.dtype.kind not in "iu":
        raise DtypeError(
            f"{name}: class numbers must be int64, got {dtype_name(target.array.dtype)}; convert with .long()"
        )
    xp = logs.xp
    scales, counted = on_its_device(xp, _scales, target, weight, ignore, logs.array.dtype)
    xp = counted.xp
    places = xp.astype(xp.where(counted.array, target.array, xp.zeros_for(target.array, ())), INT64)
    places = wrap(xp.reshape(places, (*shape[:axis], 1, *shape[axis + 1 :])), xp)
    wrong = target_error(name, target, shape[axis], ignore) if target.array.size else None
    if wrong is not None:
        raise wrong
    chosen = applyn(Gather(axis, True), (logs, places)).reshape(target.array.shape)
    # an ignored -inf would make 0 * inf
    loss = where(counted, -chosen * scales, 0.0)
    if reduction == "mean":
        return loss.sum() / scales.sum()
    return reduced(loss, reduction)


def _scales(target: Any, weight: Any, ignore: int, d: Any) -> tuple[Any, Any]:
    """The weight of every element, 0 where it is ignored; and whether it counts. Both are constants."""
    if weight is not None and weight.xp is not target.xp:
        target, weight = together("weight", (target, weight))
    xp, t = target.xp, target.array
    counted = xp.asarray(t != ignore)  # of a 0-d array NumPy makes a scalar
    if weight is None:
        return wrap(xp.astype(counted, d), xp), wrap(counted, xp)
    classes = weight.array.shape[0]
    inside = xp.logical_and(counted, xp.logical_and(t >= 0, t < classes))
    places = xp.where(inside, t, xp.zeros_for(t, ()))
    scales = xp.where(counted, xp.index_get(weight.array, (places,)), xp.zeros_for(weight.array, ()))
    return wrap(xp.astype(scales, d), xp), wrap(counted, xp)


def _class_dim(name: str, x: Any) -> int:
    if not x.array.ndim:
        raise ShapeError(f"{name}: input needs a class dim, (batch, class, …) or (class,), got a 0-d tensor")
    if x.array.dtype not in FLOATING:
        raise DtypeError(
            f"{name}: expected floating-point input, got {dtype_name(x.array.dtype)}; convert it with .float()"
        )
    return 0 if x.array.ndim == 1 else 1


def _class_weight(name: str, weight: Any, x: Any, classes: int) -> Any:
    if weight is None:
        return None
    tensors(name, weight=weight)
    if weight.xp is not x.xp:
        weight = together(name, (x, weight))[1]
    if weight.array.shape != (classes,):
        raise ShapeError(
            f"{name}: weight must have shape ({classes},), one entry a class, got {tuple(weight.array.shape)}"
        )
    return cast(weight.detach(), x.array.dtype)


def _along(weight: Any, axis: int, dims: int) -> Any:
    return weight.reshape([-1 if k == axis else 1 for k in range(dims)])
