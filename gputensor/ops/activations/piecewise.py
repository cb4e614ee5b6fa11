"""Activations made of straight pieces: relu and its kin, the hard and the shrinking ones."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import check_number, describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32
from gputensor.core.writes import write
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.arithmetic import mul
from gputensor.ops.operands import COMPLEX, is_half, not_bool, real_floating, rounded_once, wide
from gputensor.ops.out_argument import into
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Relu(Primitive):
    """A primitive because it is the most frequent of all: half the passes of where(x > 0, x, 0)."""

    __slots__ = ()
    saves = ("out",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.maximum(x, xp.scalar(0, x.dtype))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # out is never negative; nan passes the gradient on, as in PyTorch
        return xp.where(out != 0, g, 0)


class Hardtanh(Primitive):
    """x between two numbers; unlike a clamp it has no gradient at the bounds, as in PyTorch."""

    __slots__ = ("high", "low")
    saves = ("x",)

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.minimum(xp.maximum(x, xp.scalar(self.low, x.dtype)), xp.scalar(self.high, x.dtype))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # nan is in neither range and gets no gradient, as in PyTorch
        return xp.where((x > self.low) & (x < self.high), g, 0)


class Hardswish(Primitive):
    """x * relu6(x + 3) / 6: a primitive, because its gradient through those steps is nan at infinity."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return x * xp.minimum(xp.maximum(x + 3, xp.scalar(0, x.dtype)), xp.scalar(6, x.dtype)) / 6

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # nan has the slope nan, which is constant
        flat = xp.where(x >= 3, xp.ones_like(x), xp.scalar(math.nan, x.dtype))
        inner = xp.where(x < 3, x / 3 + xp.scalar(0.5, x.dtype), flat)
        return xp.where(x <= -3, 0, g * inner)


class LeakyRelu(Primitive):
    """A primitive, as those below: half the passes of a choice between two tensors, and a gradient with a history."""

    __slots__ = ("slope",)
    saves = ("x",)

    def __init__(self, slope: float) -> None:
        self.slope = slope

    def forward(self, xp: Any, x: Any) -> Any:
        if 0 < self.slope <= 1:
            # the larger of the two, a sixth of the time of a choice; not of slope 0, by which inf is nan
            return xp.maximum(x, x * self.slope)
        return xp.where(x > 0, x, x * self.slope)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.where(x > 0, g, g * self.slope)


