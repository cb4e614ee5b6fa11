"""Programs for many devices on one: wrappers, parts of batches, replicas."""

from typing import NamedTuple

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn import parallel
from gputensor.nn.parallel.scatter_gather import scatter_kwargs


def net():
    gt.manual_seed(2)
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))


@pytest.mark.parametrize("wrap", [nn.DataParallel, parallel.DistributedDataParallel])
def test_a_wrapped_module_is_the_module(wrap):
    plain, wrapped = net(), wrap(net())
    assert list(wrapped.state_dict()) == ["module." + name for name in plain.state_dict()]
    x = gt.tensor(np.random.default_rng(1).standard_normal((5, 2)), dtype=gt.float32)
    for model in (plain, wrapped):
        model(x).square().sum().backward()
    for p, q in zip(plain.parameters(), wrapped.parameters(), strict=True):
        assert p.grad.equal(q.grad)
    assert wrapped.eval()(x).equal(plain.eval()(x))
    assert wrapped.module.training is False


@pytest.mark.torch
def test_states_are_pytorchs():
    torch = pytest.importorskip("torch")
    theirs = torch.nn.DataParallel(torch.nn.Linear(2, 3))
    ours = nn.DataParallel(nn.Linear(2, 3))
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert repr(ours) == repr(theirs)


def test_a_wrapped_module_moves_to_the_first_gpu_with_its_inputs(gpus):
    for model in (nn.DataParallel(net()), parallel.DistributedDataParallel(net().cuda(), device_ids=[0])):
        assert {str(p.device) for p in model.parameters()} == {"cuda:0"}
        out = model(gt.ones(4, 2))
        assert str(out.device) == "cuda:0"
        out.sum().backward()
    with pytest.warns(UserWarning, match="only the first, cuda:1, is used"):
        model = nn.DataParallel(nn.Linear(2, 1), device_ids=[1, 0], output_device=0)
    assert {str(p.device) for p in model.parameters()} == {"cuda:1"}
    assert str(model(gt.ones(4, 2)).device) == "cuda:0"
    model.module.to("cuda:0")
    with pytest.raises(RuntimeError, match="the module must be on cuda:1"):
        model(gt.ones(4, 2))


def test_parts_of_a_batch_run_on_two_gpus(gpus):
    model = nn.Linear(2, 3).double().cuda()
    x = gt.tensor(np.random.default_rng(1).standard_normal((5, 2)), device="cuda:0", requires_grad=True)
    out = parallel.data_parallel(model, x, [0, 1])
    assert str(out.device) == "cuda:0"
    np.testing.assert_allclose(out.detach().cpu().numpy(), model(x).detach().cpu().numpy(), rtol=1e-12)
    out.square().sum().backward()
    got = [x.grad, *[p.grad for p in model.parameters()]]
    expected = gt.autograd.grad(model(x).square().sum(), [x, *model.parameters()])
    for a, b in zip(got, expected, strict=True):
        np.testing.assert_allclose(a.cpu().numpy(), b.cpu().numpy(), rtol=1e-12)


def test_without_synchronisation_gradients_add_up():
    model = parallel.DistributedDataParallel(nn.Linear(2, 1))
    with model.no_sync():
        assert model.require_backward_grad_sync is False
        model(gt.ones(1, 2)).sum().backward()
    with model.join():
        model(gt.ones(1, 2)).sum().backward()
    assert model.module.weight.grad.tolist() == [[2.0, 2.0]]
    model.register_comm_hook(None, print)


def test_what_the_wrappers_refuse():
    with pytest.raises(ValueError, match="single element"):
        parallel.DistributedDataParallel(nn.Linear(2, 1), device_ids=[0, 1])
    with pytest.raises(RuntimeError, match="doesn't have any parameter that requires a gradient"):
        parallel.DistributedDataParallel(nn.ReLU())
    with pytest.raises(RuntimeError, match="uninitialized"):
        parallel.replicate(nn.LazyLinear(2), ["cpu"])
    with pytest.raises(RuntimeError, match="got 1 modules, 2 inputs"):
        parallel.parallel_apply([nn.Identity()], [gt.ones(1), gt.ones(1)])
    with pytest.raises(RuntimeError, match="at least one device"):
        parallel.scatter(gt.ones(1), [])


class Pair(NamedTuple):
    x: gt.Tensor
    y: int


