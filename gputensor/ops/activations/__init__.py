"""Activation functions, element by element, and the softmaxes along a dim."""

from gputensor.ops.activations.normalized import (
    NormalizedMethods as NormalizedMethods,
    log_softmax as log_softmax,
    softmax as softmax,
    softmin as softmin,
)
from gputensor.ops.activations.piecewise import (
    PiecewiseMethods as PiecewiseMethods,
    hardshrink as hardshrink,
    hardsigmoid as hardsigmoid,
    hardswish as hardswish,
    hardtanh as hardtanh,
    leaky_relu as leaky_relu,
    prelu as prelu,
    relu as relu,
    relu6 as relu6,
    softshrink as softshrink,
    threshold as threshold,
)
from gputensor.ops.activations.smooth import (
    SmoothMethods as SmoothMethods,
    celu as celu,
    elu as elu,
    expit as expit,
    gelu as gelu,
    glu as glu,
    logsigmoid as logsigmoid,
    mish as mish,
    selu as selu,
    sigmoid as sigmoid,
    silu as silu,
    softplus as softplus,
    softsign as softsign,
    tanhshrink as tanhshrink,
)
