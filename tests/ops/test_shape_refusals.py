"""What bad shapes, dims and sizes get: a sentence that names the operation, what came, and what to do."""

import re

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import ArgumentError, DtypeError, GradError, ImplicitTransferError, NumberRangeError, ShapeError
from gputensor.ops.dims import DimError

X = gt.zeros(2, 3)
REFUSALS = (
    (
        ShapeError,
        "reshape: shape (4,) has 4 elements, x of shape (2, 3) has 6; the numbers must be equal",
        lambda: X.reshape(4),
    ),
    (ShapeError, "reshape: only one size may be -1, got (-1, -1)", lambda: X.reshape(-1, -1)),
    (ShapeError, "reshape: sizes must not be negative (but for one -1), got (-2, -3)", lambda: X.reshape(-2, -3)),
    (ShapeError, "reshape: the sizes of (4, -1) do not divide the 6 elements", lambda: X.reshape(4, -1)),
    (ShapeError, "reshape: cannot infer -1 in (0, -1)", lambda: gt.zeros(0).reshape(0, -1)),
    (TypeError, "reshape: sizes must be ints, got (2.0, 3)", lambda: X.reshape(2.0, 3)),
    (TypeError, "reshape: shape is missing", lambda: X.reshape()),
    (TypeError, "reshape: expected a Tensor, got list", lambda: gt.reshape([1], (1,))),
    (
        ShapeError,
        "view: x of shape (3, 2) with strides (1, 3) cannot be seen as (6,) without a copy; use reshape()",
        lambda: X.t().view(6),
    ),
    (ShapeError, "view: float32 of shape (3,) cannot be seen as float64", lambda: gt.zeros(3).view(gt.float64)),
    (ShapeError, "flatten: start_dim 1 comes after end_dim 0", lambda: X.flatten(1, 0)),
    (ShapeError, "unflatten: sizes (2, 2) do not multiply to 3, the size of dim 1", lambda: X.unflatten(1, (2, 2))),
    (DimError, "squeeze: dim 5 is out of range for x of shape (2, 3); use -2 <= dim < 2", lambda: X.squeeze(5)),
    (DimError, "unsqueeze: dim 4 is out of range", lambda: X.unsqueeze(4)),
    (TypeError, "unsqueeze: dim must be an int, got str", lambda: X.unsqueeze("a")),
    (
        ShapeError,
        "permute: dims (0, 0) must name each of the 2 dims of x of shape (2, 3) exactly once",
        lambda: X.permute(0, 0),
    ),
    (DimError, "transpose: dim 2 is out of range for x of shape (2, 3); use -2 <= dim < 2", lambda: X.transpose(0, 2)),
    (ShapeError, "t: expected at most 2 dims, got x of shape (1, 1, 1); use .mT", lambda: gt.zeros(1, 1, 1).t()),
    (ShapeError, "mT: expected matrices, got x of shape (3,)", lambda: gt.zeros(3).mT),
    (
        ShapeError,
        "expand: x of shape (2, 3) cannot become (4, 3); only dims of size 1 can be repeated",
        lambda: X.expand(4, 3),
    ),
    (ShapeError, "expand: (3,) has fewer sizes than x of shape (2, 3) has dims", lambda: X.expand(3)),
    (ShapeError, "repeat: (2,) has fewer numbers than x of shape (2, 3) has dims", lambda: X.repeat(2)),
    (
        ShapeError,
        "broadcast_tensors: shapes (2, 3), (2,) do not broadcast: dim -1 is 3 in one and 2 in another",
        lambda: gt.broadcast_tensors(X, gt.zeros(2)),
    ),
    (ShapeError, "narrow: start 1 and length 2 reach beyond dim 0 of x of shape (2, 3)", lambda: X.narrow(0, 1, 2)),
    (ShapeError, "unfold: size must lie between 0 and 3", lambda: X.unfold(1, 4, 1)),
    (ShapeError, "diagonal: dim1 and dim2 must be different", lambda: X.diagonal(0, 1, 1)),
    (ShapeError, "tril: expected at least 2 dims", lambda: gt.zeros(3).tril()),
    (ShapeError, "roll: there must be as many shifts as dims", lambda: X.roll((1, 1), 0)),
    (
        ShapeError,
        "cat: sizes must be equal but in dim 0, and tensor 0 has shape (2, 3), tensor 1 (2, 2)",
        lambda: gt.cat([X, gt.zeros(2, 2)]),
    ),
    (ShapeError, "cat: tensor 0 is 0-d and has no dim to join along; use stack()", lambda: gt.cat([gt.tensor(1.0)])),
    (ShapeError, "cat: expected at least one tensor, got none", lambda: gt.cat([])),
    (TypeError, "cat: expected a tuple or list of tensors, got Tensor", lambda: gt.cat(X)),
    (TypeError, "cat: expected a Tensor, got float", lambda: gt.cat([X, 1.0])),
    (
        ShapeError,
        "stack: all tensors must have one shape, but tensor 0 has (2, 3) and tensor 1 has (2,)",
        lambda: gt.stack([X, gt.zeros(2)]),
    ),
    (ShapeError, "split: sizes (1, 3) add up to 4, but dim 1 of x of shape (2, 3) has 3", lambda: X.split([1, 3], 1)),
    (ArgumentError, "chunk: chunks must be positive, got 0", lambda: X.chunk(0)),
    (
        ShapeError,
        "hsplit: dim 1 of x of shape (2, 3) cannot be split into 2 equal parts; use tensor_split()",
        lambda: gt.hsplit(X, 2),
    ),
    (DimError, "unbind: a 0-d tensor has no dim to unbind", lambda: gt.tensor(1).unbind()),
    (DtypeError, "meshgrid: all tensors must have one dtype", lambda: gt.meshgrid(gt.zeros(2), gt.arange(2))),
    (TypeError, "zeros: sizes must be ints, got ('a',)", lambda: gt.zeros("a")),
    (ShapeError, "zeros: sizes must not be negative, got (-1,)", lambda: gt.zeros(-1)),
    (TypeError, "full: fill_value must be a number, got str 'a'", lambda: gt.full((1,), "a")),
    (NumberRangeError, "full: 300 does not fit into uint8", lambda: gt.full((1,), 300, dtype=gt.uint8)),
    (ArgumentError, "arange: step -1 leads from start 0 away from end 3; change its sign", lambda: gt.arange(0, 3, -1)),
    (ArgumentError, "arange: step must not be 0", lambda: gt.arange(0, 3, 0)),
    (TypeError, "arange: end must be a number, got str 'a'", lambda: gt.arange("a")),
    (ArgumentError, "linspace: steps must not be negative", lambda: gt.linspace(0, 1, -1)),
    (TypeError, "zeros_like: expected a Tensor, got list", lambda: gt.zeros_like([1])),
    (ShapeError, "contiguous: channels_last needs 4 dims, got 2", lambda: X.contiguous(memory_format=gt.channels_last)),
    (TypeError, "to: expected a dtype behind the device", lambda: X.to("cpu", 3)),
    (DtypeError, "dtype: 'float33' is not a dtype", lambda: gt.zeros(1, dtype="float33")),
    (ValueError, "type: 'torch.NoTensor' is no type of tensors", lambda: X.type("torch.NoTensor")),
    (
        ShapeError,
        "item: only a tensor of one element can become a Python number, this one has shape (2, 3); use tolist()",
        lambda: X.item(),
    ),
    (ShapeError, "bool: only a tensor of one element is true or false", lambda: bool(X)),
    (TypeError, "index: only an integer tensor of one element can be an index", lambda: [1, 2][gt.tensor(1.0)]),
    (TypeError, "len: a 0-d tensor has no length", lambda: len(gt.tensor(1))),
    (TypeError, "iter: a 0-d tensor cannot be iterated over", lambda: list(gt.tensor(1))),
    (DtypeError, "in: only numbers and tensors can be in a tensor, got str", lambda: "a" in X),
    (
        GradError,
        "numpy: this tensor requires grad; use .detach().numpy()",
        lambda: gt.ones(1, requires_grad=True).numpy(),
    ),
    (TypeError, "Tensor: data must be a sequence", lambda: gt.Tensor(3.0)),
)


