"""Every function of nn.functional beside PyTorch's: values, dtypes, strides, gradients, empty batches, refusals."""

import re
import warnings
import zlib

import numpy as np
import pytest

import gputensor as gt
from tests.nn import functional_calls as calls

PLAIN = [
    *calls.CONVOLUTIONS, *calls.PADDING, *calls.POOLING, *calls.RESAMPLING, *calls.NORMALIZATION, *calls.ACTIVATIONS,
    *[line.replace("{r!r}", repr(r)) for line in calls.LOSSES for r in ("mean", "sum", "none")],
]  # fmt: skip
# PyTorch's loss over no margins is what the memory holds, and its instance norm looks for the first of no elements
NEVER_EMPTY = re.compile(r"F.multi_margin_loss|F.multilabel_margin_loss|F.instance_norm")
BATCHED = [line for line in PLAIN if "N" in line and not NEVER_EMPTY.match(line)]
IMAGES = [line for line in PLAIN if re.search(r"[xpuc]\(\w+(, \w+){3}\)", line)]
# relative to the largest of a result: what sums in the precision of the dtype lose
TOLERANCE = {"float64": 1e-9, "float32": 2e-5, "float16": 8e-3, "bfloat16": 6e-2}
NOT_THERE = (
    "not implemented for",
    "not supported for",
    "support automatic differentiation",
    "must be contiguous",
)


class Call:
    """One line under one library: its draws are the same under both."""

    def __init__(self, lib, line, dtype, batch=2, last=False):
        self.lib, self.line, self.dtype, self.last = lib, line, dtype, last
        self.batch, self.leaves = batch, []
        self.rng = np.random.default_rng(zlib.crc32(line.encode()))

    def tensor(self, values, grad=True):
        t = self.lib.tensor(values, dtype=getattr(self.lib, self.dtype))
        if self.last and t.ndim == 4:
            t = t.contiguous(memory_format=self.lib.channels_last)
        if grad and self.dtype == "float64" and self.batch:
            t.requires_grad_()
            self.leaves.append(t)
        return t

    def names(self):
        rng, lib = self.rng, self.lib
        return {
            "F": lib.nn.functional, "L": lib, "N": self.batch, "range": range, "float": float,
            "x": lambda *shape: self.tensor(rng.standard_normal(shape)),
            "p": lambda *shape: self.tensor(rng.uniform(0.2, 2.2, shape)),
            "u": lambda *shape: self.tensor(rng.uniform(-0.9, 0.9, shape)),
            "c": lambda *shape: self.tensor(rng.uniform(0.2, 2.2, shape), False),
            "i": lambda high, *shape: lib.tensor(rng.integers(0, high, shape)),
            "s": lambda *shape: lib.tensor(np.where(rng.random(shape) < 0.5, -1, 1)),
        }  # fmt: skip

    def run(self):
        """The results, and the gradients of a weighted sum of them."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            out = eval(self.line, self.names())
            outs = list(out) if isinstance(out, tuple) else [out]
            total = None
            for t in outs:
                if t.requires_grad:
                    weights = self.lib.tensor(np.cos(np.arange(t.numel())).reshape(tuple(t.shape)))
                    total = (t * weights).sum() if total is None else total + (t * weights).sum()
            if total is None:
                return outs, []
            return outs, list(self.lib.autograd.grad(total, self.leaves, allow_unused=True))


def host(t):
    t = t.detach()
    return np.asarray(t.double().numpy() if t.is_floating_point() else t.numpy())


def agree(line, dtype, batch=2, last=False):
    torch = pytest.importorskip("torch")
    theirs = None
    try:
        theirs, wanted = Call(torch, line, dtype, batch, last).run()
    except Exception as error:
        if any(words in str(error) for words in NOT_THERE):
            return
        with pytest.raises((ValueError, RuntimeError, TypeError, IndexError)):
            Call(gt, line, dtype, batch, last).run()
        return
    ours, given = Call(gt, line, dtype, batch, last).run()
    for a, b in zip(ours, theirs, strict=True):
        assert repr(a.dtype).split(".")[1] == repr(b.dtype).split(".")[1]
        assert tuple(a.shape) == tuple(b.shape)
        close(host(a), host(b), TOLERANCE[dtype])
        if last and b.ndim == 4 and b.is_contiguous(memory_format=torch.channels_last) and not b.is_contiguous():
            assert a.is_contiguous(memory_format=gt.channels_last)
    for g, w in zip(given, wanted, strict=True):
        assert w is None or g is not None or not w.abs().max(), "a gradient is missing"
        if g is not None and w is not None:
            close(host(g), host(w), 1e-6)


def close(a, b, tolerance):
    scale = np.abs(b[np.isfinite(b)]).max(initial=1.0)
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance * min(scale, 10))


@pytest.mark.torch
@pytest.mark.parametrize("line", PLAIN)
def test_values_and_gradients_agree_in_every_dtype(line):
    for dtype in TOLERANCE:
        agree(line, dtype)


@pytest.mark.torch
@pytest.mark.parametrize("line", IMAGES)
def test_channels_last_changes_nothing_and_stays(line):
    agree(line, "float64", last=True)


@pytest.mark.torch
@pytest.mark.parametrize("line", BATCHED)
def test_an_empty_batch_gives_what_pytorch_gives(line):
    agree(line, "float32", batch=0)


@pytest.mark.torch
@pytest.mark.parametrize("line", calls.WRONG)
def test_what_pytorch_refuses_is_refused(line):
    torch = pytest.importorskip("torch")
    with pytest.raises(Exception):  # noqa: B017, PT011  (whatever PyTorch raises: the line must be one that it refuses)
        Call(torch, line, "float64").run()
    with pytest.raises((ValueError, RuntimeError, TypeError, IndexError), match=r": |argument"):
        Call(gt, line, "float64").run()
