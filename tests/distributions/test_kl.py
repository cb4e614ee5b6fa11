# ruff: noqa: E501 (rows of tables)
"""Kullback-Leibler divergences against PyTorch, and against integrals."""

import numpy as np
import pytest

import gputensor as gt
from gputensor import distributions as D
from gputensor.distributions import kl
from tests.distributions.cases import tensor

COV, OTHER = [[2.0, 0.5], [0.5, 1.0]], [[1.0, -0.3], [-0.3, 3.0]]


def t(lib, x):
    return lib.tensor(x, dtype=lib.float64)


# two of each, of which the second covers the first where that matters
PAIRS = {
    "Bernoulli": lambda lib: [lib.distributions.Bernoulli(t(lib, p)) for p in ([0.2, 0.9], [0.5, 0.3])],
    "Beta": lambda lib: [lib.distributions.Beta(t(lib, a), t(lib, b)) for a, b in (([0.5, 2.0], [3.0, 1.0]), ([1.5, 4.0], [1.0, 2.0]))],
    "Binomial": lambda lib: [lib.distributions.Binomial(t(lib, [5.0, 7.0]), t(lib, p)) for p in ([0.2, 0.9], [0.5, 0.3])],
    "Categorical": lambda lib: [lib.distributions.Categorical(t(lib, p)) for p in ([0.2, 0.3, 0.5], [0.6, 0.0, 0.4])],
    "OneHotCategorical": lambda lib: [lib.distributions.OneHotCategorical(t(lib, p)) for p in ([0.2, 0.3, 0.5], [0.6, 0.1, 0.3])],
    "Cauchy": lambda lib: [lib.distributions.Cauchy(t(lib, a), t(lib, b)) for a, b in (([0.5, 2.0], [3.0, 1.0]), ([1.5, 4.0], [1.0, 2.0]))],
    "ContinuousBernoulli": lambda lib: [lib.distributions.ContinuousBernoulli(t(lib, p)) for p in ([0.2, 0.9], [0.5, 0.3])],
    "Dirichlet": lambda lib: [lib.distributions.Dirichlet(t(lib, a)) for a in ([0.5, 2.0, 3.0], [1.5, 4.0, 0.7])],
    "Exponential": lambda lib: [lib.distributions.Exponential(t(lib, a)) for a in ([0.5, 2.0], [1.5, 4.0])],
    "Gamma": lambda lib: [lib.distributions.Gamma(t(lib, a), t(lib, b)) for a, b in (([0.5, 2.0], [3.0, 1.0]), ([1.5, 4.0], [1.0, 2.0]))],
    "Geometric": lambda lib: [lib.distributions.Geometric(t(lib, p)) for p in ([0.2, 0.9], [0.5, 0.3])],
    "Gumbel": lambda lib: [lib.distributions.Gumbel(t(lib, a), t(lib, b)) for a, b in (([0.5, 2.0], [3.0, 1.0]), ([1.5, 4.0], [1.0, 2.0]))],
    "HalfNormal": lambda lib: [lib.distributions.HalfNormal(t(lib, a)) for a in ([0.5, 2.0], [1.5, 4.0])],
    "Independent": lambda lib: [lib.distributions.Independent(d, 1) for d in PAIRS["Normal"](lib)],
    "Laplace": lambda lib: [lib.distributions.Laplace(t(lib, a), t(lib, b)) for a, b in (([0.5, 2.0], [3.0, 1.0]), ([1.5, 4.0], [1.0, 2.0]))],
    "LogNormal": lambda lib: [lib.distributions.LogNormal(t(lib, a), t(lib, b)) for a, b in (([0.5, 2.0], [3.0, 1.0]), ([1.5, 4.0], [1.0, 2.0]))],
    "LowRankMultivariateNormal": lambda lib: [lib.distributions.LowRankMultivariateNormal(t(lib, a), t(lib, b), t(lib, c)) for a, b, c in (
        ([0.5, 2.0], [[1.0], [0.5]], [1.0, 2.0]), ([[0.1, 0.2], [1.0, 1.0]], [[1.0, 0.3], [-0.5, 2.0]], [0.5, 0.7]))],
    "MultivariateNormal": lambda lib: [lib.distributions.MultivariateNormal(t(lib, a), t(lib, b)) for a, b in (
        ([0.5, 2.0], COV), ([[0.1, 0.2], [1.0, 1.0]], OTHER))],
    "Normal": lambda lib: [lib.distributions.Normal(t(lib, a), t(lib, b)) for a, b in (([0.5, 2.0], [3.0, 1.0]), ([1.5, 4.0], [1.0, 2.0]))],
    "Pareto": lambda lib: [lib.distributions.Pareto(t(lib, a), t(lib, b)) for a, b in (([1.5, 0.1], [3.0, 2.5]), ([0.5, 0.05], [1.0, 2.0]))],
    "Poisson": lambda lib: [lib.distributions.Poisson(t(lib, a)) for a in ([0.5, 2.0], [1.5, 4.0])],
    "Uniform": lambda lib: [lib.distributions.Uniform(t(lib, a), t(lib, b)) for a, b in (([0.2, 0.1], [0.8, 0.6]), ([0.1, -1.0], [1.0, 2.0]))],
}  # fmt: skip

