"""Losses that ask for a margin: hinge losses, rankings, triplets, and the distances they stand on."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays.kernels import MULTILABEL_MARGIN
from gputensor.core.apply import applyn, cast, promote, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, dtype_name, explain, host_of_all
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, INT64, promote_types
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.activations import logsigmoid, relu
from gputensor.ops.clamping import clamp, minimum
from gputensor.ops.dims import ABSENT, numpy_dim, numpy_names, one_dim
from gputensor.ops.gathering import Gather
from gputensor.ops.loss_reduction import broadcast_together, reduced, reduction_of, target_error, tensors
from gputensor.ops.norms import norm
from gputensor.ops.operands import REAL, is_half, real_floating
from gputensor.ops.out_argument import into
from gputensor.ops.powers import sqrt
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_PAIRS = 2**22  # pairs of classes held at once

Distance = Callable[["Tensor", "Tensor"], "Tensor"]


@autocasts("hinge_embedding_loss")
def hinge_embedding_loss(
    input: Tensor,
    target: Tensor,
    margin: float = 1.0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Distances input for targets 1, max(0, margin - input) for targets -1.

    input, target: (…). Raises ValueError for an unknown reduction.

    >>> import gputensor as gt
    >>> gt.nn.functional.hinge_embedding_loss(gt.tensor([0.5, 0.5]), gt.tensor([1.0, -1.0]))
    tensor(0.5000)
    """
    reduction = reduction_of("hinge_embedding_loss", reduction, size_average, reduce)
    tensors("hinge_embedding_loss", input=input, target=target)
    check_number("hinge_embedding_loss", "margin", margin)
    broadcast_together("hinge_embedding_loss", input, target)
    near = where(target != -1, input, 0.0)
    far = where(target != 1, clamp(margin - input, min=0), 0.0)
    return reduced(near + far, reduction)


@autocasts("margin_ranking_loss")
def margin_ranking_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """max(0, margin - target * (input1 - input2)): input1 should be larger where target is 1, smaller where it is -1.

    All of one shape but for broadcasting. Raises ShapeError where the numbers of dims differ.

    >>> import gputensor as gt
    >>> gt.nn.functional.margin_ranking_loss(gt.tensor([1.0]), gt.tensor([3.0]), gt.tensor([1.0]))
    tensor(2.)
    """
    reduction = reduction_of("margin_ranking_loss", reduction, size_average, reduce)
    tensors("margin_ranking_loss", input1=input1, input2=input2, target=target)
    if len({input1.array.ndim, input2.array.ndim, target.array.ndim}) > 1:
        raise ShapeError(
            f"margin_ranking_loss: input1 {tuple(input1.array.shape)}, input2 {tuple(input2.array.shape)} and target "
            f"{tuple(target.array.shape)} must have the same number of dims"
        )
    check_number("margin_ranking_loss", "margin", margin)
    broadcast_together("margin_ranking_loss", input1, input2, target)
    # margin as a float, whatever was given: integers give a loss that is one; input2 first, as uint8 has no -target
    return reduced(clamp(target * (input2 - input1) + float(margin), min=0), reduction)


