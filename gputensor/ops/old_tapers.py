"""The window functions under PyTorch's older names, periodic unless asked otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.ops.tapers import bessel, cosines, made, places

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def hann_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``(1 - cos(2 pi k / N)) / 2`` over k = 0, …, window_length - 1.

    periodic: one period of a periodic window, N = window_length; else symmetric, N = window_length - 1. dtype: real and
    floating-point, the default dtype unless given. Raises ShapeError for a negative length, DtypeError for other
    dtypes.

    >>> import gputensor as gt
    >>> gt.hann_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    values = cosines("hann_window", window_length, (0.5, 0.5), not periodic)
    return made("hann_window", values, dtype, device, requires_grad, halves=True)


def hamming_window(
    window_length: int, periodic: bool = True, alpha: float = 0.54, beta: float = 0.46, *, dtype: Any = None,
    layout: Any = None, device: Any = None, pin_memory: bool = False, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``alpha - beta cos(2 pi k / N)`` over k = 0, …, window_length - 1.

    Other arguments and errors as in `hann_window`.

    >>> import gputensor as gt
    >>> gt.hamming_window(4)
    tensor([0.0800, 0.5400, 1.0000, 0.5400])
    """
    values = cosines("hamming_window", window_length, (alpha, beta), not periodic)
    return made("hamming_window", values, dtype, device, requires_grad, halves=True)


def blackman_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``0.42 - 0.5 cos(2 pi k / N) + 0.08 cos(4 pi k / N)``, k = 0, …, window_length - 1.

    Arguments and errors as in `hann_window`.

    >>> import gputensor as gt
    >>> gt.blackman_window(4)[1:]
    tensor([0.3400, 1.0000, 0.3400])
    """
    values = cosines("blackman_window", window_length, (0.42, 0.5, 0.08), not periodic)
    return made("blackman_window", values, dtype, device, requires_grad, halves=True)


def bartlett_window(
    window_length: int, periodic: bool = True, *, dtype: Any = None, layout: Any = None, device: Any = None,
    pin_memory: bool = False, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """The triangle ``1 - |2 k / N - 1|``, k = 0, …, window_length - 1; arguments and errors as in `hann_window`.

    >>> import gputensor as gt
    >>> gt.bartlett_window(4)
    tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    k, n = places("bartlett_window", window_length, not periodic)
    return made("bartlett_window", 1 - np.abs(2 * k / n - 1), dtype, device, requires_grad, halves=True)


def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, *, dtype: Any = None, layout: Any = None,
    device: Any = None, pin_memory: bool = False, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``I0(beta sqrt(1 - (2 k / N - 1)²)) / I0(beta)``, k = 0, …, window_length - 1, with the Bessel function I0.

    beta: how narrow the window is. Other arguments and errors as in `hann_window`.

    >>> import gputensor as gt
    >>> gt.kaiser_window(4, beta=2.0)
    tensor([0.4387, 0.8348, 1.0000, 0.8348])
    """
    values = bessel("kaiser_window", window_length, beta, not periodic)
    return made("kaiser_window", values, dtype, device, requires_grad, halves=True)
