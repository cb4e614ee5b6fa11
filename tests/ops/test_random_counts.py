"""Poisson and binomial numbers, and the distributions of all draws beside SciPy's, with fixed seeds."""

import numpy as np
import pytest
import scipy.stats

import gputensor as gt
from gputensor.errors import DtypeError, NumberRangeError, ShapeError

N = 20_000
# far below what a fixed seed of a right sampler gives, far above what a wrong one gives with 20,000 numbers
LEAST = 1e-3


def generator(seed=11):
    return gt.Generator().manual_seed(seed)


CONTINUOUS = {
    "rand": (lambda g: gt.rand(N, generator=g, dtype=gt.float64), scipy.stats.uniform()),
    "randn": (lambda g: gt.randn(N, generator=g, dtype=gt.float64), scipy.stats.norm()),
    "normal": (lambda g: gt.normal(2.0, 3.0, (N,), generator=g), scipy.stats.norm(2, 3)),
    "uniform_": (lambda g: gt.empty(N).uniform_(-1, 3, generator=g), scipy.stats.uniform(-1, 4)),
    "normal_": (lambda g: gt.empty(N).normal_(1, 0.5, generator=g), scipy.stats.norm(1, 0.5)),
    "exponential_": (lambda g: gt.empty(N).exponential_(2.0, generator=g), scipy.stats.expon(scale=0.5)),
    "log_normal_": (lambda g: gt.empty(N).log_normal_(0.5, 0.7, generator=g), scipy.stats.lognorm(0.7, 0, np.exp(0.5))),
    "cauchy_": (lambda g: gt.empty(N).cauchy_(1.0, 2.0, generator=g), scipy.stats.cauchy(1, 2)),
}
DISCRETE = {
    "poisson, small": (lambda g: gt.poisson(gt.full((N,), 2.5), g), scipy.stats.poisson(2.5)),
    "poisson, large": (lambda g: gt.poisson(gt.full((N,), 40.0), generator=g), scipy.stats.poisson(40)),
    "binomial, small": (
        lambda g: gt.binomial(gt.full((N,), 5.0), gt.full((N,), 0.3), g),
        scipy.stats.binom(5, np.float32(0.3)),
    ),
    "binomial, large": (
        lambda g: gt.binomial(gt.full((N,), 200.0), gt.tensor(0.6), generator=g),
        scipy.stats.binom(200, np.float32(0.6)),
    ),
    "geometric_": (lambda g: gt.empty(N).geometric_(0.3, generator=g), scipy.stats.geom(0.3)),
    "random_": (lambda g: gt.empty(N).random_(2, 9, generator=g), scipy.stats.randint(2, 9)),
    "randint": (lambda g: gt.randint(-3, 4, (N,), generator=g), scipy.stats.randint(-3, 4)),
    "bernoulli_": (lambda g: gt.empty(N).bernoulli_(0.3, generator=g), scipy.stats.bernoulli(0.3)),
    "bernoulli": (lambda g: gt.bernoulli(gt.full((N,), 0.75), generator=g), scipy.stats.bernoulli(0.75)),
    "multinomial": (
        lambda g: gt.multinomial(gt.tensor([1.0, 2.0, 5.0]), N, True, generator=g),
        scipy.stats.rv_discrete(values=([0, 1, 2], [0.125, 0.25, 0.625])),
    ),
}


@pytest.mark.parametrize("name", CONTINUOUS)
def test_continuous_draws_follow_their_distribution(name):
    draw, law = CONTINUOUS[name]
    assert scipy.stats.kstest(draw(generator()).numpy().astype(np.float64), law.cdf).pvalue > LEAST


