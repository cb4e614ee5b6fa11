"""Which GPUs there are and which is current."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

from gputensor.core.devices import as_device, device as _device
from gputensor.errors import DeviceError


def loading() -> Any:
    """The module that finds CuPy, loaded on first need: `import gputensor` does not touch the GPU."""
    from gputensor.arrays.cupy_ import loading as found

    return found


def runtime() -> Any:
    """The CUDA runtime. Raises DeviceError, saying what is missing, without a usable GPU."""
    missing = loading().diagnose()
    if missing is not None:
        raise DeviceError(f"cuda: {missing}")
    from gputensor.arrays.cupy_ import runtime as found

    return found


def index_of(device: Any) -> int:
    """The number of the GPU meant by an index, a name, a device, or None (the current one). Raises DeviceError for
    others."""
    library = runtime()
    if device is None:
        return library.current_device()
    found = as_device(device)
    if found.type != "cuda":
        raise DeviceError(f"cuda: expected a CUDA device, got {found}")
    index = library.current_device() if found.index is None else found.index
    count = device_count()
    if not 0 <= index < count:
        raise DeviceError(f"cuda:{index}: there is no GPU of this number here; there are {count}")
    return index


def is_available() -> bool:
    """Whether a GPU can be used: CuPy, a driver, a device, and kernels compile. Never raises.

    >>> import gputensor as gt
    >>> isinstance(gt.cuda.is_available(), bool)
    True
    """
    return loading().diagnose() is None


def why_unavailable() -> str | None:
    """None where a GPU can be used, else one sentence that says what is missing and the line that mends it.

    >>> import gputensor as gt
    >>> (gt.cuda.why_unavailable() is None) == gt.cuda.is_available()
    True
    """
    return loading().diagnose()


def is_initialized() -> bool:
    """Whether CUDA has been used by this process.

    >>> import gputensor as gt
    >>> gt.cuda.is_initialized() in (True, False)
    True
    """
    return "gputensor.arrays.cupy_.namespace" in sys.modules


def init() -> None:
    """Begin to use CUDA. Raises DeviceError, saying what is missing, without a usable GPU.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.init()
    """
    runtime()


def device_count() -> int:
    """The number of usable GPUs; 0 without any. Never raises.

    >>> import gputensor as gt
    >>> gt.cuda.device_count() >= 0
    True
    """
    return loading().device_count()


def current_device() -> int:
    """The number of the current GPU. Raises DeviceError without one.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.current_device()
    """
    return runtime().current_device()


def set_device(device: Any) -> None:
    """Make a GPU the current one of this thread. Raises DeviceError for a number that is not there.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.set_device(0)
    """
    runtime().use_device(index_of(device))


def get_device_name(device: Any = None) -> str:
    """The name of a GPU, by default the current one.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.get_device_name()
    """
    return runtime().device_name(index_of(device))


def get_device_capability(device: Any = None) -> tuple[int, int]:
    """Major and minor number of a GPU's compute capability.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.get_device_capability()
    """
    found = runtime().device_properties(index_of(device))
    return found["major"], found["minor"]


def get_device_properties(device: Any = None) -> SimpleNamespace:
    """Facts about a GPU: name, major, minor, total_memory (bytes), multi_processor_count.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.get_device_properties()
    """
    index = index_of(device)
    found = runtime().device_properties(index)
    return SimpleNamespace(
        name=runtime().device_name(index),
        major=found["major"],
        minor=found["minor"],
        total_memory=found["totalGlobalMem"],
        multi_processor_count=found["multiProcessorCount"],
    )


def can_device_access_peer(device: Any, peer: Any) -> bool:
    """Whether one GPU can read the memory of another directly.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.can_device_access_peer(0, 0)
    """
    return runtime().can_access_peer(index_of(device), index_of(peer))


def synchronize(device: Any = None) -> None:
    """Wait until a GPU has done all that was asked of it.

    >>> import gputensor as gt
    >>> if gt.cuda.is_available():
    ...     _ = gt.cuda.synchronize()
    """
    runtime().synchronize(index_of(device))


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """Whether the current GPU computes with bfloat16; with including_emulation, also by way of float32. False without a
    GPU.

    >>> import gputensor as gt
    >>> gt.cuda.is_bf16_supported() == gt.cuda.is_available()
    True
    """
    return is_available() and (including_emulation or get_device_capability() >= (8, 0))


def is_tf32_supported() -> bool:
    """Whether the current GPU has TF32, which gputensor does not use; False without a GPU.

    >>> import gputensor as gt
    >>> gt.cuda.is_tf32_supported() in (True, False)
    True
    """
    return is_available() and get_device_capability() >= (8, 0)


def get_arch_list() -> list[str]:
    """The architectures that kernels were compiled for beforehand: none, they are compiled for the GPU that is there.

    >>> import gputensor as gt
    >>> gt.cuda.get_arch_list()
    []
    """
    return []


def is_current_stream_capturing() -> bool:
    """Whether work is being captured instead of run: False.

    >>> import gputensor as gt
    >>> gt.cuda.is_current_stream_capturing()
    False
    """
    return False


class device:
    """A ``with`` block in which another GPU is the current one: ``with gputensor.cuda.device(1): …``; None or -1
    changes nothing.

    >>> import gputensor as gt
    >>> with gt.cuda.device(None):
    ...     pass
    """

    def __init__(self, device: Any) -> None:
        self._index = None if device is None or device == -1 else index_of(device)
        self._before: int | None = None

    def __enter__(self) -> None:
        if self._index is not None:
            self._before = current_device()
            runtime().use_device(self._index)

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            runtime().use_device(self._before)


class device_of(device):
    """`device` for the GPU on which a tensor lies; a tensor on the CPU changes nothing.

    >>> import gputensor as gt
    >>> with gt.cuda.device_of(gt.ones(1)):
    ...     pass
    """

    def __init__(self, obj: Any) -> None:
        super().__init__(obj.device.index if obj.device.type == "cuda" else None)


def as_cuda(device: Any) -> _device:
    """A device object with its number."""
    return _device("cuda", index_of(device))
