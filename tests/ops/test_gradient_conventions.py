"""Gradients at zeros, ties, infinities and NaN: PyTorch's conventions, as fixed numbers and beside PyTorch."""

import warnings

import numpy as np
import pytest

import gputensor as gt

nan, inf = float("nan"), float("inf")

INPUTS = [
    [1.0, nan, 3.0, nan],
    [3.0, 1.0, 3.0],
    [1.0, 1.0],
    [0.0, 0.0],
    [0.0, 2.0, 0.0],
    [0.0, 2.0, 3.0],
    [inf, 1.0, inf],
    [-inf, -inf],
    [-inf, 0.0, 1.0],
    [2.0],
    2.0,
    [3.0, -3.0, 1.0],
    [0.0, -4.0, 3.0],
    [nan, 1.0],
    [inf, 1.0],
    [-1.0, -2.0, nan, 5.0],
]
CALLS = {
    "sum": lambda x: x.sum(),
    "mean": lambda x: x.mean(),
    "nansum": lambda x: x.nansum(),
    "nanmean": lambda x: x.nanmean(),
    "var": lambda x: x.var(),
    "std": lambda x: x.std(),
    "std correction 0": lambda x: x.std(correction=0),
    "logsumexp": lambda x: x.logsumexp(0),
    "max": lambda x: x.max(),
    "min": lambda x: x.min(),
    "amax": lambda x: x.amax(0),
    "amin": lambda x: x.amin(0),
    "aminmax": lambda x: x.aminmax().max,
    "max dim": lambda x: x.max(0)[0],
    "min dim": lambda x: x.min(0)[0],
    "median": lambda x: x.median(),
    "nanmedian": lambda x: x.nanmedian(),
    "sort": lambda x: x.sort()[0],
    "sort descending": lambda x: x.sort(descending=True)[0],
    "topk": lambda x: x.topk(1)[0],
    "cumsum": lambda x: x.cumsum(0),
    "cummax": lambda x: x.cummax(0)[0],
    "cummin": lambda x: x.cummin(0)[0],
    "norm": lambda x: x.norm(),
    "norm 0.5": lambda x: x.norm(0.5),
    "norm 1": lambda x: x.norm(1),
    "norm 1.5": lambda x: x.norm(1.5),
    "norm 3": lambda x: x.norm(3),
    "norm -1": lambda x: x.norm(-1),
    "norm inf": lambda x: x.norm(inf),
    "norm -inf": lambda x: x.norm(-inf),
}


@pytest.mark.torch
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_values_and_gradients_are_pytorchs_at_odd_points(call):
    torch = pytest.importorskip("torch")
    for data in INPUTS:
        x, y = gt.tensor(data, requires_grad=True), torch.tensor(data, requires_grad=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # no degrees of freedom
            ours, theirs = call(x), call(y)
        np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().numpy(), rtol=1e-6, err_msg=str(data))
        (a,), (b,) = gt.autograd.grad(ours.sum(), x), torch.autograd.grad(theirs.sum(), y)
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, err_msg=str(data))


@pytest.mark.parametrize(
    ("name", "data", "want"),
    [
        ("amax", [3.0, 1.0, 3.0], [0.5, 0, 0.5]),
        ("max", [1.0, nan, 3.0, nan], [0, 0.5, 0, 0.5]),
        ("amax", [1.0, nan], [nan, nan]),
        ("max dim", [3.0, 1.0, 3.0], [1, 0, 0]),
        ("max dim", [1.0, nan, nan], [0, 1, 0]),
        ("median", [1.0, 1.0, 5.0], [0.5, 0.5, 0]),
        ("std", [1.0, 1.0], [0, 0]),
        ("norm", [0.0, 0.0], [0, 0]),
        ("norm inf", [3.0, -3.0, 1.0], [0.5, -0.5, 0]),
        ("norm 0.5", [0.0, 4.0], [0, 1]),
        ("nansum", [1.0, nan], [1, 0]),
        ("cummax", [1.0, 1.0, 0.0], [1, 2, 0]),
    ],
)
def test_gradients_at_odd_points(name, data, want):
    x = gt.tensor(data, requires_grad=True)
    CALLS[name](x).sum().backward()
    assert np.array_equal(x.grad.numpy(), np.float32(want), equal_nan=True)


