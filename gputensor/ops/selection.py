"""Choosing between values, element by element: where, and numbers in place of nan and infinity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from gputensor.core import dtypes
from gputensor.core.apply import apply1, apply3, operand, promote, wrap
from gputensor.core.explain import check_number, describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BF16, BOOL, C64, C128, F16, F32, F64, FLOATING
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError
from gputensor.ops.operands import COMPLEX, Number, check_fits, rewrite, tensor_operand
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

LARGEST = {
    F16: 65504.0,
    BF16: 3.3895313892515355e38,
    F32: 3.4028234663852886e38,
    F64: 1.7976931348623157e308,
    C64: 3.4028234663852886e38,
    C128: 1.7976931348623157e308,
}


class Where(Primitive):
    __slots__ = ()
    saves = ("condition",)

    def forward(self, xp: Any, condition: Any, x: Any, y: Any) -> Any:
        return xp.where(condition, x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, condition: Any, x: Any, y: Any) -> Any:
        return xp.where(condition, g, 0)

    def vjp_y(self, xp: Any, g: Any, out: Any, condition: Any, x: Any, y: Any) -> Any:
        return xp.where(condition, 0, g)


class NanToNum(Primitive):
    __slots__ = ("nan", "neginf", "posinf")
    saves = ("x",)

    def __init__(self, nan: float, posinf: float, neginf: float) -> None:
        self.nan, self.posinf, self.neginf = nan, posinf, neginf

    def forward(self, xp: Any, x: Any) -> Any:
        infinite = xp.where(x > 0, xp.scalar(self.posinf, x.dtype), xp.scalar(self.neginf, x.dtype))
        return xp.where(xp.isfinite(x), x, xp.where(xp.isnan(x), xp.scalar(self.nan, x.dtype), infinite))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.where(xp.isfinite(x), g, 0)


class NanToNumComplex(Primitive):
    """The same of both parts."""

    __slots__ = ("part",)
    name = "nan_to_num"
    saves = ("x",)

    def __init__(self, part: NanToNum) -> None:
        self.part = part

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.make_complex(self.part.forward(xp, xp.real(x)), self.part.forward(xp, xp.imag(x)))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.make_complex(
            xp.where(xp.isfinite(xp.real(x)), xp.real(g), 0), xp.where(xp.isfinite(xp.imag(x)), xp.imag(g), 0)
        )


WHERE = Where()


@overload
def where(condition: Tensor) -> tuple[Tensor, ...]: ...
@overload
def where(
    condition: Tensor, input: Tensor | Number, other: Tensor | Number, *, out: Tensor | None = None
) -> Tensor: ...
def where(
    condition: Tensor,
    input: Tensor | Number | None = None,
    other: Tensor | Number | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor | tuple[Tensor, ...]:
    """input where condition holds, else other, element by element.

    condition: boolean (or uint8). input, other: tensors or numbers; shapes broadcast, dtypes promote, two numbers give
    the default dtype of their kind. Gradients reach only what was chosen. ``where(condition)`` alone gives the indices
    of the true elements, one tensor a dim, and waits for the GPU. Raises DtypeError for another condition, ShapeError
    when shapes do not broadcast.

    >>> import gputensor as gt
    >>> x = gt.tensor([-1.0, 2.0])
    >>> gt.where(x > 0, x, 0.0), gt.where(x > 0)
    (tensor([0., 2.]), (tensor([1]),))
    """
    c = tensor_operand("where", condition, "condition")
    if input is None and other is None and out is None:
        xp = c.xp
        return tuple([wrap(i, xp) for i in xp.nonzero(c.array if c.array.ndim else xp.reshape(c.array, (1,)))])
    if input is None or other is None:
        raise TypeError("where: expected where(condition) or where(condition, input, other), got two arguments")
    if c.array.dtype is not BOOL:
        if c.array.dtype != dtypes.uint8.numpy:
            raise DtypeError(
                f"where: condition must be boolean, got {describe(c)}; compare it, for example condition != 0"
            )
        c = c != 0
    x, y = _choices(c, input, other)
    if x.array.dtype is not y.array.dtype or x.xp is not y.xp:
        x, y = promote("where", (x, y))
    result = apply3(WHERE, c, x, y)
    return result if out is None else into("where", out, result, exact=True)


def nan_to_num(
    input: Tensor,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
    *,
    out: Tensor | None = None,
) -> Tensor:
    """Numbers in place of nan and the infinities, element by element.

    nan: 0 unless given; posinf, neginf: the largest and the smallest number of the dtype unless given. Integers come
    back as they are; of complex numbers both parts are replaced. The gradient is 0 where something was replaced.

    >>> import gputensor as gt
    >>> gt.nan_to_num(gt.tensor([float("nan"), 1.0, float("inf")]), posinf=9.0)
    tensor([0., 1., 9.])
    """
    d = tensor_operand("nan_to_num", input).array.dtype
    if d not in FLOATING:
        result = input.clone()
        return result if out is None else into("nan_to_num", out, result, exact=True)
    for argument, number in (("nan", nan), ("posinf", posinf), ("neginf", neginf)):
        if number is not None:
            check_number("nan_to_num", argument, number)
    most = LARGEST[d]
    prim = NanToNum(
        0.0 if nan is None else nan, most if posinf is None else posinf, -most if neginf is None else neginf
    )
    result = apply1(NanToNumComplex(prim) if d in COMPLEX else prim, input)
    return result if out is None else into("nan_to_num", out, result, exact=True)


def _choices(condition: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """The two things to choose from as tensors; numbers beside a tensor weigh less than it."""
    if isinstance(x, TensorBase) and isinstance(y, TensorBase):
        return x, y
    if not isinstance(x, TensorBase) and not isinstance(y, TensorBase):
        # as PyTorch: each is a 0-d tensor of the default dtype of its kind
        blank = wrap(condition.xp.zeros((), BOOL), condition.xp)
        first, second = operand(x, blank), operand(y, blank)
    else:
        first = operand(x, y) if not isinstance(x, TensorBase) else x
        second = operand(y, x) if not isinstance(y, TensorBase) else y
    for given, made in ((x, first), (y, second)):
        if made is not NotImplemented and isinstance(given, int):
            check_fits("where", "the choice", given, made.array.dtype)
        if made is NotImplemented:
            raise TypeError(f"where: expected tensors or numbers to choose from, got {describe(given)}")
    return first, second


class SelectionMethods:
    """The choices of a tensor."""

    __slots__ = ()

    def where(self, condition: Tensor, other: Tensor | Number) -> Tensor:
        """This tensor where condition holds, else other; see `gputensor.where`."""
        return where(condition, self, other)  # type: ignore[call-overload]  # self is a Tensor

    def nan_to_num(self, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Tensor:
        """See `gputensor.nan_to_num`."""
        return nan_to_num(self, nan, posinf, neginf)  # type: ignore[arg-type]

    def nan_to_num_(self, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Tensor:
        """`nan_to_num` in place."""
        return rewrite(self, nan_to_num, nan, posinf, neginf)
