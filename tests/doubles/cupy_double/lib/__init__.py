"""CuPy's `cupy.lib`."""

from tests.doubles.cupy_double.lib import stride_tricks as stride_tricks
