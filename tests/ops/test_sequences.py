"""CTC, bags of rows, and the functions that PyTorch keeps under torch: edges, derivatives, refusals."""

import itertools
import tracemalloc

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import gradcheck, gradgradcheck
from gputensor.nn import functional as F
from gputensor.ops import bag_sums


@pytest.fixture
def rng():
    return np.random.default_rng(4)


def likelihood(p, labels, blank):
    """The sum over all alignments, one by one. p: (time, class)."""
    total = 0.0
    for path in itertools.product(range(p.shape[1]), repeat=len(p)):
        kept = [c for k, c in enumerate(path) if c != blank and (k == 0 or path[k - 1] != c)]
        if kept == list(labels):
            total += np.prod([p[t, c] for t, c in enumerate(path)])
    return total


@pytest.mark.parametrize(("labels", "blank"), [([1], 0), ([1, 1], 0), ([0, 2], 1), ([], 2), ([2, 0, 2], 1)])
def test_ctc_is_the_sum_over_all_alignments(rng, labels, blank):
    x = rng.standard_normal((5, 1, 3))
    p = np.exp(x[:, 0]) / np.exp(x[:, 0]).sum(1, keepdims=True)
    loss = F.ctc_loss(gt.from_numpy(np.log(p)[:, None]), gt.tensor(labels, dtype=gt.int64), (5,), (len(labels),), blank)
    wanted = -np.log(likelihood(p, labels, blank)) / max(len(labels), 1)
    np.testing.assert_allclose(loss.item(), wanted, rtol=1e-12)


def test_ctc_has_second_derivatives_through_log_softmax(rng):
    targets = gt.tensor([[1, 2], [2, 0]])

    def loss(x):
        return F.ctc_loss(F.log_softmax(x, 2), targets, (4, 3), (2, 1), reduction="none")

    x = gt.from_numpy(rng.standard_normal((4, 2, 3))).requires_grad_()
    assert gradcheck(loss, (x,))
    assert gradgradcheck(loss, (x,))


def test_lengths_cut_inputs_and_targets(rng):
    x = gt.from_numpy(rng.standard_normal((6, 2, 4))).log_softmax(2)
    targets = gt.tensor([[1, 2, 3], [3, 0, 0]])
    both = F.ctc_loss(x, targets, gt.tensor([6, 4]), gt.tensor([3, 1]), reduction="none")
    second = F.ctc_loss(x[:4, 1], gt.tensor([3]), (4,), (1,), reduction="none")
    assert both.shape == (2,)
    assert second.shape == ()
    np.testing.assert_allclose(both[1].item(), second.item())
    joined = F.ctc_loss(x, gt.tensor([1, 2, 3, 3]), (6, 4), (3, 1), reduction="none")
    np.testing.assert_allclose(joined.tolist(), both.tolist())


def test_a_target_too_long_is_infinite_or_forgiven():
    x = gt.zeros(2, 1, 3, requires_grad=True)
    loss = F.ctc_loss(x.log_softmax(2), gt.tensor([[1, 1]]), (2,), (2,), reduction="sum")
    assert loss.item() == float("inf")
    loss.backward()
    assert x.grad.isnan().all()
    x.grad = None
    F.ctc_loss(x.log_softmax(2), gt.tensor([[1, 1]]), (2,), (2,), reduction="sum", zero_infinity=True).backward()
    assert (x.grad == 0).all()


def test_classes_of_probability_zero_are_no_obstacle():
    x = gt.tensor([[[0.5, 0.5, 0.0]], [[0.5, 0.5, 0.0]]]).log().requires_grad_()
    loss = F.ctc_loss(x, gt.tensor([[1]]), (2,), (1,), reduction="sum")
    np.testing.assert_allclose(loss.item(), -np.log(0.75), rtol=1e-6)
    loss.backward()
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_by_offsets_are_those_by_rows(rng, mode):
    table = gt.from_numpy(rng.standard_normal((7, 3))).requires_grad_()
    numbers = gt.from_numpy(rng.integers(0, 7, (4, 5)))
    rows = F.embedding_bag(numbers, table, mode=mode, padding_idx=2)
    flat = F.embedding_bag(numbers.flatten(), table, gt.arange(0, 20, 5), mode=mode, padding_idx=2)
    np.testing.assert_array_equal(rows.detach().numpy(), flat.detach().numpy())
    (a,), (b,) = (gt.autograd.grad(t.square().sum(), table) for t in (rows, flat))
    np.testing.assert_array_equal(a.numpy(), b.numpy())
    assert (a[2] == 0).all()


