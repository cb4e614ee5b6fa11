"""Tensors on CUDA devices, as the strict double of CuPy plays them: values, gradients and borders."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.core.devices import device, device_of, namespace_of
from gputensor.errors import DeviceError
from tests import doubles
from tests.doubles.cupy_double import _memory

pytestmark = pytest.mark.usefixtures("gpus")


def write(x, y):
    x = x * 1
    x[1] = y[0]
    x[:, 0] = 3.0
    return x


CASES = {
    "arithmetic": lambda x, y: (x + y) * (x - y) / (y * y + 1.0) - x,
    "numbers": lambda x, y: 2.0 - x * 3 + 1.5 / (y * y + 1) + x**2 + (x * x) ** 1.5,
    "exponentials": lambda x, y: (x * 0.1).exp() * y.tanh() + (x * x + 1).log(),
    "reductions": lambda x, y: x.sum(0) * y.mean(0) + x.sum(),
    "products": lambda x, y: x @ y.T,
    "views": lambda x, y: x.T.reshape(-1)[2:10:2] * y[::-1, 1:3].reshape(-1)[:4],
    "indices": lambda x, y: x[[0, 2, 0]] * y[y > 0].sum(),
    "writes": write,
    "in place": lambda x, y: (x * 1).mul_(2.0).add_(y),
    "casts": lambda x, y: (x.float() * 2).double() * y,
    "comparisons": lambda x, y: (x > y).double() * x,
    "broadcasts": lambda x, y: x[0].expand(3, 4) * y,
}


def values(case, where, order):
    """A case's result and its gradients up to an order, computed on a device, as NumPy arrays."""
    rng = np.random.default_rng(0)
    x, y = [gt.from_numpy(rng.normal(size=(3, 4))).to(where).requires_grad_() for _ in range(2)]
    out = case(x, y)
    assert out.device == x.device
    found = [out]
    loss = (out * out).sum()
    for _ in range(order):
        gradients = [g for g in gt.autograd.grad(loss, [x, y], create_graph=True, allow_unused=True) if g is not None]
        found += gradients
        loss = sum([(g * g).sum() for g in gradients])
        if not loss.requires_grad:
            break
    return [t.detach().cpu().numpy() for t in found]


@pytest.mark.parametrize("where", ["cuda:0", "cuda:1"])
@pytest.mark.parametrize("case", CASES)
def test_values_and_gradients_are_those_of_the_cpu(case, where):
    got, expected = values(CASES[case], where, 2), values(CASES[case], "cpu", 2)
    assert len(got) == len(expected) > 1
    for g, e in zip(got, expected, strict=True):
        np.testing.assert_allclose(g, e, rtol=1e-12, atol=1e-12)
    assert _memory.current_device() == 0


def test_a_device_has_its_namespace_and_a_namespace_its_device():
    xp = namespace_of(device("cuda:1"))
    assert (xp.library, xp.device_index) == ("cupy", 1)
    assert device_of(xp) == device("cuda:1")
    assert namespace_of("cuda") is namespace_of("cuda:0")
    assert namespace_of("cuda:0") is not xp


def test_gradients_travel_back_between_devices():
    x = gt.ones(2, 3, requires_grad=True)
    (x.to("cuda:0") * 2.0).to("cuda:1").sum().backward()
    assert x.grad.device == device("cpu")
    assert x.grad.tolist() == [[2.0] * 3] * 2


def test_devices_do_not_mix():
    with pytest.raises(DeviceError, match="cuda:0"):
        gt.ones(2).cuda() + gt.ones(2)
    with pytest.raises(DeviceError, match="cuda:1"):
        gt.ones(2).cuda() * gt.ones(2).to("cuda:1")


def test_numbers_on_the_cpu_mix_with_any_device():
    out = gt.ones(2).to("cuda:1") * gt.tensor(3.0)
    assert out.device == device("cuda:1")
    assert out.tolist() == [3, 3]


def test_a_cuda_tensor_is_no_numpy_array_without_being_asked():
    with pytest.raises(TypeError, match=r"\.cpu\(\)"):
        np.asarray(gt.ones(2).cuda())
    with pytest.raises(TypeError, match=r"\.cpu\(\)"):
        gt.ones(2).cuda().numpy()


def test_cuda_tensors_print_with_their_device():
    assert repr(gt.ones(2).cuda()) == "tensor([1., 1.], device='cuda:0')"


def test_arithmetic_does_not_wait_for_the_device():
    x = gt.ones(4, 4).cuda().requires_grad_()
    before = _memory.copies_to_host[0]
    ((x @ x) * 2.0 + 1).exp().sum().backward()
    assert _memory.copies_to_host[0] == before


def test_without_a_gpu_cuda_raises_one_sentence():
    with doubles.installed(devices=0), pytest.raises(DeviceError, match=r"finds no GPU|hides every GPU"):
        gt.ones(2).cuda()


def test_gputensor_cuda_speaks_to_the_double():
    from gputensor import cuda

    assert cuda.is_available()
    assert cuda.device_count() == 2
    assert cuda.get_device_name(1) == "Double of a GPU"
    before = cuda.memory_allocated()
    x = gt.zeros(1000).cuda()
    assert cuda.memory_allocated() == before + 4000
    del x
    assert cuda.memory_allocated() == before
    start, end = cuda.Event(enable_timing=True), cuda.Event(enable_timing=True)
    start.record()
    end.record()
    cuda.synchronize()
    assert start.elapsed_time(end) >= 0


def losses(where):
    """The losses of five training steps of a small convolutional network."""
    from gputensor import nn, optim

    gt.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 10)
    ).to(where)
    optimizer = optim.Adam(net.parameters(), lr=1e-2)
    rng = np.random.default_rng(0)
    x = gt.from_numpy(rng.normal(size=(16, 1, 8, 8)).astype(np.float32)).to(where)
    y = gt.from_numpy(rng.integers(0, 10, 16)).to(where)
    found = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def test_a_network_trains_as_on_the_cpu():
    # float32 sums in another order
    np.testing.assert_allclose(losses("cuda"), losses("cpu"), rtol=1e-5)


def test_operators_in_a_forward_run_on_their_operands_device():
    x = gt.from_numpy(np.arange(6.0).reshape(2, 3)).to("cuda:1")
    np.testing.assert_allclose(gt.softmax(x, 1).cpu().numpy().sum(1), 1.0)


def test_second_derivatives_travel_between_devices():
    x = gt.ones(3, requires_grad=True)
    (g,) = gt.autograd.grad((x.cuda() ** 3).sum(), [x], create_graph=True)
    (h,) = gt.autograd.grad(g.sum(), [x])
    assert h.tolist() == [6.0] * 3
