"""The rest of gputensor.cuda that programs call, with no GPU and over the double with two."""

import importlib

import pytest

import gputensor as gt
from gputensor.errors import DeviceError


def without_a_gpu():
    if gt.cuda.is_available():
        pytest.skip("there is a GPU")


def test_without_a_gpu_questions_are_answered():
    without_a_gpu()
    assert not gt.cuda.is_bf16_supported()
    assert not gt.cuda.is_tf32_supported()
    assert (gt.cuda.get_rng_state_all(), gt.cuda.memory_stats(), gt.cuda.get_arch_list()) == ([], {}, [])
    assert gt.cuda.max_memory_reserved() == gt.cuda.memory_cached() == gt.cuda.max_memory_cached() == 0
    gt.cuda.seed()
    gt.cuda.seed_all()
    gt.cuda.set_rng_state(gt.get_rng_state())
    gt.cuda.reset_max_memory_allocated()
    gt.cuda.ipc_collect()
    assert gt.cuda.default_generators == ()
    assert not gt.cuda.nccl.is_available([])
    for call in (
        gt.cuda.memory_summary,
        gt.cuda.get_rng_state,
        gt.cuda.initial_seed,
        gt.cuda.device_memory_used,
        gt.cuda.nccl.version,
    ):
        with pytest.raises(DeviceError):
            call()
    with pytest.raises(DeviceError):
        gt.cuda.FloatTensor([1.0])
    with gt.cuda.nvtx.range("nothing"):
        assert gt.cuda.nvtx.range_push("inner") == 1
        assert gt.cuda.nvtx.range_pop() == 1
        gt.cuda.nvtx.mark("here")


@pytest.mark.usefixtures("gpus")
def test_nccl_tells_its_version(monkeypatch):
    assert gt.cuda.nccl.version() == (2, 18, 5)
    x, y = gt.zeros(2, device="cuda:0"), gt.zeros(2, device="cuda:1")
    assert gt.cuda.nccl.is_available([x, y])
    assert not gt.cuda.nccl.is_available([x, x])
    assert not gt.cuda.nccl.is_available([x, gt.zeros(2)])
    library = importlib.import_module("cupy.cuda.nccl")
    monkeypatch.setattr(library, "get_version", lambda: 2708)
    assert gt.cuda.nccl.version() == (2, 7, 8)
    monkeypatch.setattr(library, "available", False)
    assert not gt.cuda.nccl.is_available([x, y])
    with pytest.raises(DeviceError, match="no NCCL"):
        gt.cuda.nccl.version()


@pytest.mark.usefixtures("gpus")
def test_memory_is_shown_and_limited():
    before = gt.cuda.memory_allocated()
    x = gt.zeros(2**18, device="cuda")
    assert gt.cuda.memory_stats()["allocated_bytes.all.current"] == before + 2**20
    table = gt.cuda.memory_summary()
    assert "cuda:0" in table
    assert "allocated by tensors" in table
    assert gt.cuda.device_memory_used() >= 2**20
    assert gt.cuda.get_per_process_memory_fraction() == 1.0
    gt.cuda.set_per_process_memory_fraction(0.001)
    try:
        assert gt.cuda.get_per_process_memory_fraction() == pytest.approx(0.001)
        with pytest.raises(gt.cuda.OutOfMemoryError, match="out of memory"):
            gt.zeros(2**26, device="cuda")
        with pytest.raises(gt.cuda.OutOfMemoryError, match="add"):
            x.expand(64, 2**18) + 1
    finally:
        gt.cuda.set_per_process_memory_fraction(1.0)
    with pytest.raises(ValueError, match="from 0 to 1"):
        gt.cuda.set_per_process_memory_fraction(2.0)


