"""The larger and the smaller of two, and values kept between bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, apply3, cast, operand, promote
from gputensor.core.explain import check_number
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import promote_types, scalar_type
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError
from gputensor.ops.operands import COMPLEX, Number, only_tensors, rewrite, tensor_operand, two
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Maximum(Primitive):
    """The larger of two; nan if one of them is. Equal operands share the gradient, half each."""

    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        _ordered(x)
        return xp.maximum(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where(x < y, 0, xp.where(x == y, g / 2, g))

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where(y < x, 0, xp.where(x == y, g / 2, g))


class Minimum(Primitive):
    """The smaller of two; nan if one of them is. Equal operands share the gradient, half each."""

    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        _ordered(x)
        return xp.minimum(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where(x > y, 0, xp.where(x == y, g / 2, g))

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where(y > x, 0, xp.where(x == y, g / 2, g))


class Fmax(Primitive):
    """The larger of two, or the one that is not nan. Of equal operands the first gets the gradient, as in PyTorch."""

    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        _ordered(x)
        return xp.fmax(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where((x >= y) | xp.isnan(y), g, 0)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where((x >= y) | xp.isnan(y), 0, g)


class Fmin(Primitive):
    """The smaller of two, or the one that is not nan. Of equal operands the first gets the gradient, as in PyTorch."""

    __slots__ = ()
    saves = ("x", "y")

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        _ordered(x)
        return xp.fmin(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where((x <= y) | xp.isnan(y), g, 0)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.where((x <= y) | xp.isnan(y), 0, g)


class ClampNumbers(Primitive):
    """x between two numbers, either of which may be None; x gets the gradient at the bounds too."""

    __slots__ = ("high", "low")
    grad_name = "ClampBackward1"
    name = "clamp"
    saves = ("x",)

    def __init__(self, low: Any, high: Any) -> None:
        self.low, self.high = low, high

    def forward(self, xp: Any, x: Any) -> Any:
        _ordered(x)
        if self.low is not None:
            x = xp.maximum(x, xp.scalar(self.low, x.dtype))
        return x if self.high is None else xp.minimum(x, xp.scalar(self.high, x.dtype))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        if self.low is None:
            inside = x <= self.high
        elif self.high is None:
            inside = x >= self.low
        else:
            inside = (x >= self.low) & (x <= self.high)
        return xp.where(inside, g, 0)


class ClampMin(Primitive):
    """maximum, but of equal operands x gets the whole gradient, and nobody at nan."""

    __slots__ = ()
    saves = ("x", "low")

    def forward(self, xp: Any, x: Any, low: Any) -> Any:
        _ordered(x)
        return xp.maximum(x, low)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, low: Any) -> Any:
        return xp.where(x >= low, g, 0)

    def vjp_low(self, xp: Any, g: Any, out: Any, x: Any, low: Any) -> Any:
        return xp.where(x < low, g, 0)


class ClampMax(Primitive):
    """minimum, but of equal operands x gets the whole gradient, and nobody at nan."""

    __slots__ = ()
    saves = ("x", "high")

    def forward(self, xp: Any, x: Any, high: Any) -> Any:
        _ordered(x)
        return xp.minimum(x, high)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, high: Any) -> Any:
        return xp.where(x <= high, g, 0)

    def vjp_high(self, xp: Any, g: Any, out: Any, x: Any, high: Any) -> Any:
        return xp.where(x > high, g, 0)


class Clamp(Primitive):
    """x between two tensors; where they cross, high wins and gets the gradient."""

    __slots__ = ()
    saves = ("x", "low", "high")

    def forward(self, xp: Any, x: Any, low: Any, high: Any) -> Any:
        _ordered(x)
        return xp.minimum(xp.maximum(x, low), high)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, low: Any, high: Any) -> Any:
        return xp.where((x >= low) & (x <= high), g, 0)

    def vjp_low(self, xp: Any, g: Any, out: Any, x: Any, low: Any, high: Any) -> Any:
        return xp.where((x < low) & (low < high), g, 0)

    def vjp_high(self, xp: Any, g: Any, out: Any, x: Any, low: Any, high: Any) -> Any:
        return xp.where((x > high) | (low > high), g, 0)


MAXIMUM, MINIMUM, FMAX, FMIN = Maximum(), Minimum(), Fmax(), Fmin()
CLAMP_MIN, CLAMP_MAX, CLAMP = ClampMin(), ClampMax(), Clamp()


def maximum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger of two tensors, element by element; nan where one of them is.

    Shapes broadcast; dtypes promote. Equal elements share the gradient, half each. Raises DtypeError for complex
    numbers.

    >>> import gputensor as gt
    >>> gt.maximum(gt.tensor([1.0, 4.0]), gt.tensor([3.0, 2.0]))
    tensor([3., 4.])
    """
    only_tensors("maximum", input, other)
    result = two(MAXIMUM, input, other)
    return result if out is None else into("maximum", out, result)


