"""Result dtypes of the elementwise functions: PyTorch's, over every dtype and every kind of pair."""

import numpy as np
import pytest

import gputensor as gt

DTYPES = (
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
    "complex128",
)  # fmt: skip

UNARY = (
    "abs", "absolute", "acos", "acosh", "angle", "asin", "asinh", "atan", "atanh", "bitwise_not", "ceil",
    "conj_physical", "cos", "cosh", "deg2rad", "digamma", "erf", "erfc", "erfinv", "exp", "exp2", "expm1", "fix",
    "floor", "frac", "imag", "isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal", "lgamma", "log", "log10",
    "log1p", "log2", "logical_not", "logit", "nan_to_num", "neg", "positive", "rad2deg", "real", "reciprocal", "relu",
    "round", "rsqrt", "selu", "sgn", "sigmoid", "sign", "signbit", "sin", "sinc", "sinh", "sqrt", "square", "tan",
    "tanh", "trunc", "view_as_real",
)  # fmt: skip

BINARY = (
    "add", "atan2", "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor",
    "complex", "copysign", "div", "eq", "float_power", "floor_divide", "fmax", "fmin", "fmod", "ge", "gt",
    "heaviside", "hypot", "isclose", "le", "logaddexp", "logaddexp2", "logical_and", "logical_or", "logical_xor",
    "lt", "maximum", "minimum", "mul", "ne", "nextafter", "polar", "pow", "remainder", "rsub", "sub", "true_divide",
    "xlogy",
)  # fmt: skip

WITH_NUMBERS = (
    "add", "bitwise_and", "bitwise_left_shift", "clamp", "clamp_max", "copysign", "div", "eq", "float_power",
    "floor_divide", "fmod", "lt", "mul", "pow", "remainder", "rsub", "sub", "xlogy",
)  # fmt: skip

# (function, dtype): what differs on purpose
DIFFERENT = {
    ("complex", "float16"): "there is no complex32 here",
    ("logaddexp", "complex64"): "not defined for complex numbers here",
    ("logaddexp", "complex128"): "not defined for complex numbers here",
}


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def ones(lib, dtype, shape=(2,)):
    d = getattr(lib, dtype, None) or dtype
    return lib.tensor(np.ones(shape), dtype=d)


def outcome(call, *args):
    """The name of the result's dtype, or "error"."""
    try:
        return str(call(*args).dtype).split(".")[-1]
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return "error"


@pytest.mark.torch
@pytest.mark.parametrize("name", UNARY)
def test_one_operand_gives_the_dtype_of_torch(torch, name):
    for dtype in DTYPES:
        ours, theirs = outcome(getattr(gt, name), ones(gt, dtype)), outcome(getattr(torch, name), ones(torch, dtype))
        assert ours == theirs, dtype


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:ComplexHalf:UserWarning")
@pytest.mark.parametrize("name", BINARY)
def test_two_operands_give_the_dtype_of_torch(torch, name):
    for first in DTYPES:
        for second in DTYPES:
            ours = outcome(getattr(gt, name), ones(gt, first), ones(gt, second))
            theirs = outcome(getattr(torch, name), ones(torch, first), ones(torch, second))
            if (name, first) not in DIFFERENT and (name, second) not in DIFFERENT:
                assert ours == theirs, (first, second)


@pytest.mark.torch
@pytest.mark.parametrize("name", ["add", "atan2", "bitwise_or", "eq", "floor_divide", "maximum", "pow", "sub"])
def test_a_0d_operand_weighs_less_as_in_torch(torch, name):
    for first in DTYPES:
        for second in DTYPES:
            if "float16" in (first, second) and "complex" in first + second:
                continue  # there is no complex32 here
            for shapes in (((2,), ()), ((), (2,)), ((), ())):
                ours = outcome(getattr(gt, name), ones(gt, first, shapes[0]), ones(gt, second, shapes[1]))
                theirs = outcome(getattr(torch, name), ones(torch, first, shapes[0]), ones(torch, second, shapes[1]))
                assert ours == theirs, (first, second, shapes)


@pytest.mark.torch
@pytest.mark.parametrize("number", [True, 2, 1.5, 1j])
@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_a_number_beside_a_tensor_gives_the_dtype_of_torch(torch, name, number):
    for dtype in DTYPES:
        if dtype == "float16" and number == 1j:
            continue  # there is no complex32 here
        if dtype == "bool" and number is True and "clamp" in name:
            continue  # bounds of booleans are harmless
        ours = outcome(getattr(gt, name), ones(gt, dtype), number)
        theirs = outcome(getattr(torch, name), ones(torch, dtype), number)
        assert ours == theirs, dtype


