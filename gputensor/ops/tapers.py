"""Window functions, which fade a signal in and out: made on the host in float64 and rounded once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import dtypes
from gputensor.core.apply import wrap
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.errors import DtypeError, NumberRangeError, ShapeError
from gputensor.ops.dims import one_int

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Dtype = Any


def bartlett(
    M: int, *, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """The triangle ``1 - |2 k / N - 1|`` over k = 0, …, M - 1.

    sym: symmetric, N = M - 1; else one period of a periodic window, N = M. dtype: float32 or float64, the default dtype
    unless given. A window of one element is 1. Raises ShapeError for a negative M, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.signal.windows.bartlett(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    k, n = places("bartlett", M, sym)
    return made("bartlett", 1 - np.abs(2 * k / n - 1), dtype, device, requires_grad)


def blackman(
    M: int, *, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``0.42 - 0.5 cos(2 pi k / N) + 0.08 cos(4 pi k / N)`` over k = 0, …, M - 1.

    Arguments and errors as in `bartlett`.

    >>> import gputensor as gt
    >>> gt.signal.windows.blackman(5)[1:4]
    tensor([0.3400, 1.0000, 0.3400])
    """
    return made("blackman", cosines("blackman", M, (0.42, 0.5, 0.08), sym), dtype, device, requires_grad)


def cosine(
    M: int, *, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``sin(pi (k + 1/2) / (N + 1))`` over k = 0, …, M - 1; arguments and errors as in `bartlett`.

    >>> import gputensor as gt
    >>> gt.signal.windows.cosine(3)
    tensor([0.5000, 1.0000, 0.5000])
    """
    k, n = places("cosine", M, sym)
    return made("cosine", np.sin(np.pi * (k + 0.5) / (n + 1)), dtype, device, requires_grad)


def exponential(
    M: int, *, center: float | None = None, tau: float = 1.0, sym: bool = True, dtype: Dtype = None,
    layout: Any = None, device: Any = None, requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``exp(-|k - center| / tau)`` over k = 0, …, M - 1.

    center: the middle, N / 2, unless given, which symmetric windows do not allow. tau: above 0, in how many elements it
    falls to 1/e. Other arguments and errors as in `bartlett`; NumberRangeError (a ValueError) for another tau.

    >>> import gputensor as gt
    >>> gt.signal.windows.exponential(3)
    tensor([0.3679, 1.0000, 0.3679])
    """
    if not tau > 0:
        raise NumberRangeError(f"exponential: tau must be positive, got {tau}")
    if sym and center is not None:
        raise ValueError("exponential: a symmetric window has its center in the middle; use sym=False, or no center")
    k, n = places("exponential", M, sym)
    values = np.exp(-np.abs(k - (n / 2 if center is None else center)) / tau)
    return made("exponential", values, dtype, device, requires_grad)


def gaussian(
    M: int, *, std: float = 1.0, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``exp(-((k - N / 2) / std)² / 2)`` over k = 0, …, M - 1.

    std: above 0, in elements. Other arguments and errors as in `bartlett`; NumberRangeError (a ValueError) for another
    std.

    >>> import gputensor as gt
    >>> gt.signal.windows.gaussian(3)
    tensor([0.6065, 1.0000, 0.6065])
    """
    if not std > 0:
        raise NumberRangeError(f"gaussian: std must be positive, got {std}")
    k, n = places("gaussian", M, sym)
    return made("gaussian", np.exp(-0.5 * ((k - n / 2) / std) ** 2), dtype, device, requires_grad)


def general_cosine(
    M: int, *, a: Iterable[float], sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``sum over i of (-1)^i a[i] cos(2 pi i k / N)`` over k = 0, …, M - 1.

    a: a list or tuple of at least one number. Other arguments and errors as in `bartlett`; TypeError for an a that is
    no list.

    >>> import gputensor as gt
    >>> gt.signal.windows.general_cosine(3, a=[0.5, 0.25])
    tensor([0.2500, 0.7500, 0.2500])
    """
    if not isinstance(a, (list, tuple)):
        raise TypeError(f"general_cosine: a must be a list or tuple of numbers, got {type(a).__name__}")
    return made("general_cosine", cosines("general_cosine", M, a, sym), dtype, device, requires_grad)


def general_hamming(
    M: int, *, alpha: float = 0.54, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``alpha - (1 - alpha) cos(2 pi k / N)`` over k = 0, …, M - 1; other arguments and errors as in `bartlett`.

    >>> import gputensor as gt
    >>> gt.signal.windows.general_hamming(3, alpha=0.75)
    tensor([0.5000, 1.0000, 0.5000])
    """
    values = cosines("general_hamming", M, (alpha, 1 - alpha), sym)
    return made("general_hamming", values, dtype, device, requires_grad)


def hamming(
    M: int, *, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``0.54 - 0.46 cos(2 pi k / N)`` over k = 0, …, M - 1; arguments and errors as in `bartlett`.

    >>> import gputensor as gt
    >>> gt.signal.windows.hamming(3)
    tensor([0.0800, 1.0000, 0.0800])
    """
    return made("hamming", cosines("hamming", M, (0.54, 0.46), sym), dtype, device, requires_grad)


def hann(
    M: int, *, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``(1 - cos(2 pi k / N)) / 2`` over k = 0, …, M - 1; arguments and errors as in `bartlett`.

    >>> import gputensor as gt
    >>> gt.signal.windows.hann(5)
    tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return made("hann", cosines("hann", M, (0.5, 0.5), sym), dtype, device, requires_grad)


def kaiser(
    M: int, *, beta: float = 12.0, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """``I0(beta sqrt(1 - (2 k / N - 1)²)) / I0(beta)`` over k = 0, …, M - 1, I0 being a modified Bessel function.

    beta: at least 0, how narrow the window is. Other arguments and errors as in `bartlett`; NumberRangeError (a
    ValueError) for another beta.

    >>> import gputensor as gt
    >>> gt.signal.windows.kaiser(3, beta=2.0)
    tensor([0.4387, 1.0000, 0.4387])
    """
    if not beta >= 0:
        raise NumberRangeError(f"kaiser: beta must not be negative, got {beta}")
    return made("kaiser", bessel("kaiser", M, beta, sym), dtype, device, requires_grad)


def nuttall(
    M: int, *, sym: bool = True, dtype: Dtype = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Nuttall's window of four cosines, the least sidelobes of these; arguments and errors as in `bartlett`.

    The coefficients of `general_cosine` are 0.3635819, 0.4891775, 0.1365995, 0.0106411. Source: Nuttall 1981, Some
    windows with very good sidelobe behavior.

    >>> import gputensor as gt
    >>> gt.signal.windows.nuttall(3)
    tensor([3.6280e-04, 1.0000e+00, 3.6280e-04])
    """
    values = cosines("nuttall", M, (0.3635819, 0.4891775, 0.1365995, 0.0106411), sym)
    return made("nuttall", values, dtype, device, requires_grad)


# ---------------------------------------------------------------- what the windows are made of


def places(name: str, M: Any, sym: Any) -> tuple[np.ndarray, float]:
    """k = 0, …, M - 1 and N, one less than M for symmetric windows; never 0."""
    count = one_int(name, "the length of the window", M)
    if count < 0:
        raise ShapeError(f"{name}: the length of the window must not be negative, got {count}")
    return np.arange(count, dtype=np.float64), float(max(count - 1 if sym else count, 1))


def cosines(name: str, M: Any, a: Sequence[float], sym: Any) -> np.ndarray:
    if not a:
        raise ShapeError(f"{name}: a must have at least one coefficient")
    k, n = places(name, M, sym)
    total = np.zeros(k.size)
    for i, c in enumerate(a):
        total += (-c if i % 2 else c) * np.cos(2 * np.pi * i / n * k)
    return total


def bessel(name: str, M: Any, beta: float, sym: Any) -> np.ndarray:
    k, n = places(name, M, sym)
    inside = np.maximum(1 - (2 * k / n - 1) ** 2, 0)
    return np.asarray(np.i0(beta * np.sqrt(inside)) / np.i0(beta))


def made(name: str, values: np.ndarray, dtype: Any, device: Any, requires_grad: bool, halves: bool = False) -> Any:
    """A tensor of these values in float32 or float64, or in any real floating-point dtype."""
    d = dtypes.get_default_dtype().numpy if dtype is None else numpy_dtype(dtype)
    if d.kind not in "fV" or (d.itemsize == 2 and not halves):
        raise DtypeError(f"{name}: expected dtype float32 or float64, got {d.name}")
    xp = namespace_of(device)
    if values.size == 1:
        values = np.ones(1)  # a single element is its own middle, whatever the period
    out = wrap(xp.from_host(values.astype(d)), xp)
    return out.requires_grad_() if requires_grad else out
