"""What the formats call the dtypes."""

from __future__ import annotations

from typing import NamedTuple

import ml_dtypes
import numpy as np

from gputensor.core import dtypes
from gputensor.core.dtypes import dtype

# of float8 every value is one of bfloat16, too; NumPy has neither, and tensors have bfloat16
FLOAT8: dict[str, np.dtype] = {
    "float8_e4m3fn": np.dtype(ml_dtypes.float8_e4m3fn),
    "float8_e4m3fnuz": np.dtype(ml_dtypes.float8_e4m3fnuz),
    "float8_e5m2": np.dtype(ml_dtypes.float8_e5m2),
    "float8_e5m2fnuz": np.dtype(ml_dtypes.float8_e5m2fnuz),
    "float8_e8m0fnu": np.dtype(ml_dtypes.float8_e8m0fnu),
}


class Kind(NamedTuple):
    """How elements lie in a file: name, bytes each, the dtype of their tensors; `eight`, where they are float8."""

    name: str
    itemsize: int
    dtype: dtype
    eight: np.dtype | None = None


def _kind(name: str, found: dtype | None = None) -> Kind:
    if name in FLOAT8:
        return Kind(name, 1, dtypes.bfloat16, FLOAT8[name])
    out = dtypes.as_dtype(name) if found is None else found
    return Kind(out.name, out.itemsize, out)


KINDS: dict[str, Kind] = {d.name: _kind(d.name) for d in dtypes.ALL} | {name: _kind(name) for name in FLOAT8}
BYTES = KINDS["uint8"]

# PyTorch's class of storages -> dtype; it has none for the dtypes of later years, whose storages are untyped
OF_STORAGE: dict[str, str] = {
    "DoubleStorage": "float64",
    "FloatStorage": "float32",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
    "ComplexDoubleStorage": "complex128",
    "ComplexFloatStorage": "complex64",
}
STORAGE_OF: dict[str, str] = {name: storage for storage, name in OF_STORAGE.items()}

SAFETENSORS: dict[str, str] = {
    "BOOL": "bool",
    "U8": "uint8",
    "I8": "int8",
    "U16": "uint16",
    "I16": "int16",
    "F16": "float16",
    "BF16": "bfloat16",
    "U32": "uint32",
    "I32": "int32",
    "F32": "float32",
    "U64": "uint64",
    "I64": "int64",
    "F64": "float64",
    "C64": "complex64",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "F8_E8M0": "float8_e8m0fnu",
}
TO_SAFETENSORS: dict[str, str] = {name: short for short, name in SAFETENSORS.items()}


def text_is_whole(flat: np.ndarray) -> bool:
    """Whether all letters of a vector of text exist; other vectors have none."""
    letters = np.dtype(np.uint32).newbyteorder(flat.dtype.byteorder)
    return flat.dtype.kind != "U" or int(flat.view(letters).max(initial=0)) <= 0x10FFFF
