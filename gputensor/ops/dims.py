"""Arguments made canonical: dims, shapes and sizes as the rules see them, with errors in the user's words."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from gputensor.core.explain import remedy
from gputensor.errors import ShapeError

Dim = int | Sequence[int] | None


def checked(name: str, x: Any) -> Any:
    """x itself; raises TypeError where it is no tensor."""
    if not hasattr(x, "array"):
        raise TypeError(f"{name}: expected a Tensor, got {type(x).__name__}; {remedy(x)}")
    return x


def array_of(name: str, x: Any, what: str = "input") -> Any:
    """The array of a Tensor argument. Raises TypeError for anything else."""
    try:
        return x.array
    except AttributeError:
        text = repr(x)
        shown = text if len(text) <= 40 else text[:37] + "…"
        raise TypeError(f"{name}: {what} must be a Tensor, got {type(x).__name__} {shown}; {remedy(x)}") from None


# Default of an argument that has none: it lets axis=, given by name, stand for a dim before it. What is missing is then
# refused as None is.
NEEDED: Any = None


# Default of an axis beside a dim that has another default than None: a None that was given is refused.
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "None", "__slots__": ()})()


def numpy_names(name: str, dim: Any, keepdim: Any, axis: Any, keepdims: Any) -> tuple[Any, Any]:
    """dim and keepdim, where NumPy's names for them were used. Raises TypeError where both names were."""
    if axis is not None and axis is not ABSENT:
        if dim is not None:
            raise TypeError(f"{name}: dim and axis are two names of one argument; give one of them")
        dim = axis
    if keepdims is not None:
        if keepdim is not False:
            raise TypeError(f"{name}: keepdim and keepdims are two names of one argument; give one of them")
        keepdim = keepdims
    return dim, keepdim


def numpy_dim(name: str, dim: Any, axis: Any, default: Any = None) -> Any:
    """dim, where NumPy's axis was used in its place. Raises TypeError where both names were, and where axis is None,
    with which NumPy flattens: the name alone does not make that of an operation."""
    if axis is None:
        raise TypeError(f"{name}: axis must be a dim, got None; flatten() the tensor first")
    if dim is not default and dim != default:
        raise TypeError(f"{name}: dim and axis are two names of one argument; give one of them")
    return axis


def check_keepdim(name: str, keepdim: Any) -> None:
    """Raise TypeError for a keepdim that is no bool: ``x.sum(0, 1)`` does not mean two dims."""
    if keepdim is not True and keepdim is not False:
        raise TypeError(f"{name}: keepdim must be a bool, got {keepdim!r}; several dims are given as a tuple")


def one_int(name: str, argument: str, value: Any) -> int:
    """value as an int. Raises TypeError naming the argument."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name}: {argument} must be an int, got {type(value).__name__} {value!r}") from None


def one_dim(name: str, dim: Any, ndim: int, shape: Sequence[int] = ()) -> int:
    """dim as a non-negative int. A 0-d tensor has one dim, 0 or -1, as in PyTorch."""
    try:
        # True is an int for Python; as a dim it is a keepdim in the wrong place
        if dim is True or dim is False:
            raise TypeError
        k = operator.index(dim)
    except TypeError:
        raise TypeError(f"{name}: dim must be an int, got {type(dim).__name__} {dim!r}") from None
    n = max(ndim, 1)
    if not -n <= k < n:
        raise DimError(f"{name}: dim {k} is out of range for x of shape {tuple(shape)}; use {-n} <= dim < {n}")
    return k % n


def many_dims(name: str, dim: Dim, ndim: int, shape: Sequence[int] = ()) -> tuple[int, ...] | None:
    """dims as sorted non-negative ints, None for all. Raises DimError out of range, ShapeError for one twice."""
    if dim is None:
        return None
    if not isinstance(dim, (tuple, list)):
        dims: tuple[int, ...] = (one_dim(name, dim, ndim, shape),)
    else:
        dims = tuple([one_dim(name, d, ndim, shape) for d in dim])
        if len(set(dims)) != len(dims):
            raise DuplicateDimError(f"{name}: dim {dim} names one dim twice")
        if not dims:
            return None
    return () if ndim == 0 else tuple(sorted(dims))


def sizes(name: str, shape: Sequence[Any]) -> tuple[int, ...]:
    """Sizes given as ``f(2, 3)``, ``f((2, 3))`` or ``f([2, 3])`` as a tuple of ints."""
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    try:
        return tuple([operator.index(n) for n in shape])
    except TypeError:
        raise TypeError(f"{name}: sizes must be ints, got {tuple(shape)!r}") from None


def listed(name: str, argument: str, given: Any) -> tuple[Any, ...]:
    """Sizes or dims given as one tuple or list."""
    if not isinstance(given, (tuple, list)):
        raise TypeError(f"{name}: {argument} must be a tuple of ints, got {type(given).__name__} {given!r:.40}")
    return tuple(given)


def several(name: str, argument: str, given: Any) -> tuple[Any, ...]:
    """Tensors, dims or sizes given as one tuple, list or other iterable. Raises TypeError naming the argument."""
    try:
        return tuple(given)
    except TypeError:
        shown = f"{type(given).__name__} {given!r:.40}"
        raise TypeError(f"{name}: {argument} must be a tuple or a list, got {shown}") from None


def spread(name: str, argument: str, given: tuple[Any, ...], named: Any) -> tuple[Any, ...]:
    """Sizes or dims given as ``x.f(2, 3)``, ``x.f((2, 3))`` or by their name, ``x.f(size=(2, 3))``."""
    if named is not None:
        if given:
            raise TypeError(f"{name}: {argument} was given twice")
        return listed(name, argument, named)
    if len(given) == 1 and isinstance(given[0], (tuple, list)):
        return tuple(given[0])
    if not given:
        raise TypeError(f"{name}: {argument} is missing; give ints or one tuple of ints")
    return given


class DimError(ShapeError, IndexError):
    """A dim out of range. Also an IndexError, because programs written for PyTorch catch that one."""


class DuplicateDimError(ShapeError):
    """A dim named twice."""
