"""Arithmetic, division and powers: what a row of samples cannot ask."""

import numpy as np
import pytest

import gputensor as gt


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (gt.tensor([True]), gt.tensor([False])),
        (gt.tensor([1.0]), gt.tensor([True])),
        (gt.tensor([True]), 1),
        (gt.tensor([1.0]), True),
        (True, gt.tensor([1.0])),
    ],
)
def test_booleans_are_not_subtracted(x, y):
    with pytest.raises(TypeError, match="sub: not defined for bool"):
        x - y
    with pytest.raises(TypeError, match="sub: not defined for bool"):
        gt.sub(x, y)


def test_a_boolean_is_not_subtracted_in_place_and_nothing_changes():
    x = gt.tensor([1.0, 2.0])
    with pytest.raises(TypeError, match="logical_xor"):
        x -= gt.tensor([True, False])
    assert x.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("alpha", [1.5, 1j, True])
def test_alpha_has_to_fit_the_result(alpha):
    with pytest.raises(TypeError, match=r"add: alpha .* int64"):
        gt.add(gt.tensor([1]), gt.tensor([2]), alpha=alpha)
    x = gt.tensor([1])
    with pytest.raises(TypeError, match=r"add_: alpha .* int64"):
        x.add_(gt.tensor([2]), alpha=alpha)
    assert x.tolist() == [1]


def test_alpha_of_booleans_is_a_boolean():
    assert gt.add(gt.tensor([True, False]), gt.tensor([True, True]), alpha=False).tolist() == [True, False]


def test_lerp_reaches_both_ends_exactly():
    a, b = gt.tensor([0.1, 1e8]), gt.tensor([0.7, -3.0])
    assert gt.lerp(a, b, 0.0).tolist() == a.tolist()
    assert gt.lerp(a, b, 1.0).tolist() == b.tolist()
    assert gt.lerp(a, b, gt.tensor([0.0, 1.0])).tolist() == [a[0].item(), b[1].item()]


def test_lerp_and_addcdiv_refuse_integers():
    one = gt.tensor([1])
    with pytest.raises(TypeError, match="lerp: not defined for integers"):
        gt.lerp(one, one, 0.5)
    with pytest.raises(TypeError, match="addcdiv: not defined for two integer"):
        gt.addcdiv(one, one, one)


def test_sums_of_products_in_16_bits_are_rounded_once():
    rng = np.random.default_rng(0)
    x, y, z = (gt.tensor(rng.standard_normal(100), dtype="bfloat16") for _ in range(3))
    exact = gt.addcmul(x.float(), y.float(), z.float(), value=3).bfloat16()
    assert gt.equal(gt.addcmul(x, y, z, value=3), exact)
    assert gt.equal(gt.lerp(x, y, 0.3), gt.lerp(x.float(), y.float(), 0.3).bfloat16())


@pytest.mark.parametrize("call", [
    lambda x, y: x // y,
    lambda x, y: x % y,
    gt.fmod,
    lambda x, y: gt.div(x, y, rounding_mode="trunc"),
    lambda x, y: gt.div(x, y, rounding_mode="floor"),
    lambda x, y: divmod(x, y),
])  # fmt: skip
@pytest.mark.parametrize("dtype", ["int64", "uint8"])
def test_an_integer_divided_by_zero_raises(call, dtype):
    x, y = gt.tensor([1, 2], dtype=dtype), gt.tensor([1, 0], dtype=dtype)
    with pytest.raises(ZeroDivisionError, match="an integer divisor is 0"):
        call(x, y)
    with pytest.raises(RuntimeError):  # what PyTorch raises
        call(x, 0)


@pytest.mark.parametrize("write", [
    lambda x: x.floor_divide_(0), lambda x: x.remainder_(0), lambda x: x.fmod_(0),
    lambda x: x.div_(0, rounding_mode="trunc"), lambda x: x.__imod__(0), lambda x: x.__ifloordiv__(0),
])  # fmt: skip
def test_a_division_by_zero_in_place_changes_nothing(write):
    x = gt.tensor([1, 2])
    with pytest.raises(ZeroDivisionError):
        write(x)
    assert x.tolist() == [1, 2]


