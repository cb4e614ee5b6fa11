"""DataLoader: batches of a dataset."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import gputensor as gt
from gputensor.autograd.profiling.recorder import record_function
from gputensor.utils.data._collate import default_collate as default_collate, default_convert as default_convert
from gputensor.utils.data._fetching import EXHAUSTED, Recipe, fetch
from gputensor.utils.data.dataset import IterableDataset
from gputensor.utils.data.sampler import BatchSampler, RandomSampler, SequentialSampler

__all__ = ["DataLoader", "default_collate", "default_convert"]

T_co = TypeVar("T_co", covariant=True)
_FIXED = ("batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers")


class DataLoader(Generic[T_co]):
    """Iterates over batches of a dataset, in order or shuffled, read in this process or in worker processes.

    dataset: a `Dataset` (anything with ``__getitem__`` and ``__len__``) or an `IterableDataset`.
    batch_size: samples a batch; None reads single samples, which only `collate_fn` changes.
    shuffle: a new random order each time. sampler: another order, as indices. batch_sampler: the same, as lists.
    num_workers: processes that read ahead; 0 reads here. Order and content do not depend on it.
    collate_fn: makes a batch of a list of samples; `default_collate` if None.
    drop_last: leave out the last batch where it is not full.
    timeout: seconds to wait for a worker's batch; 0 waits as long as the worker lives.
    worker_init_fn: called with the worker's id in each worker when it starts, seeds being set.
    multiprocessing_context: how to start workers: 'fork', 'spawn', 'forkserver' or a context. None takes fork on
    Linux, except where this process has used CUDA, and spawn elsewhere.
    generator: where shuffled orders and the workers' seeds come from, the default generator if None.
    prefetch_factor: batches that each worker reads ahead, 2 if None.
    persistent_workers: keep the workers from one iteration to the next.
    pin_memory, pin_memory_device, in_order: accepted; batches are always in order, and none is pinned.

    dataset, batch_size, sampler, batch_sampler, drop_last and persistent_workers stay as they are given: setting one
    later is a ValueError. Random where it shuffles. An exception in a worker is raised here, with the worker's
    traceback; a worker that dies is a RuntimeError with its pid and the signal that killed it.

    >>> import gputensor as gt
    >>> from gputensor.utils.data import DataLoader, TensorDataset
    >>> for x, y in DataLoader(TensorDataset(gt.tensor([1, 2, 3]), gt.tensor([4, 5, 6])), batch_size=2):
    ...     print(x, y)
    tensor([1, 2]) tensor([4, 5])
    tensor([3]) tensor([6])
    """

    _settled = False  # True from the end of __init__ on

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: Any = None,
        generator: Any = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        _check_workers(num_workers, timeout, prefetch_factor, persistent_workers)
        _check_context(multiprocessing_context, num_workers)
        _check_order(dataset, batch_size, shuffle, sampler, batch_sampler, drop_last)
        self.dataset = dataset
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        self.pin_memory_device = pin_memory_device
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.multiprocessing_context = multiprocessing_context
        self.generator = generator
        self.prefetch_factor = 2 if prefetch_factor is None and num_workers else prefetch_factor
        self.persistent_workers = persistent_workers
        self.in_order = in_order

        self._iterable = isinstance(dataset, IterableDataset)
        if sampler is None and not self._iterable:
            sampler = RandomSampler(dataset, generator=generator) if shuffle else SequentialSampler(dataset)
        if batch_sampler is not None:
            batch_size, drop_last = None, False
        elif batch_size is not None and sampler is not None:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        if collate_fn is None:
            collate_fn = default_collate if self._batched else default_convert
        self.collate_fn = collate_fn
        self._kept: Any = None  # the iterator whose workers persist
        self._settled = True

    def __setattr__(self, name: str, value: Any) -> None:
        if self._settled and name in _FIXED:
            raise ValueError(f"DataLoader: {name} cannot be set after the loader is made; make another one")
        if name == "multiprocessing_context":
            _check_context(value, self.num_workers)
        super().__setattr__(name, value)

    def __iter__(self) -> Iterator[Any]:
        recipe = Recipe(self.dataset, self.collate_fn, self._batched, self.drop_last)
        # Drawn without workers, too: what is drawn later does not depend on their number.
        base_seed = int(gt.randint(0, 2**62, (1,), generator=self.generator).item())
        if not self.num_workers:
            if self.timeout:
                raise ValueError("DataLoader: timeout is about worker processes; give num_workers > 0 with it")
            return _SerialIterator(recipe, self._indices(), self._order)
        if self._kept is not None and not self._kept.closed:
            self._kept.restart(self._indices())
            return self._kept

        from gputensor.utils.data import _pool  # multiprocessing is imported only where it is used

        iterator = _pool.WorkerIterator(
            recipe,
            self._indices(),
            self._order,
            num_workers=self.num_workers,
            prefetch=self.prefetch_factor or 2,
            timeout=self.timeout,
            base_seed=base_seed,
            init=self.worker_init_fn,
            context=_pool.start_context(self.multiprocessing_context, gt.cuda.is_initialized()),
            persistent=self.persistent_workers,
        )
        if self.persistent_workers:
            self._kept = iterator
        return iterator

    def __len__(self) -> int:
        """The number of batches, of one worker's copy for an iterable dataset; TypeError where it is not known."""
        if not self._iterable:
            return len(self._order)
        count = len(self.dataset)
        if self.batch_size is None:
            return count
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)

    @property
    def _batched(self) -> bool:
        return self.batch_sampler is not None or self.batch_size is not None

    def _indices(self) -> Iterator[Any]:
        """What is fetched for each batch: indices, one index, or a number of samples to take."""
        if self._iterable:
            return itertools.repeat(self.batch_size)
        return iter(self._order)

    @property
    def _order(self) -> Any:
        """What gives the indices of each batch; None for a stream."""
        return self.batch_sampler if self.batch_sampler is not None else self.sampler


