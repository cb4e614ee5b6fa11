"""The two dtypes that CuPy's routines treat by halves."""

from typing import Any

import ml_dtypes
import numpy as np
from cupy import ndarray

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
BITS16 = np.dtype(np.uint16)
FLOAT32 = np.dtype(np.float32)


def is_half(x: ndarray) -> bool:
    """Whether x is float16 or bfloat16, whose sums and products need float32."""
    dtype = x.dtype
    return dtype.itemsize == 2 and dtype.kind in "fV"


def is_bfloat16(x: Any) -> bool:
    """Whether x is an array, or a scalar of NumPy's, in bfloat16."""
    return isinstance(x, (ndarray, np.generic)) and x.dtype == BFLOAT16
