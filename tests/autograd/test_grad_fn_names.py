"""What a tensor prints of its history: PyTorch's names of the backward steps."""

import pytest

import gputensor as gt

NAMES = {
    "MulBackward0": lambda lib, x: x * x,
    "SubBackward0": lambda lib, x: x - 1,
    "RsubBackward1": lambda lib, x: 1 - x,
    "PowBackward0": lambda lib, x: x**3,
    "SumBackward0": lambda lib, x: x.sum(),
    "SumBackward1": lambda lib, x: x.sum(0),
    "MeanBackward0": lambda lib, x: x.mean(),
    "MeanBackward1": lambda lib, x: x.mean(0),
    "MaxBackward1": lambda lib, x: x.max(),
    "MmBackward0": lambda lib, x: x @ x.T,
    "UnsafeViewBackward0": lambda lib, x: x[None] @ x.T[None],
    "AddmmBackward0": lambda lib, x: lib.nn.functional.linear(x, x, lib.zeros(2)),
    "SelectBackward0": lambda lib, x: x[0],
    "SliceBackward0": lambda lib, x: x[:1],
    "UnsqueezeBackward0": lambda lib, x: x[None],
    "AliasBackward0": lambda lib, x: x[...],
    "CumsumBackward0": lambda lib, x: x.cumsum(0),
    "CumprodBackward0": lambda lib, x: x.cumprod(0),
    "LogsumexpBackward0": lambda lib, x: x.logsumexp(0),
    "LinalgVectorNormBackward0": lambda lib, x: x.norm(),
    "Log1PBackward0": lambda lib, x: x.log1p(),
    "LeakyReluBackward0": lambda lib, x: lib.nn.functional.leaky_relu(x),
    "UnfoldBackward0": lambda lib, x: x.unfold(1, 2, 1),
    "NllLossBackward0": lambda lib, x: lib.nn.functional.cross_entropy(x, lib.tensor([0, 1])),
    "ConvolutionBackward0": lambda lib, x: lib.nn.Conv2d(1, 2, 2)(x[None, None]),
    "NativeBatchNormBackward0": lambda lib, x: lib.nn.BatchNorm1d(3)(x),
    "NativeLayerNormBackward0": lambda lib, x: lib.nn.LayerNorm(3)(x),
    "MaxPool2DWithIndicesBackward0": lambda lib, x: lib.nn.functional.max_pool2d(x[None, None], 2),
    "CopyBackwards": lambda lib, x: lib.zeros(2, 3).copy_(x),
    "CopySlices": lambda lib, x: written(x * 1),
}


def written(y):
    y[0] = 1.0
    return y


def name_in(lib, f):
    x = (lib.arange(6.0).reshape(2, 3) / 7 + 0.1).requires_grad_()
    return repr(f(lib, x)).split("grad_fn=<")[1].split(">")[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_tensor_prints_pytorchs_name_of_its_last_step(name):
    assert name_in(gt, NAMES[name]) == name


@pytest.mark.torch
@pytest.mark.parametrize("name", NAMES)
def test_pytorch_prints_that_name(name):
    assert name_in(pytest.importorskip("torch"), NAMES[name]) == name
