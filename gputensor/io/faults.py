"""What is wrong with a file, and how much memory a file may claim."""

from __future__ import annotations

MEBI = 1 << 20
# what a file may take beside twice its size; the rest of the 64 MB promised is for buffers and the allocator
HEADROOM = 58 * MEBI
_INFLATED = 1 << 30
_STEP = 10_000_000


def cost_of_dims(dims: int) -> int:
    """What a tensor takes besides, in bytes, for the sizes and steps of more dims than programs have."""
    return 40 * max(dims - 8, 0)


class Fault(Exception):
    """What is wrong with a file and where, without its name: `load` makes a CheckpointError of it."""


class TooMuch(Fault):
    """More objects than a file may make. As text: what would be enough, by what was read so far."""

    def __init__(self, budget: Budget, where: str) -> None:
        super().__init__(where)
        self.budget = budget

    def __str__(self) -> str:
        return self.budget.advice(self.args[0])


class Budget:
    """The memory that the objects of one file may take, in bytes, by a count of what they really take.

    A few bytes of a pickle make an object of hundreds, so that a small file could fill any memory. Tensors' values do
    not count: they lie in the file as they are.
    """

    __slots__ = ("_inflated", "compressed", "left", "limit", "position", "total")

    def __init__(self, file_size: int, max_bytes: int | None) -> None:
        self.limit = self.left = max(HEADROOM + file_size, max_bytes or 0)
        # of the pickle or header that is being read: how far, and how long it is
        self.position = self.total = 0
        self._inflated = 0
        # what may come out of compressed members, all together
        self.compressed = _INFLATED if max_bytes is None else max_bytes

    def charge(self, amount: int, where: str) -> None:
        """Count `amount` bytes of objects. Raises TooMuch, a Fault, where they are too many."""
        self.left -= amount
        if self.left < 0:
            raise TooMuch(self, where)

    def room(self, amount: int, where: str) -> None:
        """Raise TooMuch where `amount` bytes are not left; they are not counted."""
        self.charge(amount, where)
        self.left += amount

    def advice(self, where: str) -> str:
        """The sentence of a TooMuch, with a max_bytes that should be enough."""
        used = self.limit - self.left
        done = max(self.position, 1)
        # the rest is taken for as rich as what was read, and half as much again; a text may become bytes as well
        wanted = used * 9 // 4 + used * max(self.total - done, 0) * 3 // (2 * done)
        wanted = max(wanted, self._inflated)
        return (
            f"makes more Python objects than a file of its size should ({where}); if it comes from a source you "
            f"trust, allow more with max_bytes={(wanted // _STEP + 1) * _STEP:_}"
        )

    def inflate(self, amount: int, name: str) -> None:
        """Count `amount` bytes to be decompressed. Raises Fault where they are too many."""
        self.compressed -= amount
        self._inflated += amount
        if self.compressed < 0:
            raise Fault(
                f"has compressed members of more than max_bytes together: {name!r} alone says {amount:,} bytes; "
                "if it comes from a source you trust, allow more with max_bytes="
            )
