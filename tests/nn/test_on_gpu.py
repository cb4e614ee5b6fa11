"""Modules and optimizers on GPUs: those that the strict double of CuPy plays, and a real one."""

import copy

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn


@pytest.fixture(params=["double", pytest.param("real", marks=pytest.mark.gpu)])
def where(request):
    """A device to train on."""
    if request.param == "double":
        request.getfixturevalue("gpus")
        return "cuda:0"
    return "cuda:0"


def net():
    gt.manual_seed(1)
    return nn.Sequential(nn.Linear(6, 8), nn.LayerNorm(8), nn.Tanh(), nn.Linear(8, 200), nn.ReLU(), nn.Linear(200, 3))


def trained(model, make, device, steps=4, dtype="float64"):
    """The losses of some steps."""
    rng = np.random.default_rng(2)
    optimizer = make(model.parameters())
    losses = []
    for _ in range(steps):
        x = gt.tensor(rng.standard_normal((5, 6)), device=device).to(dtype)
        y = gt.tensor(rng.standard_normal((5, 3)), device=device).to(dtype)
        optimizer.zero_grad()
        loss = nn.MSELoss()(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
        losses.append(loss.item())
    return losses, optimizer


OPTIMIZERS = {
    "SGD": lambda ps: gt.optim.SGD(ps, lr=0.1, momentum=0.9, weight_decay=0.01),
    "Adam": lambda ps: gt.optim.Adam(ps, lr=0.01, amsgrad=True),
    "AdamW": lambda ps: gt.optim.AdamW(ps, lr=0.01, weight_decay=0.1),
}


def test_a_module_moves_in_place_and_back(where):
    model = net()
    weight, before = model[0].weight, model[0].weight.tolist()
    model.register_buffer("count", gt.tensor([1, 2]))
    assert model.to(where) is model
    assert model[0].weight is weight
    assert {str(p.device) for p in model.parameters()} == {where}
    assert str(model.count.device) == where
    model.cpu()
    assert weight.tolist() == before
    model.cuda(where)
    assert str(weight.device) == where
    assert str(model.to("cpu", gt.float16)[0].weight.device) == "cpu"
    assert weight.dtype == gt.float16


def test_gradients_move_with_their_parameters(where):
    model = net()
    model(gt.ones(2, 6)).sum().backward()
    model.to(where)
    assert str(model[0].weight.grad.device) == where
    model(gt.ones(2, 6, device=where)).sum().backward()
    assert str(model[0].weight.grad.device) == where


def test_layers_are_made_on_a_device(where):
    for layer in (nn.Linear(2, 3, device=where), nn.BatchNorm1d(3, device=where), nn.Embedding(4, 2, device=where)):
        tensors = [*layer.parameters(), *layer.buffers()]
        assert {str(t.device) for t in tensors} == {where}


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_steps_on_a_gpu_are_those_of_the_cpu(where, kind):
    results = []
    for device in ("cpu", where):
        model = net().double().to(device)
        losses, optimizer = trained(model, OPTIMIZERS[kind], device)
        state = optimizer.state[model[0].weight]
        assert all(t.device == model[0].weight.device for name, t in state.items() if name != "step")
        results.append((losses, [p.detach().cpu().numpy() for p in model.parameters()]))
    np.testing.assert_allclose(results[0][0], results[1][0], rtol=1e-8)
    for p, q in zip(results[0][1], results[1][1], strict=True):
        np.testing.assert_allclose(p, q, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_16_bit_parameters_are_stepped_on_a_gpu(where, dtype):
    model = nn.Linear(6, 3).to(dtype).to(where)
    before = model.weight.double().tolist()
    trained(model, OPTIMIZERS["Adam"], where, dtype=dtype)
    assert str(model.weight.device) == where
    assert model.weight.double().tolist() != before


def test_states_are_loaded_across_devices(where):
    model = net().double()
    _, optimizer = trained(model, OPTIMIZERS["Adam"], "cpu")
    twin = net().double().to(where)
    twin.load_state_dict(model.state_dict())
    other = OPTIMIZERS["Adam"](twin.parameters())
    other.load_state_dict(optimizer.state_dict())
    assert str(other.state[twin[0].weight]["exp_avg"].device) == where
    assert str(other.state[twin[0].weight]["step"].device) == "cpu"
    for m, o, device in ((model, optimizer, "cpu"), (twin, other, where)):
        m.zero_grad()
        m(gt.ones(2, 6, dtype=gt.float64, device=device)).sum().backward()
        o.step()
    np.testing.assert_allclose(twin[0].weight.tolist(), model[0].weight.tolist(), rtol=1e-9)


def test_parameters_of_several_devices_in_one_optimizer(where):
    a, b = nn.Parameter(gt.ones(2)), nn.Parameter(gt.ones(3, device=where))
    a.grad, b.grad = gt.ones(2), gt.ones(3, device=where)
    gt.optim.SGD([a, b], lr=0.5).step()
    assert (a.tolist(), b.tolist()) == ([0.5] * 2, [0.5] * 3)
    assert nn.utils.get_total_norm([a.grad, b.grad]).item() == pytest.approx(5**0.5)


def test_copies_stay_on_their_device(where):
    model = copy.deepcopy(net().to(where))
    assert {str(p.device) for p in model.parameters()} == {where}
    p = nn.Parameter(gt.ones(2, device=where))
    assert str(copy.deepcopy(p).device) == where


def test_parameters_on_different_devices_make_no_vector(where):
    with pytest.raises(gt.errors.DeviceError, match="different devices: cpu, cuda"):
        nn.utils.parameters_to_vector([gt.ones(2), gt.ones(2, device=where)])


def test_a_device_that_is_not_there_changes_nothing(gpus):
    model = net()
    with pytest.raises(gt.errors.DeviceError):
        model.to("cuda:99")
    assert {str(p.device) for p in model.parameters()} == {"cpu"}
