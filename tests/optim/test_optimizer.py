"""The base of optimizers: groups, state, closures, hooks, repr, errors."""

import copy
import pickle
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor import optim

from .conftest import give, parameters


@pytest.fixture
def pair():
    return parameters([np.ones(2), np.ones(3)])


def test_options_of_a_group_come_before_the_defaults(pair):
    optimizer = optim.SGD([{"params": [pair[0]], "lr": 0.5}, {"params": pair[1], "momentum": 0.9}], lr=0.1)
    first, second = optimizer.param_groups
    assert (first["lr"], first["momentum"]) == (0.5, 0)
    assert (second["lr"], second["momentum"]) == (0.1, 0.9)
    assert second["params"] == [pair[1]]
    give(pair, [np.ones(2), np.ones(3)])
    optimizer.step()
    assert pair[0].tolist() == [0.5, 0.5]
    assert pair[1].tolist() == [0.9, 0.9, 0.9]


def test_a_group_can_be_added_later(pair):
    optimizer = optim.Adam([pair[0]], lr=0.1)
    give(pair, [np.ones(2), np.ones(3)])
    optimizer.step()
    optimizer.add_param_group({"params": [pair[1]], "lr": 0.2})
    optimizer.step()
    assert optimizer.state[pair[0]]["step"].item() == 2.0
    assert optimizer.state[pair[1]]["step"].item() == 1.0
    np.testing.assert_allclose(pair[1].detach().numpy(), 0.8)


def test_named_parameters_keep_their_names(pair):
    optimizer = optim.SGD([("a", pair[0]), ("b", pair[1])], lr=0.1)
    assert optimizer.param_groups[0]["param_names"] == ["a", "b"]
    assert optimizer.param_groups[0]["params"] == pair
    assert optimizer.state_dict()["param_groups"][0]["param_names"] == ["a", "b"]


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda a, b: a, TypeError, "iterable of Tensors or dicts, but got Parameter"),
        (lambda a, b: {"params": [a]}, TypeError, "iterable of Tensors or dicts, but got dict"),
        (lambda a, b: [], ValueError, "empty parameter list"),
        (lambda a, b: [np.ones(1)], TypeError, "one of the params is ndarray"),
        (lambda a, b: [{"params": {a, b}}], TypeError, "ordered collections"),
        (lambda a, b: [a * 2], ValueError, "non-leaf"),
        (lambda a, b: [{"params": [a]}, {"params": [a, b]}], ValueError, "more than one parameter group"),
        (lambda a, b: [("a", a), b], ValueError, "Some param names are missing"),
        (lambda a, b: [{"params": [("a", a)]}, {"params": [b]}], ValueError, "cannot add param group without names"),
        (lambda a, b: [{"params": [a]}, [b]], TypeError, "param_group must be a dict, but got list"),
    ],
)
def test_bad_parameters_are_refused(pair, make, error, words):
    with pytest.raises(error, match=words):
        optim.SGD(make(*pair), lr=0.1)


def test_a_group_that_is_refused_changes_nothing(pair):
    optimizer = optim.SGD([pair[0]], lr=0.1)
    bad = {"params": pair[0]}
    with pytest.raises(ValueError, match="more than one"):
        optimizer.add_param_group(bad)
    assert len(optimizer.param_groups) == 1
    assert bad == {"params": pair[0]}


def test_a_parameter_given_twice_is_a_warning(pair):
    with pytest.warns(UserWarning, match="duplicate parameters"):
        optim.SGD([pair[0], pair[0]], lr=0.1)


def test_a_required_option_must_be_given(pair):
    class Picky(optim.Optimizer):
        def __init__(self, params):
            super().__init__(params, {"lr": optim.optimizer.required})

    with pytest.raises(ValueError, match="didn't specify a value of required optimization parameter lr"):
        Picky(pair)
    assert Picky([{"params": pair, "lr": 1}]).param_groups[0]["lr"] == 1
    with pytest.raises(NotImplementedError, match="Picky is missing the required step"):
        Picky([{"params": pair, "lr": 1}]).step()


def test_zero_grad_forgets_or_fills(pair):
    optimizer = optim.SGD(pair, lr=0.1)
    give(pair, [np.ones(2), None])
    kept = pair[0].grad
    optimizer.zero_grad(set_to_none=False)
    assert pair[0].grad is kept
    assert kept.tolist() == [0.0, 0.0]
    optimizer.zero_grad()
    assert pair[0].grad is None


