"""Quantiles, differences, covariances, distances and histograms: edge cases, and PyTorch over shapes and arguments."""

import math
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays.kernels import DISTANCES
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.distances import Distances

nan, inf = math.nan, math.inf


@pytest.fixture
def rng():
    return np.random.default_rng(7)


# --- values that need no PyTorch --------------------------------------------------------------------------------------


def test_a_nan_answers_for_every_quantile_unless_it_is_skipped():
    x = gt.tensor([[1.0, nan, 3.0], [4.0, 6.0, 5.0], [nan, nan, nan]])
    np.testing.assert_array_equal(gt.quantile(x, 0.5, 1).numpy(), [nan, 5.0, nan])
    np.testing.assert_array_equal(gt.nanquantile(x, 0.5, 1).numpy(), [2.0, 5.0, nan])
    np.testing.assert_array_equal(x.nanquantile(1.0, 1, interpolation="lower").numpy(), [3.0, 6.0, nan])


def test_quantiles_give_gradients_to_the_neighbours_and_to_q():
    x = gt.tensor([1.0, 9.0, 2.0, 4.0], requires_grad=True)
    q = gt.tensor([0.5], requires_grad=True)
    gt.quantile(x, q).sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 0.5, 0.5]
    assert q.grad.tolist() == [6.0]  # three places over the range, a step of 2 between the neighbours


def test_quantiles_refuse_what_has_no_order_or_lies_outside():
    x = gt.tensor([1.0, 2.0])
    with pytest.raises(DtypeError, match="quantile: expected float32 or float64, got int64"):
        gt.quantile(gt.tensor([1, 2]), 0.5)
    with pytest.raises(ArgumentError, match=r"q must be from 0 to 1, got 1\.5"):
        gt.quantile(x, 1.5)
    with pytest.raises(ArgumentError, match="q must be from 0 to 1"):
        gt.quantile(x, gt.tensor([0.5, nan]))
    with pytest.raises(ShapeError, match="has no elements"):
        gt.quantile(gt.empty(0), 0.5)
    with pytest.raises(ShapeError, match="1 dim"):
        gt.quantile(x, gt.ones(1, 1))
    with pytest.raises(DtypeError, match="dtype of input"):
        gt.quantile(x, gt.tensor([0.5], dtype=gt.float64))
    with pytest.raises(TypeError, match="q must be a number or a Tensor"):
        gt.quantile(x, [0.5])
    with pytest.raises(ArgumentError, match="interpolation must be one of linear"):
        gt.quantile(x, 0.5, interpolation="cubic")


def test_differences_of_booleans_say_whether_they_differ():
    x = gt.tensor([True, True, False])
    assert x.diff().tolist() == [False, True]
    assert gt.diff(gt.tensor([1, 4]), n=5).shape == (0,)
    same = gt.tensor([1.0, 4.0])
    assert gt.diff(same, n=0) is not same
    with pytest.raises(ShapeError, match="at least 1 dim"):
        gt.diff(gt.tensor(1.0))
    with pytest.raises(ValueError, match="n must not be negative"):
        gt.diff(same, n=-1)
    with pytest.raises(ShapeError, match="as many dims as input"):
        gt.diff(same, prepend=gt.tensor(1.0))


def test_gradients_refuse_spacings_that_do_not_fit():
    x = gt.ones(3, 3)
    for spacing in ([1.0], gt.ones(3)):
        with pytest.raises((ShapeError, TypeError), match="spacing"):
            gt.gradient(x, spacing=spacing)
    with pytest.raises(ShapeError, match="coordinates of dim 0 need shape"):
        gt.gradient(x, spacing=(gt.ones(2),), dim=0)
    with pytest.raises(ShapeError, match="edge_order"):
        gt.gradient(gt.ones(2), edge_order=2)
    with pytest.raises(ArgumentError, match="edge_order must be 1 or 2"):
        gt.gradient(x, edge_order=3)
    assert gt.gradient(gt.tensor(3.0)) == ()


def test_trapezoids_take_places_or_a_distance_but_not_both():
    y = gt.tensor([1.0, 5.0])
    with pytest.raises(TypeError, match="give one of them"):
        gt.trapezoid(y, y, dx=2)
    with pytest.raises(ShapeError, match="one place for each of the 2 samples"):
        gt.trapezoid(y, gt.ones(3))
    with pytest.raises(IndexError, match="0-d"):
        gt.trapezoid(gt.tensor(1.0))
    assert gt.trapezoid(gt.empty(0)).item() == 0.0
    assert gt.cumulative_trapezoid(gt.empty(2, 0)).shape == (2, 0)
    assert gt.trapezoid(gt.tensor([1, 5])).dtype == gt.float32


