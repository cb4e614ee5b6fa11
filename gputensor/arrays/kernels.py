"""Fast kernels by operation: what an array library does better in one go than through the words of the vocabulary.

An array library adds its ``(guard, forward, vjp)`` under its name; the operation's primitive takes the table as its
`kernels`.

- ``guard(prim, *arrays)``: whether the kernel can take these;
- ``forward(prim, recorded, *arrays)`` -> result, residue: whatever the vjp wants to find again, None if nothing is
recorded;
- ``vjp(prim, g, residue, edges)`` -> a gradient or None for every operand. The residue may be needed again: it is not
written to.

The primitive's own lines are the specification that every kernel is tested against, and what runs where the guard says
no.
"""

from collections.abc import Callable
from typing import Any

Kernel = tuple[Callable[..., bool], Callable[..., tuple[Any, Any]], Callable[..., Any]]

ATTENTION: dict[str, Kernel] = {}
ATTENTION_WEIGHTS: dict[str, Kernel] = {}
BATCH_NORM: dict[str, Kernel] = {}
CROSS_ENTROPY: dict[str, Kernel] = {}
DISTANCES: dict[str, Kernel] = {}
GELU: dict[str, Kernel] = {}
GRU: dict[str, Kernel] = {}
LAYER_NORM: dict[str, Kernel] = {}
LOG_SOFTMAX: dict[str, Kernel] = {}
LSTM: dict[str, Kernel] = {}
MULTILABEL_MARGIN: dict[str, Kernel] = {}
RNN: dict[str, Kernel] = {}
SOFTMAX: dict[str, Kernel] = {}
