"""Nvidia GPUs: which there are, which is current, their memory, streams and events.

Everything here can be asked on a machine without a GPU; what needs one raises DeviceError with the way to mend it.
"""

import importlib as _importlib
from typing import TYPE_CHECKING as _TYPE_CHECKING, Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.core.random import generator_for as _generator_for
from gputensor.cuda import nccl as nccl, nvtx as nvtx
from gputensor.cuda._devices import (
    can_device_access_peer as can_device_access_peer,
    current_device as current_device,
    device as device,
    device_count as device_count,
    device_of as device_of,
    get_arch_list as get_arch_list,
    get_device_capability as get_device_capability,
    get_device_name as get_device_name,
    get_device_properties as get_device_properties,
    init as init,
    is_available as is_available,
    is_bf16_supported as is_bf16_supported,
    is_current_stream_capturing as is_current_stream_capturing,
    is_initialized as is_initialized,
    is_tf32_supported as is_tf32_supported,
    set_device as set_device,
    synchronize as synchronize,
    why_unavailable as why_unavailable,
)
from gputensor.cuda._memory import (
    device_memory_used as device_memory_used,
    empty_cache as empty_cache,
    get_per_process_memory_fraction as get_per_process_memory_fraction,
    ipc_collect as ipc_collect,
    max_memory_allocated as max_memory_allocated,
    max_memory_cached as max_memory_cached,
    max_memory_reserved as max_memory_reserved,
    mem_get_info as mem_get_info,
    memory_allocated as memory_allocated,
    memory_cached as memory_cached,
    memory_reserved as memory_reserved,
    memory_stats as memory_stats,
    memory_summary as memory_summary,
    reset_accumulated_memory_stats as reset_accumulated_memory_stats,
    reset_max_memory_allocated as reset_max_memory_allocated,
    reset_max_memory_cached as reset_max_memory_cached,
    reset_peak_memory_stats as reset_peak_memory_stats,
    set_per_process_memory_fraction as set_per_process_memory_fraction,
)
from gputensor.cuda._seeding import (
    get_rng_state as get_rng_state,
    get_rng_state_all as get_rng_state_all,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    manual_seed_all as manual_seed_all,
    seed as seed,
    seed_all as seed_all,
    set_rng_state as set_rng_state,
    set_rng_state_all as set_rng_state_all,
)
from gputensor.cuda._streams import (
    Event as Event,
    Stream as Stream,
    StreamContext as StreamContext,
    current_stream as current_stream,
    default_stream as default_stream,
    set_stream as set_stream,
    stream as stream,
)
from gputensor.cuda._typed import (
    BFloat16Tensor as BFloat16Tensor,
    BoolTensor as BoolTensor,
    ByteTensor as ByteTensor,
    CharTensor as CharTensor,
    DoubleTensor as DoubleTensor,
    FloatTensor as FloatTensor,
    HalfTensor as HalfTensor,
    IntTensor as IntTensor,
    LongTensor as LongTensor,
    ShortTensor as ShortTensor,
)
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
