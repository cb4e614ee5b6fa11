"""Losses: reductions, weights, targets that are ignored or out of range, stability, second derivatives."""

import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays.kernels import CROSS_ENTROPY, MULTILABEL_MARGIN
from gputensor.nn import functional as F
from gputensor.ops.classification_losses import CrossEntropy
from gputensor.ops.margin_losses import MultilabelMargin
from tests.ops.agreement import agrees
from tests.ops.derivatives import derivatives_agree

REDUCTIONS = ["mean", "sum", "none"]


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def weighing(weight):
    """The class weights of a call as a tensor of the library that F belongs to."""
    return lambda F, x: None if weight is None else x.detach().new_tensor(weight)


# --- cross entropy ----------------------------------------------------------------------------------------------------


def test_the_everyday_cross_entropy_is_one_node():
    x = gt.randn(4, 3, requires_grad=True)
    assert F.cross_entropy(x, gt.tensor([0, 2, 1, 1])).grad_fn.name() == "NllLossBackward0"


def test_the_kernel_of_cross_entropy_gives_what_its_specification_gives(rng, monkeypatch):
    arrays = [
        (rng.standard_normal((n, c)) * 20, rng.integers(0, c, n)) for n, c in ((1, 1), (5, 3), (40, 7), (3, 2000))
    ]
    found = []
    for table in (dict(CROSS_ENTROPY), {}):
        monkeypatch.setattr(CrossEntropy, "kernels", table)
        for x, target in arrays:
            for dtype in (gt.float32, gt.float64):
                t = gt.from_numpy(x).to(dtype).requires_grad_()
                loss = F.cross_entropy(t, gt.from_numpy(target))
                loss.backward(gt.tensor(3.0, dtype=dtype), retain_graph=True)
                loss.backward(gt.tensor(-1.0, dtype=dtype))
                found.append((loss.item(), t.grad.numpy()))
    half = len(found) // 2
    assert half == 2 * len(arrays)
    for (a, g), (b, h) in zip(found[:half], found[half:], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
        np.testing.assert_allclose(g, h, rtol=1e-5, atol=1e-7)


def test_the_kernel_of_multilabel_margins_gives_what_its_specification_gives(rng, monkeypatch):
    x = rng.standard_normal((5, 90)) + 3
    x[1] = np.round(x[1])  # hinges of exactly 0
    target = np.stack([rng.permutation(90) for _ in x])
    target[0, 60:] = target[2, :] = target[1, 45] = -1
    target[3, :50] = 7  # one class again and again
    found = []
    for table in (dict(MULTILABEL_MARGIN), {}):
        monkeypatch.setattr(MultilabelMargin, "kernels", table)
        for dtype, shift in ((gt.float32, 0.0), (gt.float64, 0.0), (gt.float64, 1e6), (gt.float16, 0.0)):
            t = gt.from_numpy(x + shift).to(dtype).requires_grad_()
            loss = F.multilabel_margin_loss(t, gt.from_numpy(target), reduction="none")
            (loss * gt.arange(1.0, 6.0, dtype=dtype)).sum().backward()
            found.append((loss.detach().double().numpy(), t.grad.double().numpy()))
    for k, ((a, g), (b, h)) in enumerate(zip(found[:4], found[4:], strict=True)):
        np.testing.assert_allclose(a, b, rtol=1e-3 if k == 3 else 1e-5)
        np.testing.assert_allclose(g, h, rtol=1e-6)
    t = gt.from_numpy(np.where(x > 4, np.inf, x)).requires_grad_()
    assert F.multilabel_margin_loss(t, gt.from_numpy(target), reduction="none").isnan().any()


def test_a_target_out_of_range_gets_a_sentence():
    x = gt.randn(2, 10, requires_grad=True)
    for bad in (10, -1):
        for call in (
            lambda t: F.cross_entropy(x, t),
            lambda t: F.cross_entropy(x, t, reduction="none"),
            lambda t: F.nll_loss(x, t),
            lambda t: F.multi_margin_loss(x, t),
        ):
            with pytest.raises(IndexError, match=f"Target {bad} is out of range for 10 classes"):
                call(gt.tensor([0, bad]))


def test_ignored_targets_do_not_count_wherever_they_lie():
    x = gt.from_numpy(np.random.default_rng(0).standard_normal((4, 3))).requires_grad_()
    kept = F.cross_entropy(x[1:], gt.tensor([2, 1, 0]))
    for number in (-100, 7, 1):
        target = gt.tensor([number, 2, 1, 0]) if number != 1 else gt.tensor([1, 2, 2, 0])
        loss = F.cross_entropy(x, target, ignore_index=number)
        wanted = kept if number != 1 else F.cross_entropy(x[1:], gt.tensor([2, 2, 0]))
        assert loss.item() == pytest.approx(wanted.item())
        (g,) = gt.autograd.grad(loss, x)
        assert not g[0].any()
    assert np.isnan(F.cross_entropy(x, gt.tensor([-100] * 4)).item())
    assert F.cross_entropy(x, gt.tensor([-100] * 4), reduction="sum").item() == 0


@pytest.mark.parametrize("ignored", [-100, 1])
def test_a_mean_over_none_has_zeros_for_derivatives(ignored):
    for call in (
        lambda x, t: F.cross_entropy(x, t, ignore_index=ignored),
        lambda x, t: gt.nn.CrossEntropyLoss(ignore_index=ignored)(x, t),
        lambda x, t: F.cross_entropy(x, t, ignore_index=ignored, label_smoothing=0.1),
        lambda x, t: F.nll_loss(x, t, ignore_index=ignored),
    ):
        x = gt.zeros(3, 4, requires_grad=True)
        loss = call(x, gt.full((3,), ignored))
        (g,) = gt.autograd.grad(loss, x, create_graph=True)
        assert np.isnan(loss.item())
        assert g.tolist() == [[0.0] * 4] * 3
        if g.requires_grad:
            (again,) = gt.autograd.grad(g.sum(), x, allow_unused=True)
            assert again is None or again.tolist() == [[0.0] * 4] * 3


def test_an_ignored_row_of_minus_infinity_is_no_nan():
    x = gt.tensor([[float("-inf"), 0.0], [0.0, 0.0]], requires_grad=True)
    loss = F.nll_loss(x, gt.tensor([-100, 1]), reduction="sum")
    loss.backward()
    assert loss.item() == 0
    assert x.grad.tolist() == [[0, 0], [0, -1]]


def test_huge_logits_do_not_overflow():
    x = gt.tensor([[1e4, 0.0], [0.0, 1e4]], requires_grad=True)
    loss = F.cross_entropy(x, gt.tensor([0, 0]))
    loss.backward()
    assert loss.item() == 5000
    assert x.grad.tolist() == [[0, 0], [-0.5, 0.5]]


@pytest.mark.parametrize("dtype", [gt.float16, gt.bfloat16])
def test_16_bit_logits_give_a_16_bit_loss_computed_in_float32(rng, dtype):
    x = gt.from_numpy(rng.standard_normal((64, 4096)).astype(np.float32)).to(dtype)
    target = gt.from_numpy(rng.integers(0, 4096, 64))
    for arguments in ({}, {"reduction": "sum"}, {"label_smoothing": 0.1}):
        loss = F.cross_entropy(x, target, **arguments)
        assert loss.dtype is dtype
        np.testing.assert_allclose(float(loss), float(F.cross_entropy(x.float(), target, **arguments)), rtol=0.01)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: F.cross_entropy(gt.ones(3, 4), gt.tensor([0, 1])), r"target of shape \(2,\) does not fit input"),
        (lambda: F.cross_entropy(gt.ones(2, 4, 3), gt.zeros(2, 2).long()), r"expected class numbers of shape \(2, 3\)"),
        (lambda: F.cross_entropy(gt.ones(()), gt.tensor(0)), "input needs a class dim"),
        (lambda: F.cross_entropy(gt.ones(2, 4), gt.tensor([0, 1]), gt.ones(3)), r"weight must have shape \(4,\)"),
        (lambda: F.cross_entropy(gt.ones(2, 4), gt.tensor([0, 1]), label_smoothing=2.0), "between 0 and 1, got 2.0"),
        (lambda: F.cross_entropy(gt.ones(2, 4), gt.ones(2, 4), ignore_index=1), "only for class numbers"),
        (
            lambda: F.cross_entropy(gt.ones(2, 4), gt.tensor([0, 1]), reduction="max"),
            "'none', 'mean' or 'sum', got 'max'",
        ),
        (lambda: F.binary_cross_entropy(gt.ones(2), gt.ones(3)), "must have the shape of input"),
        (lambda: F.binary_cross_entropy(gt.ones(2) * 2, gt.ones(2)), "input must be between 0 and 1"),
        (lambda: F.binary_cross_entropy(gt.ones(2), gt.ones(2) * -1), "target must be between 0 and 1"),
        (lambda: F.binary_cross_entropy_with_logits(gt.ones(2), gt.ones(3)), "must have the shape of input"),
        (lambda: F.smooth_l1_loss(gt.ones(2), gt.ones(2), beta=-1), "beta must not be negative"),
        (lambda: F.huber_loss(gt.ones(2), gt.ones(2), delta=0), "delta must be positive"),
        (lambda: F.mse_loss(gt.ones(2), gt.ones(2), weight=gt.ones(3)), "must have the shape of input"),
        (lambda: F.gaussian_nll_loss(gt.ones(2), gt.ones(2), gt.ones(2) * -1), "must be 0 or larger"),
        (lambda: F.gaussian_nll_loss(gt.ones(2, 3), gt.ones(2, 3), gt.ones(3)), "var of shape"),
        (lambda: F.multi_margin_loss(gt.ones(2, 3), gt.tensor([0, 1]), p=3), "p must be 1 or 2"),
        (lambda: F.triplet_margin_loss(gt.ones(2, 3), gt.ones(3), gt.ones(2, 3)), "the same number of dims"),
        (lambda: F.triplet_margin_loss(gt.ones(3), gt.ones(3), gt.ones(3), margin=0), "margin must be positive"),
        (lambda: F.margin_ranking_loss(gt.ones(2), gt.ones(2), gt.ones(2, 2)), "the same number of dims"),
        (lambda: F.cosine_embedding_loss(gt.ones(2, 3), gt.ones(2, 3), gt.tensor(1)), "expected rows"),
        (lambda: F.cosine_similarity(gt.ones(2, 3), gt.ones(2, 4)), "do not broadcast"),
    ],
)
def test_arguments_that_do_not_fit_get_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_other_types_and_dtypes_are_refused():
    with pytest.raises(TypeError, match="cross_entropy: input must be a Tensor, got list"):
        F.cross_entropy([1.0], gt.tensor([0]))
    with pytest.raises(TypeError, match="cross_entropy: expected floating-point input, got int64"):
        F.cross_entropy(gt.ones(2, 3).long(), gt.tensor([0, 1]))
    with pytest.raises(TypeError, match="holds probabilities and must be floating-point, got int64"):
        F.cross_entropy(gt.ones(2, 3), gt.ones(2, 3).long())
    with pytest.raises(TypeError, match="class numbers must be int64, got float32"):
        F.cross_entropy(gt.ones(2, 3), gt.ones(2))
    with pytest.raises(TypeError, match="mse_loss: expected floating-point tensors, got int64"):
        F.mse_loss(gt.ones(2).long(), gt.ones(2).long())
    with pytest.raises(TypeError, match="kl_div: target must be a Tensor, got float"):
        F.kl_div(gt.ones(2), 1.0)