OPERATORS = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "//": lambda x, y: x // y,
    "%": lambda x, y: x % y,
    "**": lambda x, y: x**y,
    "&": lambda x, y: x & y,
    "|": lambda x, y: x | y,
    "^": lambda x, y: x ^ y,
    "<<": lambda x, y: x << y,
    ">>": lambda x, y: x >> y,
    "<": lambda x, y: x < y,
}


@pytest.mark.torch
@pytest.mark.parametrize("number", [True, 2, 1.5, 1j])
@pytest.mark.parametrize("symbol", OPERATORS)
def test_operators_and_reflected_operators_give_the_dtype_of_torch(torch, symbol, number):
    call = OPERATORS[symbol]
    for dtype in DTYPES:
        if dtype == "float16" and number == 1j:
            continue  # there is no complex32 here
        assert outcome(call, ones(gt, dtype), number) == outcome(call, ones(torch, dtype), number), dtype
        assert outcome(call, number, ones(gt, dtype)) == outcome(call, number, ones(torch, dtype)), ("reflected", dtype)
        assert outcome(call, ones(gt, dtype), ones(gt, dtype)) == outcome(call, ones(torch, dtype), ones(torch, dtype))


INPLACE = {
    "+=": lambda x, y: x.__iadd__(y),
    "-=": lambda x, y: x.__isub__(y),
    "*=": lambda x, y: x.__imul__(y),
    "/=": lambda x, y: x.__itruediv__(y),
    "//=": lambda x, y: x.__ifloordiv__(y),
    "%=": lambda x, y: x.__imod__(y),
    "**=": lambda x, y: x.__ipow__(y),
    "&=": lambda x, y: x.__iand__(y),
    "|=": lambda x, y: x.__ior__(y),
    "^=": lambda x, y: x.__ixor__(y),
    "<<=": lambda x, y: x.__ilshift__(y),
    ">>=": lambda x, y: x.__irshift__(y),
    "eq_": lambda x, y: x.eq_(y),
    "copysign_": lambda x, y: x.copysign_(y),
    "logical_and_": lambda x, y: x.logical_and_(y),
    "xlogy_": lambda x, y: x.xlogy_(y),
}


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Casting complex values:UserWarning")
@pytest.mark.parametrize("symbol", INPLACE)
def test_in_place_forms_are_refused_where_torch_refuses_them(torch, symbol):
    call = INPLACE[symbol]
    for first in DTYPES:
        for second in DTYPES:
            ours = outcome(call, ones(gt, first), ones(gt, second))
            theirs = outcome(call, ones(torch, first), ones(torch, second))
            assert ours == theirs, (first, second)
        for number in (True, 2, 1.5) if symbol != "logical_and_" else ():
            assert outcome(call, ones(gt, first), number) == outcome(call, ones(torch, first), number), (first, number)


@pytest.mark.parametrize("dtype", ["int64", "bool"])
@pytest.mark.parametrize(
    "name",
    [
        "exp_",
        "log_",
        "sqrt_",
        "rsqrt_",
        "reciprocal_",
        "sin_",
        "tanh_",
        "sigmoid_",
        "erf_",
        "lgamma_",
        "sinc_",
        "logit_",
    ],
)
def test_a_float_result_is_not_written_into_integers(name, dtype):
    x = ones(gt, dtype)
    with pytest.raises(TypeError, match=f"{name}.*float32.*{dtype}"):
        getattr(x, name)()
    assert x.tolist() == [1, 1]


@pytest.mark.parametrize("name", [*UNARY, "softmax", "prelu", "threshold"])
def test_a_list_is_refused_with_the_name_of_the_function(name):
    name = {"absolute": "abs", "conj_physical": "conj", "fix": "trunc"}.get(name, name)
    more = {"softmax": (0,), "prelu": (gt.tensor([0.1]),), "threshold": (0.0, 1.0)}.get(name, ())
    with pytest.raises(TypeError, match=f"{name}.*(must be a|expected a).*Tensor.*list"):
        getattr(gt, name)([1.0, 2.0], *more)


@pytest.mark.parametrize("name", BINARY)
def test_two_lists_are_refused_with_the_name_of_the_function(name):
    with pytest.raises(TypeError, match=r"\w+: .*Tensor.*list"):
        getattr(gt, name)([1.0], [2.0])


@pytest.mark.parametrize("name", BINARY)
def test_none_as_second_operand_is_refused_with_a_sentence(name):
    with pytest.raises(TypeError, match=r"\w+: .*Tensor.*None"):
        getattr(gt, name)(gt.tensor([1.0]), None)
