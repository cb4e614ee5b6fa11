"""Discrete Fourier transforms along several dims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.autocasting import autocasts
from gputensor.errors import ShapeError
from gputensor.ops.complex_numbers import conj
from gputensor.ops.dims import ABSENT, DuplicateDimError, checked, numpy_dim, one_dim, one_int
from gputensor.ops.fourier import (
    TRANSPOSED,
    Fourier,
    RealFourier,
    as_complex,
    norm_of,
    operand,
    real_operand,
    resized,
    to_real,
)
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Sizes = int | Sequence[int] | None


@autocasts("fftn")
def fftn(
    input: Tensor,
    s: Sizes = None,
    dim: Sizes = None,
    norm: str | None = None,
    *,
    axis: Sizes = None,
    out: Tensor | None = None,
) -> Tensor:
    """The discrete Fourier transform along several dims: `gputensor.fft.fft` along one after the other.

    dim: the dims, all unless given; with s alone, the last ones. s: the number of points along each of them, its size
    unless given (-1 in s, too): input is cut, or zeros are added at its end. norm: "backward" (not scaled), "forward"
    (divided by the number n of points) or "ortho" (by the root of n). float32 and integers give complex64, float64
    complex128. Raises DtypeError for 16-bit floats, ShapeError for no points, for s and dim of unlike lengths and for
    a dim named twice, DimError (an IndexError) for a dim out of range, ValueError for another norm.

    >>> import gputensor as gt
    >>> gt.fft.fftn(gt.tensor([[1.0, 2.0], [3.0, 5.0]])).real
    tensor([[11., -3.],
            [-5.,  1.]])
    """
    if axis is not None:
        dim = numpy_dim("fftn", dim, axis)
    result = along_many("fftn", input, s, dim, norm, False)
    return result if out is None else into("fftn", out, result)


@autocasts("ifftn")
def ifftn(
    input: Tensor,
    s: Sizes = None,
    dim: Sizes = None,
    norm: str | None = None,
    *,
    axis: Sizes = None,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fftn`; the same arguments and errors. norm "backward" divides by n, "forward" does not scale.

    >>> import gputensor as gt
    >>> gt.fft.ifftn(gt.tensor([[10 + 0j, -2 + 0j], [-4 + 0j, 0j]])).real
    tensor([[1., 2.],
            [3., 4.]])
    """
    if axis is not None:
        dim = numpy_dim("ifftn", dim, axis)
    result = along_many("ifftn", input, s, dim, norm, True)
    return result if out is None else into("ifftn", out, result)


@autocasts("rfftn")
def rfftn(
    input: Tensor,
    s: Sizes = None,
    dim: Sizes = None,
    norm: str | None = None,
    *,
    axis: Sizes = None,
    out: Tensor | None = None,
) -> Tensor:
    """The half of `fftn` of a real tensor that determines the rest: n // 2 + 1 of n points along the last of the dims.

    Arguments and errors as in `fftn`. Raises DtypeError for complex tensors and ShapeError for no dims, too.

    >>> import gputensor as gt
    >>> gt.fft.rfftn(gt.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])).shape
    gputensor.Size([2, 2])
    """
    if axis is not None:
        dim = numpy_dim("rfftn", dim, axis)
    result = from_real("rfftn", input, s, dim, norm)
    return result if out is None else into("rfftn", out, result)