def test_covariances_without_freedom_warn_and_weights_are_checked():
    x = gt.tensor([[1.0, 2.0, 4.0], [3.0, 1.0, 0.0]])
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert gt.cov(gt.tensor(1.0)).isnan()
    assert any("no degrees of freedom" in str(w.message) for w in seen)
    with pytest.raises(DtypeError, match="fweights must be integers"):
        gt.cov(x, fweights=gt.ones(3))
    with pytest.raises(ArgumentError, match="must not be negative"):
        gt.cov(x, fweights=gt.tensor([1, -1, 2]))
    with pytest.raises(ArgumentError, match="sum to zero"):
        gt.cov(x, aweights=gt.zeros(3))
    with pytest.raises(ShapeError, match="one weight for each of the 3"):
        gt.cov(x, aweights=gt.ones(2))
    with pytest.raises(ShapeError, match="at most 2 dims"):
        gt.corrcoef(gt.ones(1, 1, 1))
    assert gt.corrcoef(gt.tensor([1.0, 2.0])).item() == 1.0


def test_distances_by_products_and_by_differences_agree():
    a, b = gt.randn(40, 7, dtype=gt.float64), gt.randn(2, 30, 7, dtype=gt.float64)
    products, differences = gt.cdist(a, b), gt.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")
    np.testing.assert_allclose(products.numpy(), differences.numpy(), rtol=1e-9)
    wanted = np.sqrt(((a.numpy()[:, None] - b.numpy()[:, None]) ** 2).sum(-1))
    np.testing.assert_allclose(differences.numpy(), wanted, rtol=1e-12)


def test_distances_of_many_columns_come_block_by_block(monkeypatch):
    from gputensor.ops import distances

    monkeypatch.setattr(distances, "BLOCK", 60)
    for p in (0, 0.5, 1, 2, 3, inf):
        a, b = gt.randn(4, 11, dtype=gt.float64), gt.randn(5, 11, dtype=gt.float64)
        results = []
        for block in (10**6, 60):
            monkeypatch.setattr(distances, "BLOCK", block)
            x, y = a.clone().requires_grad_(), b.clone().requires_grad_()
            d = gt.cdist(x, y, p)
            d.square().sum().backward()
            results.append([d.detach().numpy(), x.grad.numpy(), y.grad.numpy()])
        for whole, parts in zip(*results, strict=True):
            np.testing.assert_allclose(whole, parts, rtol=1e-10, atol=1e-12)


def test_distances_of_nothing_are_zero_and_equal_rows_have_no_gradient():
    assert gt.cdist(gt.zeros(2, 0), gt.zeros(3, 0)).tolist() == [[0.0] * 3] * 2
    assert gt.cdist(gt.zeros(0, 2), gt.zeros(3, 2)).shape == (0, 3)
    assert gt.pdist(gt.zeros(1, 2)).shape == (0,)
    for p in (0, 0.5, 1, 2, 3, inf):
        x = gt.ones(3, 2, requires_grad=True)
        (gt.pdist(x, p).sum() + gt.cdist(x, gt.ones(40, 2), p).sum()).backward()
        assert x.grad.tolist() == [[0.0, 0.0]] * 3


def test_distances_refuse_other_widths_dtypes_and_orders():
    x = gt.ones(2, 3)
    for wrong, words in ((gt.ones(2, 2), "last dims"), (gt.ones(3), "at least 2 dims")):
        with pytest.raises(ShapeError, match=words):
            gt.cdist(x, wrong)
    with pytest.raises(DtypeError, match="one dtype"):
        gt.cdist(x, x.double())
    with pytest.raises(DtypeError, match="real floating-point"):
        gt.pdist(gt.ones(2, 2, dtype=gt.int64))
    with pytest.raises(ArgumentError, match="p must not be negative"):
        gt.cdist(x, x, -1)
    with pytest.raises(ArgumentError, match="compute_mode must be one of"):
        gt.cdist(x, x, compute_mode="quick")
    with pytest.raises(DtypeError, match="norm"):
        gt.dist(gt.tensor([1]), gt.tensor([2]))


def test_renorm_leaves_short_slices_alone():
    x = gt.tensor([[1.0, 1.0], [30.0, 40.0]], dtype=gt.float64)
    out = gt.renorm(x, 2, 0, 5.0)
    np.testing.assert_allclose(out.numpy(), [[1, 1], [3, 4]], rtol=1e-7)
    for arguments, words in (((0, 0, 1.0), "p must be above 0"), ((2, 0, -1.0), "maxnorm must not be negative")):
        with pytest.raises(ArgumentError, match=words):
            gt.renorm(x, *arguments)
    with pytest.raises(ShapeError, match="at least 2 dims"):
        gt.renorm(gt.ones(2), 2, 0, 1.0)


