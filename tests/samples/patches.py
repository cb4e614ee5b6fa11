"""Samples of patches and of channels moved."""

import numpy as np

from tests.samples import Sample, f

ANY = ("float32", "float64", "float16", "bfloat16", "complex64", "bool")
EVERY = (*ANY, "int64")


def columns(x):
    """unfold with windows of (2, 3)."""
    seen = np.lib.stride_tricks.sliding_window_view(x, (2, 3), (2, 3))  # (batch, channel, i, j, tap, tap)
    n, c, i, j = seen.shape[:4]
    return seen.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * 6, i * j)


def shuffled(x):
    n, c, h, w = x.shape
    return x.reshape(n, c // 4, 2, 2, h, w).transpose(0, 1, 4, 2, 5, 3).reshape(n, c // 4, 2 * h, 2 * w)


def dealt(x):
    return x.reshape(x.shape[0], 2, 3, *x.shape[2:]).swapaxes(1, 2).reshape(x.shape)


SAMPLES: list[Sample] = [
    Sample(
        "nn unfold",
        lambda lib, x: lib.nn.functional.unfold(x, (2, 3)),
        (f(2, 3, 4, 5),),
        reference=columns,
        dtypes=ANY,
    ),
    Sample(
        "nn unfold options",
        lambda lib, x: lib.nn.functional.unfold(x, (2, 3), dilation=(2, 1), padding=(1, 2), stride=(2, 3)),
        (f(2, 2, 5, 6),),
    ),
    Sample("nn unfold unbatched", lambda lib, x: lib.nn.functional.unfold(x, 2), (f(2, 3, 4),)),
    Sample("fold", lambda lib, x: lib.nn.functional.fold(x, (3, 4), 2), (f(2, 8, 6),)),
    Sample(
        "fold side by side",
        lambda lib, x: lib.nn.functional.fold(x, (2, 4), (1, 2), stride=(1, 2)),
        (f(2, 2, 4),),
        reference=lambda x: x.transpose(0, 2, 1).reshape(len(x), 1, 2, 4),
    ),
    Sample(
        "fold options",
        lambda lib, x: lib.nn.functional.fold(x, (5, 6), (2, 3), dilation=(2, 1), padding=(1, 2), stride=(2, 3)),
        (f(2, 12, 9),),
    ),
    Sample(
        "pixel_shuffle",
        lambda lib, x: lib.pixel_shuffle(x, 2),
        (f(2, 8, 3, 2),),
        reference=shuffled,
        dtypes=EVERY,
    ),
    Sample("pixel_shuffle without batch", lambda lib, x: lib.nn.functional.pixel_shuffle(x, 3), (f(9, 1, 2),)),
    Sample(
        "pixel_unshuffle",
        lambda lib, x: lib.pixel_unshuffle(lib.pixel_shuffle(x, 2), 2),
        (f(1, 8, 3, 2),),
        reference=lambda x: x,
        dtypes=EVERY,
    ),
    Sample(
        "channel_shuffle",
        lambda lib, x: lib.channel_shuffle(x, 2),
        (f(2, 6, 2),),
        reference=dealt,
        dtypes=EVERY,
    ),
    Sample(
        "native_channel_shuffle",
        lambda lib, x: lib.native_channel_shuffle(x, 2),
        (f(2, 6, 2),),
        reference=dealt,
        torch=False,
        reason="PyTorch has no gradient of it",
    ),
]