@autocasts("irfftn")
def irfftn(
    input: Tensor,
    s: Sizes = None,
    dim: Sizes = None,
    norm: str | None = None,
    *,
    axis: Sizes = None,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfftn`: a real tensor from half of its transform.

    The last of the dims gets the last size of s, 2 (m - 1) points unless given. Other arguments and errors as in
    `ifftn`. Raises ShapeError for no dims, too.

    >>> import gputensor as gt
    >>> gt.fft.irfftn(gt.fft.rfftn(gt.ones(2, 3)), (2, 3))
    tensor([[1., 1., 1.],
            [1., 1., 1.]])
    """
    if axis is not None:
        dim = numpy_dim("irfftn", dim, axis)
    result = many_to_real("irfftn", input, s, dim, norm, True)
    return result if out is None else into("irfftn", out, result, real=True)


def hfftn(
    input: Tensor,
    s: Sizes = None,
    dim: Sizes = None,
    norm: str | None = None,
    *,
    axis: Sizes = None,
    out: Tensor | None = None,
) -> Tensor:
    """The `fftn` of a signal that is its own mirrored conjugate, from its half along the last of the dims; real.

    The last of the dims gets the last size of s, 2 (m - 1) points unless given. Other arguments and errors as in
    `fftn`. Raises ShapeError for no dims, too.

    >>> import gputensor as gt
    >>> gt.fft.hfftn(gt.tensor([[1.0, 2.0]]))
    tensor([[ 3., -1.]])
    """
    if axis is not None:
        dim = numpy_dim("hfftn", dim, axis)
    result = many_to_real("hfftn", input, s, dim, norm, False)
    return result if out is None else into("hfftn", out, result, real=True)


def ihfftn(
    input: Tensor,
    s: Sizes = None,
    dim: Sizes = None,
    norm: str | None = None,
    *,
    axis: Sizes = None,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfftn`: the half of `ifftn` of a real tensor that determines the rest.

    Arguments and errors as in `ifftn`. Raises DtypeError for complex tensors and ShapeError for no dims, too.

    >>> import gputensor as gt
    >>> gt.fft.ihfftn(gt.tensor([[3.0, -1.0]])).real
    tensor([[1., 2.]])
    """
    if axis is not None:
        dim = numpy_dim("ihfftn", dim, axis)
    result = to_hermitian("ihfftn", input, s, dim, norm)
    return result if out is None else into("ihfftn", out, result)


@autocasts("fft2")
def fft2(
    input: Tensor,
    s: Sizes = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    axis: int | Sequence[int] | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The discrete Fourier transform along two dims, the last ones unless given; see `fftn`.

    >>> import gputensor as gt
    >>> gt.fft.fft2(gt.ones(2, 2)).abs()
    tensor([[4., 0.],
            [0., 0.]])
    """
    if axis is not ABSENT:
        dim = numpy_dim("fft2", dim, axis, (-2, -1))
    result = along_many("fft2", input, s, two("fft2", dim), norm, False)
    return result if out is None else into("fft2", out, result)


@autocasts("ifft2")
def ifft2(
    input: Tensor,
    s: Sizes = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    axis: int | Sequence[int] | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `fft2`; see `ifftn`.

    >>> import gputensor as gt
    >>> gt.fft.ifft2(gt.ones(2, 2)).abs()
    tensor([[1., 0.],
            [0., 0.]])
    """
    if axis is not ABSENT:
        dim = numpy_dim("ifft2", dim, axis, (-2, -1))
    result = along_many("ifft2", input, s, two("ifft2", dim), norm, True)
    return result if out is None else into("ifft2", out, result)


@autocasts("rfft2")
def rfft2(
    input: Tensor,
    s: Sizes = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    axis: int | Sequence[int] | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The half of `fft2` of a real tensor that determines the rest; see `rfftn`.

    >>> import gputensor as gt
    >>> gt.fft.rfft2(gt.ones(2, 2))
    tensor([[4.+0.j, 0.+0.j],
            [0.+0.j, 0.+0.j]])
    """
    if axis is not ABSENT:
        dim = numpy_dim("rfft2", dim, axis, (-2, -1))
    result = from_real("rfft2", input, s, two("rfft2", dim), norm)
    return result if out is None else into("rfft2", out, result)


@autocasts("irfft2")
def irfft2(
    input: Tensor,
    s: Sizes = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    axis: int | Sequence[int] | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `rfft2`; see `irfftn`.

    >>> import gputensor as gt
    >>> gt.fft.irfft2(gt.ones(2, 2))
    tensor([[1., 0.],
            [0., 0.]])
    """
    if axis is not ABSENT:
        dim = numpy_dim("irfft2", dim, axis, (-2, -1))
    result = many_to_real("irfft2", input, s, two("irfft2", dim), norm, True)
    return result if out is None else into("irfft2", out, result, real=True)


def hfft2(
    input: Tensor,
    s: Sizes = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    axis: int | Sequence[int] | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The `fft2` of a signal that is its own mirrored conjugate, from half of it; see `hfftn`.

    >>> import gputensor as gt
    >>> gt.fft.hfft2(gt.ones(2, 2))
    tensor([[4., 0.],
            [0., 0.]])
    """
    if axis is not ABSENT:
        dim = numpy_dim("hfft2", dim, axis, (-2, -1))
    result = many_to_real("hfft2", input, s, two("hfft2", dim), norm, False)
    return result if out is None else into("hfft2", out, result, real=True)


def ihfft2(
    input: Tensor,
    s: Sizes = None,
    dim: int | Sequence[int] = (-2, -1),
    norm: str | None = None,
    *,
    axis: int | Sequence[int] | None = ABSENT,
    out: Tensor | None = None,
) -> Tensor:
    """The inverse of `hfft2`: the half of `ifft2` of a real tensor; see `ihfftn`.

    >>> import gputensor as gt
    >>> gt.fft.ihfft2(gt.ones(2, 2)).abs()
    tensor([[1., 0.],
            [0., 0.]])
    """
    if axis is not ABSENT:
        dim = numpy_dim("ihfft2", dim, axis, (-2, -1))
    result = to_hermitian("ihfft2", input, s, two("ihfft2", dim), norm)
    return result if out is None else into("ihfft2", out, result)


# ---------------------------------------------------------------- arguments, and what the functions share


def two(name: str, dim: Any) -> Any:
    if dim is None:
        raise TypeError(f"{name}: dim must be a tuple of ints, got None; use the n-dimensional form for all dims")
    return dim


def dims_of(name: str, input: Any, s: Sizes, dim: Sizes) -> tuple[list[int], list[int | None]]:
    """The dims in the order in which they were given, and the number of points of each, None for its size."""
    shape = checked(name, input).array.shape
    counts = None if s is None else list(s) if isinstance(s, (tuple, list)) else [s]
    if dim is None:
        if counts is not None and len(counts) > len(shape):
            raise ShapeError(f"{name}: s has {len(counts)} sizes, and x of shape {tuple(shape)} has {len(shape)} dims")
        dims = list(range(0 if counts is None else len(shape) - len(counts), len(shape)))
    else:
        given = dim if isinstance(dim, (tuple, list)) else [dim]
        dims = [one_dim(name, d, len(shape), shape) for d in given]
        if len(set(dims)) != len(dims):
            raise DuplicateDimError(f"{name}: dim {dim} names one dim twice")
        if dims and not shape:
            raise ShapeError(f"{name}: a 0-d tensor has no dims to transform; use .reshape(1)")
    if counts is None:
        return dims, [None] * len(dims)
    if len(counts) != len(dims):
        raise ShapeError(f"{name}: s and dim must have the same length, got s {s} and dim {dim}")
    sizes = [one_int(name, "s", n) for n in counts]
    return dims, [None if n == -1 else n for n in sizes]


def all_resized(name: str, x: Any, dims: Sequence[int], counts: Sequence[int | None]) -> Any:
    for axis, n in zip(dims, counts, strict=True):
        x = resized(name, x, axis, n)
    return x


def last_of(name: str, dims: list[int]) -> int:
    if not dims:
        raise ShapeError(f"{name}: at least one dim must be transformed")
    return dims[-1]


def along_many(name: str, input: Any, s: Sizes, dim: Sizes, norm: Any, inverse: bool) -> Any:
    x = operand(name, input)
    dims, counts = dims_of(name, input, s, dim)
    return apply1(Fourier(tuple(dims), inverse, norm_of(name, norm)), all_resized(name, x, dims, counts))


def from_real(name: str, input: Any, s: Sizes, dim: Sizes, norm: Any) -> Any:
    x, scale = real_operand(name, input), norm_of(name, norm)
    dims, counts = dims_of(name, input, s, dim)
    last = last_of(name, dims)
    half = apply1(RealFourier(last, scale), all_resized(name, x, dims, counts))
    return apply1(Fourier(tuple(dims[:-1]), False, scale), half) if dims[1:] else half


def to_hermitian(name: str, input: Any, s: Sizes, dim: Sizes, norm: Any) -> Any:
    x, scale = real_operand(name, input), norm_of(name, norm)
    dims, counts = dims_of(name, input, s, dim)
    last = last_of(name, dims)
    half = conj(apply1(RealFourier(last, TRANSPOSED[scale]), all_resized(name, x, dims, counts)))
    return apply1(Fourier(tuple(dims[:-1]), True, scale), half) if dims[1:] else half


def many_to_real(name: str, input: Any, s: Sizes, dim: Sizes, norm: Any, inverse: bool) -> Any:
    x, scale = operand(name, input), norm_of(name, norm)
    dims, counts = dims_of(name, input, s, dim)
    last = last_of(name, dims)
    x = as_complex(all_resized(name, x, dims[:-1], counts[:-1]))
    if dims[1:]:
        x = apply1(Fourier(tuple(dims[:-1]), inverse, scale), x)
    return to_real(name, x if inverse else conj(x), counts[-1], last, scale if inverse else TRANSPOSED[scale])
