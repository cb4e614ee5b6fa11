"""Arguments of a wrong kind get a sentence that names the operation and the argument."""

import pytest

import gputensor as gt
from gputensor import nn


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
