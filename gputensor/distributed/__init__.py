"""What a script for several processes needs when it runs as one: every call of `torch.distributed` at world size 1.

There is no communication between processes: a world size above 1 is refused. With one process every collective
operation is done at once, and its result is what PyTorch's is with a group of one.
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.distributed._collectives import ReduceOp as ReduceOp
from gputensor.distributed._collectives import all_gather as all_gather
from gputensor.distributed._collectives import all_gather_object as all_gather_object
from gputensor.distributed._collectives import all_reduce as all_reduce
from gputensor.distributed._collectives import barrier as barrier
from gputensor.distributed._collectives import broadcast as broadcast
from gputensor.distributed._collectives import gather as gather
from gputensor.distributed._collectives import reduce as reduce
from gputensor.distributed._collectives import reduce_scatter as reduce_scatter
from gputensor.distributed._collectives import scatter as scatter
from gputensor.distributed._group import destroy_process_group as destroy_process_group
from gputensor.distributed._group import get_backend as get_backend
from gputensor.distributed._group import get_default_backend_for_device as get_default_backend_for_device
from gputensor.distributed._group import get_rank as get_rank
from gputensor.distributed._group import get_world_size as get_world_size
from gputensor.distributed._group import init_process_group as init_process_group
from gputensor.distributed._group import is_available as is_available
from gputensor.distributed._group import is_gloo_available as is_gloo_available
from gputensor.distributed._group import is_initialized as is_initialized
from gputensor.distributed._group import is_mpi_available as is_mpi_available
from gputensor.distributed._group import is_nccl_available as is_nccl_available
from gputensor.distributed._group import is_torchelastic_launched as is_torchelastic_launched
from gputensor.distributed._group import is_ucc_available as is_ucc_available


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.distributed", name)
