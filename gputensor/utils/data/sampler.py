"""Samplers: in which order a dataset is read."""

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, TypeVar

import gputensor as gt
from gputensor.utils.data._orders import lazy_order

__all__ = [
    "BatchSampler",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "SubsetRandomSampler",
    "WeightedRandomSampler",
]

T_co = TypeVar("T_co", covariant=True)
HELD = 2**24  # indices in random order that are held in memory


class Sampler(Generic[T_co]):
    """Something that iterates over indices (or lists of them) of a dataset: subclasses write ``__iter__``.

    >>> from gputensor.utils.data import DataLoader, Sampler
    >>> class Backwards(Sampler):
    ...     def __iter__(self):
    ...         return iter([2, 1, 0])
    >>> [batch.tolist() for batch in DataLoader([10, 20, 30], sampler=Backwards())]
    [[30], [20], [10]]
    """

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(f"{type(self).__name__}: a sampler must define __iter__()")


class SequentialSampler(Sampler[int]):
    """0, 1, ..., ``len(data_source) - 1``.

    >>> from gputensor.utils.data import SequentialSampler
    >>> list(SequentialSampler("abc"))
    [0, 1, 2]
    """

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(_length("SequentialSampler", self.data_source)))

    def __len__(self) -> int:
        return _length("SequentialSampler", self.data_source)


class RandomSampler(Sampler[int]):
    """The indices of `data_source` in random order, or drawn with replacement. Random.

    num_samples: how many, ``len(data_source)`` if None; without replacement more than that means further orders of
    all. generator: where the numbers come from, the default one if None. An order of more than 2**24 is not held, but
    computed place by place. Raises ValueError for a num_samples that is not positive, so for an empty data_source too.
    Unlike torch: 10**10 indices in random order need no memory.

    >>> import gputensor as gt
    >>> from gputensor.utils.data import RandomSampler
    >>> sorted(RandomSampler("abcd", generator=gt.Generator()))
    [0, 1, 2, 3]
    """

    def __init__(
        self, data_source: Sized, replacement: bool = False, num_samples: int | None = None, generator: Any = None
    ) -> None:
        if not isinstance(replacement, bool):
            raise TypeError(f"RandomSampler: replacement must be True or False, got {replacement!r}")
        self.data_source = data_source
        self.replacement = replacement
        self.generator = generator
        self._num_samples = num_samples
        wanted = self.num_samples
        if not isinstance(wanted, int) or wanted <= 0:
            raise ValueError(
                f"RandomSampler: num_samples must be a positive integer, got {wanted!r}"
                f"{'' if num_samples is not None else ', the length of data_source'}"
            )

    @property
    def num_samples(self) -> int:
        """How many indices an iteration gives; follows the data source where none was asked for."""
        return _length("RandomSampler", self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        count, wanted = _length("RandomSampler", self.data_source), self.num_samples
        if not count:
            raise ValueError(f"RandomSampler: {wanted} samples of an empty data source were asked for")
        if self.replacement:
            # In portions: an iteration that is left early has not drawn everything.
            for start in range(0, wanted, 4096):
                size = min(4096, wanted - start)
                yield from gt.randint(0, count, (size,), generator=self.generator).tolist()
        else:
            for start in range(0, wanted, count):
                if count > HELD:
                    yield from itertools.islice(lazy_order(count, self.generator), wanted - start)
                    continue
                yield from gt.randperm(count, generator=self.generator).tolist()[: wanted - start]

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """The given indices in random order. Random.

    >>> from gputensor.utils.data import SubsetRandomSampler
    >>> sorted(SubsetRandomSampler([5, 3, 8]))
    [3, 5, 8]
    """

    def __init__(self, indices: Sequence[int], generator: Any = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for i in gt.randperm(len(self.indices), generator=self.generator).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """Indices 0, ..., ``len(weights) - 1``, each drawn in proportion to its weight. Random.

    weights: (samples,), not negative, need not add up to 1. replacement: False gives every index at most once.

    >>> from gputensor.utils.data import WeightedRandomSampler
    >>> list(WeightedRandomSampler([0.0, 1.0, 0.0], num_samples=3))
    [1, 1, 1]
    """

    def __init__(self, weights: Any, num_samples: int, replacement: bool = True, generator: Any = None) -> None:
        if not isinstance(num_samples, int) or isinstance(num_samples, bool) or num_samples <= 0:
            raise ValueError(f"WeightedRandomSampler: num_samples must be a positive integer, got {num_samples!r}")
        if not isinstance(replacement, bool):
            raise ValueError(f"WeightedRandomSampler: replacement must be True or False, got {replacement!r}")
        self.weights = gt.as_tensor(weights, dtype=gt.float64)
        if self.weights.ndim != 1:
            raise ValueError(f"WeightedRandomSampler: weights must have one dim, got shape {tuple(self.weights.shape)}")
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        # In portions, where draws do not depend on those before: nothing is drawn that is not asked for.
        portion = max(65536, len(self.weights)) if self.replacement else self.num_samples
        for start in range(0, self.num_samples, portion):
            size = min(portion, self.num_samples - start)
            yield from gt.multinomial(self.weights, size, self.replacement, generator=self.generator).tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Lists of `batch_size` indices of another sampler; the last may be shorter, or is dropped.

    >>> from gputensor.utils.data import BatchSampler
    >>> list(BatchSampler(range(5), batch_size=2, drop_last=False))
    [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Iterable[int], batch_size: int, drop_last: bool) -> None:
        if not isinstance(batch_size, int) or isinstance(batch_size, bool) or batch_size <= 0:
            raise ValueError(f"BatchSampler: batch_size must be a positive integer, got {batch_size!r}")
        if not isinstance(drop_last, bool):
            raise ValueError(f"BatchSampler: drop_last must be True or False, got {drop_last!r}")
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def __len__(self) -> int:
        count = len(self.sampler)  # type: ignore[arg-type]
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)


def __dir__() -> list[str]:
    return __all__


def _length(name: str, dataset: Any) -> int:
    try:
        return len(dataset)
    except TypeError:
        if hasattr(dataset, "__len__"):
            raise  # from inside of it
        raise TypeError(
            f"{name}: the dataset must have a length, got {type(dataset).__name__} {dataset!r:.40}; give it __len__, "
            "or make it an IterableDataset"
        ) from None
