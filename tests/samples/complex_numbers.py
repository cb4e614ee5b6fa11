"""Samples of complex numbers, mostly through their parts, so that gradients are real."""

import numpy as np

from tests.samples import Sample, f

FLOATS = ("float32", "float64")


def _parts(z):
    return np.stack([z.real, z.imag], -1)


SAMPLES: list[Sample] = [
    Sample(
        "complex", lambda lib, x, y: lib.view_as_real(lib.complex(x, y)), (f(3, 4), f(4)),
        reference=lambda x, y: np.stack(np.broadcast_arrays(x, y), -1), dtypes=FLOATS,
    ),
    Sample(
        "polar", lambda lib, x, y: lib.view_as_real(lib.polar(x, y)), (f(3, 4, kind="positive"), f(4)),
        reference=lambda x, y: np.stack([x * np.cos(y), x * np.sin(y)], -1), dtypes=FLOATS,
    ),
    Sample(
        "real", lambda lib, x, y: lib.real(lib.complex(x, y) ** 2), (f(3, 4), f(4)),
        method=lambda x, y: ((x + 1j * y) ** 2).real, reference=lambda x, y: x * x - y * y, dtypes=FLOATS,
    ),
    Sample(
        "imag", lambda lib, x, y: lib.imag(lib.complex(x, y) ** 2), (f(3, 4), f(4)),
        method=lambda x, y: ((x + 1j * y) ** 2).imag, reference=lambda x, y: 2 * x * y, dtypes=FLOATS,
    ),
    Sample(
        "logaddexp complex",
        lambda lib, x, y: lib.view_as_real(lib.logaddexp(lib.complex(x, y / 4), lib.complex(y, x / 2))),
        (f(3, 4), f(3, 4)),
        reference=lambda x, y: _parts(np.log(np.exp(x + 0.25j * y) + np.exp(y + 0.5j * x))), dtypes=FLOATS,
        rtol=1e-4, reason="a result near 0 is the rest of a difference",
    ),
    Sample(
        "logcumsumexp complex", lambda lib, x: lib.view_as_real(lib.logcumsumexp(lib.complex(x, x / 4), 1)),
        (f(3, 4),), reference=lambda x: _parts(np.log(np.exp(x + 0.25j * x).cumsum(1))), dtypes=FLOATS,
        rtol=1e-4, reason="a result near 0 is the rest of a difference",
    ),
    Sample(
        "conj", lambda lib, x, y: lib.imag(lib.conj(lib.complex(x, y)) * lib.complex(y, x)), (f(3, 4), f(3, 4)),
        method=lambda x, y: ((x + 1j * y).conj() * (y + 1j * x)).imag, reference=lambda x, y: x * x - y * y,
        dtypes=FLOATS,
    ),
    Sample(
        "conj of one dtype", lambda lib, x: lib.conj(x).resolve_conj(), (f(3, 4),),
        method=lambda x: x.conj().resolve_conj(), reference=np.conj, dtypes=("complex64", "float32", "int64"),
    ),
    Sample(
        "conj_physical", lambda lib, x: lib.conj_physical(x), (f(3, 4),),
        method=lambda x: x.conj_physical(), inplace=lambda x: x.conj_physical_(),
        reference=np.conj, dtypes=("complex64", "float32"),
    ),
    Sample(
        "resolve_conj", lambda lib, x: lib.resolve_conj(x), (f(3, 4),),
        method=lambda x: x.resolve_conj(), reference=lambda x: x, dtypes=("complex64", "float32"),
    ),
    Sample(
        "angle", lambda lib, x: lib.angle(x), (f(3, 4, kind="distinct"),),
        method=lambda x: x.angle(), reference=np.angle, dtypes=(*FLOATS, "float16", "bfloat16", "complex64"),
    ),
    Sample(
        "angle of complex numbers", lambda lib, x, y: lib.angle(lib.complex(x, y)), (f(3, 4), f(4, kind="positive")),
        method=lambda x, y: (x + 1j * y).angle(), reference=lambda x, y: np.arctan2(y, x), dtypes=FLOATS,
    ),
    Sample(
        "view_as_real", lambda lib, x, y: lib.view_as_real(lib.complex(x, y) ** 2), (f(3, 4), f(4)),
        reference=lambda x, y: np.stack([x * x - y * y, 2 * x * y], -1), dtypes=FLOATS,
    ),
    Sample(
        "view_as_complex", lambda lib, x: lib.real(lib.view_as_complex((x * 1).contiguous()) ** 2), (f(3, 4, 2),),
        reference=lambda x: x[..., 0] ** 2 - x[..., 1] ** 2, dtypes=FLOATS,
    ),
]  # fmt: skip
