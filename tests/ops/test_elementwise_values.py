"""Values and gradients of elementwise functions at zeros, infinities, nan, ties and bounds: PyTorch's conventions."""

import math

import numpy as np
import pytest

import gputensor as gt

nan, inf = np.nan, np.inf

POINTS = np.array(
    [
        inf, -inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1e-30, -1e-30, 1e30, -1e30, 2.0, 3.0, -3.0, 6.0, 20.0, 21.0,
        100.0, -100.0, 1000.0, -1000.0, 0.25, 1e-4,
]
)  # fmt: skip

UNARY = (
    "abs", "acos", "acosh", "angle", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg2rad", "digamma",
    "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "fix", "floor", "frac", "isfinite", "isinf", "isnan", "isneginf",
    "isposinf", "isreal", "lgamma", "log", "log10", "log1p", "log2", "logical_not", "logit", "nan_to_num", "neg",
    "rad2deg", "reciprocal", "relu", "round", "rsqrt", "selu", "sgn", "sigmoid", "sign", "signbit", "sin", "sinc",
    "sinh", "sqrt", "square", "tan", "tanh", "trunc",
)  # fmt: skip

CALLS = {
    "x ** 0": lambda lib, x: x**0,
    "x ** 0.5": lambda lib, x: x**0.5,
    "x ** -0.5": lambda lib, x: x**-0.5,
    "x ** -1": lambda lib, x: x**-1,
    "x ** 1": lambda lib, x: x**1,
    "x ** 3": lambda lib, x: x**3,
    "x ** -2": lambda lib, x: x**-2,
    "x ** 2.5": lambda lib, x: x**2.5,
    "2 ** x": lambda lib, x: 2.0**x,
    "0 ** x": lambda lib, x: 0.0**x,
    "(-1) ** x": lambda lib, x: (-1.0) ** x,
    "clamp": lambda lib, x: x.clamp(-1, 1),
    "clamp to nan": lambda lib, x: x.clamp(nan, 1),
    "clamp_min": lambda lib, x: x.clamp(min=0),
    "clamp_max": lambda lib, x: x.clamp(max=0.5),
    "logit eps": lambda lib, x: lib.logit(x, 0.25),
    "round decimals": lambda lib, x: lib.round(x, decimals=2),
    "softmax": lambda lib, x: lib.softmax(x, 0),
    "softmax without infinity": lambda lib, x: lib.softmax(x[2:], 0),
    "log_softmax without infinity": lambda lib, x: lib.log_softmax(x[2:], 0),
    "softmax of minus infinity": lambda lib, x: lib.softmax(x[1:], 0),
    "threshold": lambda lib, x: lib.threshold(x, 0.0, 7.0),
    "hardshrink": lambda lib, x: lib.hardshrink(x, 0.5),
    "celu": lambda lib, x: lib.celu(x, 2.0),
    "sqrt of relu": lambda lib, x: lib.sqrt(lib.relu(x)),
    "sqrt of clamp": lambda lib, x: lib.sqrt(x.clamp(min=0.0)),
    "where of log": lambda lib, x: lib.where(x > 1, lib.log(x), x),
}

# where PyTorch's gradient is worse, or goes another way on purpose: (reason, points)
GRADIENTS_DIFFER = {
    "acosh": ("nan outside of its domain, like the value", [-inf, -1.0, -1e30, -3.0, -100.0, -1000.0]),
    "digamma": ("at its poles PyTorch returns rounding errors", [-inf, -1.0, -1e30, -3.0, -100.0, -1000.0]),
    "sinc": ("near 0 PyTorch's formula cancels", [1e-30, -1e-30, 1e-4]),
    "x ** 0.5": ("of -inf ours follows -inf ** -0.5", [-inf]),
}  # fmt: skip


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def same(ours, theirs):
    """Elementwise: equal, both nan, or within rounding."""
    if ours.dtype == bool:
        return ours == theirs
    with np.errstate(all="ignore"):
        near = np.abs(ours - theirs) <= 1e-9 * np.abs(theirs) + 1e-300
    return near | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))


def expected_everywhere(points, but):
    """True where the results have to agree."""
    bits = np.asarray(but, float).view(np.int64)
    return ~np.isin(points.view(np.int64), bits)


def call_of(name):
    return CALLS.get(name) or (lambda lib, x: getattr(lib, name)(x))


@pytest.mark.torch
@pytest.mark.parametrize("name", [*UNARY, *CALLS])
def test_values_at_special_points_are_those_of_torch(torch, name):
    call = call_of(name)
    points = np.append(POINTS, nan)
    ours, theirs = call(gt, gt.tensor(points)).numpy(), call(torch, torch.tensor(points)).numpy()
    agree = same(ours, theirs)
    assert agree.all(), (points[-len(agree) :][~agree], ours[~agree], theirs[~agree])


@pytest.mark.torch
@pytest.mark.parametrize("name", [*UNARY, *CALLS])
def test_gradients_at_special_points_are_those_of_torch(torch, name):
    call = call_of(name)
    x, y = gt.tensor(POINTS, requires_grad=True), torch.tensor(POINTS, requires_grad=True)
    ours, theirs = call(gt, x), call(torch, y)
    assert ours.requires_grad == theirs.requires_grad
    if theirs.requires_grad:
        ours.backward(gt.tensor(np.ones(ours.shape)))
        theirs.backward(torch.ones_like(theirs))
        got, want = x.grad.numpy(), y.grad.numpy(force=True)
        agree = same(got, want) | ~expected_everywhere(POINTS, GRADIENTS_DIFFER.get(name, ("", []))[1])
        assert agree.all(), (POINTS[~agree], got[~agree], want[~agree])


