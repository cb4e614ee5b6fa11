"""Results that have memory of their own where the work happens to be none: writing to them leaves the input alone."""

import pytest

import gputensor as gt

F = gt.nn.functional
rnn = gt.nn.utils.rnn

CALLS = {
    "logcumsumexp of one": ((3, 1), lambda m, x: m.logcumsumexp(x, -1)),
    "logcumsumexp without dims": ((), lambda m, x: m.logcumsumexp(x, 0)),
    "unfold with a kernel of 1": ((1, 2, 3, 3), lambda m, x: m.nn.functional.unfold(x, 1)),
    "unfold of the whole image": ((1, 2, 3, 3), lambda m, x: m.nn.functional.unfold(x, 3)),
    "unfold without batch": ((2, 3, 3), lambda m, x: m.nn.functional.unfold(x, 1)),
    "chain_matmul of one": ((2, 3), lambda m, x: m.chain_matmul(x)),
    "pack_padded_sequence of one": ((3, 1), lambda m, x: m.nn.utils.rnn.pack_padded_sequence(x, [3]).data),
    "pack_padded_sequence of equals": ((3, 2), lambda m, x: m.nn.utils.rnn.pack_padded_sequence(x, [3, 3]).data),
    "unpad_sequence": ((3, 1), lambda m, x: m.nn.utils.rnn.unpad_sequence(x, m.tensor([3]))[0]),
    "cumsum of one": ((3, 1), lambda m, x: m.cumsum(x, -1)),
    "cat of one": ((3,), lambda m, x: m.cat([x])),
    "tile once": ((3,), lambda m, x: m.tile(x, (1,))),
    "roll by nothing": ((3,), lambda m, x: m.roll(x, 0)),
    "rot90 by nothing": ((2, 2), lambda m, x: m.rot90(x, 0)),
    "mean of one": ((3, 1), lambda m, x: m.mean(x, -1)),
    "sort of one": ((3, 1), lambda m, x: m.sort(x, -1)[0]),
    "matrix_power 1": ((2, 2), lambda m, x: m.matrix_power(x, 1)),
    "interpolate to the same": ((1, 1, 2, 2), lambda m, x: m.nn.functional.interpolate(x, size=(2, 2))),
    "avg_pool2d by 1": ((1, 1, 2, 2), lambda m, x: m.nn.functional.avg_pool2d(x, 1)),
    "pad by nothing": ((1, 1, 2, 2), lambda m, x: m.nn.functional.pad(x, (0, 0))),
    "pow 1": ((3,), lambda m, x: m.pow(x, 1)),
    "round": ((3,), lambda m, x: m.round(x)),
    "where": ((3,), lambda m, x: m.where(x == x, x, x)),
}


@pytest.mark.parametrize("call", CALLS)
def test_writing_to_the_result_leaves_the_input_alone(call):
    shape, function = CALLS[call]
    x = gt.ones(shape)
    function(gt, x).mul_(2)
    assert (x == 1).all().item()


@pytest.mark.torch
@pytest.mark.filterwarnings(r"ignore:torch\.\w+ is deprecated:UserWarning")
@pytest.mark.parametrize("call", CALLS)
def test_pytorch_copies_here_too(call):
    torch = pytest.importorskip("torch")
    shape, function = CALLS[call]
    x = torch.ones(shape)
    function(torch, x).mul_(2)
    assert (x == 1).all().item()


def test_what_is_copied_is_contiguous_and_has_its_gradient():
    x = gt.arange(8.0).reshape(1, 2, 2, 2).requires_grad_()
    columns = F.unfold(x, 2)
    assert columns.is_contiguous()
    assert columns.shape == (1, 8, 1)
    (columns * columns).sum().backward()
    assert x.grad.flatten().tolist() == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]
    one = gt.tensor([[2.0]], requires_grad=True)
    gt.logcumsumexp(one, 1).backward(gt.tensor([[3.0]]))
    assert one.grad.tolist() == [[3.0]]
