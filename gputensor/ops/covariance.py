"""Covariances and correlations of variables."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import as_floating, cast
from gputensor.core.explain import check_number, describe, everywhere
from gputensor.core.promotion import FLOATING, INTEGERS
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.arithmetic import mul
from gputensor.ops.clamping import clamp
from gputensor.ops.complex_numbers import complex, conj, imag, real
from gputensor.ops.diagonals import diagonal
from gputensor.ops.dims import array_of
from gputensor.ops.linalg import matmul
from gputensor.ops.operands import COMPLEX
from gputensor.ops.powers import sqrt
from gputensor.ops.reduction import mean, sum
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def cov(
    input: Tensor, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None
) -> Tensor:
    """Covariances of variables, of which each row of input holds the observations.

    sum(w * (x - mean(x)) * conj(y - mean(y))) / max(n - correction, 0). input: (variables, observations) -> (variables,
    variables); one variable, or (observations,) -> 0-d. Integers become the default dtype. fweights: (observations,),
    integers, how often each was seen; n is their sum. aweights: (observations,), floats, how much each counts: then n
    is sum(w) and the correction is multiplied by sum(w * aweights) / sum(w). Warns where n <= correction: the result is
    nan or inf.
    Waits for a GPU to check weights. Raises ShapeError for more than two dims and for weights of another length,
    DtypeError for booleans and weights of other dtypes, ArgumentError (a ValueError) for negative weights.

    >>> import gputensor as gt
    >>> gt.cov(gt.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    a = array_of("cov", input)
    if a.ndim > 2:
        raise ShapeError(f"cov: input needs at most 2 dims, got shape {tuple(a.shape)}")
    if a.dtype.kind == "b":
        raise DtypeError(f"cov: not defined for booleans, got {describe(input)}; convert with .float()")
    check_number("cov", "correction", correction)
    x = as_floating(input if a.ndim == 2 else input.reshape(1, -1))
    count = x.array.shape[1]
    weight = _weights(fweights, aweights, count)
    if weight is None:
        freedom = count - correction
        enough = freedom > 0
        center = mean(x, 1, True)
    else:
        total = sum(weight)
        if not everywhere(total.xp, (total != 0).array):
            raise ArgumentError("cov: the weights sum to zero, so that they cannot be normalized")
        center = sum(mul(x, weight), 1, True) / total
        share = correction if aweights is None else correction * sum(mul(weight, aweights.reshape(-1))) / total
        freedom = total - share
        enough = everywhere(freedom.xp, (freedom > 0).array)
    if not enough:
        warnings.warn(
            "cov: no degrees of freedom are left; use a correction below the number of observations", stacklevel=2
        )
        freedom = 0 if weight is None else where(freedom > 0, freedom, 0)
    x = x - center
    y = x if weight is None else cast(mul(x, weight), x.array.dtype)
    y = y.transpose(0, 1)
    out = matmul(x, conj(y) if x.array.dtype in COMPLEX else y) / freedom
    return out.reshape(()) if x.array.shape[0] == 1 else out


def corrcoef(input: Tensor) -> Tensor:
    """Pearson's correlations of variables, of which each row of input holds the observations.

    cov[i, j] / sqrt(cov[i, i] * cov[j, j]), kept within -1 and 1. input: (variables, observations) -> (variables,
    variables); one variable, or (observations,) -> 0-d. Warnings and errors as `cov`.

    >>> import gputensor as gt
    >>> gt.corrcoef(gt.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
    tensor([[ 1., -1.],
            [-1.,  1.]])
    """
    if array_of("corrcoef", input).ndim > 2:
        raise ShapeError(f"corrcoef: input needs at most 2 dims, got shape {tuple(input.array.shape)}")
    c = cov(input)
    if not c.array.ndim:
        return c / c
    root = sqrt(diagonal(c))
    c = c / root.unsqueeze(1) / root.unsqueeze(0)
    if c.array.dtype in COMPLEX:
        return complex(clamp(real(c), -1, 1), clamp(imag(c), -1, 1))
    return clamp(c, -1, 1)


def _weights(fweights: Any, aweights: Any, count: int) -> Any:
    """The product of the weights, checked; None without any."""
    weight = None
    for name, w in (("fweights", fweights), ("aweights", aweights)):
        if w is None:
            continue
        b = array_of("cov", w, name)
        if b.ndim > 1 or b.size != count:
            raise ShapeError(f"cov: {name} needs one weight for each of the {count} observations, got {describe(w)}")
        if b.dtype not in (INTEGERS if name == "fweights" else FLOATING - COMPLEX):
            kind = "integers" if name == "fweights" else "real floating-point numbers"
            raise DtypeError(f"cov: {name} must be {kind}, got {describe(w)}; convert them")
        if count and not everywhere(w.xp, w.xp.logical_not(b < 0)):
            raise ArgumentError(f"cov: {name} must not be negative")
        w = w.reshape(-1)
        weight = w if weight is None else mul(weight, w)
    return weight


class CovarianceMethods:
    """The covariances of a tensor's rows."""

    __slots__ = ()

    def cov(self, *, correction: int = 1, fweights: Tensor | None = None, aweights: Tensor | None = None) -> Tensor:
        """See `gputensor.cov`."""
        return cov(self, correction=correction, fweights=fweights, aweights=aweights)  # type: ignore[arg-type]

    def corrcoef(self) -> Tensor:
        """See `gputensor.corrcoef`."""
        return corrcoef(self)  # type: ignore[arg-type]
