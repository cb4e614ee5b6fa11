"""Python's `multiprocessing`, under the name that PyTorch's programs import.

Tensors are sent to other processes by value, but for those in shared memory, see `Tensor.share_memory_`. What has used
CUDA must not be forked: use the start method "spawn".
Unlike torch: sending a tensor does not move it to shared memory.
"""

from multiprocessing import Array as Array
from multiprocessing import Barrier as Barrier
from multiprocessing import Condition as Condition
from multiprocessing import Event as Event
from multiprocessing import JoinableQueue as JoinableQueue
from multiprocessing import Lock as Lock
from multiprocessing import Manager as Manager
from multiprocessing import Pipe as Pipe
from multiprocessing import Pool as Pool
from multiprocessing import Process as Process
from multiprocessing import ProcessError as ProcessError
from multiprocessing import Queue as Queue
from multiprocessing import RLock as RLock
from multiprocessing import Semaphore as Semaphore
from multiprocessing import SimpleQueue as SimpleQueue
from multiprocessing import TimeoutError as TimeoutError
from multiprocessing import Value as Value
from multiprocessing import active_children as active_children
from multiprocessing import cpu_count as cpu_count
from multiprocessing import current_process as current_process
from multiprocessing import freeze_support as freeze_support
from multiprocessing import get_all_start_methods as get_all_start_methods
from multiprocessing import get_context as get_context
from multiprocessing import get_start_method as get_start_method
from multiprocessing import parent_process as parent_process
from multiprocessing import set_start_method as set_start_method
from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.multiprocessing._sharing import get_all_sharing_strategies as get_all_sharing_strategies
from gputensor.multiprocessing._sharing import get_sharing_strategy as get_sharing_strategy
from gputensor.multiprocessing._sharing import set_sharing_strategy as set_sharing_strategy
from gputensor.multiprocessing._spawn import ProcessContext as ProcessContext
from gputensor.multiprocessing._spawn import ProcessException as ProcessException
from gputensor.multiprocessing._spawn import ProcessExitedException as ProcessExitedException
from gputensor.multiprocessing._spawn import ProcessRaisedException as ProcessRaisedException
from gputensor.multiprocessing._spawn import SpawnContext as SpawnContext
from gputensor.multiprocessing._spawn import spawn as spawn
from gputensor.multiprocessing._spawn import start_processes as start_processes


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.multiprocessing", name)
