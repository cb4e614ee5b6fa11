"""assert_close: what is close, and what the message says where it is not."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.testing import assert_allclose, assert_close

nan, inf = float("nan"), float("inf")

# (actual, expected, options) as a function of the library
PAIRS = {
    "equal": lambda lib: (lib.tensor([1.0, 2.0]), lib.tensor([1.0, 2.0]), {}),
    "near in float32": lambda lib: (lib.tensor([1.0, 2.0]), lib.tensor([1.0, 2.000001]), {}),
    "far in float32": lambda lib: (lib.tensor([1.0, 2.0, 5.0]), lib.tensor([1.0, 2.1, 4.0]), {}),
    "two dims": lambda lib: (lib.tensor([[1.0, 2.0], [3.0, 0.0]]), lib.tensor([[1.0, 9.0], [3.0, 1e-3]]), {}),
    "float64 is stricter": lambda lib: (
        lib.tensor([1.0], dtype=lib.float64), lib.tensor([1.000001], dtype=lib.float64), {},
    ),
    "bfloat16 is looser": lambda lib: (
        lib.tensor([1.0], dtype=lib.bfloat16), lib.tensor([1.01], dtype=lib.bfloat16), {},
    ),
    "given tolerances": lambda lib: (lib.tensor([1.0]), lib.tensor([1.5]), {"rtol": 0.0, "atol": 0.6}),
    "tolerances of zero": lambda lib: (lib.tensor([1.0, 2.0]), lib.tensor([1.0, 2.5]), {"rtol": 0, "atol": 0}),
    "integers": lambda lib: (lib.tensor([1, 2, 3]), lib.tensor([1, 2, 5]), {}),
    "wide integers": lambda lib: (lib.tensor([2**62]), lib.tensor([-(2**62)]), {"rtol": 0, "atol": 0}),
    "unsigned": lambda lib: (
        lib.tensor([1, 2], dtype=lib.uint8), lib.tensor([2, 2], dtype=lib.uint8), {},
    ),
    "bools": lambda lib: (lib.tensor([True, False]), lib.tensor([True, True]), {}),
    "nan": lambda lib: (lib.tensor([nan, 1.0]), lib.tensor([nan, 1.0]), {}),
    "equal nan": lambda lib: (lib.tensor([nan, 1.0]), lib.tensor([nan, 1.0]), {"equal_nan": True}),
    "infinities": lambda lib: (lib.tensor([inf, -inf]), lib.tensor([inf, -inf]), {}),
    "infinity beside a number": lambda lib: (lib.tensor([inf, 1.0]), lib.tensor([1.0, 1.0]), {}),
    "shapes": lambda lib: (lib.ones(2), lib.ones(3), {}),
    "dtypes": lambda lib: (lib.ones(2), lib.ones(2, dtype=lib.float64), {}),
    "dtypes unchecked": lambda lib: (lib.ones(2), lib.ones(2, dtype=lib.float64), {"check_dtype": False}),
    "strides": lambda lib: (lib.ones(2, 3), lib.ones(3, 2).T, {"check_stride": True}),
    "strides unchecked": lambda lib: (lib.ones(2, 3), lib.ones(3, 2).T, {}),
    "numbers": lambda lib: (1.0, 1.0 + 1e-9, {}),
    "numbers apart": lambda lib: (1.0, 1.1, {}),
    "int and float": lambda lib: (1, 1.0, {}),
    "int and float unchecked": lambda lib: (1, 1.0, {"check_dtype": False}),
    "complex": lambda lib: (lib.tensor([1 + 1j]), lib.tensor([1 + 2j]), {}),
    "0-d": lambda lib: (lib.tensor(1.0), lib.tensor(2.0), {}),
    "sequences": lambda lib: ([lib.ones(2), lib.ones(2)], [lib.ones(2), lib.zeros(2)], {}),
    "lengths": lambda lib: ([lib.ones(2)], [lib.ones(2), lib.zeros(2)], {}),
    "mappings": lambda lib: ({"a": lib.ones(2), "b": [1.0]}, {"a": lib.ones(2), "b": [2.0]}, {}),
    "keys": lambda lib: ({"a": 1.0}, {"b": 1.0}, {}),
    "none": lambda lib: (None, None, {}),
    "none beside a tensor": lambda lib: (None, lib.ones(1), {}),
    "arrays": lambda lib: (np.ones(2), np.array([1.0, 1.5]), {}),
    "empty": lambda lib: (lib.ones(0, 2), lib.ones(0, 2), {}),
    "bool numbers": lambda lib: (True, False, {}),
    "tensor and number": lambda lib: (lib.ones(1), 1.0, {}),
    "one tolerance": lambda lib: (lib.ones(1), lib.ones(1), {"rtol": 0.1}),
}  # fmt: skip


def outcome(lib, make):
    actual, expected, options = make(lib)
    try:
        lib.testing.assert_close(actual, expected, **options)
    except Exception as error:
        return type(error), str(error)
    return None


@pytest.mark.torch
@pytest.mark.parametrize("name", PAIRS)
def test_the_verdict_and_its_numbers_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    got, expected = outcome(gt, PAIRS[name]), outcome(torch, PAIRS[name])
    if expected is None or got is None:
        assert got is expected
        return
    assert issubclass(got[0], expected[0])
    for line in expected[1].splitlines():
        if name == "wide integers" or (line.startswith("Greatest rel") and "integer" in name):
            continue  # PyTorch overflows for the first, and divides integers in float32
        if line.startswith(("Mismatched", "Greatest", "The values", "The length", "The failure", "Expected", "Abs")):
            assert line.replace("torch.", "gputensor.") in got[1].splitlines()


def test_the_message_counts_and_places_the_differences():
    with pytest.raises(AssertionError) as caught:
        assert_close(gt.tensor([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([[1.0, 2.5], [3.0, 5.0]]))
    text = str(caught.value)
    assert "Mismatched elements: 2 / 4 (50.0%)" in text
    assert "Greatest absolute difference: 1.0 at index (1, 1)" in text
    assert "at index (0, 1) (up to 1.3e-06 allowed)" in text


def test_the_message_can_be_given():
    with pytest.raises(AssertionError, match=r"^mine$"):
        assert_close(1.0, 2.0, msg="mine")
    with pytest.raises(AssertionError, match=r"^layer 3: Scalars"):
        assert_close(1.0, 2.0, msg=lambda text: f"layer 3: {text}")


def test_all_failures_of_a_structure_are_told():
    with pytest.raises(AssertionError, match=r"(?s)item \['a'\].*item \['b'\]\[1\]"):
        assert_close({"a": 1.0, "b": [1.0, 2.0]}, {"a": 3.0, "b": [1.0, 3.0]})


def test_close_values_pass_and_types_can_be_asked_for():
    assert_close(gt.nn.Parameter(gt.ones(2)), gt.ones(2))
    with pytest.raises(TypeError, match="Parameter"):
        assert_close(gt.nn.Parameter(gt.ones(2)), gt.ones(2), allow_subclasses=False)
    with pytest.raises(TypeError, match="cannot be compared"):
        assert_close("a", "a")
    with pytest.raises(ValueError, match="both"):
        assert_close(1.0, 1.0, atol=0.1)


def test_the_older_form_forgives_dtypes_and_nan():
    assert_allclose(gt.tensor([1.0, nan], dtype=gt.float64), gt.tensor([1.0, nan]))
    assert_allclose([1.0, 2.0], [1.0, 2.0])
    with pytest.raises(AssertionError, match="1 / 2"):
        assert_allclose([1.0, 2.0], [1.0, 2.1])


@pytest.mark.usefixtures("gpus")
def test_devices_are_compared_unless_told_otherwise():
    with pytest.raises(AssertionError, match=r"'device' do not match: cuda:0 != cpu"):
        assert_close(gt.ones(2).cuda(), gt.ones(2))
    assert_close(gt.ones(2).cuda(), gt.ones(2), check_device=False)
