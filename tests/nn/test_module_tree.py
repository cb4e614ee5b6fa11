"""Walking over modules and finding them by name."""

import pytest

import gputensor as gt
from gputensor import nn


@pytest.fixture
def net():
    """outer.0 is a Sequential of an Identity and a PReLU; outer.1 is that same PReLU again."""
    shared = nn.PReLU()
    outer = nn.Sequential(nn.Sequential(nn.Identity(), shared), shared)
    outer[0].register_buffer("mark", gt.zeros(1))
    return outer


def names(pairs):
    return [name for name, _ in pairs]


def test_modules_come_once_parents_first(net):
    assert names(net.named_modules()) == ["", "0", "0.0", "0.1"]
    assert len(list(net.modules())) == 4
    assert names(net.named_modules(remove_duplicate=False)) == ["", "0", "0.0", "0.1", "1"]
    assert names(net.named_modules(prefix="net")) == ["net", "net.0", "net.0.0", "net.0.1"]


def test_children_come_once(net):
    net.append(net[0])
    assert names(net.named_children()) == ["0", "1"]
    assert len(list(net.children())) == 2


def test_parameters_come_once_under_their_first_name(net):
    assert names(net.named_parameters()) == ["0.1.weight"]
    assert names(net.named_parameters(remove_duplicate=False)) == ["0.1.weight", "1.weight"]
    assert names(net.named_parameters(prefix="net")) == ["net.0.1.weight"]
    assert names(net.named_parameters(recurse=False)) == []
    assert len(list(net.parameters())) == 1


def test_a_shared_parameter_comes_once():
    a, b = nn.PReLU(), nn.PReLU()
    b.weight = a.weight
    assert names(nn.Sequential(a, b).named_parameters()) == ["0.weight"]
    assert names(nn.Sequential(a, b).named_parameters(remove_duplicate=False)) == ["0.weight", "1.weight"]


def test_buffers_have_dotted_names(net):
    assert names(net.named_buffers()) == ["0.mark"]
    assert len(list(net.buffers())) == 1
    assert list(net.buffers(recurse=False)) == []


def test_members_are_found_by_dotted_name(net):
    assert net.get_submodule("0.1") is net[1]
    assert net.get_submodule("") is net
    assert net.get_parameter("0.1.weight") is net[1].weight
    assert net.get_buffer("0.mark") is net[0].mark


@pytest.mark.parametrize(
    ("find", "target", "words"),
    [
        ("get_submodule", "0.7", "no attribute `7`"),
        ("get_submodule", "0.training", "`training` is not an nn.Module"),
        ("get_parameter", "0.nothing", "no attribute `nothing`"),
        ("get_parameter", "0.mark", "`mark` is not an nn.Parameter"),
        ("get_buffer", "0.1.weight", "`weight` is not a buffer"),
        ("get_buffer", "9.mark", "no attribute `9`"),
    ],
)
def test_what_is_not_there_is_named(net, find, target, words):
    with pytest.raises(AttributeError, match=words):
        getattr(net, find)(target)


def test_a_submodule_can_be_put_in_its_place(net):
    fresh = nn.Identity()
    net.set_submodule("0.0", fresh)
    assert net[0][0] is fresh
    net.set_submodule("0.extra", fresh)
    assert net[0].extra is fresh
    with pytest.raises(AttributeError, match="no attribute `more`"):
        net.set_submodule("0.more", fresh, strict=True)
    with pytest.raises(ValueError, match="without a target name"):
        net.set_submodule("", fresh)
    with pytest.raises(ValueError, match="not an nn"):
        net.set_submodule("0.0", 3)
    with pytest.raises(AttributeError, match="`training` is not an nn"):
        net.set_submodule("0.training", fresh)


def test_apply_calls_children_first(net):
    seen = []
    assert net.apply(lambda module: seen.append(type(module).__name__)) is net
    assert seen == ["Identity", "PReLU", "Sequential", "PReLU", "Sequential"]
