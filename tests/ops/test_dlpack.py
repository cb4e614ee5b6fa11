"""DLPack: memory handed to other libraries and taken from them."""

import gc
import importlib.util
import subprocess
import sys
import weakref

import ml_dtypes
import numpy as np
import pytest

import gputensor as gt

COMPLETE = np.lib.NumpyVersion(np.__version__) >= "2.1.0"
needs_versions = pytest.mark.skipif(not COMPLETE, reason="NumPy 2.0 writes no versions and no flags")


class Other:
    """Another library's array; `asked` is what was asked of it last."""

    def __init__(self, array, device=None):
        self.array = array
        self.device = device
        self.asked = None

    def __dlpack__(self, **options):
        self.asked = options
        # NumPy 2.0 knows of no options
        known = options if COMPLETE or isinstance(self.array, gt.Tensor) else {}
        return self.array.__dlpack__(**{**known, "dl_device": None} if known else {})

    def __dlpack_device__(self):
        return self.device or self.array.__dlpack_device__()


def test_memory_is_shared_both_ways():
    a = np.arange(6.0).reshape(2, 3)
    x = gt.from_dlpack(Other(a))
    x[0, 0] = 7.0
    assert a[0, 0] == 7.0
    y = gt.ones(3)
    b = np.from_dlpack(y)
    y.mul_(2.0)
    assert b.tolist() == [2.0] * 3
    z = gt.from_dlpack(gt.to_dlpack(y))
    assert z.data_ptr() == y.data_ptr()
    z[0] = 9.0
    assert y.tolist() == [9.0, 2.0, 2.0]
    assert gt.utils.dlpack.from_dlpack(y).data_ptr() == y.data_ptr()


def test_the_memory_outlives_its_first_owner():
    b = np.from_dlpack(gt.arange(1000.0))
    x = gt.from_dlpack(np.arange(1000.0))
    gc.collect()
    assert b.sum() == x.sum().item() == 499500.0


@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1,), (2, 3)])
@pytest.mark.parametrize("dtype", [d for d in gt.core.dtypes.ALL if d is not gt.bfloat16], ids=lambda d: d.name)
def test_every_dtype_and_shape_goes_both_ways(shape, dtype):
    x = gt.ones(shape, dtype=dtype)
    out = np.from_dlpack(x)
    assert out.dtype == dtype.numpy
    assert out.shape == shape
    assert gt.from_dlpack(Other(out if COMPLETE else out.copy())).equal(x)


@needs_versions
def test_a_transposed_tensor_keeps_its_strides():
    x = gt.arange(6.0).reshape(2, 3).T
    out = np.from_dlpack(x)
    assert out.strides == x.numpy().strides
    assert gt.from_dlpack(Other(out)).data_ptr() == x.data_ptr()


@needs_versions
def test_negative_strides_are_copied_or_refused():
    x = gt.arange(4.0)[::-1]
    with pytest.raises(BufferError, match=r"negative.*contiguous"):
        x.__dlpack__()
    assert np.from_dlpack(Other(x.contiguous())).tolist() == [3.0, 2.0, 1.0, 0.0]
    copied = np.from_dlpack(Other(x, (1, 0)), copy=True)
    assert copied.tolist() == [3.0, 2.0, 1.0, 0.0]


@needs_versions
def test_a_copy_is_made_on_request():
    y = gt.ones(3)
    z = gt.from_dlpack(y, copy=True)
    z.zero_()
    assert y.tolist() == [1.0] * 3
    a = np.from_dlpack(y, copy=True)
    a[:] = 5.0
    assert y.tolist() == [1.0] * 3
    assert y.__dlpack_device__() == (1, 0)
    assert gt.from_dlpack(y, copy=False, device="cpu").data_ptr() == y.data_ptr()


@needs_versions
def test_read_only_memory_stays_so():
    a = np.arange(3.0)
    a.flags.writeable = False
    x = gt.from_dlpack(a)
    with pytest.raises(Exception, match="read-only"):
        x[0] = 1.0
    assert not np.from_dlpack(x).flags.writeable
    with pytest.raises(BufferError, match="readonly"):
        x.__dlpack__()  # without a version there is no mark for it


def test_what_cannot_be_handed_out_is_refused():
    with pytest.raises(BufferError, match="detach"):
        gt.to_dlpack(gt.ones(2, requires_grad=True))
    with pytest.raises(BufferError, match="detach"):
        gt.from_dlpack(gt.ones(2, requires_grad=True))
    with pytest.raises(TypeError, match="__dlpack__"):
        gt.from_dlpack([1.0])
    with pytest.raises(AttributeError, match="got list"):
        gt.from_dlpack([1.0])
    with pytest.raises(ValueError, match="no stream"):
        gt.ones(2).__dlpack__(stream=1)
    with pytest.raises(BufferError, match=r"\(2, 0\)"):
        gt.ones(2).__dlpack__(dl_device=(2, 0))
    with pytest.raises(BufferError, match="type 4"):
        gt.from_dlpack(Other(np.ones(2), (4, 0)))
    with pytest.raises(BufferError, match="vmap"):
        gt.vmap(lambda x: x.__dlpack__())(gt.ones(2, 3))