BINARY = {
    name: (lambda lib, x, y, name=name: getattr(lib, name)(x, y))
    for name in (
        "add", "sub", "mul", "div", "pow", "atan2", "hypot", "copysign", "nextafter", "logaddexp", "logaddexp2",
        "xlogy", "maximum", "minimum", "fmax", "fmin", "remainder", "fmod", "eq", "ne", "lt", "le", "gt", "ge",
        "isclose", "logical_and", "logical_or", "logical_xor", "heaviside", "floor_divide", "clamp_min", "clamp_max",
)
} | {
    "div floor": lambda lib, x, y: lib.div(x, y, rounding_mode="floor"),
    "div trunc": lambda lib, x, y: lib.div(x, y, rounding_mode="trunc"),
    "where": lambda lib, x, y: lib.where(x > y, x, y),
    "clamp between": lambda lib, x, y: lib.clamp(x, y, y + 1),
    "clamp crossed": lambda lib, x, y: lib.clamp(x, y, -y),
    "lerp": lambda lib, x, y: lib.lerp(x, y, 0.25),
    "addcdiv": lambda lib, x, y: lib.addcdiv(x, x, y, value=2),
}  # fmt: skip

NO_GRADIENT_IN_TORCH = {"heaviside", "floor_divide"}
BINARY_GRADIENTS_DIFFER = {
    "copysign": lambda x, y: np.isinf(x),  # PyTorch divides inf by inf
    "nextafter": lambda x, y: x == y,  # where nothing moves, PyTorch gives no gradient
}


@pytest.mark.torch
@pytest.mark.parametrize("name", BINARY)
def test_two_operands_at_special_points_are_those_of_torch(torch, name):
    values = np.array([nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 1e-30, 1e30])
    a, b = (grid.ravel() for grid in np.meshgrid(values, values))
    xs = [gt.tensor(v, requires_grad=True) for v in (a, b)]
    ys = [torch.tensor(v, requires_grad=True) for v in (a, b)]
    ours, theirs = BINARY[name](gt, *xs), BINARY[name](torch, *ys)
    # logaddexp2 of two equal operands is exact here
    agree = same(ours.detach().numpy(), theirs.detach().numpy()) | ((name == "logaddexp2") & (a == -1) & (b == -1))
    assert agree.all(), (a[~agree], b[~agree], ours.detach().numpy()[~agree], theirs.detach().numpy()[~agree])
    if theirs.requires_grad and name not in NO_GRADIENT_IN_TORCH:
        ours.backward(gt.tensor(np.ones(ours.shape)))
        theirs.backward(torch.ones_like(theirs))
        excused = BINARY_GRADIENTS_DIFFER.get(name, lambda x, y: np.zeros(x.shape, bool))(a, b)
        for x, y in zip(xs, ys, strict=True):
            agree = same(x.grad.numpy(), y.grad.numpy(force=True)) | excused
            assert agree.all(), (a[~agree], b[~agree], x.grad.numpy()[~agree], y.grad.numpy(force=True)[~agree])


ACTIVATIONS = (
    "relu6", "leaky_relu", "elu", "gelu", "silu", "mish", "hardsigmoid", "hardswish", "hardtanh", "softshrink",
    "tanhshrink", "softplus", "softsign", "logsigmoid",
)  # fmt: skip


@pytest.mark.torch
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_at_special_points_are_those_of_torch(torch, name):
    from gputensor.ops import activations

    x, y = gt.tensor(POINTS, requires_grad=True), torch.tensor(POINTS, requires_grad=True)
    ours, theirs = getattr(activations, name)(x), getattr(torch.nn.functional, name)(y)
    a, b = ours.detach().numpy(), theirs.detach().numpy()
    agree = same(a, b)
    if name == "tanhshrink":
        agree |= abs(POINTS) < 1e-3  # the difference cancels near 0, to what two roundings left
    assert agree.all(), (POINTS[~agree], a[~agree], b[~agree])
    ours.backward(gt.tensor(np.ones(ours.shape)))
    theirs.backward(torch.ones_like(theirs))
    a, b = x.grad.numpy(), y.grad.numpy(force=True)
    agree = same(a, b)
    if name == "hardsigmoid":
        agree |= abs(a - b) < 1e-8  # PyTorch's 1/6 is rounded to float32
    assert agree.all(), (POINTS[~agree], a[~agree], b[~agree])


def test_in_place_forms_under_their_other_names():
    for name in ("acosh_", "arccosh_"):
        x = gt.tensor([1.0, 2.0], dtype=gt.float64)
        assert getattr(x, name)() is x
        np.testing.assert_allclose(x.numpy(), np.arccosh([1.0, 2.0]))
        y = gt.tensor([3.0], dtype=gt.float64)
        assert getattr(gt, name)(y) is y
        np.testing.assert_allclose(y.numpy(), np.arccosh([3.0]))
    x = gt.tensor([1.0, 6.0])
    assert x.multiply_(2).tolist() == [2.0, 12.0]
    assert x.divide_(4).tolist() == [0.5, 3.0]
    assert x.subtract_(1, alpha=2).tolist() == [-1.5, 1.0]
    np.testing.assert_allclose(gt.tensor([1.0, 2.0]).digamma_().numpy(), [-0.57721566, 0.42278434], rtol=1e-6)


def test_the_floor_and_ceiling_of_math_are_ints():
    assert math.floor(gt.tensor(2.5)) == 2
    assert type(math.floor(gt.tensor(2.5))) is int
    assert list(range(math.ceil(gt.tensor([1.5])))) == [0, 1]
    assert math.floor(gt.tensor(True)) == 1
    with pytest.raises(OverflowError, match="infinity"):
        math.floor(gt.tensor(math.inf))
