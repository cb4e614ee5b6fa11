"""vmap of functions that look at arguments on the host, that draw, or whose operands come from several vmaps."""

import warnings

import numpy as np
import pytest

import gputensor as gt
import gputensor.nn.functional as F
from gputensor.errors import LinAlgError
from gputensor.func import vmap


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def tensors(rng, *shapes):
    return [gt.from_numpy(rng.standard_normal(s)) for s in shapes]


def as_tuple(out):
    return tuple(out) if isinstance(out, tuple) else (out,)


def check(f, *xs):
    """f for all examples of all arguments, and for those of each argument alone, is f of every example."""
    n = len(xs)
    for mask in [[True] * n] + [[k == one for k in range(n)] for one in range(n)] * (n > 1):
        given = [x if m else x[0] for x, m in zip(xs, mask, strict=True)]
        got = vmap(lambda *a: as_tuple(f(*a)), tuple(0 if m else None for m in mask))(*given)
        each = [as_tuple(f(*[x[k] if m else x for x, m in zip(given, mask, strict=True)])) for k in range(len(xs[0]))]
        for ours, theirs in zip(got, zip(*each, strict=True), strict=True):
            theirs = np.stack([t.numpy() for t in theirs])
            assert ours.numpy().dtype == theirs.dtype
            np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-8, atol=1e-9)


# ---------------------------------------------------------------- linear algebra


def test_a_singular_example_is_named():
    a = gt.eye(2).repeat(3, 1, 1)
    a[1] = 0
    with pytest.raises(LinAlgError, match=r"linalg\.inv: \(batch element 1\) the matrix is singular"):
        vmap(gt.linalg.inv)(a)
    with pytest.raises(LinAlgError, match=r"\(batch element \(1, 0\)\)"):
        vmap(vmap(gt.linalg.cholesky))(a.unsqueeze(1))
    with pytest.raises(LinAlgError, match="zero on its diagonal"):
        vmap(gt.cholesky_inverse)(a)
    np.testing.assert_array_equal(vmap(gt.linalg.inv_ex)(a).info.numpy(), [0, 1, 0])


def test_factors_pivots_and_right_sides_of_different_vmaps(rng):
    a, b = tensors(rng, (3, 4, 4), (3, 4, 2))
    a = a @ a.mT + gt.eye(4, dtype=gt.float64)
    pivots = gt.tensor([[1, 2, 3, 4], [2, 2, 4, 4], [3, 2, 3, 4]], dtype=gt.int32)
    check(gt.linalg.lu_solve, a, pivots, b)
    check(lambda f, p, b: gt.linalg.lu_solve(f, p, b.mT, left=False, adjoint=True), a, pivots, b)
    check(gt.lu_unpack, a, pivots)
    check(gt.linalg.ldl_solve, a, gt.tensor([[1, 2, 3, 4]] * 3, dtype=gt.int32), b)


def test_tolerances_and_least_squares_of_each_example(rng):
    a, b = tensors(rng, (3, 5, 3), (3, 5, 2))
    limits = gt.tensor([0.01, 0.5, 0.9], dtype=gt.float64)
    check(lambda a, t: gt.linalg.pinv(a, rtol=t), a, limits)
    check(lambda a, t: gt.linalg.matrix_rank(a, atol=3 * t), a, limits)
    check(lambda a, b: tuple(gt.linalg.lstsq(a, b, driver="gelsd"))[:3], a, b)


def test_lobpcg_goes_on_until_every_example_is_near_enough(rng):
    a, x = tensors(rng, (3, 9, 9), (3, 9, 1))
    a = a @ a.mT + gt.diag(gt.arange(9.0, dtype=gt.float64))
    values = vmap(lambda a, x: gt.lobpcg(a, 1, X=x, tol=1e-12)[0])(a, x)
    np.testing.assert_allclose(values.numpy()[:, 0], np.linalg.eigvalsh(a.numpy())[:, -1], rtol=1e-9)


