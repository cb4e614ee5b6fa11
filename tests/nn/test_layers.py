"""Every layer beside PyTorch's: repr, state, outputs and gradients with the same weights, in both modes."""

import copy

import numpy as np
import pytest

import gputensor as gt


class Case:
    """make(nn, lib) makes the layer; inputs: shapes of float64 inputs, or NumPy arrays for others."""

    def __init__(self, make, *inputs, modes=(True, False), rtol=1e-9):
        self.make, self.inputs, self.modes, self.rtol = make, inputs, modes, rtol


FLOAT32 = 1e-6  # where PyTorch's kernel holds a constant (1/6, 1/alpha) in float32 for float64 inputs too

INDICES = np.array([[1, 2, 0], [3, 1, 1]])
SIGNS = np.array([1.0, -1.0, 1.0, -1.0])
CLASSES = np.array([0, 2, 1, 2])
CHANCES = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 0.0], [0.1, 0.1, 0.8], [0.3, 0.3, 0.4]])
LIKELY = 0.1 + 0.8 * CHANCES
LABELS = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])


def weights(lib, *numbers):
    return lib.tensor(list(numbers), dtype=lib.float64)


LAYERS = {
    "Identity": Case(lambda nn, lib: nn.Identity(3, unused=1), (2, 3)),
    "Linear": Case(lambda nn, lib: nn.Linear(3, 4), (2, 3)),
    "Linear without bias": Case(lambda nn, lib: nn.Linear(3, 4, bias=False), (2, 5, 3)),
    "Linear of a vector": Case(lambda nn, lib: nn.Linear(3, 1), (3,)),
    "Bilinear": Case(lambda nn, lib: nn.Bilinear(3, 2, 4), (5, 3), (5, 2)),
    "Bilinear without bias": Case(lambda nn, lib: nn.Bilinear(3, 2, 4, bias=False), (5, 6, 3), (5, 6, 2)),
    "Conv1d": Case(lambda nn, lib: nn.Conv1d(2, 4, 3), (5, 2, 8)),
    "Conv1d options": Case(
        lambda nn, lib: nn.Conv1d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2, bias=False), (5, 4, 9)
    ),
    "Conv1d without batch": Case(lambda nn, lib: nn.Conv1d(2, 4, 3, padding="same"), (2, 8)),
    "Conv2d": Case(lambda nn, lib: nn.Conv2d(2, 4, 3), (3, 2, 6, 7)),
    "Conv2d options": Case(
        lambda nn, lib: nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2), (2, 4, 6, 7)
    ),
    "Conv2d same": Case(lambda nn, lib: nn.Conv2d(2, 3, (4, 3), padding="same", dilation=2), (2, 2, 7, 6)),
    "Conv2d valid": Case(lambda nn, lib: nn.Conv2d(2, 3, 3, padding="valid"), (2, 2, 7, 6)),
    "Conv2d reflect": Case(lambda nn, lib: nn.Conv2d(2, 3, 3, padding=(1, 2), padding_mode="reflect"), (2, 2, 5, 6)),
    "Conv2d circular": Case(lambda nn, lib: nn.Conv2d(2, 3, 4, padding="same", padding_mode="circular"), (2, 2, 5, 6)),
    "Conv3d": Case(lambda nn, lib: nn.Conv3d(2, 3, 2, stride=(1, 2, 1)), (2, 2, 3, 4, 5)),
    "ConvTranspose1d": Case(lambda nn, lib: nn.ConvTranspose1d(4, 6, 3, stride=2, groups=2), (2, 4, 5)),
    "ConvTranspose2d": Case(
        lambda nn, lib: nn.ConvTranspose2d(4, 3, 3, stride=2, padding=1, output_padding=1, dilation=2), (2, 4, 4, 5)
    ),
    "ConvTranspose3d": Case(lambda nn, lib: nn.ConvTranspose3d(2, 3, 2, bias=False), (2, 2, 3, 3, 3)),
    "MaxPool1d": Case(lambda nn, lib: nn.MaxPool1d(3, stride=2, padding=1), (2, 3, 8)),
    "MaxPool2d": Case(lambda nn, lib: nn.MaxPool2d(2), (2, 3, 6, 7)),
    "MaxPool2d options": Case(
        lambda nn, lib: nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), ceil_mode=True),
        (2, 3, 6, 7),
    ),
    "MaxPool3d": Case(lambda nn, lib: nn.MaxPool3d(2), (2, 3, 4, 4, 5)),
    "AvgPool1d": Case(lambda nn, lib: nn.AvgPool1d(3, 2, 1), (2, 3, 8)),
    "AvgPool2d": Case(lambda nn, lib: nn.AvgPool2d((3, 2), padding=(1, 0), count_include_pad=False), (2, 3, 6, 7)),
    "AvgPool2d divisor": Case(lambda nn, lib: nn.AvgPool2d(2, ceil_mode=True, divisor_override=3), (2, 3, 5, 7)),
    "AvgPool3d": Case(lambda nn, lib: nn.AvgPool3d(2), (2, 3, 4, 4, 5)),
    "AdaptiveAvgPool1d": Case(lambda nn, lib: nn.AdaptiveAvgPool1d(3), (2, 3, 8)),
    "AdaptiveAvgPool2d": Case(lambda nn, lib: nn.AdaptiveAvgPool2d((2, None)), (2, 3, 5, 7)),
    "AdaptiveAvgPool3d": Case(lambda nn, lib: nn.AdaptiveAvgPool3d(2), (2, 3, 4, 5, 3)),
    "AdaptiveMaxPool1d": Case(lambda nn, lib: nn.AdaptiveMaxPool1d(3), (2, 3, 8)),
    "AdaptiveMaxPool2d": Case(lambda nn, lib: nn.AdaptiveMaxPool2d((2, 3)), (2, 3, 5, 7)),
    "AdaptiveMaxPool3d": Case(lambda nn, lib: nn.AdaptiveMaxPool3d(2), (2, 3, 4, 5, 3)),
    "BatchNorm1d": Case(lambda nn, lib: nn.BatchNorm1d(3), (5, 3)),
    "BatchNorm1d with length": Case(lambda nn, lib: nn.BatchNorm1d(3, eps=0.1, momentum=0.3), (5, 3, 4)),
    "BatchNorm2d": Case(lambda nn, lib: nn.BatchNorm2d(3), (2, 3, 4, 5)),
    "BatchNorm2d mean of all": Case(lambda nn, lib: nn.BatchNorm2d(3, momentum=None, affine=False), (2, 3, 4, 5)),
    "BatchNorm2d without statistics": Case(lambda nn, lib: nn.BatchNorm2d(3, track_running_stats=False), (2, 3, 4, 5)),
    "BatchNorm3d": Case(lambda nn, lib: nn.BatchNorm3d(3), (2, 3, 4, 2, 3)),
    "InstanceNorm1d": Case(lambda nn, lib: nn.InstanceNorm1d(3), (2, 3, 8)),
    "InstanceNorm2d": Case(lambda nn, lib: nn.InstanceNorm2d(3, affine=True, track_running_stats=True), (2, 3, 4, 5)),
    "InstanceNorm2d without batch": Case(lambda nn, lib: nn.InstanceNorm2d(3, affine=True), (3, 4, 5)),
    "InstanceNorm3d": Case(lambda nn, lib: nn.InstanceNorm3d(3), (2, 3, 4, 2, 3)),
    "LayerNorm": Case(lambda nn, lib: nn.LayerNorm(4), (2, 3, 4)),
    "LayerNorm over two dims": Case(lambda nn, lib: nn.LayerNorm((3, 4), eps=0.1, bias=False), (2, 3, 4)),
    "LayerNorm without parameters": Case(lambda nn, lib: nn.LayerNorm([4], elementwise_affine=False), (2, 4)),
    "GroupNorm": Case(lambda nn, lib: nn.GroupNorm(2, 4), (3, 4, 5)),
    "GroupNorm without parameters": Case(lambda nn, lib: nn.GroupNorm(4, 4, affine=False), (3, 4, 2, 2)),
    "RMSNorm": Case(lambda nn, lib: nn.RMSNorm(4), (2, 3, 4)),
    "LocalResponseNorm": Case(lambda nn, lib: nn.LocalResponseNorm(3, alpha=0.1, k=2.0), (2, 5, 4)),
    "RMSNorm options": Case(lambda nn, lib: nn.RMSNorm((3, 4), eps=0.1, elementwise_affine=False), (2, 3, 4)),
    "Dropout": Case(lambda nn, lib: nn.Dropout(0.3), (2, 3), modes=(False,)),
    "Dropout of nothing": Case(lambda nn, lib: nn.Dropout(0.0), (2, 3)),
    "Dropout of all": Case(lambda nn, lib: nn.Dropout(1.0, inplace=False), (2, 3)),
    "Dropout1d": Case(lambda nn, lib: nn.Dropout1d(0.3), (2, 3, 4), modes=(False,)),
    "Dropout2d": Case(lambda nn, lib: nn.Dropout2d(), (2, 3, 4, 4), modes=(False,)),
    "Dropout3d": Case(lambda nn, lib: nn.Dropout3d(inplace=True), (2, 3, 2, 2, 2), modes=(False,)),
    "AlphaDropout": Case(lambda nn, lib: nn.AlphaDropout(0.2), (2, 3), modes=(False,)),
    "FeatureAlphaDropout": Case(lambda nn, lib: nn.FeatureAlphaDropout(0.2), (2, 3, 4), modes=(False,)),
    "Embedding": Case(lambda nn, lib: nn.Embedding(4, 3), INDICES),
    "Embedding with padding": Case(lambda nn, lib: nn.Embedding(4, 3, padding_idx=-3), INDICES),
    "Embedding by frequency": Case(lambda nn, lib: nn.Embedding(4, 3, scale_grad_by_freq=True), INDICES),
    "Embedding with norm": Case(lambda nn, lib: nn.Embedding(4, 3, max_norm=1.0, norm_type=1.0), INDICES),
    "Embedding from a table": Case(
        lambda nn, lib: nn.Embedding.from_pretrained(weights(lib, 1.0, 2.0, 3.0, 4.0).reshape(4, 1), freeze=False),
        INDICES,
    ),
    "Flatten": Case(lambda nn, lib: nn.Flatten(), (2, 3, 4)),
    "Flatten some": Case(lambda nn, lib: nn.Flatten(0, 1), (2, 3, 4)),
    "Unflatten": Case(lambda nn, lib: nn.Unflatten(1, (2, -1)), (2, 6, 4)),
    "PairwiseDistance": Case(lambda nn, lib: nn.PairwiseDistance(p=1.5, keepdim=True), (4, 3), (4, 3)),
    "CosineSimilarity": Case(lambda nn, lib: nn.CosineSimilarity(dim=-1), (4, 3), (4, 3)),
}

