"""Parameters as functions of others: `module.weight` is computed anew, by a module, whenever it is read."""

from __future__ import annotations

import functools
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.core.modes import no_grad
from gputensor.errors import ArgumentError, MissingError, ShapeError
from gputensor.nn.modules.container import ModuleDict, ModuleList
from gputensor.nn.modules.module import Module
from gputensor.nn.parameter import Parameter

__all__ = [
    "MissingRightInverse",
    "ParametrizationList",
    "Parametrized",
    "cached",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
    "transfer_parametrizations_and_params",
    "type_before_parametrizations",
]

M = TypeVar("M", bound=Module)

_cached: dict[tuple[int, str], Tensor] = {}
_caching = 0


@contextmanager
def cached() -> Generator[None, None, None]:
    """Within it, what a parametrization computed is kept until the end; else it is computed at every reading.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import parametrizations, parametrize
    >>> layer = parametrizations.weight_norm(gt.nn.Linear(2, 2))
    >>> with parametrize.cached():
    ...     layer.weight is layer.weight
    True
    """
    global _caching
    _caching += 1
    try:
        yield
    finally:
        _caching -= 1
        if not _caching:
            _cached.clear()


class Parametrized:
    """What the class of a module inherits while a parameter of it is parametrized.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import parametrize
    >>> layer = parametrize.register_parametrization(gt.nn.Linear(1, 1), "weight", gt.nn.Softplus())
    >>> isinstance(layer, parametrize.Parametrized), type(layer).__name__
    (True, 'ParametrizedLinear')
    """

    _modules: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        found = _of(self, name)
        if found is None:
            return super().__getattr__(name)  # type: ignore[misc]  # the module's, which comes after this class
        if not _caching:
            return found()
        key = (id(self), name)
        if key not in _cached:
            _cached[key] = found()
        return _cached[key]

    def __setattr__(self, name: str, value: Any) -> None:
        found = _of(self, name)
        if found is None:
            super().__setattr__(name, value)
        else:
            found.right_inverse(value)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        # the class exists in this process only
        return _restored, (type(self).__bases__[1],), self.__dict__


