"""Programs of views and writes, in plain Python operators: they run over tensors, PyTorch's, and NumPy arrays."""

import contextlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

import gputensor as gt

A = np.arange(1.0, 13.0).reshape(3, 4) / 7


OURS = SimpleNamespace(
    exp=gt.exp, no_grad=gt.no_grad, detach=lambda x: x.detach(), constant=lambda a: gt.from_numpy(np.array(a)),
    unbind=lambda x: x.unbind(), expand=lambda x, *shape: x.expand(*shape), zero=lambda x: x.zero_(),
    exp_=lambda x: x.exp_(),
)  # fmt: skip
NUMPY = SimpleNamespace(
    exp=np.exp, no_grad=contextlib.nullcontext, detach=lambda x: x, constant=np.array, unbind=tuple,
    expand=lambda x, *shape: np.broadcast_to(x, shape), zero=lambda x: np.copyto(x, 0.0),
    exp_=lambda x: np.exp(x, out=x),
)  # fmt: skip


@dataclass
class Case:
    program: Any  # program(lib, leaf) -> result
    raises: str | None = None  # words of our error
    gradient: Any = None  # of the sum of the result, where the graph does not see everything that NumPy computes
    torch: bool = True  # whether PyTorch does the same
    reason: str = ""  # why it does not


CASES: dict[str, Case] = {}


def case(raises=None, gradient=None, torch=True, reason=""):
    def add(program):
        CASES[program.__name__] = Case(program, raises, gradient, torch, reason)
        return program

    return add