def test_no_bags_and_empty_bags_are_zeros():
    table = gt.full((3, 2), float("inf"), requires_grad=True)
    nothing = gt.zeros(0, dtype=gt.int64)
    for mode in ("sum", "mean", "max"):
        assert F.embedding_bag(nothing, table, nothing, mode=mode).shape == (0, 2)
        out = F.embedding_bag(nothing, table, gt.tensor([0, 0]), mode=mode)
        assert out.tolist() == [[0, 0], [0, 0]]
        (g,) = gt.autograd.grad(out.sum(), table)
        assert (g == 0).all()


def test_the_first_of_equal_maxima_of_a_bag_gets_the_gradient():
    table = gt.tensor([[1.0], [1.0], [0.0]], requires_grad=True)
    F.embedding_bag(gt.tensor([[2, 1, 0]]), table, mode="max").sum().backward()
    assert table.grad.tolist() == [[0], [1], [0]]


def test_gradients_of_bags_are_divided_by_how_often_rows_are_looked_up():
    table = gt.ones(3, 1, requires_grad=True)
    F.embedding_bag(gt.tensor([[0, 0], [0, 1]]), table, mode="sum", scale_grad_by_freq=True).sum().backward()
    assert table.grad.tolist() == [[1], [1], [0]]


def test_bags_of_16_bit_rows_are_added_up_in_float32():
    table = gt.full((2, 1), 1.0, dtype=gt.float16)
    out = F.embedding_bag(gt.zeros(1, 4000, dtype=gt.int64), table, mode="sum")
    assert (out.dtype, out.item()) == (gt.float16, 4000)


def test_rows_are_shortened_before_they_are_added():
    table = gt.tensor([[3.0, 4.0]])
    out = F.embedding_bag(gt.tensor([[0, 0]]), table, max_norm=1.0, mode="sum")
    np.testing.assert_allclose(out.tolist(), [[1.2, 1.6]], rtol=1e-5)
    np.testing.assert_allclose(table.tolist(), [[0.6, 0.8]], rtol=1e-5)


def test_torchs_own_bag_says_what_it_did():
    out, bag, sizes, _ = gt.embedding_bag(
        gt.tensor([[1.0], [2.0]]), gt.tensor([1, 0, 1]), gt.tensor([0, 1]), False, 1, padding_idx=0
    )
    assert (out.tolist(), bag.tolist(), sizes.tolist()) == ([[2], [2]], [0, 1, 1], [1, 1])


def test_dropout_in_place_writes_its_input_and_the_mask_tells_what_is_kept():
    gt.manual_seed(0)
    x = gt.ones(1000)
    assert gt.dropout_(x, 0.5, True) is x
    assert set(x.tolist()) == {0.0, 2.0}
    out, kept = gt.native_dropout(gt.ones(1000), 0.5, True)
    assert ((out != 0) == kept).all()
    y = gt.ones(10, 8, 3)
    gt.feature_dropout_(y, 0.5, True)
    assert set(y.sum(2).flatten().tolist()) == {0.0, 6.0}
    z = gt.ones(100)
    assert gt.alpha_dropout_(z, 0.5, True) is z
    assert len(set(z.tolist())) == 2
    assert gt.feature_alpha_dropout_(gt.ones(2, 3), 0.5, False).tolist() == gt.ones(2, 3).tolist()


def test_activations_in_place_return_their_input():
    for function, arguments in ((gt.relu_, ()), (gt.selu_, ()), (gt.celu_, (2.0,)), (gt.threshold_, (0.0, 1.0))):
        x = gt.tensor([-1.0, 2.0])
        assert function(x, *arguments) is x
        assert x[0] != -1
    x = gt.tensor([-1.0, 2.0])
    assert gt.rrelu_(x, 0.5, 0.5) is x
    assert x.tolist() == [-0.5, 2]