def test_a_target_of_another_shape_is_broadcast_with_a_warning():
    for loss in (F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss):
        with pytest.warns(UserWarning, match="differs from input of shape"):
            assert loss(gt.ones(3, 1), gt.ones(3)).item() == 0


def test_the_older_way_to_name_a_reduction_is_understood_with_a_warning():
    x, y = gt.tensor([1.0, 3.0]), gt.tensor([0.0, 0.0])
    for older, wanted in (({"size_average": False}, 10), ({"reduce": True}, 5), ({"reduce": False}, [1, 9])):
        with pytest.warns(UserWarning, match="use reduction="):
            assert F.mse_loss(x, y, **older).tolist() == wanted


@pytest.mark.parametrize("inside_autocast", [False, True])
def test_a_warning_names_the_line_of_the_program(inside_autocast):
    x, y = gt.tensor([0.25, 0.5]), gt.tensor([0.0, 1.0])
    calls = (
        lambda: F.mse_loss(x, y, size_average=False),
        lambda: F.binary_cross_entropy_with_logits(x, y, size_average=False),
        lambda: F.nll_loss(x, gt.tensor(0), reduce=True),
        lambda: gt.nn.MSELoss(size_average=False),
        lambda: gt.nn.MSELoss()(x, gt.ones(3, 1)),
        lambda: F.binary_cross_entropy(x, y, reduction="elementwise_mean"),
        lambda: gt.nn.Dropout2d()(gt.ones(2, 3)),
    )
    for call in calls:
        with (
            gt.autocast("cpu", enabled=inside_autocast),
            pytest.warns(UserWarning, match="use reduction=|same shape|expected input") as caught,
        ):
            call()
        assert [one.filename for one in caught] == [__file__]


