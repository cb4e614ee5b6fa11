"""Every row against the file of PyTorch's results; needs no PyTorch."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import grad
from gputensor.core.tensor_base import TensorBase
from tests import reference
from tests.drawing import all_samples, differentiable, draw

VERSION, ROWS = reference.load()
SAMPLES = {s.name: s for s in all_samples() if s.torch}
# the numbers are kept in float32
RTOL = 1e-6


def flat(out):
    return [t for o in out for t in flat(o)] if isinstance(out, (tuple, list)) else [out]


def host(t):
    return t.detach().numpy() if isinstance(t, TensorBase) else np.asarray(t)


def dtype_of(t):
    return t.dtype.name if isinstance(t, TensorBase) else type(t).__name__


def assert_kept(ours, theirs):
    shape, numbers = theirs
    assert ours.shape == shape
    scale = np.abs(numbers[np.isfinite(numbers)]).max(initial=1.0)
    np.testing.assert_allclose(reference.kept(ours), numbers, rtol=RTOL, atol=RTOL * scale)


def test_the_file_is_small_and_knows_its_version():
    assert reference.FILE.stat().st_size < 300_000
    assert VERSION == "2.13.0"


def test_the_file_has_every_row_and_no_other():
    missing, old = sorted(SAMPLES.keys() - ROWS.keys()), sorted(ROWS.keys() - SAMPLES.keys())
    assert (missing, old) == ([], []), "write the file anew: python -m tests.reference.make"


@pytest.mark.parametrize("name", [n for n in ROWS if n in SAMPLES])
def test_results_dtypes_and_gradients_are_those_of_pytorch(name):
    sample, row = SAMPLES[name], ROWS[name]
    for dtype, expected in row.dtypes.items():
        if dtype in sample.dtypes:
            out = flat(sample.call(gt, *[gt.from_numpy(a) for a in draw(sample, dtype)]))
            assert [dtype_of(t) for t in out] == expected
    main = reference.main_dtype(sample)
    inputs = [gt.from_numpy(a) for a in draw(sample, main)]
    places = differentiable(sample) if main in ("float32", "float64") else []
    for k in places:
        inputs[k].requires_grad_()
    out = flat(sample.call(gt, *inputs))
    for t, theirs in zip(out, row.results, strict=True):
        assert_kept(host(t), theirs)
    parts = []
    for t in out:
        if isinstance(t, TensorBase) and t.requires_grad:
            real = gt.view_as_real(t) if t.is_complex() else t
            parts.append((real * gt.from_numpy(reference.weights(real))).sum())
    assert bool(parts) == bool(row.gradients)
    if parts:
        found = grad(sum(parts), [inputs[k] for k in places], allow_unused=True, materialize_grads=True)
        for g, theirs in zip(found, row.gradients, strict=True):
            assert_kept(host(g), theirs)
