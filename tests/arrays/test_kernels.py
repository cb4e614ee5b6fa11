"""Kernels of the CPU against their specification, the primitive's own lines; and the threads that they run on."""

import itertools
import threading

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import kernels, numpy_
from gputensor.arrays.numpy_ import blas, memory, threads
from gputensor.ops import attention, normalization
from gputensor.ops.activations import normalized, smooth
from gputensor.ops.classification_losses import CrossEntropy

RNG = np.random.default_rng(0)


def normal(*shape, dtype=np.float32):
    return RNG.standard_normal(shape).astype(dtype)


def last(x):
    """The same numbers, channels innermost in memory."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)


def channels(n, dims, dtype=np.float32):
    return normal(1, n, *[1] * dims, dtype=dtype)


def layer(rows, width, dtype=np.float32, offset=0.0):
    return normalization.Normalization((1,), 1e-5), [
        normal(rows, width, dtype=dtype) + dtype(offset), normal(width, dtype=dtype), normal(width, dtype=dtype),
    ]  # fmt: skip


def batch(x):
    dims = x.ndim - 2
    axes = (0, *range(2, x.ndim))
    n = x.shape[1]
    return normalization.BatchNormalization(axes, 1e-5), [x, channels(n, dims, x.dtype), channels(n, dims, x.dtype)]


# name -> table, primitive, operands
ROWS = {
    "layer norm": (kernels.LAYER_NORM, *layer(5, 7)),
    "layer norm, float64": (kernels.LAYER_NORM, *layer(5, 7, np.float64)),
    "layer norm, large": (kernels.LAYER_NORM, *layer(1500, 700)),
    "layer norm, one long row": (kernels.LAYER_NORM, *layer(1, 600_000)),
    "batch norm": (kernels.BATCH_NORM, *batch(normal(3, 4, 5, 6))),
    "batch norm, channels last": (kernels.BATCH_NORM, *batch(last(normal(3, 4, 5, 6)))),
    "batch norm, 1-d, float64": (kernels.BATCH_NORM, *batch(normal(3, 4, 50, dtype=np.float64))),
    "batch norm, 3-d": (kernels.BATCH_NORM, *batch(normal(2, 3, 3, 3, 3))),
    "batch norm, large": (kernels.BATCH_NORM, *batch(normal(20, 32, 32, 32))),
    "batch norm, large, channels last": (kernels.BATCH_NORM, *batch(last(normal(20, 32, 32, 32)))),
    "softmax": (kernels.SOFTMAX, normalized.Softmax((1,)), [normal(5, 7)]),
    "softmax of large numbers": (kernels.SOFTMAX, normalized.Softmax((2,)), [normal(3, 5, 7) * 60]),
    "softmax, large": (kernels.SOFTMAX, normalized.Softmax((1,)), [normal(1100, 600, dtype=np.float64)]),
    "log softmax": (kernels.LOG_SOFTMAX, normalized.LogSoftmax((1,)), [normal(5, 7)]),
    "log softmax, large": (kernels.LOG_SOFTMAX, normalized.LogSoftmax((1,)), [normal(1100, 600)]),
    "cross entropy": (kernels.CROSS_ENTROPY, CrossEntropy(-100), [normal(5, 7), RNG.integers(0, 7, 5)]),
    "cross entropy, large": (kernels.CROSS_ENTROPY, CrossEntropy(-100), [normal(900, 700), RNG.integers(0, 700, 900)]),
    "attention": (kernels.ATTENTION, attention.ATTEND, [normal(2, 3, 5, 4), normal(2, 3, 7, 4), normal(2, 3, 7, 6)]),
    "attention, causal": (kernels.ATTENTION, attention.ATTEND_CAUSALLY, [normal(6, 7, 4) for _ in range(3)]),
    "attention, many": (kernels.ATTENTION, attention.ATTEND_CAUSALLY, [normal(90, 64, 8) for _ in range(3)]),
    "attention, long": (kernels.ATTENTION, attention.ATTEND_CAUSALLY, [normal(3, 400, 8) for _ in range(3)]),
    "attention, more queries": (
        kernels.ATTENTION, attention.ATTEND_CAUSALLY, [normal(1, 900, 8), normal(1, 300, 8), normal(1, 300, 8)],
    ),
    "attention weights": (kernels.ATTENTION_WEIGHTS, attention.ATTENTION_WEIGHTS, [normal(3, 5, 7)]),
    "gelu": (kernels.GELU, smooth.GELU, [normal(10, 20)]),
    "gelu, large": (kernels.GELU, smooth.GELU, [normal(600_000) * 4]),
}  # fmt: skip


def specified(prim, arrays, g):
    """The result and the gradients by the primitive's own lines."""
    out = prim.forward(numpy_, *arrays)
    if not prim.arity:
        return out, prim.vjp_all(numpy_, g, out, arrays)
    return out, [None if vjp is None else vjp(prim, numpy_, g, out, *arrays) for vjp in prim.vjps]


