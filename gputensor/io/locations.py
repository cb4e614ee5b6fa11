"""Where the tensors of a checkpoint go: `map_location`."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from typing import Any

from gputensor.core.devices import CPU, as_device, device, namespace_of
from gputensor.errors import ArgumentError, DeviceError

_PLAIN = re.compile(r"[a-z]{1,12}(:[0-9]{1,4})?")
_LEVEL = 3  # `warn` below, and load, stand between the warning and the program


class StoredMemory:
    """What a `map_location` function is given: the memory of a storage, about to be loaded.

    ``cpu()``, ``cuda(device)`` and ``to(device)`` say where it shall go, ``nbytes()`` how large it is.
    """

    __slots__ = ("_nbytes", "device")

    def __init__(self, nbytes: int, where: device) -> None:
        self._nbytes = nbytes
        self.device = where

    def nbytes(self) -> int:
        """How many bytes there are."""
        return self._nbytes

    def size(self) -> int:
        """How many bytes there are."""
        return self._nbytes

    def to(self, device: Any) -> StoredMemory:
        """The same on another device."""
        return StoredMemory(self._nbytes, as_device(device))

    def cpu(self) -> StoredMemory:
        """The same on the CPU."""
        return StoredMemory(self._nbytes, CPU)

    def cuda(self, device: Any = None, non_blocking: bool = False) -> StoredMemory:
        """The same on a GPU."""
        return StoredMemory(self._nbytes, as_device("cuda" if device is None else device))


class CallerError(Exception):
    """Carries an error of the program's own map_location past those who translate errors of files."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class Locations:
    """The namespace for each storage, by the location that it was saved from. Raises ArgumentError for a
    `map_location` that is none of device, name, dict, function or None."""

    def __init__(self, map_location: Any) -> None:
        self._map = map_location
        self._lost: set[str] = set()
        self._all: Any = None
        if map_location is None or isinstance(map_location, Mapping) or callable(map_location):
            return
        if not isinstance(map_location, (str, bytes, int, device)):
            raise ArgumentError(
                "load: map_location must be a device, its name, a dict of names, a function or None, got "
                f"{type(map_location).__name__}"
            )
        where = map_location.decode() if isinstance(map_location, bytes) else map_location
        if where == "meta":
            raise ArgumentError("load: map_location='meta' makes tensors without values, which are left out; use 'cpu'")
        self._all = namespace_of(as_device(where))

    def place(self, nbytes: int, location: str) -> Any:
        """The namespace of the device for a storage that was saved from `location`."""
        if self._all is not None:
            return self._all
        if isinstance(self._map, Mapping):
            found = self._map.get(location, self._map.get(_device_or_name(location)))
            return self._default(location) if found is None else namespace_of(as_device(found))
        if self._map is not None:
            try:
                found = self._map(StoredMemory(nbytes, CPU), location)
            except Exception as error:
                raise CallerError(error) from error
            if found is not None:
                where = found.device if hasattr(found, "device") else found
                if not isinstance(where, (str, int, device)):
                    raise ArgumentError(
                        "load: the map_location function must return the storage, storage.cuda(), a device or None, "
                        f"got {type(found).__name__}"
                    )
                return namespace_of(as_device(where))
        return self._default(location)

    def _default(self, location: str) -> Any:
        where = _device_or_name(location)
        if isinstance(where, device):
            try:
                return namespace_of(where)
            except DeviceError:
                pass
        self._lost.add(location)
        return namespace_of(CPU)

    def warn(self) -> None:
        """Warn, once, of storages that went to the CPU because their device is not here."""
        if self._lost:
            warnings.warn(
                f"load: tensors saved from {_listed(self._lost)} are loaded to the CPU, as there is no such "
                "device here; map_location='cpu' says that this is meant",
                stacklevel=_LEVEL,
            )


def _listed(names: set[str]) -> str:
    # a file can say anything here, such as what a terminal obeys
    shown = [name if _PLAIN.fullmatch(name) else f"{name[:30]!r}" for name in sorted(names)[:8]]
    return ", ".join(shown) + (" and others" if len(names) > 8 else "")


def _device_or_name(location: str) -> Any:
    try:
        return device(location) if len(location) < 30 else location
    except DeviceError:
        return location
