"""Kernels and distances."""

from sklearn import metrics as m
from sklearn.metrics import pairwise as p

from tests.science.sklearn_calls.row import ALL, Row

CYTHON = "for NumPy arrays Manhattan distances come of Cython code, which computes and gives float64"

PAIRWISE = [
    Row("metrics.pairwise.additive_chi2_kernel", "", lambda d: p.additive_chi2_kernel(d.positive)),
    Row("metrics.pairwise.chi2_kernel", "", lambda d: p.chi2_kernel(d.positive, gamma=0.5)),
    Row("metrics.pairwise.cosine_distances", "", lambda d: p.cosine_distances(d.X, d.Z)),
    Row("metrics.pairwise.cosine_similarity", "", lambda d: p.cosine_similarity(d.X, d.Z)),
    Row("metrics.pairwise.euclidean_distances", "", lambda d: p.euclidean_distances(d.X, d.Z)),
    Row("metrics.pairwise.euclidean_distances", "of X with itself", lambda d: p.euclidean_distances(d.X, squared=True)),
    Row("metrics.pairwise.laplacian_kernel", "", lambda d: p.laplacian_kernel(d.X, d.Z), narrow=ALL, because=CYTHON),
    Row("metrics.pairwise.linear_kernel", "", lambda d: p.linear_kernel(d.X, d.Z)),
    Row(
        "metrics.pairwise.manhattan_distances",
        "",
        lambda d: p.manhattan_distances(d.X, d.Z),
        narrow=ALL,
        because=CYTHON,
    ),
    Row("metrics.pairwise.paired_cosine_distances", "", lambda d: p.paired_cosine_distances(d.X, d.positive)),
    Row("metrics.pairwise.paired_euclidean_distances", "", lambda d: p.paired_euclidean_distances(d.X, d.positive)),
    Row("metrics.pairwise.paired_manhattan_distances", "", lambda d: p.paired_manhattan_distances(d.X, d.positive)),
    Row("metrics.pairwise.pairwise_kernels", 'metric="rbf"', lambda d: p.pairwise_kernels(d.X, d.Z, metric="rbf")),
    Row(
        "metrics.pairwise.pairwise_kernels",
        'metric="laplacian"',
        lambda d: p.pairwise_kernels(d.X, d.Z, metric="laplacian"),
        narrow=ALL,
        because=CYTHON,
    ),
    Row("metrics.pairwise.polynomial_kernel", "", lambda d: p.polynomial_kernel(d.X, d.Z, degree=2)),
    Row("metrics.pairwise.rbf_kernel", "", lambda d: p.rbf_kernel(d.X, d.Z)),
    Row("metrics.pairwise.sigmoid_kernel", "", lambda d: p.sigmoid_kernel(d.X, d.Z)),
    Row("metrics.pairwise_distances", 'metric="cosine"', lambda d: m.pairwise_distances(d.X, d.Z, metric="cosine")),
    Row(
        "metrics.pairwise_distances", 'metric="euclidean"', lambda d: m.pairwise_distances(d.X, d.Z, metric="euclidean")
    ),
    Row("metrics.pairwise_distances", 'metric="l2"', lambda d: m.pairwise_distances(d.X, metric="l2")),
    Row(
        "metrics.pairwise_distances",
        'metric="manhattan"',
        lambda d: m.pairwise_distances(d.X, d.Z, metric="manhattan"),
        narrow=ALL,
        because=CYTHON,
    ),
    Row("metrics.pairwise_distances_argmin", "", lambda d: m.pairwise_distances_argmin(d.X, d.Z)),
]
