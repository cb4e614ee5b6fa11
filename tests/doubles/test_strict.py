"""array-api-strict in our words runs primitives, and refuses what leans on NumPy."""

import numpy as np
import pytest

from gputensor.arrays import numpy_
from gputensor.ops import arithmetic, axes, exponential, hyperbolic, linalg, reduction
from tests.doubles.strict import strict, without_data_dependent_shapes

RNG = np.random.default_rng(6)
X, Y = RNG.normal(size=(3, 4)) + 3.0, RNG.normal(size=(3, 4)) + 3.0

PRIMITIVES = [
    (arithmetic.Add(), (X, Y)),
    (arithmetic.Mul(), (X, Y)),
    (arithmetic.Div(), (X, Y)),
    (exponential.Exp(), (X,)),
    (exponential.Log(), (X,)),
    (hyperbolic.Tanh(), (X,)),
    (linalg.Matmul(), (X, Y.T.copy())),
    (reduction.Sum((0,), False), (X,)),
    (axes.Permute((1, 0)), (X,)),
]


def run(xp, prim, hosts):
    """The result of a primitive and its gradients for a gradient of ones, as NumPy arrays."""
    operands = [xp.from_host(h.copy()) for h in hosts]
    out = prim.forward(xp, *operands)
    g = xp.ones_like(out)
    found = [out, *[vjp(prim, xp, g, out, *operands) for vjp in type(prim).vjps if vjp is not None]]
    return [np.asarray(xp.to_host(f)) for f in found]


@pytest.mark.parametrize(("prim", "hosts"), PRIMITIVES, ids=lambda p: getattr(p, "name", ""))
def test_primitives_run_on_the_standard_alone(prim, hosts):
    got, expected = run(strict, prim, hosts), run(numpy_, prim, hosts)
    assert len(got) == len(expected) > 1
    for g, e in zip(got, expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-13)


@pytest.mark.parametrize(
    "ask",
    [
        lambda x: strict.nonzero(x),
        lambda x: strict.unique(x),
        lambda x: strict.bincount(strict.astype(x, np.dtype(np.int64)), None, 0),
        lambda x: strict.index_get(x, (strict.greater(x, 0.0),)),
        lambda x: strict.index_put(x, (strict.greater(x, 0.0),), 1.0),
    ],
)
def test_shapes_that_depend_on_data_can_be_switched_off(ask):
    x = strict.from_host(np.array([0.0, 1.0, 2.0]))
    ask(x)
    with without_data_dependent_shapes(), pytest.raises(RuntimeError):
        ask(x)
    ask(x)


def test_numpy_isms_are_refused():
    x = strict.from_host(np.ones(2))
    for lean in (lambda: x * np.float64(2), lambda: x + np.ones(2), lambda: x.dtype.kind, lambda: x.reshape(2)):
        with pytest.raises((TypeError, AttributeError)):
            lean()


def test_an_index_out_of_range_raises():
    x, wrong = strict.from_host(np.ones(3)), strict.from_host(np.array([3]))
    with pytest.raises(IndexError):
        strict.take(x, wrong, 0)
    with pytest.raises(IndexError):
        strict.scatter_add(x, wrong, strict.from_host(np.ones(1)), 0)