@pytest.mark.parametrize("kind", ["SGD", "Adam", "AdamW"])
def test_a_closure_computes_the_gradients_and_its_loss_is_returned(kind):
    p = gt.nn.Parameter(gt.tensor([3.0]))
    optimizer = getattr(optim, kind)([p], lr=0.1)

    def closure():
        optimizer.zero_grad()
        loss = (p * p).sum()
        loss.backward()
        return loss

    with gt.no_grad():
        assert optimizer.step(closure).item() == 9.0
    assert p.item() < 3.0
    assert optimizer.step() is None


def test_parameters_without_gradient_are_left_alone(pair):
    optimizer = optim.Adam(pair, lr=0.1)
    optimizer.step()
    assert not optimizer.state
    give(pair, [None, np.ones(3)])
    optimizer.step()
    assert pair[0].tolist() == [1.0, 1.0]
    assert list(optimizer.state) == [pair[1]]


def test_a_frozen_parameter_that_was_given_a_gradient_moves(pair):
    frozen = gt.nn.Parameter(gt.ones(2), requires_grad=False)
    frozen.grad = gt.ones(2)
    give(pair, [np.ones(2), np.ones(3)])
    optim.SGD([*pair, frozen], lr=0.5).step()
    assert frozen.tolist() == [0.5, 0.5]


# ---------------------------------------------------------------- state dicts


def advanced(kind, params, **options):
    optimizer = getattr(optim, kind)(params, lr=0.1, **options)
    give(params, [np.full(tuple(p.shape), 2.0) for p in params])
    optimizer.step()
    return optimizer


def test_a_state_dict_numbers_the_parameters(pair):
    state = advanced("SGD", pair, momentum=0.9).state_dict()
    assert list(state) == ["state", "param_groups"]
    assert state["param_groups"][0]["params"] == [0, 1]
    assert list(state["state"]) == [0, 1]
    assert state["state"][1]["momentum_buffer"].tolist() == [2.0, 2.0, 2.0]
    groups = optim.SGD([{"params": [pair[1]]}, {"params": [pair[0]]}], lr=0.1).state_dict()["param_groups"]
    assert [g["params"] for g in groups] == [[0], [1]]


@pytest.mark.parametrize(("kind", "options"), [("SGD", {"momentum": 0.9}), ("Adam", {"amsgrad": True}), ("AdamW", {})])
def test_an_optimizer_goes_on_from_a_state_dict(pair, kind, options):
    one = advanced(kind, pair, **options)
    twins = [copy.deepcopy(p) for p in pair]
    two = getattr(optim, kind)(twins, lr=9.0, **options)
    two.load_state_dict(pickle.loads(pickle.dumps(one.state_dict())))
    assert two.param_groups[0]["lr"] == 0.1
    assert two.param_groups[0]["params"] == twins
    for params, optimizer in ((pair, one), (twins, two)):
        give(params, [np.ones(2), np.ones(3)])
        optimizer.step()
    assert [p.tolist() for p in pair] == [p.tolist() for p in twins]


def test_loaded_state_is_a_copy_in_the_dtype_of_the_parameter(pair):
    one = advanced("Adam", pair)
    halves = [gt.nn.Parameter(p.detach().half()) for p in pair]
    two = optim.Adam(halves)
    two.load_state_dict(one.state_dict())
    assert repr(two.state[halves[0]]["exp_avg"].dtype) == "gputensor.float16"
    assert repr(two.state[halves[0]]["step"].dtype) == "gputensor.float32"
    two.state[halves[0]]["step"].fill_(9.0)
    assert one.state[pair[0]]["step"].item() == 1.0


def test_a_state_dict_that_does_not_fit_changes_nothing(pair):
    optimizer = advanced("SGD", pair, momentum=0.9)
    before = optimizer.state_dict()
    other = advanced("SGD", [pair[0]]).state_dict()
    with pytest.raises(ValueError, match="doesn't match the size of optimizer's group: group 0 has 1 parameters"):
        optimizer.load_state_dict(other)
    other["param_groups"] *= 2
    with pytest.raises(ValueError, match="different number of parameter groups"):
        optimizer.load_state_dict(other)
    assert optimizer.state_dict()["param_groups"] == before["param_groups"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": {}, "param_groups": None}, "a list for 'param_groups', got dict and NoneType"),
        ({"state": [], "param_groups": []}, "expected a dict for 'state'"),
        ({"state": {}, "param_groups": [3]}, "a dict with a list for 'params'"),
        ({"state": {}, "param_groups": [{"params": 3}]}, "a dict with a list for 'params'"),
    ],
)
def test_what_is_no_state_dict_is_named(given, words):
    optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=0.1)
    with pytest.raises(TypeError, match=words):
        optimizer.load_state_dict(given)


