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
    with pytest.raises(TypeError, match=r"_: (.* must be|expected) a Tensor"):
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


def test_python_functions_run_over_every_element():
    x = gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert x.t().apply_(lambda v: v + 1).tolist() == [[2.0, 4.0], [3.0, 5.0]]
    assert x.tolist() == [[2.0, 3.0], [4.0, 5.0]]
    assert x.map_(gt.tensor([3.0, 1.0]), max).tolist() == [[3.0, 3.0], [4.0, 5.0]]
    ones = gt.ones(2, 2)
    assert x.map2_(ones, 2 * ones, lambda a, b, c: a * b - c).tolist() == [[1.0, 1.0], [2.0, 3.0]]
    assert gt.tensor([1, 2]).apply_(lambda v: v + 0.5).tolist() == [1, 2]
    assert gt.tensor([True]).apply_(lambda v: not v).tolist() == [False]
    assert gt.empty(0).apply_(lambda v: v).shape == (0,)


def test_python_functions_refuse_gradients_other_dtypes_and_words():
    with pytest.raises(GradError, match="apply_: no gradient"):
        gt.ones(2, requires_grad=True).apply_(abs)
    with pytest.raises(TypeError, match="dtype of the tensor"):
        gt.ones(2).map_(gt.ones(2, dtype=gt.float64), max)
    with pytest.raises(TypeError, match="has to return numbers"):
        gt.ones(2).apply_(str)
    with pytest.raises(ValueError, match=r"expand|broadcast"):
        gt.ones(2).map_(gt.ones(3), max)
    with pytest.raises(TypeError, match="callable"):
        gt.ones(2).apply_(3)


def test_a_product_is_added_in_place():
    x = gt.ones(2)
    assert gt.addmv_(x, gt.eye(2), gt.tensor([2.0, 3.0]), beta=2, alpha=3) is x
    assert x.tolist() == [8, 11]


WRITTEN = {
    "pow_": (lambda lib, b, w: b.pow_(w), [5.5451775, 1.3862944]),
    "**=": (lambda lib, b, w: b.__ipow__(w), [5.5451775, 1.3862944]),
    "%=": (lambda lib, b, w: b.__imod__(w), [0.0, -2.0]),
    "fmod_": (lambda lib, b, w: b.fmod_(w), [0.0, -2.0]),
    "remainder_": (lambda lib, b, w: b.remainder_(w), [0.0, -2.0]),
    "xlogy_": (lambda lib, b, w: b.xlogy_(w), [2 / 3, 2.0]),
    "ldexp_": (lambda lib, b, w: b.ldexp_(w), [11.090355, 2.7725887]),
    "clamp_ min": (lambda lib, b, w: b.clamp_(min=w), [1.0, 0.0]),
    "clamp_ max": (lambda lib, b, w: b.clamp_(max=w), [0.0, 1.0]),
    "clip_": (lambda lib, b, w: b.clip_(w, w + 1), [1.0, 0.0]),
    "clamp_min_": (lambda lib, b, w: b.clamp_min_(w), [1.0, 0.0]),
    "clamp_max_": (lambda lib, b, w: b.clamp_max_(w), [0.0, 1.0]),
    "scatter_reduce_ prod": (lambda lib, b, w: b.scatter_reduce_(0, lib.tensor([0, 0]), w, "prod"), [2.0, 6.0]),
    "scatter_reduce_ amax": (lambda lib, b, w: b.scatter_reduce_(0, lib.tensor([0, 0]), w, "amax"), [1.0, 0.0]),
    "clamp_ of a part": (lambda lib, b, w: b[:2].clamp_(min=w), [1.0, 0.0]),
    "pow_ of a part": (lambda lib, b, w: b[:1].pow_(w[:1]), [5.5451775, 0.0]),
    "pow_ by one": (lambda lib, b, w: b.pow_(w[0]), [11.090355, 0.0]),
    "mul_": (lambda lib, b, w: b.mul_(w), [2.0, 2.0]),
    "addmv_": (lambda lib, b, w: b.addmv_(lib.outer(w, w), w), [34.0, 18.0]),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_needs_no_gradient_is_written_with_what_does(name):
    function, expected = WRITTEN[name]
    b, w = gt.full((2,), 2.0), gt.tensor([3.0, 1.0], requires_grad=True)
    function(gt, b, w)
    b.sum().backward()
    assert w.grad.tolist() == pytest.approx(expected)


@pytest.mark.torch
@pytest.mark.parametrize("name", WRITTEN)
def test_pytorch_has_the_same_gradient_of_what_was_written(name):
    torch = pytest.importorskip("torch")
    function, expected = WRITTEN[name]
    b, w = torch.full((2,), 2.0), torch.tensor([3.0, 1.0], requires_grad=True)
    function(torch, b, w)
    b.sum().backward()
    assert w.grad.tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("dtype", "number", "expected"),
    [
        (gt.float32, 3, 3.0),
        (gt.int64, 2.7, 2),
        (gt.int8, 300, 44),
        (gt.bool, 0.5, True),
        (gt.float32, np.float32(1.5), 1.5),
        (gt.complex64, 1j, 1j),
    ],
)
def test_copy_takes_a_number(dtype, number, expected):
    x = gt.zeros(2, dtype=dtype)
    assert x.copy_(number) is x
    assert x.tolist() == [expected, expected]


