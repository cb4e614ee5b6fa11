"""Sums with a factor, and powers and quotients of mixed dtypes: everything is promoted before it is multiplied."""

import itertools

import numpy as np
import pytest

import gputensor as gt

i8, u8, f16, bf16, f64 = gt.int8, gt.uint8, gt.float16, gt.bfloat16, gt.float64


@pytest.mark.parametrize(
    ("name", "x", "y", "alpha", "expected"),
    [
        ("add", gt.tensor([1]), gt.tensor([100], dtype=i8), 2, [201]),
        ("add", gt.tensor([-0.5]), gt.tensor([-100], dtype=i8), 2, [-200.5]),
        ("sub", gt.tensor([0.5]), gt.tensor([100], dtype=u8), 3, [-299.5]),
        ("add", gt.tensor([0.0]), gt.tensor([300.0], dtype=f16), 300, [90000.0]),
        ("rsub", gt.tensor([100], dtype=i8), gt.tensor([1]), 2, [-199]),
    ],
)
def test_alpha_multiplies_in_the_dtype_of_the_result(name, x, y, alpha, expected):
    assert getattr(gt, name)(x, y, alpha=alpha).tolist() == expected
    if name != "rsub":
        assert getattr(x.clone(), name + "_")(y, alpha=alpha).tolist() == expected


@pytest.mark.parametrize(
    ("x", "y", "alpha", "dtype"),
    [
        (gt.tensor([1.5], dtype=bf16), gt.tensor([1, 2]), 2, bf16),
        (gt.tensor([1.5], dtype=f16), gt.tensor([True]), 1.5, f16),
        (gt.tensor(1.5, dtype=bf16), gt.tensor([1, 2]), 2, bf16),
        (gt.tensor(1j, dtype=gt.complex128), gt.tensor([1], dtype=i8), 2, gt.complex128),
    ],
)
def test_a_sum_with_alpha_has_the_dtype_of_the_sum_without(x, y, alpha, dtype):
    assert gt.add(x, y, alpha=alpha).dtype is dtype is gt.add(x, y).dtype


def test_three_operands_are_promoted_before_they_are_multiplied():
    hundred, one = gt.tensor([100], dtype=i8), gt.tensor([0.5])
    assert gt.addcmul(one, hundred, hundred).tolist() == [10000.5]
    assert one.clone().addcmul_(hundred, hundred).tolist() == [10000.5]
    large = gt.tensor([1e30])
    np.testing.assert_allclose(gt.addcmul(gt.tensor([0.0], dtype=f64), large, large).numpy(), [1e60], rtol=1e-6)
    assert gt.addcdiv(gt.tensor([0.0], dtype=f64), large, gt.tensor([1e-30])).tolist()[0] > 1e59
    assert gt.addcmul(gt.tensor([1.0], dtype=bf16), gt.tensor([2]), gt.tensor([3]), value=2).dtype is bf16
    assert gt.addcdiv(gt.ones(2, dtype=bf16), gt.tensor(2.0, dtype=f16), gt.ones(2, dtype=u8)).dtype is bf16
    # the factor comes first, as in PyTorch: 1e30 * 1e30 alone is infinite
    assert gt.addcmul(gt.zeros(1), large, large, value=1e-30).tolist() == pytest.approx([1e30])


def test_two_tensors_without_dimensions_outweigh_each_other_before_they_meet_a_third():
    half, brain, bytes_ = gt.tensor(1.0, dtype=f16), gt.tensor(1.0, dtype=bf16), gt.ones(2, dtype=i8)
    assert gt.addcmul(half, brain, bytes_).dtype is gt.float32


def test_a_difference_with_alpha_refuses_booleans_too():
    with pytest.raises(TypeError, match="sub: not defined for bool"):
        gt.sub(gt.tensor([1.0]), gt.tensor([True]), alpha=1.5)
    with pytest.raises(TypeError, match="sub: not defined for bool"):
        gt.tensor([1.0]).sub_(gt.tensor([True]), alpha=1.5)


