"""The hooks of one module: registering them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from gputensor.nn.modules.hooks import RemovableHandle, add_hook

Hook = Callable[..., Any]


class HookedModule:
    """What registers the hooks around the call of a Module and around its backward pass."""

    _forward_pre_hooks: OrderedDict[int, Hook]
    _forward_pre_hooks_with_kwargs: OrderedDict[int, bool]
    _forward_hooks: OrderedDict[int, Hook]
    _forward_hooks_with_kwargs: OrderedDict[int, bool]
    _forward_hooks_always_called: OrderedDict[int, bool]
    _backward_pre_hooks: OrderedDict[int, Hook]
    _backward_hooks: OrderedDict[int, Hook]

    def register_forward_pre_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args)`` before every `forward`; what it returns replaces the arguments.

        with_kwargs: call ``hook(module, args, kwargs)``, which may return (args, kwargs). prepend: before the hooks
        that are there.
        """
        flags = [self._forward_pre_hooks_with_kwargs] if with_kwargs else []
        return add_hook(self._forward_pre_hooks, hook, *flags, prepend=prepend)

    def register_forward_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call ``hook(module, args, output)`` after every `forward`; what it returns replaces the output.

        with_kwargs: call ``hook(module, args, kwargs, output)``. always_call: also when `forward` raised (with the
        output so far, or None). prepend: before the hooks that are there.

        >>> import gputensor as gt
        >>> layer = gt.nn.Identity()
        >>> handle = layer.register_forward_hook(lambda module, args, output: output * 2)
        >>> layer(gt.ones(1))
        tensor([2.])
        >>> handle.remove()
        """
        flags = [self._forward_hooks_with_kwargs] if with_kwargs else []
        if always_call:
            flags.append(self._forward_hooks_always_called)
        return add_hook(self._forward_hooks, hook, *flags, prepend=prepend)

    def register_full_backward_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_output)`` when the outputs' gradients are there; what it returns replaces them.

        grad_output is a tuple with an entry for every output, None where that needs no gradient.
        """
        return add_hook(self._backward_pre_hooks, hook, prepend=prepend)

    def register_full_backward_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call ``hook(module, grad_input, grad_output)`` after backward; what it returns replaces grad_input.

        Both are tuples with an entry for every positional argument and every output, None where that needs no gradient.
        Inputs and outputs of a module with this hook cannot be written in place.

        >>> import gputensor as gt
        >>> layer = gt.nn.Identity()
        >>> handle = layer.register_full_backward_hook(lambda module, grad_input, grad_output: (grad_input[0] * 10,))
        >>> x = gt.ones(2, requires_grad=True)
        >>> layer(x).sum().backward(); x.grad
        tensor([10., 10.])
        """
        return add_hook(self._backward_hooks, hook, prepend=prepend)

    def register_backward_hook(self, hook: Hook) -> RemovableHandle:
        """The older name of `register_full_backward_hook`.

        Unlike torch: grad_input has an entry for every positional argument of the module, and not for the operands of
        its last operation.

        >>> import gputensor as gt
        >>> layer = gt.nn.Linear(2, 1)
        >>> handle = layer.register_backward_hook(lambda module, grad_input, grad_output: print(grad_input[0]))
        >>> _ = gt.nn.init.ones_(layer.weight)
        >>> layer(gt.ones(2, requires_grad=True)).backward()
        tensor([1., 1.])
        """
        return self.register_full_backward_hook(hook)
