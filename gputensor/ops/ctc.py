"""Connectionist temporal classification: the likelihood of a sequence under all its alignments in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import applyn, cast, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.devices import device_of
from gputensor.core.explain import describe, dtype_name, host_of_all
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, HALF, INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.loss_reduction import reduction_of, tensors
from gputensor.ops.operands import REAL, beside
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Lengths = Any  # a Tensor of integers or a sequence of ints

# the logarithm of zero, finite so that sums and differences of it stay numbers
_NEVER = -1e30
_HOPELESS = -1e29


class CtcLoss(Primitive):
    """The negative log-likelihood of each sequence, summed over all alignments by the forward-backward recursion.

    x: (time, batch, class), log-probabilities; labels: (batch, state), the targets with a blank before, between and
    after, two numbers more than twice the longest; lengths: (2, batch), of inputs and targets. Returns (batch,). A
    primitive because as a composite each step in time would be ten nodes, and because the gradient is PyTorch's: that
    of a loss over logits whose log_softmax x is (it differs from the derivative by exp(x), which log_softmax's own
    gradient takes away again).
    """

    __slots__ = ("blank", "forgiving")
    saves = ("x", "labels", "lengths")

    def __init__(self, blank: int, forgiving: bool) -> None:
        self.blank, self.forgiving = blank, forgiving

    def forward(self, xp: Any, x: Any, labels: Any, lengths: Any) -> Any:
        states = _States(xp, x, labels, lengths, self.blank)
        return -states.likelihood(states.forward())

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, labels: Any, lengths: Any) -> Any:
        states = _States(xp, x, labels, lengths, self.blank)
        alphas = states.forward()
        likely = states.likelihood(alphas)
        through = alphas + states.backward() - states.emitted
        posterior = xp.exp(through - xp.reshape(likely, (1, -1, 1)))
        posterior = xp.where(states.possible(), posterior, xp.zeros_for(posterior, ()))
        where_to = xp.broadcast_to(xp.reshape(labels, (1, *labels.shape)), posterior.shape)
        expected = xp.scatter_add(xp.zeros_like(x), where_to, posterior, 2)
        lasting = xp.reshape(states.time < states.inputs, (x.shape[0], x.shape[1], 1))
        grad = (xp.exp(x) - expected) * xp.reshape(g, (1, -1, 1))
        hopeless = xp.zeros_for(grad, ()) + (0.0 if self.forgiving else float("nan"))
        grad = xp.where(xp.reshape(likely < _HOPELESS, (1, -1, 1)), hopeless, grad)
        return xp.where(lasting, grad, xp.zeros_for(grad, ()))


class _States:
    """The states of all sequences, (time, batch, state), and the two recursions over them."""

    def __init__(self, xp: Any, x: Any, labels: Any, lengths: Any, blank: int) -> None:
        self.xp = xp
        steps, batch = x.shape[:2]
        count = labels.shape[1]
        self.inputs = xp.getitem(lengths, (0,))
        self.ends = xp.getitem(lengths, (1,)) * 2
        self.time = xp.reshape(xp.arange_for(lengths, steps), (steps, 1))
        state = xp.reshape(xp.arange_for(lengths, count), (1, count))
        self.state = state
        wide = xp.broadcast_to(xp.reshape(labels, (1, batch, count)), (steps, batch, count))
        emitted = xp.take_along_axis(x, wide, 2)
        self.emitted = xp.where(emitted < _NEVER, xp.zeros_for(emitted, ()) + _NEVER, emitted)
        # a blank may be left out between two different labels
        before = xp.getitem(labels, (slice(None), slice(0, count - 2)))
        after = xp.getitem(labels, (slice(None), slice(2, None)))
        self.skips = xp.logical_and(after != before, after != blank)
        self.last = xp.reshape(self.ends, (batch, 1))

    def possible(self) -> Any:
        """Which states exist at which time."""
        xp = self.xp
        inside = xp.reshape(self.state <= self.last, (1, self.last.shape[0], -1))
        return xp.logical_and(inside, xp.reshape(self.time < self.inputs, (-1, self.last.shape[0], 1)))

    def forward(self) -> Any:
        """log p(the labels up to each state, at each time)."""
        xp, e = self.xp, self.emitted
        first = xp.getitem(e, (0,))
        never = xp.zeros_for(first, ()) + _NEVER
        begins = xp.logical_and(self.state < 2, self.state <= self.last)
        alpha = xp.where(begins, first, never)
        none = xp.zeros_for(first, (first.shape[0], 2)) + _NEVER
        edge = xp.getitem(none, (slice(None), slice(1)))
        found = [alpha]
        for t in range(1, e.shape[0]):
            one = xp.concat([edge, xp.getitem(alpha, (slice(None), slice(0, -1)))], 1)
            two = xp.where(self.skips, xp.getitem(alpha, (slice(None), slice(0, -2))), never)
            two = xp.concat([none, two], 1)
            alpha = xp.logaddexp(xp.logaddexp(alpha, one), two) + xp.getitem(e, (t,))
            found.append(alpha)
        return xp.stack(found, 0)

    def backward(self) -> Any:
        """log p(the labels from each state on, from each time on)."""
        xp, e = self.xp, self.emitted
        first = xp.getitem(e, (0,))
        never = xp.zeros_for(first, ()) + _NEVER
        none = xp.zeros_for(first, (first.shape[0], 2)) + _NEVER
        edge = xp.getitem(none, (slice(None), slice(1)))
        finals = xp.logical_or(self.state == self.last, self.state == self.last - 1)
        beta = xp.zeros_for(first, first.shape) + _NEVER
        found = []
        for t in range(e.shape[0] - 1, -1, -1):
            one = xp.concat([xp.getitem(beta, (slice(None), slice(1, None))), edge], 1)
            two = xp.where(self.skips, xp.getitem(beta, (slice(None), slice(2, None))), never)
            two = xp.concat([two, none], 1)
            here = xp.getitem(e, (t,))
            beta = xp.logaddexp(xp.logaddexp(beta, one), two) + here
            ending = xp.reshape(self.inputs == t + 1, (-1, 1))
            beta = xp.where(ending, xp.where(finals, here, never), beta)
            found.append(beta)
        return xp.stack(found[::-1], 0)

    def likelihood(self, alphas: Any) -> Any:
        """log p(all labels): (batch,), minus infinity where no alignment is long enough."""
        xp = self.xp
        batch = alphas.shape[1]
        # counted from 1, so that an input of no steps has a place
        at = xp.reshape(xp.where(self.inputs > 0, self.inputs - 1, xp.zeros_like(self.inputs)), (1, batch, 1))
        at = xp.broadcast_to(at, (1, *alphas.shape[1:]))
        final = xp.reshape(xp.take_along_axis(alphas, at, 0), alphas.shape[1:])
        label = xp.where(self.last > 0, self.last - 1, xp.zeros_like(self.last))
        ends = [xp.reshape(xp.take_along_axis(final, k, 1), (batch,)) for k in (self.last, label)]
        never = xp.zeros_for(final, ()) + _NEVER
        total = xp.logaddexp(ends[0], xp.where(self.ends > 0, ends[1], never))
        nothing = xp.where(self.ends > 0, never, xp.zeros_for(final, ()))
        total = xp.where(self.inputs > 0, total, nothing)
        return xp.where(total < _HOPELESS, xp.zeros_for(final, ()) - float("inf"), total)


@autocasts("ctc_loss")
def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Lengths,
    target_lengths: Lengths,
    blank: int = 0,
    reduction: str = "mean",
    zero_infinity: bool = False,
) -> Tensor:
    """The negative log-likelihood of target sequences, over all ways to stretch them in time with blanks between.

    log_probs: (time, batch, class) or (time, class), floating-point, the result of `log_softmax`; targets: (batch,
    longest), int64 or int32, or all behind one another in one dim; input_lengths and target_lengths: (batch,), tensors
    or sequences of ints. blank: the class that stands for no label. reduction: "none" gives (batch,), "sum" their sum,
    "mean" the mean of the losses divided by the lengths of the targets (at least 1). A target that its input is too
    short for has the loss inf and the gradient nan, or both 0 with zero_infinity. 16-bit floats are computed in
    float32. The gradient is, as in PyTorch, right only together with log_softmax. Raises ShapeError for shapes and
    lengths that do not fit, IndexError for a class out of range, DtypeError for other dtypes. Source: Graves et al.
    2006, Connectionist Temporal Classification.
    Unlike torch: second derivatives exist.

    >>> import gputensor as gt
    >>> even = gt.log_softmax(gt.zeros(2, 1, 2), 2)
    >>> gt.nn.functional.ctc_loss(even, gt.tensor([[1]]), (2,), (1,)).exp()  # 3 of 4 alignments say it
    tensor(1.3333)
    """
    name = "ctc_loss"
    reduction = reduction_of(name, reduction)
    tensors(name, log_probs=log_probs, targets=targets)
    d = log_probs.array.dtype
    if d not in REAL:
        raise DtypeError(f"{name}: log_probs must be floating-point, got {dtype_name(d)}; use log_softmax")
    if targets.array.dtype.kind not in "iu":
        raise DtypeError(f"{name}: targets must be int64 numbers of classes, got {dtype_name(targets.array.dtype)}")
    shape = tuple(log_probs.array.shape)
    alone = len(shape) == 2
    if alone:
        log_probs = log_probs.unsqueeze(1)
        shape = (shape[0], 1, shape[1])
    if len(shape) != 3 or 0 in shape[:1] or 0 in shape[2:]:
        raise ShapeError(f"{name}: log_probs must have shape (time, batch, class) or (time, class), got {shape}")
    if not 0 <= blank < shape[2]:
        raise ShapeError(f"{name}: blank {blank} is out of range for {shape[2]} classes")
    inputs, times = _lengths(name, "input_lengths", input_lengths, shape[1], log_probs)
    wanted, ends = _lengths(name, "target_lengths", target_lengths, shape[1], log_probs)
    log_probs, targets, times, ends = beside(name, log_probs, targets, times, ends)
    if inputs.size and (inputs.max() > shape[0] or inputs.min() < 0):
        raise ShapeError(f"{name}: input_lengths must be between 0 and {shape[0]}, got {inputs.tolist()}")
    if wanted.size and wanted.min() < 0:
        raise ShapeError(f"{name}: target_lengths must not be negative, got {wanted.tolist()}")
    labels = _labels(name, targets, wanted, ends.array, blank, shape[2])
    xp = log_probs.xp
    if not shape[1]:
        losses = log_probs.sum((0, 2))
    else:
        lengths = wrap(xp.stack([times.array, ends.array], 0), xp)
        wide = cast(log_probs, F32) if d in HALF else log_probs
        losses = cast(applyn(CtcLoss(int(blank), bool(zero_infinity)), (wide, labels, lengths)), d)
    if zero_infinity:
        losses = where(losses == float("inf"), 0.0, losses)
    if reduction == "mean":
        share = xp.astype(xp.maximum(ends.array, 1), losses.array.dtype)
        return (losses / wrap(share, xp)).mean()
    if reduction == "sum":
        return losses.sum()
    return losses.reshape(()) if alone else losses


def _lengths(name: str, argument: str, given: Any, batch: int, like: Any) -> tuple[np.ndarray, Any]:
    """Lengths, (batch,) int64: on the host, where inside vmap the examples come first, and as a tensor beside like."""
    placed = None
    if isinstance(given, TensorBase):
        if given.array.dtype.kind not in "iu":
            raise DtypeError(f"{name}: {argument} must be integers, got {dtype_name(given.array.dtype)}")
        flat: Any = given.reshape(-1)  # type: ignore[attr-defined]  # a Tensor, as TensorBase is one
        found = np.asarray(host_of_all(flat.xp, flat.array), np.int64)
        if flat.xp.library == "batch":
            placed = (flat if flat.xp.device_type == like.xp.device_type else flat.to(device_of(like.xp))).long()
    elif isinstance(given, (Sequence, int)) and not isinstance(given, str):
        found = np.asarray(given).reshape(-1)
        if found.size and found.dtype.kind not in "iu":
            raise TypeError(f"{name}: {argument} must be ints, got {given!r}")
        found = found.astype(np.int64)
    else:
        raise TypeError(f"{name}: {argument} must be a Tensor or a sequence of ints, got {describe(given)}")
    if found.shape[-1] != batch:
        raise ShapeError(f"{name}: {argument} must have one entry a sequence, {batch}, got {found.shape[-1]}")
    return found, wrap(like.xp.from_host(found), like.xp) if placed is None else placed


def _labels(name: str, targets: Any, lengths: np.ndarray, ends: Any, blank: int, classes: int) -> Any:
    """The targets with blanks before, between and after, padded with blanks: (batch, 2 * longest + 3), int64.

    lengths: on the host, ends: the same beside the targets.
    """
    xp, t = targets.xp, targets.array
    batch = lengths.shape[-1]
    longest = int(lengths.max(initial=0))
    if t.ndim == 1:
        total = lengths.sum(-1)
        if (total > t.shape[0]).any() or (batch != 1 and (total != t.shape[0]).any()):
            raise ShapeError(f"{name}: targets of shape {tuple(t.shape)} must be as long as target_lengths together")
        begins = xp.cumulative_sum(ends, 0) - ends
    elif t.ndim == 2:
        if t.shape[0] != batch or t.shape[1] < longest:
            raise ShapeError(
                f"{name}: targets must have shape ({batch}, {longest} or more) for these target_lengths, got "
                f"{tuple(t.shape)}"
            )
        begins = xp.arange(0, batch, 1, INT64) * t.shape[1]
    else:
        raise ShapeError(f"{name}: targets must have one or two dims, got shape {tuple(t.shape)}")
    flat = xp.astype(xp.reshape(t, (-1,)), INT64)
    states = xp.full((batch, 2 * longest + 3), blank, INT64)
    if longest:
        steps = xp.arange(0, longest, 1, INT64)
        known = steps < xp.reshape(ends, (batch, 1))
        places = xp.where(known, xp.reshape(begins, (batch, 1)) + steps, xp.full((), 0, INT64))
        picked = xp.where(known, xp.index_get(flat, (places,)), xp.full((), blank, INT64))
        outside = xp.first_outside(picked, classes)
        if outside is not None:
            raise IndexError(f"{name}: class {outside} in targets is out of range; use 0 <= class < {classes}")
        xp.copy_into(xp.getitem(states, (slice(None), slice(1, 2 * longest, 2))), picked)
    return wrap(states, xp)
