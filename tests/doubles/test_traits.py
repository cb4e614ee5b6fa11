"""Each fact of docs/gpu-facts.md that the double plays, by its number."""

import re
import warnings
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from tests import doubles
from tests.doubles import kernels

BFLOAT16 = ml_dtypes.bfloat16
ROOT = Path(doubles.__file__).resolve().parents[2]


@pytest.fixture
def cp():
    """The double, with two devices."""
    with doubles.installed() as cupy:
        yield cupy


def test_every_fact_is_cited_by_the_double_and_tested_here():
    facts = set(re.findall(r"^- \*\*([A-Z]\d+)\*\*", (ROOT / "docs/gpu-facts.md").read_text(encoding="utf-8"), re.M))
    sources = "".join(
        [p.read_text(encoding="utf-8") for p in sorted((ROOT / "tests/doubles").rglob("*double/**/*.py"))]
    )
    cited = set(re.findall(r"\b([AURILD]\d+)\b(?=[,:)])", sources))
    tested = {n.upper() for n in re.findall(r"^def test_([a-z]\d+)_", Path(__file__).read_text(encoding="utf-8"), re.M)}
    assert facts == tested
    assert facts == cited


# arrays


def test_a1_nothing_becomes_a_numpy_array_silently(cp):
    x = cp.arange(3)
    assert not isinstance(x, np.ndarray)
    for convert in (np.asarray, np.array, lambda a: np.zeros(3) + a):
        with pytest.raises(TypeError):
            convert(x)
    with pytest.raises(TypeError, match="Implicit conversion to a NumPy array is not allowed"):
        np.asarray(x)
    assert type(x.get()) is np.ndarray
    assert cp.asnumpy(x).tolist() == [0, 1, 2]
    assert (x[1].item(), float(x[2]), bool(x[0])) == (1, 2.0, False)


@pytest.mark.parametrize("dtype", ["float8_e4m3fn", "int4"])
def test_a2_other_dtypes_are_refused(cp, dtype):
    with pytest.raises(ValueError, match="Unsupported dtype"):
        cp.zeros(2, getattr(ml_dtypes, dtype))
    with pytest.raises(ValueError, match="Unsupported dtype"):
        cp.asarray(np.array(["a"], object))
    assert cp.zeros(2, BFLOAT16).dtype == BFLOAT16


def test_a3_there_is_no_read_only_flag(cp):
    x = cp.broadcast_to(cp.zeros(2), (3, 2))
    with pytest.raises(AttributeError):
        _ = x.flags.writeable
    x[0, 0] = 1.0
    assert x.get()[:, 0].tolist() == [1, 1, 1]
    assert (x.flags.c_contiguous, x.flags.owndata) == (False, False)


def test_a4_views_hold_the_memory_of_their_base(cp):
    x = cp.arange(12.0)
    view = x.reshape(3, 4).T[1:]
    assert view.data.mem is x.data.mem
    assert cp.arange(12.0).data.mem is not x.data.mem
    raw = cp.ndarray((2,), np.float64, x.data + 8, (16,))
    assert raw.tolist() == [1, 3]
    assert raw.base is None
    with pytest.raises(ValueError, match="outside an allocation"):
        cp.ndarray((20,), np.float64, x.data)


def test_a5_casts_are_cudas(cp):
    x = cp.asarray([np.nan, 1e30, -1e30, 2.7])
    assert x.astype(np.int32).tolist() == [0, 2**31 - 1, -(2**31), 2]
    with pytest.raises(TypeError, match="casting"):
        x.astype(np.int32, casting="unsafe")
    with pytest.warns(np.exceptions.ComplexWarning):
        cp.asarray([1j]).astype(np.float32)


def test_a6_overlapping_copies_are_undefined(cp):
    x = cp.arange(200.0)
    x[1:] = x[:-1]
    assert x.tolist() != [0.0, *range(199)]


def test_a7_only_scalars_fill(cp):
    x = cp.zeros((2, 2))
    x[...] = np.float64(3)
    x[0] = np.array(2.0)
    assert x.tolist() == [[2, 2], [3, 3]]
    with pytest.raises(ValueError, match=r"non-scalar numpy\.ndarray cannot be used for fill"):
        x[...] = np.ones((2, 2))


