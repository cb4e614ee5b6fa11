"""Activations and the functions they stand on: extremes, 16 bits, arguments that do not fit."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.ops import activations


def test_softmax_of_huge_numbers_does_not_overflow():
    x = gt.tensor([[1000.0, 0.0], [-1000.0, -1000.0]])
    assert gt.softmax(x, 1).tolist() == [[1.0, 0.0], [0.5, 0.5]]
    assert gt.log_softmax(x, 1)[0].tolist() == [0.0, -1000.0]


def test_softmax_of_nothing_and_of_one_number():
    assert gt.softmax(gt.zeros(2, 0), 1).shape == (2, 0)
    assert gt.log_softmax(gt.zeros(0, 2), 0).shape == (0, 2)
    x = gt.tensor(3.0, requires_grad=True)
    y = gt.softmax(x, 0)
    assert y.item() == 1.0
    y.backward()
    assert x.grad.item() == 0.0
    assert gt.log_softmax(x, -1).item() == 0.0


def test_softmax_of_minus_infinities_is_nan():
    x = gt.tensor([[-np.inf, -np.inf], [-np.inf, 0.0]])
    assert np.isnan(gt.softmax(x, 1)[0].numpy()).all()
    assert gt.softmax(x, 1)[1].tolist() == [0.0, 1.0]


def test_softmax_takes_a_dtype_and_refuses_integers():
    assert gt.softmax(gt.tensor([1, 1]), 0, dtype="float64").tolist() == [0.5, 0.5]
    with pytest.raises(TypeError, match="softmax: expected a real floating-point tensor, got int64"):
        gt.softmax(gt.tensor([1, 2]), 0)
    with pytest.raises(IndexError, match="softmax: dim 2 is out of range"):
        gt.softmax(gt.zeros(2, 2), 2)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize(
    "function",
    [
        gt.sigmoid, gt.rsqrt, gt.sinc, gt.logit, gt.selu, gt.celu, activations.gelu, activations.silu, activations.mish,
        activations.softplus, activations.logsigmoid, activations.elu, activations.hardswish, activations.hardsigmoid,
        activations.softsign, activations.tanhshrink,
        lambda x: activations.gelu(x, approximate="tanh"), lambda x: gt.softmax(x, 0), lambda x: gt.log_softmax(x, 0),
        lambda x: gt.round(x, decimals=1),
    ],
)  # fmt: skip
def test_formulas_of_several_steps_are_rounded_once_in_16_bits(function, dtype):
    rng = np.random.default_rng(0)
    x = gt.tensor(rng.uniform(0.01, 0.99, 200), dtype=dtype)
    assert gt.equal(function(x), function(x.float()).to(x.dtype))


def test_sigmoid_is_exact_at_both_ends():
    x = gt.tensor([-1000.0, -80.0, 80.0, 1000.0], dtype="float64", requires_grad=True)
    y = gt.sigmoid(x)
    assert y.tolist() == pytest.approx([0.0, np.exp(-80.0), 1.0, 1.0], rel=1e-15, abs=0.0)
    y.sum().backward()
    assert np.isfinite(x.grad.numpy()).all()


def test_gelu_keeps_its_digits_far_below_zero():
    # 1 + erf would be 0 from -6 on
    assert activations.gelu(gt.tensor([-8.0])).item() == pytest.approx(-8 * 6.220960574271785e-16, rel=1e-5)


def test_log_of_sigmoid_keeps_its_digits():
    x = gt.tensor([-200.0, 50.0])
    assert activations.logsigmoid(x).tolist() == pytest.approx([-200.0, -np.exp(-50.0)])


def test_elu_of_huge_numbers_has_finite_gradients():
    for function in (activations.elu, gt.selu, gt.celu):
        x = gt.tensor([1000.0, -1000.0], requires_grad=True)
        function(x).sum().backward()
        assert np.isfinite(x.grad.numpy()).all()


def test_gelu_names_the_approximations():
    with pytest.raises(ValueError, match=r"gelu: approximate must be 'none' or 'tanh', got 'fast'"):
        activations.gelu(gt.tensor([1.0]), approximate="fast")


def test_glu_wants_an_even_size():
    with pytest.raises(ValueError, match=r"glu: the size of dim 1 must be even, got 3 in x of shape \(2, 3\)"):
        activations.glu(gt.zeros(2, 3), 1)
    with pytest.raises(ValueError, match="glu: a 0-d tensor"):
        activations.glu(gt.tensor(1.0))


def test_prelu_wants_one_slope_or_one_a_channel():
    with pytest.raises(ValueError, match=r"prelu: weight must be one number or have shape \(3,\)"):
        gt.prelu(gt.zeros(2, 3, 4), gt.zeros(4))
    with pytest.raises(TypeError, match=r"prelu: input is float32.*weight float64"):
        gt.prelu(gt.zeros(2, 3), gt.zeros(3, dtype="float64"))
    assert gt.prelu(gt.tensor(-2.0), gt.tensor([0.25])).item() == -0.5


def test_relu_keeps_integers_and_refuses_booleans():
    assert gt.relu(gt.tensor([-1, 2])).tolist() == [0, 2]
    with pytest.raises(TypeError, match="relu: not defined for booleans"):
        gt.relu(gt.tensor([True]))
    with pytest.raises(TypeError, match="relu: not defined for complex"):
        gt.relu(gt.tensor([1j]))


def test_relu_passes_nan_and_its_gradient():
    x = gt.tensor([float("nan"), -1.0], requires_grad=True)
    y = gt.relu(x)
    assert np.isnan(y[0].item())
    y.backward(gt.tensor([1.0, 1.0]))
    assert x.grad.tolist() == [1.0, 0.0]


def test_relu_in_place_is_recorded():
    x = gt.tensor([-1.0, 2.0], requires_grad=True)
    y = x * 3
    y.relu_().sum().backward()
    assert x.grad.tolist() == [0.0, 3.0]
    z = x * 2
    z.sigmoid_().sum().backward()


def test_hard_functions_have_no_gradient_at_their_bounds():
    for function, bounds in ((activations.hardtanh, [-1.0, 1.0]), (activations.relu6, [0.0, 6.0])):
        x = gt.tensor(bounds, requires_grad=True)
        function(x).sum().backward()
        assert x.grad.tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match=r"hardtanh: min_val must not be above max_val, got 2.0 and 1.0"):
        activations.hardtanh(gt.tensor([1.0]), 2.0)
    with pytest.raises(ValueError, match="softshrink: lambd must not be negative"):
        activations.softshrink(gt.tensor([1.0]), -1.0)


def test_the_second_derivative_of_sinc_at_zero():
    x = gt.tensor([0.0, 1e-3], dtype="float64", requires_grad=True)
    (first,) = gt.autograd.grad(gt.sinc(x).sum(), [x], create_graph=True)
    (second,) = gt.autograd.grad(first.sum(), [x])
    assert second.tolist() == pytest.approx([-(np.pi**2) / 3] * 2, rel=1e-4)


def test_tiny_and_huge_points_have_an_angle():
    y, x = gt.tensor([1e-30, 1e30], requires_grad=True), gt.tensor([1e-30, 1e30])
    gt.atan2(y, x).sum().backward()
    assert y.grad.tolist() == pytest.approx([0.5e30, 0.5e-30], rel=1e-5)


def test_logarithms_and_gammas_at_their_poles():
    inf = float("inf")
    assert gt.lgamma(gt.tensor([0.0, -1.0, inf, -inf])).tolist() == [inf] * 4
    assert gt.digamma(gt.tensor([0.0])).tolist() == [-inf]
    assert gt.erfinv(gt.tensor([1.0, -1.0])).tolist() == [inf, -inf]
    with pytest.raises(ValueError, match="polygamma: n must not be negative, got -1"):
        gt.polygamma(-1, gt.tensor([1.0]))


def test_every_derivative_of_lgamma_is_there():
    x = gt.tensor([2.5], dtype="float64", requires_grad=True)
    y = gt.lgamma(x)
    for order in range(4):
        (y,) = gt.autograd.grad(y.sum(), [x], create_graph=True)
        assert y.item() == pytest.approx(gt.polygamma(order, x).item())


def test_rounding_of_integers_changes_nothing_and_keeps_the_dtype():
    x = gt.tensor([3, -2], dtype="int32")
    for function in (gt.floor, gt.ceil, gt.trunc, gt.round):
        y = function(x)
        assert y.tolist() == [3, -2]
        assert y.dtype is x.dtype
        assert y is not x
    with pytest.raises(TypeError, match="round with decimals: expected a real floating-point"):
        gt.round(x, decimals=1)
    with pytest.raises(TypeError, match="floor: not defined for booleans"):
        gt.floor(gt.tensor([True]))


def test_python_rounds_tensors():
    assert round(gt.tensor([2.25, -1.5]), 1).tolist() == pytest.approx([2.2, -1.5])
    assert round(gt.tensor([0.5, 1.5])).tolist() == [0.0, 2.0]


def test_steps_have_zero_gradients_and_not_none():
    for function in (gt.floor, gt.ceil, gt.trunc, gt.round, gt.sign, lambda x: x // 2):
        x = gt.tensor([1.5, -0.3], requires_grad=True)
        function(x).sum().backward()
        assert x.grad.tolist() == [0.0, 0.0]


def test_the_sign_of_nan_is_zero():
    assert gt.sign(gt.tensor([float("nan"), -0.0, -2.0])).tolist() == [0.0, 0.0, -1.0]
    assert gt.heaviside(gt.tensor([float("nan")]), gt.tensor([0.5])).tolist() == [0.0]
    with pytest.raises(TypeError, match=r"sign: not defined for complex numbers.*sgn"):
        gt.sign(gt.tensor([1j]))
    with pytest.raises(TypeError, match="heaviside: expected two real tensors of one dtype"):
        gt.heaviside(gt.tensor([1.0]), gt.tensor([1]))


@pytest.mark.parametrize("name", ["elu", "selu", "celu", "hardswish", "softplus", "gelu", "mish", "silu", "tanh"])
def test_the_gradient_of_a_curve_at_nan_is_nan(name):
    x = gt.tensor([float("nan"), 1.0, -1.0], requires_grad=True)
    getattr(gt.nn.functional, name)(x).sum().backward()
    assert gt.isnan(x.grad).tolist() == [True, False, False]


@pytest.mark.parametrize("name", ["relu6", "hardtanh", "hardsigmoid", "hardshrink", "softshrink"])
def test_straight_pieces_give_nan_no_gradient(name):
    x = gt.tensor([float("nan"), 0.7], requires_grad=True)
    y = getattr(gt.nn.functional, name)(x)
    y.sum().backward()
    assert gt.isnan(y).tolist() == [True, False]
    assert x.grad[0].item() == 0.0
    assert x.grad[1].item() > 0


@pytest.mark.torch
@pytest.mark.parametrize(
    "name",
    [
        "relu",
        "relu6",
        "elu",
        "selu",
        "celu",
        "leaky_relu",
        "hardtanh",
        "hardswish",
        "hardsigmoid",
        "hardshrink",
        "softshrink",
        "tanhshrink",
        "silu",
        "mish",
        "softplus",
        "logsigmoid",
        "sigmoid",
        "tanh",
        "softsign",
    ],
)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1e30, -1e30, 3.0, -3.0])
def test_activations_at_the_edges_are_those_of_pytorch(name, value):
    torch = pytest.importorskip("torch")
    # 64 numbers: of fewer PyTorch computes the gradients at nan another way
    x, theirs = gt.full((64,), value, requires_grad=True), torch.full((64,), value, requires_grad=True)
    y, expected = getattr(gt.nn.functional, name)(x), getattr(torch.nn.functional, name)(theirs)
    y.sum().backward()
    expected.sum().backward()
    np.testing.assert_allclose(y.tolist(), expected.tolist(), rtol=1e-5)
    np.testing.assert_allclose(x.grad.tolist(), theirs.grad.tolist(), rtol=1e-5)


def test_the_gradient_of_abs_at_nan_is_zero():
    x = gt.tensor([float("nan"), -2.0, 0.0], requires_grad=True)
    x.abs().sum().backward()
    assert x.grad.tolist() == [0.0, -1.0, 0.0]
