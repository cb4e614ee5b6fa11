"""Calls that docs/differences.md says are taken here and refused by PyTorch: their values, and that PyTorch refuses."""

import numpy as np
import pytest

import gputensor as gt


def shifted(lib, call):
    x = lib.arange(6.0)
    call(lib, x)
    return x


OVERLAPPING = {
    "add_": (lambda lib, x: x[1:].add_(x[:-1]), [0, 1, 3, 5, 7, 9]),
    "mul_": (lambda lib, x: x[:-1].mul_(x[1:]), [0, 2, 6, 12, 20, 5]),
    "copy_": (lambda lib, x: x[1:].copy_(x[:-1]), [0, 0, 1, 2, 3, 4]),
    "add": (lambda lib, x: lib.add(x[:3], 1, out=x[1:4]), [0, 1, 2, 3, 4, 5]),
    "exp": (lambda lib, x: lib.exp(x[:2], out=x[1:3]), [0, 1, np.e, 3, 4, 5]),
    "cumsum": (lambda lib, x: lib.cumsum(x[1:4], 0, out=x[:3]), [1, 3, 6, 3, 4, 5]),
    "where": (lambda lib, x: lib.where(x[:3] > 0, x[:3], -x[:3] - 1, out=x[1:4]), [0, -1, 1, 2, 4, 5]),
    "topk": (
        lambda lib, x: lib.topk(x, 2, out=(x[:2], lib.empty(2, dtype=lib.int64))),
        [5, 4, 2, 3, 4, 5],
    ),
    "stack": (lambda lib, x: lib.stack([x[:2], x[1:3]], out=x[:4].view(2, 2)), [0, 1, 1, 2, 4, 5]),
}


@pytest.mark.parametrize("name", OVERLAPPING)
def test_what_is_written_over_an_operand_is_computed_before(name):
    call, expected = OVERLAPPING[name]
    np.testing.assert_allclose(shifted(gt, call).numpy(), expected, rtol=1e-6)


def test_results_that_would_be_written_over_each_other_are_refused():
    memory = gt.zeros(4)
    with pytest.raises(gt.errors.GradError, match="aminmax: two tensors of out share memory"):
        gt.aminmax(gt.arange(6.0).view(2, 3), dim=0, out=(memory[:3], memory[1:]))
    assert memory.tolist() == [0.0] * 4
    low, high = gt.aminmax(gt.arange(6.0).view(2, 3), dim=0, out=(gt.empty(3), gt.empty(3)))
    assert (low.tolist(), high.tolist()) == ([0, 1, 2], [3, 4, 5])


def test_a_unary_operation_in_place_applies_once_where_windows_overlap():
    x = gt.arange(1.0, 5.0)
    x.unfold(0, 2, 1).square_()
    assert x.tolist() == [1.0, 4.0, 9.0, 16.0]


F = "nn.functional."
PROMOTING = {
    F + "conv1d": (((1, 2, 4), "float32"), ((3, 2, 2), "float32"), ((3,), "float64")),
    F + "conv2d": (((1, 1, 3, 3), "float32"), ((1, 1, 2, 2), "float64")),
    F + "conv3d": (((1, 1, 2, 2, 2), "float64"), ((1, 1, 2, 2, 2), "float32")),
    F + "conv_transpose1d": (((1, 1, 3), "float32"), ((1, 1, 2), "float64")),
    F + "conv_transpose2d": (((1, 1, 3, 3), "float32"), ((1, 1, 2, 2), "float64")),
    F + "conv_transpose3d": (((1, 1, 2, 2, 2), "float32"), ((1, 1, 2, 2, 2), "float64")),
    F + "bilinear": (((2, 3), "float64"), ((2, 4), "float32"), ((5, 3, 4), "float32")),
    F + "scaled_dot_product_attention": (((1, 2, 3), "float64"), ((1, 4, 3), "float32"), ((1, 4, 3), "float32")),
    "addmm": (((2, 2), "float64"), ((2, 3), "float32"), ((3, 2), "float32")),
    "addmv": (((2,), "float32"), ((2, 3), "float64"), ((3,), "float32")),
    "addbmm": (((2, 2), "float32"), ((4, 2, 3), "float64"), ((4, 3, 2), "float32")),
    "baddbmm": (((4, 2, 2), "float32"), ((4, 2, 3), "float64"), ((4, 3, 2), "float32")),
    "mm": (((2, 3), "float64"), ((3, 2), "float32")),
    "bmm": (((1, 2, 3), "float32"), ((1, 3, 2), "float64")),
    "mv": (((2, 3), "float64"), ((3,), "float32")),
    "vdot": (((3,), "float64"), ((3,), "float32")),
    "inner": (((3,), "float64"), ((3,), "float32")),
    "cross": (((3,), "float64"), ((3,), "float32")),
    "linalg.cross": (((3,), "float64"), ((3,), "float32")),
    "chain_matmul": (((2, 3), "float64"), ((3, 2), "float32")),
}


