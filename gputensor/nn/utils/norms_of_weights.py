"""The formulas of weight and spectral normalization, which their hooks and parametrizations share."""

from __future__ import annotations

from gputensor._tensor import Tensor
from gputensor.core.modes import no_grad
from gputensor.nn import functional as F
from gputensor.nn.modules.conv import _ConvTransposeNd
from gputensor.nn.modules.module import Module


def norm_except_dim(v: Tensor, dim: int) -> Tensor:
    """The norms of the slices of v along dim, with all dims kept; for dim -1 that of v as a whole."""
    if dim == -1:
        return v.norm()
    return v.norm(2, [k for k in range(v.dim()) if k != dim], keepdim=True) if v.dim() > 1 else v.abs()


def scaled_to(v: Tensor, g: Tensor, dim: int) -> Tensor:
    """The direction of v with the lengths g: g * v / |v|."""
    return v * (g / norm_except_dim(v, dim))


def usual_dim(module: Module, dim: int | None) -> int:
    """The dim of a layer's outputs in its weight."""
    return (1 if isinstance(module, _ConvTransposeNd) else 0) if dim is None else dim


def as_matrix(weight: Tensor, dim: int) -> Tensor:
    """weight with dim as rows and everything else as columns."""
    if dim != 0:
        weight = weight.permute(dim, *[k for k in range(weight.dim()) if k != dim])
    return weight.reshape(weight.shape[0], -1)


def unit(x: Tensor, eps: float) -> Tensor:
    return F.normalize(x, dim=0, eps=eps)


def iterate(matrix: Tensor, u: Tensor, v: Tensor, times: int, eps: float, v_first: bool) -> None:
    """Move u and v towards the first singular vectors of matrix, in place: the power method."""
    with no_grad():
        for _ in range(times):
            if v_first:
                v.copy_(unit(matrix.T.mv(u), eps))
            u.copy_(unit(matrix.mv(v), eps))
            if not v_first:
                v.copy_(unit(matrix.T.mv(u), eps))
