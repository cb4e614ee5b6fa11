"""A Python number that the dtype of the result cannot hold is refused where PyTorch refuses it, not wrapped around."""

import math

import pytest

import gputensor as gt


def put(x, index, value):
    x[index] = value
    return x


REFUSED = [
    ("pow: the exponent 300 does not fit into uint8", lambda lib: lib.ones(2).byte() ** 300),
    ("pow: the exponent 300 does not fit into uint8", lambda lib: lib.pow(lib.tensor(2).byte(), 300)),
    ("pow: the exponent 200 does not fit into int8", lambda lib: lib.ones(2).char() ** 200),
    ("pow: the exponent 256 does not fit into uint8", lambda lib: lib.ones(2).byte().pow_(256)),
    ("linspace: 300 does not fit into uint8", lambda lib: lib.linspace(0, 300, 4, dtype=lib.uint8)),
    ("linspace: -300 does not fit into uint8", lambda lib: lib.linspace(-300, 3, 4, dtype=lib.uint8)),
    ("linspace: 300 does not fit into uint8", lambda lib: lib.linspace(0, lib.tensor(300), 4, dtype=lib.uint8)),
    ("linspace: 300 does not fit into uint8", lambda lib: lib.linspace(0, 300, 3, out=lib.empty(3).byte())),
    ("linspace: 3000000000 does not fit into int32", lambda lib: lib.linspace(0, 3e9, 4, dtype=lib.int32)),
    ("linspace: inf does not fit into int32", lambda lib: lib.linspace(0, float("inf"), 4, dtype=lib.int32)),
    (r"linspace: 1e\+300 does not fit into float32", lambda lib: lib.linspace(0, 1e300, 4)),
    ("logspace: 300 does not fit into uint8", lambda lib: lib.logspace(0, 300, 4, dtype=lib.uint8)),
    (r"full: 1e\+300 does not fit into float32", lambda lib: lib.full((2,), 1e300)),
    ("full: 10000000000.0 does not fit into float16", lambda lib: lib.full((2,), 1e10, dtype=lib.float16)),
    (r"full: 1e\+300 does not fit into bfloat16", lambda lib: lib.full((2,), 1e300, dtype=lib.bfloat16)),
    ("full_like: 70000.0 does not fit into float16", lambda lib: lib.full_like(lib.ones(2).half(), 70000.0)),
    ("full: 100000.0 does not fit into float16", lambda lib: lib.ones(2).half().new_full((2,), 1e5)),
    ("fill_: 70000.0 does not fit into float16", lambda lib: lib.ones(2).half().fill_(70000.0)),
    ("fill_: 1099511627776 does not fit into float16", lambda lib: lib.ones(2, 2).half().t().fill_(2**40)),
    (r"fill_: 1e\+39 does not fit into bfloat16", lambda lib: lib.ones(2).bfloat16().fill_(1e39)),
    (r"fill_: -1e\+39 does not fit into float32", lambda lib: lib.ones(2).fill_(-1e39)),
    ("fill_: 1000000000.0 does not fit", lambda lib: lib.ones(2, 2).half().fill_diagonal_(1e9)),
    ("masked_fill_: -1000000000.0 does not", lambda lib: lib.ones(1).half().masked_fill_(lib.tensor([True]), -1e9)),
    ("setitem: 300 does not fit into uint8", lambda lib: put(lib.ones(2).byte(), 0, 300)),
    (r"setitem: 1e\+39 does not fit into float32", lambda lib: put(lib.ones(2), 0, 1e39)),
    (r"setitem: 1e\+39 does not fit into float32", lambda lib: put(lib.ones(2), lib.tensor([0]), 1e39)),
    ("pad: 70000.0 does not fit into int8", lambda lib: lib.nn.functional.pad(lib.ones(2).char(), (1, 1), value=7e4)),
    (
        "pad: 70000.0 does not fit into float16",
        lambda lib: lib.nn.functional.pad(lib.ones(2).half(), (1, 1), value=7e4),
    ),
    ("pad: -1 does not fit into uint8", lambda lib: lib.nn.functional.pad(lib.ones(2).byte(), (1, 1), value=-1)),
    ("pad: nan does not fit into int32", lambda lib: lib.nn.functional.pad(lib.ones(2).int(), (1, 1), value=math.nan)),
]
TAKEN = [
    lambda lib: lib.ones(()).half().fill_(1e9),
    lambda lib: lib.ones(()).bfloat16().fill_(-1e39),
    lambda lib: put(lib.ones(2).half(), 0, 1e9),
    lambda lib: put(lib.ones(2, 2).half().t(), 0, -1e9),
    lambda lib: put(lib.ones(2).bfloat16(), 0, 1e39),
    lambda lib: put(lib.ones(2).half(), lib.tensor([True, False]), 1e9),
    lambda lib: put(lib.ones(2).half(), [1], 1e9),
    lambda lib: put(lib.ones(2).long(), 0, 2**40),
    lambda lib: put(lib.ones(2), 0, -math.inf),
    lambda lib: lib.nn.functional.pad(lib.ones(2).char(), (1, 1), value=3.5),
    lambda lib: lib.tensor([1, 2, 3]).byte() ** 255,
    lambda lib: lib.tensor([1, -1, 1]).char() ** 127,
    lambda lib: lib.tensor([1, 0, 1]) ** 300,
    lambda lib: lib.tensor([True, False]) ** 300,
    lambda lib: lib.linspace(-1, 0, 2, dtype=lib.uint8),
    lambda lib: lib.linspace(7, 300, 1, dtype=lib.uint8),
    lambda lib: lib.linspace(500, 300, 0, dtype=lib.uint8),
    lambda lib: lib.linspace(0, 30.5, 4, dtype=lib.uint8),
    lambda lib: lib.full((2,), float("inf"), dtype=lib.float16),
    lambda lib: lib.full((2,), -1, dtype=lib.uint8),
    lambda lib: lib.tensor([1e10], dtype=lib.float16),
]


@pytest.mark.parametrize(("words", "call"), REFUSED)
def test_a_number_that_does_not_fit_is_refused(words, call):
    with pytest.raises((TypeError, ValueError), match=words):
        call(gt)


@pytest.mark.torch
@pytest.mark.parametrize(("words", "call"), REFUSED)
def test_pytorch_refuses_it_too(words, call):
    torch = pytest.importorskip("torch")
    with pytest.raises((RuntimeError, OverflowError)):
        call(torch)


@pytest.mark.torch
@pytest.mark.parametrize("call", TAKEN)
def test_what_pytorch_takes_is_taken(call):
    torch = pytest.importorskip("torch")
    assert call(gt).tolist() == call(torch).tolist()


def test_the_largest_numbers_fit():
    assert (gt.tensor([1, 255]).byte() ** 255).tolist() == [1, 255]
    assert gt.linspace(0, 255, 2, dtype=gt.uint8).tolist() == [0, 255]
    assert gt.full((1,), 65504.0, dtype=gt.float16).item() == 65504.0
