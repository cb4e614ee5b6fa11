"""Models over several devices, as far as one device needs it: programs written for many run unchanged on one."""

from gputensor.nn.parallel import distributed as distributed, scatter_gather as scatter_gather
from gputensor.nn.parallel.distributed import DistributedDataParallel as DistributedDataParallel
from gputensor.nn.parallel.replicas import (
    DataParallel as DataParallel,
    data_parallel as data_parallel,
    parallel_apply as parallel_apply,
    replicate as replicate,
)
from gputensor.nn.parallel.scatter_gather import gather as gather, scatter as scatter

__all__ = [
    "DataParallel",
    "DistributedDataParallel",
    "data_parallel",
    "distributed",
    "gather",
    "parallel_apply",
    "replicate",
    "scatter",
    "scatter_gather",
]


def __dir__() -> list[str]:
    return __all__