PADDINGS = {
    "ConstantPad1d": Case(lambda nn, lib: nn.ConstantPad1d((1, 2), 3.5), (2, 3, 5)),
    "ConstantPad2d": Case(lambda nn, lib: nn.ConstantPad2d(1, -1), (2, 3, 5, 4)),
    "ConstantPad2d cuts": Case(lambda nn, lib: nn.ConstantPad2d((1, -1, -2, 0), 0.5), (2, 3, 5, 4)),
    "ConstantPad3d": Case(lambda nn, lib: nn.ConstantPad3d((1, 0, 2, 1, 0, 1), 1.0), (2, 3, 2, 3, 2)),
    "ZeroPad1d": Case(lambda nn, lib: nn.ZeroPad1d(2), (2, 3, 5)),
    "ZeroPad2d": Case(lambda nn, lib: nn.ZeroPad2d((1, 0, 2, 1)), (2, 3, 5, 4)),
    "ZeroPad3d": Case(lambda nn, lib: nn.ZeroPad3d(1), (2, 3, 2, 3, 2)),
    "ReflectionPad1d": Case(lambda nn, lib: nn.ReflectionPad1d((1, 2)), (2, 3, 5)),
    "ReflectionPad2d": Case(lambda nn, lib: nn.ReflectionPad2d((1, 2, 0, 3)), (2, 3, 5, 4)),
    "ReflectionPad3d": Case(lambda nn, lib: nn.ReflectionPad3d(1), (2, 3, 2, 3, 2)),
    "ReplicationPad1d": Case(lambda nn, lib: nn.ReplicationPad1d(3), (2, 3, 5)),
    "ReplicationPad2d": Case(lambda nn, lib: nn.ReplicationPad2d((1, 2, 0, 3)), (2, 3, 5, 4)),
    "ReplicationPad3d": Case(lambda nn, lib: nn.ReplicationPad3d(1), (2, 3, 2, 3, 2)),
    "CircularPad1d": Case(lambda nn, lib: nn.CircularPad1d((1, 2)), (2, 3, 5)),
    "CircularPad2d": Case(lambda nn, lib: nn.CircularPad2d((1, 2, 0, 3)), (2, 3, 5, 4)),
    "CircularPad3d": Case(lambda nn, lib: nn.CircularPad3d(1), (2, 3, 2, 3, 2)),
}