def test_copy_refuses_what_is_no_number():
    for other in ("a", None, [1.0, 2.0]):
        with pytest.raises(TypeError, match="copy_: expected a Tensor or a number"):
            gt.zeros(2).copy_(other)


@pytest.mark.parametrize("view", [lambda x: x, lambda x: x.t(), lambda x: x[0], lambda x: x[:1]])
def test_what_is_expanded_is_filled(view):
    base = gt.ones(3)
    x = view(base.expand(2, 3))
    assert x.fill_(2) is x
    assert (base.tolist(), x.flatten().tolist()[0]) == ([2.0] * 3, 2.0)
    assert x.zero_() is x
    assert base.tolist() == [0.0] * 3


def test_what_is_expanded_is_filled_with_a_history_of_the_shared_place():
    leaf = gt.ones(2, 1, requires_grad=True)
    base = leaf * 3
    base.expand(2, 3)[:1].fill_(2)
    assert base.tolist() == [[2.0], [3.0]]
    (base * base).sum().backward()
    assert leaf.grad.tolist() == [[0.0], [18.0]]
    with pytest.raises(GradError, match=r"^zero_: .*leaf"):
        leaf.expand(2, 3).zero_()
    with pytest.raises(GradError, match=r"^fill_: several elements"):
        gt.zeros(3).expand(2, 3).fill_(gt.tensor(2.0))
    with pytest.raises(GradError, match=r"^index_fill_: several elements"):
        gt.zeros(3).expand(2, 3).index_fill_(0, gt.tensor([0]), 2.0)


@pytest.mark.parametrize(
    "view",
    [
        lambda b: b[:, 1:2].expand(2, 4).expand(3, 2, 4),
        lambda b: b.t()[1:2].expand(4, 2)[1:3],
        lambda b: b.t()[1:2].expand(4, 2)[1:3].expand(2, 2, 2)[:, :, 1].expand(5, 2, 2)[1:, 0],
        lambda b: b.expand(0, 2, 3).expand(4, 0, 2, 3),
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize("lib", ["gputensor", pytest.param("torch", marks=pytest.mark.torch)])
def test_what_was_expanded_twice_is_filled(view, dtype, lib):
    lib = pytest.importorskip(lib)
    base = lib.arange(6.0).to(getattr(lib, dtype)).reshape(2, 3)
    places = np.arange(6).reshape(2, 3)
    part = view(base)
    shown = part.float().flatten().tolist()
    part.fill_(-1)
    expected = [-1.0 if k in shown else float(k) for k in places.ravel()]
    assert base.float().flatten().tolist() == expected
    part.zero_()
    assert base.float().flatten().tolist() == [0.0 if k < 0 else k for k in expected]


def test_filling_a_part_with_a_tensor_has_its_gradient():
    value = gt.tensor(3.0, requires_grad=True)
    base = gt.ones(2, 2)
    base[0].fill_(value)
    assert base[0].grad_fn is not None
    base.sum().backward()
    assert value.grad.item() == 2.0
