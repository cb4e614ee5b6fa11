"""Choices, bounds and comparisons: what a row of samples cannot ask."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_

nan, inf = float("nan"), float("inf")


def test_where_with_one_argument_gives_the_places():
    rows, columns = gt.where(gt.tensor([[True, False], [False, True]]))
    assert rows.tolist() == [0, 1]
    assert columns.tolist() == [0, 1]
    (place,) = gt.where(gt.tensor(True))
    assert place.tolist() == [0]
    assert gt.where(gt.tensor([0.0, 2.0]))[0].tolist() == [1]


def test_where_with_two_arguments_is_refused():
    with pytest.raises(TypeError, match="where: expected where"):
        gt.where(gt.tensor([True]), 1.0)


def test_where_takes_a_boolean_condition():
    with pytest.raises(TypeError, match="where: condition must be boolean, got float32"):
        gt.where(gt.tensor([1.0]), 1, 2)
    assert gt.where(gt.tensor([1, 0], dtype="uint8"), 1, 2).tolist() == [1, 2]
    with pytest.raises(TypeError, match="where: condition must be a Tensor, got list"):
        gt.where([True], 1, 2)
    with pytest.raises(TypeError, match="where: expected tensors or numbers"):
        gt.where(gt.tensor([True]), "a", 2)


def test_where_names_the_shapes_that_do_not_broadcast():
    with pytest.raises(ValueError, match=r"where: shapes \(2,\) and \(3,\).*broadcast"):
        gt.where(gt.tensor([True, False]), gt.zeros(3), 0.0)


@pytest.mark.parametrize(
    ("x", "y", "dtype"), [(1.5, 2, "float32"), (1, 2, "int64"), (True, False, "bool"), (1, 2j, "complex64")]
)
def test_where_of_two_numbers_gives_the_default_dtype_of_their_kind(x, y, dtype):
    assert gt.where(gt.tensor([True]), x, y).dtype.name == dtype


def test_an_infinite_gradient_does_not_leak_through_a_mask():
    for masked in (
        lambda x: gt.sqrt(gt.relu(x)),
        lambda x: gt.sqrt(x.clamp(min=0.0)),
        lambda x: gt.sqrt(gt.where(x > 0, x, 0.0)),
        lambda x: gt.sqrt(gt.maximum(x, gt.zeros(2))),
    ):
        x = gt.tensor([-1.0, 4.0], requires_grad=True)
        masked(x).sum().backward()
        assert x.grad.tolist() == [0.0, 0.25]


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "complex64", "complex128", "int64"])
@pytest.mark.parametrize("shapes", [((3, 4), (3, 4)), ((3, 1), (4,)), ((), ()), ((4,), ()), ((0, 3), (3,))])
def test_the_word_where_masks_exactly(dtype, shapes):
    rng = np.random.default_rng(0)
    condition = rng.random(shapes[0]) < 0.5
    x = np.array(rng.standard_normal(shapes[1]) * 3)
    if dtype != "int64" and x.size:
        x.flat[0] = np.inf
        x.flat[-1] = np.nan if x.size > 1 else -np.inf
    x = x.astype(gt.tensor([0], dtype=dtype).array.dtype)
    zero = np.zeros((), x.dtype)
    for ours, theirs in (
        (numpy_.where(condition, x, 0), np.where(condition, x, zero)),
        (numpy_.where(condition, 0, x), np.where(condition, zero, x)),
    ):
        assert ours.dtype == theirs.dtype
        assert ours.tobytes() == theirs.tobytes()


def test_the_word_where_masks_views_in_any_order():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((4, 6)).astype(np.float32)
    for view in (x.T, x[::-1, ::2], np.broadcast_to(x[:1], (5, 6))):
        condition = rng.random(view.shape) < 0.5
        assert np.array_equal(numpy_.where(condition, view, 0), np.where(condition, view, np.float32(0)))


def test_equal_elements_share_the_gradient_of_maximum_and_minimum():
    for function in (gt.maximum, gt.minimum):
        x, y = gt.tensor([1.0, 2.0], requires_grad=True), gt.tensor([1.0, 2.0], requires_grad=True)
        function(x, y).sum().backward()
        assert x.grad.tolist() == y.grad.tolist() == [0.5, 0.5]


def test_a_bound_leaves_the_gradient_to_the_clamped_tensor():
    x, low = gt.tensor([0.0, -1.0, 2.0], requires_grad=True), gt.tensor([0.0, 0.0, 0.0], requires_grad=True)
    gt.clamp(x, min=low).sum().backward()
    assert x.grad.tolist() == [1.0, 0.0, 1.0]
    assert low.grad.tolist() == [0.0, 1.0, 0.0]


def test_crossed_bounds_give_the_upper_one():
    assert gt.clamp(gt.tensor([0.0, 5.0]), 3, 1).tolist() == [1.0, 1.0]
    x, low, high = (gt.tensor([v], requires_grad=True) for v in (0.0, 3.0, 1.0))
    gt.clamp(x, low, high).backward()
    assert [t.grad.item() for t in (x, low, high)] == [0.0, 0.0, 1.0]


def test_clamp_needs_a_bound_and_a_number_that_fits():
    with pytest.raises(ValueError, match="clamp: at least one of min and max"):
        gt.clamp(gt.tensor([1.0]))
    with pytest.raises(OverflowError, match="clamp: a number does not fit"):
        gt.clamp(gt.tensor([1], dtype="uint8"), max=300)
    with pytest.raises(TypeError, match="clamp"):
        gt.clamp(gt.tensor([1.0]), min="a", max=gt.tensor(1.0))


def test_clamp_takes_a_tensor_and_a_number():
    assert gt.clamp(gt.tensor([-1.0, 0.5, 2.0]), gt.tensor(0.0), 1).tolist() == [0.0, 0.5, 1.0]


def test_clamp_of_integers_by_a_float_is_not_written_into_them():
    assert gt.clamp(gt.tensor([1, 2]), 1.5).tolist() == [1.5, 2.0]
    x = gt.tensor([1, 2])
    with pytest.raises(TypeError, match="clamp_: the result is float32"):
        x.clamp_(1.5)
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize("call", [
    gt.maximum, gt.minimum, gt.fmax, gt.fmin, gt.lt, gt.le, gt.gt, gt.ge, lambda x, y: x < y, lambda x, y: x >= y,
    lambda x, y: gt.clamp(x, y), lambda x, y: gt.clamp_max(x, 1.0),
])  # fmt: skip
def test_complex_numbers_have_no_order(call):
    x = gt.tensor([1j, 2.0])
    with pytest.raises(TypeError, match="complex numbers have no order"):
        call(x, x)


def test_nan_is_kept_by_maximum_and_left_by_fmax():
    x, y = gt.tensor([nan, 1.0, nan]), gt.tensor([1.0, nan, nan])
    assert np.isnan(gt.maximum(x, y).numpy()).all()
    assert gt.fmax(x, y)[:2].tolist() == [1.0, 1.0]
    assert gt.fmin(x, y)[:2].tolist() == [1.0, 1.0]


def test_equal_compares_shapes_and_values_and_not_dtypes():
    assert gt.equal(gt.tensor([1, 2]), gt.tensor([1.0, 2.0]))
    assert not gt.equal(gt.tensor([1, 2]), gt.tensor([[1, 2]]))
    assert not gt.equal(gt.tensor([nan]), gt.tensor([nan]))
    assert gt.equal(gt.zeros(0), gt.zeros(0))
    assert gt.tensor([1]).equal(gt.tensor([1])) is True


def test_isclose_treats_infinities_and_nan():
    x, y = gt.tensor([inf, -inf, nan, 1.0]), gt.tensor([inf, inf, nan, 1.0 + 1e-6])
    assert gt.isclose(x, y).tolist() == [True, False, False, True]
    assert gt.isclose(x, y, equal_nan=True).tolist() == [True, False, True, True]
    assert gt.isclose(gt.tensor([1.0]), gt.tensor([inf])).tolist() == [False]
    assert gt.isclose(gt.tensor([0], dtype="uint8"), gt.tensor([255], dtype="uint8"), atol=2).tolist() == [False]
    assert gt.allclose(x[3:], y[3:]) is True


def test_isclose_refuses_two_dtypes_and_negative_tolerances():
    with pytest.raises(TypeError, match="isclose: expected two tensors of one dtype"):
        gt.isclose(gt.tensor([1.0]), gt.tensor([1]))
    with pytest.raises(ValueError, match="isclose: rtol must not be negative, got -1"):
        gt.isclose(gt.tensor([1.0]), gt.tensor([1.0]), rtol=-1)


def test_comparisons_with_strange_things_are_left_to_python():
    x = gt.tensor([1.0])
    assert (x == "a") is False
    assert (x != None) is True  # noqa: E711
    with pytest.raises(TypeError):
        x < "a"  # noqa: B015
    with pytest.raises(TypeError, match=r"eq: .*Tensor"):
        gt.eq(x, "a")


def test_comparisons_in_place_write_zeros_and_ones():
    x = gt.tensor([1.0, 5.0])
    assert x.gt_(2) is x
    assert x.tolist() == [0.0, 1.0]
    y = gt.tensor([3.0, 4.0], requires_grad=True)
    z = y * 2
    z.le_(6.0).sum().backward()
    assert y.grad.tolist() == [0.0, 0.0]


def test_nan_to_num_replaces_each_kind():
    x = gt.tensor([nan, inf, -inf, 1.0])
    assert gt.nan_to_num(x, 1.0, 2.0, 3.0).tolist() == [1.0, 2.0, 3.0, 1.0]
    assert gt.nan_to_num(x).tolist()[1:3] == [np.finfo(np.float32).max, np.finfo(np.float32).min]
    assert gt.nan_to_num(gt.tensor([complex(nan, inf)]), posinf=7.0).tolist() == [7j]
    assert gt.nan_to_num(gt.tensor([3])).tolist() == [3]


def test_shifts_outside_of_the_word():
    x = gt.tensor([1, -1], dtype="int8")
    assert (x << 9).tolist() == [0, 0]
    assert (x >> 9).tolist() == [0, -1]
    assert (2 << gt.tensor([5])).tolist() == [64]


def test_bits_of_floats_are_refused():
    for call in (lambda x: x & 1, lambda x: ~x, lambda x: x << 1, lambda x: x | x):
        with pytest.raises(TypeError, match=r"bitwise_.*not defined for float32"):
            call(gt.tensor([1.0]))


def test_bits_in_place():
    x = gt.tensor([6, 3])
    view = x[:1]
    x &= 5
    x |= 8
    x ^= 1
    assert x.tolist() == [13, 8]
    assert view.tolist() == [13]
    x <<= 1
    x >>= 2
    assert x.tolist() == [6, 4]
    assert view.tolist() == [6]
