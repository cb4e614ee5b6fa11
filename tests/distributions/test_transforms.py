# ruff: noqa: E501 (rows of tables)
"""Transforms, their inverses and volumes, and the transforms that reach constraints."""

import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor import distributions as D
from gputensor.distributions import constraints, transforms as T
from tests.distributions.cases import tensor


def vector(lib, x):
    return lib.tensor(x, dtype=lib.float64)


# name: (transform in a library, a value of its domain)
TRANSFORMS = {
    "exp": (lambda lib, t: t.ExpTransform(), [0.5, -1.0]),
    "power": (lambda lib, t: t.PowerTransform(vector(lib, [2.0, -0.5])), [0.5, 3.0]),
    "sigmoid": (lambda lib, t: t.SigmoidTransform(), [0.5, -3.0]),
    "softplus": (lambda lib, t: t.SoftplusTransform(), [0.5, -3.0]),
    "tanh": (lambda lib, t: t.TanhTransform(), [0.5, -3.0]),
    "abs": (lambda lib, t: t.AbsTransform(), [0.5, 3.0]),
    "affine": (lambda lib, t: t.AffineTransform(vector(lib, [1.0, 2.0]), vector(lib, [-3.0, 0.5])), [0.5, -3.0]),
    "affine numbers": (lambda lib, t: t.AffineTransform(1.0, -2.0), [0.5, -3.0]),
    "affine vectors": (lambda lib, t: t.AffineTransform(0.0, vector(lib, [-3.0, 0.5]), event_dim=1), [0.5, -3.0]),
    "cdf": (lambda lib, t: t.CumulativeDistributionTransform(lib.distributions.Normal(vector(lib, 0.5), vector(lib, 2.0))),
            [0.5, -3.0]),
    "compose": (lambda lib, t: t.ComposeTransform([t.AffineTransform(1.0, 2.0), t.SigmoidTransform()]), [0.5, -3.0]),
    "compose vectors": (lambda lib, t: t.ComposeTransform([t.ExpTransform(), t.AffineTransform(0.0, 2.0, event_dim=1)]), [0.5, -3.0]),
    "identity": (lambda lib, t: t.identity_transform, [0.5, -3.0]),
    "independent": (lambda lib, t: t.IndependentTransform(t.ExpTransform(), 1), [0.5, -3.0]),
    "reshape": (lambda lib, t: t.ReshapeTransform((4,), (2, 2)), [0.5, -3.0, 1.0, 2.0]),
    "softmax": (lambda lib, t: t.SoftmaxTransform(), [0.5, -3.0, 1.0]),
    "stick breaking": (lambda lib, t: t.StickBreakingTransform(), [0.5, -3.0, 1.0]),
    "lower cholesky": (lambda lib, t: t.LowerCholeskyTransform(), [[0.5, 1.0], [-2.0, 0.3]]),
    "positive definite": (lambda lib, t: t.PositiveDefiniteTransform(), [[0.5, 1.0], [-2.0, 0.3]]),
    "correlations": (lambda lib, t: t.CorrCholeskyTransform(), [0.5, 1.0, -2.0, 0.3, 0.1, -0.7]),
    "correlation": (lambda lib, t: t.CorrCholeskyTransform(), [0.5]),
    "cat": (lambda lib, t: t.CatTransform([t.ExpTransform(), t.AffineTransform(0.0, 3.0)], lengths=[1, 2]), [0.5, 1.0, 2.0]),
    "cat inside": (lambda lib, t: t.CatTransform([t.ExpTransform(), t.TanhTransform()], dim=-1), [[0.5, 1.0], [2.0, -1.0]]),
    "stack": (lambda lib, t: t.StackTransform([t.ExpTransform(), t.SigmoidTransform()], dim=1), [[0.5, 1.0], [2.0, -1.0]]),
    "inverse": (lambda lib, t: t.ExpTransform().inv, [0.5, 3.0]),
}  # fmt: skip
ONE_SIDED = {"abs", "softmax", "lower cholesky", "positive definite"}
every = pytest.mark.parametrize("name", TRANSFORMS)


