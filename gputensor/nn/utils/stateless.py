"""A module called with other tensors in the place of its parameters and buffers."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from gputensor._tensor import Tensor
from gputensor.errors import ArgumentError
from gputensor.nn.modules.module import Module

__all__ = ["functional_call"]

_ABSENT: Any = object()  # there was no such name


def functional_call(
    module: Module,
    parameters_and_buffers: dict[str, Tensor],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """module(*args, **kwargs) with these tensors, by dotted name, in the place of its own.

    Afterwards the module is as it was; what it wrote into a buffer by assignment is in the dict. tie_weights: a tensor
    that the module has under several names is replaced under all. Other names are attributes during the call;
    strict: raise RuntimeError for these and for missing ones. Warns (FutureWarning) as PyTorch does:
    `gputensor.func.functional_call` is the newer name. Raises AttributeError for names in a module that is not there,
    TypeError for what is no Tensor, ValueError for different tensors for one that has several names.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.utils.stateless.functional_call(gt.nn.Linear(1, 1, bias=False), {"weight": gt.ones(1, 1)}, gt.ones(1))
    tensor([1.])
    """
    warnings.warn(
        "`nn.utils.stateless.functional_call` is deprecated; use `func.functional_call` instead.",
        FutureWarning,
        stacklevel=2,
    )
    return called_with(module, parameters_and_buffers, args, kwargs, tie_weights, strict)


def called_with(
    module: Module,
    parameters_and_buffers: dict[str, Tensor],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """`functional_call` without the warning.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import stateless
    >>> stateless.called_with(gt.nn.Linear(1, 1, bias=False), {"weight": gt.full((1, 1), 3.0)}, gt.ones(1))
    tensor([3.])
    """
    given = () if args is None else args if isinstance(args, tuple) else (args,)
    with replaced(module, parameters_and_buffers, tie_weights, strict):
        return module(*given, **(kwargs or {}))


@contextmanager
def replaced(
    module: Module, tensors: dict[str, Tensor], tie_weights: bool = True, strict: bool = False
) -> Generator[None, None, None]:
    """Within it, the module has these tensors in the place of its own.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import stateless
    >>> layer = gt.nn.Linear(1, 1, bias=False)
    >>> with stateless.replaced(layer, {"weight": gt.full((1, 1), 3.0)}):
    ...     layer.weight
    tensor([[3.]])
    """
    places = dict(_places(module))
    wanted = _tied(places, tensors) if tie_weights else dict(tensors)
    if strict:
        unexpected = [name for name in wanted if name not in places]
        missing = [name for name in places if name not in wanted]
        words = [
            f"{label} key(s): {names}." for label, names in (("Unexpected", unexpected), ("Missing", missing)) if names
        ]
        if words:
            raise ArgumentError(f"Error(s) in reparametrizing for {module._get_name()}: {' '.join(words)}")
    places.update({name: _new_place(module, name) for name in wanted if name not in places})
    for name, value in wanted.items():
        if not (value is None or isinstance(value, Tensor)):
            raise TypeError(f"functional_call: {name!r} must be a Tensor, got {type(value).__name__}")
    before = {name: places[name][0].get(places[name][1], _ABSENT) for name in wanted}
    try:
        for name, value in wanted.items():
            table, key = places[name]
            table[key] = value
        yield
    finally:
        for name, old in before.items():
            table, key = places[name]
            if name in tensors and key in table:
                tensors[name] = table[key]
            if old is _ABSENT:
                table.pop(key, None)
            else:
                table[key] = old


def _new_place(module: Module, name: str) -> tuple[dict[str, Any], str]:
    """Where a tensor goes that replaces no parameter and no buffer: the module has it as an attribute meanwhile."""
    path, _, key = name.rpartition(".")
    if not key:
        raise KeyError(f"functional_call: the name of a tensor is missing in {name!r}")
    child = module.get_submodule(path)
    for table in (child._parameters, child._buffers):
        if key in table:
            return table, key
    old = getattr(child, key, None)
    if not (old is None or isinstance(old, Tensor)):
        raise TypeError(f"functional_call: {name!r} is no tensor of the module, but {type(old).__name__}")
    return child.__dict__, key


def _places(module: Module) -> Generator[tuple[str, tuple[dict[str, Any], str]], None, None]:
    """Where every parameter and buffer is kept, by dotted name; shared ones come under all their names."""
    for path, child in module.named_modules(remove_duplicate=False):
        for table in (child._parameters, child._buffers):
            for key, value in table.items():
                if value is not None:
                    yield f"{path}.{key}" if path else key, (table, key)


def _tied(places: dict[str, Any], tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same tensors under all names of those that they replace."""
    names: dict[int, list[str]] = {}
    for name, (table, key) in places.items():
        names.setdefault(id(table[key]), []).append(name)
    wanted = dict(tensors)
    for same in names.values():
        given = [tensors[name] for name in same if name in tensors]
        if any([g is not given[0] for g in given]):
            raise ValueError(
                f"functional_call got multiple values for keys {sorted(same)}, which are tied. Consider using "
                "tie_weights=False"
            )
        if given:
            wanted.update(dict.fromkeys(same, given[0]))
    return wanted


def __dir__() -> list[str]:
    return __all__
