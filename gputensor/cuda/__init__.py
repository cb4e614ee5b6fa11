"""Nvidia GPUs: which there are, which is current, their memory, streams and events.

Everything here can be asked on a machine without a GPU; what needs one raises DeviceError with the way to mend it.
"""

import importlib as _importlib
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.core.random import generator_for as _generator_for
from gputensor.cuda import nccl as nccl
from gputensor.cuda import nvtx as nvtx
from gputensor.cuda._devices import can_device_access_peer as can_device_access_peer
from gputensor.cuda._devices import current_device as current_device
from gputensor.cuda._devices import device as device
from gputensor.cuda._devices import device_count as device_count
from gputensor.cuda._devices import device_of as device_of
from gputensor.cuda._devices import get_arch_list as get_arch_list
from gputensor.cuda._devices import get_device_capability as get_device_capability
from gputensor.cuda._devices import get_device_name as get_device_name
from gputensor.cuda._devices import get_device_properties as get_device_properties
from gputensor.cuda._devices import init as init
from gputensor.cuda._devices import is_available as is_available
from gputensor.cuda._devices import is_bf16_supported as is_bf16_supported
from gputensor.cuda._devices import is_current_stream_capturing as is_current_stream_capturing
from gputensor.cuda._devices import is_initialized as is_initialized
from gputensor.cuda._devices import is_tf32_supported as is_tf32_supported
from gputensor.cuda._devices import set_device as set_device
from gputensor.cuda._devices import synchronize as synchronize
from gputensor.cuda._devices import why_unavailable as why_unavailable
from gputensor.cuda._memory import device_memory_used as device_memory_used
from gputensor.cuda._memory import empty_cache as empty_cache
from gputensor.cuda._memory import get_per_process_memory_fraction as get_per_process_memory_fraction
from gputensor.cuda._memory import ipc_collect as ipc_collect
from gputensor.cuda._memory import max_memory_allocated as max_memory_allocated
from gputensor.cuda._memory import max_memory_cached as max_memory_cached
from gputensor.cuda._memory import max_memory_reserved as max_memory_reserved
from gputensor.cuda._memory import mem_get_info as mem_get_info
from gputensor.cuda._memory import memory_allocated as memory_allocated
from gputensor.cuda._memory import memory_cached as memory_cached
from gputensor.cuda._memory import memory_reserved as memory_reserved
from gputensor.cuda._memory import memory_stats as memory_stats
from gputensor.cuda._memory import memory_summary as memory_summary
from gputensor.cuda._memory import reset_accumulated_memory_stats as reset_accumulated_memory_stats
from gputensor.cuda._memory import reset_max_memory_allocated as reset_max_memory_allocated
from gputensor.cuda._memory import reset_max_memory_cached as reset_max_memory_cached
from gputensor.cuda._memory import reset_peak_memory_stats as reset_peak_memory_stats
from gputensor.cuda._memory import set_per_process_memory_fraction as set_per_process_memory_fraction
from gputensor.cuda._seeding import get_rng_state as get_rng_state
from gputensor.cuda._seeding import get_rng_state_all as get_rng_state_all
from gputensor.cuda._seeding import initial_seed as initial_seed
from gputensor.cuda._seeding import manual_seed as manual_seed
from gputensor.cuda._seeding import manual_seed_all as manual_seed_all
from gputensor.cuda._seeding import seed as seed
from gputensor.cuda._seeding import seed_all as seed_all
from gputensor.cuda._seeding import set_rng_state as set_rng_state
from gputensor.cuda._seeding import set_rng_state_all as set_rng_state_all
from gputensor.cuda._streams import Event as Event
from gputensor.cuda._streams import Stream as Stream
from gputensor.cuda._streams import StreamContext as StreamContext
from gputensor.cuda._streams import current_stream as current_stream
from gputensor.cuda._streams import default_stream as default_stream
from gputensor.cuda._streams import set_stream as set_stream
from gputensor.cuda._streams import stream as stream
from gputensor.cuda._typed import BFloat16Tensor as BFloat16Tensor
from gputensor.cuda._typed import BoolTensor as BoolTensor
from gputensor.cuda._typed import ByteTensor as ByteTensor
from gputensor.cuda._typed import CharTensor as CharTensor
from gputensor.cuda._typed import DoubleTensor as DoubleTensor
from gputensor.cuda._typed import FloatTensor as FloatTensor
from gputensor.cuda._typed import HalfTensor as HalfTensor
from gputensor.cuda._typed import IntTensor as IntTensor
from gputensor.cuda._typed import LongTensor as LongTensor
from gputensor.cuda._typed import ShortTensor as ShortTensor
from gputensor.errors import OutOfMemoryError as OutOfMemoryError

if _TYPE_CHECKING:
    from gputensor.cuda import amp as amp

has_half = True


def __getattr__(name: str) -> _Any:
    if name == "amp":  # loaded when first asked for: it stands on gputensor.amp, which asks this module for GPUs
        return _importlib.import_module("gputensor.cuda.amp")
    if name == "default_generators":
        return tuple([_generator_for(f"cuda:{k}") for k in range(device_count())])
    raise _left_out("gputensor.cuda", name)
