"""Variances and standard deviations. 16-bit floats are computed in float32 and rounded once."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.explain import check_number, describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import FLOATING
from gputensor.errors import DtypeError
from gputensor.ops.dims import Dim, array_of, check_keepdim, many_dims, numpy_names
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import count, mean, spread
from gputensor.ops.widening import narrowed, widened

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Var(Primitive):
    __slots__ = ("axes", "correction", "keepdims")
    saves = ("x",)

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool, correction: float) -> None:
        self.axes = axes
        self.keepdims = keepdims
        self.correction = correction

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.var(x, self.axes, self.keepdims, self.correction)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return deviations(self, xp, g, x, 2)


class Std(Primitive):
    """A primitive, not the root of Var: where it is 0 the gradient is 0, as in PyTorch, and not NaN."""

    __slots__ = ("axes", "correction", "keepdims")
    saves = ("x", "out")

    def __init__(self, axes: tuple[int, ...] | None, keepdims: bool, correction: float) -> None:
        self.axes = axes
        self.keepdims = keepdims
        self.correction = correction

    def forward(self, xp: Any, x: Any) -> Any:
        out = xp.sqrt(xp.var(widened(xp, x), self.axes, self.keepdims, self.correction))
        return narrowed(xp, out, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        out = widened(xp, out)
        zero = xp.astype(out == 0, out.dtype)
        return deviations(self, xp, g * (1 - zero) / (out + zero), x, 1)


def deviations(prim: Any, xp: Any, g: Any, x: Any, factor: float) -> Any:
    """factor / (n - correction) * g * (x - mean(x))."""
    x = widened(xp, x)
    freedom = count(x.shape, prim.axes) - prim.correction
    away = x - xp.mean(x, prim.axes, True)
    if prim.axes is None and freedom <= 0:
        # as PyTorch: infinite without a degree of freedom, and nan where the deviation is 0
        return spread(prim, xp, g * float("inf"), x) * xp.abs(away)
    return spread(prim, xp, g * (factor / freedom if freedom else float("inf")), x) * away


def var(
    input: Tensor,
    dim: Dim | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Variance of the elements, or of those along the given dims.

    sum((input - mean)**2) / max(n - correction, 0). correction: 1 by default (Bessel's); unbiased=False is
    correction=0, unbiased=True is 1; ``var(input, unbiased)`` works, too. input: floating-point or complex, (..., n,
    ...) -> (..., ...) or, with keepdim, (..., 1, ...), real. Warns where n <= correction: the result is nan or inf.
    Raises DtypeError for integers and booleans, DimError (an IndexError) for a dim out of range.

    >>> import gputensor as gt
    >>> gt.var(gt.tensor([1.0, 2.0, 3.0, 4.0])), gt.var(gt.tensor([1.0, 2.0, 3.0, 4.0]), correction=0)
    (tensor(1.6667), tensor(1.2500))
    """
    axes, keepdim, freedom = _arguments("var", input, dim, unbiased, keepdim, correction, axis, keepdims)
    result = apply1(Var(axes, keepdim, freedom), input)
    return result if out is None else into("var", out, result)


def std(
    input: Tensor,
    dim: Dim | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    axis: Dim = None,
    keepdims: bool | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Standard deviation of the elements, or of those along the given dims: the root of `var`.

    Arguments, results, warnings and errors as `var`. The gradient is 0 where all elements are equal.

    >>> import gputensor as gt
    >>> gt.std(gt.tensor([1.0, 2.0, 3.0, 4.0]))
    tensor(1.2910)
    """
    axes, keepdim, freedom = _arguments("std", input, dim, unbiased, keepdim, correction, axis, keepdims)
    result = apply1(Std(axes, keepdim, freedom), input)
    return result if out is None else into("std", out, result)


def var_mean(
    input: Tensor,
    dim: Dim | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    axis: Dim = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """Variance and mean of the elements, or of those along the given dims. As `var` and `mean`.

    >>> import gputensor as gt
    >>> gt.var_mean(gt.tensor([1.0, 2.0, 3.0]))
    (tensor(1.), tensor(2.))
    """
    axes, keepdim, freedom = _arguments("var_mean", input, dim, unbiased, keepdim, correction, axis, keepdims)
    return apply1(Var(axes, keepdim, freedom), input), mean(input, axes, keepdim)


def std_mean(
    input: Tensor,
    dim: Dim | bool = None,
    unbiased: bool | None = None,
    keepdim: bool = False,
    *,
    correction: float | None = None,
    axis: Dim = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """Standard deviation and mean of the elements, or of those along the given dims. As `std` and `mean`.

    >>> import gputensor as gt
    >>> gt.std_mean(gt.tensor([1.0, 2.0, 3.0]))
    (tensor(1.), tensor(2.))
    """
    axes, keepdim, freedom = _arguments("std_mean", input, dim, unbiased, keepdim, correction, axis, keepdims)
    return apply1(Std(axes, keepdim, freedom), input), mean(input, axes, keepdim)


def _arguments(
    name: str, input: Any, dim: Any, unbiased: Any, keepdim: Any, correction: Any, axis: Any, keepdims: Any
) -> tuple[tuple[int, ...] | None, bool, float]:
    """The axes, keepdim, and the correction."""
    a = array_of(name, input)
    if a.dtype not in FLOATING:
        raise DtypeError(
            f"{name}: expected a floating-point or complex tensor, got {describe(input)}; convert it with .float()"
        )
    if isinstance(dim, bool):
        if unbiased is not None:
            raise TypeError(
                f"{name}: {dim} cannot be a dim; use {name}(input, dim, unbiased) or {name}(input, unbiased)"
            )
        dim, unbiased = None, dim
    dim, keepdim = numpy_names(name, dim, keepdim, axis, keepdims)
    check_keepdim(name, keepdim)
    if unbiased is not None and correction is not None:
        raise TypeError(f"{name}: unbiased and correction say the same; give one of them")
    if correction is not None:
        check_number(name, "correction", correction)
    freedom = float(unbiased) if unbiased is not None else 1.0 if correction is None else float(correction)
    axes = many_dims(name, dim, a.ndim, a.shape)
    n = count(a.shape, axes)
    if n <= freedom and a.size >= n:
        warnings.warn(
            f"{name}: there are {n} elements to reduce and {n} - {freedom:g} <= 0 degrees of freedom",
            UserWarning,
            stacklevel=4,
        )
    return axes, keepdim, freedom


class MomentMethods:
    """The variances and standard deviations of a tensor."""

    __slots__ = ()

    def var(
        self,
        dim: Dim | bool = None,
        unbiased: bool | None = None,
        keepdim: bool = False,
        *,
        correction: float | None = None,
        axis: Dim = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.var`."""
        return var(self, dim, unbiased, keepdim, correction=correction, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]

    def std(
        self,
        dim: Dim | bool = None,
        unbiased: bool | None = None,
        keepdim: bool = False,
        *,
        correction: float | None = None,
        axis: Dim = None,
        keepdims: bool | None = None,
    ) -> Tensor:
        """See `gputensor.std`."""
        return std(self, dim, unbiased, keepdim, correction=correction, axis=axis, keepdims=keepdims)  # type: ignore[arg-type]
