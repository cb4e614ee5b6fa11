"""Adding and sorting words of the CPU namespace: every layout and dtype, many repeats, out-of-range indices."""

import ml_dtypes
import numpy as np
import pytest

from gputensor.arrays import numpy_ as xp

DTYPES = [np.float32, np.float64, np.float16, ml_dtypes.bfloat16, np.int64, np.int8, np.bool_, np.complex64]


def small(rng, shape, dtype):
    """Small whole numbers, whose sums every dtype but the 8-bit ones holds exactly."""
    values = rng.integers(-3, 4, shape)
    return (
        (values + 1j * rng.integers(-3, 4, shape)).astype(dtype)
        if np.dtype(dtype).kind == "c"
        else values.astype(dtype)
    )


def exact(dtype):
    return np.dtype({"f": np.float64, "V": np.float64, "c": np.complex128}.get(np.dtype(dtype).kind, dtype))


def draw_places(rng, shape):
    """Index arrays with negative values for some axes, full slices for the others."""
    axes = sorted(rng.choice(len(shape), rng.integers(1, len(shape) + 1), replace=False))
    common = tuple(rng.integers(1, 9, rng.integers(1, 3)))
    index = [slice(None)] * (axes[-1] + 1)
    for k in axes:
        index[k] = rng.integers(-shape[k], shape[k], [1 if rng.random() < 0.2 else n for n in common])
    return tuple(index)


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: np.dtype(d).name)
def test_adding_at_index_arrays_agrees_with_ufunc_at(dtype):
    rng = np.random.default_rng(0)
    for _ in range(150):
        shape = tuple(rng.integers(1, 6, rng.integers(1, 5)))
        index = draw_places(rng, shape)
        values = small(rng, np.empty(shape)[index].shape, dtype)
        want = np.zeros(shape, exact(dtype))
        np.add.at(want, index, values.astype(want.dtype))
        out = xp.index_add(values, shape, index)
        assert out.dtype == dtype
        assert np.array_equal(out.astype(want.dtype), want)
        # into memory with gaps, transposed and reversed
        strided = np.zeros([2 * n for n in shape[::-1]], dtype)[tuple(slice(None, None, 2) for _ in shape)].T[..., ::-1]
        xp.index_write(strided, index, values, True)
        assert np.array_equal(strided.astype(want.dtype), want)


@pytest.mark.parametrize("dtype", DTYPES, ids=lambda d: np.dtype(d).name)
def test_gathering_and_scattering_along_an_axis_agree_with_index_grids(dtype):
    rng = np.random.default_rng(1)
    for _ in range(150):
        shape = tuple(rng.integers(1, 6, rng.integers(1, 5)))
        axis = int(rng.integers(len(shape)))
        sizes = [int(rng.integers(1, 8)) if k == axis else int(rng.integers(1, n + 1)) for k, n in enumerate(shape)]
        index = rng.integers(0, shape[axis], sizes).astype(rng.choice([np.int32, np.int64]))
        if rng.random() < 0.4:  # one row of indices for all slices
            row = index[tuple(slice(None) if k == axis else 0 for k in range(len(shape)))]
            index = np.broadcast_to(
                row.reshape([-1 if k == axis else 1 for k in range(len(shape))]),
                [len(row) if k == axis else n for k, n in enumerate(shape)],
            )
        grid = np.ogrid[tuple(slice(n) for n in index.shape)]
        grid = tuple(index if k == axis else g for k, g in enumerate(grid))
        x = small(rng, shape, dtype)
        if rng.random() < 0.5:
            x = np.asfortranarray(x)
        assert np.array_equal(xp.take_along_axis(x, index, axis), x[grid])
        values = small(rng, index.shape, dtype)
        want = x.astype(exact(dtype))
        np.add.at(want, grid, values.astype(want.dtype))
        assert np.array_equal(xp.scatter_add(x, index, values, axis).astype(want.dtype), want)
        want = x.copy()
        want[grid] = values
        assert np.array_equal(xp.scatter(x, index, values, axis), want)


