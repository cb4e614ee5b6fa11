"""Scattering numbers: plain ones, and tensors of no dims where PyTorch takes them."""

import pytest

import gputensor as gt
from gputensor.errors import DtypeError, ShapeError


def test_a_number_may_come_as_a_tensor_without_dims():
    index = gt.tensor([0, 2])
    assert gt.zeros(3).scatter(0, index, value=gt.tensor(2.0)).tolist() == [2, 0, 2]
    assert gt.zeros(3).scatter_(0, index, value=gt.tensor(2)).tolist() == [2, 0, 2]
    assert gt.zeros(3).scatter(0, gt.tensor(1), gt.tensor(2.0)).tolist() == [0, 2, 0]
    assert gt.zeros(3).scatter_add(0, gt.tensor(1), gt.tensor(2.0)).tolist() == [0, 2, 0]
    assert gt.zeros(()).scatter(0, gt.tensor(0), gt.tensor(2.0)).item() == 2
    with pytest.raises(TypeError, match="value must be a number"):
        gt.zeros(3).scatter(0, index, value=gt.ones(2))


def test_sources_are_as_large_as_the_index_and_indices_are_integers_of_32_or_64_bits():
    with pytest.raises(ShapeError, match="src needs as many dims as index"):
        gt.zeros(3).scatter(0, gt.tensor([0, 2]), gt.tensor(2.0))
    with pytest.raises(DtypeError, match="index must be int64 or int32"):
        gt.zeros(3).gather(0, gt.tensor([0], dtype=gt.uint8))


@pytest.mark.torch
def test_numbers_are_scattered_as_in_pytorch():
    torch = pytest.importorskip("torch")
    calls = [
        lambda lib: lib.zeros(3).scatter(0, lib.tensor([0, 2]), lib.tensor(2.0)),
        lambda lib: lib.zeros(3).scatter(0, lib.tensor([0, 2]), value=lib.tensor(2.0)),
        lambda lib: lib.zeros(3, dtype=lib.int64).scatter(0, lib.tensor([0, 2]), value=lib.tensor(2.7)),
        lambda lib: lib.zeros(3).scatter(0, lib.tensor([0, 2]), value=lib.ones(1)),
        lambda lib: lib.zeros(3).scatter(0, lib.tensor(1), lib.tensor(2.0)),
        lambda lib: lib.zeros(3).scatter(0, lib.tensor(1), lib.tensor(2)),
        lambda lib: lib.zeros(3).gather(0, lib.tensor([0], dtype=lib.uint8)),
    ]
    for call in calls:
        try:
            expected = call(torch).tolist()
        except (RuntimeError, TypeError):
            with pytest.raises((RuntimeError, TypeError, ValueError)):
                call(gt)
            continue
        assert call(gt).tolist() == expected


@pytest.mark.parametrize(("alpha", "expected"), [(1.5, [4, 11]), (2.7, [7, 21]), (-1.5, [-2, -9]), (0.5, [1, 1])])
def test_a_fractional_factor_of_integers_is_cut_off_before_it_multiplies(alpha, expected):
    x, index, source = gt.ones(2, dtype=gt.int64), gt.tensor([0, 1]), gt.tensor([3, 10])
    assert gt.index_add(x, 0, index, source, alpha=alpha).tolist() == expected
    assert x.index_add_(0, index, source, alpha=alpha).tolist() == expected


def test_a_factor_that_the_dtype_cannot_hold_is_refused():
    x, source = gt.ones(2, dtype=gt.int8), gt.ones(1, dtype=gt.int8)
    with pytest.raises(DtypeError, match="index_add: 300 does not fit into int8"):
        gt.index_add(x, 0, gt.tensor([0]), source, alpha=300)
    with pytest.raises(DtypeError, match="index_add: the complex number"):
        gt.index_add(x, 0, gt.tensor([0]), source, alpha=1j)
