"""Tensors that change their shape in place: their memory, their history, and the views that were taken before."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError

CHANGES = {
    "unsqueeze_": (lambda x: x.unsqueeze_(1), lambda x: x.unsqueeze(1)),
    "squeeze_": (lambda x: x.squeeze_(), lambda x: x.squeeze()),
    "squeeze_ dim": (lambda x: x.squeeze_(1), lambda x: x.squeeze(1)),
    "transpose_": (lambda x: x.transpose_(0, 2), lambda x: x.transpose(0, 2)),
    "swapaxes_": (lambda x: x.swapaxes_(0, 2), lambda x: x.swapaxes(0, 2)),
    "swapdims_": (lambda x: x.swapdims_(0, 2), lambda x: x.swapdims(0, 2)),
}
both = pytest.mark.parametrize(("change", "plain"), CHANGES.values(), ids=CHANGES)


def start(requires_grad=False):
    return gt.arange(6.0).reshape(2, 1, 3).clone().requires_grad_(requires_grad)


@both
def test_the_tensor_itself_changes_and_shares_its_memory(change, plain):
    x = start()
    data = x.numpy()
    expected = plain(x)
    assert change(x) is x
    assert x.shape == expected.shape
    assert x.tolist() == expected.tolist()
    data[0, 0, 0] = 9
    assert x.flatten()[0].item() == 9


@both
def test_gradients_pass_through(change, plain):
    w = start(True)
    for function in (change, plain):
        x = w * 2
        y = function(x)
        weights = gt.arange(float(y.numel())).reshape(y.shape)
        (y * y * weights).sum().backward()
        got, w.grad = w.grad.tolist(), None
        if function is change:
            changed = got
    assert changed == got


@both
def test_a_view_taken_before_shows_the_same_memory_and_may_be_written(change, plain):
    x = start()
    v = x[0]
    change(x)
    v.mul_(10.0)
    assert v.flatten().tolist() == [0, 10, 20]
    assert sorted(x.flatten().tolist()) == [0, 3, 4, 5, 10, 20]
    x.add_(1.0)
    assert v.flatten().tolist() == [1, 11, 21]


@both
def test_history_written_through_an_older_view_is_the_bases(change, plain):
    w = gt.tensor(2.0, requires_grad=True)
    x = start()
    v = x[0]
    change(x)
    v.mul_(w)
    assert v.flatten().tolist() == [0, 2, 4]
    (x.sum() + 10 * v.sum()).backward()
    assert w.grad.item() == 33.0


def test_older_views_of_a_recorded_tensor_follow_its_writes():
    w = start(True)
    x = w * 1
    v = x[0]
    x.transpose_(0, 2)
    x.mul_(2.0)
    v.sum().backward(retain_graph=True)
    assert w.grad.tolist() == [[[2, 2, 2]], [[0, 0, 0]]]
    w.grad = None
    x[0].sum().backward()
    assert w.grad[:, 0, 0].tolist() == [2, 2]


def test_newer_views_follow_writes():
    w = start(True)
    x = w * 1
    y = x[0]
    x.squeeze_()
    v = x[1]
    x.mul_(3.0)
    v.sum().backward()
    assert w.grad.tolist() == [[[0, 0, 0]], [[3, 3, 3]]]
    assert y.shape == (1, 3)


def test_a_view_can_be_changed_and_written():
    w = start(True)
    x = w * 1
    v = x[1].unsqueeze_(0)
    v.mul_(5.0)
    x.sum().backward()
    assert v.shape == (1, 1, 3)
    assert w.grad.tolist() == [[[1, 1, 1]], [[5, 5, 5]]]


def test_leaves_are_refused_while_recording_and_change_without():
    w = start(True)
    for x in (w, w[0]):
        with pytest.raises(GradError, match="leaf"):
            x.unsqueeze_(0)
    with gt.no_grad():
        w.squeeze_()
    assert w.is_leaf
    assert w.shape == (2, 3)
    (w * 2).sum().backward()
    assert w.grad.shape == (2, 3)


def test_a_change_counts_as_a_write():
    w = gt.ones(3, requires_grad=True)
    y = (w * 1).exp()
    y.unsqueeze_(0)
    with pytest.raises(GradError, match="unsqueeze_"):
        y.sum().backward()


def test_a_refused_change_leaves_everything():
    x = start()
    for call in (lambda: x.unsqueeze_(9), lambda: x.transpose_(0, 5), lambda: x.squeeze_(7), lambda: x.t_()):
        with pytest.raises((IndexError, ValueError)):
            call()
    assert x.shape == (2, 1, 3)
    assert x.tolist() == start().tolist()


def test_a_matrix_is_transposed():
    x = gt.tensor([[1, 2, 3], [4, 5, 6]])
    assert x.t_().tolist() == [[1, 4], [2, 5], [3, 6]]
    assert x.stride() == (1, 3)


@pytest.mark.torch
@both
def test_random_writes_afterwards_agree_with_pytorch(change, plain):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    for _ in range(20):
        k = int(rng.integers(3))
        results = []
        for lib in (gt, torch):
            w = lib.tensor(np.arange(6.0).reshape(2, 1, 3), requires_grad=True)
            x = w * 1
            base = x if k else x.reshape(2, 1, 3)
            change(base)
            view = base[..., 0] if k == 1 else base
            view.mul_(3.0)
            base.add_(base.detach() * 0.5)
            (base * base).sum().backward()
            results.append((base.detach().numpy().tolist(), w.grad.numpy().tolist()))
        assert results[0] == results[1]


RESHAPED = {
    "unsqueeze_": lambda b: b.unsqueeze_(0),
    "t_": lambda b: b.t_(),
    "both": lambda b: b.t_().unsqueeze_(1),
}


@pytest.mark.parametrize("change", RESHAPED)
@pytest.mark.parametrize("view", [lambda b: b.T, lambda b: b[0], lambda b: b.view(-1), lambda b: b[1:].T])
def test_a_view_outlives_a_change_of_its_bases_shape(view, change):
    def run(before):
        w = gt.arange(6.0, dtype=gt.float64).reshape(2, 3).requires_grad_()
        b = w * 0.5
        v = view(b)
        if before:
            RESHAPED[change](b)
        b.mul_(2)
        v.mul_(3)
        out = v.sinh()
        (out.sum() + b.sum()).backward()
        return out.tolist(), w.grad.tolist()

    assert run(True) == run(False)
