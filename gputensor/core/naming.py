"""The names that the package's things go by, in print and in Python's own errors."""

from __future__ import annotations

from types import FunctionType

# a list, so that gputensor.as_torch can put "torch" there: its programs print these names and compare them with strings
_package = ["gputensor"]


def full_name(name: str) -> str:
    """What the thing `name` of the top level prints itself as: ``gputensor.float32``."""
    return f"{_package[0]}.{name}"


def print_as(package: str, modules: dict[type, str]) -> None:
    """Let things print themselves as those of another package, and classes as those of its modules.

    `repr` of a class and ``__module__`` of it are meant: programs look there for ``torch``.
    """
    _package[0] = package
    for cls, module in modules.items():
        cls.__module__ = module


def claim_methods(cls: type) -> None:
    """Let the methods that `cls` has from the classes it is joined of bear its name.

    ``Tensor.transpose() missing 1 required positional argument`` names the class that users know; the family that the
    method was written in is none of their business.
    """
    for part in cls.__mro__[1:-1]:
        for method in vars(part).values():
            if isinstance(method, FunctionType) and method.__qualname__ == f"{part.__qualname__}.{method.__name__}":
                # pickle finds a function by both names
                method.__module__ = cls.__module__
                method.__qualname__ = f"{cls.__qualname__}.{method.__name__}"
