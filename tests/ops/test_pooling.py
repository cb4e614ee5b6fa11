"""Pools: windows, ties, NaN, indices, memory formats, arguments, second derivatives."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_, tapwise
from gputensor.arrays.numpy_ import pooling
from gputensor.arrays.windows import Windows
from gputensor.errors import ShapeError
from gputensor.nn import functional as F
from tests.ops.agreement import agrees
from tests.ops.derivatives import derivatives_agree


@pytest.fixture
def rng():
    return np.random.default_rng(8)


def random_windows(rng):
    """Windows over images that fit, and values with ties, NaN or infinities."""
    dims = rng.integers(1, 4)
    pick = lambda low, high: tuple(rng.integers(low, high, dims).tolist())  # noqa: E731
    kernel, stride, dilation = pick(1, 5), pick(1, 4), pick(1, 3)
    # a window that is all padding has no maximum
    padding = tuple(int(rng.integers(0, k // 2 + 1)) if d == 1 else 0 for k, d in zip(kernel, dilation, strict=True))
    size = tuple(
        int(max(1, d * (k - 1) + 1 - 2 * p) + rng.integers(0, 5))
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    )
    count = tuple(
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(size, kernel, stride, padding, dilation, strict=True)
    )
    x = rng.standard_normal((rng.integers(1, 3), rng.integers(1, 4), *size))
    kind = rng.integers(4)
    if kind == 1:
        x = np.round(x)
    elif kind > 1:
        x[rng.random(x.shape) < 0.3] = np.nan if kind == 2 else -np.inf
    if rng.random() < 0.5:
        x = np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)
    return x, size, Windows(kernel, stride, padding, dilation, count)


@pytest.mark.parametrize("each", [False, True], ids=["by size", "window by window"])
@pytest.mark.parametrize("block", [1 << 19, 100], ids=["few blocks", "many blocks"])
def test_the_words_are_those_of_the_specification_whatever_the_windows(rng, monkeypatch, block, each):
    monkeypatch.setattr(pooling, "_BLOCK", block)
    if each:
        monkeypatch.setattr(pooling, "few", lambda windows: True)
    for _ in range(300):
        x, size, windows = random_windows(rng)
        np.testing.assert_array_equal(numpy_.max_pool(x, windows), tapwise.max_pool(numpy_, x, windows))
        offsets = numpy_.max_pool_offsets(x, windows)
        np.testing.assert_array_equal(offsets, tapwise.max_pool_offsets(numpy_, x, windows))
        taken = numpy_.window_take(x, offsets, windows)
        np.testing.assert_array_equal(taken, tapwise.window_take(numpy_, x, offsets, windows))
        g = rng.standard_normal(offsets.shape)
        put = tapwise.window_put(numpy_, g, offsets, size, windows)
        np.testing.assert_allclose(numpy_.window_put(g, offsets, size, windows), put, atol=1e-12)
        spread = tapwise.window_spread(numpy_, g, size, windows)
        np.testing.assert_allclose(numpy_.window_spread(g, size, windows), spread, atol=1e-12)
        finite = np.nan_to_num(x, neginf=0.0)
        sums = tapwise.window_sum(numpy_, finite, windows)
        np.testing.assert_allclose(numpy_.window_sum(finite, windows), sums, atol=1e-12)


def test_few_large_windows_are_not_walked_tap_by_tap(monkeypatch):
    steps = []
    monkeypatch.setattr(Windows, "seen", lambda *_: steps.append(0))
    x = gt.arange(100_000.0).reshape(1, 1, -1).requires_grad_()
    ends = [[[33333.0, 66666.0, 99999.0]]]
    for n in (100_000, 99_999):
        out, at = F.adaptive_max_pool1d(x[..., :n], 3, return_indices=True)
        out.sum().backward()
        assert [*out.tolist()[0][0]] == at.tolist()[0][0] == [e - (n != 100_000 and 1) for e in ends[0][0]]
    assert x.grad.nonzero()[:, 2].tolist() == [33332, 33333, 66665, 66666, 99998, 99999]
    x.grad = None
    mean = F.adaptive_avg_pool1d(x, 3)
    mean.sum().backward()
    np.testing.assert_allclose(mean.tolist()[0][0], [16666.5, 49999.5, 83332.5], rtol=1e-6)
    np.testing.assert_allclose(x.grad[0, 0, [0, 33333, 50000]].tolist(), [1 / 33334, 2 / 33334, 1 / 33334], rtol=1e-6)
    assert F.max_pool1d(x, 50_000, 10_000).tolist()[0][0] == [49999.0 + 10_000 * k for k in range(6)]
    assert not steps


def test_the_first_of_equal_maxima_gets_the_gradient():
    x = gt.zeros(1, 2, 4, requires_grad=True)
    F.max_pool2d(x, 2).sum().backward()
    assert x.grad.tolist() == [[[1, 0, 1, 0], [0, 0, 0, 0]]]


def test_overlapping_windows_add_their_gradients():
    x = gt.tensor([[0.0, 3.0, 1.0]], requires_grad=True)
    F.max_pool1d(x, 2, stride=1).sum().backward()
    assert x.grad.tolist() == [[0, 2, 0]]


def test_an_infinite_gradient_reaches_the_maximum_alone():
    x = gt.tensor([[1.0, 2.0, 3.0, 4.0]], requires_grad=True)
    F.max_pool1d(x, 2).backward(gt.tensor([[float("inf"), float("nan")]]))
    np.testing.assert_array_equal(x.grad.numpy(), [[0, np.inf, 0, np.nan]])


def test_nan_is_a_maximum():
    x = gt.tensor([[1.0, float("nan"), 3.0, 2.0]])
    out, index = F.max_pool1d(x, 2, return_indices=True)
    np.testing.assert_array_equal(out.numpy(), [[np.nan, 3]])
    assert index.tolist() == [[1, 2]]


def test_padding_is_never_a_maximum_and_windows_of_minus_infinity_name_a_place_of_theirs():
    x = gt.full((1, 1, 2, 2), float("-inf"))
    out, index = F.max_pool2d(x, 2, stride=1, padding=1, return_indices=True)
    assert (out == float("-inf")).all()
    assert index.tolist() == [[[[0, 0, 1], [0, 0, 1], [2, 2, 3]]]]


def test_channels_last_stays_channels_last(rng):
    x = gt.from_numpy(rng.standard_normal((2, 3, 6, 5)))
    last = x.contiguous(memory_format=gt.channels_last)
    for pool in (
        lambda t: F.max_pool2d(t, 2),
        lambda t: F.avg_pool2d(t, 3, 2, 1),
        lambda t: F.adaptive_max_pool2d(t, 3),
    ):
        assert pool(x).is_contiguous()
        np.testing.assert_allclose(pool(last).numpy(), pool(x).numpy())
    assert F.max_pool2d(last, 2).is_contiguous(memory_format=gt.channels_last)
    assert F.avg_pool2d(last, 2).is_contiguous(memory_format=gt.channels_last)


def test_the_mean_of_large_16_bit_floats_does_not_overflow():
    x = gt.full((1, 1, 16, 16), 30000.0).half()
    assert F.avg_pool2d(x, 16).item() == 30000.0
    assert F.adaptive_avg_pool2d(x, (1, 3)).max().item() == 30000.0


def test_infinities_stay_in_their_own_adaptive_windows():
    x = gt.tensor([[float("inf"), 1.0, 2.0, 3.0, 4.0]])
    assert F.adaptive_avg_pool1d(x, 3).tolist() == [[float("inf"), 2.0, 3.5]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: F.max_pool2d(gt.ones(1, 1, 3, 3), 4), "do not fit into input"),
        (lambda: F.max_pool2d(gt.ones(1, 1, 3, 3), 2, padding=2), "at most half the window"),
        (lambda: F.max_pool2d(gt.ones(3, 3), 2), r"\(batch, channel, height, width\)"),
        (lambda: F.max_pool2d(gt.ones(1, 0, 3, 3), 2), "only the batch may be empty"),
        (lambda: F.max_pool2d(gt.ones(1, 1, 3, 3), (2, 2, 2)), "kernel_size must be one int or 2 ints"),
        (lambda: F.avg_pool2d(gt.ones(1, 1, 3, 3), 2, divisor_override=0), "divisor_override must not be 0"),
        (lambda: F.adaptive_avg_pool2d(gt.ones(1, 1, 3, 3), (1, 2, 3)), "output_size must be"),
        (lambda: F.adaptive_max_pool2d(gt.ones(1, 1, 0, 3), 2), "only the batch may be empty"),
    ],
)
def test_windows_that_do_not_fit_get_a_sentence(call, words):
    with pytest.raises(gt.errors.ShapeError, match=words):
        call()


def test_dtypes_without_an_order_or_a_mean_are_refused():
    with pytest.raises(TypeError, match="max_pool1d: not defined for complex64"):
        F.max_pool1d(gt.ones(1, 4, dtype=gt.complex64), 2)
    with pytest.raises(TypeError, match="avg_pool1d: expected a floating-point tensor or int64, got int32"):
        F.avg_pool1d(gt.ones(1, 4, dtype=gt.int32), 2)
    with pytest.raises(TypeError, match="kernel_size must be an int or 2 ints"):
        F.max_pool2d(gt.ones(1, 4, 4), (2, 3.5))


@pytest.mark.torch
@pytest.mark.parametrize(
    "code",
    [
        "L.nn.functional.max_pool2d(A(24.).reshape(1, 2, 3, 4), 2, [])",
        "L.nn.functional.max_pool2d(A(24).reshape(1, 2, 3, 4), (2, 3), ceil_mode=True, return_indices=True)",
        "L.nn.functional.max_pool2d(A(24.).reshape(1, 2, 3, 4).contiguous(memory_format=L.channels_last), 2)",
        "L.nn.functional.max_pool2d(Z(0, 2, 3, 4), 2)",
        "L.nn.functional.max_pool2d(Z(2, 2, 0, 4), 2)",
        "L.nn.functional.max_pool1d(A(12.).reshape(2, 6), 3, 2, 1, 1, True)",
        "L.nn.functional.avg_pool2d(A(24.).reshape(1, 2, 3, 4), 2, 2, 1, True, False)",
        "L.nn.functional.avg_pool2d(A(24.).reshape(1, 2, 3, 4), 3, 2, 1, True)",
        "L.nn.functional.avg_pool2d(A(36.).reshape(1, 1, 6, 6), 3, 2, divisor_override=-2)",
        "L.nn.functional.adaptive_avg_pool2d(A(30.).reshape(1, 1, 5, 6), (3, None))",
        "L.nn.functional.adaptive_avg_pool2d(A(30.).reshape(1, 5, 6), 7)",
        "L.nn.functional.adaptive_max_pool2d(A(30.).reshape(1, 1, 5, 6), (3, 4), True)",
        "L.nn.functional.adaptive_max_pool1d(A(30.).reshape(1, 5, 6), 4, return_indices=True)",
        "L.nn.functional.adaptive_avg_pool2d(Z(1, 1, 0, 6), 2)",
        "L.nn.functional.adaptive_avg_pool2d(Z(1, 1, 4, 6), 0)",
        "L.nn.functional.max_pool2d(Z(1, 1, 4, 6), 2, padding=2)",
        "L.nn.functional.max_pool2d(Z(1, 1, 4, 6), 2, stride=0)",
    ],
)
def test_results_strides_and_errors_are_those_of_pytorch(code):
    agrees(code, strides="adaptive" not in code)


@pytest.mark.torch
@pytest.mark.parametrize(
    "call",
    [
        lambda F, x: F.max_pool2d(x, 2),
        lambda F, x: F.max_pool2d(x, 3, 2, 1, return_indices=True),
        lambda F, x: F.max_pool2d(x, (3, 2), 2, (1, 0), (1, 2), ceil_mode=True),
        lambda F, x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=False),
        lambda F, x: F.adaptive_avg_pool2d(x, (3, 4)),
        lambda F, x: F.adaptive_max_pool2d(x, (3, 4), True),
        lambda F, x: F.adaptive_max_pool2d(x, (7, 2)),
    ],
)
def test_derivatives_are_those_of_pytorch(rng, call):
    derivatives_agree(call, rng.standard_normal((2, 3, 7, 6)))


def test_more_random_samples_than_the_batch_has_are_left_over():
    x, samples = gt.arange(128.0).reshape(2, 1, 8, 8), gt.linspace(0, 0.9, 8).reshape(4, 1, 2)
    pool = gt.nn.functional.fractional_max_pool2d
    some = pool(x, 2, output_size=3, _random_samples=samples)
    assert some.tolist() == pool(x, 2, output_size=3, _random_samples=samples[:2]).tolist()
    with pytest.raises(ShapeError, match="_random_samples must have shape"):
        pool(x, 2, output_size=3, _random_samples=samples[:1])
