"""Dropout: elements, or whole channels, set to zero at random while training.

The draws are those of the device's default generator, bit-equal on every device for the same seed.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

from gputensor.arrays.random_layout import bernoulli_words
from gputensor.core.apply import wrap
from gputensor.core.explain import check_number, dtype_name
from gputensor.core.promotion import FLOATING
from gputensor.core.random import drawing_on
from gputensor.core.writes import check_writable
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.draws import default_stream
from gputensor.ops.loss_reduction import programs_level, tensors

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_ALPHA = 1.7580993408473766  # minus what SELU gives for minus infinity: scale * alpha of Klambauer et al.


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """input with every element set to zero with probability p and the others divided by 1 - p.

    input itself unless training, or for p = 0. inplace: in the memory of input. Random: takes half a word of the
    generator's stream an element. Raises ValueError for a p outside 0 <= p <= 1, DtypeError for integers. Srivastava et
    al., https://jmlr.org/papers/v15/srivastava14a.html.

    >>> import gputensor as gt
    >>> gt.nn.functional.dropout(gt.ones(2), 0.5, training=False)
    tensor([1., 1.])
    """
    if not _wanted("dropout", input, p, training):
        return input
    return _drop("dropout", input, input.array.shape, p, inplace)


def dropout1d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """input with whole channels set to zero with probability p and the others divided by 1 - p.

    input: (batch, channel, length) or (channel, length). The rest as in `dropout`. Raises ShapeError for other numbers
    of dims.

    >>> import gputensor as gt
    >>> gt.nn.functional.dropout1d(gt.ones(1, 1, 2), 1.0)
    tensor([[[0., 0.]]])
    """
    if not _wanted("dropout1d", input, p, training):
        return input
    shape = input.array.shape
    if len(shape) not in (2, 3):
        raise ShapeError(
            f"dropout1d: expected input of shape (batch, channel, length) or (channel, length), got {tuple(shape)}"
        )
    return _drop("dropout1d", input, (*shape[:-1], 1), p, inplace)


def dropout2d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """input with whole channels set to zero with probability p and the others divided by 1 - p.

    input: (batch, channel, height, width). The rest as in `dropout`. Warns for other numbers of dims, as PyTorch does,
    and then takes the first two for batch and channel. Tompson et al., https://arxiv.org/abs/1411.4280.

    >>> import gputensor as gt
    >>> gt.nn.functional.dropout2d(gt.ones(1, 1, 1, 2), 1.0)
    tensor([[[[0., 0.]]]])
    """
    if not _wanted("dropout2d", input, p, training):
        return input
    if input.array.ndim != 4:
        _warn("dropout2d", input, "(batch, channel, height, width)")
    return _drop("dropout2d", input, _per_channel("dropout2d", input), p, inplace)


def dropout3d(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """input with whole channels set to zero with probability p and the others divided by 1 - p.

    input: (batch, channel, depth, height, width) or (channel, depth, height, width). The rest as in `dropout`. Warns
    for other numbers of dims, as PyTorch does.

    >>> import gputensor as gt
    >>> gt.nn.functional.dropout3d(gt.ones(1, 1, 1, 1, 2), 1.0)
    tensor([[[[[0., 0.]]]]])
    """
    if not _wanted("dropout3d", input, p, training):
        return input
    shape = input.array.shape
    if len(shape) == 5:
        return _drop("dropout3d", input, _per_channel("dropout3d", input), p, inplace)
    if len(shape) != 4:
        _warn("dropout3d", input, "(batch, channel, depth, height, width)")
    return _drop("dropout3d", input, (*shape[:1], *[1] * (len(shape) - 1)), p, inplace)


def alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """input with elements set to SELU's limit at random, then scaled and moved so that mean 0 and variance 1 stay.

    input itself unless training. The rest as in `dropout`. Klambauer et al., https://arxiv.org/abs/1706.02515, section
    4.

    >>> import gputensor as gt
    >>> gt.nn.functional.alpha_dropout(gt.ones(2), 0.5)
    tensor([1., 1.])
    """
    if not _wanted("alpha_dropout", input, p, training):
        return input
    return _drop_to_limit("alpha_dropout", input, input.array.shape, p, inplace)


def feature_alpha_dropout(input: Tensor, p: float = 0.5, training: bool = False, inplace: bool = False) -> Tensor:
    """`alpha_dropout` of whole channels. input: (batch, channel, …).

    Raises ShapeError for fewer than two dims.

    >>> import gputensor as gt
    >>> gt.nn.functional.feature_alpha_dropout(gt.ones(1, 2), 0.5)
    tensor([[1., 1.]])
    """
    if not _wanted("feature_alpha_dropout", input, p, training):
        return input
    return _drop_to_limit("feature_alpha_dropout", input, _per_channel("feature_alpha_dropout", input), p, inplace)


def channel_dropout(name: str, input: Any, p: float, training: bool, inplace: bool) -> Any:
    """Dropout of whole channels, (batch, channel, …), whatever the number of dims."""
    if not _wanted(name, input, p, training):
        return input
    return _drop(name, input, () if p == 1 else _per_channel(name, input), p, inplace)


def _wanted(name: str, input: Any, p: float, training: bool) -> bool:
    """Whether there is anything to do, once the arguments are in order."""
    tensors(name, input=input)
    try:
        possible = 0 <= p <= 1
    except TypeError:
        check_number(name, "p", p)
        raise
    if not possible:
        raise ValueError(f"{name}: p must be a probability between 0 and 1, got {p}")
    if not training or p == 0:
        return False
    if input.array.dtype not in FLOATING:
        raise DtypeError(
            f"{name}: expected a floating-point tensor, got {dtype_name(input.array.dtype)}; convert it with .float()"
        )
    return True


def _drop(name: str, x: Any, shape: tuple[int, ...], p: float, inplace: bool) -> Any:
    if inplace:
        check_writable(x, name)  # before a number is drawn: a call that fails leaves the generator as it was
    # as PyTorch: without a draw where nothing is kept
    noise = _noise(x, shape, p, 1.0 / (1.0 - p)) if p < 1 else wrap(x.xp.full((), 0, x.array.dtype), x.xp)
    return x.mul_(noise) if inplace else x * noise


def _drop_to_limit(name: str, x: Any, shape: tuple[int, ...], p: float, inplace: bool) -> Any:
    if p == 1:
        return _drop(name, x, shape, p, inplace)
    scale = 1.0 / math.sqrt((_ALPHA * _ALPHA * p + 1.0) * (1.0 - p))
    if inplace:
        check_writable(x, name)
    kept = _noise(x, shape, p, 1.0)
    shift = (kept - 1.0) * (_ALPHA * scale) + _ALPHA * scale * p
    kept = kept * scale
    return x.mul_(kept).add_(shift) if inplace else x * kept + shift


def _noise(x: Any, shape: tuple[int, ...], p: float, scale: float) -> Any:
    """`scale` with probability 1 - p, else 0: a constant of x's dtype."""
    xp, d = drawing_on(x.xp), x.array.dtype
    count = math.prod(shape)
    key, offset = default_stream(xp).reserve(bernoulli_words(count))
    kept = xp.bernoulli(key, offset, count, 1.0 - p)
    a = x.array
    flags = getattr(a, "flags", None)  # what vmap maps over has none
    if flags is None or flags.c_contiguous or shape != a.shape:
        kept = xp.reshape(kept, shape)
    else:
        # in the order of x's memory, so that the product keeps it: channels_last
        order = sorted(range(a.ndim), key=lambda k: -abs(a.strides[k]))
        kept = xp.permute_dims(
            xp.reshape(kept, tuple([shape[k] for k in order])), tuple(map(order.index, range(a.ndim)))
        )
    noise = xp.astype(kept, d)
    return wrap(noise if scale == 1 else xp.multiply(noise, xp.scalar(scale, d)), xp)


def _per_channel(name: str, x: Any) -> tuple[int, ...]:
    shape = x.array.shape
    if len(shape) < 2:
        raise ShapeError(f"{name}: input needs at least 2 dims, (batch, channel, …), got shape {tuple(shape)}")
    return (*shape[:2], *[1] * (len(shape) - 2))


def _warn(name: str, x: Any, expected: str) -> None:
    warnings.warn(
        f"{name}: expected input of shape {expected}, got {tuple(x.array.shape)}", UserWarning, programs_level()
    )