def test_a8_empty_memory_is_not_zero(cp):
    assert cp.empty(4, np.int32).all()


def test_a9_real_arrays_have_a_new_imag(cp):
    x = cp.ones(2)
    assert x.real is x
    assert x.conj() is x
    x.imag[...] = 5.0
    assert x.imag.tolist() == [0, 0]


def test_a10_diagonals_are_views_unless_empty(cp):
    x = cp.zeros((2, 3))
    x.diagonal()[...] = 1.0
    assert x.get().trace() == 2
    assert x.diagonal(5).data.mem is not x.data.mem


def test_a11_numpys_functions_are_refused(cp):
    x = cp.ones(2)
    for function in (np.exp, np.sum, np.concatenate):
        with pytest.raises(TypeError, match="the double refuses numpy"):
            function([x, x] if function is np.concatenate else x)


# elementwise


def test_u1_host_arrays_and_lists_are_refused(cp):
    x = cp.ones(2)
    for other in (np.ones(2), [1.0, 1.0], "1"):
        with pytest.raises(TypeError):
            x + other
        with pytest.raises(TypeError, match="Unsupported type"):
            cp.add(x, other)
    with pytest.raises(TypeError):
        np.ones(2) + x
    assert (np.float64(2) * x + 1).tolist() == [3, 3]


@pytest.mark.parametrize("keyword", [{"where": True}, {"order": "K"}, {"subok": True}])
def test_u2_unknown_keywords_are_refused(cp, keyword):
    with pytest.raises(TypeError, match="Wrong arguments"):
        cp.add(cp.ones(2), 1.0, **keyword)


def test_u2_out_may_be_given_by_position(cp):
    x = cp.ones(2)
    assert cp.add(x, 1.0, x) is x
    assert x.tolist() == [2, 2]
    with pytest.raises(ValueError, match="mismatched"):
        cp.add(cp.ones(3), 1.0, cp.ones(1))


def test_u3_the_first_loop_that_fits_is_run(cp):
    small = cp.ones(2, np.float16)
    assert (small + 1.5).dtype == np.float16
    assert (small + np.float64(1.5)).dtype == np.float64
    assert (cp.ones(2, np.int32) / cp.ones(2, np.int32)).dtype == np.float64
    assert (cp.ones(2, BFLOAT16) + 1).dtype == BFLOAT16
    assert (cp.ones(2, BFLOAT16) + 1.5).dtype == np.float32
    assert (cp.ones((2, 3)).T + cp.ones((2, 3)).T).flags.c_contiguous


def test_u4_choices_in_bfloat16_answer_in_float32(cp):
    x = cp.ones((2, 2), BFLOAT16)
    assert cp.where(x > 0, x, x).dtype == np.float32
    assert cp.tril(x).dtype == np.float32


def test_u5_complex_numbers_have_no_truth(cp):
    with pytest.raises(TypeError, match="Wrong type"):
        cp.logical_and(cp.ones(2, np.complex64), True)
    with pytest.raises(TypeError, match="Wrong type"):
        cp.logical_not(cp.ones(2, np.complex64))


def test_u6_floor_division_divides_first(cp):
    one, tenth = cp.asarray([1.0]), cp.asarray([0.1])
    assert cp.floor_divide(one, tenth).item() == 10
    assert cp.remainder(one, tenth).item() == 0  # Python says 0.09999999999999995


