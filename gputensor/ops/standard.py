"""The array-API standard's methods that every tensor has: its namespace, and the way to another device."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from gputensor.core.devices import as_device
from gputensor.ops.conversion import to_device

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

_VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12", "2025.12")


class StandardMethods:
    """By these methods, libraries written for any array take a tensor."""

    __slots__ = ()

    def __array_namespace__(self, *, api_version: str | None = None) -> ModuleType:
        """The module `gputensor.array_api`. Raises ValueError for a version of the standard that it does not speak."""
        if api_version is not None and api_version not in _VERSIONS:
            raise ValueError(
                f"__array_namespace__: version {api_version!r} of the array-API standard is not supported; use "
                f"{', '.join(_VERSIONS)}"
            )
        from gputensor import array_api

        return array_api

    def to_device(self, device: Any, /, *, stream: Any = None) -> Tensor:
        """This tensor on a device; itself if it is there already. Recorded: the gradient comes back.

        stream: a `gputensor.cuda.Stream` that does the copy. Raises DeviceError for a device that cannot be used,
        TypeError for a stream of another kind.

        >>> import gputensor as gt
        >>> gt.ones(2).to_device("cpu")
        tensor([1., 1.])
        """
        where = as_device(device)
        if stream is None:
            return to_device(self, where)  # type: ignore[arg-type]
        if not hasattr(stream, "__enter__"):
            raise TypeError(f"to_device: stream must be a gputensor.cuda.Stream or None, got {type(stream).__name__}")
        with stream:
            return to_device(self, where)  # type: ignore[arg-type]
