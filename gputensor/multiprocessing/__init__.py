"""Python's `multiprocessing`, under the name that PyTorch's programs import.

Tensors are sent to other processes by value, but for those in shared memory, see `Tensor.share_memory_`. What has used
CUDA must not be forked: use the start method "spawn".
Unlike torch: sending a tensor does not move it to shared memory.
"""

from multiprocessing import (
    Array as Array,
    Barrier as Barrier,
    Condition as Condition,
    Event as Event,
    JoinableQueue as JoinableQueue,
    Lock as Lock,
    Manager as Manager,
    Pipe as Pipe,
    Pool as Pool,
    Process as Process,
    ProcessError as ProcessError,
    Queue as Queue,
    RLock as RLock,
    Semaphore as Semaphore,
    SimpleQueue as SimpleQueue,
    TimeoutError as TimeoutError,
    Value as Value,
    active_children as active_children,
    cpu_count as cpu_count,
    current_process as current_process,
    freeze_support as freeze_support,
    get_all_start_methods as get_all_start_methods,
    get_context as get_context,
    get_start_method as get_start_method,
    parent_process as parent_process,
    set_start_method as set_start_method,
)
from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.multiprocessing._sharing import (
    get_all_sharing_strategies as get_all_sharing_strategies,
    get_sharing_strategy as get_sharing_strategy,
    set_sharing_strategy as set_sharing_strategy,
)
from gputensor.multiprocessing._spawn import (
    ProcessContext as ProcessContext,
    ProcessException as ProcessException,
    ProcessExitedException as ProcessExitedException,
    ProcessRaisedException as ProcessRaisedException,
    SpawnContext as SpawnContext,
    spawn as spawn,
    start_processes as start_processes,
)


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.multiprocessing", name)
