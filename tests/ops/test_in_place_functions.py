"""The in-place methods as functions: gputensor.abs_(x) is x.abs_()."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError

PLAIN = """
    abs acos arccos arcsin arcsinh arctan arctanh asin asinh atan atanh ceil conj_physical cos cosh deg2rad erf erfc
    exp exp2 expm1 fix floor frac i0 log log10 log1p log2 logit nan_to_num neg negative rad2deg reciprocal relu round
    rsqrt sigmoid sin sinc sinh sqrt square tan tanh trunc zero
"""
CALLS = [(name, (0.25, 0.75), ()) for name in PLAIN.split()]
CALLS += [("acosh", (1.5, 2.0), ()), ("arccosh", (1.5, 2.0), ()), ("fill", (0.5, 1.5), (2.0,))]
CALLS += [(name, (0.5, 1.5), (1.0,)) for name in ("clamp", "clip", "clamp_min", "clamp_max", "xlogy")]
CALLS += [("gcd", (6, 9), ([4, 6],)), ("lcm", (6, 9), ([4, 6],)), ("ldexp", (0.5, 1.5), ([1, 2],))]
cases = pytest.mark.parametrize(("name", "values", "others"), CALLS, ids=[c[0] for c in CALLS])


def operands(make, others):
    return [make(o) if isinstance(o, list) else o for o in others]


@cases
def test_the_function_writes_what_the_method_writes_and_returns_its_argument(name, values, others):
    x, y = gt.tensor(values), gt.tensor(values)
    memory = x.data_ptr()
    assert getattr(gt, name + "_")(x, *operands(gt.tensor, others)) is x
    assert x.data_ptr() == memory
    np.testing.assert_array_equal(x.numpy(), getattr(y, name + "_")(*operands(gt.tensor, others)).numpy())
    plain = {"zero": lambda t: t * 0}.get(name) or getattr(gt, name)
    np.testing.assert_array_equal(x.numpy(), plain(gt.tensor(values), *operands(gt.tensor, others)).numpy())
    with pytest.raises(TypeError, match=r"_: .* must be a Tensor"):
        getattr(gt, name + "_")(list(values), *operands(gt.tensor, others))
    if y.is_floating_point():
        with pytest.raises(GradError, match="leaf"):
            getattr(gt, name + "_")(gt.tensor(values, requires_grad=True), *operands(gt.tensor, others))


@pytest.mark.torch
@cases
def test_the_function_is_pytorchs(name, values, others):
    torch = pytest.importorskip("torch")
    ours, theirs = gt.tensor(values), torch.tensor(values)
    getattr(gt, name + "_")(ours, *operands(gt.tensor, others))
    getattr(torch, name + "_")(theirs, *operands(torch.tensor, others))
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-7)