TABLE = sorted(
    (p.__name__, q.__name__) for p, q in kl._REGISTRY if p.__name__ in PAIRS and q.__name__ in PAIRS
)  # fmt: skip


def outcome(function, *args):
    try:
        return function(*args)
    except NotImplementedError:
        return None


def test_the_table_has_pytorchs_pairs():
    assert len(TABLE) >= 75


@pytest.mark.parametrize(("name", "other"), TABLE)
@pytest.mark.torch
def test_divergences_are_pytorchs(name, other):
    torch = pytest.importorskip("torch")
    if (name, other) == ("ContinuousBernoulli", "Uniform"):
        pytest.skip("PyTorch says inf where the bounds are equal; tested by an integral")
    ours, theirs = (
        (PAIRS[name](lib)[0], PAIRS[other](lib)[1 if name == other or k else 0]) for k, lib in ((1, gt), (1, torch))
    )
    expected = torch.distributions.kl_divergence(*theirs)
    result = D.kl_divergence(*ours)
    # of a pair that is infinite PyTorch gives the shape of the first alone
    np.testing.assert_allclose(result.numpy(), expected.expand(tuple(result.shape)).numpy(), rtol=1e-8, atol=1e-12)


@pytest.mark.torch
def test_pytorch_knows_no_other_pairs():
    pytest.importorskip("torch")
    from torch.distributions import kl as theirs

    ours = {(p.__name__, q.__name__) for p, q in kl._REGISTRY}
    known = {(p.__name__, q.__name__) for p, q in theirs._KL_REGISTRY}
    # PyTorch finds this one by its exponential family
    assert ours - known == {("Wishart", "Wishart")}
    assert known <= ours


ON_A_LINE = [
    "Beta", "Cauchy", "ContinuousBernoulli", "Exponential", "Gamma", "Gumbel", "HalfNormal", "Laplace", "Normal",
    "Pareto", "Uniform",
]  # fmt: skip


