"""Samples of convolutions."""

import numpy as np

from tests.samples import Sample, f

WITH_MORE = ("float32", "float64", "float16", "bfloat16", "complex64", "int64")


def conv(x, w, bias=None, stride=1, padding=0, dilation=1, groups=1):
    """The definition, place by place, for two spatial dims."""
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    (n, _, h, v), (o, few, k, m) = x.shape, w.shape
    rows = (h - dilation * (k - 1) - 1) // stride + 1
    columns = (v - dilation * (m - 1) - 1) // stride + 1
    out = np.zeros((n, o, rows, columns), np.result_type(x, w))
    for each in range(o):
        first = each // (o // groups) * few
        for i in range(rows):
            for j in range(columns):
                part = x[
                    :,
                    first : first + few,
                    i * stride : i * stride + dilation * (k - 1) + 1 : dilation,
                    j * stride : j * stride + dilation * (m - 1) + 1 : dilation,
                ]
                out[:, each, i, j] = (part * w[each]).sum((1, 2, 3))
    return out if bias is None else out + bias[:, None, None]


SAMPLES: list[Sample] = [
    Sample("conv1d", lambda lib, x, w: lib.nn.functional.conv1d(x, w), (f(2, 3, 7), f(4, 3, 3)), dtypes=WITH_MORE),
    Sample(
        "conv1d bias stride padding",
        lambda lib, x, w, c: lib.nn.functional.conv1d(x, w, c, stride=2, padding=1),
        (f(2, 3, 7), f(4, 3, 3), f(4)),
    ),
    Sample(
        "conv2d",
        lambda lib, x, w: lib.nn.functional.conv2d(x, w),
        (f(2, 3, 5, 4), f(4, 3, 2, 3)),
        reference=conv,
        dtypes=WITH_MORE,
    ),
    Sample(
        "conv2d bias",
        lambda lib, x, w, c: lib.nn.functional.conv2d(x, w, c),
        (f(2, 3, 5, 4), f(4, 3, 2, 3), f(4)),
        reference=conv,
        dtypes=WITH_MORE,
    ),
    Sample(
        "conv2d stride padding dilation",
        lambda lib, x, w, c: lib.nn.functional.conv2d(x, w, c, stride=2, padding=1, dilation=2),
        (f(2, 3, 7, 6), f(4, 3, 2, 3), f(4)),
        reference=lambda x, w, c: conv(x, w, c, 2, 1, 2),
    ),
    Sample(
        "conv2d groups",
        lambda lib, x, w, c: lib.nn.functional.conv2d(x, w, c, groups=2),
        (f(2, 4, 5, 4), f(6, 2, 2, 3), f(6)),
        reference=lambda x, w, c: conv(x, w, c, groups=2),
    ),
    Sample(
        "conv2d depthwise",
        lambda lib, x, w: lib.nn.functional.conv2d(x, w, padding=1, groups=3),
        (f(2, 3, 5, 4), f(6, 1, 3, 3)),
        reference=lambda x, w: conv(x, w, padding=1, groups=3),
    ),
    Sample(
        "conv2d pointwise",
        lambda lib, x, w, c: lib.nn.functional.conv2d(x, w, c, stride=2),
        (f(2, 3, 5, 4), f(4, 3, 1, 1), f(4)),
        reference=lambda x, w, c: conv(x, w, c, 2),
    ),
    Sample(
        "conv2d same",
        lambda lib, x, w: lib.nn.functional.conv2d(x, w, padding="same", dilation=2),
        (f(2, 3, 5, 4), f(4, 3, 2, 3)),
    ),
    Sample("conv2d unbatched", lambda lib, x, w: lib.nn.functional.conv2d(x, w), (f(3, 5, 4), f(4, 3, 2, 3))),
    Sample("conv2d empty batch", lambda lib, x, w: lib.nn.functional.conv2d(x, w), (f(0, 3, 5, 4), f(4, 3, 2, 3))),
    Sample(
        "conv3d",
        lambda lib, x, w, c: lib.nn.functional.conv3d(x, w, c, padding=1, stride=(1, 2, 1)),
        (f(2, 2, 3, 4, 3), f(3, 2, 2, 3, 2), f(3)),
    ),
    Sample(
        "conv_transpose1d",
        lambda lib, x, w, c: lib.nn.functional.conv_transpose1d(x, w, c, stride=2),
        (f(2, 3, 5), f(3, 4, 3), f(4)),
    ),
    Sample(
        "conv_transpose2d",
        lambda lib, x, w: lib.nn.functional.conv_transpose2d(x, w),
        (f(2, 3, 4, 3), f(3, 4, 2, 3)),
    ),
    Sample(
        "conv_transpose2d all arguments",
        lambda lib, x, w, c: lib.nn.functional.conv_transpose2d(
            x, w, c, stride=2, padding=1, output_padding=1, groups=2, dilation=2
        ),
        (f(2, 4, 4, 3), f(4, 3, 2, 3), f(6)),
    ),
    Sample(
        "conv_transpose3d",
        lambda lib, x, w: lib.nn.functional.conv_transpose3d(x, w, stride=2),
        (f(1, 2, 2, 3, 2), f(2, 3, 2, 2, 2)),
    ),
]
