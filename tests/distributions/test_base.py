# ruff: noqa: E501 (rows of tables)
"""What all distributions share: checks, shapes, expanding, printing, compositions."""

import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor import distributions as D
from gputensor.distributions import constraints, utils
from tests.distributions.cases import CASES, identifier, tensor

every = pytest.mark.parametrize("case", CASES, ids=identifier)


def test_the_package_is_loaded_on_first_use_and_names_its_modules():
    from gputensor.distributions.binomial import Binomial
    from gputensor.distributions.categorical import Categorical
    from gputensor.distributions.kl import kl_divergence
    from gputensor.distributions.multinomial import Multinomial
    from gputensor.distributions.multivariate_normal import MultivariateNormal
    from gputensor.distributions.normal import Normal
    from gputensor.distributions.poisson import Poisson

    assert (D.Binomial, D.Categorical, D.Multinomial, D.MultivariateNormal) == (
        Binomial, Categorical, Multinomial, MultivariateNormal,
    )  # fmt: skip
    assert (D.Normal, D.Poisson, D.kl_divergence) == (Normal, Poisson, kl_divergence)


@pytest.mark.torch
def test_no_public_name_of_pytorch_is_missing():
    torch = pytest.importorskip("torch")
    import inspect

    theirs = torch.distributions
    for ours, other in ((D, theirs), (constraints, theirs.constraints), (D.transforms, theirs.transforms)):
        assert [n for n in other.__all__ if not hasattr(ours, n)] == []
    assert [n for n in theirs.utils.__all__ if not hasattr(utils, n)] == []
    for name in theirs.__all__:
        mine, other = getattr(D, name), getattr(theirs, name)
        if inspect.isclass(other) and issubclass(other, theirs.Distribution):
            signature = list(inspect.signature(other.__init__).parameters)
            assert list(inspect.signature(mine.__init__).parameters) == signature, name
            assert mine.__module__.split(".")[-1] == other.__module__.split(".")[-1]


@every
@pytest.mark.torch
def test_distributions_have_pytorchs_attributes(case):
    torch = pytest.importorskip("torch")
    ours = set(dir(case.make(gt)[0]))
    assert [n for n in dir(case.make(torch)[0]) if not n.startswith("_") and n not in ours] == []


@every
@pytest.mark.torch
def test_distributions_print_as_pytorchs(case):
    torch = pytest.importorskip("torch")
    ours = repr(case.make(gt)[0]).replace("gputensor.Size", "torch.Size")
    theirs = repr(case.make(torch)[0])
    if case.name in ("MultivariateNormal", "Wishart", "Multinomial", "Beta"):
        # PyTorch prints what it has computed by then, and nothing of Beta
        assert ours.split("(")[0] == theirs.split("(")[0]
    else:
        assert ours == theirs


@every
def test_distributions_can_be_pickled(case):
    d, _ = case.make(gt)
    d.sample()
    x = tensor(case.values)
    assert pickle.loads(pickle.dumps(d)).log_prob(x).equal(d.log_prob(x))


def test_parameters_are_checked():
    with pytest.raises(ValueError, match=r"Expected parameter scale \(Tensor of shape \(2,\)\).*GreaterThan"):
        D.Normal(gt.zeros(2), gt.tensor([1.0, -1.0]))
    for make in (
        lambda **k: D.Normal(gt.tensor(np.nan), 1.0, **k),
        lambda **k: D.Bernoulli(gt.tensor(1.5), **k),
        lambda **k: D.Categorical(gt.tensor([0.5, -0.5, 2.0]), **k),
        lambda **k: D.Uniform(1.0, 1.0, **k),
        lambda **k: D.Gamma(0.0, 1.0, **k),
        lambda **k: D.Dirichlet(gt.tensor([1.0, 0.0]), **k),
        lambda **k: D.Poisson(-1.0, **k),
        lambda **k: D.Binomial(gt.tensor(2.5), gt.tensor(0.5), **k),
        lambda **k: D.Geometric(0.0, **k),
        lambda **k: D.MultivariateNormal(gt.zeros(2), scale_tril=gt.ones(2, 2), **k),
    ):
        with pytest.raises(ValueError, match="Expected parameter"):
            make()
        make(validate_args=False)


