"""Samples of padding."""

import numpy as np

from tests.samples import Sample, f

MORE = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")

SAMPLES: list[Sample] = [
    Sample(
        "pad",
        lambda lib, x: lib.nn.functional.pad(x, (1, 2)),
        (f(3, 4),),
        reference=lambda x: np.pad(x, [(0, 0), (1, 2)]),
        dtypes=MORE,
    ),
    Sample(
        "pad value",
        lambda lib, x: lib.nn.functional.pad(x, (1, 2, 0, 1), value=3.0),
        (f(3, 4),),
        reference=lambda x: np.pad(x, [(0, 1), (1, 2)], constant_values=3.0),
    ),
    Sample(
        "pad negative",
        lambda lib, x: lib.nn.functional.pad(x, (-1, 2, 1, -2)),
        (f(3, 4),),
        reference=lambda x: np.pad(x[:-2, 1:], [(1, 0), (0, 2)]),
    ),
    Sample(
        "pad reflect",
        lambda lib, x: lib.nn.functional.pad(x, (2, 1, 1, 2), mode="reflect"),
        (f(2, 3, 4),),
        reference=lambda x: np.pad(x, [(0, 0), (1, 2), (2, 1)], mode="reflect"),
    ),
    Sample(
        "pad replicate",
        lambda lib, x: lib.nn.functional.pad(x, (5, 1, 0, 2), mode="replicate"),
        (f(2, 3, 4),),
        reference=lambda x: np.pad(x, [(0, 0), (0, 2), (5, 1)], mode="edge"),
    ),
    Sample(
        "pad circular",
        lambda lib, x: lib.nn.functional.pad(x, (4, 1, 0, 2), mode="circular"),
        (f(2, 3, 4),),
        reference=lambda x: np.pad(x, [(0, 0), (0, 2), (4, 1)], mode="wrap"),
    ),
]
