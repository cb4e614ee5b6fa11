"""Finding CuPy, its driver and its devices: the one place that decides whether there is a usable GPU.

CuPy is imported here on first need. What is missing is said in one sentence with the line that mends it.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.metadata
import importlib.util
import os
import sys
import threading
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gputensor._installing import install_line
from gputensor.errors import DeviceError

if TYPE_CHECKING:
    from gputensor.arrays.cupy_.namespace import CupyNamespace

_WHEELS = ("cupy", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x")
_CUDA_12, _CUDA_13 = 12000, 13000  # as the driver counts: 1000 * major + 10 * minor

_namespaces: dict[int, CupyNamespace] = {}
_lock = threading.Lock()


def namespace(index: int | None) -> CupyNamespace:
    """The namespace of the GPU `index`, always the same object; None means the current one.

    Raises DeviceError when there is no usable GPU, or none of that number.
    """
    if index is not None and index in _namespaces:
        return _namespaces[index]
    missing = diagnose()
    if missing is not None:
        raise DeviceError(f"cuda: {missing}" if index is None else f"cuda:{index}: {missing}")
    if index is None:
        return namespace(_cupy().cuda.runtime.getDevice())
    count = device_count()
    if not 0 <= index < count:
        known = "cuda:0 is the only one" if count == 1 else f"use cuda:0 to cuda:{count - 1}"
        raise DeviceError(f"cuda:{index}: there is no GPU of this number here; {known}")
    from gputensor.arrays.cupy_.namespace import CupyNamespace

    with _lock:
        return _namespaces.setdefault(index, CupyNamespace(index))


def device_count() -> int:
    """How many GPUs there are; 0 when none is usable."""
    return 0 if diagnose() is not None else _cupy().cuda.runtime.getDeviceCount()


@functools.cache
def diagnose() -> str | None:
    """None when a GPU is usable, else one sentence: what is missing, and the line that mends it.

    The answer is kept for the process. The first call imports CuPy and compiles one small kernel, for a driver and a
    device do not prove that kernels compile: that needs NVRTC and the CUDA headers.
    """
    return _installation() or _driver_and_device() or _first_kernel()


def _installation() -> str | None:
    wheels = _installed_wheels()
    if len(wheels) > 1:
        return (
            f"{' and '.join(wheels)} are installed together and overwrite each other's files; "
            f"mend it with: pip uninstall -y {' '.join(wheels)} && {_install_line()}"
        )
    if "cupy" not in sys.modules and importlib.util.find_spec("cupy") is None:
        if _driver_version() is None:
            return (
                "there is neither CuPy nor an NVIDIA driver here; on a machine with an NVIDIA GPU install its driver "
                f"(https://www.nvidia.com/drivers), then: {_install_line()}"
            )
        return f"CuPy is not installed; mend it with: {_install_line()}"
    try:
        version = _cupy().__version__
    except Exception as error:  # a damaged installation fails in many ways, and each text helps
        return f"CuPy cannot be imported ({_first_line(error)}); mend it with: {_reinstall_line()}"
    if int(version.split(".")[0]) < 14:
        return f"CuPy {version} is too old, 14 or newer is needed; mend it with: {_reinstall_line()}"
    return None


def _driver_and_device() -> str | None:
    runtime = _cupy().cuda.runtime
    try:
        driver, built_for = runtime.driverGetVersion(), runtime.runtimeGetVersion()
    except Exception as error:
        return f"the CUDA runtime does not answer ({_first_line(error)}); look at the output of: nvidia-smi"
    if driver == 0:
        return (
            "CuPy is installed, but there is no NVIDIA driver here; "
            "install it (https://www.nvidia.com/drivers) and check it with: nvidia-smi"
        )
    if driver < _CUDA_12:
        return (
            f"the NVIDIA driver knows CUDA {_spelled(driver)}, 12.0 or newer is needed; "
            "install a newer driver (https://www.nvidia.com/drivers) and check it with: nvidia-smi"
        )
    if driver < _CUDA_13 <= built_for:
        return (
            f"the NVIDIA driver knows CUDA {_spelled(driver)}, but this CuPy is built for CUDA {_spelled(built_for)}; "
            f"mend it with: {_reinstall_line()}"
        )
    try:
        count = runtime.getDeviceCount()
    except Exception as error:
        count, text = 0, f" ({_first_line(error)})"
    else:
        text = ""
    if count == 0:
        hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
        if hidden is not None:
            return f"CUDA_VISIBLE_DEVICES={hidden!r} hides every GPU{text}; mend it with: unset CUDA_VISIBLE_DEVICES"
        return f"the NVIDIA driver finds no GPU{text}; look at the output of: nvidia-smi"
    return None


def _first_kernel() -> str | None:
    cupy = _cupy()
    try:
        one = int((cupy.zeros(1) + 1)[0])
    except Exception as error:  # whatever it is, the user needs its text
        if isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__:
            return f"the GPU has no memory left ({_first_line(error)}); look for who holds it with: nvidia-smi"
        return (
            "CuPy finds a GPU but cannot compile for it, because NVRTC or the CUDA headers are missing "
            f"({_first_line(error)}); mend it with: {_install_line()}"
        )
    return None if one == 1 else f"the GPU computes 0 + 1 = {one}; look at the output of: nvidia-smi"


def _cupy() -> ModuleType:
    import cupy

    return cupy


def _installed_wheels() -> list[str]:
    found = []
    for name in _WHEELS:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        found.append(name)
    return found


def _install_line() -> str:
    driver = _driver_version()
    extra = "cuda13" if driver is not None and driver >= _CUDA_13 else "cuda12"
    return install_line(extra)


def _reinstall_line() -> str:
    wheels = _installed_wheels()
    return f"pip uninstall -y {' '.join(wheels)} && {_install_line()}" if wheels else _install_line()


def _driver_version() -> int | None:
    """The CUDA version that the driver knows (12040 for 12.4), asked of the driver itself; None without a driver."""
    version = ctypes.c_int(0)
    try:
        library: Any = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        failed = library.cuDriverGetVersion(ctypes.byref(version))
    except (OSError, AttributeError):
        return None
    return version.value if not failed and version.value else None


def _spelled(version: int) -> str:
    return f"{version // 1000}.{version % 1000 // 10}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
