"""What the tests of optimizers share: parameters with gradients in either library."""

import numpy as np
import pytest

import gputensor as gt


@pytest.fixture
def rng():
    return np.random.default_rng(20)


@pytest.fixture
def drawn(rng):
    """drawn(*shapes): float64 values for parameters and, once more, for gradients."""

    def draw(*shapes):
        return [rng.standard_normal(s) for s in shapes], [rng.standard_normal(s) for s in shapes]

    return draw


def parameters(values, dtype="float64"):
    """Parameters of gputensor with these values."""
    return [gt.nn.Parameter(gt.tensor(v).to(dtype)) for v in values]


def give(params, gradients):
    """Set the gradients of parameters; None stays None."""
    for p, g in zip(params, gradients, strict=True):
        p.grad = None if g is None else gt.tensor(g).to(p.dtype)


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def trained(torch, rng):
    """trained(make, shapes, steps): the same steps in both libraries; gives both optimizers and both lists.

    make(lib, params) makes the optimizer. Before step k, between(k, optimizer, params) may change something.
    """

    def train(make, shapes, steps=5, between=None, missing=(), dtype="float64"):
        values = [rng.standard_normal(s) for s in shapes]
        ours = parameters(values, dtype)
        theirs = [torch.nn.Parameter(torch.tensor(np.asarray(v)).to(getattr(torch, dtype))) for v in values]
        one, two = make(gt, ours), make(torch, theirs)
        for k in range(steps):
            if between is not None:
                between(k, one, ours)
                between(k, two, theirs)
            gradients = [None if (k, n) in missing else rng.standard_normal(s) for n, s in enumerate(shapes)]
            give(ours, gradients)
            for p, g in zip(theirs, gradients, strict=True):
                p.grad = None if g is None else torch.tensor(np.asarray(g)).to(p.dtype)
            one.step()
            two.step()
        return one, two, ours, theirs

    return train


@pytest.fixture
def assert_same():
    """assert_same(ours, theirs): two lists of tensors, ours and PyTorch's."""

    def check(ours, theirs, rtol=1e-10, atol=1e-12):
        for p, q in zip(ours, theirs, strict=True):
            assert tuple(p.shape) == tuple(q.shape)
            np.testing.assert_allclose(p.detach().double().numpy(), q.detach().double().numpy(), rtol=rtol, atol=atol)

    return check
