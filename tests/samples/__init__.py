"""The table of samples: one row an operation and case; tests/test_samples.py asks every row the same questions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Input:
    """One operand: how its values are drawn (float64, int64 or bool NumPy array)."""

    shape: tuple[int, ...]
    # normal | positive (0.2..2.2) | unit (-0.9..0.9) | distinct (no ties, spacing >= 0.1) | int | bool | index
    kind: str = "normal"
    low: int = -5  # for int and index
    high: int = 6
    grad: bool = True  # differentiated, when it is a float


def f(*shape, kind="normal", grad=True):
    return Input(shape, kind, grad=grad)


def i(*shape, low=-5, high=6):
    return Input(shape, "int", low, high, False)


def b(*shape):
    return Input(shape, "bool", grad=False)


@dataclass(frozen=True)
class Sample:
    """call(lib, *tensors) runs under gputensor and, unchanged, under PyTorch (lib is the module)."""

    name: str  # unique: "sum", "sum dim keepdim"
    call: Callable[..., Any]
    inputs: tuple[Input, ...]
    method: Callable[..., Any] | None = None  # the same through methods: lambda x: x.sum(dim=1)
    inplace: Callable[..., Any] | None = None  # lambda x: x.exp_()
    reference: Callable[..., Any] | None = None  # the same over float64 NumPy arrays
    differentiable: bool = True
    second: bool = True  # second derivatives exist and are checked
    dtypes: tuple[str, ...] = (
        "float32",
        "float64",
        "float16",
        "bfloat16",
    )  # also "complex64", "int64", "bool" … where it accepts them
    rtol: float = 1e-5  # in float32, against float64; a looser one needs `reason`
    reason: str = ""
    torch: bool = True  # False: PyTorch lacks it or differs on purpose (say why in reason)