ACTIVATIONS = {
    "Threshold": Case(lambda nn, lib: nn.Threshold(0.1, -5.0), (4, 6)),
    "ReLU": Case(lambda nn, lib: nn.ReLU(), (4, 6)),
    "RReLU": Case(lambda nn, lib: nn.RReLU(0.2, 0.4), (4, 6), modes=(False,)),
    "Hardtanh": Case(lambda nn, lib: nn.Hardtanh(-0.5, 0.7), (4, 6)),
    "ReLU6": Case(lambda nn, lib: nn.ReLU6(), (4, 6)),
    "Sigmoid": Case(lambda nn, lib: nn.Sigmoid(), (4, 6)),
    "Hardsigmoid": Case(lambda nn, lib: nn.Hardsigmoid(), (4, 6), rtol=FLOAT32),
    "Tanh": Case(lambda nn, lib: nn.Tanh(), (4, 6)),
    "SiLU": Case(lambda nn, lib: nn.SiLU(), (4, 6)),
    "Mish": Case(lambda nn, lib: nn.Mish(), (4, 6)),
    "Hardswish": Case(lambda nn, lib: nn.Hardswish(), (4, 6)),
    "ELU": Case(lambda nn, lib: nn.ELU(0.7), (4, 6)),
    "CELU": Case(lambda nn, lib: nn.CELU(0.7), (4, 6), rtol=FLOAT32),
    "SELU": Case(lambda nn, lib: nn.SELU(), (4, 6)),
    "GLU": Case(lambda nn, lib: nn.GLU(), (4, 6)),
    "GLU of another dim": Case(lambda nn, lib: nn.GLU(0), (4, 6)),
    "GELU": Case(lambda nn, lib: nn.GELU(), (4, 6)),
    "GELU tanh": Case(lambda nn, lib: nn.GELU("tanh"), (4, 6)),
    "Hardshrink": Case(lambda nn, lib: nn.Hardshrink(0.3), (4, 6)),
    "LeakyReLU": Case(lambda nn, lib: nn.LeakyReLU(0.2), (4, 6)),
    "LogSigmoid": Case(lambda nn, lib: nn.LogSigmoid(), (4, 6)),
    "Softplus": Case(lambda nn, lib: nn.Softplus(2.0, 1.0), (4, 6)),
    "Softshrink": Case(lambda nn, lib: nn.Softshrink(0.3), (4, 6)),
    "PReLU": Case(lambda nn, lib: nn.PReLU(), (4, 6)),
    "PReLU a channel": Case(lambda nn, lib: nn.PReLU(6, init=0.1), (4, 6, 3)),
    "Softsign": Case(lambda nn, lib: nn.Softsign(), (4, 6)),
    "Tanhshrink": Case(lambda nn, lib: nn.Tanhshrink(), (4, 6)),
    "Softmin": Case(lambda nn, lib: nn.Softmin(dim=1), (4, 6)),
    "Softmax": Case(lambda nn, lib: nn.Softmax(dim=0), (4, 6)),
    "Softmax2d": Case(lambda nn, lib: nn.Softmax2d(), (2, 4, 3, 2)),
    "LogSoftmax": Case(lambda nn, lib: nn.LogSoftmax(dim=-1), (4, 6)),
    "in place": Case(
        lambda nn, lib: nn.Sequential(
            nn.Identity(),
            *[
                nn.Sequential(nn.Linear(6, 6), a(inplace=True))
                for a in (nn.ReLU, nn.SiLU, nn.ELU, nn.LeakyReLU, nn.SELU)
            ],
            *[
                nn.Sequential(nn.Linear(6, 6), a(inplace=True))
                for a in (nn.Mish, nn.Hardswish, nn.Hardsigmoid, nn.CELU)
            ],
            *[nn.Sequential(nn.Linear(6, 6), a(inplace=True)) for a in (nn.Hardtanh, nn.ReLU6)],
            nn.Threshold(0.1, 0.2, inplace=True),
        ),
        (4, 6),
        rtol=FLOAT32,
    ),
}

