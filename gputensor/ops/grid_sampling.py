"""Sampling images at any places: affine grids, and values between the elements of an image or a volume.

Composites over gathering, so that derivatives of any order follow in the image and in the places.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import applyn, cast, together, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe, dtype_name
from gputensor.core.promotion import BOOL, F32, HALF, INT64
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import sizes
from gputensor.ops.gathering import Gather
from gputensor.ops.interpolation_weights import cubic_weights
from gputensor.ops.operands import REAL
from gputensor.ops.selection import where

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_MODES = ("bilinear", "nearest", "bicubic")
_PADDINGS = ("zeros", "border", "reflection")


def affine_grid(theta: Tensor, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """The places that an affine map sends the elements of an image to, for `grid_sample`.

    theta: (batch, 2, 3) for size (batch, channel, height, width), giving (batch, height, width, 2); or (batch, 3, 4)
    for size (batch, channel, depth, height, width), giving (batch, depth, height, width, 3). Places are (x, y[, z]),
    from -1 at the left, upper, front edge to 1 at the other; with align_corners edges are the centres of the outermost
    elements. Floating-point. Raises ShapeError for shapes that do not fit, DtypeError for integers. Without
    align_corners: False, with a warning.

    >>> import gputensor as gt
    >>> same = gt.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
    >>> gt.nn.functional.affine_grid(same, (1, 1, 1, 2), align_corners=False)
    tensor([[[[-0.5000,  0.0000],
              [ 0.5000,  0.0000]]]])
    """
    align = _align("affine_grid", align_corners)
    if not isinstance(theta, TensorBase):
        raise TypeError(f"affine_grid: theta must be a Tensor, got {describe(theta)}")
    if theta.array.dtype not in REAL:
        raise DtypeError(f"affine_grid: theta must be floating-point, got {dtype_name(theta.array.dtype)}")
    full = sizes("affine_grid", size)
    dims, shape = len(full) - 2, tuple(theta.array.shape)
    if dims not in (2, 3) or shape != (full[0], dims, dims + 1) or min(full) < 1:
        raise ShapeError(
            f"affine_grid: expected theta (batch, 2, 3) with four positive sizes, or (batch, 3, 4) with five, got "
            f"theta of shape {shape} and size {full}"
        )
    xp, d = theta.xp, theta.array.dtype
    lines = [_line(n, align) for n in full[2:]]
    mesh = np.meshgrid(*lines, indexing="ij")
    # (x, y, z, 1) an element: the last spatial dim is x
    places = np.stack([*mesh[::-1], np.ones(full[2:])], -1).reshape(-1, dims + 1)
    grid = wrap(xp.astype(xp.from_host(places), d), xp) @ theta.transpose(1, 2)
    return grid.reshape((full[0], *full[2:], dims))


@autocasts("grid_sample")
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """The values of images at the places that grid names.

    input: (batch, channel, height, width), grid: (batch, rows, columns, 2), returns (batch, channel, rows, columns); or
    input: (batch, channel, depth, height, width) with grid: (batch, …, …, …, 3). A place is (x, y[, z]), from -1 at one
    edge of the image to 1 at the other; align_corners: the edges are the centres of the outermost elements, else their
    outer borders. mode: "bilinear" (trilinear for volumes), "nearest" (halves to the even element), "bicubic" (images
    only, Keys' kernel with a = -0.75). padding_mode, for places outside: "zeros", "border" (the nearest element of the
    border) or "reflection" at the border. Both floating-point of one dtype; 16-bit floats are computed in float32.
    Derivatives of any order, in input and in grid. A place that is nan, or infinite with "reflection", is the first
    element of an image and the last one of a volume; among zeros it gives nan for an image and 0 for a volume, and it
    gives nan in mode "bicubic". Raises ShapeError for shapes that do not fit, DtypeError for other dtypes, ValueError
    for an unknown mode. Without align_corners: False, with a warning. Source: Jaderberg et al. 2015, arXiv:1506.02025.

    >>> import gputensor as gt
    >>> image = gt.tensor([[[[1.0, 3.0]]]])
    >>> places = gt.tensor([[[[0.0, 0.0], [0.5, 0.0], [9.0, 0.0]]]])
    >>> gt.nn.functional.grid_sample(image, places, align_corners=False)
    tensor([[[[2., 3., 0.]]]])
    """
    name = "grid_sample"
    if mode not in _MODES:
        raise ValueError(f"{name}: mode must be 'bilinear', 'nearest' or 'bicubic', got {mode!r}")
    if padding_mode not in _PADDINGS:
        raise ValueError(f"{name}: padding_mode must be 'zeros', 'border' or 'reflection', got {padding_mode!r}")
    align = _align(name, align_corners)
    input, grid = _checked(name, input, grid, mode)
    d = input.array.dtype
    if d in HALF:
        return cast(_sampled(cast(input, F32), cast(grid, F32), mode, padding_mode, align), d)
    return _sampled(input, grid, mode, padding_mode, align)


def _sampled(x: Any, grid: Any, mode: str, padding: str, align: bool) -> Any:
    size = tuple(x.array.shape[2:])
    dims = len(size)
    flat = grid.reshape((grid.array.shape[0], math.prod(grid.array.shape[1:-1]), dims))
    # the first spatial dim is named by the last number of a place
    at = [_unnormalized(flat[:, :, dims - 1 - k], n, align) for k, n in enumerate(size)]
    image = _Image(x, padding, align)
    if mode == "bicubic":
        out = _bicubic(image, at)
    elif mode == "nearest":
        at = [image.folded(p, n) for p, n in zip(at, size, strict=True)]
        out = image.at([p.detach().round() for p in at])
        if grid.requires_grad:
            # the gradient towards the places is zero, but it is one
            never = wrap(x.xp.full((), False, BOOL), x.xp)
            out = out + where(never, flat.unsqueeze(1), 0.0).sum(-1)
    else:
        at = [image.folded(p, n) for p, n in zip(at, size, strict=True)]
        out = _linear(image, at)
    return out.reshape((*x.array.shape[:2], *grid.array.shape[1:-1]))


def _unnormalized(p: Any, n: int, align: bool) -> Any:
    """-1 … 1 as places among n elements."""
    return (p + 1) * ((n - 1) / 2) if align else ((p + 1) * n - 1) * 0.5


class _Image:
    """Images with their elements in a row, and what is outside of them."""

    def __init__(self, x: Any, padding: str, align: bool) -> None:
        self.size = tuple(x.array.shape[2:])
        self.rows = x.reshape((*x.array.shape[:2], math.prod(self.size)))
        self.padding, self.align = padding, align

    def folded(self, p: Any, n: int) -> Any:
        """Places moved into the image, unless there are zeros around it."""
        if self.padding == "zeros":
            # far outside, but for images, where PyTorch keeps nan
            return p if len(self.size) == 2 else where(p.detach().isfinite(), p, -2.0)
        if self.padding == "reflection":
            low, span = (0.0, float(n - 1)) if self.align else (-0.5, float(n))
            if not span:
                p = p * 0.0
            else:
                away = where(p < low, low - p, p - low)
                # there and back
                rest = away - (away.detach() / (2 * span)).floor() * (2 * span)
                p = where(rest > span, 2 * span - rest, rest) + low
        # at the border itself the gradient is zero, as in PyTorch
        inside = (p > 0) & (p < n - 1)
        q = p.detach().clamp(0, n - 1)
        # of what is no place PyTorch makes the first element of an image, the last one of a volume
        return where(inside, p, where(q == q, q, 0.0 if len(self.size) == 2 else n - 1.0))

    def at(self, places: list[Any]) -> Any:
        """The elements (batch, channel, place) at whole numbers (batch, place), 0 where there are none."""
        xp = self.rows.xp
        index, known = None, None
        for p, n in zip(places, self.size, strict=True):
            a = p.array
            here = xp.logical_and(a >= 0, a <= n - 1)
            k = xp.astype(xp.where(here, a, xp.zeros_for(a, ())), INT64)
            index = k if index is None else index * n + k
            known = here if known is None else xp.logical_and(known, here)
        assert index is not None
        batch, channels = self.rows.array.shape[:2]
        wide = xp.broadcast_to(xp.expand_dims(index, (1,)), (batch, channels, index.shape[1]))
        seen = applyn(Gather(2), (self.rows, wrap(wide, xp)))
        if self.padding != "zeros":
            return seen
        return where(wrap(xp.expand_dims(known, (1,)), xp), seen, 0.0)


def _linear(image: _Image, at: list[Any]) -> Any:
    low = [p.detach().floor() for p in at]
    part = [p - q for p, q in zip(at, low, strict=True)]
    out = None
    for corner in product((0, 1), repeat=len(at)):
        weight = None
        for t, side in zip(part, corner, strict=True):
            w = t if side else 1 - t
            weight = w if weight is None else weight * w
        assert weight is not None
        places = [q + side for q, side in zip(low, corner, strict=True)]
        if image.padding != "zeros":
            # the second neighbour of a place on the border has weight 0
            places = [q.clamp(0, n - 1) for q, n in zip(places, image.size, strict=True)]
        term = image.at(places) * weight.unsqueeze(1)
        out = term if out is None else out + term
    return out


def _bicubic(image: _Image, at: list[Any]) -> Any:
    low = [p.detach().floor() for p in at]
    down, right = [cubic_weights(p - q) for p, q in zip(at, low, strict=True)]
    out = None
    for i in range(4):
        line = None
        for j in range(4):
            places = [q + (k - 1) for q, k in zip(low, (i, j), strict=True)]
            places = [image.folded(q, n).round() for q, n in zip(places, image.size, strict=True)]
            term = image.at(places) * right[j].unsqueeze(1)
            line = term if line is None else line + term
        assert line is not None
        term = line * down[i].unsqueeze(1)
        out = term if out is None else out + term
    return out


def _line(n: int, align: bool) -> np.ndarray:
    """The centres of n elements, between -1 and 1."""
    if n == 1:
        return np.zeros(1)
    line = np.linspace(-1.0, 1.0, n)
    return line if align else line * (n - 1) / n


def _align(name: str, given: bool | None) -> bool:
    if given is None:
        warnings.warn(f"{name}: align_corners is not given and taken as False; say which", UserWarning, stacklevel=3)
    return bool(given)


def _checked(name: str, x: Any, grid: Any, mode: str) -> Sequence[Any]:
    """Both beside each other. Raises for types, dtypes and shapes that do not fit."""
    for label, value in (("input", x), ("grid", grid)):
        if not isinstance(value, TensorBase):
            raise TypeError(f"{name}: {label} must be a Tensor, got {describe(value)}")
    if x.xp is not grid.xp:
        x, grid = together(name, (x, grid))
    if x.array.dtype not in REAL or x.array.dtype != grid.array.dtype:
        raise DtypeError(
            f"{name}: input and grid must be floating-point of one dtype, got {dtype_name(x.array.dtype)} and "
            f"{dtype_name(grid.array.dtype)}; convert one with .to(dtype)"
        )
    shape, places = tuple(x.array.shape), tuple(grid.array.shape)
    dims = len(shape) - 2
    if dims not in (2, 3) or len(places) != dims + 2 or places[-1] != dims or places[0] != shape[0]:
        raise ShapeError(
            f"{name}: expected input (batch, channel, height, width) with grid (batch, rows, columns, 2), or a volume "
            f"with grid (batch, …, 3), got shapes {shape} and {places}"
        )
    if mode == "bicubic" and dims == 3:
        raise ShapeError(f"{name}: mode 'bicubic' is for images; input of shape {shape} is a volume")
    if 0 in shape[2:]:
        raise ShapeError(f"{name}: input must have an element in every spatial dim, got shape {shape}")
    return x, grid
