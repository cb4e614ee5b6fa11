"""Calling modules with other parameters and buffers than their own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gputensor._tensor import Tensor
    from gputensor.nn.modules.module import Module

__all__ = ["functional_call"]


def functional_call(
    module: Module,
    parameters_and_buffers: dict[str, Tensor],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """``module(*args, **kwargs)`` with other tensors in the place of its parameters and buffers.

    Deprecated as in PyTorch, with a FutureWarning: use `gputensor.func.functional_call`, which says the rest.

    >>> import warnings
    >>> import gputensor as gt
    >>> layer = gt.nn.Linear(2, 1, bias=False)
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.utils.stateless.functional_call(layer, {"weight": gt.ones(1, 2)}, gt.tensor([3.0, 4.0]))
    tensor([7.])
    """
    warnings.warn(
        "gputensor.nn.utils.stateless.functional_call is deprecated; use gputensor.func.functional_call",
        FutureWarning,
        stacklevel=2,
    )
    call = () if args is None else args if isinstance(args, tuple) else (args,)
    with reparametrized(module, parameters_and_buffers, tie_weights, strict):
        return module(*call, **(kwargs or {}))


@contextmanager
def reparametrized(module: Any, given: dict[str, Any], tie_weights: bool, strict: bool) -> Iterator[None]:
    """Within the block the module has these tensors for those of its parameters and buffers that they name."""
    have = {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }
    wanted = dict(given)
    if tie_weights:
        for name, value in given.items():
            for other, tensor in have.items():
                if name in have and tensor is have[name] and other != name:
                    if other in given and given[other] is not value:
                        raise ValueError(
                            f"functional_call: {name!r} and {other!r} are one tensor in the module, but different "
                            "ones were given; pass tie_weights=False"
                        )
                    wanted[other] = value
    unexpected = [name for name in wanted if name not in have]
    if strict:
        missing = [name for name in have if name not in wanted]
        if missing or unexpected:
            raise RuntimeError(f"functional_call: missing names: {missing}; names that the module lacks: {unexpected}")
    places: list[tuple[dict[str, Any], str, Any]] = []
    for name, value in wanted.items():
        if name in unexpected:
            continue
        path, _, last = name.rpartition(".")
        owner = module.get_submodule(path)
        table = owner._parameters if last in owner._parameters else owner._buffers
        places.append((table, last, value))
    before = [(table, last, table[last]) for table, last, _ in places]
    try:
        for table, last, value in places:
            table[last] = value
        yield
    finally:
        for table, last, tensor in before:
            table[last] = tensor
