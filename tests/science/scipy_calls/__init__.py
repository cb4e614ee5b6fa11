"""A call of every function that SciPy's own array-API table lists, a file a family."""

from tests.science.scipy_calls import (
    cluster,
    fft,
    ndimage,
    numerics,
    rotation,
    signal_design,
    signal_filtering,
    special,
    stats,
    windows,
)

FAMILIES = (cluster, fft, ndimage, numerics, rotation, signal_design, signal_filtering, special, stats, windows)
