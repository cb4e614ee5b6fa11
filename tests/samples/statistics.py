"""Samples of quantiles, differences, integrals, covariances, distances and histograms."""

import numpy as np
from scipy.integrate import cumulative_trapezoid
from scipy.spatial.distance import cdist, pdist

from tests.samples import Sample, f, i

WIDE = ("float32", "float64")
CANCELS = {"rtol": 1e-4, "reason": "differences of rounded numbers"}


def _cdist(p):
    def reference(x, y):
        if not x.shape[1]:
            return np.zeros((len(x), len(y)))
        if p == 0:
            return (x[:, None] != y).sum(-1).astype(x.dtype)
        return cdist(x, y, "minkowski", p=p) if p != np.inf else cdist(x, y, "chebyshev")

    return reference


def _distances(p):
    return Sample(
        f"cdist p={p}",
        lambda lib, x, y: lib.cdist(x, y, p=p),
        (f(3, 4), f(5, 4)),
        reference=_cdist(p) if p == 0 or p >= 1 else None,
        dtypes=WIDE,
        second=p not in (0, 0.5),
        **CANCELS,
    )


def _quantile(how, skip):
    name = "nanquantile" if skip else "quantile"
    reference = np.nanquantile if skip else np.quantile
    return Sample(
        f"{name} {how}",
        lambda lib, x: getattr(lib, name)(x, 0.4, dim=1, interpolation=how),
        (f(3, 6, kind="distinct"),),
        method=lambda x: getattr(x, name)(0.4, dim=1, interpolation=how),
        reference=lambda x: reference(x, 0.4, axis=1, method=how),
        dtypes=WIDE,
    )


