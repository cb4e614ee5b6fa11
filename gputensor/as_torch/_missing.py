"""What happens to a name that gputensor has not: an error that says who wanted it, or under --report a placeholder."""

from __future__ import annotations

import difflib
import dis
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

from gputensor.as_torch import _aliases
from gputensor.errors import MissingError
from gputensor.ops import left_out

if TYPE_CHECKING:
    from gputensor.as_torch._report import Report

# what reads a name; hasattr and getattr are calls of the program, which ask whether there is such a name
WANTS = ("LOAD_ATTR", "LOAD_METHOD", "IMPORT_FROM")
_HERE = str(Path(__file__).parent)
_PACKAGE = str(Path(__file__).parents[1] / "_").removesuffix("_")
_METHODS = left_out.__file__


class MissingImportError(ImportError):
    """``from torch import name``, where PyTorch has the name, or may have it, and gputensor has not."""


class MissingModuleError(ModuleNotFoundError):
    """``import torch.module``, where gputensor has no such module; or a package that needs the real torch."""


class Place(NamedTuple):
    """Where in the program a name was wanted, and by which instruction."""

    file: str
    line: int
    instruction: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def wanted() -> tuple[Place, bool]:
    """The line of the program that is being run, and whether it is `from package import …` that looks for a module."""
    frame: FrameType | None = sys._getframe(1)
    from_list = False
    while frame is not None and _is_machinery(frame):
        from_list = from_list or frame.f_code.co_name == "_handle_fromlist"
        frame = frame.f_back
    if frame is None:
        return Place("an unknown place", 0, ""), from_list
    at = frame.f_lasti
    instruction = dis.opname[frame.f_code.co_code[at]] if at >= 0 else ""
    return Place(frame.f_code.co_filename, frame.f_lineno, instruction), from_list


def _is_machinery(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return name.startswith(("<frozen importlib", _HERE, _METHODS)) or name.endswith(
        ("importlib/__init__.py", "importlib\\__init__.py")
    )


def sentence(name: str, place: Place) -> str:
    """What an error says of a missing name."""
    why = _aliases.reason(name)
    return f"{name} does not exist in gputensor{'' if why is None else ': ' + why} (wanted at {place})"


def error(module: str, name: str, place: Place, owner: Any) -> Exception:
    """The error for `module.name`, of the kind that the instruction at `place` should meet."""
    text = sentence(f"{module}.{name}", place)
    if place.instruction in WANTS and _aliases.reason(f"{module}.{name}") is None:
        near = difflib.get_close_matches(name, dir(owner), n=1)
        text += f"; did you mean {near[0]}?" if near else ""
    if place.instruction == "IMPORT_FROM":
        return MissingImportError(text, name=module)
    return MissingError(text, name=name, obj=None)  # with the object, newer Pythons would add a second suggestion


def method(report: Report | None, name: str) -> Any:
    """What asking a tensor for a method that is left out gives."""
    full, (place, _) = f"torch.Tensor.{name}", wanted()
    if report is None or place.instruction not in WANTS:
        raise MissingError(sentence(full, place))
    report.miss(full, place)
    return placeholder(full)


def list_attributes(tensor: Any, report: Report) -> None:
    """Let the report list what a program asks of tensors and no tensor has; a program without a report pays nothing."""

    def __getattr__(self: Any, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        place = wanted()[0]
        if _aliases.reason(f"torch.Tensor.{name}") is not None:
            return method(report, name)  # the error of the name itself led here
        if place.instruction not in WANTS or place.file.startswith(_PACKAGE):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
        full = f"torch.Tensor.{name}"
        report.miss(full, place)
        return placeholder(full)

    tensor.__getattr__ = __getattr__


class _Placeholder(type):
    """The type of placeholders. They are classes, so that programs can derive from them and ask isinstance."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return placeholder(f"{cls.__qualname__}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise MissingError(sentence(_first_name(cls), wanted()[0]))

    def __instancecheck__(cls, x: object) -> bool:
        return False

    def __repr__(cls) -> str:
        return f"<{_first_name(cls)}, which gputensor has not>"


def _first_name(cls: type) -> str:
    """A class of the program that derives from a placeholder is missing for the placeholder's sake."""
    return next(one.__qualname__ for one in cls.__mro__ if one.__module__ == __name__)


def placeholder(name: str) -> Any:
    """What --report gives for a missing name: an object that is no instance of anything, and raises when called."""
    return _Placeholder(name, (), {"__module__": __name__, "__qualname__": name})
