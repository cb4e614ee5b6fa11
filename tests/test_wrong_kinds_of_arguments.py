"""Arguments of a wrong kind get a sentence that names the operation and the argument."""

import re

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn, optim
from gputensor.nn import functional as F
from gputensor.utils import data


def _parameter():
    return gt.ones(1, requires_grad=True)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gt.zeros(2).fill_(None), "fill_: value must be a number or a 0-d Tensor, got NoneType"),
        (lambda: gt.zeros(2).fill_("a"), "fill_: value must be a number or a 0-d Tensor, got str"),
        (lambda: gt.zeros(2).fill_([1, 2]), "fill_: value must be a number or a 0-d Tensor, got list"),
        (lambda: gt.zeros(2).byte().fill_(300), "fill_: 300 does not fit into uint8"),
        (lambda: gt.zeros(2).long().fill_(float("nan")), "fill_: nan does not fit into int64"),
        (lambda: gt.tril(gt.ones(2, 2), 1.5), "tril: diagonal must be an int, got float 1.5"),
        (lambda: gt.diagonal(gt.ones(2, 2), "a"), "diagonal: offset must be an int, got str 'a'"),
        (lambda: gt.diag_embed(gt.ones(2), "a"), "diag_embed: offset must be an int, got str 'a'"),
        (lambda: gt.tril_indices("a", 2), "tril_indices: row must be an int, got str 'a'"),
        (lambda: gt.multinomial(gt.ones(2), "a"), "multinomial: num_samples must be an int, got str 'a'"),
        (lambda: gt.tensordot(gt.ones(2), gt.ones(2), "a"), "tensordot: dims must be an int, got str 'a'"),
        (lambda: gt.manual_seed("a"), "manual_seed: seed must be an int, got str 'a'"),
        (lambda: gt.manual_seed(None), "manual_seed: seed must be an int, got NoneType"),
        (lambda: nn.Conv2d("a", 1, 1), "Conv2d: in_channels must be an int, got str 'a'"),
        (lambda: nn.Dropout("a"), "dropout probability has to be between 0 and 1, but got 'a'"),
        (lambda: gt.autograd.backward("a"), "backward: expected a Tensor or several to start from, got str"),
        (lambda: gt.autograd.backward([]), "backward: at least one tensor to start from is needed"),
        (lambda: gt.autograd.grad([3], gt.ones(1, requires_grad=True)), "grad: expected a Tensor or several"),
        (lambda: gt.lerp(gt.ones(2), gt.ones(2), "a"), "lerp: weight must be a number, got str 'a'"),
        (lambda: gt.isclose(gt.ones(2), gt.ones(2), rtol="a"), "isclose: rtol must be a number, got str 'a'"),
        (lambda: gt.var(gt.ones(2), correction="a"), "var: correction must be a number, got str 'a'"),
        (lambda: gt.std(gt.ones(2), correction="2"), "std: correction must be a number, got str '2'"),
        (lambda: gt.repeat_interleave(gt.ones(2), "a"), "repeat_interleave: repeats must be an int, got str 'a'"),
        (lambda: gt.round(gt.ones(2), decimals="a"), "round: decimals must be an int, got str 'a'"),
        (lambda: F.elu(gt.ones(2), "a"), "elu: alpha must be a number, got str 'a'"),
        (lambda: F.leaky_relu(gt.ones(2), "a"), "leaky_relu: negative_slope must be a number, got str 'a'"),
        (lambda: F.hardtanh(gt.ones(2), "a"), "hardtanh: min_val must be a number, got str 'a'"),
        (lambda: F.layer_norm(gt.ones(2, 3), (3,), eps="a"), "layer_norm: eps must be a number, got str 'a'"),
        (
            lambda: F.batch_norm(gt.ones(2, 3), gt.ones(3), gt.ones(3), training=True, momentum="a"),
            "batch_norm: momentum must be a number, got str 'a'",
        ),
        (lambda: nn.BatchNorm1d(3, momentum="a"), "BatchNorm1d: momentum must be a number, got str 'a'"),
        (lambda: nn.BatchNorm1d("a"), "BatchNorm1d: num_features must be an int, got str 'a'"),
        (lambda: nn.LayerNorm("a"), "LayerNorm: normalized_shape must be an int or several, got str 'a'"),
        (lambda: nn.LayerNorm(["a"]), r"LayerNorm: normalized_shape\[0\] must be an int, got str 'a'"),
        (
            lambda: nn.CrossEntropyLoss(label_smoothing="a")(gt.ones(1, 2), gt.tensor([0])),
            "cross_entropy: label_smoothing must be a number, got str 'a'",
        ),
        (lambda: optim.SGD([_parameter()], lr="a"), "SGD: lr must be a number, got str 'a'"),
        (lambda: optim.SGD([_parameter()], momentum="a"), "SGD: momentum must be a number, got str 'a'"),
        (lambda: optim.Adam([_parameter()], betas=3), "Adam: betas must be two numbers, got int 3"),
        (lambda: optim.AdamW([_parameter()], eps="a"), "AdamW: eps must be a number, got str 'a'"),
        (lambda: data.random_split([1, 2], "a"), "random_split: lengths must be a sequence of numbers, got str 'a'"),
        (lambda: data.random_split([1, 2], ["a"]), r"random_split: lengths\[0\] must be a number, got str 'a'"),
        (
            lambda: nn.utils.clip_grad_norm_([3], 1.0),
            "clip_grad_norm_: parameters must be a Tensor or several, got int 3 among them",
        ),
        (
            lambda: nn.utils.clip_grad_value_(3, 1.0),
            "clip_grad_value_: parameters must be a Tensor or several, got int 3",
        ),
        (lambda: gt.tensor([[1], [1, 2]]), "tensor: the nested sequences are ragged; pad them to equal lengths$"),
        (lambda: gt.ones(2).clamp_(min="a"), "clamp: min must be a number, got str 'a'"),
        (lambda: gt.clamp(gt.ones(2), [1]), r"clamp: min must be a number, got list \[1\]"),
        (lambda: gt.clamp(gt.ones(2), gt.ones(2), "a"), "clamp: max must be a number, got str 'a'"),
        (lambda: gt.add(gt.ones(2), gt.ones(2), alpha="a"), "add: alpha must be a number, got str 'a'"),
        (lambda: gt.ones(2).sub_(1, alpha=[2]), r"sub_: alpha must be a number, got list \[2\]"),
        (lambda: gt.matmul(gt.ones(2), 3), "matmul: operand 2 must be a Tensor, got int 3; wrap it with"),
        (lambda: gt.ones(2).requires_grad_("a"), "requires_grad_: requires_grad must be a bool, got str 'a'"),
        (lambda: gt.ones(2).long().add_(1.5), "cannot be written into a tensor of int64"),
        (lambda: gt.ones(2).long().sqrt_(), "cannot be written into a tensor of int64"),
        (lambda: gt.finfo(gt.int8), "finfo: expected a floating-point or complex dtype, got int8; use gputensor.iinfo"),
        (lambda: gt.iinfo(gt.float32), "iinfo: expected an integer dtype, got float32; use gputensor.finfo"),
    ],
)
def test_an_argument_of_a_wrong_kind_is_named(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()


def test_fill_wraps_negative_numbers_of_unsigned_dtypes_as_item_assignment_does():
    x = gt.zeros(2).byte()
    y = x.clone()
    y[:] = -1
    assert x.fill_(-1).tolist() == y.tolist() == [255, 255]


def test_gradcheck_refuses_a_function_without_tensors():
    x = gt.ones(2, dtype="float64", requires_grad=True)
    for result in (3, None, ()):
        with pytest.raises(TypeError, match="gradcheck: the function must return a Tensor"):
            gt.autograd.gradcheck(lambda _, result=result: result, x)


def test_the_data_of_a_tensor_that_requires_grad_stays_floating_point():
    x = gt.ones(2, requires_grad=True)
    with pytest.raises(TypeError, match=r"data: this tensor requires grad .* got int64 of shape"):
        x.data = gt.ones(2).long()
    assert x.dtype is gt.float32


def test_utilities_are_there_without_an_import_of_their_own():
    x = gt.ones(2, requires_grad=True)
    gt.utils.checkpoint.checkpoint(gt.sin, x, use_reentrant=False).sum().backward()
    assert x.grad is not None
    assert gt.utils.data.DataLoader([1]).batch_size == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: gt.tensor([2]) ** -1,
        lambda: gt.div(gt.ones(2), 2, rounding_mode="a"),
        lambda: gt.clamp(gt.ones(2)),
    ],
)
def test_a_value_that_cannot_be_used_is_a_runtime_error_too(call):
    for kind in (ValueError, RuntimeError):
        with pytest.raises(kind):
            call()


