"""Rows of reductions, running sums, new tensors and functions of elements."""

import numpy as np

from tests.interop.numpy_rows import COMPLEX, MASK, NANS, POSITIVE, ROUGH, SORTED, TIES, WHOLE, C, M, V, row

ROWS = {
    np.all: [row(np.all, MASK), row(lambda x: np.all(x, axis=1, keepdims=True), MASK)],
    np.any: [row(np.any, MASK), row(lambda x: np.any(x, axis=0), MASK), row(lambda x: np.any(x, axis=()), MASK)],
    np.argmax: [row(np.argmax, TIES), row(lambda x: np.argmax(x, axis=1, keepdims=True), M)],
    np.argmin: [row(np.argmin, TIES), row(lambda x: np.argmin(x, axis=0), M)],
    np.average: [
        row(np.average, M),
        row(lambda x, w: np.average(x, axis=1, weights=w, returned=True), M, POSITIVE[0, :1].repeat(4) + 0.5),
        row(lambda x: np.average(x, axis=(0, 1), keepdims=True), C),
    ],
    np.count_nonzero: [row(lambda x: np.count_nonzero(x, axis=1), WHOLE > 0)],
    np.max: [
        row(np.max, M),
        row(lambda x: np.max(x, axis=(0, 2)), C),
        row(lambda x: np.max(x, axis=1, initial=0.5), M),
    ],
    np.mean: [
        row(np.mean, M),
        row(lambda x: np.mean(x, axis=0), M),
        row(lambda x: np.mean(x, axis=(0, -1), keepdims=True), C),
        row(np.mean, WHOLE, tolerance=1e-6),  # float32, by the rules of tensors
        row(lambda x: np.mean(x, axis=()), M),
    ],
    np.min: [row(np.min, M), row(lambda x: np.min(x, axis=1, keepdims=True), M)],
    np.prod: [
        row(np.prod, M),
        row(lambda x: np.prod(x, axis=(0, 2), keepdims=True, initial=3.0), C),
        row(np.prod, WHOLE),
    ],
    np.ptp: [row(np.ptp, M), row(lambda x: np.ptp(x, axis=1), M)],
    np.std: [row(np.std, M), row(lambda x: np.std(x, axis=1, ddof=1), M), row(np.std, WHOLE, tolerance=1e-6)],
    np.sum: [
        row(np.sum, M),
        row(lambda x: np.sum(x, axis=(0, 2), keepdims=True), C),
        row(lambda x: np.sum(x, axis=-1, initial=2.5), M),
        row(np.sum, WHOLE.astype(np.int32)),
        row(np.sum, MASK),
        row(lambda x: np.sum(x, axis=()), M),
    ],
    np.var: [
        row(np.var, M),
        row(lambda x: np.var(x, axis=(1, 2), ddof=1, keepdims=True), C),
        row(lambda x: np.var(x, axis=1, mean=np.mean(x, axis=1, keepdims=True)), M),
    ],
    np.apply_along_axis: [
        row(lambda x: np.apply_along_axis(np.sum, 1, x), C),
        row(lambda x: np.apply_along_axis(lambda v: np.stack([v, v * v]), 1, x), C),
    ],
    np.apply_over_axes: [row(lambda x: np.apply_over_axes(np.sum, x, [0, 2]), C)],
    np.cumprod: [row(np.cumprod, M), row(lambda x: np.cumprod(x, axis=1), M)],
    np.cumsum: [row(np.cumsum, M), row(lambda x: np.cumsum(x, axis=0), M)],
    np.diff: [
        row(np.diff, M),
        row(lambda x: np.diff(x, n=2, axis=0), M),
        row(lambda x: np.diff(x, prepend=0.0, append=[[1.0], [2.0], [3.0]]), M),
    ],
    np.ediff1d: [row(np.ediff1d, M), row(lambda x: np.ediff1d(x, to_begin=-9.0, to_end=[8.0, 7.0]), V)],
    np.gradient: [
        row(np.gradient, V),
        row(np.gradient, M),
        row(lambda x: np.gradient(x, 0.5, [0.0, 1.0, 3.0, 3.5]), M),
        row(lambda x: np.gradient(x, axis=1, edge_order=2), M),
        row(lambda x, y: np.gradient(x, y, edge_order=2), (4,), SORTED),
    ],
    np.interp: [
        row(lambda x, xp, fp: np.interp(x, xp, fp), np.array([[-0.6, 0.2], [1.0, 1.7]]), SORTED, (4,)),
        row(lambda x, fp: np.interp(x, SORTED, fp, left=-7.0, right=9.0), np.array([-3.0, 0.1, 5.0]), (4,)),
        row(lambda x: np.interp(x, [0.0, 90.0, 180.0], [0.0, 1.0, 2.0], period=360.0), np.array([-20.0, 30.0, 400.0])),
    ],
    np.nancumprod: [row(lambda x: np.nancumprod(x, axis=1), NANS, flat=True), row(np.nancumprod, M)],
    np.nancumsum: [row(lambda x: np.nancumsum(x, axis=1), NANS, flat=True), row(np.nancumsum, M)],
    np.piecewise: [
        row(lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda v: -v, lambda v: v * v]), M),
        row(lambda x: np.piecewise(x, [x < -0.5, x > 0.5], [-1.0, 1.0, lambda v: 2 * v]), M),
    ],
    np.trapezoid: [
        row(np.trapezoid, M),
        row(lambda y: np.trapezoid(y, dx=0.5, axis=0), M),
        row(lambda y, x: np.trapezoid(y, x), M, SORTED),
    ],
    np.unwrap: [row(np.unwrap, np.array([0.0, 3.0, -3.0, -1.0, 3.1])), row(lambda x: np.unwrap(x * 5, axis=0), M)],
    np.empty_like: [row(lambda x: np.empty_like(x)[:0], M, flat=True)],
    np.full_like: [
        row(lambda x: np.full_like(x, 2.5), M, flat=True),
        row(lambda x: np.full_like(x, 2, shape=(2, 2)), M, flat=True),
    ],
    np.geomspace: [row(lambda a, b: np.geomspace(a, b, 5), POSITIVE, POSITIVE + 3)],
    np.linspace: [
        row(lambda a, b: np.linspace(a, b, 5), (), (3,)),
        row(lambda a: np.linspace(a, 2.0, 4, endpoint=False, retstep=True), (3,)),
        row(lambda a: np.linspace(a, 2, 3, axis=-1), (3,)),
    ],
    np.logspace: [row(lambda a: np.logspace(a, 2.0, 4), V), row(lambda a: np.logspace(a, 1, 4, base=2.0), V)],
    np.ones_like: [row(np.ones_like, M, flat=True), row(lambda x: np.ones_like(x, dtype=np.int32), M)],
    np.zeros_like: [row(np.zeros_like, M, flat=True), row(lambda x: np.zeros_like(x, shape=3), M, flat=True)],
    np.allclose: [row(lambda x: np.allclose(x, x + 1e-12), M), row(lambda x: np.allclose(x, 1.0), M)],
    np.angle: [row(np.angle, COMPLEX), row(lambda x: np.angle(x, deg=True), COMPLEX)],
    np.array2string: [row(np.array2string, POSITIVE)],
    np.array_equal: [
        row(lambda x: np.array_equal(x, x), M),
        row(lambda x: np.array_equal(x, x[0]), M),
        row(lambda x: np.array_equal(x, x, equal_nan=True), NANS),
    ],
    np.array_equiv: [row(lambda x: np.array_equiv(x, x[None]), M), row(lambda x: np.array_equiv(x, x[:, :3]), M)],
    np.array_repr: [row(lambda x: np.array_repr(x)[:9], POSITIVE)],
    np.array_str: [row(np.array_str, np.array([1.0, 2.5]))],
    np.clip: [
        row(lambda x: np.clip(x, -0.5, 0.5), M),
        row(lambda x: np.clip(x, None, 0.5), M),
        row(lambda x, y: np.clip(x, y, 3.0), M, (4,)),
        row(lambda x: np.clip(x, 0, 3), WHOLE),
    ],
    np.fix: [row(np.fix, ROUGH)],
    np.i0: [row(np.i0, M)],
    np.imag: [row(np.imag, COMPLEX), row(np.imag, M, flat=True)],
    np.isclose: [row(lambda x: np.isclose(x, 0.75), ROUGH), row(lambda x: np.isclose(x, x, equal_nan=True), NANS)],
    np.iscomplex: [row(np.iscomplex, COMPLEX), row(np.iscomplex, M)],
    np.iscomplexobj: [row(np.iscomplexobj, COMPLEX)],
    np.isneginf: [row(np.isneginf, np.array([-np.inf, 1.0]))],
    np.isposinf: [row(np.isposinf, np.array([np.inf, 1.0]))],
    np.isreal: [row(np.isreal, COMPLEX)],
    np.isrealobj: [row(np.isrealobj, M)],
    np.may_share_memory: [
        row(lambda x: np.may_share_memory(x, x[0]), M),
        row(lambda x: np.may_share_memory(x, x + 0), M),
    ],
    np.nan_to_num: [row(np.nan_to_num, NANS), row(lambda x: np.nan_to_num(x, nan=7.0), NANS)],
    np.ndim: [row(np.ndim, C)],
    np.real: [row(np.real, COMPLEX), row(np.real, M)],
    np.real_if_close: [row(np.real_if_close, COMPLEX), row(np.real_if_close, np.array([1.0 + 0j]), flat=True)],
    np.result_type: [row(lambda x: np.result_type(x, np.float32).name, M)],
    np.round: [
        row(np.round, ROUGH),
        row(np.round, np.array([0.5, 1.5, -2.5]), flat=True),
        row(lambda x: np.round(x, 1), M),
        row(np.round, WHOLE),
    ],
    np.shape: [row(np.shape, C)],
    np.shares_memory: [row(lambda x: np.shares_memory(x, x.T), M)],
    np.sinc: [row(np.sinc, M)],
    np.size: [row(np.size, C), row(lambda x: np.size(x, 1), C)],
}
if hasattr(np, "cumulative_sum"):
    ROWS[np.cumulative_sum] = [
        row(lambda x: np.cumulative_sum(x, axis=1, include_initial=True), M),
        row(np.cumulative_sum, V),
    ]
    ROWS[np.cumulative_prod] = [
        row(lambda x: np.cumulative_prod(x, axis=1, include_initial=True), M),
        row(np.cumulative_prod, V),
    ]
