"""copy, deepcopy and pickle, with PyTorch's rules."""

import copy
import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError
from gputensor.ops.copying import each_apart
from tests import doubles

PROTOCOLS = [2, 3, 4, 5]


class Tagged(gt.Tensor):
    """A subclass; at the head of the file so that it can be pickled."""


def again(x, protocol=pickle.DEFAULT_PROTOCOL):
    return pickle.loads(pickle.dumps(x, protocol))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("dtype", gt.core.dtypes.ALL, ids=lambda d: d.name)
def test_every_dtype_survives(protocol, dtype):
    for x in (gt.ones(2, 3, dtype=dtype), gt.ones((), dtype=dtype), gt.zeros(0, 3, dtype=dtype)):
        y = again(x, protocol)
        assert y.equal(x)
        assert y.dtype is dtype
        assert y.stride() == x.stride()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_views_of_one_memory_share_it_afterwards(protocol):
    x = gt.arange(12.0).reshape(3, 4)
    views = (x, x[1], x.T, x[:, ::-1], x.view(gt.int32), x.reshape(-1)[5:7].expand(3, 2), gt.arange(2.0))
    got = again(views, protocol)
    for y, view in zip(got, views, strict=True):
        assert y.equal(view)
        assert y.stride() == view.stride()
    got[1].fill_(-1.0)
    assert got[0].tolist()[1] == [-1.0] * 4
    assert got[3].tolist()[1] == [-1.0] * 4
    assert x.tolist()[1] == [4.0, 5.0, 6.0, 7.0]
    got[6].zero_()
    assert got[0].tolist()[0] == [0.0, 1.0, 2.0, 3.0]


def test_two_pickles_share_nothing():
    x = gt.arange(3.0)
    a, b = again(x), again(x)
    a.zero_()
    assert b.tolist() == x.tolist() == [0.0, 1.0, 2.0]


def test_a_view_brings_its_memory_unless_it_is_sent_as_a_message():
    x = gt.zeros(100_000)
    assert len(pickle.dumps(x[:2])) > 400_000
    with each_apart():
        assert len(pickle.dumps(x[:2])) < 1_000
        a, b = again((x, x[:2]))
    b.fill_(1.0)
    assert a.sum().item() == 0.0
    assert len(pickle.dumps(x[:2])) > 400_000


def test_a_view_of_a_mapped_file_does_not_bring_the_file(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(100_000.0))
    x = gt.from_numpy(np.load(tmp_path / "a.npy", mmap_mode="r+"))
    packed = pickle.dumps(x[3:5])
    assert len(packed) < 1_000
    assert pickle.loads(packed).tolist() == [3.0, 4.0]


def test_buffers_go_out_of_band():
    x = gt.arange(1000.0).reshape(10, 100)
    buffers = []
    head = pickle.dumps((x, x.T), protocol=5, buffer_callback=buffers.append)
    assert len(head) < 1_000
    assert len(buffers) == 1
    a, b = pickle.loads(head, buffers=[bytes(buffer) for buffer in buffers])
    a.zero_()  # read-only bytes are copied
    assert b.sum().item() == 0.0
    a, b = pickle.loads(head, buffers=[bytearray(buffer) for buffer in buffers])
    assert a.equal(x)


def test_requires_grad_attributes_and_classes_survive():
    x = gt.ones(2, requires_grad=True)
    x.label = "left"
    x.grad = gt.ones(2)
    y = again(x)
    assert y.requires_grad
    assert y.is_leaf
    assert y.grad is None
    assert y.label == "left"
    assert again(x * 2).is_leaf  # as PyTorch: the graph stays behind
    assert again(x * 2).requires_grad
    t = gt.ones(2).as_subclass(Tagged)
    t.note = 3
    assert type(again(t)) is Tagged
    assert again(t).note == 3
    tied = gt.nn.Parameter(gt.ones(2, 2))
    p, view = again((tied, tied.detach()[0]))
    assert type(p) is gt.nn.Parameter
    assert p.requires_grad
    view.fill_(7.0)
    assert p.tolist() == [[7.0, 7.0], [1.0, 1.0]]


