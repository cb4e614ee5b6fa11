"""Tensors for einops: `rearrange`, `reduce`, `repeat`, `einsum`, `pack` and `unpack` take them.

einops finds the class by itself. It is imported by `gputensor._when_imported`, when einops is.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np
from einops._backends import AbstractBackend

import gputensor as gt
from gputensor import Tensor


class GputensorBackend(AbstractBackend):  # type: ignore[misc]  # einops has no types
    """What einops needs to know of tensors."""

    framework_name = "gputensor"

    def is_appropriate_type(self, tensor: Any) -> bool:
        """Whether this backend is for `tensor`."""
        return isinstance(tensor, Tensor) and not _is_array(tensor)

    def from_numpy(self, x: np.ndarray) -> Tensor:
        """A tensor over an array; it requires grad where it can."""
        out = gt.from_numpy(x)
        return out.requires_grad_() if self.is_float_type(out) else out

    def to_numpy(self, x: Tensor) -> np.ndarray:
        """The values as an array on the CPU."""
        return x.detach().cpu().numpy()

    def arange(self, start: int, stop: int) -> Tensor:
        """Whole numbers."""
        return gt.arange(start, stop)

    def shape(self, x: Tensor) -> tuple[int, ...]:
        """The sizes of the dims."""
        return tuple(x.shape)

    def transpose(self, x: Tensor, axes: Sequence[int]) -> Tensor:
        """All dims in another order."""
        return x.permute(tuple(axes))

    def reduce(self, x: Tensor, operation: str, axes: Sequence[int]) -> Tensor:
        """One of einops' reductions over several dims."""
        dims = tuple(axes)
        if operation == "min":
            return gt.amin(x, dims)
        if operation == "max":
            return gt.amax(x, dims)
        if operation == "sum":
            return gt.sum(x, dims)
        if operation == "mean":
            return gt.mean(x, dims)
        if operation == "any":
            return gt.any(x, dims)
        if operation == "all":
            return gt.all(x, dims)
        if operation == "prod":
            for k in sorted(dims, reverse=True):
                x = gt.prod(x, k)
            return x
        raise NotImplementedError(f"reduce: the reduction {operation!r} is unknown")

    def stack_on_zeroth_dimension(self, tensors: list[Tensor]) -> Tensor:
        """Tensors of one shape along a new first dim."""
        return gt.stack(tensors)

    def add_axis(self, x: Tensor, new_position: int) -> Tensor:
        """A new dim of size 1."""
        return x.unsqueeze(new_position)

    def add_axes(self, x: Tensor, n_axes: int, pos2len: dict[int, int]) -> Tensor:
        """New dims along which the elements are repeated, without a copy."""
        sizes = [-1] * n_axes
        for position, length in pos2len.items():
            x = x.unsqueeze(position)
            sizes[position] = length
        return x.expand(sizes)

    def tile(self, x: Tensor, repeats: Sequence[int]) -> Tensor:
        """The elements over again along each dim."""
        return x.repeat(tuple(repeats))

    def concat(self, tensors: Sequence[Tensor], axis: int) -> Tensor:
        """Tensors one after the other."""
        return gt.cat(list(tensors), axis)

    def is_float_type(self, x: Tensor) -> bool:
        """Whether x holds floating-point numbers."""
        return x.is_floating_point()

    def layers(self) -> Any:
        """The module of layers."""
        from gputensor.interop import einops

        return einops

    def einsum(self, pattern: str, *x: Tensor) -> Tensor:
        """Sums of products."""
        return gt.einsum(pattern, *x)


def _is_array(x: Any) -> bool:
    """Whether x follows the array API standard, which is not loaded for this question."""
    return "gputensor.array_api" in sys.modules and isinstance(x, gt.array_api.Array)


def _array(x: Tensor) -> Tensor:
    """A result as an Array of the standard, of which PyTorch's methods make Tensors."""
    return gt.array_api.asarray(x)


class ArrayApiBackend(GputensorBackend):
    """The same for the Arrays of `gputensor.array_api`: what comes of them are Arrays."""

    framework_name = "gputensor.array_api"

    def is_appropriate_type(self, tensor: Any) -> bool:
        """Whether this backend is for `tensor`."""
        return _is_array(tensor)

    def from_numpy(self, x: np.ndarray) -> Tensor:
        """An Array over an array; it requires grad where it can."""
        return _array(super().from_numpy(x))

    def arange(self, start: int, stop: int) -> Tensor:
        """Whole numbers."""
        return _array(super().arange(start, stop))

    def reshape(self, x: Tensor, shape: Sequence[int]) -> Tensor:
        """The elements in another shape."""
        return _array(x.reshape(tuple(shape)))

    def transpose(self, x: Tensor, axes: Sequence[int]) -> Tensor:
        """All dims in another order."""
        return _array(super().transpose(x, axes))

    def reduce(self, x: Tensor, operation: str, axes: Sequence[int]) -> Tensor:
        """One of einops' reductions over several dims."""
        return _array(super().reduce(x, operation, axes))

    def stack_on_zeroth_dimension(self, tensors: list[Tensor]) -> Tensor:
        """Arrays of one shape along a new first dim."""
        return _array(super().stack_on_zeroth_dimension(tensors))

    def add_axis(self, x: Tensor, new_position: int) -> Tensor:
        """A new dim of size 1."""
        return _array(super().add_axis(x, new_position))

    def add_axes(self, x: Tensor, n_axes: int, pos2len: dict[int, int]) -> Tensor:
        """New dims along which the elements are repeated, without a copy."""
        return _array(super().add_axes(x, n_axes, pos2len))

    def tile(self, x: Tensor, repeats: Sequence[int]) -> Tensor:
        """The elements over again along each dim."""
        return _array(super().tile(x, repeats))

    def concat(self, tensors: Sequence[Tensor], axis: int) -> Tensor:
        """Arrays one after the other."""
        return _array(super().concat(tensors, axis))

    def einsum(self, pattern: str, *x: Tensor) -> Tensor:
        """Sums of products."""
        return _array(super().einsum(pattern, *x))