LOSSES = {
    "L1Loss": Case(lambda nn, lib: nn.L1Loss(), (4, 3), (4, 3)),
    "MSELoss": Case(lambda nn, lib: nn.MSELoss(reduction="sum"), (4, 3), (4, 3)),
    "SmoothL1Loss": Case(lambda nn, lib: nn.SmoothL1Loss(beta=0.5), (4, 3), (4, 3)),
    "HuberLoss": Case(lambda nn, lib: nn.HuberLoss("none", delta=0.7), (4, 3), (4, 3)),
    "CrossEntropyLoss": Case(lambda nn, lib: nn.CrossEntropyLoss(), (4, 3), CLASSES),
    "CrossEntropyLoss options": Case(
        lambda nn, lib: nn.CrossEntropyLoss(weights(lib, 1.0, 2.0, 0.5), ignore_index=1, label_smoothing=0.1),
        (4, 3),
        CLASSES,
    ),
    "CrossEntropyLoss of chances": Case(lambda nn, lib: nn.CrossEntropyLoss(reduction="none"), (4, 3), CHANCES),
    "CrossEntropyLoss of images": Case(lambda nn, lib: nn.CrossEntropyLoss(), (2, 3, 2), CLASSES.reshape(2, 2)),
    "NLLLoss": Case(lambda nn, lib: nn.NLLLoss(weights(lib, 1.0, 2.0, 0.5), ignore_index=0), (4, 3), CLASSES),
    "PoissonNLLLoss": Case(lambda nn, lib: nn.PoissonNLLLoss(full=True), (4, 3), LABELS * 3),
    "GaussianNLLLoss": Case(lambda nn, lib: nn.GaussianNLLLoss(full=True), (4, 3), (4, 3), LABELS + 0.5),
    "KLDivLoss": Case(lambda nn, lib: nn.KLDivLoss(reduction="batchmean"), (4, 3), CHANCES),
    "KLDivLoss of logarithms": Case(lambda nn, lib: nn.KLDivLoss(reduction="sum", log_target=True), (4, 3), (4, 3)),
    "BCELoss": Case(lambda nn, lib: nn.BCELoss(weights(lib, 1.0, 2.0, 3.0)), LIKELY, LABELS),
    "BCEWithLogitsLoss": Case(
        lambda nn, lib: nn.BCEWithLogitsLoss(weights(lib, 1.0, 2.0, 3.0), pos_weight=weights(lib, 3.0, 1.0, 2.0)),
        (4, 3),
        LABELS,
    ),
    "HingeEmbeddingLoss": Case(lambda nn, lib: nn.HingeEmbeddingLoss(margin=0.5), (4,), SIGNS),
    "SoftMarginLoss": Case(lambda nn, lib: nn.SoftMarginLoss(), (4,), SIGNS),
    "MultiLabelSoftMarginLoss": Case(
        lambda nn, lib: nn.MultiLabelSoftMarginLoss(weights(lib, 1.0, 2.0, 3.0)), (4, 3), LABELS
    ),
    "MultiLabelMarginLoss": Case(lambda nn, lib: nn.MultiLabelMarginLoss(), (2, 3), np.array([[2, 0, -1], [1, -1, 0]])),
    "MultiMarginLoss": Case(
        lambda nn, lib: nn.MultiMarginLoss(p=2, margin=0.5, weight=weights(lib, 1.0, 2.0, 3.0)), (4, 3), CLASSES
    ),
    "CosineEmbeddingLoss": Case(lambda nn, lib: nn.CosineEmbeddingLoss(margin=0.1), (4, 3), (4, 3), SIGNS),
    "MarginRankingLoss": Case(lambda nn, lib: nn.MarginRankingLoss(margin=0.1, reduction="sum"), (4,), (4,), SIGNS),
    "TripletMarginLoss": Case(
        lambda nn, lib: nn.TripletMarginLoss(margin=0.5, p=1.5, swap=True), (4, 3), (4, 3), (4, 3)
    ),
    "TripletMarginWithDistanceLoss": Case(
        lambda nn, lib: nn.TripletMarginWithDistanceLoss(margin=2.0, swap=True), (4, 3), (4, 3), (4, 3)
    ),
}

