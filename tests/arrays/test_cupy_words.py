"""What CuPy's words promise beyond equal values, on the strict double."""

import warnings

import ml_dtypes
import numpy as np
import pytest

from gputensor.arrays import numpy_
from tests import doubles
from tests.arrays.word_rows import ROWS
from tests.arrays.words import Row, place
from tests.doubles.cupy_double import _memory
from tests.doubles.strict import strict

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOAT16 = np.dtype(np.float16)
READS_THE_DEVICE = {"item", "to_host", "nonzero", "unique", "bincount"}
READS_THE_DEVICE |= {
    "eig",
    "eigvals",
    "ldl_factor",
    "ldl_solve",
    "matrix_exp",
    "row_order",
}  # on the host, or steps by value


@pytest.fixture(scope="module")
def cuda():
    with doubles.installed():
        from gputensor.arrays.cupy_ import loading

        yield loading.namespace(0)


@pytest.fixture(autouse=True)
def _quiet():
    """NumPy's warnings are the core's to silence."""
    with np.errstate(all="ignore"):
        yield


@pytest.fixture(params=["numpy", "cupy"])
def xp(request, cuda):
    """NumPy's namespace, and that of a GPU as the double plays it."""
    return numpy_ if request.param == "numpy" else cuda


def on(xp, values, dtype=np.float32):
    return xp.from_host(np.asarray(values, dtype))


def host(xp, x):
    return np.array(xp.to_host(x))


# 16 bits


def test_the_sum_of_4096_bfloat16_ones_is_4096(xp):
    assert host(xp, xp.sum(xp.ones((4096,), BFLOAT16))) == 4096
    assert host(xp, xp.sum(xp.ones((4096, 2), BFLOAT16), (0,))).tolist() == [4096, 4096]


def test_float16_sums_go_beyond_what_float16_could_hold_on_the_way(xp):
    x = on(xp, [60000.0, 60000.0, -60000.0], np.float16)
    assert host(xp, xp.sum(x)) == 60000
    assert host(xp, xp.mean(on(xp, np.full(4096, 100.0), np.float16))) == 100


def test_16_bit_running_sums_accumulate_in_float32(xp):
    total = host(xp, xp.cumulative_sum(xp.ones((4096,), BFLOAT16), 0))
    assert total[-1] == 4096
    assert host(xp, xp.cumulative_prod(on(xp, [300.0, 300.0, 0.001], np.float16), 0))[-1] == pytest.approx(90, rel=1e-3)


def test_16_bit_variances_accumulate_in_float32(xp):
    x = on(xp, [300.0, -300.0] * 50, np.float16)
    assert host(xp, xp.var(x, None, False, 0.0)) == np.float16(np.inf)  # 90,000 is not a float16
    assert host(xp, xp.var(on(xp, [200.0, -200.0] * 2048, np.float16), None, False, 0.0)) == 40000


@pytest.mark.parametrize("shapes", [((2,), (2,)), ((1, 2), (2, 1)), ((2,), (2, 1)), ((3, 1, 2), (3, 2, 1))])
def test_float16_products_are_not_rounded_before_they_are_summed(xp, shapes):
    x, y = np.empty(shapes[0]), np.empty(shapes[1])
    x[..., :], y[...] = [300.0, -300.0], 300.0
    assert (host(xp, xp.matmul(on(xp, x, np.float16), on(xp, y, np.float16))) == 0).all()


@pytest.mark.parametrize("dtype", [BFLOAT16, FLOAT16])
@pytest.mark.parametrize("shapes", [((4096,), (4096,)), ((2, 4096), (4096, 3)), ((2, 3, 4096), (2, 4096, 2))])
def test_16_bit_products_accumulate_in_float32(xp, shapes, dtype):
    out = xp.matmul(xp.ones(shapes[0], dtype), xp.ones(shapes[1], dtype))
    assert out.dtype == dtype
    assert (host(xp, out).astype(np.float32) == 4096).all()


def test_scatter_add_of_16_bits_accumulates_in_float32(xp):
    index = xp.from_host(np.zeros(4096, np.int64))
    out = xp.scatter_add(xp.zeros((2,), BFLOAT16), index, xp.ones((4096,), BFLOAT16), 0)
    assert host(xp, out).tolist() == [4096, 0]
    assert host(xp, xp.index_add(xp.ones((4096,), BFLOAT16), (2,), (index,))).tolist() == [4096, 0]