def test_logarithms_of_zero_are_cut_off_and_their_gradient_is_not_lost():
    x = gt.tensor([0.0, 1.0], requires_grad=True)
    loss = F.binary_cross_entropy(x, gt.tensor([1.0, 0.0]), reduction="sum")
    loss.backward()
    assert loss.item() == 200
    assert x.grad.tolist() == pytest.approx([-1e12, 1e12])


def test_large_logits_and_margins_do_not_overflow():
    x = gt.tensor([-500.0, 500.0], requires_grad=True)
    loss = F.binary_cross_entropy_with_logits(x, gt.tensor([1.0, 0.0]), reduction="sum")
    loss.backward()
    assert loss.item() == 1000
    assert x.grad.tolist() == [-1, 1]
    assert F.soft_margin_loss(gt.tensor([-500.0]), gt.tensor([1.0])).item() == 500


def test_vectors_of_zeros_have_no_direction_and_no_nan():
    x = gt.zeros(2, 3, requires_grad=True)
    F.cosine_similarity(x, gt.ones(2, 3)).sum().backward()
    assert gt.isfinite(x.grad).all()
    x.grad = None
    F.pairwise_distance(x, x).sum().backward()
    assert gt.isfinite(x.grad).all()
    assert F.normalize(gt.zeros(2, 3)).tolist() == [[0, 0, 0], [0, 0, 0]]


