"""What a script for several processes needs when it runs as one: every call of `torch.distributed` at world size 1.

There is no communication between processes: a world size above 1 is refused. With one process every collective
operation is done at once, and its result is what PyTorch's is with a group of one.
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.distributed._collectives import (
    ReduceOp as ReduceOp,
    all_gather as all_gather,
    all_gather_object as all_gather_object,
    all_reduce as all_reduce,
    barrier as barrier,
    broadcast as broadcast,
    gather as gather,
    reduce as reduce,
    reduce_scatter as reduce_scatter,
    scatter as scatter,
)
from gputensor.distributed._group import (
    destroy_process_group as destroy_process_group,
    get_backend as get_backend,
    get_default_backend_for_device as get_default_backend_for_device,
    get_rank as get_rank,
    get_world_size as get_world_size,
    init_process_group as init_process_group,
    is_available as is_available,
    is_gloo_available as is_gloo_available,
    is_initialized as is_initialized,
    is_mpi_available as is_mpi_available,
    is_nccl_available as is_nccl_available,
    is_torchelastic_launched as is_torchelastic_launched,
    is_ucc_available as is_ucc_available,
)


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.distributed", name)
