"""At hinges, edges and places where a function's definition changes: the same values and derivatives as PyTorch."""

import math

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F

NAN, INF = math.nan, math.inf


def second(loss, x):
    """The second derivatives of a sum of functions of single elements."""
    (g,) = gt.autograd.grad(loss, x, create_graph=True)
    return gt.autograd.grad(g.sum(), x)[0].tolist()


def test_histc_puts_elements_on_the_edge_of_two_bins_into_the_second():
    tenths = gt.arange(0, 100).float() / 10
    assert gt.histc(tenths, 100, 0, 10)[:20].tolist() == [1] * 20
    assert gt.histc(gt.tensor([0.0, 10.0, 10.1, -0.1, NAN]), 5, 0, 10).tolist() == [1, 0, 0, 0, 1]
    # number of bins times width is more than float16 and float32 hold
    assert gt.histc(gt.arange(0.0, 1000.0, 10.0).half(), 100, 0, 1000).tolist() == [1] * 100
    assert gt.histc(gt.tensor([-1e38, 1e38]), 10).tolist() == [1] + [0] * 8 + [1]


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "bfloat16"])
def test_histc_counts_as_pytorch_on_the_edges_of_bins(dtype):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    for _ in range(30):
        bins, low, width = int(rng.integers(1, 200)), 0.1 * rng.integers(-5, 5), 0.1 * rng.integers(1, 100)
        x = rng.integers(0, bins + 1, 300) * width / bins + low
        got = gt.histc(gt.tensor(x).to(getattr(gt, dtype)), bins, low, low + width).tolist()
        assert got == torch.histc(torch.tensor(x).to(getattr(torch, dtype)), bins, low, low + width).tolist()


@pytest.mark.parametrize(
    ("loss", "bend", "scale"),
    [
        (lambda x, y: F.huber_loss(x, y, reduction="sum"), 1.0, 1.0),
        (lambda x, y: F.huber_loss(x, y, reduction="sum", delta=0.5), 0.5, 1.0),
        (lambda x, y: F.smooth_l1_loss(x, y, reduction="sum"), 1.0, 1.0),
        (lambda x, y: F.smooth_l1_loss(x, y, reduction="sum", beta=0.5), 0.5, 2.0),
        (lambda x, y: F.smooth_l1_loss(x, y, reduction="sum", beta=2.0), 2.0, 0.5),
    ],
)
def test_the_second_derivative_of_rounded_absolute_errors_is_that_of_the_parabola_at_no_error(loss, bend, scale):
    x = gt.tensor([0.0, 0.25, -0.25, bend, -bend, 3.0, INF, -INF], requires_grad=True)
    value = loss(x, gt.zeros(8))
    assert value.item() == INF
    assert gt.autograd.grad(value, x, retain_graph=True)[0].tolist() == [
        *[e * scale for e in (0, 0.25, -0.25)],
        *[s * bend * scale for s in (1, -1, 1, 1, -1)],
    ]
    assert second(value, x) == [scale] * 3 + [0] * 5
    assert loss(gt.tensor([0.25, -3.0]), gt.zeros(2)).item() == pytest.approx(
        scale * (0.25**2 / 2 + bend * (3 - bend / 2))
    )


def test_margin_losses_have_no_gradient_at_the_hinge():
    x = gt.tensor([[1.0, 0.0, -1.0]], requires_grad=True)
    F.multi_margin_loss(x, gt.tensor([0])).backward()
    assert x.grad.tolist() == [[0, 0, 0]]
    x = gt.tensor([[1.0, 0.0, 0.5]], requires_grad=True)
    F.multilabel_margin_loss(x, gt.tensor([[0, -1, -1]])).backward()
    np.testing.assert_allclose(x.grad.tolist(), [[-1 / 3, 0, 1 / 3]], rtol=1e-6)


def test_fractional_pooling_of_volumes_takes_its_samples_from_depth_to_columns():
    x = gt.arange(512.0).reshape(1, 1, 8, 8, 8)
    samples = gt.tensor([[[0.637, 0.270, 0.041]]])
    _, places = F.fractional_max_pool3d(x, 2, (4, 5, 6), return_indices=True, _random_samples=samples)
    places = places[0, 0].numpy()
    assert (places[:, 0, 0] // 64).tolist() == [1, 3, 5, 7]
    assert (places[0, :, 0] // 8 % 8).tolist() == [1, 2, 4, 5, 7]
    assert (places[0, 0] % 8).tolist() == [1, 2, 3, 4, 5, 7]


@pytest.mark.parametrize(
    ("mode", "padding", "want"),
    [
        ("bilinear", "border", [4, 1.5, 0, 7, 4, 9.5]),
        ("bilinear", "reflection", [4, 1.5, 0, 4, 4, 1.5]),
        ("nearest", "border", [4, 2, 0, 7, 4, 10]),
        ("nearest", "reflection", [4, 2, 0, 4, 4, 2]),
        ("nearest", "zeros", [0] * 6),
        ("bilinear", "zeros", [NAN] * 6),
    ],
)
def test_places_that_are_none_are_sampled_from_images_as_in_pytorch(mode, padding, want):
    x = gt.arange(12.0).reshape(1, 1, 3, 4)
    grid = gt.tensor([[[[NAN, 0.0], [0.0, NAN], [NAN, NAN], [INF, 0.0], [-INF, 0.0], [0.0, INF]]]], requires_grad=True)
    out = F.grid_sample(x, grid, mode, padding, True)
    np.testing.assert_array_equal(out.detach().flatten(), want)
    if padding != "zeros":
        out.sum().backward()
        assert not (grid.grad * (grid.grad == grid.grad)).flatten()[[0, 3, 4, 5, 6, 8]].any()


@pytest.mark.parametrize(
    ("mode", "padding", "want"),
    [
        ("bilinear", "zeros", [0, 0, 0]),
        ("bilinear", "border", [13, 15.5, 23]),
        ("bilinear", "reflection", [13, 15.5, 23]),
        ("nearest", "border", [7, 10, 23]),
        ("nearest", "reflection", [7, 10, 23]),
    ],
)
def test_places_that_are_none_are_sampled_from_volumes_as_in_pytorch(mode, padding, want):
    x = gt.arange(24.0).reshape(1, 1, 2, 3, 4)
    grid = gt.tensor([[[[[NAN, 0.0, 0.0], [0.0, NAN, 0.0], [NAN, NAN, NAN]]]]])
    assert F.grid_sample(x, grid, mode, padding, True).flatten().tolist() == want


@pytest.mark.torch
@pytest.mark.parametrize("padding", ["zeros", "border", "reflection"])
@pytest.mark.parametrize("align", [False, True])
@pytest.mark.parametrize("mode", ["bilinear", "nearest", "bicubic"])
def test_far_and_missing_places_are_sampled_as_in_pytorch(mode, padding, align):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 2, 3, 4)).astype(np.float32)
    grid = (rng.standard_normal((1, 40, 3, 2)) * np.logspace(-1, 4, 40)[:, None, None]).astype(np.float32)
    grid[0, :5, 0, 0] = [NAN, INF, -INF, 1e10, -1e30]
    got, want = [
        lib.nn.functional.grid_sample(lib.tensor(x), lib.tensor(grid), mode, padding, align) for lib in (gt, torch)
    ]
    # far away a place is known to a thousandth of an element only
    np.testing.assert_allclose(got.numpy(), want.numpy(), atol=0.02, rtol=1e-4)


