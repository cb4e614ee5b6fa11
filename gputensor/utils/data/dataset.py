"""Datasets: what `DataLoader` reads samples from."""

import bisect
import itertools
import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import gputensor as gt
from gputensor.core.explain import check_number, describe
from gputensor.errors import ShapeError

__all__ = [
    "ChainDataset",
    "ConcatDataset",
    "Dataset",
    "IterableDataset",
    "StackDataset",
    "Subset",
    "TensorDataset",
    "random_split",
]

T_co = TypeVar("T_co", covariant=True)


class Dataset(Generic[T_co]):
    """A dataset that is indexed: subclasses write ``__getitem__`` and, for most uses, ``__len__``.

    Two optional methods let `DataLoader` read a whole batch at once: ``__getitems__(indices)`` returns the list of
    samples; ``get_batch(indices)`` returns what `default_collate` would make of it, and is used with that collate
    function only. A subclass that overrides ``__getitem__`` alone is read by ``__getitem__``.

    >>> from gputensor.utils.data import Dataset
    >>> class Squares(Dataset):
    ...     def __len__(self):
    ...         return 4
    ...     def __getitem__(self, index):
    ...         return index * index
    >>> Squares()[3]
    9
    """

    def __getitem__(self, index: Any) -> T_co:
        raise NotImplementedError(f"{type(self).__name__}: a dataset must define __getitem__(index)")

    def __add__(self, other: "Dataset[Any]") -> "ConcatDataset[Any]":
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T_co]):
    """A dataset that is read in its own order: subclasses write ``__iter__``.

    With worker processes each one iterates over a copy of the dataset: divide the work by `get_worker_info`, or every
    sample comes once from each worker.

    >>> from gputensor.utils.data import DataLoader, IterableDataset
    >>> class Countdown(IterableDataset):
    ...     def __iter__(self):
    ...         return iter([3, 2, 1])
    >>> [batch.tolist() for batch in DataLoader(Countdown(), batch_size=2)]
    [[3, 2], [1]]
    """

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(f"{type(self).__name__}: an iterable dataset must define __iter__()")

    def __add__(self, other: Dataset[Any]) -> "ChainDataset[Any]":  # type: ignore[override]  # chains, where a Dataset joins
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Any, ...]]):
    """Tensors that are read together: sample i is ``(t[i] for each tensor t)``.

    tensors: at least one, all of the same size along dim 0. ShapeError otherwise. Samples are views; batches of a
    `DataLoader` are read by one index array a tensor.

    >>> import gputensor as gt
    >>> from gputensor.utils.data import TensorDataset
    >>> TensorDataset(gt.tensor([1, 2, 3]), gt.tensor([4, 5, 6]))[1]
    (tensor(2), tensor(5))
    """

    tensors: tuple[Any, ...]

    def __init__(self, *tensors: Any) -> None:
        if not tensors:
            raise ValueError("TensorDataset: no tensor was given; pass at least one")
        for i, tensor in enumerate(tensors):
            if not hasattr(tensor, "ndim"):
                raise TypeError(
                    f"TensorDataset: tensor {i} must be a Tensor, got {type(tensor).__name__}; wrap it with "
                    "gputensor.tensor(…)"
                )
            if tensor.ndim == 0:
                raise ShapeError(f"TensorDataset: tensor {i} has no dim 0 to index; give it one with .unsqueeze(0)")
            if tensor.shape[0] != tensors[0].shape[0]:
                raise ShapeError(
                    f"TensorDataset: tensor {i} has {tensor.shape[0]} samples and tensor 0 has {tensors[0].shape[0]} "
                    f"(shapes {tuple(tensor.shape)} and {tuple(tensors[0].shape)}); "
                    "give all tensors the same size along dim 0"
                )
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple([tensor[index] for tensor in self.tensors])

    def get_batch(self, indices: Sequence[int]) -> list[Any]:
        """The samples `indices`, stacked: a tensor (len(indices), ...) for each tensor of the dataset."""
        index = gt.tensor(indices, dtype=gt.int64)
        return [tensor[index] for tensor in self.tensors]

    def __len__(self) -> int:
        return int(self.tensors[0].shape[0])