def test_batches_are_cut_and_joined():
    x = gt.arange(5)
    two = ["cpu", "cpu"]
    assert [p.tolist() for p in parallel.scatter(x, two)] == [[0, 1, 2], [3, 4]]
    assert len(parallel.scatter(x[:1], two)) == 1
    first, second = parallel.scatter({"a": (x, 7), "b": [x]}, two)
    assert (first["a"][0].tolist(), second["a"], second["b"][0].tolist()) == ([0, 1, 2], (second["a"][0], 7), [3, 4])
    assert [p.x.tolist() for p in parallel.scatter(Pair(x, 1), two)] == [[0, 1, 2], [3, 4]]
    places, named = scatter_kwargs((x,), {"k": 1}, two)
    assert (len(places), named) == (2, ({"k": 1}, {"k": 1}))
    assert scatter_kwargs((), None, two) == ((), ())
    joined = parallel.gather([{"a": (x[:3], x[0])}, {"a": (x[3:], x[1])}], "cpu")
    assert [t.tolist() for t in joined["a"]] == [[0, 1, 2, 3, 4], [0, 1]]
    assert parallel.gather([Pair(x, x), Pair(x, x)], -1).y.shape == (10,)
    assert parallel.gather([None, None], "cpu") is None
    with pytest.raises(ValueError, match="same number of keys"):
        parallel.gather([{"a": x}, {}], "cpu")


def test_gradients_flow_through_parts_and_replicas():
    model = nn.Linear(2, 1)
    x = gt.ones(4, 2, requires_grad=True)
    parallel.data_parallel(model, x, ["cpu", "cpu"]).sum().backward()
    assert model.weight.grad.tolist() == [[4.0, 4.0]]
    assert x.grad.shape == (4, 2)
    replicas = parallel.replicate(model, ["cpu", "cpu"], detach=True)
    assert not replicas[0].weight.requires_grad
    outputs = parallel.parallel_apply(replicas, [gt.ones(1, 2), (gt.ones(1, 2),)], [{}, {}], ["cpu", "cpu"])
    assert outputs[0].equal(outputs[1])
    assert parallel.data_parallel(model, x).equal(model(x))


def test_paths_that_programs_import():
    from gputensor.nn.modules.activation import MultiheadAttention
    from gputensor.nn.modules.batchnorm import _BatchNorm, _NormBase
    from gputensor.nn.modules.container import ModuleList
    from gputensor.nn.modules.conv import _ConvNd
    from gputensor.nn.modules.instancenorm import InstanceNorm1d
    from gputensor.nn.modules.lazy import LazyModuleMixin
    from gputensor.nn.modules.linear import NonDynamicallyQuantizableLinear
    from gputensor.nn.modules.loss import _Loss
    from gputensor.nn.modules.rnn import GRU, LSTM, RNN, RNNBase
    from gputensor.nn.modules.transformer import TransformerEncoder, TransformerEncoderLayer
    from gputensor.nn.modules.utils import _list_with_default, _pair, _quadruple, _single, _triple
    from gputensor.nn.parallel.distributed import DistributedDataParallel
    from gputensor.nn.utils.clip_grad import clip_grad_norm_
    from gputensor.nn.utils.convert_parameters import parameters_to_vector

    assert clip_grad_norm_ is nn.utils.clip_grad_norm_
    assert parameters_to_vector is nn.utils.parameters_to_vector
    assert MultiheadAttention is nn.MultiheadAttention
    assert DistributedDataParallel is parallel.DistributedDataParallel
    assert InstanceNorm1d is nn.InstanceNorm1d
    assert ModuleList is nn.ModuleList
    assert isinstance(nn.Conv2d(1, 1, 1), _ConvNd)
    assert isinstance(nn.BatchNorm2d(1), _BatchNorm)
    assert isinstance(nn.InstanceNorm2d(1), _NormBase)
    assert isinstance(nn.MSELoss(), _Loss)
    assert isinstance(nn.LazyLinear(1), LazyModuleMixin)
    assert all(issubclass(kind, RNNBase) for kind in (RNN, LSTM, GRU))
    assert isinstance(nn.MultiheadAttention(2, 1).out_proj, NonDynamicallyQuantizableLinear)
    assert (TransformerEncoder, TransformerEncoderLayer) == (nn.TransformerEncoder, nn.TransformerEncoderLayer)
    assert (_single(1), _pair(2), _triple(3), _quadruple((1, 2, 3, 4))) == ((1,), (2, 2), (3, 3, 3), (1, 2, 3, 4))
    assert _list_with_default(3, [1]) == 3
    with pytest.raises(ValueError, match="at least 3"):
        _list_with_default([1, None], [1, 2])
