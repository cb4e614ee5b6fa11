"""What is said when there is no usable GPU: one sentence with the line that mends it."""

import importlib.util
import sys
import threading

import pytest

import gputensor.arrays
from gputensor._installing import install_line
from gputensor.arrays.cupy_ import loading
from gputensor.errors import DeviceError
from tests import doubles
from tests.doubles.cupy_double.cuda import compiler, runtime


@pytest.fixture
def double():
    """The double of CuPy, installed, with one GPU; tests break parts of it."""
    with doubles.installed(devices=1) as cupy:
        yield cupy


@pytest.fixture(autouse=True)
def _forget():
    yield
    loading.diagnose.cache_clear()


def without_cupy(monkeypatch, driver, wheels=()):
    """A machine without CuPy; `driver` is the CUDA version its driver knows."""
    for name in [n for n in sys.modules if n.split(".")[0] == "cupy"]:
        monkeypatch.delitem(sys.modules, name)
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "cupy" else found(name))
    monkeypatch.setattr(loading, "_driver_version", lambda: driver)
    monkeypatch.setattr(loading, "_installed_wheels", lambda: list(wheels))
    loading.diagnose.cache_clear()
    return loading.diagnose()


@pytest.mark.parametrize(("driver", "extra"), [(12040, "cuda12"), (13000, "cuda13"), (12090, "cuda12")])
def test_without_cupy_the_extra_that_fits_the_driver_is_named(monkeypatch, driver, extra):
    said = without_cupy(monkeypatch, driver)
    assert said == f"CuPy is not installed; mend it with: {install_line(extra)}"


def test_without_cupy_and_driver_both_are_named(monkeypatch):
    said = without_cupy(monkeypatch, None)
    assert "neither CuPy nor an NVIDIA driver" in said
    assert install_line("cuda12") in said


def test_two_wheels_at_once_are_named(double, monkeypatch):
    monkeypatch.setattr(loading, "_installed_wheels", lambda: ["cupy-cuda12x", "cupy-cuda13x"])
    said = loading.diagnose()
    assert "cupy-cuda12x and cupy-cuda13x are installed together" in said
    assert "pip uninstall -y cupy-cuda12x cupy-cuda13x && pip install" in said


def test_a_damaged_cupy_says_how_it_fails(double, monkeypatch):
    def broken():
        raise ImportError("libcudart.so.12: cannot open shared object file\nmore lines")

    monkeypatch.setattr(loading, "_cupy", broken)
    said = loading.diagnose()
    assert "cannot be imported (ImportError: libcudart.so.12: cannot open shared object file)" in said
    assert "more lines" not in said


def test_an_old_cupy_is_named(double, monkeypatch):
    monkeypatch.setattr(double, "__version__", "13.6.0")
    assert "CuPy 13.6.0 is too old, 14 or newer is needed; mend it with: pip" in loading.diagnose()


def test_cupy_without_a_driver_is_named(double, monkeypatch):
    monkeypatch.setattr(runtime, "driverGetVersion", lambda: 0)
    assert "there is no NVIDIA driver here" in loading.diagnose()


def test_an_old_driver_is_named(double, monkeypatch):
    monkeypatch.setattr(runtime, "driverGetVersion", lambda: 11080)
    assert "the NVIDIA driver knows CUDA 11.8, 12.0 or newer is needed" in loading.diagnose()


def test_a_driver_older_than_the_wheel_is_named(double, monkeypatch):
    monkeypatch.setattr(runtime, "driverGetVersion", lambda: 12040)
    monkeypatch.setattr(runtime, "runtimeGetVersion", lambda: 13000)
    monkeypatch.setattr(loading, "_installed_wheels", lambda: ["cupy-cuda13x"])
    monkeypatch.setattr(loading, "_driver_version", lambda: 12040)
    said = loading.diagnose()
    assert "knows CUDA 12.4, but this CuPy is built for CUDA 13.0" in said
    assert f"pip uninstall -y cupy-cuda13x && {install_line('cuda12')}" in said


def test_a_driver_without_a_gpu_is_named(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    with doubles.installed(devices=0):
        assert "finds no GPU (CUDARuntimeError: cudaErrorNoDevice" in loading.diagnose()


def test_hidden_gpus_are_named(monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    with doubles.installed(devices=0):
        said = loading.diagnose()
        assert "CUDA_VISIBLE_DEVICES='-1' hides every GPU" in said
        assert "unset CUDA_VISIBLE_DEVICES" in said


def test_missing_headers_are_named_with_the_error(double, monkeypatch):
    def zeros(shape):
        raise compiler.CompileException('cannot open source file "vector_types.h"\nin k.cu', "", "k", ())

    monkeypatch.setattr(double, "zeros", zeros)
    said = loading.diagnose()
    assert 'NVRTC or the CUDA headers are missing (CompileException: cannot open source file "vector_types.h")' in said
    assert "pip install" in said


def test_a_full_gpu_is_no_missing_header(double, monkeypatch):
    def zeros(shape):
        raise MemoryError("Out of memory allocating 512 bytes")

    monkeypatch.setattr(double, "zeros", zeros)
    assert "no memory left (MemoryError: Out of memory allocating 512 bytes)" in loading.diagnose()


def test_a_usable_gpu_needs_no_sentence(double):
    assert loading.diagnose() is None
    assert loading.device_count() == 1


@pytest.mark.parametrize("devices", [0, 1])
def test_every_sentence_is_one_line(monkeypatch, devices):
    monkeypatch.setattr(runtime, "driverGetVersion", lambda: 0)
    with doubles.installed(devices=devices):
        assert "\n" not in loading.diagnose()


def test_a_namespace_without_a_gpu_raises_the_sentence():
    with doubles.installed(devices=0):
        with pytest.raises(DeviceError, match=r"^cuda:0: .* no GPU"):
            loading.namespace(0)
        with pytest.raises(DeviceError, match=r"^cuda: there|^cuda: the"):
            loading.namespace(None)
        assert loading.device_count() == 0


@pytest.mark.parametrize(
    ("devices", "said"),
    [
        (1, "cuda:2: there is no GPU of this number here; cuda:0 is the only one"),
        (2, r"cuda:2: .*; use cuda:0 to cuda:1"),
    ],
)
def test_a_gpu_that_is_not_there_is_named(devices, said):
    with doubles.installed(devices), pytest.raises(DeviceError, match=said):
        loading.namespace(2)


def test_a_device_has_one_namespace_for_all_threads(double):
    found = []
    threads = [threading.Thread(target=lambda: found.append(loading.namespace(0))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(xp) for xp in found}) == 1


def test_no_index_means_the_current_device():
    with doubles.installed(devices=2) as cupy:
        with cupy.cuda.Device(1):
            assert loading.namespace(None) is loading.namespace(1)
        assert loading.namespace(None) is loading.namespace(0)


def test_importing_the_package_imports_no_cupy():
    import subprocess

    code = "import sys, gputensor.arrays.cupy_; sys.exit('cupy' in sys.modules or 'ctypes.util' in sys.modules)"
    root = str(next(iter(gputensor.arrays.__path__))).removesuffix("gputensor/arrays")
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_the_double_leaves_no_trace():
    before = sys.modules.get("cupy")
    with doubles.installed():
        loading.namespace(0)
    assert sys.modules.get("cupy") is before
    assert "gputensor.arrays.cupy_.namespace" not in sys.modules
    assert not loading._namespaces
