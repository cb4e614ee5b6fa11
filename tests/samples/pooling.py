"""Samples of pooling and adaptive pooling."""

import numpy as np

from tests.samples import Sample, f


def windows(x, size, stride):
    return np.lib.stride_tricks.sliding_window_view(x, (size, size), (2, 3))[:, :, ::stride, ::stride]


def distinct(*shape):
    return (f(*shape, kind="distinct"),)


SAMPLES: list[Sample] = [
    Sample("max_pool1d", lambda lib, x: lib.nn.functional.max_pool1d(x, 2), distinct(2, 3, 7)),
    Sample(
        "max_pool2d",
        lambda lib, x: lib.nn.functional.max_pool2d(x, 2),
        distinct(2, 3, 5, 4),
        reference=lambda x: windows(x, 2, 2).max((4, 5)),
        dtypes=("float32", "float64", "float16", "bfloat16", "int64"),
    ),
    Sample(
        "max_pool2d overlapping",
        lambda lib, x: lib.nn.functional.max_pool2d(x, 3, stride=1),
        distinct(2, 2, 5, 4),
        reference=lambda x: windows(x, 3, 1).max((4, 5)),
    ),
    Sample(
        "max_pool2d padding dilation",
        lambda lib, x: lib.nn.functional.max_pool2d(x, (3, 2), stride=2, padding=1, dilation=(1, 2)),
        distinct(2, 2, 6, 7),
    ),
    Sample(
        "max_pool2d ceil_mode",
        lambda lib, x: lib.nn.functional.max_pool2d(x, 3, 2, ceil_mode=True),
        distinct(2, 2, 6, 6),
    ),
    Sample(
        "max_pool2d indices",
        lambda lib, x: lib.nn.functional.max_pool2d(x, 3, 2, 1, return_indices=True),
        distinct(2, 2, 6, 5),
    ),
    Sample("max_pool2d unbatched", lambda lib, x: lib.nn.functional.max_pool2d(x, 2), distinct(3, 5, 4)),
    Sample("max_pool3d", lambda lib, x: lib.nn.functional.max_pool3d(x, 2, 1), distinct(1, 2, 3, 4, 3)),
    Sample("avg_pool1d", lambda lib, x: lib.nn.functional.avg_pool1d(x, 2, padding=1), (f(2, 3, 7),)),
    Sample(
        "avg_pool2d",
        lambda lib, x: lib.nn.functional.avg_pool2d(x, 2),
        (f(2, 3, 5, 4),),
        reference=lambda x: windows(x, 2, 2).mean((4, 5)),
    ),
    Sample(
        "avg_pool2d overlapping",
        lambda lib, x: lib.nn.functional.avg_pool2d(x, 3, stride=1),
        (f(2, 2, 5, 4),),
        reference=lambda x: windows(x, 3, 1).mean((4, 5)),
    ),
    Sample(
        "avg_pool2d ceil_mode padding",
        lambda lib, x: lib.nn.functional.avg_pool2d(x, 3, 2, padding=1, ceil_mode=True),
        (f(2, 2, 6, 6),),
    ),
    Sample(
        "avg_pool2d without padding in the count",
        lambda lib, x: lib.nn.functional.avg_pool2d(x, 3, 2, padding=1, count_include_pad=False),
        (f(2, 2, 6, 6),),
    ),
    Sample(
        "avg_pool2d divisor", lambda lib, x: lib.nn.functional.avg_pool2d(x, 2, divisor_override=3), (f(2, 2, 6, 6),)
    ),
    Sample("avg_pool3d", lambda lib, x: lib.nn.functional.avg_pool3d(x, 2, 1), (f(1, 2, 3, 4, 3),)),
    Sample("adaptive_avg_pool1d", lambda lib, x: lib.nn.functional.adaptive_avg_pool1d(x, 3), (f(2, 3, 7),)),
    Sample("adaptive_avg_pool2d", lambda lib, x: lib.nn.functional.adaptive_avg_pool2d(x, (3, 2)), (f(2, 2, 5, 4),)),
    Sample(
        "adaptive_avg_pool2d even", lambda lib, x: lib.nn.functional.adaptive_avg_pool2d(x, (3, None)), (f(2, 2, 6, 5),)
    ),
    Sample(
        "adaptive_avg_pool2d one",
        lambda lib, x: lib.nn.functional.adaptive_avg_pool2d(x, 1),
        (f(2, 2, 5, 4),),
        reference=lambda x: x.mean((2, 3), keepdims=True),
    ),
    Sample("adaptive_avg_pool3d", lambda lib, x: lib.nn.functional.adaptive_avg_pool3d(x, 2), (f(1, 2, 3, 4, 3),)),
    Sample("adaptive_max_pool1d", lambda lib, x: lib.nn.functional.adaptive_max_pool1d(x, 3), distinct(2, 3, 7)),
    Sample(
        "adaptive_max_pool2d", lambda lib, x: lib.nn.functional.adaptive_max_pool2d(x, (3, 2)), distinct(2, 2, 5, 4)
    ),
    Sample(
        "adaptive_max_pool2d indices",
        lambda lib, x: lib.nn.functional.adaptive_max_pool2d(x, (3, 2), return_indices=True),
        distinct(2, 2, 5, 4),
    ),
    Sample("adaptive_max_pool3d", lambda lib, x: lib.nn.functional.adaptive_max_pool3d(x, 2), distinct(1, 2, 3, 4, 3)),
]
