"""Samples of signs and sizes."""

import numpy as np

from tests.samples import Sample, f

FLOATS = ("float32", "float64", "float16", "bfloat16")


def _sign(x):
    # NumPy has no sign of booleans
    return x if x.dtype == bool else np.sign(x)


SAMPLES: list[Sample] = [
    Sample(
        "abs", lambda lib, x: lib.abs(x), (f(3, 4, kind="distinct"),),
        method=lambda x: abs(x), inplace=lambda x: x.abs_(), reference=np.abs, dtypes=(*FLOATS, "int64"),
    ),
    Sample(
        "abs of complex numbers", lambda lib, x, y: lib.abs(lib.complex(x, y)), (f(3, 4), f(3, 4)),
        method=lambda x, y: (x + 1j * y).abs(), reference=np.hypot, dtypes=("float32", "float64"),
    ),
    Sample(
        "absolute", lambda lib, x: lib.absolute(x), (f(3, 4, kind="distinct"),),
        method=lambda x: x.absolute(), inplace=lambda x: x.absolute_(), reference=np.abs, dtypes=(*FLOATS, "int64"),
    ),
    Sample(
        "sign", lambda lib, x: lib.sign(x), (f(3, 4, kind="distinct"),),
        method=lambda x: x.sign(), inplace=lambda x: x.sign_(), reference=_sign, dtypes=(*FLOATS, "int64", "bool"),
    ),
    Sample(
        "sgn", lambda lib, x: lib.sgn(x), (f(3, 4, kind="distinct"),),
        method=lambda x: x.sgn(), inplace=lambda x: x.sgn_(), reference=_sign,
        dtypes=(*FLOATS, "complex64", "int64", "bool"),
    ),
    Sample(
        "sgn of complex numbers", lambda lib, x, y: lib.view_as_real(lib.sgn(lib.complex(x, y))), (f(3, 4), f(3, 4)),
        reference=lambda x, y: np.stack([x, y], -1) / np.hypot(x, y)[..., None], dtypes=("float32", "float64"),
    ),
    Sample(
        "copysign", lambda lib, x, y: lib.copysign(x, y), (f(3, 4, kind="distinct"), f(4, kind="distinct")),
        method=lambda x, y: x.copysign(y), inplace=lambda x, y: x.copysign_(y), reference=np.copysign,
    ),
    Sample(
        "nextafter", lambda lib, x, y: lib.nextafter(x, y), (f(3, 4), f(4)),
        method=lambda x, y: x.nextafter(y), inplace=lambda x, y: x.nextafter_(y), reference=np.nextafter,
        second=False, reason="PyTorch's gradient is a constant",
    ),
    Sample(
        "heaviside", lambda lib, x, y: lib.heaviside(x, y), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, y: x.heaviside(y), inplace=lambda x, y: x.heaviside_(y), reference=np.heaviside,
        dtypes=(*FLOATS, "int64"), torch=False, reason="PyTorch has no gradient for it",
    ),
    Sample(
        "signbit", lambda lib, x: lib.signbit(x), (f(3, 4),),
        method=lambda x: x.signbit(), reference=np.signbit, differentiable=False, dtypes=(*FLOATS, "int64"),
    ),
]  # fmt: skip
