"""Saving and loading the state of modules; errors that list everything, failures that change nothing."""

import pickle
from collections import OrderedDict

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn


class Leafy(nn.Module):
    """A parameter (2,), a buffer (1,), a buffer that is not saved."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(gt.ones(2))
        self.register_buffer("mean", gt.zeros(1))
        self.register_buffer("scratch", gt.zeros(1), persistent=False)
        self.register_parameter("absent", None)


class Counting(Leafy):
    """Has extra state."""

    _version = 3
    hits = 0

    def get_extra_state(self):
        return {"hits": self.hits}

    def set_extra_state(self, state):
        if state["hits"] < 0:
            raise RuntimeError("hits must not be negative")
        self.hits = state["hits"]


@pytest.fixture
def net():
    return nn.Sequential(Leafy(), Counting())


def values(net):
    return {name: value.tolist() for name, value in net.state_dict().items() if isinstance(value, gt.Tensor)}


def filled(net, value):
    return {name: gt.zeros(*v.shape) + value if isinstance(v, gt.Tensor) else v for name, v in net.state_dict().items()}


def test_a_state_has_parameters_persistent_buffers_and_extra_state_in_order(net):
    state = net.state_dict()
    assert type(state) is OrderedDict
    assert list(state) == ["0.weight", "0.mean", "1.weight", "1.mean", "1._extra_state"]
    assert state["1._extra_state"] == {"hits": 0}
    assert state._metadata == {"": {"version": 1}, "0": {"version": 1}, "1": {"version": 3}}


def test_a_state_shares_memory_and_has_no_history(net):
    state = net.state_dict()
    assert not state["0.weight"].requires_grad
    with gt.no_grad():
        net[0].weight.fill_(4.0)
    assert state["0.weight"].tolist() == [4.0, 4.0]
    assert net.state_dict(keep_vars=True)["0.weight"] is net[0].weight


def test_a_state_can_be_given_a_prefix_and_a_destination(net):
    assert next(iter(net.state_dict(prefix="net."))) == "net.0.weight"
    target = {}
    assert net.state_dict(destination=target, prefix="p.") is target
    assert "p.1.mean" in target


def test_positional_arguments_still_work_with_a_warning(net):
    target = OrderedDict()
    with pytest.warns(FutureWarning, match="keyword"):
        assert net.state_dict(target, "p.", True) is target
    assert target["p.0.weight"] is net[0].weight


def test_what_was_saved_is_loaded(net):
    other = nn.Sequential(Leafy(), Counting())
    with gt.no_grad():
        net[0].weight.fill_(4.0)
    net[1].hits = 7
    weight = other[0].weight
    result = other.load_state_dict(net.state_dict())
    assert repr(result) == "<All keys matched successfully>"
    assert result.missing_keys == []
    assert values(other) == values(net)
    assert other[1].hits == 7
    assert other[0].weight is weight
    assert other[0].weight.array is not net[0].weight.array


def test_loading_casts_to_the_dtype_of_the_module(net):
    state = {name: v.double() if isinstance(v, gt.Tensor) else v for name, v in filled(net, 2.0).items()}
    net.load_state_dict(state)
    assert repr(net[0].weight.dtype) == "gputensor.float32"
    assert net[0].weight.tolist() == [2.0, 2.0]


def test_a_state_survives_a_pickle_with_its_metadata(net):
    state = pickle.loads(pickle.dumps(net.state_dict()))
    assert state._metadata["1"] == {"version": 3}
    net.load_state_dict(state)


def test_one_error_lists_everything_and_nothing_has_changed(net):
    before = values(net)
    state = filled(net, 5.0)
    del state["0.weight"]
    state["1.weight"] = gt.ones(3)
    state["1.mean"] = "text"
    state["stray"] = gt.ones(1)
    state["0.deep.stray"] = gt.ones(1)
    with pytest.raises(RuntimeError) as caught:
        net.load_state_dict(state)
    message = str(caught.value)
    assert message.startswith("Error(s) in loading state_dict for Sequential:")
    for words in (
        'Missing key(s) in state_dict: "0.weight". ',
        'Unexpected key(s) in state_dict: "stray", "0.deep.stray". ',
        "size mismatch for 1.weight: copying a param with shape gputensor.Size([3]) from checkpoint, "
        "the shape in current model is gputensor.Size([2]).",
        'the parameter named "1.mean", expected gputensor.Tensor from checkpoint but received',
    ):
        assert words in message
    assert values(net) == before


def test_without_strict_only_names_may_differ(net):
    state = filled(net, 5.0)
    del state["0.weight"], state["1._extra_state"]
    state["stray"] = gt.ones(1)
    result = net.load_state_dict(state, strict=False)
    assert result.missing_keys == ["0.weight", "1._extra_state"]
    assert result.unexpected_keys == ["stray"]
    assert repr(result) == ("_IncompatibleKeys(missing_keys=['0.weight', '1._extra_state'], unexpected_keys=['stray'])")
    assert net[0].weight.tolist() == [1.0, 1.0]
    assert net[1].weight.tolist() == [5.0, 5.0]
    state["0.mean"] = gt.ones(4)
    with pytest.raises(RuntimeError, match=r"size mismatch for 0\.mean"):
        net.load_state_dict(state, strict=False)


def test_a_state_must_be_a_mapping(net):
    with pytest.raises(TypeError, match="dict-like"):
        net.load_state_dict([1, 2])


def test_a_name_registered_as_none_is_unexpected(net):
    with pytest.raises(RuntimeError, match=r'Unexpected key\(s\) in state_dict: "0.absent"'):
        net.load_state_dict({**filled(net, 1.0), "0.absent": gt.ones(1)})


def test_one_element_loads_into_a_scalar():
    m = nn.Module()
    m.scale = nn.Parameter(gt.tensor(0.0))
    m.load_state_dict({"scale": gt.tensor([3.0])})
    assert m.scale.item() == 3.0


def test_assign_takes_the_tensors_themselves(net):
    state = {name: v.double() if isinstance(v, gt.Tensor) else v for name, v in filled(net, 2.0).items()}
    net[1].weight.requires_grad_(False)
    net.load_state_dict(state, assign=True)
    assert repr(net[0].weight.dtype) == "gputensor.float64"
    assert net[0].weight.array is state["0.weight"].array
    assert isinstance(net[0].weight, nn.Parameter)
    assert net[0].weight.requires_grad
    assert not net[1].weight.requires_grad
    assert net[0].mean is state["0.mean"]


def test_a_failed_assign_changes_nothing(net):
    weight, state = net[0].weight, filled(net, 2.0)
    state["1.weight"] = gt.ones(9)
    with pytest.raises(RuntimeError, match="size mismatch"):
        net.load_state_dict(state, assign=True)
    assert net[0].weight is weight


def test_loading_does_not_change_the_state(net):
    state = filled(net, 2.0)
    before = list(state)
    net[0].register_load_state_dict_pre_hook(lambda module, state, prefix, *rest: state.pop(prefix + "weight"))
    with pytest.raises(RuntimeError, match="Missing"):
        net.load_state_dict(state)
    assert list(state) == before


def test_memory_that_cannot_be_written_is_refused_before_anything_is():
    m = nn.Module()
    m.first = nn.Parameter(gt.ones(2))
    frozen = np.ones(2, np.float32)
    frozen.flags.writeable = False
    m.second = nn.Parameter(gt.from_numpy(frozen))
    with pytest.raises(RuntimeError, match=r'parameter named "second".*read-only'):
        m.load_state_dict({"first": gt.zeros(2), "second": gt.zeros(2)})
    assert m.first.tolist() == [1.0, 1.0]


def test_extra_state_that_is_refused_takes_everything_back(net):
    before = values(net)
    state = filled(net, 5.0)
    state["1._extra_state"] = {"hits": -1}
    with pytest.raises(RuntimeError, match="hits must not be negative"):
        net.load_state_dict(state)
    assert values(net) == before


def test_extra_state_without_its_setter_is_unexpected():
    with pytest.raises(RuntimeError, match="Unexpected"):
        Leafy().load_state_dict({"weight": gt.ones(2), "mean": gt.ones(1), "_extra_state": 1})
    with pytest.raises(RuntimeError, match="must write get_extra_state"):
        nn.Module().get_extra_state()
    with pytest.raises(RuntimeError, match="must write get_extra_state"):
        nn.Module().set_extra_state(1)


def test_hooks_see_a_state_before_and_after_it_is_saved(net):
    seen = []
    before = net[0].register_state_dict_pre_hook(lambda module, prefix, keep_vars: seen.append((prefix, keep_vars)))
    after = net[0].register_state_dict_post_hook(lambda module, state, prefix, metadata: state.pop(prefix + "mean"))
    with pytest.raises(RuntimeError, match="must return None"):
        net.state_dict()
    after.remove()

    def drop(module, state, prefix, metadata):
        del state[prefix + "mean"]

    after = net[0].register_state_dict_post_hook(drop)
    assert list(net.state_dict()) == ["0.weight", "1.weight", "1.mean", "1._extra_state"]
    assert seen[-1] == ("0.", False)
    before.remove()
    after.remove()
    assert "0.mean" in net.state_dict()


def test_a_private_hook_may_replace_the_state(net):
    net._register_state_dict_hook(lambda module, state, prefix, metadata: {"all": len(state)})
    assert net.state_dict() == {"all": 5}


def test_a_pre_hook_of_loading_may_rename(net):
    state = filled(net, 2.0)
    state["0.old"] = state.pop("0.weight")

    def rename(module, state, prefix, metadata, strict, missing, unexpected, errors):
        assert isinstance(module, Leafy)
        if prefix + "old" in state:
            state[prefix + "weight"] = state.pop(prefix + "old")

    net[0].register_load_state_dict_pre_hook(rename)
    net.load_state_dict(state)
    assert net[0].weight.tolist() == [2.0, 2.0]


def test_a_post_hook_of_loading_sees_the_loaded_values_and_may_forgive(net):
    seen = []

    def forgive(module, incompatible):
        seen.append(module.weight.tolist())
        incompatible.missing_keys.clear()

    net[1].register_load_state_dict_post_hook(forgive)
    state = filled(net, 2.0)
    del state["0.mean"]
    net.load_state_dict(state)
    assert seen == [[2.0, 2.0]]


def test_a_post_hook_that_does_not_forgive_leaves_nothing_changed(net):
    before = values(net)
    net[1].register_load_state_dict_post_hook(lambda module, incompatible: None)
    state = filled(net, 2.0)
    del state["0.mean"]
    with pytest.raises(RuntimeError, match=r'Missing.*"0\.mean"'):
        net.load_state_dict(state)
    assert values(net) == before


def test_a_post_hook_must_return_none(net):
    net[1].register_load_state_dict_post_hook(lambda module, incompatible: 1)
    before = values(net)
    with pytest.raises(RuntimeError, match="must return None"):
        net.load_state_dict(filled(net, 2.0))
    assert values(net) == before


def test_a_subclass_may_convert_old_states():
    class Renamed(Leafy):
        def _load_from_state_dict(self, state_dict, prefix, local_metadata, *rest):
            assert local_metadata == {"version": 1}
            state_dict[prefix + "weight"] = state_dict.pop(prefix + "kernel")
            super()._load_from_state_dict(state_dict, prefix, local_metadata, *rest)

    m = nn.Sequential(Renamed())
    state = m.state_dict()
    state["0.kernel"] = state.pop("0.weight") + 1
    m.load_state_dict(state)
    assert m[0].weight.tolist() == [2.0, 2.0]


def test_loading_one_module_by_itself_writes_at_once():
    m = Leafy()
    errors = []
    m._load_from_state_dict({"p.weight": gt.zeros(2), "p.mean": gt.ones(1)}, "p.", {}, True, [], [], errors)
    assert errors == []
    assert m.weight.tolist() == [0.0, 0.0]


def test_a_tied_parameter_is_saved_under_both_names_and_loaded_once_more():
    a, b = Leafy(), Leafy()
    b.weight = a.weight
    net = nn.Sequential(a, b)
    state = net.state_dict()
    assert state["0.weight"].array is state["1.weight"].array
    net.load_state_dict(filled(net, 3.0))
    assert net[0].weight is net[1].weight
    assert net[0].weight.tolist() == [3.0, 3.0]


def test_a_write_by_loading_is_seen_by_backward():
    m = Leafy()
    loss = (m.weight * m.weight).sum()
    m.load_state_dict({"weight": gt.zeros(2), "mean": gt.zeros(1)})
    with pytest.raises(gt.errors.GradError, match="changed in place"):
        loss.backward()


def test_complex_values_for_real_parameters_warn():
    model = gt.nn.Linear(2, 1)
    state = {"weight": gt.ones(1, 2, dtype=gt.complex64) * (2 + 1j), "bias": gt.zeros(1)}
    with pytest.warns(UserWarning, match="weight is real, and loses the imaginary part"):
        model.load_state_dict(state)
    assert model.weight.tolist() == [[2, 2]]
    with pytest.raises(TypeError, match=r"state_dict\(\) returned, got NoneType"):
        gt.optim.SGD(model.parameters(), lr=0.1).load_state_dict(None)
