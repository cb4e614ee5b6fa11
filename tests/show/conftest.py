"""What the tests of printing share: options put back after each test, and tensors of every kind."""

import numpy as np
import pytest
from ml_dtypes import bfloat16

from gputensor.arrays import numpy_
from gputensor.core.dtypes import as_dtype, get_default_dtype, set_default_dtype
from gputensor.show import printoptions


@pytest.fixture(autouse=True)
def _default_options():
    with printoptions(profile="default"):
        yield


@pytest.fixture
def make_tensor():
    """make_tensor(array, requires_grad=, cloned=, kind=, device=): what printing reads of a Tensor, and no more."""
    kinds = {"Tensor": Tensor, "Parameter": Parameter, "Distance": Distance, "Weight": Weight}

    def make(array, requires_grad=False, cloned=False, kind="Tensor", device="cpu"):
        return kinds[kind](array, requires_grad or cloned, CloneBackward() if cloned else None, Device(device))

    return make


@pytest.fixture
def default_dtype():
    """Sets the default dtype; the old one returns after the test."""
    before = get_default_dtype()
    yield lambda dtype: set_default_dtype(as_dtype(dtype))
    set_default_dtype(before)


@pytest.fixture
def torch_options():
    """Sets PyTorch's printing options; its defaults return after the test."""
    torch = pytest.importorskip("torch")
    yield torch.set_printoptions
    torch.set_printoptions(profile="default")


@pytest.fixture
def torch_tensor():
    """torch_tensor(array, requires_grad=, cloned=, kind=): the tensor that `make_tensor` makes, as PyTorch's own."""
    torch = pytest.importorskip("torch")

    class Distance(torch.Tensor):
        pass

    class Weight(torch.nn.Parameter):
        pass

    def make(array, requires_grad=False, cloned=False, kind="Tensor"):
        copy = np.array(array)
        x = (
            torch.from_numpy(copy.view(np.int16)).view(torch.bfloat16)
            if copy.dtype == bfloat16
            else torch.from_numpy(copy)
        )
        if kind in ("Parameter", "Weight"):
            return {"Parameter": torch.nn.Parameter, "Weight": Weight}[kind](x, requires_grad=requires_grad)
        x = x.requires_grad_(requires_grad or cloned)
        x = x.clone() if cloned else x
        return x.as_subclass(Distance) if kind == "Distance" else x

    return make


class CloneBackward:
    def name(self):
        return "CloneBackward0"


class Device(str):
    __slots__ = ()

    @property
    def type(self):
        return self.split(":")[0]


class Tensor:
    def __init__(self, array, requires_grad, grad_fn, device):
        self.array, self.xp, self.device = np.asanyarray(array), numpy_, device
        self.requires_grad, self.grad_fn = requires_grad, grad_fn

    @property
    def dtype(self):
        return as_dtype(self.array.dtype)


class Parameter(Tensor):
    pass


class Distance(Tensor):
    pass


class Weight(Parameter):
    pass
