"""Long graphs, memory, the garbage collector, and threads."""

import gc
import threading
import tracemalloc

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import Function, grad
from gputensor.core import apply

LONG = 100_000


@pytest.fixture
def no_collector():
    """The garbage collector switched off, after it has found everything there is."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Squared(Function):
    @staticmethod
    def forward(ctx, x):
        out = x * x
        ctx.save_for_backward(x, out)
        return out

    @staticmethod
    def backward(ctx, g):
        x, _ = ctx.saved_tensors
        return 2 * x * g


def plain_step(w, x):
    h = (x @ w).tanh()
    (h * h).mean().backward()


def step_with_views_and_writes(w, x):
    h = x @ w
    v = h[1:]
    v.mul_(2.0)
    h[0] = v[0] * 3.0
    h.t()[0].add_(1.0)
    a, b = h.unbind()[:2]
    (h * h + a * b).sum().backward()


def step_with_hooks(w, x):
    h = x @ w
    h.retain_grad()
    h.register_hook(lambda g: g * 2)
    h.grad_fn.register_hook(lambda i, o: None)
    h.exp().sum().backward()


def step_with_functions(w, x):
    y = Squared.apply(x @ w)
    (y * Squared.apply(y)).sum().backward()


def step_with_second_derivatives(w, x):
    (g,) = grad((x @ w).tanh().sum(), w, create_graph=True)
    (g * g).sum().backward()


def step_that_is_never_walked(w, x):
    h = (x @ w).exp()
    h[0].mul_(2.0)
    assert h.requires_grad


STEPS = [
    plain_step,
    step_with_views_and_writes,
    step_with_hooks,
    step_with_functions,
    step_with_second_derivatives,
    step_that_is_never_walked,
]


def parameters():
    rng = np.random.default_rng(0)
    w = gt.from_numpy(rng.standard_normal((4, 4)).astype(np.float32)).requires_grad_()
    return w, gt.from_numpy(rng.standard_normal((3, 4)).astype(np.float32))


def update(w):
    if w.grad is not None:
        with gt.no_grad():
            w.sub_(w.grad * 0.01)
        w.grad = None


@pytest.mark.parametrize("step", STEPS)
def test_after_training_steps_the_garbage_collector_finds_nothing(step, no_collector):
    w, x = parameters()
    for _ in range(3):
        step(w, x)
        update(w)
    assert gc.collect() == 0


@pytest.mark.parametrize("step", STEPS)
def test_a_thousand_steps_do_not_grow_memory(step, no_collector):
    w, x = parameters()

    def steps(n):
        for _ in range(n):
            step(w, x)
            update(w)

    # Python 3.10 gives a code object its caches at the 1,024th call
    steps(1100)
    tracemalloc.start()
    try:
        steps(10)
        before = tracemalloc.get_traced_memory()[0]
        steps(1000)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # the tables of integers and strings that Python itself keeps may move by a little
    assert grown < 4000


# --- long graphs ------------------------------------------------------------------------------------------------------


def test_a_chain_of_a_hundred_thousand_operations():
    x = gt.tensor([1.0], dtype="float64", requires_grad=True)
    y = x
    for _ in range(LONG):
        y = y * 1.00001
    y.backward()
    assert x.grad.item() == pytest.approx(1.00001**LONG)
    del y


def test_a_long_chain_is_freed_without_a_backward_and_without_recursion(no_collector):
    x = gt.tensor([1.0], requires_grad=True)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        y = x
        for _ in range(LONG):
            y = y.tanh()
        full = tracemalloc.get_traced_memory()[0]
        del y
        left = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert full - before > 100 * LONG
    # Python keeps some freed tuples and dicts for itself
    assert left < (full - before) / 100


def test_a_long_chain_of_additions_is_walked_twice():
    x = gt.tensor([1.0], requires_grad=True)
    y = x
    for _ in range(LONG):
        y = y + 1.0
    y.backward()
    y.backward()
    assert x.grad.item() == 2.0


def test_a_long_chain_of_views_and_of_writes():
    x = gt.tensor([[1.0, 2.0]], requires_grad=True)
    v = x * 1
    for _ in range(20_000):
        v = v.t()
    v.sum().backward()
    h = x * 1
    for _ in range(5000):
        h.mul_(1.0)
        h[0].add_(1.0)
    h.sum().backward()
    assert x.grad.numpy().tolist() == [[2.0, 2.0]]


def test_a_view_far_from_its_base_renews_its_history_without_recursion():
    x = gt.tensor([[1.0, 2.0]], requires_grad=True)
    h = x * 1
    v = h
    for _ in range(20_000):
        v = v.t()
    h.mul_(3.0)
    v.sum().backward()
    assert x.grad.numpy().tolist() == [[3.0, 3.0]]


def test_a_long_chain_under_create_graph():
    x = gt.tensor([0.5], dtype="float64", requires_grad=True)
    y = x
    for _ in range(5000):
        y = y * 1.0001
    y = y * y
    (g,) = grad(y, x, create_graph=True)
    (d,) = grad(g, x)
    assert d.item() == pytest.approx(2 * 1.0001**10_000)


def test_a_wide_graph_adds_up_in_place():
    x = gt.ones(1000, requires_grad=True)
    y = sum([x * float(k) for k in range(200)])
    y.sum().backward()
    assert x.grad.numpy()[0] == sum(range(200))


def test_a_long_chain_of_functions_is_freed():
    x = gt.tensor([1.0], requires_grad=True)
    y = x
    for _ in range(20_000):
        y = Squared.apply(y)
    y.backward()
    assert x.grad is not None
    y = x
    for _ in range(20_000):
        y = Squared.apply(y)
    del y


def test_values_that_nobody_saved_are_freed_while_the_graph_lives(no_collector):
    x = gt.ones(1000, 100, requires_grad=True)
    size = x.array.nbytes
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        y = x
        for _ in range(50):
            y = y + 1.0
        kept = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert kept < 2 * size
    y.sum().backward()


# --- threads ----------------------------------------------------------------------------------------------------------


def run_in_threads(count, work):
    """Run work(k) in `count` threads that begin together; errors come out here."""
    errors, barrier = [], threading.Barrier(count)

    def body(k):
        try:
            barrier.wait()
            work(k)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=body, args=(k,)) for k in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_backward_from_several_threads_on_separate_graphs():
    found = {}

    def work(k):
        w, x = parameters()
        for _ in range(50):
            plain_step(w, x)
            update(w)
            step_with_views_and_writes(w, x)
            update(w)
        found[k] = w.detach().numpy().copy()

    work("alone")
    run_in_threads(6, work)
    for k in range(6):
        np.testing.assert_array_equal(found[k], found["alone"])


def test_backward_from_several_threads_onto_one_leaf_adds_everything_up():
    x = gt.zeros(100, dtype="float64", requires_grad=True)

    def work(k):
        for n in range(300):
            (x * float(k) + x * float(n)).sum().backward()

    run_in_threads(4, work)
    expected = sum(k + n for k in range(4) for n in range(300))
    np.testing.assert_array_equal(x.grad.numpy(), np.full(100, expected))


def test_several_threads_walk_one_graph_that_is_kept():
    x = gt.ones(10, dtype="float64", requires_grad=True)
    y = ((x * x).exp() * x).sum()
    (alone,) = grad(y, x, retain_graph=True)
    found = {}

    def work(k):
        for _ in range(50):
            (found[k],) = grad(y, x, retain_graph=True)

    run_in_threads(4, work)
    for g in found.values():
        np.testing.assert_array_equal(g.numpy(), alone.numpy())


def test_a_thread_in_backward_does_not_switch_off_recording_in_others():
    seen, inside, leave = [], threading.Event(), threading.Event()
    x = gt.ones(1, requires_grad=True)
    y = x * 2

    def hook(g):
        inside.set()
        leave.wait(10)

    y.register_hook(hook)
    thread = threading.Thread(target=y.backward)
    thread.start()
    inside.wait(10)
    seen.append((x * 2).requires_grad)
    leave.set()
    thread.join()
    assert seen == [True]
    assert not apply.OBSERVERS


def test_the_end_of_the_graph_names_its_tensor_while_that_lives():
    w = gt.nn.Parameter(gt.ones(2))
    end = (w * 2).grad_fn.next_functions[0][0]
    assert end.variable is w
    assert not hasattr((w * 2).grad_fn, "variable")
    del w
    with pytest.raises(AttributeError, match="variable: the tensor of this node is gone"):
        end.variable  # noqa: B018


def test_a_frozen_leaf_gets_no_more_gradient():
    w = gt.tensor([1.0, 2.0], requires_grad=True)
    y = (w * w).sum()
    y.backward(retain_graph=True)
    w.requires_grad_(False)
    y.backward()
    assert w.grad.tolist() == [2.0, 4.0]
    w.requires_grad_()
    (w * 3).sum().backward()
    assert w.grad.tolist() == [5.0, 7.0]


def test_detach_in_place_keeps_the_gradient_of_a_leaf():
    w = gt.ones(3, requires_grad=True)
    w.sum().backward()
    w.detach_()
    assert not w.requires_grad
    assert w.grad.tolist() == [1.0, 1.0, 1.0]
