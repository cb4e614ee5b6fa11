"""Modules between dtypes and devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.core.devices import as_device, as_gpu, device, namespace_of
from gputensor.core.dtypes import as_dtype, dtype
from gputensor.core.modes import no_grad
from gputensor.errors import DtypeError

if TYPE_CHECKING:
    from gputensor.nn.modules.module import Module
    from gputensor.nn.parameter import Parameter

C = TypeVar("C", bound="ConvertingModule")


class ConvertingModule:
    """What changes the dtype or device of all parameters and buffers of a Module, in place."""

    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]

    def _apply(self: C, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> C:
        """Replace the memory of every parameter, its gradient and every buffer by what `fn` makes of it.

        The parameters stay the same objects, so that optimizers keep them.
        """
        if recurse:
            for child in self._modules.values():
                if child is not None:
                    child._apply(fn)
        for parameter in self._parameters.values():
            if parameter is None:
                continue
            with no_grad():
                gradient = parameter.grad
                value = fn(parameter)
                changed = None if gradient is None else fn(gradient)
            parameter.data = value
            if gradient is not None and changed is not None:
                gradient.data = changed
        for name, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[name] = fn(buffer)
        return self

    def to(
        self: C,
        *args: Any,
        device: Any = None,
        dtype: Any = None,
        non_blocking: bool = False,
        memory_format: Any = None,
    ) -> C:
        """Move all parameters and buffers to a device, the floating-point ones to a dtype; returns the module.

        ``to(device)``, ``to(dtype)``, ``to(device, dtype)``, ``to(tensor)``, each also by keyword; memory_format
        reorders 4-d and 5-d ones. Changes the module itself. Raises DtypeError (a TypeError) for an integer dtype,
        DeviceError for a device that is not there.

        >>> import gputensor as gt
        >>> gt.nn.Linear(2, 2).to(gt.float64).weight.dtype
        gputensor.float64
        """
        where, kind = _wanted(args, device, dtype)
        if kind is not None and not (kind.is_floating_point or kind.is_complex):
            raise DtypeError(
                f"Module.to: only floating-point and complex dtypes are possible for parameters, got {kind!r}"
            )
        if where is not None:
            namespace_of(where)  # a device that is not there is refused before anything moved

        def convert(t: Tensor) -> Tensor:
            wanted = kind if t.is_floating_point() or t.is_complex() else None
            if memory_format is not None and t.dim() in (4, 5):
                return t.to(device=where, dtype=wanted, non_blocking=non_blocking, memory_format=memory_format)
            return t.to(device=where, dtype=wanted, non_blocking=non_blocking)

        return self._apply(convert)

    def to_empty(self: C, *, device: Any, recurse: bool = True) -> C:
        """Move to a device without copying the values, which are then undefined; returns the module."""
        xp = namespace_of(device)
        return self._apply(lambda t: wrap(xp.empty(t.array.shape, t.array.dtype), xp), recurse=recurse)

    def cuda(self: C, device: Any = None) -> C:
        """Move all parameters and buffers to a GPU, the current one by default; returns the module.

        Raises DeviceError, saying what is missing, where there is none, and for a device that is no GPU.
        """
        return self.to(device=as_gpu(device))

    def cpu(self: C) -> C:
        """Move all parameters and buffers to the CPU; returns the module."""
        return self.to(device="cpu")

    def type(self: C, dst_type: Any) -> C:
        """Convert all parameters and buffers, integers too, to a dtype; returns the module."""
        return self._apply(lambda t: t.type(dst_type))

    def float(self: C) -> C:
        """Convert the floating-point parameters and buffers to float32; returns the module."""
        return self._apply(lambda t: t.float() if t.is_floating_point() else t)

    def double(self: C) -> C:
        """Convert the floating-point parameters and buffers to float64; returns the module."""
        return self._apply(lambda t: t.double() if t.is_floating_point() else t)

    def half(self: C) -> C:
        """Convert the floating-point parameters and buffers to float16; returns the module."""
        return self._apply(lambda t: t.half() if t.is_floating_point() else t)

    def bfloat16(self: C) -> C:
        """Convert the floating-point parameters and buffers to bfloat16; returns the module."""
        return self._apply(lambda t: t.bfloat16() if t.is_floating_point() else t)

    def share_memory(self: Any) -> Any:
        """Move all parameters and buffers to memory that other processes share; returns the module.

        See `Tensor.share_memory_`. Raises DeviceError where one is a view.

        >>> import gputensor as gt
        >>> gt.nn.Linear(2, 2).share_memory().weight.is_shared()
        True
        """
        for t in (*self.parameters(), *self.buffers()):
            t.share_memory_()
        return self


def _wanted(args: tuple[Any, ...], where: Any, kind: Any) -> tuple[device | None, dtype | None]:
    """The device and the dtype that the arguments of `to` ask for."""
    for k, a in enumerate(args):
        if isinstance(a, Tensor):
            where, kind = a.device, a.dtype
        elif isinstance(a, bool) and k > 0:
            pass  # non_blocking by position
        elif isinstance(a, (device, str, int)) and not _names_dtype(a):
            where = a
        elif a is not None:
            kind = a
    return None if where is None else as_device(where), None if kind is None else as_dtype(kind)


def _names_dtype(a: Any) -> bool:
    try:
        return isinstance(a, str) and as_dtype(a) is not None
    except TypeError:
        return False