def test_rows_of_a_table_are_renormed_in_place():
    table = gt.tensor([[3.0, 4.0], [0.3, 0.4]])
    assert gt.embedding_renorm_(table, gt.tensor([0, 1]), 1.0, 2.0) is table
    np.testing.assert_allclose(table.tolist(), [[0.6, 0.8], [0.3, 0.4]], rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: F.ctc_loss(gt.ones(2, 1, 2).long(), gt.tensor([[1]]), (2,), (1,)), TypeError, "floating-point"),
        (lambda: F.ctc_loss(gt.ones(2, 1, 2), gt.ones(1, 1), (2,), (1,)), TypeError, "targets must be int64"),
        (lambda: F.ctc_loss(gt.ones(2, 1, 2), gt.tensor([[2]]), (2,), (1,)), IndexError, "class 2 in targets"),
        (lambda: F.ctc_loss(gt.ones(2, 1, 2), gt.tensor([[1]]), "2", (1,)), TypeError, "input_lengths must be"),
        (lambda: F.ctc_loss(gt.ones(2, 1, 2), gt.tensor([[1]]), (2.5,), (1,)), TypeError, "must be ints"),
        (lambda: F.ctc_loss(gt.ones(2, 1, 2), gt.tensor([[1]]), (2,), (-1,)), ValueError, "must not be negative"),
        (lambda: F.ctc_loss(gt.ones(2), gt.tensor([1]), (2,), (1,)), ValueError, r"\(time, batch, class\)"),
        (lambda: F.embedding_bag([1], gt.ones(2, 2)), TypeError, "input must be a Tensor"),
        (lambda: gt.embedding_bag(gt.ones(2, 2), gt.tensor([0]), gt.tensor([0]), False, 3), ValueError, "mode must be"),
        (lambda: gt.kl_div(gt.ones(2), gt.ones(2), 5), ValueError, "reduction must be 0"),
        (lambda: gt.convolution(gt.ones(1), gt.ones(1), None, [1], [0], [1], False, [0], 1), ValueError, "3 to 5"),
        (lambda: gt.grid_sampler(gt.ones(1), gt.ones(1), 3, 0, False), ValueError, "interpolation_mode"),
        (lambda: F.max_unpool1d(gt.ones(1, 2), [0], 2), TypeError, "indices must be a Tensor"),
        (lambda: F.conv_tbc(gt.ones(2, 2), gt.ones(1, 1, 1), gt.ones(1)), ValueError, "input must have 3 dims"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(call, kind, words):
    with pytest.raises(kind, match=words):
        call()


@pytest.mark.parametrize("width", [3, 40])
@pytest.mark.parametrize("padding", [None, 2])
@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_in_blocks_are_those_at_once(monkeypatch, mode, padding, width):
    rng = np.random.default_rng(width)
    values = rng.standard_normal((5, width))
    values[3, 1] = np.nan
    numbers, starts = rng.integers(0, 5, 60), [0, 0, 1, 9, 9, 40, 41, 58]
    found = []
    for elements in (2**22, 100):
        monkeypatch.setattr(bag_sums, "ELEMENTS", elements)
        table = gt.tensor(values, requires_grad=True)
        factors = gt.tensor(rng.standard_normal(60) * 0 + numbers, dtype=table.dtype, requires_grad=True)
        out = F.embedding_bag(
            gt.from_numpy(numbers), table, gt.tensor(starts), mode=mode, padding_idx=padding,
            per_sample_weights=factors if mode == "sum" else None,
        )  # fmt: skip
        wanted = [table, factors] if mode == "sum" else [table]
        found.append([out.detach().numpy(), *[g.numpy() for g in gt.autograd.grad((out * out).sum(), wanted)]])
    for whole, blocks in zip(*found, strict=True):
        np.testing.assert_allclose(blocks, whole, rtol=1e-12)
    for begin, end, row in zip(starts, [*starts[1:], 60], found[1][0], strict=True):
        rows = values[numbers[begin:end][numbers[begin:end] != (-1 if padding is None else padding)]]
        if mode == "sum":
            rows = rows * numbers[begin:end][numbers[begin:end] != (-1 if padding is None else padding), None]
        expected = getattr(rows, mode)(0) if len(rows) else np.zeros(width)
        np.testing.assert_allclose(row, expected, atol=1e-12)


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
def test_bags_do_not_hold_the_rows_of_all_numbers_at_once(monkeypatch, mode):
    monkeypatch.setattr(bag_sums, "ELEMENTS", 2**14)
    table = gt.ones(50, 200, requires_grad=True)
    numbers, starts = gt.arange(20_000) % 50, gt.arange(0, 20_000, 100)
    rows = 20_000 * 200 * 4
    tracemalloc.start()
    try:
        F.embedding_bag(numbers, table, starts, mode=mode).sum().backward()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < rows / 4
    assert table.grad.double().sum().item() == pytest.approx({"sum": 20_000, "mean": 200, "max": 200}[mode] * 200)
