"""The standard's extension `fft`: Fourier transforms."""

from gputensor.array_api._fourier import fft as fft
from gputensor.array_api._fourier import fftfreq as fftfreq
from gputensor.array_api._fourier import fftn as fftn
from gputensor.array_api._fourier import fftshift as fftshift
from gputensor.array_api._fourier import hfft as hfft
from gputensor.array_api._fourier import ifft as ifft
from gputensor.array_api._fourier import ifftn as ifftn
from gputensor.array_api._fourier import ifftshift as ifftshift
from gputensor.array_api._fourier import ihfft as ihfft
from gputensor.array_api._fourier import irfft as irfft
from gputensor.array_api._fourier import irfftn as irfftn
from gputensor.array_api._fourier import rfft as rfft
from gputensor.array_api._fourier import rfftfreq as rfftfreq
from gputensor.array_api._fourier import rfftn as rfftn
