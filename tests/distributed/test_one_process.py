"""gputensor.distributed with one process: what scripts call, and what is refused."""

import pytest

import gputensor as gt
from gputensor import distributed as dist


@pytest.fixture
def group(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    monkeypatch.delenv("RANK", raising=False)
    dist.init_process_group("nccl", init_method="env://")
    yield
    dist.destroy_process_group()


@pytest.mark.usefixtures("group")
def test_the_group_has_one_member():
    assert dist.is_initialized()
    assert (dist.get_rank(), dist.get_world_size(), dist.get_backend()) == (0, 1, "nccl")
    with pytest.raises(RuntimeError, match="a group already"):
        dist.init_process_group()


@pytest.mark.usefixtures("group")
def test_reductions_leave_the_tensor_as_it_is():
    x = gt.tensor([1.0, 2.0])
    for op in (dist.ReduceOp.SUM, dist.ReduceOp.AVG, dist.ReduceOp.MAX):
        assert dist.all_reduce(x, op=op) is None
    dist.reduce(x, 0)
    dist.broadcast(x, src=0)
    assert dist.all_reduce(x, async_op=True).wait()
    dist.barrier()
    assert x.tolist() == [1.0, 2.0]


@pytest.mark.usefixtures("group")
def test_gatherings_are_of_one_tensor():
    x, out = gt.tensor([1.0, 2.0]), [gt.zeros(2)]
    dist.all_gather(out, x)
    assert out[0].tolist() == [1.0, 2.0]
    dist.gather(x * 2, out, dst=0)
    assert out[0].tolist() == [2.0, 4.0]
    dist.scatter(out[0], [x], src=0)
    assert out[0].tolist() == [1.0, 2.0]
    dist.reduce_scatter(out[0], [x * 3])
    assert out[0].tolist() == [3.0, 6.0]
    objects = [None]
    dist.all_gather_object(objects, {"a": 1})
    assert objects == [{"a": 1}]


@pytest.mark.usefixtures("group")
def test_wrong_arguments_are_named():
    x = gt.ones(2)
    with pytest.raises(ValueError, match="src must be 0"):
        dist.broadcast(x, src=1)
    with pytest.raises(ValueError, match="one item"):
        dist.all_gather([gt.zeros(2), gt.zeros(2)], x)
    with pytest.raises(ValueError, match=r"\(3,\)"):
        dist.all_gather([gt.zeros(3)], x)
    with pytest.raises(TypeError, match="Tensor"):
        dist.all_reduce([1.0])
    with pytest.raises(TypeError, match="BAND"):
        dist.all_reduce(x, op=dist.ReduceOp.BAND)


def test_more_than_one_process_is_refused(monkeypatch):
    with pytest.raises(RuntimeError, match="world size 2"):
        dist.init_process_group("gloo", world_size=2, rank=0)
    with pytest.raises(ValueError, match="rank must be 0"):
        dist.init_process_group("gloo", world_size=1, rank=1)
    monkeypatch.setenv("WORLD_SIZE", "4")
    with pytest.raises(RuntimeError, match="world size 4"):
        dist.init_process_group("gloo")
    monkeypatch.setenv("WORLD_SIZE", "many")
    with pytest.raises(ValueError, match="WORLD_SIZE must be a number"):
        dist.init_process_group("gloo")
    assert not dist.is_initialized()


def test_without_a_group_calls_say_what_to_do():
    for call in (dist.get_rank, dist.get_world_size, dist.get_backend, dist.barrier, dist.destroy_process_group):
        with pytest.raises(RuntimeError, match="init_process_group"):
            call()


def test_no_backend_is_there():
    assert dist.is_available()
    available = (dist.is_nccl_available, dist.is_gloo_available, dist.is_mpi_available, dist.is_ucc_available)
    assert not any(ask() for ask in available)
    assert not dist.is_torchelastic_launched()
    assert (dist.get_default_backend_for_device("cuda"), dist.get_default_backend_for_device("cpu")) == ("nccl", "gloo")
