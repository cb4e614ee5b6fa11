"""The rows of the table of samples against PyTorch, where it is installed."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.core.tensor_base import TensorBase
from tests.asking import (
    DIFFERENTIABLE,
    SAMPLES,
    assert_close,
    gradients_of,
    host,
    precise,
    rows,
    tensors,
    tolerance,
    values,
    without_warnings,
)
from tests.drawing import differentiable, draw, numpy_type, other_shapes

# its old forms are compared too
pytestmark = pytest.mark.filterwarnings(r"ignore:torch\.\w+ is deprecated in favor:UserWarning")

# PyTorch computes some functions of float64 with constants or series of less precision (celu, polygamma)
TORCHS_FLOAT64 = 1e-7


def _to_torch(torch, a):
    if a.dtype == numpy_type("bfloat16"):
        return torch.from_numpy(a.astype(np.float32)).to(torch.bfloat16)
    return torch.from_numpy(np.ascontiguousarray(a).copy()) if a.ndim else torch.tensor(a[()])


def _from_torch(torch, t):
    if not isinstance(t, torch.Tensor):
        return np.asarray(t)
    return (t.to(torch.float32) if t.dtype == torch.bfloat16 else t).numpy(force=True)


def _torch_results(out):
    if isinstance(out, (tuple, list)):
        return [t for o in out for t in _torch_results(o)]
    return [out]


def _flat(out):
    return [t for o in out for t in _flat(o)] if isinstance(out, (tuple, list)) else [out]


def _same_as_torch(torch, ours, theirs, rtol):
    for a, b in zip(_flat(ours), _torch_results(theirs), strict=True):
        if isinstance(a, TensorBase):
            assert a.dtype.name == str(b.dtype).removeprefix("torch.")
        else:
            assert type(a) is type(b)
        assert_close(values(a)[0], _from_torch(torch, b), rtol)


@pytest.mark.torch
@rows([s for s in SAMPLES if s.torch])
def test_values_and_dtypes_are_those_of_pytorch(sample):
    torch = pytest.importorskip("torch")
    for dtype in sample.dtypes:
        arrays = draw(sample, dtype)
        try:
            theirs = sample.call(torch, *[_to_torch(torch, a) for a in arrays])
        except RuntimeError as error:
            if "not implemented for" in str(error):
                continue
            raise
        _same_as_torch(torch, sample.call(gt, *tensors(arrays)), theirs, max(tolerance(sample, dtype), TORCHS_FLOAT64))


@pytest.mark.torch
@rows([s for s in DIFFERENTIABLE if s.torch])
def test_gradients_are_those_of_pytorch(sample):
    torch = pytest.importorskip("torch")
    for dtype in precise(sample):
        arrays, places = draw(sample, dtype), differentiable(sample)
        given = tensors(arrays, places)
        out = sample.call(gt, *given)
        theirs_in = [_to_torch(torch, a) for a in arrays]
        for k in places:
            theirs_in[k].requires_grad_()
        try:
            theirs_out = sample.call(torch, *theirs_in)
        except RuntimeError as error:
            if "does not support automatic differentiation" in str(error):
                continue
            raise
        pairs = [
            (a, b) for a, b in zip(_flat(out), _torch_results(theirs_out), strict=True) if isinstance(a, TensorBase)
        ]
        assert [a.requires_grad for a, _ in pairs] == [b.requires_grad for _, b in pairs]
        total = None
        for a, b in pairs:
            if b.requires_grad:
                weights = np.cos(np.arange(a.numel(), dtype=np.float64) + 1).reshape(a.shape)
                if b.is_complex():
                    b, weights = torch.view_as_real(b.resolve_conj()), np.stack([weights, weights + 0.5], -1)
                part = (b * torch.from_numpy(weights)).sum()
                total = part if total is None else total + part
        if total is None:
            continue
        theirs = torch.autograd.grad(total, [theirs_in[k] for k in places], allow_unused=True, materialize_grads=True)
        for a, b in zip(gradients_of(out, [given[k] for k in places]), theirs, strict=True):
            assert_close(host(a), _from_torch(torch, b), TORCHS_FLOAT64)


# a variance without a degree of freedom is nan with a warning, in PyTorch too
@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
@pytest.mark.torch
@rows([s for s in SAMPLES if s.torch])
def test_empty_and_zero_dimensional_inputs_are_taken_where_pytorch_takes_them(sample):
    torch = pytest.importorskip("torch")
    dtype = "float64" if "float64" in sample.dtypes else sample.dtypes[0]
    for _, shapes in other_shapes(sample):
        arrays = draw(sample, dtype, shapes)
        try:
            with without_warnings():
                theirs = sample.call(torch, *[_to_torch(torch, a) for a in arrays])
        except (RuntimeError, IndexError, TypeError, ValueError):
            continue
        with without_warnings():
            ours = sample.call(gt, *tensors(arrays))
        _same_as_torch(torch, ours, theirs, TORCHS_FLOAT64)