def test_a_failed_batch_norm_changes_no_statistics():
    layer = nn.BatchNorm1d(3)
    layer.momentum = "a"
    with pytest.raises(TypeError, match="batch_norm: momentum must be a number"):
        layer(gt.rand(4, 3))
    assert layer.running_mean.tolist() == [0.0, 0.0, 0.0]
    assert layer.num_batches_tracked.item() == 0


def test_a_subset_says_which_index_is_out_of_range():
    with pytest.raises(IndexError, match=r"Subset: indices\[0\] is 5, but the dataset has 2 samples"):
        data.Subset([1, 2], [5])[0]
    with pytest.raises(IndexError, match="Subset: index 3 is out of range for 1 samples"):
        data.Subset([1, 2], [0])[3]
    assert list(data.Subset([1, 2], [1, 0])) == [2, 1]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("index", [0, slice(None), [0], ...])
def test_an_item_of_read_only_memory_cannot_be_set(index):
    a = np.ones(2)
    a.flags.writeable = False
    x = gt.from_numpy(a)
    with pytest.raises(ValueError, match="this tensor's memory is read-only"):
        x[index] = 0.0
    assert a.tolist() == [1.0, 1.0]


@pytest.mark.torch
def test_the_limits_of_dtypes_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    for name in ("float16", "bfloat16", "float32", "float64", "complex64", "complex128"):
        ours, theirs = gt.finfo(getattr(gt, name)), torch.finfo(getattr(torch, name))
        assert repr(ours) == repr(theirs)
        for word in ("bits", "dtype", "eps", "max", "min", "resolution", "smallest_normal", "tiny"):
            assert getattr(ours, word) == getattr(theirs, word), (name, word)
    for name in ("uint8", "int8", "int16", "int32", "int64"):
        ours, theirs = gt.iinfo(getattr(gt, name)), torch.iinfo(getattr(torch, name))
        assert (repr(ours), ours.bits) == (repr(theirs), theirs.bits)


