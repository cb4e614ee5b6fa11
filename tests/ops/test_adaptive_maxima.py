"""adaptive_max_pool over windows of different lengths: where gradients go."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F

POOLS = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}


def test_a_gradient_goes_to_the_first_of_equal_maxima_and_adds_up_where_windows_overlap():
    x = gt.tensor([[[1.0, 5.0, 9.0, 5.0, 5.0]]], requires_grad=True)
    out, at = F.adaptive_max_pool1d(x, 3, return_indices=True)  # windows 0-1, 1-3, 3-4
    assert out.tolist() == [[[5.0, 9.0, 5.0]]]
    assert at.tolist() == [[[1, 2, 3]]]
    out.backward(gt.tensor([[[1.0, 10.0, 100.0]]]))
    assert x.grad.tolist() == [[[0.0, 1.0, 10.0, 100.0, 0.0]]]
    y = gt.tensor([[[0.0, 7.0, 1.0]]], requires_grad=True)
    F.adaptive_max_pool1d(y, 2).sum().backward()  # windows 0-1 and 1-2
    assert y.grad.tolist() == [[[0.0, 2.0, 0.0]]]


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_recording_changes_no_value_and_gradients_are_those_of_taking(dims):
    rng = np.random.default_rng(dims)
    x = gt.from_numpy(rng.integers(0, 5, (2, 3, *(7, 5, 6)[:dims])).astype("f"))
    x[0, 0].view(-1)[2] = float("nan")
    plain, at = POOLS[dims](x, 3, return_indices=True)
    x.requires_grad_()
    recorded, again = POOLS[dims](x, 3, return_indices=True)
    np.testing.assert_array_equal(recorded.detach().numpy(), plain.numpy())
    assert again.tolist() == at.tolist()
    g = gt.from_numpy(rng.standard_normal(tuple(plain.shape)).astype("f"))
    recorded.backward(g)
    expected = np.zeros((6, x[0, 0].numel()), "f")
    for row, places, values in zip(expected, at.reshape(6, -1).numpy(), g.reshape(6, -1).numpy(), strict=True):
        np.add.at(row, places, values)
    np.testing.assert_allclose(x.grad.reshape(6, -1).numpy(), expected, rtol=1e-6)


@pytest.mark.torch
def test_gradients_of_ragged_maxima_are_pytorchs():
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).standard_normal((2, 3, 11, 13))
    found = []
    for lib in (gt, torch):
        t = lib.from_numpy(x).requires_grad_()
        out = lib.nn.functional.adaptive_max_pool2d(t, (4, 5))
        (out * out).sum().backward()
        found.append((out.detach().numpy(), t.grad.numpy()))
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
