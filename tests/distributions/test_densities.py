"""Densities, probabilities and moments against SciPy, closed forms and PyTorch."""

import math

import numpy as np
import pytest
from scipy import stats

import gputensor as gt
from gputensor import distributions as D
from tests.distributions.cases import CASES, identifier, tensor

every = pytest.mark.parametrize("case", CASES, ids=identifier)
with_scipy = pytest.mark.parametrize("case", [c for c in CASES if c.scipy], ids=identifier)
PROPERTIES = ("mean", "mode", "variance", "stddev")


def close(ours, expected, rtol=1e-10, atol=1e-12):
    np.testing.assert_allclose(np.asarray(ours), np.asarray(expected), rtol=rtol, atol=atol)


def asked(distribution, name):
    """A property, or what a method without arguments gives."""
    value = getattr(distribution, name)
    return value() if callable(value) else value


@every
def test_log_prob_is_the_logarithm_of_the_density(case):
    d, _ = case.make(gt)
    x = np.array(case.values)
    if case.scipy is None:
        expected = case.log_prob(x, **case.arrays())
    else:
        twin = case.scipy(**case.arrays())
        expected = twin.logpmf(x) if hasattr(twin.dist, "logpmf") else twin.logpdf(x)
    close(d.log_prob(tensor(case.values)).numpy(), expected)


@with_scipy
def test_moments_and_entropy_are_scipys(case):
    d, _ = case.make(gt)
    twin = case.scipy(**case.arrays())
    if case.name not in ("Cauchy", "HalfCauchy", "VonMises"):  # no moments, and angles have others
        mean, variance = twin.stats("mv")
        if case.name in ("StudentT", "FisherSnedecor"):  # SciPy says inf where PyTorch and we say nan
            finite = np.isfinite(d.variance.numpy())
            close(d.variance.numpy()[finite], variance[finite])
            close(d.mean.numpy()[finite], mean[finite])
        else:
            close(d.mean.numpy(), mean)
            close(d.variance.numpy(), variance)
    try:
        entropy = d.entropy()
    except NotImplementedError:
        assert case.name in ("Poisson", "NegativeBinomial", "VonMises", "FisherSnedecor")
        return
    close(entropy.numpy(), twin.entropy(), rtol=1e-8)


@with_scipy
def test_cdf_and_icdf_are_scipys(case):
    d, _ = case.make(gt)
    twin = case.scipy(**case.arrays())
    x = tensor(case.values)
    try:
        close(d.cdf(x).numpy(), twin.cdf(case.values), rtol=1e-9)
    except NotImplementedError:
        assert case.name in (
            "Beta", "Bernoulli", "Geometric", "Poisson", "Binomial", "NegativeBinomial", "StudentT", "FisherSnedecor",
            "VonMises",
        )  # fmt: skip
    try:
        for q in (0.01, 0.3, 0.9):
            close(d.icdf(gt.full(x.shape, q, dtype=gt.float64)).numpy(), twin.ppf(q), rtol=1e-9)
    except NotImplementedError:
        assert case.name in (
            "Beta", "Bernoulli", "Geometric", "Poisson", "Binomial", "NegativeBinomial", "StudentT", "FisherSnedecor",
            "VonMises", "Gamma", "Chi2", "InverseGamma",
        )  # fmt: skip


def test_entropy_of_a_multinomial_distribution_is_scipys():
    d, _ = next(c for c in CASES if c.name == "Multinomial").make(gt)
    close(d.entropy().numpy(), [stats.multinomial(6, p).entropy() for p in d.probs.numpy()])


def test_logarithms_of_tails_are_scipys():
    case = next(c for c in CASES if c.name == "GeneralizedPareto")
    d, _ = case.make(gt)
    x, twin = tensor(case.values), case.scipy(**case.arrays())
    close(d.log_cdf(x).numpy(), twin.logcdf(case.values))
    close(d.log_survival_function(x).numpy(), twin.logsf(case.values))
    far = D.GeneralizedPareto(tensor(0.0), tensor(1.0), tensor(0.0)).log_survival_function(tensor(500.0))
    assert far.item() == -500.0


def test_entropy_of_matrices_and_vectors_is_scipys():
    for name, twin in (
        ("Wishart", lambda df, covariance_matrix: stats.wishart(float(df), covariance_matrix)),
        ("MultivariateNormal", lambda loc, covariance_matrix: stats.multivariate_normal(loc, covariance_matrix)),
        ("Dirichlet", lambda concentration: stats.dirichlet(concentration[0])),
    ):
        case = next(c for c in CASES if c.name == name)
        d, _ = case.make(gt)
        close(d.entropy().numpy().ravel()[0], twin(**case.arrays()).entropy())


