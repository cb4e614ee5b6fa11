"""Every row of the table of samples under vmap: the same as the row for each example, stacked; and its gradients."""

import re

import numpy as np
import pytest

import gputensor as gt
from gputensor.func import grad
from tests.asking import SAMPLES, results, rows, values
from tests.drawing import differentiable, draw

EXAMPLES = 3

# rows that ask a tensor for its values, or whose shape depends on them: PyTorch's vmap refuses these, too
DATA_DEPENDENT = (
    "equal",
    "allclose",
    "unique",
    "unique inverse counts",
    "unique counts",
    "unique slices",
    "unique_consecutive",
    "nonzero",
    "argwhere",
    "where alone",
    "masked_select",
    "index_put mask",
    "brackets mask",
    "brackets mask of rows",
)
# rows that write values of each example into a tensor that is the same for all, where only the second input is mapped
WRITES_INTO_THE_FIRST = (
    "setitem slice",
    "setitem broadcast",
    "setitem rows",
    "setitem mask",
    "setitem through a view",
    "copy_",
    "index_reduce_ amax",
)
REFUSED = r"data-dependent|in-place operations are not possible|random operation"


def masks(sample):
    """Which inputs are mapped over: all, and each alone."""
    n = len(sample.inputs)
    return [[True] * n] + ([[k == one for k in range(n)] for one in range(n)] if n > 1 else [])


def drawn(sample, mask):
    dtype = "float64" if "float64" in sample.dtypes else sample.dtypes[0]
    return draw(
        sample, dtype, [(EXAMPLES, *i.shape) if m else i.shape for i, m in zip(sample.inputs, mask, strict=True)]
    )


def example(arrays, mask, k):
    # a copy, so that as_strided sees the memory of one example only
    return [gt.from_numpy(np.array(a[k]) if m else a) for a, m in zip(arrays, mask, strict=True)]


def each(function, arrays, mask):
    """What the function gives for each example; None where the row does not go with these inputs."""
    try:
        return [function(*example(arrays, mask, k)) for k in range(EXAMPLES)]
    except (RuntimeError, ValueError, IndexError):
        return None


# rows that draw, which vmap refuses unless randomness says how, as in PyTorch; drawn in test_vmap and its neighbours
RANDOM = {
    "normal of means",
    "bernoulli",
    "multinomial",
    "rand_like",
    "randn_like",
    "randint_like",
    "svd_lowrank",
    "pca_lowrank",
    "lobpcg",
    "poisson",
    "binomial",
}


def unless_refused(sample, mask, function, *xs):
    """What the function gives; None where it rightly refuses the row."""
    try:
        return function(*xs)
    except RuntimeError as error:
        refused = error
    writes = sample.name in WRITES_INTO_THE_FIRST and not mask[0]
    if not (sample.name in DATA_DEPENDENT or sample.name in RANDOM or writes):
        raise refused
    assert re.search(REFUSED, str(refused))
    return None


@rows([s for s in SAMPLES if s.inputs])
def test_vmap_of_a_row_is_the_row_for_each_example(sample):
    asked = 0
    for mask in masks(sample):
        arrays = drawn(sample, mask)
        expected = each(lambda *xs: values(tuple(results(sample.call(gt, *xs)))), arrays, mask)
        if expected is None or len({tuple(v.shape for v in one) for one in expected}) > 1:
            continue  # the shape of the result depends on the values
        dims = tuple(0 if m else None for m in mask)
        mapped = gt.vmap(lambda *xs: tuple(results(sample.call(gt, *xs))), dims)
        got = unless_refused(sample, mask, mapped, *[gt.from_numpy(a) for a in arrays])
        if got is None:
            continue
        asked += 1
        for ours, theirs in zip(got, zip(*expected, strict=True), strict=True):
            ours, theirs = ours.numpy(), np.stack(theirs)
            assert ours.dtype == theirs.dtype
            assert ours.shape == theirs.shape
            np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)
    if not asked and sample.name not in DATA_DEPENDENT and sample.name not in RANDOM:
        pytest.skip("no examples go with this row")


def weighted(sample, xs):
    """A number that depends on every differentiable result, inside and outside of vmap."""
    total = None
    for t in results(sample.call(gt, *xs)):
        if not (t.is_floating_point() or t.is_complex()):
            continue
        t = gt.view_as_real(t) if t.is_complex() else t
        weights = np.cos(np.arange(t.numel(), dtype=np.float64) + 1).reshape(t.shape).astype(t.array.dtype)
        part = (t * gt.from_numpy(weights)).sum()
        total = part if total is None else total + part
    return total


def gradient(sample, wanted):
    """A function of all inputs that gives the gradients of the wanted ones."""

    def at(*xs):
        def loss(*chosen):
            given = list(xs)
            for k, x in zip(wanted, chosen, strict=True):
                given[k] = x
            return weighted(sample, given)

        return grad(loss, tuple(range(len(wanted))))(*[xs[k] for k in wanted])

    return at


@rows([s for s in SAMPLES if differentiable(s) and "float64" in s.dtypes])
def test_gradients_inside_of_vmap_and_of_vmap_are_those_of_each_example(sample):
    wanted = differentiable(sample)
    for mask in masks(sample):
        arrays = drawn(sample, mask)
        at = gradient(sample, wanted)
        expected = each(at, arrays, mask)
        if expected is None:
            continue
        stacked = [np.stack([g.numpy() for g in column]) for column in zip(*expected, strict=True)]
        dims = tuple(0 if m else None for m in mask)
        given = [gt.from_numpy(a) for a in arrays]

        def total(*chosen, given=given, dims=dims):
            xs = list(given)
            for k, x in zip(wanted, chosen, strict=True):
                xs[k] = x
            return gt.vmap(lambda *one: weighted(sample, one), dims)(*xs).sum()  # noqa: B023

        inside = unless_refused(sample, mask, gt.vmap(at, dims), *given)
        if inside is None:
            continue
        outside = grad(total, tuple(range(len(wanted))))(*[given[k] for k in wanted])
        for k, one, other, right in zip(wanted, inside, outside, stacked, strict=True):
            np.testing.assert_allclose(one.numpy(), right, rtol=1e-8, atol=1e-9)
            # what is the same for all examples gets the sum of their gradients
            np.testing.assert_allclose(other.numpy(), right if mask[k] else right.sum(0), rtol=1e-8, atol=1e-9)


@rows([s for s in SAMPLES if s.inputs])
def test_nested_vmaps_of_a_row_are_the_row_for_each_pair(sample):
    dtype = "float64" if "float64" in sample.dtypes else sample.dtypes[0]
    arrays = draw(sample, dtype, [(2, EXAMPLES, *i.shape) for i in sample.inputs])
    mask = [True] * len(arrays)
    rows_of = [
        each(lambda *xs: values(tuple(results(sample.call(gt, *xs)))), [a[k] for a in arrays], mask) for k in (0, 1)
    ]
    if None in rows_of or len({tuple(v.shape for v in one) for row in rows_of for one in row}) > 1:
        pytest.skip("no examples go with this row, or its shape depends on the values")
    mapped = gt.vmap(gt.vmap(lambda *xs: tuple(results(sample.call(gt, *xs)))))
    got = unless_refused(sample, mask, mapped, *[gt.from_numpy(a) for a in arrays])
    for k, ours in enumerate(got or ()):
        theirs = np.stack([np.stack([one[k] for one in row]) for row in rows_of])
        assert ours.numpy().dtype == theirs.dtype
        np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-10, atol=1e-10)
