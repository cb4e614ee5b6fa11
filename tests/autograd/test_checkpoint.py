"""Checkpoints and hooks on saved values: the same gradients, less memory."""

import gc
import tracemalloc

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import Function
from gputensor.autograd.graph import saved_tensors_hooks
from gputensor.core import apply
from gputensor.core.random import default_generator
from gputensor.errors import GradError
from gputensor.utils.checkpoint import (
    CheckpointError,
    check_backward_validity,
    checkpoint,
    checkpoint_sequential,
    detach_variable,
    get_device_states,
    noop_context_fn,
    set_checkpoint_debug_enabled,
    set_checkpoint_early_stop,
    set_device_states,
)


def leaf(*shape, seed=0):
    values = np.random.default_rng(seed).standard_normal(shape)
    return gt.from_numpy(values).requires_grad_()


def block(x, w):
    """Products, saved outputs, writes to intermediates and to their views."""
    h = (x @ w).exp()
    h = h * 0.5
    h.mul_(3.0)
    h[1:].add_(1.0)
    return (h * h).tanh() + h


class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        out = x * x * x
        ctx.save_for_backward(x, out)
        return out

    @staticmethod
    def backward(ctx, g):
        x, out = ctx.saved_tensors
        return 3 * x * x * g + out * 0


def gradients(make, *leaves, **options):
    out = make().sum()
    first = gt.autograd.grad(out, leaves, create_graph=True, **options)
    total = sum([(g * g).sum() for g in first])
    return [g.numpy(force=True) for g in (*first, *gt.autograd.grad(total, leaves))]


@pytest.mark.parametrize("reentrant", [None, True, False])
def test_gradients_of_first_and_second_order_are_equal_to_the_last_bit(reentrant):
    x, w = leaf(3, 3), leaf(3, 3, seed=1)
    plain = gradients(lambda: block(x, w), x, w)
    again = gradients(lambda: checkpoint(block, x, w, use_reentrant=reentrant), x, w)
    captured = gradients(lambda: checkpoint(lambda t: block(t, w), x, use_reentrant=reentrant), x, w)
    for a, b, c in zip(plain, again, captured, strict=True):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(a, c)


def test_backward_accumulates_in_captured_leaves_and_keeps_the_graph_if_told():
    x, w = leaf(3, 3), leaf(3, 3, seed=1)
    out = checkpoint(block, x, w).sum()
    out.backward(retain_graph=True)
    once = w.grad.numpy().copy()
    out.backward()
    np.testing.assert_allclose(w.grad.numpy(), 2 * once)
    with pytest.raises(GradError, match="retain_graph"):
        out.backward()


def test_custom_functions_and_nested_checkpoints_inside():
    x, w = leaf(3, 3), leaf(3, 3, seed=1)

    def inner(t):
        return Cube.apply(t).tanh()

    def outer(t, nest):
        h = block(t, w)
        return (checkpoint(inner, h) if nest else inner(h)) * h

    plain = gradients(lambda: outer(x, False), x, w)
    for a, b in zip(plain, gradients(lambda: checkpoint(outer, x, True), x, w), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "make",
    [
        lambda x: gt.nn.functional.batch_norm(x, None, None, training=True).relu(),
        lambda x: gt.linalg.svd(x)[1].exp(),
        lambda x: gt.linalg.slogdet(x)[1].exp(),
        lambda x: x.sort()[0].exp(),
        lambda x: x.unbind()[1].exp(),
        lambda x: gt.var_mean(x)[0].exp(),
    ],
)
def test_operations_with_several_results_are_recorded_once_in_both_runs(make):
    x = leaf(3, 3)
    (expected,) = gt.autograd.grad(make(x).sum(), x)
    (found,) = gt.autograd.grad(checkpoint(make, x, use_reentrant=False).sum(), x)
    assert gt.equal(found, expected)


def test_running_statistics_inside_a_checkpoint_are_updated_by_both_runs():
    layer = gt.nn.BatchNorm1d(2)
    x = gt.ones(4, 2, requires_grad=True)
    checkpoint(lambda t: layer(t).exp(), x, use_reentrant=False).sum().backward()
    assert layer.num_batches_tracked.item() == 2
    assert gt.allclose(layer.running_mean, gt.full((2,), 0.19))