def test_the_gradient_of_fmod_towards_a_divisor_of_zero_has_derivatives_of_zero():
    x, y = (gt.tensor([3.0, -3.0, 5.0, -7.0], requires_grad=True), gt.tensor([0.0, 0.0, 2.0, 2.0], requires_grad=True))
    gx, gy = gt.autograd.grad(gt.fmod(x, y).sum(), (x, y), create_graph=True)
    assert gx.tolist() == [1] * 4
    assert gy.tolist() == [-INF, INF, -2, 3]
    assert [g.tolist() for g in gt.autograd.grad(gy.sum(), (x, y))] == [[0] * 4] * 2


def test_integrals_and_shares_of_small_integers_do_not_wrap_around():
    y = gt.tensor([200, 100, 250], dtype=gt.uint8)
    assert gt.trapezoid(y).item() == 325
    assert gt.trapezoid(y, gt.tensor([5, 3, 1], dtype=gt.uint8)).item() == -650
    assert gt.cumulative_trapezoid(y).tolist() == [150, 325]
    assert F.softmin(gt.tensor([0, 100], dtype=gt.uint8), 0, dtype=gt.float32).round().tolist() == [1, 0]


def test_margin_ranking_loss_of_integers_is_a_float():
    one, two = gt.tensor([1, 5]), gt.tensor([3, 2])
    loss = F.margin_ranking_loss(one, two, gt.tensor([1, -1]), reduction="none")
    assert loss.dtype is gt.float32
    assert loss.tolist() == [2, 3]
    assert F.margin_ranking_loss(one, two, gt.tensor([1, -1])).item() == 2.5


def test_margin_ranking_loss_of_uint8_is_pytorchs():
    low, high, sign = [gt.tensor([n], dtype=gt.uint8) for n in (1, 6, 1)]
    assert F.margin_ranking_loss(low, high, sign).item() == 5


def test_gradients_at_the_edges_on_which_the_page_of_differences_has_its_say():
    x = gt.zeros(1, requires_grad=True)
    assert second(F.elu(x).sum(), x) == [1]
    assert second(F.celu(x, 2.0).sum(), x) == [0.5]
    assert second(F.selu(x).sum(), x) == pytest.approx([1.0507009 * 1.6732632])
    size, angle = gt.zeros(1, requires_grad=True), gt.tensor([2.0])
    gt.view_as_real(gt.polar(size, angle)).sum().backward()
    assert size.grad.item() == pytest.approx(math.cos(2) + math.sin(2))
    for f in (gt.scatter_reduce, gt.index_reduce):
        here, sent = gt.tensor([3.0, 5.0], requires_grad=True), gt.tensor([3.0, 3.0], requires_grad=True)
        f(here, 0, gt.tensor([0, 0]), sent, "amax", include_self=False).sum().backward()
        assert (here.grad.tolist(), sent.grad.tolist()) == ([0, 1], [0.5, 0.5])
    a, b = gt.tensor([0.5, 0.5, 2.0]), gt.tensor([0.3, 0.9, 3.0])
    assert gt.distributions.Beta(a, b).mode[:2].tolist() == [1, 0]
    assert gt.distributions.Kumaraswamy(a, b).mode[2].item() == pytest.approx(0.2**0.5)


@pytest.mark.parametrize(
    ("call", "want"),
    [
        (lambda x: F.multi_margin_loss(x, gt.tensor([0])), [0.0, 0.0]),
        (lambda x: F.multi_margin_loss(x, gt.tensor([0]), p=2), [0.0, 0.0]),
        (lambda x: F.multilabel_margin_loss(x, gt.tensor([[0, -1]])), [0.0, 0.0]),
    ],
)
def test_a_right_class_of_infinite_score_costs_nothing(call, want):
    x = gt.tensor([[INF, 1.0]], requires_grad=True)
    loss = call(x)
    loss.backward()
    assert loss.item() == 0
    assert x.grad.tolist() == [want]
    assert math.isnan(call(gt.tensor([[NAN, 1.0]])).item())
