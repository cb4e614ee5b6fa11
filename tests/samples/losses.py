"""Samples of losses."""

import numpy as np

from tests.samples import Sample, f, i


def log_softmax(x, axis=1):
    shifted = x - x.max(axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))


def chosen(logs, target):
    return -np.take_along_axis(logs, target[:, None], 1)[:, 0]


def smooth(x, bound):
    return np.where(abs(x) < bound, x * x / 2, bound * (abs(x) - bound / 2))


def mean(x):
    return x.sum() / x.size


def softplus(x):
    return np.logaddexp(0, x)


CLASSES = i(5, low=0, high=4)
PAIR = (f(3, 4), f(3, 4))
FAR = (f(3, 4, kind="distinct"), f(3, 4, kind="distinct"))
PROBABLE = (f(3, 4, kind="positive"), f(3, 4, kind="positive"))

SAMPLES: list[Sample] = [
    Sample(
        "cross_entropy",
        lambda lib, x, t: lib.nn.functional.cross_entropy(x, t),
        (f(5, 4), CLASSES),
        reference=lambda x, t: mean(chosen(log_softmax(x), t)),
    ),
    Sample(
        "cross_entropy none",
        lambda lib, x, t: lib.nn.functional.cross_entropy(x, t, reduction="none"),
        (f(5, 4), CLASSES),
        reference=lambda x, t: chosen(log_softmax(x), t),
    ),
    Sample(
        "cross_entropy ignored",
        lambda lib, x, t: lib.nn.functional.cross_entropy(x, t, ignore_index=2),
        (f(5, 4), CLASSES),
    ),
    Sample(
        "cross_entropy weight",
        lambda lib, x, t, w: lib.nn.functional.cross_entropy(x, t, w, reduction="sum"),
        (f(5, 4), CLASSES, f(4, kind="positive", grad=False)),
        reference=lambda x, t, w: (chosen(log_softmax(x), t) * w[t]).sum(),
    ),
    Sample(
        "cross_entropy smoothing",
        lambda lib, x, t, w: lib.nn.functional.cross_entropy(x, t, w, label_smoothing=0.2),
        (f(5, 4), CLASSES, f(4, kind="positive", grad=False)),
    ),
    Sample(
        "cross_entropy images",
        lambda lib, x, t: lib.nn.functional.cross_entropy(x, t),
        (f(2, 4, 3), i(2, 3, low=0, high=4)),
        reference=lambda x, t: mean(chosen(log_softmax(x), t)),
    ),
    Sample(
        "cross_entropy one element",
        lambda lib, x, t: lib.nn.functional.cross_entropy(x, t),
        (f(4), i(low=0, high=4)),
        reference=lambda x, t: -log_softmax(x, 0)[t],
    ),
    Sample(
        "cross_entropy probabilities",
        lambda lib, x, t: lib.nn.functional.cross_entropy(x, t, label_smoothing=0.1),
        (f(5, 4), f(5, 4, kind="positive")),
        reference=lambda x, t: mean(-(log_softmax(x) * (0.9 * t + 0.025)).sum(1)),
    ),
    Sample(
        "nll_loss",
        lambda lib, x, t: lib.nn.functional.nll_loss(x, t),
        (f(5, 4), CLASSES),
        reference=lambda x, t: mean(chosen(x, t)),
    ),
    Sample(
        "mse_loss", lambda lib, x, y: lib.nn.functional.mse_loss(x, y), PAIR, reference=lambda x, y: mean((x - y) ** 2)
    ),
    Sample(
        "mse_loss weight",
        lambda lib, x, y, w: lib.nn.functional.mse_loss(x, y, weight=w),
        (*PAIR, f(3, 4, kind="positive")),
        reference=lambda x, y, w: ((x - y) ** 2 * w).sum() / w.sum(),
    ),
    Sample(
        "l1_loss",
        lambda lib, x, y: lib.nn.functional.l1_loss(x, y + 0.06, reduction="sum"),
        FAR,
        reference=lambda x, y: abs(x - y - 0.06).sum(),
    ),
    Sample(
        "smooth_l1_loss",
        lambda lib, x, y: lib.nn.functional.smooth_l1_loss(x, y + 0.06, beta=0.7, reduction="none"),
        FAR,
        reference=lambda x, y: smooth(x - y - 0.06, 0.7) / 0.7,
    ),
    Sample(
        "huber_loss",
        lambda lib, x, y: lib.nn.functional.huber_loss(x, y + 0.06, delta=0.7, reduction="none"),
        FAR,
        reference=lambda x, y: smooth(x - y - 0.06, 0.7),
    ),
    Sample(
        "binary_cross_entropy",
        lambda lib, x, y: lib.nn.functional.binary_cross_entropy(x / 2.5, y / 2.5, reduction="none"),
        PROBABLE,
        reference=lambda x, y: -(y / 2.5 * np.log(x / 2.5) + (1 - y / 2.5) * np.log(1 - x / 2.5)),
    ),
    Sample(
        "binary_cross_entropy_with_logits",
        lambda lib, x, y: lib.nn.functional.binary_cross_entropy_with_logits(4 * x, y),
        PAIR,
        reference=lambda x, y: mean(softplus(4 * x) - 4 * x * y),
    ),
    Sample(
        "binary_cross_entropy_with_logits weights",
        lambda lib, x, y, w, p: lib.nn.functional.binary_cross_entropy_with_logits(x, y, w, pos_weight=p),
        (*PAIR, f(4, kind="positive", grad=False), f(4, kind="positive", grad=False)),
        reference=lambda x, y, w, p: mean(w * (p * y * softplus(-x) + (1 - y) * softplus(x))),
    ),
    Sample(
        "kl_div",
        lambda lib, x, y: lib.nn.functional.kl_div(x, y, reduction="batchmean"),
        (f(3, 4), f(3, 4, kind="positive")),
        reference=lambda x, y: (y * (np.log(y) - x)).sum() / len(x),
    ),
    Sample(
        "kl_div log_target",
        lambda lib, x, y: lib.nn.functional.kl_div(x, y, reduction="sum", log_target=True),
        PAIR,
        reference=lambda x, y: (np.exp(y) * (y - x)).sum(),
    ),
    Sample(
        "soft_margin_loss",
        lambda lib, x, y: lib.nn.functional.soft_margin_loss(x, y),
        (f(3, 4), f(3, 4, grad=False)),
        reference=lambda x, y: mean(softplus(-x * y)),
    ),
    Sample(
        "poisson_nll_loss",
        lambda lib, x, y: lib.nn.functional.poisson_nll_loss(x, 3 * y, full=True),
        (f(3, 4), f(3, 4, kind="positive", grad=False)),
    ),
    Sample(
        "gaussian_nll_loss",
        lambda lib, x, y, v: lib.nn.functional.gaussian_nll_loss(x, y, v),
        (*PAIR, f(3, 4, kind="positive")),
        reference=lambda x, y, v: mean((np.log(v) + (x - y) ** 2 / v) / 2),
    ),
    Sample(
        "gaussian_nll_loss of one variance for each column",
        lambda lib, x, y, v: lib.nn.functional.gaussian_nll_loss(x, y, v, reduction="none"),
        (*PAIR, f(1, 4, kind="positive")),
        reference=lambda x, y, v: (np.log(v) + (x - y) ** 2 / v) / 2,
    ),
    Sample(
        "hinge_embedding_loss",
        lambda lib, x, t: lib.nn.functional.hinge_embedding_loss(x, 2 * t - 1, margin=0.55, reduction="none"),
        (f(3, 4, kind="distinct"), i(3, 4, low=0, high=2)),
        reference=lambda x, t: np.where(t == 1, x, np.maximum(0, 0.55 - x)),
    ),
    Sample(
        "margin_ranking_loss",
        lambda lib, x, y, t: lib.nn.functional.margin_ranking_loss(x, y, 2 * t - 1, margin=0.05),
        (*FAR, i(3, 4, low=0, high=2)),
        reference=lambda x, y, t: mean(np.maximum(0, 0.05 - (2 * t - 1) * (x - y))),
    ),
    Sample(
        "cosine_embedding_loss",
        lambda lib, x, y, t: lib.nn.functional.cosine_embedding_loss(x, y, 2 * t - 1),
        (*PAIR, i(3, low=0, high=2)),
    ),
    Sample(
        "triplet_margin_loss",
        lambda lib, x, y, z: lib.nn.functional.triplet_margin_loss(x, y, z, margin=4.0, swap=True),
        (*PAIR, f(3, 4)),
    ),
    Sample(
        "triplet_margin_with_distance_loss",
        lambda lib, x, y, z: lib.nn.functional.triplet_margin_with_distance_loss(
            x, y, z, distance_function=lambda a, b: ((a - b) ** 2).sum(-1), margin=9.0
        ),
        (*PAIR, f(3, 4)),
    ),
    Sample(
        "multi_margin_loss",
        lambda lib, x, t: lib.nn.functional.multi_margin_loss(x, t, margin=0.97),
        (f(5, 4, kind="distinct"), CLASSES),
    ),
    Sample(
        "multilabel_margin_loss",
        lambda lib, x, t: lib.nn.functional.multilabel_margin_loss(2.97 * x, t),
        (f(3, 4, kind="distinct"), i(3, 4, low=-1, high=4)),
        torch=False,
        reason="PyTorch gives uninitialised memory for an empty batch; compared for others in test_losses.py",
    ),
    Sample(
        "multilabel_soft_margin_loss",
        lambda lib, x, y: lib.nn.functional.multilabel_soft_margin_loss(x, y),
        PAIR,
        reference=lambda x, y: mean(y * softplus(-x) + (1 - y) * softplus(x)),
    ),
    Sample(
        "cosine_similarity",
        lambda lib, x, y: lib.nn.functional.cosine_similarity(x, y, dim=-1),
        PAIR,
        reference=lambda x, y: (x * y).sum(1) / np.sqrt((x * x).sum(1) * (y * y).sum(1)),
    ),
    Sample(
        "pairwise_distance",
        lambda lib, x, y: lib.nn.functional.pairwise_distance(x, y, keepdim=True),
        PAIR,
        reference=lambda x, y: np.sqrt(((x - y + 1e-6) ** 2).sum(1, keepdims=True)),
    ),
]
