"""Autocast below the public names: who is in it, and the casts that it makes.

Operands are cast in two places. A function that is one primitive is caught in `apply`, behind the switch that sends
every call the slow way, so that nothing is paid while no thread is in autocast. A listed function that is made of
several steps carries the decorator `autocasts`: it is cast once, as a whole, and its steps run as they are.
"""

from __future__ import annotations

import functools
import threading
from _thread import get_ident
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import numpy as np

from gputensor.core.apply import cast, set_caster
from gputensor.core.autocast_lists import FULL, LOW, POLICIES
from gputensor.core.modes import forget_at_thread_end, records
from gputensor.core.nodes import Leaf
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import BF16, F16, F32, HALF
from gputensor.core.tensor_base import TensorBase, cell_of

P = ParamSpec("P")
R = TypeVar("R")


class State(threading.local):
    """What autocast is set to in one thread."""

    def __init__(self) -> None:
        self.enabled = {"cpu": False, "cuda": False}
        self.fast: dict[str, np.dtype] = {"cpu": BF16, "cuda": F16}
        self.cache_enabled = True
        self.nesting = 0
        # of leaves, by id: the leaf, its last write and whether gradients were recorded at the cast, and the cast
        self.cache: dict[tuple[int, np.dtype], tuple[Any, Any, bool, Any]] = {}


STATE = State()
# thread -> whether it is in autocast and not inside a function that was cast as a whole; empty in the usual case
ACTIVE: dict[int, bool] = {}
_LOCK = threading.Lock()


def switch(device_type: str, on: bool) -> None:
    """Autocast on or off for this thread and one kind of device."""
    STATE.enabled[device_type] = on
    _enter(any(STATE.enabled.values()))


def _enter(active: bool) -> None:
    me = get_ident()
    with _LOCK:
        if active:
            ACTIVE[me] = True
            forget_at_thread_end(ACTIVE)
        else:
            ACTIVE.pop(me, None)
        set_caster(cast_operands if ACTIVE else None)


def settings() -> tuple[dict[str, bool], dict[str, np.dtype], bool]:
    """What autocast is set to in this thread, for `replaying`."""
    return dict(STATE.enabled), dict(STATE.fast), STATE.cache_enabled


@contextmanager
def replaying(given: tuple[dict[str, bool], dict[str, np.dtype], bool]) -> Iterator[None]:
    """A context in which autocast is set as it was; parameters are cast anew, for the first casts belong to another
    graph."""
    before, cache = settings(), STATE.cache
    STATE.enabled, STATE.fast, STATE.cache_enabled = dict(given[0]), dict(given[1]), given[2]
    STATE.cache = {}
    _enter(any(STATE.enabled.values()))
    try:
        yield
    finally:
        STATE.enabled, STATE.fast, STATE.cache_enabled = before
        STATE.cache = cache
        _enter(any(STATE.enabled.values()))


def policy_of(name: str, device_type: str) -> str | None:
    """What autocast does in this thread with a function or primitive of this name; None: nothing."""
    if get_ident() not in ACTIVE or not STATE.enabled[device_type]:
        return None
    return POLICIES[device_type].get(name)


def cast_operands(prim: Primitive, xs: Sequence[Any]) -> Sequence[Any]:
    """The operands that a primitive runs on: `apply` asks while some thread is in autocast."""
    where = xs[0].xp.device_type
    policy = policy_of(prim.name, where)
    return xs if policy is None else [_cast(x, policy, where, xs) for x in xs]


def stays_wide(name: str, x: Any) -> bool:
    """Whether the function of this name, computed in float32 for a 16-bit tensor x, keeps its result in float32."""
    return bool(ACTIVE) and policy_of(name, x.xp.device_type) == FULL


def autocasts(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function of several steps with its name in the lists: its tensors are cast before it runs."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if not ACTIVE:
                return function(*args, **kwargs)
            return cast_whole(name, function, args, kwargs)

        return call

    return decorate


def cast_whole(name: str, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """function(*args, **kwargs) on the tensors that autocast makes of these for the function of this name."""
    given = [x for value in (*args, *kwargs.values()) for x in _tensors(value)]
    where = given[0].xp.device_type if given else "cpu"
    policy = policy_of(name, where)
    if policy is None:
        return function(*args, **kwargs)

    def converted(value: Any) -> Any:
        if isinstance(value, TensorBase):
            return _cast(value, policy, where, given)
        if type(value) in (list, tuple):
            return type(value)([converted(x) for x in value])
        return value

    args = [converted(value) for value in args]
    kwargs = {key: converted(value) for key, value in kwargs.items()}
    _enter(False)
    try:
        return function(*args, **kwargs)
    finally:
        _enter(True)


def _tensors(value: Any) -> list[Any]:
    if isinstance(value, TensorBase):
        return [value]
    return [x for v in value for x in _tensors(v)] if type(value) in (list, tuple) else []


def _cast(x: Any, policy: str, where: str, beside: Sequence[Any]) -> Any:
    d = x.array.dtype
    # float64 is left alone by all lists, as in PyTorch
    if (d != F32 and d not in HALF) or x.xp.device_type != where:
        return x
    if policy == FULL:
        return cast(x, F32)
    fast = STATE.fast[where]
    if policy == LOW:
        return _low(x, fast)
    return cast(x, F32 if any([y.array.dtype == F32 for y in beside]) else fast)


def _low(x: Any, d: np.dtype) -> Any:
    """x in low precision; a leaf's cast is kept until the outermost context ends, or the leaf is written."""
    if x.array.dtype != F32 or not STATE.cache_enabled or not STATE.nesting or type(x._node) is not Leaf:
        return cast(x, d)
    if x._parent is not None:
        return cast(x, d)
    recording, key, cell = records(), (id(x), d), cell_of(x)
    kept = STATE.cache.get(key)
    # a cast made under no_grad has no history, so that it cannot serve where gradients are recorded
    if kept is not None and kept[0] is x and kept[1] == cell[0] and kept[2] is recording:
        return kept[3]
    made = cast(x, d)
    STATE.cache[key] = (x, cell[0], recording, made)
    return made
