"""Samples of activations."""

import numpy as np
import scipy.special

from tests.samples import Sample, f

WITH_INT = ("float32", "float64", "float16", "bfloat16", "int64")
WITH_COMPLEX = ("float32", "float64", "float16", "bfloat16", "complex64")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def elu(x, alpha=1.0, scale=1.0, rate=1.0):
    return np.where(x > 0, scale * x, scale * alpha * np.expm1(rate * x))


def softmax(x, axis):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


SAMPLES: list[Sample] = [
    Sample(
        "relu", lambda lib, x: lib.relu(x), (f(3, 4, kind="distinct"),),
        method=lambda x: x.relu(), inplace=lambda x: x.relu_(), reference=lambda x: np.maximum(x, 0), dtypes=WITH_INT,
    ),
    Sample(
        "relu6", lambda lib, x: lib.nn.functional.relu6(12 * x), (f(3, 4, kind="distinct"),),
        reference=lambda x: np.clip(12 * x, 0, 6), dtypes=WITH_INT,
    ),
    Sample(
        "leaky_relu", lambda lib, x: lib.nn.functional.leaky_relu(x, 0.2), (f(3, 4, kind="distinct"),),
        reference=lambda x: np.where(x > 0, x, 0.2 * x),
    ),
    Sample(
        "leaky_relu of a steep slope", lambda lib, x: lib.nn.functional.leaky_relu(x, 1.5),
        (f(3, 4, kind="distinct"),), reference=lambda x: np.where(x > 0, x, 1.5 * x),
    ),
    Sample(
        "prelu", lambda lib, x, w: lib.prelu(x, w), (f(3, 4, kind="distinct"), f(4)),
        method=lambda x, w: x.prelu(w), reference=lambda x, w: np.where(x > 0, x, w * x),
    ),
    Sample(
        "prelu channels", lambda lib, x, w: lib.prelu(x, w), (f(2, 3, 4, kind="distinct"), f(3)),
        method=lambda x, w: x.prelu(w), reference=lambda x, w: np.where(x > 0, x, w[:, None] * x),
    ),
    Sample(
        "prelu one", lambda lib, x, w: lib.prelu(x, w), (f(3, 4, kind="distinct"), f(1)),
        method=lambda x, w: x.prelu(w), reference=lambda x, w: np.where(x > 0, x, w * x),
    ),
    Sample(
        "threshold", lambda lib, x: lib.threshold(x, 0.33, 20.0), (f(3, 4, kind="distinct"),),
        reference=lambda x: np.where(x > 0.33, x, 20.0),
    ),
    Sample(
        "hardtanh", lambda lib, x: lib.nn.functional.hardtanh(x, -0.53, 0.77), (f(3, 4, kind="distinct"),),
        reference=lambda x: np.clip(x, -0.53, 0.77),
    ),
    Sample(
        "hardsigmoid", lambda lib, x: lib.nn.functional.hardsigmoid(8 * x), (f(3, 4, kind="distinct"),),
        reference=lambda x: np.clip(8 * x + 3, 0, 6) / 6,
        torch=False, reason="PyTorch's gradient multiplies by 1/6 rounded to float32",
    ),
    Sample(
        "hardswish", lambda lib, x: lib.nn.functional.hardswish(8 * x), (f(3, 4, kind="distinct"),),
        reference=lambda x: 8 * x * np.clip(8 * x + 3, 0, 6) / 6,
    ),
    Sample(
        "hardshrink", lambda lib, x: lib.hardshrink(x, 0.33), (f(3, 4, kind="distinct"),),
        method=lambda x: x.hardshrink(0.33), reference=lambda x: np.where(abs(x) <= 0.33, 0, x),
    ),
    Sample(
        "softshrink", lambda lib, x: lib.nn.functional.softshrink(x, 0.33), (f(3, 4, kind="distinct"),),
        reference=lambda x: np.where(abs(x) <= 0.33, 0, x - 0.33 * np.sign(x)),
    ),
    Sample(
        "sigmoid", lambda lib, x: lib.sigmoid(x), (f(3, 4),),
        method=lambda x: x.sigmoid(), inplace=lambda x: x.sigmoid_(), reference=sigmoid, dtypes=WITH_COMPLEX,
    ),
    Sample(
        "logsigmoid", lambda lib, x: lib.nn.functional.logsigmoid(x), (f(3, 4),),
        reference=lambda x: np.log(sigmoid(x)),
    ),
    Sample(
        "softplus", lambda lib, x: lib.nn.functional.softplus(x), (f(3, 4),),
        reference=lambda x: np.log1p(np.exp(x)),
    ),
    Sample(
        "softplus beta", lambda lib, x: lib.nn.functional.softplus(x, 2.0, 1.0), (f(3, 4, kind="distinct"),),
        reference=lambda x: np.where(2 * x > 1, x, np.log1p(np.exp(2 * x)) / 2),
    ),
    Sample(
        "softsign", lambda lib, x: lib.nn.functional.softsign(x), (f(3, 4, kind="distinct"),),
        reference=lambda x: x / (1 + abs(x)),
    ),
    Sample(
        "tanhshrink", lambda lib, x: lib.nn.functional.tanhshrink(x), (f(3, 4, kind="positive"),),
        reference=lambda x: x - np.tanh(x), rtol=1e-4, reason="the difference cancels towards 0, in PyTorch too",
    ),
    Sample(
        "elu", lambda lib, x: lib.nn.functional.elu(x, 0.7), (f(3, 4, kind="distinct"),),
        reference=lambda x: elu(x, 0.7),
    ),
    Sample(
        "selu", lambda lib, x: lib.selu(x), (f(3, 4, kind="distinct"),),
        reference=lambda x: elu(x, 1.6732632423543772848, 1.0507009873554804934),
    ),
    Sample(
        "celu", lambda lib, x: lib.celu(x, 0.5), (f(3, 4, kind="distinct"),),
        reference=lambda x: elu(x, 0.5, 1.0, 2.0),
    ),
    Sample(
        "gelu", lambda lib, x: lib.nn.functional.gelu(x), (f(3, 4),),
        reference=lambda x: x * scipy.special.ndtr(x),
    ),
    Sample(
        "gelu tanh", lambda lib, x: lib.nn.functional.gelu(x, approximate="tanh"), (f(3, 4),),
        reference=lambda x: x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    ),
    Sample(
        "silu", lambda lib, x: lib.nn.functional.silu(x), (f(3, 4),),
        reference=lambda x: x * sigmoid(x),
    ),
    Sample(
        "mish", lambda lib, x: lib.nn.functional.mish(x), (f(3, 4),),
        reference=lambda x: x * np.tanh(np.log1p(np.exp(x))),
    ),
    Sample(
        "glu", lambda lib, x: lib.nn.functional.glu(x, 0), (f(4, 3),),
        reference=lambda x: x[:2] * sigmoid(x[2:]),
    ),
    Sample(
        "softmax", lambda lib, x: lib.softmax(x, 1), (f(3, 4),),
        method=lambda x: x.softmax(dim=1), reference=lambda x: softmax(x, 1),
    ),
    Sample(
        "softmax dim", lambda lib, x: lib.softmax(x, -2), (f(2, 3, 4),),
        method=lambda x: x.softmax(-2), reference=lambda x: softmax(x, 1),
    ),
    Sample(
        "log_softmax", lambda lib, x: lib.log_softmax(x, 1), (f(3, 4),),
        method=lambda x: x.log_softmax(dim=1), reference=lambda x: np.log(softmax(x, 1)),
    ),
    Sample(
        "softmin", lambda lib, x: lib.nn.functional.softmin(x, 0), (f(3, 4),),
        reference=lambda x: softmax(-x, 0),
    ),
]  # fmt: skip
