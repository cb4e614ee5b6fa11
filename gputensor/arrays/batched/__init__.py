"""The vocabulary over batched arrays: what `gputensor.vmap` computes with.

A batched array hides one axis; `BatchNamespace` gives every word of the vocabulary a rule that computes all examples at
once over the words of the namespace below, an array library's or, for nested vmaps, another batch's. Primitives and
gradients run over it unchanged.
"""

from gputensor.arrays.batched.array import Batched as Batched
from gputensor.arrays.batched.level import Level as Level
from gputensor.arrays.batched.namespace import BatchNamespace as BatchNamespace