def test_sample_n_is_deprecated():
    with pytest.warns(FutureWarning, match="sample_n"):
        assert D.Normal(0.0, 1.0).sample_n(3).shape == (3,)


def test_wrong_arguments_are_refused():
    for make in (
        lambda: D.Bernoulli(),
        lambda: D.Bernoulli(0.2, 0.3),
        lambda: D.Categorical(),
        lambda: D.Categorical(gt.tensor(0.2)),
        lambda: D.Categorical(logits=gt.tensor(0.2)),
        lambda: D.Dirichlet(gt.tensor(0.2)),
        lambda: D.Multinomial(-1, gt.ones(2)),
        lambda: D.MultivariateNormal(gt.zeros(3), gt.eye(2)),
        lambda: D.Normal("a", 1.0),
        lambda: D.Normal([0.0], 1.0),
        lambda: D.Normal(gt.zeros(2), gt.ones(3)),
        lambda: D.MultivariateNormal(gt.zeros(2)),
        lambda: D.MultivariateNormal(gt.tensor(0.0), gt.eye(1)),
        lambda: D.MultivariateNormal(gt.zeros(2), gt.ones(2)),
        lambda: D.MultivariateNormal(gt.zeros(2), gt.eye(2), gt.eye(2)),
        lambda: D.MultivariateNormal(gt.zeros(2), gt.tensor([[1.0, 2.0], [2.0, 1.0]])),
        lambda: D.LowRankMultivariateNormal(gt.zeros(2), gt.ones(3, 1), gt.ones(2)),
        lambda: D.LowRankMultivariateNormal(gt.zeros(2), gt.ones(2, 1), gt.ones(3)),
        lambda: D.LowRankMultivariateNormal(gt.zeros(2), gt.ones(2, 1), -gt.ones(2)),
        lambda: D.Wishart(gt.tensor(1.0), gt.eye(2)),
        lambda: D.LKJCholesky(1),
        lambda: D.Independent(D.Normal(gt.zeros(2), 1.0), 2),
        lambda: D.MixtureSameFamily(D.Normal(0.0, 1.0), D.Normal(0.0, 1.0)),
        lambda: D.MixtureSameFamily(D.Categorical(gt.ones(3)), D.Normal(gt.zeros(2), 1.0)),
        lambda: D.TransformedDistribution(D.Normal(0.0, 1.0), [1]),
        lambda: D.TransformedDistribution(D.Normal(0.0, 1.0), D.StickBreakingTransform()),
        lambda: D.Distribution.set_default_validate_args(3),
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            make()
    for call in (
        lambda: D.Multinomial(gt.tensor(3), gt.ones(2)),
        lambda: D.Normal(0.0, 1.0).enumerate_support(),
        lambda: D.Poisson(1.0).rsample(),
        lambda: D.Poisson(1.0).entropy(),
        lambda: D.Binomial(gt.tensor([3, 4]), gt.tensor(0.5)).enumerate_support(),
        lambda: D.Independent(D.Bernoulli(gt.ones(2)), 1).enumerate_support(),
        lambda: D.RelaxedBernoulli(gt.tensor(1.0), 0.3).mean,
        lambda: D.Gamma(1.0, 1.0).icdf(gt.tensor(0.5)),
    ):
        with pytest.raises(NotImplementedError):
            call()
    for call in (
        lambda: D.Normal(0.0, 1.0).sample(3),
        lambda: D.Normal(0.0, 1.0).sample("a"),
        lambda: D.Categorical([1.0, 2.0]),
        lambda: D.Dirichlet(np.ones(2)),
        lambda: D.MultivariateNormal([0.0], gt.eye(1)),
    ):
        with pytest.raises(TypeError):
            call()


def test_checks_can_be_switched_off_for_all():
    D.Distribution.set_default_validate_args(False)
    try:
        assert D.Normal(0.0, -1.0).scale.item() == -1.0
        assert D.Normal(0.0, 1.0).log_prob(gt.tensor(np.nan)).isnan()
    finally:
        D.Distribution.set_default_validate_args(True)
    with pytest.raises(ValueError, match="scale"):
        D.Normal(0.0, -1.0)


def test_numbers_take_the_default_dtype_and_join_tensors():
    assert D.Normal(0, 1).loc.dtype == gt.float32
    d = D.Normal(gt.zeros(2, dtype=gt.float64), 1)
    assert (d.scale.dtype, d.sample().dtype, d.batch_shape) == (gt.float64, gt.float64, (2,))
    assert D.Normal(gt.zeros(3, dtype=gt.bfloat16), 1.0).sample().dtype == gt.bfloat16


def test_enumerated_values_are_all_and_their_probabilities_add_up_to_one():
    for d in (
        D.Bernoulli(gt.tensor([0.2, 0.7])),
        D.Binomial(3, gt.tensor([0.2, 0.7])),
        D.Categorical(gt.tensor([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])),
        D.OneHotCategorical(gt.tensor([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])),
    ):
        values = d.enumerate_support()
        assert values.shape[1:] == d.batch_shape + d.event_shape
        np.testing.assert_allclose(d.log_prob(values).exp().sum(0).numpy(), [1.0, 1.0], rtol=1e-6)
        assert d.enumerate_support(False).shape[1:2] == (1,)


def test_independent_sums_over_its_dims():
    n = D.Normal(gt.zeros(4, 3), gt.ones(3))
    d = D.Independent(n, 1)
    x = d.sample((2,))
    assert d.log_prob(x).equal(n.log_prob(x).sum(-1))
    assert d.entropy().equal(n.entropy().sum(-1))
    assert (d.mean.shape, d.support.event_dim, d.has_rsample) == ((4, 3), 1, True)
    assert d.expand((5, 4)).sample().shape == (5, 4, 3)
    assert repr(d).startswith("Independent(Normal(loc")


def test_transformed_distributions():
    base = D.Normal(tensor([0.0, 1.0]), tensor([1.0, 0.5]))
    d = D.TransformedDistribution(base, [D.AffineTransform(1.0, -2.0), D.ExpTransform()])
    x = tensor([0.5, 2.0])
    known = D.LogNormal(1 - 2 * base.loc, 2 * base.scale)
    for name in ("log_prob", "cdf"):
        np.testing.assert_allclose(getattr(d, name)(x).numpy(), getattr(known, name)(x).numpy(), rtol=1e-12)
    np.testing.assert_allclose(d.icdf(d.cdf(x)).numpy(), x.numpy(), rtol=1e-12)
    assert d.has_rsample
    assert repr(d.support) == "GreaterThan(lower_bound=0.0)"
    # the transform asks for vectors, so the base's batch dim becomes theirs
    v = D.TransformedDistribution(D.Normal(gt.zeros(5, 2), 1.0), D.StickBreakingTransform())
    assert (v.batch_shape, v.event_shape, v.sample((3,)).shape) == ((5,), (3,), (3, 5, 3))
    w = D.TransformedDistribution(D.Normal(0.0, 1.0), D.AffineTransform(gt.zeros(4), 1.0))
    assert w.batch_shape == (4,)


@pytest.mark.torch
def test_mixtures_are_pytorchs():
    torch = pytest.importorskip("torch")

    def made(lib):
        def t(x):
            return lib.tensor(x, dtype=lib.float64)

        d = lib.distributions
        return [
            (d.MixtureSameFamily(d.Categorical(t([0.3, 0.7])), d.Normal(t([[0.0, 1.0], [2.0, -1.0]]), t([1.0, 2.0]))), t([0.1, 2.0])),
            (d.MixtureSameFamily(d.Categorical(t([[0.3, 0.7], [0.5, 0.5]])),
                                 d.Independent(d.Normal(t(np.arange(8.0).reshape(2, 2, 2)), t(1.0)), 1)), t([[0.1, 2.0], [0.4, 5.0]])),
            (d.MixtureSameFamily(d.Categorical(logits=t([0.3, 0.7])), d.Poisson(t([1.0, 5.0]))), t([1.0, 3.0])),
        ]  # fmt: skip

    for (one, x), (two, y) in zip(made(gt), made(torch), strict=True):
        assert (tuple(one.batch_shape), tuple(one.event_shape)) == (tuple(two.batch_shape), tuple(two.event_shape))
        for name in ("mean", "variance", "stddev"):
            np.testing.assert_allclose(getattr(one, name).numpy(), getattr(two, name).numpy(), rtol=1e-12)
        np.testing.assert_allclose(one.log_prob(x).numpy(), two.log_prob(y).numpy(), rtol=1e-12)
        assert one.sample((6,)).shape == (6, *one.batch_shape, *one.event_shape)
        assert one.expand((3, *one.batch_shape)).sample().shape == (3, *one.batch_shape, *one.event_shape)
        assert repr(one.support) == repr(two.support)
    one, two = made(gt)[0][0], made(torch)[0][0]
    np.testing.assert_allclose(
        one.cdf(tensor([0.3, 1.0])).numpy(), two.cdf(torch.tensor([0.3, 1.0]).double()).numpy(), rtol=1e-7
    )


def test_lazy_properties_keep_gradients_out_of_no_grad():
    logits = gt.zeros(3, requires_grad=True)
    d = D.Bernoulli(logits=logits)
    with gt.no_grad():
        d.sample()  # computes probs
    assert d.probs.requires_grad


def test_log_prob_of_a_policy_and_its_entropy_train():
    logits = gt.zeros(4, 3, requires_grad=True)
    d = D.Categorical(logits=logits)
    action = gt.tensor([0, 1, 2, 0])
    (g,) = gt.autograd.grad(d.log_prob(action).sum(), logits)
    expected = np.eye(3)[[0, 1, 2, 0]] - 1 / 3
    np.testing.assert_allclose(g.numpy(), expected, atol=1e-6)


def test_a_batch_of_values_is_solved_with_one_factor():
    loc, cov = gt.zeros(3).double(), tensor([[2.0, 0.5, 0.0], [0.5, 1.0, 0.2], [0.0, 0.2, 1.5]])
    d = D.MultivariateNormal(loc, cov)
    x = d.sample((5, 4))
    diff = x.numpy()
    expected = -0.5 * (
        np.einsum("...i,ij,...j->...", diff, np.linalg.inv(cov.numpy()), diff)
        + 3 * np.log(2 * np.pi)
        + np.log(np.linalg.det(cov.numpy()))
    )
    np.testing.assert_allclose(d.log_prob(x).numpy(), expected, rtol=1e-10)
    np.testing.assert_allclose(d.precision_matrix.numpy(), np.linalg.inv(cov.numpy()), rtol=1e-10)
    many = D.MultivariateNormal(gt.zeros(4, 3).double(), cov.expand(2, 1, 3, 3))
    assert many.batch_shape == (2, 4)
    np.testing.assert_allclose(many.log_prob(x[:, None]).numpy(), np.repeat(expected[:, None], 2, 1), rtol=1e-10)


def test_matrices_and_vectors_of_triangles():
    m = tensor(np.arange(1.0, 17.0)).reshape(4, 4)
    for diag in (-2, -1, 0, 1, 2):
        v = utils.tril_matrix_to_vec(m, diag)
        assert utils.vec_to_tril_matrix(v, diag).equal(m.tril(diag))
    with pytest.raises(ValueError, match="no square matrix"):
        utils.vec_to_tril_matrix(gt.ones(4))
    with pytest.raises(ValueError, match="outside"):
        utils.tril_matrix_to_vec(m, 4)


def test_values_are_checked_inside_vmap():
    rates = gt.tensor([1.0, 2.0])
    found = gt.func.vmap(lambda r: D.Exponential(r).log_prob(gt.tensor(1.0)))(rates)
    np.testing.assert_allclose(found.numpy(), np.log([1.0, 2.0]) - [1.0, 2.0], rtol=1e-6)
    with pytest.raises(ValueError, match="Expected parameter rate"):
        gt.func.vmap(lambda r: D.Exponential(r).log_prob(gt.tensor(1.0)))(gt.tensor([1.0, -2.0]))


def test_the_divergence_of_two_wisharts():
    p, q = D.Wishart(gt.tensor(4.5), gt.eye(3)), D.Wishart(gt.tensor(6.0), 2.0 * gt.eye(3))
    np.testing.assert_allclose(D.kl_divergence(p, q).item(), 3.4545, rtol=1e-4)
    np.testing.assert_allclose(D.kl_divergence(p, p).item(), 0.0, atol=1e-6)
