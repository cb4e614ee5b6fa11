"""Reading the saved state of an optimizer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.dtypes import float32
from gputensor.errors import ShapeError

Group = dict[str, Any]


def loaded_groups(groups: Sequence[Group], saved: Sequence[Group]) -> tuple[list[Group], dict[Any, Tensor]]:
    """The saved groups with the parameters of `groups`, and the parameter of every saved number.

    Raises ValueError where they do not fit.
    """
    if len(groups) != len(saved):
        raise ValueError(
            f"loaded state dict has a different number of parameter groups: {len(saved)}, the optimizer has "
            f"{len(groups)}"
        )
    taken = []
    by_number: dict[Any, Tensor] = {}
    for k, (group, new) in enumerate(zip(groups, saved, strict=True)):
        if len(group["params"]) != len(new["params"]):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group: "
                f"group {k} has {len(new['params'])} parameters, the optimizer's has {len(group['params'])}"
            )
        by_number.update(zip(new["params"], group["params"], strict=True))
        made = deepcopy({key: value for key, value in new.items() if key != "params"})
        made["params"] = group["params"]
        if "param_names" in group:
            made.setdefault("param_names", group["param_names"])
        taken.append(made)
    return taken, by_number


def loaded_state(
    state: dict[Any, Any], by_number: dict[Any, Tensor], groups: Sequence[Group], shaped: Sequence[str] = ()
) -> defaultdict[Any, Any]:
    """A copy of the saved state, by parameter, with its tensors in the parameter's dtype and on its device.

    shaped: the states that have the shape of their parameter. Raises ShapeError where one has another shape.
    """
    made: defaultdict[Any, Any] = defaultdict(dict)
    for number, value in state.items():
        if number in by_number:
            _check_shapes(number, by_number[number], value, shaped)
            group = next(g for g in groups if number in g["params"])
            made[by_number[number]] = _fitted(by_number[number], value, group)
        else:
            made[number] = deepcopy(value)
    return made


def _check_shapes(number: Any, p: Tensor, value: Any, shaped: Sequence[str]) -> None:
    # steps over many parameters work on flat memory, where a longer state would be read shifted, without an error
    for name in shaped:
        held = value.get(name) if isinstance(value, dict) else None
        if isinstance(held, Tensor) and held.shape != p.shape:
            raise ShapeError(
                f"load_state_dict: {name} of parameter {number} has shape {tuple(held.shape)}, the parameter has "
                f"{tuple(p.shape)}; load the state of an optimizer over the same parameters"
            )


def _fitted(p: Tensor, value: Any, group: Group, key: Any = None) -> Any:
    if isinstance(value, Tensor):
        if key == "step":
            # a count: in a parameter's own float16 it would end at 2048
            kernel = group.get("capturable") or group.get("fused")
            out = value.to(dtype=float32, device=p.device) if kernel else value
        elif p.is_floating_point():
            out = value.to(dtype=p.dtype, device=p.device)
        else:
            out = value.to(device=p.device)
        return out.detach().clone()
    if isinstance(value, dict):
        return {k: _fitted(p, v, group, k) for k, v in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return type(value)([_fitted(p, v, group) for v in value])  # type: ignore[call-arg]  # a list, a tuple or a subclass of one
    return deepcopy(value)
