"""The frequencies of a discrete Fourier transform, and their order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core import dtypes
from gputensor.core.apply import wrap
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.explain import check_number
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import checked, numpy_dim, one_dim, one_int
from gputensor.ops.flipping import roll
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def fftfreq(
    n: int, d: float = 1.0, *, out: Tensor | None = None, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """The frequencies of the n points of `gputensor.fft.fft`: 0, 1, …, -2, -1 over n d, d being the sampling distance.

    The negative ones begin at -(n // 2). dtype: the default dtype unless given. Raises ShapeError for a negative n,
    DtypeError for integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.fft.fftfreq(5, 0.5)
    tensor([ 0.0000,  0.4000,  0.8000, -0.8000, -0.4000])
    """
    count = _points("fftfreq", n)
    result = _frequencies("fftfreq", (count + 1) // 2, count // 2, count, d, dtype, device, requires_grad)
    return result if out is None else into("fftfreq", out, result)


def rfftfreq(
    n: int, d: float = 1.0, *, out: Tensor | None = None, dtype: Any = None, layout: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """The frequencies of the n // 2 + 1 points of `gputensor.fft.rfft`: 0, 1, …, n // 2 over n d.

    d: the sampling distance. dtype: the default dtype unless given. Raises ShapeError for a negative n, DtypeError for
    integers and complex numbers.

    >>> import gputensor as gt
    >>> gt.fft.rfftfreq(5, 0.5)
    tensor([0.0000, 0.4000, 0.8000])
    """
    count = _points("rfftfreq", n)
    result = _frequencies("rfftfreq", count // 2 + 1, 0, count, d, dtype, device, requires_grad)
    return result if out is None else into("rfftfreq", out, result)


def fftshift(
    input: Tensor, dim: int | Sequence[int] | None = None, *, axis: int | Sequence[int] | None = None
) -> Tensor:
    """The points of a transform with frequency 0 moved from the first place to the middle, n // 2, along dims; a copy.

    dim: all dims unless given. Any dtype. Raises DimError (an IndexError) for a dim out of range, ShapeError for no
    dims.

    >>> import gputensor as gt
    >>> gt.fft.fftshift(gt.fft.fftfreq(5, 0.2))
    tensor([-2., -1.,  0.,  1.,  2.])
    """
    if axis is not None:
        dim = numpy_dim("fftshift", dim, axis)
    return _shifted("fftshift", input, dim, False)


def ifftshift(
    input: Tensor, dim: int | Sequence[int] | None = None, *, axis: int | Sequence[int] | None = None
) -> Tensor:
    """The inverse of `fftshift`: what is in the middle moves to the first place; a copy. Errors as in `fftshift`.

    >>> import gputensor as gt
    >>> gt.fft.ifftshift(gt.tensor([-2, -1, 0, 1, 2]))
    tensor([ 0,  1,  2, -2, -1])
    """
    if axis is not None:
        dim = numpy_dim("ifftshift", dim, axis)
    return _shifted("ifftshift", input, dim, True)


def _points(name: str, n: Any) -> int:
    count = one_int(name, "n", n)
    if count < 0:
        raise ShapeError(f"{name}: n must not be negative, got {count}")
    return count


def _frequencies(
    name: str, positive: int, negative: int, n: int, d: Any, dtype: Any, device: Any, requires_grad: bool
) -> Any:
    check_number(name, "d", d)
    have = dtypes.get_default_dtype().numpy if dtype is None else numpy_dtype(dtype)
    if have.kind not in "fV":
        raise DtypeError(f"{name}: expected a real floating-point dtype, got {have.name}")
    xp, wide = namespace_of(device), dtypes.float64.numpy
    places = xp.concat([xp.arange(0, positive, 1, wide), xp.arange(-negative, negative, 1, wide)], 0)
    # n or d of 0 gives infinite frequencies, and nan at 0
    out = wrap(places, xp) / wrap(xp.full((), n * float(d), wide), xp)
    out = wrap(xp.astype(out.array, have), xp)
    return out.requires_grad_() if requires_grad else out


def _shifted(name: str, input: Any, dim: Any, back: bool) -> Any:
    shape = checked(name, input).array.shape
    given = range(len(shape)) if dim is None else dim if isinstance(dim, (tuple, list)) else (dim,)
    axes = [one_dim(name, k, len(shape), shape) for k in given]
    if not axes or not shape:
        raise ShapeError(f"{name}: at least one dim must be shifted, got dim {dim} and x of shape {tuple(shape)}")
    shifts = [-(shape[k] // 2) if back else shape[k] // 2 for k in axes]
    return roll(input, shifts, axes)
