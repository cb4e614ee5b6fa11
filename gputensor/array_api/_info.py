"""What this namespace can do: the standard's inspection functions."""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor.array_api._data_types import STANDARD, isdtype
from gputensor.core import dtypes
from gputensor.core.devices import as_device, device, namespace_of


def __array_namespace_info__() -> Info:
    """What can be asked about this namespace: capabilities, devices, dtypes and defaults.

    >>> from gputensor import array_api as xp
    >>> xp.__array_namespace_info__().default_device()
    device(type='cpu')
    """
    return Info()


class Info:
    """Capabilities, devices, dtypes and defaults of `gputensor.array_api`.

    >>> from gputensor import array_api as xp
    >>> xp.__array_namespace_info__().capabilities()["boolean indexing"]
    True
    """

    __slots__ = ()
    __module__ = "gputensor.array_api"

    def capabilities(self) -> dict[str, Any]:
        """Masks can be indices, shapes may depend on values, and how many dims an array has at most."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> device:
        """The device of new arrays; see `gputensor.set_default_device`."""
        return gt.get_default_device()

    def default_dtypes(self, *, device: Any = None) -> dict[str, dtypes.dtype]:
        """The dtypes of new arrays by kind; see `gputensor.set_default_dtype`."""
        _checked(device)
        default = gt.get_default_dtype()
        return {
            "real floating": default,
            "complex floating": default.to_complex(),
            "integral": dtypes.int64,
            "indexing": dtypes.int64,
        }

    def dtypes(self, *, device: Any = None, kind: Any = None) -> dict[str, dtypes.dtype]:
        """The standard's dtypes by name: all, or those of a kind (see `isdtype`).

        float16 and bfloat16 are there too, but the standard has no place for them here. Raises ValueError for an
        unknown kind.
        """
        _checked(device)
        if kind is None:
            return {d.name: d for d in STANDARD}
        return {d.name: d for d in STANDARD if isdtype(d, kind)}

    def devices(self) -> tuple[device, ...]:
        """The CPU and every usable GPU."""
        return (as_device("cpu"), *[as_device(f"cuda:{k}") for k in range(gt.cuda.device_count())])


def _checked(where: Any) -> None:
    """Raise DeviceError for a device that cannot be used."""
    if where is not None:
        namespace_of(where)
