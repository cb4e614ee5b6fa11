"""Hooks of modules: handles that take them away, hooks of every module, and the call that runs them."""

from __future__ import annotations

import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gputensor.nn.modules.backward_hooks import BackwardHooks

if TYPE_CHECKING:
    from gputensor.nn.modules.module import Module

Hook = Callable[..., Any]


class RemovableHandle:
    """What registering a hook returns; `remove()` takes the hook away, also at the end of a ``with`` block.

    >>> import gputensor as gt
    >>> layer = gt.nn.Identity()
    >>> with layer.register_forward_hook(lambda module, args, output: output + 1):
    ...     layer(gt.zeros(2))
    tensor([1., 1.])
    >>> layer(gt.zeros(2))
    tensor([0., 0.])
    """

    next_id = 0

    def __init__(self, *tables: OrderedDict[int, Any]) -> None:
        self.id = RemovableHandle.next_id
        RemovableHandle.next_id += 1
        self._tables = [weakref.ref(t) for t in tables]

    def remove(self) -> None:
        """Take the hook away; a second call does nothing."""
        for table in self._tables:
            hooks = table()
            if hooks is not None:
                hooks.pop(self.id, None)

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()

    # a copied or unpickled module has copies of the tables; its handles must point to those
    def __getstate__(self) -> tuple[int, list[Any]]:
        return self.id, [table() for table in self._tables]

    def __setstate__(self, state: tuple[int, list[Any]]) -> None:
        self.id, tables = state
        self._tables = [weakref.ref(t) for t in tables if t is not None]
        RemovableHandle.next_id = max(RemovableHandle.next_id, self.id + 1)


def add_hook(
    hooks: OrderedDict[int, Any], hook: Any, *flags: OrderedDict[int, bool], prepend: bool = False
) -> RemovableHandle:
    """Put `hook` at the end (or the front) of `hooks`, and its number into every table of flags."""
    if not callable(hook):
        raise TypeError(f"a hook must be callable, got {type(hook).__name__}")
    handle = RemovableHandle(hooks, *flags)
    hooks[handle.id] = hook
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    for table in flags:
        table[handle.id] = True
    return handle


