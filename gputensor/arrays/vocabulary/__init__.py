"""The closed vocabulary: every word an array library must offer, written down as typed Protocols, one a family.

A word of the array standard stands here without a docstring. A word that the standard lacks, or whose meaning is
narrower than the standard's, says in one line why it exists. Arguments are canonical (axes non-negative and sorted,
dtypes NumPy's own, shapes tuples of int) and operands have the same dtype unless the line says otherwise.

Where the libraries cannot agree, a word promises less instead of pretending (NumPy named first, CuPy second):

- an index out of range raises, or wraps (raises in debug mode: `gputensor.arrays.cupy_.check_indices`);
- places written twice by one word keep the last value, or any of them;
- sums of repeated places are added in order, or in any order (the last bits of a float may differ from run to run);
- integers divided by zero raise, or give 0;
- float values that do not fit an integer dtype, and shifts by more bits than there are, give some value, not the
  same one;
- floating-point warnings appear, or never do: no word depends on a float error state.
"""

from collections.abc import Callable
from typing import Any, Protocol

from gputensor.arrays.vocabulary.creation import Creation as Creation
from gputensor.arrays.vocabulary.elementwise import Elementwise as Elementwise
from gputensor.arrays.vocabulary.fourier import Fourier as Fourier
from gputensor.arrays.vocabulary.indexing import Indexing as Indexing
from gputensor.arrays.vocabulary.linalg import Linalg as Linalg
from gputensor.arrays.vocabulary.neural import Neural as Neural
from gputensor.arrays.vocabulary.random_bits import Random as Random
from gputensor.arrays.vocabulary.reductions import Reductions as Reductions
from gputensor.arrays.vocabulary.shapes import Shapes as Shapes
from gputensor.arrays.vocabulary.special import Special as Special
from gputensor.arrays.vocabulary.terms import A as A


class Namespace(
    Creation[A],
    Elementwise[A],
    Special[A],
    Reductions[A],
    Shapes[A],
    Indexing[A],
    Linalg[A],
    Fourier[A],
    Random[A],
    Neural[A],
    Protocol[A],
):
    """One array library on one device: what `Tensor.xp` holds. `x.xp is y.xp` is the device check."""

    @property
    def library(self) -> str: ...

    @property
    def device_type(self) -> str: ...

    @property
    def device_index(self) -> int | None: ...

    def enter(self) -> Any:
        """Make this the current device and silence float warnings, for lines with operators; a token for `leave`."""
        ...

    def leave(self, token: Any) -> None:
        """Undo `enter`."""
        ...

    def each_part(self, function: Callable[[int, int], Any], size: int) -> None:
        """Call ``function(start, stop)`` for parts that cover ``range(size)``, in any order.

        The CPU takes blocks that stay in its cache, on several threads where there are many; a GPU takes all at once.
        """
        ...
