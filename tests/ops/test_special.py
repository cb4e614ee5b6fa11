"""The special functions at their poles and far out, in other dtypes, and against PyTorch over a grid."""

import math

import numpy as np
import pytest
import scipy.special as sp

import gputensor as gt
from gputensor.errors import DtypeError, GradError

inf, nan = math.inf, math.nan
POINTS = np.array([-inf, -30.0, -2.5, -1.0, -0.5, -0.0, 0.0, 0.1, 0.5, 1.0, 2.0, 8.0, 30.0, 500.0, inf, nan])

UNARY = {
    "airy_ai": lambda x: sp.airy(x)[0],
    "bessel_j0": sp.j0,
    "bessel_j1": sp.j1,
    "bessel_y0": sp.y0,
    "bessel_y1": sp.y1,
    "entr": sp.entr,
    "erfcx": sp.erfcx,
    "i0": sp.i0,
    "i0e": sp.i0e,
    "i1": sp.i1,
    "i1e": sp.i1e,
    "log_ndtr": sp.log_ndtr,
    "modified_bessel_i0": sp.i0,
    "modified_bessel_i1": sp.i1,
    "modified_bessel_k0": sp.k0,
    "modified_bessel_k1": sp.k1,
    "ndtr": sp.ndtr,
    "ndtri": sp.ndtri,
    "scaled_modified_bessel_k0": sp.k0e,
    "scaled_modified_bessel_k1": sp.k1e,
    "spherical_bessel_j0": lambda x: sp.spherical_jn(0, x),
}
BINARY = {"gammainc": sp.gammainc, "gammaincc": sp.gammaincc, "zeta": sp.zeta, "xlog1py": sp.xlog1py}
POLYNOMIALS = [
    *[f"{shifted}chebyshev_polynomial_{kind}" for shifted in ("", "shifted_") for kind in "tuvw"],
    *("hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p"),
]


@pytest.mark.parametrize("name", UNARY)
def test_values_over_the_whole_line_are_those_of_scipy(name):
    with np.errstate(all="ignore"):
        expected = UNARY[name](POINTS)
    got = getattr(gt.special, name)(gt.tensor(POINTS)).numpy()
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", BINARY)
def test_values_over_all_pairs_are_those_of_scipy(name):
    x, y = np.meshgrid(POINTS, POINTS)
    with np.errstate(all="ignore"):
        expected = BINARY[name](x, y)
    got = getattr(gt.special, name)(gt.tensor(x), gt.tensor(y)).numpy()
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", [*UNARY, *BINARY])
def test_integers_and_16_bit_floats_are_taken_and_complex_numbers_refused(name):
    function = getattr(gt.special, name)
    count = 2 if name in BINARY else 1
    if not name.startswith("gammainc"):
        assert function(*[gt.tensor([1, 2])] * count).dtype == gt.float32
    half = gt.tensor([0.25, 0.75], dtype=gt.bfloat16)
    wide = function(*[half.float()] * count)
    np.testing.assert_array_equal(function(*[half] * count).float().numpy(), wide.bfloat16().float().numpy())
    assert function(*[gt.empty(0, 3)] * count).shape == (0, 3)
    with pytest.raises(DtypeError, match=f"{name}: "):
        function(*[gt.tensor([1j])] * count)
    with pytest.raises(TypeError):
        function(*["text"] * count)


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_polynomials_take_numbers_and_tensors_on_both_sides(name):
    function = getattr(gt.special, name)
    x, n = gt.tensor([[0.3], [0.9], [-1.0], [1.0]], dtype=gt.float64), gt.tensor([-2, 0, 1, 2, 5, 9, 20])
    table = function(x, n)
    assert table.shape == (4, 7)
    assert table[:, 0].tolist() == [0.0] * 4
    assert table[:, 1].tolist() == [1.0] * 4
    for k, degree in enumerate(n.tolist()):
        np.testing.assert_allclose(function(x, degree)[:, 0].numpy(), table[:, k].numpy(), rtol=1e-12)
    np.testing.assert_allclose(function(0.3, n.double()).numpy(), table[0].numpy(), rtol=1e-6)
    assert function(gt.tensor([1, 2]), 2).dtype == gt.float32
    assert function(gt.empty(0), gt.empty(0)).shape == (0,)
    assert not function(x.clone().requires_grad_(), 3).requires_grad
    with pytest.raises(DtypeError, match=f"{name}: "):
        function(gt.tensor([1j]), 2)


