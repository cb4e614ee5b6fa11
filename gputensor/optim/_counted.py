"""The base of the optimizers whose rates depend on the number of the step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core import apply as _apply
from gputensor.core.dtypes import float32, float64, get_default_dtype
from gputensor.core.explain import describe
from gputensor.ops.creation import tensor
from gputensor.optim._listed import Group, ListedOptimizer, alike
from gputensor.optim._lists import Formula, new_states
from gputensor.optim._options import check_flags, number


class CountedOptimizer(ListedOptimizer):
    """An optimizer that counts the steps of every parameter in ``state["step"]``.

    A subclass gives `_formula`, in place over (xp, rates, parameter, gradient, states …), `_rates`, and `_state_names`,
    or `_names` where the options decide which states there are.
    """

    _formula: Formula

    def _names(self, group: Group) -> tuple[str, ...]:
        """The states of the parameters' shape that the formula takes, in its order."""
        return self._state_names

    def _first(self, group: Group, name: str) -> float:
        """What a state holds before the first step."""
        return 0.0

    def _key(self, group: Group, state: dict[str, Any]) -> Any:
        """What the rates depend on; parameters of equal key are worked on together. By default the step's number."""
        return state["step"].array.item() + 1

    def _advance(self, group: Group, key: Any, states: Sequence[dict[str, Any]]) -> None:
        """Note in the states that this step is done."""
        for s in states:
            s["step"].array[...] = key

    def _rates(self, group: Group, key: Any, xp: Any, dtype: Any) -> Any:
        """The options of a group at one step: numbers, 0-d arrays or tensors."""
        raise NotImplementedError

    def _begin(self, group: Group, params: list[Tensor]) -> None:
        """The state before the first step."""
        for p in params:
            self.state[p]["step"] = count(p, group, 0.0)
        for name in self._names(group):
            first = self._first(group, name)
            for p, fresh in zip(params, new_states(params), strict=True):
                if first:
                    fill(fresh, first)
                self.state[p][name] = fresh

    def _update(self, k: int, group: Group, params: Sequence[Tensor], grads: list[Any]) -> None:
        states = [self.state[p] for p in params]
        new = [p for p, s in zip(params, states, strict=True) if not s]
        if new:
            self._begin(group, new)
        names = self._names(group)
        keys = [self._key(group, s) for s in states]
        for j, (key, some, their_grads) in enumerate(alike(keys, params, grads)):
            lists = self._lists(k, j)
            lists.prepare(some)
            theirs = states if some is params else [self.state[p] for p in some]
            if _apply.SEVERAL and (group["capturable"] or group.get("fused")):
                # the counts are on the GPUs of the parameters
                for s in theirs:
                    _apply.on_its_device(s["step"].xp, self._advance, group, key, [s])
            else:
                self._advance(group, key, theirs)
            arrays = [[s[name] for s in theirs] for name in names]
            rates = partial(self._rates, group, key)
            self._run(lists, some, their_grads, arrays, self._formula, rates, group["differentiable"])

    def _check_loaded(self, groups: list[Group], state: dict[Any, Any]) -> None:
        for k, group in enumerate(groups):
            known = {**self.defaults, **group}
            for n, p in enumerate(group["params"]):
                missing = {"step", *self._names(known)} - state[p].keys() if state.get(p) else None
                if missing:
                    raise ValueError(
                        f"load_state_dict: the state of parameter {n} of group {k} lacks {sorted(missing)}, it has "
                        f"{sorted(state[p])}; was it saved by another optimizer?"
                    )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        for group in self.param_groups:
            # groups saved by an older version lack the options that came later
            for name, default in self.defaults.items():
                group.setdefault(name, default)
            for p in group["params"]:
                known = self.state.get(p)
                if known and not isinstance(known["step"], Tensor):
                    known["step"] = count(p, group, float(known["step"]))


def fill(t: Tensor, value: float) -> None:
    """Set all numbers of a state; a complex one is a pair of them."""
    full = complex(value, value) if t.array.dtype.kind == "c" else value
    t.xp.copy_into(t.array, t.xp.full((), full, t.array.dtype))


def count(p: Tensor, group: Group, value: float) -> Tensor:
    """A number of a parameter's state as a 0-d tensor: on the CPU, unless the group says that a kernel reads it."""
    kernel = group["capturable"] or group.get("fused")
    wide = float64 if get_default_dtype() is float64 and not group.get("fused") else float32
    return tensor(value, dtype=wide, device=p.device if kernel else "cpu")


def check_options(optimizer: str, options: dict[str, Any]) -> dict[str, Any]:
    """The options of a group, checked: raises ValueError with PyTorch's words for rates out of range."""
    lr = options["lr"]
    if not number(optimizer, "lr", lr) >= 0.0:
        raise ValueError(f"{optimizer}: Invalid learning rate: {lr}; use a number of at least 0")
    eps = options.get("eps", 0.0)
    if not isinstance(eps, tuple) and not number(optimizer, "eps", eps) >= 0.0:
        raise ValueError(f"{optimizer}: Invalid epsilon value: {eps}; use a number of at least 0")
    if "betas" in options:
        options["betas"] = check_betas(optimizer, options["betas"])
    decay = options.get("weight_decay", 0)
    if not number(optimizer, "weight_decay", decay) >= 0.0:
        raise ValueError(f"{optimizer}: Invalid weight_decay value: {decay}; use a number of at least 0")
    check_flags(options.get("foreach"), options.get("fused"), options.get("differentiable", False))
    return options


def check_betas(optimizer: str, betas: Any) -> tuple[Any, Any]:
    """Two numbers in [0, 1)."""
    if not isinstance(betas, (tuple, list)) or len(betas) != 2:
        raise TypeError(f"{optimizer}: betas must be two numbers, got {describe(betas)}")
    for k, beta in enumerate(betas):
        if not 0.0 <= number(optimizer, f"betas[{k}]", beta) < 1.0:
            raise ValueError(f"{optimizer}: Invalid beta parameter at index {k}: {beta}; use 0 <= beta < 1")
    return tuple(betas)