def test_u7_integer_fmod_goes_through_float64(cp):
    large = cp.asarray([2**60 + 3])
    assert cp.fmod(large, 1000).item() != (2**60 + 3) % 1000
    assert (cp.asarray([5]) // cp.asarray([0])).item() == 0


def test_u8_negative_powers_of_integers_do_not_raise(cp):
    assert cp.power(cp.asarray([2, 1, -1]), cp.asarray([-1, -2, -3])).tolist() == [0, 1, -1]


def test_u9_bools_are_not_subtracted(cp):
    x = cp.asarray([True])
    for wrong in (lambda: x - x, lambda: -x):
        with pytest.raises(TypeError):
            wrong()


def test_u10_the_angle_of_nan_is_pi(cp):
    assert cp.angle(cp.asarray([np.nan, -0.0, -1.0])).tolist() == [np.pi, 0, np.pi]


def test_u11_some_complex_loops_do_not_compile(cp):
    with pytest.raises(cp.cuda.compiler.CompileException, match="no instance of overloaded function"):
        cp.hypot(cp.ones(2, np.complex64), 1.0)


def test_u12_16_bit_kernels_round_once(cp):
    x = cp.asarray([60000.0], np.float16)
    # hypot squares on the way: in float that fits
    assert cp.hypot(x, cp.zeros(1, np.float16)).item() == 60000


def test_u13_nothing_warns(cp):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isinf(cp.log(cp.zeros(1)).item())
        assert np.isnan((cp.zeros(1) / cp.zeros(1)).item())


def test_u14_at_exists_where_there_are_atomics(cp):
    x = cp.zeros(2)
    cp.add.at(x, cp.asarray([0, 0]), cp.ones(2))
    assert x.tolist() == [2, 0]
    with pytest.raises(NotImplementedError):
        cp.multiply.at(x, cp.asarray([0]), 2.0)
    with pytest.raises(NotImplementedError):
        cp.maximum.reduce(x)


def test_u15_special_functions_widen_16_bits(cp):
    from cupyx.scipy import special

    assert special.erf(cp.ones(1, np.float16)).dtype == np.float64
    assert special.erf(cp.ones(1, BFLOAT16)).dtype == np.float32


def test_u16_overlapping_operands_are_copied(cp):
    x = cp.arange(5.0)
    cp.add(x[:-1], 0.0, x[1:])
    assert x.tolist() == [0, 0, 1, 2, 3]


# reductions


def test_r1_reductions_stay_on_the_device(cp):
    total = cp.sum(cp.ones((2, 3)))
    assert isinstance(total, cp.ndarray)
    assert total.shape == ()
    for keyword in ({"where": True}, {"initial": 0}):
        with pytest.raises(TypeError):
            cp.sum(cp.ones(2), **keyword)


def test_r2_float16_is_added_in_float16_unless_asked_otherwise(cp):
    x = cp.ones(4096, np.float16) * np.float16(20)
    assert np.isinf(cp.sum(x).item())
    assert cp.sum(x, dtype=np.float32).item() == 81920
    assert cp.sum(cp.ones(4096, BFLOAT16)).item() == 4096


def test_r3_places_of_bfloat16_are_found_in_float32(cp):
    assert cp.argmax(cp.asarray(np.array([1, 3, 2], BFLOAT16))).item() == 1


def test_r4_extremes_of_nothing_raise(cp):
    for function in (cp.max, cp.min, cp.argmax, cp.argmin):
        with pytest.raises(ValueError, match="zero-size array"):
            function(cp.zeros((0,)))


def test_r5_the_mean_of_nothing_is_nan(cp):
    assert np.isnan(cp.mean(cp.zeros((0,))).item())
    assert cp.mean(cp.full(4096, 100.0, np.float16)).item() == 100
    assert np.isnan(cp.var(cp.ones(1), ddof=1).item())


def test_r6_running_sums_add_in_their_own_dtype(cp):
    assert cp.cumsum(cp.ones(4096, BFLOAT16))[-1].item() == 256
    assert cp.cumsum(cp.ones(3, np.int32)).dtype == np.int64


# indexing and sorting


def test_i1_index_values_wrap(cp):
    x = cp.arange(3)
    assert x[cp.asarray([3, 4, -4])].tolist() == [0, 1, 2]
    assert x.take(cp.asarray([5])).tolist() == [2]
    with pytest.raises(IndexError):
        x[3]


def test_i2_places_written_twice_hold_any_value(cp):
    kept = set()
    for _ in range(20):
        x = cp.zeros(1)
        x[cp.zeros(50, np.int64)] = cp.arange(50.0)
        kept.add(x.item())
    assert len(kept) > 1


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.int16, BFLOAT16, np.complex64])
def test_i3_atomics_know_few_dtypes(cp, dtype):
    x = cp.zeros(3, dtype)
    with pytest.raises(TypeError):
        cp.add.at(x, cp.asarray([0]), cp.ones(1, dtype))
    cp.add.at(x, cp.asarray([True, False, False]), cp.ones(1, dtype))
    cp.add.at(x, slice(1, 2), cp.ones(1, dtype))
    assert x.astype(np.complex64).tolist() == [1, 1, 0]


