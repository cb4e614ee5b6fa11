"""Reductions: sums, means, products, moments, norms, truth, counts."""

import numpy as np

from tests.samples import Sample, b, f, i

FLOATS = ("float32", "float64", "float16", "bfloat16")
ALL = (*FLOATS, "complex64", "complex128", "int64", "int32", "uint8", "bool")
NUMBERS = (*FLOATS, "complex64", "complex128")

SAMPLES = [
    Sample("sum", lambda lib, x: lib.sum(x), (f(3, 4),), lambda x: x.sum(), reference=np.sum, dtypes=ALL),
    Sample("sum dim", lambda lib, x: lib.sum(x, 1), (f(3, 4),), lambda x: x.sum(1), reference=lambda x: x.sum(1), dtypes=ALL),
    Sample(
        "sum dims keepdim", lambda lib, x: lib.sum(x, dim=(0, -1), keepdim=True), (f(2, 3, 4),),
        lambda x: x.sum((0, -1), True), reference=lambda x: x.sum((0, 2), keepdims=True), dtypes=ALL,
    ),
    Sample(
        "sum axis keepdims", lambda lib, x: lib.sum(x, axis=0, keepdims=True), (f(2, 3),),
        lambda x: x.sum(axis=0, keepdims=True), reference=lambda x: x.sum(0, keepdims=True),
    ),
    Sample("sum of no dims", lambda lib, x: lib.sum(x, dim=()), (f(2, 3),), lambda x: x.sum(()), reference=np.sum),
    Sample("sum of 0-d", lambda lib, x: lib.sum(x, 0), (f(),), lambda x: x.sum(-1), reference=lambda x: x),
    Sample("sum of nothing", lambda lib, x: lib.sum(x, 1), (f(2, 0),), lambda x: x.sum(1), reference=lambda x: x.sum(1)),
    Sample(
        "sum dtype", lambda lib, x: lib.sum(x, 0, dtype=x.double().dtype), (f(3, 2),), lambda x: x.sum(0).double(),
        reference=lambda x: x.sum(0), dtypes=("float64",),
    ),
    Sample("mean", lambda lib, x: lib.mean(x), (f(3, 4),), lambda x: x.mean(), reference=np.mean, dtypes=NUMBERS),
    Sample(
        "mean dims keepdim", lambda lib, x: lib.mean(x, (0, 2), True), (f(2, 3, 4),), lambda x: x.mean(dim=(0, 2), keepdim=True),
        reference=lambda x: x.mean((0, 2), keepdims=True), dtypes=NUMBERS,
    ),
    Sample("mean dim", lambda lib, x: lib.mean(x, dim=-1), (f(2, 3),), lambda x: x.mean(axis=-1), reference=lambda x: x.mean(-1)),
    Sample("prod", lambda lib, x: lib.prod(x), (f(5),), lambda x: x.prod(), reference=np.prod, dtypes=ALL),
    Sample(
        "prod dim", lambda lib, x: lib.prod(x, 1), (f(2, 4),), lambda x: x.prod(1), reference=lambda x: x.prod(1), dtypes=ALL,
    ),
    Sample(
        "prod dim keepdim", lambda lib, x: lib.prod(x, 0, True), (f(3, 2),), lambda x: x.prod(dim=0, keepdim=True),
        reference=lambda x: x.prod(0, keepdims=True),
    ),
    Sample(
        "prod with zeros", lambda lib, x: lib.prod(x * lib.tensor([1, 0, 1, 0, 1]), 0), (f(3, 5),),
        reference=lambda x: (x * np.array([1, 0, 1, 0, 1])).prod(0),
    ),
    Sample("nansum", lambda lib, x: lib.nansum(x, 1), (f(2, 3),), lambda x: x.nansum(1), reference=lambda x: np.nansum(x, 1)),
    Sample("nanmean", lambda lib, x: lib.nanmean(x, 0), (f(2, 3),), lambda x: x.nanmean(0), reference=lambda x: np.nanmean(x, 0)),
    Sample(
        "logsumexp", lambda lib, x: lib.logsumexp(x, 1), (f(2, 4),), lambda x: x.logsumexp(1),
        reference=lambda x: np.log(np.exp(x).sum(1)),
    ),
    Sample(
        "logsumexp dims keepdim", lambda lib, x: lib.logsumexp(x, (0, 1), True), (f(2, 4),), lambda x: x.logsumexp((0, 1), keepdim=True),
        reference=lambda x: np.log(np.exp(x).sum(keepdims=True)),
    ),
    Sample("var", lambda lib, x: lib.var(x), (f(3, 4),), lambda x: x.var(), reference=lambda x: x.var(ddof=1), dtypes=NUMBERS),
    Sample(
        "var dim correction keepdim", lambda lib, x: lib.var(x, 1, correction=0, keepdim=True), (f(3, 4),),
        lambda x: x.var(1, unbiased=False, keepdim=True), reference=lambda x: x.var(1, keepdims=True),
    ),
    Sample(
        "var dims", lambda lib, x: lib.var(x, (0, 2)), (f(2, 3, 4),), lambda x: x.var(dim=(0, 2), correction=1),
        reference=lambda x: x.var((0, 2), ddof=1),
    ),
    Sample("std", lambda lib, x: lib.std(x), (f(3, 4),), lambda x: x.std(), reference=lambda x: x.std(ddof=1)),
    Sample(
        "std dim keepdim", lambda lib, x: lib.std(x, 0, False, True), (f(3, 4),), lambda x: x.std(dim=0, correction=0, keepdim=True),
        reference=lambda x: x.std(0, keepdims=True),
    ),
    Sample("var_mean", lambda lib, x: lib.var_mean(x, 1), (f(3, 4),), reference=lambda x: (x.var(1, ddof=1), x.mean(1))),
    Sample("std_mean", lambda lib, x: lib.std_mean(x, 1, correction=0), (f(3, 4),), reference=lambda x: (x.std(1), x.mean(1))),
    Sample("norm", lambda lib, x: lib.norm(x), (f(3, 4),), lambda x: x.norm(), reference=np.linalg.norm, dtypes=NUMBERS),
    Sample(
        "norm 2 dim keepdim", lambda lib, x: lib.norm(x, 2, 1, True), (f(3, 4),), lambda x: x.norm(2, 1, True),
        reference=lambda x: np.sqrt((x * x).sum(1, keepdims=True)), dtypes=NUMBERS,
    ),
    Sample(
        "norm 1", lambda lib, x: lib.norm(x, 1, dim=0), (f(3, 4, kind="distinct"),), lambda x: x.norm(p=1, dim=0),
        reference=lambda x: np.abs(x).sum(0), dtypes=NUMBERS,
    ),
    Sample(
        "norm inf", lambda lib, x: lib.norm(x, float("inf"), dim=1), (f(3, 4, kind="distinct"),), lambda x: x.norm(float("inf"), 1),
        reference=lambda x: np.abs(x).max(1),
    ),
    Sample(
        "norm -inf", lambda lib, x: lib.norm(x, -float("inf")), (f(5, kind="distinct"),), lambda x: x.norm(-float("inf")),
        reference=lambda x: np.abs(x).min(),
    ),
    Sample(
        "norm 3", lambda lib, x: lib.norm(x, 3, dim=(0, 1)), (f(3, 4, kind="positive"),), lambda x: x.norm(3, (0, 1)),
        reference=lambda x: (np.abs(x) ** 3).sum() ** (1 / 3),
    ),
    Sample(
        "norm 0.5", lambda lib, x: lib.norm(x, 0.5, 0), (f(3, 2, kind="positive"),), lambda x: x.norm(0.5, 0),
        reference=lambda x: (np.abs(x) ** 0.5).sum(0) ** 2,
    ),
    Sample(
        "norm 0", lambda lib, x: lib.norm(x, 0), (f(5),), lambda x: x.norm(0), reference=lambda x: np.float64(np.count_nonzero(x)),
        differentiable=False, reason="it is constant",
    ),
    Sample("all", lambda lib, x: lib.all(x), (b(3, 4),), lambda x: x.all(), reference=np.all, differentiable=False, dtypes=ALL),
    Sample(
        "all dim keepdim", lambda lib, x: lib.all(x, 1, True), (b(3, 2),), lambda x: x.all(dim=1, keepdim=True),
        reference=lambda x: x.all(1, keepdims=True), differentiable=False, dtypes=ALL,
    ),
    Sample("all of no dims", lambda lib, x: lib.all(x, dim=()), (i(3, 2),), reference=lambda x: x != 0, differentiable=False, dtypes=("int64",)),
    Sample("any", lambda lib, x: lib.any(x), (b(3, 4),), lambda x: x.any(), reference=np.any, differentiable=False, dtypes=ALL),
    Sample(
        "any dims", lambda lib, x: lib.any(x, (0, 2)), (b(2, 3, 2),), lambda x: x.any(dim=(0, 2)),
        reference=lambda x: x.any((0, 2)), differentiable=False, dtypes=ALL,
    ),
    Sample(
        "count_nonzero", lambda lib, x: lib.count_nonzero(x), (i(3, 4, low=0, high=3),), lambda x: x.count_nonzero(),
        reference=np.count_nonzero, differentiable=False, dtypes=ALL,
    ),
    Sample(
        "count_nonzero dim", lambda lib, x: lib.count_nonzero(x, 1), (i(3, 4, low=0, high=3),), lambda x: x.count_nonzero(1),
        reference=lambda x: np.count_nonzero(x, 1), differentiable=False, dtypes=ALL,
    ),
]  # fmt: skip