# ---------------------------------------------------------------- bags, sequences, samples


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("options", [{}, {"padding_idx": 1}, {"include_last_offset": True}])
def test_bags_that_begin_and_end_elsewhere_in_each_example(rng, mode, options):
    numbers = gt.from_numpy(rng.integers(0, 5, (3, 6)))
    (table,) = tensors(rng, (3, 5, 2))
    offsets = gt.tensor([[0, 2, 6], [0, 3, 4], [0, 0, 5]])
    check(lambda n, t, o: F.embedding_bag(n, t, o, mode=mode, **options), numbers, table, offsets)


def test_sizes_of_bags_in_the_order_of_the_namespace(rng):
    numbers = gt.from_numpy(rng.integers(0, 5, (3, 6)))
    (table,) = tensors(rng, (3, 5, 2))
    offsets = gt.tensor([[0, 2, 6], [0, 3, 4], [0, 0, 5]])

    def sums_and_sizes(t, n, o):
        out, _, sizes, _ = gt.embedding_bag(t, n, o, include_last_offset=True, padding_idx=2)
        return out, sizes

    check(sums_and_sizes, table, numbers, offsets)


def test_offsets_out_of_order_in_one_example_raise():
    with pytest.raises(ValueError, match=r"offsets\[0\] must be 0"):
        vmap(lambda o: F.embedding_bag(gt.arange(4), gt.ones(4, 2), o))(gt.tensor([[0, 1], [1, 2]]))
    with pytest.raises(ValueError, match="beyond the 4 numbers"):
        vmap(lambda o: F.embedding_bag(gt.arange(4), gt.ones(4, 2), o))(gt.tensor([[0, 1], [0, 5]]))


def test_ctc_of_targets_and_lengths_that_differ(rng):
    (x,) = tensors(rng, (3, 6, 2, 4))
    targets = gt.from_numpy(rng.integers(1, 4, (3, 2, 2)))
    check(lambda x, t: F.ctc_loss(x.log_softmax(-1), t, (6, 5), (2, 1), reduction="none"), x, targets)
    times, ends = gt.tensor([[6, 5], [4, 6], [1, 3]]), gt.tensor([[2, 1], [1, 1], [1, 2]])

    def loss(x, t, times, ends):
        return F.ctc_loss(x.log_softmax(-1), t, times, ends, zero_infinity=True)

    check(loss, x, targets, times, ends)
    check(lambda x, t, times, ends: gt.func.grad(loss)(x, t, times, ends), x, targets, times, ends)
    ends = gt.tensor([[2, 1], [1, 2], [3, 0]])
    check(loss, x, gt.from_numpy(rng.integers(1, 4, (3, 3))), times, ends)
    with pytest.raises(ValueError, match="between 0 and 6"):
        vmap(lambda n: F.ctc_loss(x[0], targets[0], n, (2, 1)))(times + 1)


def test_samples_of_fractional_pooling_may_differ_alone(rng):
    (x,) = tensors(rng, (3, 1, 2, 5, 5))
    samples = gt.from_numpy(rng.random((3, 1, 2, 2)))
    check(lambda x, s: F.fractional_max_pool2d(x, 2, (2, 2), _random_samples=s), x, samples)
    drawn = vmap(lambda a: F.fractional_max_pool2d(x[0], 2, (2, 2)), randomness="different")(gt.zeros(3))
    assert drawn.shape == (3, 1, 2, 2, 2)


def test_values_unpooled_at_places_of_another_vmap(rng):
    (x,) = tensors(rng, (3, 1, 2, 4, 4))
    values, places = F.max_pool2d(x.reshape(3, 2, 4, 4), 2, return_indices=True)
    check(lambda v, p: F.max_unpool2d(v, p, 2), values, places)


# ---------------------------------------------------------------- counting and masks