def close(found, wanted, places):
    """Within some units in the last place of the largest number: kernels add up in another order."""
    wanted = np.asarray(wanted)
    assert found.shape == wanted.shape
    assert found.dtype == wanted.dtype
    scale = np.abs(wanted).max(initial=0)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=places * np.finfo(wanted.dtype).eps * scale)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("row", ROWS)
def test_a_kernel_gives_what_the_primitive_says(row, count, monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: count)
    table, prim, arrays = ROWS[row]
    guard, forward, vjp = table["numpy"]
    assert guard(prim, *arrays)
    out, residue = forward(prim, True, *arrays)
    outs = out if prim.nout != 1 else (out,)
    gs = tuple(normal(*np.shape(o)).astype(o.dtype) for o in outs)
    g = gs if prim.nout != 1 else gs[0]
    wanted, gradients = specified(prim, arrays, g)
    for a, b in zip(outs, wanted if prim.nout != 1 else (wanted,), strict=True):
        close(a, b, 16)
    edges = tuple([True if a.dtype.kind == "f" else None for a in arrays])
    before = [a.copy() for a in arrays]
    for _ in range(2):  # the residue may be needed again
        for a, b, operand in zip(vjp(prim, g, residue, edges), gradients, arrays, strict=True):
            if operand.dtype.kind == "f":
                # the specification leaves sums over broadcast dims to the engine
                b = np.asarray(b)
                extra = tuple(range(b.ndim - operand.ndim))
                b = b.sum(extra + tuple(k for k, n in enumerate(operand.shape, len(extra)) if n == 1), keepdims=True)
                close(a, b.reshape(operand.shape), 64)
    for a, b in zip(arrays, before, strict=True):
        assert np.array_equal(a, b)
    assert forward(prim, False, *arrays)[1] is None


def test_sums_over_blocks_have_the_same_bits_with_any_number_of_threads(monkeypatch):
    for row in ("layer norm, large", "batch norm, large", "softmax, large", "cross entropy, large"):
        table, prim, arrays = ROWS[row]
        results = []
        for count in (1, 2, 3):
            monkeypatch.setattr(threads, "count", lambda count=count: count)
            out, residue = table["numpy"][1](prim, True, *arrays)
            g = tuple(np.ones_like(o) for o in out) if prim.nout != 1 else np.ones_like(out)
            results.append([*(out if prim.nout != 1 else (out,)), *table["numpy"][2](prim, g, residue, (1, 1, 1))])
        for other in results[1:]:
            for a, b in zip(results[0], other, strict=True):
                assert a is b is None or np.array_equal(a, b), row


@pytest.mark.parametrize("f", [gt.softmax, gt.log_softmax, gt.nn.functional.gelu])
def test_infinities_and_nan_pass_a_kernel_as_they_pass_the_specification(f):
    nan, inf = float("nan"), float("inf")
    rows = [[nan, 1, 2], [inf, 1, 2], [-inf, 1, 2], [-inf, -inf, -inf], [1e38, -1e38, 0]]
    x = np.repeat(np.array(rows, np.float32), 20, 1)
    arguments = () if f is gt.nn.functional.gelu else (1,)
    prim = (
        smooth.GELU
        if f is gt.nn.functional.gelu
        else {gt.softmax: normalized.Softmax, gt.log_softmax: normalized.LogSoftmax}[f]((1,))
    )
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(f(gt.tensor(x), *arguments).numpy(), prim.forward(numpy_, x), rtol=1e-6)


