"""Running a program as Python itself would: its own `__main__`, sys.argv, sys.path, tracebacks and exit code."""

from __future__ import annotations

import importlib.util
import os
import sys
import zipfile
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import Any


def run_file(path: str, arguments: list[str]) -> None:
    """What ``python path arguments`` runs: a script, or the `__main__` of a folder or of a zip file."""
    if os.path.isdir(path) or zipfile.is_zipfile(path):
        _first_on_path(path)
        spec = PathFinder.find_spec("__main__", [path])
        if spec is None:
            raise SystemExit(f"{sys.executable}: can't find '__main__' module in {path!r}")
        _run(_main(path, spec), _code_of(spec), [path, *arguments])
        return
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        # Python's own words and exit code
        print(f"{sys.executable}: can't open file {os.path.abspath(path)!r}: {_because(error)}", file=sys.stderr)
        raise SystemExit(2) from None
    _first_on_path(os.path.dirname(os.path.realpath(path)))
    full = os.path.join(os.getcwd(), path)
    main = _main(full, None)
    main.__loader__ = SourceFileLoader("__main__", full)
    _run(main, _compiled(source, full), [path, *arguments])


def run_module(name: str, arguments: list[str]) -> None:
    """What ``python -m name arguments`` runs. sys.path begins with the current folder, as it does already."""
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            spec = importlib.util.find_spec(f"{name}.__main__")
            if spec is None:
                raise SystemExit(
                    f"{sys.executable}: No module named {name}.__main__; {name!r} is a package and cannot be run"
                )
    except (ImportError, AttributeError, ValueError) as error:
        raise SystemExit(f"{sys.executable}: Error while finding module specification for {name!r} ({error})") from None
    if spec is None:
        raise SystemExit(f"{sys.executable}: No module named {name}")
    code = _code_of(spec)
    if code is None or spec.origin is None:
        raise SystemExit(f"{sys.executable}: No code object available for {name}")
    _run(_main(spec.origin, spec), code, [spec.origin, *arguments])


def run_command(source: str, arguments: list[str]) -> None:
    """What ``python -c source arguments`` runs."""
    _first_on_path("")
    _run(_main(None, None), _compiled(source.encode(), "<string>"), ["-c", *arguments])


def run_input(arguments: list[str]) -> None:
    """What ``python - arguments`` runs: the program comes from the standard input."""
    source = sys.stdin.buffer.read()
    _first_on_path("")
    _run(_main(None, None), _compiled(source, "<stdin>"), ["-", *arguments])


def _because(error: OSError) -> str:
    return f"[Errno {error.errno}] {error.strerror}"


def _first_on_path(folder: str) -> None:
    """``python -m gputensor.as_torch`` had put the current folder first, where the program's belongs."""
    if not getattr(sys.flags, "safe_path", False) and not sys.flags.isolated:
        sys.path[0] = folder


def _main(file: str | None, spec: ModuleSpec | None) -> ModuleType:
    """The new `__main__`; it stays until the process ends, as the program's threads and exit functions need it."""
    main = ModuleType("__main__")
    main.__spec__ = spec
    main.__package__ = None if spec is None else spec.parent
    if spec is not None:
        main.__loader__ = spec.loader
    if file is not None:
        main.__file__ = file
        main.__cached__ = None  # type: ignore[attr-defined]  # modules run as programs have it
    main.__dict__["__builtins__"] = __builtins__
    sys.modules["__main__"] = main
    return main


def _code_of(spec: ModuleSpec) -> Any:
    get_code = getattr(spec.loader, "get_code", None)
    return None if get_code is None else get_code(spec.name)


def _compiled(source: bytes, file: str) -> CodeType | None:
    """The program's code; None after the traceback of what is no Python was arranged for."""
    try:
        return compile(source, file, "exec", dont_inherit=True)
    except BaseException:
        _hide_these_frames()
        raise


def _run(main: ModuleType, code: CodeType | None, argv: list[str]) -> None:
    sys.argv[:] = argv
    assert code is not None
    try:
        exec(code, main.__dict__)
    except BaseException:
        _hide_these_frames()
        raise


def _hide_these_frames() -> None:
    """Let the traceback that ends the program begin in the program. Python itself still decides on the exit code."""
    inner = sys.excepthook

    def show(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> Any:
        own = _without_ours(traceback)
        inner(kind, error.with_traceback(own), own)

    sys.excepthook = show


def _without_ours(traceback: TracebackType | None) -> TracebackType | None:
    """The frames of the program and its libraries, without those that stand between it and Python, or behind a name."""
    kept = []
    while traceback is not None:
        if not _is_ours(traceback):
            kept.append(traceback)
        traceback = traceback.tb_next
    rest = None
    for one in reversed(kept):
        rest = TracebackType(rest, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return rest


def _is_ours(traceback: TracebackType) -> bool:
    frame = traceback.tb_frame
    here = frame.f_globals.get("__package__") == "gputensor.as_torch" or frame.f_globals.get("__name__") == "runpy"
    return here or frame.f_code.co_filename == "<frozen runpy>"