def test_an_old_state_dict_gets_the_options_that_it_lacks(pair):
    state = advanced("Adam", pair).state_dict()
    for key in ("maximize", "foreach", "capturable", "differentiable", "fused", "decoupled_weight_decay", "amsgrad"):
        del state["param_groups"][0][key]
    for value in state["state"].values():
        value["step"] = 1
    optimizer = optim.Adam(pair)
    optimizer.load_state_dict(state)
    optimizer.step()
    assert repr(optimizer.state[pair[0]]["step"]) == "tensor(2.)"


def test_names_of_parameters_are_kept_by_loading(pair):
    optimizer = optim.SGD([("a", pair[0]), ("b", pair[1])], lr=0.1)
    optimizer.load_state_dict(optim.SGD(pair, lr=0.5).state_dict())
    assert optimizer.param_groups[0]["param_names"] == ["a", "b"]


def test_a_pickled_optimizer_keeps_parameters_and_state(pair):
    optimizer, params = pickle.loads(pickle.dumps((advanced("Adam", pair), pair)))
    assert optimizer.param_groups[0]["params"][0] is params[0]
    give(params, [np.ones(2), np.ones(3)])
    optimizer.step()
    assert optimizer.state[params[0]]["step"].item() == 2.0


# ---------------------------------------------------------------- hooks


def test_hooks_run_around_a_step(pair):
    seen = []
    optimizer = optim.SGD(pair, lr=0.1)
    give(pair, [np.ones(2), None])
    optimizer.register_step_post_hook(lambda o, args, kwargs: seen.append(("own after", pair[0][0].item())))
    optimizer.register_step_pre_hook(lambda o, args, kwargs: seen.append(("own before", args == (optimizer,))))
    with (
        optim.register_optimizer_step_pre_hook(lambda o, args, kwargs: seen.append("before")),
        optim.register_optimizer_step_post_hook(lambda o, args, kwargs: seen.append("after")),
    ):
        optimizer.step()
    assert seen == ["before", ("own before", True), ("own after", 0.9), "after"]


def test_a_pre_hook_may_give_a_closure(pair):
    optimizer = optim.SGD(pair, lr=0.1)
    handle = optimizer.register_step_pre_hook(lambda o, args, kwargs: (args, {"closure": lambda: 7}))
    assert optimizer.step() == 7
    handle.remove()
    optimizer.register_step_pre_hook(lambda o, args, kwargs: 3)
    with pytest.raises(RuntimeError, match="tuple of"):
        optimizer.step()


def test_hooks_run_once_around_a_step_that_calls_its_base_class(pair):
    class Twice(optim.SGD):
        def step(self, closure=None):
            super().step()
            return super().step(closure)

    seen = []
    optimizer = Twice(pair, lr=0.25)
    give(pair, [np.ones(2), None])
    optimizer.register_step_post_hook(lambda *_: seen.append(1))
    optimizer.step()
    assert seen == [1]
    assert pair[0].tolist() == [0.5, 0.5]


def test_hooks_see_and_change_state_dicts(pair):
    optimizer = optim.SGD(pair, lr=0.1)
    seen = []
    optimizer.register_state_dict_pre_hook(lambda o: seen.append("before"))
    optimizer.register_state_dict_post_hook(lambda o, state: {**state, "extra": 1})
    optimizer.register_state_dict_post_hook(lambda o, state: seen.append("extra" in state), prepend=True)
    state = optimizer.state_dict()
    assert state["extra"] == 1
    assert seen == ["before", False]
    optimizer.register_load_state_dict_pre_hook(lambda o, state: seen.append(state.pop("extra")))
    optimizer.register_load_state_dict_post_hook(lambda o: seen.append("after"))
    optimizer.load_state_dict(state)
    assert seen[-2:] == [1, "after"]
    assert state["extra"] == 1


def test_the_repr_lists_the_options(pair):
    assert repr(optim.SGD(pair, lr=0.1)) == (
        "SGD (\nParameter Group 0\n    dampening: 0\n    differentiable: False\n    foreach: None\n    fused: None\n"
        "    lr: 0.1\n"
        "    maximize: False\n    momentum: 0\n    nesterov: False\n    weight_decay: 0\n)"
    )


def test_an_optimizer_of_ones_own_needs_a_formula_only(pair):
    class Sign(optim.Optimizer):
        def __init__(self, params, lr=0.1):
            super().__init__(params, {"lr": lr})

        @gt.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    if p.grad is not None:
                        state = self.state[p]
                        state["count"] = state.get("count", 0) + 1
                        p.sub_(p.grad, alpha=group["lr"])

    optimizer = Sign(pair, lr=0.5)
    give(pair, [np.ones(2), None])
    optimizer.step()
    twin = Sign(pair)
    twin.load_state_dict(optimizer.state_dict())
    assert twin.state[pair[0]] == {"count": 1}
    assert pair[0].tolist() == [0.5, 0.5]


