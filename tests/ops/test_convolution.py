"""Convolutions: geometry against the definition, memory formats, dtypes, arguments, second derivatives."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_, tapwise
from gputensor.arrays.numpy_ import columns, depthwise
from gputensor.nn import functional as F
from tests.ops.agreement import agrees
from tests.ops.derivatives import derivatives_agree


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def random_convolution(rng):
    """Shapes and arguments of a convolution that fits."""
    dims = rng.integers(1, 4)
    pick = lambda low, high: tuple(rng.integers(low, high, dims).tolist())  # noqa: E731
    kernel, stride, dilation, before, after = pick(1, 4), pick(1, 4), pick(1, 3), pick(0, 3), pick(0, 3)
    if rng.random() < 0.5:
        stride = (1,) * dims
    least = [max(1, d * (k - 1) + 1 - p - q) for k, d, p, q in zip(kernel, dilation, before, after, strict=True)]
    size = tuple(int(n + rng.integers(0, 5)) for n in least)
    groups = int(rng.choice([1, 1, 2, 3]))
    n, c, o = rng.integers(0, 4), groups * rng.integers(1, 4), groups * rng.integers(1, 4)
    pads = tuple(zip(before, after, strict=True))
    x, w = rng.standard_normal((n, c, *size)), rng.standard_normal((o, c // groups, *kernel))
    return x, w, rng.standard_normal(o), size, kernel, (stride, pads, dilation, groups)


def in_memory(rng, x):
    """x in one of several orders of memory."""
    way = rng.integers(4)
    if way == 1:
        return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)
    return np.asfortranarray(x) if way == 2 else np.repeat(x, 2, -1)[..., ::2] if way == 3 else x


@pytest.mark.parametrize("block", [1 << 20, 500], ids=["blocks of images", "blocks of parts of images"])
def test_the_three_words_are_those_of_the_specification_whatever_the_geometry(rng, monkeypatch, block):
    monkeypatch.setattr(columns, "BLOCK", block)
    monkeypatch.setattr(depthwise, "BLOCK", block)
    columns.geometry.cache_clear()
    for _ in range(300):
        x, w, bias, size, kernel, rest = random_convolution(rng)
        x, w = in_memory(rng, x), in_memory(rng, w)
        out = numpy_.conv(x, w, bias, *rest)
        np.testing.assert_allclose(out, tapwise.conv(numpy_, x, w, bias, *rest), atol=1e-12)
        y = in_memory(rng, rng.standard_normal(out.shape))
        wanted = tapwise.conv_transpose(numpy_, y, w, size, *rest)
        np.testing.assert_allclose(numpy_.conv_transpose(y, w, size, *rest), wanted, atol=1e-12)
        wanted = tapwise.conv_weight(numpy_, x, y, kernel, *rest)
        np.testing.assert_allclose(numpy_.conv_weight(x, y, kernel, *rest), wanted, atol=1e-12)
    columns.geometry.cache_clear()


def test_each_word_is_the_transpose_of_the_others(rng):
    for _ in range(100):
        x, w, _, size, kernel, rest = random_convolution(rng)
        y = numpy_.conv(x, w, None, *rest)
        g = rng.standard_normal(y.shape)
        wanted = (y * g).sum()
        np.testing.assert_allclose((numpy_.conv_transpose(g, w, size, *rest) * x).sum(), wanted, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose((numpy_.conv_weight(x, g, kernel, *rest) * w).sum(), wanted, rtol=1e-9, atol=1e-9)


def test_the_columns_of_a_block_stay_small_whatever_the_image(monkeypatch):
    x, w = np.ones((2, 3, 300, 300), np.float32), np.ones((1, 3, 7, 7), np.float32)
    made = []
    empty = np.empty
    monkeypatch.setattr(columns.np, "empty", lambda shape, dtype: made.append(np.prod(shape)) or empty(shape, dtype))
    numpy_.conv(x, w, None, (1, 1), ((0, 0), (0, 0)), (1, 1), 1)
    # the matrix of the whole batch would have 50 million elements
    assert max(made) < 1_000_000


def test_a_gradient_of_stride_zero_is_taken(rng):
    x, w = gt.from_numpy(rng.standard_normal((2, 3, 5, 5))), gt.from_numpy(rng.standard_normal((4, 3, 3, 3)))
    w.requires_grad_()
    x.requires_grad_()
    F.conv2d(x, w, padding=1).sum().backward()
    g = np.ones((2, 4, 5, 5))
    pads = ((1, 1), (1, 1))
    wanted = tapwise.conv_weight(numpy_, x.array, g, (3, 3), (1, 1), pads, (1, 1), 1)
    np.testing.assert_allclose(w.grad.numpy(), wanted)
    np.testing.assert_allclose(
        x.grad.numpy(), tapwise.conv_transpose(numpy_, g, w.array, (5, 5), (1, 1), pads, (1, 1), 1)
    )


def test_a_channels_last_operand_gives_a_channels_last_result(rng):
    x = gt.from_numpy(rng.standard_normal((2, 3, 6, 5)))
    last = x.contiguous(memory_format=gt.channels_last)
    for taps, groups in ((3, 1), (1, 1), (3, 3)):
        w = gt.from_numpy(rng.standard_normal((6, 3 // groups, taps, taps)))
        plain = F.conv2d(x, w, padding=1, groups=groups)
        assert plain.is_contiguous()
        for other in (F.conv2d(last, w, padding=1, groups=groups), F.conv2d(last[1:], w, padding=1, groups=groups)):
            assert other.is_contiguous(memory_format=gt.channels_last)
            np.testing.assert_allclose(other.numpy(), plain.numpy()[-len(other.numpy()) :], atol=1e-12)


def test_16_bit_floats_are_summed_in_float32():
    ones = gt.ones(1, 4096, 1, 1).bfloat16()
    assert F.conv2d(ones, ones).item() == 4096
    assert F.conv2d(ones, ones).dtype is gt.bfloat16


def test_operands_of_different_dtypes_promote():
    out = F.conv2d(gt.ones(1, 1, 2, 2), gt.ones(1, 1, 1, 1, dtype=gt.float64), gt.ones(1))
    assert out.dtype is gt.float64


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 2, 3, 3)), "has 3 channels, weight .* expects 2"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3, 3), gt.ones(3)), r"bias must have shape \(4,\)"),
        (lambda: F.conv2d(gt.ones(2, 3, 2, 2), gt.ones(4, 3, 3, 3)), "does not fit into input"),
        (lambda: F.conv2d(gt.ones(2, 3), gt.ones(4, 3, 3, 3)), r"\(batch, channel, height, width\)"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3)), "weight must have 4 dims"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3, 3), groups=2), "has 3 channels"),
        (lambda: F.conv2d(gt.ones(2, 4, 5, 5), gt.ones(3, 2, 3, 3), groups=2), "divisible by groups=2"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3, 3), stride=0), "stride must be at least 1"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3, 3), stride=(1, 2, 3)), "one int or 2 ints"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3, 3), padding=-1), "padding must be at least 0"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3, 3), padding="all"), "'valid' or 'same', got 'all'"),
        (lambda: F.conv2d(gt.ones(2, 3, 5, 5), gt.ones(4, 3, 3, 3), padding="same", stride=2), "needs stride 1"),
        (
            lambda: F.conv_transpose2d(gt.ones(1, 2, 3, 3), gt.ones(2, 1, 3, 3), output_padding=1),
            "output_padding .* must be below",
        ),
        (lambda: F.conv_transpose2d(gt.ones(1, 2, 1, 1), gt.ones(2, 1, 1, 1), padding=1), "use less padding"),
    ],
)
def test_shapes_that_do_not_fit_get_a_sentence(call, words):
    with pytest.raises(gt.errors.ShapeError, match=words):
        call()


def test_what_is_no_tensor_or_a_mask_is_refused():
    with pytest.raises(TypeError, match="conv2d: input must be a Tensor, got list"):
        F.conv2d([1.0], gt.ones(1, 1, 1, 1))
    with pytest.raises(TypeError, match="conv2d: weight must be a Tensor, got NoneType"):
        F.conv2d(gt.ones(1, 1, 1, 1), None)
    with pytest.raises(TypeError, match="conv2d: not defined for bool"):
        F.conv2d(gt.ones(1, 1, 1, 1).bool(), gt.ones(1, 1, 1, 1).bool())
    with pytest.raises(TypeError, match="stride must be an int or 2 ints"):
        F.conv2d(gt.ones(1, 1, 1, 1), gt.ones(1, 1, 1, 1), stride=1.5)


@pytest.mark.torch
@pytest.mark.parametrize(
    "code",
    [
        "L.nn.functional.conv2d(A(24.).reshape(1, 2, 3, 4), O(2, 2, 2, 2), padding='valid')",
        "L.nn.functional.conv2d(A(24.).reshape(1, 2, 3, 4), O(2, 2, 3, 3), padding='same')",
        "L.nn.functional.conv2d(A(24.).reshape(1, 2, 3, 4), O(2, 2, 2, 2), stride=[2], padding=[1, 0])",
        "L.nn.functional.conv2d(A(24).reshape(1, 2, 3, 4), O(2, 2, 2, 2, dtype=L.int64))",
        "L.nn.functional.conv2d(A(24.).reshape(1, 2, 3, 4).contiguous(memory_format=L.channels_last), O(3, 2, 2, 2))",
        "L.nn.functional.conv2d(A(24.).reshape(1, 2, 3, 4), O(3, 2, 2, 2).contiguous(memory_format=L.channels_last))",
        "L.nn.functional.conv2d(A(24.).reshape(1, 2, 3, 4).permute(0, 1, 3, 2), O(3, 2, 2, 2))",
        "L.nn.functional.conv2d(Z(0, 2, 3, 4), O(3, 2, 2, 2))",
        "L.nn.functional.conv1d(A(12.).reshape(2, 6), O(3, 2, 2))",
        "L.nn.functional.conv2d(O(1, 2, 3, 4), O(3, 2, 4, 4))",
        "L.nn.functional.conv2d(O(1, 2, 3, 4), O(3, 1, 2, 2))",
        "L.nn.functional.conv2d(O(1, 2, 3, 4), O(3, 2, 2, 2), padding='same', stride=2)",
        "L.nn.functional.conv2d(O(3, 4), O(3, 2, 2, 2))",
        "L.nn.functional.conv_transpose2d(O(1, 2, 3, 4), O(2, 3, 2, 2), stride=2, output_padding=2)",
    ],
)
def test_results_strides_and_errors_are_those_of_pytorch(code):
    agrees(code)


@pytest.mark.torch
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("arguments", [{}, {"stride": 2, "padding": 1}, {"dilation": 2, "padding": (2, 1)}], ids=str)
def test_derivatives_are_those_of_pytorch(rng, groups, arguments):
    x, w = rng.standard_normal((2, 4, 6, 5)), rng.standard_normal((4, 4 // groups, 3, 2))
    derivatives_agree(lambda F, x, w: F.conv2d(x, w, groups=groups, **arguments), x, w)
    derivatives_agree(lambda F, x, w, b: F.conv2d(x, w, b, groups=groups, **arguments), x, w, rng.standard_normal(4))
    derivatives_agree(lambda F, x, w: F.conv_transpose2d(x, w, groups=groups, **arguments), x, w)
