"""Containers of parameters: ParameterList, ParameterDict. Other objects may stand in them too."""

from __future__ import annotations

import operator
from collections import OrderedDict
from collections.abc import Iterable, Iterator, KeysView, Mapping
from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.nn.modules.container import pairs
from gputensor.nn.modules.module import Module
from gputensor.nn.parameter import Parameter

P = TypeVar("P", bound="ParameterList")
D = TypeVar("D", bound="ParameterDict")


class ParameterList(Module):
    """A list of parameters that are registered; tensors become Parameters, other objects stay what they are.

    >>> import gputensor as gt
    >>> gt.nn.ParameterList([gt.ones(2, 3), gt.zeros(1)])
    ParameterList(
        (0): Parameter containing: [gputensor.float32 of size 2x3]
        (1): Parameter containing: [gputensor.float32 of size 1]
    )
    """

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        super().__init__()
        self._size = 0
        if values is not None:
            self.extend(values)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Any]:
        return iter([self[k] for k in range(len(self))])

    def __getitem__(self, idx: int | slice) -> Any:
        if isinstance(idx, slice):
            return type(self)([self[k] for k in range(*idx.indices(len(self)))])
        return getattr(self, self._name_at(idx))

    def __setitem__(self, idx: int, param: Any) -> None:
        setattr(self, self._name_at(idx), _as_parameter(param))

    def _name_at(self, index: Any) -> str:
        k = operator.index(index)
        if not -self._size <= k < self._size:
            raise IndexError(f"index {k} is out of range for {self._size} parameters")
        return str(k % self._size)

    def __iadd__(self: P, parameters: Iterable[Any]) -> P:
        return self.extend(parameters)

    def append(self: P, value: Any) -> P:
        """Add a value at the end; returns the container."""
        setattr(self, str(self._size), _as_parameter(value))
        self._size += 1
        return self

    def extend(self: P, values: Iterable[Any]) -> P:
        """Add values at the end; returns the container.

        Raises TypeError for what cannot be iterated, and for a Tensor.
        """
        if not isinstance(values, Iterable) or isinstance(values, Tensor):
            raise TypeError(f"ParameterList.extend should be called with an iterable, but got {type(values).__name__}")
        for value in list(values):
            self.append(value)
        return self

    def extra_repr(self) -> str:
        return "\n".join(
            [
                f"  ({k}): {_in_words(value, value_type)}"
                for k, value, value_type in _typed(enumerate(self), by_dtype=True)
            ]
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("ParameterList should not be called.")


class ParameterDict(Module):
    """A dict of parameters that are registered; tensors become Parameters, other objects stay what they are.

    >>> import gputensor as gt
    >>> gt.nn.ParameterDict({"scale": gt.ones(2), "shift": gt.zeros(2)})
    ParameterDict(
        (scale): Parameter containing: [gputensor.FloatTensor of size 2]
        (shift): Parameter containing: [gputensor.FloatTensor of size 2]
    )
    """

    def __init__(self, parameters: Any = None) -> None:
        super().__init__()
        self._keys: dict[str, None] = {}
        if parameters is not None:
            self.update(parameters)

    def __getitem__(self, key: str) -> Any:
        return getattr(self, _checked(key))

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self, _checked(key), _as_parameter(value))
        self._keys[key] = None

    def __delitem__(self, key: str) -> None:
        del self._keys[_checked(key)]
        delattr(self, key)

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def copy(self) -> ParameterDict:
        """A new ParameterDict with the same values."""
        return ParameterDict(list(self.items()))

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The value under `key`; `default`, put there first, where there was none."""
        if key not in self:
            self[key] = default
        return self[key]

    def clear(self) -> None:
        """Remove all values."""
        for key in list(self._keys):
            del self[key]

    def pop(self, key: str) -> Any:
        """Remove and return the value under `key`."""
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[str, Any]:
        """Remove and return the last (key, value). Raises KeyError where there is none."""
        if not self._keys:
            raise KeyError("popitem: the ParameterDict is empty")
        key = next(reversed(self._keys))
        return key, self.pop(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The value under `key`, or `default`."""
        return self[key] if key in self._keys else default

    def fromkeys(self, keys: Iterable[str], default: Any = None) -> ParameterDict:
        """A new ParameterDict with `default` under every key."""
        return ParameterDict([(key, default) for key in keys])

    def keys(self) -> KeysView[str]:
        """The keys."""
        return self._keys.keys()

    def items(self) -> Iterable[tuple[str, Any]]:
        """The pairs of key and value."""
        return [(key, self[key]) for key in self._keys]

    def values(self) -> Iterable[Any]:
        """The values."""
        return [self[key] for key in self._keys]

    def update(self, parameters: Any) -> None:
        """Add or replace values from a mapping or pairs; a plain dict comes in the order of its keys, as in PyTorch."""
        found = pairs("ParameterDict", parameters)
        if isinstance(parameters, Mapping) and not isinstance(parameters, OrderedDict):
            found = sorted(found, key=lambda pair: pair[0])
        for key, value in found:
            self[key] = value

    def extra_repr(self) -> str:
        return "\n".join(
            [
                f"  ({k}): {_in_words(value, value_type)}"
                for k, value, value_type in _typed(self.items(), by_dtype=False)
            ]
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("ParameterDict should not be called.")

    def __or__(self, other: Any) -> ParameterDict:
        both = self.copy()
        both.update(other)
        return both

    def __ror__(self, other: Any) -> ParameterDict:
        both = ParameterDict(other)
        both.update(self)
        return both

    def __ior__(self: D, other: Any) -> D:
        self.update(other)
        return self


def _as_parameter(value: Any) -> Any:
    return Parameter(value) if isinstance(value, Tensor) and not isinstance(value, Parameter) else value


def _checked(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(
            "Index given to ParameterDict cannot be used as a key as it is not a string (type is "
            f"'{type(key).__name__}')."
        )
    return key


def _typed(items: Iterable[tuple[Any, Any]], by_dtype: bool) -> Iterator[tuple[Any, Any, Any]]:
    for key, value in items:
        yield key, value, (value.dtype if by_dtype else value.type()) if isinstance(value, Tensor) else None


def _in_words(value: Any, value_type: Any) -> str:
    if not isinstance(value, Tensor):
        return f"Object of type: {type(value).__name__}"
    size = "x".join([str(n) for n in value.shape])
    where = f" ({value.device})" if value.is_cuda else ""
    return (
        f"{'Parameter' if isinstance(value, Parameter) else 'Tensor'} containing: [{value_type} of size {size}{where}]"
    )
