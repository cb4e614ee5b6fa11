"""Integers beside Python numbers that do not fit into their dtype."""

import numpy as np
import pytest

import gputensor as gt


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64"])
@pytest.mark.parametrize("number", [256, -1, 300, 65536, 128, 2**31, 2**63 - 1])
def test_a_quotient_of_integers_takes_the_number_as_a_float(dtype, number):
    values = np.array([0, 1, 100], dtype)
    x = gt.tensor(values)
    expected = values.astype(np.float64) / number
    for quotient in (x / number, x.div(number), gt.true_divide(x, number), gt.divide(x, number)):
        assert quotient.dtype is gt.float32
        np.testing.assert_allclose(quotient.numpy(), expected, rtol=1e-6)
    np.testing.assert_allclose((number / gt.tensor(values[1:])).numpy(), number / values[1:].astype(float), rtol=1e-6)
    np.testing.assert_allclose((gt.tensor(values[2]) / number).item(), 100 / number, rtol=1e-6)


def test_other_functions_that_make_floats_of_integers_take_it_as_one():
    x = gt.tensor([1, 2], dtype=gt.uint8)
    assert gt.copysign(x, -1).tolist() == [-1.0, -2.0]
    np.testing.assert_allclose(gt.xlogy(x, 300).numpy(), [np.log(300), 2 * np.log(300)], rtol=1e-6)
    np.testing.assert_allclose(gt.special.xlog1py(x, 300).numpy(), [np.log(301), 2 * np.log(301)], rtol=1e-6)
    np.testing.assert_allclose(gt.special.zeta(x + 1, 300).numpy(), [0.00333890, 5.574e-06], rtol=1e-4)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x + 2**70,
        lambda x: x * 2**64,
        lambda x: x < 2**70,
        lambda x: x // 2**70,
        lambda x: x % 2**70,
        lambda x: x & 2**70,
    ],
)
def test_an_int_of_more_than_64_bits_is_refused_beside_integers(call):
    with pytest.raises(OverflowError, match="has more than 64 bits; use a float"):
        call(gt.tensor([5]))


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64"])
def test_quotients_are_pytorchs(dtype):
    torch = pytest.importorskip("torch")
    for number in (256, -1, 300, 65536, 2**40, True, 2.5):
        ours = gt.tensor([0, 1, 100], dtype=getattr(gt, dtype)) / number
        theirs = torch.tensor([0, 1, 100], dtype=getattr(torch, dtype)) / number
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: gt.where(x > 1, x, 300), "where: the choice 300 does not fit into uint8; use 0 to 255"),
        (lambda x: x.add(1, alpha=300), "add: alpha 300 does not fit into uint8"),
        (lambda x: gt.nn.functional.pad(x, (1, 1), value=300), "pad: 300 does not fit into uint8"),
    ],
)
def test_other_ints_that_do_not_fit_are_refused(call, words):
    with pytest.raises(gt.errors.DtypeError, match=words):
        call(gt.tensor([1, 255], dtype=gt.uint8))


def test_a_bound_that_does_not_fit_and_too_many_dims_get_a_sentence():
    with pytest.raises(OverflowError, match=r"clamp: a number does not fit into uint8 of shape \(2,\); convert"):
        gt.tensor([1, 255], dtype=gt.uint8).clamp(max=300)
    with pytest.raises(gt.errors.ShapeError, match="at most 64 dims are possible, got 65"):
        gt.zeros([1] * 65)
