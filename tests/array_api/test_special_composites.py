"""The special functions that are composed here: SciPy's values at every corner, digits kept, gradients that exist."""

import itertools

import numpy as np
import pytest
from scipy import special

import gputensor as gt
from gputensor import array_api as xp

CORNERS = [-np.inf, -30.0, -1.0, -0.05, -1e-9, -0.0, 0.0, 1e-9, 0.04999, 0.05, 0.7, 1.0, 30.0, 700.0, np.inf, np.nan]
PAIRS = np.array(list(itertools.product(CORNERS, CORNERS))).T


@pytest.mark.parametrize("name", ["cosm1", "exp10", "exprel"])
def test_functions_of_one_operand_have_scipys_values_everywhere(name):
    with np.errstate(all="ignore"):
        expected = getattr(special, name)(np.asarray(CORNERS))
    out = getattr(xp.special, name)(xp.asarray(CORNERS, dtype=xp.float64))
    np.testing.assert_allclose(np.asarray(out), expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", ["huber", "kl_div", "pseudo_huber"])
def test_functions_of_two_operands_have_scipys_values_everywhere(name):
    x, y = PAIRS
    with np.errstate(all="ignore"):
        expected = getattr(special, name)(x, y)
    out = getattr(xp.special, name)(xp.asarray(x), xp.asarray(y))
    np.testing.assert_allclose(np.asarray(out), expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize("dtype", [gt.float32, gt.float64])
def test_the_slope_of_exprel_keeps_its_digits_near_zero(dtype):
    x = gt.tensor([-0.051, -0.049, -1e-4, 0.0, 1e-9, 1e-3, 0.049, 0.051], dtype=dtype, requires_grad=True)
    xp.sum(xp.special.exprel(x)).backward()
    at = x.detach().numpy().astype(np.float64)
    # the series of its derivative, the sum of k x^(k - 1) / (k + 1)!
    expected = sum(k * at ** (k - 1) / special.factorial(k + 1) for k in range(1, 12))
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=200 * np.finfo(x.detach().numpy().dtype).eps)


def test_gradients_exist_beside_the_branch_that_was_not_taken():
    x = gt.tensor([0.0, 0.0, -1.0, 2.0], requires_grad=True)
    y = gt.tensor([1.0, 0.0, 1.0, 4.0], requires_grad=True)
    xp.sum(xp.special.kl_div(x, y)[xp.asarray([0, 1, 3])]).backward()
    assert y.grad.tolist() == [1.0, 1.0, 0.0, 0.5]
    assert np.isfinite(x.grad.numpy()).all()
    delta = gt.tensor([0.0, 1.0, 2.0], requires_grad=True)
    r = gt.tensor([3.0, 0.0, -1.0], requires_grad=True)
    xp.sum(xp.special.pseudo_huber(delta, r)).backward()
    assert np.isfinite(r.grad.numpy()).all()
    np.testing.assert_allclose(r.grad.numpy(), [0.0, 0.0, -1 / np.sqrt(1.25)], rtol=1e-6)


def test_integers_numbers_and_broadcasting_are_taken():
    assert xp.special.huber(1, xp.asarray([0, 3])).tolist() == [0.0, 2.5]
    assert xp.special.kl_div(xp.asarray([[1.0], [2.0]]), xp.asarray([1.0, 2.0])).shape == (2, 2)
    assert xp.special.exp10(xp.asarray([2])).dtype == gt.get_default_dtype()


@pytest.mark.parametrize("name", ["cosm1", "exp10", "exprel"])
def test_other_dtypes_are_refused_by_name(name):
    with pytest.raises(gt.errors.DtypeError, match=f"special.{name}: expected a dtype"):
        getattr(xp.special, name)(xp.asarray([1j]))