def test_every_part_is_worked_on_once_by_as_many_threads_as_there_are(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 4)
    seen, names = [], set()

    def part(start, stop):
        seen.extend(range(start, stop))
        names.add(threading.get_ident())
        barrier.wait(10)

    barrier = threading.Barrier(4)
    threads.split(part, 10)
    assert sorted(seen) == [*range(10)]
    assert len(names) == 4


def test_an_error_in_a_part_is_raised_when_all_parts_are_done(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 2)
    for bad in (0, 5):
        done = []

        def part(start, stop, bad=bad, done=done):
            if start == bad:
                raise ValueError("this one")
            done.append(start)

        with pytest.raises(ValueError, match="this one"):
            threads.split(part, 10)
        assert len(done) == 1
    threads.split(part, 1)  # and the threads serve the next caller


def test_a_part_that_splits_again_and_a_second_caller_work_alone(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 2)
    inner = []
    threads.split(lambda a, b: threads.split(lambda c, d: inner.append((c, d)), 4), 2)
    assert inner == [(0, 4), (0, 4)]


def test_parts_see_the_callers_error_state(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 2)
    states = []
    with np.errstate(over="raise", divide="ignore"):
        threads.split(lambda a, b: states.append(np.geterr()), 2)
    assert [s["over"] for s in states] == ["raise"] * 2


def test_large_functions_of_one_array_are_split_and_right(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 3)
    x = normal(3, 400_001)
    assert np.array_equal(gt.tensor(x).exp().numpy(), np.exp(x))
    assert np.array_equal(gt.tensor(x).T.tanh().numpy(), np.tanh(x.T))
    assert gt.tensor(np.abs(x)).log_().log1p_().shape == x.shape


def test_products_inside_a_split_run_on_one_thread_and_outside_as_before():
    before = blas.threads_now()
    with threads.split_products() as told:
        assert not told or blas.threads_now() == 1
    assert blas.threads_now() == before


def test_work_is_split_where_its_products_run_on_one_thread():
    before = blas.threads_now()
    if not blas.tell(2):
        pytest.skip("this BLAS cannot be told how many threads to use")
    try:
        used = set()
        barrier = threading.Barrier(2)

        def part(start, stop):
            used.add(threading.get_ident())
            assert blas.threads_now() == 1
            barrier.wait(10)

        with threads.split_products():
            threads.split(part, 2)
        assert len(used) == 2
        assert blas.threads_now() == 2
    finally:
        blas.tell(before)


def test_user_threads_that_tell_blas_at_once_leave_it_as_it_was():
    before = blas.threads_now()
    first, second = threads.split_products(), threads.split_products()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert blas.threads_now() == before


def test_ctrl_c_in_a_part_leaves_threads_that_serve_the_next_caller(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 2)
    going = threading.Event()

    def interrupted(start, stop):
        if start == 0:
            raise KeyboardInterrupt
        going.wait(10)

    with pytest.raises(KeyboardInterrupt):
        threads.split(interrupted, 2)
    done = []
    threads.split(lambda start, stop: done.append(start), 2)
    assert sorted(done) == [0, 1]
    going.set()


def test_without_another_thread_all_parts_are_worked_on_here(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 2)
    monkeypatch.setattr(threads, "_pool", [])

    def refused():
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads, "_Worker", refused)
    done = []
    threads.split(lambda start, stop: done.append((start, stop)), 4)
    assert done == [(0, 4)]


