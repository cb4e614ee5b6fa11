"""Poisson and binomial numbers."""

import numpy as np
import pytest
from scipy import stats

import gputensor as gt

COUNT = 50_000
ALPHA = 1e-4  # a right sampler is refused once in 10,000 tests


@pytest.fixture(autouse=True)
def seed():
    gt.manual_seed(7)


def chi_square(seen, pmf):
    """The p-value of counts 0, 1, …, with rare ones put together."""
    expected = pmf(np.arange(len(seen))) * seen.sum()
    common = expected > 10
    observed, wanted = np.append(seen[common], seen[~common].sum()), np.append(expected[common], 0)
    wanted[-1] = seen.sum() - wanted.sum()
    if wanted[-1] < 10:
        observed, wanted = observed[:-1], wanted[:-1] * observed[:-1].sum() / wanted[:-1].sum()
    return stats.chisquare(observed, wanted).pvalue


@pytest.mark.parametrize("rate", [0.1, 3.0, 9.99, 10.0, 10.5, 40.0, 700.0])
def test_poisson_numbers_have_their_probabilities(rate):
    k = gt.poisson(gt.full((COUNT,), rate)).numpy().astype(int)
    assert chi_square(np.bincount(k), stats.poisson(rate).pmf) > ALPHA


@pytest.mark.parametrize(
    ("n", "p"), [(1, 0.5), (5, 0.3), (20, 0.9), (40, 0.26), (100, 0.5), (1000, 0.97), (30000, 0.001)]
)
def test_binomial_numbers_have_their_probabilities(n, p):
    k = gt.binomial(gt.full((COUNT,), float(n)), gt.tensor(p)).numpy().astype(int)
    assert chi_square(np.bincount(k, minlength=2), stats.binom(n, float(np.float32(p))).pmf) > ALPHA


def test_small_and_large_rates_are_drawn_together():
    rates = gt.tensor([[0.0, 2.0, 50.0], [1e6, 9.0, 0.5]], dtype=gt.float64)
    k = gt.poisson(rates.expand(4000, 2, 3))
    assert k.shape == (4000, 2, 3)
    mean = k.mean(0).numpy()
    assert mean[0, 0] == 0
    expected = rates.numpy()
    assert (np.abs(mean - expected) <= 4.5 * np.sqrt(expected / 4000)).all()


def test_certain_and_impossible_successes():
    n = gt.tensor([0.0, 5.0, 5.0, 100.0, 100.0])
    p = gt.tensor([0.5, 0.0, 1.0, 1.0, 0.0])
    assert gt.binomial(n, p).tolist() == [0, 0, 5, 100, 0]


def test_dtypes_and_shapes_of_counts():
    for dtype in (gt.float16, gt.bfloat16, gt.float32, gt.float64):
        assert gt.poisson(gt.ones(3, dtype=dtype)).dtype == dtype
    assert gt.poisson(gt.ones(())).shape == ()
    assert gt.poisson(gt.ones(0, 2)).shape == (0, 2)
    assert gt.binomial(gt.ones(3, 1), gt.full((4,), 0.5)).shape == (3, 4)
    assert not gt.poisson(gt.ones(2, requires_grad=True)).requires_grad


def test_generators_repeat_and_are_left_where_they_belong():
    a, b = gt.Generator().manual_seed(3), gt.Generator().manual_seed(3)
    rates = gt.full((100,), 20.0)
    assert gt.poisson(rates, generator=a).equal(gt.poisson(rates, generator=b))
    assert gt.poisson(rates, a).equal(gt.poisson(rates, generator=b))
    assert not gt.poisson(rates, a).equal(gt.poisson(rates, gt.Generator().manual_seed(3)))


def test_invalid_rates_and_probabilities_are_refused():
    with pytest.raises(RuntimeError, match="at least 0"):
        gt.poisson(gt.tensor([-1.0]))
    with pytest.raises(TypeError, match="floating-point"):
        gt.poisson(gt.tensor([1]))
    with pytest.raises(RuntimeError, match="between 0 and 1"):
        gt.binomial(gt.tensor([1.0]), gt.tensor([1.5]))
    with pytest.raises(RuntimeError, match="at least 0"):
        gt.binomial(gt.tensor([-1.0]), gt.tensor([0.5]))
    with pytest.raises(RuntimeError):
        gt.binomial(gt.ones(2), gt.ones(3))


def test_counts_are_drawn_on_a_gpu(gpus):
    rates = gt.tensor([0.5, 30.0]).cuda()
    assert gt.poisson(rates).device.type == "cuda"
    assert gt.binomial(rates, (rates / 31)).device.type == "cuda"