def test_histograms_between_each_examples_own_limits(rng):
    x, w = tensors(rng, (3, 40), (3, 40))
    check(lambda x, w: gt.histogram(x, 5, weight=w), x, w)
    check(lambda x: gt.histogramdd(x.reshape(20, 2), [3, 4]).hist, x)
    check(lambda x: gt.histc(x, 5), x)
    check(lambda x: gt.histc(x * 0 + 1, 4), x)
    check(lambda x: gt.histogram(x * 0 + 1, 4), x)
    with pytest.raises(ValueError, match="not finite"):
        vmap(lambda x: gt.histogram(x, 5))(x / 0)
    with pytest.raises(ValueError, match="finite"):
        vmap(lambda x: gt.histc(x, 5))(x / 0)


def test_counts_need_one_length_for_all_examples():
    x = gt.tensor([[0, 2, 1], [2, 2, 0]])
    np.testing.assert_array_equal(vmap(gt.bincount)(x).numpy(), [[1, 1, 1], [1, 0, 2]])
    np.testing.assert_array_equal(vmap(lambda a: gt.bincount(a, minlength=4))(x).numpy(), [[1, 1, 1, 0], [1, 0, 2, 0]])
    with pytest.raises(RuntimeError, match="bincount, whose length"):
        vmap(gt.bincount)(gt.tensor([[0, 1], [0, 2]]))
    with pytest.raises(RuntimeError, match="bincount, whose length"):
        vmap(lambda a: gt.bincount(a, minlength=2))(gt.tensor([[0, 1], [0, 2]]))
    with pytest.raises(ValueError, match="negative"):
        vmap(gt.bincount)(gt.tensor([[0, 1], [0, -1]]))


@pytest.mark.parametrize("size", [0, 4, 14])
def test_the_first_places_that_are_not_zero(rng, size):
    (x,) = tensors(rng, (3, 5, 2))
    check(lambda a: gt.nonzero_static(a > 0, size=size, fill_value=-3), x)
    assert vmap(lambda a: gt.nonzero_static(a, size=size))(gt.ones(3)).shape == (3, size, 0)


def test_writes_where_each_examples_own_mask_is_true(rng):
    x, m, v = tensors(rng, (3, 2, 4), (3, 4), (3,))

    def filled(x, m, v):
        return (x + m + v).masked_fill_(m > 0, v)

    def set_rows(x, m, v):
        x = (x + m.sum() + v).mT.clone()
        x[m > 0] = v
        return x

    def set_columns(x, m, v):
        x = x + m.sum() + v
        x[:, m > 0] = 5.0
        return x

    for f in (filled, set_rows, set_columns):
        check(f, x, m, v)
    with pytest.raises(RuntimeError, match="in-place operations are not possible"):
        vmap(lambda m: gt.zeros(4).masked_fill_(m, 1.0))(m > 0)


def test_masked_scatter_takes_as_many_values_as_each_mask_wants(rng):
    x, m, v = tensors(rng, (3, 2, 4), (3, 4), (3, 8))
    check(lambda x, m, v: x.masked_scatter(m > 0, v), x, m, v)
    with pytest.raises(RuntimeError, match="more true elements in some example"):
        vmap(lambda m: gt.zeros(4).masked_scatter(m, gt.ones(3)))(gt.tensor([[True, False, True, True], [True] * 4]))


def test_weights_of_covariances_and_fractions_of_quantiles_are_checked_in_every_example(rng):
    (x,) = tensors(rng, (3, 2, 4))
    weights = gt.from_numpy(rng.random((3, 4)) + 0.1)
    check(lambda x, w: gt.cov(x, aweights=w), x, weights)
    check(lambda x, w: gt.quantile(x, w / 2), x, weights)
    weights[1, 2] = -1
    with pytest.raises(ValueError, match="negative"):
        vmap(lambda w: gt.cov(x[0], aweights=w))(weights)
    with pytest.raises(ValueError, match="from 0 to 1"):
        vmap(lambda w: gt.quantile(x[0], w))(weights)
    counts = gt.tensor([[1, 1, 1, 1], [1, 0, 0, 0]])
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        out = vmap(lambda n: gt.cov(x[0], fweights=n))(counts)
    assert any("degrees of freedom" in str(w.message) for w in seen)
    np.testing.assert_allclose(out[0].numpy(), np.cov(x[0].numpy()), rtol=1e-12)
    assert not np.isfinite(out[1].numpy()).any()


