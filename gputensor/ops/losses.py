"""Losses of regression and of yes-or-no questions: from the losses of the elements to their mean, sum, or none of
both."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn, cast, promote
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, dtype_name
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING, promote_types
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.activations import logsigmoid
from gputensor.ops.clamping import clamp
from gputensor.ops.exponential import exp, log, xlogy
from gputensor.ops.loss_reduction import broadcast_together, reduced, reduction_of, tensors, warn_if_broadcast
from gputensor.ops.operands import REAL, in_float32, not_bool
from gputensor.ops.selection import where
from gputensor.ops.signs import abs

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class BinaryCrossEntropy(Primitive):
    """A primitive because the logarithms are cut off at -100 and the gradient is not: it stays finite and is never
    lost."""

    __slots__ = ()
    saves = ("x", "target")

    def forward(self, xp: Any, x: Any, target: Any) -> Any:
        least = xp.zeros_for(x, ()) - 100
        # log1p(-x) keeps the digits of a small x
        return (target - 1) * xp.maximum(xp.log1p(-x), least) - target * xp.maximum(xp.log(x), least)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, target: Any) -> Any:
        spread = (1 - x) * x
        return g * (x - target) / xp.where(spread > 1e-12, spread, xp.zeros_for(x, ()) + 1e-12)

    def vjp_target(self, xp: Any, g: Any, out: Any, x: Any, target: Any) -> Any:
        return g * (xp.log1p(-x) - xp.log(x))


BINARY_CROSS_ENTROPY = BinaryCrossEntropy()


def _binary_cross_entropy(x: Any, target: Any) -> Any:
    return applyn(BINARY_CROSS_ENTROPY, (x, target))


@autocasts("mse_loss")
def mse_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """Squared error, (input - target)**2.

    input, target: (…), floating-point, broadcast with a warning; weight: the shape of input, "mean" then divides by its
    sum. Returns () or, with reduction "none", (…). Raises DtypeError for integers, ValueError for an unknown reduction.

    >>> import gputensor as gt
    >>> gt.nn.functional.mse_loss(gt.tensor([1.0, 2.0]), gt.tensor([1.0, 4.0]))
    tensor(2.)
    """
    reduction = reduction_of("mse_loss", reduction, size_average, reduce)
    input, target = _pair("mse_loss", input, target)
    difference = input - target
    return _weighted("mse_loss", difference * difference, input, weight, reduction, True)


@autocasts("l1_loss")
def l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Tensor | None = None,
) -> Tensor:
    """Absolute error, \\|input - target\\|.

    Arguments and errors as in `mse_loss`.

    >>> import gputensor as gt
    >>> gt.nn.functional.l1_loss(gt.tensor([1.0, 2.0]), gt.tensor([1.0, 4.0]))
    tensor(1.)
    """
    reduction = reduction_of("l1_loss", reduction, size_average, reduce)
    tensors("l1_loss", input=input, target=target)
    not_bool("l1_loss", input)
    not_bool("l1_loss", target)
    input, target = _pair("l1_loss", input, target, FLOATING)
    return _weighted("l1_loss", abs(input - target), input, weight, reduction, True)


@autocasts("smooth_l1_loss")
def smooth_l1_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Tensor:
    """Squared error below beta, absolute error above.

    d**2 / (2 * beta) where d = \\|input - target\\| is below beta, else d - beta / 2. Arguments as in `mse_loss`.
    Raises ArgumentError for a negative beta. Girshick, https://arxiv.org/abs/1504.08083.

    >>> import gputensor as gt
    >>> gt.nn.functional.smooth_l1_loss(gt.tensor([1.0, 2.0]), gt.tensor([1.5, 4.0]))
    tensor(0.8125)
    """
    reduction = reduction_of("smooth_l1_loss", reduction, size_average, reduce)
    input, target = _pair("smooth_l1_loss", input, target)
    check_number("smooth_l1_loss", "beta", beta)
    if beta < 0:
        raise ArgumentError(f"smooth_l1_loss: beta must not be negative, got {beta}")
    difference = input - target
    if beta == 0:
        return reduced(abs(difference), reduction)
    return reduced(_huber(difference, beta) / beta, reduction)


@autocasts("huber_loss")
def huber_loss(
    input: Tensor, target: Tensor, reduction: str = "mean", delta: float = 1.0, weight: Tensor | None = None
) -> Tensor:
    """Half the squared error below delta, the absolute error, scaled to meet it, above.

    d**2 / 2 where d = \\|input - target\\| is at most delta, else delta * (d - delta / 2). Arguments as in `mse_loss`,
    but "mean" divides by the number of elements, and the result has the dtype of input. Raises ArgumentError unless
    delta is positive. Huber, 1964.

    >>> import gputensor as gt
    >>> gt.nn.functional.huber_loss(gt.tensor([1.0, 2.0]), gt.tensor([1.5, 4.0]))
    tensor(0.8125)
    """
    reduction = reduction_of("huber_loss", reduction)
    x, t = _pair("huber_loss", input, target)
    d = input.array.dtype
    if d not in REAL:
        raise DtypeError(f"huber_loss: the loss has the dtype of input, {dtype_name(d)}; convert it with .float()")
    check_number("huber_loss", "delta", delta)
    if delta <= 0:
        raise ArgumentError(f"huber_loss: delta must be positive, got {delta}")
    loss = cast(_huber(x - t, delta), d)
    return _weighted("huber_loss", loss, input, weight, reduction, False)


def _huber(difference: Any, delta: float) -> Any:
    """difference**2 / 2 below delta, a line above; through no \\|difference\\|, whose derivative at 0 is 0."""
    d = difference.detach()
    slope = where(abs(d) < delta, difference, clamp(d, -delta, delta))
    return slope * (difference - slope * 0.5)


@autocasts("binary_cross_entropy")
def binary_cross_entropy(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Cross entropy of probabilities of yes.

    -(target * log(input) + (1 - target) * log(1 - input)) * weight, the logarithms cut off at -100. input, target: (…),
    between 0 and 1; weight: broadcasts. Raises ShapeError where the shapes differ, ArgumentError where a value is
    outside (looked at on the CPU), DtypeError for integers. `binary_cross_entropy_with_logits` keeps more digits.
    Unlike torch: the second derivative is that of the first, without 1e-12 in its denominator.

    >>> import gputensor as gt
    >>> gt.nn.functional.binary_cross_entropy(gt.tensor([0.5, 0.9]), gt.tensor([0.0, 1.0]))
    tensor(0.3993)
    """
    name = "binary_cross_entropy"
    reduction = reduction_of(name, reduction, size_average, reduce)
    tensors(name, input=input, target=target)
    _floating(name, input)
    _floating(name, target)
    if input.array.shape != target.array.shape:
        raise ShapeError(
            f"{name}: target of shape {tuple(target.array.shape)} must have the shape of input, "
            f"{tuple(input.array.shape)}"
        )
    x, t = promote(name, (input, target))
    for label, value in (("input", x), ("target", t)):
        if value.xp.any_outside(value.array, 0, 1):
            raise ArgumentError(
                f"{name}: all elements of {label} must be between 0 and 1; use binary_cross_entropy_with_logits for "
                "logits"
            )
    loss = in_float32(_binary_cross_entropy, x, t)
    if loss is None:
        loss = _binary_cross_entropy(x, t)
    return reduced(loss if weight is None else cast(loss * weight, x.array.dtype), reduction)


