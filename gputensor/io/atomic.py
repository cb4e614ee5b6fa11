"""Writing a file so that it is, at every moment, either the old one or the new one, whole.

A temporary file beside the target is written, synchronised and then renamed over it. Its lock tells the next save
whether its writer still lives; one without is removed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

_PREFIX = ".gputensor-"
_SUFFIX = ".tmp"
_PIECE = 16 << 20
# without locks, a temporary file that is older is nobody's
_DAY = 86400.0


@contextmanager
def replacing(path: str | bytes | os.PathLike[Any]) -> Iterator[Callable[[Any], int]]:
    """A function that writes buffers to what becomes the file `path` when the block ends without an error.

    Permissions and owner of an old file are kept where the system allows it; of a link the file it leads to is
    replaced. What is no regular file (a pipe, /dev/null) is written as it is. Raises OSError; the old file is whole
    then, and no temporary one is left.
    """
    if os.path.basename(os.fsdecode(path)) in ("", ".", ".."):
        # realpath would make a file of "folder/", and of "" the folder that the program is in
        raise IsADirectoryError(21, "save: expected the path of a file, and this names none", os.fsdecode(path))
    target = os.path.realpath(os.fsdecode(path))
    try:
        old = os.stat(target)
    except FileNotFoundError:
        old = None
    except OSError as error:
        raise _explained(error, path, "cannot be written") from None
    if old is not None and stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(21, "save: expected a file, this is a directory", os.fsdecode(path))
    if old is not None and not stat.S_ISREG(old.st_mode):
        with open(target, "wb", buffering=0) as plain:
            yield _writer(plain.fileno(), path)
        return
    if old is not None and not os.access(target, os.W_OK):
        raise PermissionError(13, "save: the file may not be written; change its permissions", os.fsdecode(path))
    folder, name = os.path.split(target)
    mark = _PREFIX + hashlib.sha256(os.fsencode(name)).hexdigest()[:12] + "-"
    _remove_stale(folder, mark)
    # nobody reads the new one before it has the old one's permissions
    fd, temporary = _new_file(folder, mark, path, 0o666 if old is None else 0o600)
    try:
        try:
            yield _writer(fd, path)
            _keep_permissions(fd, old)
            _try(path, os.fsync, fd)
            _try(path, os.replace, temporary, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        _sync_folder(folder)
    finally:
        os.close(fd)


def _writer(fd: int, path: Any) -> Callable[[Any], int]:
    def write(data: Any) -> int:
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view):
            done += _try(path, os.write, fd, view[done : done + _PIECE])
        return done

    return write


def _try(path: Any, call: Callable[..., Any], *args: Any) -> Any:
    try:
        return call(*args)
    except OSError as error:
        raise _explained(error, path, "could not be written") from None


def _explained(error: OSError, path: Any, what: str) -> OSError:
    name = os.fsdecode(path)
    return type(error)(error.errno, f"save: {name!r} {what} ({error.strerror}); the file that was there is as it was")


def _new_file(folder: str, mark: str, path: Any, mode: int) -> tuple[int, str]:
    """A temporary file in `folder`, locked, and its path."""
    while True:
        temporary = os.path.join(folder, mark + secrets.token_hex(8) + _SUFFIX)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        try:
            fd = os.open(temporary, flags, mode)
        except FileExistsError:
            continue
        except FileNotFoundError as error:
            if os.path.isdir(folder):  # /proc and the like take no files
                raise _explained(error, path, "cannot be written") from None
            raise FileNotFoundError(
                2, f"save: there is no folder {folder!r}; make it with os.makedirs(…, exist_ok=True)", os.fsdecode(path)
            ) from None
        except PermissionError as error:
            what = f"cannot be written: no new file may be made in its folder {folder!r}, as a safe save needs"
            raise _explained(error, path, what) from None
        except OSError as error:
            raise _explained(error, path, "cannot be written") from None
        if fcntl is None:
            return fd, temporary
        with suppress(OSError):  # file systems without locks
            fcntl.flock(fd, fcntl.LOCK_EX)
        # a save beside this one may have taken it for stale before it was locked
        with suppress(OSError):
            if os.path.samestat(os.stat(temporary), os.fstat(fd)):
                return fd, temporary
        os.close(fd)


def _remove_stale(folder: str, mark: str) -> None:
    """Remove what saves of this file that were killed have left."""
    try:
        found = [name for name in os.listdir(folder) if name.startswith(mark) and name.endswith(_SUFFIX)]
    except OSError:
        return
    for name in found:
        stale = os.path.join(folder, name)
        with suppress(OSError):
            if fcntl is None:
                if time.time() - os.stat(stale).st_mtime > _DAY:
                    os.unlink(stale)
                continue
            fd = os.open(stale, os.O_RDWR)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)  # its writer lives, if this raises
                os.unlink(stale)
            finally:
                os.close(fd)


def _keep_permissions(fd: int, old: os.stat_result | None) -> None:
    if old is None or not hasattr(os, "fchmod"):
        return
    new = os.fstat(fd)
    if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        with suppress(OSError):
            os.fchown(fd, old.st_uid, old.st_gid)
    with suppress(OSError):
        os.fchmod(fd, old.st_mode & 0o777)


def _sync_folder(folder: str) -> None:
    """Make the new name lasting; some systems cannot open folders, and the name is then theirs to keep."""
    with suppress(OSError):
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