@every
def test_values_outside_of_the_support_are_refused(case):
    if case.outside is None:
        pytest.skip("every number is a value")
    d, _ = case.make(gt)
    with pytest.raises(ValueError, match="within the support"):
        d.log_prob(tensor(case.outside))
    unchecked, _ = case.make(gt, validate_args=False)
    unchecked.log_prob(tensor(case.outside) if case.name != "Categorical" else tensor(case.values))


@every
def test_numbers_are_no_values_and_shapes_must_fit(case):
    d, _ = case.make(gt)
    if not isinstance(d, D.Gamma):
        with pytest.raises(ValueError, match="must be a Tensor"):
            d.log_prob(0.5)
    with pytest.raises(ValueError, match=r"not broadcastable|right-most size"):
        d.log_prob(gt.ones(7, 7, dtype=gt.float64))


def test_gamma_and_chi2_take_numbers_as_pytorch_does():
    for d in (D.Gamma(gt.tensor([1.0, 2.0]), 2.0), D.Chi2(gt.tensor([3.0, 2.0]))):
        assert gt.equal(d.log_prob(0.5), d.log_prob(gt.tensor(0.5)))
        with pytest.raises(ValueError, match="within the support"):
            d.log_prob(-1.0)


@every
def test_shapes_of_expanded_distributions(case):
    d, _ = case.make(gt)
    wide = d.expand((4, *d.batch_shape))
    assert type(wide) is type(d)
    assert (wide.batch_shape, wide.event_shape) == ((4, *d.batch_shape), d.event_shape)
    assert wide.sample((5, 2)).shape == (5, 2, 4, *d.batch_shape, *d.event_shape)
    assert d.sample().shape == d.batch_shape + d.event_shape
    x = tensor(case.values)
    close(wide.log_prob(x).numpy(), d.log_prob(x).expand((4, *d.batch_shape)).numpy())
    assert wide.log_prob(wide.sample((3,))).shape == (3, 4, *d.batch_shape)
    for name in PROPERTIES:
        try:
            expected = getattr(d, name)
        except NotImplementedError:
            continue
        close(getattr(wide, name).numpy(), np.broadcast_to(expected.numpy(), (4, *expected.shape)))
    with pytest.raises(RuntimeError):
        wide.expand((3, 2))


@every
def test_samples_are_values_of_the_dtype_and_repeat_with_the_seed(case):
    for dtype in ("float32", "float64"):
        d, _ = case.make(gt, dtype)
        gt.manual_seed(3)
        x = d.sample((50,))
        gt.manual_seed(3)
        assert x.equal(d.sample((50,)))
        assert x.dtype == (gt.int64 if case.name == "Categorical" else getattr(gt, dtype))
        assert not x.requires_grad
        assert d.support.check(x).all()
        assert d.log_prob(x).isfinite().all()


@every
@pytest.mark.torch
def test_densities_and_their_gradients_are_pytorchs(case):
    torch = pytest.importorskip("torch")
    if "all" in case.differs:
        pytest.skip(case.differs["all"])
    results = []
    for lib in (gt, torch):
        d, parameters = case.make(lib, gradient=True)
        x = lib.tensor(case.values, dtype=lib.float64)
        log_prob = d.log_prob(x)
        wanted = [p for p in parameters.values() if getattr(p, "requires_grad", False)]
        gradients = lib.autograd.grad(log_prob.sum(), wanted)
        results.append([log_prob.detach().numpy(), *[g.numpy() for g in gradients]])
    for ours, theirs in zip(*results, strict=True):
        if case.name == "Wishart" and ours.shape == (2, 2):
            # PyTorch gives the upper triangle, which is not read, a gradient
            ours, theirs = np.tril(ours), np.tril(theirs)
        # PyTorch's I0 is good to 7 digits
        close(ours, theirs, rtol=1e-4 if "log_prob" in case.differs else 1e-8)


