"""What is wrong with a file, and how much memory a file may claim."""

from __future__ import annotations

MEBI = 1 << 20
# what a file may take beside twice its size; the rest of the 64 MB promised is for buffers and the allocator
HEADROOM = 40 * MEBI


class Fault(Exception):
    """What is wrong with a file and where, without its name: `load` makes a CheckpointError of it."""


class Budget:
    """The memory that the objects of one file may take, in bytes, by a rough count that errs upwards.

    A few bytes of a pickle make an object of hundreds, so that a small file could fill any memory. Tensors' values do
    not count: they lie in the file as they are.
    """

    __slots__ = ("compressed", "left")

    def __init__(self, file_size: int, max_bytes: int | None) -> None:
        self.left = max(HEADROOM + file_size, max_bytes or 0)
        # what may come out of compressed members, all together
        self.compressed = (1 << 30) if max_bytes is None else max_bytes

    def charge(self, amount: int, where: str) -> None:
        """Count `amount` bytes of objects. Raises Fault where they are too many."""
        self.left -= amount
        if self.left < 0:
            raise Fault(
                f"makes more Python objects than a file of its size should ({where}); "
                "if it comes from a source you trust, allow more with max_bytes="
            )

    def inflate(self, amount: int, name: str) -> None:
        """Count `amount` bytes to be decompressed. Raises Fault where they are too many."""
        self.compressed -= amount
        if self.compressed < 0:
            raise Fault(
                f"has compressed members of more than max_bytes together: {name!r} alone says {amount:,} bytes; "
                "if it comes from a source you trust, allow more with max_bytes="
            )
