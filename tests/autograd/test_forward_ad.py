"""Dual tensors: derivatives forwards."""

import threading

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import forward_ad
from gputensor.errors import DtypeError, ShapeError

FUNCTIONS = {
    "product": lambda lib, d: d * d,
    "sine": lambda lib, d: d.sin(),
    "matrix": lambda lib, d: lib.arange(9.0).reshape(3, 3) @ d,
    "sum": lambda lib, d: d.sum(),
    "relu": lambda lib, d: (d - 2).relu(),
    "two uses": lambda lib, d: lib.cat([d, d * 2]),
    "in place": lambda lib, d: (d * 1).mul_(d),
    "softmax": lambda lib, d: d.softmax(0),
    "view": lambda lib, d: d[1:],
    "itself": lambda lib, d: d,
    "scaled": lambda lib, d: d * 2,
    "norm": lambda lib, d: d.norm(),
    "cumulative": lambda lib, d: d.cumsum(0),
    "determinant": lambda lib, d: lib.linalg.det(lib.diag(d) + lib.arange(9.0).reshape(3, 3)),
    "half detached": lambda lib, d: d.detach() * d,
    "layer norm": lambda lib, d: lib.nn.functional.layer_norm(d, (3,)),
    "choice": lambda lib, d: lib.where(d > 1.5, d, d * 3),
}


def pushed(lib, forward, function):
    with forward.dual_level():
        d = forward.make_dual(lib.tensor([1.0, 2.0, 3.0]), lib.tensor([0.5, -1.0, 2.0]))
        return [t.detach().numpy() for t in forward.unpack_dual(function(lib, d))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_tangents_are_those_of_jvp(name):
    primal, tangent = pushed(gt, forward_ad, FUNCTIONS[name])
    point, direction = gt.tensor([1.0, 2.0, 3.0]), gt.tensor([0.5, -1.0, 2.0])
    value, derivative = gt.func.jvp(lambda x: FUNCTIONS[name](gt, x), (point,), (direction,))
    np.testing.assert_allclose(primal, value.numpy())
    np.testing.assert_allclose(tangent, derivative.numpy(), rtol=1e-6)


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")  # PyTorch's own
@pytest.mark.parametrize("name", FUNCTIONS)
def test_tangents_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    from torch.autograd import forward_ad as theirs

    for a, b in zip(pushed(gt, forward_ad, FUNCTIONS[name]), pushed(torch, theirs, FUNCTIONS[name]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_what_depends_on_no_dual_tensor_has_no_tangent():
    x = gt.ones(2)
    assert forward_ad.unpack_dual(x).tangent is None
    with forward_ad.dual_level():
        d = forward_ad.make_dual(x, x)
        assert forward_ad.unpack_dual(x).tangent is None
        assert forward_ad.unpack_dual(d.detach() * 2).tangent is None
        assert forward_ad.unpack_dual(d * 0).tangent.tolist() == [0.0, 0.0]
        assert not forward_ad.unpack_dual(d * 2).tangent.requires_grad
        y = d * 2
    assert forward_ad.unpack_dual(y).tangent is None


def test_what_is_unpacked_has_names():
    unpacked = forward_ad.unpack_dual(gt.ones(1))
    assert type(unpacked) is forward_ad.UnpackedDualTensor
    assert unpacked._fields == ("primal", "tangent")


def test_two_dual_tensors_add_their_tangents():
    with forward_ad.dual_level():
        a = forward_ad.make_dual(gt.tensor(2.0), gt.tensor(1.0))
        b = forward_ad.make_dual(gt.tensor(3.0), gt.tensor(10.0))
        assert forward_ad.unpack_dual(a * b).tangent.item() == 3 + 20


def test_gradients_go_through_values_and_tangents():
    w = gt.ones(3, requires_grad=True)
    v = gt.tensor([0.5, -1.0, 2.0])
    with forward_ad.dual_level():
        primal, tangent = forward_ad.unpack_dual((forward_ad.make_dual(w, v) ** 3).sum())
        assert tangent.item() == 4.5
        assert gt.autograd.grad(tangent, w)[0].tolist() == [3.0, -6.0, 12.0]
    x = gt.tensor([1.0, 2.0, 3.0])
    with forward_ad.dual_level():
        primal, tangent = forward_ad.unpack_dual((forward_ad.make_dual(x, v) * w).sum())
        assert gt.autograd.grad(tangent, w, retain_graph=True)[0].tolist() == v.tolist()
        assert gt.autograd.grad(primal, w)[0].tolist() == x.tolist()


def test_levels_do_not_nest_and_belong_to_their_thread():
    assert forward_ad.enter_dual_level() == 0
    with pytest.raises(RuntimeError, match="nested levels"):
        forward_ad.enter_dual_level()
    seen = []

    def other():
        try:
            forward_ad.make_dual(gt.ones(1), gt.ones(1))
        except RuntimeError as error:
            seen.append(str(error))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert "there is no level" in seen[0]
    forward_ad.exit_dual_level()
    with pytest.raises(RuntimeError, match="no level to end"):
        forward_ad.exit_dual_level()


def test_what_does_not_fit_is_refused():
    with forward_ad.dual_level():
        with pytest.raises(ShapeError, match="the shapes must agree"):
            forward_ad.make_dual(gt.ones(2), gt.ones(3))
        with pytest.raises(DtypeError, match="convert one"):
            forward_ad.make_dual(gt.ones(2), gt.ones(2, dtype=gt.float64))
        with pytest.raises(DtypeError, match="must be floating-point"):
            forward_ad.make_dual(gt.tensor([1]), gt.tensor([1]))
        with pytest.raises(TypeError, match="tangent must be a Tensor"):
            forward_ad.make_dual(gt.ones(2), 1.0)
    with pytest.raises(RuntimeError, match="there is no level"):
        forward_ad.make_dual(gt.ones(2), gt.ones(2))
