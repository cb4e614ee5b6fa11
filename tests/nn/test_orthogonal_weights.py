"""Weights with orthonormal columns: beside PyTorch's, and by value."""

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn.utils.parametrizations import orthogonal
from gputensor.nn.utils.parametrize import is_parametrized

RNG = np.random.default_rng(8)
MAPS = ("matrix_exp", "cayley", "householder")


class Holder(nn.Module):
    def __init__(self, value):
        super().__init__()
        self.weight = nn.Parameter(gt.tensor(value))


def gram(w):
    return w.mH @ w if w.shape[-2] >= w.shape[-1] else w @ w.mH


@pytest.mark.parametrize("chosen", [*MAPS, None])
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 3), (2, 2, 3)])
def test_columns_or_rows_are_orthonormal_and_stay_so_in_training(chosen, shape):
    layer = orthogonal(Holder(RNG.normal(size=shape)), orthogonal_map=chosen)
    identity = gt.eye(min(shape[-2:]), dtype=gt.float64)
    before = layer.weight.detach()
    optimizer = gt.optim.SGD(layer.parameters(), lr=0.1)
    for _ in range(3):
        assert gt.allclose(gram(layer.weight), identity.expand_as(gram(layer.weight)), atol=1e-12)
        (layer.weight * gt.tensor(RNG.normal(size=shape))).sum().backward()
        optimizer.step()
    assert not gt.allclose(layer.weight, before, atol=1e-3)


@pytest.mark.parametrize("chosen", ["matrix_exp", "cayley"])
def test_complex_weights_become_unitary(chosen):
    value = RNG.normal(size=(3, 2)) + 1j * RNG.normal(size=(3, 2))
    layer = orthogonal(Holder(value), orthogonal_map=chosen)
    assert gt.allclose(gram(layer.weight), gt.eye(2, dtype=gt.complex128), atol=1e-12)


@pytest.mark.parametrize("chosen", MAPS)
def test_an_orthogonal_matrix_that_is_assigned_is_kept(chosen):
    q = np.linalg.qr(RNG.normal(size=(3, 3)))[0]
    layer = orthogonal(Holder(np.eye(3)), orthogonal_map=chosen)
    layer.weight = gt.tensor(q)
    np.testing.assert_allclose(layer.weight.detach().numpy(), q, atol=1e-12)


def test_householder_takes_assignments_without_a_base_and_the_others_do_not():
    q = np.linalg.qr(RNG.normal(size=(4, 3)))[0]
    layer = orthogonal(Holder(np.eye(4, 3)), orthogonal_map="householder", use_trivialization=False)
    layer.weight = gt.tensor(q)
    np.testing.assert_allclose(layer.weight.detach().numpy(), q, atol=1e-12)
    assert list(layer.state_dict()) == ["parametrizations.weight.original"]
    with pytest.raises(NotImplementedError, match="use_trivialization=True"):
        orthogonal(Holder(q), orthogonal_map="cayley", use_trivialization=False).weight = gt.tensor(q)


def test_what_cannot_be_orthogonal_is_refused():
    for module, name, chosen, words in (
        (nn.Linear(2, 2), "bias", None, "Expected a matrix or batch of matrices. Got a tensor of 1 dim"),
        (nn.Linear(2, 2), "kernel", None, "has no parameter or buffer with name 'kernel'"),
        (nn.Linear(2, 2), "weight", "svd", "orthogonal_map has to be one of matrix_exp, cayley, householder"),
        (Holder(np.eye(2) * 1j), "weight", "householder", "does not support complex"),
    ):
        with pytest.raises(ValueError, match=words):
            orthogonal(module, name, chosen)
        assert not is_parametrized(module)
    layer = orthogonal(nn.Linear(2, 2))
    with pytest.raises(ValueError, match=r"of shape \(2, 2\)"):
        layer.weight = gt.ones(2, 3)


@pytest.mark.torch
@pytest.mark.parametrize("trivial", [True, False])
@pytest.mark.parametrize("chosen", MAPS)
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2)])
def test_weights_and_gradients_of_a_state_are_pytorchs(chosen, shape, trivial):
    torch = pytest.importorskip("torch")
    value, g = RNG.normal(size=shape), RNG.normal(size=shape)

    class Theirs(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.tensor(value))

    theirs = Theirs()
    torch.nn.utils.parametrizations.orthogonal(theirs, orthogonal_map=chosen, use_trivialization=trivial)
    with torch.no_grad():
        theirs.parametrizations.weight.original += 0.1 * torch.tensor(value)
    ours = orthogonal(Holder(value), orthogonal_map=chosen, use_trivialization=trivial)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict({k: gt.tensor(v.detach().numpy()) for k, v in theirs.state_dict().items()})
    np.testing.assert_allclose(ours.weight.detach().numpy(), theirs.weight.detach().numpy(), atol=1e-12)
    (ours.weight * gt.tensor(g)).sum().backward()
    (theirs.weight * torch.tensor(g)).sum().backward()
    np.testing.assert_allclose(
        ours.parametrizations.weight.original.grad.numpy(),
        theirs.parametrizations.weight.original.grad.numpy(),
        atol=1e-12,
    )