def minimum(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two tensors, element by element; nan where one of them is.

    Shapes broadcast; dtypes promote. Equal elements share the gradient, half each. Raises DtypeError for complex
    numbers.

    >>> import gputensor as gt
    >>> gt.minimum(gt.tensor([1.0, 4.0]), gt.tensor([3.0, 2.0]))
    tensor([1., 2.])
    """
    only_tensors("minimum", input, other)
    result = two(MINIMUM, input, other)
    return result if out is None else into("minimum", out, result)


def fmax(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The larger of two tensors, element by element; where one is nan, the other.

    Shapes broadcast; dtypes promote. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.fmax(gt.tensor([1.0, float("nan")]), gt.tensor([3.0, 2.0]))
    tensor([3., 2.])
    """
    only_tensors("fmax", input, other)
    result = two(FMAX, input, other)
    return result if out is None else into("fmax", out, result)


def fmin(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The smaller of two tensors, element by element; where one is nan, the other.

    Shapes broadcast; dtypes promote. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.fmin(gt.tensor([1.0, float("nan")]), gt.tensor([3.0, 2.0]))
    tensor([1., 2.])
    """
    only_tensors("fmin", input, other)
    result = two(FMIN, input, other)
    return result if out is None else into("fmin", out, result)


def clamp(
    input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None, *, out: Tensor | None = None
) -> Tensor:
    """input kept between min and max, element by element: minimum(maximum(input, min), max).

    min, max: numbers or tensors, one of them may be left out. Shapes broadcast; dtypes promote. nan stays nan. The
    gradient reaches input inside the bounds and at them, and a bound that is a tensor where it is the result. Raises
    ArgumentError without any bound, TypeError for a bound that is no number or tensor, DtypeError for complex numbers,
    OverflowError for a number that the dtype of the result cannot hold.
    Unlike torch: with create_graph the gradient always has a history, of zeros; no number wraps around in uint8; and
    booleans are taken, as is a tensor for one bound beside a number for the other.

    >>> import gputensor as gt
    >>> gt.clamp(gt.tensor([-1.0, 0.5, 2.0]), 0, 1)
    tensor([0.0000, 0.5000, 1.0000])
    """
    x = tensor_operand("clamp", input)
    if min is None and max is None:
        raise ArgumentError("clamp: at least one of min and max must be given")
    if not isinstance(min, TensorBase) and not isinstance(max, TensorBase):
        d = x.array.dtype
        for bound in (min, max):
            if bound is not None:
                if type(bound) is not float and type(bound) is not int:
                    _check_bounds(min, max)
                d = promote_types(d, scalar_type(bound, d))
        result = apply1(ClampNumbers(min, max), cast(x, d))
        return result if out is None else into("clamp", out, result, exact=True)
    _check_bounds(min, max)
    if max is None:
        result = two(CLAMP_MIN, x, min)
        return result if out is None else into("clamp", out, result)
    if min is None:
        result = two(CLAMP_MAX, x, max)
        return result if out is None else into("clamp", out, result)
    if not (isinstance(min, TensorBase) and isinstance(max, TensorBase)):
        min, max = _as_number(min, x), _as_number(max, x)
    bounds = [operand(bound, x) for bound in (min, max)]
    result = apply3(CLAMP, *promote("clamp", (x, *bounds)))
    return result if out is None else into("clamp", out, result)


def clamp_min(input: Tensor, min: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input, but not below min, element by element. As `clamp` with one bound.

    >>> import gputensor as gt
    >>> gt.clamp_min(gt.tensor([-1.0, 2.0]), 0)
    tensor([0., 2.])
    """
    result = clamp(input, min, None)
    return result if out is None else into("clamp_min", out, result, exact=not isinstance(min, TensorBase))


def clamp_max(input: Tensor, max: Tensor | Number, *, out: Tensor | None = None) -> Tensor:
    """input, but not above max, element by element. As `clamp` with one bound.

    >>> import gputensor as gt
    >>> gt.clamp_max(gt.tensor([-1.0, 2.0]), 0)
    tensor([-1.,  0.])
    """
    result = clamp(input, None, max)
    return result if out is None else into("clamp_max", out, result, exact=not isinstance(max, TensorBase))


clip = clamp


def _check_bounds(low: Any, high: Any) -> None:
    for word, bound in (("min", low), ("max", high)):
        if bound is not None:
            check_number("clamp", word, bound)


def _as_number(bound: Any, x: Any) -> Any:
    """A 0-d tensor beside a bound that is a number counts as one, too: it gets the dtype that a number would."""
    if isinstance(bound, TensorBase) and not bound.array.ndim and not bound.requires_grad:  # type: ignore[attr-defined]  # tensors have it
        kind = bound.array.dtype.kind
        return cast(bound, scalar_type(False if kind == "b" else 0 if kind in "iu" else 0.0, x.array.dtype))
    return bound


def _ordered(x: Any) -> None:
    if x.dtype in COMPLEX:
        raise TypeError("complex numbers have no order")


class ClampingMethods:
    """The bounds of a tensor, and comparisons with another that keep values."""

    __slots__ = ()

    def maximum(self, other: Tensor) -> Tensor:
        """See `gputensor.maximum`."""
        return maximum(self, other)  # type: ignore[arg-type]

    def minimum(self, other: Tensor) -> Tensor:
        """See `gputensor.minimum`."""
        return minimum(self, other)  # type: ignore[arg-type]

    def fmax(self, other: Tensor) -> Tensor:
        """See `gputensor.fmax`."""
        return fmax(self, other)  # type: ignore[arg-type]

    def fmin(self, other: Tensor) -> Tensor:
        """See `gputensor.fmin`."""
        return fmin(self, other)  # type: ignore[arg-type]

    def clamp(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
        """See `gputensor.clamp`."""
        return clamp(self, min, max)  # type: ignore[arg-type]

    def clamp_(self, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
        """`clamp` in place."""
        return rewrite(self, clamp, min, max)

    def clamp_min(self, min: Tensor | Number) -> Tensor:
        """See `gputensor.clamp_min`."""
        return clamp(self, min, None)  # type: ignore[arg-type]

    def clamp_min_(self, min: Tensor | Number) -> Tensor:
        """`clamp_min` in place."""
        return rewrite(self, clamp_min, min)

    def clamp_max(self, max: Tensor | Number) -> Tensor:
        """See `gputensor.clamp_max`."""
        return clamp(self, None, max)  # type: ignore[arg-type]

    def clamp_max_(self, max: Tensor | Number) -> Tensor:
        """`clamp_max` in place."""
        return rewrite(self, clamp_max, max)

    clip, clip_ = clamp, clamp_
