"""Datasets, samplers and the loader that makes batches of them."""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.utils.data import distributed as distributed
from gputensor.utils.data._collate import default_collate as default_collate, default_convert as default_convert
from gputensor.utils.data._worker_info import get_worker_info as get_worker_info
from gputensor.utils.data.dataloader import DataLoader as DataLoader
from gputensor.utils.data.dataset import (
    ChainDataset as ChainDataset,
    ConcatDataset as ConcatDataset,
    Dataset as Dataset,
    IterableDataset as IterableDataset,
    StackDataset as StackDataset,
    Subset as Subset,
    TensorDataset as TensorDataset,
    random_split as random_split,
)
from gputensor.utils.data.distributed import DistributedSampler as DistributedSampler
from gputensor.utils.data.sampler import (
    BatchSampler as BatchSampler,
    RandomSampler as RandomSampler,
    Sampler as Sampler,
    SequentialSampler as SequentialSampler,
    SubsetRandomSampler as SubsetRandomSampler,
    WeightedRandomSampler as WeightedRandomSampler,
)


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.utils.data", name)
