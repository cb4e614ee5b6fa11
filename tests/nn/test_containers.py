"""Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict."""

from collections import OrderedDict

import pytest

import gputensor as gt
from gputensor import nn


class Times(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, input):
        return input * self.factor

    def extra_repr(self):
        return str(self.factor)


def factors(container):
    return [module.factor for module in container]


def of(*numbers):
    return [Times(n) for n in numbers]


def keys(container):
    return list(container._modules)


@pytest.fixture(params=[nn.Sequential, lambda *modules: nn.ModuleList(modules)], ids=["Sequential", "ModuleList"])
def listed(request):
    """A container of factors 1, 2, 3, 4."""
    return request.param(*of(1, 2, 3, 4))


# ---------------------------------------------------------------- what Sequential and ModuleList share


def test_a_list_of_modules_is_indexed_like_a_list(listed):
    assert listed[0].factor == 1
    assert listed[-1].factor == 4
    assert len(listed) == 4
    for index in (4, -5):
        with pytest.raises(IndexError, match="out of range"):
            listed[index]


def test_a_slice_is_a_container_of_the_same_modules(listed):
    part = listed[1:3]
    assert type(part) is type(listed)
    assert part[0] is listed[1]
    assert factors(listed[::-1]) == [4, 3, 2, 1]


def test_modules_are_replaced_in_place(listed):
    listed[1] = Times(7)
    listed[-1] = Times(8)
    assert factors(listed) == [1, 7, 3, 8]
    assert keys(listed) == ["0", "1", "2", "3"]


def test_deleted_modules_leave_no_gap(listed):
    del listed[1]
    assert factors(listed) == [1, 3, 4]
    del listed[1:]
    assert factors(listed) == [1]
    assert keys(listed) == ["0"]


def test_pop_gives_back(listed):
    assert listed.pop(-1).factor == 4
    assert listed.pop(0).factor == 1
    assert factors(listed) == [2, 3]
    assert factors(listed.pop(slice(0, 2))) == [2, 3]
    assert len(listed) == 0


def test_modules_are_added_at_the_end_and_between(listed):
    assert listed.append(Times(5)) is listed
    assert listed.extend(of(6, 7)) is listed
    listed.insert(0, Times(0))
    listed.insert(-1, Times(9))
    assert factors(listed) == [0, 1, 2, 3, 4, 5, 6, 9, 7]
    assert keys(listed) == [str(k) for k in range(9)]


def test_only_modules_go_in(listed):
    for put in (listed.append, lambda x: listed.insert(0, x), lambda x: listed.extend([x])):
        with pytest.raises(TypeError, match="Module"):
            put(3)
    assert factors(listed) == [1, 2, 3, 4]


# ---------------------------------------------------------------- Sequential


def test_a_sequential_runs_its_modules_in_order():
    assert nn.Sequential(*of(2, 3))(gt.ones(1)).item() == 6.0
    x = gt.ones(1)
    assert nn.Sequential()(x) is x


def test_a_sequential_of_an_ordered_dict_keeps_its_names():
    net = nn.Sequential(OrderedDict(a=Times(2), b=Times(3)))
    assert net.b.factor == 3
    assert keys(net[1:]) == ["b"]
    net[0] = Times(4)
    assert net.a.factor == 4


def test_sequentials_add_and_multiply():
    a, b = nn.Sequential(*of(1, 2)), nn.Sequential(*of(3))
    assert factors(a + b) == [1, 2, 3]
    assert factors(a * 2) == factors(2 * a) == [1, 2, 1, 2]
    assert (a * 2)[0] is a[0]
    same = a
    a += b
    assert a is same
    a *= 2
    assert a is same
    assert factors(a) == [1, 2, 3, 1, 2, 3]
    a += a
    assert len(a) == 12


def test_sequentials_add_and_multiply_with_nothing_else():
    net = nn.Sequential(*of(1))
    with pytest.raises(ValueError, match="only objects of Sequential"):
        net + of(2)
    with pytest.raises(ValueError, match="only objects of Sequential"):
        net += of(2)
    with pytest.raises(TypeError, match="unsupported operand"):
        net * 1.5
    with pytest.raises(ValueError, match="Non-positive"):
        net * 0
    with pytest.raises(IndexError, match="Index out of range: 5"):
        net.insert(5, Times(1))


# ---------------------------------------------------------------- ModuleList


def test_a_module_list_takes_any_iterable_of_modules():
    modules = nn.ModuleList(Times(n) for n in range(3))
    modules += of(3)
    assert factors(modules + of(4)) == [0, 1, 2, 3, 4]
    assert type(modules + of(4)) is nn.ModuleList
    with pytest.raises(TypeError, match="iterable, but got int"):
        modules.extend(3)
    with pytest.raises(NotImplementedError, match="missing the required"):
        modules(gt.ones(1))


def test_the_repr_of_a_module_list_joins_equal_neighbours():
    modules = nn.ModuleList([*of(1, 1, 2), nn.Sequential(*of(3)), nn.Sequential(*of(3)), *of(1)])
    assert repr(modules) == (
        "ModuleList(\n  (0-1): 2 x Times(1)\n  (2): Times(2)\n  (3-4): 2 x Sequential(\n    (0): Times(3)\n  )\n"
        "  (5): Times(1)\n)"
    )
    assert repr(nn.ModuleList()) == "ModuleList()"


# ---------------------------------------------------------------- ModuleDict


