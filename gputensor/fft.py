"""Discrete Fourier transforms of real and complex tensors, with gradients of any order.

>>> import gputensor as gt
>>> gt.fft.irfft(gt.fft.rfft(gt.tensor([1.0, 2.0, 3.0, 4.0])))
tensor([1., 2., 3., 4.])
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.ops.fourier import fft as fft, hfft as hfft, ifft as ifft, ihfft as ihfft, irfft as irfft, rfft as rfft
from gputensor.ops.fourier_nd import (
    fft2 as fft2,
    fftn as fftn,
    hfft2 as hfft2,
    hfftn as hfftn,
    ifft2 as ifft2,
    ifftn as ifftn,
    ihfft2 as ihfft2,
    ihfftn as ihfftn,
    irfft2 as irfft2,
    irfftn as irfftn,
    rfft2 as rfft2,
    rfftn as rfftn,
)
from gputensor.ops.frequencies import (
    fftfreq as fftfreq,
    fftshift as fftshift,
    ifftshift as ifftshift,
    rfftfreq as rfftfreq,
)


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.fft", name)