PLACES = np.array([[[1, 2], [4, 7]], [[0, 3], [5, 6]]])
CHOSEN = np.array([0.1, 0.9, 0.4, 0.3, 0.6, 0.7]).reshape(1, 3, 2)

RESAMPLING = {
    "Upsample": Case(lambda nn, lib: nn.Upsample(scale_factor=2), (2, 3, 4, 5)),
    "Upsample bicubic": Case(lambda nn, lib: nn.Upsample((7, 3), mode="bicubic", align_corners=True), (2, 3, 4, 5)),
    "Upsample of pairs": Case(lambda nn, lib: nn.Upsample(scale_factor=(1.5, 2), mode="bilinear"), (2, 3, 4, 5)),
    "UpsamplingNearest2d": Case(lambda nn, lib: nn.UpsamplingNearest2d((3, 8)), (2, 3, 4, 5)),
    "UpsamplingBilinear2d": Case(lambda nn, lib: nn.UpsamplingBilinear2d(scale_factor=2), (2, 3, 4, 5)),
    "Unfold": Case(lambda nn, lib: nn.Unfold((2, 3), padding=1, stride=(2, 1), dilation=(1, 2)), (2, 3, 5, 6)),
    "Fold": Case(lambda nn, lib: nn.Fold((4, 5), (2, 3)), (2, 12, 9)),
    "PixelShuffle": Case(lambda nn, lib: nn.PixelShuffle(2), (2, 8, 3, 2)),
    "PixelUnshuffle": Case(lambda nn, lib: nn.PixelUnshuffle(2), (2, 2, 6, 4)),
    "ChannelShuffle": Case(lambda nn, lib: nn.ChannelShuffle(3), (2, 6, 2, 2)),
    "MaxUnpool1d": Case(lambda nn, lib: nn.MaxUnpool1d(2, stride=3), (2, 2, 2), PLACES // 2),
    "MaxUnpool2d": Case(lambda nn, lib: nn.MaxUnpool2d(2, 2), (2, 1, 2, 2), 2 * PLACES[:, None]),
    "MaxUnpool3d": Case(lambda nn, lib: nn.MaxUnpool3d((1, 2, 2)), (2, 1, 1, 2, 2), 2 * PLACES[:, None, None]),
    "FractionalMaxPool2d": Case(
        lambda nn, lib: nn.FractionalMaxPool2d(2, output_size=(3, 2), _random_samples=lib.tensor(CHOSEN)), (1, 3, 6, 5)
    ),
    "FractionalMaxPool3d": Case(
        lambda nn, lib: nn.FractionalMaxPool3d(
            2, output_ratio=(0.5, 0.7, 0.6), _random_samples=lib.tensor(CHOSEN.reshape(1, 2, 3))
        ),
        (1, 2, 4, 5, 6),
    ),
    "LPPool1d": Case(lambda nn, lib: nn.LPPool1d(2, 3, 2), (2, 3, 7)),
    "LPPool2d": Case(lambda nn, lib: nn.LPPool2d(2, (2, 3), ceil_mode=True), (2, 3, 5, 6)),
    "LPPool3d": Case(lambda nn, lib: nn.LPPool3d(4, 2), (2, 3, 2, 4, 2)),
    "SyncBatchNorm": Case(lambda nn, lib: nn.SyncBatchNorm(3), (4, 3, 5)),
    "EmbeddingBag": Case(lambda nn, lib: nn.EmbeddingBag(4, 3, padding_idx=1, mode="sum"), INDICES),
    "EmbeddingBag mean": Case(lambda nn, lib: nn.EmbeddingBag(4, 3, norm_type=1.5), INDICES),
    "EmbeddingBag max": Case(lambda nn, lib: nn.EmbeddingBag(4, 3, mode="max"), INDICES[0], np.array([0, 2])),
}

SEQUENCE_LOSSES = {
    "CTCLoss": Case(
        lambda nn, lib: nn.CTCLoss(reduction="sum"),
        (7, 2, 4),
        np.array([[1, 2, 2], [3, 1, 0]]),
        np.array([7, 5]),
        np.array([3, 2]),
    ),
    "NLLLoss2d": Case(lambda nn, lib: old(nn.NLLLoss2d), (2, 3, 2, 2), CLASSES.reshape(1, 2, 2).repeat(2, 0)),
}


def old(layer, *args):
    """A layer whose name warns."""
    with pytest.warns(FutureWarning):
        return layer(*args)


LOSSES |= SEQUENCE_LOSSES
CASES = {**LAYERS, **PADDINGS, **ACTIVATIONS, **RESAMPLING, **LOSSES}


def made(lib, case):
    """The layer and its inputs, floats as float64 leaves that require grad."""
    rng = np.random.default_rng(5)
    layer = case.make(lib.nn, lib).double()
    inputs = []
    for given in case.inputs:
        if isinstance(given, tuple):
            inputs.append(lib.tensor(rng.standard_normal(given), requires_grad=True))
        else:
            inputs.append(lib.tensor(given, requires_grad=given is LIKELY))
    return layer, inputs


def same_weights(ours, theirs, torch):
    """Give both layers the same values."""
    rng = np.random.default_rng(6)
    state = {}
    for name, value in theirs.state_dict().items():
        if (
            value.is_floating_point()
            and value.ndim
            and "running_var" not in name
            and name not in ("weight_", "pos_weight")
        ):
            value = torch.tensor(rng.standard_normal(tuple(value.shape)))
        state[name] = value
    theirs.load_state_dict(state)
    ours.load_state_dict({name: gt.tensor(value.numpy().copy()) for name, value in state.items()})


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_a_layer_is_pytorchs(name):
    torch = pytest.importorskip("torch")
    case = CASES[name]
    (ours, xs), (theirs, ys) = made(gt, case), made(torch, case)
    assert repr(ours) == repr(theirs)
    assert {k: tuple(v.shape) for k, v in ours.state_dict().items()} == {
        k: tuple(v.shape) for k, v in theirs.state_dict().items()
    }
    assert ours.state_dict()._metadata == theirs.state_dict()._metadata
    if name not in LOSSES:
        same_weights(ours, theirs, torch)
    for mode in case.modes:
        ours.train(mode)
        theirs.train(mode)
        for _ in range(2):
            a, b = ours(*xs), theirs(*ys)
            close(a, b, case.rtol)
            if b.requires_grad:
                pull = np.random.default_rng(7).standard_normal(tuple(b.shape))
                a.backward(gt.tensor(pull))
                b.backward(torch.tensor(pull))
    for x, y in zip([*xs, *ours.parameters()], [*ys, *theirs.parameters()], strict=True):
        assert (x.grad is None) == (y.grad is None)
        if y.grad is not None:
            close(x.grad, y.grad, case.rtol)
    for key, value in theirs.state_dict().items():
        close(ours.state_dict()[key], value)


def close(ours, theirs, rtol=1e-9):
    assert tuple(ours.shape) == tuple(theirs.shape)
    assert repr(ours.dtype).split(".")[1] == repr(theirs.dtype).split(".")[1]
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=rtol, atol=rtol / 100)


