"""What the questions to the table of samples share."""

import warnings
from contextlib import contextmanager

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import grad
from gputensor.core.tensor_base import TensorBase
from tests.drawing import all_samples, differentiable

SAMPLES = all_samples()
DIFFERENTIABLE = [s for s in SAMPLES if differentiable(s) and {"float64", "float32"} & set(s.dtypes)]
# how many roundings a result in a 16-bit dtype may be off; float32 and float64 go by the row's rtol
ROUNDINGS = 8


def rows(samples):
    return pytest.mark.parametrize("sample", samples, ids=lambda s: s.name)


def tensors(arrays, grad_at=()):
    made = [gt.from_numpy(a) for a in arrays]
    for k in grad_at:
        made[k].requires_grad_()
    return made


def results(out):
    """The tensors among the results of a call, in order."""
    if isinstance(out, (tuple, list)):
        return [t for o in out for t in results(o)]
    return [out] if isinstance(out, TensorBase) else []


def values(out):
    """All results of a call as NumPy arrays, Python numbers too."""
    if isinstance(out, (tuple, list)):
        return [a for o in out for a in values(o)]
    return [host(out)] if isinstance(out, TensorBase) else [np.asarray(out)]


def host(t):
    return np.asarray(t.detach().cpu().numpy())


def expected_of(sample, arrays):
    """What the reference gives, as a list."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        out = sample.reference(*arrays)
    return list(out) if isinstance(out, (tuple, list)) else [out]


@contextmanager
def without_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def widened(a):
    """An array in 64 bits, the values unchanged."""
    kind = a.dtype.kind
    return a.astype(np.complex128 if kind == "c" else np.float64 if kind in "fV" else a.dtype)


def tolerance(sample, dtype):
    eps = {"float16": 2.0**-10, "bfloat16": 2.0**-7}.get(dtype)
    if eps is not None:
        return max(ROUNDINGS * eps, sample.rtol)
    return sample.rtol * (2.0**-29 if dtype in ("float64", "complex128") else 1)


def assert_close(ours, reference, rtol):
    reference = np.asarray(reference)
    assert ours.shape == reference.shape
    if ours.dtype.kind in "biu":
        np.testing.assert_array_equal(ours, reference.astype(ours.dtype))
    else:
        np.testing.assert_allclose(widened(ours), widened(reference), rtol=rtol, atol=rtol)


def loss_of(out):
    """A number that depends on every differentiable element of the results, in its own way."""
    total = None
    for t in results(out):
        if t.requires_grad:
            weights = np.cos(np.arange(t.numel(), dtype=np.float64) + 1).reshape(t.shape)
            if t.is_complex():
                t = gt.view_as_real(t)
                weights = np.stack([weights, weights + 0.5], -1)
            part = (t * gt.from_numpy(weights.astype(t.array.dtype)).to(t.device)).sum()
            total = part if total is None else total + part
    return total


def gradients_of(out, wanted):
    loss = loss_of(out)
    return (
        grad(loss, wanted, allow_unused=True, materialize_grads=True) if loss is not None else [t * 0 for t in wanted]
    )


def precise(sample):
    """The dtypes in which a row's gradients are checked against differences."""
    yield "float64"
    if "complex64" in sample.dtypes or "complex128" in sample.dtypes:
        yield "complex128"


def random_gradient(rng, shape, dtype):
    g = rng.standard_normal(shape)
    return np.asarray(g + 1j * rng.standard_normal(shape) if dtype.kind == "c" else g, dtype)