@pytest.mark.parametrize(("places", "rows"), [(10_000, 8192), (50, 5000), (3, 9000), (100_000, 3000), (1000, 1)])
@pytest.mark.parametrize("heavy", [False, True])
def test_many_repeats_add_up(places, rows, heavy):
    rng = np.random.default_rng(2)
    index = np.minimum(rng.zipf(1.3, rows) - 1, places - 1) if heavy else rng.integers(0, places, rows)
    values = rng.standard_normal((rows, 4))
    want = np.zeros((places, 4))
    np.add.at(want, index, values)
    np.testing.assert_allclose(xp.index_add(values, (places, 4), (index,)), want, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        xp.index_add(values.T, (4, places), (slice(None), index)), want.T, rtol=1e-12, atol=1e-12
    )
    np.testing.assert_allclose(xp.index_add(values[:, 0], (places,), (index,)), want[:, 0], rtol=1e-12, atol=1e-12)


def test_infinities_and_nan_stay_at_their_places():
    index = np.array([0, 1, 1, 2, 2, 0] * 20)
    rows = np.ones((120, 2))
    rows[0, 0], rows[1, 1], rows[3, 0] = np.inf, np.nan, -np.inf
    out = xp.index_add(rows, (4, 2), (index,))
    assert np.array_equal(out, [[np.inf, 40], [40, np.nan], [-np.inf, 40], [0, 0]], equal_nan=True)
    z = xp.index_add(rows[:, 0].astype(complex), (4,), (index,))
    assert z.real[1] == 40
    assert z.imag[1] == 0


def test_16_bit_repeats_add_up_in_float32():
    for dtype in (np.float16, ml_dtypes.bfloat16):
        index = np.zeros(4096, int)
        assert xp.index_add(np.ones(4096, dtype), (2,), (index,))[0] == 4096
        assert xp.index_add(np.ones((4096, 3), dtype), (2, 3), (index,)).astype(float)[0].tolist() == [4096] * 3
        assert (
            xp.scatter_add(np.zeros((1, 2), dtype), np.zeros((1, 4096), int), np.ones((1, 4096), dtype), 1)[0, 0]
            == 4096
        )


@pytest.mark.parametrize("wrong", [3, -1])
def test_indices_out_of_range_raise_before_anything_is_written(wrong):
    index = np.array([0, 1, wrong])
    x = np.zeros(3)
    for write in (
        lambda: xp.scatter_write(x, index, np.ones(3), 0),
        lambda: xp.scatter_write(x, index, np.ones(3), 0, True),
        lambda: xp.take(x, index, 0),
        lambda: xp.take_along_axis(x, index, 0),
        lambda: xp.scatter_reduce(x, index, np.ones(3), 0, "max"),
    ):
        with pytest.raises(IndexError, match=f"index {wrong} is out of range for axis 0 with size 3"):
            write()
    for far in (3, -4):
        for accumulate in (False, True):
            with pytest.raises(IndexError, match=f"{far} is out of bounds"):
                xp.index_write(x, (np.array([0, 1, far]),), np.ones(3), accumulate)
    assert not x.any()


@pytest.mark.parametrize(
    "dtype", [np.float32, np.float16, ml_dtypes.bfloat16, np.int64, np.uint8], ids=lambda d: np.dtype(d).name
)
@pytest.mark.parametrize("largest", [True, False])
def test_the_k_best_are_those_of_a_sort(dtype, largest):
    rng = np.random.default_rng(3)
    x = rng.integers(0, 200, (2, 256)).astype(dtype)
    if np.dtype(dtype).kind in "fV":
        x[0, 5] = np.nan
    order = xp.argsort(x, 1, largest)
    for k in (0, 1, 3, 9, 63, 256):
        best = np.take_along_axis(x, xp.top_k(x, k, 1, largest), 1)
        assert np.array_equal(best.astype(float), np.take_along_axis(x, order, 1).astype(float)[:, :k], equal_nan=True)
        assert np.array_equal(xp.sort(x, 1, largest).astype(float)[:, :k], best.astype(float), equal_nan=True)


def test_what_is_sorted_is_contiguous():
    x = np.arange(12.0).reshape(3, 4)
    for descending in (False, True):
        for word in (xp.sort, xp.argsort):
            assert word(x, 1, descending).flags.c_contiguous
        assert xp.top_k(x, 2, 1, descending).flags.c_contiguous


def test_sorting_is_stable_in_both_directions_and_puts_nan_on_top():
    for dtype in (np.float64, np.float16, ml_dtypes.bfloat16):
        x = np.array([2, np.nan, 1, 2, np.nan, 1], dtype)
        assert xp.argsort(x, 0, False).tolist() == [2, 5, 0, 3, 1, 4]
        assert xp.argsort(x, 0, True).tolist() == [1, 4, 0, 3, 2, 5]