def test_histograms_drop_nan_and_what_lies_outside():
    x = gt.tensor([-1.0, -0.5, 0.0, 2.0, nan, 3.0, -4.0])
    found = gt.histogram(x, gt.tensor([-1.0, -0.5, 0.0, 2.0]))
    assert found.hist.tolist() == [1.0, 1.0, 2.0]
    assert found.bin_edges.tolist() == [-1.0, -0.5, 0.0, 2.0]
    assert gt.histogram(gt.empty(0), 2).hist.tolist() == [0.0, 0.0]
    with pytest.raises(ArgumentError, match="not finite"):
        gt.histogram(x, 3)
    with pytest.raises(ArgumentError, match="runs backwards"):
        gt.histogram(x, 3, range=(1.0, 0.0))
    with pytest.raises(ArgumentError, match="bins must be at least 1"):
        gt.histogram(x, 0, range=(0.0, 1.0))
    with pytest.raises(ShapeError, match="weight needs shape"):
        gt.histogram(x, 3, range=(0.0, 1.0), weight=gt.ones(2))
    with pytest.raises(DtypeError, match="expected float32 or float64"):
        gt.histogramdd(gt.ones(2, 2, dtype=gt.int64), 2)


def test_the_density_of_a_grid_integrates_to_one():
    points = gt.rand(200, 3)
    hist, edges = gt.histogramdd(points, [2, 3, 4], range=[0.0, 1.0] * 3, density=True)
    assert hist.shape == (2, 3, 4)
    assert (hist / 24).sum().item() == pytest.approx(1, rel=1e-5)
    assert [len(e) for e in edges] == [3, 4, 5]


# --- beside PyTorch ---------------------------------------------------------------------------------------------------

SHAPES = [(), (1,), (5,), (3, 4), (2, 3, 4), (0,), (0, 3)]


def agrees(torch, call, arrays, rtol=1e-6):
    """Ours does what PyTorch does: the same values, shapes and dtypes, or an exception; gradients in float64."""
    theirs_in, ours_in = [torch.from_numpy(a.copy()) for a in arrays], [gt.tensor(a) for a in arrays]
    graded = [k for k, a in enumerate(arrays) if a.dtype == np.float64]
    for k in graded:
        theirs_in[k].requires_grad_()
        ours_in[k].requires_grad_()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = call(torch, *theirs_in)
        except (RuntimeError, TypeError, ValueError, IndexError):
            with pytest.raises((RuntimeError, TypeError, ValueError, IndexError)):
                call(gt, *ours_in)
            return
        ours = call(gt, *ours_in)
    ours, theirs = (list(r) if isinstance(r, tuple) else [r] for r in (ours, theirs))
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        assert tuple(a.shape) == tuple(b.shape)
        assert str(a.dtype).split(".")[1] == str(b.dtype).split(".")[1]
        np.testing.assert_allclose(
            a.detach().numpy(), b.detach().resolve_conj().numpy(), rtol=rtol, atol=rtol, equal_nan=True
        )
    used = [(a, b) for a, b in zip(ours, theirs, strict=True) if b.requires_grad]
    # PyTorch's distances die where they are to give gradients to nothing
    if not used or not all([a.size for a in arrays]) or any(not np.isfinite(b.detach().numpy()).all() for _, b in used):
        return
    used = [(a.real, b.real) if b.is_complex() else (a, b) for a, b in used]
    weights = [np.cos(np.arange(b.numel())).reshape(tuple(b.shape)) for _, b in used]
    mine = sum(((a * gt.tensor(w)).sum() for (a, _), w in zip(used, weights, strict=True)), gt.tensor(0.0))
    its = sum((b * torch.tensor(w)).sum() for (_, b), w in zip(used, weights, strict=True))
    options = {"allow_unused": True, "materialize_grads": True}
    got = gt.autograd.grad(mine, [ours_in[k] for k in graded], **options)
    wanted = torch.autograd.grad(its, [theirs_in[k] for k in graded], **options)
    for a, b in zip(got, wanted, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-6, atol=1e-8)


def drawn(rng, shape, dtype="float64"):
    values = rng.normal(size=shape) * 3
    return np.asarray(values + 1j * rng.normal(size=shape) if dtype == "complex64" else values).astype(dtype)


