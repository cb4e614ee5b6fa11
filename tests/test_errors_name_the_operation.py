"""Errors speak of the operation that was called, not of a step inside it; their classes are those programs catch."""

import pickle
import re

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.errors import ArgumentError, DtypeError, GradError, ShapeError
from gputensor.nn import functional as F


def _leaf():
    return gt.ones(2, requires_grad=True)


def _many_dims():
    return gt.ones([1] * 64)


def _set(x, index, value):
    x[index] = value


def _delete(x):
    del x[0]


def _frozen():
    a = np.ones(2)
    a.flags.writeable = False
    return gt.from_numpy(a)


def _overwritten(operation):
    x = _leaf() * 1
    y = operation(x)
    x.add_(1)
    y.backward()


@pytest.mark.parametrize(
    ("kind", "call", "words"),
    [
        (ShapeError, lambda: nn.MSELoss()(gt.ones(2), gt.ones(3)), "mse_loss: shapes (2,) and (3,) do not broadcast"),
        (ShapeError, lambda: nn.L1Loss()(gt.ones(2), gt.ones(3)), "l1_loss: shapes (2,) and (3,) do not"),
        (ShapeError, lambda: nn.SmoothL1Loss()(gt.ones(2), gt.ones(3)), "smooth_l1_loss: shapes (2,) and (3,) do not"),
        (ShapeError, lambda: nn.HuberLoss()(gt.ones(2), gt.ones(3)), "huber_loss: shapes (2,) and (3,) do not"),
        (ShapeError, lambda: nn.KLDivLoss()(gt.ones(2), gt.ones(3)), "kl_div: shapes (2,) and (3,) do not"),
        (ShapeError, lambda: nn.PoissonNLLLoss()(gt.ones(2), gt.ones(3)), "poisson_nll_loss: shapes (2,) and (3,)"),
        (ShapeError, lambda: F.gaussian_nll_loss(gt.ones(2), gt.ones(3), gt.ones(2)), "gaussian_nll_loss: shapes (2,)"),
        (ShapeError, lambda: nn.SoftMarginLoss()(gt.ones(2), gt.ones(3)), "soft_margin_loss: shapes (2,) and (3,)"),
        (ShapeError, lambda: nn.HingeEmbeddingLoss()(gt.ones(2), gt.ones(3)), "hinge_embedding_loss: shapes (2,)"),
        (
            ShapeError,
            lambda: F.margin_ranking_loss(gt.ones(2), gt.ones(3), gt.ones(2)),
            "margin_ranking_loss: shapes (2,) and (3,) and (2,) do not broadcast",
        ),
        (
            ShapeError,
            lambda: F.cosine_embedding_loss(gt.ones(2, 3), gt.ones(2, 4), gt.ones(2)),
            "cosine_embedding_loss: shapes (2, 3) and (2, 4) do not broadcast",
        ),
        (
            ShapeError,
            lambda: F.triplet_margin_loss(gt.ones(2, 3), gt.ones(2, 4), gt.ones(2, 3)),
            "triplet_margin_loss: shapes (2, 3) and (2, 4) and (2, 3) do not broadcast",
        ),
        (
            ShapeError,
            lambda: F.multilabel_soft_margin_loss(gt.ones(2), gt.ones(3)),
            "multilabel_soft_margin_loss: shapes (2,) and (3,) do not broadcast",
        ),
        (ShapeError, lambda: gt.allclose(gt.ones(2), gt.ones(3)), "allclose: shapes (2,) and (3,) do not broadcast"),
        (DtypeError, lambda: gt.allclose(gt.ones(2), gt.ones(2).long()), "allclose: expected two tensors of one dtype"),
        (
            ShapeError,
            lambda: gt.addcmul(gt.ones(2), gt.ones(3), gt.ones(2)),
            "addcmul: shapes (2,) and (3,) and (2,) do not broadcast",
        ),
        (
            ShapeError,
            lambda: gt.addcdiv(gt.ones(2), gt.ones(3), gt.ones(2)),
            "addcdiv: shapes (2,) and (3,) and (2,) do not broadcast",
        ),
        (
            ShapeError,
            lambda: gt.ones(2, 3).masked_fill(gt.ones(5) > 0, 1),
            "masked_fill: shapes (2, 3) and (5,) do not broadcast",
        ),
        (ShapeError, lambda: nn.Linear(-1, 3), "Linear: in_features must not be negative, got -1"),
        (ShapeError, lambda: nn.Conv2d(1, -2, 3), "Conv2d: out_channels must not be negative, got -2"),
        (ShapeError, lambda: nn.Embedding(3, -1), "Embedding: embedding_dim must not be negative, got -1"),
        (ShapeError, lambda: nn.BatchNorm1d(-1), "BatchNorm1d: num_features must not be negative, got -1"),
        (ShapeError, lambda: nn.LayerNorm(-1), "LayerNorm: normalized_shape[0] must not be negative, got -1"),
        (ShapeError, lambda: nn.PReLU(-1), "PReLU: num_parameters must not be negative, got -1"),
        (DtypeError, lambda: gt.tensor(1, requires_grad=True), "tensor: only floating-point and complex tensors can"),
        (DtypeError, lambda: gt.arange(3, requires_grad=True), "arange: only floating-point and complex tensors can"),
        (DtypeError, lambda: nn.Parameter(gt.tensor([1])), "Parameter: only floating-point and complex tensors can"),
        (
            ShapeError,
            lambda: (lambda x: gt.autograd.grad(x * 2, x, grad_outputs=gt.ones(3)))(_leaf()),
            "grad: grad_outputs has shape (3,), the tensor has shape (2,); they must be equal",
        ),
        (
            GradError,
            lambda: (lambda x: gt.autograd.grad(x * 2, x))(_leaf()),
            "grad: the gradient is implicit only for a tensor of one element, and this one has shape (2,); reduce it "
            "first, for example with .sum(), or pass grad_outputs=",
        ),
        (GradError, lambda: _set(_leaf(), 0, 3), "setitem: this is a view of a leaf that requires grad"),
        (GradError, lambda: _set(_leaf(), [0], 3), "setitem: this tensor is a leaf that requires grad"),
        (ValueError, lambda: _set(_frozen(), 0, 3), "setitem: this tensor's memory is read-only"),
        (ValueError, lambda: _set(_frozen(), [0], 3), "setitem: this tensor's memory is read-only"),
        (GradError, lambda: _overwritten(gt.max), "backward of max ("),
        (GradError, lambda: _overwritten(lambda x: x.logsumexp(0)), "backward of logsumexp ("),
        (GradError, lambda: _overwritten(lambda x: x.cumprod(0).sum()), "backward of cumprod ("),
        (TypeError, lambda: _delete(gt.ones(2)), "del: elements of a tensor cannot be deleted"),
        (DtypeError, lambda: -gt.tensor([True]), "neg: not defined for booleans; use ~ or logical_not"),
        (DtypeError, lambda: gt.tensor([True]) - gt.tensor([True]), "sub: not defined for booleans; use ^ or"),
        (
            ArgumentError,
            lambda: nn.BCELoss()(gt.ones(2) * 2, gt.ones(2)),
            "binary_cross_entropy: all elements of input",
        ),
        (ArgumentError, lambda: F.one_hot(gt.tensor([5]), 3), "one_hot: class 5 is out of range for 3 classes"),
        (ArgumentError, lambda: F.one_hot(gt.tensor([-1])), "one_hot: class -1 is out of range"),
        (
            ArgumentError,
            lambda: F.cross_entropy(gt.ones(2, 3), gt.ones(2, 3), ignore_index=1),
            "cross_entropy: ignore_index is only for class numbers",
        ),
        (ShapeError, lambda: gt.eq(gt.ones(2), gt.ones(3)), "eq: shapes (2,) and (3,) do not broadcast"),
        (ShapeError, lambda: _many_dims().unsqueeze(0), "unsqueeze: at most 64 dims are possible, got 65"),
        (ShapeError, lambda: _many_dims().reshape([1] * 65), "reshape: at most 64 dims are possible, got 65"),
        (ShapeError, lambda: _many_dims().view([1] * 66), "view: at most 64 dims are possible, got 66"),
        (ShapeError, lambda: _many_dims().unfold(0, 1, 1), "unfold: at most 64 dims are possible, got 65"),
        (ShapeError, lambda: gt.ones(1).as_strided([1] * 65, [1] * 65), "as_strided: at most 64 dims are possible"),
        (ArgumentError, lambda: gt.arange(0, float("inf")), "arange: the numbers must be finite"),
        (ArgumentError, lambda: gt.arange(0, 5, 0), "arange: step must not be 0"),
        (ArgumentError, lambda: gt.range(0, float("inf")), "range: end must be finite, got inf"),
        (ArgumentError, lambda: gt.range(0, 5, 0), "range: step must not be 0"),
        (ArgumentError, lambda: gt.linspace(0, 1, -3), "linspace: steps must not be negative, got -3"),
        (MemoryError, lambda: gt.arange(1e20), "arange: out of memory for float32 of shape (100000000000000000000,)"),
        (
            MemoryError,
            lambda: gt.arange(0, 5, 1e-14),
            "arange: out of memory for float32 of shape (500000000000000,), ",
        ),
        (MemoryError, lambda: gt.linspace(0, 1, 10**16), "linspace: out of memory for float32 of shape"),
        (MemoryError, lambda: gt.ones(2, 3).repeat(10**9, 10**9), "repeat: out of memory"),
    ],
)
def test_an_error_names_the_operation_that_was_called(kind, call, words):
    with pytest.raises(kind, match=re.escape(words)) as caught:
        call()
    assert str(caught.value).startswith(words)
    assert kind is not ArgumentError or not isinstance(caught.value, ShapeError)


