"""Data that becomes tensors: sharing memory, stacking, and what is refused."""

import collections
import warnings

import ml_dtypes
import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, NumberRangeError, ShapeError


@pytest.mark.parametrize(
    "look",
    [
        lambda a: a, lambda a: a[::-1], lambda a: a.T, lambda a: a[::2, 1::2], lambda a: a[:, ::-2],
        lambda a: a[1:2, 2], lambda a: a[None], lambda a: a[1, 1, ...], lambda a: a[:0],
    ],
)  # fmt: skip
def test_every_strided_array_is_shared_both_ways(look):
    a = np.arange(24.0).reshape(4, 6)
    seen = look(a)
    t = gt.from_numpy(seen)
    assert t.shape == seen.shape
    assert np.shares_memory(t.numpy(), a) or not seen.size
    a += 100
    np.testing.assert_array_equal(t.numpy(), seen)
    t.fill_(7)
    np.testing.assert_array_equal(seen, np.full(seen.shape, 7.0))
    # along a dim of size 1 NumPy's stride may be 0, where this says what PyTorch's new dims have
    steps = [(ours, s // 8) for ours, s, n in zip(t.stride(), seen.strides, seen.shape, strict=True) if n > 1]
    assert all(ours == theirs for ours, theirs in steps) or not seen.size


@pytest.mark.parametrize(
    "dtype",
    [
        "bool",
        "i1",
        "i2",
        "i4",
        "i8",
        "u1",
        "u2",
        "u4",
        "u8",
        "f2",
        "f4",
        "f8",
        "c8",
        "c16",
        "longlong",
        "ulonglong",
        ml_dtypes.bfloat16,
    ],
)
def test_every_numeric_dtype_is_shared(dtype):
    a = np.ones(3, dtype)
    t = gt.from_numpy(a)
    t[0] = 0
    assert a.tolist() == [0, 1, 1]
    assert t.dtype.numpy == a.dtype
    assert (t + t).dtype == t.dtype or t.dtype is gt.bool


def test_read_only_arrays_stay_read_only():
    a = np.ones(3)
    a.flags.writeable = False
    t = gt.from_numpy(a)
    with pytest.raises(ValueError, match=r"add_: .*read-only"):
        t.add_(1)
    with pytest.raises(ValueError, match="read-only"):
        t[0] = 5
    assert a.tolist() == [1, 1, 1]
    assert (t + 1).tolist() == [2, 2, 2]
    t.clone().add_(1)


def test_swapped_bytes_are_copied_with_one_warning():
    a = np.arange(3, dtype=">f4")
    with pytest.warns(UserWarning, match="swapped bytes") as caught:
        t = gt.from_numpy(a)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert t.tolist() == [0, 1, 2]
    assert t.dtype is gt.float32
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert gt.tensor(a).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "a",
    [
        np.array(["a"]), np.array([b"a"]), np.array([None]), np.array(["2020-01-01"], "M8[D]"), np.array([1], "m8[s]"),
        np.zeros(2, [("a", "i4")]), np.ones(2, np.longdouble),
    ],
    ids=lambda a: str(a.dtype),
)  # fmt: skip
def test_what_is_no_number_is_refused_by_its_dtype(a):
    for function in (gt.from_numpy, gt.tensor, gt.as_tensor):
        with pytest.raises(TypeError, match=r"arrays of dtype .* are not supported"):
            function(a)


def test_subclasses_of_arrays_are_taken_with_care():
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    with pytest.raises(TypeError, match="masked elements"):
        gt.from_numpy(masked)
    whole = np.ma.array([1.0, 2.0])
    gt.from_numpy(whole)[0] = 5
    assert whole[0] == 5
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matrix = np.matrix([[1.0, 2.0]])
    t = gt.from_numpy(matrix)
    assert type(t.numpy()) is np.ndarray
    t[0, 0] = 5
    assert matrix[0, 0] == 5


def test_tensors_in_lists_are_stacked():
    rows = [gt.tensor([1.0, 2.0]), gt.tensor([3, 4])]
    assert gt.tensor(rows).tolist() == [[1, 2], [3, 4]]
    assert gt.tensor([rows, rows]).shape == (2, 2, 2)
    assert gt.tensor([gt.tensor(1.5), np.float64(2), 3]).dtype is gt.float64
    assert gt.tensor([gt.ones(2), np.ones(2, np.float32), [1, 2]]).shape == (3, 2)
    assert gt.tensor([gt.ones(2, dtype=gt.bfloat16), gt.ones(2, dtype=gt.bfloat16)]).dtype is gt.bfloat16
    assert gt.tensor([np.array(1.0), np.array(2.0)]).tolist() == [1, 2]


def test_a_tensor_of_data_is_a_copy_without_history():
    w = gt.ones(2, requires_grad=True)
    x = gt.tensor(w * 2)
    assert not x.requires_grad
    a = np.ones(2)
    t = gt.tensor(a)
    t[0] = 5
    assert a.tolist() == [1, 1]
    assert gt.tensor(np.ones((2, 3)).T).stride() == (1, 3)


def test_as_tensor_shares_where_it_can():
    a = np.ones(2)
    t = gt.as_tensor(a)
    t[0] = 5
    assert a[0] == 5
    assert gt.as_tensor(t) is t
    assert gt.as_tensor(t, dtype=gt.float64) is t
    assert gt.as_tensor(t, dtype=gt.float32) is not t
    w = gt.ones(2, requires_grad=True)
    gt.as_tensor(w, dtype=gt.float64).sum().backward()
    assert w.grad.tolist() == [1, 1]


def test_asarray_says_when_it_must_copy():
    a = np.ones(2)
    assert np.shares_memory(gt.asarray(a, copy=False).numpy(), a)
    assert not np.shares_memory(gt.asarray(a, copy=True).numpy(), a)
    with pytest.raises(ValueError, match="cannot be shared as"):
        gt.asarray(a, dtype=gt.float32, copy=False)
    with pytest.raises(ValueError, match="no memory to share"):
        gt.asarray([1.0], copy=False)
    assert gt.asarray([1.0], requires_grad=True).requires_grad


def test_buffers_are_shared():
    memory = bytearray(8)
    t = gt.frombuffer(memory, dtype=gt.int32)
    t[1] = 1
    assert memory[4] == 1
    fixed = gt.frombuffer(b"1234", dtype=gt.uint8)
    with pytest.raises(ValueError, match="read-only"):
        fixed.fill_(0)


@pytest.mark.parametrize("deep", [3, 32, 80])
def test_deeply_nested_lists_are_taken_or_refused(deep):
    data = 1.0
    for _ in range(deep):
        data = [data]
    if deep <= 32:
        assert gt.tensor(data).shape == (1,) * deep
    else:
        with pytest.raises(ShapeError, match="nested too deeply"):
            gt.tensor(data)


def test_a_list_that_contains_itself_is_refused():
    data = []
    data.append(data)
    with pytest.raises(ShapeError, match="nested too deeply"):
        gt.tensor(data)


def test_refusals_are_sentences():
    for error, words, data in (
        (
            ShapeError,
            "tensor: the nested sequences are ragged: expected a sequence of length 2 at dim 1, got 1; pad them",
            [[1, 2], [3]],
        ),
        (ShapeError, "ragged: expected a number at dim 1, got a sequence of length 1; pad", [1, [2]]),
        (ShapeError, "ragged", [np.ones(2), np.ones(3)]),
        (DtypeError, "tensor: cannot make a tensor of NoneType; expected numbers", None),
        (DtypeError, "cannot make a tensor of str", "abc"),
        (DtypeError, "cannot make a tensor of generator", (x for x in [1])),
        (DtypeError, "cannot make a tensor of dict", {"a": 1}),
        (NumberRangeError, "does not fit into int64", 2**64),
        (DtypeError, "cannot make a tensor of str", [1, "a"]),
    ):
        with pytest.raises(error, match=words):
            gt.tensor(data)
    with pytest.raises(DtypeError, match="complex numbers do not fit into float32"):
        gt.tensor([1j], dtype=gt.float32)


def test_data_is_not_changed():
    data = [[1, gt.tensor(2.0)], collections.deque([3, 4])]
    gt.tensor(data)
    assert type(data[0][1]) is gt.Tensor
    assert type(data[1]) is collections.deque


def test_the_default_dtype_rules_floats_and_complex_numbers():
    gt.set_default_dtype(gt.float64)
    try:
        assert gt.tensor([1.0]).dtype is gt.float64
        assert gt.tensor([1j]).dtype is gt.complex128
        assert gt.tensor([]).dtype is gt.float64
        assert gt.zeros(1).dtype is gt.arange(1.0).dtype is gt.full((1,), 1.0).dtype is gt.rand(1).dtype is gt.float64
        assert gt.Tensor([1]).dtype is gt.float64
    finally:
        gt.set_default_dtype(gt.float32)


def test_running_out_of_memory_says_for_what():
    with pytest.raises(
        MemoryError, match=r"zeros: out of memory for float32 of shape \(1099511627776, 1024\), 4,194,304.0 GiB"
    ):
        gt.zeros(2**40, 1024)
    with pytest.raises(MemoryError, match=r"rand: out of memory"):
        gt.rand(2**40, 1024)
    with pytest.raises(MemoryError, match="ones"):
        gt.ones(2**40, 2**40)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8"])
@pytest.mark.parametrize("value", [-100, -1, 0, 127])
def test_full_keeps_the_sign_of_an_int(dtype, value):
    expected = np.full((2,), value).astype(dtype)
    assert gt.full((2,), value, dtype=dtype).tolist() == expected.tolist()
    assert gt.full((2,), -100).tolist() == [-100, -100]


@pytest.mark.parametrize(
    ("constructor", "dtype"),
    [
        (gt.FloatTensor, gt.float32),
        (gt.DoubleTensor, gt.float64),
        (gt.HalfTensor, gt.float16),
        (gt.BFloat16Tensor, gt.bfloat16),
        (gt.BoolTensor, gt.bool),
        (gt.ByteTensor, gt.uint8),
        (gt.CharTensor, gt.int8),
        (gt.ShortTensor, gt.int16),
        (gt.IntTensor, gt.int32),
        (gt.LongTensor, gt.int64),
    ],
)
def test_the_older_constructors_have_the_dtype_of_their_name(constructor, dtype):
    t = constructor([1, 0, 1])
    assert (t.dtype, t.tolist()) == (dtype, [1, 0, 1])
    assert constructor(2, 3).shape == (2, 3)
    assert isinstance(t, constructor)
    assert not isinstance(gt.zeros(2, dtype=gt.complex64), constructor)


@pytest.mark.parametrize("make", [gt.tensor, gt.as_tensor, gt.asarray])
def test_errors_name_the_function_that_was_called(make):
    name = make.__name__
    for data in ("text", [object()], None, {1, 2}, [["a"]], np.array(["a"]), np.array([None])):
        with pytest.raises(TypeError, match=f"^{name}: "):
            make(data)
    with pytest.raises(ValueError, match=f"^{name}: the nested sequences are ragged"):
        make([[1], [1, 2]])
    with pytest.raises(ValueError, match=f"^{name}: .* does not fit"):
        make([2**70])


@pytest.mark.parametrize("make", [gt.as_tensor, gt.asarray, gt.from_numpy])
def test_swapped_bytes_are_copied_with_a_warning_that_names_the_function(make):
    with pytest.warns(UserWarning, match=f"^{make.__name__}: the array has swapped bytes") as seen:
        assert make(np.arange(3.0).astype(">f8")).tolist() == [0.0, 1.0, 2.0]
    assert seen[0].filename == __file__