def test_polynomials_of_degrees_that_differ(rng):
    x, n = gt.from_numpy(rng.random((3, 4))), gt.from_numpy(rng.integers(0, 7, (3, 4)))
    check(gt.special.hermite_polynomial_h, x, n)


# ---------------------------------------------------------------- draws

DRAWS = [
    lambda a: gt.poisson(gt.full((20,), 5.0)),
    lambda a: gt.binomial(gt.full((20,), 9.0), gt.full((20,), 0.5)),
    lambda a: gt.svd_lowrank(gt.eye(8) + gt.ones(8, 8), q=1, niter=0)[0],
    lambda a: F.fractional_max_pool2d(gt.arange(441.0).reshape(1, 1, 21, 21), 2, (8, 8)),
]


@pytest.mark.parametrize("draw", DRAWS, ids=range(len(DRAWS)))
def test_draws_are_refused_different_or_the_same(draw):
    x = gt.zeros(3)
    with pytest.raises(RuntimeError, match="randomness error mode"):
        vmap(draw)(x)
    different = vmap(draw, randomness="different")(x).numpy()
    assert (different[0] != different[1]).any()
    assert (different[1] != different[2]).any()
    same = vmap(draw, randomness="same")(x).numpy()
    np.testing.assert_array_equal(same[0], same[1])
    np.testing.assert_array_equal(same[0], same[2])


def test_counts_are_drawn_from_each_examples_own_distribution():
    rates = gt.tensor([[0.0, 1e4], [1e4, 0.0]])
    out = vmap(vmap(gt.poisson, randomness="different"), in_dims=1, randomness="different")(rates).numpy()
    np.testing.assert_array_equal(out == 0, [[True, False], [False, True]])
    np.testing.assert_allclose(out[out > 0], 1e4, rtol=0.1)
    with pytest.raises(RuntimeError, match="drawn by rejection"):
        vmap(gt.poisson, randomness="same")(rates)
    with pytest.raises(RuntimeError, match="between 0 and"):
        vmap(gt.poisson, randomness="different")(rates - 1)


def test_dropout_of_everything_draws_nothing():
    gt.manual_seed(3)
    after = gt.rand(2).numpy()
    gt.manual_seed(3)
    np.testing.assert_array_equal(vmap(lambda a: F.dropout(a, 1.0))(gt.ones(3, 2)).numpy(), np.zeros((3, 2)))
    np.testing.assert_array_equal(gt.rand(2).numpy(), after)


@pytest.mark.parametrize("steps", [0, 1, 2, 5])
def test_each_example_has_a_range_of_its_own(steps):
    a, b = gt.tensor([0.0, 1.0, -2.0]), gt.tensor([3.0, 1.5, 4.0])
    for call in (gt.linspace, gt.logspace):
        got = gt.vmap(call, in_dims=(0, 0, None))(a, b, steps)
        expected = [call(x, y, steps).tolist() for x, y in zip(a.tolist(), b.tolist(), strict=True)]
        np.testing.assert_allclose(got.numpy(), np.array(expected).reshape(3, steps), rtol=1e-6)
        assert got.dtype == gt.float32
        fixed = gt.vmap(lambda x, call=call: call(x, 4, steps, dtype=gt.int64))(a + 0.7)
        assert fixed.tolist() == [call(x, 4, steps, dtype=gt.int64).tolist() for x in (a + 0.7).tolist()]
    nested = gt.vmap(lambda x: gt.vmap(lambda y: gt.linspace(x, y, 3))(b))(a)
    assert nested.shape == (3, 3, 3)
    assert nested[0, 0].tolist() == [0.0, 1.5, 3.0]
    with pytest.raises(gt.errors.ShapeError, match=r"linspace: end must be a real number.*\(2,\)"):
        gt.vmap(lambda x: gt.linspace(x, gt.ones(2), 3))(a)
