"""Sequences padded and packed, and back: beside PyTorch's, and by value."""

import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn.utils import rnn

RNG = np.random.default_rng(8)
LENGTHS = {
    "sorted": ([5, 3, 3, 1], True),
    "unsorted": ([2, 5, 1, 4], False),
    "equal": ([4, 4], True),
    "one": ([3], True),
}


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def parts(packed):
    return [None if t is None else t.detach().numpy() for t in packed]


@pytest.mark.torch
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("rest", [(), (2,), (2, 3)])
@pytest.mark.parametrize("name", LENGTHS)
def test_packing_and_padding_are_pytorchs(name, rest, batch_first, torch):
    lengths, ordered = LENGTHS[name]
    shape = (len(lengths), max(lengths)) if batch_first else (max(lengths), len(lengths))
    x = RNG.standard_normal((*shape, *rest))
    found = []
    for lib in (gt, torch):
        r = lib.nn.utils.rnn
        t = lib.tensor(x, requires_grad=True)
        packed = r.pack_padded_sequence(t, lib.tensor(lengths), batch_first, ordered)
        padded, counts = r.pad_packed_sequence(packed, not batch_first, -1.5, total_length=max(lengths) + 1)
        (g,) = lib.autograd.grad((padded * padded).sum(), t)
        unpacked = r.unpack_sequence(packed)
        again = r.pack_sequence(unpacked, ordered)
        found.append([*parts(packed), *parts([padded, counts, g, *unpacked]), *parts(again)])
    for a, b in zip(*found, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            assert a.dtype == b.dtype
            np.testing.assert_array_equal(a, b)


@pytest.mark.torch
@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("lengths", [[2, 5, 1], [3], [0, 2], [0, 0]])
def test_pad_sequence_is_pytorchs(lengths, batch_first, side, torch):
    arrays = [RNG.standard_normal((n, 2)) for n in lengths]
    ours, theirs = [
        lib.nn.utils.rnn.pad_sequence([lib.tensor(a) for a in arrays], batch_first, 0.5, padding_side=side)
        for lib in (gt, torch)
    ]
    np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


def test_padding_by_value():
    x, y = gt.tensor([1.0, 2.0]), gt.tensor([3.0])
    assert rnn.pad_sequence([x, y]).tolist() == [[1.0, 3.0], [2.0, 0.0]]
    assert rnn.pad_sequence([y, x], True, 9, "left").tolist() == [[9.0, 3.0], [1.0, 2.0]]
    assert rnn.pad_sequence((t for t in (x, y)), batch_first=True).tolist() == [[1.0, 2.0], [3.0, 0.0]]
    assert rnn.pad_sequence(gt.ones(2, 3), batch_first=True).tolist() == [[1.0] * 3] * 2


def test_packing_by_value():
    x = gt.tensor([[1, 2, 0], [3, 4, 5], [6, 0, 0]])
    packed = rnn.pack_padded_sequence(x, [2, 3, 1], batch_first=True, enforce_sorted=False)
    assert packed.data.tolist() == [3, 1, 6, 4, 2, 5]
    assert packed.batch_sizes.tolist() == [3, 2, 1]
    assert packed.sorted_indices.tolist() == [1, 0, 2]
    assert packed.unsorted_indices.tolist() == [1, 0, 2]
    padded, lengths = rnn.pad_packed_sequence(packed, batch_first=True, padding_value=7)
    assert padded.tolist() == [[1, 2, 7], [3, 4, 5], [6, 7, 7]]
    assert lengths.tolist() == [2, 3, 1]
    assert [t.tolist() for t in rnn.unpack_sequence(packed)] == [[1, 2], [3, 4, 5], [6]]
    assert rnn.invert_permutation(None) is None
    data, sizes, order, back = packed
    assert (data, sizes, order, back) == packed


def test_packed_sequences_are_converted():
    packed = rnn.pack_sequence([gt.tensor([1.0]), gt.tensor([2.0, 3.0])], enforce_sorted=False)
    assert packed.to(gt.float32) is packed
    assert packed.cpu() is packed
    for name, dtype in (("double", gt.float64), ("half", gt.float16), ("long", gt.int64), ("int", gt.int32)):
        made = getattr(packed, name)()
        assert type(made) is rnn.PackedSequence
        assert made.data.dtype == dtype
        assert made.batch_sizes is packed.batch_sizes
        assert made.sorted_indices.dtype == gt.int64
    for name, dtype in (("float", gt.float32), ("short", gt.int16), ("char", gt.int8), ("byte", gt.uint8)):
        assert getattr(packed, name)().data.dtype == dtype
    assert not packed.is_cuda
    again = pickle.loads(pickle.dumps(packed))
    assert again.data.tolist() == packed.data.tolist()
    other = rnn.PackedSequence((packed.data, packed.batch_sizes))
    assert other.sorted_indices is None


def test_packed_sequences_move_to_a_gpu(gpus):
    packed = rnn.pack_sequence([gt.tensor([1.0, 2.0]), gt.tensor([2.0])], enforce_sorted=False)
    moved = packed.cuda()
    assert moved.is_cuda
    assert str(moved.sorted_indices.device) == "cuda:0"
    assert str(moved.batch_sizes.device) == "cpu"
    layer = gt.nn.GRU(1, 2)
    x = rnn.pack_sequence([gt.ones(3, 1), gt.ones(1, 1)])
    expected = layer(x)[0].data.tolist()
    np.testing.assert_allclose(layer.cuda()(x.cuda())[0].data.cpu().tolist(), expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rnn.pack_padded_sequence(gt.ones(3, 2), [2]), "a length for each of 2"),
        (lambda: rnn.pack_padded_sequence(gt.ones(3, 2), [1, 2]), "decreasing order"),
        (lambda: rnn.pack_padded_sequence(gt.ones(3, 2), [2, 0]), "from 1 to 3"),
        (lambda: rnn.pack_padded_sequence(gt.ones(3, 2), [4, 1]), "from 1 to 3"),
        (lambda: rnn.pack_padded_sequence(gt.ones(3), [3]), "at least 2 dims"),
        (lambda: rnn.pad_sequence([]), "at least one sequence"),
        (lambda: rnn.pad_sequence(3), "expected several tensors"),
        (lambda: rnn.pad_sequence([gt.ones(2)], padding_side="top"), "padding_side must be"),
        (lambda: rnn.pad_sequence([gt.ones(2, 3), gt.ones(2, 4)]), r"got one of \(2, 4\)"),
        (
            lambda: rnn.pad_packed_sequence(rnn.pack_sequence([gt.ones(3)]), total_length=2),
            "at least that of the longest",
        ),
        (lambda: rnn.unpad_sequence(gt.ones(3, 2), [1]), "a length for each of 2"),
        (lambda: rnn.PackedSequence(3), "expected data and batch_sizes"),
    ],
)
def test_what_is_refused(call, words):
    with pytest.raises((ValueError, RuntimeError), match=words):
        call()


def test_many_sequences_are_quick_to_handle():
    lengths = RNG.integers(1, 4, 20000)
    x = gt.zeros(3, 20000, 1)
    packed = rnn.pack_padded_sequence(x, gt.tensor(lengths), enforce_sorted=False)
    assert packed.data.shape == (int(lengths.sum()), 1)
    assert rnn.pad_packed_sequence(packed)[0].shape == (3, 20000, 1)
