"""Printed tensors against fixed texts, and what printing reads and leaves alone."""

import numpy as np
import pytest

from gputensor.errors import GradError
from gputensor.show import format_scalar, format_tensor, printoptions, set_printoptions
from tests.show.printing_cases import CASES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_tensor_prints_as_in_pytorch(case, make_tensor):
    x = make_tensor(case.array, **case.made)
    with printoptions(**case.options):
        assert format_tensor(x) == case.text


@pytest.mark.torch
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_fixed_texts_are_those_of_pytorch(case, torch_tensor, torch_options):
    torch_options(**case.options)
    assert repr(torch_tensor(case.array, **case.made)).replace("torch.", "gputensor.") == case.text


def test_one_thousand_elements_are_shown_and_one_more_is_summarised(make_tensor):
    assert format_tensor(make_tensor(np.zeros(1000))).count("0.") == 1000
    assert format_tensor(make_tensor(np.zeros(1001))).count("0.") == 6


def test_profile_full_shows_every_element(make_tensor):
    set_printoptions(profile="full")
    assert format_tensor(make_tensor(np.zeros((50, 50)))).count("0.") == 2500


def test_dtype_is_told_unless_it_follows_from_the_default_dtype(make_tensor, default_dtype):
    half, single, double = np.ones(1, np.float16), np.ones(1, np.float32), np.ones(1, np.float64)
    pair, wide_pair = np.ones(1, np.complex64), np.ones(1, np.complex128)

    default_dtype(np.float64)
    assert format_tensor(make_tensor(double)) == "tensor([1.])"
    assert format_tensor(make_tensor(single)) == "tensor([1.], dtype=gputensor.float32)"
    assert format_tensor(make_tensor(wide_pair)) == "tensor([1.+0.j])"
    assert format_tensor(make_tensor(pair)) == "tensor([1.+0.j], dtype=gputensor.complex64)"

    default_dtype(np.float16)
    assert format_tensor(make_tensor(half)) == "tensor([1.])"
    assert format_tensor(make_tensor(single)) == "tensor([1.], dtype=gputensor.float32)"
    assert format_tensor(make_tensor(pair)) == "tensor([1.+0.j])"
    assert format_tensor(make_tensor(wide_pair)) == "tensor([1.+0.j], dtype=gputensor.complex128)"


def test_an_edge_of_a_summary_is_all_that_is_read(make_tensor):
    # One element behind a shape of 10^12: whatever reads them all never comes back.
    x = make_tensor(np.broadcast_to(np.float32(1.5), (10**6, 10**6)))
    assert format_tensor(x).count("1.5000") == 36


class OnDevice:
    """An array elsewhere, of which only slices can be taken."""

    def __init__(self, array):
        self.elements = array
        self.shape, self.ndim, self.size, self.dtype = array.shape, array.ndim, array.size, array.dtype

    def __getitem__(self, index):
        return OnDevice(self.elements[index])


class DeviceNamespace:
    """The namespace of such arrays; counts the elements fetched."""

    fetched = 0

    def to_host(self, array):
        self.fetched += array.size
        return array.elements.copy()

    def item(self, array):
        return array.elements.item()


@pytest.fixture
def on_device(make_tensor):
    def make(array):
        x = make_tensor(array, device="cuda:0")
        x.array, x.xp = OnDevice(array), DeviceNamespace()
        return x

    return make


def test_device_comes_first_and_only_the_shown_elements_are_fetched(on_device):
    x = on_device(np.arange(4000).reshape(20, 20, 10).astype(np.float64))
    set_printoptions(edgeitems=1)
    expected = """\
tensor([[[   0.,  ...,    9.],
         ...,
         [ 190.,  ...,  199.]],

        ...,

        [[3800.,  ..., 3809.],
         ...,
         [3990.,  ..., 3999.]]], device='cuda:0', dtype=gputensor.float64)"""
    assert format_tensor(x) == expected
    assert x.xp.fetched == 8


def test_a_small_tensor_on_a_device_is_fetched_once(on_device):
    x = on_device(np.array([1.5, 2.5], np.float32))
    assert format_tensor(x) == "tensor([1.5000, 2.5000], device='cuda:0')"
    assert x.xp.fetched == 2


def test_an_empty_tensor_on_a_device_is_not_fetched(on_device):
    x = on_device(np.zeros((0, 2), np.float32))
    assert format_tensor(x) == "tensor([], device='cuda:0', size=(0, 2))"
    assert x.xp.fetched == 0


def test_a_gradient_that_cannot_be_named_prints_as_invalid(make_tensor, monkeypatch):
    x = make_tensor(np.ones(1, np.float32), cloned=True)

    def refuse(self):
        raise GradError("the base was written after this view was made")

    monkeypatch.delattr(x, "grad_fn")
    monkeypatch.setattr(type(x), "grad_fn", property(refuse), raising=False)
    assert format_tensor(x) == "tensor([1.], grad_fn=<Invalid>)"


@pytest.mark.parametrize("step", [-1, 2])
def test_views_print_their_elements_in_order(step, make_tensor):
    view = np.arange(12, dtype=np.float32).reshape(3, 4).T[::step]
    assert format_tensor(make_tensor(view)) == format_tensor(make_tensor(view.copy()))


@pytest.mark.parametrize("width", [2, 4, 8])
def test_signalling_nans_print_without_a_warning(width, make_tensor):
    bits = {2: (np.uint16, 0x7D00), 4: (np.uint32, 0x7FA00000), 8: (np.uint64, 0x7FF4000000000000)}[width]
    array = np.array([bits[1]], bits[0]).view(f"f{width}")
    assert format_tensor(make_tensor(array)).startswith("tensor([nan]")


def test_a_zero_dimensional_tensor_formats_as_its_number(make_tensor, on_device):
    x = make_tensor(np.array(0.125, np.float32))
    assert format_scalar(x, ".2f") == "0.12"
    assert format_scalar(x, "") == "0.125"
    assert format_scalar(make_tensor(np.array(7)), "04d") == "0007"
    assert format_scalar(on_device(np.array(7)), "04d") == "0007"


def test_other_tensors_format_as_their_repr(make_tensor):
    vector, weight = make_tensor(np.array([0.125])), make_tensor(np.array(0.125), kind="Parameter")
    assert format_scalar(vector, "") == format_tensor(vector)
    assert format_scalar(weight, "") == format_tensor(weight)


@pytest.mark.parametrize("kind", ["Tensor", "Parameter"])
def test_a_format_specification_for_other_tensors_is_refused(kind, make_tensor):
    shape = {"Tensor": (2,), "Parameter": ()}[kind]
    with pytest.raises(TypeError, match=r"'\.2f' needs a 0-d Tensor.*" + kind):
        format_scalar(make_tensor(np.ones(shape), kind=kind), ".2f")
