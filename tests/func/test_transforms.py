"""grad, vjp, jvp, linearize, Jacobians and Hessians: values, structures, nesting, what is left of the graph."""

import gc
from collections import namedtuple

import numpy as np
import pytest

import gputensor as gt
from gputensor.func import (
    functionalize,
    grad,
    grad_and_value,
    hessian,
    jacfwd,
    jacrev,
    jvp,
    linearize,
    vjp,
    vmap,
)
from gputensor.utils.checkpoint import checkpoint

X = np.array([0.3, -1.2, 2.0])


def close(ours, theirs):
    np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-10, atol=1e-12)


@pytest.fixture
def x():
    return gt.tensor(X)


def test_grad_of_grad_of_grad(x):
    f = lambda a: (a**4).sum()  # noqa: E731
    close(grad(f)(x), 4 * X**3)
    close(grad(lambda a: grad(f)(a).sum())(x), 12 * X**2)
    close(grad(lambda a: grad(lambda b: grad(f)(b).sum())(a).sum())(x), 24 * X)


def test_gradients_have_the_structure_of_the_arguments(x):
    Pair = namedtuple("Pair", "first second")
    out = grad(lambda d: (d["a"] * d["b"][0]).sum() + d["c"].first.sum())(
        {"a": x, "b": [x * 2], "c": Pair(x, gt.tensor(1.0))}
    )
    close(out["a"], X * 2)
    close(out["b"][0], X)
    assert type(out["c"]) is Pair
    close(out["c"].first, np.ones(3))
    assert out["c"].second.item() == 0.0


def test_argnums_choose_the_arguments(x):
    f = lambda a, b: (a * a * b).sum()  # noqa: E731
    y = gt.tensor(X + 1)
    close(grad(f, 1)(x, y), X**2)
    close(grad(f, -2)(x, y), 2 * X * (X + 1))
    one, other = grad(f, (1, 0))(x, y)
    close(one, X**2)
    close(other, 2 * X * (X + 1))


def test_auxiliary_results_come_back_without_history(x):
    gradient, (value, aux) = grad_and_value(lambda a: ((a * a).sum(), {"twice": a * 2, "n": 3}), has_aux=True)(x)
    close(gradient, 2 * X)
    close(value, (X**2).sum())
    close(aux["twice"], 2 * X)
    assert aux["n"] == 3
    assert not aux["twice"].requires_grad
    assert not value.requires_grad
    assert not gradient.requires_grad


def test_the_result_is_recorded_where_something_outside_needs_a_gradient(x):
    w = gt.tensor(X, requires_grad=True)
    g = grad(lambda a: (a * a * w).sum())(x)
    close(gt.autograd.grad(g.sum(), w)[0], 2 * X)
    assert w.grad is None
    leaf = gt.tensor(X, requires_grad=True)
    close(gt.autograd.grad(grad(lambda a: (a**3).sum())(leaf).sum(), leaf)[0], 6 * X)
    with gt.no_grad():
        out = grad(lambda a: (a**3).sum())(leaf)
    close(out, 3 * X**2)
    assert not out.requires_grad


def test_no_grad_inside_hides_from_the_transform(x):
    def f(a):
        with gt.no_grad():
            c = a**2
        return (a**2 - c).sum()

    close(grad(f)(x), 2 * X)


def test_nested_transforms_do_not_confuse_their_variables():
    one = gt.tensor(1.0)
    assert grad(lambda a: a * grad(lambda b: a + b)(one))(one).item() == 1.0
    assert jvp(lambda a: a * jvp(lambda b: a + b, (one,), (one,))[1], (one,), (one,))[1].item() == 1.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: grad(gt.sin)(x), "0-d"),
        (lambda x: grad(lambda a: 1.0)(x), "must return a Tensor"),
        (lambda x: grad(lambda a: a.sum().long())(x), "real floating-point"),
        (lambda x: grad(lambda a: a.sum())(gt.arange(3)), "floating-point"),
        (lambda x: grad(lambda a: a.sum(), 1)(x), "out of range"),
        (lambda x: grad(lambda a: a.sum(), ())(x), "argnums"),
        (lambda x: grad(lambda a: a.sum(), (0, 0))(x), "repeat"),
        (lambda x: grad(lambda a: a.sum(), has_aux=True)(x), "has_aux"),
        (lambda x: vjp(gt.sin, x)[1](gt.ones(2)), "shape"),
        (lambda x: vjp(lambda a: [a], x)[1](gt.ones(3), gt.ones(3)) if False else vjp(gt.sin)[1](x), "primal"),
        (lambda x: vjp(lambda a: 1, x), "only return Tensors"),
        (lambda x: jvp(gt.sin, x, x), "tuples"),
        (lambda x: jvp(gt.sin, (x,), (x, x)), "structure"),
        (lambda x: jvp(gt.sin, (x,), (gt.ones(2),)), "shape"),
        (lambda x: jvp(lambda a: gt.ones(2), (x,), (x,), strict=True), "does not depend"),
        (lambda x: functionalize(gt.sin, remove="everything"), "remove"),
    ],
)
def test_what_cannot_be_differentiated_raises_a_runtime_error(call, words, x):
    with pytest.raises(RuntimeError, match=words):
        call(x)


