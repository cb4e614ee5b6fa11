"""The state of modules: `state_dict`, and `load_state_dict`, which checks everything before it writes anything."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from gputensor._tensor import Tensor
from gputensor.core.modes import no_grad
from gputensor.nn.modules.hooks import RemovableHandle, add_hook
from gputensor.nn.parameter import Parameter, is_lazy

if TYPE_CHECKING:
    from gputensor.nn.modules.module import Module

EXTRA_STATE = "_extra_state"


class IncompatibleKeys(NamedTuple):
    """The keys that a module wanted and a state lacks, and the other way round."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return f"_IncompatibleKeys(missing_keys={self.missing_keys}, unexpected_keys={self.unexpected_keys})"


class Loading(list[str]):
    """The error messages of one `load_state_dict`, and the writes that are made when there are none.

    `_load_from_state_dict` has PyTorch's signature, in which a list collects the errors: this is that list.
    """

    def __init__(self) -> None:
        super().__init__()
        self.actions: list[tuple[Callable[[], Any], Callable[[], Any] | None]] = []
        # True where what the module's own code will do can still fail or object: then the old values are kept
        self.risky = False

    def later(self, action: Callable[[], Any], undo: Callable[[], Callable[[], Any]] | None = None) -> None:
        """Do `action` when all checks have passed; `undo()`, called before it, returns what would take it back."""
        self.actions.append((action, undo))

    def run(self) -> list[Callable[[], Any]]:
        """Do what was planned; returns what would take it back, in that order.

        Takes it back itself if something raises.
        """
        taken_back: list[Callable[[], Any]] = []
        try:
            for action, undo in self.actions:
                if self.risky and undo is not None:
                    taken_back.insert(0, undo())
                action()
        except BaseException:
            for back in taken_back:
                back()
            raise
        return taken_back


