"""Ways out of a tensor, and copies of it: NumPy, Python numbers and lists, text, pickles, the copy module."""

from __future__ import annotations

import copy as _copy
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import wrap
from gputensor.core.devices import namespace_of
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.nodes import Leaf, new_leaf
from gputensor.core.tensor_base import cell_of
from gputensor.errors import DtypeError, GradError, ImplicitTransferError, ShapeError
from gputensor.ops.from_data import native

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def rebuilt(
    cls: type, array: np.ndarray, requires_grad: bool, attributes: dict[str, Any], order: tuple[int, ...] | None = None
) -> Any:
    """The tensor that a pickle holds, on the CPU wherever it was; order: its axes, if the array has them in another order."""
    x = object.__new__(cls)
    a = native("unpickle", array)
    if order is not None:
        a = a.transpose(sorted(range(a.ndim), key=order.__getitem__))
    x.array, x.xp = a if a.flags.writeable else a.copy(), namespace_of("cpu")
    x._cell = x._parent = None
    x._node = new_leaf(a.shape, a.dtype, x.xp) if requires_grad else None
    x.__dict__.update(attributes)
    return x


class ExchangeMethods:
    """The ways out of a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The NumPy array, sharing memory: writing to one shows in the other.

        Raises GradError for a tensor that requires grad and ImplicitTransferError (a TypeError) for a CUDA tensor; with force=True these
        are detached and copied to the CPU.

        >>> import gputensor as gt
        >>> gt.tensor([1, 2]).numpy()
        array([1, 2])
        """
        if not force:
            if self.xp.device_type != "cpu":
                raise ImplicitTransferError(f"numpy: this tensor is on {self.device}; copy it first with .cpu()")  # type: ignore[attr-defined]
            if node_of(self) is not None:
                raise GradError("numpy: this tensor requires grad; use .detach().numpy()")
        return self.xp.to_host(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if self.xp.device_type != "cpu":
            raise ImplicitTransferError(f"a tensor on {self.device} is not converted to NumPy silently; copy it first with .cpu()")  # type: ignore[attr-defined]
        if node_of(self) is not None:
            raise GradError("a tensor that requires grad is not converted to NumPy silently; use .detach() first")
        a = self.array
        if dtype is not None and a.dtype != dtype:
            if copy is False:
                raise ValueError("a conversion to another dtype needs a copy, and copy=False was asked for")
            return a.astype(dtype)
        return a.copy() if copy else a

    # above every ndarray, so that ``ndarray + tensor`` asks the tensor
    __array_priority__ = 1000

    def item(self) -> Any:
        """The one element as a Python number. Waits for the GPU. Raises ShapeError for more or fewer elements.

        >>> import gputensor as gt
        >>> gt.tensor([1.5]).item()
        1.5
        """
        a = self.array
        if a.size != 1:
            raise ShapeError(f"item: only a tensor of one element can become a Python number, this one has shape {tuple(a.shape)}; use tolist()")
        out = self.xp.item(a)
        return float(out) if a.dtype.kind == "V" else out

    def tolist(self) -> Any:
        """Nested lists of Python numbers; a number for a 0-d tensor. Waits for the GPU.

        >>> import gputensor as gt
        >>> gt.tensor([[1, 2], [3, 4]]).tolist()
        [[1, 2], [3, 4]]
        """
        a = self.xp.to_host(self.array)
        return (a.astype(np.float32) if a.dtype.kind == "V" else a).tolist()

    def __bool__(self) -> bool:
        a = self.array
        if a.size != 1:
            raise ShapeError(f"bool: only a tensor of one element is true or false, this one has shape {tuple(a.shape)}; use .any() or .all()")
        return bool(self.xp.item(a))

    def __float__(self) -> float:
        return float(_real(self, "float"))

    def __int__(self) -> int:
        value = _real(self, "int")
        try:
            return int(value)
        except (ValueError, OverflowError) as error:
            raise type(error)(f"int: {value} is no integer") from None

    def __complex__(self) -> complex:
        return complex(self.item())

    def __index__(self) -> int:
        if self.array.dtype.kind not in "biu" or self.array.size != 1:
            raise TypeError(f"index: only an integer tensor of one element can be an index, this one is {describe(self)}")
        return int(self.item())

    def __contains__(self, element: Any) -> bool:
        if not isinstance(element, (_apply.Tensor, bool, int, float, complex, np.generic)):
            raise DtypeError(f"in: only numbers and tensors can be in a tensor, got {type(element).__name__}")
        same = self == element
        return bool(same.xp.item(same.xp.any(same.array)))  # type: ignore[attr-defined]

    def __reversed__(self) -> Tensor:
        return self.flip(0) if self.array.ndim else self  # type: ignore[attr-defined, return-value]

    def __format__(self, spec: str) -> str:
        if not self.array.ndim and type(self) is _apply.Tensor:
            return format(self.item(), spec)
        return object.__format__(self, spec)

    def __copy__(self) -> Any:
        """Another tensor object on the same memory, with the same history."""
        out = _bare(self, self.array)
        out._cell = cell_of(self)  # type: ignore[arg-type]
        node = node_of(self)
        if isinstance(node, Leaf):
            out._node = new_leaf(node.shape, node.dtype, self.xp)
        else:
            out._node = node
        out.__dict__.update(self.__dict__)
        return out

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        found = memo.get(id(self))
        if found is not None:
            return found
        node = node_of(self)
        if node is not None and not isinstance(node, Leaf):
            raise GradError(
                "deepcopy: this tensor was computed from others that require grad; only leaves can be copied with their place in the graph, "
                "use detach() or clone()"
            )
        out = memo[id(self)] = _bare(self, self.xp.copy(self.array))
        if isinstance(node, Leaf):
            out._node = new_leaf(node.shape, node.dtype, self.xp)
            if node.grad is not None:
                out._node.grad = wrap(node.grad.xp.copy(node.grad.array), node.grad.xp)
        out.__dict__.update(_copy.deepcopy(self.__dict__, memo))
        return out

    def __reduce_ex__(self, protocol: Any) -> Any:
        # memory is not shared with views of it that are pickled beside it; hooks and gradients stay behind, as in PyTorch
        host = self.xp.to_host(self.array)
        attributes = {k: v for k, v in self.__dict__.items() if not k.startswith("_")}
        # NumPy pickles C's and Fortran's order only: other ones, as channels_last, are sent with their axes turned
        order = tuple(sorted(range(host.ndim), key=lambda k: -abs(host.strides[k])))
        turned = host.transpose(order)
        if host.flags.c_contiguous or not turned.flags.c_contiguous:
            return rebuilt, (type(self), host, node_of(self) is not None, attributes)
        return rebuilt, (type(self), turned, node_of(self) is not None, attributes, order)


def _bare(x: Any, array: Any) -> Any:
    out = object.__new__(type(x))
    out.array, out.xp = array, x.xp
    out._node = out._cell = out._parent = None
    return out


def _real(x: Any, name: str) -> Any:
    value = x.item()
    if isinstance(value, complex):
        if value.imag:
            raise DtypeError(f"{name}: the complex number {value} has an imaginary part; use .real")
        return value.real
    return value
