"""Thousands of random index expressions: reading, writing and gradients, beside NumPy and beside PyTorch."""

import numpy as np
import pytest

import gputensor as gt
from tests.ops.index_expressions import draw_index, draw_shape, in_two_steps, is_advanced

ROUNDS = 40
A_ROUND = 50


def case(rng, negative_steps):
    while True:
        shape = draw_shape(rng)
        index = draw_index(rng, shape, negative_steps)
        view, gather = in_two_steps(shape, index)
        try:
            np.broadcast_shapes(*[i.shape for i in gather if isinstance(i, np.ndarray)])
        except ValueError:
            continue  # a mask of too many places beside other arrays
        return shape, index, view, gather


def ours(index):
    """The same index with every other array as a tensor."""
    items = index if isinstance(index, tuple) else (index,)
    items = tuple(gt.from_numpy(i) if isinstance(i, np.ndarray) and k % 2 == 0 else i for k, i in enumerate(items))
    return items if isinstance(index, tuple) else items[0]


def value_for(rng, part):
    """A value that broadcasts to `part`: a number, or an array with some dims of size 1, leading ones left out."""
    if rng.random() < 0.3:
        return float(rng.integers(1, 9))
    shape = [1 if rng.random() < 0.2 else n for n in part.shape]
    if rng.random() < 0.3:
        shape = shape[int(rng.integers(0, len(shape) + 1)) :]
    return rng.standard_normal(shape)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_indices_read_and_write_as_numpy(seed):
    rng = np.random.default_rng(seed)
    for _ in range(A_ROUND):
        shape, index, view, gather = case(rng, negative_steps=True)
        array = rng.standard_normal(shape)
        x = gt.from_numpy(array.copy())
        want = array[view][gather] if is_advanced(gather) else array[view]
        got = x[ours(index)]
        assert got.shape == want.shape, (shape, index)
        assert np.array_equal(got.numpy(), want), (shape, index)
        assert got._is_view() == (not is_advanced(gather))
        assert got._is_view() or got.is_contiguous()

        value = value_for(rng, want)
        expected = array.copy()
        expected[view][gather if is_advanced(gather) else ...] = value
        x[ours(index)] = value if isinstance(value, float) or rng.random() < 0.3 else gt.from_numpy(value)
        assert np.array_equal(x.numpy(), expected), (shape, index, value)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_gradients_of_random_indices_reach_what_was_read(seed):
    rng = np.random.default_rng(1000 + seed)
    for _ in range(A_ROUND):
        shape, index, view, gather = case(rng, negative_steps=True)
        x = gt.from_numpy(rng.standard_normal(shape)).requires_grad_()
        y = x[ours(index)]
        weight = rng.standard_normal(y.shape)
        (dx,) = gt.autograd.grad((y * gt.from_numpy(weight)).sum(), x)
        want = np.zeros(shape)
        np.add.at(want[view], gather if is_advanced(gather) else ..., weight)
        np.testing.assert_allclose(dx.numpy(), want, rtol=1e-12, atol=1e-12, err_msg=str((shape, index)))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_gradients_of_random_writes_reach_both_sides(seed):
    rng = np.random.default_rng(2000 + seed)
    for _ in range(A_ROUND):
        shape, index, view, gather = case(rng, negative_steps=True)
        leaf = gt.from_numpy(rng.standard_normal(shape)).requires_grad_()
        part = leaf.detach().numpy()[view][gather] if is_advanced(gather) else leaf.detach().numpy()[view]
        value = value_for(rng, part)
        if isinstance(value, float):
            value = np.array(value)
        v = gt.from_numpy(value).requires_grad_()
        x = leaf * 1
        x[ours(index)] = v
        weight = rng.standard_normal(shape)
        dx, dv = gt.autograd.grad((x * gt.from_numpy(weight)).sum(), (leaf, v))
        kept = np.ones(shape)
        kept[view][gather if is_advanced(gather) else ...] = 0
        assert np.array_equal(dx.numpy(), weight * kept), (shape, index)
        read = weight[view][gather] if is_advanced(gather) else weight[view]
        lead = value.shape
        while len(lead) > read.ndim:
            lead = lead[1:]
        extra = read.ndim - len(lead)
        axes = tuple(range(extra)) + tuple(k + extra for k, n in enumerate(lead) if n == 1)
        want = read.sum(axes).reshape(value.shape) if axes else read.reshape(value.shape)
        np.testing.assert_allclose(dv.numpy(), want, rtol=1e-12, atol=1e-12, err_msg=str((shape, index)))


@pytest.mark.torch
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_random_indices_agree_with_pytorch(seed):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(3000 + seed)
    for _ in range(A_ROUND):
        shape, index, _, gather = case(rng, negative_steps=False)
        array = rng.standard_normal(shape)
        theirs = (
            tuple(torch.from_numpy(i) if isinstance(i, np.ndarray) else i for i in index)
            if isinstance(index, tuple)
            else index
        )
        theirs = torch.from_numpy(theirs) if isinstance(theirs, np.ndarray) else theirs
        a, b = gt.from_numpy(array.copy()).requires_grad_(), torch.from_numpy(array.copy()).requires_grad_()
        got, want = a[ours(index)], b[theirs]
        assert np.array_equal(got.detach().numpy(), want.detach().numpy()), (shape, index)
        weight = rng.standard_normal(want.shape)
        (da,) = gt.autograd.grad((got * gt.from_numpy(weight)).sum(), a)
        (db,) = torch.autograd.grad((want * torch.from_numpy(weight)).sum(), b)
        np.testing.assert_allclose(da.numpy(), db.numpy(), rtol=1e-12, atol=1e-12)

        value = value_for(rng, want)
        made = float(value) if isinstance(value, float) else value
        c, d = a * 1, b * 1
        v, w = (
            (gt.tensor(made), torch.tensor(made))
            if isinstance(made, float)
            else (gt.from_numpy(made), torch.from_numpy(made))
        )
        v, w = v.double().requires_grad_(), w.double().requires_grad_()
        c[ours(index)] = v
        d[theirs] = w
        assert np.array_equal(c.detach().numpy(), d.detach().numpy()), (shape, index, value)
        if is_advanced(gather) and repeats(shape, index):
            continue  # which of several values a repeated place keeps is not defined, and so is its gradient
        weight = rng.standard_normal(shape)
        ours_ = gt.autograd.grad((c * gt.from_numpy(weight)).sum(), (a, v))
        theirs_ = torch.autograd.grad((d * torch.from_numpy(weight)).sum(), (b, w), materialize_grads=True)
        for p, q in zip(ours_, theirs_, strict=True):
            np.testing.assert_allclose(p.numpy(), q.numpy(), rtol=1e-12, atol=1e-12, err_msg=str((shape, index)))


def repeats(shape, index):
    view, gather = in_two_steps(shape, index)
    read = np.arange(np.prod(shape)).reshape(shape)[view][gather]
    return len(np.unique(read)) < read.size
