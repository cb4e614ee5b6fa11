"""Square brackets: what is refused and how, what is a view, and what the graph sees."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, GradError, ShapeError


@pytest.fixture
def x():
    return gt.from_numpy(np.arange(24.0).reshape(2, 3, 4))


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ((0, 0, 0, 0), r"too many indices \(4\) for x of shape \(2, 3, 4\)"),
        (5, r"5 is out of range for dim 0 of x of shape \(2, 3, 4\); use -2 <= index < 2"),
        ((slice(None), -4), r"-4 is out of range for dim 1 .* use -3 <= index < 3"),
        ((..., 4), r"4 is out of range for dim 2"),
        ([0, 7], r"7 is out of range for dim 0"),
        ((slice(None), np.array([0, 3])), r"3 is out of range for dim 1"),
        (([0, 1], slice(None), [0, -5]), r"-5 is out of range for dim 2"),
        ([True, False, True], r"mask of shape \(3,\) does not fit x of shape \(2, 3, 4\)"),
        ((slice(None), np.ones((3, 3), bool)), r"its dim 1 has size 3, dim 2 of x has 4"),
        ((np.zeros(2, int), np.zeros(3, int)), r"shapes \(2,\), \(3,\) do not broadcast"),
        (1.5, "got float 1.5"),
        (np.array([0.5]), "must be integers or booleans, got float64"),
        ({0}, "got set"),
        ((0, [[0], [0, 1]]), "ragged"),
    ],
)
def test_a_wrong_index_raises_an_index_error_that_says_what_is_wrong(x, index, words):
    with pytest.raises(IndexError, match=words):
        x[index]
    before = x.numpy().copy()
    with pytest.raises(IndexError, match=words):
        x[index] = 1.0
    assert np.array_equal(x.numpy(), before)


def test_a_zero_step_and_bounds_that_are_no_ints_are_refused_in_words(x):
    with pytest.raises(ValueError, match="slice step cannot be zero"):
        x[::0]
    with pytest.raises(TypeError, match="bounds of a slice must be ints or None"):
        x[0:1.5]
    with pytest.raises(TypeError, match="not by the string 'a'"):
        x["a"]


def test_a_0d_tensor_takes_no_int_and_no_slice():
    for index in (0, slice(None), [0]):
        with pytest.raises(IndexError, match=r"too many indices \(1\) for x of shape \(\).*tensor\.item\(\)"):
            gt.tensor(3.0)[index]
    assert gt.tensor(3.0)[...].shape == ()
    assert gt.tensor(3.0)[None].shape == gt.tensor(3.0)[True].shape == (1,)
    assert gt.tensor(3.0)[gt.tensor(False)].shape == (0,)


@pytest.mark.parametrize(
    ("index", "value", "words"),
    [
        (0, [1.0, 2.0], r"value of shape \(2,\) does not broadcast to the indexed part of shape \(3, 4\)"),
        (
            [0, 1],
            np.ones((3, 3)),
            r"value of shape \(3, 3\) does not broadcast to the indexed part of shape \(2, 3, 4\)",
        ),
        (
            np.arange(24).reshape(2, 3, 4) > 20,
            np.ones(2),
            r"shape \(2,\) does not broadcast to the indexed part of shape \(3,\)",
        ),
        (([0, 1], slice(None), [0, 1]), np.ones((3, 2)), r"indexed part of shape \(2, 3\)"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_before_anything_is_written(x, index, value, words):
    before = x.numpy().copy()
    with pytest.raises(ShapeError, match=words):
        x[index] = gt.tensor(value)
    assert np.array_equal(x.numpy(), before)


def test_values_that_are_no_numbers_are_refused(x):
    for value in (None, "a", object()):
        with pytest.raises(TypeError, match="a value must be a number, an array or a tensor"):
            x[0] = value
    for value in (1j, np.array([1j]), gt.tensor([1j])):
        with pytest.raises(DtypeError, match="complex"):
            x[[0]] = value


def test_numbers_that_an_integer_dtype_cannot_hold_are_refused():
    x = gt.tensor([1, 2], dtype="uint8")
    for value in (300, float("nan"), float("inf")):
        with pytest.raises(DtypeError, match="does not fit into uint8"):
            x[0] = value
    assert x.tolist() == [1, 2]
    x[0] = -1  # wraps around, as in C and PyTorch
    x[1] = 2.7
    assert x.tolist() == [255, 2]


def test_a_number_too_large_for_a_float_dtype_is_refused():
    x = gt.zeros(2, dtype="float16")
    with pytest.raises(DtypeError, match=r"-1000000000\.0 does not fit into float16 of shape"):
        x.masked_fill_(x == 0, -1e9)
    assert x.masked_fill(x == 0, -float("inf")).tolist() == [-float("inf")] * 2


def test_ints_select_before_index_arrays_gather(x):
    assert x[0, :, [0, 1]].shape == (3, 2)
    assert x[[0, 1], :, [0, 1]].shape == (2, 3)
    assert x[[0, 1], 0, [0, 1]].shape == (2,)


def test_a_list_that_holds_sequences_is_a_tuple_with_a_warning(x):
    with pytest.warns(UserWarning, match="read as a tuple"):
        y = x[[[0, 1], [1, 0]]]
    assert np.array_equal(y.numpy(), x.numpy()[[0, 1], [1, 0]])


def test_uint8_indices_are_masks_with_a_warning(x):
    mask = gt.tensor([1, 0], dtype="uint8")
    with pytest.warns(UserWarning, match="uint8 is deprecated"):
        assert x[mask].shape == (1, 3, 4)
    with pytest.warns(UserWarning, match="uint8 is deprecated"):
        x[mask] = 0.0
    assert x.numpy()[0].max() == 0 < x.numpy()[1].min()


def test_0d_integer_tensors_are_ints_and_give_views(x):
    for i in (gt.tensor(1), np.array(1), np.int64(1), gt.tensor([[0, 1]])[0, 1]):
        assert x[i]._is_view()
        assert x[:, i].shape == (2, 4)


def test_bounds_of_slices_may_be_tensors(x):
    assert x[gt.tensor(0) : gt.tensor(1)].shape == (1, 3, 4)
    bound = gt.tensor(2)
    leaf = gt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = leaf[:bound].sum()
    bound.fill_(3)
    y.backward()
    assert leaf.grad.tolist() == [1, 1, 0]


def test_writing_through_a_view_with_a_negative_step_reaches_the_base(x):
    x[::-1, 0][1] = 7.0
    assert np.array_equal(x.numpy()[0, 0], [7, 7, 7, 7])
    leaf = gt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = leaf * 2
    y[::-1][:2] = gt.tensor([10.0, 20.0])
    assert y.tolist() == [2, 20, 10]
    y.sum().backward()
    assert leaf.grad.tolist() == [2, 0, 0]


def test_writing_an_index_after_use_is_seen_by_backward():
    x = gt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    for index in (gt.tensor([0, 1]), gt.tensor([True, False, True])):
        y = (x[index] * 2).sum()
        index[0] = index[1].item()
        with pytest.raises(GradError, match="changed in place"):
            y.backward()


def test_second_derivatives_see_an_index_written_between_the_two():
    x = gt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    index = gt.tensor([0, 1])
    (g,) = gt.autograd.grad((x[index] ** 3).sum(), x, create_graph=True)
    index[0] = 2
    with pytest.raises(GradError, match="changed in place"):
        g.sum().backward()


def test_writes_by_index_obey_the_rules_of_leaves():
    leaf = gt.tensor([1.0, 2.0], requires_grad=True)
    for index in (0, [0], gt.tensor([True, False])):
        with pytest.raises(GradError, match="leaf that requires grad"):
            leaf[index] = 5.0
    with gt.no_grad():
        leaf[0] = 5.0
        leaf[[1]] = 6.0
    assert leaf.tolist() == [5, 6]


def test_writing_what_was_saved_is_seen():
    x = gt.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    z = (y * y).sum()
    y[[0]] = 7.0
    with pytest.raises(GradError, match="index_put_"):
        z.backward()


def test_reading_does_not_keep_the_source_from_being_written():
    x = gt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    z = y[[0, 2]].sum()
    y.add_(1.0)
    z.backward()
    assert x.grad.tolist() == [1, 0, 1]


def test_a_bool_tensor_takes_values_of_every_kind():
    m = gt.tensor([False, False, False])
    m[0] = True
    m[[1]] = 2.5
    m[gt.tensor([False, False, True])] = gt.tensor([1])
    assert m.tolist() == [True, True, True]


def test_augmented_assignment_with_a_mask():
    x = gt.tensor([1.0, 2.0, 3.0])
    x[x > 1] += 10
    x[0] *= 5
    assert x.tolist() == [5, 12, 13]


def test_index_put_accumulates_repeats_and_refuses_what_does_not_fit():
    x = gt.zeros(3)
    x.index_put_((gt.tensor([0, 0, -1]),), gt.tensor([1.0, 2.0, 3.0]), accumulate=True)
    assert x.tolist() == [3, 0, 3]
    with pytest.raises(DtypeError, match="values is int64, input is float32"):
        gt.index_put(x, (gt.tensor([0]),), gt.tensor([1]))
    with pytest.raises(TypeError, match="indices must be a tuple of Tensors"):
        gt.index_put(x, gt.tensor([0]), gt.tensor([1.0]))
    with pytest.raises(IndexError, match="index 3 is out of range"):
        gt.index_put(x, (gt.tensor([3]),), gt.tensor([1.0]), accumulate=True)
    assert gt.index_put(gt.zeros(2, 2), (gt.tensor(1), gt.tensor(0)), gt.tensor(5.0)).tolist() == [[0, 0], [5, 0]]


def test_half_precision_elements_are_read_and_written():
    for dtype in ("float16", "bfloat16"):
        x = gt.zeros(4, dtype=dtype)
        x[1] = 1.5
        x[[2, 3]] = gt.tensor([2.5, 3.5])
        x[x > 3] = 0.5
        assert x.tolist() == [0, 1.5, 2.5, 0.5]
        assert x[[1, 2]].dtype is x.dtype


@pytest.mark.torch
@pytest.mark.parametrize(
    "index",
    [
        True,
        False,
        (True, True),
        (0, True),
        (True, [0, 1]),
        (True, slice(None), [0, 1]),
        ...,
        (..., ...),
        (..., 0),
        None,
        (None, ..., None),
        (),
        [],
        ([], slice(None)),
        ((0, 1),),
        ((0, 1), (0, 1)),
        range(2),
        ([0, 1], ..., [0, 1]),
        (None, [0, 1]),
        (0, [0, 1], None, [0, 1]),
    ],
    ids=repr,
)
def test_odd_indices_mean_what_they_mean_in_pytorch(index):
    torch = pytest.importorskip("torch")
    array = np.arange(24.0).reshape(2, 3, 4)
    x, y = gt.from_numpy(array.copy()), torch.from_numpy(array.copy())
    assert np.array_equal(x[index].numpy(), y[index].numpy())
    assert x[index].shape == tuple(y[index].shape)
    x[index], y[index] = -1.0, -1.0
    assert np.array_equal(x.numpy(), y.numpy())


@pytest.mark.parametrize(
    ("shape", "index"), [((2, 0, 1), (..., gt.tensor([2]))), ((0, 3), (slice(None), gt.tensor([5])))]
)
def test_the_gradient_of_nothing_taken_is_empty_wherever_the_index_points(shape, index):
    x = gt.zeros(shape, requires_grad=True)
    x[index].sum().backward()
    assert x.grad.shape == shape


def test_a_list_with_a_tensor_that_requires_grad_is_not_assigned():
    x = gt.zeros(2)
    with pytest.raises(GradError, match="stack"):
        x[:] = [gt.tensor(1.0, requires_grad=True), 2.0]
    x[:] = [gt.tensor(1.0), 2.0]
    assert x.tolist() == [1.0, 2.0]
