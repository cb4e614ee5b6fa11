"""Samples of the functions that PyTorch keeps under torch itself, with an order of arguments of their own."""

import numpy as np

from tests.samples import Input, Sample, f

WIDE = ("float32", "float64")


def signs(lib, x):
    return lib.ones_like(x) - 2 * (lib.arange(x.numel()).reshape(x.shape) % 2)


SAMPLES: list[Sample] = [
    Sample(
        "torch.batch_norm",
        lambda lib, x, w, c: lib.batch_norm(x, w, c, None, None, True, 0.1, 1e-5, False),
        (f(4, 3, 2), f(3), f(3)),
        dtypes=WIDE,
    ),
    Sample(
        "torch.instance_norm",
        lambda lib, x, w: lib.instance_norm(x, w, None, None, None, True, 0.1, 1e-5, False),
        (f(2, 3, 4), f(3)),
        dtypes=WIDE,
    ),
    Sample("torch.group_norm", lambda lib, x: lib.group_norm(x, 2), (f(3, 4, 2),), dtypes=WIDE),
    Sample("torch.layer_norm", lambda lib, x, w: lib.layer_norm(x, (4,), w), (f(3, 4), f(4)), dtypes=WIDE),
    Sample("torch.rms_norm", lambda lib, x: lib.rms_norm(x, (4,), eps=1e-5), (f(3, 4),), dtypes=WIDE),
    Sample("torch.dropout", lambda lib, x: lib.dropout(x, 0.5, False), (f(2, 3),), reference=lambda x: x),
    Sample("torch.dropout all", lambda lib, x: lib.dropout(x, 1.0, True), (f(2, 3),), reference=lambda x: x * 0),
    Sample("torch.alpha_dropout", lambda lib, x: lib.alpha_dropout(x, 0.5, False), (f(2, 3),), reference=lambda x: x),
    Sample(
        "torch.feature_dropout", lambda lib, x: lib.feature_dropout(x, 1.0, True), (f(2, 3),), reference=lambda x: x * 0
    ),
    Sample(
        "torch.feature_alpha_dropout",
        lambda lib, x: lib.feature_alpha_dropout(x, 0.5, False),
        (f(2, 3),),
        reference=lambda x: x,
    ),
    Sample(
        "torch.embedding",
        lambda lib, w, n: lib.embedding(w, n),
        (f(4, 3), Input((2, 2), "index", 0, 4, False)),
        reference=lambda w, n: w[n],
    ),
    Sample(
        "torch.binary_cross_entropy_with_logits",
        lambda lib, x, t: lib.binary_cross_entropy_with_logits(x, t, reduction=2),
        (f(2, 3), f(2, 3, kind="unit", grad=False)),
        reference=lambda x, t: (np.logaddexp(0, x) - x * t).sum(),
    ),
    Sample(
        "torch.kl_div",
        lambda lib, x, t: lib.kl_div(x, t, 0),
        (f(2, 3), f(2, 3, kind="positive")),
        reference=lambda x, t: t * (np.log(t) - x),
    ),
    Sample(
        "torch.cosine_embedding_loss",
        lambda lib, x, y: lib.cosine_embedding_loss(x, y, lib.tensor([1, -1, 1]), 0.1, 0),
        (f(3, 4), f(3, 4)),
    ),
    Sample("torch.hinge_embedding_loss", lambda lib, x: lib.hinge_embedding_loss(x, signs(lib, x), 1.5, 2), (f(2, 3),)),
    Sample(
        "torch.margin_ranking_loss",
        lambda lib, x, y: lib.margin_ranking_loss(x, y, signs(lib, x), 0.2, 1),
        (f(2, 3), f(2, 3)),
    ),
    Sample(
        "torch.poisson_nll_loss",
        lambda lib, x, t: lib.poisson_nll_loss(x, t, True, False, 1e-8, 2),
        (f(2, 3), f(2, 3, kind="positive", grad=False)),
        reference=lambda x, t: (np.exp(x) - t * x).sum(),
    ),
    Sample(
        "torch.triplet_margin_loss",
        lambda lib, x, y, z: lib.triplet_margin_loss(x, y, z, 0.5, 2.0, 1e-6, True, 0),
        (f(3, 4), f(3, 4), f(3, 4)),
    ),
    Sample("torch.cosine_similarity", lambda lib, x, y: lib.cosine_similarity(x, y), (f(3, 4), f(3, 4))),
    Sample("torch.pairwise_distance", lambda lib, x, y: lib.pairwise_distance(x, y), (f(3, 4), f(3, 4))),
    Sample("torch.bilinear", lambda lib, x, y, w: lib.bilinear(x, y, w), (f(2, 3), f(2, 2), f(4, 3, 2)), dtypes=WIDE),
    Sample(
        "torch.relu_",
        lambda lib, x: lib.relu_(x * 1),
        (f(2, 3, kind="distinct"),),
        inplace=lambda x: x.relu_(),
        reference=lambda x: np.maximum(x, 0),
    ),
    Sample("torch.selu_", lambda lib, x: lib.selu_(x * 1), (f(2, 3, kind="distinct"),)),
    Sample("torch.celu_", lambda lib, x: lib.celu_(x * 1, 0.5), (f(2, 3, kind="distinct"),)),
    Sample(
        "torch.threshold_",
        lambda lib, x: lib.threshold_(x * 1, 0.1, 3.0),
        (f(2, 3, kind="distinct"),),
        reference=lambda x: np.where(x > 0.1, x, 3.0),
    ),
    Sample("torch.rrelu", lambda lib, x: lib.rrelu(x), (f(2, 3, kind="distinct"),)),
    Sample("torch.rrelu_", lambda lib, x: lib.rrelu_(x * 1, 0.2, 0.4), (f(2, 3, kind="distinct"),)),
    Sample("torch.adaptive_avg_pool1d", lambda lib, x: lib.adaptive_avg_pool1d(x, 3), (f(2, 3, 7),)),
    Sample("torch.adaptive_max_pool1d", lambda lib, x: lib.adaptive_max_pool1d(x, 3), (f(2, 3, 7, kind="distinct"),)),
    Sample(
        "torch.constant_pad_nd",
        lambda lib, x: lib.constant_pad_nd(x, (1, 0), 2),
        (f(2, 3),),
        reference=lambda x: np.pad(x, ((0, 0), (1, 0)), constant_values=2),
    ),
    Sample(
        "torch.convolution",
        lambda lib, x, w: lib.convolution(x, w, None, [2], [1], [1], False, [0], 1),
        (f(2, 3, 6), f(4, 3, 3)),
        dtypes=WIDE,
    ),
    Sample(
        "torch.convolution transposed",
        lambda lib, x, w: lib.convolution(x, w, None, [2, 1], [1, 0], [1, 1], True, [1, 0], 1),
        (f(2, 3, 3, 3), f(3, 2, 3, 2)),
        dtypes=WIDE,
    ),
    Sample(
        "torch.grid_sampler",
        lambda lib, x, g: lib.grid_sampler(x, g, 0, 1, False),
        (f(2, 2, 3, 4), Input((2, 3, 2, 2), "unit")),
        dtypes=WIDE,
    ),
    Sample(
        "torch.affine_grid_generator", lambda lib, x: lib.affine_grid_generator(x, (2, 1, 3, 2), True), (f(2, 2, 3),)
    ),
    Sample(
        "grid_sampler_2d",
        lambda lib, x, g: lib.grid_sampler_2d(x, g, 2, 0, True),
        (f(2, 2, 3, 4), Input((2, 3, 2, 2), "unit")),
        dtypes=("float64",),
    ),
    Sample(
        "grid_sampler_3d",
        lambda lib, x, g: lib.grid_sampler_3d(x, g, 0, 1, True),
        (f(1, 2, 2, 3, 4), Input((1, 2, 2, 1, 3), "unit")),
        dtypes=WIDE,
    ),
    Sample(
        "native_layer_norm",
        lambda lib, x, w: lib.native_layer_norm(x, (3, 4), w, None, 1e-5),
        (f(2, 3, 4), f(3, 4)),
        dtypes=WIDE,
    ),
    Sample(
        "native_group_norm",
        lambda lib, x, w: lib.native_group_norm(x, w, None, x.shape[0], 4, 6, 2, 1e-5),
        (f(2, 4, 2, 3), f(4)),
        dtypes=WIDE,
    ),
    Sample(
        "native_batch_norm",
        lambda lib, x, w, c: lib.native_batch_norm(x, w, c, None, None, True, 0.1, 1e-5),
        (f(4, 3, 2), f(3), f(3)),
        dtypes=WIDE,
    ),
]