# --- beside PyTorch ---------------------------------------------------------------------------------------------------


@pytest.mark.torch
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weight", [None, [0.5, 2.0, 1.0, 0.25]], ids=["plain", "weighted"])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("shape", [(5, 4), (4,), (2, 4, 3), (2, 4, 3, 2)], ids=str)
def test_cross_entropy_is_pytorch_s(rng, reduction, weight, smoothing, shape):
    weigh = weighing(weight)
    target = rng.integers(0, 4, (*shape[:-1], *shape[2:])[: len(shape) - 1] if len(shape) < 3 else (2, *shape[2:]))
    options = {"reduction": reduction, "label_smoothing": smoothing}
    x = rng.standard_normal(shape)
    for ignored in (-100, 2):
        derivatives_agree(
            lambda F, x, t, i=ignored: F.cross_entropy(x, t, weigh(F, x), ignore_index=i, **options), x, target
        )
    derivatives_agree(lambda F, x, t: F.cross_entropy(x, t, weigh(F, x), **options), x, rng.random(shape))
    if not smoothing:
        derivatives_agree(lambda F, x, t: F.nll_loss(x, t, weigh(F, x), reduction=reduction), x, target)


@pytest.mark.torch
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_losses_of_regression_and_their_derivatives_are_those_of_pytorch(rng, reduction):
    x, y, w = (rng.standard_normal((3, 4)) for _ in range(3))
    r = {"reduction": reduction}
    for name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
        derivatives_agree(lambda F, x, y, name=name: getattr(F, name)(x, y, **r), x, y)
    for name in ("mse_loss", "l1_loss", "huber_loss"):
        derivatives_agree(lambda F, x, y, w, name=name: getattr(F, name)(x, y, weight=w, **r), x, y, abs(w))
    derivatives_agree(lambda F, x, y: F.smooth_l1_loss(x, y, beta=0.3, **r), x, y)
    derivatives_agree(lambda F, x, y: F.smooth_l1_loss(x, y, beta=0.0, **r), x, y)
    derivatives_agree(lambda F, x, y: F.huber_loss(x, y, delta=0.3, **r), x, y)
    derivatives_agree(lambda F, x, y: F.poisson_nll_loss(x, y, full=True, **r), x, abs(y) * 3)
    derivatives_agree(lambda F, x, y: F.poisson_nll_loss(x, y, log_input=False, **r), abs(x), abs(y) * 3)
    derivatives_agree(lambda F, x, y, v: F.gaussian_nll_loss(x, y, v, **r), x, y, abs(w), tol=1e-8)
    derivatives_agree(lambda F, x, y, v: F.gaussian_nll_loss(x, y, v, full=True, **r), x, y, abs(w[:, :1]), tol=1e-8)
    derivatives_agree(lambda F, x, y, v: F.gaussian_nll_loss(x, y, v * 1e-7, eps=0.01, **r), x, y, abs(w[:, 0]))