@pytest.mark.torch
def test_every_layer_has_a_case():
    made_by = {type(case.make(gt.nn, gt)).__name__ for case in CASES.values()}
    containers = {"Module", "Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict", "Container"}
    # compared in test_rare_layers.py: their results are several, or they hold a loss and its layer
    containers |= {"AdaptiveLogSoftmaxWithLoss", "LinearCrossEntropyLoss", "CrossMapLRN2d"}
    public = {
        n for n in dir(gt.nn) if isinstance(getattr(gt.nn, n), type) and issubclass(getattr(gt.nn, n), gt.nn.Module)
    }
    # test_lazy.py, test_rnn.py, test_attention.py and test_parallel.py have the others
    elsewhere = {"DataParallel", "MultiheadAttention", "RNNBase", "RNNCellBase", "RNN", "LSTM", "GRU"}
    elsewhere |= {"RNNCell", "LSTMCell", "GRUCell", "Transformer", "TransformerEncoder", "TransformerDecoder"}
    elsewhere |= {"TransformerEncoderLayer", "TransformerDecoderLayer"}
    lazy = {n for n in public if n.startswith("Lazy")}
    assert public - made_by - containers - elsewhere - lazy == set()


@pytest.mark.torch
def test_the_names_are_pytorchs():
    torch = pytest.importorskip("torch")
    ours = {n for n in dir(gt.nn) if isinstance(getattr(gt.nn, n), type) and not n.startswith("_")}
    assert ours <= set(dir(torch.nn))