def test_i4_scatter_add_is_deprecated(cp):
    import cupyx

    with pytest.warns(DeprecationWarning, match="cupy.add.at"):
        cupyx.scatter_add(cp.zeros(2), cp.asarray([0]), 1.0)


def test_i5_counts_are_read_back(cp):
    from tests.doubles.cupy_double._memory import copies_to_host

    x = cp.arange(3)
    for read in (lambda: x[x > 1], lambda: cp.nonzero(x), lambda: cp.unique(x), lambda: cp.bincount(x)):
        before = copies_to_host[0]
        read()
        assert copies_to_host[0] > before


def test_i6_nonzero_of_a_number_raises(cp):
    with pytest.raises(ValueError, match="0d"):
        cp.asarray(1.0).nonzero()


def test_i7_bfloat16_is_not_sorted(cp):
    for sort in (cp.sort, cp.argsort, cp.unique):
        with pytest.raises(NotImplementedError):
            sort(cp.ones(3, BFLOAT16))
    assert np.isnan(cp.sort(cp.asarray([np.nan, 1.0, np.inf]))[-1].item())


def test_i8_sorting_in_place_wants_c_order(cp):
    with pytest.raises(NotImplementedError):
        cp.ones((2, 3)).T.sort()
    assert cp.argsort(cp.asarray(1.0)).shape == (1,)


def test_i9_nothing_can_be_taken_from_nothing(cp):
    with pytest.raises(IndexError):
        cp.zeros((0, 2)).take(cp.asarray([0]), 0)
    assert cp.zeros((0, 2)).take(cp.zeros(0, np.int64), 0).shape == (0, 2)


def test_i10_bincount_refuses_what_cannot_be_counted(cp):
    with pytest.raises(ValueError, match="non-negative"):
        cp.bincount(cp.asarray([-1]))
    with pytest.raises(TypeError):
        cp.bincount(cp.ones(1))
    assert cp.bincount(cp.zeros(0, np.int64), cp.zeros(0)).dtype == np.int64


def test_i11_values_are_read_while_others_are_written(cp):
    x = cp.arange(200.0)
    x[cp.arange(200)] = x[::-1]
    assert x.tolist() != [*range(199, -1, -1)]


def test_i12_extremes_at_places_pass_over_nan_and_digits(cp):
    x = cp.zeros(2)
    cp.maximum.at(x, cp.asarray([0, 1, 1]), cp.asarray([0.1, np.nan, 1.0]))
    assert x.tolist() == [np.float32(0.1), 1.0]


# products


@pytest.mark.parametrize("dtype", [np.float16, BFLOAT16])
def test_l1_16_bit_matrices_are_summed_in_float32(cp, dtype):
    assert (cp.ones((2, 4096), dtype) @ cp.ones((4096, 2), dtype)).tolist() == [[4096, 4096]] * 2


def test_l2_16_bit_vectors_round_each_product(cp):
    x = cp.asarray([300.0, -300.0], np.float16)
    assert np.isnan((x @ cp.full(2, 300.0, np.float16)).item())


def test_l3_bfloat16_has_no_batches(cp):
    with pytest.raises(cp.cuda.compiler.CompileException):
        cp.ones((2, 3, 4), BFLOAT16) @ cp.ones((2, 4, 3), BFLOAT16)


def test_l4_numbers_have_no_matrix_product(cp):
    with pytest.raises(ValueError, match="Scalar operands"):
        cp.ones(2) @ cp.asarray(1.0)


def test_l5_singular_matrices_do_not_raise(cp):
    assert not np.isfinite(cp.linalg.inv(cp.zeros((2, 2, 2))).get()).any()
    assert cp.linalg.cholesky(cp.asarray([[[1.0, 2.0], [2.0, 1.0]], [[4.0, 0.0], [0.0, 4.0]]]))[1].tolist() == [
        [2, 0],
        [0, 2],
    ]


# devices, memory, kernels


def test_d1_work_is_done_on_the_current_device(cp):
    x = cp.ones(2)
    with cp.cuda.Device(1):
        assert cp.ones(2).device.id == 1
        for use in (lambda: x + 1, lambda: cp.sum(x), lambda: x[cp.asarray([0])], lambda: x.fill(0)):
            with pytest.raises(ValueError, match="different from the current device"):
                use()
    assert (x + 1).device.id == 0


