"""Hooks of several tensors, and writes to what was saved."""

import gc

import pytest

import gputensor as gt
from gputensor.autograd import engine, graph
from gputensor.errors import GradError


def product():
    a, b = gt.ones(2, requires_grad=True), gt.full((2,), 3.0, requires_grad=True)
    return a, b, a * b


def test_all_gradients_come_together_once_a_pass():
    a, b, c = product()
    seen = []
    handle = graph.register_multi_grad_hook((a, b, c), lambda grads: seen.append([g.tolist() for g in grads]))
    (c * 2).sum().backward(retain_graph=True)
    assert seen == [[[6.0, 6.0], [2.0, 2.0], [2.0, 2.0]]]
    (c * 2).sum().backward(retain_graph=True)
    assert len(seen) == 2
    handle.remove()
    (c * 2).sum().backward()
    assert len(seen) == 2


def test_gradients_that_a_pass_does_not_compute_are_none():
    a, b, _ = product()
    seen = []
    with graph.register_multi_grad_hook((a, b), seen.append):
        (a * 2).sum().backward()
        assert [g is None for g in seen[0]] == [False, True]
        gt.autograd.grad((a * b).sum(), b)
        assert [g is None for g in seen[1]] == [True, False]
        (a * b).sum().backward(inputs=[b])
        assert [g is None for g in seen[2]] == [True, False]
        (gt.ones(2, requires_grad=True) * 2).sum().backward()
        assert len(seen) == 3


def test_any_gives_the_first_gradient_of_a_pass():
    a, b, c = product()
    seen = []
    graph.register_multi_grad_hook((a, b, c), seen.append, mode="any")
    (c * 5).sum().backward()
    assert [g.tolist() for g in seen] == [[5.0, 5.0]]
    assert a.grad.tolist() == [15.0, 15.0]


def test_what_the_hook_returns_is_ignored_and_what_it_raises_is_not():
    a, b, c = product()
    graph.register_multi_grad_hook((a, b), lambda grads: (grads[0] * 7, grads[1]))
    c.sum().backward(retain_graph=True)
    assert a.grad.tolist() == [3.0, 3.0]
    graph.register_multi_grad_hook((a, b), lambda grads: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        c.sum().backward()


def test_hooks_of_several_tensors_end_with_their_graph():
    gc.collect()
    before = len(engine.PASSES)
    a, b, c = product()
    graph.register_multi_grad_hook((a, b, c), print)
    assert len(engine.PASSES) == before + 1
    del a, b, c
    assert len(engine.PASSES) == before  # without the garbage collector: there is no cycle


def test_arguments_of_several_hooks_are_checked():
    a, b, _ = product()
    with pytest.raises(ValueError, match="mode must be 'all' or 'any'"):
        graph.register_multi_grad_hook((a, b), print, mode="each")
    with pytest.raises(GradError, match="every tensor must require grad"):
        graph.register_multi_grad_hook((a, gt.ones(1)), print)
    with pytest.raises(TypeError, match="fn must be callable"):
        graph.register_multi_grad_hook((a, b), None)


def test_saved_tensors_may_be_written_inside_the_block():
    x = gt.tensor([1.0, 2.0], requires_grad=True)
    with graph.allow_mutation_on_saved_tensors():
        y = x.clone()
        e = y.exp()
        expected = (2 * y.detach() + e.detach() * 3).tolist()
        out = (y * y).sum() + (e * 3).sum()
        e.zero_()
        y[:1].mul_(5)
        with gt.no_grad():
            x.add_(3)
        out.backward()
    assert x.grad.tolist() == pytest.approx(expected)


def test_second_derivatives_know_nothing_of_the_write():
    x = gt.tensor([2.0], requires_grad=True)
    with graph.allow_mutation_on_saved_tensors():
        (g,) = gt.autograd.grad((x**3).sum(), x, create_graph=True)
        with gt.no_grad():
            x.zero_()
        assert gt.autograd.grad(g.sum(), x)[0].tolist() == [12.0]


def test_writes_outside_of_the_block_are_refused_as_ever():
    x = gt.ones(2, requires_grad=True).clone()
    out = (x * x).sum()
    with graph.allow_mutation_on_saved_tensors() as block:
        block.clear()
        x.sin_()
        with pytest.raises(GradError, match="changed in place"):
            out.backward()
        with pytest.raises(RuntimeError, match="a block inside another"), graph.allow_mutation_on_saved_tensors():
            pass
    y = gt.ones(2, requires_grad=True).clone()
    out = (y * y).sum()
    y.sin_()
    with pytest.raises(GradError, match="changed in place"):
        out.backward()
