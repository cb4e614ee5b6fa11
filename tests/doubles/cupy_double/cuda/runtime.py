"""CuPy's `cupy.cuda.runtime`, as far as a library needs it."""

from tests.doubles.cupy_double import _memory
from tests.doubles.cupy_double._memory import CUDARuntimeError as CUDARuntimeError

is_hip = False


def driverGetVersion():  # noqa: N802
    return 12090


def runtimeGetVersion():  # noqa: N802
    return 12090


def getDeviceCount():  # noqa: N802
    return _memory.device_count()


def getDevice():  # noqa: N802
    _memory.device_count()
    return _memory.current_device()


def setDevice(device):  # noqa: N802
    _memory.device_count()
    _memory.set_current_device(device)


def deviceSynchronize():  # noqa: N802
    _memory.device_count()


def memGetInfo():  # noqa: N802
    used = _memory.POOL.used_bytes()
    return _memory.CAPACITY - used, _memory.CAPACITY


def deviceCanAccessPeer(device, peerDevice):  # noqa: N802, N803
    return 0


def getDeviceProperties(device):  # noqa: N802
    if not 0 <= device < _memory.device_count():
        raise CUDARuntimeError("cudaErrorInvalidDevice: invalid device ordinal")
    return {
        "name": b"Double of a GPU",
        "totalGlobalMem": _memory.CAPACITY,
        "major": 9,
        "minor": 0,
        "multiProcessorCount": 2,
        "maxThreadsPerBlock": 1024,
        "warpSize": 32,
    }