class StatefulModule:
    """What saves and restores a Module."""

    _version = 1
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]
    _non_persistent_buffers_set: set[str]
    _state_dict_pre_hooks: OrderedDict[int, Callable[..., Any]]
    _state_dict_hooks: OrderedDict[int, Callable[..., Any]]
    _load_state_dict_pre_hooks: OrderedDict[int, Callable[..., Any]]
    _load_state_dict_post_hooks: OrderedDict[int, Callable[..., Any]]

    # ------------------------------------------------------------ saving

    def state_dict(self, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False) -> Any:
        """Parameters and persistent buffers by dotted name, in an ordered dict.

        The tensors share the memory of the module and are detached, unless keep_vars. prefix stands before every name.
        destination: a dict to fill instead of a new one.

        >>> import gputensor as gt
        >>> gt.nn.Sequential(gt.nn.Linear(2, 1)).state_dict().keys()
        odict_keys(['0.weight', '0.bias'])
        """
        if args:
            warnings.warn("state_dict: pass destination, prefix and keep_vars by keyword", FutureWarning, stacklevel=2)
            destination = args[0] if destination is None else destination
            prefix = args[1] if len(args) > 1 and prefix == "" else prefix
            keep_vars = args[2] if len(args) > 2 and keep_vars is False else keep_vars
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        own_metadata = {"version": self._version}
        if hasattr(destination, "_metadata"):
            destination._metadata[prefix[:-1]] = own_metadata
        for hook in self._state_dict_pre_hooks.values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, child in self._modules.items():
            if child is not None:
                child.state_dict(destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
        for hook in self._state_dict_hooks.values():
            changed = hook(self, destination, prefix, own_metadata)
            if changed is not None:
                destination = changed
        return destination

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        """Put this module's own state, without that of its children, into destination."""
        for name, parameter in self._parameters.items():
            if parameter is not None:
                destination[prefix + name] = parameter if keep_vars else parameter.detach()
        for name, buffer in self._buffers.items():
            if buffer is not None and name not in self._non_persistent_buffers_set:
                destination[prefix + name] = buffer if keep_vars else buffer.detach()
        if type(self).get_extra_state is not StatefulModule.get_extra_state:
            destination[prefix + EXTRA_STATE] = self.get_extra_state()

    def get_extra_state(self) -> Any:
        """What else belongs into the `state_dict`; a subclass that writes this writes `set_extra_state` too."""
        raise RuntimeError(
            "get_extra_state: a module with extra state in its state_dict must write get_extra_state and "
            "set_extra_state"
        )

    def set_extra_state(self, state: Any) -> None:
        """Take back what `get_extra_state` gave."""
        raise RuntimeError(
            "set_extra_state: a module with extra state in its state_dict must write get_extra_state and "
            "set_extra_state"
        )

    # ------------------------------------------------------------ loading

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Copy a state into the parameters and buffers of this module and all below it.

        strict: the names must be the same on both sides. assign: take the tensors themselves, with their dtype and
        device, instead of copying their values; an optimizer must then be made afterwards. Returns the missing and the
        unexpected names. Raises one RuntimeError that lists all missing and unexpected names and all wrong shapes; then
        nothing has changed.

        >>> import gputensor as gt
        >>> gt.nn.Linear(2, 1).load_state_dict({"weight": gt.ones(1, 2), "bias": gt.zeros(1)})
        <All keys matched successfully>
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(f"load_state_dict: Expected state_dict to be dict-like, got {type(state_dict)}.")
        metadata = getattr(state_dict, "_metadata", None)
        state = OrderedDict(state_dict)  # hooks may change it
        if metadata is not None:
            state._metadata = metadata  # type: ignore[attr-defined]  # PyTorch keeps it on the dict, too
        incompatible = IncompatibleKeys([], [])
        loading = Loading()
        self._plan_loading(state, "", metadata, assign, incompatible, loading)
        if loading or not loading.risky:
            self._refuse(strict, incompatible, loading)
        # hooks may still strike names from the lists
        take_back = loading.run()
        try:
            self._refuse(strict, incompatible, loading)
        except RuntimeError:
            for back in take_back:
                back()
            raise
        return incompatible

    def _plan_loading(
        self, state: Any, prefix: str, metadata: Any, assign: bool, incompatible: IncompatibleKeys, loading: Loading
    ) -> None:
        own_metadata = dict(metadata.get(prefix[:-1], {})) if metadata is not None else {}
        if assign:
            own_metadata["assign_to_params_buffers"] = True
        missing, unexpected = incompatible
        self._load_from_state_dict(state, prefix, own_metadata, True, missing, unexpected, loading)
        for name, child in self._modules.items():
            if child is not None:
                below = f"{prefix}{name}."
                part = OrderedDict((key, value) for key, value in state.items() if key.startswith(below))
                child._plan_loading(part, below, metadata, assign, incompatible, loading)
        if self._load_state_dict_post_hooks:
            loading.risky = True
            loading.later(lambda: self._run_post_hooks(incompatible))

    def _run_post_hooks(self, incompatible: IncompatibleKeys) -> None:
        for hook in self._load_state_dict_post_hooks.values():
            if hook(self, incompatible) is not None:
                raise RuntimeError(
                    "a load_state_dict post-hook must return None; it may change the lists of names in place"
                )

    def _refuse(self, strict: bool, incompatible: IncompatibleKeys, loading: Loading) -> None:
        """Raise the one error that lists everything, if there is anything."""
        lines = []
        if strict:
            if incompatible.missing_keys:
                lines.append(f"Missing key(s) in state_dict: {_quoted(incompatible.missing_keys)}. ")
            if incompatible.unexpected_keys:
                lines.append(f"Unexpected key(s) in state_dict: {_quoted(incompatible.unexpected_keys)}. ")
        lines += loading
        if lines:
            raise RuntimeError(f"Error(s) in loading state_dict for {type(self).__name__}:\n\t" + "\n\t".join(lines))

    def _load_from_state_dict(
        self,
        state_dict: Any,
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """Load this module's own state, not its children's; subclasses convert old states and then call this one.

        ``local_metadata.get("version")`` tells the version of the state. Names and messages go into the three lists.
        """
        for hook in self._load_state_dict_pre_hooks.values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        loading = error_msgs if isinstance(error_msgs, Loading) else Loading()
        members = {
            **self._parameters,
            **{n: b for n, b in self._buffers.items() if n not in self._non_persistent_buffers_set},
        }
        own = {name: member for name, member in members.items() if member is not None}
        for name, member in own.items():
            key = prefix + name
            if key in state_dict:
                self._plan_member(
                    name, key, member, state_dict[key], bool(local_metadata.get("assign_to_params_buffers")), loading
                )
            elif strict:
                missing_keys.append(key)
        extra = prefix + EXTRA_STATE
        if type(self).set_extra_state is not StatefulModule.set_extra_state:
            if extra in state_dict:
                self._plan_extra_state(state_dict[extra], loading)
            elif strict:
                missing_keys.append(extra)
        elif strict and extra in state_dict:
            unexpected_keys.append(extra)
        if strict:
            for key in state_dict:
                if key.startswith(prefix) and key != extra:
                    head, dot, _ = key[len(prefix) :].partition(".")
                    if head not in (self._modules if dot else own):
                        unexpected_keys.append(key)
        if loading is not error_msgs:
            # called by somebody's own code, which has no later
            error_msgs += loading
            loading.run()

    def _plan_member(self, name: str, key: str, member: Tensor, value: Any, assign: bool, loading: Loading) -> None:
        if not isinstance(value, Tensor):
            loading.append(
                f'While copying the parameter named "{key}", expected gputensor.Tensor from checkpoint '
                f"but received {type(value)}"
            )
            return
        if is_lazy(member) or is_lazy(value):
            # a lazy module has taken the shape of the value by now, if that has one
            if not is_lazy(member):
                loading.append(f'While copying the parameter named "{key}": the state has no values for it yet')
            return
        if member.dim() == 0 and tuple(value.shape) == (1,):
            value = value[0]
        if value.shape != member.shape:
            loading.append(
                f"size mismatch for {key}: copying a param with shape {value.shape} from checkpoint, "
                f"the shape in current model is {member.shape}."
            )
            return
        if assign:
            loading.later(lambda: self._take(name, member, value), lambda: lambda: setattr(self, name, member))
        elif not member.xp.writable(member.array):
            loading.append(
                f'While copying the parameter named "{key}": its memory is read-only or expanded; use assign=True'
            )
        else:
            if value.is_complex() and not member.is_complex():
                warnings.warn(
                    f"load_state_dict: {key} is real, and loses the imaginary part of its value", stacklevel=2
                )
            loading.later(lambda: _copy(member, value), lambda: _copier(member))

    def _take(self, name: str, member: Tensor, value: Tensor) -> None:
        if isinstance(member, Parameter):
            if isinstance(value, Parameter):
                value.requires_grad_(member.requires_grad)
            else:
                value = Parameter(value, requires_grad=member.requires_grad)
        setattr(self, name, value)

    def _plan_extra_state(self, state: Any, loading: Loading) -> None:
        def undo() -> Callable[[], Any]:
            try:
                before = self.get_extra_state()
            except RuntimeError:
                return lambda: None
            return lambda: self.set_extra_state(before)

        loading.risky = True
        loading.later(lambda: self.set_extra_state(state), undo)

    # ------------------------------------------------------------ hooks

    def register_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(module, prefix, keep_vars)`` before `state_dict` reads this module."""
        return add_hook(self._state_dict_pre_hooks, hook)

    def register_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(module, state_dict, prefix, local_metadata)`` after `state_dict` read this module."""
        return add_hook(self._state_dict_hooks, Silent(hook))

    def _register_state_dict_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """The same, for hooks that may return another dict."""
        return add_hook(self._state_dict_hooks, hook)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(module, …)``, with the arguments of `_load_from_state_dict`, before this module is loaded."""
        return self._register_load_state_dict_pre_hook(hook, with_module=True)

    def _register_load_state_dict_pre_hook(
        self, hook: Callable[..., Any], with_module: bool = False
    ) -> RemovableHandle:
        if not with_module:
            return add_hook(self._load_state_dict_pre_hooks, hook)
        return add_hook(self._load_state_dict_pre_hooks, WithModule(hook, self))

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(module, incompatible_keys)`` after loading; it may change the two lists of names in place."""
        return add_hook(self._load_state_dict_post_hooks, hook)


class WithModule:
    """A hook with the module as its first argument; a copy of the module has a copy of this with the copied module."""

    def __init__(self, hook: Callable[..., Any], module: Any) -> None:
        self.hook, self.module = hook, module

    def __call__(self, *args: Any) -> Any:
        return self.hook(self.module, *args)


class Silent:
    """A hook that must return None."""

    def __init__(self, hook: Callable[..., Any]) -> None:
        self.hook = hook

    def __call__(self, *args: Any) -> None:
        if self.hook(*args) is not None:
            raise RuntimeError("state_dict post-hook must return None")


def _copy(member: Tensor, value: Tensor) -> None:
    with no_grad():
        member.copy_(value)


def _copier(member: Tensor) -> Callable[[], Any]:
    before = member.detach().clone()
    return lambda: _copy(member, before)


def _quoted(names: list[str]) -> str:
    return ", ".join([f'"{name}"' for name in names])