def test_chebyshev_polynomials_of_high_degree_stay_exact():
    x = np.array([-1.0, -0.999, 0.2, 1.0, 1.001, -1.001])
    got = gt.special.chebyshev_polynomial_t(gt.tensor(x), 1000).numpy()
    np.testing.assert_allclose(got, sp.eval_chebyt(1000, x), rtol=1e-9)
    ends = gt.special.chebyshev_polynomial_u(gt.tensor([1.0, -1.0]), 11)
    assert ends.tolist() == [12.0, -12.0]
    assert gt.special.chebyshev_polynomial_v(gt.tensor([1.0, -1.0]), 11).tolist() == [1.0, -23.0]
    assert gt.special.chebyshev_polynomial_w(gt.tensor([1.0, -1.0]), 11).tolist() == [23.0, -1.0]


def test_hermite_polynomials_beyond_their_limit_are_nan():
    assert gt.special.hermite_polynomial_h(gt.tensor([0.5]), 129).isnan().all()
    assert not gt.special.hermite_polynomial_he(gt.tensor([0.5], dtype=gt.float64), 129).isnan().any()


@pytest.mark.parametrize("name", ["gammainc", "gammaincc", "zeta"])
def test_a_gradient_without_a_formula_is_refused_not_invented(name):
    x = gt.tensor([1.5], requires_grad=True)
    out = getattr(gt.special, name)(x, gt.tensor([2.0]))
    with pytest.raises(GradError, match=f"{name}: there is no gradient with respect to input"):
        out.backward()
    getattr(gt.special, name)(gt.tensor([1.5]), x).backward()
    assert x.grad is not None


def test_gradients_at_the_middle_of_bessel_functions():
    x = gt.zeros(2, dtype=gt.float64, requires_grad=True)
    for function, slope in ((gt.special.i0, 0.0), (gt.special.i1, 0.5), (gt.special.i0e, 0.0), (gt.special.i1e, 0.5)):
        (g,) = gt.autograd.grad(function(x).sum(), x)
        assert g.tolist() == [slope] * 2


def test_mvlgamma_is_the_sum_of_shifted_lgammas():
    x = gt.tensor([3.0, 7.5], dtype=gt.float64)
    got = gt.mvlgamma(x, 4).numpy()
    np.testing.assert_allclose(got, [sp.multigammaln(v, 4) for v in (3.0, 7.5)], rtol=1e-13)
    with pytest.raises(ValueError, match="mvlgamma: p must be at least 1, got 0"):
        gt.mvlgamma(x, 0)
    with pytest.raises(DtypeError, match="mvlgamma"):
        gt.mvlgamma(gt.tensor([True]), 1)


def test_ldexp_is_exact_where_the_power_alone_is_no_number():
    x = gt.tensor([2.0**-1000], dtype=gt.float64)
    assert gt.ldexp(x, gt.tensor([1500])).tolist() == [2.0**500]
    half = gt.ldexp(gt.tensor([1e-4], dtype=gt.float16), gt.tensor([20]))
    assert half.dtype == gt.float16
    assert half.item() == pytest.approx(1e-4 * 2**20, rel=1e-2)
    assert gt.ldexp(gt.tensor([3]), gt.tensor([2])).dtype == gt.float32
    with pytest.raises(TypeError, match="ldexp"):
        gt.ldexp(x, 2)


def test_frexp_takes_numbers_apart():
    mantissa, exponent = gt.frexp(gt.tensor([1.0, -3.0, 0.0, inf, 5e-324], dtype=gt.float64))
    assert mantissa.tolist() == [0.5, -0.75, 0.0, inf, 0.5]
    assert exponent.tolist() == [1, 2, 0, 0, -1073]
    assert exponent.dtype == gt.int32
    with pytest.raises(DtypeError, match="frexp"):
        gt.frexp(gt.tensor([1]))