class Subset(Dataset[T_co]):
    """The samples `indices` of a dataset, in that order.

    >>> from gputensor.utils.data import Subset
    >>> list(Subset("abcd", [3, 0]))
    ['d', 'a']
    """

    dataset: Any
    indices: Sequence[int]

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        try:
            return self.dataset[self.indices[index]]
        except IndexError as error:
            raise _out_of_range(self, index) or error from None

    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        inner = [self.indices[i] for i in indices]
        if callable(getattr(self.dataset, "__getitems__", None)):
            return self.dataset.__getitems__(inner)
        return [self.dataset[i] for i in inner]

    def __len__(self) -> int:
        return len(self.indices)


def _out_of_range(subset: Subset[Any], index: Any) -> IndexError | None:
    """The words for an index that a subset has not, or that the dataset behind it has not."""
    count = len(subset)
    if not -count <= index < count:
        return IndexError(f"Subset: index {index} is out of range for {count} samples")
    try:
        behind = len(subset.dataset)
    except TypeError:
        return None
    inner = subset.indices[index]
    if -behind <= inner < behind:
        return None
    return IndexError(f"Subset: indices[{index}] is {inner}, but the dataset has {behind} samples")


class ConcatDataset(Dataset[T_co]):
    """Datasets one after the other.

    >>> from gputensor.utils.data import ConcatDataset
    >>> joined = ConcatDataset(["ab", "cde"])
    >>> len(joined), joined[3], joined[-1]
    (5, 'd', 'e')
    """

    datasets: list[Any]
    cumulative_sizes: list[int]

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise ValueError("ConcatDataset: no dataset was given; pass at least one")
        for i, dataset in enumerate(self.datasets):
            if isinstance(dataset, IterableDataset):
                raise TypeError(f"ConcatDataset: dataset {i} is an IterableDataset, which cannot be indexed")
        self.cumulative_sizes = list(itertools.accumulate(map(len, self.datasets)))

    def __getitem__(self, index: int) -> Any:
        count = len(self)
        if not -count <= index < count:
            raise IndexError(f"ConcatDataset: index {index} is out of range for {count} samples")
        index %= count
        which = bisect.bisect_right(self.cumulative_sizes, index)
        return self.datasets[which][index - (self.cumulative_sizes[which - 1] if which else 0)]

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]


class ChainDataset(IterableDataset[T_co]):
    """Iterable datasets one after the other. Its length is the sum of theirs, where they have one.

    Raises TypeError, when it comes to it, for a dataset that is no IterableDataset.

    >>> from gputensor.utils.data import ChainDataset, IterableDataset
    >>> class Countdown(IterableDataset):
    ...     def __iter__(self):
    ...         return iter([2, 1])
    >>> list(ChainDataset([Countdown(), Countdown()]))
    [2, 1, 2, 1]
    """

    datasets: Iterable[Any]

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[T_co]:
        for dataset in self._checked():
            yield from dataset

    def __len__(self) -> int:
        return sum([len(dataset) for dataset in self._checked()])

    def _checked(self) -> Iterator[Any]:
        for i, dataset in enumerate(self.datasets):
            if not isinstance(dataset, IterableDataset):
                raise TypeError(
                    f"ChainDataset: dataset {i} is a {type(dataset).__name__}, not an IterableDataset; use "
                    "ConcatDataset for datasets that are indexed"
                )
            yield dataset


class StackDataset(Dataset[Any]):
    """Datasets that are read together: sample i is the tuple, or by keywords the dict, of their samples i.

    Raises ValueError for none, for both forms at once, and for different lengths.

    >>> from gputensor.utils.data import StackDataset
    >>> StackDataset("abc", [1, 2, 3])[1], StackDataset(letter="abc", number=[1, 2, 3])[1]
    (('b', 2), {'letter': 'b', 'number': 2})
    """

    datasets: tuple[Any, ...] | dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if bool(args) == bool(kwargs):
            raise ValueError("StackDataset: give datasets either by place or by keyword, and at least one")
        self.datasets = args or kwargs
        lengths = [len(dataset) for dataset in (args or kwargs.values())]
        if len(set(lengths)) > 1:
            raise ValueError(f"StackDataset: the datasets have different lengths, {lengths}")
        self._length = lengths[0]

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {key: dataset[index] for key, dataset in self.datasets.items()}
        return tuple([dataset[index] for dataset in self.datasets])

    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        if isinstance(self.datasets, dict):
            columns = [_samples(dataset, indices) for dataset in self.datasets.values()]
            return [dict(zip(self.datasets, sample, strict=True)) for sample in zip(*columns, strict=True)]
        return list(zip(*[_samples(dataset, indices) for dataset in self.datasets], strict=True))

    def __len__(self) -> int:
        return self._length