@pytest.mark.torch
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_losses_of_yes_or_no_and_their_derivatives_are_those_of_pytorch(rng, reduction):
    x, y = rng.standard_normal((3, 4)), rng.random((3, 4))
    p, w = rng.random((3, 4)) * 0.9 + 0.05, rng.random(4)
    r = {"reduction": reduction}
    derivatives_agree(lambda F, p, y: F.binary_cross_entropy(p, y, **r), p, y, tol=1e-8)
    derivatives_agree(lambda F, p, y, w: F.binary_cross_entropy(p, y, w.detach(), **r), p, y, w, tol=1e-8)
    derivatives_agree(lambda F, x, y: F.binary_cross_entropy_with_logits(5 * x, y, **r), x, y)
    derivatives_agree(
        lambda F, x, y, w: F.binary_cross_entropy_with_logits(x, y, w.detach(), pos_weight=2 * w.detach(), **r), x, y, w
    )
    derivatives_agree(lambda F, x, y: F.multilabel_soft_margin_loss(x, y, **r), x, y)
    derivatives_agree(lambda F, x, y, w: F.multilabel_soft_margin_loss(x, y, w, **r), x, y, w)
    derivatives_agree(lambda F, x, y: F.kl_div(x, y, **r), x, y)
    derivatives_agree(lambda F, x, y: F.kl_div(x, y, log_target=True, **r), x, y)
    derivatives_agree(lambda F, x, y: F.kl_div(x, y, reduction="batchmean"), x, y)
    derivatives_agree(lambda F, x, t: F.soft_margin_loss(x, t, **r), x, np.array([[1, -1, 1, -1]] * 3))


@pytest.mark.torch
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_losses_with_a_margin_and_their_derivatives_are_those_of_pytorch(rng, reduction):
    x, y, z = (rng.standard_normal((3, 4)) for _ in range(3))
    sign = np.sign(rng.standard_normal((3, 4))).astype(int)
    r = {"reduction": reduction}
    derivatives_agree(lambda F, x, t: F.hinge_embedding_loss(x, t, margin=0.7, **r), x, sign)
    derivatives_agree(lambda F, x, y, t: F.margin_ranking_loss(x, y, t, margin=0.2, **r), x, y, sign)
    derivatives_agree(lambda F, x, y, t: F.cosine_embedding_loss(x, y, t, margin=0.1, **r), x, y, sign[:, 0])
    derivatives_agree(lambda F, x, y, t: F.cosine_embedding_loss(x, y, t, **r), x[0], y[0], np.array(-1))
    for swap in (False, True):
        derivatives_agree(lambda F, *t, s=swap: F.triplet_margin_loss(*t, swap=s, **r), x, y, z)
        derivatives_agree(lambda F, *t, s=swap: F.triplet_margin_with_distance_loss(*t, swap=s, **r), x, y, z)
    derivatives_agree(lambda F, *t: F.triplet_margin_loss(*t, p=3, margin=2.0, **r), x[0], y[0], z[0])
    derivatives_agree(lambda F, x, y: F.cosine_similarity(x, y), x, y)
    derivatives_agree(lambda F, x, y: F.cosine_similarity(x, y, dim=-1), rng.standard_normal((2, 3, 4)), x[:, :1])
    derivatives_agree(lambda F, x, y: F.pairwise_distance(x, y, p=3.0, keepdim=True), x, y[0])


