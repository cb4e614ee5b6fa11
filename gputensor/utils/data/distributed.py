"""A sampler that gives each of several processes its own part of a dataset."""

import math
from collections.abc import Iterator, Sized
from typing import Any

import gputensor as gt
from gputensor.utils.data.sampler import Sampler

__all__ = ["DistributedSampler"]


class DistributedSampler(Sampler[int]):
    """The indices of one process, `rank` of `num_replicas`: every num_replicas-th of all, shuffled or not. Random.

    num_replicas, rank: by default those of `gputensor.distributed`, 1 and 0. shuffle: in an order that depends on
    seed and epoch alone, so that processes agree; call ``set_epoch(epoch)`` before each epoch for a new one. drop_last:
    leave out the last indices where they cannot be divided evenly; otherwise the first ones come again. Raises
    ValueError for a rank outside of 0 to num_replicas - 1.

    >>> from gputensor.utils.data.distributed import DistributedSampler
    >>> list(DistributedSampler("abcdefg", num_replicas=2, rank=1, shuffle=False))
    [1, 3, 5, 0]
    """

    def __init__(
        self,
        dataset: Sized,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        self.dataset: Any = dataset
        self.num_replicas = gt.distributed.get_world_size() if num_replicas is None else num_replicas
        self.rank = gt.distributed.get_rank() if rank is None else rank
        if not 0 <= self.rank < self.num_replicas:
            raise ValueError(
                f"DistributedSampler: rank {self.rank} is out of range for {self.num_replicas} processes; use 0 <= "
                f"rank < {self.num_replicas}"
            )
        self.epoch = 0
        self.drop_last = drop_last
        self.shuffle = shuffle
        self.seed = seed
        count = len(dataset)
        if drop_last and count % self.num_replicas:
            self.num_samples = math.ceil((count - self.num_replicas) / self.num_replicas)
        else:
            self.num_samples = math.ceil(count / self.num_replicas)
        self.total_size = self.num_samples * self.num_replicas

    def __iter__(self) -> Iterator[int]:
        count = len(self.dataset)
        if not self.shuffle:
            places = range(self.rank, self.total_size, self.num_replicas)
            return (place % count for place in places)
        generator = gt.Generator().manual_seed(self.seed + self.epoch)
        order = gt.randperm(count, generator=generator).tolist()
        return iter([order[place % count] for place in range(self.rank, self.total_size, self.num_replicas)])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Choose the order of this epoch; the same in all processes."""
        self.epoch = epoch


def __dir__() -> list[str]:
    return __all__
