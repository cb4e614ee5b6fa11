"""Quantiles: values by their place in the order, between elements interpolated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import cast, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe, everywhere
from gputensor.core.promotion import F32, F64, INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DtypeError, ShapeError
from gputensor.ops.arithmetic import lerp
from gputensor.ops.axes import movedim
from gputensor.ops.clamping import maximum
from gputensor.ops.dims import array_of, check_keepdim, numpy_names, one_dim
from gputensor.ops.gathering import along
from gputensor.ops.out_argument import into
from gputensor.ops.rounding import ceil, floor, round
from gputensor.ops.selection import where
from gputensor.ops.sorting import sort

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

HOW = ("linear", "lower", "higher", "midpoint", "nearest")


@autocasts("quantile")
def quantile(
    input: Tensor,
    q: float | Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    axis: int | None = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """The q-th quantiles of all elements, or of those along dim.

    The place q * (n - 1) in the sorted order. interpolation, between two elements: "linear", the "lower" or the
    "higher" one, their "midpoint", or the "nearest" (the even place of two). input: float32 or float64, (..., n, ...).
    q: a number, a 0-d or a 1-d tensor of input's dtype, from 0 to 1; a 1-d one becomes the first dim of the result,
    (len(q), ..., ...) or, with keepdim, (len(q), ..., 1, ...). nan where there is one. A tensor q is checked, which
    waits for a GPU. Raises DtypeError for other dtypes, ArgumentError (a ValueError) for a q or an interpolation out of
    range, ShapeError for an empty input and for a q of several dims, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.quantile(gt.tensor([1.0, 2.0, 3.0, 5.0]), gt.tensor([0.5, 1.0]))
    tensor([2.5000, 5.0000])
    """
    if axis is not None or keepdims is not None:
        dim, keepdim = numpy_names("quantile", dim, keepdim, axis, keepdims)
    result = _quantile("quantile", input, q, dim, keepdim, interpolation, False)
    return result if out is None else into("quantile", out, result, exact=True)


@autocasts("nanquantile")
def nanquantile(
    input: Tensor,
    q: float | Tensor,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    axis: int | None = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """`quantile` of the elements that are not NaN; nan where there are none.

    >>> import gputensor as gt
    >>> gt.nanquantile(gt.tensor([1.0, float("nan"), 3.0]), 0.5)
    tensor(2.)
    """
    if axis is not None or keepdims is not None:
        dim, keepdim = numpy_names("nanquantile", dim, keepdim, axis, keepdims)
    result = _quantile("nanquantile", input, q, dim, keepdim, interpolation, True)
    return result if out is None else into("nanquantile", out, result, exact=True)


def _quantile(name: str, input: Any, q: Any, dim: Any, keepdim: Any, how: str, skip_nan: bool) -> Any:
    a = array_of(name, input)
    check_keepdim(name, keepdim)
    if how not in HOW:
        raise ArgumentError(f"{name}: interpolation must be one of {', '.join(HOW)}, got {how!r}")
    if a.dtype not in (F32, F64):
        raise DtypeError(f"{name}: expected float32 or float64, got {describe(input)}; convert it with .float()")
    q = _fractions(name, q, input)
    if not a.size:
        raise ShapeError(f"{name}: x of shape {tuple(a.shape)} has no elements")
    # the elements last, (..., n)
    if dim is None:
        x = input.reshape(-1)
        kept = (1,) * a.ndim
    else:
        axis = one_dim(name, dim, a.ndim, a.shape)
        x = movedim(input, axis, -1) if a.ndim else input.reshape(1)
        kept = tuple([1 if k == axis else n for k, n in enumerate(a.shape)])
    ordered = sort(x, -1).values
    found = _between(ordered, q.reshape(-1), how, skip_nan)
    if q.array.ndim:
        found = movedim(found, -1, 0)
        return found.reshape(found.array.shape[0], *kept) if keepdim else found
    found = found.squeeze(-1)
    return found.reshape(kept) if keepdim else found


def _fractions(name: str, given: Any, like: Any) -> Any:
    """q as a tensor beside `like`, checked."""
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        if not 0 <= given <= 1:
            raise ArgumentError(f"{name}: q must be from 0 to 1, got {given}")
        return wrap(like.xp.asarray(given, like.array.dtype), like.xp)
    if not isinstance(given, TensorBase):
        raise TypeError(f"{name}: q must be a number or a Tensor, got {describe(given)}")
    q: Any = given
    if q.array.ndim > 1:
        raise ShapeError(f"{name}: q must be a number or have 1 dim, got shape {tuple(q.array.shape)}")
    if q.array.dtype != like.array.dtype:
        raise DtypeError(f"{name}: q must have the dtype of input, got {describe(q)} beside {describe(like)}")
    if not everywhere(q.xp, (q.array >= 0) & (q.array <= 1)):
        raise ArgumentError(f"{name}: q must be from 0 to 1, got {q}")
    return q


def _between(ordered: Any, q: Any, how: str, skip_nan: bool) -> Any:
    """ordered: (..., n) with NaN last; q: (m,) -> (..., m)."""
    axis, n = ordered.array.ndim - 1, ordered.array.shape[-1]
    nans = (ordered != ordered).sum(-1, keepdim=True)
    # the NaN at the end answers for all, unless they are skipped
    place = q * maximum(n - nans - 1, nans * 0) if skip_nan else where(nans > 0, n - 1, q * (n - 1))
    if how == "lower":
        place = floor(place)
    elif how == "higher":
        place = ceil(place)
    elif how == "nearest":
        place = round(place)
    below = floor(place)
    low = along(ordered, axis, cast(below.detach(), INT64), "quantile")
    if how not in ("linear", "midpoint"):
        return low
    high = along(ordered, axis, cast(ceil(place).detach(), INT64), "quantile")
    return lerp(low, high, place - below if how == "linear" else 0.5)


class QuantileMethods:
    """The quantiles of a tensor."""

    __slots__ = ()

    def quantile(
        self,
        q: float | Tensor,
        dim: int | None = None,
        keepdim: bool = False,
        *,
        interpolation: str = "linear",
        axis: int | None = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.quantile`."""
        return quantile(self, q, dim, keepdim, interpolation=interpolation, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def nanquantile(
        self,
        q: float | Tensor,
        dim: int | None = None,
        keepdim: bool = False,
        *,
        interpolation: str = "linear",
        axis: int | None = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.nanquantile`."""
        return nanquantile(self, q, dim, keepdim, interpolation=interpolation, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]
