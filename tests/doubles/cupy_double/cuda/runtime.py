"""CuPy's `cupy.cuda.runtime`, as far as a library needs it."""

from tests.doubles.cupy_double import _memory
from tests.doubles.cupy_double._memory import CUDARuntimeError as CUDARuntimeError

is_hip = False


def driverGetVersion():
    return 12090


def runtimeGetVersion():
    return 12090


def getDeviceCount():
    return _memory.device_count()


def getDevice():
    _memory.device_count()
    return _memory.current_device()


def setDevice(device):
    _memory.device_count()
    _memory.set_current_device(device)


def deviceSynchronize():
    _memory.device_count()


def memGetInfo():
    used = _memory.POOL.used_bytes()
    return _memory.CAPACITY - used, _memory.CAPACITY


def deviceCanAccessPeer(device, peerDevice):
    return 0


def getDeviceProperties(device):
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