def test_hooks_stay_behind_with_a_warning():
    x = gt.ones(2, requires_grad=True)
    x.register_hook(lambda g: g)
    with pytest.warns(UserWarning, match="hooks"):
        again(x)
    z = gt.ones(2, requires_grad=True)
    z.register_post_accumulate_grad_hook(lambda t: None)
    with pytest.warns(UserWarning, match="hooks"):
        again(z)


def test_deepcopy_is_for_leaves():
    x = gt.ones(2, requires_grad=True)
    x.grad = gt.full((2,), 3.0)
    x.label = ["left"]
    y = copy.deepcopy(x)
    y.label.append("right")
    y.grad.zero_()
    assert x.label == ["left"]
    assert x.grad.tolist() == [3.0, 3.0]
    assert y.requires_grad
    with pytest.raises(GradError, match="history"):
        copy.deepcopy(x * 2)
    base = gt.zeros(4)
    a, b = copy.deepcopy([base, base[:2]])
    b.fill_(1.0)
    assert a.tolist() == [1.0, 1.0, 0.0, 0.0]
    assert base.sum().item() == 0.0


def test_copy_shares_memory_and_is_a_leaf():
    x = gt.ones(2, requires_grad=True)
    x.label = "left"
    y = copy.copy(x)
    assert y is not x
    assert y.data_ptr() == x.data_ptr()
    assert y.label == "left"
    assert y.requires_grad
    assert copy.copy(x * 2).is_leaf


def test_a_pickled_cuda_tensor_opens_where_there_is_no_gpu():
    with doubles.installed(devices=2):
        x = gt.arange(6.0).reshape(2, 3).cuda(1)
        packed = pickle.dumps((x, x[0]))
        with each_apart():
            alone = pickle.dumps(x.T)
        a, b = pickle.loads(packed)
        assert str(a.device) == "cuda:1"
        b.zero_()
        assert a.tolist() == [[0.0, 0.0, 0.0], [3.0, 4.0, 5.0]]
    with pytest.warns(UserWarning, match=r"unpickle: a tensor of cuda:1 is loaded to the CPU instead"):
        a, b = pickle.loads(packed)
    assert a.is_cpu
    assert a.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    b.zero_()
    assert a.tolist() == [[0.0, 0.0, 0.0], [3.0, 4.0, 5.0]]
    with pytest.warns(UserWarning, match="cuda:1"):
        assert pickle.loads(alone).tolist() == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]


def test_a_pickle_opens_in_another_process(tmp_path):
    path = tmp_path / "x.pickle"
    path.write_bytes(pickle.dumps({"w": gt.arange(3, dtype=gt.bfloat16)}))
    code = f"import pickle; x = pickle.load(open({str(path)!r}, 'rb'))['w']; assert x.tolist() == [0, 1, 2], x"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_plain_tensor_pickles_without_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert again(gt.ones(2)).tolist() == [1.0, 1.0]


@pytest.mark.torch
def test_pytorch_has_the_same_rules():
    torch = pytest.importorskip("torch")
    for lib in (gt, torch):
        x = lib.ones(2, requires_grad=True)
        x.label = "left"
        x.grad = lib.ones(2)
        found = again(x)
        assert (found.requires_grad, found.grad, found.label) == (True, None, "left")
        assert copy.deepcopy(x).grad.tolist() == [1.0, 1.0]
        assert copy.copy(x).data_ptr() == x.data_ptr()
        assert again(x * 2).is_leaf
        with pytest.raises(RuntimeError):
            copy.deepcopy(x * 2)
        y = lib.zeros(1000)
        assert len(pickle.dumps(y[:1])) > 4000
