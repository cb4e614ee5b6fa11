"""Stand-ins for array libraries: a strict double of CuPy for machines without a GPU, and array-api-strict in our words.

`install()` puts the double where ``import cupy`` finds it, so that the library's own CuPy code runs on it unchanged.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

# where the double's modules go
_PLACES = {
    "cupy": "tests.doubles.cupy_double",
    "cupy.cuda": "tests.doubles.cupy_double.cuda",
    "cupy.cuda.compiler": "tests.doubles.cupy_double.cuda.compiler",
    "cupy.cuda.nccl": "tests.doubles.cupy_double.cuda.nccl",
    "cupy.cuda.nvtx": "tests.doubles.cupy_double.cuda.nvtx",
    "cupy.cuda.runtime": "tests.doubles.cupy_double.cuda.runtime",
    "cupy.fft": "tests.doubles.cupy_double.fft",
    "cupy.lib": "tests.doubles.cupy_double.lib",
    "cupy.lib.stride_tricks": "tests.doubles.cupy_double.lib.stride_tricks",
    "cupy.linalg": "tests.doubles.cupy_double.linalg",
    "cupyx": "tests.doubles.cupyx_double",
    "cupyx.scipy": "tests.doubles.cupyx_double.scipy",
    "cupyx.scipy.linalg": "tests.doubles.cupyx_double.scipy.linalg",
    "cupyx.scipy.special": "tests.doubles.cupyx_double.scipy.special",
}
_OURS = "gputensor.arrays.cupy_."  # modules that hold on to the CuPy they were imported with

_before: dict[str, ModuleType] = {}


def install(devices: int = 2) -> ModuleType:
    """Make ``import cupy`` mean the double, with this many devices; what was made of CuPy is loaded anew."""
    remove()
    from tests.doubles.cupy_double import _memory

    _memory.device_total = devices
    if devices:
        _memory.set_current_device(0)
    _before.update({name: module for name, module in sys.modules.items() if _is_cupy(name)})
    for name in _before:
        del sys.modules[name]
    for name, place in _PLACES.items():
        sys.modules[name] = importlib.import_module(place)
    _forget()
    return sys.modules["cupy"]


def remove() -> None:
    """Undo `install`: ``import cupy`` means what it meant before."""
    if not is_installed():
        return
    for name in [n for n in sys.modules if _is_cupy(n)]:
        del sys.modules[name]
    sys.modules.update(_before)
    _before.clear()
    _forget()


def is_installed() -> bool:
    return getattr(sys.modules.get("cupy"), "__name__", "") == _PLACES["cupy"]


@contextmanager
def installed(devices: int = 2) -> Iterator[ModuleType]:
    """The double as a context."""
    try:
        yield install(devices)
    finally:
        remove()


def _is_cupy(name: str) -> bool:
    return name.split(".")[0] in ("cupy", "cupyx", "cupy_backends")


def _forget() -> None:
    """Drop what the library remembers of the CuPy that was there."""
    from gputensor.arrays import cupy_
    from gputensor.arrays.cupy_ import loading
    from gputensor.core import apply, devices

    apply.several_gpus(False)
    loading.diagnose.cache_clear()
    for namespace in loading._namespaces.values():
        devices._of_namespace.pop(id(namespace), None)
    loading._namespaces.clear()
    for name in [n for n in sys.modules if n.startswith(_OURS) and n != loading.__name__]:
        del sys.modules[name]
        cupy_.__dict__.pop(name.removeprefix(_OURS), None)
