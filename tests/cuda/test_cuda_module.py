"""`gputensor.cuda` without a GPU, and over the strict double of CuPy with two."""

import subprocess
import sys

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DeviceError


@pytest.fixture
def nothing(monkeypatch):
    """No GPU is usable, and the reason is known."""
    from gputensor.arrays.cupy_ import loading

    monkeypatch.setattr(
        loading, "diagnose", lambda: 'CuPy is not installed; mend it with: pip install "gputensor[cuda12]"'
    )


def test_without_a_gpu_questions_are_answered_and_work_is_refused(nothing):
    assert not gt.cuda.is_available()
    assert gt.cuda.device_count() == 0
    assert gt.cuda.memory_allocated() == gt.cuda.max_memory_allocated() == gt.cuda.memory_reserved() == 0
    gt.cuda.empty_cache()
    gt.cuda.manual_seed(1)
    gt.cuda.manual_seed_all(1)
    gt.cuda.reset_peak_memory_stats()
    for call in (gt.cuda.current_device, gt.cuda.synchronize, gt.cuda.get_device_name, gt.cuda.Stream, gt.cuda.Event):
        with pytest.raises(DeviceError, match="mend it with: pip install"):
            call()


def test_cuda_raises_one_sentence_with_the_line_that_mends_it(nothing):
    with pytest.raises(DeviceError, match=r"CuPy is not installed; mend it with: pip install"):
        gt.ones(2).cuda()
    with pytest.raises(DeviceError, match="mend it"):
        gt.zeros(2, device="cuda:0")
    with pytest.raises(DeviceError, match="mend it"):
        gt.set_default_device("cuda")
    assert gt.get_default_device() == gt.device("cpu")


def test_asking_does_not_raise_in_a_fresh_process():
    program = "import gputensor as gt; print(gt.cuda.is_available() in (True, False), gt.cuda.device_count() >= 0)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_devices_are_counted_chosen_and_named(gpus):
    assert gt.cuda.is_available()
    assert gt.cuda.device_count() == 2
    assert gt.cuda.current_device() == 0
    with gt.cuda.device(1):
        assert gt.cuda.current_device() == 1
        assert gt.ones(2, device="cuda").device == gt.device("cuda:1")
    assert gt.cuda.current_device() == 0
    gt.cuda.set_device(1)
    assert gt.cuda.current_device() == 1
    gt.cuda.set_device(0)
    assert isinstance(gt.cuda.get_device_name(0), str)
    with pytest.raises(DeviceError, match="no GPU of this number"):
        gt.cuda.set_device(5)
    with pytest.raises(DeviceError, match="expected a CUDA device"):
        gt.cuda.get_device_name("cpu")


def test_memory_is_counted(gpus):
    before = gt.cuda.memory_allocated()
    x = gt.zeros(1000, device="cuda")
    assert gt.cuda.memory_allocated() >= before + 4000
    assert gt.cuda.memory_reserved() >= gt.cuda.memory_allocated()
    assert gt.cuda.max_memory_allocated() >= before + 4000
    del x
    assert gt.cuda.memory_allocated() == before
    gt.cuda.empty_cache()
    free, total = gt.cuda.mem_get_info()
    assert 0 <= free <= total


def test_streams_and_events_run(gpus):
    stream = gt.cuda.Stream()
    with gt.cuda.stream(stream):
        x = gt.ones(3, device="cuda") * 2
        assert gt.cuda.current_stream() == stream
    stream.synchronize()
    assert stream.query()
    start, end = gt.cuda.Event(enable_timing=True), gt.cuda.Event(enable_timing=True)
    start.record()
    _ = x + 1
    end.record()
    end.synchronize()
    assert end.query()
    assert start.elapsed_time(end) >= 0.0
    gt.cuda.current_stream().wait_event(end)
    gt.cuda.default_stream().wait_stream(stream)
    gt.cuda.synchronize()
    assert "cuda:0" in repr(stream)


def test_seeds_of_gpus_give_the_numbers_of_the_cpu(gpus):
    gt.manual_seed(5)
    here = gt.rand(7)
    gt.manual_seed(5)
    there = gt.rand(7, device="cuda")
    assert there.cpu().equal(here)
    gt.cuda.manual_seed(5)
    assert gt.rand(7, device="cuda").cpu().equal(here)


def test_an_operation_across_devices_names_operands_devices_and_the_way_out(gpus):
    with pytest.raises(DeviceError, match=r"add: .*operand 1 is on cpu, operand 2 is on cuda:0.*\.to\('cpu'\)"):
        _ = gt.ones(2) + gt.ones(2, device="cuda")
    assert (gt.ones(2, device="cuda") + gt.tensor(1.0)).cpu().tolist() == [2.0, 2.0]


def test_a_default_device_takes_new_tensors(gpus):
    with gt.device("cuda:1"):
        assert gt.zeros(2).device == gt.device("cuda:1")
        assert gt.tensor([1.0]).device == gt.device("cuda:1")
    assert gt.zeros(2).device == gt.device("cpu")


@pytest.mark.parametrize("function", [gt.as_tensor, gt.asarray, gt.array_api.asarray])
def test_a_default_device_takes_numpy_arrays_too(gpus, function):
    n = np.asarray([1.0, 2.0])
    with gt.device("cuda:1"):
        assert function(n).device == gt.device("cuda:1")
        assert function(n, dtype=gt.float32).device == gt.device("cuda:1")
        assert function(n, device="cpu").device == gt.device("cpu")
        assert np.shares_memory(function(n, device="cpu").numpy(), n)
        assert function(gt.ones(2, device="cpu")).device == gt.device("cpu")
    assert np.shares_memory(function(n).numpy(), n)


def test_an_array_that_has_to_go_to_the_default_device_is_not_shared(gpus):
    with gt.device("cuda:1"), pytest.raises(ValueError, match=r"on cpu cannot be shared as .*float64 on cuda:1"):
        gt.asarray(np.ones(2), copy=False)
