"""`save`: the choice of the format, and of where the bytes go."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable, Mapping
from typing import Any

from gputensor.errors import ArgumentError
from gputensor.io.atomic import replacing
from gputensor.io.npz import write_npz
from gputensor.io.pytorch_writer import write_pytorch
from gputensor.io.safetensors import write_safetensors

_BY_ENDING = {".safetensors": "safetensors", ".npz": "npz"}
_FORMATS = ("pt", "safetensors", "npz")
# endings of formats that are not written; a .pt file under such a name would mislead
_OTHERS = (".npy", ".h5", ".hdf5", ".onnx", ".gguf", ".pkl.gz", ".zip.gz", ".pt.gz", ".pth.gz")


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = None,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
    *,
    format: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write `obj` to a file: a ``.pt`` file that PyTorch opens, a ``.safetensors`` or a ``.npz`` file.

    obj: for ``.pt`` tensors, parameters, numbers, text, bytes, dtypes, devices, sizes, NumPy arrays, and dicts, lists,
    tuples and sets of them; tensors that share memory share it again after `load`. For ``.safetensors`` and ``.npz`` a
    dict of named tensors. f: a path, or a file object that can write. format: "pt", "safetensors" or "npz"; unless
    given, what the ending of the path says, and "pt" otherwise. metadata: text by text, for ``.safetensors``.

    A path is written by way of a temporary file beside it, so that a crash, a full disk or a kill leaves the old file
    whole; permissions are kept, and of a link the file that it leads to is replaced. Hard links are not followed.

    Raises ArgumentError for what a checkpoint cannot hold, naming it and its place; OSError where the file cannot be
    written. pickle_module, pickle_protocol and _use_new_zipfile_serialization are taken as PyTorch programs give them,
    and have no effect. Unlike torch: writing is atomic; modules, functions and objects of own classes are refused;
    only the memory is written that a saved tensor looks at; NumPy's numbers become Python's.

    >>> import gputensor as gt, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "model.pt")
    ...     gt.save({"w": gt.ones(2), "epoch": 3}, path)
    ...     gt.load(path)
    {'w': tensor([1., 1.]), 'epoch': 3}
    """
    path = f if isinstance(f, (str, bytes, os.PathLike)) else None
    if path is None and not hasattr(f, "write"):
        raise TypeError(f"save: expected a path or a file object that can write, got {type(f).__name__}")
    if path is not None and "\0" in os.fsdecode(path):
        raise ArgumentError(f"save: {path!r:.60} is no path: there is a zero byte in it")
    chosen = _chosen(path, format)
    if metadata is not None and chosen != "safetensors":
        raise ArgumentError(f"save: metadata is for .safetensors files; put it into the dict of a {chosen} file")

    def emit(write: Callable[[Any], Any]) -> None:
        if chosen == "safetensors":
            write_safetensors(obj, write, metadata)
        elif chosen == "npz":
            write_npz(obj, write)
        else:
            write_pytorch(obj, write, _stem(path))

    if path is not None:
        with replacing(path) as write:
            emit(write)
        return
    emit(_whole(f))
    flush = getattr(f, "flush", None)
    if flush is not None:
        flush()


def _chosen(path: Any, format: str | None) -> str:
    if format is not None:
        if format not in _FORMATS:
            raise ArgumentError(f"save: format must be one of {', '.join(map(repr, _FORMATS))}, got {format!r}")
        return format
    if path is None:
        return "pt"
    name = os.path.basename(os.fsdecode(path)).lower()
    if name.endswith(_OTHERS):
        raise ArgumentError(
            f"save: files ending as {name!r} are not written; use .pt, .safetensors or .npz, or say format='pt'"
        )
    return _BY_ENDING.get(os.path.splitext(name)[1], "pt")


def _stem(path: Any) -> str:
    """The folder inside of a PyTorch archive: the file's name without its ending, as PyTorch has it."""
    if path is None:
        return "archive"
    name = os.path.splitext(os.path.basename(os.fsdecode(path)))[0]
    return name if name.isascii() and name.strip(".") and "\\" not in name and "\0" not in name else "archive"


def _whole(f: Any) -> Callable[[Any], Any]:
    """f.write, until all is written: a raw file may take less than it is given, or None: nothing."""
    raw = isinstance(f, io.RawIOBase)

    def write(data: Any) -> None:
        view = memoryview(data).cast("B")
        while len(view):
            try:
                count = f.write(view)
            except io.UnsupportedOperation:
                raise io.UnsupportedOperation(
                    "save: the file object is not open for writing; open it with mode 'wb'"
                ) from None
            except TypeError as error:
                raise TypeError(f"save: the file object cannot write bytes ({error}); open it with mode 'wb'") from None
            if count is None and raw:
                raise BlockingIOError(
                    errno.EAGAIN, "save: the file takes nothing now, as it does not block; make it blocking first"
                )
            if count is None or count >= len(view):
                return
            if type(count) is not int or count <= 0:
                raise OSError(errno.EIO, f"save: the file object says that it wrote {count!r} of {len(view):,} bytes")
            view = view[count:]

    return write


def save_file(tensors: Mapping[str, Any], filename: Any, metadata: Mapping[str, str] | None = None) -> None:
    """Write named tensors as a safetensors file, whatever its ending; the counterpart of `load_file`.

    metadata: text by text. Raises as `save`.

    >>> import gputensor as gt, io
    >>> file = io.BytesIO()
    >>> gt.io.save_file({"a": gt.zeros(2)}, file)
    """
    save(tensors, filename, format="safetensors", metadata=metadata)
