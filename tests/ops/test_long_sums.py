"""Sums of very many numbers: their rounding errors stay small along every dim, in every layout, in gradients, too."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_ as xp
from gputensor.nn import functional as F

N = 10**6


def tenths(*shape):
    return gt.full(shape, 0.1)


@pytest.mark.parametrize(
    ("reduced", "want"),
    [
        (lambda: tenths(N, 3).sum(0), 1e5),
        (lambda: tenths(N, 3).mean(0), 0.1),
        (lambda: tenths(N, 3).nansum(0), 1e5),
        (lambda: tenths(N, 3).norm(dim=0), 100),
        (lambda: tenths(N, 3).logsumexp(0), 0.1 + np.log(N)),
        (lambda: gt.einsum("ij->j", tenths(N, 3)), 1e5),
        (lambda: tenths(2, N, 3).sum(1), 1e5),
        (lambda: tenths(3, N).T.sum(0), 1e5),
        (lambda: tenths(N, 4)[:, ::2].sum(), 2e5),
        (lambda: tenths(N, 4)[:, 1:].sum((0, 1)), 3e5),
        (lambda: tenths(1, 3).expand(N, 3).sum(0), 1e5),
        (lambda: tenths(100, 3, 100, 2, 100, 2).sum((0, 2, 4)), 1e5),
        (lambda: tenths(N, 3).to(gt.complex64).sum(0).real, 1e5),
        (lambda: tenths(N + 12345, 3).sum(0), 101234.5),
    ],
)
def test_a_million_tenths_sum_within_a_few_millionths(reduced, want):
    # NumPy alone is off by 1e-2
    np.testing.assert_allclose(reduced().numpy(), want, rtol=4e-6)


def test_spreads_of_a_million_rows_far_from_zero_are_right():
    x = (np.random.default_rng(0).standard_normal((N, 3)) + 1000).astype(np.float32)
    wide, t = x.astype(np.float64), gt.tensor(x)
    np.testing.assert_allclose(t.var(0).numpy(), wide.var(0, ddof=1), rtol=1e-5)
    np.testing.assert_allclose(gt.var_mean(t, 0)[1].numpy(), wide.mean(0), rtol=1e-6)
    np.testing.assert_allclose(gt.cov(t.T).numpy(), np.cov(wide.T), atol=1e-5)
    np.testing.assert_allclose(gt.corrcoef(t.T).numpy(), np.corrcoef(wide.T), atol=1e-5)


def test_the_columns_of_a_softmax_over_a_million_rows_sum_to_one():
    x = np.random.default_rng(0).standard_normal((N, 3)).astype(np.float32)
    columns = F.softmax(gt.tensor(x), 0).double().sum(0)
    np.testing.assert_allclose(columns.numpy(), 1, atol=3e-6)


def test_gradients_of_repeated_operands_are_summed_as_well():
    b = gt.zeros(3, requires_grad=True)
    ((gt.ones(N, 3) + b) * 0.1).sum().backward()
    np.testing.assert_allclose(b.grad.numpy(), 1e5, rtol=4e-6)
    w = gt.ones(2, 2, 1, requires_grad=True)
    F.conv1d(tenths(N, 2, 1), w).sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), 1e5, rtol=4e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64], ids=lambda d: d.__name__)
def test_sums_of_every_layout_agree_with_exact_ones(dtype):
    rng = np.random.default_rng(0)
    kept = 0
    for _ in range(120):
        shape = tuple(int(n) for n in rng.permutation([*rng.integers(1, 5, rng.integers(0, 3)), rng.integers(1, 3000)]))
        order = rng.permutation(len(shape))
        steps = tuple(slice(None, None, int(rng.choice([1, 1, 2, -1, -2]))) for _ in shape)
        # small whole numbers: every order of adding gives the same
        x = np.transpose(rng.integers(-3, 4, shape).astype(dtype), order)[steps]
        axis = None if rng.random() < 0.2 else tuple(range(int(rng.integers(1, x.ndim + 1))))
        keep = bool(rng.random() < 0.5)
        want = np.sum(x.astype(np.complex128), axis, keepdims=keep)
        got = xp.sum(x, axis, keep)
        assert got.shape == want.shape
        assert got.dtype == dtype
        assert np.array_equal(got, want.astype(dtype) if np.dtype(dtype).kind == "c" else want.real.astype(dtype))
        kept += x.shape != got.shape and x.size > 512
    assert kept > 40


@pytest.mark.torch
@pytest.mark.parametrize("n", [513, 1000, 4097, 100_003])
def test_long_sums_and_running_sums_are_as_good_as_pytorchs(n):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(n).random((n, 3)).astype(np.float32)
    for f in (lambda t: t.sum(0), lambda t: t.mean(0), lambda t: t.var(0), lambda t: t.cumsum(0)):
        np.testing.assert_allclose(f(gt.tensor(x)).numpy(), f(torch.tensor(x)).numpy(), rtol=2e-6)


def test_running_sums_and_products_of_a_million_accumulate_in_float64():
    assert tenths(N).cumsum(0)[-1].item() == pytest.approx(1e5, rel=1e-7)
    assert tenths(N, 2).cumsum(0)[-1].tolist() == pytest.approx([1e5, 1e5], rel=1e-7)
    assert gt.cumulative_trapezoid(tenths(N + 1))[-1].item() == pytest.approx(1e5, rel=1e-7)
    assert tenths(N).to(gt.complex64).cumsum(0)[-1].item().real == pytest.approx(1e5, rel=1e-7)
    x = np.full(N, 1.000001, np.float32)
    want = np.cumprod(x.astype(np.float64))[-1]
    assert gt.tensor(x).cumprod(0)[-1].item() == pytest.approx(want, rel=1e-7)
    y = tenths(N).requires_grad_()
    (y.cumsum(0) * 0.1).sum().backward()
    assert y.grad[0].item() == pytest.approx(1e5, rel=1e-7)


def test_running_sums_of_every_layout_are_those_of_float64():
    rng = np.random.default_rng(0)
    for shape in [(50000,), (20000, 3), (3, 20000), (2, 3, 10000), (5, 9000, 2), (2, 40000)]:
        a = rng.standard_normal(shape).astype(np.float32)
        for x in (a, a.T, a[::-1], a[..., ::2]):
            for axis in range(x.ndim):
                out = xp.cumulative_sum(x, axis)
                assert out.dtype == np.float32
                assert np.array_equal(out, np.cumsum(x, axis, np.float64).astype(np.float32))
                y = np.exp(x / 50)
                assert np.array_equal(xp.cumulative_prod(y, axis), np.cumprod(y, axis, np.float64).astype(np.float32))


def test_running_sums_that_overflow_are_infinite_from_there_on():
    assert gt.full((3,), 3e38).cumsum(0).tolist()[1:] == [float("inf")] * 2
    assert gt.full((10**5,), 3e38).cumsum(0)[1:].isinf().all()


def test_the_gradient_of_a_mean_of_many_16_bit_numbers_is_a_share():
    x = gt.ones(66000, dtype=gt.float16, requires_grad=True)
    (x.mean() * 1000).backward()
    np.testing.assert_allclose(x.grad.float().numpy(), 1000 / 66000, rtol=1e-3)
    y = gt.ones(3, 66000, dtype=gt.float16, requires_grad=True)
    ((y - 3) ** 2).mean(1).sum().mul(1000).backward()
    np.testing.assert_allclose(y.grad.float().numpy(), -4000 / 66000, rtol=1e-3)
