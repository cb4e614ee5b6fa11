"""Second derivatives where functions are saturated: finite, and 0 or what is left of the tail."""

import math
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F

FAR = [s * v for v in (20.0, 50.0, 89.0, 100.0, 1000.0, 1e30) for s in (1, -1)]

SATURATED = {
    "softplus": lambda lib, x: lib.nn.functional.softplus(x),
    "softplus, beta 5": lambda lib, x: lib.nn.functional.softplus(x, 5.0),
    "softplus, beta -1": lambda lib, x: lib.nn.functional.softplus(x, -1.0),
    "mish": lambda lib, x: lib.nn.functional.mish(x.clamp(max=80.0)),  # PyTorch: nan above
    "logsigmoid": lambda lib, x: lib.nn.functional.logsigmoid(x),
    "binary_cross_entropy_with_logits": lambda lib, x: lib.nn.functional.binary_cross_entropy_with_logits(
        x, lib.full_like(x.detach(), 0.3), reduction="none"
    ),
    "multilabel_soft_margin_loss": lambda lib, x: lib.nn.functional.multilabel_soft_margin_loss(
        x[:, None], lib.ones_like(x[:, None]), reduction="none"
    ),
    "log_ndtr": lambda lib, x: lib.special.log_ndtr(x.clamp(min=-10.0)),  # PyTorch loses the left side
    "Bernoulli": lambda lib, x: lib.distributions.Bernoulli(logits=x).log_prob(lib.ones_like(x)),
    "Bernoulli's entropy": lambda lib, x: lib.distributions.Bernoulli(logits=x).entropy(),
    "NegativeBinomial": lambda lib, x: lib.distributions.NegativeBinomial(5.0, logits=x).log_prob(
        lib.full_like(x.detach(), 2.0)
    ),
    "TanhTransform": lambda lib, x: lib.distributions.TanhTransform().log_abs_det_jacobian(x, x.detach()),
    "SigmoidTransform": lambda lib, x: lib.distributions.SigmoidTransform().log_abs_det_jacobian(x, x.detach()),
    "SoftplusTransform": lambda lib, x: lib.distributions.SoftplusTransform()(x),
}


def derivatives(lib, f, values, dtype):
    x = lib.tensor(values, dtype=getattr(lib, dtype), requires_grad=True)
    (g,) = lib.autograd.grad(f(lib, x).sum(), x, create_graph=True)
    (h,) = lib.autograd.grad(g.sum(), x)
    return g.detach().numpy(), h.numpy()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SATURATED)
def test_second_derivatives_of_saturated_functions_vanish(name, dtype):
    _, second = derivatives(gt, SATURATED[name], [v for v in FAR if abs(v) > 49], dtype)
    np.testing.assert_allclose(second, 0, atol=3e-3 if name == "log_ndtr" else 1e-15)
    assert np.isfinite(second).all()


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SATURATED)
def test_derivatives_far_out_are_those_of_pytorch(name, dtype):
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        want = derivatives(torch, SATURATED[name], FAR, dtype)
    for ours, theirs in zip(derivatives(gt, SATURATED[name], FAR, dtype), want, strict=True):
        # PyTorch's softplus ends at its threshold of 20, where 2e-9 are left, seven of them in one case
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=2e-8)


def test_tails_keep_their_digits_in_second_derivatives():
    x = gt.tensor([-100.0, -20.0, 0.0, 20.0, 100.0], requires_grad=True)
    tail = math.exp(-20)
    for f in (F.logsigmoid, lambda x: -gt.logaddexp(x, gt.zeros(5)), lambda x: -gt.logaddexp(gt.zeros(5), x)):
        (g,) = gt.autograd.grad(f(x).sum(), x, create_graph=True)
        (h,) = gt.autograd.grad(g.sum(), x, create_graph=True)
        np.testing.assert_allclose(h.tolist(), [0, -tail, -0.25, -tail, 0], rtol=1e-6, atol=1e-40)
        # the third is odd
        np.testing.assert_allclose(
            gt.autograd.grad(h.sum(), x)[0].tolist(), [0, -tail, 0, tail, 0], rtol=1e-6, atol=1e-40
        )


@pytest.mark.parametrize(
    ("dtype", "values"), [("float32", [-20.0, -50.0, -1000.0]), ("float64", [-25.0, -1000.0, -1e30])]
)
def test_gelu_by_tanh_is_flat_far_to_the_left(dtype, values):
    first, second = derivatives(gt, lambda lib, x: F.gelu(x, approximate="tanh"), values, dtype)
    assert first.tolist() == second.tolist() == [0, 0, 0]


def test_log_ndtr_is_a_parabola_far_to_the_left_and_flat_far_to_the_right():
    # beyond -1 / x² + 6 / x⁴
    x = -40.0
    first, second = derivatives(gt, lambda lib, t: gt.special.log_ndtr(t), [x, 40.0], "float64")
    np.testing.assert_allclose(first, [40.024968847, 0], rtol=1e-9)
    assert second[0] == pytest.approx(-1 + 1 / x**2 - 6 / x**4, rel=1e-6)
    assert second[1] == 0


def test_sinc_of_huge_numbers_has_finite_derivatives():
    _, second = derivatives(gt, lambda lib, x: gt.sinc(x), [1e30, -1e30, 0.0], "float32")
    np.testing.assert_allclose(second, [0, 0, -(math.pi**2) / 3], atol=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "slope", "at_0"), [("i1", 3 / 8, 0.0), ("i1e", 15 / 8, -1.0)])
def test_second_derivatives_of_bessel_functions_close_to_0_do_not_cancel(name, slope, at_0, dtype):
    # i1'' = 3x/8 + ..., i1e'' = -1 + 15x/8 - ...
    for at in (1e-30, 1e-20, 1e-8, 1e-4):
        x = gt.tensor(at, dtype=getattr(gt, dtype), requires_grad=True)
        (first,) = gt.autograd.grad(getattr(gt.special, name)(x), x, create_graph=True)
        (second,) = gt.autograd.grad(first, x)
        assert first.item() == pytest.approx(0.5 - (at if name == "i1e" else 0), rel=1e-6)
        assert second.item() == pytest.approx(at_0 + slope * at, rel=1e-6, abs=1e-45)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_derivatives_of_erfcx_far_to_the_right_do_not_cancel(dtype):
    for at in (100.0, 1e3, 1e10, 1e20):
        x = gt.tensor(at, dtype=getattr(gt, dtype), requires_grad=True)
        (first,) = gt.autograd.grad(gt.special.erfcx(x), x, create_graph=True)
        (second,) = gt.autograd.grad(first, x)
        u = 1 / (2 * at * at)
        # erfcx'(x) sqrt(pi) / 2 is the sum over n of (-1)**n (2n - 1)!! u**n, and u' = -2 u / x
        slope = -u + 3 * u**2 - 15 * u**3 + 105 * u**4
        curve = (-1 + 6 * u - 45 * u**2 + 420 * u**3) * -2 * u / at
        scale = 2 / math.sqrt(math.pi)
        assert first.item() == pytest.approx(scale * slope, rel=1e-9 if dtype == "float64" else 1e-5, abs=1e-38)
        assert second.item() == pytest.approx(scale * curve, rel=1e-8 if dtype == "float64" else 1e-5, abs=1e-36)
