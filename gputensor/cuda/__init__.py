"""Nvidia GPUs: which there are, which is current, their memory, streams and events.

Everything here can be asked on a machine without a GPU; what needs one raises DeviceError with the way to mend it.
"""

import importlib as _importlib
from typing import Any as _Any

from gputensor.cuda._devices import can_device_access_peer as can_device_access_peer
from gputensor.cuda._devices import current_device as current_device
from gputensor.cuda._devices import device as device
from gputensor.cuda._devices import device_count as device_count
from gputensor.cuda._devices import get_device_capability as get_device_capability
from gputensor.cuda._devices import get_device_name as get_device_name
from gputensor.cuda._devices import get_device_properties as get_device_properties
from gputensor.cuda._devices import init as init
from gputensor.cuda._devices import is_available as is_available
from gputensor.cuda._devices import is_initialized as is_initialized
from gputensor.cuda._devices import set_device as set_device
from gputensor.cuda._devices import synchronize as synchronize
from gputensor.cuda._devices import why_unavailable as why_unavailable
from gputensor.cuda._memory import empty_cache as empty_cache
from gputensor.cuda._memory import max_memory_allocated as max_memory_allocated
from gputensor.cuda._memory import mem_get_info as mem_get_info
from gputensor.cuda._memory import memory_allocated as memory_allocated
from gputensor.cuda._memory import memory_reserved as memory_reserved
from gputensor.cuda._memory import reset_peak_memory_stats as reset_peak_memory_stats
from gputensor.cuda._seeding import manual_seed as manual_seed
from gputensor.cuda._seeding import manual_seed_all as manual_seed_all
from gputensor.cuda._streams import Event as Event
from gputensor.cuda._streams import Stream as Stream
from gputensor.cuda._streams import current_stream as current_stream
from gputensor.cuda._streams import default_stream as default_stream
from gputensor.cuda._streams import stream as stream


def __getattr__(name: str) -> _Any:
    if name == "amp":  # loaded when first asked for: it stands on gputensor.amp, which asks this module for GPUs
        return _importlib.import_module("gputensor.cuda.amp")
    raise AttributeError(f"module 'gputensor.cuda' has no attribute {name!r}")
