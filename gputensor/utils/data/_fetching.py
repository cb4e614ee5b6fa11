"""Reading one batch of a dataset: what runs in the main process without workers, and in each worker with them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from gputensor.utils.data._collate import default_collate
from gputensor.utils.data.dataset import IterableDataset, batch_reader

Fetch = Callable[[Any], Any]


class _Exhausted:
    """What is fetched when an iterable dataset has no more samples."""

    def __reduce__(self) -> str:
        return "EXHAUSTED"


EXHAUSTED = _Exhausted()


class Recipe(NamedTuple):
    """How a loader makes batches; travels to the workers."""

    dataset: Any
    collate: Callable[[Any], Any]
    batched: bool
    drop_last: bool

    def start(self) -> Fetch:
        """The function that makes the batch of one item of the loader's sampler, for one pass over the dataset."""
        if isinstance(self.dataset, IterableDataset):
            return _from_iterator(iter(self.dataset), self)
        read = batch_reader(self.dataset) if self.batched and self.collate is default_collate else None
        return read if read is not None else _by_index(self)


def _by_index(recipe: Recipe) -> Fetch:
    dataset, collate = recipe.dataset, recipe.collate
    if not recipe.batched:
        return lambda index: collate(dataset[index])
    if callable(getattr(dataset, "__getitems__", None)):
        return lambda indices: collate(dataset.__getitems__(indices))
    return lambda indices: collate([dataset[index] for index in indices])


def _from_iterator(samples: Iterator[Any], recipe: Recipe) -> Fetch:
    collate, drop_last = recipe.collate, recipe.drop_last

    def fetch_sample(_: None) -> Any:
        for sample in samples:
            return collate(sample)
        return EXHAUSTED

    def fetch_batch(size: int) -> Any:
        batch = list(itertools.islice(samples, size))
        if not batch or (drop_last and len(batch) < size):
            return EXHAUSTED
        return collate(batch)

    return fetch_batch if recipe.batched else fetch_sample


def fetch(read: Fetch, index: Any) -> Any:
    """``read(index)``; a StopIteration of the user's code, which would end the loop in silence, is a RuntimeError."""
    try:
        return read(index)
    except StopIteration as error:
        raise RuntimeError("DataLoader: the dataset or collate_fn raised StopIteration") from error