@every
@pytest.mark.torch
def test_moments_and_entropy_are_pytorchs(case):
    torch = pytest.importorskip("torch")
    if "all" in case.differs:
        pytest.skip(case.differs["all"])
    one, parameters = case.make(gt, gradient=True)
    two, others = case.make(torch, gradient=True)
    for name in (*PROPERTIES, "entropy", "perplexity"):
        if name in case.differs or (name == "stddev" and "variance" in case.differs):
            continue
        try:
            expected = asked(two, name)
        except NotImplementedError:
            with pytest.raises(NotImplementedError):
                asked(one, name)
            continue
        ours = asked(one, name)
        assert tuple(ours.shape) == tuple(expected.shape), name
        close(ours.detach().numpy(), expected.detach().numpy(), rtol=1e-8)
        if expected.requires_grad and np.isfinite(expected.detach().numpy()).all():
            mine = [p for p in parameters.values() if getattr(p, "requires_grad", False)]
            theirs = [p for p in others.values() if getattr(p, "requires_grad", False)]
            pairs = zip(
                gt.autograd.grad(ours.sum(), mine, retain_graph=True, allow_unused=True),
                torch.autograd.grad(expected.sum(), theirs, retain_graph=True, allow_unused=True),
                strict=True,
            )
            for g, h in pairs:
                if h is not None and np.isfinite(h.numpy()).all():
                    close(0 * h.numpy() if g is None else g.numpy(), h.numpy(), rtol=1e-7, atol=1e-10)


@every
@pytest.mark.torch
def test_cdf_and_icdf_are_pytorchs(case):
    torch = pytest.importorskip("torch")
    if "all" in case.differs:
        pytest.skip(case.differs["all"])
    one, _ = case.make(gt)
    two, _ = case.make(torch)
    for name, x in (("cdf", case.values), ("icdf", np.full(tuple(two.batch_shape), 0.3))):
        try:
            expected = getattr(two, name)(torch.tensor(x, dtype=torch.float64))
        except NotImplementedError:
            with pytest.raises(NotImplementedError):
                getattr(one, name)(tensor(x))
            continue
        close(getattr(one, name)(tensor(x)).numpy(), expected.numpy(), rtol=1e-9)


def test_outside_of_the_support_a_cdf_is_0_or_1_and_a_density_nothing():
    pareto = D.GeneralizedPareto(0.0, 1.0, 0.5, validate_args=False)
    values = gt.tensor([-10.0, -1.0, 0.0, 1.0])
    np.testing.assert_allclose(pareto.cdf(values).numpy(), stats.genpareto(0.5).cdf(values.numpy()), rtol=1e-6)
    assert pareto.log_cdf(values).tolist()[:3] == [-np.inf] * 3
    assert pareto.log_survival_function(values).tolist()[:3] == [0.0] * 3
    bounded = D.GeneralizedPareto(0.0, 1.0, -0.5, validate_args=False)
    assert bounded.cdf(gt.tensor([-1.0, 2.0, 3.0])).tolist() == [0.0, 1.0, 1.0]
    values = gt.tensor([-10.0, -0.5, 0.5, 2.0, 10.0])
    for a, b in ((2.0, 3.0), (0.5, 0.3)):
        one = gt.tensor(a, requires_grad=True)
        kumaraswamy = D.Kumaraswamy(one, b, validate_args=False)
        assert kumaraswamy.cdf(values).tolist() == [0.0, 0.0, kumaraswamy.cdf(gt.tensor(0.5)).item(), 1.0, 1.0]
        found = kumaraswamy.log_prob(values)
        assert found.isneginf().tolist() == [True, True, False, True, True]
        found[2:4].exp().sum().backward()
        assert one.grad.isfinite()


def test_the_bounds_of_a_uniform_have_their_gradient_outside_too():
    low, high = gt.tensor(0.0, requires_grad=True), gt.tensor(2.0, requires_grad=True)
    for x, density in ((-1.0, -math.inf), (0.0, -math.log(2)), (2.0, -math.inf)):
        p = gt.distributions.Uniform(low, high, validate_args=False).log_prob(gt.tensor(x))
        assert p.item() == pytest.approx(density)
        assert [g.item() for g in gt.autograd.grad(p, (low, high))] == [0.5, -0.5]


def test_ends_of_distributions_are_those_of_their_formulas():
    assert gt.distributions.Gumbel(0.0, 1.0, validate_args=False).icdf(gt.tensor([0.0, 1.0])).tolist() == [
        -math.inf,
        math.inf,
    ]
    weibull = gt.distributions.Weibull(1.0, gt.tensor([0.5, 1.0, 2.0]), validate_args=False)
    assert weibull.log_prob(gt.zeros(3)).tolist() == [math.inf, 0.0, -math.inf]
    assert weibull.log_prob(gt.full((3,), -1.0)).isnan().tolist() == [True, False, True]
