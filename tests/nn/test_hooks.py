"""Hooks around the call of modules."""

import copy
import pickle

import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn.modules import hooks


def echo(module, args):
    """A forward hook that can be pickled."""


class Add(nn.Module):
    def forward(self, input, other=1.0):
        if isinstance(input, str):
            raise ValueError("text")
        return input + other


def test_a_pre_hook_may_replace_the_arguments():
    m = Add()
    m.register_forward_pre_hook(lambda module, args: args[0] * 10)
    assert m(gt.ones(1)).item() == 11.0
    m.register_forward_pre_hook(lambda module, args: (args[0], 5.0))
    assert m(gt.ones(1)).item() == 15.0


def test_a_pre_hook_with_kwargs_sees_and_replaces_them():
    m = Add()
    m.register_forward_pre_hook(lambda module, args, kwargs: (args, {"other": kwargs["other"] * 2}), with_kwargs=True)
    assert m(gt.ones(1), other=3.0).item() == 7.0
    m.register_forward_pre_hook(lambda module, args, kwargs: 3, with_kwargs=True)
    with pytest.raises(RuntimeError, match="tuple of"):
        m(gt.ones(1), other=3.0)


def test_a_hook_may_replace_the_output():
    m = Add()
    m.register_forward_hook(lambda module, args, output: None)
    m.register_forward_hook(lambda module, args, output: output * 10)
    m.register_forward_hook(lambda module, args, kwargs, output: output + kwargs["other"], with_kwargs=True)
    assert m(gt.ones(1), other=2.0).item() == 32.0


def test_hooks_run_in_order_and_prepended_ones_first():
    m, seen = Add(), []
    m.register_forward_hook(lambda *_: seen.append("second"))
    m.register_forward_hook(lambda *_: seen.append("first"), prepend=True)
    m.register_forward_pre_hook(lambda *_: seen.append("before"))
    m.register_forward_pre_hook(lambda *_: seen.append("long before"), prepend=True)
    m(gt.ones(1))
    assert seen == ["long before", "before", "first", "second"]


def test_a_handle_takes_its_hook_away():
    m = Add()
    handle = m.register_forward_hook(lambda module, args, kwargs, output: output * 10, with_kwargs=True)
    with m.register_forward_pre_hook(lambda module, args: (args[0] * 2,)):
        assert m(gt.ones(1)).item() == 30.0
    handle.remove()
    handle.remove()
    assert m(gt.ones(1)).item() == 2.0
    assert not m._forward_hooks_with_kwargs


def test_an_always_called_hook_runs_when_forward_raises():
    m, seen = Add(), []
    m.register_forward_hook(lambda module, args, output: seen.append(output), always_call=True)
    m.register_forward_hook(lambda module, args, output: seen.append("skipped"))
    with pytest.raises(ValueError, match="text"):
        m("a")
    assert seen == [None]
    m(gt.ones(1))
    assert len(seen) == 3


def test_an_always_called_hook_that_raises_too_is_a_warning():
    m = Add()

    def fail(module, args, kwargs, output):
        raise RuntimeError("in the hook")

    m.register_forward_hook(fail, always_call=True, with_kwargs=True)
    with pytest.warns(UserWarning, match="in the hook"), pytest.raises(ValueError, match="text"):
        m("a")


def test_an_always_called_hook_runs_once():
    m, seen = Add(), []

    def note(module, args, output):
        seen.append(1)

    def fail(module, args, output):
        raise KeyError("later hook")

    m.register_forward_hook(note, always_call=True)
    m.register_forward_hook(fail)
    with pytest.raises(KeyError, match="later hook"):
        m(gt.ones(1))
    assert seen == [1]


def test_a_hook_must_be_callable():
    with pytest.raises(TypeError, match="must be callable, got int"):
        Add().register_forward_hook(3)


def test_hooks_of_every_module_run_around_its_own():
    m, seen = nn.Sequential(Add(), Add()), []
    m[1].register_forward_hook(lambda module, args, output: seen.append("own"))
    with (
        hooks.register_module_forward_pre_hook(lambda module, args: seen.append(f"before {type(module).__name__}")),
        hooks.register_module_forward_hook(lambda module, args, output: seen.append("after")),
    ):
        m(gt.ones(1))
    assert seen == ["before Sequential", "before Add", "after", "before Add", "after", "own", "after"]
    m(gt.ones(1))
    assert len(seen) == 8


def test_hooks_of_every_module_may_see_kwargs_and_errors():
    seen = []
    with (
        hooks.register_module_forward_hook(lambda m, args, kwargs, out: seen.append(kwargs), with_kwargs=True),
        hooks.register_module_forward_hook(lambda m, args, out: seen.append("always"), always_call=True),
    ):
        Add()(gt.ones(1), other=2.0)
        with pytest.raises(ValueError, match="text"):
            Add()("a")
    assert seen == [{"other": 2.0}, "always", "always"]


def test_registration_hooks_see_and_replace_what_is_registered():
    seen = []

    def note(module, name, value):
        seen.append(name)

    with (
        hooks.register_module_parameter_registration_hook(note),
        hooks.register_module_buffer_registration_hook(lambda module, name, value: value + 1),
        hooks.register_module_module_registration_hook(note),
    ):
        m = nn.Module()
        m.weight = nn.Parameter(gt.ones(1))
        m.register_buffer("mark", gt.zeros(1))
        m.inner = nn.Identity()
        m.add_module("other", nn.Identity())
    assert seen == ["weight", "inner", "other"]
    assert m.mark.item() == 1.0


def test_a_deep_copy_has_hooks_of_its_own():
    m = Add()
    m.handle = m.register_forward_hook(lambda module, args, output: output * 10)
    twin = copy.deepcopy(m)
    assert twin(gt.ones(1)).item() == 20.0
    twin.handle.remove()
    assert twin(gt.ones(1)).item() == 2.0
    assert m(gt.ones(1)).item() == 20.0


def test_a_pickled_handle_belongs_to_the_pickled_module():
    m = Add()
    m.handle = m.register_forward_pre_hook(echo)
    twin = pickle.loads(pickle.dumps(m))
    assert len(twin._forward_pre_hooks) == 1
    twin.handle.remove()
    assert len(twin._forward_pre_hooks) == 0
    assert len(m._forward_pre_hooks) == 1
    assert Add().register_forward_pre_hook(echo).id > twin.handle.id
