"""Discrete Fourier transforms along one dim, and the three primitives that all transforms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1, as_floating, cast
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import C64, C128, F64, HALF
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.complex_numbers import conj
from gputensor.ops.dims import ABSENT, DimError, checked, numpy_dim, one_dim, one_int
from gputensor.ops.indexing import getitem
from gputensor.ops.operands import COMPLEX
from gputensor.ops.out_argument import into
from gputensor.ops.padding import pad

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

# the scale of the transposed transform, which goes the other way
TRANSPOSED = {"backward": "forward", "forward": "backward", "ortho": "ortho"}


class Fourier(Primitive):
    """The transform along several axes, or its inverse; its matrix is symmetric."""

    __slots__ = ("axes", "inverse", "norm")

    def __init__(self, axes: tuple[int, ...], inverse: bool, norm: str) -> None:
        self.axes, self.inverse, self.norm = axes, inverse, norm

    def forward(self, xp: Any, x: Any) -> Any:
        return (xp.ifftn if self.inverse else xp.fftn)(x, self.axes, self.norm)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return (xp.ifftn if self.inverse else xp.fftn)(g, self.axes, self.norm)


class RealFourier(Primitive):
    """Half of the transform of n real points, at half of the cost."""

    __slots__ = ("axis", "norm")

    def __init__(self, axis: int, norm: str) -> None:
        self.axis, self.norm = axis, norm

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.rfft(x, self.axis, self.norm)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # irfft counts the inner points twice, the other half being their conjugates
        n = x.shape[self.axis]
        return xp.irfft(scaled_inside(xp, xp.conj(g), n, self.axis, 0.5), n, self.axis, TRANSPOSED[self.norm])


class HermitianFourier(Primitive):
    """n real points from the half of their transform."""

    __slots__ = ("axis", "n", "norm")

    def __init__(self, n: int, axis: int, norm: str) -> None:
        self.n, self.axis, self.norm = n, axis, norm

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.irfft(x, self.n, self.axis, self.norm)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return scaled_inside(xp, xp.rfft(g, self.axis, TRANSPOSED[self.norm]), self.n, self.axis, 2.0)


def scaled_inside(xp: Any, half: Any, n: int, axis: int, factor: float) -> Any:
    """Half a transform of n points with those multiplied whose conjugates are in the other half."""
    inside = (n + 1) // 2
    before = (slice(None),) * axis
    first, middle = getitem_of(xp, half, before, 0, 1), getitem_of(xp, half, before, 1, inside) * factor
    parts = [first, middle] if n % 2 else [first, middle, getitem_of(xp, half, before, inside, None)]
    return xp.concat(parts, axis)


def getitem_of(xp: Any, x: Any, before: tuple[slice, ...], start: int, stop: int | None) -> Any:
    return xp.getitem(x, (*before, slice(start, stop)))


@autocasts("fft")
def fft(
    input: Tensor,
    n: int | None = None,
    dim: int = -1,
    norm: str | None = None,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The discrete Fourier transform along a dim: ``out[k] = sum over j of input[j] exp(-2 pi i j k / n)``.

    (..., m, ...) -> (..., n, ...); n: the number of points, m unless given: input is cut, or zeros are added at its
    end. norm: "backward" (the transform is not scaled), "forward" (divided by n) or "ortho" (by the root of n).
    float32 and integers give complex64, float64 complex128. Raises DtypeError for 16-bit floats, ShapeError for no
    points, DimError (an IndexError) for a dim out of range and for 0-d tensors, ValueError for another norm.
    Unlike torch: other dims may be empty.

    >>> import gputensor as gt
    >>> gt.fft.fft(gt.tensor([1j, 2j, 3j])).imag
    tensor([ 6.0000, -1.5000, -1.5000])
    """
    if axis is not ABSENT:
        dim = numpy_dim("fft", dim, axis, -1)
    result = along_one("fft", input, n, dim, norm, False)
    return result if out is None else into("fft", out, result)


