"""Dims joined and split: Flatten, Unflatten."""

from __future__ import annotations

from collections.abc import Sequence

from gputensor._tensor import Tensor
from gputensor.nn.modules.module import Module


class Flatten(Module):
    """The dims from start_dim to end_dim joined into one; by default all but the batch. A view where possible.

    >>> import gputensor as gt
    >>> gt.nn.Flatten()(gt.ones(5, 3, 8, 8)).shape
    gputensor.Size([5, 192])
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, input: Tensor) -> Tensor:
        return input.flatten(self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"


class Unflatten(Module):
    """One dim split into several; the inverse of `Flatten`. One size may be -1. A view where possible.

    Raises TypeError for a dim that is no int or sizes that are no ints.

    >>> import gputensor as gt
    >>> gt.nn.Unflatten(1, (3, 4))(gt.ones(5, 12)).shape
    gputensor.Size([5, 3, 4])
    """

    def __init__(self, dim: int, unflattened_size: Sequence[int]) -> None:
        super().__init__()
        if not isinstance(dim, int):
            raise TypeError(f"Unflatten: dim must be an int, got {type(dim).__name__}")
        if not isinstance(unflattened_size, (tuple, list)):
            raise TypeError(
                f"Unflatten: unflattened_size must be a tuple or list of ints, got {type(unflattened_size).__name__}"
            )
        for place, size in enumerate(unflattened_size):
            if not isinstance(size, int):
                raise TypeError(
                    f"Unflatten: unflattened_size must be ints, but element {place} is {type(size).__name__}"
                )
        self.dim = dim
        self.unflattened_size = unflattened_size

    def forward(self, input: Tensor) -> Tensor:
        return input.unflatten(self.dim, self.unflattened_size)

    def extra_repr(self) -> str:
        return f"dim={self.dim}, unflattened_size={self.unflattened_size}"
