"""Random programs of views and indexed writes in place: values and gradients beside PyTorch's."""

import warnings

import numpy as np
import pytest

import gputensor as gt

PROGRAMS = 600


def made(lib, array):
    return (gt.from_numpy if lib is gt else lib.from_numpy)(np.ascontiguousarray(array))


def indices(lib, rng, high, shape):
    return made(lib, rng.integers(0, high, shape))


def order(lib, rng, shape):
    """Places that do not repeat along dim 1."""
    return made(lib, np.argsort(rng.random(shape), 1))


def mask(lib, rng, x, part):
    return made(lib, rng.random(tuple(x.shape)) < part)


def set_rows(lib, x, v, rng):
    x[made(lib, rng.permutation(x.shape[0])[:2])] = v[:2, : x.shape[1]]


def set_row(lib, x, v, rng):
    x[1] = v[0, : x.shape[1]]


def set_from_itself(lib, x, v, rng):
    x[:, made(lib, np.array([0]))] = x[:, 1:2] * 2


def set_by_mask(lib, x, v, rng):
    x[mask(lib, rng, x, 0.4)] = 1.5


WRITES = [
    set_rows,
    set_row,
    set_from_itself,
    set_by_mask,
    lambda lib, x, v, rng: x.masked_fill_(mask(lib, rng, x, 0.3), v.sum()),
    lambda lib, x, v, rng: x.masked_scatter_(mask(lib, rng, x, 0.3), v * 2),
    lambda lib, x, v, rng: x.index_add_(0, indices(lib, rng, x.shape[0], 2), v[:2, : x.shape[1]] * 1),
    lambda lib, x, v, rng: x.index_copy_(1, made(lib, np.array([1])), v[: x.shape[0], :1] * 1),
    lambda lib, x, v, rng: x.scatter_(1, order(lib, rng, (2, x.shape[1])), v[:2, : x.shape[1]] * 1),
    lambda lib, x, v, rng: x.scatter_add_(0, indices(lib, rng, x.shape[0], (2, x.shape[1])), v[:2, : x.shape[1]] * 1),
    lambda lib, x, v, rng: x.index_put_(
        (indices(lib, rng, x.shape[0], 3), indices(lib, rng, x.shape[1], 3)), v[0, :3] * 1, accumulate=True
    ),
    lambda lib, x, v, rng: x.put_(made(lib, rng.permutation(x.shape[0] * x.shape[1])[:3]), v[1, :3] * 1),
    lambda lib, x, v, rng: x.cumsum_(0),
    lambda lib, x, v, rng: x.mul_(2),
]
VIEWS = [lambda p: p[1:], lambda p: p[:, 1:], lambda p: p.t(), lambda p: p[:, ::2] if p.shape[1] > 4 else p[:]]


def run(lib, seed):
    """What a program leaves in its base and views, and the gradients of its two leaves."""
    rng = np.random.default_rng(seed)
    a = made(lib, rng.standard_normal((4, 5))).requires_grad_()
    v = made(lib, rng.standard_normal((4, 5))).requires_grad_()
    views = [a * 1 if rng.random() < 0.8 else made(lib, rng.standard_normal((4, 5)))]
    for _ in range(rng.integers(1, 7)):
        x = views[rng.integers(len(views))]
        if rng.random() < 0.3:
            if min(x.shape) >= 3:
                views.append(VIEWS[rng.integers(len(VIEWS))](x))
        elif 2 <= x.shape[0] <= 4 and 2 <= x.shape[1] <= 5:
            WRITES[rng.integers(len(WRITES))](lib, x, v, rng)
    loss = (views[0] * made(lib, rng.standard_normal((4, 5)))).sum()
    for x in views[1:]:
        loss = loss + (x * x).sum()
    gradients = lib.autograd.grad(loss, (a, v), materialize_grads=True, allow_unused=True)
    return [t.detach().numpy() for t in (*views, *gradients)]


@pytest.mark.torch
def test_programs_of_views_and_indexed_writes_agree_with_pytorch():
    torch = pytest.importorskip("torch")
    same = 0
    for seed in range(PROGRAMS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                theirs = run(torch, seed)
            except RuntimeError:
                # a program that both refuse, or a view of a constant that got a history, which only we can follow
                continue
        ours = run(gt, seed)
        for p, q in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(p, q, rtol=1e-9, atol=1e-9, err_msg=f"program {seed}")
        same += 1
    assert same > 0.9 * PROGRAMS