@needs_versions
def test_bfloat16_goes_as_int16():
    x = gt.tensor([1.5, -2.0], dtype=gt.bfloat16)
    out = np.from_dlpack(x.view(gt.int16))
    assert out.view(ml_dtypes.bfloat16).tolist() == [1.5, -2.0]
    assert gt.from_dlpack(Other(out)).view(gt.bfloat16).equal(x)


@pytest.mark.parametrize("version", [None, pytest.param((1, 0), marks=needs_versions)])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1,), (2, 3)])
def test_bfloat16_goes_both_ways_without_a_copy(shape, version):
    x = gt.rand(shape).bfloat16()
    capsule = x.__dlpack__(max_version=version)
    back = gt.from_dlpack(capsule)
    assert back.dtype is gt.bfloat16
    assert back.equal(x)
    assert back.data_ptr() == x.data_ptr()
    with pytest.raises(gt.errors.ArgumentError, match="taken before"):  # a capsule is taken once
        gt.from_dlpack(capsule)
    back.fill_(2.5)
    assert x.unique().tolist() == ([2.5] if x.numel() else [])


class Foreign:
    """A library's array of bfloat16: its capsules come from a tensor, with or without versions."""

    def __init__(self, tensor, versions=True):
        self.tensor, self.versions = tensor, versions

    def __dlpack__(self, **options):
        if options and not self.versions:
            raise TypeError("unexpected keyword")
        return self.tensor.__dlpack__(max_version=options.get("max_version"), copy=options.get("copy"))

    def __dlpack_device__(self):
        return 1, 0


@needs_versions
def test_bfloat16_of_another_library_keeps_strides_and_marks():
    x = gt.arange(6.0).bfloat16().reshape(2, 3).T[1:]
    back = gt.from_dlpack(Foreign(x))
    assert back.stride() == x.stride()
    assert back.data_ptr() == x.data_ptr()
    assert back.equal(x)
    assert gt.from_dlpack(Foreign(x, versions=False)).equal(x)
    assert gt.from_dlpack(Foreign(x), copy=True).data_ptr() != x.data_ptr()
    frozen = np.ones(3, ml_dtypes.bfloat16)
    frozen.flags.writeable = False
    with pytest.raises(Exception, match="read-only"):
        gt.from_dlpack(Foreign(gt.from_numpy(frozen))).zero_()
    with pytest.raises(BufferError, match="negative"):
        gt.ones(3, dtype=gt.bfloat16)[::-1].__dlpack__()
    copied = gt.from_dlpack(gt.arange(3.0).bfloat16()[::-1].__dlpack__(max_version=(1, 0), copy=True))
    assert copied.tolist() == [2.0, 1.0, 0.0]


def test_memory_of_bfloat16_lives_as_long_as_it_is_needed():
    class Memory(bytearray):  # arrays and bytearrays have no weak references
        pass

    owner = Memory(gt.arange(4.0).bfloat16().tobytes())
    alive = weakref.ref(owner)
    x = gt.frombuffer(owner, dtype=gt.bfloat16)
    back = gt.from_dlpack(x.__dlpack__())
    unused = x.__dlpack__()
    del owner, x
    gc.collect()
    assert back.tolist() == [0.0, 1.0, 2.0, 3.0]
    assert alive() is not None
    del back
    gc.collect()
    assert alive() is not None
    del unused  # a capsule that nobody took
    gc.collect()
    assert alive() is None


def test_a_capsule_that_numpy_refuses_is_left_as_it_was():
    from gputensor.ops.dlpack_capsules import holds_bfloat16, recoded

    capsule = gt.ones(2, dtype=gt.bfloat16).__dlpack__()
    with pytest.raises((RuntimeError, BufferError), match="dtype"):
        np.from_dlpack(Held(capsule))
    assert holds_bfloat16(capsule)
    assert not holds_bfloat16(gt.ones(2, dtype=gt.float16).__dlpack__())
    assert not holds_bfloat16(None)
    with pytest.raises(BufferError, match="16-bit"):
        recoded(gt.ones(2).__dlpack__(), 4)


class Held:
    def __init__(self, capsule):
        self.capsule = capsule

    def __dlpack__(self, **options):
        return self.capsule

    def __dlpack_device__(self):
        return 1, 0


def test_pinned_and_managed_memory_is_read_on_the_cpu():
    for kind in (3, 13):
        a = np.arange(3.0)
        assert gt.from_dlpack(Other(a, (kind, 0)), device="cpu").tolist() == [0.0, 1.0, 2.0]