def test_memory_falls():
    x = leaf(200, 200)

    def deep(t):
        for _ in range(20):
            t = t.tanh() * t
        return t

    def peak(run):
        gc.collect()
        tracemalloc.start()
        out = run()
        kept = tracemalloc.get_traced_memory()[0]
        out.sum().backward()
        tracemalloc.stop()
        return kept

    size = x.array.nbytes
    assert peak(lambda: deep(x)) > 20 * size
    assert peak(lambda: checkpoint(deep, x)) < 2 * size


def test_the_function_runs_once_more_and_no_further_than_needed():
    calls = []

    def counted(t):
        calls.append("begin")
        h = t.tanh()
        calls.append("end")
        return h * 1.0

    x = leaf(2)
    checkpoint(counted, x).sum().backward()
    assert calls == ["begin", "end", "begin", "end"]

    def stops(t):
        h = t * t
        calls.append("after")
        return h

    calls.clear()
    checkpoint(stops, x).sum().backward()
    assert calls == ["after"]
    calls.clear()
    checkpoint(stops, x, early_stop=False).sum().backward()
    assert calls == ["after", "after"]


def test_nothing_is_kept_or_run_twice_where_nothing_is_recorded():
    x = leaf(2)
    with gt.no_grad():
        assert not checkpoint(lambda t: t * 2, x).requires_grad
    assert not apply.SLOW


def test_the_random_numbers_of_the_first_run_come_again():
    drawn = []

    def noisy(t):
        drawn.append(default_generator.reserve(4))
        return t * float(drawn[-1][1] % 97 + 1)

    x = leaf(2)
    out = checkpoint(noisy, x).sum()
    default_generator.reserve(1)
    after = default_generator.get_state()
    out.backward()
    assert drawn[0] == drawn[1]
    assert bytes(np.asarray(after)) == bytes(np.asarray(default_generator.get_state()))
    drawn.clear()
    checkpoint(noisy, x, preserve_rng_state=False, early_stop=False).sum().backward()
    assert drawn[0] != drawn[1]


def test_a_function_that_does_something_else_the_second_time_is_refused():
    x, runs = leaf(2), []

    def fewer(t):
        runs.append(1)
        return t.exp() * t if len(runs) % 2 else t.exp()

    def other(t):
        runs.append(1)
        return t * t if len(runs) % 2 else t.exp()

    with pytest.raises(CheckpointError, match="recorded 2 operations that save values, and 1 the second time"):
        checkpoint(fewer, x).sum().backward()
    with pytest.raises(CheckpointError, match=r"was mul .* and is exp"):
        checkpoint(other, x).sum().backward()


def test_writes_that_spoil_the_second_run_are_refused():
    x = leaf(2)
    h = x * 1
    out = checkpoint(lambda t: t * t, h)
    h.mul_(2)
    with pytest.raises(GradError, match="input was written in place"):
        out.sum().backward()
    w = leaf(2, seed=1)
    out = checkpoint(lambda t: t * w, x * 1)
    with gt.no_grad():
        w.mul_(2)
    with pytest.raises(GradError, match="mul_"):
        out.sum().backward()

    def spoils(t):
        k = t * 1
        out = k * k
        k.mul_(2)
        return out

    with pytest.raises(GradError, match="inside the checkpointed function"):
        checkpoint(spoils, x, early_stop=False).sum().backward()


def test_an_error_in_the_function_leaves_no_trace():
    with pytest.raises(KeyError):
        checkpoint(lambda t: {}["missing"], leaf(2))
    assert not apply.SLOW


def test_a_checkpoint_leaves_nothing_for_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):
            x, w = leaf(3, 3), leaf(3, 3)
            checkpoint(block, x, w).sum().backward()
        del x, w
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_contexts_of_both_runs():
    entered = []

    class Context:
        def __init__(self, name):
            self.name = name

        def __enter__(self):
            entered.append(self.name)

        def __exit__(self, *error):
            entered.append(f"{self.name} ends")

    x = leaf(2)
    checkpoint(lambda t: t * t, x, context_fn=lambda: (Context("first"), Context("second"))).sum().backward()
    assert entered == ["first", "first ends", "second", "second ends"]


@pytest.mark.parametrize("segments", [1, 2, 3, 5])
def test_a_sequence_in_segments_has_the_same_gradients(segments):
    x = leaf(3, 3)
    steps = [gt.exp, lambda t: t * 0.1, lambda t: t.tanh(), lambda t: t * t, lambda t: t + 1]

    def plain():
        t = x
        for step in steps:
            t = step(t)
        return t

    for a, b in zip(gradients(plain, x), gradients(lambda: checkpoint_sequential(steps, segments, x), x), strict=True):
        np.testing.assert_array_equal(a, b)


