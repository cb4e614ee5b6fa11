"""Activations that draw random numbers: from the device's default generator, bit-equal on every device for the same
seed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.arrays.random_layout import exponential_words, uniform_words
from gputensor.core.apply import wrap
from gputensor.core.explain import check_number, dtype_name
from gputensor.core.promotion import FLOATING
from gputensor.core.random import Generator, drawing_on
from gputensor.errors import DtypeError
from gputensor.ops.activations import leaky_relu, softmax
from gputensor.ops.dims import one_dim
from gputensor.ops.draws import default_stream, stream_of
from gputensor.ops.exponential import log
from gputensor.ops.loss_reduction import tensors
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def rrelu(
    input: Tensor,
    lower: float = 1.0 / 8,
    upper: float = 1.0 / 3,
    training: bool = False,
    generator: Generator | None = None,
) -> Tensor:
    """Each positive element itself, each negative one times a random slope; unless training, times the mean slope.

    The slopes are uniform between lower and upper. Random: takes a uniform number of the generator's stream an element.
    Raises ValueError for a lower above upper, DtypeError for integers. Xu et al., https://arxiv.org/abs/1505.00853.

    >>> import gputensor as gt
    >>> gt.nn.functional.rrelu(gt.tensor([-4.0, 4.0]), 0.25, 0.75)
    tensor([-2.,  4.])
    """
    _floating("rrelu", input)
    check_number("rrelu", "lower", lower)
    check_number("rrelu", "upper", upper)
    if lower > upper:
        raise ValueError(f"rrelu: lower must not be above upper, got {lower} and {upper}")
    if not training:
        return leaky_relu(input, (lower + upper) / 2)
    xp, d, shape = drawing_on(input.xp), input.array.dtype, input.array.shape
    count = math.prod(shape)
    key, offset = stream_of("rrelu", generator, xp).reserve(uniform_words(count, d))
    unit = wrap(xp.reshape(xp.uniform01(key, offset, count, d), shape), xp)
    slopes = unit * (upper - lower) + lower
    return input * where(input <= 0, slopes, 1.0)


def gumbel_softmax(logits: Tensor, tau: float = 1.0, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Tensor:
    """softmax((logits + noise) / tau) with Gumbel noise: a sample of one class, made differentiable.

    logits: (…, n, …), floating-point; returns the same shape. hard: the sample itself, a one-hot row with the gradient
    of the soft one. eps has no effect, as in PyTorch. Random: takes an exponential number of the generator's stream an
    element. Raises DimError (an IndexError) for a dim out of range. Jang, Gu and Poole,
    https://arxiv.org/abs/1611.01144.

    >>> import gputensor as gt
    >>> gt.nn.functional.gumbel_softmax(gt.tensor([0.0, 0.0, 100.0]), hard=True)
    tensor([0., 0., 1.])
    """
    _floating("gumbel_softmax", logits)
    check_number("gumbel_softmax", "tau", tau)
    xp, d, shape = drawing_on(logits.xp), logits.array.dtype, logits.array.shape
    count = math.prod(shape)
    axis = one_dim("gumbel_softmax", dim, len(shape), shape)
    key, offset = default_stream(xp).reserve(exponential_words(count, d))
    noise = -log(wrap(xp.reshape(xp.exponential(key, offset, count, d), shape), xp))
    soft = softmax((logits + noise) / tau, dim)
    if not hard or not shape:
        return soft
    xp = soft.xp
    best = xp.argmax(soft.array, axis, True)
    row = [shape[k] if k == axis else 1 for k in range(len(shape))]
    sample = wrap(xp.astype(xp.equal(xp.reshape(xp.arange_for(best, shape[axis]), tuple(row)), best), d), xp)
    return sample - soft.detach() + soft


def _floating(name: str, x: Any) -> None:
    tensors(name, input=x)
    if x.array.dtype not in FLOATING:
        raise DtypeError(
            f"{name}: expected a floating-point tensor, got {dtype_name(x.array.dtype)}; convert it with .float()"
        )