def test_the_constants_are_those_of_mathematics():
    assert (gt.sin(gt.tensor(gt.pi / 2)).item(), gt.log(gt.tensor(gt.e)).item()) == (1.0, 1.0)
    assert gt.tensor(gt.inf).isinf()
    assert gt.tensor(gt.nan).isnan()
    assert gt.finfo() == gt.finfo(gt.float32) != gt.finfo(gt.float64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: gt.autograd.grad(3, x), "grad: outputs must be a Tensor or a sequence of Tensors, got int"),
        (lambda x: gt.autograd.grad(x, None), "grad: inputs must be a Tensor or a sequence of Tensors, got NoneType"),
        (lambda x: gt.autograd.grad(x, x, grad_outputs=3), "grad: grad_outputs must be a Tensor or a sequence"),
        (lambda x: gt.autograd.backward(3), "backward: tensors must be a Tensor or a sequence of Tensors, got int"),
        (lambda x: x.sum(True), "sum: dim must be an int, got bool True"),
        (lambda x: x << 1, "bitwise_left_shift: not defined for float32 of shape () and"),
    ],
)
def test_what_is_said_of_arguments_of_other_kinds(call, message):
    with pytest.raises(TypeError, match=re.escape(message)) as caught:
        call(gt.tensor(1.0, requires_grad=True))
    assert "ufunc" not in str(caught.value)


def test_a_bias_of_another_width_is_named():
    with pytest.raises(gt.errors.ShapeError, match=re.escape("linear: bias of shape (4,) does not fit weight of")):
        gt.nn.functional.linear(gt.ones(2, 3), gt.ones(5, 3), gt.ones(4))