@autocasts("binary_cross_entropy_with_logits")
def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
) -> Tensor:
    """Cross entropy of logits of yes: `binary_cross_entropy` of their sigmoid, without overflow or lost digits.

    -(pos_weight * target * log(sigmoid(input)) + (1 - target) * log(1 - sigmoid(input))) * weight. input, target: (…);
    weight and pos_weight broadcast. The result has the dtype of a floating-point target. Raises ShapeError where the
    shapes differ.

    >>> import gputensor as gt
    >>> gt.nn.functional.binary_cross_entropy_with_logits(gt.tensor([0.0, 3.0]), gt.tensor([0.0, 1.0]))
    tensor(0.3709)
    """
    name = "binary_cross_entropy_with_logits"
    reduction = reduction_of(name, reduction, size_average, reduce)
    tensors(name, input=input, target=target)
    if input.array.shape != target.array.shape:
        raise ShapeError(
            f"{name}: target of shape {tuple(target.array.shape)} must have the shape of input, "
            f"{tuple(input.array.shape)}"
        )
    _floating(name, input)
    likely = logsigmoid(input)
    if pos_weight is not None:
        likely = likely * ((pos_weight - 1) * target + 1)
    loss = (1 - target) * input - likely
    if weight is not None:
        loss = loss * weight
    d = target.array.dtype
    if loss.array.dtype is not d and d in REAL:
        loss = cast(loss, d)
    return reduced(loss, reduction)


