"""Samples of unpooling, fractional and power-average pooling."""

import numpy as np

from tests.samples import Sample, f


def distinct(*shape):
    return (f(*shape, kind="distinct"),)


def chances(lib, x, *shape):
    """The same numbers between 0 and 1 under both libraries."""
    count = int(np.prod(shape))
    return lib.tensor([((k * 37) % 101) / 101 for k in range(count)], dtype=x.dtype).reshape(shape)


def pooled_and_back(name, *args, **options):
    def call(lib, x):
        F = lib.nn.functional
        values, places = getattr(F, f"max_pool{name}d")(x, *args, return_indices=True, **options)
        return getattr(F, f"max_unpool{name}d")(values * 1.5, places, *args, **options)

    return call


SAMPLES: list[Sample] = [
    Sample("max_unpool1d", pooled_and_back(1, 2), distinct(2, 3, 6)),
    Sample("max_unpool2d", pooled_and_back(2, 2), distinct(2, 3, 4, 6)),
    Sample("max_unpool2d padding", pooled_and_back(2, 3, 3, padding=1), distinct(2, 2, 4, 7)),
    Sample(
        "max_unpool2d output_size",
        lambda lib, x: lib.nn.functional.max_unpool2d(
            *lib.nn.functional.max_pool2d(x, 2, return_indices=True), 2, output_size=(5, 5)
        ),
        distinct(2, 2, 5, 5),
    ),
    Sample("max_unpool3d", pooled_and_back(3, 2), distinct(1, 2, 2, 4, 2)),
    Sample("lp_pool1d", lambda lib, x: lib.nn.functional.lp_pool1d(x, 2, 3, 2), (f(2, 3, 7),)),
    Sample(
        "lp_pool2d",
        lambda lib, x: lib.nn.functional.lp_pool2d(x, 2, 2),
        (f(2, 3, 4, 6),),
        reference=lambda x: np.sqrt((x.reshape(len(x), 3, 2, 2, 3, 2) ** 2).sum((3, 5))),
    ),
    Sample(
        "lp_pool2d ceil_mode",
        lambda lib, x: lib.nn.functional.lp_pool2d(x, 3.0, (2, 3), 2, ceil_mode=True),
        (f(2, 2, 5, 6, kind="positive"),),
    ),
    Sample("lp_pool2d infinity", lambda lib, x: lib.nn.functional.lp_pool2d(x, float("inf"), 2), distinct(2, 2, 4, 4)),
    Sample("lp_pool3d", lambda lib, x: lib.nn.functional.lp_pool3d(x, 2, 2), (f(1, 2, 2, 4, 2),)),
    Sample(
        "fractional_max_pool2d",
        lambda lib, x: lib.nn.functional.fractional_max_pool2d(
            x, (2, 3), (3, 2), _random_samples=chances(lib, x, x.shape[0], 3, 2)
        ),
        distinct(2, 3, 6, 7),
        dtypes=("float32", "float64"),
    ),
    Sample(
        "fractional_max_pool2d indices",
        lambda lib, x: lib.nn.functional.fractional_max_pool2d_with_indices(
            x, 2, output_ratio=(0.5, 0.6), _random_samples=chances(lib, x, x.shape[0], 3, 2)
        ),
        distinct(2, 3, 6, 7),
        dtypes=("float32", "float64"),
    ),
    Sample(
        "fractional_max_pool3d",
        lambda lib, x: lib.nn.functional.fractional_max_pool3d_with_indices(
            x, 2, (2, 3, 1), _random_samples=chances(lib, x, 1, 2, 3)
        ),
        distinct(1, 2, 4, 5, 3),
        dtypes=("float32", "float64"),
    ),
    Sample(
        "max_pool1d_with_indices", lambda lib, x: lib.max_pool1d_with_indices(x, 2, 1), distinct(2, 3, 6),
    ),
    Sample(
        "max_pool2d_with_indices", lambda lib, x: lib.nn.functional.max_pool2d_with_indices(x, 2), distinct(2, 2, 4, 5)
    ),
    Sample(
        "max_pool3d_with_indices",
        lambda lib, x: lib.nn.functional.max_pool3d_with_indices(x, 2),
        distinct(1, 2, 2, 4, 3),
    ),
    Sample(
        "adaptive_max_pool1d_with_indices",
        lambda lib, x: lib.nn.functional.adaptive_max_pool1d_with_indices(x, 3),
        distinct(2, 3, 7),
    ),
    Sample(
        "adaptive_max_pool2d_with_indices",
        lambda lib, x: lib.nn.functional.adaptive_max_pool2d_with_indices(x, (2, 3)),
        distinct(2, 2, 5, 4),
    ),
    Sample(
        "adaptive_max_pool3d_with_indices",
        lambda lib, x: lib.nn.functional.adaptive_max_pool3d_with_indices(x, 2),
        distinct(1, 2, 3, 4, 3),
    ),
]  # fmt: skip
