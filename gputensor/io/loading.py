"""`load`: the format is found in the content, and every fault of a file becomes one class of error."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

from gputensor.errors import ArgumentError, CheckpointError, DeviceError
from gputensor.io import npz, pytorch_reader
from gputensor.io.faults import MEBI, Budget, Fault
from gputensor.io.locations import CallerError, Locations
from gputensor.io.safetensors import SafeOpen, SafetensorsReader
from gputensor.io.source import Source
from gputensor.io.zip_reader import Archive

T = TypeVar("T")
MAX_HEADER = 25 * MEBI

# how files begin that are no checkpoints, and what they are
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"version https://git-lfs", "is a Git LFS pointer, not the file it stands for; run `git lfs pull`"),
    (b"<!doctype", "is a web page, so the download went wrong; fetch the file itself"),
    (b"<html", "is a web page, so the download went wrong; fetch the file itself"),
    (b"\x1f\x8b", "is compressed by gzip; unpack it, or give load gzip.open(path)"),
    (b"\x28\xb5\x2f\xfd", "is compressed by zstd; unpack it first"),
    (b"BZh", "is compressed by bzip2; unpack it, or give load bz2.open(path)"),
    (b"\xfd7zXZ", "is compressed by xz; unpack it, or give load lzma.open(path)"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive, which is not read; PyTorch's files are zip archives"),
    (b"\x89HDF", "is an HDF5 file; read it with h5py, and gputensor.from_numpy"),
    (b"GGUF", "is a GGUF file, which is not read; look for the model's .safetensors files"),
    (b"PK\x05\x06", "is an empty zip archive"),
)
_TAR = 257


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = True,
    mmap: bool | None = None,
    max_bytes: int | None = None,
    max_header: int = MAX_HEADER,
    **pickle_load_args: Any,
) -> Any:
    """What a checkpoint holds: PyTorch's ``.pt`` and ``.pth``, ``.safetensors``, ``.npz``; found out by the content.

    f: a path, or a file object open for bytes. map_location: a device for all tensors, a dict from saved to wanted
    devices, or a function of (storage, location) that gives the storage, ``storage.cuda()`` or None; without it tensors
    go to where they were, or with a warning to the CPU if that device is not here. mmap: True lets the system
    read the file as memory when it is looked at; writes to such tensors do not reach the file. max_bytes: how
    much compressed members may unpack to (1 GiB unless given), and how much memory Python objects may take (unless
    given 58 MB more than the file's size; the error of a file that needs more says how much). max_header: the longest
    header of a safetensors file, in bytes.

    Nothing of a file is run, whatever it says: a pickle is read by an interpreter that knows tensors, numbers, text
    and containers. A damaged or hostile file raises CheckpointError, which says what is wrong and where. float8
    becomes bfloat16, which has all its values. docs/checkpoints.md says what is promised and measured.

    Raises CheckpointError; FileNotFoundError and other OSErrors; ArgumentError for arguments; DeviceError where
    map_location names a device that is not here. Unlike torch: weights_only=False reads the same things and runs
    nothing; NumPy arrays and numbers, defaultdict and argparse.Namespace are read; a checkpoint of a GPU opens on the
    CPU; pickle_module and the arguments for it are taken as PyTorch programs give them and have no effect.

    >>> import gputensor as gt, io
    >>> file = io.BytesIO()
    >>> gt.save([gt.arange(3), "text"], file); _ = file.seek(0)
    >>> gt.load(file, map_location="cpu")
    [tensor([0, 1, 2]), 'text']
    """
    if weights_only not in (True, False, None):
        raise ArgumentError(f"load: weights_only must be a bool, got {weights_only!r}")
    if pickle_module not in (None, pickle) and getattr(pickle_module, "__name__", "") not in ("dill", "cloudpickle"):
        raise ArgumentError("load: pickle_module has no effect, as nothing is unpickled by a module; leave it out")
    unknown = pickle_load_args.keys() - {"encoding", "errors", "fix_imports"}
    if unknown:
        raise TypeError(f"load: unexpected keyword arguments: {', '.join(sorted(unknown))}")
    _check_limits(max_bytes, max_header)
    locations = Locations(map_location)
    with Source(f) as source:
        if mmap and not source.is_path:
            raise ArgumentError("load: mmap=True needs the path of a file, got a file object")
        value = translated(
            source.name,
            lambda: _loaded(source, locations, Budget(source.size, max_bytes), bool(mmap), max_header),
        )
    locations.warn()
    return value


def _check_limits(max_bytes: Any, max_header: Any) -> None:
    for name, value in (("max_bytes", max_bytes), ("max_header", max_header)):
        if value is not None and (type(value) is not int or value < 0):
            raise ArgumentError(f"load: {name} must be a number of bytes, got {value!r}")


def translated(name: str, call: Callable[[], T]) -> T:
    """What `call` gives; a Fault becomes a CheckpointError that begins with the file's name."""
    try:
        return call()
    except Fault as fault:
        raise CheckpointError(f"load: {name} {fault!s:.1000}") from None
    except CallerError as error:
        raise error.error from None
    except (ArgumentError, DeviceError, MemoryError):
        raise
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        # a fault that no check above named; files of strangers still raise one class
        raise CheckpointError(f"load: {name} is damaged in a way that has no name: {error!r:.200}") from error


def _loaded(source: Source, locations: Locations, budget: Budget, mapped: bool, max_header: int) -> Any:
    head = bytes(source.read(0, min(source.size, 512), "the beginning"))
    if head[:4] == b"PK\3\4":
        archive = Archive(source, budget)
        prefix = pytorch_reader.pickle_prefix(archive)
        if prefix is not None:
            return pytorch_reader.read_zip(archive, prefix, locations, budget, mapped)
        return npz.read_npz(archive, locations, budget, mapped)
    if head.startswith(npz.MAGIC):
        return npz.read_npy(source, locations, mapped)
    if head.startswith(pytorch_reader.MAGIC):
        if mapped:
            raise ArgumentError("load: files of PyTorch's format before 1.6 cannot be memory-mapped; leave mmap out")
        return pytorch_reader.read_stream(source, locations, budget)
    if head[8:9] == b"{":
        reader = SafetensorsReader(source, locations, budget, mapped, max_header)
        return {name: reader.tensor(name) for name in reader.entries}
    raise Fault(_what_it_is(source, head))


def _what_it_is(source: Source, head: bytes) -> str:
    if not source.size:
        return "is empty"
    if not any(head):
        return f"begins with {len(head)} zeros: it was not written to its end; fetch or save it again"
    for start, text in _OTHERS:
        if head.lower().startswith(start.lower()):
            return text
    if head[_TAR : _TAR + 5] == b"ustar":
        return (
            "is a tar archive; PyTorch's tar format, from before 0.4, is not read: save it again with a newer PyTorch"
        )
    if head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5"):
        return "is a plain pickle, which is not read; save it with gputensor.save or torch.save"
    return f"is no checkpoint that is known: it begins with {head[:16]!r}; .pt, .safetensors and .npz files are read"


def load_file(
    filename: Any,
    device: Any = "cpu",
    *,
    mmap: bool = False,
    max_bytes: int | None = None,
    max_header: int = MAX_HEADER,
) -> dict[str, Any]:
    """The tensors of a safetensors file, by name; the counterpart of `save_file`.

    device: where they go. mmap, max_bytes, max_header: as in `load`. Raises CheckpointError for a file of
    another format.

    >>> import gputensor as gt, io
    >>> file = io.BytesIO()
    >>> gt.io.save_file({"a": gt.zeros(2)}, file); _ = file.seek(0)
    >>> gt.io.load_file(file)
    {'a': tensor([0., 0.])}
    """
    with safe_open(filename, device=device, mmap=mmap, max_bytes=max_bytes, max_header=max_header) as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def safe_open(
    filename: Any,
    framework: str = "pt",
    device: Any = "cpu",
    *,
    mmap: bool | None = None,
    max_bytes: int | None = None,
    max_header: int = MAX_HEADER,
) -> SafeOpen:
    """A safetensors file, open for its tensors one by one: ``keys()``, ``metadata()``, ``get_tensor(name)``.

    Used in a ``with`` statement. mmap: as in `load`; True unless said otherwise, so that a slice of a tensor reads
    only the slice from the disk. max_bytes, max_header: as in `load`. framework is taken as programs give it,
    and has no effect. Raises as `load_file`.

    >>> import gputensor as gt, io
    >>> file = io.BytesIO()
    >>> gt.io.save_file({"a": gt.zeros(2), "b": gt.ones(2)}, file, {"epoch": "3"}); _ = file.seek(0)
    >>> with gt.io.safe_open(file) as f:
    ...     f.keys(), f.metadata(), f.get_tensor("b")
    (['a', 'b'], {'epoch': '3'}, tensor([1., 1.]))
    """
    _check_limits(max_bytes, max_header)
    locations = Locations(device)
    source = Source(filename)
    if mmap and not source.is_path:
        raise ArgumentError("load: mmap=True needs the path of a file, got a file object")
    mapped = source.is_path if mmap is None else bool(mmap)
    try:
        reader = translated(
            source.name,
            lambda: SafetensorsReader(source, locations, Budget(source.size, max_bytes), mapped, max_header),
        )
    except BaseException:
        source.close()
        raise
    return SafeOpen(reader, source, lambda call: translated(source.name, call))
