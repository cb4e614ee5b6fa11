"""One namespace object a GPU, made of the families' words."""

from collections.abc import Callable
from typing import Any

from cupy.cuda import runtime

from gputensor.arrays.cupy_.creation import CreationWords
from gputensor.arrays.cupy_.elementwise import ElementwiseWords
from gputensor.arrays.cupy_.factorizations import FactorizationWords
from gputensor.arrays.cupy_.fourier import FourierWords
from gputensor.arrays.cupy_.indexing import IndexingWords
from gputensor.arrays.cupy_.linalg import LinalgWords
from gputensor.arrays.cupy_.neural import NeuralWords
from gputensor.arrays.cupy_.random_bits import RandomWords
from gputensor.arrays.cupy_.reductions import ReductionWords
from gputensor.arrays.cupy_.shapes import ShapeWords
from gputensor.arrays.cupy_.special import SpecialWords


class CupyNamespace(
    CreationWords,
    ElementwiseWords,
    SpecialWords,
    ReductionWords,
    ShapeWords,
    IndexingWords,
    LinalgWords,
    FourierWords,
    FactorizationWords,
    RandomWords,
    NeuralWords,
):
    """The vocabulary on the GPU `device_index`. `loading.namespace` makes the only one a device."""

    __slots__ = ("device_index",)

    library = "cupy"
    device_type = "cuda"

    def __init__(self, device_index: int) -> None:
        self.device_index = device_index

    def enter(self) -> int | None:
        current = runtime.getDevice()
        if current == self.device_index:
            return None
        runtime.setDevice(self.device_index)
        return current

    def leave(self, token: int | None) -> None:
        if token is not None:
            runtime.setDevice(token)

    def each_part(self, function: Callable[[int, int], Any], size: int) -> None:
        function(0, size)

    def __repr__(self) -> str:
        return f"<CupyNamespace of cuda:{self.device_index}>"