@pytest.mark.parametrize(("name", "other"), [(a, b) for a, b in TABLE if a in ON_A_LINE and b in ON_A_LINE])
def test_divergences_are_integrals(name, other):
    p, q = PAIRS[name](gt)[0], PAIRS[other](gt)[1]
    result = D.kl_divergence(p, q).numpy()
    if name == "Cauchy":
        u = (np.arange(400_000) + 0.5) / 400_000
        x = np.stack([u, u], -1)
        points = p.icdf(tensor(x))
        # in probabilities, of equal parts; the tails' parts are rough
        found = (p.log_prob(points) - q.log_prob(points)).mean(0).numpy()
        np.testing.assert_allclose(result, found, rtol=1e-4)
        return
    low, high = {
        "Beta": (0, 1), "ContinuousBernoulli": (0, 1), "Exponential": (0, 90), "Gamma": (0, 90), "HalfNormal": (0, 60),
        "Uniform": (0.1, 0.8), "Pareto": (0.1, 2000),
    }.get(name, (-120, 120))  # fmt: skip
    # nodes that crowd at both ends, where densities may be infinite
    v = np.linspace(-4.5, 4.5, 200_001)
    s = np.pi / 2 * np.sinh(v)
    share = 1 / (1 + np.exp(-2 * s))
    x = tensor(low + (high - low) * share)
    weight = (high - low) * np.pi / 2 * np.cosh(v) / (2 * np.cosh(s) ** 2) * (v[1] - v[0])
    for d in (p, q):
        d._validate_args = False
        if hasattr(d, "base_dist"):
            d.base_dist._validate_args = False
    x2 = x.unsqueeze(-1).expand(-1, 2)
    lp, lq = p.log_prob(x2).numpy(), q.log_prob(x2).numpy()
    # transforms extend the density of a Pareto number below its scale
    possible = x2 >= p.scale if name == "Pareto" else p.support.check(x2) & gt.tensor(np.isfinite(lp))
    covered = x2 >= q.scale if other == "Pareto" else q.support.check(x2)
    for k in range(2):
        inside = possible[:, k].numpy()
        if not covered[:, k].numpy()[inside].all():
            assert result[k] == np.inf
            continue
        inside &= np.isfinite(lq[:, k])  # at an end a density may be infinite
        found = (weight[inside] * np.exp(lp[inside, k]) * (lp[inside, k] - lq[inside, k])).sum()
        if name == "Pareto" and not np.isfinite(result[k]):
            assert other in ("Exponential", "Gamma", "Normal")
            continue
        # densities with a jump inside of the interval are summed with an error of a node's weight
        np.testing.assert_allclose(result[k], found, rtol=2e-3 if name in ("Pareto", "Uniform") else 1e-5)


def test_impossible_outcomes_add_nothing_or_are_infinitely_far():
    inf = np.inf
    p, q = tensor([0.0, 0.0, 1.0, 0.5, 0.5]), tensor([0.0, 1.0, 1.0, 0.0, 1.0])
    assert D.kl_divergence(D.Bernoulli(p), D.Bernoulli(q)).tolist() == [0.0, inf, 0.0, inf, inf]
    assert D.kl_divergence(D.Binomial(3, p), D.Binomial(3, q)).tolist() == [0.0, inf, 0.0, inf, inf]
    assert D.kl_divergence(D.Binomial(3, p), D.Binomial(2, p)).tolist() == [inf] * 5
    one, two = D.Categorical(tensor([[0.0, 1.0], [0.5, 0.5]])), D.Categorical(tensor([0.0, 1.0]))
    assert D.kl_divergence(one, two).tolist() == [0.0, inf]
    assert D.kl_divergence(D.Poisson(tensor(0.0)), D.Poisson(tensor(2.0))).item() == 2.0
    assert D.kl_divergence(D.Poisson(tensor(1.0)), D.Poisson(tensor(0.0))).item() == inf


def test_divergences_of_counts_are_sums():
    for p, q in (
        (D.Poisson(tensor(3.0)), D.Poisson(tensor(5.0))),
        (D.Geometric(tensor(0.4)), D.Geometric(tensor(0.2))),
        (D.Binomial(6, tensor(0.4)), D.Binomial(6, tensor(0.2))),
        (D.Bernoulli(tensor(0.4)), D.Bernoulli(tensor(0.2))),
        (D.Bernoulli(tensor(0.4)), D.Poisson(tensor(0.2))),
        (D.Categorical(tensor([0.1, 0.9])), D.Categorical(tensor([0.5, 0.5]))),
    ):
        x = gt.arange({"Binomial": 7, "Bernoulli": 2, "Categorical": 2}.get(type(p).__name__, 150)).double()
        lp = p.log_prob(x)
        expected = (lp.exp() * (lp - q.log_prob(x))).sum()
        np.testing.assert_allclose(D.kl_divergence(p, q).item(), expected.item(), rtol=1e-10)


def test_divergences_of_vectors_are_those_of_dense_matrices():
    names = ("MultivariateNormal", "LowRankMultivariateNormal")
    for name in names:
        for other in names:
            p, q = PAIRS[name](gt)[0], PAIRS[other](gt)[1]
            a, b = p.covariance_matrix.numpy(), q.covariance_matrix.numpy()
            away = q.loc.numpy() - p.loc.numpy()
            inverse = np.linalg.inv(b)
            expected = 0.5 * (
                np.trace(inverse @ a, axis1=-2, axis2=-1)
                + np.einsum("...i,...ij,...j->...", away, inverse, away)
                - 2
                + np.log(np.linalg.det(b) / np.linalg.det(a))
            )
            np.testing.assert_allclose(D.kl_divergence(p, q).numpy(), expected, rtol=1e-10)


