"""Process-wide settings, switches of backends, versions, older constructors."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays.numpy_ import blas
from gputensor.errors import DeviceError


@pytest.fixture
def restored():
    """The defaults of dtypes, devices and threads, as they were."""
    dtype, device, threads = gt.get_default_dtype(), gt.get_default_device(), gt.get_num_threads()
    yield
    gt.set_default_dtype(dtype)
    gt.set_default_device(device)
    gt.set_num_threads(threads)


@pytest.mark.usefixtures("restored")
def test_threads_of_matrix_products_are_set():
    gt.set_num_threads(1)
    assert gt.get_num_threads() == 1
    if blas._libraries():  # the library itself says so
        assert blas._function(blas._libraries()[0], "get_num_threads")() == 1
    assert (gt.ones(64, 64) @ gt.ones(64, 64)).sum().item() == 64**3
    for wrong in (0, -1):
        with pytest.raises(RuntimeError, match="positive"):
            gt.set_num_threads(wrong)
    with pytest.raises(TypeError, match="int"):
        gt.set_num_threads(1.5)


@pytest.mark.usefixtures("restored")
def test_without_a_library_that_can_be_told_the_number_is_remembered(monkeypatch):
    monkeypatch.setattr(blas, "_libraries", list)
    monkeypatch.setattr(blas, "_remembered", [None])
    assert gt.get_num_threads() == blas.usable_cores()
    gt.set_num_threads(3)
    assert gt.get_num_threads() == 3


def test_other_settings_are_remembered():
    gt.set_num_interop_threads(2)
    assert gt.get_num_interop_threads() == 2
    gt.set_num_interop_threads(1)
    gt.set_float32_matmul_precision("high")
    assert gt.get_float32_matmul_precision() == "high"
    gt.set_float32_matmul_precision("highest")
    with pytest.raises(RuntimeError, match="'low'"):
        gt.set_float32_matmul_precision("low")
    gt.set_warn_always(True)
    assert gt.is_warn_always_enabled()
    gt.set_warn_always(False)
    assert gt.set_flush_denormal(True) is False


def test_deterministic_algorithms_can_be_asked_for():
    gt.use_deterministic_algorithms(True, warn_only=True)
    assert gt.are_deterministic_algorithms_enabled()
    assert gt.is_deterministic_algorithms_warn_only_enabled()
    assert gt.get_deterministic_debug_mode() == 1
    gt.set_deterministic_debug_mode("error")
    assert gt.get_deterministic_debug_mode() == 2
    assert not gt.is_deterministic_algorithms_warn_only_enabled()
    gt.use_deterministic_algorithms(False)
    assert not gt.are_deterministic_algorithms_enabled()
    with pytest.raises(RuntimeError, match="debug_mode"):
        gt.set_deterministic_debug_mode("loud")


@pytest.mark.usefixtures("restored")
def test_the_default_tensor_type_sets_the_dtype():
    for given in (gt.DoubleTensor, "torch.DoubleTensor", "gputensor.DoubleTensor"):
        gt.set_default_tensor_type(given)
        assert gt.zeros(1).dtype is gt.float64
        gt.set_default_tensor_type("torch.FloatTensor")
        assert gt.zeros(1).dtype is gt.float32
    with pytest.raises(TypeError, match="LongTensor"):
        gt.set_default_tensor_type(gt.LongTensor)
    with pytest.raises(TypeError, match="set_default_dtype"):
        gt.set_default_tensor_type(gt.float64)


@pytest.mark.usefixtures("restored", "gpus")
def test_the_default_tensor_type_sets_the_device():
    gt.set_default_tensor_type(gt.cuda.DoubleTensor)
    x = gt.zeros(1)
    assert (x.device, x.dtype) == (gt.device("cuda:0"), gt.float64)


def test_older_constructors_are_types():
    x = gt.FloatTensor([1, 2])
    assert isinstance(x, gt.FloatTensor)
    assert isinstance(x, gt.Tensor)
    assert not isinstance(x, gt.LongTensor)
    assert not isinstance(x, gt.cuda.FloatTensor)
    assert gt.LongTensor(2, 3).shape == (2, 3)
    assert x.type(gt.IntTensor).dtype is gt.int32
    assert (gt.FloatTensor | None) is not None  # annotations write this
    with pytest.raises(TypeError, match="FloatTensor: data must be a sequence"):
        gt.FloatTensor(1.5)


@pytest.mark.usefixtures("gpus")
def test_older_constructors_on_a_gpu():
    x = gt.cuda.FloatTensor([1, 2])
    assert (x.device, x.dtype, x.tolist()) == (gt.device("cuda:0"), gt.float32, [1.0, 2.0])
    assert isinstance(x, gt.cuda.FloatTensor)
    assert not isinstance(x, gt.FloatTensor)
    assert gt.cuda.LongTensor(3).dtype is gt.int64
    assert gt.ones(2).type(gt.cuda.HalfTensor).type() == "gputensor.cuda.HalfTensor"


def test_compile_gives_the_function_itself():
    def double(x):
        return x * 2

    assert gt.compile(double) is double
    assert gt.compile(double, mode="max-autotune", fullgraph=True) is double
    assert gt.compile(dynamic=True)(double) is double
    net = gt.nn.Linear(2, 2)
    assert gt.compile(net) is net
    with pytest.raises(TypeError, match="function or a module"):
        gt.compile(3)


def test_backends_say_what_is_there_and_keep_what_is_set():
    from gputensor import backends

    absent = (backends.cudnn, backends.mps, backends.mkldnn, backends.openmp, backends.opt_einsum)
    assert not any(backend.is_available() for backend in absent)
    assert backends.mkl.is_available() == ("mkl" in blas.blas_name())
    assert backends.cudnn.version() is None
    assert not backends.cudnn.is_acceptable(gt.ones(1))
    before = backends.cudnn.benchmark
    backends.cudnn.benchmark = True
    with backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True):
        assert (backends.cudnn.benchmark, backends.cudnn.deterministic) == (False, True)
    assert (backends.cudnn.benchmark, backends.cudnn.deterministic) == (True, False)
    backends.cudnn.benchmark = before
    backends.cuda.matmul.allow_tf32 = True
    assert backends.cuda.matmul.allow_tf32
    backends.cuda.matmul.allow_tf32 = False
    with backends.cuda.sdp_kernel(enable_flash=False, enable_math=True, enable_mem_efficient=False):
        asked = backends.cuda.flash_sdp_enabled(), backends.cuda.mem_efficient_sdp_enabled()
        assert asked == (False, False)
    backends.cuda.enable_flash_sdp(False)
    assert not backends.cuda.flash_sdp_enabled()
    backends.cuda.enable_flash_sdp(True)
    backends.cuda.enable_math_sdp(True)
    assert backends.cuda.math_sdp_enabled()
    assert backends.cpu.get_cpu_capability() in ("AVX512", "AVX2", "DEFAULT")


@pytest.mark.torch
def test_names_of_types_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    for make in (lambda lib: lib.ones(1).long(), lambda lib: lib.nn.Linear(1, 1), lambda lib: 3, lambda lib: len):
        assert gt.typename(make(gt)) == torch.typename(make(torch)).replace("torch.", "gputensor.")


def test_a_device_has_its_module():
    assert gt.get_device_module() is gt.cpu
    assert gt.get_device_module("cuda:1") is gt.cuda
    assert gt.typename(gt.ones(1)) == "gputensor.FloatTensor"


def test_versions_are_told():
    assert gt.version.__version__ == gt.__version__
    assert gt.version.cuda is None or gt.version.cuda[0].isdigit() or gt.version.cuda == "unknown"
    assert gt.backends.cuda.is_built() == (gt.version.cuda is not None)
    assert gt.version.hip is None


def test_the_cpu_answers_as_a_device():
    assert (gt.cpu.is_available(), gt.cpu.device_count(), gt.cpu.current_device()) == (True, 1, "cpu")
    gt.cpu.set_device("cpu")
    gt.cpu.synchronize()
    with gt.cpu.stream(gt.cpu.current_stream()):
        assert gt.cpu.is_initialized()


def test_out_of_memory_is_an_error_of_its_own():
    assert gt.OutOfMemoryError is gt.cuda.OutOfMemoryError
    with pytest.raises(gt.OutOfMemoryError, match="out of memory"):
        gt.zeros(2**40, 2**10)
    assert issubclass(gt.OutOfMemoryError, (RuntimeError, MemoryError))
    x = gt.from_numpy(np.broadcast_to(np.float32(1), (2**24, 2**24)))
    with pytest.raises(gt.OutOfMemoryError, match="exp"):
        x.exp()


def test_the_accelerator_is_cuda_or_none():
    if gt.cuda.is_available():
        pytest.skip("there is a GPU")
    assert not gt.accelerator.is_available()
    assert gt.accelerator.current_accelerator() is None
    assert gt.accelerator.device_count() == 0
    assert gt.accelerator.memory_allocated() == 0
    gt.accelerator.set_device_index(-1)
    for call in (gt.accelerator.synchronize, gt.accelerator.current_device_index, gt.accelerator.get_device_capability):
        with pytest.raises(DeviceError):
            call()


@pytest.mark.usefixtures("gpus")
def test_the_accelerator_chooses_gpus():
    assert gt.accelerator.current_accelerator() == gt.device("cuda")
    assert gt.accelerator.device_count() == 2
    with gt.accelerator.device_index(1):
        assert gt.accelerator.current_device_index() == 1
    gt.accelerator.set_device_index(1)
    assert gt.accelerator.current_device_idx() == 1
    gt.accelerator.set_device_index(0)
    gt.accelerator.synchronize()
    assert gt.float32 in gt.accelerator.get_device_capability()["supported_dtypes"]
    free, total = gt.accelerator.get_memory_info()
    assert 0 < free <= total


def test_a_module_is_compiled_to_itself():
    net = gt.nn.Linear(2, 1)
    before = net(gt.ones(1, 2)).tolist()
    assert net.compile(mode="reduce-overhead") is None
    assert net(gt.ones(1, 2)).tolist() == before
