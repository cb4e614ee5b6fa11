"""The class Module: registration, attributes, modes, repr, copies."""

import copy
import pickle

import pytest

import gputensor as gt
from gputensor import nn
from gputensor.errors import DeviceError, MissingError


class Scale(nn.Module):
    """One parameter, one buffer; at the head of the file so that it can be pickled."""

    def __init__(self, size=2):
        super().__init__()
        self.weight = nn.Parameter(gt.ones(size))
        self.register_buffer("count", gt.zeros(1))
        self.register_buffer("scratch", gt.zeros(1), persistent=False)

    def forward(self, input):
        return input * self.weight


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = Scale()
        self.second = Scale()

    def forward(self, input):
        return self.second(self.first(input))


def names(pairs):
    return [name for name, _ in pairs]


def test_what_is_assigned_is_registered_by_its_kind():
    m = Scale()
    m.inner = Scale()
    m.note = "plain"
    m.cache = nn.Buffer(gt.ones(1))
    assert names(m.named_parameters()) == ["weight", "inner.weight"]
    assert names(m.named_buffers(recurse=False)) == ["count", "scratch", "cache"]
    assert names(m.named_children()) == ["inner"]
    assert m.note == "plain"
    assert "weight" not in m.__dict__


def test_a_tensor_that_is_assigned_is_no_parameter():
    m = Scale()
    m.hidden = gt.ones(2)
    assert "hidden" in m.__dict__
    assert names(m.named_parameters()) == ["weight"]


@pytest.mark.parametrize("value", [nn.Parameter(gt.ones(1)), nn.Identity(), nn.Buffer(gt.ones(1))])
def test_assigning_before_init_says_so(value):
    class Hasty(nn.Module):
        def __init__(self):
            self.value = value

    with pytest.raises(AttributeError, match=r"before Module.__init__\(\) call"):
        Hasty()


def test_using_a_module_before_init_says_so():
    class Hasty(nn.Module):
        def __init__(self):
            pass

    with pytest.raises(AttributeError, match=r"call super\(\).__init__\(\) first"):
        Hasty()(gt.ones(1))


def test_a_parameter_gives_its_name_to_a_module_and_back():
    m = Scale()
    m.part = nn.Parameter(gt.ones(1))
    del m.part
    m.part = nn.Identity()
    assert names(m.named_children()) == ["part"]
    m.part = nn.Parameter(gt.ones(1))
    assert names(m.named_children()) == []
    assert names(m.named_parameters()) == ["weight", "part"]
    m.part = None
    assert names(m.named_parameters()) == ["weight"]
    assert m.part is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("weight", gt.ones(2), "as parameter 'weight' .*Parameter or None expected"),
        ("inner", gt.ones(2), "as child module 'inner' .*Module or None expected"),
        ("count", "text", "as buffer 'count' .*Tensor or None expected"),
    ],
)
def test_a_registered_name_takes_its_own_kind_only(name, value, words):
    m = Scale()
    m.inner = Scale()
    with pytest.raises(TypeError, match=words):
        setattr(m, name, value)


def test_a_buffer_that_is_assigned_anew_stays_a_buffer():
    m = Scale()
    m.scratch = gt.ones(3)
    assert names(m.named_buffers()) == ["count", "scratch"]
    assert "scratch" not in m.state_dict()


@pytest.mark.parametrize("register", ["register_parameter", "register_buffer", "add_module", "register_module"])
@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [("a.b", KeyError, "can.*t contain"), ("", KeyError, "can.*t be empty"), ("forward", KeyError, "already exists")],
)
def test_bad_names_are_refused(register, name, kind, words):
    with pytest.raises(kind, match=words):
        getattr(Scale(), register)(name, None)


@pytest.mark.parametrize("register", ["register_parameter", "register_buffer", "add_module"])
def test_a_name_must_be_a_string_and_a_value_of_the_right_kind(register):
    with pytest.raises(TypeError, match="name should be a string"):
        getattr(Scale(), register)(3, None)
    with pytest.raises(TypeError):
        getattr(Scale(), register)("name", object())


def test_a_computed_tensor_cannot_be_a_parameter():
    x = nn.Parameter(gt.ones(1))
    y = copy.copy(x)
    y._node = (x * 2)._node
    with pytest.raises(ValueError, match="non-leaf"):
        Scale().register_parameter("y", y)


def test_what_is_deleted_is_gone():
    m = Scale()
    m.inner, m.note = Scale(), 1
    for name in ("weight", "count", "inner", "note"):
        delattr(m, name)
        assert not hasattr(m, name)
    with pytest.raises(AttributeError):
        del m.weight


def test_an_unknown_attribute_is_named():
    with pytest.raises(AttributeError, match="'Scale' object has no attribute 'wieght'"):
        Scale().wieght  # noqa: B018


def test_a_name_that_only_pytorch_has_says_what_to_use():
    with pytest.raises(gt.errors.MissingError, match="devices are"):
        Scale().xpu()


def test_dir_lists_what_is_registered_and_no_numbers():
    found = dir(nn.Sequential(Scale()))
    assert "0" not in found
    assert {"weight", "count", "forward", "training"} <= set(dir(Scale()))


def test_init_takes_no_arguments():
    with pytest.raises(TypeError, match="unexpected keyword argument 'size'"):
        nn.Module(size=3)
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        nn.Module(3)


def test_init_passes_arguments_on_where_the_class_says_so():
    class Base:
        def __init__(self, size):
            self.size = size

    class Both(nn.Module, Base):
        call_super_init = True

    assert Both(3).size == 3


def test_a_module_without_forward_says_so():
    with pytest.raises(NotImplementedError, match=r"\[Module\] is missing"):
        nn.Module()(gt.ones(1))


