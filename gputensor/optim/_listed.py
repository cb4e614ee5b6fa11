"""The base of the optimizers whose formula runs over lists of arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import is_
from typing import Any

import numpy as np

from gputensor import _tensor_namespace
from gputensor._tensor import Tensor
from gputensor.core.explain import check_number, describe
from gputensor.core.modes import enable_grad
from gputensor.core.writes import touched_all
from gputensor.errors import DeviceError
from gputensor.nn.modules.gradients import with_gradients
from gputensor.optim._lists import Formula, Lists, Rates, new_states
from gputensor.optim._options import called
from gputensor.optim.optimizer import Optimizer

Group = dict[str, Any]

# what the options of a group usually are; a step looks closer at a group that holds anything else
_PLAIN = frozenset((float, int, bool, tuple, list, type(None)))


class ListedOptimizer(Optimizer):
    """An optimizer with one formula.

    A subclass gives `_update`, which prepares the states of parameters and calls `_run`.
    """

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters that have a gradient once; returns what closure, if there is one, returned.

        closure computes the loss and its gradients anew. Raises ValueError for a parameter whose memory is read-only.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = called(closure, self)
        jobs = []
        for k, group in enumerate(self.param_groups):
            params, grads = with_gradients(group["params"])
            if params:
                if not _PLAIN.issuperset(map(type, group.values())):
                    self._check_numbers(k, group)
                self._check(k, group, params)
                jobs.append((k, group, params, grads))
        # every group is checked before the first is changed: a step that fails changes nothing
        for job in jobs:
            self._update(*job)
        return loss

    def _check_numbers(self, k: int, group: Group) -> None:
        """Raise TypeError for an option of a group that was a number and is none any more."""
        for name, default in self.defaults.items():
            if isinstance(default, tuple) and isinstance(group[name], (tuple, list)):
                for n, value in enumerate(group[name]):
                    check_number("step", f"{name}[{n}] of group {k}", value)
            elif isinstance(default, (int, float, tuple)) and not isinstance(default, bool):
                check_number("step", f"{name} of group {k}", group[name])

    def _check(self, k: int, group: Group, params: Sequence[Tensor]) -> None:
        """Refuse parameters that cannot be written, or whose state is elsewhere; asked anew only where memory changed.

        Raises ValueError and DeviceError.
        """
        checked = self.__dict__.setdefault("_checked", {})
        arrays = [p.array for p in params]
        known = checked.get(k, ())
        if len(arrays) == len(known) and all(map(is_, arrays, known)):
            return
        for p in params:
            if not p.xp.writable(p.array):
                raise ValueError(
                    f"step: the memory of {_called(k, group, p)} is read-only or expanded and cannot be changed; make "
                    "the parameter from a clone()"
                )
            for name in self._state_names:
                t = self.state[p].get(name) if p in self.state else None
                if isinstance(t, Tensor) and t.xp is not p.xp:
                    raise DeviceError(
                        f"step: {_called(k, group, p)} has its state {name!r} on {t.device}; make the optimizer after "
                        "moving the model, or load its state_dict once more"
                    )
        checked[k] = arrays

    def _update(self, k: int, group: Group, params: Sequence[Tensor], grads: list[Any]) -> None:
        raise NotImplementedError

    def _lists(self, *key: Any) -> Lists:
        """What is remembered from step to step about one list of parameters."""
        kept = self.__dict__.setdefault("_kept", {})
        found = kept.get(key)
        if found is None:
            found = kept[key] = Lists()
        return found

    def _run(
        self,
        lists: Lists,
        params: Sequence[Tensor],
        grads: list[Any],
        states: Sequence[Sequence[Tensor]],
        formula: Formula,
        rates: Rates,
        differentiable: bool,
    ) -> None:
        """Run the formula in place; with differentiable over Tensors, which records it."""
        if differentiable:
            with enable_grad():
                for n, p in enumerate(params):
                    formula(_tensor_namespace, rates(None, None), p, p.grad, *[s[n] for s in states])
            return
        with np.errstate(all="ignore"):  # gradients may be infinite or NaN, silently as everywhere
            lists.run(grads, [[t.array for t in s] for s in states], formula, rates)
        touched_all(params, "optimizer.step")
        for s in states:
            touched_all(s, "optimizer.step")

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self.__dict__["_kept"] = {}
        self.__dict__["_checked"] = {}
        # tensors that were just loaded or copied belong to nobody else: lay them out as the first step does
        for group in self.param_groups:
            for name in self._state_names:
                known = [p for p in group["params"] if _like(self.state.get(p, {}).get(name), p)]
                for p, fresh in zip(known, new_states(known), strict=True):
                    fresh.xp.copy_into(fresh.array, self.state[p][name].array)
                    self.state[p][name] = fresh


def alike(
    keys: list[Any], params: Sequence[Tensor], grads: list[Any]
) -> Iterator[tuple[Any, Sequence[Tensor], list[Any]]]:
    """The parameters with their gradients in lists of equal key; nearly always there is one."""
    distinct = dict.fromkeys(keys)
    if len(distinct) == 1:
        yield keys[0], params, grads
        return
    for key in distinct:
        places = [k for k, other in enumerate(keys) if other == key]
        yield key, [params[k] for k in places], [grads[k] for k in places]


def _called(k: int, group: Group, p: Tensor) -> str:
    """A parameter in the words of a message: its name if it has one, and its place."""
    place = next(n for n, other in enumerate(group["params"]) if other is p)
    names = group.get("param_names")
    name = "" if names is None else f" {names[place]!r}"
    return f"parameter{name} {place} of group {k} ({describe(p)})"


def _like(value: Any, p: Tensor) -> bool:
    return isinstance(value, Tensor) and value.shape == p.shape and value.dtype == p.dtype and value.xp is p.xp
