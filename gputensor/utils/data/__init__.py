"""Datasets, samplers and the loader that makes batches of them."""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.utils.data import distributed as distributed
from gputensor.utils.data._collate import default_collate as default_collate
from gputensor.utils.data._collate import default_convert as default_convert
from gputensor.utils.data._worker_info import get_worker_info as get_worker_info
from gputensor.utils.data.dataloader import DataLoader as DataLoader
from gputensor.utils.data.dataset import ChainDataset as ChainDataset
from gputensor.utils.data.dataset import ConcatDataset as ConcatDataset
from gputensor.utils.data.dataset import Dataset as Dataset
from gputensor.utils.data.dataset import IterableDataset as IterableDataset
from gputensor.utils.data.dataset import StackDataset as StackDataset
from gputensor.utils.data.dataset import Subset as Subset
from gputensor.utils.data.dataset import TensorDataset as TensorDataset
from gputensor.utils.data.dataset import random_split as random_split
from gputensor.utils.data.distributed import DistributedSampler as DistributedSampler
from gputensor.utils.data.sampler import BatchSampler as BatchSampler
from gputensor.utils.data.sampler import RandomSampler as RandomSampler
from gputensor.utils.data.sampler import Sampler as Sampler
from gputensor.utils.data.sampler import SequentialSampler as SequentialSampler
from gputensor.utils.data.sampler import SubsetRandomSampler as SubsetRandomSampler
from gputensor.utils.data.sampler import WeightedRandomSampler as WeightedRandomSampler


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.utils.data", name)
