"""Norms of matrices under names that PyTorch keeps for old programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gputensor.errors import ShapeError
from gputensor.ops.dims import array_of, checked, several
from gputensor.ops.matrix_norms import matrix_norm
from gputensor.ops.norms import norm
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def frobenius_norm(
    input: Tensor, dim: int | Sequence[int], keepdim: bool = False, *, out: Tensor | None = None
) -> Tensor:
    """The root of the sum of |x|**2 over one or two dims: `gputensor.norm` with "fro".

    input: floating-point or complex; the result is real. dim: empty for all of a tensor of at most two dims. Raises
    DtypeError for integers, ShapeError for more than two dims, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.frobenius_norm(gt.tensor([[3.0, 4.0], [0.0, 1.0]]), 1)
    tensor([5., 1.])
    """
    checked("frobenius_norm", input)
    dims = (dim,) if isinstance(dim, int) else several("frobenius_norm", "dim", dim)
    if len(dims or array_of("frobenius_norm", input).shape) > 2:
        raise ShapeError(f"frobenius_norm: expected at most two dims, got dim={dim!r} for shape {tuple(input.shape)}")
    result = norm(input, "fro", dims or None, keepdim)
    return result if out is None else into("frobenius_norm", out, result, exact=True)


def nuclear_norm(
    input: Tensor, dim: Sequence[int] | bool | None = None, keepdim: bool = False, *, out: Tensor | None = None
) -> Tensor:
    """The sum of the singular values of matrices: `gputensor.linalg.matrix_norm` with "nuc".

    input: floating-point or complex; the result is real. dim: two dims, the last ones if None; as in PyTorch
    keepdim may stand in its place. Raises DtypeError for integers, ShapeError for fewer dims.

    >>> import gputensor as gt
    >>> gt.nuclear_norm(gt.tensor([[3.0, 0.0], [0.0, 4.0]]))
    tensor(7.)
    """
    if dim is None or isinstance(dim, bool):
        keepdim = bool(dim) or keepdim
        dim = (-2, -1)
    result = matrix_norm(input, "nuc", dim, keepdim)  # type: ignore[arg-type]  # None means the last two dims
    return result if out is None else into("nuclear_norm", out, result, exact=True)