@pytest.mark.parametrize("zeros", [[], [1], [0, 2], [0, 1, 2, 3]])
@pytest.mark.parametrize(
    "call", [lambda x: x.prod(), lambda x: x.prod(0), lambda x: x.cumprod(0)], ids=["prod", "prod dim", "cumprod"]
)
def test_products_with_zeros_are_differentiated_three_times(call, zeros):
    """Against the sum over all subsets: a product is linear in every factor, so differences are exact."""
    rng = np.random.default_rng(0)
    data = rng.uniform(0.5, 2.0, 4)
    data[zeros] = 0
    weight = rng.standard_normal(np.shape(call(gt.from_numpy(data))))

    def value(array):
        return float((call(gt.from_numpy(array)) * gt.from_numpy(weight)).sum())

    def derivative(*which):
        if len(set(which)) < len(which):
            return 0.0
        total = 0.0
        for bits in range(2 ** len(which)):
            moved = data.copy()
            for k, j in enumerate(which):
                moved[j] = bits >> k & 1
            total += (-1) ** (len(which) - bits.bit_count()) * value(moved)
        return total

    x = gt.from_numpy(data).requires_grad_()
    (g,) = gt.autograd.grad((call(x) * gt.from_numpy(weight)).sum(), x, create_graph=True)
    np.testing.assert_allclose(g.detach().numpy(), [derivative(i) for i in range(4)], atol=1e-12)
    for i in range(4):
        (h,) = gt.autograd.grad(g[i], x, create_graph=True)
        np.testing.assert_allclose(h.detach().numpy(), [derivative(i, j) for j in range(4)], atol=1e-12)
        for j in range(4):
            (third,) = gt.autograd.grad(h[j], x, retain_graph=True)
            np.testing.assert_allclose(third.numpy(), [derivative(i, j, k) for k in range(4)], atol=1e-12)


def test_products_of_infinities_have_the_gradient_of_the_other_factors():
    # unlike torch, which divides and gets nan
    x = gt.tensor([inf, 2.0, 3.0], requires_grad=True)
    x.prod().backward()
    assert x.grad.tolist() == [6, inf, inf]


def test_logsumexp_and_its_running_form_neither_overflow_nor_lose_small_terms():
    x = gt.tensor([1000.0, 1000.0, -1000.0], requires_grad=True)
    for y in (x.logsumexp(0), x.logcumsumexp(0)[-1]):
        (g,) = gt.autograd.grad(y, x)
        assert y.item() == pytest.approx(1000.6931)
        # the result is rounded to 6e-5 at 1000, and the gradient is exp(x - result)
        assert g.tolist() == pytest.approx([0.5, 0.5, 0], rel=6e-5)
    x = gt.from_numpy(np.array([-1000.0, -1001.0])).requires_grad_()
    (g,) = gt.autograd.grad(x.logcumsumexp(0).sum(), x)
    np.testing.assert_allclose(g.numpy(), [1.731058578630005, 0.268941421369995], rtol=1e-12)


def test_a_value_that_max_returned_may_be_written_before_backward():
    x = gt.tensor([[1.0, 5.0], [7.0, 2.0]], requires_grad=True)
    values, _ = (x * 2).max(1)
    values.mul_(3)
    values.sum().backward()
    assert x.grad.tolist() == [[0, 6], [6, 0]]


def test_repeated_indices_of_a_fill_count_once():
    v = gt.tensor(2.0, requires_grad=True)
    gt.zeros(3).index_fill(0, gt.tensor([1, 1, -2]), v).sum().backward()
    assert v.grad.item() == 1


