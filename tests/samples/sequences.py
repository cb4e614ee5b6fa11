"""Samples of bags of rows, of sequence losses, and of convolution over time."""

import numpy as np

from tests.samples import Input, Sample, f

TARGETS = [[1, 2, 2], [3, 1, 0]]


def bags(mode, **options):
    def call(lib, w):
        numbers, offsets = lib.tensor([1, 3, 0, 3, 2, 1, 1]), lib.tensor([0, 3, 3, 5])
        return lib.nn.functional.embedding_bag(numbers, w, offsets, mode=mode, **options)

    return call


def bagged(reduce):
    def reference(w):
        parts = [w[[1, 3, 0]], w[:0], w[[3, 2]], w[[1, 1]]]
        return np.stack([reduce(p, 0) if len(p) else np.zeros(w.shape[1]) for p in parts])

    return reference


def aligned(x):
    """The likelihood of the labels (1,) over 3 steps: all sequences of 3 classes that collapse to it."""
    p = np.exp(x - np.log(np.exp(x).sum(-1, keepdims=True)))
    total = 0.0
    for path in np.ndindex(3, 3, 3):
        if [c for k, c in enumerate(path) if c and (k == 0 or path[k - 1] != c)] == [1]:
            total = total + p[0, 0, path[0]] * p[1, 0, path[1]] * p[2, 0, path[2]]
    return -np.log(total)


def ctc(reduction, **options):
    def call(lib, x):
        targets = lib.tensor(TARGETS)
        log_probs = lib.nn.functional.log_softmax(x, 2)
        return lib.nn.functional.ctc_loss(log_probs, targets, [7, 5], [3, 2], reduction=reduction, **options)

    return call


SAMPLES: list[Sample] = [
    Sample("embedding_bag sum", bags("sum"), (f(4, 3),), reference=bagged(np.sum)),
    Sample("embedding_bag mean", bags("mean"), (f(4, 3),), reference=bagged(np.mean)),
    Sample("embedding_bag max", bags("max"), (f(4, 3, kind="distinct"),), reference=bagged(np.max)),
    Sample("embedding_bag padding", bags("mean", padding_idx=1), (f(4, 3),)),
    Sample("embedding_bag max padding", bags("max", padding_idx=-1), (f(4, 3, kind="distinct"),)),
    Sample(
        "embedding_bag last offset",
        lambda lib, w: lib.nn.functional.embedding_bag(
            lib.tensor([1, 3, 0, 3]), w, lib.tensor([0, 3, 4]), include_last_offset=True
        ),
        (f(4, 3),),
        reference=lambda w: np.stack([w[[1, 3, 0]].mean(0), w[3]]),
    ),
    Sample(
        "embedding_bag weighted",
        lambda lib, i, w, p: lib.nn.functional.embedding_bag(i, w, per_sample_weights=p, mode="sum"),
        (Input((3, 2), "index", 0, 4, False), f(4, 3), f(3, 2)),
        reference=lambda i, w, p: (w[i] * p[..., None]).sum(1),
    ),
    Sample(
        "embedding_bag of torch's order",
        lambda lib, i, w: lib.embedding_bag(w, i, lib.tensor([0, 4]), False, 1, False, None, False, 2)[0],
        (Input((6,), "index", 0, 4, False), f(4, 3)),
    ),
    Sample(
        "ctc_loss",
        lambda lib, x: lib.nn.functional.ctc_loss(
            lib.nn.functional.log_softmax(x, 2), lib.tensor([[1]]), (3,), (1,), reduction="sum"
        ),
        (f(3, 1, 3),),
        reference=aligned,
        rtol=1e-4,
        reason="log-sums over every step, one after the other",
    ),
    Sample(
        "ctc_loss none", ctc("none"), (f(7, 2, 4),), rtol=1e-4, dtypes=("float32", "float64"),
        reason="log-sums over every step, one after the other",
    ),
    Sample(
        "ctc_loss mean blank", ctc("mean", blank=0, zero_infinity=True), (f(7, 2, 4),), rtol=1e-4,
        dtypes=("float32", "float64"), reason="log-sums over every step, one after the other",
    ),
    Sample(
        "ctc_loss of torch's order",
        lambda lib, x: lib.ctc_loss(
            lib.log_softmax(x, 1), lib.tensor([1, 2]), lib.tensor([5]), lib.tensor([2]), 3, 2
        ),
        (f(5, 4),),
        rtol=1e-4,
        dtypes=("float32", "float64"),
        reason="log-sums over every step, one after the other",
    ),
    Sample(
        "linear_cross_entropy",
        lambda lib, x, w: lib.nn.functional.linear_cross_entropy(x, w, lib.tensor([0, 2, 1])),
        (f(3, 4), f(5, 4)),
        dtypes=("float32", "float64"),
    ),
    Sample(
        "linear_cross_entropy bias",
        lambda lib, x, w, b: lib.nn.functional.linear_cross_entropy(
            x, w, lib.tensor([[0, 2], [1, 1], [4, 0]]), linear_bias=b, label_smoothing=0.1, reduction="sum"
        ),
        (f(3, 4), f(5, 2, 4), f(5, 2)),
        dtypes=("float32", "float64"),
    ),
    Sample(
        "conv_tbc",
        lambda lib, x, w, b: lib.conv_tbc(x, w, b, 1),
        (f(5, 2, 3), f(2, 3, 4), f(4)),
        dtypes=("float32", "float64"),
    ),
]  # fmt: skip
