"""Memory shown to others without a copy: Python's buffers, NumPy's and Numba's array interfaces.

DLPack has a file of its own.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from gputensor.core.devices import device_of
from gputensor.core.explain import dtype_name
from gputensor.core.history import node_of
from gputensor.errors import GradError, ImplicitTransferError


class MemoryProtocolMethods:
    """The memory of a tensor, for whoever asks by one of the protocols."""

    __slots__ = ()
    array: Any
    xp: Any

    if sys.version_info >= (3, 12):  # Python asks a class for its buffer from then on

        def __buffer__(self, flags: int, /) -> memoryview:
            """What ``memoryview(t)`` and ``bytes(t)`` get: the memory itself, in its shape and strides.

            Raises BufferError for a tensor on a GPU, one that requires grad, and bfloat16, for which buffers have no
            letter.
            """
            reason = _closed(self)
            if reason is not None:
                raise BufferError(f"__buffer__: {reason}")
            view: memoryview = self.array.__buffer__(flags)
            return view

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """NumPy's older protocol, which `PIL.Image.fromarray` asks for. CPU tensors without a graph have it."""
        reason = _closed(self)
        if reason is not None:
            raise AttributeError(f"__array_interface__: {reason}")
        # with strides, PIL asks for tobytes(), which needs no buffer protocol
        return {**self.array.__array_interface__, "strides": self.array.strides}

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """Numba's protocol for memory of a GPU. CUDA tensors have it, tensors on the CPU have not."""
        if self.xp.device_type == "cpu":
            raise AttributeError("__cuda_array_interface__: this tensor is on the CPU; only tensors on a GPU have it")
        if node_of(self) is not None:
            raise GradError(
                "__cuda_array_interface__: a tensor that requires grad is not handed out; use .detach() first"
            )
        if self.array.dtype.kind == "V":
            raise AttributeError(
                "__cuda_array_interface__: it has no letter for bfloat16; use .view(gputensor.int16) or .float() first"
            )
        interface: dict[str, Any] = self.array.__cuda_array_interface__
        return interface

    def tobytes(self) -> bytes:
        """The elements as bytes, row by row. Raises as `numpy` does for tensors on a GPU or with a graph.

        >>> import gputensor as gt
        >>> gt.tensor([1, 256], dtype=gt.int16).tobytes()
        b'\\x01\\x00\\x00\\x01'
        """
        if self.xp.device_type != "cpu":
            raise ImplicitTransferError(f"tobytes: this tensor is on {device_of(self.xp)}; copy it first with .cpu()")
        if node_of(self) is not None:
            raise GradError("tobytes: this tensor requires grad; use .detach().tobytes()")
        data: bytes = self.xp.to_host(self.array).tobytes()
        return data


def _closed(x: Any) -> str | None:
    """Why the memory of x is shown to nobody; None if it may be."""
    if x.xp.device_type != "cpu":
        return f"the tensor is on {device_of(x.xp)}; copy it first with .cpu()"
    if not isinstance(x.array, np.ndarray):
        return "inside vmap, a tensor has no memory of its own"
    if node_of(x) is not None:
        return "the tensor requires grad; use .detach() first"
    if x.array.dtype.kind == "V":
        return f"buffers have no letter for {dtype_name(x.array.dtype)}; use .view(gputensor.int16) or .float() first"
    return None