def test_scatter_takes_a_larger_src_and_gives_its_unused_part_no_gradient():
    src = gt.ones(2, 3, requires_grad=True)
    gt.scatter(gt.zeros(2, 3), 1, gt.tensor([[2], [0]]), src).sum().backward()
    assert src.grad.tolist() == [[1, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize("zeros", [0, 1, 2])
def test_scatter_reduce_prod_with_zeros(zeros):
    data = np.array([2.0, 3.0, 4.0])
    data[:zeros] = 0
    x, v = gt.tensor([5.0], requires_grad=True), gt.from_numpy(data).float().requires_grad_()
    dx, dv = gt.autograd.grad(gt.scatter_reduce(x, 0, gt.tensor([0, 0, 0]), v, "prod").sum(), (x, v))
    assert dx.tolist() == [data.prod()]
    np.testing.assert_allclose(dv.numpy(), [5 * np.delete(data, k).prod() for k in range(3)])


@pytest.mark.parametrize(("function", "bounds"), [(gt.xlogy, [0.0, -1.0]), (gt.special.xlog1py, [-1.0, -2.0])])
def test_a_branch_not_taken_sends_no_nan_through_a_product_with_a_logarithm(function, bounds):
    x = gt.full((4,), 0.5, requires_grad=True)
    y = gt.tensor([*bounds, float("inf"), 2.0])
    gt.where((y > 0) & (y < 3), function(x, y), 0).sum().backward()
    assert x.grad.tolist()[:3] == [0.0, 0.0, 0.0]
    assert x.grad.tolist()[3] == pytest.approx(float(function(gt.ones(()), y[3])))


def test_the_gradient_of_the_gradient_of_xlogy_is_finite_where_the_function_is_flat():
    x, y = gt.tensor([0.0, 2.0], requires_grad=True), gt.tensor([0.0, 3.0])
    g = gt.tensor([1.0, 0.0], requires_grad=True)
    (first,) = gt.autograd.grad(gt.xlogy(x, y), x, g, create_graph=True)
    assert first.tolist() == [0.0, 0.0]
    (second,) = gt.autograd.grad(first.sum(), g)
    assert second.tolist() == pytest.approx([0.0, 1.0986123])


@pytest.mark.parametrize(
    ("call", "point", "first", "second"),
    [
        (lambda x: gt.copysign(x, gt.tensor(2.0)), nan, nan, nan),
        (lambda x: gt.copysign(x, gt.tensor(2.0)), -inf, -1, 0),
        (gt.nn.functional.hardswish, nan, nan, 0),
        (gt.nn.functional.hardsigmoid, 1.0, 1 / 6, 0),
        (lambda x: gt.logit(x, 0.25), nan, nan, nan),
        (gt.acosh, -3.0, nan, nan),
        (gt.acosh, 1.0, inf, nan),
        (gt.sinc, 0.0, 0, -(np.pi**2) / 3),
        (gt.digamma, -1.0, inf, None),
        (lambda x: gt.pow(0.0, x), 1.0, 0, 0),
        (lambda x: gt.logaddexp(x, gt.tensor(1.0)), -inf, 0, 0),
        (lambda x: gt.nn.functional.binary_cross_entropy(x, gt.full_like(x, 0.5).detach()), 0.5, 0, 4),
        (lambda x: gt.nn.functional.poisson_nll_loss(gt.zeros(()), x, full=True), 0.0, 0, 0),
        (lambda x: gt.nn.functional.cosine_similarity(x[None], gt.ones(1), dim=0), 1e-10, 1e8, 0),
    ],
)
def test_first_and_second_derivatives_at_odd_points(call, point, first, second):
    x = gt.tensor(point, requires_grad=True)
    (g,) = gt.autograd.grad(call(x), x, create_graph=True)
    np.testing.assert_allclose(g.detach().numpy(), first, rtol=1e-6)
    if second is not None:
        h = gt.autograd.grad(g, x, allow_unused=True)[0] if g.requires_grad else None
        np.testing.assert_allclose(0.0 if h is None else h.numpy(), second, rtol=1e-5, atol=1e-12)
