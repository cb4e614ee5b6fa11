"""Rows of the Fourier transforms."""

import numpy as np

from tests.samples import Sample, f

BOTH = ("float32", "float64", "complex64", "int64", "bool")
REAL = ("float32", "float64", "int64", "bool")

SAMPLES: list[Sample] = [
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
