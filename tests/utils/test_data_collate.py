"""Batches out of samples: structures, dtypes, and messages that name the sample."""

import collections
from typing import NamedTuple

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import ShapeError
from gputensor.utils.data import default_collate, default_convert


class Point(NamedTuple):
    x: float
    y: object


def shape_and_dtype(x):
    return tuple(x.shape), str(x.dtype).split(".")[1]


@pytest.mark.parametrize(
    ("samples", "shape", "dtype"),
    [
        ([gt.ones(2, 3)] * 4, (4, 2, 3), "float32"),
        ([gt.tensor(1), gt.tensor(2)], (2,), "int64"),
        ([np.ones((2, 3), np.float16)] * 4, (4, 2, 3), "float16"),
        ([np.int32(4), np.int32(5)], (2,), "int32"),
        ([np.float32(4), np.float32(5)], (2,), "float32"),
        ([1.5, 2.5], (2,), "float64"),
        ([1.5, 2], (2,), "float64"),
        ([1, 2, 3], (3,), "int64"),
        ([True, False], (2,), "bool"),
    ],
)
def test_leaves_are_stacked(samples, shape, dtype):
    assert shape_and_dtype(default_collate(samples)) == (shape, dtype)


def test_values_keep_their_order():
    assert default_collate([np.array([1, 2]), np.array([3, 4])]).tolist() == [[1, 2], [3, 4]]
    assert default_collate([gt.tensor([1, 2]), gt.tensor([3, 4])]).tolist() == [[1, 2], [3, 4]]


def test_stacked_arrays_are_copies():
    array = np.zeros(3)
    batch = default_collate([array])
    array[:] = 1
    assert batch.tolist() == [[0, 0, 0]]


def test_strings_and_bytes_stay_a_list():
    assert default_collate(["a", "b"]) == ["a", "b"]
    assert default_collate([b"a", b"b"]) == [b"a", b"b"]


def test_structures_keep_their_kind():
    batch = default_collate([{"p": Point(1.0, {"z": (1, "a")})}, {"p": Point(2.0, {"z": (2, "b")})}])
    assert type(batch["p"]) is Point
    assert batch["p"].x.tolist() == [1.0, 2.0]
    numbers, strings = batch["p"].y["z"]
    assert numbers.tolist() == [1, 2]
    assert strings == ("a", "b")
    assert type(default_collate([(1, 2)])) is list
    assert type(default_collate([[1, 2]])) is list


def test_mappings_of_other_classes_keep_theirs():
    ordered = default_collate([collections.OrderedDict(a=1), collections.OrderedDict(a=2)])
    assert type(ordered) is collections.OrderedDict
    default = collections.defaultdict(list, a=1)
    batch = default_collate([default, default])
    assert type(batch) is collections.defaultdict
    assert batch["new"] == []
    assert default == {"a": 1}


def test_gradients_flow_through_a_batch():
    x = gt.ones(2, requires_grad=True)
    default_collate([x, x * 2.0]).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("samples", "error", "words"),
    [
        ([gt.ones(2), gt.ones(2), gt.ones(3)], ShapeError, r"sample 2 has shape \(3,\) and sample 0 has \(2,\); crop"),
        ([np.ones(2), np.ones((2, 1))], ShapeError, r"sample 1 has shape \(2, 1\) and sample 0 has \(2,\)"),
        ([(1, gt.ones(2)), (1, gt.ones(4))], ShapeError, r"sample 1\[1\] has shape \(4,\)"),
        ([{"a": [gt.ones(2)]}, {"a": [gt.ones(4)]}], ShapeError, r"sample 1\['a'\]\[0\] has shape \(4,\)"),
        ([Point(1, gt.ones(2)), Point(1, gt.ones(4))], ShapeError, r"sample 1\.y has shape \(4,\)"),
        ([[1, 2], [1]], ShapeError, "sample 1 has 1 items and sample 0 has 2"),
        ([{"a": 1}, {"b": 1}], KeyError, "sample 1 has no key 'a'"),
        ([gt.ones(2), 3], TypeError, "sample 1 is of type int and sample 0 of type Tensor"),
        ([np.ones(2), 3], TypeError, "sample 1 is of type int and sample 0 of type ndarray"),
        ([3, gt.ones(2)], TypeError, "sample 1 is of type Tensor and sample 0 of type int"),
        ([{"a": 1}, 3], TypeError, "sample 1 is of type int and sample 0 of type dict"),
        ([(1,), 3], TypeError, "sample 1 is of type int and sample 0 of type tuple"),
        ([None, None], TypeError, "sample 0 is NoneType"),
        ([{"a": object()}], TypeError, r"sample 0\['a'\] is object"),
        ([np.array(["a"])], TypeError, "sample 0 is an array of dtype <U1"),
        ([], ValueError, "the batch is empty"),
    ],
)
def test_errors_name_the_sample_and_the_place(samples, error, words):
    with pytest.raises(error, match=words):
        default_collate(samples)


def test_convert_changes_arrays_and_keeps_the_rest():
    array = np.arange(3)
    converted = default_convert({"a": [array, "text", np.float32(2)], "p": Point(1.0, (array,)), "n": None})
    assert converted["a"][0].tolist() == [0, 1, 2]
    assert converted["a"][1] == "text"
    assert converted["a"][2].item() == 2
    assert type(converted["p"]) is Point
    assert type(converted["p"].y) is list
    assert converted["n"] is None
    converted["a"][0][0] = 9
    assert array[0] == 9  # shared
    tensor = gt.ones(2)
    assert default_convert(tensor) is tensor
    words = np.array(["a"])
    assert default_convert(words) is words


def test_convert_makes_lists_of_tuples():
    converted = default_convert((np.arange(2), 3))
    assert type(converted) is list
    assert (converted[0].tolist(), converted[1]) == ([0, 1], 3)


@pytest.mark.torch
@pytest.mark.parametrize(
    "samples",
    [
        [(np.ones((2, 2), np.float32), 1), (np.ones((2, 2), np.float32), 2)],
        [{"a": 1.5, "b": "x"}, {"a": 2.5, "b": "y"}],
        [[1, [2.0, True]], [3, [4.0, False]]],
        [Point(1, np.int8(2)), Point(2, np.int8(3))],
        [np.float32(1), np.float32(2)],
    ],
)
def test_batches_look_like_pytorchs(samples):
    torch_data = pytest.importorskip("torch.utils.data")

    def described(batch):
        if hasattr(batch, "shape"):
            return tuple(batch.shape), str(batch.dtype).split(".")[1], batch.tolist()
        if isinstance(batch, dict):
            return {key: described(value) for key, value in batch.items()}
        if isinstance(batch, (list, tuple)):
            return type(batch).__name__, [described(item) for item in batch]
        return batch

    assert described(default_collate(samples)) == described(torch_data.default_collate(samples))