@pytest.mark.torch
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_losses_of_several_classes_are_those_of_pytorch(rng, reduction):
    torch = pytest.importorskip("torch")
    x, target, weight = rng.standard_normal((3, 4)), rng.integers(0, 4, 3), rng.random(4)
    several = np.array([[3, 0, -1, 1], [-1, 0, 0, 0], [2, 1, 0, 3]])

    def both(name, x, t, **options):
        # PyTorch has no second derivatives of these
        found = []
        for lib in (gt, torch):
            leaf = lib.tensor(x, requires_grad=True)
            given = {k: lib.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
            out = getattr(lib.nn.functional, name)(leaf, lib.tensor(t), reduction=reduction, **given)
            out.sum().backward()
            found.append((out.detach().numpy(), leaf.grad.numpy()))
        for a, b in zip(*found, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-12)

    for p in (1, 2):
        both("multi_margin_loss", x, target, p=p)
        both("multi_margin_loss", x, target, p=p, margin=0.4, weight=weight)
        both("multi_margin_loss", x[0], target[0], p=p)
    both("multilabel_margin_loss", x, several)
    both("multilabel_margin_loss", x[0], several[0])


@pytest.mark.torch
@pytest.mark.parametrize(
    "code",
    [
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4) % 5, T([0, 3, 2]))",
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4) % 5, T([0, 3, 2], dtype=L.uint8))",
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4) % 5, T([0, -100, 2]), reduction='none')",
        "L.nn.functional.cross_entropy(A(4.), T(2), reduction='none')",
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4), T([0, 4, 2]))",
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4), T([0, -1, 2]))",
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4), T([0, 1]))",
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4), T([0., 1., 2.]))",
        "L.nn.functional.cross_entropy(Z(0, 4), Z(0, dtype=L.int64))",
        "L.nn.functional.cross_entropy(Z(0, 4), Z(0, dtype=L.int64), reduction='sum')",
        "L.nn.functional.cross_entropy(A(12.).reshape(3, 4), T([0, 1, 2]), size_average=False)",
        "L.nn.functional.nll_loss(A(12.).reshape(3, 4), T([0, 9, 2]))",
        "L.nn.functional.mse_loss(A(3.), A(3.) + 1)",
        "L.nn.functional.mse_loss(A(3.), A(3.).double())",
        "L.nn.functional.mse_loss(A(3.), A(4.))",
        "L.nn.functional.huber_loss(A(3.), A(3.), delta=-1.)",
        "L.nn.functional.binary_cross_entropy(T([0., 1.]), T([1., 0.]))",
        "L.nn.functional.binary_cross_entropy(T([0., 1.5]), T([1., 0.]))",
        "L.nn.functional.binary_cross_entropy_with_logits(A(3.), Z(3), pos_weight=T(2.))",
        "L.nn.functional.kl_div(A(3.), Z(3))",
        "L.nn.functional.multi_margin_loss(A(12.).reshape(3, 4), T([0, 1, 2]), p=3)",
        "L.nn.functional.multi_margin_loss(A(12.).reshape(3, 4), T([0, 1, 7]))",
        "L.nn.functional.triplet_margin_loss(A(3.), A(3.), A(3.), margin=0)",
        "L.nn.functional.gaussian_nll_loss(A(3.), A(3.) + 1, 2.)",
        "L.nn.functional.cosine_similarity(Z(3), Z(3), dim=0)",
        "L.nn.functional.cosine_similarity(T(2.), T(3.), dim=0)",
        "L.nn.functional.pairwise_distance(A(3.), A(3.), keepdim=True)",
    ],
)
def test_results_and_errors_are_those_of_pytorch(code):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agrees(code)