def test_an_array_of_a_gpu_is_copied_to_the_cpu_by_its_own_library():
    other = Other(np.arange(3.0), (2, 1))
    x = gt.from_dlpack(other, device="cpu")
    assert x.device == gt.device("cpu")
    assert other.asked["dl_device"] == (1, 0)
    assert other.asked["copy"] is True
    x[0] = 9.0
    assert other.array[0] == 0.0
    with pytest.raises(ValueError, match="copy=False"):
        gt.from_dlpack(other, device="cpu", copy=False)


def test_a_cuda_tensor_is_copied_for_a_consumer_on_the_cpu(gpus):
    x = gt.arange(3.0).cuda(1)
    assert x.__dlpack_device__() == (2, 1)
    holder = type("Held", (), {"__dlpack_device__": lambda s: (1, 0)})()
    type(holder).__dlpack__ = lambda s, **options: x.__dlpack__(**{**options, "dl_device": (1, 0), "copy": None})
    assert np.from_dlpack(holder).tolist() == [0.0, 1.0, 2.0]
    with pytest.raises(BufferError, match=r"cuda:1.*copy=False"):
        x.__dlpack__(dl_device=(1, 0), copy=False)
    with pytest.raises(BufferError, match=r"\(2, 0\)"):
        x.__dlpack__(dl_device=(2, 0))
    with pytest.raises(BufferError, match="bfloat16"):
        x.bfloat16().__dlpack__()


def test_a_cuda_tensor_hands_the_consumers_stream_on(gpus, monkeypatch):
    x = gt.arange(3.0).cuda()
    asked = {}
    monkeypatch.setattr(type(x.array), "__dlpack__", lambda a, **options: asked.update(options), raising=False)
    x.__dlpack__(stream=7, max_version=(1, 1), dl_device=(2, 0), copy=True)
    assert asked == {"stream": 7, "max_version": (1, 1), "copy": True}


@pytest.mark.torch
def test_pytorch_and_gputensor_share_memory():
    torch = pytest.importorskip("torch")
    t = torch.arange(4.0)
    x = gt.from_dlpack(t)
    x.add_(1.0)
    assert t.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert torch.from_dlpack(x).data_ptr() == t.data_ptr()
    assert torch.from_dlpack(gt.utils.dlpack.to_dlpack(gt.ones(2))).tolist() == [1.0, 1.0]
    for y in (gt.tensor(True), gt.zeros(0, 3), gt.arange(6).reshape(2, 3).T, gt.tensor([1j])):
        out = torch.from_dlpack(y)
        assert tuple(out.shape) == tuple(y.shape)
        assert gt.from_dlpack(out).equal(y)
    with pytest.raises(BufferError, match="negative"):  # the process would end
        torch.from_dlpack(gt.arange(3.0)[::-1])
    with pytest.raises(TypeError, match=r"from_dlpack: tensors have no dtype for an array of torch\.float8_e4m3fn"):
        gt.from_dlpack(torch.ones(2, dtype=torch.float8_e4m3fn))


@pytest.mark.torch
def test_pytorch_and_gputensor_share_memory_of_bfloat16():
    torch = pytest.importorskip("torch")
    b = torch.tensor([[1.5, -2.0, 0.25]], dtype=torch.bfloat16).T
    for x in (gt.from_dlpack(b), gt.from_dlpack(torch.utils.dlpack.to_dlpack(b))):
        assert x.dtype is gt.bfloat16
        assert x.data_ptr() == b.data_ptr()
        assert x.tolist() == b.tolist()
    x[0, 0] = 3.0
    assert b[0, 0].item() == 3.0
    for t in (torch.from_dlpack(x), torch.from_dlpack(gt.to_dlpack(x))):
        assert t.dtype is torch.bfloat16
        assert t.data_ptr() == b.data_ptr()
        assert t.tolist() == b.tolist()
    del b, x
    gc.collect()
    assert t.tolist() == [[3.0], [-2.0], [0.25]]


JAX = """
import jax.numpy as jnp
import gputensor as gt

a = jnp.arange(3.0)
x = gt.from_dlpack(a)
assert x.tolist() == [0.0, 1.0, 2.0]
assert x.data_ptr() == a.unsafe_buffer_pointer()
assert jnp.from_dlpack(gt.ones(2, 3)).tolist() == [[1.0] * 3] * 2
b = jnp.array([1.5, -2.0], dtype=jnp.bfloat16)
y = gt.from_dlpack(b)
assert y.dtype is gt.bfloat16 and y.tolist() == [1.5, -2.0]
assert y.data_ptr() == b.unsafe_buffer_pointer()
c = jnp.from_dlpack(gt.tensor([0.5, 4.0], dtype=gt.bfloat16))
assert c.dtype == jnp.bfloat16 and c.tolist() == [0.5, 4.0]
"""


@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="needs JAX")
def test_jax_and_gputensor_share_memory():
    # in a process of its own: JAX starts threads, which later tests that fork would meet
    subprocess.run([sys.executable, "-c", JAX], check=True)