def test_d2_copies_come_to_the_current_device(cp):
    x = cp.arange(6.0).reshape(2, 3)
    with cp.cuda.Device(1):
        y = x[:, ::2].copy()
        assert y.device.id == 1
        assert y.get().tolist() == [[0, 2], [3, 5]]
        assert x.get().shape == (2, 3)
        assert x.T[1:].device.id == 0
        with pytest.raises(NotImplementedError):
            x[:, ::2].copy("K")


def test_d3_without_a_device_the_runtime_raises():
    with doubles.installed(devices=0) as cp:
        assert cp.cuda.is_available() is False
        assert cp.cuda.runtime.driverGetVersion() > 0
        for use in (lambda: cp.zeros(1), cp.cuda.Stream, cp.cuda.Event, cp.cuda.runtime.getDeviceCount, cp.cuda.Device):
            with pytest.raises(RuntimeError, match="cudaError"):
                use()


def test_d4_the_pool_counts(cp):
    pool = cp.get_default_memory_pool()
    with cp.cuda.Device(1):
        elsewhere = pool.used_bytes()
    before = pool.used_bytes()
    x = cp.zeros(100, np.float64)
    assert pool.used_bytes() == before + 800
    with cp.cuda.Device(1):
        assert pool.used_bytes() == elsewhere
    pool.set_limit(before + 1000)
    try:
        with pytest.raises(MemoryError, match="Out of memory allocating 800 bytes"):
            cp.zeros(100, np.float64)
    finally:
        pool.set_limit(0)
    del x
    assert pool.used_bytes() == before


def test_d4_allocations_pass_the_allocator(cp):
    sizes = []

    def counting(size):
        sizes.append(size)
        return cp.get_default_memory_pool().malloc(size)

    with cp.cuda.using_allocator(counting):
        cp.ones(5, np.float32)
    cp.ones(7, np.float32)
    assert sizes == [20]


def test_d5_streams_belong_to_a_device(cp):
    assert cp.cuda.get_current_stream() == cp.cuda.Stream.null
    with cp.cuda.Stream(non_blocking=True) as stream:
        assert cp.cuda.get_current_stream() is stream
        with cp.cuda.Device(1):
            assert cp.cuda.get_current_stream() == cp.cuda.Stream.null
        start, end = stream.record(), stream.record()
    assert cp.cuda.get_elapsed_time(start, end) >= 0
    with pytest.raises(RuntimeError):
        cp.cuda.get_elapsed_time(start, cp.cuda.Event(disable_timing=True))


def test_d6_kernels_check_their_operands(cp):
    kernel = cp.ElementwiseKernel("T x, T y", "T out", "out = x % y", "gputensor_remainder")
    assert kernel(cp.asarray([5.0]), 3.0).tolist() == [2]
    with pytest.raises(TypeError, match="Type is mismatched"):
        kernel(cp.ones(1), cp.ones(1, np.float32))
    with pytest.raises(TypeError, match="Unsupported type"):
        kernel(cp.ones(1), np.ones(1))
    with pytest.raises(NotImplementedError, match="knows no kernel 'unheard_of'"):
        cp.ElementwiseKernel("T x", "T y", "y = x", "unheard_of")(cp.ones(1))


def test_d7_raw_kernels_take_tuples(cp, monkeypatch):
    def double_it(grid, block, n, x):
        x[:n] *= 2

    monkeypatch.setitem(kernels.REFERENCES, "double_it", double_it)
    module = cp.RawModule(code='extern "C" __global__ void double_it(int n, float* x) {}')
    x = cp.ones(4, np.float32)
    module.get_function("double_it")((1,), (128,), (np.int32(3), x))
    assert x.tolist() == [2, 2, 2, 1]
    with pytest.raises(TypeError, match="tuples"):
        module.get_function("double_it")(1, 128, (np.int32(3), x))
    with pytest.raises(ValueError, match="1024"):
        module.get_function("double_it")((1,), (2048,), (np.int32(3), x))
    with pytest.raises(RuntimeError, match="CUDA_ERROR_NOT_FOUND"):
        module.get_function("triple_it")
