"""Rows of sorting, sets and statistics."""

import numpy as np

from tests.interop.numpy_rows import COMPLEX, NANS, ROUGH, SIGNAL, SORTED, TIES, WHOLE, C, M, V, row

ROWS = {
    np.argpartition: [row(lambda x: np.argpartition(x, 2)[2], SIGNAL)],
    np.argsort: [
        row(np.argsort, M),
        row(lambda x: np.argsort(x, axis=None), M),
        row(lambda x: np.argsort(x, stable=True), TIES),
    ],
    np.digitize: [
        row(lambda x: np.digitize(x, SORTED), ROUGH),
        row(lambda x: np.digitize(x, SORTED, right=True), SORTED),
        row(lambda x: np.digitize(x, SORTED[::-1].copy()), SORTED),
    ],
    np.intersect1d: [
        row(lambda x: np.intersect1d(x, [1.0, 3.0, 9.0]), TIES, flat=True),
        row(lambda x: np.intersect1d(x, [3.0, 1.0, 9.0], return_indices=True)[1:], TIES, flat=True),
    ],
    np.isin: [row(lambda x: np.isin(x, [1, 9]), WHOLE), row(lambda x: np.isin(x, [1.0], invert=True), TIES, flat=True)],
    np.lexsort: [
        row(lambda x, y: np.lexsort((x, y)), SIGNAL, TIES),
        row(np.lexsort, np.array([[1, 0, 1, 0], [2, 2, 1, 1]])),
    ],
    np.partition: [row(lambda x: np.partition(x, 2)[2], SIGNAL)],
    np.searchsorted: [
        row(lambda x: np.searchsorted(SORTED, x), ROUGH),
        row(lambda x: np.searchsorted(x, [0.0, 1.0], side="right"), SORTED),
        row(lambda x: np.searchsorted(x, 0.5, sorter=np.argsort(x)), SIGNAL),
    ],
    np.setdiff1d: [
        row(lambda x: np.setdiff1d(x, [7.0]), SIGNAL),
        row(lambda x: np.setdiff1d(x, [1.0]), TIES, flat=True),
    ],
    np.setxor1d: [
        row(lambda x: np.setxor1d(x, [7.0]), SIGNAL),
        row(lambda x: np.setxor1d(x, [1.0, 7.0]), TIES, flat=True),
    ],
    np.sort: [
        row(np.sort, M),
        row(np.sort, np.array([1.0 + 2.0j, 1.0 - 1.0j, -1.0, 1.0]), flat=True),  # finite differences end the ties
        row(np.sort, COMPLEX),
        row(lambda x: np.sort(x, axis=0), M),
        row(lambda x: np.sort(x, axis=None), M),
    ],
    np.union1d: [
        row(lambda x: np.union1d(x, [7.0]), SIGNAL),
        row(lambda x: np.union1d(x, [7.0, 1.0]), TIES, flat=True),
    ],
    np.unique: [
        row(lambda x: np.unique(x, return_index=True, return_inverse=True, return_counts=True), TIES, flat=True),
        row(np.unique, WHOLE),
        row(lambda x: np.unique(x, return_index=True), SIGNAL),
        row(
            lambda x: np.unique(x, axis=0, return_index=True), np.array([[1.0, 2.0], [0.0, 5.0], [1.0, 2.0]]), flat=True
        ),
        row(lambda x: np.unique(x)[:3], np.array([np.nan, 1.0, np.nan, 0.0]), flat=True),
    ],
    np.unique_all: [row(np.unique_all, SIGNAL), row(np.unique_all, TIES, flat=True)],
    np.unique_counts: [row(np.unique_counts, SIGNAL), row(np.unique_counts, TIES, flat=True)],
    np.unique_inverse: [row(np.unique_inverse, SIGNAL), row(np.unique_inverse, TIES, flat=True)],
    np.unique_values: [row(lambda x: np.sort(np.unique_values(x)), TIES, flat=True)],
    np.bincount: [row(np.bincount, np.array([0, 2, 2, 5])), row(lambda w: np.bincount([0, 2, 2], w, 5), (3,))],
    np.convolve: [
        row(lambda x, y: np.convolve(x, y), SIGNAL, (3,)),
        row(lambda x, y: np.convolve(x, y, "same"), SIGNAL, (4,)),
        row(lambda x, y: np.convolve(x, y, "same"), SIGNAL, (3,)),
        row(lambda x, y: np.convolve(x, y, "valid"), (3,), SIGNAL),
        row(lambda x: np.convolve(x, [1, 2]), np.array([1, 2, 3])),
    ],
    np.corrcoef: [
        row(np.corrcoef, M),
        row(lambda x, y: np.corrcoef(x, y), V, V),
        row(lambda x: np.corrcoef(x, rowvar=False), M),
    ],
    np.correlate: [
        row(lambda x, y: np.correlate(x, y), SIGNAL, (3,)),
        row(lambda x, y: np.correlate(x, y, "full"), SIGNAL, (3,)),
        row(lambda x, y: np.correlate(x, y, "same"), SIGNAL, (4,)),
        row(lambda x, y: np.correlate(x, y, "full"), (3,), SIGNAL),
        row(lambda x: np.correlate(x, x[:2], "full"), COMPLEX),
    ],
    np.cov: [
        row(np.cov, M),
        row(lambda x: np.cov(x, rowvar=False, bias=True), M),
        row(lambda x, y: np.cov(x, y, ddof=0), V, V),
        row(lambda x: np.cov(x, aweights=[1.0, 2.0, 3.0, 1.0]), M),
    ],
    np.histogram: [
        row(np.histogram, SIGNAL, flat=True),
        row(lambda x: np.histogram(x, bins=4, range=(-1, 1), density=True), SIGNAL, flat=True),
        row(lambda x: np.histogram(x, bins=[-1.0, 0.0, 2.0]), SIGNAL, flat=True),
        row(lambda x, w: np.histogram(x, bins=[-1.0, 0.0, 2.0], weights=w)[0], SIGNAL, (6,), first=1),
    ],
    np.histogram2d: [
        row(lambda x, y: np.histogram2d(x, y, bins=3), SIGNAL, TIES, flat=True),
        row(lambda x, y: np.histogram2d(x, y, bins=[2, [0.0, 2.0, 4.0]], density=True), SIGNAL, TIES, flat=True),
    ],
    np.histogram_bin_edges: [row(lambda x: np.histogram_bin_edges(x, 5), SIGNAL, flat=True)],
    np.median: [row(np.median, SIGNAL), row(lambda x: np.median(x, axis=1, keepdims=True), M), row(np.median, WHOLE)],
    np.nanargmax: [row(np.nanargmax, NANS), row(lambda x: np.nanargmax(x, axis=1), NANS)],
    np.nanargmin: [row(np.nanargmin, NANS), row(lambda x: np.nanargmin(x, axis=0), NANS)],
    np.nanmax: [row(np.nanmax, NANS, flat=True), row(lambda x: np.nanmax(x, axis=1), M)],
    np.nanmean: [row(np.nanmean, NANS, flat=True), row(lambda x: np.nanmean(x, axis=1), M)],
    np.nanmedian: [row(np.nanmedian, NANS, flat=True), row(lambda x: np.nanmedian(x, axis=1), M)],
    np.nanmin: [row(np.nanmin, NANS, flat=True), row(lambda x: np.nanmin(x, axis=(0, 1)), C)],
    np.nanpercentile: [
        row(lambda x: np.nanpercentile(x, [25, 75]), NANS, flat=True),
        row(lambda x: np.nanpercentile(x, 30), M),
    ],
    np.nanprod: [row(np.nanprod, NANS, flat=True), row(lambda x: np.nanprod(x, axis=0), M)],
    np.nanquantile: [
        row(lambda x: np.nanquantile(x, 0.3, axis=0), NANS, flat=True),
        row(lambda x: np.nanquantile(x, 0.3), M),
    ],
    np.nanstd: [row(np.nanstd, NANS, flat=True), row(lambda x: np.nanstd(x, axis=1, ddof=1), M)],
    np.nansum: [row(np.nansum, NANS, flat=True), row(lambda x: np.nansum(x, axis=0), M)],
    np.nanvar: [row(lambda x: np.nanvar(x, axis=0), NANS, flat=True), row(np.nanvar, M)],
    np.percentile: [
        row(lambda x: np.percentile(x, 30), M),
        row(lambda x: np.percentile(x, [[10, 20], [30, 90]], axis=1), M),
    ],
    np.quantile: [
        row(lambda x: np.quantile(x, [0.25, 0.5], axis=(0, 2), keepdims=True), C),
        row(lambda x: np.quantile(x, 0.3, method="lower"), M),
        row(lambda x: np.quantile(x, 0.4, method="midpoint", axis=0), M),
    ],
}