def test_the_error_of_a_layer_says_where_in_the_model_the_layer_is():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(nn.ReLU(), nn.Linear(4, 5))

        def forward(self, x):
            return self.body(x)

    model = Model()
    words = "Linear(in_features=4, out_features=5): expected 4 in the last dim of the input, got shape (2, 3)"
    with pytest.raises(ShapeError) as caught:
        model(gt.ones(2, 3))
    assert str(caught.value) == f"{words}; in layer 'body.1' of Model"
    with pytest.raises(ShapeError) as caught:
        nn.Sequential(model, nn.Identity())(gt.ones(2, 3))
    assert str(caught.value) == f"{words}; in layer '0.body.1' of Sequential"
    with pytest.raises(ShapeError) as caught:
        model.body[1](gt.ones(2, 3))
    assert str(caught.value) == words
    # an error that goes to another process takes no model along
    assert str(pickle.loads(pickle.dumps(caught.value))) == words
    assert not vars(caught.value)
    # a hook changes nothing of it
    with model.register_forward_hook(lambda *_: None), pytest.raises(ShapeError, match=r"in layer 'body\.1' of Model"):
        model(gt.ones(2, 3))


def test_the_error_of_a_model_itself_names_no_layer():
    class Model(nn.Module):
        def forward(self, x):
            return x + gt.ones(7)

    with pytest.raises(ShapeError) as caught:
        Model()(gt.ones(2, 3))
    assert "layer" not in str(caught.value)


def _fails_with(monkeypatch, error):
    def fails(*arguments):
        raise error

    monkeypatch.setattr(gt.arrays.numpy_, "var", fails)
    with pytest.raises(type(error)) as caught:
        gt.ones(3, 4).var()
    return caught.value


def test_out_of_memory_without_words_says_what_was_held(monkeypatch):
    error = _fails_with(monkeypatch, MemoryError())
    assert isinstance(error, gt.OutOfMemoryError)
    assert str(error).endswith("operands float32 of shape (3, 4): they hold 48 bytes; use smaller ones")


class Strange(Exception):
    pass


@pytest.mark.parametrize(
    "error", [Strange(), AssertionError(), KeyError("k"), OSError(5, "io"), RecursionError("deep"), StopIteration()]
)
def test_errors_that_are_not_about_the_operands_pass_as_they_are(monkeypatch, error):
    assert _fails_with(monkeypatch, error) is error


def test_an_error_without_words_is_named_by_its_kind(monkeypatch):
    error = _fails_with(monkeypatch, RuntimeError())
    assert str(error) == "var: failed for float32 of shape (3, 4): RuntimeError"
