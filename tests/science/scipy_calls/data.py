"""The arrays that the calls of SciPy's functions share; small, for the answers count and not the size."""

import numpy as np

RNG = np.random.default_rng(2026)

# elementwise functions: both signs, zero, the infinities and nan
REAL = np.array([-7.5, -2.25, -1.0, -0.4, -1e-3, 0.0, 1e-3, 0.3, 1.0, 2.5, 9.75, np.inf, -np.inf, np.nan])
FINITE = REAL[:11]
POSITIVE = np.array([1e-3, 0.2, 0.5, 1.0, 1.5, 3.25, 8.0, 20.5])
ORDERS = np.array([0.5, 1.0, 2.5, 4.0, 0.75, 3.0, 6.5, 10.0])
COUNTS = np.array([1, 2, 3, 1, 4, 2, 5, 3])
TOTALS = np.array([5, 6, 9, 4, 8, 7, 9, 6])
UNIT = np.array([0.02, 0.1, 0.25, 0.4, 0.5, 0.75, 0.9, 0.99])

# signals and images
SIGNAL = RNG.standard_normal(64)
SHORT = RNG.standard_normal(16)
COMPLEX = RNG.standard_normal(16) + 1j * RNG.standard_normal(16)
ROWS = RNG.standard_normal((3, 32))
IMAGE = RNG.standard_normal((7, 8))
COMPLEX_IMAGE = IMAGE + 1j * RNG.standard_normal((7, 8))
PICTURE = RNG.standard_normal((32, 32))
KERNEL = RNG.standard_normal((3, 3))
LEVELS = RNG.integers(0, 9, (7, 8))
MASK = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 0, 0, 1, 0],
        [0, 1, 0, 1, 0, 1, 1, 0],
        [0, 1, 1, 1, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 1, 1, 0, 1],
        [0, 1, 1, 0, 0, 0, 0, 1],
    ]
)
LABELS = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 0, 0, 2, 0],
        [0, 1, 1, 1, 0, 2, 2, 0],
        [0, 1, 1, 1, 0, 0, 2, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 3, 3, 3, 3, 3, 0, 0],
        [0, 3, 3, 0, 0, 0, 0, 0],
    ]
)

# samples of statistics, all values different
SAMPLE = RNG.gamma(2.0, size=(24, 3))
SECOND = RNG.gamma(2.5, size=(24, 3))
THIRD = RNG.gamma(1.5, size=(24, 3))
X, Y, Z = SAMPLE[:, 0], SECOND[:, 0], THIRD[:, 0]

# points for clustering
POINTS = np.concatenate([RNG.standard_normal((6, 2)), RNG.standard_normal((6, 2)) + 6.0])

# a curve, and knots inside it
TIMES = np.linspace(0.0, 6.0, 25)
CURVE = np.sin(TIMES) + 0.1 * RNG.standard_normal(25)
CURVES = np.stack([np.cos(TIMES), np.sin(TIMES), CURVE])
