"""Rows of the Fourier transforms."""

import numpy as np
import scipy.signal

from tests.samples import Sample, f

BOTH = ("float32", "float64", "complex64", "int64", "bool")
REAL = ("float32", "float64", "int64", "bool")

WINDOWS = ("hann", "hamming", "blackman", "bartlett")


def short_time(x, w):
    padded = np.pad(x, ((0, 0), (2, 2)), mode="reflect")
    frames = np.stack([padded[:, k : k + 4] for k in range(0, padded.shape[1] - 3, 2)], -2)
    return np.swapaxes(np.fft.rfft(frames * w), -1, -2)


def overlapped(spectra, w):
    """The inverse of four-point spectra two elements apart, without the padding."""
    frames = np.fft.irfft(np.swapaxes(spectra, -1, -2), 4) * w
    signal, weight = np.zeros(2 * len(frames) + 2), np.zeros(2 * len(frames) + 2)
    for k, frame in enumerate(frames):
        signal[2 * k : 2 * k + 4] += frame
        weight[2 * k : 2 * k + 4] += w * w
    return (signal / weight)[2:-2]


SAMPLES: list[Sample] = [
    Sample(
        "stft",
        lambda lib, x, w: lib.stft(x, 4, 2, window=w, return_complex=True),
        (f(2, 8), f(4, kind="positive")),
        method=lambda x, w: x.stft(4, 2, window=w, return_complex=True),
        reference=short_time,
        dtypes=("float32", "float64"),
    ),
    Sample(
        "istft",
        lambda lib, x, y, w: lib.istft(lib.complex(x, y), 4, 2, window=w),
        (f(3, 4), f(3, 4), f(4, kind="positive")),
        reference=lambda x, y, w: overlapped(x + 1j * y, w),
        dtypes=("float32", "float64"),
    ),
    Sample(
        "windows",
        lambda lib, x: (
            *[getattr(lib, name + "_window")(5, dtype=x.dtype) * x for name in WINDOWS],
            *[getattr(lib.signal.windows, name)(5, dtype=x.dtype) * x for name in WINDOWS],
        ),
        (f(5),),
        reference=lambda x: (
            *[scipy.signal.windows.get_window(name, 5) * x for name in WINDOWS],
            *[scipy.signal.windows.get_window(name, 5, fftbins=False) * x for name in WINDOWS],
        ),
        dtypes=("float32", "float64"),
        rtol=1e-6,
    ),
    Sample(
        "fft",
        lambda lib, x: lib.fft.fft(x),
        (f(2, 5),),
        reference=lambda x: np.fft.fft(x),
        dtypes=BOTH,
    ),
    Sample(
        "fft cut, along another dim, ortho",
        lambda lib, x: lib.fft.fft(x, 3, 0, "ortho"),
        (f(4, 2),),
        reference=lambda x: np.fft.fft(x, 3, 0, "ortho"),
        dtypes=BOTH,
    ),
    Sample(
        "fft with zeros, forward",
        lambda lib, x: lib.fft.fft(x, n=6, norm="forward"),
        (f(2, 4),),
        reference=lambda x: np.fft.fft(x, 6, norm="forward"),
        dtypes=BOTH,
    ),
    Sample(
        "ifft",
        lambda lib, x: lib.fft.ifft(x, dim=0),
        (f(4, 2),),
        reference=lambda x: np.fft.ifft(x, axis=0),
        dtypes=BOTH,
    ),
    Sample(
        "rfft of an even number",
        lambda lib, x: lib.fft.rfft(x),
        (f(2, 6),),
        reference=lambda x: np.fft.rfft(x),
        dtypes=REAL,
    ),
    Sample(
        "rfft of an odd number, ortho",
        lambda lib, x: lib.fft.rfft(x, dim=0, norm="ortho"),
        (f(5, 2),),
        reference=lambda x: np.fft.rfft(x, axis=0, norm="ortho"),
        dtypes=REAL,
    ),
    Sample(
        "rfft of two, of one",
        lambda lib, x: (lib.fft.rfft(x, 2), lib.fft.rfft(x, 1, norm="forward")),
        (f(2, 3),),
        reference=lambda x: (np.fft.rfft(x, 2), np.fft.rfft(x, 1, norm="forward")),
        dtypes=REAL,
    ),
    Sample(
        "irfft",
        lambda lib, x: lib.fft.irfft(x),
        (f(2, 4),),
        reference=lambda x: np.fft.irfft(x),
        dtypes=BOTH,
    ),
    Sample(
        "irfft of an odd number, forward",
        lambda lib, x: lib.fft.irfft(x, 5, 0, "forward"),
        (f(3, 2),),
        reference=lambda x: np.fft.irfft(x, 5, 0, "forward"),
        dtypes=BOTH,
    ),
    Sample(
        "irfft of two, of one, of more than there are",
        lambda lib, x: (lib.fft.irfft(x, 2), lib.fft.irfft(x, 1), lib.fft.irfft(x, 9, norm="ortho")),
        (f(2, 4),),
        reference=lambda x: (np.fft.irfft(x, 2), np.fft.irfft(x, 1), np.fft.irfft(x, 9, norm="ortho")),
        dtypes=BOTH,
    ),
    Sample(
        "hfft",
        lambda lib, x: (lib.fft.hfft(x), lib.fft.hfft(x, 5, 0, "ortho")),
        (f(3, 4),),
        reference=lambda x: (np.fft.hfft(x), np.fft.hfft(x, 5, 0, "ortho")),
        dtypes=BOTH,
    ),
    Sample(
        "ihfft",
        lambda lib, x: (lib.fft.ihfft(x), lib.fft.ihfft(x, 3, 0, "forward")),
        (f(4, 5),),
        reference=lambda x: (np.fft.ihfft(x), np.fft.ihfft(x, 3, 0, "forward")),
        dtypes=REAL,
    ),
    Sample(
        "fft2",
        lambda lib, x: lib.fft.fft2(x),
        (f(2, 3, 4),),
        reference=lambda x: np.fft.fft2(x),
        dtypes=BOTH,
    ),
    Sample(
        "ifft2 sizes dims norm",
        lambda lib, x: lib.fft.ifft2(x, (3, 2), (0, 2), "ortho"),
        (f(2, 2, 4),),
        reference=lambda x: np.fft.ifft2(x, (3, 2), (0, 2), "ortho"),
        dtypes=BOTH,
    ),
    Sample(
        "rfft2 and irfft2",
        lambda lib, x: (lib.fft.rfft2(x), lib.fft.irfft2(x, dim=(-1, 0))),
        (f(3, 4),),
        reference=lambda x: (np.fft.rfft2(x), np.fft.irfft2(x, axes=(-1, 0))),
        dtypes=REAL,
    ),
    Sample(
        "hfft2 and ihfft2",
        lambda lib, x: (lib.fft.hfft2(x, norm="forward"), lib.fft.ihfft2(x, (2, 3))),
        (f(3, 4),),
        reference=lambda x: (
            np.fft.irfft2(np.conj(x), norm="backward"),
            np.conj(np.fft.rfft2(x, (2, 3), norm="forward")),
        ),
        dtypes=REAL,
    ),
    Sample(
        "fftn",
        lambda lib, x: (lib.fft.fftn(x), lib.fft.fftn(x, (2, -1)), lib.fft.fftn(x, dim=1)),
        (f(2, 3, 2),),
        reference=lambda x: (np.fft.fftn(x), np.fft.fftn(x, (2, 2), (1, 2)), np.fft.fft(x, axis=1)),
        dtypes=BOTH,
    ),
    Sample(
        "ifftn",
        lambda lib, x: lib.fft.ifftn(x, dim=(0, 2), norm="forward"),
        (f(2, 3, 2),),
        reference=lambda x: np.fft.ifftn(x, axes=(0, 2), norm="forward"),
        dtypes=BOTH,
    ),
    Sample(
        "rfftn",
        lambda lib, x: (lib.fft.rfftn(x), lib.fft.rfftn(x, (2, 4), (2, 0), "ortho")),
        (f(2, 2, 3),),
        reference=lambda x: (np.fft.rfftn(x), np.fft.rfftn(x, (2, 4), (2, 0), "ortho")),
        dtypes=REAL,
    ),
    Sample(
        "irfftn",
        lambda lib, x: (lib.fft.irfftn(x), lib.fft.irfftn(x, (2, 3), (2, 0), "ortho")),
        (f(2, 2, 3),),
        reference=lambda x: (np.fft.irfftn(x, axes=(0, 1, 2)), np.fft.irfftn(x, (2, 3), (2, 0), "ortho")),
        dtypes=BOTH,
    ),
    Sample(
        "hfftn",
        lambda lib, x: lib.fft.hfftn(x),
        (f(2, 2, 3),),
        reference=lambda x: np.fft.irfftn(np.conj(x), axes=(0, 1, 2), norm="forward"),
        dtypes=BOTH,
    ),
    Sample(
        "ihfftn",
        lambda lib, x: lib.fft.ihfftn(x, dim=(0, 2)),
        (f(2, 2, 3),),
        reference=lambda x: np.conj(np.fft.rfftn(x, axes=(0, 2), norm="forward")),
        dtypes=REAL,
    ),
    Sample(
        "fftshift and ifftshift",
        lambda lib, x: (lib.fft.fftshift(x), lib.fft.ifftshift(x), lib.fft.fftshift(x, 1), lib.fft.ifftshift(x, (1,))),
        (f(2, 5),),
        reference=lambda x: (
            np.fft.fftshift(x),
            np.fft.ifftshift(x),
            np.fft.fftshift(x, 1),
            np.fft.ifftshift(x, 1),
        ),
        dtypes=(*BOTH, "float16", "bfloat16"),
    ),
    Sample(
        "fftfreq and rfftfreq",
        lambda lib, x: (
            lib.fft.fftfreq(5, 0.5, dtype=x.dtype) * x,
            lib.fft.rfftfreq(4, dtype=x.dtype) * x[:3],
            lib.fft.fftfreq(6, dtype=x.dtype) * x[0],
        ),
        (f(5),),
        reference=lambda x: (np.fft.fftfreq(5, 0.5) * x, np.fft.rfftfreq(4) * x[:3], np.fft.fftfreq(6) * x[0]),
        dtypes=("float32", "float64", "float16", "bfloat16"),
    ),
]