@pytest.mark.parametrize("name", CASES)
def test_a_layer_can_be_copied_and_printed(name):
    layer = CASES[name].make(gt.nn, gt)
    assert repr(copy.deepcopy(layer)) == repr(layer)


@pytest.mark.parametrize(
    "flags", [({"size_average": False}, "sum"), ({"reduce": False}, "none"), ({"reduce": True}, "mean")]
)
def test_old_words_of_the_reduction_are_a_warning(flags):
    options, reduction = flags
    with pytest.warns(UserWarning, match=f"reduction='{reduction}'"):
        assert gt.nn.MSELoss(**options).reduction == reduction


def test_layers_are_made_in_a_dtype_and_on_a_device():
    for layer in (
        gt.nn.Linear(2, 3, device="cpu", dtype=gt.float64),
        gt.nn.Conv2d(2, 3, 3, dtype=gt.float64),
        gt.nn.BatchNorm1d(3, dtype=gt.float64),
        gt.nn.LayerNorm(3, dtype=gt.float64),
        gt.nn.Embedding(3, 4, dtype=gt.float64),
        gt.nn.PReLU(dtype=gt.float64),
    ):
        assert {p.dtype for p in layer.parameters()} == {gt.float64}


def test_pooling_can_give_the_places_too():
    values, places = gt.nn.MaxPool1d(2, return_indices=True)(gt.tensor([[1.0, 3.0, 2.0, 0.0]]))
    assert (values.tolist(), places.tolist()) == ([[3.0, 2.0]], [[1, 2]])


