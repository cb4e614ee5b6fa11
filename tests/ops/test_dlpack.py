"""DLPack: memory handed to other libraries and taken from them."""

import numpy as np
import pytest

import gputensor as gt


class Other:
    """Another library's array."""

    def __init__(self, array):
        self.array = array

    def __dlpack__(self, **options):
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.array.__dlpack_device__()


def test_memory_is_shared_both_ways():
    a = np.arange(6.0).reshape(2, 3)
    x = gt.from_dlpack(Other(a))
    x[0, 0] = 7.0
    assert a[0, 0] == 7.0
    y = gt.ones(3)
    b = np.from_dlpack(y)
    y.mul_(2.0)
    assert b.tolist() == [2.0] * 3
    assert gt.from_dlpack(gt.to_dlpack(y)).data_ptr() == y.data_ptr()
    assert gt.utils.dlpack.from_dlpack(y).data_ptr() == y.data_ptr()


def test_a_copy_is_made_on_request():
    y = gt.ones(3)
    z = gt.from_dlpack(y, copy=True)
    z.zero_()
    assert y.tolist() == [1.0] * 3
    assert y.__dlpack_device__() == (1, 0)


def test_what_cannot_be_handed_out_is_refused():
    with pytest.raises(BufferError, match="detach"):
        gt.to_dlpack(gt.ones(2, requires_grad=True))
    with pytest.raises(TypeError, match="bfloat16"):
        gt.to_dlpack(gt.ones(2, dtype=gt.bfloat16))
    with pytest.raises(TypeError, match="__dlpack__"):
        gt.from_dlpack([1.0])


@pytest.mark.torch
def test_pytorch_and_gputensor_share_memory():
    torch = pytest.importorskip("torch")
    t = torch.arange(4.0)
    x = gt.from_dlpack(t)
    x.add_(1.0)
    assert t.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert torch.from_dlpack(x).data_ptr() == t.data_ptr()
    assert torch.from_dlpack(gt.utils.dlpack.to_dlpack(gt.ones(2))).tolist() == [1.0, 1.0]
