"""PyTorch's arguments as ours, and tensors of either library as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import gputensor as gt
from tests.operators.entries import exchanged


class Conversion:
    """Arguments of one call: tensors that share memory share it afterwards too.

    `pairs`: the tensors that require gradients, theirs beside ours.
    """

    def __init__(self) -> None:
        self.pairs: list[tuple[Any, Any]] = []
        self._memories: dict[tuple[int, Any], Any] = {}
        self._kept: list[Any] = []  # an address names a storage only as long as that lives

    def __call__(self, value: Any) -> Any:
        import torch

        if isinstance(value, torch.Tensor):
            t = self._tensor(value)
            if value.requires_grad:
                t.requires_grad_(True)
                self.pairs.append((value, t))
            return t
        if isinstance(value, torch.dtype):
            return getattr(gt, str(value).removeprefix("torch."))
        if isinstance(value, torch.device):
            return gt.device(str(value))
        if isinstance(value, torch.memory_format):
            return getattr(gt, str(value).removeprefix("torch."))
        if isinstance(value, torch.layout):
            return getattr(gt, str(value).removeprefix("torch."))
        if isinstance(value, torch.Size):
            return gt.Size(value)
        if isinstance(value, Mapping):
            return {k: self(v) for k, v in value.items()}
        if isinstance(value, (list, tuple)):
            kind = type(value)
            items = [self(v) for v in value]
            return kind(items) if kind in (list, tuple) else kind(*items)
        return exchanged(value) if callable(value) else value

    def _tensor(self, t: Any) -> Any:
        """The same view of the same memory."""
        if t.is_meta:
            raise TypeError("a meta tensor has no memory to copy")
        plain = t.detach().resolve_conj().resolve_neg()
        self._kept.append(plain)
        if not plain.numel() and not plain.untyped_storage().nbytes():
            return gt.empty(tuple(plain.shape), dtype=getattr(gt, str(plain.dtype).removeprefix("torch.")))
        storage = plain.untyped_storage()
        key = (storage.data_ptr(), plain.dtype)
        memory = self._memories.get(key)
        if memory is None:
            memory = self._memories[key] = _memory(plain)
        offset, shape, strides = plain.storage_offset(), tuple(plain.shape), tuple(plain.stride())
        return memory.as_strided(shape, strides, offset).detach()


def _memory(t: Any) -> Any:
    """The whole memory that t looks into, copied, as a tensor of one dim."""
    import torch

    storage = t.untyped_storage()
    n = storage.nbytes() // t.element_size() * t.element_size()
    whole = torch.empty(0, dtype=torch.uint8).set_(storage)[:n].view(t.dtype)
    if t.dtype == torch.bfloat16:
        return gt.from_numpy(whole.view(torch.int16).numpy().copy()).view(gt.bfloat16)
    return gt.from_numpy(whole.numpy().copy())


def flat(value: Any) -> list[Any]:
    """The tensors and plain values of a result, in order."""
    if isinstance(value, (list, tuple)) and not hasattr(value, "numel"):
        return [x for v in value for x in flat(v)]
    return [value]


def array(t: Any) -> np.ndarray:
    """A tensor of either library as a NumPy array; 16-bit floats as float32."""
    t = t.detach()
    theirs = type(t).__module__.startswith("torch")
    if theirs:
        t = t.resolve_conj().resolve_neg()
    if dtype_of(t) in ("bfloat16", "float16"):
        t = t.float()
    return t.numpy(force=True) if theirs else t.numpy()


def dtype_of(t: Any) -> str:
    return str(t.dtype).split(".")[-1]
