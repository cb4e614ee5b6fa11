"""Modules as functions of their parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.core.explain import describe
from gputensor.nn.modules.batchnorm import _BatchNorm
from gputensor.nn.modules.module import Module
from gputensor.nn.utils._arguments import check_module
from gputensor.nn.utils.stateless import replaced
from gputensor.ops.joining import stack

F = TypeVar("F", bound=Callable[..., Any])


def functional_call(
    module: Module,
    parameter_and_buffer_dicts: dict[str, Tensor] | Sequence[dict[str, Tensor]],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """``module(*args, **kwargs)`` with other tensors in the place of its parameters and buffers.

    parameter_and_buffer_dicts: tensors by dotted name, in one dict or several; what is not named stays. args: a tuple,
    or the only argument. tie_weights: what shares memory in the module also takes one given tensor for all its names.
    Names that the module does not have are its attributes during the call; strict: raise RuntimeError for these and for
    names that are missing. The module is as before afterwards; what its forward assigns anew is in the dict, if a
    single one was given. Raises ValueError for several tensors in the place of one, AttributeError for names in a
    module that is not there, TypeError for what is no Tensor.

    >>> import gputensor as gt
    >>> layer = gt.nn.Linear(2, 1, bias=False)
    >>> gt.func.functional_call(layer, {"weight": gt.ones(1, 2)}, gt.tensor([3.0, 4.0]))
    tensor([7.])
    """
    check_module("functional_call", module)
    if isinstance(parameter_and_buffer_dicts, dict):
        given = parameter_and_buffer_dicts
    elif isinstance(parameter_and_buffer_dicts, Sequence):
        given = {}
        for part in parameter_and_buffer_dicts:
            if not isinstance(part, dict):
                raise ValueError(f"functional_call: expected dicts, got {type(part).__name__}")
            twice = [k for k in part if k in given]
            if twice:
                raise ValueError(f"functional_call: {twice[0]!r} appears in several dicts")
            given = {**given, **part}
    else:
        raise ValueError(
            "functional_call: parameter_and_buffer_dicts must be a dict or a sequence of dicts, got "
            f"{type(parameter_and_buffer_dicts).__name__}"
        )
    call = () if args is None else args if isinstance(args, tuple) else (args,)
    with replaced(module, given, tie_weights, strict):
        return module(*call, **(kwargs or {}))


def stack_module_state(models: Sequence[Module] | Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters and the buffers of several modules of one kind, stacked: (parameters, buffers), dicts by name.

    Each tensor has a new dim 0 over the models, for `vmap` over `functional_call`; the parameters are leaves that
    require grad. Raises RuntimeError without models, for models of different classes or in different modes.

    >>> import gputensor as gt
    >>> params, buffers = gt.func.stack_module_state([gt.nn.Linear(2, 3) for _ in range(4)])
    >>> params["weight"].shape, buffers
    (gputensor.Size([4, 3, 2]), {})
    """
    if not isinstance(models, Iterable):
        raise TypeError(f"stack_module_state: models must be several Modules, got {describe(models)}; use a list")
    models = list(models)
    for k, model in enumerate(models):
        check_module("stack_module_state", model, f"models[{k}]")
    if not models:
        raise RuntimeError("stack_module_state: at least one model is needed, got none")
    if len({m.training for m in models}) > 1:
        raise RuntimeError("stack_module_state: all models must be in the same mode, train or eval")
    if len({type(m) for m in models}) > 1:
        raise RuntimeError("stack_module_state: all models must be of one class")
    params = _stacked([dict(m.named_parameters()) for m in models])
    buffers = _stacked([dict(m.named_buffers()) for m in models])
    return params, buffers


def _stacked(states: list[dict[str, Any]]) -> dict[str, Any]:
    out = {}
    for name, first in states[0].items():
        parts = [s[name] for s in states]
        needed = {p.requires_grad for p in parts}
        if len(needed) > 1:
            raise RuntimeError(f"stack_module_state: {name!r} must require grad in all models or in none")
        out[name] = stack([p.detach() for p in parts]).requires_grad_(first.requires_grad)
    return out


def replace_all_batch_norm_modules_(root: Module) -> Module:
    """Let all batch normalizations of a module forget their running statistics, in place; returns the module.

    In training these are written, and under `vmap` every example would have to write the one tensor that all share.

    >>> import gputensor as gt
    >>> gt.func.replace_all_batch_norm_modules_(gt.nn.BatchNorm1d(2)).running_mean is None
    True
    """
    check_module("replace_all_batch_norm_modules_", root, "root")
    for module in root.modules():
        if isinstance(module, _BatchNorm):
            module.running_mean = module.running_var = module.num_batches_tracked = None
            module.track_running_stats = False
    return root


def functionalize(func: F, *, remove: str = "mutations") -> F:
    """`func` itself: in-place operations and views need no rewriting here, as nothing is traced.

    Unlike torch: an identity, since gradients and vmap follow writes through views as they are. remove: "mutations" or
    "mutations_and_views", without effect; ValueError otherwise.

    >>> import gputensor as gt
    >>> gt.func.functionalize(gt.sin)(gt.tensor(0.0))
    tensor(0.)
    """
    if remove not in ("mutations", "mutations_and_views"):
        raise RuntimeError(f"functionalize: remove must be 'mutations' or 'mutations_and_views', got {remove!r}")
    return func