# memory


@pytest.mark.parametrize("namespace", ["numpy", "cupy", "strict"])
def test_empty_has_shape_and_dtype(namespace, cuda):
    xp = {"numpy": numpy_, "cupy": cuda, "strict": strict}[namespace]
    out = xp.empty((2, 0, 3), np.dtype(np.int32))
    assert out.shape == (2, 0, 3)
    assert host(xp, out).dtype == np.int32


def test_empty_memory_of_the_double_is_not_zero(cuda):
    assert host(cuda, cuda.empty((4,), np.dtype(np.float32))).all()


def test_views_are_told_from_copies(xp):
    x = on(xp, np.arange(12.0).reshape(3, 4))
    for view in (
        xp.reshape(x, (4, 3)),
        xp.permute_dims(x, (1, 0)),
        xp.getitem(x, (slice(None), 1)),
        xp.flip(x, (0,)),
        xp.broadcast_to(x, (2, 3, 4)),
        xp.diagonal(x, 0, 0, 1),
        xp.sliding_window(x, 0, 2, 1),
        xp.as_strided(x, (2,), (4,), 4),
        xp.reinterpret(x, np.dtype(np.int64)),
        xp.squeeze(x, ()),
    ):
        assert xp.is_view_of(view, x)
        assert xp.shares_memory(view, x)
    for copy in (xp.reshape(xp.permute_dims(x, (1, 0)), (12,)), xp.copy(x), xp.astype(x, x.dtype)):
        assert not xp.is_view_of(copy, x)
        assert not xp.shares_memory(copy, x)


def test_strides_and_bounds_count_elements(xp):
    x = on(xp, np.arange(12.0).reshape(3, 4))
    part = xp.getitem(x, (slice(1, 3), slice(None, None, 2)))
    assert xp.strides(x) == (4, 1)
    assert xp.strides(part) == (4, 2)
    assert xp.strides(xp.permute_dims(part, (1, 0))) == (2, 4)
    assert xp.memory_bounds(x)[0] == 0
    assert xp.memory_bounds(x)[1] >= 12
    assert xp.memory_bounds(part)[0] == -4
    assert xp.memory_bounds(part)[1] == xp.memory_bounds(x)[1] - 4
    assert xp.address(part) - xp.address(x) == 4 * x.itemsize


def test_parts_that_do_not_touch_share_no_memory(xp):
    x = on(xp, np.arange(10.0))
    assert not xp.shares_memory(xp.getitem(x, slice(0, 5)), xp.getitem(x, slice(5, 10)))
    assert xp.shares_memory(xp.getitem(x, slice(0, 6)), xp.getitem(x, slice(5, 10)))


def test_broadcast_places_are_not_writable(xp):
    x = on(xp, np.arange(4.0))
    assert xp.writable(x)
    assert xp.writable(xp.getitem(x, slice(None, None, -1)))
    assert not xp.writable(xp.broadcast_to(x, (3, 4)))


def test_copy_into_overlapping_memory_reads_before_it_writes(xp):
    x = on(xp, np.arange(50.0))
    xp.copy_into(xp.getitem(x, slice(1, None)), xp.getitem(x, slice(None, -1)))
    assert host(xp, x).tolist() == [0.0, *range(49)]


def test_index_write_of_values_in_its_own_memory_reads_before_it_writes(xp):
    x = on(xp, np.arange(6.0))
    xp.index_write(x, (xp.from_host(np.arange(6)),), xp.flip(x, (0,)))
    assert host(xp, x).tolist() == [5, 4, 3, 2, 1, 0]


def test_a_place_written_twice_holds_one_of_its_values(xp):
    index = xp.from_host(np.zeros(50, np.int64))
    out = xp.index_put(on(xp, [-1.0, -1.0]), (index,), on(xp, np.arange(50.0)))
    first, second = host(xp, out)
    assert first in range(50)
    assert second == -1