def test_a_number_is_no_argument_to_differentiate():
    with pytest.raises(TypeError, match="only Tensors"):
        grad(lambda a: a)(1.0)


def test_pulling_back_many_times_and_inside_of_vmap(x):
    value, pull = vjp(lambda a, b: (a * b, b.sum()), x, x + 1)
    close(value[0], X * (X + 1))
    for _ in range(2):
        a, b = pull((gt.ones(3, dtype=gt.float64), gt.tensor(2.0, dtype=gt.float64)))
        close(a, X + 1)
        close(b, X + 2)
    rows = vmap(lambda c: pull((c, c.sum()))[0])(gt.eye(3, dtype=gt.float64))
    close(rows, np.diag(X + 1))
    assert not rows.requires_grad


def test_pushing_forwards(x):
    value, derivative = jvp(lambda a, b: {"y": a.sin() * b}, (x, x), (x, x * 0))
    close(value["y"], np.sin(X) * X)
    close(derivative["y"], np.cos(X) * X * X)
    value, push = linearize(gt.exp, x)
    close(push(x), np.exp(X) * X)
    close(vmap(push)(gt.eye(3, dtype=gt.float64)), np.diag(np.exp(X)))
    assert not push(x).requires_grad


def test_derivatives_forwards_can_be_differentiated_themselves(x):
    close(grad(lambda a: jvp(lambda b: b**3, (a,), (x,))[1].sum())(x), 6 * X * X)
    close(grad(lambda t: jvp(lambda b: b**3, (x,), (t,))[1].sum())(x), 3 * X**2)


