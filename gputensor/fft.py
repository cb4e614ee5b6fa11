"""Discrete Fourier transforms of real and complex tensors, with gradients of any order.

>>> import gputensor as gt
>>> gt.fft.irfft(gt.fft.rfft(gt.tensor([1.0, 2.0, 3.0, 4.0])))
tensor([1., 2., 3., 4.])
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.ops.fourier import fft as fft
from gputensor.ops.fourier import hfft as hfft
from gputensor.ops.fourier import ifft as ifft
from gputensor.ops.fourier import ihfft as ihfft
from gputensor.ops.fourier import irfft as irfft
from gputensor.ops.fourier import rfft as rfft
from gputensor.ops.fourier_nd import fft2 as fft2
from gputensor.ops.fourier_nd import fftn as fftn
from gputensor.ops.fourier_nd import hfft2 as hfft2
from gputensor.ops.fourier_nd import hfftn as hfftn
from gputensor.ops.fourier_nd import ifft2 as ifft2
from gputensor.ops.fourier_nd import ifftn as ifftn
from gputensor.ops.fourier_nd import ihfft2 as ihfft2
from gputensor.ops.fourier_nd import ihfftn as ihfftn
from gputensor.ops.fourier_nd import irfft2 as irfft2
from gputensor.ops.fourier_nd import irfftn as irfftn
from gputensor.ops.fourier_nd import rfft2 as rfft2
from gputensor.ops.fourier_nd import rfftn as rfftn
from gputensor.ops.frequencies import fftfreq as fftfreq
from gputensor.ops.frequencies import fftshift as fftshift
from gputensor.ops.frequencies import ifftshift as ifftshift
from gputensor.ops.frequencies import rfftfreq as rfftfreq


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.fft", name)
