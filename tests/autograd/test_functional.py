"""autograd.functional: Jacobians, Hessians and products at a point; Variable; more of autograd.graph."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import Variable, functional as F, graph

A, B = np.array([0.5, -1.0, 2.0]), np.array([[1.0, 2.0, 3.0], [-1.0, 0.5, 0.25]])
WAYS = [{}, {"vectorize": True}, {"vectorize": True, "strategy": "forward-mode"}]
OUTER = [{}, {"vectorize": True}, {"vectorize": True, "outer_jacobian_strategy": "forward-mode"}]


def close(ours, theirs):
    np.testing.assert_allclose(ours.detach().numpy(), theirs, rtol=1e-10, atol=1e-12)


def two(x, y):
    return (x * y).sum(1), x.sin()


def one(x, y):
    return ((x * y) ** 2).sum()


@pytest.mark.parametrize("way", WAYS)
def test_jacobians_of_several_results_and_inputs(way):
    (xx, xy), (sx, sy) = F.jacobian(two, (gt.tensor(A), gt.tensor(B)), **way)
    close(xx, B)
    close(xy, np.einsum("ij,k->ijk", np.eye(2), A))
    close(sx, np.diag(np.cos(A)))
    close(sy, np.zeros((3, 2, 3)))
    assert not xx.requires_grad
    close(F.jacobian(gt.exp, gt.tensor(A), **way), np.diag(np.exp(A)))


@pytest.mark.parametrize("way", OUTER)
def test_hessians_of_several_inputs(way):
    (xx, xy), (yx, yy) = F.hessian(one, (gt.tensor(A), gt.tensor(B)), **way)
    close(xx, np.diag(2 * (B**2).sum(0)))
    close(xy, np.einsum("ij,jk->jik", 4 * A * B, np.eye(3)))
    close(yx, np.einsum("ij,jk->ijk", 4 * A * B, np.eye(3)))
    close(yy, np.einsum("ik,jl->ijkl", np.eye(2), np.diag(2 * A**2)))
    close(F.hessian(lambda x: x.prod(), gt.tensor(A), **way), np.prod(A) / np.outer(A, A) * (1 - np.eye(3)))


def test_products_with_the_jacobian():
    v = gt.tensor(A * 2)
    value, product = F.vjp(lambda x: x**3, gt.tensor(A), v)
    close(value, A**3)
    close(product, 6 * A**3)
    assert not value.requires_grad
    value, product = F.jvp(lambda x, y: (x * y).sum(1), (gt.tensor(A), gt.tensor(B)), (v, gt.tensor(B * 0)))
    close(product, (2 * A * B).sum(1))
    close(F.vjp(lambda x: x.sum(), gt.tensor(A))[1], np.ones(3))


def test_products_with_the_second_derivatives():
    v = gt.tensor(np.arange(3.0))
    for product in (F.vhp, F.hvp):
        value, out = product(lambda x: (x**3).sum(), gt.tensor(A), v)
        close(value, (A**3).sum())
        close(out, 6 * A * np.arange(3))
        assert not out.requires_grad


def test_create_graph_records_for_higher_derivatives():
    x = gt.tensor(A, requires_grad=True)
    jacobian = F.jacobian(lambda a: a**3, x, create_graph=True)
    close(gt.autograd.grad(jacobian.sum(), x)[0], 6 * A)
    _, product = F.jvp(lambda a: a**3, x, gt.ones(3, dtype=gt.float64), create_graph=True)
    close(gt.autograd.grad(product.sum(), x)[0], 6 * A)
    close(gt.autograd.grad(F.hessian(lambda a: (a**4).sum(), x, create_graph=True).sum(), x)[0], 24 * A)


def test_what_does_not_depend_gives_zeros_and_raises_with_strict():
    x = gt.tensor(A)
    close(F.jacobian(lambda a: gt.ones(2), x), np.zeros((2, 3)))
    close(F.hessian(lambda a: a.sum(), x), np.zeros((3, 3)))
    close(F.jvp(lambda a: gt.ones(2), x, x)[1], np.zeros(2))
    for call in (
        lambda: F.jacobian(lambda a: gt.ones(2), x, strict=True),
        lambda: F.jacobian(lambda a, b: a * 2, (x, x), strict=True),
        lambda: F.vjp(lambda a, b: a.sum(), (x, x), strict=True),
        lambda: F.jvp(lambda a: gt.ones(2), x, x, strict=True),
    ):
        with pytest.raises(RuntimeError, match="strict"):
            call()


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda x: F.jacobian(gt.exp, 1.0), TypeError),
        (lambda x: F.jacobian(lambda a: 1.0, x), TypeError),
        (lambda x: F.jacobian(gt.exp, x, strategy="sideways"), ValueError),
        (lambda x: F.jacobian(gt.exp, x, strategy="forward-mode"), NotImplementedError),
        (lambda x: F.jacobian(gt.exp, x, strict=True, vectorize=True), RuntimeError),
        (lambda x: F.hessian(gt.exp, x), RuntimeError),
        (lambda x: F.vjp(gt.exp, x), RuntimeError),
        (lambda x: F.vjp(gt.exp, x, gt.ones(2)), RuntimeError),
        (lambda x: F.jvp(gt.exp, x, (x, x)), RuntimeError),
    ],
)
def test_arguments_that_do_not_fit_raise(call, error):
    with pytest.raises(error):
        call(gt.tensor(A))


def test_a_variable_is_a_tensor_that_shares_memory():
    x = gt.ones(2)
    v = Variable(x, requires_grad=True)
    assert isinstance(v, Variable)
    assert isinstance(x, Variable)
    assert not isinstance(1.0, Variable)
    assert v.requires_grad
    assert not Variable(v * 2).requires_grad
    x[0] = 5.0
    assert v[0].item() == 5.0
    with pytest.raises(TypeError, match="must be a Tensor"):
        Variable([1.0])
    with pytest.warns(UserWarning, match="volatile"):
        Variable(x, volatile=True)


def test_saved_values_wait_on_the_cpu(gpus):
    x = gt.tensor([2.0, 3.0]).cuda().requires_grad_()
    with graph.save_on_cpu(pin_memory=True):
        y = x * x
    y.sum().backward()
    assert x.grad.is_cuda
    np.testing.assert_array_equal(x.grad.cpu().numpy(), [4, 6])


def test_hooks_on_saved_tensors_can_be_refused():
    with (
        graph.disable_saved_tensors_hooks("not now"),
        pytest.raises(RuntimeError, match="not now"),
        graph.saved_tensors_hooks(lambda t: t, lambda t: t),
    ):
        pass
    with graph.saved_tensors_hooks(lambda t: t, lambda t: t):
        pass


def test_multithreading_can_be_asked_for():
    with gt.autograd.set_multithreading_enabled(True):
        assert gt.autograd.set_multithreading_enabled(False).mode is False