@every
def test_inverses_give_back_what_was_given(name):
    make, value = TRANSFORMS[name]
    t, x = make(gt, T), tensor(value)
    y = t(x)
    assert t.domain.check(x).all()
    assert t.codomain.check(y).all()
    assert t.forward_shape(x.shape) == tuple(y.shape)
    assert t.inverse_shape(y.shape) == tuple(x.shape)
    back = t.inv(y)
    if name in ONE_SIDED:
        np.testing.assert_allclose(t(back).numpy(), y.numpy(), rtol=1e-10)
    else:
        np.testing.assert_allclose(back.numpy(), x.numpy(), rtol=1e-9)
    assert t.inv.inv is t or name == "inverse"
    assert (t.inv.domain.event_dim, t.inv.codomain.event_dim) == (t.codomain.event_dim, t.domain.event_dim)


@every
def test_volumes_are_determinants_of_jacobians(name):
    make, value = TRANSFORMS[name]
    t, x = make(gt, T), tensor(value)
    if name in ONE_SIDED:
        pytest.skip("not bijective")
    y = t(x)
    given = t.log_abs_det_jacobian(x, y)
    assert tuple(given.shape) == tuple(x.shape[: x.ndim - t.domain.event_dim])
    if name == "correlation" or name == "correlations":
        rows = lambda v: v[np.tril_indices(v.shape[-1], -1)]  # noqa: E731
    elif name == "stick breaking":
        rows = lambda v: v[:-1]  # noqa: E731
    else:
        rows = lambda v: v.ravel()  # noqa: E731
    columns, step = [], 1e-5
    for k in range(x.numel()):
        away = np.zeros(x.numel())
        away[k] = step
        away = away.reshape(x.shape)
        up, down = t(tensor(x.numpy() + away)).numpy(), t(tensor(x.numpy() - away)).numpy()
        columns.append((rows(up) - rows(down)) / (2 * step))
    expected = np.linalg.slogdet(np.array(columns))[1]
    np.testing.assert_allclose(given.sum().item(), expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(t.inv.log_abs_det_jacobian(y, x).numpy(), -given.numpy())


@every
@pytest.mark.torch
def test_transforms_are_pytorchs(name):
    torch = pytest.importorskip("torch")
    make, value = TRANSFORMS[name]
    t, u = make(gt, T), make(torch, torch.distributions.transforms)
    x, v = tensor(value), torch.tensor(value, dtype=torch.float64)
    y, w = t(x), u(v)
    np.testing.assert_allclose(y.numpy(), w.numpy(), rtol=1e-12)
    np.testing.assert_allclose(t.inv(y).numpy(), u.inv(w).numpy(), rtol=1e-9)
    if name not in ONE_SIDED:
        np.testing.assert_allclose(
            t.log_abs_det_jacobian(x, y).numpy(), u.log_abs_det_jacobian(v, w).numpy(), rtol=1e-9, atol=1e-12
        )
    assert repr(t) == repr(u).replace("torch.", "gputensor.")
    assert t.bijective == u.bijective
    try:
        sign = u.sign
    except NotImplementedError:
        with pytest.raises(NotImplementedError):
            _ = t.sign
    else:
        np.testing.assert_array_equal(np.asarray(t.sign), np.asarray(sign))


@every
def test_cached_transforms_invert_the_last_result_exactly(name):
    make, value = TRANSFORMS[name]
    t = make(gt, T)
    t = t.with_cache() if name != "inverse" else T.ExpTransform(cache_size=1).inv
    x = tensor(value)
    y = t(x)
    if name not in ("compose", "compose vectors", "identity", "independent", "inverse"):
        assert t(x) is y
    assert t.inv(y) is x
    assert pickle.loads(pickle.dumps(t))(x).equal(y)


def test_equal_transforms_are_equal():
    assert T.ExpTransform() == T.ExpTransform()
    assert T.ExpTransform() != T.TanhTransform()
    assert T.ExpTransform().inv == T.ExpTransform().inv
    assert T.AffineTransform(1.0, gt.ones(2)) == T.AffineTransform(1.0, gt.ones(2))
    assert T.AffineTransform(1.0, 2.0) != T.AffineTransform(1.0, 3.0)
    assert T.PowerTransform(gt.tensor(2.0)) == T.PowerTransform(gt.tensor(2.0))
    assert T.ComposeTransform([T.ExpTransform()]) == T.ComposeTransform([T.ExpTransform()])


def test_wrong_arguments_of_transforms_are_refused():
    for make in (
        lambda: T.ExpTransform(cache_size=2),
        lambda: T.ReshapeTransform((2,), (3,)),
        lambda: T.ReshapeTransform((2,), (1, 2))(gt.ones(3)),
        lambda: T.CatTransform([T.ExpTransform()], lengths=[1, 2]),
        lambda: T.CatTransform([T.ExpTransform()])(gt.ones(2)),
        lambda: T.StackTransform([T.ExpTransform()])(gt.ones(2)),
        lambda: T.IndependentTransform(T.ExpTransform(), 2)(gt.ones(2)),
        lambda: T.CorrCholeskyTransform()(gt.ones(2)),
        lambda: T.CorrCholeskyTransform().forward_shape((2,)),
        lambda: T.ReshapeTransform((4,), (2, 2)).event_dim,
    ):
        with pytest.raises(ValueError):  # noqa: PT011
            make()
    with pytest.raises(TypeError, match="expected Transforms"):
        T.StackTransform([1])
    with pytest.raises(NotImplementedError):
        T.AbsTransform().log_abs_det_jacobian(gt.ones(1), gt.ones(1))


CONSTRAINTS = {
    "real": (constraints.real, [0.5, -1.0], [np.nan, 0.0]),
    "positive": (constraints.positive, [0.5, 1.0], [0.0, 1.0]),
    "nonnegative": (constraints.nonnegative, [0.5, 0.0], [-1.0, 1.0]),
    "greater_than": (constraints.greater_than(2.0), [2.5, 3.0], [2.0, 3.0]),
    "greater_than_eq": (constraints.greater_than_eq(2.0), [2.5, 2.0], [1.0, 3.0]),
    "less_than": (constraints.less_than(2.0), [1.5, -3.0], [2.0, 1.0]),
    "unit_interval": (constraints.unit_interval, [0.0, 1.0], [-0.1, 0.5]),
    "interval": (constraints.interval(-1.0, 3.0), [-1.0, 3.0], [4.0, 1.0]),
    "half_open_interval": (constraints.half_open_interval(-1.0, 3.0), [-1.0, 2.0], [3.0, 1.0]),
    "simplex": (constraints.simplex, [0.2, 0.8], [0.2, 0.9]),
    "real_vector": (constraints.real_vector, [0.2, 0.8], [np.nan, 0.9]),
    "lower_cholesky": (constraints.lower_cholesky, [[1.0, 0.0], [2.0, 3.0]], [[1.0, 1.0], [2.0, 3.0]]),
    "corr_cholesky": (constraints.corr_cholesky, [[1.0, 0.0], [0.6, 0.8]], [[1.0, 0.0], [0.6, 0.9]]),
    "positive_definite": (constraints.positive_definite, [[2.0, 1.0], [1.0, 2.0]], [[1.0, 2.0], [2.0, 1.0]]),
    "positive_semidefinite": (constraints.positive_semidefinite, [[2.0, 0.0], [0.0, 0.0]], [[1.0, 2.0], [2.0, 1.0]]),
    "cat": (constraints.cat([constraints.positive, constraints.real], lengths=[1, 2]), [1.0, -1.0, 1.0], [-1.0, 1.0, 1.0]),
    "stack": (constraints.stack([constraints.positive, constraints.real]), [1.0, -1.0], [-1.0, 1.0]),
    "boolean": (constraints.boolean, [0.0, 1.0], [0.5, 1.0]),
    "one_hot": (constraints.one_hot, [0.0, 1.0], [1.0, 1.0]),
    "nonnegative_integer": (constraints.nonnegative_integer, [0.0, 1.0], [-1.0, 1.0]),
    "positive_integer": (constraints.positive_integer, [2.0, 1.0], [0.0, 1.0]),
    "integer_interval": (constraints.integer_interval(0, 3), [0.0, 3.0], [1.5, 1.0]),
    "multinomial": (constraints.multinomial(3), [0.0, 3.0], [2.0, 2.0]),
    "lower_triangular": (constraints.lower_triangular, [[1.0, 0.0], [2.0, -3.0]], [[1.0, 1.0], [2.0, 3.0]]),
    "symmetric": (constraints.symmetric, [[1.0, 2.0], [2.0, -3.0]], [[1.0, 1.0], [2.0, 3.0]]),
    "square": (constraints.square, [[1.0, 2.0], [2.0, -3.0]], [[1.0, 1.0]]),
}  # fmt: skip


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraints_admit_what_they_should(name):
    region, good, bad = CONSTRAINTS[name]
    result = region.check(tensor(good))
    assert result.all()
    assert result.dtype == gt.bool
    assert tuple(result.shape) == tuple(np.shape(good))[: np.ndim(good) - region.event_dim]
    assert not region.check(tensor(bad)).all()
    # every value of a batch is judged for itself
    if np.shape(good) == np.shape(bad) and name not in ("cat", "stack"):
        both = region.check(gt.stack([tensor(good), tensor(bad)]))
        assert both[0].all()
        assert not both[1].all() or name in ("positive_definite", "positive_semidefinite")
    assert region.is_discrete == (
        name in ("boolean", "one_hot", "nonnegative_integer", "positive_integer", "integer_interval", "multinomial")
    )


@pytest.mark.parametrize("name", [n for n in CONSTRAINTS if list(CONSTRAINTS).index(n) < 17])
@pytest.mark.parametrize("registry", [D.biject_to, D.transform_to])
def test_registered_transforms_reach_their_constraint(name, registry):
    region, good, _ = CONSTRAINTS[name]
    if registry is D.biject_to and name in ("lower_cholesky", "positive_definite", "positive_semidefinite"):
        with pytest.raises(NotImplementedError, match="no transform"):
            registry(region)
        return
    t = registry(region)
    start = gt.randn(t.inverse_shape(np.shape(good)), dtype=gt.float64)
    y = t(start)
    assert region.check(y).all()
    np.testing.assert_allclose(t(t.inv(y)).numpy(), y.numpy(), rtol=1e-8)
    if registry is D.biject_to and t.bijective:
        np.testing.assert_allclose(t.inv(y).numpy(), start.numpy(), rtol=1e-8)


@pytest.mark.torch
def test_constraints_print_and_are_transformed_as_pytorchs():
    torch = pytest.importorskip("torch")
    theirs = torch.distributions.constraints
    for name in CONSTRAINTS:
        ours = CONSTRAINTS[name][0]
        other = getattr(theirs, name)
        if isinstance(other, type):
            if name in ("cat", "stack"):
                continue
            other = other(*[getattr(ours, b) for b in ("lower_bound", "upper_bound") if hasattr(ours, b)])
        assert repr(ours) == repr(other)
        assert (ours.event_dim, ours.is_discrete) == (other.event_dim, other.is_discrete)
        for registry in ("biject_to", "transform_to"):
            try:
                expected = getattr(torch.distributions, registry)(other)
            except NotImplementedError:
                with pytest.raises(NotImplementedError):
                    getattr(D, registry)(ours)
                continue
            found = getattr(D, registry)(ours)
            if name in ("positive", "nonnegative"):  # PyTorch adds 0 to some of them
                assert found == T.ExpTransform()
            else:
                assert repr(found) == repr(expected)


def test_constraints_can_be_registered():
    class Even(constraints.Constraint):
        pass

    with pytest.raises(NotImplementedError, match="Even"):
        D.transform_to(Even())
    D.transform_to.register(Even, lambda c: T.ExpTransform())
    assert D.transform_to(Even()) == T.ExpTransform()
    with pytest.raises(TypeError, match="expected a Constraint"):
        D.transform_to.register(int, lambda c: None)
    with pytest.raises(ValueError, match="cannot be checked"):
        constraints.dependent.check(gt.ones(1))
    assert constraints.is_dependent(D.Uniform.support)
    assert not constraints.is_dependent(D.Uniform(0.0, 1.0).support)


def test_a_transform_and_a_distribution_of_ones_own():
    class Tripled(gt.distributions.Transform):
        domain = codomain = gt.distributions.constraints.real
        bijective = True

        def _call(self, x):
            return 3 * x

        def _inverse(self, y):
            return y / 3

        def log_abs_det_jacobian(self, x, y):
            return gt.full_like(x, 3.0).log()

    class Scaled(gt.distributions.Distribution):
        arg_constraints = {"scale": gt.distributions.constraints.positive}  # noqa: RUF012

        def __init__(self, scale):
            self.scale = scale
            super().__init__(scale.shape)

        @gt.distributions.constraints.dependent_property(is_discrete=False, event_dim=0)
        def support(self):
            return gt.distributions.constraints.interval(0.0, self.scale)

    triple = Tripled()
    assert triple(gt.tensor([2.0])).tolist() == [6.0]
    assert triple.inv(gt.tensor([6.0])).tolist() == [2.0]
    assert Scaled(gt.tensor([2.0])).support.check(gt.tensor([1.0])).all()
    assert gt.distributions.constraints.is_dependent(Scaled.support)
    with pytest.raises(ValueError, match="scale"):
        Scaled(gt.tensor([-2.0]))
    both = gt.distributions.constraints.MixtureSameFamilyConstraint(Scaled(gt.tensor([1.0, 3.0])).support)
    assert both.check(gt.tensor([0.5, 2.0])).tolist() == [True, False]
