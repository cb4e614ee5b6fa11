"""The graph across devices, over the double of CuPy."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import Function, gradcheck, gradgradcheck
from gputensor.autograd.graph import saved_tensors_hooks
from gputensor.errors import DeviceError, GradError
from gputensor.utils.checkpoint import checkpoint
from tests import doubles


@pytest.fixture(autouse=True)
def _double():
    with doubles.installed():
        yield


class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        out = x * x * x
        ctx.save_for_backward(x, out)
        return out

    @staticmethod
    def backward(ctx, g):
        x, _ = ctx.saved_tensors
        return 3 * x * x * g


def leaf(device="cpu"):
    return gt.tensor([1.0, 2.0, 3.0], dtype=gt.float64, device=device, requires_grad=True)


def test_gradients_that_come_back_from_another_device_add_up():
    w = leaf()
    (w.cuda() * w.cuda() + w.cuda() * 2.0).sum().backward()
    (w.cuda() * 3.0).sum().backward()
    assert w.grad.device.type == "cpu"
    np.testing.assert_allclose(w.grad.numpy(), 2 * np.array([1.0, 2.0, 3.0]) + 5.0)


def test_backward_leaves_the_current_device_and_numpys_warnings_as_they_were():
    with doubles.installed(devices=2) as cupy:
        leaves = [leaf("cuda:1"), leaf(), leaf("cuda:0"), leaf(), leaf("cuda:1")]
        before = np.geterr(), cupy.cuda.runtime.getDevice()
        sum([x.to("cuda:1") * 2.0 for x in leaves]).sum().backward()
        assert [x.grad.tolist() for x in leaves] == [[2.0] * 3] * 5
        assert (np.geterr(), cupy.cuda.runtime.getDevice()) == before


def test_second_derivatives_through_a_copy_to_another_device():
    w = leaf()
    y = w.cuda()
    (g,) = gt.autograd.grad((y * y * y).sum() + (w.cuda() * w.cuda()).sum(), w, create_graph=True)
    (d,) = gt.autograd.grad(g.sum(), w)
    np.testing.assert_allclose(d.numpy(), 6 * np.array([1.0, 2.0, 3.0]) + 2.0)


def test_functions_and_both_checks_run_on_a_gpu():
    x = leaf("cuda")
    for fast in (False, True):
        assert gradcheck(Cube.apply, x, fast_mode=fast)
        assert gradgradcheck(Cube.apply, x, fast_mode=fast)
    z = gt.tensor([1 + 2j], dtype=gt.complex128, device="cuda", requires_grad=True)
    assert gradcheck(lambda t: t * t, z)


def test_checkpoints_hooks_and_kept_gradients_run_on_a_gpu():
    w, plain = leaf(), leaf()
    checkpoint(lambda t: Cube.apply(t).tanh(), w.cuda() * 0.1).sum().backward()
    Cube.apply(plain * 0.1).tanh().sum().backward()
    np.testing.assert_allclose(w.grad.numpy(), plain.grad.numpy(), rtol=1e-12)
    with saved_tensors_hooks(lambda t: t.cpu(), lambda t: t.cuda()):
        y = w.cuda().exp()
        y.retain_grad()
        z = (y * y).sum()
    z.backward()
    np.testing.assert_allclose(y.grad.cpu().numpy(), 2 * np.exp([1.0, 2.0, 3.0]), rtol=1e-12)


def test_numbers_of_zero_dimensions_add_up_on_a_gpu():
    s = gt.tensor(2.0, device="cuda", requires_grad=True)
    (s * s + s * 3.0 + s * s * s).backward()
    assert s.grad.item() == 19.0


def test_seeds_and_gradients_on_the_wrong_device_are_refused():
    x = leaf("cuda")
    with pytest.raises(GradError, match="cuda:0"):
        (x * 2).backward(gt.ones(3, dtype=gt.float64))

    class Lost(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g.cpu()

    with pytest.raises(DeviceError, match="another device"):
        Lost.apply(x).sum().backward()
    y = x * 2
    y.register_hook(lambda g: g.cpu())
    with pytest.raises(DeviceError, match="same device"):
        y.sum().backward()
