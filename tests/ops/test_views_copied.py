"""Copies of views and with parts replaced, beside the table of samples: layouts, errors, and what PyTorch says."""

import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError, ShapeError

EXPRESSIONS = [
    "L.select_scatter(Z(2, 3), O(3).double(), 0, 1)",
    "L.select_scatter(Z(2, 3), O(1), 0, 1)",
    "L.select_scatter(Z(2, 3).long(), O(3) * 1.5, 0, 1)",
    "L.select_scatter(Z(2, 3), O(3), 0, 5)",
    "L.select_scatter(Z(()), O(()), 0, 0)",
    "L.slice_scatter(Z(2, 3), O(2, 2), 1, -2, 100)",
    "L.slice_scatter(Z(2, 3), O(2, 0), 1, 2, 1)",
    "L.slice_scatter(Z(2, 3), O(2, 2), 1, 0, 3, -1)",
    "L.slice_scatter(Z(2, 3), O(1, 2), 1, 1)",
    "L.diagonal_scatter(Z(2, 3, 2), O(3, 2), 0, 0, 2)",
    "L.diagonal_scatter(Z(2, 3), O(3))",
    "L.as_strided_scatter(Z(2, 3), O(2, 2), (2, 2), (1, 1), 1)",
    "L.as_strided_scatter(A(6.0).reshape(2, 3).T, L.full((2, 2), 9.0), (2, 2), (1, 2))",
    "L.as_strided_scatter(Z(2, 3), O(2, 2), (2, 2), (6, 2))",
    "L.narrow_copy(A(6).reshape(2, 3), 1, -2, 2)",
    "L.narrow_copy(A(6).reshape(2, 3), 1, 2, 2)",
    "L.expand_copy(A(3), (2, -1))",
    "L.view_copy(A(4.0), L.int32)",
    "L.unsafe_chunk(A(5), 0)",
    "L.unsafe_split(A(5), 0)",
    "L.split_with_sizes(A(5), [2, 2])",
    "O(2, 3).sum_to_size(())",
    "O(2, 3).sum_to_size(2, 2)",
    "O(2, 3).sum_to_size(1, 2, 3)",
    "O(2, 3).bool().sum_to_size(1, 3)",
    "Z(5, 2).fill_diagonal_(5, True)",
    "Z(7, 2).fill_diagonal_(T(5.0), wrap=True)",
    "Z(2, 4).fill_diagonal_(5, wrap=True)",
    "Z(2, 2, 2).fill_diagonal_(1)",
    "Z(2, 2, 3).fill_diagonal_(1)",
    "Z(3).fill_diagonal_(1)",
    "Z(2, 2).long().fill_diagonal_(1.5)",
    "Z(0, 2).fill_diagonal_(2)",
    "Z(3, 3).T.fill_diagonal_(2)",
    "L.nonzero_static(T([[1, 0, 2]]), size=4, fill_value=7)",
    "L.nonzero_static(T([1, 0, 2]), size=1)",
    "L.nonzero_static(T(3), size=2)",
    "L.nonzero_static(T([1]), size=-1)",
    "L.unravel_index(T([6, -1]), (2, 3))",
    "L.unravel_index(T([1.0]), (2, 3))",
    "L.unravel_index(T([1]), (2, -3))",
    "L.index_reduce(L.full((2, 2), 2.0), 0, T([0, 1, 0]), A(1.0, 7).reshape(3, 2), 'prod', include_self=False)",
    "L.index_reduce(L.full((2, 2), 2.0), 0, T([0, 1, 0]), A(1.0, 7).reshape(3, 2), 'mean')",
    "L.index_reduce(L.full((2, 2), -2), 0, T([0, 1, 0]), -A(1, 7).reshape(3, 2), 'mean')",
    "L.index_reduce(L.full((2, 2), 2.0), 0, T([0, 0, 0]), -A(1.0, 7).reshape(3, 2), 'amax', include_self=False)",
    "L.index_reduce(L.full((2, 2), 2.0), 0, T([0, 1, 0]), A(1.0, 7).reshape(3, 2), 'amin')",
    "L.index_reduce(L.full((2, 2), 2.0), 0, T([0, 1, 0]), A(1.0, 7).reshape(3, 2), 'sum')",
    "L.index_reduce(L.full((2, 2), 2.0), 0, T([5]), A(2.0).reshape(1, 2), 'prod')",
    "L.index_reduce(L.full((2, 2), 2.0), 0, T([0, 1]), A(6.0).reshape(3, 2), 'prod')",
    "L.index_reduce(T(2.0), 0, T([0]), T(3.0), 'prod')",
    "L.index_copy(T(3.0), 0, T([0]), T([1.0]))",
    "L.index_put_(Z(3), (T([-1]),), T([2.0]))",
    "A(4.0).as_strided_((2,), (2,))",
    "L.as_strided_(A(4.0), (2, 2), (1, 2), 1)",
    "L.as_strided_(A(4.0), (2, 2), (1, 2))",
]


def evaluated(lib, expression):
    names = {"L": lib, "T": lib.tensor, "Z": lib.zeros, "O": lib.ones, "A": lib.arange}
    out = eval(expression, names)
    return [np.asarray(t) for t in (out if isinstance(out, (tuple, list)) else [out])]


@pytest.mark.torch
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_values_and_refusals_are_those_of_pytorch(expression):
    torch = pytest.importorskip("torch")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = evaluated(torch, expression)
    except (RuntimeError, ValueError, TypeError, IndexError):
        with pytest.raises((RuntimeError, ValueError, TypeError, IndexError)):
            evaluated(gt, expression)
        return
    for a, b in zip(evaluated(gt, expression), theirs, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_the_order_in_memory_of_a_replaced_copy_does_not_matter():
    x = gt.arange(6.0).reshape(2, 3)
    for view in (x, x.clone().T.contiguous().T, x.flip(0).flip(0)):
        got = gt.diagonal_scatter(view, gt.tensor([7.0, 8.0]), 1)
        np.testing.assert_array_equal(got.numpy(), [[0, 7, 2], [3, 4, 8]])
        assert view.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_the_parts_of_an_unsafe_split_are_written_while_gradients_are_recorded():
    x = gt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * 1
    first, second = gt.unsafe_split(y, [1, 2])
    first.mul_(5)
    second.mul_(2)
    y.sum().backward()
    assert x.grad.tolist() == [5, 2, 2]
    with pytest.raises(GradError):
        (x * 1).split([1, 2])[0].mul_(2)


def test_a_strided_view_in_place_has_a_gradient():
    x = gt.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
    y = x * 2
    y.as_strided_((2, 2), (1, 1))
    (y * gt.tensor([[1.0, 10.0], [100.0, 1000.0]])).sum().backward()
    assert x.grad.tolist() == [2, 220, 2000, 0]
    with pytest.raises(GradError):
        x.as_strided_((2,), (1,))


def test_a_view_beyond_its_base_is_no_place_to_scatter_to():
    x = gt.arange(6.0)[:3]
    with pytest.raises(ShapeError, match="does not have"):
        gt.as_strided_scatter(x, gt.ones(2), (2,), (4,))