def _samples(dataset: Any, indices: Sequence[int]) -> list[Any]:
    """Several samples of a dataset, at once where it can."""
    if not callable(getattr(dataset, "__getitems__", None)):
        return [dataset[i] for i in indices]
    samples: list[Any] = dataset.__getitems__(indices)
    if len(samples) != len(indices):
        raise ValueError(
            f"StackDataset: {type(dataset).__name__}.__getitems__ gave {len(samples)} samples for {len(indices)} "
            "indices"
        )
    return samples


def random_split(dataset: Any, lengths: Sequence[int | float], generator: Any = None) -> list[Subset[Any]]:
    """Divide a dataset at random into parts of the given sizes that do not overlap.

    lengths: counts that add up to ``len(dataset)``, or fractions that add up to 1: each part then gets the whole
    number below its share, and what is left goes one by one to the first parts. generator: where the order comes
    from, the default one if None. ValueError where the lengths do not add up. Random.

    >>> import gputensor as gt
    >>> from gputensor.utils.data import random_split
    >>> parts = random_split(range(10), [0.7, 0.3], gt.Generator().manual_seed(0))
    >>> [len(part) for part in parts]
    [7, 3]
    """
    count = len(dataset)
    given: Any = lengths
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"random_split: lengths must be a sequence of numbers, got {describe(lengths)}")
    for k, length in enumerate(lengths):
        check_number("random_split", f"lengths[{k}]", length)
    if any(length < 0 for length in lengths):
        raise ValueError(f"random_split: lengths must not be negative, got {list(lengths)}")
    total = sum(lengths)
    if total == 1 or any(isinstance(length, float) for length in lengths):
        if not math.isclose(total, 1):
            raise ValueError(f"random_split: fractions must add up to 1, got {list(lengths)}, which add up to {total}")
        sizes = [math.floor(count * length) for length in lengths]
        for i in range(count - sum(sizes)):
            sizes[i % len(sizes)] += 1
        for i, size in enumerate(sizes):
            if size == 0:
                warnings.warn(f"random_split: part {i} of {count} samples is empty", stacklevel=2)
    else:
        sizes = [int(length) for length in lengths]
    if sum(sizes) != count:
        raise ValueError(
            f"random_split: lengths {list(lengths)} add up to {sum(sizes)}, and the dataset has {count} samples; "
            "give counts that add up to it, or fractions that add up to 1"
        )
    order = gt.randperm(count, generator=generator).tolist()
    ends = itertools.accumulate(sizes)
    return [Subset(dataset, order[end - size : end]) for size, end in zip(sizes, ends, strict=True)]


def batch_reader(dataset: Any) -> Callable[[Sequence[int]], Any] | None:
    """The function indices -> collated batch of a dataset that has a sound one, else None.

    `get_batch` counts only if no subclass has changed ``__getitem__`` since the class that defines it.

    >>> import gputensor as gt
    >>> from gputensor.utils.data.dataset import batch_reader
    >>> read = batch_reader(gt.utils.data.TensorDataset(gt.arange(5)))
    >>> read([3, 1])
    [tensor([3, 1])]
    """
    for kind in type(dataset).__mro__:
        if "get_batch" in vars(kind):
            return dataset.get_batch
        if kind is Subset:
            return _batch_reader_of_subset(dataset)
        if "__getitem__" in vars(kind) or "__getitems__" in vars(kind):
            return None
    return None


def _batch_reader_of_subset(subset: Subset[Any]) -> Callable[[Sequence[int]], Any] | None:
    inner, indices = batch_reader(subset.dataset), subset.indices
    return None if inner is None else lambda asked: inner([indices[i] for i in asked])


def __dir__() -> list[str]:
    return __all__
