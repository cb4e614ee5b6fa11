"""The standard's extension `linalg`: linear algebra over matrices in the last two dims."""

from gputensor.array_api._linear_algebra import cholesky as cholesky
from gputensor.array_api._linear_algebra import cross as cross
from gputensor.array_api._linear_algebra import det as det
from gputensor.array_api._linear_algebra import diagonal as diagonal
from gputensor.array_api._linear_algebra import eig as eig
from gputensor.array_api._linear_algebra import eigh as eigh
from gputensor.array_api._linear_algebra import eigvals as eigvals
from gputensor.array_api._linear_algebra import eigvalsh as eigvalsh
from gputensor.array_api._linear_algebra import inv as inv
from gputensor.array_api._linear_algebra import matrix_norm as matrix_norm
from gputensor.array_api._linear_algebra import matrix_power as matrix_power
from gputensor.array_api._linear_algebra import matrix_rank as matrix_rank
from gputensor.array_api._linear_algebra import outer as outer
from gputensor.array_api._linear_algebra import pinv as pinv
from gputensor.array_api._linear_algebra import qr as qr
from gputensor.array_api._linear_algebra import slogdet as slogdet
from gputensor.array_api._linear_algebra import solve as solve
from gputensor.array_api._linear_algebra import svd as svd
from gputensor.array_api._linear_algebra import svdvals as svdvals
from gputensor.array_api._linear_algebra import trace as trace
from gputensor.array_api._linear_algebra import vector_norm as vector_norm
from gputensor.array_api._products import matmul as matmul
from gputensor.array_api._products import matrix_transpose as matrix_transpose
from gputensor.array_api._products import tensordot as tensordot
from gputensor.array_api._products import vecdot as vecdot
