"""Several hundred calls beside PyTorch: argument forms, result types, corner cases, what is refused."""

import types
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.core import dtypes
from tests.ops.pytorch_calls import CALLS

EXPRESSIONS = [(group, line) for group, text in CALLS.items() for line in text.split("\n") if line]
NAMES = {d.name for d in dtypes.ALL}
# how these indices fall among equal values is left open by both
OPEN = {"lib.kthvalue(v.d, 2)"}


class Ours:
    """gputensor with dtypes by name."""

    def __getattr__(self, name):
        return dtypes.as_dtype(name) if name in NAMES else getattr(gt, name)


def run(lib, expression):
    v = types.SimpleNamespace(
        x=lib.tensor([[0.0, 1, 2], [3, 4, 5]]),
        i=lib.tensor([[0, 1, 2], [3, 4, 5]]),
        b=lib.tensor([[True, False], [True, True]]),
        u=lib.tensor([[1, 0], [2, 3]], dtype=lib.uint8),
        e=lib.ones(2, 0),
        n=lib.tensor([1.0, float("nan"), 3.0]),
        s0=lib.tensor(3.0),
        c=lib.tensor([1 + 1j, 2.0]),
        d=lib.tensor([3, 1, 2, 3, 1]),
    )

    def ip(write):
        """What an in-place call leaves in a tensor of zeros."""
        target = lib.zeros(3, 4)
        write(target)
        return target

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return eval(expression, {"lib": lib, "v": v, "ip": ip, "inf": float("inf"), "float": float})
        except (RuntimeError, IndexError, TypeError, ValueError) as error:
            return error


def tensors_of(result):
    return [t for part in result for t in tensors_of(part)] if isinstance(result, tuple) else [result]


@pytest.mark.torch
@pytest.mark.parametrize(("group", "expression"), EXPRESSIONS, ids=[line for _, line in EXPRESSIONS])
def test_a_call_gives_what_pytorch_gives(group, expression):
    torch = pytest.importorskip("torch")
    ours, theirs = run(Ours(), expression), run(torch, expression)
    if isinstance(theirs, Exception):
        assert isinstance(ours, (RuntimeError, IndexError, TypeError, ValueError))
        assert len(str(ours).split()) > 4, "a sentence"
        return
    assert not isinstance(ours, Exception), ours
    if expression not in OPEN:
        assert repr(ours) == repr(theirs).replace("torch.", "gputensor.")
    for a, b in zip(tensors_of(ours), tensors_of(theirs), strict=True):
        if not isinstance(b, torch.Tensor):
            assert str(a) == str(b).replace("torch.", "gputensor.")
            continue
        assert repr(a.dtype) == repr(b.dtype).replace("torch.", "gputensor.")
        assert a.shape == tuple(b.shape)
        np.testing.assert_allclose(np.array(a.tolist()), np.array(b.tolist()), rtol=1e-6)