@pytest.mark.parametrize("name", DISCRETE)
def test_discrete_draws_follow_their_distribution(name):
    draw, law = DISCRETE[name]
    values = draw(generator()).numpy().astype(np.int64)
    low, high = values.min(), values.max()
    expected = law.pmf(np.arange(low, high + 1)) * N
    seen = np.bincount(values - low, minlength=high - low + 1)
    kept = expected >= 5
    rest = N - expected[kept].sum()
    tail = ([seen[~kept].sum()], [rest]) if rest > 1e-6 * N else ([], [])
    f_exp = np.append(expected[kept], tail[1])
    f_obs = np.append(seen[kept], tail[0])
    assert f_obs.sum() == N
    assert scipy.stats.chisquare(f_obs, f_exp * (N / f_exp.sum())).pvalue > LEAST


def test_the_test_of_distributions_can_fail():
    draw, _ = CONTINUOUS["randn"]
    assert scipy.stats.kstest(draw(generator()).numpy(), scipy.stats.norm(0.05).cdf).pvalue < LEAST


@pytest.mark.parametrize("dtype", [gt.float16, gt.bfloat16, gt.float32, gt.float64])
def test_counts_have_the_dtype_and_shape_of_what_they_are_drawn_for(dtype):
    rates = gt.tensor([[0.0, 3.0], [1.0, 50.0]], dtype=dtype).T
    got = gt.poisson(rates)
    assert (got.dtype, got.shape) == (dtype, (2, 2))
    assert got[0, 0] == 0
    got = gt.binomial(gt.tensor([[7.0], [3.0]], dtype=dtype), gt.tensor([0.0, 1.0], dtype=dtype))
    assert got.dtype == dtype
    assert got.tolist() == [[0, 7], [0, 3]]
    assert gt.poisson(gt.zeros(0, dtype=dtype)).shape == (0,)
    assert gt.poisson(gt.tensor(3.0, dtype=dtype)).shape == ()


def test_a_count_takes_as_many_words_whatever_its_values():
    one, other = generator(), generator()
    gt.poisson(gt.zeros(3), one)
    gt.poisson(gt.full((1000,), 500.0), other)
    assert one.get_offset() == other.get_offset() > 0
    first, second = gt.poisson(gt.full((9,), 50.0), one), gt.poisson(gt.full((9,), 50.0), other)
    np.testing.assert_array_equal(first.numpy(), second.numpy())


def test_counts_refuse_what_has_no_distribution():
    for rates in ([-1.0], [float("nan")], [float("inf")]):
        with pytest.raises(NumberRangeError):
            gt.poisson(gt.tensor(rates))
    for dtype in (gt.int64, gt.complex64, gt.bool):
        with pytest.raises(DtypeError):
            gt.poisson(gt.ones(2).to(dtype))
    one, half = gt.ones(1), gt.full((1,), 0.5)
    for count, prob in (
        (-one, half),
        (one, -half),
        (one, one + 1),
        (one, half * float("nan")),
        (one * float("nan"), half),
    ):
        with pytest.raises(NumberRangeError):
            gt.binomial(count, prob)
    with pytest.raises(DtypeError):
        gt.binomial(one, half.double())
    with pytest.raises(DtypeError):
        gt.binomial(one.long(), half)
    with pytest.raises(ShapeError):
        gt.binomial(gt.ones(2), gt.ones(3))
    with pytest.raises(TypeError):
        gt.binomial(one, 0.5)


def test_a_generator_tells_and_takes_its_place_in_the_stream():
    g = generator()
    first = gt.rand(5, generator=g)
    g.set_offset(0)
    np.testing.assert_array_equal(gt.rand(5, generator=g).numpy(), first.numpy())
    with pytest.raises(ValueError, match="negative"):
        g.set_offset(-1)


def test_the_forked_generators_come_back():
    gt.manual_seed(5)
    state = gt.get_rng_state()
    with gt.random.fork_rng(device_type="cuda"):
        gt.random.manual_seed(1)
        gt.rand(3)
    assert gt.get_rng_state().equal(state)
    first = gt.rand(3)
    gt.set_rng_state(state)
    assert gt.rand(3).equal(first)
