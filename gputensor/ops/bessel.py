"""Bessel and Airy functions. i0, i0e, i1, i1e have gradients of every order; the others have none, as in PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import cast, constant
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, HALF
from gputensor.ops.operands import as_real, rewrite, wide
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class I0(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.bessel("i0", x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * xp.bessel("i1", x)


class I0e(Primitive):
    """A primitive: exp(-|x|) * i0(x) would be 0 * inf."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.bessel("i0e", x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (xp.bessel("i1e", x) - xp.sign(x) * xp.bessel("i0e", x))


class I1(Primitive):
    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.bessel("i1", x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return g * (xp.bessel("i0", x) - _over_itself(xp, "i1", x, 1))


class I1e(Primitive):
    """A primitive: exp(-|x|) * i1(x) would be 0 * inf."""

    __slots__ = ()
    saves = ("x",)

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.bessel("i1e", x)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        scaled = xp.bessel("i1e", x)
        ratio = _over_itself(xp, "i1e", x, xp.exp(-xp.abs(x)))
        return g * (xp.bessel("i0e", x) - xp.sign(x) * scaled - ratio)


def _over_itself(xp: Any, kind: str, x: Any, scale: Any) -> Any:
    """i1(x) / x times scale; below 1 the series, since the derivative of the quotient cancels there."""
    small = xp.abs(x) < 1
    square, series = x * x / 4, 1.0
    for k in range(10, 0, -1):
        series = 1 + series * square / (k * (k + 1))
    far = xp.where(small, 1.0, x)
    return xp.where(small, series * scale / 2, xp.bessel(kind, far) / far)


class Bessel(Primitive):
    """A Bessel function without gradient, by the name of its word."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.bessel(self.kind, x)


class SphericalJ0(Primitive):
    """sin(x) / x; 1 at 0 and 0 at infinity."""

    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        zero = xp.astype(x == 0, x.dtype)
        out = (xp.sin(x) + zero) / (x + zero)
        return xp.where(xp.isinf(x), xp.zeros_like(out), out)


class AiryAi(Primitive):
    __slots__ = ()

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.airy_ai(x)


I0_, I0E, I1_, I1E = I0(), I0e(), I1(), I1e()
J0, J1, Y0, Y1, K0, K1 = Bessel("j0"), Bessel("j1"), Bessel("y0"), Bessel("y1"), Bessel("k0"), Bessel("k1")
K0E, K1E, MODIFIED_I0, MODIFIED_I1 = Bessel("k0e"), Bessel("k1e"), Bessel("i0"), Bessel("i1")
SPHERICAL_J0, AIRY_AI = SphericalJ0(), AiryAi()


def i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind and order 0, element by element.

    Any shape; integers become the default dtype. Raises DtypeError for complex numbers.

    >>> import gputensor as gt
    >>> gt.i0(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """
    result = wide(I0_, as_real("i0", input))
    return result if out is None else into("i0", out, result)


def i0e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`i0` scaled: exp(-|input|) * i0(input), element by element, without overflow. Operands and errors as `i0`.

    >>> import gputensor as gt
    >>> gt.special.i0e(gt.tensor([0.0, 1000.0]))
    tensor([1.0000, 0.0126])
    """
    result = wide(I0E, as_real("i0e", input))
    return result if out is None else into("i0e", out, result)


def i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the first kind and order 1, element by element. Operands and errors as `i0`.

    >>> import gputensor as gt
    >>> gt.special.i1(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """
    result = wide(I1_, as_real("i1", input))
    return result if out is None else into("i1", out, result)


def i1e(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`i1` scaled: exp(-|input|) * i1(input), element by element, without overflow. Operands and errors as `i0`.

    >>> import gputensor as gt
    >>> gt.special.i1e(gt.tensor([0.0, 1000.0]))
    tensor([0.0000, 0.0126])
    """
    result = wide(I1E, as_real("i1e", input))
    return result if out is None else into("i1e", out, result)


def bessel_j0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind and order 0, element by element.

    Any shape; integers become the default dtype. No gradient, as in PyTorch. Raises DtypeError for complex numbers.
    Unlike torch: 16-bit floats are taken on the CPU.

    >>> import gputensor as gt
    >>> gt.special.bessel_j0(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 0.7652])
    """
    return _constant("bessel_j0", J0, input, out)


def bessel_j1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the first kind and order 1, element by element. Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.bessel_j1(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.4401])
    """
    return _constant("bessel_j1", J1, input, out)


def bessel_y0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind and order 0, element by element; -inf at 0, nan below.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.bessel_y0(gt.tensor([0.0, 1.0]))
    tensor([  -inf, 0.0883])
    """
    return _constant("bessel_y0", Y0, input, out)


def bessel_y1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The Bessel function of the second kind and order 1, element by element; -inf at 0, nan below.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.bessel_y1(gt.tensor([0.0, 1.0]))
    tensor([   -inf, -0.7812])
    """
    return _constant("bessel_y1", Y1, input, out)


def modified_bessel_i0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`i0` without its gradient, as in PyTorch.

    >>> import gputensor as gt
    >>> gt.special.modified_bessel_i0(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """
    return _constant("modified_bessel_i0", MODIFIED_I0, input, out)


def modified_bessel_i1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`i1` without its gradient, as in PyTorch.

    >>> import gputensor as gt
    >>> gt.special.modified_bessel_i1(gt.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """
    return _constant("modified_bessel_i1", MODIFIED_I1, input, out)


def modified_bessel_k0(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind and order 0, element by element; inf at 0, nan below.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.modified_bessel_k0(gt.tensor([0.0, 1.0]))
    tensor([   inf, 0.4210])
    """
    return _constant("modified_bessel_k0", K0, input, out)


def modified_bessel_k1(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The modified Bessel function of the second kind and order 1, element by element; inf at 0, nan below.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.modified_bessel_k1(gt.tensor([0.0, 1.0]))
    tensor([   inf, 0.6019])
    """
    return _constant("modified_bessel_k1", K1, input, out)


def scaled_modified_bessel_k0(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`modified_bessel_k0` scaled: exp(x) * k0(x), element by element, without underflow.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.scaled_modified_bessel_k0(gt.tensor([1.0, 1000.0]))
    tensor([1.1445, 0.0396])
    """
    return _constant("scaled_modified_bessel_k0", K0E, x, out)


def scaled_modified_bessel_k1(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`modified_bessel_k1` scaled: exp(x) * k1(x), element by element, without underflow.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.scaled_modified_bessel_k1(gt.tensor([1.0, 1000.0]))
    tensor([1.6362, 0.0396])
    """
    return _constant("scaled_modified_bessel_k1", K1E, x, out)


def spherical_bessel_j0(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The spherical Bessel function of the first kind and order 0, element by element: sin(x) / x, 1 at 0.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.spherical_bessel_j0(gt.tensor([0.0, 1.0]))
    tensor([1.0000, 0.8415])
    """
    return _constant("spherical_bessel_j0", SPHERICAL_J0, x, out)


def airy_ai(x: Tensor, *, out: Tensor | None = None) -> Tensor:
    """Airy's function Ai, element by element: the solution of y'' = x * y that decays to the right.

    Operands and errors as `bessel_j0`.

    >>> import gputensor as gt
    >>> gt.special.airy_ai(gt.tensor([0.0, 1.0]))
    tensor([0.3550, 0.1353])
    """
    return _constant("airy_ai", AIRY_AI, x, out)


def _constant(name: str, prim: Primitive, input: Any, out: Any) -> Any:
    """A function without gradient; 16-bit floats in float32, rounded once."""
    x = as_real(name, input)
    d = x.array.dtype
    result = cast(constant(prim, (cast(x.detach(), F32),)), d) if d in HALF else constant(prim, (x,))
    return result if out is None else into(name, out, result)


class BesselMethods:
    """The Bessel functions of a tensor."""

    __slots__ = ()

    def i0(self) -> Tensor:
        """See `gputensor.i0`."""
        return i0(self)  # type: ignore[arg-type]

    def i0_(self) -> Tensor:
        """`i0` in place."""
        return rewrite(self, i0)