@pytest.mark.torch
@pytest.mark.parametrize("name", ["quantile", "nanquantile"])
@pytest.mark.parametrize("how", ["linear", "lower", "higher", "midpoint", "nearest"])
def test_quantiles_are_those_of_pytorch(name, how, rng):
    torch = pytest.importorskip("torch")
    for shape in SHAPES:
        x = drawn(rng, shape)
        holes = x.copy()
        holes.flat[: x.size // 3] = nan
        for q in (0.3, 1, np.array([0.1, 0.9, 0.5]), np.array(0.25), np.array([])):
            for dim, keepdim in ((None, False), (None, True), (0, False), (-1, True), (2, False)):
                for values in (x, holes):
                    arrays = (values, q) if isinstance(q, np.ndarray) else (values,)

                    def call(lib, x, *more, q=q, dim=dim, keepdim=keepdim):
                        return getattr(lib, name)(x, *(more or (q,)), dim=dim, keepdim=keepdim, interpolation=how)

                    agrees(torch, call, arrays)


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool", "complex64"])
def test_differences_and_integrals_are_those_of_pytorch(dtype, rng):
    torch = pytest.importorskip("torch")
    for shape in SHAPES:
        x = drawn(rng, shape, dtype)
        for n in (1, 2, 7):
            for dim in (-1, 0):
                agrees(torch, lambda lib, x, n=n, dim=dim: lib.diff(x, n=n, dim=dim), (x,))
        agrees(torch, lambda lib, x: lib.diff(x, prepend=x, append=x), (x,))
        for dim in (None, 0, -1, (0, 1), [1, 0], (0, 0)):
            for order in (1, 2):
                for spacing in (1, 0.5, [1.0, 2.0]):
                    agrees(
                        torch,
                        lambda lib, x, d=dim, o=order, s=spacing: lib.gradient(x, dim=d, edge_order=o, spacing=s),
                        (x,),
                        1e-5,
                    )
        if not x.size and dtype in ("int64", "bool"):
            continue  # PyTorch gives integers and booleans for nothing, floats for something
        for dim in (-1, 0, 1):
            for name in ("trapezoid", "cumulative_trapezoid"):
                agrees(torch, lambda lib, x, f=name, d=dim: getattr(lib, f)(x, dim=d), (x,))
                agrees(torch, lambda lib, x, f=name, d=dim: getattr(lib, f)(x, dx=0.5, dim=d), (x,))
                if x.ndim and x.size:
                    for places in (drawn(rng, x.shape[-1:]), drawn(rng, x.shape), drawn(rng, x.shape[:1])):
                        agrees(torch, lambda lib, x, w, f=name, d=dim: getattr(lib, f)(x, w, dim=d), (x, places), 1e-5)


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "complex64"])
def test_covariances_are_those_of_pytorch(dtype, rng):
    torch = pytest.importorskip("torch")
    for shape in SHAPES:
        x = drawn(rng, shape, dtype)
        for correction in (0, 1, 5):
            agrees(torch, lambda lib, x, c=correction: lib.cov(x, correction=c), (x,), 1e-4)
        agrees(torch, lambda lib, x: lib.corrcoef(x), (x,), 1e-4)
        if 1 <= x.ndim <= 2 and x.size > 1 and dtype != "complex64":
            n = x.shape[-1]
            weights = rng.integers(1, 4, n), rng.random(n).astype("float32")
            agrees(torch, lambda lib, x, f: lib.cov(x, fweights=f), (x, weights[0]), 1e-4)
            agrees(torch, lambda lib, x, f, a: lib.cov(x, fweights=f, aweights=a), (x, *weights), 1e-4)


@pytest.mark.torch
@pytest.mark.parametrize("p", [0, 0.5, 1, 1.5, 2, 3, inf, -1])
def test_distances_are_those_of_pytorch(p, rng):
    torch = pytest.importorskip("torch")
    pairs = [((2, 3), (4, 3)), ((30, 3), (4, 3)), ((0, 3), (4, 3)), ((2, 0), (4, 0)), ((2, 1, 2, 3), (5, 4, 3))]
    for dtype in ("float64", "float32", "int64"):
        for a, b in [*pairs, ((3,), (2, 3)), ((2, 3), (2, 2))]:
            x, y = drawn(rng, a, dtype), drawn(rng, b, dtype)
            if a == (2, 3) and b == (4, 3):
                y[0] = x[0]
            agrees(torch, lambda lib, x, y: lib.cdist(x, y, p=p), (x, y), 1e-4)
        for shape in ((5, 4), (1, 2), (0, 2), (3, 0), (3,)):
            agrees(torch, lambda lib, x: lib.pdist(x, p=p), (drawn(rng, shape, dtype),), 1e-5)
        for shape in ((2, 3), (3,), (2, 3, 2), (2, 0)):
            for dim in (0, -1, 3):
                agrees(torch, lambda lib, x, d=dim: lib.renorm(x, p, d, 1.5), (drawn(rng, shape, dtype),), 1e-5)


