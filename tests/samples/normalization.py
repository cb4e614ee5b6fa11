"""Samples of normalizations."""

import numpy as np

from tests.samples import Sample, f


def mean(x, axes):
    return x.sum(axes, keepdims=True) / np.prod([x.shape[k] for k in np.atleast_1d(axes)])


def standard(x, axes, eps=1e-5):
    centred = x - mean(x, axes)
    return centred / np.sqrt(mean(centred * centred, axes) + eps)


def column(p):
    return p[:, None, None]


SAMPLES: list[Sample] = [
    Sample(
        "batch_norm training",
        lambda lib, x, w, c: lib.nn.functional.batch_norm(x, None, None, w, c, training=True),
        (f(4, 3, 2, 3), f(3), f(3)),
        reference=lambda x, w, c: standard(x, (0, 2, 3)) * column(w) + column(c),
        rtol=2e-5,
        reason="differences from a mean of a few elements",
    ),
    Sample(
        "batch_norm without parameters",
        lambda lib, x: lib.nn.functional.batch_norm(x, None, None, training=True, eps=0.1),
        (f(5, 3),),
        reference=lambda x: standard(x, 0, 0.1),
        rtol=2e-5,
        reason="differences from a mean of a few elements",
    ),
    Sample(
        "batch_norm evaluation",
        lambda lib, x, mean, var, w, c: lib.nn.functional.batch_norm(x, mean, var, w, c),
        (f(4, 3, 2), f(3, grad=False), f(3, kind="positive", grad=False), f(3), f(3)),
        reference=lambda x, mean, var, w, c: (
            (x - mean[:, None]) / np.sqrt(var[:, None] + 1e-5) * w[:, None] + c[:, None]
        ),
    ),
    Sample(
        "instance_norm",
        lambda lib, x, w, c: lib.nn.functional.instance_norm(x, weight=w, bias=c),
        (f(2, 3, 4, 3), f(3), f(3)),
        reference=lambda x, w, c: standard(x, (2, 3)) * column(w) + column(c),
        rtol=2e-5,
        reason="differences from a mean of a few elements",
    ),
    Sample(
        "layer_norm",
        lambda lib, x, w, c: lib.nn.functional.layer_norm(x, (3, 4), w, c),
        (f(2, 3, 4), f(3, 4), f(3, 4)),
        reference=lambda x, w, c: standard(x, (1, 2)) * w + c,
        rtol=2e-5,
        reason="differences from a mean of a few elements",
    ),
    Sample(
        "layer_norm without parameters",
        lambda lib, x: lib.nn.functional.layer_norm(x, (4,), eps=0.1),
        (f(2, 3, 4),),
        reference=lambda x: standard(x, 2, 0.1),
        rtol=2e-5,
        reason="differences from a mean of a few elements",
    ),
    Sample(
        "rms_norm",
        lambda lib, x, w: lib.nn.functional.rms_norm(x, (4,), w, eps=1e-5),
        (f(2, 3, 4), f(4)),
        reference=lambda x, w: x / np.sqrt((x * x).mean(2, keepdims=True) + 1e-5) * w,
    ),
    Sample(
        "group_norm",
        lambda lib, x, w, c: lib.nn.functional.group_norm(x, 2, w, c),
        (f(2, 4, 3, 2), f(4), f(4)),
        reference=lambda x, w, c: standard(x.reshape(2, 2, -1), 2).reshape(x.shape) * column(w) + column(c),
        rtol=2e-5,
        reason="differences from a mean of a few elements",
    ),
    Sample(
        "local_response_norm", lambda lib, x: lib.nn.functional.local_response_norm(x, 3, 0.5, 0.75, 2.0), (f(2, 5, 3),)
    ),
    Sample(
        "normalize",
        lambda lib, x: lib.nn.functional.normalize(x),
        (f(3, 4),),
        reference=lambda x: x / np.sqrt((x * x).sum(1, keepdims=True)),
    ),
    Sample("normalize 3 dim 0", lambda lib, x: lib.nn.functional.normalize(x, p=3.0, dim=0), (f(3, 4),)),
]
