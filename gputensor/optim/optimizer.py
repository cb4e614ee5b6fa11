"""The base of all optimizers: parameter groups, the state of every parameter, and what saves and restores both."""

from __future__ import annotations

import functools
import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from gputensor._tensor import Tensor
from gputensor.autograd.profiling.recorder import RECORDERS, record_function
from gputensor.nn.modules.gradients import clear_gradients
from gputensor.nn.modules.hooks import RemovableHandle, add_hook
from gputensor.optim._loading import loaded_groups, loaded_state

__all__ = ["Optimizer", "register_optimizer_step_post_hook", "register_optimizer_step_pre_hook", "required"]

Params = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]
Hook = Callable[..., Any]

_EVERY_PRE: OrderedDict[int, Hook] = OrderedDict()
_EVERY_POST: OrderedDict[int, Hook] = OrderedDict()


class _Required:
    """Stands as the default of an option that every group must give."""

    def __repr__(self) -> str:
        return "<required parameter>"


required = _Required()


def register_optimizer_step_pre_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` before every step of every optimizer; it may return new (args, kwargs).

    >>> import gputensor as gt
    >>> seen = []
    >>> with gt.optim.register_optimizer_step_pre_hook(lambda optimizer, args, kwargs: seen.append("before")):
    ...     gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0).step()
    >>> seen
    ['before']
    """
    return add_hook(_EVERY_PRE, hook)


def register_optimizer_step_post_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` after every step of every optimizer.

    >>> import gputensor as gt
    >>> seen = []
    >>> with gt.optim.register_optimizer_step_post_hook(lambda optimizer, args, kwargs: seen.append("after")):
    ...     gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0).step()
    >>> seen
    ['after']
    """
    return add_hook(_EVERY_POST, hook)


class Optimizer:
    """Changes parameters by their gradients. A subclass writes `step`.

    params: the tensors, or (name, tensor) pairs, or dicts: groups with ``"params"`` and options of their own. defaults:
    the options of groups that do not give them. ``param_groups`` is the list of groups, ``state`` a dict of what is
    kept for every parameter. Raises TypeError for what are no tensors, ValueError for no parameters, one in two groups,
    or one that is no leaf.

    >>> import gputensor as gt
    >>> class Descent(gt.optim.Optimizer):
    ...     def __init__(self, params, lr):
    ...         super().__init__(params, {"lr": lr})
    ...     @gt.no_grad()
    ...     def step(self, closure=None):
    ...         for group in self.param_groups:
    ...             for p in group["params"]:
    ...                 p -= group["lr"] * p.grad
    >>> w = gt.nn.Parameter(gt.ones(1))
    >>> (3 * w).sum().backward(); Descent([w], lr=0.5).step(); w.tolist()
    [-0.5]
    """

    param_groups: list[dict[str, Any]]
    state: defaultdict[Any, Any]
    defaults: dict[str, Any]

    _state_names: tuple[str, ...] = ()  # the states that have the shape of their parameter

    def __init__(self, params: Params, defaults: dict[str, Any]) -> None:
        if isinstance(params, (Tensor, dict)):
            raise TypeError(
                f"{type(self).__name__}: params argument given to the optimizer should be an iterable of Tensors or "
                f"dicts, but got {type(params).__name__}; put it into a list"
            )
        self.defaults = defaults
        self.state = defaultdict(dict)
        self.param_groups = []
        self._make_hook_tables()
        try:
            groups: list[Any] = list(params)
        except TypeError:
            repair = "pass its .parameters()" if hasattr(params, "parameters") else "pass a list of them"
            raise TypeError(
                f"{type(self).__name__}: params must be Tensors or dicts, several of them, got "
                f"{type(params).__name__}; {repair}"
            ) from None
        if not groups:
            raise ValueError(
                f"{type(self).__name__}: optimizer got an empty parameter list; pass a module's .parameters(), anew to "
                "every optimizer, for it can be read once"
            )
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "step" in cls.__dict__:
            cls.step = _with_hooks(cls.__dict__["step"])  # type: ignore[method-assign]  # every subclass's step gets the hooks

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters once. closure: computes the loss and its gradients anew and returns the loss."""
        raise NotImplementedError(f"{type(self).__name__} is missing the required step function")

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or with ``set_to_none=False`` fill them with zeros."""
        with record_function(f"Optimizer.zero_grad#{type(self).__name__}.zero_grad"):
            for group in self.param_groups:
                clear_gradients(group["params"], set_to_none)

    # ------------------------------------------------------------ groups

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own. Raises as the constructor; then nothing has changed."""
        if not isinstance(param_group, dict):
            raise TypeError(f"add_param_group: param_group must be a dict, but got {type(param_group).__name__}")
        if "params" not in param_group:
            raise KeyError(f"add_param_group: 'params' is missing from the group, got the keys {list(param_group)}")
        given = param_group["params"]
        if isinstance(given, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in "
                "sets will "
                "change between runs. Please use a list instead."
            )
        given = [given] if isinstance(given, Tensor) else list(given)
        names = [p[0] for p in given if isinstance(p, tuple)]
        if names and len(names) != len(given):
            raise ValueError("all optimizer params should be with/without names. Some param names are missing")
        params = [p[1] if isinstance(p, tuple) else p for p in given]
        for p in params:
            if not isinstance(p, Tensor):
                raise TypeError(
                    f"{type(self).__name__}: optimizer can only optimize Tensors, but one of the params is "
                    f"{type(p).__name__}"
                )
            if not self.defaults.get("differentiable") and not (p.is_leaf or p.retains_grad):
                raise ValueError(
                    f"{type(self).__name__}: can't optimize a non-leaf Tensor; give the optimizer the leaf that it "
                    "was computed from"
                )
        missing = [n for n, default in self.defaults.items() if default is required and n not in param_group]
        if missing:
            raise ValueError(
                f"{type(self).__name__}: parameter group didn't specify a value of required optimization parameter "
                f"{missing[0]}"
            )
        if len({id(p) for p in params}) != len(params):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error",
                stacklevel=3,
            )
        for group in self.param_groups:
            if ("param_names" in group) != bool(names):
                raise ValueError(
                    "all optimizer param groups should be with/without names. cannot add param group "
                    f"{'with' if names else 'without'} names to the optimizer"
                )
            if not {id(p) for p in group["params"]}.isdisjoint([id(p) for p in params]):
                raise ValueError(f"{type(self).__name__}: some parameters appear in more than one parameter group")
        param_group["params"] = params
        if names:
            param_group["param_names"] = names
        for name, default in self.defaults.items():
            param_group.setdefault(name, default)
        self.param_groups.append(param_group)

    # ------------------------------------------------------------ saving and loading

    def state_dict(self) -> dict[str, Any]:
        """The groups and the state, with a number for every parameter; its tensors share memory with the optimizer's.

        >>> import gputensor as gt
        >>> gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=0.1).state_dict()["param_groups"][0]["params"]
        [0]
        """
        for hook in self._optimizer_state_dict_pre_hooks.values():
            hook(self)
        numbers: dict[int, int] = {}
        start = 0
        groups = []
        for group in self.param_groups:
            for k, p in enumerate(group["params"], start):
                numbers.setdefault(id(p), k)
            packed = {key: value for key, value in group.items() if key != "params"}
            packed["params"] = [numbers[id(p)] for p in group["params"]]
            start += len(packed["params"])
            groups.append(packed)
        state = {(numbers[id(key)] if isinstance(key, Tensor) else key): value for key, value in self.state.items()}
        result = {"state": state, "param_groups": groups}
        for hook in self._optimizer_state_dict_post_hooks.values():
            changed = hook(self, result)
            if changed is not None:
                result = changed
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over groups and state from `state_dict`'s result; parameters are matched by their order.

        State goes to the dtype and device of its parameter. Unlike torch, tensors are always copied. Raises ValueError
        where the groups do not fit; then nothing has changed.
        """
        if not isinstance(state_dict, dict):
            raise TypeError(
                f"load_state_dict: expected what an optimizer's state_dict() returned, got {type(state_dict).__name__}"
            )
        state_dict = state_dict.copy()
        for hook in self._optimizer_load_state_dict_pre_hooks.values():
            changed = hook(self, state_dict)
            if changed is not None:
                state_dict = changed
        lacking = [key for key in ("state", "param_groups") if key not in state_dict]
        if lacking:
            raise KeyError(
                f"load_state_dict: {lacking[0]!r} is missing; give what an optimizer's state_dict() returned"
            )
        given = state_dict["param_groups"]
        if not isinstance(state_dict["state"], dict) or not isinstance(given, (list, tuple)):
            raise TypeError(
                "load_state_dict: expected a dict for 'state' and a list for 'param_groups', got "
                f"{type(state_dict['state']).__name__} and {type(given).__name__}"
            )
        if not all(isinstance(group, dict) and isinstance(group.get("params"), (list, tuple)) for group in given):
            raise TypeError("load_state_dict: expected each of 'param_groups' to be a dict with a list for 'params'")
        groups, by_number = loaded_groups(self.param_groups, given)
        state = loaded_state(state_dict["state"], by_number, given, self._state_names)
        self._check_loaded(groups, state)
        self.__setstate__({"state": state, "param_groups": groups})
        for hook in self._optimizer_load_state_dict_post_hooks.values():
            hook(self)

    def _check_loaded(self, groups: list[dict[str, Any]], state: dict[Any, Any]) -> None:
        """Raise ValueError for a state that a step could not go on with. Nothing has changed then."""

    def __getstate__(self) -> dict[str, Any]:
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_optimizer_step_pre_hooks" not in self.__dict__:
            self._make_hook_tables()
        self.defaults.setdefault("differentiable", False)

    # ------------------------------------------------------------ hooks

    def _make_hook_tables(self) -> None:
        self._optimizer_step_pre_hooks: OrderedDict[int, Hook] = OrderedDict()
        self._optimizer_step_post_hooks: OrderedDict[int, Hook] = OrderedDict()
        self._optimizer_state_dict_pre_hooks: OrderedDict[int, Hook] = OrderedDict()
        self._optimizer_state_dict_post_hooks: OrderedDict[int, Hook] = OrderedDict()
        self._optimizer_load_state_dict_pre_hooks: OrderedDict[int, Hook] = OrderedDict()
        self._optimizer_load_state_dict_post_hooks: OrderedDict[int, Hook] = OrderedDict()

    def register_step_pre_hook(self, hook: Hook) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` before every step; it may return new (args, kwargs)."""
        return add_hook(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook: Hook) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` after every step."""
        return add_hook(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` before `state_dict`."""
        return add_hook(self._optimizer_state_dict_pre_hooks, hook, prepend=prepend)

    def register_state_dict_post_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` after `state_dict`; it may return another dict."""
        return add_hook(self._optimizer_state_dict_post_hooks, hook, prepend=prepend)

    def register_load_state_dict_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` before `load_state_dict`, with a copy; it may return another dict."""
        return add_hook(self._optimizer_load_state_dict_pre_hooks, hook, prepend=prepend)

    def register_load_state_dict_post_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` after `load_state_dict`."""
        return add_hook(self._optimizer_load_state_dict_post_hooks, hook, prepend=prepend)

    def __repr__(self) -> str:
        lines = []
        for k, group in enumerate(self.param_groups):
            lines.append(f"\nParameter Group {k}\n")
            lines += [f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params"]
        return f"{type(self).__name__} ({''.join(lines)})"


def _with_hooks(step: Callable[..., Any]) -> Callable[..., Any]:
    """A step between the hooks of its optimizer and of every optimizer; once, also where it calls a base class's.

    Profilers get it as one region: updates run below the operations that they record.
    """

    @functools.wraps(step)
    def stepped(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        if RECORDERS and type(self).step is stepped:
            with record_function(f"Optimizer.step#{type(self).__name__}.step"):
                return hooked(self, *args, **kwargs)
        return hooked(self, *args, **kwargs)

    def hooked(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        self._opt_called = True  # type: ignore[attr-defined]  # schedulers warn where it is not
        before, after = self._optimizer_step_pre_hooks, self._optimizer_step_post_hooks
        if not (before or after or _EVERY_PRE or _EVERY_POST) or "_inside_step" in self.__dict__:
            return step(self, *args, **kwargs)
        self._inside_step = True  # type: ignore[attr-defined]  # there only during a step
        try:
            for hook in (*_EVERY_PRE.values(), *before.values()):
                changed = hook(self, (self, *args), kwargs)
                if changed is not None:
                    if not (isinstance(changed, tuple) and len(changed) == 2):
                        raise RuntimeError(
                            f"{type(self).__name__}.step: a pre-hook must return None or a tuple of (new_args, "
                            "new_kwargs), "
                            f"but got {changed}."
                        )
                    (_, *rest), kwargs = changed
                    args = tuple(rest)
            result = step(self, *args, **kwargs)
            for hook in (*after.values(), *_EVERY_POST.values()):
                hook(self, (self, *args), kwargs)
            return result
        finally:
            del self._inside_step  # type: ignore[attr-defined]  # there only during a step

    return stepped


def __dir__() -> list[str]:
    return __all__