@pytest.mark.torch
@pytest.mark.parametrize("density", [False, True])
def test_histograms_are_those_of_pytorch(density, rng):
    torch = pytest.importorskip("torch")
    for dtype in ("float64", "float32", "int64"):
        for bins in (1, 4, 10, 0):
            for limits in (None, (0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (-3.0, 3.0)):
                options = {"density": density, **({} if limits is None else {"range": limits})}
                twice = {"density": density, **({} if limits is None else {"range": [*limits, *limits]})}
                for shape in ((7,), (3, 4), ()):
                    x = drawn(rng, shape, dtype)
                    w = rng.random(shape).astype(dtype)
                    agrees(torch, lambda lib, x, b=bins, o=options: tuple(lib.histogram(x.detach(), b, **o)), (x,))
                    agrees(
                        torch,
                        lambda lib, x, w, b=bins, o=options: tuple(
                            lib.histogram(x.detach(), b, weight=w.detach(), **o)
                        ),
                        (x, np.asarray(w)),
                    )
                    points = np.stack([x, x * x], -1)
                    agrees(torch, lambda lib, x, o=twice: lib.histogramdd(x.detach(), [3, 2], **o)[0], (points,))


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, float("inf")])
def test_the_kernel_of_distances_gives_what_its_specification_gives(p, rng, monkeypatch):
    # whole numbers: columns that are equal, and rows of distance 0
    x, y = rng.integers(-3, 4, (2, 60, 3)).astype(float), rng.integers(-3, 4, (2, 90, 3)).astype(float)
    x[:, 7] = y[:, 3]
    g = rng.standard_normal((2, 60, 90))
    found = []
    for table in (dict(DISTANCES), {}):
        monkeypatch.setattr(Distances, "kernels", table)
        for dtype in (gt.float64, gt.float32):
            a = gt.from_numpy(x).to(dtype).requires_grad_()
            b = gt.from_numpy(y).to(dtype).swapaxes(1, 2).contiguous().swapaxes(1, 2).detach().requires_grad_()
            d = gt.cdist(a, b, p, "donot_use_mm_for_euclid_dist")
            d.backward(gt.from_numpy(g).to(dtype), retain_graph=True)
            (at_b,) = gt.autograd.grad(d, b, gt.from_numpy(g).to(dtype))
            found.append([t.detach().numpy() for t in (d, a.grad, b.grad, at_b)])
    for (kernel, specification), rtol in zip(zip(found[:2], found[2:], strict=True), (1e-11, 2e-5), strict=True):
        for ours, expected in zip(kernel, specification, strict=True):
            np.testing.assert_allclose(ours, expected, rtol=rtol, atol=rtol * 10)


def test_the_kernel_of_distances_passes_nan_and_infinity_on():
    x = gt.zeros(50, 2)
    x[3, 1], x[4, 0] = float("nan"), float("inf")
    for p in (1.0, 2.0, 3.0, float("inf")):
        d = gt.cdist(x, gt.ones(50, 2), p, "donot_use_mm_for_euclid_dist")
        assert d[3].isnan().all()
        assert d[4].isinf().all()
        assert d.isfinite().sum() == 48 * 50


@pytest.mark.parametrize("rows", [3, 60])
def test_the_number_of_differences_counts_no_nan_and_has_no_gradient(rows):
    x = gt.tensor([[0.0, float("nan"), 1.0], [0.0, float("inf"), 1.0], [2.0, 0.0, 3.0]] * rows, requires_grad=True)
    y = gt.tensor([[0.0, 5.0, 3.0], [0.0, float("inf"), 1.0]] * rows, requires_grad=True)
    out = gt.cdist(x, y, p=0.0)
    np.testing.assert_array_equal(out[:3, :2].detach().numpy(), [[np.nan, np.nan], [2.0, np.nan], [2.0, 3.0]])
    for g in gt.autograd.grad(out.sum(), (x, y), retain_graph=True):
        assert not g.any()
    for g in gt.autograd.grad(out.sum(), (x, y), create_graph=True):
        assert not g.any()
    assert gt.nn.functional.pdist(x[:2].detach(), 0.0).isnan().all()
