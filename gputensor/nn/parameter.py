"""Parameters and buffers: tensors that a Module registers when they are assigned to it."""

from __future__ import annotations

from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.apply import new, wrap
from gputensor.core.tensor_base import cell_of
from gputensor.ops.copying import copied_memory


class Parameter(Tensor):
    """A tensor that a Module counts among its parameters, and that requires grad unless told otherwise.

    Shares the memory of `data` and none of its history. ``no_grad`` does not change the default of requires_grad.
    Raises TypeError for data that is no Tensor, DtypeError for integers unless requires_grad is False.

    >>> import gputensor as gt
    >>> gt.nn.Parameter(gt.ones(2))
    Parameter containing:
    tensor([1., 1.], requires_grad=True)
    """

    __slots__ = ()

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        source = Tensor() if data is None else data
        if not isinstance(source, Tensor):
            raise TypeError(
                f"Parameter: data must be a Tensor, got {type(data).__name__}; wrap it with gputensor.tensor()"
            )
        return _twin(cls, source, requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) not in memo:
            memo[id(self)] = type(self)(_copy(self, memo), self.requires_grad)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.detach(), self.requires_grad), self.__dict__ or None


class Buffer(Tensor):
    """A tensor that a Module counts among its buffers: part of its state, changed by no optimizer.

    Shares the memory of `data`. persistent: whether it is part of the Module's `state_dict`. Raises TypeError for data
    that is no Tensor.

    >>> import gputensor as gt
    >>> gt.nn.Buffer(gt.zeros(2), persistent=False).persistent
    False
    """

    __slots__ = ()
    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Buffer:
        source = Tensor() if data is None else data
        if not isinstance(source, Tensor):
            raise TypeError(
                f"Buffer: data must be a Tensor, got {type(data).__name__}; wrap it with gputensor.tensor()"
            )
        out = _twin(cls, source, source.requires_grad)
        out.persistent = persistent
        return out

    def __deepcopy__(self, memo: dict[int, Any]) -> Buffer:
        if id(self) not in memo:
            memo[id(self)] = type(self)(
                _copy(self, memo).requires_grad_(self.requires_grad), persistent=self.persistent
            )
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.detach(), self.requires_grad), self.__dict__


def _copy(source: Tensor, memo: dict[int, Any]) -> Tensor:
    """A plain tensor with a copy of source's values, which shares memory with copies of what source shares it with."""
    array, cell = copied_memory(source, memo)
    t: Any = wrap(array, source.xp)
    t._cell = cell
    return t


def _twin(cls: type, source: Any, requires_grad: bool) -> Any:
    """A leaf of class cls on the memory of source, with the same write stamp."""
    t: Any = new(cls)
    t.array = source.array
    t.xp = source.xp
    t._node = t._parent = None
    t._cell = cell_of(source)
    return t.requires_grad_() if requires_grad else t


def _rebuilt(cls: type, data: Tensor, requires_grad: bool) -> Any:
    return _twin(cls, data, requires_grad)
