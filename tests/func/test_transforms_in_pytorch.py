"""The transforms beside PyTorch's: values, structures, what is refused."""

import numpy as np
import pytest

import gputensor as gt
from gputensor import func
from gputensor.autograd import functional

pytestmark = [
    pytest.mark.torch,
    # PyTorch's own, about its switches
    pytest.mark.filterwarnings("ignore::UserWarning:torch"),
    pytest.mark.filterwarnings("ignore::FutureWarning:torch"),
    pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning"),
]

RNG = np.random.default_rng(5)
X, Y, M = RNG.standard_normal(3), RNG.standard_normal((4, 3)), RNG.standard_normal((3, 3))


@pytest.fixture(scope="module")
def torch():
    return pytest.importorskip("torch")


def both(torch, call):
    """A call for each library: call(lib, its func, tensor)."""
    ours = call(gt, func, lambda a: gt.from_numpy(np.array(a)))
    theirs = call(torch, torch.func, lambda a: torch.from_numpy(np.array(a)))
    return ours, theirs


def same(ours, theirs):
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs)
        ours, theirs = list(ours.values()), list(theirs.values())
    if isinstance(theirs, (tuple, list)):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs, strict=True):
            same(a, b)
        return
    assert tuple(ours.shape) == tuple(theirs.shape)
    assert ours.dtype.name == str(theirs.dtype).removeprefix("torch.")
    assert ours.requires_grad == theirs.requires_grad
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-9, atol=1e-11)


def mlp(lib, w, x):
    return lib.tanh(lib.tanh(x @ w) @ w.T).sum(-1)


CALLS = {
    "grad": lambda lib, f, t: f.grad(lambda w: mlp(lib, w, t(X)))(t(M)),
    "grad of grad": lambda lib, f, t: f.grad(lambda a: f.grad(lambda b: (b**3).sin().sum())(a).cos().sum())(t(X)),
    "grad of a tree": lambda lib, f, t: f.grad(lambda d: (d["a"] * d["b"][0]).sum())({"a": t(X), "b": [t(X)]}),
    "grad_and_value": lambda lib, f, t: f.grad_and_value(lambda a: (a.exp().sum(), a * 2), has_aux=True)(t(X)),
    "vmap of grad": lambda lib, f, t: f.vmap(f.grad(lambda x, w: mlp(lib, w, x), (0, 1)), (0, None))(t(Y), t(M)),
    "grad of vmap": lambda lib, f, t: f.grad(lambda w: f.vmap(lambda x: mlp(lib, w, x))(t(Y)).pow(2).sum())(t(M)),
    "grad of vmap of grad": lambda lib, f, t: f.grad(
        lambda w: f.vmap(lambda x: f.grad(lambda z: mlp(lib, w, z))(x).pow(2).sum())(t(Y)).sum()
    )(t(M)),
    "vmap of vmap": lambda lib, f, t: f.vmap(f.vmap(lib.dot, (None, 0)), (0, None), 1)(t(Y), t(M)),
    "vjp": lambda lib, f, t: f.vjp(lambda a, b: (a * b, {"s": a.sum()}), t(X), t(X))[1]((t(X), {"s": t(2.0)})),
    "jvp": lambda lib, f, t: f.jvp(lambda w: mlp(lib, w, t(Y)), (t(M),), (t(M.T),)),
    "jvp of jvp": lambda lib, f, t: f.jvp(
        lambda a: f.jvp(lambda b: b.sin() * b, (a,), (t(X),))[1], (t(X),), (t(X * 2),)
    ),
    "linearize": lambda lib, f, t: f.linearize(lambda a: a.exp(), t(X))[1](t(X)),
    "jacrev": lambda lib, f, t: f.jacrev(lambda w, x: mlp(lib, w, x), (0, 1))(t(M), t(Y)),
    "jacfwd": lambda lib, f, t: f.jacfwd(lambda w, x: mlp(lib, w, x), (0, 1))(t(M), t(Y)),
    "jacrev in chunks": lambda lib, f, t: f.jacrev(lambda x: {"y": x.sin(), "z": x.sum()}, chunk_size=2)(t(Y)),
    "hessian": lambda lib, f, t: f.hessian(lambda w: mlp(lib, w, t(X)))(t(M)),
    "vmap of hessian": lambda lib, f, t: f.vmap(f.hessian(lambda x: mlp(lib, t(M), x)))(t(Y)),
    "jacfwd of jacrev of vmap": lambda lib, f, t: f.jacfwd(f.jacrev(lambda w: f.vmap(lambda x: mlp(lib, w, x))(t(Y))))(
        t(M)
    ),
    "jacrev of jacfwd": lambda lib, f, t: f.jacrev(f.jacfwd(lambda x: x.prod() * x.sin()))(t(X)),
    "in chunks": lambda lib, f, t: f.vmap(lambda x: (x.sum(), x * 2), out_dims=(0, 1), chunk_size=3)(t(Y)),
    "in place": lambda lib, f, t: f.vmap(lambda x: x.clone().mul_(2).add_(x))(t(Y)),
    "sorted": lambda lib, f, t: f.vmap(lambda x: tuple(lib.sort(x)))(t(Y)),
    "closure that needs a gradient": lambda lib, f, t: (lambda w: f.grad(lambda a: mlp(lib, w, a))(t(X)))(
        t(M).requires_grad_()
    ),
    "linear layer": lambda lib, f, t: f.vmap(
        f.grad(lambda w, x: lib.nn.functional.linear(x, w).pow(2).sum()), (None, 0)
    )(t(M), t(Y)),
    "cross entropy": lambda lib, f, t: f.vmap(f.grad(lambda x, k: lib.nn.functional.cross_entropy(x, k)), (0, 0))(
        t(Y), t(np.array([0, 2, 1, 1]))
    ),
    "convolution": lambda lib, f, t: f.vmap(
        f.grad(lambda w, x: lib.nn.functional.conv2d(x, w, padding=1).pow(2).sum()), (None, 0)
    )(t(RNG2[0]), t(RNG2[1])),
    "pooling": lambda lib, f, t: f.vmap(f.grad(lambda x: lib.nn.functional.max_pool2d(x, 2).pow(2).sum()))(t(RNG2[1])),
    "layer norm": lambda lib, f, t: f.hessian(lambda x: lib.nn.functional.layer_norm(x, (3,)).pow(3).sum())(t(X)),
    "softmax": lambda lib, f, t: f.vmap(f.jacrev(lambda x: lib.softmax(x, 0)))(t(Y)),
}
RNG2 = RNG.standard_normal((2, 1, 3, 3)), RNG.standard_normal((3, 1, 1, 4, 4))


@pytest.mark.parametrize("name", CALLS)
def test_values_structures_and_history_are_pytorchs(torch, name):
    same(*both(torch, CALLS[name]))


@pytest.mark.parametrize("name", ["jacobian", "hessian", "vjp", "jvp", "vhp", "hvp"])
def test_autograd_functional_is_pytorchs(torch, name):
    def function(a, b):
        out = (a * b).sin()
        return out.sum() if name in ("hessian", "vhp", "hvp") else out * a

    def call(lib, module, t):
        found = getattr(module, name)
        if name in ("jacobian", "hessian"):
            return found(function, (t(X), t(Y))), found(function, (t(X), t(Y)), vectorize=True)
        if name == "vjp":
            return found(function, (t(X), t(Y)), t(Y))
        return found(function, (t(X), t(Y)), (t(X), t(Y)))

    ours = call(gt, functional, gt.from_numpy)
    theirs = call(torch, torch.autograd.functional, torch.from_numpy)
    same(ours, theirs)