@pytest.mark.usefixtures("gpus")
def test_generators_of_gpus_are_saved_and_restored():
    gt.cuda.manual_seed_all(3)
    assert gt.cuda.initial_seed() == 3
    states = gt.cuda.get_rng_state_all()
    first = gt.rand(3, device="cuda:1").tolist()
    gt.cuda.set_rng_state_all(states)
    assert gt.rand(3, device="cuda:1").tolist() == first
    state = gt.cuda.get_rng_state("cuda:1")
    second = gt.rand(3, device="cuda:1").tolist()
    gt.cuda.set_rng_state(state, "cuda:1")
    assert gt.rand(3, device="cuda:1").tolist() == second != first
    gt.cuda.seed_all()
    assert len(gt.cuda.default_generators) == 2


@pytest.mark.usefixtures("gpus")
def test_devices_and_streams_are_chosen():
    assert gt.cuda.is_bf16_supported()
    assert gt.cuda.is_bf16_supported(including_emulation=False)
    assert not gt.cuda.is_current_stream_capturing()
    x = gt.ones(2, device="cuda:1")
    with gt.cuda.device_of(x):
        assert gt.cuda.current_device() == 1
    with gt.cuda.device_of(gt.ones(1)):
        assert gt.cuda.current_device() == 0
    stream = gt.cuda.Stream()
    with gt.cuda.stream(stream):
        assert gt.cuda.current_stream() == stream
    with gt.cuda.StreamContext(None):
        assert gt.cuda.current_stream() == gt.cuda.default_stream()
    gt.cuda.set_stream(stream)
    assert gt.cuda.current_stream() == stream
    gt.cuda.set_stream(gt.cuda.default_stream())
    gt.cuda.set_stream(None)
    assert gt.cuda.current_stream() == gt.cuda.default_stream()


@pytest.mark.usefixtures("gpus")
def test_facts_about_a_gpu():
    facts = gt.cuda.get_device_properties(1)
    assert facts.name == gt.cuda.get_device_name(1)
    assert (facts.major, facts.minor) == gt.cuda.get_device_capability(1)
    assert facts.total_memory >= gt.cuda.mem_get_info(1)[1]
    assert isinstance(gt.cuda.can_device_access_peer(0, 1), bool)
    assert gt.cuda.has_half
    with pytest.raises(DeviceError, match="there is no GPU of this number"):
        gt.cuda.get_device_properties(7)


@pytest.mark.usefixtures("gpus")
@pytest.mark.parametrize("reset", [gt.cuda.reset_max_memory_cached, gt.cuda.reset_peak_memory_stats])
def test_peaks_begin_anew(reset):
    gt.cuda.reset_peak_memory_stats()
    large = gt.zeros(2**18, device="cuda")
    peak = gt.cuda.max_memory_allocated()
    del large
    reset()
    gt.cuda.reset_accumulated_memory_stats()
    gt.accelerator.reset_accumulated_memory_stats()
    assert gt.cuda.max_memory_allocated() <= peak - 2**20


@pytest.mark.usefixtures("gpus")
@pytest.mark.parametrize(
    ("constructor", "dtype"),
    [
        (gt.cuda.BFloat16Tensor, gt.bfloat16),
        (gt.cuda.BoolTensor, gt.bool),
        (gt.cuda.ByteTensor, gt.uint8),
        (gt.cuda.CharTensor, gt.int8),
        (gt.cuda.ShortTensor, gt.int16),
        (gt.cuda.IntTensor, gt.int32),
        (gt.cuda.LongTensor, gt.int64),
        (gt.cuda.HalfTensor, gt.float16),
        (gt.cuda.FloatTensor, gt.float32),
        (gt.cuda.DoubleTensor, gt.float64),
    ],
)
def test_the_older_constructors_make_tensors_on_the_gpu(constructor, dtype):
    t = constructor([1, 0])
    assert (t.dtype, t.is_cuda, t.tolist()) == (dtype, True, [1, 0])


@pytest.mark.usefixtures("gpus")
def test_the_current_gpu_is_set_by_number():
    gt.cuda.init()
    gt.accelerator.set_device_idx(1)
    assert gt.cuda.current_device() == 1
    gt.accelerator.set_device_idx(0)
    assert gt.cuda.current_device() == 0