def test_train_and_eval_reach_every_module():
    m = Two()
    assert m.training
    assert m.eval() is m
    assert not any(part.training for part in m.modules())
    m.train()
    assert all(part.training for part in m.modules())
    with pytest.raises(ValueError, match="boolean"):
        m.train(1)


def test_requires_grad_reaches_every_parameter():
    m = Two()
    assert m.requires_grad_(False) is m
    assert not any(p.requires_grad for p in m.parameters())


@pytest.mark.parametrize("to_none", [True, False])
def test_zero_grad_forgets_or_fills(to_none):
    m = Two()
    m(gt.ones(2)).sum().backward()
    kept = m.first.weight.grad
    m.zero_grad(set_to_none=to_none)
    if to_none:
        assert m.first.weight.grad is None
        assert kept.tolist() == [1.0, 1.0]
    else:
        assert m.first.weight.grad is kept
        assert kept.tolist() == [0.0, 0.0]


def test_zero_grad_cuts_a_recorded_gradient_off():
    m = Scale()
    (m(gt.ones(2)) ** 3).sum().backward(create_graph=True)
    assert m.weight.grad.requires_grad
    m.zero_grad(set_to_none=False)
    assert not m.weight.grad.requires_grad
    assert m.weight.grad.tolist() == [0.0, 0.0]


def test_the_repr_nests():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(nn.Identity(), nn.Identity())
            self.nothing = None
            self.add_module("missing", None)

        def extra_repr(self):
            return "a=1\nb=2"

    assert repr(Net()) == (
        "Net(\n  a=1\n  b=2\n  (body): Sequential(\n    (0): Identity()\n    (1): Identity()\n  )\n  (missing): None\n)"
    )


def test_a_deep_copy_shares_nothing_and_keeps_ties():
    m = Two()
    m.second.weight = m.first.weight
    twin = copy.deepcopy(m)
    assert twin.first.weight is twin.second.weight
    with gt.no_grad():
        twin.first.weight.fill_(7.0)
    assert m.first.weight.tolist() == [1.0, 1.0]


def test_a_pickled_module_computes_the_same():
    m = Two().eval()
    with gt.no_grad():
        m.first.weight.fill_(3.0)
    twin = pickle.loads(pickle.dumps(m))
    assert not twin.training
    assert twin(gt.ones(2)).tolist() == m(gt.ones(2)).tolist()
    assert names(twin.named_buffers()) == names(m.named_buffers())


def test_the_dtype_of_a_module_changes_in_place():
    m = Two()
    m.first.register_buffer("index", gt.tensor([1, 2]))
    weight = m.first.weight
    m(gt.ones(2)).sum().backward()
    assert m.double() is m
    assert m.first.weight is weight
    assert weight.dtype == gt.tensor(1.0, dtype="float64").dtype
    assert weight.grad.dtype == weight.dtype
    assert m.first.count.dtype == weight.dtype
    assert m.first.index.dtype == gt.tensor([1]).dtype
    m.zero_grad()
    m(gt.ones(2, dtype="float64")).sum().backward()
    assert weight.grad.dtype == weight.dtype


@pytest.mark.parametrize(
    ("method", "name"), [("float", "float32"), ("double", "float64"), ("half", "float16"), ("bfloat16", "bfloat16")]
)
def test_methods_named_by_dtype_convert(method, name):
    m = getattr(Scale(), method)()
    assert repr(m.weight.dtype) == f"gputensor.{name}"
    assert repr(m.count.dtype) == f"gputensor.{name}"


@pytest.mark.parametrize(
    "arguments", [("float64",), ("cpu", "float64"), (gt.ones(1, dtype="float64"),), ("cpu", "float64", True)]
)
def test_to_takes_devices_dtypes_and_tensors(arguments):
    assert repr(Scale().to(*arguments).weight.dtype) == "gputensor.float64"
    assert repr(Scale().to(device="cpu", dtype="float64").weight.dtype) == "gputensor.float64"


def test_to_an_integer_dtype_is_refused():
    m = Scale()
    with pytest.raises(TypeError, match="only floating-point"):
        m.to("int64")
    assert repr(m.weight.dtype) == "gputensor.float32"


def test_to_a_device_that_is_not_there_changes_nothing():
    m = Scale()
    before = m.weight.array
    with pytest.raises(gt.errors.DeviceError):
        m.to("cuda:99")
    assert m.weight.array is before
    assert m.cpu() is m


def test_to_empty_keeps_shapes():
    m = Two().to_empty(device="cpu")
    assert tuple(m.first.weight.shape) == (2,)


def test_type_converts_everything():
    m = Scale()
    m.register_buffer("index", gt.tensor([1]))
    assert repr(m.type(gt.float64).index.dtype) == "gputensor.float64"


def test_an_optimizer_keeps_the_parameters_of_a_converted_module():
    m = Scale()
    optimizer = gt.optim.SGD(m.parameters(), lr=1.0)
    m.double()
    m(gt.ones(2, dtype="float64")).sum().backward()
    optimizer.step()
    assert m.weight.tolist() == [0.0, 0.0]


def test_a_compiled_module_is_the_module_itself_and_says_so():
    module = gt.nn.Linear(2, 2)
    assert getattr(gt.compile(module), "_orig_mod", module) is module
    with pytest.raises(MissingError, match="compile gives the module itself"):
        _ = gt.compile(module)._orig_mod


def test_the_device_of_tensors_without_values_is_refused_with_what_to_use():
    for make in (lambda: gt.empty(2, device="meta"), lambda: nn.Linear(2, 2).to("meta"), lambda: gt.device("meta")):
        with pytest.raises(DeviceError, match="every tensor has values here; use 'cpu'"):
            make()