def test_a_module_dict_is_a_dict_in_order():
    modules = nn.ModuleDict({"b": Times(1), "a": Times(2)})
    modules["c"] = Times(3)
    assert list(modules) == list(modules.keys()) == ["b", "a", "c"]
    assert [m.factor for m in modules.values()] == [1, 2, 3]
    assert [(k, m.factor) for k, m in modules.items()] == [("b", 1), ("a", 2), ("c", 3)]
    assert "a" in modules
    assert len(modules) == 3
    assert modules.pop("b").factor == 1
    del modules["a"]
    with pytest.raises(KeyError):
        modules["a"]
    modules.clear()
    assert len(modules) == 0


def test_a_module_dict_is_updated_from_mappings_and_pairs():
    modules = nn.ModuleDict([("a", Times(1))])
    modules.update({"b": Times(2)})
    modules.update(nn.ModuleDict({"a": Times(3)}))
    assert [(k, m.factor) for k, m in modules.items()] == [("a", 3), ("b", 2)]


@pytest.mark.parametrize("kind", [nn.ModuleDict, nn.ParameterDict])
@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (3, TypeError, "iterable of key/value pairs, but got int"),
        ([3], TypeError, "#0 should be Iterable; is int"),
        ([("a", nn.Identity(), 1)], ValueError, "#0 has length 3; 2 is required"),
    ],
)
def test_a_bad_update_changes_nothing(kind, given, error, words):
    container = kind()
    with pytest.raises(error, match=words):
        container.update(given)
    assert len(container) == 0


# ---------------------------------------------------------------- ParameterList and ParameterDict


def test_a_parameter_list_registers_parameters_and_keeps_other_objects():
    parameters = nn.ParameterList([gt.ones(2), nn.Parameter(gt.zeros(1)), "text"])
    parameters += [gt.ones(3)]
    assert [name for name, _ in parameters.named_parameters()] == ["0", "1", "3"]
    assert isinstance(parameters[0], nn.Parameter)
    assert parameters[2] == "text"
    assert parameters[-1].shape == (3,)
    assert [type(p).__name__ for p in parameters[1:3]] == ["Parameter", "str"]
    assert len(list(parameters)) == 4
    parameters[0] = gt.zeros(5)
    assert isinstance(parameters[0], nn.Parameter)
    with pytest.raises(IndexError, match="out of range"):
        parameters[4]
    with pytest.raises(TypeError, match="iterable, but got Tensor"):
        parameters.extend(gt.ones(2))
    with pytest.raises(RuntimeError, match="should not be called"):
        parameters(gt.ones(1))


def test_a_parameter_dict_is_a_dict_of_parameters():
    parameters = nn.ParameterDict({"b": gt.ones(1), "a": gt.ones(2)})
    assert list(parameters) == ["a", "b"]  # a plain dict comes sorted, as in PyTorch
    parameters["c"] = "text"
    assert parameters.setdefault("d", gt.ones(4)).shape == (4,)
    assert parameters.get("x", 5) == 5
    assert [name for name, _ in parameters.named_parameters()] == ["a", "b", "d"]
    assert list(reversed(parameters)) == ["d", "c", "b", "a"]
    assert parameters.popitem()[0] == "d"
    assert parameters.pop("c") == "text"
    both = parameters | {"e": gt.ones(1)}
    assert list(both) == ["a", "b", "e"]
    assert list({"z": gt.ones(1)} | parameters) == ["z", "a", "b"]
    parameters |= nn.ParameterDict({"f": gt.ones(1)})
    assert list(parameters) == ["a", "b", "f"]
    assert parameters.copy()["a"] is parameters["a"]
    assert list(parameters.fromkeys(["p", "q"], 1).items()) == [("p", 1), ("q", 1)]
    assert len(list(parameters.values())) == 3
    del parameters["a"]
    assert "a" not in parameters
    parameters.clear()
    assert len(parameters) == 0
    with pytest.raises(KeyError, match="empty"):
        parameters.popitem()
    with pytest.raises(TypeError, match="not a string"):
        parameters[3] = gt.ones(1)
    with pytest.raises(RuntimeError, match="should not be called"):
        parameters(gt.ones(1))


def test_numbers_are_no_attributes_to_list():
    assert "0" not in dir(nn.ParameterList([gt.ones(1)]))


# ---------------------------------------------------------------- beside PyTorch


def containers(lib):
    """The same containers in either library."""
    p = lib.nn.PReLU
    return [
        lib.nn.Sequential(),
        lib.nn.Sequential(p(), lib.nn.Sequential(p(), lib.nn.Identity())),
        lib.nn.Sequential(OrderedDict(a=p(), b=p())),
        lib.nn.ModuleList([p(), p(), p(3)]),
        lib.nn.ModuleList([lib.nn.Sequential(p()), lib.nn.Sequential(p())]),
        lib.nn.ModuleDict({"b": p(), "a": p(2)}),
        lib.nn.ParameterList([lib.ones(2, 3), lib.zeros(1, dtype=lib.float64), "text"]),
        lib.nn.ParameterList([]),
        lib.nn.ParameterDict({"b": lib.ones(2), "a": 3}),
        lib.nn.Sequential(lib.nn.ParameterDict({"b": lib.ones(2)}), lib.nn.ModuleDict()),
    ]


@pytest.mark.torch
def test_reprs_and_states_are_pytorchs():
    torch = pytest.importorskip("torch")
    for ours, theirs in zip(containers(gt), containers(torch), strict=True):
        assert repr(ours) == repr(theirs).replace("torch.", "gputensor.")
        assert list(ours.state_dict()) == list(theirs.state_dict())
        assert ours.state_dict()._metadata == theirs.state_dict()._metadata