def test_jacobians_both_ways_and_of_each_other(x):
    f = lambda a: gt.stack([a[0] * a[1], a[1].sin() * a[2]])  # noqa: E731
    right = np.array([[X[1], X[0], 0], [0, np.cos(X[1]) * X[2], np.sin(X[1])]])
    close(jacrev(f)(x), right)
    close(jacfwd(f)(x), right)
    for size in (1, 2, 5):
        close(jacrev(f, chunk_size=size)(x), right)
    second = jacrev(jacrev(f))(x).numpy()
    for both in (jacfwd(jacrev(f)), jacrev(jacfwd(f)), jacfwd(jacfwd(f)), hessian(f)):
        np.testing.assert_allclose(both(x).numpy(), second, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(second[0], [[0, 1, 0], [1, 0, 0], [0, 0, 0]])


def test_jacobians_of_trees(x):
    out = jacrev(lambda d, k: {"y": d["a"] * k, "z": d["a"].sum()}, argnums=(0, 1))({"a": x}, x)
    close(out["y"][0]["a"], np.diag(X))
    close(out["y"][1], np.diag(X))
    close(out["z"][0]["a"], np.ones(3))
    close(out["z"][1], np.zeros(3))
    forwards = jacfwd(lambda d, k: {"y": d["a"] * k, "z": d["a"].sum()}, argnums=(0, 1))({"a": x}, x)
    close(forwards["y"][0]["a"], np.diag(X))
    close(forwards["z"][1], np.zeros(3))


def test_jacobians_hand_out_auxiliary_results(x):
    for transform in (jacrev, jacfwd):
        out, aux = transform(lambda a: (a * 2, a + 1), has_aux=True)(x)
        close(out, 2 * np.eye(3))
        close(aux, X + 1)
        assert not aux.requires_grad


def test_hessians_of_several_arguments(x):
    (aa, ab), (ba, bb) = hessian(lambda a, b: (a * a * b).sum(), argnums=(0, 1))(x, x + 1)
    close(aa, np.diag(2 * (X + 1)))
    close(ab, np.diag(2 * X))
    close(ba, np.diag(2 * X))
    close(bb, np.zeros((3, 3)))


def test_jacobians_inside_of_vmap_and_of_vmap():
    batch = gt.tensor(np.stack([X, X + 1]))
    close(vmap(jacrev(gt.sin))(batch), np.stack([np.diag(np.cos(X)), np.diag(np.cos(X + 1))]))
    close(vmap(jacfwd(gt.sin))(batch), np.stack([np.diag(np.cos(X)), np.diag(np.cos(X + 1))]))
    close(vmap(hessian(lambda a: (a**3).sum()))(batch), np.stack([np.diag(6 * X), np.diag(6 * (X + 1))]))
    of = jacrev(vmap(lambda a: (a**2).sum()))(batch).numpy()
    assert of.shape == (2, 2, 3)
    np.testing.assert_allclose(of[0, 0], 2 * X)
    np.testing.assert_allclose(of[0, 1], 0)


def test_a_gradient_inside_of_vmap_is_each_examples_own_also_for_what_they_share(x):
    batch = gt.tensor(np.stack([X, X + 1]))
    close(vmap(lambda a: grad(lambda w: (w * a).sum())(x))(batch), batch.numpy())


def test_gradients_of_gradients_over_examples_reach_what_they_share():
    batch = gt.tensor(np.stack([X, X + 1]))

    def total(w):
        return vmap(lambda a: grad(lambda b: ((b * w) ** 3).sum())(a).sum())(batch).sum()

    expected = (9 * batch.numpy() ** 2 * 4.0).sum()
    close(grad(total)(gt.tensor(2.0, dtype=gt.float64)), expected)


def test_complex_arguments():
    z = gt.tensor([1 + 2j, -0.5j])
    close(grad(lambda a: (a * a.conj()).real.sum())(z), 2 * z.numpy())
    close(vmap(grad(lambda a: (a * a.conj()).real.sum()))(z), 2 * z.numpy())


def test_rows_of_gradients_at_once():
    x = gt.tensor(X, requires_grad=True)
    y = x**2
    (rows,) = gt.autograd.grad(y, x, gt.eye(3, dtype=gt.float64), is_grads_batched=True, create_graph=True)
    close(rows.detach(), np.diag(2 * X))
    close(gt.autograd.grad(rows.sum(), x)[0], np.full(3, 2.0))


def test_functionalize_is_the_function():
    assert functionalize(gt.sin) is gt.sin


def test_transforms_leave_nothing_for_the_garbage_collector():
    x = gt.tensor(np.stack([X, X + 1]))
    call = vmap(grad(lambda a: (a**2).sum()))
    call(x)
    gc.collect()
    gc.disable()
    try:
        call(x)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_anomalies_are_found_inside_of_vmap():
    x = gt.tensor([0.0, 1.0])
    with gt.autograd.detect_anomaly():
        np.testing.assert_array_equal(vmap(grad(lambda a: a**2))(x).numpy(), [0, 2])
        with pytest.raises(RuntimeError, match="nan"):
            vmap(grad(lambda a: a.sqrt() * 0))(x)


def test_checkpoints_inside_of_transforms(x):
    f = lambda a: checkpoint(lambda b: (b**3).sum(), a, use_reentrant=False)  # noqa: E731
    close(grad(f)(x), 3 * X**2)
    close(vmap(grad(f))(gt.tensor(np.stack([X, X + 1]))), np.stack([3 * X**2, 3 * (X + 1) ** 2]))


def test_pushing_forwards_through_a_function_that_writes_its_argument():
    x, v = gt.tensor([1.0, 3.0]), gt.tensor([1.0, 10.0])
    value, derivative = gt.func.jvp(lambda x: x.mul_(x + 1), (x,), (v,))
    assert value.tolist() == [2.0, 12.0]
    assert derivative.tolist() == [3.0, 70.0]
    assert x.tolist() == [2.0, 12.0], "the argument itself is written"
    assert not value.requires_grad
    y = gt.tensor([1.0, 3.0])
    assert gt.func.jacfwd(lambda y: y.mul_(2.0))(y).tolist() == [[2.0, 0.0], [0.0, 2.0]]
    with pytest.raises(gt.errors.GradError, match="leaf that requires grad"):
        gt.func.vjp(lambda x: x.mul_(2.0), gt.ones(2))