@autocasts("ifft")
def ifft(
    input: Tensor,
    n: int | None = None,
    dim: int = -1,
    norm: str | None = None,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fft`: ``out[j] = sum over k of input[k] exp(2 pi i j k / n) / n``.

    (..., m, ...) -> (..., n, ...), n, norm, dtypes and errors as in `fft`; norm "backward" divides by n, "forward"
    does not scale.

    >>> import gputensor as gt
    >>> gt.fft.ifft(gt.tensor([10 + 0j, -2 + 2j, -2 + 0j, -2 - 2j]))
    tensor([1.+0.j, 2.+0.j, 3.+0.j, 4.+0.j])
    """
    if axis is not ABSENT:
        dim = numpy_dim("ifft", dim, axis, -1)
    result = along_one("ifft", input, n, dim, norm, True)
    return result if out is None else into("ifft", out, result, exact=input.array.dtype.kind != "c")


@autocasts("rfft")
def rfft(
    input: Tensor,
    n: int | None = None,
    dim: int = -1,
    norm: str | None = None,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The first n // 2 + 1 points of the `fft` of a real tensor; the others are conjugates of these.

    (..., m, ...) -> (..., n // 2 + 1, ...), n, norm and errors as in `fft`. Raises DtypeError for complex tensors, too.

    >>> import gputensor as gt
    >>> gt.fft.rfft(gt.tensor([1.0, 2.0, 3.0, 4.0]))
    tensor([10.+0.j, -2.+2.j, -2.+0.j])
    """
    if axis is not ABSENT:
        dim = numpy_dim("rfft", dim, axis, -1)
    x, axis = real_operand("rfft", input), dim_of("rfft", input, dim)
    result = apply1(RealFourier(axis, norm_of("rfft", norm)), resized("rfft", x, axis, n))
    return result if out is None else into("rfft", out, result)


@autocasts("irfft")
def irfft(
    input: Tensor,
    n: int | None = None,
    dim: int = -1,
    norm: str | None = None,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfft`: n real points from the first half of their transform.

    (..., m, ...) -> (..., n, ...), n being 2 (m - 1) unless given, which is right for an even number of points. Of the
    first point, and of the last for an even n, the real part is read only. norm, dtypes and errors as in `ifft`.

    >>> import gputensor as gt
    >>> gt.fft.irfft(gt.tensor([10 + 0j, -2 + 2j, -2 + 0j]))
    tensor([1., 2., 3., 4.])
    """
    if axis is not ABSENT:
        dim = numpy_dim("irfft", dim, axis, -1)
    result = to_real("irfft", operand("irfft", input), n, dim_of("irfft", input, dim), norm_of("irfft", norm))
    return result if out is None else into("irfft", out, result, real=True)


@autocasts("hfft")
def hfft(
    input: Tensor,
    n: int | None = None,
    dim: int = -1,
    norm: str | None = None,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The `fft` of a signal of n points that is its own mirrored conjugate, from its first half; the result is real.

    (..., m, ...) -> (..., n, ...), n being 2 (m - 1) unless given. norm, dtypes and errors as in `fft`.

    >>> import gputensor as gt
    >>> gt.fft.hfft(gt.tensor([1.0, 2.0, 3.0]))
    tensor([ 8., -2.,  0., -2.])
    """
    if axis is not ABSENT:
        dim = numpy_dim("hfft", dim, axis, -1)
    x = conj(operand("hfft", input))
    result = to_real("hfft", x, n, dim_of("hfft", input, dim), TRANSPOSED[norm_of("hfft", norm)])
    return result if out is None else into("hfft", out, result, real=True)


@autocasts("ihfft")
def ihfft(
    input: Tensor,
    n: int | None = None,
    dim: int = -1,
    norm: str | None = None,
    *,
    axis: int | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfft`: the first n // 2 + 1 points of the `ifft` of a real tensor.

    (..., m, ...) -> (..., n // 2 + 1, ...), n, norm and errors as in `ifft`. Raises DtypeError for complex
    tensors, too.

    >>> import gputensor as gt
    >>> gt.fft.ihfft(gt.tensor([8.0, -2.0, 0.0, -2.0])).real
    tensor([1., 2., 3.])
    """
    if axis is not ABSENT:
        dim = numpy_dim("ihfft", dim, axis, -1)
    x, axis = real_operand("ihfft", input), dim_of("ihfft", input, dim)
    half = apply1(RealFourier(axis, TRANSPOSED[norm_of("ihfft", norm)]), resized("ihfft", x, axis, n))
    result = conj(half)
    return result if out is None else into("ihfft", out, result, exact=True)


# ---------------------------------------------------------------- arguments


def operand(name: str, input: Any) -> Any:
    """input as a floating-point or complex tensor of at least 32 bits."""
    x = as_floating(checked(name, input))
    if x.array.dtype in HALF:
        raise DtypeError(f"{name}: not defined for 16-bit floats, got {describe(input)}; convert with .float()")
    return x


def real_operand(name: str, input: Any) -> Any:
    """`operand`, which must not be complex."""
    x = operand(name, input)
    if x.array.dtype in COMPLEX:
        raise DtypeError(f"{name}: expected a real tensor, got {describe(input)}; use fft, ifft or their n-d forms")
    return x


def dim_of(name: str, input: Any, dim: Any) -> int:
    """dim as a non-negative int; a 0-d tensor has none."""
    shape = input.array.shape
    if not shape:
        raise DimError(f"{name}: a 0-d tensor has no dim to transform; use .reshape(1)")
    return one_dim(name, dim, len(shape), shape)


def norm_of(name: str, norm: Any) -> str:
    if norm is None:
        return "backward"
    if norm not in TRANSPOSED:
        raise ValueError(f"{name}: norm must be 'backward', 'ortho' or 'forward', got {norm!r}")
    return str(norm)


def resized(name: str, x: Any, axis: int, n: Any) -> Any:
    """x with n elements along an axis: cut, or with zeros at its end."""
    shape = x.array.shape
    have = shape[axis]
    count = have if n is None else one_int(name, "n", n)
    if count < 1:
        raise ShapeError(
            f"{name}: a transform needs at least one point, got {count} along dim {axis} of x of shape {tuple(shape)}"
        )
    if count < have:
        return getitem(x, (*(slice(None),) * axis, slice(count)))
    return x if count == have else pad(x, (0, 0) * (len(shape) - 1 - axis) + (0, count - have))


def along_one(name: str, input: Any, n: Any, dim: Any, norm: Any, inverse: bool) -> Any:
    """A complex transform along one dim."""
    x, axis = operand(name, input), dim_of(name, input, dim)
    return apply1(Fourier((axis,), inverse, norm_of(name, norm)), resized(name, x, axis, n))


def to_real(name: str, x: Any, n: Any, axis: int, norm: str) -> Any:
    """n real points along an axis from half of their transform."""
    count = 2 * (x.array.shape[axis] - 1) if n is None else one_int(name, "n", n)
    if count < 1:
        raise ShapeError(
            f"{name}: a transform needs at least one point, got {count} along dim {axis} of x of shape "
            f"{tuple(x.array.shape)}; pass the number of points as n"
        )
    return apply1(HermitianFourier(count, axis, norm), as_complex(resized(name, x, axis, count // 2 + 1)))


def as_complex(x: Any) -> Any:
    """x itself if it is complex, else with imaginary parts of 0."""
    d = x.array.dtype
    return x if d in COMPLEX else cast(x, C128 if d == F64 else C64)