class _SerialIterator:
    """The batches of a loader, made in this process."""

    def __init__(self, recipe: Recipe, indices: Iterator[Any], order: Any) -> None:
        self._read = recipe.start()
        self._indices = indices
        self._order = order

    def __len__(self) -> int:
        """The number of all batches; TypeError for a stream."""
        return len(self._order)

    def __iter__(self) -> _SerialIterator:
        return self

    def __next__(self) -> Any:
        with record_function("enumerate(DataLoader)"):
            batch = fetch(self._read, next(self._indices))
        if batch is EXHAUSTED:
            raise StopIteration
        return batch


def _check_workers(num_workers: int, timeout: float, prefetch_factor: int | None, persistent_workers: bool) -> None:
    if not isinstance(num_workers, int) or num_workers < 0:
        raise ValueError(f"DataLoader: num_workers must be 0 (no worker processes) or more, got {num_workers!r}")
    if timeout < 0:
        raise ValueError(f"DataLoader: timeout must be 0 (none) or a number of seconds, got {timeout!r}")
    if prefetch_factor is not None and (not isinstance(prefetch_factor, int) or prefetch_factor < 1):
        raise ValueError(f"DataLoader: prefetch_factor must be a positive integer, got {prefetch_factor!r}")
    if not num_workers:
        for name, given in (
            ("prefetch_factor", prefetch_factor is not None),
            ("persistent_workers", persistent_workers),
        ):
            if given:
                raise ValueError(f"DataLoader: {name} is about worker processes; give num_workers > 0 with it")


def _check_context(context: Any, num_workers: int) -> None:
    if context is None:
        return
    if not num_workers:
        raise ValueError("DataLoader: multiprocessing_context is about worker processes; give num_workers > 0 with it")
    import multiprocessing.context  # only where it is used: it takes time

    known = multiprocessing.get_all_start_methods()
    if isinstance(context, str):
        if context not in known:
            raise ValueError(f"DataLoader: multiprocessing_context must be one of {known}, got {context!r}")
    elif not isinstance(context, multiprocessing.context.BaseContext):
        raise TypeError(
            f"DataLoader: multiprocessing_context must be a context or one of {known}, got {type(context).__name__}"
        )


def _check_order(
    dataset: Any, batch_size: Any, shuffle: bool | None, sampler: Any, batch_sampler: Any, drop_last: bool
) -> None:
    if isinstance(dataset, IterableDataset):
        for name, given in (("shuffle", shuffle), ("sampler", sampler), ("batch_sampler", batch_sampler)):
            if given is not None and given is not False:
                raise ValueError(
                    f"DataLoader: {name} cannot be given with an IterableDataset, which has an order of its own"
                )
    if batch_size is not None and (not isinstance(batch_size, int) or isinstance(batch_size, bool) or batch_size <= 0):
        raise ValueError(f"DataLoader: batch_size must be a positive integer or None, got {batch_size!r}")
    if sampler is not None and shuffle:
        raise ValueError("DataLoader: sampler and shuffle exclude each other; shuffle in the sampler")
    if batch_sampler is not None and (batch_size != 1 or shuffle or sampler is not None or drop_last):
        raise ValueError(
            "DataLoader: batch_sampler excludes batch_size, shuffle, sampler and drop_last: it decides all"
        )
    if batch_size is None and drop_last:
        raise ValueError("DataLoader: drop_last needs batch_size: without batches there is no last one to drop")


def __dir__() -> list[str]:
    return __all__
