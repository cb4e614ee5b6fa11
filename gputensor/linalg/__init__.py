"""Linear algebra: factorizations, systems, eigenvalues, norms, over the last two dims of tensors; `torch.linalg`'s
names.

All names take batches, float32, float64 and complex, and have gradients unless they say otherwise.

>>> import gputensor as gt
>>> gt.linalg.det(gt.eye(3))
tensor(1.)
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.errors import LinAlgError as LinAlgError
from gputensor.ops.determinants import linalg_det as det, linalg_slogdet as slogdet
from gputensor.ops.diagonals import linalg_diagonal as diagonal
from gputensor.ops.linalg import matmul as matmul
from gputensor.ops.matrix_functions import (
    linalg_vander as vander,
    matrix_exp as matrix_exp,
    matrix_power as matrix_power,
    vecdot as vecdot,
)
from gputensor.ops.matrix_norms import (
    cond as cond,
    linalg_norm as norm,
    matrix_norm as matrix_norm,
    vector_norm as vector_norm,
)
from gputensor.ops.orthogonal import householder_product as householder_product, linalg_qr as qr
from gputensor.ops.positive_definite import cholesky_ex as cholesky_ex, linalg_cholesky as cholesky
from gputensor.ops.pseudo_inverses import lstsq as lstsq, matrix_rank as matrix_rank, pinv as pinv
from gputensor.ops.several_products import linalg_cross as cross, multi_dot as multi_dot
from gputensor.ops.singular_values import linalg_svd as svd, svdvals as svdvals
from gputensor.ops.solving import (
    inv as inv,
    inv_ex as inv_ex,
    solve as solve,
    solve_ex as solve_ex,
    solve_triangular as solve_triangular,
    tensorinv as tensorinv,
    tensorsolve as tensorsolve,
)
from gputensor.ops.spectral import eig as eig, eigh as eigh, eigvals as eigvals, eigvalsh as eigvalsh
from gputensor.ops.triangular_factors import (
    ldl_factor as ldl_factor,
    ldl_factor_ex as ldl_factor_ex,
    ldl_solve as ldl_solve,
    linalg_lu as lu,
    linalg_lu_solve as lu_solve,
    lu_factor as lu_factor,
    lu_factor_ex as lu_factor_ex,
)

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "ldl_factor",
    "ldl_factor_ex",
    "ldl_solve",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.linalg", name)
