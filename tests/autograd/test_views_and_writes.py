"""Writes in place, on leaves, intermediates, views and bases of views: the right gradient, or an error that says why.

Every case is a program in plain Python operators, so that it runs over NumPy arrays, which have the same views and
writes: they give the value, and finite differences of them the gradient. Where the graph is meant not to see something
(detach, no_grad), the gradient is given.
"""

from types import SimpleNamespace

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError, ShapeError
from tests.autograd import view_writing_cases, writing_cases
from tests.autograd.writing_programs import CASES, NUMPY, OURS, A

FILES = {file.__file__ for file in (writing_cases, view_writing_cases)}  # their programs are in CASES


def differences(program, a, eps=1e-6):
    """The gradient of the sum of the program's result, by central differences over NumPy."""
    g = np.zeros_like(a)
    for index in np.ndindex(a.shape):
        high, low = a.copy(), a.copy()
        high[index] += eps
        low[index] -= eps
        g[index] = (np.sum(program(NUMPY, high)) - np.sum(program(NUMPY, low))) / (2 * eps)
    return g


def run(program, lib, leaf):
    result = program(lib, leaf)
    result.sum().backward()
    return np.asarray(result.detach()), np.asarray(leaf.grad)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.raises is None])
def test_value_and_gradient_of(name):
    one = CASES[name]
    value, gradient = run(one.program, OURS, gt.from_numpy(A.copy()).requires_grad_())
    np.testing.assert_allclose(value, one.program(NUMPY, A.copy()), rtol=1e-12)
    expected = differences(one.program, A) if one.gradient is None else one.gradient(A)
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.raises is not None])
def test_an_error_says_that(name):
    one = CASES[name]
    with pytest.raises(GradError, match=one.raises) as caught:
        run(one.program, OURS, gt.from_numpy(A.copy()).requires_grad_())
    if "changed in place" in one.raises:
        # the line of the write
        assert one.program.__code__.co_filename in FILES
        assert f"{one.program.__code__.co_filename}:" in str(caught.value)


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.raises is None and c.gradient is None])
def test_second_derivatives_pass_through(name):
    program = CASES[name].program
    leaf = gt.from_numpy(A.copy()).requires_grad_()
    (g,) = gt.autograd.grad(program(OURS, leaf).sum(), leaf, create_graph=True, materialize_grads=True)
    plain = gt.from_numpy(A.copy()).requires_grad_()
    (same,) = gt.autograd.grad(program(OURS, plain).sum(), plain, materialize_grads=True)
    np.testing.assert_allclose(g.detach().numpy(), same.numpy(), rtol=1e-12)
    if not g.requires_grad:
        return
    (d,) = gt.autograd.grad((g * g).sum(), leaf, allow_unused=True, materialize_grads=True)

    def square_of_gradient(lib, a):
        t = gt.from_numpy(a).requires_grad_()
        (h,) = gt.autograd.grad(program(OURS, t).sum(), t)
        return h.numpy() ** 2

    np.testing.assert_allclose(d.numpy(), differences(square_of_gradient, A), rtol=1e-5, atol=1e-5)


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_pytorch_does_the_same_with(name):
    torch = pytest.importorskip("torch")
    one = CASES[name]
    theirs = SimpleNamespace(
        exp=torch.exp, no_grad=torch.no_grad, detach=lambda x: x.detach(),
        constant=lambda a: torch.from_numpy(np.array(a)), unbind=torch.unbind,
        expand=lambda x, *shape: x.expand(*shape), zero=lambda x: x.zero_(), exp_=lambda x: x.exp_(),
    )  # fmt: skip
    leaf = torch.from_numpy(A.copy()).requires_grad_()
    if not one.torch:
        with pytest.raises((RuntimeError, ValueError)):
            run(one.program, theirs, leaf)
    elif one.raises:
        with pytest.raises(RuntimeError):
            run(one.program, theirs, leaf)
    else:
        value, gradient = run(one.program, theirs, leaf)
        ours = run(one.program, OURS, gt.from_numpy(A.copy()).requires_grad_())
        np.testing.assert_allclose(value, ours[0], rtol=1e-12)
        np.testing.assert_allclose(gradient, ours[1], rtol=1e-9)