def test_scalars_take_no_device_memory(cuda):
    before = _memory.POOL.used_bytes()
    two = cuda.scalar(2.0, np.dtype(np.float32))
    assert _memory.POOL.used_bytes() == before
    out = cuda.multiply(on(cuda, [1.0, 2.0]), two)
    assert out.dtype == np.float32
    assert host(cuda, out).tolist() == [2, 4]


def test_memory_is_given_back_with_the_array(cuda):
    before = _memory.POOL.used_bytes()
    x = cuda.zeros((1000,), np.dtype(np.float64))
    assert _memory.POOL.used_bytes() == before + 8000
    view = cuda.getitem(x, slice(0, 1))
    del x
    assert _memory.POOL.used_bytes() == before + 8000
    del view
    assert _memory.POOL.used_bytes() == before


# the border between host and device


def test_host_arrays_are_refused(cuda):
    x = on(cuda, [1.0, 2.0])
    with pytest.raises(TypeError, match="Unsupported type"):
        cuda.add(x, np.ones(2, np.float32))
    with pytest.raises(TypeError, match="Implicit conversion"):
        np.asarray(x)


def waits(row: Row) -> bool:
    """Whether a row's word has to read the device: its result, or a count of true values, is needed on the host."""
    return row.word in READS_THE_DEVICE or row.word.startswith("index_")


@pytest.mark.parametrize("row", [row for row in ROWS if not waits(row)], ids=lambda row: f"{row.word} {row.note}")
def test_words_do_not_wait_for_the_device(cuda, row):
    for asked in row.asked_of(row.dtypes[:2]):
        for arguments in row.calls(asked):
            placed = [place(cuda, a) for a in arguments]
            before = _memory.copies_to_host[0]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)
                getattr(cuda, row.word)(*placed)
            assert _memory.copies_to_host[0] == before


def test_index_words_wait_only_for_masks(cuda):
    x, index = on(cuda, np.arange(12.0).reshape(3, 4)), cuda.from_host(np.array([2, 0]))
    before = _memory.copies_to_host[0]
    cuda.index_get(x, (index, slice(1, 3)))
    cuda.index_put(x, (index,), on(cuda, 1.0))
    cuda.index_add(on(cuda, [1.0, 2.0]), (3,), (index,))
    assert _memory.copies_to_host[0] == before
    cuda.index_get(x, (cuda.greater(x, 3.0),))
    assert _memory.copies_to_host[0] > before


# indices out of range


@pytest.fixture
def checked(cuda, monkeypatch):
    """The GPU's namespace in debug mode."""
    import gputensor.arrays.cupy_ as switches

    monkeypatch.setattr(switches, "check_indices", True)
    return cuda


READS = {
    "take": lambda xp, x, i: xp.take(x, i, 1),
    "take_along_axis": lambda xp, x, i: xp.take_along_axis(x, xp.reshape(i, (1, 2)), 1),
    "scatter": lambda xp, x, i: xp.scatter(x, xp.reshape(i, (1, 2)), on(xp, [[1.0, 2.0]]), 1),
    "scatter_add": lambda xp, x, i: xp.scatter_add(x, xp.reshape(i, (1, 2)), on(xp, [[1.0, 2.0]]), 1),
    "index_get": lambda xp, x, i: xp.index_get(x, (slice(None), i)),
    "index_get after a mask": lambda xp, x, i: xp.index_get(x, (xp.from_host(np.array([True, True, False])), i)),
    "index_put": lambda xp, x, i: xp.index_put(x, (Ellipsis, i), on(xp, 1.0)),
    "index_add": lambda xp, x, i: xp.index_add(on(xp, np.ones((3, 2))), (3, 4), (slice(None), i)),
    "index_write": lambda xp, x, i: xp.index_write(x, (0, None, i), on(xp, 1.0)),
}


def wraps(read):
    """Whether a word's negative index values count from the end."""
    return read.startswith("index_")


@pytest.mark.parametrize("value", [4, -5, 10**12])
@pytest.mark.parametrize("read", READS)
def test_an_index_out_of_range_raises_in_debug_mode(checked, read, value):
    x = on(checked, np.arange(12.0).reshape(3, 4))
    least = -4 if wraps(read) else 0
    with pytest.raises(
        IndexError,
        match=rf"{read.split()[0]}: index {value} is out of range for axis 1 .* size 4; use {least} <= index",
    ):
        READS[read](checked, x, checked.from_host(np.array([0, value])))