SAMPLES: list[Sample] = [
    *[_quantile(how, skip) for how in ("linear", "lower", "higher", "midpoint", "nearest") for skip in (False, True)],
    Sample(
        "quantile of all by a tensor", lambda lib, x, q: lib.quantile(x, 0.25 + q / 4, keepdim=True),
        (f(3, 4, kind="distinct"), f(2, kind="unit", grad=False)),
        method=lambda x, q: x.quantile(0.25 + q / 4, keepdim=True),
        reference=lambda x, q: np.quantile(x, 0.25 + q / 4).reshape(-1, 1, 1), dtypes=WIDE,
    ),
    Sample(
        "diff", lambda lib, x: lib.diff(x), (f(3, 4),), method=lambda x: x.diff(), reference=np.diff,
        dtypes=("float32", "float64", "float16", "bfloat16", "int64", "complex64"),
    ),
    Sample(
        "diff twice, with ends", lambda lib, x, y: lib.diff(x, n=2, dim=0, prepend=y, append=y), (f(3, 4), f(2, 4)),
        method=lambda x, y: x.diff(2, 0, y, y), reference=lambda x, y: np.diff(x, 2, 0, prepend=y, append=y),
        dtypes=WIDE, **CANCELS,
    ),
    Sample(
        "gradient", lambda lib, x: lib.gradient(x), (f(3, 4),), reference=np.gradient, dtypes=WIDE, **CANCELS,
    ),
    Sample(
        "gradient with a spacing", lambda lib, x: lib.gradient(x, spacing=(2.0, 0.5), dim=(1, 0), edge_order=2),
        (f(3, 4),), reference=lambda x: np.gradient(x, 2.0, 0.5, axis=(1, 0), edge_order=2), dtypes=WIDE, **CANCELS,
    ),
    Sample(
        "gradient over coordinates", lambda lib, x, h: lib.gradient(x, spacing=(h,), dim=1, edge_order=2),
        (f(3, 4), f(4, kind="distinct", grad=False)),
        reference=lambda x, h: np.gradient(x, h, axis=1, edge_order=2), dtypes=WIDE, rtol=1e-3,
        reason="divides differences by differences",
    ),
    Sample(
        "gradient over coordinates, first order", lambda lib, x, h: lib.gradient(x, spacing=(h,), dim=0),
        (f(4, 3), f(4, kind="distinct", grad=False)), reference=lambda x, h: np.gradient(x, h, axis=0), dtypes=WIDE,
        rtol=1e-3, reason="divides differences by differences",
    ),
    Sample("trapezoid", lambda lib, y: lib.trapezoid(y, dx=0.5), (f(3, 4),),
           reference=lambda y: np.trapezoid(y, dx=0.5), **CANCELS),
    Sample("trapezoid over places", lambda lib, y, x: lib.trapezoid(y, x, dim=0), (f(3, 4), f(3)),
           reference=lambda y, x: np.trapezoid(y, x, axis=0), dtypes=WIDE, **CANCELS),
    Sample("trapz", lambda lib, y, x: lib.trapz(y, x), (f(3, 4), f(3, 4)),
           reference=np.trapezoid, dtypes=WIDE, **CANCELS),
    Sample("cumulative_trapezoid", lambda lib, y: lib.cumulative_trapezoid(y), (f(3, 4),),
           reference=cumulative_trapezoid, dtypes=WIDE, **CANCELS),
    Sample("cumulative_trapezoid over places", lambda lib, y, x: lib.cumulative_trapezoid(y, x, dim=0),
           (f(3, 4), f(3)), reference=lambda y, x: cumulative_trapezoid(y, x, axis=0), dtypes=WIDE, **CANCELS),
    Sample("cov", lambda lib, x: lib.cov(x), (f(3, 5),), method=lambda x: x.cov(), reference=np.cov, dtypes=WIDE,
           **CANCELS),
    Sample(
        "cov with weights", lambda lib, x, n, w: lib.cov(x, correction=0, fweights=n, aweights=w),
        (f(3, 5), i(5, low=1), f(5, kind="positive", grad=False)),
        method=lambda x, n, w: x.cov(correction=0, fweights=n, aweights=w),
        reference=lambda x, n, w: np.cov(x, ddof=0, fweights=n, aweights=w), dtypes=WIDE, **CANCELS,
    ),
    Sample("corrcoef", lambda lib, x: lib.corrcoef(x), (f(3, 5),), method=lambda x: x.corrcoef(),
           reference=np.corrcoef, dtypes=WIDE, **CANCELS),
    Sample("dist", lambda lib, x, y: lib.dist(x, y, 3), (f(3, 4), f(4)), method=lambda x, y: x.dist(y, 3),
           reference=lambda x, y: (np.abs(x - y) ** 3).sum() ** (1 / 3), dtypes=WIDE, **CANCELS),
    *[_distances(p) for p in (0, 0.5, 1, 1.5, 2, 3, np.inf)],
    Sample(
        "cdist by products", lambda lib, x, y: lib.cdist(x, y, compute_mode="use_mm_for_euclid_dist"),
        (f(3, 4), f(5, 4)), reference=_cdist(2), dtypes=WIDE, **CANCELS,
    ),
    Sample("cdist of batches", lambda lib, x, y: lib.cdist(x, y), (f(2, 1, 3, 4), f(2, 2, 4)), dtypes=WIDE, **CANCELS),
    Sample("pdist", lambda lib, x: lib.pdist(x), (f(4, 3),), reference=pdist, dtypes=WIDE, **CANCELS),
    Sample("nn.functional.pdist", lambda lib, x: lib.nn.functional.pdist(x, 1.5), (f(4, 3),),
           reference=lambda x: pdist(x, "minkowski", p=1.5), dtypes=WIDE, **CANCELS),
    Sample(
        "renorm", lambda lib, x: lib.renorm(x, 2, 1, 1.5), (f(3, 4),), method=lambda x: x.renorm(2, 1, 1.5),
        inplace=lambda x: x.renorm_(2, 1, 1.5),
        reference=lambda x: x * np.minimum(1, 1.5 / (np.sqrt((x * x).sum(0, keepdims=True)) + 1e-7)), **CANCELS,
    ),
    Sample("cosine_similarity of the top level", lambda lib, x, y: lib.cosine_similarity(x, y), (f(3, 4), f(3, 4)),
           reference=lambda x, y: (x * y).sum(1) / np.sqrt((x * x).sum(1) * (y * y).sum(1)), dtypes=WIDE, **CANCELS),
    Sample("pairwise_distance of the top level", lambda lib, x, y: lib.pairwise_distance(x, y), (f(3, 4), f(3, 4)),
           reference=lambda x, y: np.sqrt(((x - y + 1e-6) ** 2).sum(1)), dtypes=WIDE, **CANCELS),
    Sample(
        "histogram", lambda lib, x: lib.histogram(x, 4, range=(-1.0, 2.0), density=True), (f(3, 4),),
        method=lambda x: x.histogram(4, range=(-1.0, 2.0), density=True), differentiable=False, dtypes=WIDE,
        reference=lambda x: np.histogram(x, 4, (-1.0, 2.0), density=True),
    ),
    Sample(
        "histogram with weights", lambda lib, x, w: lib.histogram(x, 4, weight=w), (f(3, 4), f(3, 4, kind="positive")),
        method=lambda x, w: x.histogram(4, weight=w), differentiable=False, dtypes=WIDE,
        reference=lambda x, w: np.histogram(x, 4, weights=w),
    ),
    Sample(
        "histogramdd", lambda lib, x: lib.histogramdd(x, bins=[3, 2], range=(-1.0, 1.0, -2.0, 2.0)), (f(12, 2),),
        differentiable=False, dtypes=WIDE,
        reference=lambda x: [
            np.histogramdd(x, [3, 2], [(-1, 1), (-2, 2)])[0], np.linspace(-1, 1, 4), np.linspace(-2, 2, 3)
        ],
    ),
]  # fmt: skip
