"""The class Module: registration, the call, the repr.

Its other parts are in the files beside.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from gputensor._tensor import Tensor
from gputensor.core.explain import OURS
from gputensor.core.naming import claim_methods
from gputensor.errors import MissingError
from gputensor.nn.modules.conversion import ConvertingModule
from gputensor.nn.modules.gradients import clear_gradients
from gputensor.nn.modules.hooked import HookedModule
from gputensor.nn.modules.hooks import EVERY_MODULE, call_with_hooks, registered
from gputensor.nn.modules.state import StatefulModule
from gputensor.nn.modules.tree import ModuleTree
from gputensor.nn.parameter import Buffer, Parameter

M = TypeVar("M", bound="Module")

# what PyTorch's Module has and this one has not: what to do instead
_ELSEWHERE = {
    "xpu": "devices are 'cpu' and 'cuda'",
    "ipu": "devices are 'cpu' and 'cuda'",
    "mtia": "devices are 'cpu' and 'cuda'",
    "compile": "modules run as they are; call the module itself",
    "_orig_mod": "compile gives the module itself, so that there is no module inside it to ask for",
}


class Module(ModuleTree, ConvertingModule, StatefulModule, HookedModule):
    """A part of a model: its parameters, buffers and submodules, and the function `forward` over them.

    Parameters, buffers and modules that are assigned as attributes are registered, so that `parameters`, `state_dict`,
    `to` and their kin find them. Call the module, not `forward`: the call runs the hooks.

    >>> import gputensor as gt
    >>> class Scale(gt.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.factor = gt.nn.Parameter(gt.ones(1))
    ...     def forward(self, input):
    ...         return input * self.factor
    >>> scale = Scale()
    >>> scale(gt.tensor([2.0])), [name for name, _ in scale.named_parameters()]
    (tensor([2.], grad_fn=<MulBackward0>), ['factor'])
    """

    call_super_init = False
    training: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not self.call_super_init:
            if kwargs:
                raise TypeError(
                    f"{type(self).__name__}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'"
                )
            if args:
                raise TypeError(
                    f"{type(self).__name__}.__init__() takes 1 positional argument but {len(args) + 1} were given"
                )
        self.__dict__.update(
            training=True,
            _parameters={},
            _buffers={},
            _non_persistent_buffers_set=set(),
            _modules={},
            _forward_pre_hooks=OrderedDict(),
            _forward_pre_hooks_with_kwargs=OrderedDict(),
            _forward_hooks=OrderedDict(),
            _forward_hooks_with_kwargs=OrderedDict(),
            _forward_hooks_always_called=OrderedDict(),
            _backward_pre_hooks=OrderedDict(),
            _backward_hooks=OrderedDict(),
            _state_dict_pre_hooks=OrderedDict(),
            _state_dict_hooks=OrderedDict(),
            _load_state_dict_pre_hooks=OrderedDict(),
            _load_state_dict_post_hooks=OrderedDict(),
        )
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    # ------------------------------------------------------------ the call

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; every subclass writes its own."""
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            if (
                self._forward_hooks
                or self._forward_pre_hooks
                or self._backward_hooks
                or self._backward_pre_hooks
                or EVERY_MODULE.any_call
            ):
                return call_with_hooks(self, args, kwargs)
            return self.forward(*args, **kwargs)
        except OURS as error:
            say_where(error, self)
            raise

    # ------------------------------------------------------------ registration

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Add a parameter; None keeps the name for one that may come later.

        Assigning a Parameter as an attribute does the same.

        Raises KeyError for a name that is taken, empty or has a dot, TypeError for what is no Parameter, ValueError for
        a tensor with a history.
        """
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        self._check_name("parameter", name, self._parameters)
        if param is not None:
            if not isinstance(param, Parameter):
                raise TypeError(
                    f"cannot assign '{_type_name(param)}' object to parameter '{name}' (gputensor.nn.Parameter or "
                    "None required)"
                )
            if param.grad_fn is not None:
                raise ValueError(
                    f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be created "
                    "explicitly. "
                    f"To express '{name}' as a function of another Tensor, compute the value in the forward() method."
                )
            param = registered(EVERY_MODULE.parameter, self, name, param)
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Add a buffer: a tensor that belongs to the state and is no parameter.

        Not in the `state_dict` if persistent is False.

        Raises KeyError for a name that is taken, empty or has a dot, TypeError for what is no Tensor.
        """
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        self._check_name("buffer", name, self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{_type_name(tensor)}' object to buffer '{name}' (gputensor.Tensor or None required)"
            )
        self._buffers[name] = registered(EVERY_MODULE.buffer, self, name, tensor)
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def register_module(self, name: str, module: Module | None) -> None:
        """Add a submodule; the same as `add_module`."""
        self.add_module(name, module)

    def add_module(self, name: str, module: Module | None) -> None:
        """Add a submodule under `name`; assigning a Module as an attribute does the same.

        Raises KeyError for a name that is taken, empty or has a dot, TypeError for what is no Module.
        """
        if module is not None and not isinstance(module, Module):
            raise _no_module(f"{type(self).__name__}: child {name!r}", module)
        if "_modules" not in self.__dict__:
            raise AttributeError("cannot assign module before Module.__init__() call")
        self._check_name("module", name, self._modules)
        self._modules[name] = registered(EVERY_MODULE.module, self, name, module)

    def _check_name(self, kind: str, name: Any, table: dict[str, Any]) -> None:
        if not isinstance(name, str):
            raise TypeError(f"{type(self).__name__}: {kind} name should be a string. Got {_type_name(name)}")
        if "." in name:
            raise KeyError(f'{type(self).__name__}: {kind} name can\'t contain ".", got: {name}')
        if name == "":
            raise KeyError(f'{type(self).__name__}: {kind} name can\'t be empty string ""')
        if name not in table and hasattr(self, name):
            raise KeyError(
                f"{type(self).__name__}: attribute '{name}' already exists; choose another name for the {kind}"
            )

    # ------------------------------------------------------------ attributes

    def __getattr__(self, name: str) -> Any:
        # reached only for what is no ordinary attribute
        attributes = self.__dict__
        if "_parameters" in attributes:
            found = attributes["_parameters"]
            if name in found:
                return found[name]
            found = attributes["_modules"]
            if name in found:
                return found[name]
            found = attributes["_buffers"]
            if name in found:
                return found[name]
        elif name in _MADE_BY_INIT:
            raise AttributeError(
                f"'{type(self).__name__}' was used before Module.__init__() call; call super().__init__() first"
            )
        if name in _ELSEWHERE:
            raise MissingError(f"'{type(self).__name__}' has no '{name}': {_ELSEWHERE[name]}")
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        attributes = self.__dict__
        parameters = attributes.get("_parameters")
        if isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            self._forget(name, keep="_parameters")
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as parameter '{name}' (gputensor.nn.Parameter or None "
                    "expected)"
                )
            self.register_parameter(name, None)
        elif isinstance(value, Module):
            if parameters is None:
                raise AttributeError("cannot assign module before Module.__init__() call")
            self._forget(name, keep="_modules")
            self._modules[name] = registered(EVERY_MODULE.module, self, name, value)
        elif parameters is not None and name in self._modules:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_type_name(value)}' as child module '{name}' (gputensor.nn.Module or None "
                    "expected)"
                )
            self._modules[name] = registered(EVERY_MODULE.module, self, name, value)
        elif isinstance(value, Buffer) or (parameters is not None and name in self._buffers):
            self._assign_buffer(name, value)
        else:
            super().__setattr__(name, value)

    def _assign_buffer(self, name: str, value: Any) -> None:
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        if value is not None and not isinstance(value, Tensor):
            raise TypeError(
                f"cannot assign '{_type_name(value)}' as buffer '{name}' (gputensor.nn.Buffer, gputensor.Tensor or "
                "None expected)"
            )
        persistent = value.persistent if isinstance(value, Buffer) else name not in self._non_persistent_buffers_set
        if name not in self._buffers:
            self._forget(name, keep="_buffers")
        self.register_buffer(name, value, persistent)

    def _forget(self, name: str, keep: str) -> None:
        """Remove `name` from the attributes and from every table but `keep`."""
        self.__dict__.pop(name, None)
        for table in ("_parameters", "_buffers", "_modules"):
            if table != keep:
                self.__dict__[table].pop(name, None)
        if keep != "_buffers":
            self._non_persistent_buffers_set.discard(name)

    def __delattr__(self, name: str) -> None:
        if name in self._parameters:
            del self._parameters[name]
        elif name in self._buffers:
            del self._buffers[name]
            self._non_persistent_buffers_set.discard(name)
        elif name in self._modules:
            del self._modules[name]
        else:
            super().__delattr__(name)

    def __dir__(self) -> list[str]:
        names = [*dir(type(self)), *self.__dict__, *self._parameters, *self._modules, *self._buffers]
        # names such as "0" are no attributes that could be typed
        return sorted({name for name in names if not name[0].isdigit()})

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # ------------------------------------------------------------ modes

    def train(self: M, mode: bool = True) -> M:
        """Put this module and all below it into training, or with ``mode=False`` evaluation mode; returns the module.

        Layers such as Dropout and BatchNorm compute something else in each. Raises ValueError for a mode that is no
        bool.
        """
        if not isinstance(mode, bool):
            raise ValueError(f"training mode is expected to be boolean, got {mode!r}")
        self.training = mode
        for child in self.children():
            child.train(mode)
        return self

    def eval(self: M) -> M:
        """Put this module and all below it into evaluation mode; returns the module."""
        return self.train(False)

    def requires_grad_(self: M, requires_grad: bool = True) -> M:
        """Start or stop recording for all parameters; returns the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Does nothing: there is no compiler. All arguments are accepted; see `gputensor.compile`."""

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or with ``set_to_none=False`` fill them with zeros."""
        clear_gradients(self.parameters(), set_to_none)

    # ------------------------------------------------------------ words

    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """What stands between the brackets of the repr: the settings, on one or several lines."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        settings = extra.split("\n") if extra else []
        children = [f"({name}): {indented(repr(child))}" for name, child in self._modules.items()]
        if not settings and not children:
            return f"{self._get_name()}()"
        if len(settings) == 1 and not children:
            return f"{self._get_name()}({settings[0]})"
        return f"{self._get_name()}(\n  " + "\n  ".join(settings + children) + "\n)"


