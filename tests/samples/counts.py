"""Rows of random counts. They are drawn from a generator of their own, the same for every question."""

from tests.samples import Sample, f
from tests.samples.creation import drawn

SAMPLES: list[Sample] = [
    drawn(
        "poisson",
        lambda lib, x: lib.poisson(x * 8),
        inputs=(f(2, 3, kind="positive"),),
        dtypes=("float32", "float64"),
    ),
    drawn(
        "binomial",
        lambda lib, x: lib.binomial(lib.full((2, 3), 40.0, dtype=x.dtype), x / 4),
        inputs=(f(2, 3, kind="positive"),),
        dtypes=("float32", "float64"),
    ),
]