def test_a_case_that_differs_from_pytorch_has_a_reason():
    assert [n for n, c in CASES.items() if not c.torch and not c.reason] == []
    assert len(CASES) > 60


# --- what is asked of the flags ---------------------------------------------------------------------------------------


def test_a_view_from_no_grad_requires_no_grad_unlike_pytorchs():
    x = gt.from_numpy(A.copy()).requires_grad_() * 1.0
    with gt.no_grad():
        v = x[0]
    assert not v.requires_grad


def test_views_know_their_base_and_whether_they_have_history():
    leaf = gt.from_numpy(A.copy()).requires_grad_()
    z = gt.from_numpy(A.copy())
    v = z[0]
    w = v[1:]
    assert w._base is z
    assert (z.requires_grad, w.requires_grad, w.is_leaf) == (False, False, True)
    z *= leaf
    assert (z.requires_grad, w.requires_grad, w.is_leaf) == (True, True, False)


def test_a_view_made_a_leaf_of_its_own_stays_one():
    z = gt.from_numpy(A.copy())
    v = z[0]
    v.requires_grad_()
    assert not z.requires_grad
    z *= 2.0
    (v * v).sum().backward()
    np.testing.assert_allclose(v.grad.numpy(), 4 * A[0])


def test_gradients_with_respect_to_what_was_written():
    leaf = gt.from_numpy(A.copy()).requires_grad_()
    x = leaf * 1.0
    x *= 3.0
    g, h = gt.autograd.grad((x * x).sum(), [x, leaf])
    np.testing.assert_allclose(g.numpy(), 6 * A)
    np.testing.assert_allclose(h.numpy(), 18 * A)
    x = leaf * 1.0
    v = x[0]
    x *= 3.0
    (g,) = gt.autograd.grad((v * v).sum(), [v])
    np.testing.assert_allclose(g.numpy(), 6 * A[0])


def test_a_view_is_renewed_between_two_backward_passes():
    leaf = gt.from_numpy(A.copy()).requires_grad_()
    x = leaf * 1.0
    v = x[0]
    x *= 2.0
    (v * 1.0).sum().backward(retain_graph=True)
    first = leaf.grad.numpy().copy()
    x *= 2.0
    v.sum().backward()
    np.testing.assert_allclose(first[0], np.full(4, 2.0))
    np.testing.assert_allclose(leaf.grad.numpy()[0], np.full(4, 6.0))


def test_a_write_that_fails_changes_nothing():
    x = gt.from_numpy(A.copy()).requires_grad_() * 1.0
    node, before = x.grad_fn, x.detach().numpy().copy()
    for operand, error in ((gt.ones(5, 3, 4, dtype="float64"), ShapeError), (gt.ones(3, dtype="float64"), ShapeError)):
        with pytest.raises(error):
            x *= operand
    with pytest.raises(TypeError):
        x.mul_(gt.ones(3, 4, dtype="complex128"))
    with pytest.raises(TypeError):
        x.mul_("text")
    assert x.grad_fn is node
    np.testing.assert_array_equal(x.detach().numpy(), before)


def test_read_only_memory_is_not_written():
    a = A.copy()
    a.flags.writeable = False
    x = gt.from_numpy(a)
    for write in (lambda: x.mul_(2.0), lambda: x.__setitem__(0, 1.0), lambda: x.exp_(), lambda: x[0].zero_()):
        with pytest.raises((ValueError, RuntimeError), match="read-only"):
            write()
    np.testing.assert_array_equal(a, A)


def test_writes_are_seen_by_numpy_and_numpys_by_the_tensor():
    a = A.copy()
    x = gt.from_numpy(a)
    x[1:] *= 2.0
    np.testing.assert_array_equal(a[1:], 2 * A[1:])
    a[0] = 5.0
    assert x[0].numpy().tolist() == [5.0] * 4