def test_gcd_and_lcm_refuse_what_is_no_integer():
    assert gt.gcd(gt.tensor([0, -4]), gt.tensor([0, 6])).tolist() == [0, 2]
    assert gt.lcm(gt.tensor([0, -4]), gt.tensor([5, 6])).tolist() == [0, 12]
    assert gt.gcd(gt.tensor([6], dtype=gt.uint8), gt.tensor([4], dtype=gt.int8)).dtype == gt.int16
    for wrong in (gt.tensor([1.0]), gt.tensor([True])):
        with pytest.raises(DtypeError, match="gcd: expected integers"):
            gt.gcd(wrong, wrong)
    with pytest.raises(TypeError, match="lcm"):
        gt.lcm(gt.tensor([4]), 6)


def test_fill_gives_a_new_tensor_and_the_gradient_to_the_value():
    x, value = gt.ones(2, 3, requires_grad=True), gt.tensor(2.5, requires_grad=True)
    out = gt.fill(x, value)
    assert out.tolist() == [[2.5] * 3] * 2
    assert x.tolist() == [[1.0] * 3] * 2
    out.sum().backward()
    assert value.grad.item() == 6.0
    assert x.grad is None or x.grad.tolist() == [[0.0] * 3] * 2
    assert gt.fill(gt.tensor([1]), 2.0).tolist() == [2]


@pytest.mark.torch
@pytest.mark.parametrize("name", [*UNARY, "digamma", "expit", "gammaln", "psi", "sinc", "round", "exp2", "log1p"])
def test_values_dtypes_and_gradients_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    # PyTorch's Bessel and Airy functions are exact to seven digits or so; its ndtr is 0 at -30
    points = np.linspace(-4, 4, 41) + 0.013
    for dtype in ("float32", "float64", "int64", "bool"):
        x = points.astype(dtype)
        ours, theirs = getattr(gt.special, name), getattr(torch.special, name)
        if name == "round" and dtype in ("int64", "bool"):
            continue
        a, b = ours(gt.tensor(x)), theirs(torch.from_numpy(x))
        assert str(a.dtype).split(".")[1] == str(b.dtype).split(".")[1]
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=2e-6)
        if dtype != "float64":
            continue
        mine, its = gt.tensor(x, requires_grad=True), torch.from_numpy(x).requires_grad_()
        a, b = ours(mine), theirs(its)
        assert a.requires_grad == b.requires_grad
        if b.requires_grad:
            a.sum().backward()
            b.sum().backward()
            np.testing.assert_allclose(mine.grad.numpy(), its.grad.numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.torch
@pytest.mark.parametrize("name", POLYNOMIALS)
def test_polynomials_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    x, n = (a.ravel() for a in np.meshgrid(np.linspace(-2, 2, 17), np.array([-1, 0, 1, 2, 3, 6, 7, 8, 9, 10, 25])))
    got = getattr(gt.special, name)(gt.tensor(x), gt.tensor(n)).numpy()
    np.testing.assert_allclose(
        got, getattr(torch.special, name)(torch.from_numpy(x), torch.from_numpy(n)).numpy(), rtol=1e-10, atol=1e-12
    )


def test_zeta_far_below_zero_comes_at_once():
    q = gt.tensor([-1e4 - 0.25, -1e12 - 0.5], dtype=gt.float64)
    with_terms = sum(1 / (k + 0.75 - 1e4 - 1) ** 2 for k in range(10**5 + 10**4))
    got = gt.special.zeta(gt.tensor(2.0, dtype=gt.float64), q).tolist()
    assert abs(got[0] - with_terms) < 2e-5  # the sum is cut off at 1e5
    assert abs(got[1] - np.pi**2) < 1e-9


@pytest.mark.parametrize("lib", ["gputensor", pytest.param("torch", marks=pytest.mark.torch)])
def test_a_logit_raises_what_is_below_eps_before_it_lowers_the_rest(lib):
    lib = pytest.importorskip(lib)
    for eps, values, expected, slopes in (
        (0.6, [0.0, 0.3, 0.5, 0.7, 0.9, np.nan], [0.6, 0.6, 0.6, 0.4, 0.4, np.nan], [0.0] * 5 + [np.nan]),
        (0.25, [0.0, 0.25, 0.5, 0.8, np.nan], [0.25, 0.25, 0.5, 0.75, np.nan], [0.0, 16 / 3, 4.0, 0.0, np.nan]),
    ):
        x = lib.tensor(values, dtype=lib.float64, requires_grad=True)
        out = lib.logit(x, eps)
        p = np.array(expected)
        np.testing.assert_allclose(out.detach().numpy(), np.log(p / (1 - p)), atol=1e-12)
        out.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), slopes)