class HookTables:
    """The hooks of all modules: the same tables that every module has for itself."""

    def __init__(self) -> None:
        self.forward: OrderedDict[int, Hook] = OrderedDict()
        self.forward_pre: OrderedDict[int, Hook] = OrderedDict()
        self.backward: OrderedDict[int, Hook] = OrderedDict()
        self.backward_pre: OrderedDict[int, Hook] = OrderedDict()
        self.with_kwargs: OrderedDict[int, bool] = OrderedDict()
        self.always_called: OrderedDict[int, bool] = OrderedDict()
        self.parameter: OrderedDict[int, Hook] = OrderedDict()
        self.buffer: OrderedDict[int, Hook] = OrderedDict()
        self.module: OrderedDict[int, Hook] = OrderedDict()
        # every call of every module asks this one table first
        self.any_call: OrderedDict[int, bool] = OrderedDict()

    def add(
        self, hooks: OrderedDict[int, Hook], hook: Hook, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        flags = [self.any_call]
        if with_kwargs:
            flags.append(self.with_kwargs)
        if always_call:
            flags.append(self.always_called)
        return add_hook(hooks, hook, *flags)


EVERY_MODULE = HookTables()


def register_module_forward_pre_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(module, args)`` before the forward of every module; a value it returns replaces the arguments.

    >>> import gputensor as gt
    >>> from gputensor.nn.modules import hooks
    >>> seen = []
    >>> with hooks.register_module_forward_pre_hook(lambda module, args: seen.append(type(module).__name__)):
    ...     _ = gt.nn.Identity()(gt.ones(1))
    >>> seen
    ['Identity']
    """
    return EVERY_MODULE.add(EVERY_MODULE.forward_pre, hook)


def register_module_forward_hook(
    hook: Hook, *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call ``hook(module, args, output)`` after the forward of every module; a value it returns replaces the output.

    with_kwargs: call ``hook(module, args, kwargs, output)``. always_call: also when the forward raised.

    >>> import gputensor as gt
    >>> from gputensor.nn.modules import hooks
    >>> seen = []
    >>> with hooks.register_module_forward_hook(lambda module, args, output: seen.append(output.item())):
    ...     _ = gt.nn.Identity()(gt.ones(1))
    >>> seen
    [1.0]
    """
    return EVERY_MODULE.add(EVERY_MODULE.forward, hook, with_kwargs, always_call)


def register_module_full_backward_pre_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(module, grad_output)`` before the gradients of every module's inputs are computed.

    >>> import gputensor as gt
    >>> from gputensor.nn.modules import hooks
    >>> seen = []
    >>> with hooks.register_module_full_backward_pre_hook(lambda module, grads: seen.append(grads[0].item())):
    ...     gt.nn.Identity()(gt.ones(1, requires_grad=True)).backward()
    >>> seen
    [1.0]
    """
    return EVERY_MODULE.add(EVERY_MODULE.backward_pre, hook)


def register_module_full_backward_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(module, grad_input, grad_output)`` after the gradients of every module's inputs are computed.

    >>> import gputensor as gt
    >>> from gputensor.nn.modules import hooks
    >>> seen = []
    >>> with hooks.register_module_full_backward_hook(lambda module, inner, outer: seen.append(inner[0].item())):
    ...     gt.nn.Identity()(gt.ones(1, requires_grad=True)).backward()
    >>> seen
    [1.0]
    """
    return EVERY_MODULE.add(EVERY_MODULE.backward, hook)


def register_module_parameter_registration_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(module, name, parameter)`` for every new parameter; a value it returns is registered instead.

    >>> import gputensor as gt
    >>> from gputensor.nn.modules import hooks
    >>> seen = []
    >>> with hooks.register_module_parameter_registration_hook(lambda module, name, parameter: seen.append(name)):
    ...     _ = gt.nn.Linear(2, 1)
    >>> seen
    ['weight', 'bias']
    """
    return add_hook(EVERY_MODULE.parameter, hook)


def register_module_buffer_registration_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(module, name, buffer)`` for every new buffer; a value it returns is registered instead.

    >>> import gputensor as gt
    >>> from gputensor.nn.modules import hooks
    >>> seen = []
    >>> with hooks.register_module_buffer_registration_hook(lambda module, name, buffer: seen.append(name)):
    ...     _ = gt.nn.BatchNorm1d(2)
    >>> seen
    ['running_mean', 'running_var', 'num_batches_tracked']
    """
    return add_hook(EVERY_MODULE.buffer, hook)


def register_module_module_registration_hook(hook: Hook) -> RemovableHandle:
    """Call ``hook(module, name, submodule)`` for every new submodule; a value it returns is registered instead.

    >>> import gputensor as gt
    >>> from gputensor.nn.modules import hooks
    >>> seen = []
    >>> with hooks.register_module_module_registration_hook(lambda module, name, submodule: seen.append(name)):
    ...     _ = gt.nn.Sequential(gt.nn.Identity())
    >>> seen
    ['0']
    """
    return add_hook(EVERY_MODULE.module, hook)


def registered(hooks: OrderedDict[int, Hook], module: Module, name: str, value: Any) -> Any:
    """What to register: `value`, or what the last registration hook made of it."""
    for hook in hooks.values():
        changed = hook(module, name, value)
        if changed is not None:
            value = changed
    return value


def call_with_hooks(module: Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """``module.forward(*args, **kwargs)`` between the hooks of the module and those of every module."""
    called: set[int] = set()
    seen: list[Any] = [args, kwargs, None]  # what an always-called hook is shown when something raises
    try:
        return _call(module, seen, called)
    except Exception:
        _call_the_rest(module, seen, called)
        raise


def _call(module: Module, seen: list[Any], called: set[int]) -> Any:
    args, kwargs, _ = seen
    every = EVERY_MODULE
    for number, hook in (*every.forward_pre.items(), *module._forward_pre_hooks.items()):
        if number in module._forward_pre_hooks_with_kwargs:
            changed = hook(module, args, kwargs)
            if changed is not None:
                if not (isinstance(changed, tuple) and len(changed) == 2):
                    raise RuntimeError(
                        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {changed}."
                    )
                args, kwargs = changed
        else:
            changed = hook(module, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        seen[:2] = args, kwargs
    around = None
    after = [*every.backward.values(), *module._backward_hooks.values()]
    before = [*every.backward_pre.values(), *module._backward_pre_hooks.values()]
    if after or before:
        around = BackwardHooks(module, before, after)
        args = around.watch_inputs(args)
    result = module.forward(*args, **kwargs)
    seen[:] = args, kwargs, result
    for number, hook in (*every.forward.items(), *module._forward_hooks.items()):
        called.add(number)
        if number in module._forward_hooks_with_kwargs or number in every.with_kwargs:
            changed = hook(module, args, kwargs, result)
        else:
            changed = hook(module, args, result)
        if changed is not None:
            seen[2] = result = changed
    return result if around is None else around.watch_outputs(result)


def _call_the_rest(module: Module, seen: list[Any], called: set[int]) -> None:
    """Run the always-called forward hooks that did not run; what they raise becomes a warning."""
    every = EVERY_MODULE
    for number, hook in (*every.forward.items(), *module._forward_hooks.items()):
        if number in called or not (number in every.always_called or number in module._forward_hooks_always_called):
            continue
        args, kwargs, result = seen
        try:
            if number in module._forward_hooks_with_kwargs or number in every.with_kwargs:
                changed = hook(module, args, kwargs, result)
            else:
                changed = hook(module, args, result)
            if changed is not None:
                seen[2] = changed
        except Exception as error:
            warnings.warn(
                "module forward hook with ``always_call=True`` raised an exception that was silenced as another "
                "error was "
                f"raised in forward: {error}",
                stacklevel=4,
            )
