"""Containers of modules: Sequential, ModuleList, ModuleDict."""

from __future__ import annotations

import operator
import warnings
from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar, overload

from gputensor.nn.modules.module import Module, indented

S = TypeVar("S", bound="Sequential")
L = TypeVar("L", bound="ModuleList")


class Sequential(Module):
    """Modules one after the other: the output of each is the input of the next.

    Takes the modules, or one OrderedDict of them by name. Has what a list has: indexing, slices, append, insert,
    extend, pop, ``+`` and ``*`` (which repeats the same modules).

    >>> import gputensor as gt
    >>> gt.nn.Sequential(gt.nn.Identity(), gt.nn.Identity())
    Sequential(
      (0): Identity()
      (1): Identity()
    )
    """

    _modules: dict[str, Module]  # type: ignore[assignment]  # no child of a container is None

    @overload
    def __init__(self, *args: Module) -> None: ...
    @overload
    def __init__(self, arg: OrderedDict[str, Module], /) -> None: ...
    def __init__(self, *args: Any) -> None:
        super().__init__()
        named = args[0].items() if len(args) == 1 and isinstance(args[0], OrderedDict) else _numbered(args)
        for name, module in named:
            self.add_module(name, module)

    def forward(self, input: Any) -> Any:
        for module in self._modules.values():
            input = module(input)
        return input

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    @overload
    def __getitem__(self, idx: int) -> Module: ...
    @overload
    def __getitem__(self: S, idx: slice) -> S: ...
    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, slice):
            return type(self)(OrderedDict(list(self._modules.items())[idx]))
        return self._modules[_name_at(self, idx)]

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, _name_at(self, idx), module)

    def __delitem__(self, idx: int | slice) -> None:
        _delete(self, idx)

    def __add__(self, other: Sequential) -> Sequential:
        return Sequential(*self, *_sequential(other))

    def __iadd__(self: S, other: Sequential) -> S:
        return self.extend(list(_sequential(other)))

    def __mul__(self, other: int) -> Sequential:
        return Sequential(*list(self) * _times(self, other))

    def __rmul__(self, other: int) -> Sequential:
        return self * other

    def __imul__(self: S, other: int) -> S:
        return self.extend(list(self) * (_times(self, other) - 1))

    def append(self: S, module: Module) -> S:
        """Add a module at the end; returns the container."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self: S, sequential: Iterable[Module]) -> S:
        """Add modules at the end; returns the container."""
        for module in sequential:
            self.append(module)
        return self

    def insert(self: S, index: int, module: Module) -> S:
        """Add a module before the one at `index` and number all anew; returns the container.

        Raises IndexError out of range.
        """
        if not isinstance(module, Module):
            raise TypeError(f"Sequential.insert: expected a Module, got {type(module).__name__}")
        if not -len(self) <= index <= len(self):
            raise IndexError(f"Index out of range: {index}")
        _insert(self, index, module)
        return self

    def pop(self, key: int | slice) -> Module:
        """Remove and return the module at an index, or several by a slice."""
        found = self[key]
        del self[key]
        return found


class ModuleList(Module):
    """A list of modules that are registered. It computes nothing itself.

    >>> import gputensor as gt
    >>> gt.nn.ModuleList([gt.nn.Identity() for _ in range(3)])
    ModuleList(
      (0-2): 3 x Identity()
    )
    """

    _modules: dict[str, Module]  # type: ignore[assignment]  # no child of a container is None

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._modules.values())

    @overload
    def __getitem__(self, idx: int) -> Module: ...
    @overload
    def __getitem__(self: L, idx: slice) -> L: ...
    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, slice):
            return type(self)(list(self._modules.values())[idx])
        return self._modules[_name_at(self, idx)]

    def __setitem__(self, idx: int, module: Module) -> None:
        setattr(self, _name_at(self, idx), module)

    def __delitem__(self, idx: int | slice) -> None:
        _delete(self, idx)

    def __add__(self, other: Iterable[Module]) -> ModuleList:
        return ModuleList([*self, *other])

    def __iadd__(self: L, modules: Iterable[Module]) -> L:
        return self.extend(modules)

    def append(self: L, module: Module) -> L:
        """Add a module at the end; returns the container."""
        self.add_module(str(len(self)), module)
        return self

    def extend(self: L, modules: Iterable[Module]) -> L:
        """Add modules at the end; returns the container. Raises TypeError for what cannot be iterated."""
        if not isinstance(modules, Iterable):
            raise TypeError(f"ModuleList.extend should be called with an iterable, but got {type(modules).__name__}")
        for module in list(modules):
            self.append(module)
        return self

    def insert(self, index: int, module: Module) -> None:
        """Add a module before the one at `index`, as a list does."""
        if not isinstance(module, Module):
            raise TypeError(f"ModuleList.insert: expected a Module, got {type(module).__name__}")
        _insert(self, index, module)

    def pop(self, key: int | slice) -> Module:
        """Remove and return the module at an index, or several by a slice."""
        found = self[key]
        del self[key]
        return found

    def __repr__(self) -> str:
        texts = [repr(module) for module in self]
        if not texts:
            return f"{self._get_name()}()"
        lines = []
        first = 0
        for k, text in enumerate(texts):
            if k + 1 < len(texts) and texts[k + 1] == text:
                continue
            count = k + 1 - first
            place = f"({first}): " if count == 1 else f"({first}-{k}): {count} x "
            lines.append(place + indented(text))
            first = k + 1
        return f"{self._get_name()}(\n  " + "\n  ".join(lines) + "\n)"


class ModuleDict(Module):
    """A dict of modules that are registered, in the order in which they came. It computes nothing itself.

    >>> import gputensor as gt
    >>> heads = gt.nn.ModuleDict({"a": gt.nn.Identity()})
    >>> heads["b"] = gt.nn.Identity()
    >>> list(heads)
    ['a', 'b']
    """

    _modules: dict[str, Module]  # type: ignore[assignment]  # no child of a container is None

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] | None = None) -> None:
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Module:
        return self._modules[key]

    def __setitem__(self, key: str, module: Module) -> None:
        self.add_module(key, module)

    def __delitem__(self, key: str) -> None:
        del self._modules[key]

    def __len__(self) -> int:
        return len(self._modules)

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __contains__(self, key: object) -> bool:
        return key in self._modules

    def clear(self) -> None:
        """Remove all modules."""
        self._modules.clear()

    def pop(self, key: str) -> Module:
        """Remove and return the module under `key`."""
        return self._modules.pop(key)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._modules.keys()

    def items(self) -> ItemsView[str, Module]:
        """The pairs of name and module."""
        return self._modules.items()

    def values(self) -> ValuesView[Module]:
        """The modules."""
        return self._modules.values()

    def update(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]]) -> None:
        """Add or replace modules from a mapping or from pairs. Raises TypeError or ValueError for anything else."""
        for name, module in pairs("ModuleDict", modules):
            self[name] = module


def pairs(owner: str, given: Any) -> list[tuple[Any, Any]]:
    """The items of a mapping, or the pairs of an iterable; all are checked before any is used."""
    if isinstance(given, (Mapping, Module)) and hasattr(given, "items"):
        return list(given.items())
    if not isinstance(given, Iterable):
        raise TypeError(
            f"{owner}.update should be called with an iterable of key/value pairs, but got {type(given).__name__}"
        )
    found = []
    for k, pair in enumerate(given):
        if not isinstance(pair, Iterable):
            raise TypeError(f"{owner} update sequence element #{k} should be Iterable; is {type(pair).__name__}")
        both = tuple(pair)
        if len(both) != 2:
            raise ValueError(f"{owner} update sequence element #{k} has length {len(both)}; 2 is required")
        found.append(both)
    return found


def _numbered(modules: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(str(k), module) for k, module in enumerate(modules)]


def _name_at(container: Any, index: Any) -> str:
    k, size = operator.index(index), len(container)
    if not -size <= k < size:
        raise IndexError(f"index {k} is out of range for {size} modules")
    return list(container._modules)[k]


def _delete(container: Any, index: int | slice) -> None:
    """Remove one or several modules and number the rest anew."""
    names = list(container._modules)[index] if isinstance(index, slice) else [_name_at(container, index)]
    kept = [module for name, module in container._modules.items() if name not in names]
    container._modules = dict(_numbered(kept))


def _insert(container: Any, index: int, module: Module) -> None:
    modules = list(container._modules.values())
    modules.insert(index, module)
    container._modules = dict(_numbered(modules))


def _sequential(other: Any) -> Sequential:
    if not isinstance(other, Sequential):
        raise ValueError(f"add operator supports only objects of Sequential class, but {type(other)} is given.")
    return other


def _times(container: Any, count: Any) -> int:
    if not isinstance(count, int):
        raise TypeError(f"unsupported operand type(s) for *: {type(container)} and {type(count)}")
    if count <= 0:
        raise ValueError(f"Non-positive multiplication factor {count} for {type(container)}")
    return count


class Container(Module):
    """A module of the modules given by name, with a warning; `Module` itself does the same.

    >>> import gputensor as gt, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     list(dict(gt.nn.Container(first=gt.nn.ReLU()).named_children()))
    ['first']
    """

    def __init__(self, **kwargs: Any) -> None:
        warnings.warn("Container: the name is outdated; make a Module", FutureWarning, stacklevel=2)
        super().__init__()
        for name, module in kwargs.items():
            self.add_module(name, module)
