"""Models over several devices, as far as one device needs it: programs written for many run unchanged on one."""

from gputensor.nn.parallel import distributed as distributed
from gputensor.nn.parallel import scatter_gather as scatter_gather
from gputensor.nn.parallel.distributed import DistributedDataParallel as DistributedDataParallel
from gputensor.nn.parallel.replicas import DataParallel as DataParallel
from gputensor.nn.parallel.replicas import data_parallel as data_parallel
from gputensor.nn.parallel.replicas import parallel_apply as parallel_apply
from gputensor.nn.parallel.replicas import replicate as replicate
from gputensor.nn.parallel.scatter_gather import gather as gather
from gputensor.nn.parallel.scatter_gather import scatter as scatter

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