class ParametrizationList(ModuleList):
    """The parametrizations of one tensor, first to last, and what they start from: original, or original0, original1 …

    Called, it computes the tensor. Raises ValueError where a parametrization changes dtype or shape, unless unsafe.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import parametrize
    >>> layer = gt.nn.Linear(2, 2)
    >>> _ = parametrize.register_parametrization(layer, "weight", gt.nn.Identity())
    >>> layer.parametrizations.weight
    ParametrizationList(
      (0): Identity()
    )
    """

    def __init__(self, modules: Sequence[Module], original: Tensor, unsafe: bool = False) -> None:
        if not modules:
            raise ValueError("ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        shape, dtype = original.shape, original.dtype
        new: Any = original
        with no_grad():
            for module in reversed(list(self)):
                new = _inverse(module, new, new)
        if not isinstance(new, (Tensor, Sequence)):
            raise ArgumentError(f"'right_inverse' must return a Tensor or several, got {type(new).__name__}")
        self.is_tensor = isinstance(new, Tensor)
        self.ntensors = 1 if isinstance(new, Tensor) else len(new)
        if isinstance(new, Tensor):
            if new.dtype is not dtype:
                raise ArgumentError(f"'right_inverse' may not change the dtype from {dtype} to {new.dtype}")
            if new.device != original.device:
                raise ArgumentError(f"'right_inverse' may not change the device from {original.device} to {new.device}")
            # the same parameter with another value: optimizers keep it
            original.data = new.detach()
            _register(self, "original", original)
        else:
            for k, part in enumerate(new):
                if not isinstance(part, Tensor):
                    raise ArgumentError(f"'right_inverse' must return tensors, got {type(part).__name__} in place {k}")
                part = part.detach()
                if isinstance(original, Parameter):
                    part = Parameter(part, original.requires_grad)
                elif original.requires_grad:
                    part.requires_grad_()
                _register(self, f"original{k}", part)
        if not unsafe:
            _same_kind("Registering a parametrization", self(), shape, dtype)

    def right_inverse(self, value: Any) -> None:
        """Set the originals so that the parametrized tensor is `value`, as far as its modules' right_inverse can."""
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    raise MissingRightInverse(
                        f"parametrization {type(module).__name__} does not implement right_inverse"
                    )
                value = module.right_inverse(value)
        values = [value] if self.is_tensor else value
        if not isinstance(values, Sequence) or len(values) != self.ntensors:
            raise ArgumentError(f"'right_inverse' must return {self.ntensors} tensors, got {type(value).__name__}")
        for k, (part, name) in enumerate(zip(values, self._originals(), strict=True)):
            original = getattr(self, name)
            if not isinstance(part, Tensor):
                raise ArgumentError(f"'right_inverse' must return a tensor, got {type(part).__name__} in place {k}")
            if part.dtype is not original.dtype:
                raise ArgumentError(f"'right_inverse' returned {part.dtype}, but {name} is {original.dtype}")
            original.data = part.detach()

    def _originals(self) -> list[str]:
        return ["original"] if self.is_tensor else [f"original{k}" for k in range(self.ntensors)]

    def forward(self) -> Tensor:
        modules = list(self)
        x = modules[0](*[getattr(self, name) for name in self._originals()])
        for module in modules[1:]:
            x = module(x)
        return x


class MissingRightInverse(MissingError, RuntimeError):
    """A parametrized tensor was assigned to, but its parametrization cannot be turned around."""


def register_parametrization(module: M, tensor_name: str, parametrization: Module, *, unsafe: bool = False) -> M:
    """Make a parameter or buffer of a module the output of `parametrization`; returns the module.

    What it is computed from is ``module.parametrizations.<tensor_name>.original``; that holds the value until now, or
    what ``parametrization.right_inverse`` makes of it, which may be several tensors (original0, original1 …). A further
    parametrization works on the output of those before it. Reading computes; assigning goes through right_inverse.
    Raises ValueError for a name that is no tensor of the module, and where dtype or shape change, unless unsafe.
    Unlike torch: parametrized modules can be pickled.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import parametrize
    >>> class Symmetric(gt.nn.Module):
    ...     def forward(self, x):
    ...         return x.triu() + x.triu(1).T
    >>> layer = parametrize.register_parametrization(gt.nn.Linear(3, 3), "weight", Symmetric())
    >>> layer.weight.equal(layer.weight.T)
    True
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        there: Any = _of(module, tensor_name)
        if not unsafe:
            now = getattr(module, tensor_name)
            after = parametrization(now)
            _same_kind("Registering a parametrization", after, now.shape, now.dtype)
            back = _inverse(parametrization, after, now)
            _same_kind("parametrization.right_inverse", back, now.shape, now.dtype)
        there.append(parametrization)
        there.unsafe = there.unsafe or unsafe
        return module
    if tensor_name not in module._buffers and tensor_name not in module._parameters:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name "
            f"'{tensor_name}'"
        )
    made = ParametrizationList([parametrization], getattr(module, tensor_name), unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        kind: Any = type(module)
        module.__class__ = _parametrized_class(kind)
        module.parametrizations = ModuleDict()
    module.parametrizations[tensor_name] = made
    return module


def is_parametrized(module: Module, tensor_name: str | None = None) -> bool:
    """Whether this tensor of the module is parametrized, or without a name any.

    >>> import gputensor as gt
    >>> gt.nn.utils.parametrize.is_parametrized(gt.nn.Linear(2, 2))
    False
    """
    found = module._modules.get("parametrizations")
    if not isinstance(found, ModuleDict):
        return False
    return len(found) > 0 if tensor_name is None else tensor_name in found


def remove_parametrizations(module: M, tensor_name: str, leave_parametrized: bool = True) -> M:
    """Make a parametrized tensor an ordinary one again; returns the module.

    Its value is the computed one, or with leave_parametrized=False the original. Raises ValueError for a tensor that is
    not parametrized, and for leave_parametrized=False where there are several originals.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import parametrizations, parametrize
    >>> layer = parametrizations.weight_norm(gt.nn.Linear(2, 2))
    >>> parametrize.remove_parametrizations(layer, "weight")
    Linear(in_features=2, out_features=2, bias=True)
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    there: Any = _of(module, tensor_name)
    if there.is_tensor:
        original = there.original
        if leave_parametrized:
            with no_grad():
                original.data = getattr(module, tensor_name).detach()
    elif leave_parametrized:
        value = getattr(module, tensor_name)
        original = Parameter(value.detach()) if value.requires_grad else value
    else:
        raise ValueError(
            f"remove_parametrizations: {tensor_name} has {there.ntensors} originals; it cannot become one of them "
            "(leave_parametrized=False)"
        )
    parametrizations: Any = module.parametrizations
    del parametrizations[tensor_name]
    if not len(parametrizations):
        delattr(module, "parametrizations")
        module.__class__ = type(module).__bases__[1]
    _register(module, tensor_name, original)
    return module


def type_before_parametrizations(module: Module) -> type:
    """The class that the module had before a tensor of it was parametrized.

    >>> import gputensor as gt
    >>> gt.nn.utils.parametrize.type_before_parametrizations(gt.nn.Linear(2, 2)).__name__
    'Linear'
    """
    return type(module).__bases__[1] if is_parametrized(module) else type(module)


def transfer_parametrizations_and_params(from_module: Module, to_module: M, tensor_name: str | None = None) -> M:
    """Give another module the parametrizations of one, of all tensors or of one, with their originals; returns it.

    Both then share parametrizations and originals.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import parametrizations, parametrize
    >>> first, second = parametrizations.weight_norm(gt.nn.Linear(2, 2)), gt.nn.Linear(2, 2)
    >>> _ = parametrize.transfer_parametrizations_and_params(first, second)
    >>> second.weight.equal(first.weight)
    True
    """
    if not is_parametrized(from_module):
        return to_module
    every: Any = from_module.parametrizations
    for name in list(every) if tensor_name is None else [tensor_name]:
        if not hasattr(to_module, name):
            setattr(to_module, name, Parameter(getattr(from_module, name).detach()))
        given = every[name]
        for parametrization in given:
            register_parametrization(to_module, name, parametrization)
        there: Any = _of(to_module, name)
        for label in given._originals():
            _register(there, label, getattr(given, label))
    return to_module


def _of(module: Any, name: str) -> Any:
    """The parametrizations of this tensor, or None."""
    found = module.__dict__.get("_modules", {}).get("parametrizations")
    return found._modules.get(name) if isinstance(found, ModuleDict) else None


@functools.cache
def _parametrized_class(cls: type) -> type:
    return type(f"Parametrized{cls.__name__}", (Parametrized, cls), {"__module__": cls.__module__})


def _restored(cls: type) -> Any:
    return object.__new__(_parametrized_class(cls))


def _inverse(module: Any, value: Any, otherwise: Any) -> Any:
    """What the module's right_inverse makes of value; `otherwise` where it has none."""
    if not hasattr(module, "right_inverse"):
        return otherwise
    try:
        return module.right_inverse(value)
    except NotImplementedError:
        return otherwise


def _register(module: Module, name: str, tensor: Tensor) -> None:
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


def _same_kind(who: str, value: Any, shape: Any, dtype: Any) -> None:
    if not isinstance(value, Tensor):
        raise ArgumentError(f"{who} must give a tensor, got {type(value).__name__}")
    if value.dtype is not dtype:
        raise ArgumentError(
            f"{who} may not change the dtype of the tensor from {dtype} to {value.dtype}; else pass unsafe=True"
        )
    if value.shape != shape:
        raise ShapeError(
            f"{who} may not change the shape of the tensor from {tuple(shape)} to {tuple(value.shape)}; else pass "
            "unsafe=True"
        )


def __dir__() -> list[str]:
    return __all__
