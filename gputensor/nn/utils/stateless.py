"""A module called with other tensors in the place of its parameters and buffers."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from gputensor._tensor import Tensor
from gputensor.errors import ArgumentError
from gputensor.nn.modules.module import Module


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
    that the module has under several names is replaced under all. strict: raise for missing and unexpected names.
    Warns (FutureWarning) as PyTorch does: `gputensor.func.functional_call` is the newer name. Raises RuntimeError for
    names that do not fit, ValueError for different tensors for one that has several names.

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
    places = {name: place for name, place in _places(module)}
    wanted = _tied(places, tensors) if tie_weights else dict(tensors)
    unexpected = [name for name in wanted if name not in places]
    missing = [name for name in places if name not in wanted] if strict else []
    if missing or unexpected:
        words = [
            f"{label} key(s): {names}." for label, names in (("Unexpected", unexpected), ("Missing", missing)) if names
        ]
        raise ArgumentError(f"Error(s) in reparametrizing for {module._get_name()}: {' '.join(words)}")
    before = {name: places[name][0][places[name][1]] for name in wanted}
    try:
        for name, value in wanted.items():
            table, key = places[name]
            table[key] = value
        yield
    finally:
        for name, value in before.items():
            table, key = places[name]
            if name in tensors:
                tensors[name] = table[key]
            table[key] = value


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