def test_the_huber_loss_has_the_dtype_of_its_input():
    x, y = gt.tensor([1.0, 2.0], dtype=f16), gt.tensor([1.5, 4.0])
    loss = gt.nn.functional.huber_loss(x, y)
    assert loss.dtype is f16
    assert loss.item() == 0.8125
    assert gt.nn.functional.huber_loss(y, x).dtype is gt.float32


def test_a_number_to_a_float_power_is_not_rounded_to_the_tensor():
    assert gt.float_power(300, gt.tensor([1], dtype=i8)).tolist() == [300.0]
    assert gt.float_power(2**40, gt.tensor([2], dtype=gt.int32)).tolist() == [2.0**80]
    small = gt.float_power(2**40, gt.tensor(-0.25, dtype=f16))
    assert small.tolist() == pytest.approx(2.0**-10)
    assert gt.float_power(gt.tensor([2], dtype=i8), 300).tolist() == [2.0**300]


def test_a_16_bit_quotient_by_one_divisor_is_cut_off_before_it_is_rounded():
    y = gt.tensor([0.1], dtype=bf16)
    assert gt.div(gt.tensor([-1]), y, rounding_mode="trunc").tolist() == [-9.0]
    assert gt.div(gt.tensor([-1]), y[0], rounding_mode="trunc").tolist() == [-9.0]


@pytest.mark.torch
@pytest.mark.parametrize("function", ["add", "sub", "rsub", "addcmul", "addcdiv"])
def test_dtypes_and_values_of_scaled_sums_are_those_of_pytorch(function):
    torch = pytest.importorskip("torch")
    dtypes = ["float32", "float16", "bfloat16", "float64", "int8", "uint8", "int64", "complex128"]
    values = [3.0, 100.0, 7.0]
    three = function.startswith("addc")
    if three:
        dtypes = ["float32", "float16", "bfloat16", "int8", "int64"]
    factor = {"value" if three else "alpha": 3}
    for names in itertools.product(dtypes, repeat=3 if three else 2):
        for flat in itertools.product((False, True), repeat=len(names)):
            if "float16" in names and "complex128" in names and any(flat):
                continue  # complex32, which is not here
            args = []
            for m in (torch, gt):
                args.append(
                    [
                        m.tensor(values[0] if f else values, dtype=getattr(m, n))
                        for n, f in zip(names, flat, strict=True)
                    ]
                )
            try:
                theirs = getattr(torch, function)(*args[0], **factor)
            except RuntimeError:
                with pytest.raises((RuntimeError, TypeError)):
                    getattr(gt, function)(*args[1], **factor)
                continue
            ours = getattr(gt, function)(*args[1], **factor)
            assert str(ours.dtype).split(".")[1] == str(theirs.dtype).split(".")[1], (names, flat)
            np.testing.assert_allclose(ours.tolist(), theirs.tolist(), rtol=1e-6, err_msg=f"{names} {flat}")


def test_the_value_of_addcmul_is_a_number_of_any_kind():
    whole = [gt.tensor([1, 2]), gt.tensor([3, 4]), gt.tensor([5, 6])]
    assert gt.addcmul(*whole, value=2.0).tolist() == [31, 50]
    assert gt.addcmul(*whole, value=0.5).tolist() == [1, 2]
    assert gt.addcmul(gt.ones(1), gt.ones(1), gt.ones(1), value=True).tolist() == [2.0]
    assert gt.addcdiv(gt.ones(1), gt.ones(1), gt.ones(1), value=True).tolist() == [2.0]


def test_ldexp_keeps_the_precision_of_complex_numbers():
    z = gt.ldexp(gt.tensor(1 + 1j, dtype=gt.complex128), gt.tensor([1, 2]))
    assert z.dtype is gt.complex128
    assert z.tolist() == [2 + 2j, 4 + 4j]