def test_divergences_have_gradients():
    a = tensor([1.0, 2.0]).requires_grad_()
    for d in (
        D.kl_divergence(D.Normal(a, 1.0), D.Normal(0.0, a)),
        D.kl_divergence(D.Gamma(a, a), D.Gamma(tensor(1.0), tensor(1.0))),
        D.kl_divergence(
            D.MultivariateNormal(a, scale_tril=gt.diag(a)), D.MultivariateNormal(2 * a, gt.eye(2).double())
        ),
    ):
        (g,) = gt.autograd.grad(d.sum(), a)
        assert g.isfinite().all()
        assert (g != 0).any()


def test_unknown_pairs_and_unlike_distributions_are_refused():
    with pytest.raises(NotImplementedError, match="Cauchy"):
        D.kl_divergence(D.Cauchy(0.0, 1.0), D.Normal(0.0, 1.0))
    with pytest.raises(NotImplementedError, match="Poisson"):
        D.kl_divergence(D.Poisson(1.0), D.Gamma(1.0, 1.0))
    n = D.Normal(gt.zeros(2, 2), 1.0)
    with pytest.raises(NotImplementedError, match="same number of dims"):
        D.kl_divergence(D.Independent(n, 1), D.Independent(n, 2))
    with pytest.raises(NotImplementedError, match="same transforms"):
        D.kl_divergence(D.LogNormal(0.0, 1.0), D.TransformedDistribution(D.Normal(0.0, 1.0), D.SigmoidTransform()))
    with pytest.raises(NotImplementedError, match="fewer trials"):
        D.kl_divergence(D.Binomial(2, gt.tensor(0.5)), D.Binomial(3, gt.tensor(0.5)))
    with pytest.raises(TypeError, match="classes of distributions"):
        D.register_kl(int, D.Normal)


def test_registered_functions_serve_subclasses_and_warn_where_they_are_ambiguous():
    class One(D.Normal):
        pass

    class Two(One):
        pass

    try:
        assert D.kl_divergence(Two(0.0, 1.0), D.Normal(1.0, 1.0)).item() == 0.5
        D.register_kl(One, D.Normal)(lambda p, q: "left")
        D.register_kl(D.Normal, One)(lambda p, q: "right")
        assert D.kl_divergence(Two(0.0, 1.0), D.Normal(1.0, 1.0)) == "left"
        with pytest.warns(RuntimeWarning, match="ambiguous"):
            assert D.kl_divergence(Two(0.0, 1.0), Two(0.0, 1.0)) == "left"
    finally:
        del kl._REGISTRY[One, D.Normal], kl._REGISTRY[D.Normal, One]
        kl._FOUND.clear()


def test_an_exponential_family_gets_entropy_and_divergence_from_its_log_normalizer():
    class Rate(D.ExponentialFamily):
        arg_constraints = {"rate": D.constraints.positive}  # noqa: RUF012
        support = D.constraints.nonnegative
        _mean_carrier_measure = 0

        def __init__(self, rate):
            self.rate = rate
            super().__init__(rate.shape)

        @property
        def _natural_params(self):
            return (-self.rate,)

        def _log_normalizer(self, x):
            return -gt.log(-x)

    r = tensor([0.5, 2.0]).requires_grad_()
    mine, known = Rate(r), D.Exponential(r)
    np.testing.assert_allclose(mine.entropy().detach().numpy(), known.entropy().detach().numpy(), rtol=1e-12)
    (g,) = gt.autograd.grad(mine.entropy().sum(), r)
    np.testing.assert_allclose(g.numpy(), -1 / r.detach().numpy(), rtol=1e-12)
    other = tensor([1.0, 3.0])
    np.testing.assert_allclose(
        D.kl_divergence(mine, Rate(other)).detach().numpy(),
        D.kl_divergence(known, D.Exponential(other)).detach().numpy(),
        rtol=1e-12,
    )
    assert not Rate(other).entropy().requires_grad