# ---------------------------------------------------------------- beside PyTorch


def converted(value, convert, is_tensor):
    """A state dict with its tensors in the other library."""
    if is_tensor(value):
        return convert(value)
    if isinstance(value, dict):
        return {k: converted(v, convert, is_tensor) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([converted(v, convert, is_tensor) for v in value])
    return value


@pytest.mark.torch
@pytest.mark.parametrize(
    ("kind", "options"), [("SGD", {}), ("SGD", {"momentum": 0.9}), ("Adam", {"amsgrad": True}), ("AdamW", {})]
)
def test_state_dicts_go_both_ways(torch, trained, assert_same, rng, kind, options):
    one, two, ours, theirs = trained(
        lambda lib, ps: getattr(lib.optim, kind)(ps, lr=0.1, **options), [(3, 4), (4,)], steps=3
    )
    to_torch = converted(one.state_dict(), lambda t: torch.tensor(t.numpy().copy()), lambda v: isinstance(v, gt.Tensor))
    to_ours = converted(two.state_dict(), lambda t: gt.tensor(t.numpy()), torch.is_tensor)
    assert list(to_torch) == list(two.state_dict())
    assert to_torch["param_groups"] == two.state_dict()["param_groups"]
    one.load_state_dict(to_ours)
    two.load_state_dict(to_torch)
    for p, q in zip(ours, theirs, strict=True):
        g = rng.standard_normal(tuple(p.shape))
        p.grad, q.grad = gt.tensor(g), torch.tensor(g)
    one.step()
    two.step()
    assert_same(ours, theirs)


@pytest.mark.torch
def test_reprs_are_pytorchs(torch):
    def optimizers(lib):
        ps = [lib.nn.Parameter(lib.ones(2)), lib.nn.Parameter(lib.ones(3))]
        yield lib.optim.SGD(ps, lr=0.1, momentum=0.9)
        yield lib.optim.Adam([{"params": ps[:1], "lr": 0.5}, {"params": ps[1:], "extra": "text"}])
        yield lib.optim.AdamW(ps)

    for ours, theirs in zip(optimizers(gt), optimizers(torch), strict=True):
        assert repr(ours) == repr(theirs)


@pytest.mark.torch
def test_errors_are_of_pytorchs_kinds(torch):
    def failures(lib):
        a, b = lib.nn.Parameter(lib.ones(2)), lib.nn.Parameter(lib.ones(3))
        for make in (
            lambda: lib.optim.SGD([], lr=0.1),
            lambda: lib.optim.SGD(a, lr=0.1),
            lambda: lib.optim.SGD([a, 3], lr=0.1),
            lambda: lib.optim.SGD([a], lr=-1),
            lambda: lib.optim.SGD([a * 2], lr=0.1),
            lambda: lib.optim.SGD([{"params": a}, {"params": [b, a]}], lr=0.1),
            lambda: lib.optim.Adam([a], betas=(0.9, 1.5)),
            lambda: lib.optim.Adam([a], fused=True, foreach=True),
            lambda: lib.optim.SGD([a], lr=0.1).load_state_dict(lib.optim.SGD([a, b], lr=0.1).state_dict()),
        ):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    make()
                except Exception as error:
                    yield type(error).__name__
                else:
                    yield "nothing"

    assert list(failures(gt)) == list(failures(torch))


@pytest.mark.parametrize("make", [optim.Adam, lambda p: optim.SGD(p, lr=0.1, momentum=0.9)])
@pytest.mark.parametrize("size", [1, 5])
def test_a_loaded_state_of_another_shape_is_refused(make, size):
    mine, other = parameters([np.ones(2)]), parameters([np.ones(size)])
    optimizer, saved = make(mine), make(other)
    give(mine, [np.ones(2)])
    give(other, [np.ones(size)])
    optimizer.step()
    saved.step()
    before = copy.deepcopy(optimizer.state_dict())
    with pytest.raises(gt.errors.ShapeError, match=rf"of parameter 0 has shape \({size},\), the parameter has \(2,\)"):
        optimizer.load_state_dict(saved.state_dict())
    assert str(optimizer.state_dict()) == str(before)


def test_a_missing_key_is_named_with_its_place(pair):
    optimizer = optim.SGD(pair, lr=0.1)
    with pytest.raises(KeyError, match="load_state_dict: 'state' is missing"):
        optimizer.load_state_dict({})
    with pytest.raises(KeyError, match="add_param_group: 'params' is missing from the group"):
        optimizer.add_param_group({"lr": 1.0})
