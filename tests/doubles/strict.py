"""array-api-strict in our words: primitives that run on it rely on the array standard alone, and on no NumPy-ism.

Words outside the standard are composed of standard ones (`strict_words`). Its dtypes are its own objects without
`kind` and `itemsize`, NumPy scalars are refused, nothing promotes across kinds, and there are no 16-bit floats.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import array_api_strict

from tests.doubles.strict_words.arrays import CreationWords, FourierWords, ReductionWords, ShapeWords
from tests.doubles.strict_words.elementwise import ElementwiseWords
from tests.doubles.strict_words.indexing import IndexingWords
from tests.doubles.strict_words.linalg import LinalgWords
from tests.doubles.strict_words.neural import NeuralWords
from tests.doubles.strict_words.random import RandomWords
from tests.doubles.strict_words.special import SpecialWords


class StrictNamespace(
    CreationWords,
    ElementwiseWords,
    SpecialWords,
    ReductionWords,
    ShapeWords,
    IndexingWords,
    LinalgWords,
    FourierWords,
    RandomWords,
    NeuralWords,
):
    """The vocabulary over array-api-strict."""

    __slots__ = ()

    library = "array_api_strict"
    device_type = "cpu"
    device_index = None

    def enter(self) -> None:
        pass

    def leave(self, token: None) -> None:
        pass

    def each_part(self, function, size):
        function(0, size)


strict = StrictNamespace()


@contextmanager
def without_data_dependent_shapes() -> Iterator[None]:
    """Refuse `nonzero`, `unique`, boolean indices and their like: what a recorder could not follow."""
    with array_api_strict.ArrayAPIStrictFlags(data_dependent_shapes=False, boolean_indexing=False):
        yield