@pytest.mark.parametrize(("error", "words", "call"), REFUSALS, ids=[words for _, words, _ in REFUSALS])
def test_a_refusal_is_a_sentence(error, words, call):
    with pytest.raises(error, match=re.escape(words)):
        call()


def test_identity_rules_of_to():
    x = gt.zeros(2, 3, 4, 5)
    for same in (
        x.to(gt.float32), x.to("cpu"), x.to(x), x.to(), x.to(None), x.float(), x.cpu(), x.contiguous(),
        x.to("cpu", gt.float32), x.to(device=None, dtype=None), x.to(memory_format=gt.contiguous_format),
        x.type(gt.float32), x.type_as(x), x.flatten(1, 1),
    ):  # fmt: skip
        assert same is x
    for other in (
        x.to(gt.float32, copy=True),
        x.double(),
        x.to(memory_format=gt.channels_last),
        x.to(gt.float32, False, True),
        x.clone(),
    ):
        assert other is not x
        assert not np.shares_memory(other.numpy(), x.numpy())
    last = x.to(memory_format=gt.channels_last)
    assert last.to(memory_format=gt.channels_last) is last
    assert last.double().stride() == last.stride() == (60, 1, 15, 3)


def test_conversions_are_recorded_and_come_back_in_the_dtype():
    x = gt.ones(3, dtype=gt.float16, requires_grad=True)
    (x.double() * 2).sum().backward()
    assert x.grad.dtype is gt.float16
    assert x.grad.tolist() == [2, 2, 2]
    assert not x.long().requires_grad
    z = gt.ones(2, requires_grad=True)
    z.to(gt.complex64).abs().sum().backward()
    assert z.grad.dtype is gt.float32


def test_numpy_shares_and_arrays_are_asked_for_politely():
    x = gt.zeros(3)
    x.numpy()[0] = 1
    assert x.tolist() == [1, 0, 0]
    assert np.shares_memory(np.asarray(x), x.numpy())
    assert not np.shares_memory(np.array(x), x.numpy())
    assert np.asarray(x, np.float64).dtype == np.float64
    with pytest.raises(ValueError, match="copy=False"):
        np.asarray(x, np.float64, copy=False)
    with pytest.raises(GradError, match=r"use \.detach\(\) first"):
        np.asarray(gt.ones(1, requires_grad=True))
    assert gt.ones(1, requires_grad=True).numpy(force=True).tolist() == [1]
    assert gt.ones(2, dtype=gt.bfloat16).numpy().dtype == gt.bfloat16.numpy


def test_a_gpu_tensor_is_never_copied_silently():
    from tests import doubles

    with doubles.installed(devices=1):
        x = gt.ones(2).to("cuda")
        for call in (x.numpy, lambda: np.asarray(x)):
            with pytest.raises(ImplicitTransferError, match=r"\.cpu\(\)"):
                call()
        assert x.cpu().tolist() == x.tolist() == [1, 1]
        assert x.type() == "gputensor.cuda.FloatTensor"
        assert x.get_device() == 0
