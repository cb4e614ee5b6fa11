"""Sequences of different lengths in one tensor: padded to the longest, or packed without padding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.explain import describe
from gputensor.errors import ArgumentError, DeviceError, ShapeError
from gputensor.ops.creation import tensor
from gputensor.ops.dims import checked, several
from gputensor.ops.from_data import from_numpy
from gputensor.ops.joining import cat

__all__ = [
    "PackedSequence",
    "invert_permutation",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "unpack_sequence",
    "unpad_sequence",
]


class _Packed(NamedTuple):
    data: Tensor
    batch_sizes: Tensor
    sorted_indices: Tensor | None
    unsorted_indices: Tensor | None


class PackedSequence(_Packed):
    """Sequences without padding, as recurrent layers take them.

    data: (rows, …), the first elements of all sequences, longest first, then all second ones, and so on. batch_sizes:
    how many sequences each time has, int64 on the CPU. sorted_indices: the sequences in that order, None where they
    came so; unsorted_indices: the way back. Made by `pack_sequence` and `pack_padded_sequence`, never by hand.

    >>> import gputensor as gt
    >>> gt.nn.utils.rnn.pack_sequence([gt.tensor([1.0, 2.0]), gt.tensor([3.0])]).data
    tensor([1., 3., 2.])
    """

    __slots__ = ()

    def __new__(
        cls,
        data: Any,
        batch_sizes: Tensor | None = None,
        sorted_indices: Tensor | None = None,
        unsorted_indices: Tensor | None = None,
    ) -> PackedSequence:
        if batch_sizes is None:
            if not (isinstance(data, (list, tuple)) and len(data) == 2):
                raise ArgumentError(f"PackedSequence: expected data and batch_sizes, got {describe(data)}")
            data, batch_sizes = data
        assert batch_sizes is not None, "PackedSequence: batch_sizes must be given"
        if batch_sizes.device.type != "cpu":
            raise DeviceError(f"PackedSequence: batch_sizes must be on the CPU, got {batch_sizes.device}")
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The sequences on another device or in another dtype; itself where nothing changes. See `Tensor.to`."""
        data = self.data.to(*args, **kwargs)
        if data is self.data:
            return self
        order, back = [None if t is None else t.to(data.device) for t in (self.sorted_indices, self.unsorted_indices)]
        return type(self)(data, self.batch_sizes, order, back)

    def cuda(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The sequences on a GPU, the current one by default."""
        return self.to(self.data.cuda(*args, **kwargs).device)

    def cpu(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The sequences on the CPU."""
        return self.to("cpu")

    def pin_memory(self) -> PackedSequence:
        """The sequences in memory from which copies to a GPU are quick. See `Tensor.pin_memory`."""
        order, back = [None if t is None else t.pin_memory() for t in (self.sorted_indices, self.unsorted_indices)]
        return type(self)(self.data.pin_memory(), self.batch_sizes, order, back)

    def is_pinned(self) -> bool:
        """Whether the data is in pinned memory."""
        return bool(self.data.is_pinned())

    @property
    def is_cuda(self) -> bool:
        """Whether the data is on a GPU."""
        return self.data.is_cuda

    def double(self) -> PackedSequence:
        """The data as float64."""
        return self._as("float64")

    def float(self) -> PackedSequence:
        """The data as float32."""
        return self._as("float32")

    def half(self) -> PackedSequence:
        """The data as float16."""
        return self._as("float16")

    def long(self) -> PackedSequence:
        """The data as int64."""
        return self._as("int64")

    def int(self) -> PackedSequence:
        """The data as int32."""
        return self._as("int32")

    def short(self) -> PackedSequence:
        """The data as int16."""
        return self._as("int16")

    def char(self) -> PackedSequence:
        """The data as int8."""
        return self._as("int8")

    def byte(self) -> PackedSequence:
        """The data as uint8."""
        return self._as("uint8")

    def _as(self, dtype: str) -> PackedSequence:
        return self.to(dtype=dtype)


def invert_permutation(permutation: Tensor | None) -> Tensor | None:
    """The permutation that takes `permutation` back; None for None.

    >>> import gputensor as gt
    >>> gt.nn.utils.rnn.invert_permutation(gt.tensor([2, 0, 1]))
    tensor([1, 2, 0])
    """
    return None if permutation is None else checked("invert_permutation", permutation).argsort()


def pack_padded_sequence(
    input: Tensor, lengths: Tensor | Sequence[int], batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """The sequences in a padded tensor, without their padding.

    input: (time, batch, …), or (batch, time, …) with batch_first; lengths: of every sequence, on the CPU.
    enforce_sorted: refuse sequences that are not longest first; else they are sorted here. Raises ShapeError for
    lengths that do not fit the input, ArgumentError for lengths of 0 or less and for ones not sorted.
    Unlike torch: lengths above the time of input are refused.

    >>> import gputensor as gt
    >>> x = gt.tensor([[1.0, 3.0], [2.0, 0.0]])
    >>> packed = gt.nn.utils.rnn.pack_padded_sequence(x, [2, 1]); packed.data, packed.batch_sizes
    (tensor([1., 3., 2.]), tensor([2, 1]))
    """
    name = "pack_padded_sequence"
    if isinstance(lengths, Tensor) and lengths.device.type != "cpu":
        raise DeviceError(f"{name}: lengths must be on the CPU, got {lengths.device}")
    checked(name, input)
    counts = _lengths(name, lengths)
    if input.dim() < 2:
        raise ShapeError(f"{name}: input must have at least 2 dims, (time, batch, …), got {tuple(input.shape)}")
    times, batch = (input.shape[1], input.shape[0]) if batch_first else (input.shape[0], input.shape[1])
    if counts.shape != (batch,) or not batch:
        raise ShapeError(f"{name}: expected a length for each of {batch} sequences (at least 1), got {counts.shape}")
    order = None
    if not enforce_sorted:
        order = np.argsort(-counts, kind="stable")
        counts = counts[order]
    elif (counts[1:] > counts[:-1]).any():
        raise ArgumentError(
            f"{name}: lengths must be in decreasing order where enforce_sorted=True, got {counts.tolist()}; pass "
            "enforce_sorted=False"
        )
    if counts[-1] <= 0 or counts[0] > times:
        raise ShapeError(f"{name}: lengths must be from 1 to {times}, got {counts.tolist()}")
    sizes = _sizes(counts)
    taken = np.arange(counts[0])[:, None], (np.arange(batch) if order is None else order)[None]
    places = taken[1] * times + taken[0] if batch_first else taken[0] * batch + taken[1]
    rows = places[np.arange(batch) < sizes[:, None]]
    flat = input.reshape(times * batch, *input.shape[2:])
    whole = len(rows) == len(flat) and not batch_first and order is None
    data = flat.clone() if whole else flat[_on(rows, flat)]
    return PackedSequence(data, from_numpy(sizes), None if order is None else _on(order, input))


def pad_packed_sequence(
    sequence: PackedSequence, batch_first: bool = False, padding_value: float = 0.0, total_length: int | None = None
) -> tuple[Tensor, Tensor]:
    """Packed sequences padded to one length, and their lengths: what `pack_padded_sequence` was given.

    Gives (time, batch, …), or (batch, time, …) with batch_first, and int64 lengths on the CPU. total_length: the time
    to pad to, instead of the longest sequence's. Raises ValueError where that is shorter.

    >>> import gputensor as gt
    >>> packed = gt.nn.utils.rnn.pack_sequence([gt.tensor([1.0, 2.0]), gt.tensor([3.0])])
    >>> gt.nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
    (tensor([[1., 2.],
            [3., 0.]]), tensor([2, 1]))
    """
    _check_packed("pad_packed_sequence", sequence)
    sizes = np.array(sequence.batch_sizes.tolist(), np.int64)
    times = len(sizes)
    if total_length is not None:
        if total_length < times:
            raise ValueError(
                f"pad_packed_sequence: total_length must be at least that of the longest sequence, {times}, got "
                f"{total_length}"
            )
        times = total_length
    batch = int(sizes[0])
    there = np.arange(batch) < sizes[:, None]
    lengths = there.sum(0)
    time, column = np.nonzero(there)
    if sequence.sorted_indices is not None:
        order = np.array(sequence.sorted_indices.tolist(), np.int64)
        column = order[column]
        lengths = lengths[np.argsort(order)]
    shape = (batch, times) if batch_first else (times, batch)
    places = column * times + time if batch_first else time * batch + column
    return _padded(sequence.data, places, shape, padding_value), from_numpy(lengths)


def pad_sequence(
    sequences: Iterable[Tensor] | Tensor,
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """Sequences of different lengths in one tensor, padded to the longest.

    sequences: each (length, …); gives (time, batch, …), or (batch, time, …) with batch_first. padding_side: "right" or
    "left". Raises ShapeError where they differ in more than the length, ArgumentError for no sequences.

    >>> import gputensor as gt
    >>> gt.nn.utils.rnn.pad_sequence([gt.tensor([1.0, 2.0]), gt.tensor([3.0])], batch_first=True)
    tensor([[1., 2.],
            [3., 0.]])
    """
    name = "pad_sequence"
    if not isinstance(sequences, Iterable):
        raise ArgumentError(f"{name}: expected several tensors, got {describe(sequences)}")
    if padding_side not in ("left", "right"):
        raise ArgumentError(f"{name}: padding_side must be 'left' or 'right', got {padding_side!r}")
    given = list(sequences)
    if not given:
        raise ArgumentError(f"{name}: expected at least one sequence, got none")
    for s in given:
        checked(name, s)
    rest = tuple(given[0].shape[1:])
    for s in given:
        if s.dim() == 0 or tuple(s.shape[1:]) != rest:
            raise ShapeError(f"{name}: expected sequences of shape (length, *{rest}), got one of {tuple(s.shape)}")
    counts = np.array([s.shape[0] for s in given], np.int64)
    times, batch = int(counts.max()), len(given)
    first = np.cumsum(counts) - counts
    row = np.repeat(np.arange(batch), counts)
    time = np.arange(counts.sum()) - first[row]
    if padding_side == "left":
        time += (times - counts)[row]
    places = row * times + time if batch_first else time * batch + row
    return _padded(cat(given), places, (batch, times) if batch_first else (times, batch), padding_value)


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor | Sequence[int], batch_first: bool = False
) -> list[Tensor]:
    """The sequences in a padded tensor, each in its length: copies.

    padded_sequences: (time, batch, …), or (batch, time, …) with batch_first. Unlike torch: the given tensor stays as it
    is, where PyTorch transposes it in place. Raises ShapeError for another number of lengths.

    >>> import gputensor as gt
    >>> gt.nn.utils.rnn.unpad_sequence(gt.tensor([[1.0, 2.0], [3.0, 0.0]]), [2, 1], batch_first=True)
    [tensor([1., 2.]), tensor([3.])]
    """
    checked("unpad_sequence", padded_sequences)
    counts = _lengths("unpad_sequence", lengths)
    dim = 0 if batch_first else 1
    if padded_sequences.dim() < 2:
        raise ShapeError(
            "unpad_sequence: padded_sequences must have at least 2 dims, (time, batch, …), got "
            f"{tuple(padded_sequences.shape)}"
        )
    if counts.shape != (padded_sequences.shape[dim],):
        raise ShapeError(
            f"unpad_sequence: expected a length for each of {padded_sequences.shape[dim]} sequences, got {counts.size}"
        )
    return [padded_sequences.select(dim, k)[:count].clone() for k, count in enumerate(counts.tolist())]


def pack_sequence(sequences: Sequence[Tensor], enforce_sorted: bool = True) -> PackedSequence:
    """Sequences of different lengths, packed. See `pack_padded_sequence`.

    >>> import gputensor as gt
    >>> gt.nn.utils.rnn.pack_sequence([gt.tensor([1]), gt.tensor([2, 3])], enforce_sorted=False).data
    tensor([2, 1, 3])
    """
    return pack_padded_sequence(
        pad_sequence(sequences), tensor([s.shape[0] for s in sequences]), enforce_sorted=enforce_sorted
    )


def unpack_sequence(packed_sequences: PackedSequence) -> list[Tensor]:
    """The sequences that were packed.

    >>> import gputensor as gt
    >>> gt.nn.utils.rnn.unpack_sequence(gt.nn.utils.rnn.pack_sequence([gt.tensor([1, 2]), gt.tensor([3])]))
    [tensor([1, 2]), tensor([3])]
    """
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)


def _sizes(lengths: np.ndarray) -> np.ndarray:
    """How many sequences of these lengths, longest first, each time has."""
    counts = np.bincount(lengths)
    return np.cumsum(counts[::-1])[::-1][1:].astype(np.int64)


def _on(index: np.ndarray, like: Tensor) -> Tensor:
    return from_numpy(np.ascontiguousarray(index)).to(like.device)


def _padded(data: Tensor, places: np.ndarray, shape: tuple[int, int], padding: float) -> Tensor:
    """The rows of data in their places of a tensor (*shape, …), padding elsewhere."""
    out = data.new_full((shape[0] * shape[1], *data.shape[1:]), padding)
    out[_on(places, data)] = data
    return out.reshape(*shape, *data.shape[1:])


def _lengths(name: str, lengths: Any) -> np.ndarray:
    given = lengths.tolist() if isinstance(lengths, Tensor) else several(name, "lengths", lengths)
    try:
        return np.array(given, np.int64)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: lengths must be ints, got {describe(lengths)}") from None


def _check_packed(name: str, sequence: Any) -> None:
    if not isinstance(sequence, PackedSequence):
        raise TypeError(f"{name}: expected a PackedSequence, got {describe(sequence)}; pack_padded_sequence makes one")


def __dir__() -> list[str]:
    return __all__