@pytest.mark.parametrize("size", [(8, 9), (2, 3, 8, 9)])
def test_an_output_size_chooses_the_output_padding(size):
    layer = gt.nn.ConvTranspose2d(2, 3, 3, stride=2)
    assert tuple(layer(gt.ones(2, 2, 3, 4), output_size=size).shape) == (2, 3, 8, 9)


def test_dropout_drops_in_training_only():
    gt.manual_seed(0)
    layer, x = gt.nn.Dropout(0.25), gt.ones(10000)
    kept = layer(x)
    assert set(kept.tolist()) == {0.0, float(np.float32(1) / np.float32(0.75))}
    assert abs((kept == 0).float().mean().item() - 0.25) < 0.02
    assert layer.eval()(x).tolist() == x.tolist()
    whole = gt.nn.Dropout2d(0.5)(gt.ones(50, 20, 2, 2))
    assert set(whole.sum((2, 3)).flatten().tolist()) == {0.0, 8.0}


def test_a_failed_batch_does_not_count():
    layer = gt.nn.BatchNorm1d(3)
    with pytest.raises(ValueError, match="more than 1 value a channel"):
        layer(gt.ones(1, 3))
    assert layer.num_batches_tracked.item() == 0


def test_old_states_of_batch_norm_lack_the_count():
    layer = gt.nn.BatchNorm1d(2)
    layer(gt.ones(3, 2))
    state = dict(layer.state_dict())
    del state["num_batches_tracked"]
    layer.load_state_dict(state)
    assert layer.num_batches_tracked.item() == 1