def test_too_many_segments_are_refused():
    with pytest.raises(ValueError, match="segments is 3, but there are 2 functions"):
        checkpoint_sequential([gt.exp, gt.exp], 3, leaf(2))


# --- hooks on saved values --------------------------------------------------------------------------------------------


def test_saved_values_are_packed_and_come_back_for_backward():
    x, w = leaf(3, 3), leaf(3, 3, seed=1)
    packed = []

    def pack(t):
        packed.append(t.shape)
        return t.numpy().copy()

    def hooked():
        with saved_tensors_hooks(pack, gt.from_numpy):
            return Cube.apply(block(x, w))

    plain = gradients(lambda: Cube.apply(block(x, w)), x, w)
    for a, b in zip(plain, gradients(hooked, x, w), strict=True):
        np.testing.assert_array_equal(a, b)
    assert packed
    assert not apply.SLOW


def test_what_unpack_returns_is_what_backward_reads():
    x = leaf(2)
    with saved_tensors_hooks(lambda t: t, lambda t: t * 10):
        y = x * x
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 20 * x.detach().numpy())
    with saved_tensors_hooks(lambda t: t, lambda t: None):
        y = x * x
    with pytest.raises(TypeError, match="unpack must return a Tensor"):
        y.sum().backward()


@pytest.mark.parametrize("lib", ["gputensor", pytest.param("torch", marks=pytest.mark.torch)])
def test_packing_may_not_write_what_it_is_given(lib):
    lib = pytest.importorskip(lib)
    x = lib.ones(2, requires_grad=True)
    hooks = lib.autograd.graph.saved_tensors_hooks
    with hooks(lambda t: t.mul_(2), lambda t: t), pytest.raises(RuntimeError, match="pack hook"):
        x.clone().exp()
    with hooks(lambda t: t.view(-1)[0].zero_(), lambda t: t), pytest.raises(RuntimeError, match="pack hook"):
        x.clone().exp()
    with hooks(lambda t: t.clone().mul_(2), lambda t: t):
        y = x.clone().exp()
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * np.exp([1, 1]), rtol=1e-6)


def test_of_nested_hooks_the_innermost_packs():
    x, seen = leaf(2), []
    with saved_tensors_hooks(lambda t: (seen.append("outer"), t)[1], lambda t: t):
        x * x
        with saved_tensors_hooks(lambda t: (seen.append("inner"), t)[1], lambda t: t):
            x.exp()
        x.exp()
    assert seen == ["outer", "outer", "inner", "outer"]


def test_a_write_after_packing_still_raises():
    h = leaf(2) * 1
    with saved_tensors_hooks(lambda t: t, lambda t: t):
        y = h * h
    h.mul_(2)
    with pytest.raises(GradError, match="mul_"):
        y.sum().backward()


def test_inputs_are_detached_and_keep_what_they_require():
    x = gt.ones(2, requires_grad=True) * 3
    made, other, number = detach_variable((x, gt.zeros(1), 5))
    assert (made.is_leaf, made.requires_grad, made.tolist()) == (True, True, [3.0, 3.0])
    assert not other.requires_grad
    assert number == 5
    with pytest.raises(RuntimeError, match="expected a tuple"):
        detach_variable([x])


def test_inputs_without_gradients_are_warned_of():
    check_backward_validity([gt.ones(1), leaf(1)])
    with pytest.warns(UserWarning, match="none of the inputs has requires_grad=True"):
        check_backward_validity([gt.ones(1), 3])


@pytest.mark.parametrize("early", [True, False])
def test_the_second_run_ends_early_or_not(early):
    calls = []

    def function(x):
        y = x.exp()
        calls.append(1)
        return y

    x = leaf(2)
    with set_checkpoint_early_stop(early), set_checkpoint_debug_enabled(True):
        y = checkpoint(function, x, use_reentrant=False, context_fn=noop_context_fn)
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.exp(x.detach().numpy()))
    assert len(calls) == (1 if early else 2)


def test_states_of_gpus_are_taken_and_given_back(gpus):
    x = gt.ones(2, device="cuda:1")
    numbers, states = get_device_states(x, gt.ones(1), 3)
    assert numbers == [1]
    first = gt.rand(3, device="cuda:1")
    set_device_states(numbers, states)
    assert gt.equal(first, gt.rand(3, device="cuda:1"))