@pytest.mark.parametrize("read", READS)
def test_an_index_out_of_range_raises_on_the_cpu(read):
    with pytest.raises(IndexError):
        READS[read](numpy_, on(numpy_, np.arange(12.0).reshape(3, 4)), np.array([0, 4]))


@pytest.mark.parametrize("read", READS)
def test_indices_in_range_pass_in_debug_mode(checked, read):
    READS[read](
        checked, on(checked, np.arange(12.0).reshape(3, 4)), checked.from_host(np.array([3, -4 if wraps(read) else 0]))
    )


def test_an_index_out_of_range_wraps_without_debug_mode(cuda):
    out = cuda.take(on(cuda, [0.0, 1.0, 2.0]), cuda.from_host(np.array([3, 4, -4])), 0)
    assert host(cuda, out).tolist() == [0, 1, 2]


def test_an_index_array_larger_than_x_in_another_axis_raises(xp):
    x, index = on(xp, np.zeros((2, 3))), xp.from_host(np.zeros((3, 3), np.int64))
    with pytest.raises(IndexError):
        xp.take_along_axis(x, index, 1)


def test_values_are_looked_at_in_debug_mode_only(cuda, monkeypatch):
    import gputensor.arrays.cupy_ as switches

    index, x = cuda.from_host(np.array([0, 7, 2])), on(cuda, [0.5, np.nan])
    before = _memory.copies_to_host[0]
    assert cuda.first_outside(index, 3) is None
    assert not cuda.any_outside(x, 0, 1)
    assert _memory.copies_to_host[0] == before
    monkeypatch.setattr(switches, "check_indices", True)
    assert cuda.first_outside(index, 3) == 7
    assert cuda.first_outside(cuda.from_host(np.array([0, -1])), 3) == -1
    assert cuda.first_outside(index, 8) is None
    assert cuda.any_outside(x, 0, 1)
    assert not cuda.any_outside(on(cuda, [0.0, 1.0]), 0, 1)
    assert not cuda.any_outside(on(cuda, []), 0, 1)


def test_a_view_knows_where_it_lies(xp):
    x = on(xp, np.arange(12.0).reshape(3, 4))
    part = xp.getitem(x, (slice(1, None), slice(None, None, -1)))
    assert xp.address(part) - xp.address(x) == 4 * (4 + 3)
    low, high = xp.memory_bounds(part)
    assert low == -(4 + 3)
    assert high >= 12 + low
    assert host(xp, xp.as_strided(part, (12,), (1,), low)).tolist() == list(range(12))


def test_complex128_products_at_places_are_refused(cuda):
    x, index = on(cuda, [1j], np.complex128), cuda.from_host(np.array([0]))
    with pytest.raises(TypeError, match="complex128 has no atomics"):
        cuda.scatter_reduce(x, index, x, 0, "prod")


# division


def test_floor_division_agrees_with_python(xp):
    x, y = np.array([1.0, -1.0, 1.0, 6.0, -6.0, 0.3]), np.array([0.1, 0.1, -0.1, 0.1, 0.1, 0.1])
    expected = [a // b for a, b in zip(x, y, strict=True)]
    assert host(xp, xp.floor_divide(on(xp, x, np.float64), on(xp, y, np.float64))).tolist() == expected
    expected = [a % b for a, b in zip(x, y, strict=True)]
    assert host(xp, xp.remainder(on(xp, x, np.float64), on(xp, y, np.float64))).tolist() == expected


def test_mixed_dtypes_divide_in_the_wider_one(cuda):
    out = cuda.floor_divide(on(cuda, [7.0, -7.0], np.float32), on(cuda, [2.0, 2.0], np.float64))
    assert out.dtype == np.float64
    assert host(cuda, out).tolist() == [3, -4]


def test_top_k_counts_nan_as_the_largest(xp):
    values = np.arange(200.0)
    values[[17, 60]] = np.nan, np.inf
    places = host(xp, xp.top_k(on(xp, values, np.float64), 3, 0, True))
    assert places.tolist() == [17, 60, 199]