def test_large_integers_are_divided_exactly():
    n = 2**62 + 1
    x = gt.tensor([n, -n])
    assert gt.div(x, 3, rounding_mode="trunc").tolist() == [n // 3, -(n // 3)]
    assert (x // 3).tolist() == [n // 3, -n // 3]
    assert (x % 3).tolist() == [n % 3, -n % 3]


def test_divmod_gives_quotient_and_remainder():
    quotient, rest = divmod(gt.tensor([7.0, -7.0]), 2)
    assert quotient.tolist() == [3.0, -4.0]
    assert rest.tolist() == [1.0, 1.0]
    quotient, rest = divmod(7, gt.tensor([2, 4]))
    assert quotient.tolist() == [3, 1]
    assert rest.tolist() == [1, 3]


def test_floor_division_corrects_the_rounded_quotient():
    # 1 / 0.1 rounds to 10, but ten times the float 0.1 is above 1
    assert (gt.tensor([1.0], dtype="float64") // 0.1).tolist() == [9.0]


def test_an_unknown_rounding_mode_is_refused():
    with pytest.raises(ValueError, match="rounding_mode must be None, 'trunc' or 'floor'"):
        gt.div(gt.tensor([1.0]), 2, rounding_mode="up")


def test_integers_to_negative_powers():
    x = gt.tensor([2, 1, -1, -1, 0, -3])
    assert (x ** gt.tensor([-1, -1, -1, -2, -1, -2])).tolist() == [0, 1, -1, 1, 0, 0]
    assert (2 ** gt.tensor([-1, 0, 5])).tolist() == [0, 1, 32]
    assert (gt.tensor([2], dtype="int8") ** gt.tensor([-1])).dtype.name == "int64"
    with pytest.raises(ValueError, match=r"negative integer power.*-1"):
        x**-1


def test_booleans_to_the_power_of_booleans():
    x = gt.tensor([True, False])
    assert (x**True).tolist() == [True, False]
    assert (x**False).tolist() == [True, True]
    with pytest.raises(TypeError, match="pow: not defined for two booleans"):
        x**x


def test_the_gradient_of_a_zeroth_power_is_zero_at_zero():
    x = gt.tensor([0.0, 2.0], requires_grad=True)
    (x**0).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0]
    y = gt.tensor([0.0, 0.0], requires_grad=True)
    (x.detach() ** y).sum().backward()
    assert y.grad.tolist() == pytest.approx([0.0, np.log(2.0)])


def test_float_power_computes_in_float64():
    assert gt.float_power(gt.tensor([2, 3]), -1).tolist() == [0.5, 1 / 3]
    assert gt.float_power(2, gt.tensor([0.5])).dtype.name == "float64"
    with pytest.raises(TypeError, match=r"float_power_.*float64.*float32"):
        gt.tensor([2.0]).float_power_(2)


def test_in_place_arithmetic_is_recorded():
    x = gt.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    y.addcmul_(x, x, value=2).pow_(2).lerp_(x, 0.5)
    # ((x + 2 x^2)^2 + x) / 2
    y.sum().backward()
    assert x.grad.tolist() == pytest.approx([((1 + 4 * v) * 2 * (v + 2 * v * v) + 1) / 2 for v in (1.0, 2.0)])


def test_aliases_are_the_same_functions():
    assert gt.subtract is gt.sub
    assert gt.multiply is gt.mul
    assert gt.divide is gt.div
    assert gt.negative is gt.neg
    assert gt.absolute is gt.abs
    assert gt.clip is gt.clamp
    assert gt.fix is gt.trunc
    assert gt.arctan2 is gt.atan2


X, Y = gt.tensor([1.5, -2.5]), gt.tensor([0.5, 2.0])

KEPT = {
    # (operation, what is written afterwards, whose gradient is asked for): as in PyTorch
    "a dividend beside a constant": (lambda x, y: x / y, "x", "x"),
    "a dividend beside a number": (lambda x, y: x / 3, "x", "x"),
    "a divisor of a number": (lambda x, y: 3 / x, "x", "x"),
    "the operands of a remainder": (lambda x, y: x % y, "xy", "x"),
    "the operands of fmod": (lambda x, y: gt.fmod(x, y), "xy", "x"),
    "the other side of hypot": (lambda x, y: gt.hypot(x, y), "y", "x"),
    "the size beside a sign": (lambda x, y: gt.copysign(x, y), "x", "y"),
    "the steps of nextafter": (lambda x, y: gt.nextafter(x, y), "xy", "y"),
    "the result of a quotient": (lambda x, y: x / y, "out", "xy"),
    "the result of erfinv": (lambda x, y: gt.erfinv(x / 9), "out", "x"),
    "the operand of exp": (lambda x, y: gt.exp(x), "x", "x"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_no_gradient_reads_may_be_written_afterwards(name):
    operation, written, asked = KEPT[name]

    def gradients(spoil):
        leaves = [t.clone().requires_grad_() if letter in asked else t.clone() for t, letter in ((X, "x"), (Y, "y"))]
        x, y = (leaf * 1 for leaf in leaves)
        out = operation(x, y)
        kept = out * 1
        if spoil:
            for t in (out,) if written == "out" else (t for t, letter in ((x, "x"), (y, "y")) if letter in written):
                t.add_(1)
        kept.sum().backward()
        return [leaf.grad.tolist() for leaf in leaves if leaf.requires_grad]

    assert gradients(spoil=True) == gradients(spoil=False)


@pytest.mark.parametrize("write", [lambda x, y: x.add_(1), lambda x, y: y.add_(1)])
def test_what_a_gradient_reads_may_not_be_written(write):
    leaf = X.clone().requires_grad_()
    x, y = leaf * 1, Y * leaf
    out = (x / y).sum()
    write(x, y)
    with pytest.raises(RuntimeError, match=r"add_ at .*test_arithmetic.py"):
        out.backward()


def test_a_number_beyond_float16_is_infinite_silently_in_place_too():
    # warnings are errors here
    x = gt.tensor([1.0, -2.0], dtype=gt.float16)
    x.mul_(1e30)
    assert x.tolist() == [float("inf"), -float("inf")]


@pytest.mark.parametrize(
    ("function", "x", "y", "expected", "dtype"),
    [
        (gt.add, 1, 2, 3, gt.int64),
        (gt.add, 1.5, 2, 3.5, gt.float32),
        (gt.add, 1, 2.5, 3.5, gt.float32),
        (gt.add, True, False, True, gt.bool),
        (gt.sub, 1j, 2, -2 + 1j, gt.complex64),
        (gt.mul, 2, 3, 6, gt.int64),
        (gt.div, 1, 2, 0.5, gt.float32),
        (gt.true_divide, 1, 2, 0.5, gt.float32),
        (gt.floor_divide, 7, 2, 3, gt.int64),
        (lambda x, y: gt.div(x, y, rounding_mode="trunc"), -7, 2, -3, gt.int64),
        (lambda x, y: gt.add(x, y, alpha=3), 1, 2, 7, gt.int64),
    ],
)
def test_arithmetic_of_two_numbers_gives_a_tensor_without_dims(function, x, y, expected, dtype):
    out = function(x, y)
    assert (out.item(), out.dtype, out.shape) == (expected, dtype, ())


@pytest.mark.parametrize("function", [gt.pow, gt.fmod, gt.remainder, gt.eq, gt.hypot, gt.logical_and])
def test_other_functions_of_two_numbers_are_refused(function):
    with pytest.raises(TypeError, match="Tensor"):
        function(1, 2)


def test_divisors_of_integers_beside_booleans():
    x, b = gt.tensor([6, 5], dtype=gt.uint8), gt.tensor([True, False])
    assert gt.gcd(x, b).tolist() == [1, 5]
    assert gt.lcm(b, x).tolist() == [6, 0]
    assert gt.gcd(x, b).dtype is gt.uint8
    with pytest.raises(TypeError, match="gcd: expected integers"):
        gt.gcd(b, b)
