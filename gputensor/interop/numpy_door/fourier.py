"""`numpy.fft`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor import Tensor, fft as ours
from gputensor.interop.numpy_door.arguments import tensor, written


def _one(function: Callable[..., Tensor]) -> Callable[..., Any]:
    """NumPy's form of a transform along one axis."""

    def transform(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
        return written(function.__name__, out, function(tensor(a), n, axis, norm))

    return transform


def _two(function: Callable[..., Tensor]) -> Callable[..., Any]:
    """NumPy's form of a transform along two axes."""

    def transform(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None) -> Any:
        return written(function.__name__, out, function(tensor(a), s, axes, norm))

    return transform


def _many(function: Callable[..., Tensor]) -> Callable[..., Any]:
    """NumPy's form of a transform along several axes."""

    def transform(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
        return written(function.__name__, out, function(tensor(a), s, axes, norm))

    return transform


def fftshift(x: Any, axes: Any = None) -> Tensor:
    """`numpy.fft.fftshift`."""
    return ours.fftshift(tensor(x), axes)


def ifftshift(x: Any, axes: Any = None) -> Tensor:
    """`numpy.fft.ifftshift`."""
    return ours.ifftshift(tensor(x), axes)


TABLE: dict[Any, Callable[..., Any]] = {
    np.fft.fft: _one(ours.fft),
    np.fft.fft2: _two(ours.fft2),
    np.fft.fftn: _many(ours.fftn),
    np.fft.fftshift: fftshift,
    np.fft.hfft: _one(ours.hfft),
    np.fft.ifft: _one(ours.ifft),
    np.fft.ifft2: _two(ours.ifft2),
    np.fft.ifftn: _many(ours.ifftn),
    np.fft.ifftshift: ifftshift,
    np.fft.ihfft: _one(ours.ihfft),
    np.fft.irfft: _one(ours.irfft),
    np.fft.irfft2: _two(ours.irfft2),
    np.fft.irfftn: _many(ours.irfftn),
    np.fft.rfft: _one(ours.rfft),
    np.fft.rfft2: _two(ours.rfft2),
    np.fft.rfftn: _many(ours.rfftn),
}
