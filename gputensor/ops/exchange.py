"""Ways out of a tensor: NumPy, Python numbers and lists, text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.devices import device_of
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.errors import DtypeError, GradError, ImplicitTransferError, ShapeError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class ExchangeMethods:
    """The ways out of a tensor."""

    __slots__ = ()
    array: Any
    xp: Any

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """The NumPy array, sharing memory: writing to one shows in the other.

        Raises GradError for a tensor that requires grad and ImplicitTransferError (a TypeError) for a CUDA tensor;
        with force=True these are detached and copied to the CPU.

        >>> import gputensor as gt
        >>> gt.tensor([1, 2]).numpy()
        array([1, 2])
        """
        if not force:
            if self.xp.device_type != "cpu":
                raise ImplicitTransferError(f"numpy: this tensor is on {device_of(self.xp)}; copy it first with .cpu()")
            if node_of(self) is not None:
                raise GradError("numpy: this tensor requires grad; use .detach().numpy()")
        return self.xp.to_host(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """What `numpy.asarray` gets: the array itself, sharing memory, unless a dtype or copy=True asks for a copy.

        Raises GradError for a tensor that requires grad, ImplicitTransferError (a TypeError) for one on a GPU,
        ValueError where copy=False and another dtype is asked for.
        """
        if self.xp.device_type != "cpu":
            raise ImplicitTransferError(
                f"numpy.asarray: a tensor on {device_of(self.xp)} is not converted to NumPy silently; copy it first "
                "with .cpu()"
            )
        if node_of(self) is not None:
            raise GradError(
                "numpy.asarray: a tensor that requires grad is not converted to NumPy silently; use .detach() first"
            )
        a: np.ndarray = self.xp.to_host(self.array)
        if dtype is not None and a.dtype != dtype:
            if copy is False:
                raise ValueError(
                    f"numpy.asarray: {a.dtype.name} as {np.dtype(dtype).name} needs a copy, and copy=False was given"
                )
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
            raise ShapeError(
                "item: only a tensor of one element can become a Python number, this one has shape "
                f"{tuple(a.shape)}; use tolist()"
            )
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
            raise ShapeError(
                f"bool: only a tensor of one element is true or false, this one has shape {tuple(a.shape)}; "
                "use .any() or .all()"
            )
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
            raise TypeError(
                f"index: only an integer tensor of one element can be an index, this one is {describe(self)}"
            )
        return int(self.item())

    def __contains__(self, element: Any) -> bool:
        if not isinstance(element, (_apply.Tensor, bool, int, float, complex, np.generic)):
            raise DtypeError(f"in: only numbers and tensors can be in a tensor, got {type(element).__name__}")
        same = self == element
        return bool(same.xp.item(same.xp.any(same.array)))  # type: ignore[attr-defined]  # a Tensor, as TensorBase is one

    def __reversed__(self) -> Tensor:
        return self.flip(0) if self.array.ndim else self  # type: ignore[attr-defined, return-value]

    def __format__(self, spec: str) -> str:
        # inside vmap it is one number for every example, and prints as such
        if not self.array.ndim and type(self) is _apply.Tensor and self.xp.library != "batch":
            return format(self.item(), spec)
        return object.__format__(self, spec)


def _real(x: Any, name: str) -> Any:
    value = x.item()
    if isinstance(value, complex):
        if value.imag:
            raise DtypeError(f"{name}: the complex number {value} has an imaginary part; use .real")
        return value.real
    return value
