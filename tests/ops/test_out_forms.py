"""out=: every function that takes it puts its plain result into it, and does what PyTorch does with it."""

import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError

X = np.array([[0.3, 0.7, 0.2], [0.6, 0.1, 0.9]])
Y = np.array([[0.5, 0.4, 0.8], [0.2, 0.6, 0.3]])
I = np.array([[6, 4, 9], [2, 7, 3]])  # noqa: E741
J = np.array([[4, 3, 6], [1, 2, 5]])
B = X > 0.5
C = X + 1j * Y

ONE_FLOAT = [
    "abs",
    "absolute",
    "acos",
    "angle",
    "arccos",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctanh",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "ceil",
    "conj_physical",
    "cos",
    "cosh",
    "deg2rad",
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "exp",
    "exp2",
    "expm1",
    "fix",
    "floor",
    "frac",
    "i0",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "log2",
    "logit",
    "neg",
    "negative",
    "rad2deg",
    "reciprocal",
    "round",
    "rsqrt",
    "sgn",
    "sign",
    "signbit",
    "sin",
    "sinc",
    "sinh",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "trunc",
    "logical_not",
    "nansum",
    "nanmean",
    "amax",
    "amin",
    "argmax",
    "argmin",
    "all",
    "any",
    "var",
    "std",
    "max",
    "min",
    "norm",
]
ONE_SPECIAL = [
    "airy_ai",
    "bessel_j0",
    "bessel_j1",
    "bessel_y0",
    "bessel_y1",
    "digamma",
    "entr",
    "erf",
    "erfc",
    "erfcx",
    "erfinv",
    "exp2",
    "expm1",
    "gammaln",
    "i0",
    "i0e",
    "i1",
    "i1e",
    "log1p",
    "log_ndtr",
    "logit",
    "modified_bessel_i0",
    "modified_bessel_i1",
    "modified_bessel_k0",
    "modified_bessel_k1",
    "ndtr",
    "ndtri",
    "psi",
    "round",
    "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1",
    "sinc",
    "spherical_bessel_j0",
]
TWO_FLOATS = [
    "add",
    "sub",
    "subtract",
    "mul",
    "multiply",
    "div",
    "divide",
    "true_divide",
    "floor_divide",
    "remainder",
    "fmod",
    "atan2",
    "arctan2",
    "hypot",
    "logaddexp",
    "logaddexp2",
    "xlogy",
    "pow",
    "float_power",
    "copysign",
    "nextafter",
    "heaviside",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "max",
    "min",
    "clamp_min",
    "clamp_max",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "not_equal",
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "logical_and",
    "logical_or",
    "logical_xor",
    "complex",
    "polar",
    "igamma",
    "igammac",
]
TWO_SPECIAL = ["gammainc", "gammaincc", "xlogy", "xlog1py", "zeta"]
TWO_INTS = [
    "bitwise_and",
    "bitwise_or",
    "bitwise_xor",
    "bitwise_left_shift",
    "bitwise_right_shift",
    "gcd",
    "lcm",
    "floor_divide",
    "remainder",
    "fmod",
    "add",
    "mul",
]
POLYNOMIALS = [
    *[f"{shifted}chebyshev_polynomial_{kind}" for shifted in ("", "shifted_") for kind in "tuvw"],
    *("hermite_polynomial_h", "hermite_polynomial_he", "laguerre_polynomial_l", "legendre_polynomial_p"),
]

# (name, positional arguments, keywords)
CALLS = [
    *[(name, (X,), {}) for name in ONE_FLOAT],
    *[(f"special.{name}", (X,), {}) for name in ONE_SPECIAL],
    *[(name, (X, Y), {}) for name in TWO_FLOATS],
    *[(f"special.{name}", (X, Y + 1.5), {}) for name in TWO_SPECIAL],
    *[(name, (I, J), {}) for name in TWO_INTS],
    *[(f"special.{name}", (X, 3), {}) for name in POLYNOMIALS],
    ("acosh", (X + 1,), {}),
    ("arccosh", (X + 1,), {}),
    ("bitwise_not", (I,), {}),
    ("add", (X, Y), {"alpha": 2}),
    ("addcmul", (X, Y, X), {}),
    ("addcdiv", (X, Y, X), {}),
    ("lerp", (X, Y, 0.3), {}),
    ("lerp", (X, Y, Y), {}),
    ("div", (X, Y), {"rounding_mode": "floor"}),
    ("div", (X, Y), {"rounding_mode": "trunc"}),
    ("clamp", (X, 0.2, 0.5), {}),
    ("clip", (X, X, Y), {}),
    ("clamp", (X, Y), {}),
    ("clamp", (X, None, Y), {}),
    ("round", (X,), {"decimals": 1}),
    ("special.round", (X,), {"decimals": 1}),
    ("sgn", (C,), {}),
    ("angle", (C,), {}),
    ("abs", (C,), {}),
    ("conj_physical", (C,), {}),
    ("polygamma", (1, X), {}),
    ("special.polygamma", (1, X), {}),
    ("mvlgamma", (X + 2, 2), {}),
    ("special.multigammaln", (X + 2, 2), {}),
    ("sum", (X, 1), {}),
    ("sum", (I, 1), {}),
    ("sum", (X, (0, 1)), {"keepdim": True}),
    ("mean", (X, 1), {}),
    ("prod", (X, 1), {}),
    ("prod", (I, 1), {}),
    ("logsumexp", (X, 1), {}),
    ("special.logsumexp", (X, 1), {}),
    ("cumsum", (X, 1), {}),
    ("cumsum", (I, 1), {}),
    ("cumprod", (X, 1), {}),
    ("logcumsumexp", (X, 1), {}),
    ("cummax", (X, 1), {}),
    ("cummin", (X, 1), {}),
    ("aminmax", (X,), {}),
    ("aminmax", (X,), {"dim": 1}),
    ("max", (X, 1), {}),
    ("min", (X, 1), {}),
    ("median", (X, 1), {}),
    ("nanmedian", (X, 1), {}),
    ("mode", (X, 1), {}),
    ("kthvalue", (X, 2, 1), {}),
    ("all", (B, 1), {}),
    ("any", (B, 1), {}),
    ("quantile", (X, 0.5), {}),
    ("nanquantile", (X, 0.5, 1), {}),
    ("diff", (X,), {}),
    ("diff", (B,), {}),
    ("renorm", (X, 2, 0, 0.5), {}),
    ("frexp", (X,), {}),
    ("ldexp", (X, I), {}),
    ("histogram", (X, 3), {}),
    ("histc", (X, 3), {}),
]