@autocasts("kl_div")
def kl_div(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Tensor:
    """Kullback and Leibler's divergence of the distribution exp(input) from target, element by element.

    target * (log(target) - input), 0 where target is 0; with log_target, exp(target) * (target - input). reduction
    "batchmean" divides the sum by the size of the first dim, which is the divergence itself; "mean" divides by the
    number of elements.

    >>> import gputensor as gt
    >>> gt.nn.functional.kl_div(gt.tensor([[0.5, 0.5]]).log(), gt.tensor([[1.0, 0.0]]), reduction="batchmean")
    tensor(0.6931)
    """
    batch = reduction == "batchmean" and size_average is None and reduce is None
    reduction = "sum" if batch else reduction_of("kl_div", reduction, size_average, reduce)
    tensors("kl_div", input=input, target=target)
    broadcast_together("kl_div", input, target)
    _floating("kl_div", input)
    loss = exp(target) * (target - input) if log_target else xlogy(target, target) - target * input
    out = reduced(loss, reduction)
    return out / input.array.shape[0] if batch and input.array.ndim else out


@autocasts("soft_margin_loss")
def soft_margin_loss(
    input: Tensor,
    target: Tensor,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """log(1 + exp(-target * input)) for targets 1 and -1.

    input, target: (…); the result has the dtype of input. Unlike torch: large margins do not overflow, and the target
    has a gradient, too. Raises ValueError for an unknown reduction.

    >>> import gputensor as gt
    >>> gt.nn.functional.soft_margin_loss(gt.tensor([0.0, 3.0]), gt.tensor([1.0, 1.0]))
    tensor(0.3709)
    """
    reduction = reduction_of("soft_margin_loss", reduction, size_average, reduce)
    tensors("soft_margin_loss", input=input, target=target)
    _floating("soft_margin_loss", input)
    broadcast_together("soft_margin_loss", input, target)
    loss = -logsigmoid(target * input)
    return reduced(cast(loss, input.array.dtype), reduction)


@autocasts("poisson_nll_loss")
def poisson_nll_loss(
    input: Tensor,
    target: Tensor,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Negative log-likelihood of counts under a Poisson distribution.

    exp(input) - target * input, or with log_input=False, input - target * log(input + eps). full: Stirling's term for
    log(target!) is added where target is above 1. input, target: (…), broadcast. Raises ValueError for an unknown
    reduction.
    Unlike torch: full leaves the gradient of targets of 0 and below alone.

    >>> import gputensor as gt
    >>> gt.nn.functional.poisson_nll_loss(gt.tensor([0.0]), gt.tensor([2.0]))
    tensor(1.)
    """
    reduction = reduction_of("poisson_nll_loss", reduction, size_average, reduce)
    tensors("poisson_nll_loss", input=input, target=target)
    check_number("poisson_nll_loss", "eps", eps)
    broadcast_together("poisson_nll_loss", input, target)
    loss = exp(input) - target * input if log_input else input - target * log(input + eps)
    if full:
        # the logarithm of a count of 0 or 1 is kept out of the graph
        large = target > 1
        count = where(large, target, 2.0)
        loss = loss + where(large, count * log(count) - count + 0.5 * log(2 * math.pi * count), 0.0)
    return reduced(loss, reduction)


def gaussian_nll_loss(
    input: Tensor, target: Tensor, var: Tensor | float, full: bool = False, eps: float = 1e-6, reduction: str = "mean"
) -> Tensor:
    """Negative log-likelihood of targets under normal distributions of given means and variances.

    (log(var) + (input - target)**2 / var) / 2 with var at least eps (the gradient passes through all the same); full:
    plus log(2 * pi) / 2. input: (…, n), the means; target: broadcasts; var: a number, the shape of input, that with 1
    for one of its dims, or that without n. Raises ShapeError for another shape, ArgumentError for a negative variance
    (looked at on the CPU).

    >>> import gputensor as gt
    >>> gt.nn.functional.gaussian_nll_loss(gt.tensor([0.0]), gt.tensor([2.0]), gt.ones(1))
    tensor(2.)
    """
    name = "gaussian_nll_loss"
    reduction = reduction_of(name, reduction)
    tensors(name, input=input, target=target)
    check_number(name, "var", var)
    check_number(name, "eps", eps)
    broadcast_together(name, input, target)
    if isinstance(var, (int, float)):
        if var < 0:
            raise ArgumentError(f"{name}: var must not be negative, got {var}")
        var = input.detach() * 0 + var
    shape, have = tuple(input.array.shape), tuple(var.array.shape)
    if have != shape:
        if shape[:-1] == have:
            var = var.reshape((*have, 1))
        elif len(have) != len(shape) or [m for n, m in zip(shape, have, strict=True) if n != m] != [1]:
            raise ShapeError(
                f"{name}: var of shape {have} does not fit input of shape {shape}; expected {shape}, "
                f"or that with 1 for one of its dims, such as {(*shape[:-1], 1)}"
            )
    if var.xp.any_outside(var.array, 0, math.inf):
        raise ArgumentError(f"{name}: all elements of var must be 0 or larger")
    # the constant that lifts var to eps: the gradient goes on to var itself, as in PyTorch
    held = var + (clamp(var.detach(), min=eps) - var.detach())
    difference = input - target
    loss = 0.5 * (log(held) + difference * difference / held)
    return reduced(loss + 0.5 * math.log(2 * math.pi) if full else loss, reduction)


def _pair(name: str, input: Any, target: Any, dtypes: Any = REAL) -> tuple[Any, Any]:
    """The two in one dtype, that of their broadcast forms: a 0-d tensor counts as much as the other."""
    tensors(name, input=input, target=target)
    if input.array.shape != target.array.shape:
        warn_if_broadcast(name, input, target)
    a, b = input.array.dtype, target.array.dtype
    if a is not b:
        a = promote_types(a, b)
        input, target = cast(input, a), cast(target, a)
    if a not in dtypes:
        raise DtypeError(f"{name}: expected floating-point tensors, got {dtype_name(a)}; convert with .float()")
    return input, target


def _floating(name: str, x: Any) -> None:
    if x.array.dtype not in REAL:
        raise DtypeError(
            f"{name}: expected a floating-point tensor, got {dtype_name(x.array.dtype)}; convert it with .float()"
        )


def _weighted(name: str, loss: Any, input: Any, weight: Any, reduction: str, normalized: bool) -> Any:
    if weight is None:
        return reduced(loss, reduction)
    tensors(name, weight=weight)
    if weight.array.shape != input.array.shape:
        raise ShapeError(
            f"{name}: weight of shape {tuple(weight.array.shape)} must have the shape of input, "
            f"{tuple(input.array.shape)}"
        )
    loss = loss * weight
    if reduction == "mean" and normalized:
        return loss.sum() / weight.sum()
    return reduced(loss, reduction)
