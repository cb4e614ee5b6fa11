"""Variable: what tensors with gradients were called before every tensor became one."""

from __future__ import annotations

import warnings
from typing import Any

from gputensor.core.explain import describe
from gputensor.core.tensor_base import TensorBase


class _AnyTensor(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, TensorBase)


class Variable(metaclass=_AnyTensor):
    """The tensor `data` without its history, sharing its memory: ``data.detach().requires_grad_(requires_grad)``.

    Deprecated as in PyTorch: every tensor is one, and ``isinstance(x, Variable)`` is true of every tensor. Raises
    TypeError where data is no tensor.

    >>> import gputensor as gt
    >>> gt.autograd.Variable(gt.ones(2), requires_grad=True)
    tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls, data: Any, requires_grad: bool = False, volatile: bool | None = None) -> Any:
        if not isinstance(data, TensorBase):
            raise TypeError(f"Variable: data must be a Tensor, got {describe(data)}; use gputensor.tensor")
        if volatile is not None:
            warnings.warn(
                "Variable: volatile has no effect; compute inside `with gputensor.no_grad():` instead",
                UserWarning,
                stacklevel=2,
            )
        out: Any = data.detach()  # type: ignore[attr-defined]  # checked to be a Tensor
        return out.requires_grad_() if requires_grad else out