def found(lib, name):
    for part in name.split("."):
        lib = getattr(lib, part)
    return lib


@pytest.mark.parametrize("name", PROMOTING)
def test_products_of_different_dtypes_are_those_of_the_wider_one(name):
    rng = np.random.default_rng(3)
    # whole numbers: addmm rounds a product of float32 before it is added to float64
    arrays = [rng.integers(-3, 4, shape).astype(dtype) for shape, dtype in PROMOTING[name]]
    out = found(gt, name)(*map(gt.from_numpy, arrays))
    assert out.dtype == gt.float64
    wide = found(gt, name)(*[gt.from_numpy(a.astype(np.float64)) for a in arrays])
    np.testing.assert_allclose(out.numpy(), wide.numpy(), rtol=1e-12)


OTHERS = {
    "a bias of another kind": (
        lambda lib: lib.nn.functional.conv1d(
            lib.ones(1, 1, 2).double(), lib.ones(1, 1, 2).double(), lib.tensor([1j]).to(lib.complex128)
        ),
        [[[2 + 1j]]],
    ),
    "int32 classes": (
        lambda lib: lib.nn.functional.nll_loss(lib.tensor([[1.0, 2.0]]), lib.tensor([1], dtype=lib.int32)),
        -2.0,
    ),
    "int16 classes": (
        lambda lib: lib.nn.functional.cross_entropy(lib.tensor([[0.0, 0.0]]), lib.tensor([1], dtype=lib.int16)) * 0,
        0.0,
    ),
    "a number in logical_and": (lambda lib: lib.logical_and(lib.tensor([1, 0]), 2), [True, False]),
    "a number in logical_or": (lambda lib: lib.logical_or(lib.tensor([1, 0]), 0), [True, False]),
    "a number in logical_xor": (lambda lib: lib.tensor([1, 0]).logical_xor(True), [False, True]),
}


@pytest.mark.parametrize("name", OTHERS)
def test_values_of_what_is_taken(name):
    call, expected = OTHERS[name]
    assert call(gt).tolist() == expected


def test_lengths_above_the_time_are_refused():
    with pytest.raises(gt.errors.ShapeError, match="lengths must be from 1 to 3"):
        gt.nn.utils.rnn.pack_padded_sequence(gt.arange(6.0).view(3, 2), [5, 2])


@pytest.mark.torch
def test_pytorch_refuses_what_is_taken_here():
    torch = pytest.importorskip("torch")
    for call, _ in OVERLAPPING.values():
        with pytest.raises(RuntimeError):
            shifted(torch, call)
    for call, _ in OTHERS.values():
        with pytest.raises((RuntimeError, TypeError)):
            call(torch)
    for name, operands in PROMOTING.items():
        with pytest.raises(RuntimeError):
            found(torch, name)(*[torch.from_numpy(np.ones(shape, dtype)) for shape, dtype in operands])


def test_numbers_that_pytorch_counts_or_wraps_wrongly():
    assert gt.histc(gt.tensor([1e38, -1e38, 3e38]), 3).tolist() == [1.0, 1.0, 1.0]
    assert gt.full((2,), 2**64, dtype=gt.float32).tolist() == [2.0**64] * 2
    with pytest.raises(OverflowError, match="clamp: a number does not fit into uint8"):
        gt.tensor([1], dtype=gt.uint8).clamp(min=-5)
    assert gt.distributions.Dirichlet(gt.tensor([0.1, 0.2, 0.3])).mode.tolist() == [0.0, 0.0, 1.0]
    distance = gt.cdist(gt.tensor([[0.0, float("nan"), 1.0]]), gt.tensor([[0.0, 5.0, 3.0]]), p=float("inf"))
    assert distance.isnan().all()
    target = gt.tensor([1.0, -1.0], requires_grad=True)
    gt.nn.functional.soft_margin_loss(gt.zeros(2), target).backward()
    assert target.grad.tolist() == [0.0, 0.0]
