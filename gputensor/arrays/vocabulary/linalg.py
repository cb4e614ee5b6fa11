"""Products. 16-bit floats are multiplied and summed in float32 and rounded once."""

from typing import Protocol

from gputensor.arrays.vocabulary.terms import A


class Linalg(Protocol[A]):
    def matmul(self, x: A, y: A) -> A: ...