class Threshold(Primitive):
    """x above a limit, a number elsewhere."""

    __slots__ = ("limit", "value")
    saves = ("x",)

    def __init__(self, limit: float, value: float) -> None:
        self.limit, self.value = limit, value

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.where(x <= self.limit, xp.scalar(self.value, x.dtype), x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.where(x <= self.limit, 0, g)


class Hardshrink(Primitive):
    """Zero near zero; nan stays, but gets no gradient."""

    __slots__ = ("bound",)
    saves = ("x",)

    def __init__(self, bound: float) -> None:
        self.bound = bound

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.where(self._small(x), 0, x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.where((x < -self.bound) | (x > self.bound), g, 0)

    def _small(self, x: Any) -> Any:
        return (x >= -self.bound) & (x <= self.bound)


class Softshrink(Hardshrink):
    """Zero near zero, elsewhere moved by as much; nan stays."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.where(self._small(x), 0, x - xp.sign(x) * self.bound)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.where((x < -self.bound) | (x > self.bound), g, 0)


RELU, RELU6, HARDSWISH = Relu(), Hardtanh(0, 6), Hardswish()


def relu(input: Tensor) -> Tensor:
    """The positive part of each element: max(input, 0).

    The gradient at 0 is 0. Raises DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.relu(gt.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    try:
        if input.array.dtype is not F32:
            _ordered("relu", input)
    except AttributeError:
        pass  # what is no tensor is refused below
    return apply1(RELU, input)


def relu6(input: Tensor) -> Tensor:
    """Each element between 0 and 6: min(max(input, 0), 6). No gradient at the bounds. Raises as `relu`.

    >>> import gputensor as gt
    >>> gt.nn.functional.relu6(gt.tensor([-1.0, 2.0, 9.0]))
    tensor([0., 2., 6.])
    """
    return apply1(RELU6, _ordered("relu6", input))


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """Each element between min_val and max_val. No gradient at the bounds.

    Raises ValueError when min_val is above max_val, DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.nn.functional.hardtanh(gt.tensor([-2.0, 0.5, 2.0]))
    tensor([-1.0000,  0.5000,  1.0000])
    """
    for word, bound in (("min_val", min_val), ("max_val", max_val)):
        check_number("hardtanh", word, bound)
    if min_val > max_val:
        raise ValueError(f"hardtanh: min_val must not be above max_val, got {min_val} and {max_val}")
    return apply1(Hardtanh(min_val, max_val), _ordered("hardtanh", input))


def leaky_relu(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """input where it is positive, negative_slope * input elsewhere. Raises DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.nn.functional.leaky_relu(gt.tensor([-1.0, 2.0]))
    tensor([-0.0100,  2.0000])
    """
    check_number("leaky_relu", "negative_slope", negative_slope)
    return wide(LeakyRelu(negative_slope), real_floating("leaky_relu", input))


@autocasts("prelu")
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """input where it is positive, weight * input elsewhere, with a slope that is learned.

    input: (batch, channel, ...), floating-point. weight: one number (0-d or of shape (1,)), or (channel,).
    Raises ShapeError for another shape of weight, DtypeError for integers, complex numbers and two dtypes.
    Source: He et al. 2015, Delving Deep into Rectifiers, equation 1.

    >>> import gputensor as gt
    >>> gt.prelu(gt.tensor([-1.0, 2.0]), gt.tensor([0.25]))
    tensor([-0.2500,  2.0000])
    """
    a, w = real_floating("prelu", input).array, real_floating("prelu", weight).array
    if a.dtype != w.dtype:
        raise DtypeError(f"prelu: input is {describe(input)} and weight {describe(weight)}; convert one with .to(…)")
    if w.size != 1 or w.ndim > 1:
        channels = a.shape[1] if a.ndim > 1 else 1
        if w.ndim != 1 or w.shape[0] != channels:
            raise ShapeError(
                f"prelu: weight must be one number or have shape ({channels},), one a channel of "
                f"input of shape {tuple(a.shape)}; "
                f"got {tuple(w.shape)}"
            )
        weight = weight.reshape(channels, *[1] * (a.ndim - 2))
    elif w.ndim > a.ndim:
        weight = weight.reshape(())
    return where(input > 0, input, mul(input, weight))


def threshold(input: Tensor, threshold: float, value: float, *, out: Tensor | None = None) -> Tensor:
    """input where it is above threshold, value elsewhere. Raises DtypeError for booleans and complex numbers.

    >>> import gputensor as gt
    >>> gt.threshold(gt.tensor([-1.0, 2.0]), 0.0, 20.0)
    tensor([20.,  2.])
    """
    _ordered("threshold", input)
    check_number("threshold", "threshold", threshold)
    check_number("threshold", "value", value)
    if input.array.dtype.kind in "iu":
        value = int(value)
    result = apply1(Threshold(threshold, value), input)
    return result if out is None else into("threshold", out, result)


def hardsigmoid(input: Tensor) -> Tensor:
    """relu6(input + 3) / 6, the straight line that is near the sigmoid.

    Raises DtypeError for integers and complex numbers.
    Unlike torch: there is a second derivative, 0.

    >>> import gputensor as gt
    >>> gt.nn.functional.hardsigmoid(gt.tensor([-4.0, 0.0, 4.0]))
    tensor([0.0000, 0.5000, 1.0000])
    """
    x = real_floating("hardsigmoid", input)
    return rounded_once(hardsigmoid, x) if is_half(x) else apply1(RELU6, x + 3) / 6


def hardswish(input: Tensor) -> Tensor:
    """input * relu6(input + 3) / 6, element by element. Raises DtypeError for integers and complex numbers.

    Source: Howard et al. 2019, Searching for MobileNetV3, section 5.2.

    >>> import gputensor as gt
    >>> gt.nn.functional.hardswish(gt.tensor([-1.5, 1.5, 4.0]))
    tensor([-0.3750,  1.1250,  4.0000])
    """
    return wide(HARDSWISH, real_floating("hardswish", input))


def hardshrink(input: Tensor, lambd: float = 0.5, *, out: Tensor | None = None) -> Tensor:
    """0 from -lambd to lambd, input elsewhere. Raises DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.hardshrink(gt.tensor([-1.0, 0.3, 1.0]))
    tensor([-1.,  0.,  1.])
    """
    x = real_floating("hardshrink", input)
    check_number("hardshrink", "lambd", lambd)
    result = apply1(Hardshrink(lambd), x)
    return result if out is None else into("hardshrink", out, result, exact=True)


def softshrink(input: Tensor, lambd: float = 0.5, *, out: Tensor | None = None) -> Tensor:
    """0 from -lambd to lambd, elsewhere input moved by lambd towards 0.

    Raises ValueError for a negative lambd, DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.nn.functional.softshrink(gt.tensor([-1.0, 0.3, 1.0]))
    tensor([-0.5000,  0.0000,  0.5000])
    """
    x = real_floating("softshrink", input)
    check_number("softshrink", "lambd", lambd)
    if lambd < 0:
        raise ValueError(f"softshrink: lambd must not be negative, got {lambd}")
    result = wide(Softshrink(lambd), x)
    return result if out is None else into("softshrink", out, result, exact=True)


def _ordered(name: str, x: Any) -> Any:
    d = not_bool(name, x).array.dtype
    if d in COMPLEX:
        raise DtypeError(f"{name}: not defined for complex numbers, got {describe(x)}")
    return x


class PiecewiseMethods:
    """The piecewise activations of a tensor."""

    __slots__ = ()

    def relu(self) -> Tensor:
        """See `gputensor.relu`."""
        return relu(self)  # type: ignore[arg-type]

    def relu_(self) -> Tensor:
        """`relu` in place."""
        return write(_ordered("relu_", self), RELU)

    def prelu(self, weight: Tensor) -> Tensor:
        """See `gputensor.prelu`."""
        return prelu(self, weight)  # type: ignore[arg-type]

    def hardshrink(self, lambd: float = 0.5) -> Tensor:
        """See `gputensor.hardshrink`."""
        return hardshrink(self, lambd)  # type: ignore[arg-type]
