"""One row or more for each of NumPy's functions that takes tensors: the same call with arrays and with tensors.

A row is a function of the operands and the operands: shapes for draws from a normal distribution, or arrays.
`flat=True` marks a result that has no gradient although it is floating-point.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Row:
    call: Any
    operands: tuple
    flat: bool = False
    tolerance: float = 1e-9
    dtype: bool = True  # whether float32 gives float32; else another dtype is part of the meaning
    first: int = 0  # the first operand that gradients flow to


def row(call, *operands, **options):
    return Row(call, operands, **options)


M, V, C = (3, 4), (5,), (2, 3, 4)
POSITIVE = np.array([[0.5, 1.25, 3.0], [2.0, 0.1, 7.5]])
UNIT = np.array([-0.75, -0.2, 0.1, 0.6])
ABOVE = np.array([1.1, 2.5, 7.0])
WHOLE = np.array([[3, -1, 4], [1, -5, 9]])
MASK = np.array([[True, False, True], [False, False, True]])
ROUGH = np.array([[-1.6, -0.41, 0.3], [0.75, 1.23, 2.6]])
NANS = np.array([[1.0, np.nan, -2.0], [4.0, 0.5, np.nan]])
SPD = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.2], [0.5, 0.2, 2.0]])
SORTED = np.array([-1.0, 0.0, 0.5, 2.0])
COMPLEX = np.array([1.0 + 2.0j, -0.5 - 1.0j, 3.0 + 0.25j])
TALL = np.array([[1.0, 0.5], [0.2, 2.0], [-1.0, 0.7], [0.3, 0.1]])
SIGNAL = np.array([0.5, -1.0, 2.0, 0.25, 1.5, -0.75])
TIES = np.array([3.0, 1.0, 2.0, 1.0, 3.0, 3.0])


def changed(function, *args, **kwargs):
    """The first operand after a function that writes into it, made on a copy."""

    def call(x, *rest):
        target = np.copy(x)
        assert function(target, *[a for a in args], *rest, **kwargs) is None
        return target

    return call