claim_methods(Module)


# an error -> the inmost module that it passed, and what it said there; beside the error, which may be pickled
_AROSE: WeakKeyDictionary[Any, tuple[Module, str]] = WeakKeyDictionary()


def say_where(error: Any, module: Module) -> None:
    """Add to the message of an error which layer of `module` it arose in; the inmost module is the one that is meant.

    Every module on the way out puts its own, longer path in place of the one before.
    """
    known = _AROSE.get(error)
    if known is None:
        _AROSE[error] = module, str(error)
        return
    layer, said = known
    path = next((name for name, child in module.named_modules() if child is layer), "")
    if path:
        error.args = (f"{said}; in layer {path!r} of {type(module).__name__}",)


def indented(text: str) -> str:
    """The text with two spaces in front of every line but the first."""
    return text.replace("\n", "\n  ")


def _no_module(what: str, given: Any) -> TypeError:
    repair = "; pass the modules one by one" if isinstance(given, (list, tuple)) else ""
    return TypeError(f"{what} must be a Module, and {_type_name(given)} is not a Module subclass{repair}")


def _type_name(value: Any) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ in ("", "builtins") else f"{kind.__module__}.{kind.__qualname__}"


_MADE_BY_INIT = frozenset(
    (
        "training",
        "_parameters",
        "_buffers",
        "_modules",
        "_forward_hooks",
        "_forward_pre_hooks",
        "_non_persistent_buffers_set",
    )
)