@autocasts("cosine_embedding_loss")
def cosine_embedding_loss(
    input1: Tensor,
    input2: Tensor,
    target: Tensor,
    margin: float = 0,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """1 - cos for targets 1, max(0, cos - margin) for targets -1, cos being that of the angle between the rows.

    input1, input2: (batch, width) with target (batch,), or (width,) with (). Raises ShapeError for other shapes.

    >>> import gputensor as gt
    >>> gt.nn.functional.cosine_embedding_loss(gt.tensor([[1.0, 0.0]]), gt.tensor([[0.0, 1.0]]), gt.tensor([1]))
    tensor(1.)
    """
    name = "cosine_embedding_loss"
    reduction = reduction_of(name, reduction, size_average, reduce)
    tensors(name, input1=input1, input2=input2, target=target)
    dims = target.array.ndim
    if dims > 1 or input1.array.ndim != dims + 1 or input2.array.ndim != dims + 1:
        raise ShapeError(
            f"{name}: expected rows (batch, width) with target (batch,) or (width,) with (), got "
            f"{tuple(input1.array.shape)}, {tuple(input2.array.shape)} and target {tuple(target.array.shape)}"
        )
    check_number(name, "margin", margin)
    broadcast_together(name, input1, input2)
    # PyTorch's small number: a row of zeros has a cosine of 0
    eps = 1e-12
    dot = (input1 * input2).sum(-1)
    cosine = dot / sqrt(((input1 * input1).sum(-1) + eps) * ((input2 * input2).sum(-1) + eps))
    near = where(target == 1, 1 - cosine, 0.0)
    far = where(target == -1, clamp(cosine - margin, min=0), 0.0)
    return reduced(near + far, reduction)


@autocasts("triplet_margin_loss")
def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """max(0, margin + distance(anchor, positive) - distance(anchor, negative)) with `pairwise_distance`.

    All: (batch, width) or (width,). swap: where the negative is nearer to the positive than to the anchor, that
    distance counts. Raises ShapeError where the numbers of dims differ, ArgumentError for a margin that is not
    positive. Balntas et al., http://www.bmva.org/bmvc/2016/papers/paper119/index.html.

    >>> import gputensor as gt
    >>> gt.nn.functional.triplet_margin_loss(gt.zeros(1, 1), gt.ones(1, 1), gt.ones(1, 1))
    tensor(1.)
    """
    name = "triplet_margin_loss"
    reduction = reduction_of(name, reduction, size_average, reduce)

    def distance(x: Tensor, y: Tensor) -> Tensor:
        return pairwise_distance(x, y, p, eps)

    return _triplet(name, anchor, positive, negative, distance, margin, swap, reduction)


def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Distance | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """`triplet_margin_loss` with any distance; `pairwise_distance` unless given.

    >>> import gputensor as gt
    >>> gt.nn.functional.triplet_margin_with_distance_loss(
    ...     gt.zeros(1, 1), gt.ones(1, 1), gt.ones(1, 1), distance_function=lambda x, y: ((x - y) ** 2).sum(-1)
    ... )
    tensor(1.)
    """
    name = "triplet_margin_with_distance_loss"
    reduction = reduction_of(name, reduction)
    chosen = pairwise_distance if distance_function is None else distance_function
    return _triplet(name, anchor, positive, negative, chosen, margin, swap, reduction)


def _triplet(
    name: str, anchor: Any, positive: Any, negative: Any, distance: Any, margin: float, swap: bool, reduction: str
) -> Any:
    tensors(name, anchor=anchor, positive=positive, negative=negative)
    check_number(name, "margin", margin)
    if margin <= 0:
        raise ArgumentError(f"{name}: margin must be positive, got {margin}")
    if len({anchor.array.ndim, positive.array.ndim, negative.array.ndim}) > 1:
        raise ShapeError(
            f"{name}: anchor {tuple(anchor.array.shape)}, positive {tuple(positive.array.shape)} and negative "
            f"{tuple(negative.array.shape)} must have the same number of dims"
        )
    broadcast_together(name, anchor, positive, negative)
    far = distance(anchor, negative)
    if swap:
        far = minimum(far, distance(positive, negative))
    return reduced(clamp(distance(anchor, positive) - far + margin, min=0), reduction)


@autocasts("multi_margin_loss")
def multi_margin_loss(
    input: Tensor,
    target: Tensor,
    p: int = 1,
    margin: float = 1.0,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Hinge loss of many classes.

    The sum over all other classes of max(0, margin - input[target] + input[class])**p, over the number of classes.
    input: (batch, class) or (class,); target: (batch,) or (), int64; weight: (class,), each term times weight[target].
    Raises IndexError for a class number out of range, ArgumentError for a p that is neither 1 nor 2, ShapeError for
    shapes that do not fit.
    Unlike torch: nan stays nan, and second derivatives exist.

    >>> import gputensor as gt
    >>> gt.nn.functional.multi_margin_loss(gt.tensor([[1.0, 0.5]]), gt.tensor([0]))
    tensor(0.2500)
    """
    name = "multi_margin_loss"
    reduction = reduction_of(name, reduction, size_average, reduce)
    tensors(name, input=input, target=target)
    real_floating(name, input)
    shape = input.array.shape
    check_number(name, "margin", margin)
    if p not in (1, 2):
        raise ArgumentError(f"{name}: p must be 1 or 2, got {p}")
    rows = input if len(shape) == 2 else input.reshape(1, -1)
    count, classes = rows.array.shape
    if len(shape) > 2 or target.array.size != count or target.array.ndim > 1:
        raise ShapeError(
            f"{name}: expected input (batch, class) with target (batch,), got {tuple(shape)} and "
            f"{tuple(target.array.shape)}"
        )
    places = _class_numbers(name, target, classes).reshape(count, 1)
    chosen = applyn(Gather(1, True), (rows, places))
    # relu and not clamp: at the hinge itself the gradient is 0, as in PyTorch
    gap = relu(margin - chosen + rows)
    xp = places.xp
    others = wrap(xp.not_equal(places.array, xp.arange_for(places.array, classes)), xp)
    # before it is squared: infinity less itself is nan at the target's own place
    gap = where(others, gap, 0.0)
    if p == 2:
        gap = gap * gap
    if weight is not None:
        tensors(name, weight=weight)
        if weight.xp is not places.xp:
            weight, places = together(name, (weight, places))
        scales: Any = weight
        gap = gap * wrap(scales.xp.index_get(scales.array, (places.array,)), scales.xp)
    loss = gap.sum(1) / classes
    return reduced(loss if len(shape) == 2 or target.array.ndim else loss.reshape(()), reduction)


@autocasts("multilabel_margin_loss")
class MultilabelMargin(Primitive):
    """x: (batch, class), right: (batch, label) int64, listed: (batch, label), wrong: (batch, class), both bool ->
    (batch).

    The sum of max(0, 1 - x[right] + x[wrong]) over the listed right classes and the wrong ones. A primitive: the pairs
    are (batch, label, class) numbers, of which only a block is held at once, in the gradient too.
    """

    __slots__ = ()
    name = "multilabel_margin_loss"
    saves = ("x", "right", "listed", "wrong")
    kernels = MULTILABEL_MARGIN

    def forward(self, xp: Any, x: Any, right: Any, listed: Any, wrong: Any) -> Any:
        total = xp.zeros_for(x, x.shape[:1])
        for part in _blocks(right, x):
            total = total + xp.sum(self._gaps(xp, x, right, listed, wrong, part)[0], (1, 2), False)
        return total

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, right: Any, listed: Any, wrong: Any) -> Any:
        found = xp.zeros_like(x)
        for part in _blocks(right, x):
            gaps, pairs = self._gaps(xp, x, right, listed, wrong, part)
            # nan passes its own gradient on; at a gap of 0 there is none
            active = xp.astype(pairs & (gaps != 0), x.dtype)
            found = found + xp.sum(active, (1,), False)
            places = xp.getitem(right, (slice(None), part))
            found = xp.scatter_add(found, places, -xp.sum(active, (2,), False), 1)
        return xp.expand_dims(g, (1,)) * found

    def _gaps(self, xp: Any, x: Any, right: Any, listed: Any, wrong: Any, part: slice) -> tuple[Any, Any]:
        """(batch, label, class) for a block of labels: the hinges, 0 elsewhere, and where there are pairs."""
        chosen = xp.take_along_axis(x, xp.getitem(right, (slice(None), part)), 1)
        pairs = xp.expand_dims(xp.getitem(listed, (slice(None), part)), (2,)) & xp.expand_dims(wrong, (1,))
        gaps = 1 - xp.expand_dims(chosen, (2,)) + xp.expand_dims(x, (1,))
        return xp.where(pairs, xp.maximum(gaps, xp.zeros_like(gaps)), 0), pairs


def _blocks(right: Any, x: Any) -> list[slice]:
    """The labels in parts, such that the pairs of one stay few."""
    labels = right.shape[1]
    step = max(_PAIRS // max(math.prod(x.shape), 1), 1)
    return [slice(k, min(k + step, labels)) for k in range(0, labels, step)]


def multilabel_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Hinge loss of several right classes.

    The sum over right and wrong classes of max(0, 1 - input[right] + input[wrong]), over the number of classes.
    input: (batch, class) or (class,); target: the same shape, int64, the right classes first and then -1.
    Raises IndexError for a class number out of range, ShapeError where the shapes differ.
    Unlike torch: nan stays nan, and second derivatives exist.

    >>> import gputensor as gt
    >>> gt.nn.functional.multilabel_margin_loss(gt.tensor([[0.1, 0.2, 0.4, 0.8]]), gt.tensor([[3, 0, -1, 1]]))
    tensor(0.8500)
    """
    name = "multilabel_margin_loss"
    reduction = reduction_of(name, reduction, size_average, reduce)
    tensors(name, input=input, target=target)
    real_floating(name, input)
    shape = input.array.shape
    if target.array.shape != shape or len(shape) > 2 or 0 in shape[-1:]:
        raise ShapeError(
            f"{name}: input {tuple(shape)} and target {tuple(target.array.shape)} must both have shape (batch, class) "
            "or (class,)"
        )
    xp = target.xp
    rows = input if len(shape) == 2 else input.reshape(1, math.prod(shape))
    count, classes = rows.array.shape
    t = xp.reshape(target.array, (count, classes))
    # a class counts until the first -1
    listed = xp.equal(xp.cumulative_sum(xp.astype(xp.less(t, 0), INT64), 1), 0)
    places = _class_numbers(name, wrap(xp.where(listed, t, xp.zeros_for(t, ())), xp), classes)
    most = int(host_of_all(xp, xp.sum(xp.astype(listed, INT64), (1,), False)).max()) if count else 0
    listed, right = xp.getitem(listed, (slice(None), slice(0, most))), places.array
    right = xp.getitem(right, (slice(None), slice(0, most)))
    hits = xp.scatter_add(xp.zeros_like(t), right, xp.astype(listed, INT64), 1)
    operands = [wrap(a, xp) for a in (right, listed, xp.equal(hits, xp.zeros_for(t, ())))]
    wide = cast(rows, F32) if is_half(rows) else rows
    loss = cast(applyn(MultilabelMargin(), (wide, *operands)) / classes, rows.array.dtype)
    return reduced(loss if len(shape) == 2 else loss.reshape(()), reduction)


def multilabel_soft_margin_loss(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """The mean over the classes of the cross entropy of each class's logit of yes.

    -(target * log(sigmoid(input)) + (1 - target) * log(sigmoid(-input))) * weight. input, target: (…, class), target 0
    or 1.

    >>> import gputensor as gt
    >>> gt.nn.functional.multilabel_soft_margin_loss(gt.tensor([[0.0, 3.0]]), gt.tensor([[0.0, 1.0]]))
    tensor(0.3709)
    """
    name = "multilabel_soft_margin_loss"
    reduction = reduction_of(name, reduction, size_average, reduce)
    tensors(name, input=input, target=target)
    broadcast_together(name, input, target)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    return reduced((loss if weight is None else loss * weight).mean(-1), reduction)


@autocasts("cosine_similarity")
def cosine_similarity(x1: Tensor, x2: Tensor, dim: int = 1, eps: float = 1e-8, *, axis: int | None = ABSENT) -> Tensor:
    """The cosine of the angle between vectors along dim: x1 · x2 / (max(\\|x1\\|, eps) * max(\\|x2\\|, eps)).

    x1, x2: (…, n, …), broadcast, floating-point; returns them without dim. Raises DimError (an IndexError) for a dim
    out of range, DtypeError for integers.
    Unlike torch: the gradient of vectors shorter than eps is that of the formula.

    >>> import gputensor as gt
    >>> gt.nn.functional.cosine_similarity(gt.tensor([1.0, 0.0]), gt.tensor([1.0, 1.0]), dim=0)
    tensor(0.7071)
    """
    if axis is not ABSENT:
        dim = numpy_dim("cosine_similarity", dim, axis, 1)
    tensors("cosine_similarity", x1=x1, x2=x2)
    # a vector without dims counts as much as the other
    d = promote_types(x1.array.dtype, x2.array.dtype)
    x1, x2 = promote("cosine_similarity", (cast(x1, d), cast(x2, d)))
    if x1.array.dtype not in REAL:
        raise DtypeError(
            f"cosine_similarity: expected floating-point tensors, got {dtype_name(x1.array.dtype)}; convert with "
            ".float()"
        )
    if x1.array.shape != x2.array.shape:
        # the lengths are those of the broadcast vectors
        try:
            shape = np.broadcast_shapes(x1.array.shape, x2.array.shape)
        except ValueError as error:
            raise explain("cosine_similarity", (x1, x2), error) from None
        x1, x2 = x1.expand(shape), x2.expand(shape)
    axis = one_dim("cosine_similarity", dim, x1.array.ndim, x1.array.shape)
    if not x1.array.ndim:
        x1, x2 = x1.reshape(1), x2.reshape(1)
    return ((x1 / clamp(norm(x1, 2, axis, True), min=eps)) * (x2 / clamp(norm(x2, 2, axis, True), min=eps))).sum(axis)


@autocasts("normalize")
def normalize(input: Tensor, p: float = 2.0, dim: int = 1, eps: float = 1e-12, out: Tensor | None = None) -> Tensor:
    """Vectors along dim divided by their p-norm, or by eps where that is larger.

    input: (…, n, …), floating-point; returns the same shape. Raises DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.nn.functional.normalize(gt.tensor([[3.0, 4.0]]))
    tensor([[0.6000, 0.8000]])
    """
    tensors("normalize", input=input)
    result = input / clamp(norm(input, p, dim, True), min=eps)
    return result if out is None else into("normalize", out, result)


def pairwise_distance(
    x1: Tensor, x2: Tensor, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False, *, keepdims: bool | None = None
) -> Tensor:
    """The p-norm of x1 - x2 + eps along the last dim.

    x1, x2: (…, n), broadcast; returns (…) or, with keepdim, (…, 1). eps keeps the gradient finite where the vectors are
    equal.

    >>> import gputensor as gt
    >>> gt.nn.functional.pairwise_distance(gt.tensor([[0.0, 0.0]]), gt.tensor([[3.0, 4.0]]))
    tensor([5.0000])
    """
    if keepdims is not None:
        _, keepdim = numpy_names("pairwise_distance", None, keepdim, None, keepdims)
    tensors("pairwise_distance", x1=x1, x2=x2)
    return norm(x1 - x2 + eps, p, -1, keepdim)


def _class_numbers(name: str, target: Any, classes: int) -> Any:
    wrong = target_error(name, target, classes)
    if wrong is not None:
        raise wrong
    return cast(target, INT64)
