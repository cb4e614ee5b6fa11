"""Older forms that PyTorch still takes: programs of some years ago are written in them."""

import pytest

import gputensor as gt
from gputensor import nn


def test_the_older_backward_hook_sees_the_gradients_and_can_be_removed():
    layer, seen = nn.Sequential(nn.Linear(2, 3), nn.ReLU()), []
    handle = layer.register_backward_hook(lambda module, inner, outer: seen.append((module, inner, outer)))
    x = gt.ones(4, 2, requires_grad=True)
    layer(x).sum().backward()
    [(module, inner, outer)] = seen
    assert module is layer
    assert [g.shape for g in inner] == [(4, 2)]
    assert [g.shape for g in outer] == [(4, 3)]
    assert gt.equal(inner[0], x.grad)
    handle.remove()
    layer(x).sum().backward()
    assert len(seen) == 1


@pytest.mark.parametrize("loss", ["BCELoss", "MSELoss", "L1Loss", "SmoothL1Loss"])
def test_the_older_name_of_the_mean_warns_and_is_the_mean(loss):
    x, y = gt.tensor([0.5, 0.25]), gt.tensor([1.0, 0.0])
    with pytest.warns(UserWarning, match="elementwise_mean"):
        found = getattr(nn, loss)(reduction="elementwise_mean")(x, y)
    assert found.item() == getattr(nn, loss)()(x, y).item()


def test_the_older_name_of_the_mean_is_taken_beside_class_numbers():
    with pytest.warns(UserWarning, match="elementwise_mean"):
        found = nn.functional.cross_entropy(gt.zeros(2, 3), gt.tensor([1, 0]), reduction="elementwise_mean")
    assert found.item() == pytest.approx(1.0986, abs=1e-4)


def test_cuda_takes_no_other_device():
    for ask in (lambda: gt.zeros(2).cuda("cpu"), lambda: nn.Linear(1, 1).cuda(gt.device("cpu"))):
        with pytest.raises(gt.errors.DeviceError, match=r"cuda: device must be a GPU.*use .to\('cpu'\)"):
            ask()


def test_a_subclass_is_made_as_older_parameters_were():
    class Named(gt.Tensor):
        pass

    data = gt.zeros(2)
    made = gt.Tensor._make_subclass(Named, data, True)
    assert (type(made), made.requires_grad, made.is_leaf) == (Named, True, True)
    data[0] = 3
    assert made.tolist() == [3, 0]
    assert type(made + 1) is Named


def test_the_old_types_print_as_what_tensors_call_them():
    assert repr(gt.FloatTensor) == f"<class '{gt.zeros(1).type()}'>" == "<class 'gputensor.FloatTensor'>"


def test_a_sampler_without_a_group_raises_as_pytorchs_does():
    for kind in (ValueError, RuntimeError):
        with pytest.raises(kind, match="there is no group; call"):
            gt.utils.data.distributed.DistributedSampler([1, 2])
