"""The namespace of a vmap: every word of the vocabulary, all examples at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gputensor.arrays.batched.creation import CreationRules
from gputensor.arrays.batched.decompositions import DecompositionRules
from gputensor.arrays.batched.elementwise import ElementwiseRules
from gputensor.arrays.batched.indexing import IndexingRules
from gputensor.arrays.batched.linalg import LinalgRules
from gputensor.arrays.batched.neural import NeuralRules
from gputensor.arrays.batched.random_bits import RandomRules
from gputensor.arrays.batched.reductions import ReductionRules
from gputensor.arrays.batched.shapes import ShapeRules
from gputensor.arrays.batched.special import SpecialRules

if TYPE_CHECKING:
    from gputensor.arrays.batched.level import Level


class BatchNamespace(
    ElementwiseRules,
    SpecialRules,
    ReductionRules,
    ShapeRules,
    IndexingRules,
    CreationRules,
    LinalgRules,
    DecompositionRules,
    RandomRules,
    NeuralRules,
):
    """The vocabulary over `Batched` arrays of one vmap (`level`) over the namespace `inner`."""

    __slots__ = ("__weakref__", "base", "inner", "level", "size")

    library = "batch"

    def __init__(self, level: Level, inner: Any) -> None:
        self.level, self.inner = level, inner
        self.size = level.size
        self.base = inner.base if inner.library == "batch" else inner

    @property
    def device_type(self) -> str:
        kind: str = self.base.device_type
        return kind

    @property
    def device_index(self) -> int | None:
        index: int | None = self.base.device_index
        return index

    def enter(self) -> Any:
        return self.base.enter()

    def leave(self, token: Any) -> None:
        self.base.leave(token)

    def each_part(self, function: Callable[[int, int], Any], size: int) -> None:
        self.base.each_part(function, size)

    def __repr__(self) -> str:
        return f"<BatchNamespace of {self.size} examples over {self.inner!r}>"
