"""The names by which Python's own errors call methods."""

from __future__ import annotations

from types import FunctionType


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
