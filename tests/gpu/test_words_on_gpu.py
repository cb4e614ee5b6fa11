"""The table of words on CuPy itself, and what only a GPU can show. docs/gpu-checklist.md says why each is asked."""

import ml_dtypes
import numpy as np
import pytest

from tests.arrays.test_words import name_of
from tests.arrays.word_rows import ROWS
from tests.arrays.words import check

pytestmark = pytest.mark.gpu

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOAT16 = np.dtype(np.float16)


def on(cuda, values, dtype):
    return cuda.from_host(np.asarray(values, dtype))


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_words_on_cupy_give_the_values_of_numpy(cuda, row):
    assert check(cuda, row, row.dtypes, row.gpu_ulps) > 0


@pytest.mark.parametrize("dtype", [FLOAT16, BFLOAT16])
@pytest.mark.parametrize("shape", [(4096,), (64, 4096), (4096, 64), (3, 4096, 5)])
def test_16_bit_sums_accumulate_in_float32(cuda, shape, dtype):
    axis = shape.index(4096)
    assert (cuda.to_host(cuda.sum(cuda.ones(shape, dtype), (axis,))).astype(np.float32) == 4096).all()
    assert (cuda.to_host(cuda.mean(cuda.full(shape, 100.0, dtype), (axis,))).astype(np.float32) == 100).all()


@pytest.mark.parametrize("dtype", [FLOAT16, BFLOAT16])
@pytest.mark.parametrize(
    ("p", "q"), [((4096,), (4096,)), ((2, 4096), (4096, 3)), ((2, 3, 4096), (2, 4096, 2)), ((1, 4096), (4096, 1))]
)
def test_16_bit_products_accumulate_in_float32(cuda, p, q, dtype):
    out = cuda.matmul(cuda.ones(p, dtype), cuda.ones(q, dtype))
    assert out.dtype == dtype
    assert (cuda.to_host(out).astype(np.float32) == 4096).all()


def test_float16_vectors_do_not_overflow_on_the_way(cuda):
    x, y = on(cuda, [300.0, -300.0], FLOAT16), on(cuda, [300.0, 300.0], FLOAT16)
    assert cuda.item(cuda.matmul(x, y)) == 0


def test_overlapping_copies_read_before_they_write(cuda):
    n = 1 << 22
    x = cuda.arange(0, n, 1, np.dtype(np.float32))
    cuda.copy_into(cuda.getitem(x, slice(1, None)), cuda.getitem(x, slice(None, -1)))
    expected = np.arange(n, dtype=np.float32) - 1
    expected[0] = 0
    np.testing.assert_array_equal(cuda.to_host(x), expected)


def test_argmax_of_a_row_with_nan_finds_a_nan(cuda):
    values = np.random.default_rng(1).normal(size=(50, 3000)).astype(np.float32)
    values[np.arange(50), np.arange(50) * 50] = np.nan
    assert (cuda.to_host(cuda.argmax(on(cuda, values, np.float32), 1)) == np.arange(50) * 50).all()
    assert cuda.item(cuda.argmax(on(cuda, values[:1], np.float32))) == 0
    assert np.isnan(cuda.item(cuda.max(on(cuda, values, np.float32))))


def test_large_sorts_are_stable_in_both_directions(cuda):
    values = np.random.default_rng(2).integers(0, 5, (3, 100_000)).astype(np.float32)
    for descending in (False, True):
        order = cuda.to_host(cuda.argsort(on(cuda, values, np.float32), 1, descending))
        key = -values if descending else values
        assert (order == np.argsort(key, 1, kind="stable")).all()


def test_repeated_places_add_up_from_many_threads(cuda):
    index = np.random.default_rng(3).integers(0, 7, 1_000_000)
    for dtype in (np.float32, np.int64, np.float16, BFLOAT16, np.complex64, np.int8):
        ones = cuda.ones((len(index),), np.dtype(dtype))
        out = cuda.to_host(cuda.index_add(ones, (7,), (cuda.from_host(index),)))
        expected = np.bincount(index)
        if np.dtype(dtype) == np.int8:
            assert (out == expected.astype(np.int8)).all()
        else:
            # exact up to 2**24 in float32; rounded once to 16 bits, where float16 has no such number but infinity
            with np.errstate(all="ignore"):
                assert (out == expected.astype(np.float32).astype(dtype)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int32, np.int64, np.float16])
def test_repeated_places_combine_from_many_threads(cuda, dtype):
    rng = np.random.default_rng(5)
    index = rng.integers(0, 5, 300_000)
    values = (rng.integers(-(2**20), 2**20, 300_000) / (1 if np.dtype(dtype).kind == "i" else 2.0**11)).astype(dtype)
    x = np.zeros(5, dtype)
    for how, reference in (("max", np.maximum), ("min", np.minimum)):
        expected = x.copy()
        reference.at(expected, index, values)
        got = cuda.scatter_reduce(cuda.from_host(x), cuda.from_host(index), cuda.from_host(values), 0, how)
        assert (cuda.to_host(got) == expected).all()
    signs = np.where(rng.random(300_000) < 0.5, -1, 1).astype(dtype)
    expected = np.ones(5, dtype)
    np.multiply.at(expected, index, signs)
    got = cuda.scatter_reduce(cuda.ones((5,), np.dtype(dtype)), cuda.from_host(index), cuda.from_host(signs), 0, "prod")
    assert (cuda.to_host(got) == expected).all()


def test_views_share_memory_and_copies_do_not(cuda):
    x = on(cuda, np.arange(12.0).reshape(3, 4), np.float32)
    for view in (
        cuda.reshape(x, (4, 3)),
        cuda.flip(x, (0,)),
        cuda.as_strided(x, (2,), (1,), 1),
        cuda.diagonal(x, 0, 0, 1),
    ):
        assert cuda.is_view_of(view, x)
        assert cuda.shares_memory(view, x)
    assert not cuda.is_view_of(cuda.copy(x), x)
    assert not cuda.is_view_of(cuda.reshape(cuda.permute_dims(x, (1, 0)), (12,)), x)


def test_index_values_out_of_range_raise_in_debug_mode(cuda, monkeypatch):
    import gputensor.arrays.cupy_ as switches

    monkeypatch.setattr(switches, "check_indices", True)
    with pytest.raises(IndexError, match="take: index 5 is out of range"):
        cuda.take(on(cuda, [1.0, 2.0], np.float32), on(cuda, [0, 5], np.int64), 0)


def test_moving_between_two_gpus_keeps_the_values(cuda, second):
    values = np.random.default_rng(4).normal(size=(1000, 1001))
    for _ in range(20):
        x = cuda.multiply(cuda.from_host(values), 2.0)
        y = cuda.moved(x, cuda, second)
        del x
        cuda.zeros((1000, 1001), np.dtype(np.float64))  # takes the block of x, if it is free too early
        np.testing.assert_array_equal(second.to_host(y), values * 2)


def test_words_run_on_the_second_gpu_while_the_first_is_current(second):
    for row in ROWS:
        check(second, row, row.dtypes[:1], row.gpu_ulps)
