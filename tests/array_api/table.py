"""Calls of every function of the namespace: one row a function and case, `call(xp, *arrays)` for any namespace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Call:
    """call(xp, *arrays): the arrays are made of `data`, NumPy arrays or nested lists (floats are float64)."""

    name: str  # the function's, with its extension: "linalg.inv"
    call: Callable[..., Any]
    data: tuple[Any, ...] = ()
    smooth: bool = True  # the first result has a gradient with respect to the floats among the data
    dynamic: bool = False  # the shape of the result depends on values
    strict: bool = True  # array-api-strict has it and gives the same

    @property
    def id(self) -> str:
        return self.name


V = [0.3, -1.2, 2.5]
U = [0.9, 0.2, 0.5]
P = [1.5, 2.25, 3.75]
M = [[2.0, 0.5, 0.1], [0.3, 1.5, -0.4], [0.2, -0.1, 1.1]]
S = [[2.0, 0.5, 0.1], [0.5, 1.5, -0.4], [0.1, -0.4, 1.1]]
N = [3, 1, 2]
B = [True, False, True]
C = np.asarray([1 + 2j, -0.5j, 3.0])
D = [[0.5, -1.0, 2.0], [1.5, 0.25, -3.0]]


def one(name: str, data: Any, smooth: bool = True) -> Call:
    return Call(name, lambda xp, x: getattr(xp, name)(x), (data,), smooth)


def two(name: str, a: Any, b: Any, smooth: bool = True) -> Call:
    return Call(name, lambda xp, x, y: getattr(xp, name)(x, y), (a, b), smooth)


ELEMENTWISE = [
    one("abs", V), one("acos", U), one("acosh", P), two("add", V, P), one("asin", U), one("asinh", V), one("atan", V),
    two("atan2", V, P), one("atanh", U), two("bitwise_and", N, [6, 5, 3], False), one("bitwise_invert", N, False),
    two("bitwise_left_shift", N, [1, 2, 0], False), two("bitwise_or", N, [6, 5, 3], False),
    two("bitwise_right_shift", N, [1, 0, 1], False), two("bitwise_xor", N, [6, 5, 3], False), one("ceil", V),
    Call("clip", lambda xp, x, y: xp.clip(x, -1.0, y), (V, P)), one("conj", C), two("copysign", V, P),
    one("cos", V), one("cosh", V), two("divide", V, P), two("equal", V, V, False), one("exp", V), one("expm1", V),
    one("floor", V), two("floor_divide", V, P), two("greater", V, P, False), two("greater_equal", V, P, False),
    two("hypot", V, P), one("imag", C), one("isfinite", V, False), one("isinf", V, False), one("isnan", V, False),
    two("less", V, P, False), two("less_equal", V, P, False), one("log", P), one("log10", P), one("log1p", P),
    one("log2", P), two("logaddexp", V, P), two("logical_and", B, [True, True, False], False),
    one("logical_not", B, False), two("logical_or", B, [True, True, False], False),
    two("logical_xor", B, [True, True, False], False), two("maximum", V, U), two("minimum", V, U),
    two("multiply", V, P), one("negative", V), two("nextafter", V, P, False), two("not_equal", V, V, False),
    one("positive", V), two("pow", P, V), one("real", C), one("reciprocal", V), two("remainder", V, P),
    one("round", U[:2]), one("sign", V), one("signbit", V, False), one("sin", V), one("sinh", V), one("sqrt", P),
    one("square", V), two("subtract", V, P), one("tan", V), one("tanh", V), one("trunc", V),
]  # fmt: skip

CREATION = [
    Call("arange", lambda xp, x: x * xp.astype(xp.arange(3, device=x.device), x.dtype), (V,)),
    Call("asarray", lambda xp, x: xp.asarray(x, copy=True), (V,)),
    Call("empty", lambda xp: xp.empty((2, 3), dtype=xp.float64).shape == (2, 3), smooth=False),
    Call("empty_like", lambda xp, x: xp.empty_like(x).shape == x.shape, (V,), False),
    Call("eye", lambda xp, x: x @ xp.eye(3, 4, k=1, dtype=x.dtype, device=x.device), (M,)),
    Call("from_dlpack", lambda xp, x: xp.from_dlpack(x), (V,), False),
    Call("full", lambda xp: xp.full((2,), 1.5, dtype=xp.float64), smooth=False),
    Call("full_like", lambda xp, x: xp.full_like(x, 2.0), (V,), False),
    Call("linspace", lambda xp: xp.linspace(0.0, 1.0, 4, dtype=xp.float64, endpoint=False), smooth=False),
    Call("meshgrid", lambda xp, x, y: xp.meshgrid(x, y, indexing="ij"), (V, P)),
    Call("ones", lambda xp, x: x + xp.ones(3, dtype=x.dtype, device=x.device), (V,)),
    Call("ones_like", lambda xp, x: xp.ones_like(x), (V,), False),
    Call("tril", lambda xp, x: xp.tril(x, k=-1), (M,)),
    Call("triu", lambda xp, x: xp.triu(x, k=1), (M,)),
    Call("zeros", lambda xp, x: x + xp.zeros(3, dtype=x.dtype, device=x.device), (V,)),
    Call("zeros_like", lambda xp, x: xp.zeros_like(x), (V,), False),
]

DTYPES = [
    Call("astype", lambda xp, x: xp.astype(x, xp.float32), (V,)),
    Call("can_cast", lambda xp, x: xp.can_cast(x, xp.complex128), (V,), False),
    Call("finfo", lambda xp, x: xp.finfo(x).bits, (V,), False),
    Call("iinfo", lambda xp, x: xp.iinfo(x).max, (N,), False),
    Call("isdtype", lambda xp, x: xp.isdtype(x.dtype, "real floating"), (V,), False),
    Call("result_type", lambda xp, x: xp.result_type(x, xp.complex64) == xp.complex128, (V,), False),
    Call("__array_namespace_info__", lambda xp: len(xp.__array_namespace_info__().dtypes(kind="integral")), (), False),
]

SHAPES = [
    Call("broadcast_arrays", lambda xp, x, y: xp.broadcast_arrays(x, y), (D, V)),
    Call("broadcast_shapes", lambda xp: xp.broadcast_shapes((2, 1), (3,)), smooth=False),
    Call("broadcast_to", lambda xp, x: xp.broadcast_to(x, (2, 3)), (V,)),
    Call("concat", lambda xp, x, y: xp.concat([x, y], axis=None), (D, V)),
    Call("expand_dims", lambda xp, x: xp.expand_dims(x, axis=-1), (V,)),
    Call("flip", lambda xp, x: xp.flip(x, axis=1), (D,)),
    Call("moveaxis", lambda xp, x: xp.moveaxis(x, 0, 1), (D,)),
    Call("permute_dims", lambda xp, x: xp.permute_dims(x, (1, 0)), (D,)),
    Call("repeat", lambda xp, x, y: xp.repeat(x, y, axis=1), (D, N)),
    Call("reshape", lambda xp, x: xp.reshape(x, (3, -1)), (D,)),
    Call("roll", lambda xp, x: xp.roll(x, (1, 2), axis=(0, 1)), (D,)),
    Call("squeeze", lambda xp, x: xp.squeeze(x[:1, :], axis=0), (D,)),
    Call("stack", lambda xp, x, y: xp.stack([x, y], axis=-1), (V, P)),
    Call("tile", lambda xp, x: xp.tile(x, (2, 2)), (V,)),
    Call("unstack", lambda xp, x: xp.unstack(x, axis=1), (D,)),
]

SEARCHING = [
    Call("argmax", lambda xp, x: xp.argmax(x, axis=1, keepdims=True), (D,), False),
    Call("argmin", lambda xp, x: xp.argmin(x), (D,), False),
    Call("argsort", lambda xp, x: xp.argsort(x, descending=True), (D,), False),
    Call("count_nonzero", lambda xp, x: xp.count_nonzero(x, axis=0), ([[0, 1], [2, 3]],), False),
    Call("isin", lambda xp, x, y: xp.isin(x, y), (N, [1, 7]), False),
    Call("nonzero", lambda xp, x: xp.nonzero(x), ([0, 2, 3],), False, dynamic=True),
    Call("searchsorted", lambda xp, x, y: xp.searchsorted(x, y, side="right"), (P, V), False),
    Call("sort", lambda xp, x: xp.sort(x, axis=0, descending=True), (D,)),
    Call("take", lambda xp, x, i: xp.take(x, i, axis=1), (D, [2, 0])),
    Call("take_along_axis", lambda xp, x: xp.take_along_axis(x, xp.argsort(x, axis=1), axis=1), (D,)),
    Call("unique_all", lambda xp, x: xp.unique_all(x), ([2, 1, 2],), False, dynamic=True),
    Call("unique_counts", lambda xp, x: xp.unique_counts(x), ([2, 1, 2],), False, dynamic=True),
    Call("unique_inverse", lambda xp, x: xp.unique_inverse(x), ([2, 1, 2],), False, dynamic=True),
    Call("unique_values", lambda xp, x: xp.unique_values(x), ([2, 1, 2],), False, dynamic=True),
    Call("where", lambda xp, c, x: xp.where(c, x, 0.0), (B, V)),
]

STATISTICS = [
    Call("all", lambda xp, x: xp.all(x, axis=0), ([[True, False], [True, True]],), False),
    Call("any", lambda xp, x: xp.any(x, axis=1, keepdims=True), ([[True, False], [False, False]],), False),
    Call("cumulative_prod", lambda xp, x: xp.cumulative_prod(x, axis=1), (D,)),
    Call("cumulative_sum", lambda xp, x: xp.cumulative_sum(x, axis=0, include_initial=True), (D,)),
    Call("diff", lambda xp, x, y: xp.diff(x, prepend=y), (D, [[1.0], [2.0]])),
    Call("max", lambda xp, x: xp.max(x, axis=(0, 1), keepdims=True), (D,)),
    Call("mean", lambda xp, x: xp.mean(x, axis=0), (D,)),
    Call("min", lambda xp, x: xp.min(x, axis=1), (D,)),
    Call("prod", lambda xp, x: xp.prod(x, axis=(0, 1)), (D,)),
    Call("std", lambda xp, x: xp.std(x, axis=1, correction=1), (D,)),
    Call("sum", lambda xp, x: xp.sum(x, axis=(0, -1)), (D,)),
    Call("var", lambda xp, x: xp.var(x, correction=0.5), (D,)),
]

PRODUCTS = [
    Call("matmul", lambda xp, x, y: xp.matmul(x, y), (D, M)),
    Call("matrix_transpose", lambda xp, x: xp.matrix_transpose(x), (D,)),
    Call("tensordot", lambda xp, x, y: xp.tensordot(x, y, axes=([1], [0])), (D, M)),
    Call("vecdot", lambda xp, x, y: xp.vecdot(x, y), (D, V)),
]


def rebuilt(xp: Any, result: Any) -> Any:
    """U S V of a decomposition: the same for all libraries, which differ in signs."""
    u, s, vh = result
    return (u * s) @ vh


LINALG = [
    Call("linalg.cholesky", lambda xp, x: xp.linalg.cholesky((x + x.mT) / 2, upper=True), (S,)),
    Call("linalg.cross", lambda xp, x, y: xp.linalg.cross(x, y), (V, P)),
    Call("linalg.det", lambda xp, x: xp.linalg.det(x), (M,)),
    Call("linalg.diagonal", lambda xp, x: xp.linalg.diagonal(x, offset=1), (M,)),
    Call("linalg.eig", lambda xp, x: xp.sort(xp.real(xp.linalg.eig(x).eigenvalues)), (S,)),
    Call("linalg.eigh", lambda xp, x: xp.linalg.eigh((x + x.mT) / 2).eigenvalues, (S,)),
    Call("linalg.eigvals", lambda xp, x: xp.sort(xp.real(xp.linalg.eigvals(x))), (S,)),
    Call("linalg.eigvalsh", lambda xp, x: xp.linalg.eigvalsh((x + x.mT) / 2), (S,)),
    Call("linalg.inv", lambda xp, x: xp.linalg.inv(x), (M,)),
    Call("linalg.matmul", lambda xp, x, y: xp.linalg.matmul(x, y), (D, M)),
    Call("linalg.matrix_norm", lambda xp, x: xp.linalg.matrix_norm(x, keepdims=True), (M,)),
    Call("linalg.matrix_power", lambda xp, x: xp.linalg.matrix_power(x, 3), (M,)),
    Call("linalg.matrix_rank", lambda xp, x: xp.linalg.matrix_rank(x), (M,), False),
    Call("linalg.matrix_transpose", lambda xp, x: xp.linalg.matrix_transpose(x), (D,)),
    Call("linalg.outer", lambda xp, x, y: xp.linalg.outer(x, y), (V, P)),
    Call("linalg.pinv", lambda xp, x: xp.linalg.pinv(x, rtol=1e-9), (D,)),
    Call("linalg.qr", lambda xp, x: xp.linalg.qr(x).Q @ xp.linalg.qr(x).R, (M,)),
    Call("linalg.slogdet", lambda xp, x: xp.linalg.slogdet(x).logabsdet, (M,)),
    Call("linalg.solve", lambda xp, x, y: xp.linalg.solve(x, y), (M, V)),
    Call("linalg.svd", lambda xp, x: rebuilt(xp, xp.linalg.svd(x, full_matrices=False)), (M,)),
    Call("linalg.svdvals", lambda xp, x: xp.linalg.svdvals(x), (M,)),
    Call("linalg.tensordot", lambda xp, x, y: xp.linalg.tensordot(x, y, axes=1), (D, M)),
    Call("linalg.trace", lambda xp, x: xp.linalg.trace(x), (M,)),
    Call("linalg.vecdot", lambda xp, x, y: xp.linalg.vecdot(x, y, axis=-1), (D, V)),
    Call("linalg.vector_norm", lambda xp, x: xp.linalg.vector_norm(x, axis=1, ord=3), (D,)),
]

FFT = [
    Call("fft.fft", lambda xp, x: xp.fft.fft(x), (C,)),
    Call("fft.fftfreq", lambda xp: xp.fft.fftfreq(5, d=0.5, dtype=xp.float64), smooth=False),
    Call("fft.fftn", lambda xp, x: xp.fft.fftn(x, axes=(0,)), (C,)),
    Call("fft.fftshift", lambda xp, x: xp.fft.fftshift(x), (V,)),
    Call("fft.hfft", lambda xp, x: xp.fft.hfft(x), (C,)),
    Call("fft.ifft", lambda xp, x: xp.fft.ifft(x, norm="ortho"), (C,)),
    Call("fft.ifftn", lambda xp, x: xp.fft.ifftn(x, axes=(0,)), (C,)),
    Call("fft.ifftshift", lambda xp, x: xp.fft.ifftshift(x), (V,)),
    Call("fft.ihfft", lambda xp, x: xp.fft.ihfft(x), (V,)),
    Call("fft.irfft", lambda xp, x: xp.fft.irfft(x, n=4), (C,)),
    Call("fft.irfftn", lambda xp, x: xp.fft.irfftn(x, s=(4,), axes=(0,)), (C,)),
    Call("fft.rfft", lambda xp, x: xp.fft.rfft(x), (V,)),
    Call("fft.rfftfreq", lambda xp: xp.fft.rfftfreq(5, dtype=xp.float64), smooth=False),
    Call("fft.rfftn", lambda xp, x: xp.fft.rfftn(x, axes=(0, 1)), (D,)),
]


def special(name: str, *data: Any, smooth: bool = True) -> Call:
    return Call(f"special.{name}", lambda xp, *xs: getattr(xp.special, name)(*xs), data, smooth, strict=False)


SPECIAL = [
    *[special(name, P) for name in ("digamma", "entr", "erfc", "erfcx", "exp2", "expit", "gammaln", "psi", "sinc")],
    *[special(name, P, smooth=False) for name in ("j0", "j1", "k0", "k0e", "k1", "k1e", "y0", "y1")],
    *[special(name, P) for name in ("i0", "i0e", "i1", "i1e")],
    *[special(name, V) for name in ("erf", "ndtr", "log_ndtr")],
    *[special(name, U) for name in ("erfinv", "logit", "ndtri")],
    *[special(name, V) for name in ("cosm1", "exp10", "exprel")],
    *[special(name, P, V) for name in ("huber", "pseudo_huber")], special("kl_div", P, U),
    special("gammainc", P, U, smooth=False), special("gammaincc", P, U, smooth=False),
    special("xlogy", P, U), special("xlog1py", P, U), special("rel_entr", P, U), special("zeta", P, U, smooth=False),
    Call("special.multigammaln", lambda xp, x: xp.special.multigammaln(x, 2), (P,), strict=False),
    Call("special.polygamma", lambda xp, x: xp.special.polygamma(1, x), (P,), strict=False),
]  # fmt: skip

CALLS = [
    *ELEMENTWISE, *CREATION, *DTYPES, *SHAPES, *SEARCHING, *STATISTICS, *PRODUCTS, *LINALG, *FFT, *SPECIAL,
]  # fmt: skip
