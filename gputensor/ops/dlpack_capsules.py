"""The dtype in a DLPack capsule: how bfloat16, which NumPy and CuPy neither write nor read, goes as int16.

A capsule holds one C structure, which its maker allocated for it alone and frees without looking at the dtype. Only
the code of the dtype is changed in it, from one 16-bit kind to another, so that sizes and strides stay true.
"""

from __future__ import annotations

import ctypes
from typing import Any

# as DLPack numbers kinds of numbers
INTEGER, BFLOAT = 0, 4


class _DataType(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16))


class _Tensor(ctypes.Structure):
    _fields_ = (
        ("data", ctypes.c_void_p),
        ("device_type", ctypes.c_int32),
        ("device_id", ctypes.c_int32),
        ("ndim", ctypes.c_int32),
        ("dtype", _DataType),
    )  # shape, strides and offset follow, which nobody reads here


class _Versioned(ctypes.Structure):
    _fields_ = (
        ("major", ctypes.c_uint32),
        ("minor", ctypes.c_uint32),
        ("manager", ctypes.c_void_p),
        ("deleter", ctypes.c_void_p),
        ("flags", ctypes.c_uint64),
        ("tensor", _Tensor),
    )


# prototypes of our own: the attributes of ctypes.pythonapi's functions belong to the whole process
_is_valid = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.py_object, ctypes.c_char_p)(("PyCapsule_IsValid", ctypes.pythonapi))
_pointer = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)(
    ("PyCapsule_GetPointer", ctypes.pythonapi)
)


def _dtype(capsule: Any) -> _DataType | None:
    """The dtype in the capsule's own memory; None for a capsule that is used up, of a later layout, or another one."""
    if _is_valid(capsule, b"dltensor_versioned"):
        versioned = _Versioned.from_address(_pointer(capsule, b"dltensor_versioned"))
        return versioned.tensor.dtype if versioned.major == 1 else None
    if _is_valid(capsule, b"dltensor"):
        return _Tensor.from_address(_pointer(capsule, b"dltensor")).dtype
    return None


def holds_bfloat16(capsule: Any) -> bool:
    """Whether the array in a capsule that nobody has taken yet is of bfloat16."""
    found = _dtype(capsule)
    return found is not None and (found.code, found.bits, found.lanes) == (BFLOAT, 16, 1)


def recoded(capsule: Any, code: int) -> Any:
    """The capsule itself, whose 16-bit numbers are of another kind from now on. Nobody else may have it yet."""
    found = _dtype(capsule)
    if found is None or (found.bits, found.lanes) != (16, 1):
        raise BufferError("__dlpack__: the capsule does not hold 16-bit numbers in a layout that is known")
    found.code = code
    return capsule