def test_memory_is_kept_where_glibc_is_and_given_back_when_asked(monkeypatch):
    monkeypatch.setenv("GPUTENSOR_MALLOC", "default")
    assert memory.keep_memory() is False
    monkeypatch.delenv("GPUTENSOR_MALLOC")
    monkeypatch.setattr(memory.sys, "platform", "darwin")
    assert memory.keep_memory() is False
    assert memory.give_back() is False


@pytest.mark.parametrize("shape", [(64, 64, 128, 64), (2, 70, 64, 64)])
def test_batches_of_products_are_split_and_right(shape, monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 3)
    a, b = normal(*shape), normal(*shape[:-2], shape[-1], 32)
    out = gt.tensor(a) @ gt.tensor(b)
    assert out.is_contiguous()
    np.testing.assert_allclose(out.numpy(), a.astype(np.float64) @ b, atol=1e-4)
    turned = gt.tensor(a).mT @ gt.tensor(normal(*shape[:-1], 16))
    assert turned.shape == (*shape[:-2], shape[-1], 16)


def test_large_reductions_over_rows_are_split_and_right(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 3)
    x = normal(2000, 1001)
    x[7, 3] = np.nan
    t = gt.tensor(x)
    for f in ("argmax", "argmin", "amax", "amin"):
        g = {"amax": np.max, "amin": np.min}.get(f) or getattr(np, f)
        assert np.array_equal(getattr(t, f)(1).numpy(), g(x, 1), equal_nan=f[1] == "m")
        assert getattr(t, f)(1, keepdim=True).shape == (2000, 1)


def test_many_rows_are_taken_on_several_threads_and_bad_indices_refused(monkeypatch):
    monkeypatch.setattr(threads, "count", lambda: 3)
    x, rows = normal(3000, 600), RNG.integers(-3000, 3000, 4000)
    assert np.array_equal(gt.tensor(x)[gt.tensor(rows)].numpy(), x[rows])
    for wrong in (3000, -3001):
        rows[17] = wrong
        with pytest.raises(IndexError):
            gt.tensor(x)[gt.tensor(rows)]


@pytest.mark.parametrize("shape", [(300, 5000), (3, 200, 300), (1100, 1030)])
@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.complex64])
def test_large_transposed_copies_are_right(shape, dtype):
    x = normal(*shape).astype(dtype)
    turned = gt.tensor(x).mT
    assert np.array_equal(turned.contiguous().numpy(), np.swapaxes(x, -1, -2))
    assert turned.contiguous().is_contiguous()


SUMS = [(10_000,), (5, 3000), (3000, 5), (2048, 300), (4, 1, 30, 50, 7), (20, 16, 8, 9), (1, 20_000), (20_000, 1)]


@pytest.mark.parametrize("shape", [*SUMS, (3, 70_000), (70_000, 3), (2, 3, 2, 2000)])
def test_sums_by_products_are_right_over_all_axes(shape):
    x = normal(*shape) + 1
    for k in range(1, len(shape) + 1):
        for axes in itertools.combinations(range(len(shape)), k):
            for keep in (False, True):
                found = numpy_.sum(x, axes, keep)
                wanted = x.sum(axes, keepdims=keep, dtype=np.float64)
                assert found.shape == wanted.shape
                assert found.dtype == x.dtype
                assert np.abs(found - wanted).max() <= 4e-7 * np.abs(wanted).max()


def test_sums_of_a_hundred_million_ones_are_right():
    x = np.broadcast_to(np.float32(1), (100_000_000,)).copy()
    assert gt.from_numpy(x).sum().item() == 1e8
    assert (gt.from_numpy(x).reshape(-1, 10).sum(0) == 1e7).all()


def test_an_infinity_reaches_the_windows_that_hold_it_and_no_others():
    x, w = normal(1, 16, 8, 8), normal(16, 16, 3, 3)
    x[0, 0, 2, 2] = np.inf
    out = numpy_.conv(x, w, None, (1, 1), ((0, 0), (0, 0)), (1, 1), 1)
    assert not np.isfinite(out[:, :, :3, :3]).any()
    assert np.isfinite(out[:, :, 3:]).all()
    assert np.isfinite(out[:, :, :, 3:]).all()