def called(lib, name):
    for part in name.split("."):
        lib = getattr(lib, part)
    return lib


def given(make, arguments):
    return [make(a.copy()) if isinstance(a, np.ndarray) else a for a in arguments]


def parts(result):
    return list(result) if isinstance(result, tuple) else [result]


def places(lib, results, shape=None):
    """Tensors for the results of a call: of their dtypes, and of their shapes or another one."""
    return [lib.zeros(tuple(r.shape) if shape is None else shape, dtype=r.dtype) for r in results]


cases = pytest.mark.parametrize(("name", "arguments", "options"), CALLS, ids=[c[0] for c in CALLS])


@cases
def test_out_receives_the_plain_result_in_its_own_memory(name, arguments, options):
    function = called(gt, name)
    plain = function(*given(gt.tensor, arguments), **options)
    outs = places(gt, parts(plain))
    memory = [o.data_ptr() for o in outs]
    got = function(*given(gt.tensor, arguments), **options, out=tuple(outs) if isinstance(plain, tuple) else outs[0])
    assert type(got) is type(plain)
    for result, out, expected, at in zip(parts(got), outs, parts(plain), memory, strict=True):
        assert result is out
        assert out.data_ptr() == at
        assert out.dtype == expected.dtype
        np.testing.assert_array_equal(out.numpy(), expected.numpy())


@cases
def test_an_empty_out_is_resized_and_gradients_are_not_lost(name, arguments, options):
    function = called(gt, name)
    plain = function(*given(gt.tensor, arguments), **options)
    outs = places(gt, parts(plain), (0,))
    function(*given(gt.tensor, arguments), **options, out=tuple(outs) if isinstance(plain, tuple) else outs[0])
    for out, expected in zip(outs, parts(plain), strict=True):
        np.testing.assert_array_equal(out.numpy(), expected.numpy())
    operands = given(gt.tensor, arguments)
    for t in operands:
        if isinstance(t, gt.Tensor) and t.is_floating_point():
            t.requires_grad_()
    # where the plain result has a history, out= would drop it
    if any(r.requires_grad for r in parts(function(*operands, **options))):
        outs = places(gt, parts(plain))
        with pytest.raises(GradError, match="with out= no gradient is recorded"):
            function(*operands, **options, out=tuple(outs) if isinstance(plain, tuple) else outs[0])


@pytest.mark.torch
@cases
def test_out_is_filled_as_in_pytorch(name, arguments, options):
    torch = pytest.importorskip("torch")
    ours, theirs = called(gt, name), called(torch, name)
    plain = theirs(*given(torch.from_numpy, arguments), **options)
    for shape in (None, (0,), (7,)):
        their_outs, our_outs = (
            places(torch, parts(plain), shape),
            [
                gt.zeros(tuple(r.shape) if shape is None else shape, dtype=getattr(gt, str(r.dtype).split(".")[1]))
                for r in parts(plain)
            ],
        )
        many = isinstance(plain, tuple)
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            theirs(*given(torch.from_numpy, arguments), **options, out=tuple(their_outs) if many else their_outs[0])
        resized = [w for w in seen if "resized" in str(w.message)]
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            ours(*given(gt.tensor, arguments), **options, out=tuple(our_outs) if many else our_outs[0])
        assert bool([w for w in seen if "resize" in str(w.message)]) == bool(resized)
        for a, b in zip(our_outs, their_outs, strict=True):
            assert tuple(a.shape) == tuple(b.shape)
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-6, atol=1e-7)


def test_medians_of_all_elements_take_no_out():
    with pytest.raises(TypeError, match="median: out needs a dim"):
        gt.median(gt.ones(3), out=gt.empty(0))
