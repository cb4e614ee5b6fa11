"""Complex numbers: parts, conjugates, angles, and the two ways to see them as pairs of real numbers.

The gradient of a real loss with respect to z = x + iy is dL/dx + i dL/dy, as in PyTorch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, as_floating, binary
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, F64
from gputensor.core.views import take_view
from gputensor.core.writes import write
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.operands import COMPLEX, tensor_operand
from gputensor.ops.out_argument import into
from gputensor.ops.trigonometric import cos, sin

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Real(Primitive):
    __slots__ = ()
    view = True
    passes = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.real(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g


class Imag(Primitive):
    __slots__ = ()
    view = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.imag(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.make_complex(xp.zeros_like(g), g)


class Conj(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.conj(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.conj(g)


class AngleReal(Primitive):
    """0, or pi below 0: a step."""

    __slots__ = ()
    name = "angle"

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.angle(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.zeros_like(g)


class Angle(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.angle(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # i x / |x|^2, in two steps because the square would overflow first; 0 at the origin
        size = xp.abs(x)
        size = xp.where(size != 0, size, xp.ones_like(size))
        across = xp.make_complex(-xp.imag(x), xp.real(x))
        return g / size * (across / size)


class MakeComplex(Primitive):
    """A complex number from its parts; the engine hands in the conjugate of the gradient."""

    __slots__ = ()
    name = "complex"

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.make_complex(x, y)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.real(g)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return -xp.imag(g)


class ViewAsReal(Primitive):
    __slots__ = ()
    view = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.view_as_real(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.make_complex(xp.getitem(g, (..., 0)), xp.getitem(g, (..., 1)))


class ViewAsComplex(Primitive):
    __slots__ = ()
    view = True

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.view_as_complex(x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.view_as_real(xp.conj(g))


REAL, IMAG, CONJ, MAKE_COMPLEX = Real(), Imag(), Conj(), MakeComplex()
ANGLE, ANGLE_REAL = Angle(), AngleReal()
VIEW_AS_REAL, VIEW_AS_COMPLEX = ViewAsReal(), ViewAsComplex()


def real(input: Tensor) -> Tensor:
    """The real part of each element, a view; a real tensor is itself.

    input: complex64 -> float32, complex128 -> float64.

    >>> import gputensor as gt
    >>> gt.real(gt.tensor([1 + 2j]))
    tensor([1.])
    """
    return take_view(REAL, input) if tensor_operand("real", input).array.dtype in COMPLEX else input


def imag(input: Tensor) -> Tensor:
    """The imaginary part of each element, a view.

    input: complex64 -> float32, complex128 -> float64. Raises DtypeError for real tensors, as PyTorch.

    >>> import gputensor as gt
    >>> gt.imag(gt.tensor([1 + 2j]))
    tensor([2.])
    """
    return take_view(IMAG, _complex("imag", input))


def conj(input: Tensor) -> Tensor:
    """The complex conjugate of each element; a real tensor is itself.

    Unlike torch: a copy, computed at once, so that is_conj() is always False.

    >>> import gputensor as gt
    >>> gt.conj(gt.tensor([1 + 2j]))
    tensor([1.-2.j])
    """
    return apply1(CONJ, input) if tensor_operand("conj", input).array.dtype in COMPLEX else input


def conj_physical(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The complex conjugate of each element, as a copy; a real tensor is itself.

    >>> import gputensor as gt
    >>> gt.conj_physical(gt.tensor([1 + 2j]))
    tensor([1.-2.j])
    """
    result = conj(input)
    return result if out is None else into("conj_physical", out, result, exact=True)


def resolve_conj(input: Tensor) -> Tensor:
    """input itself: conjugates are never put off.

    >>> import gputensor as gt
    >>> gt.resolve_conj(gt.tensor([1j]))
    tensor([0.+1.j])
    """
    return tensor_operand("resolve_conj", input)


def resolve_neg(input: Tensor) -> Tensor:
    """input itself: negations are never put off.

    >>> import gputensor as gt
    >>> gt.resolve_neg(gt.tensor([1.0]))
    tensor([1.])
    """
    return tensor_operand("resolve_neg", input)


def is_conj(input: Tensor) -> bool:
    """False: conjugates are never put off.

    >>> import gputensor as gt
    >>> gt.is_conj(gt.tensor([1j]).conj())
    False
    """
    tensor_operand("is_conj", input)
    return False


def is_neg(input: Tensor) -> bool:
    """False: negations are never put off.

    >>> import gputensor as gt
    >>> gt.is_neg(-gt.tensor([1.0]))
    False
    """
    tensor_operand("is_neg", input)
    return False


def is_complex(input: Tensor) -> bool:
    """Whether the dtype is complex.

    >>> import gputensor as gt
    >>> gt.is_complex(gt.tensor([1j]))
    True
    """
    return tensor_operand("is_complex", input).array.dtype in COMPLEX


