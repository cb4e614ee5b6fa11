"""Rare names and arguments, and places far out, each against a value."""

import math

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, ShapeError


def test_frobenius_norm_is_the_length_over_its_dims():
    x = gt.arange(4.0).reshape(2, 2)
    np.testing.assert_allclose(gt.frobenius_norm(x, 1).numpy(), [1.0, 13**0.5], rtol=1e-6)
    np.testing.assert_allclose(gt.frobenius_norm(x, (0, 1), True).numpy(), [[14**0.5]], rtol=1e-6)
    np.testing.assert_allclose(gt.frobenius_norm(x, []).item(), 14**0.5, rtol=1e-6)
    assert gt.frobenius_norm(gt.full((2, 2), 3 + 4j), [0, 1]).item() == 10.0
    out = gt.zeros(2)
    assert gt.frobenius_norm(x, [0], out=out) is out
    np.testing.assert_allclose(out.numpy(), [2.0, 10**0.5], rtol=1e-6)
    with pytest.raises(ShapeError, match="at most two dims"):
        gt.frobenius_norm(gt.ones(2, 2, 2), [0, 1, 2])
    with pytest.raises(ShapeError, match="at most two dims"):
        gt.frobenius_norm(gt.ones(2, 2, 2), [])
    with pytest.raises(DtypeError):
        gt.frobenius_norm(gt.ones(2, 2, dtype=gt.int64), 0)


def test_nuclear_norm_is_the_sum_of_singular_values():
    x = gt.tensor([[3.0, 0.0], [0.0, -4.0]], requires_grad=True)
    assert gt.nuclear_norm(x).item() == pytest.approx(7.0)
    assert gt.nuclear_norm(x, True).shape == gt.nuclear_norm(x, keepdim=True).shape == (1, 1)
    assert gt.nuclear_norm(gt.ones(3, 2, 2)).shape == (3,)
    assert gt.nuclear_norm(gt.ones(3, 2, 4), (0, 2), True).shape == (1, 2, 1)
    gt.nuclear_norm(x).backward()
    np.testing.assert_allclose(x.grad.numpy(), [[1.0, 0.0], [0.0, -1.0]], atol=1e-6)
    out = gt.zeros(())
    assert gt.nuclear_norm(gt.ones(2, 2), out=out) is out
    assert out.item() == pytest.approx(2.0)
    with pytest.raises(ShapeError):
        gt.nuclear_norm(gt.ones(3, 2), (1,))
    with pytest.raises(DtypeError):
        gt.nuclear_norm(gt.ones(2, 2, dtype=gt.int64))


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:at..(frobenius|nuclear)_norm is deprecated:UserWarning")  # PyTorch's own
def test_old_norms_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).normal(size=(3, 4, 2))
    for args in [((0,),), ((1, 2),), ((0, 2), True)]:
        ours, theirs = gt.frobenius_norm(gt.tensor(x), *args), torch.frobenius_norm(torch.tensor(x), *args)
        np.testing.assert_allclose(ours.numpy(), theirs.numpy())
    for args in [(), (True,), ((0, 1),), ((0, 2), True)]:
        ours, theirs = gt.nuclear_norm(gt.tensor(x), *args), torch.nuclear_norm(torch.tensor(x), *args)
        np.testing.assert_allclose(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize("dtype", [gt.float16, gt.bfloat16])
def test_products_of_16_bit_matrices_may_come_in_float32(dtype):
    a = gt.full((2, 300), 1.0, dtype=dtype, requires_grad=True)
    b = gt.full((300, 2), 1.0 + 2**-7, dtype=dtype)
    product = gt.mm(a, b, out_dtype=gt.float32)
    assert product.dtype is gt.float32
    assert product.tolist() == [[302.34375] * 2] * 2
    product.sum().backward()
    assert a.grad.dtype is dtype
    assert gt.bmm(a[None], b[None], out_dtype=gt.float32).tolist() == [product.tolist()]
    assert gt.mm(a, b, out_dtype=dtype).dtype is dtype
    for x in (gt.ones(2), gt.ones(2, dtype=dtype)):
        for total in (gt.addmm(x, a, b, gt.float32, alpha=2), gt.baddbmm(x, a[None], b[None], out_dtype=gt.float32)):
            assert total.dtype is gt.float32
            assert set(total.flatten().tolist()) <= {605.6875, 303.34375}
    with pytest.raises(DtypeError, match="out_dtype must be float32"):
        gt.mm(a, b, out_dtype=gt.float64)
    with pytest.raises(DtypeError, match="out_dtype must be float32"):
        gt.mm(gt.ones(2, 2), gt.ones(2, 2), out_dtype=gt.float16)


def test_isin_takes_the_names_of_single_numbers():
    x = gt.tensor([1, 2])
    assert gt.isin(elements=x, test_element=1).tolist() == [True, False]
    assert gt.isin(element=2, test_elements=x).item() is True
    assert gt.isin(element=5, test_elements=x, invert=True).item() is True
    with pytest.raises(TypeError, match="two arguments"):
        gt.isin(x)


def test_random_slopes_come_from_the_generator_that_is_given():
    x = gt.full((100,), -1.0)
    first = gt.rrelu(x, training=True, generator=gt.Generator().manual_seed(3))
    again = gt.rrelu(x, training=True, generator=gt.Generator().manual_seed(3))
    other = gt.rrelu(x, training=True, generator=gt.Generator().manual_seed(4))
    assert first.tolist() == again.tolist() != other.tolist()
    assert ((first >= -1 / 3) & (first <= -1 / 8)).all()


def test_airy_far_out_is_zero_on_one_side_and_a_wave_on_the_other():
    for dtype in (gt.float32, gt.float64):
        values = gt.special.airy_ai(gt.tensor([1e10, 1e30, -1e10, -1e6], dtype=dtype))
        assert values[:2].tolist() == [0.0, 0.0]
        assert 0 < abs(values[2].item()) <= 1 / (math.pi**0.5 * 1e10**0.25)
        size, phase = 1e6, 2 / 3 * 1e9 - math.pi / 4
        assert values[3].item() == pytest.approx(math.cos(phase) / (math.pi**0.5 * size**0.25), abs=1e-6)


@pytest.mark.parametrize("concentration", [1e8, 1e10, 1e15, 1e18, 1e30])
def test_angles_of_great_concentration_are_normal(concentration):
    gt.manual_seed(0)
    made = gt.distributions.VonMises(
        gt.tensor(0.0, dtype=gt.float64), gt.tensor(concentration, dtype=gt.float64)
    ).sample((20000,))
    # three deviations of a mean and of a variance of 20000 numbers; beyond 1e15 the circle itself rounds them
    scaled = made * concentration**0.5
    if concentration < 1e29:
        assert abs(scaled.mean().item()) < 3 / 20000**0.5 + concentration**0.5 * 5e-16
    if concentration < 1e29 and concentration**0.5 * 5e-16 < 0.01:
        assert abs(scaled.var().item() - 1) < 3 * (2 / 20000) ** 0.5
    assert made.abs().max() < 6 * concentration**-0.5 + 1e-15
