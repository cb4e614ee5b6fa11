"""Fourier transforms: the standard's extension `fft`. Real input is taken where complex numbers are asked for.

n, s: how many points are transformed, the end cut or filled with zeros; all unless given. norm: "backward" divides the
inverse transform by their number, "forward" the other one, "ortho" both by its root. Raises DimError (an IndexError and
ValueError) for an axis out of range, ValueError for another norm, DtypeError (a TypeError) for other dtypes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain
from gputensor.array_api._array import Array

Axes = int | Sequence[int] | None


def fft(x: gt.Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Array:
    """Discrete Fourier transform along an axis: complex.

    >>> from gputensor import array_api as xp
    >>> xp.fft.fft(xp.asarray([1.0, 0.0]))
    Array([1.+0.j, 1.+0.j])
    """
    return made(gt.fft.fft(plain(x), n, axis, norm))


def ifft(x: gt.Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Array:
    """Inverse of `fft` along an axis: complex.

    >>> from gputensor import array_api as xp
    >>> xp.fft.ifft(xp.asarray([1.0, 1.0]))
    Array([1.-0.j, 0.-0.j])
    """
    return made(gt.fft.ifft(plain(x), n, axis, norm))


def rfft(x: gt.Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Array:
    """`fft` of real numbers along an axis, the first n // 2 + 1 points: complex. The others are their conjugates.

    >>> from gputensor import array_api as xp
    >>> xp.fft.rfft(xp.asarray([1.0, 0.0]))
    Array([1.+0.j, 1.+0.j])
    """
    return made(gt.fft.rfft(plain(x), n, axis, norm))


def irfft(x: gt.Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Array:
    """Inverse of `rfft` along an axis: real. n: 2 (points - 1) unless given.

    >>> from gputensor import array_api as xp
    >>> xp.fft.irfft(xp.asarray([1.0, 1.0]))
    Array([1., 0.])
    """
    return made(gt.fft.irfft(plain(x), n, axis, norm))


def hfft(x: gt.Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Array:
    """`fft` of a signal with Hermitian symmetry, given by its first half, along an axis: real. n: 2 (points - 1)
    unless given.

    >>> from gputensor import array_api as xp
    >>> xp.fft.hfft(xp.asarray([1.0, 0.0]))
    Array([1., 1.])
    """
    return made(gt.fft.hfft(plain(x), n, axis, norm))


def ihfft(x: gt.Tensor, /, *, n: int | None = None, axis: int = -1, norm: str = "backward") -> Array:
    """Inverse of `hfft` along an axis: the first half of a signal with Hermitian symmetry, complex.

    >>> from gputensor import array_api as xp
    >>> xp.fft.ihfft(xp.asarray([1.0, 1.0]))
    Array([1.-0.j, 0.-0.j])
    """
    return made(gt.fft.ihfft(plain(x), n, axis, norm))


def fftn(
    x: gt.Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward"
) -> Array:
    """Discrete Fourier transform along several axes, all unless given: complex.

    >>> from gputensor import array_api as xp
    >>> xp.fft.fftn(xp.ones((2, 2)))[0, 0]
    Array(4.+0.j)
    """
    return made(gt.fft.fftn(plain(x), s, axes, norm))


def ifftn(
    x: gt.Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward"
) -> Array:
    """Inverse of `fftn` along several axes, all unless given: complex.

    >>> from gputensor import array_api as xp
    >>> xp.fft.ifftn(xp.ones((2, 2))).shape
    gputensor.Size([2, 2])
    """
    return made(gt.fft.ifftn(plain(x), s, axes, norm))


def rfftn(
    x: gt.Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward"
) -> Array:
    """`fftn` of real numbers, along the last axis the first n // 2 + 1 points: complex.

    >>> from gputensor import array_api as xp
    >>> xp.fft.rfftn(xp.ones((2, 2))).shape
    gputensor.Size([2, 2])
    """
    return made(gt.fft.rfftn(plain(x), s, axes, norm))


def irfftn(
    x: gt.Tensor, /, *, s: Sequence[int] | None = None, axes: Sequence[int] | None = None, norm: str = "backward"
) -> Array:
    """Inverse of `rfftn`: real. The last size of s: 2 (points - 1) unless given.

    >>> from gputensor import array_api as xp
    >>> xp.fft.irfftn(xp.ones((2, 2)))[0, 0]
    Array(1.)
    """
    return made(gt.fft.irfftn(plain(x), s, axes, norm))


def fftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Array:
    """The frequencies of the n points of `fft`: 0, 1, …, -2, -1 over n d, d being the sampling distance.

    >>> from gputensor import array_api as xp
    >>> xp.fft.fftfreq(4)
    Array([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    return made(gt.fft.fftfreq(n, d, dtype=dtype, device=device))


def rfftfreq(n: int, /, *, d: float = 1.0, dtype: Any = None, device: Any = None) -> Array:
    """The frequencies of the n // 2 + 1 points of `rfft`: 0, 1, …, n // 2 over n d, d being the sampling distance.

    >>> from gputensor import array_api as xp
    >>> xp.fft.rfftfreq(4)
    Array([0.0000, 0.2500, 0.5000])
    """
    return made(gt.fft.rfftfreq(n, d, dtype=dtype, device=device))


def fftshift(x: gt.Tensor, /, *, axes: Axes = None) -> Array:
    """x with frequency 0 moved to the middle along the axes, all unless given.

    >>> from gputensor import array_api as xp
    >>> xp.fft.fftshift(xp.asarray([0, 1, -2, -1]))
    Array([-2, -1,  0,  1])
    """
    return made(gt.fft.fftshift(plain(x), axes))


def ifftshift(x: gt.Tensor, /, *, axes: Axes = None) -> Array:
    """The inverse of `fftshift`.

    >>> from gputensor import array_api as xp
    >>> xp.fft.ifftshift(xp.asarray([-2, -1, 0, 1]))
    Array([ 0,  1, -2, -1])
    """
    return made(gt.fft.ifftshift(plain(x), axes))