def angle(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The angle of each complex number with the positive real axis, between -pi and pi.

    Of real numbers 0, or pi below 0; integers give the default dtype. The gradient at 0 is 0, and that of real numbers
    too.

    >>> import gputensor as gt
    >>> gt.angle(gt.tensor([1j, -1 + 0j]))
    tensor([1.5708, 3.1416])
    """
    x = as_floating(tensor_operand("angle", input))
    result = apply1(ANGLE if x.array.dtype in COMPLEX else ANGLE_REAL, x)
    return result if out is None else into("angle", out, result)


def complex(real: Tensor, imag: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers from their real and imaginary parts.

    real, imag: both float32 -> complex64, or both float64 -> complex128; shapes broadcast. Raises DtypeError for other
    dtypes.

    >>> import gputensor as gt
    >>> gt.complex(gt.tensor([1.0]), gt.tensor([2.0]))
    tensor([1.+2.j])
    """
    x, y = _parts("complex", real, imag)
    result = binary(MAKE_COMPLEX, x, y)
    return result if out is None else into("complex", out, result, exact=True)


@autocasts("polar")
def polar(abs: Tensor, angle: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Complex numbers from their size and angle: abs * (cos(angle) + i sin(angle)).

    abs, angle: both float32 -> complex64, or both float64 -> complex128; shapes broadcast. Raises DtypeError for other
    dtypes. Unlike torch: the gradient of abs at 0 is that of the formula, cos(angle) and sin(angle), and not 0.

    >>> import gputensor as gt
    >>> gt.polar(gt.tensor([2.0]), gt.tensor([0.0]))
    tensor([2.+0.j])
    """
    size, turned = _parts("polar", abs, angle)
    result = binary(MAKE_COMPLEX, size * cos(turned), size * sin(turned))
    return result if out is None else into("polar", out, result, exact=True)


def view_as_real(input: Tensor) -> Tensor:
    """Complex numbers as pairs of real and imaginary part, a view.

    input: (...), complex -> (..., 2), real. Raises DtypeError for real tensors.

    >>> import gputensor as gt
    >>> gt.view_as_real(gt.tensor([1 + 2j]))
    tensor([[1., 2.]])
    """
    return take_view(VIEW_AS_REAL, _complex("view_as_real", input))


@autocasts("view_as_complex")
def view_as_complex(input: Tensor) -> Tensor:
    """Pairs of real and imaginary part as complex numbers, a view.

    input: (..., 2), float32 or float64, the last dim with stride 1 -> (...), complex. Raises ShapeError for other
    shapes and strides, DtypeError for other dtypes.

    >>> import gputensor as gt
    >>> gt.view_as_complex(gt.tensor([[1.0, 2.0]]))
    tensor([1.+2.j])
    """
    a = tensor_operand("view_as_complex", input).array
    if a.dtype is not F32 and a.dtype is not F64:
        raise DtypeError(f"view_as_complex: expected float32 or float64, got {describe(input)}")
    if not a.ndim or a.shape[-1] != 2:
        raise ShapeError(f"view_as_complex: the last dim must have size 2, got {describe(input)}")
    if a.size and a.strides[-1] != a.dtype.itemsize:
        raise ShapeError("view_as_complex: the last dim must have stride 1; call .contiguous() first")
    return take_view(VIEW_AS_COMPLEX, input)


def _complex(name: str, x: Any) -> Any:
    if tensor_operand(name, x).array.dtype not in COMPLEX:
        raise DtypeError(f"{name}: expected a complex tensor, got {describe(x)}")
    return x


def _parts(name: str, x: Any, y: Any) -> tuple[Any, Any]:
    a, b = tensor_operand(name, x).array.dtype, tensor_operand(name, y).array.dtype
    if a is not b or (a is not F32 and a is not F64):
        raise DtypeError(
            f"{name}: expected two tensors, both float32 or both float64, got {describe(x)} and {describe(y)}"
        )
    return x, y


class ComplexMethods:
    """The complex side of a tensor."""

    __slots__ = ()

    @property
    def real(self) -> Tensor:
        """The real part, a view; a real tensor is itself."""
        return real(self)  # type: ignore[arg-type]

    @real.setter
    def real(self, value: Any) -> None:
        real(self).copy_(value)  # type: ignore[arg-type]

    @property
    def imag(self) -> Tensor:
        """The imaginary part, a view."""
        return imag(self)  # type: ignore[arg-type]

    @imag.setter
    def imag(self, value: Any) -> None:
        imag(self).copy_(value)  # type: ignore[arg-type]

    def conj(self) -> Tensor:
        """See `gputensor.conj`."""
        return conj(self)  # type: ignore[arg-type]

    def conj_physical(self) -> Tensor:
        """See `gputensor.conj_physical`."""
        return conj(self)  # type: ignore[arg-type]

    def conj_physical_(self) -> Tensor:
        """`conj_physical` in place."""
        return write(self, CONJ)

    def resolve_conj(self) -> Tensor:
        """This tensor: conjugates are never put off."""
        return self  # type: ignore[return-value]

    def resolve_neg(self) -> Tensor:
        """This tensor: negations are never put off."""
        return self  # type: ignore[return-value]

    def is_conj(self) -> bool:
        """False: conjugates are never put off."""
        return False

    def is_neg(self) -> bool:
        """False: negations are never put off."""
        return False

    def angle(self) -> Tensor:
        """See `gputensor.angle`."""
        return angle(self)  # type: ignore[arg-type]
