"""Weight and spectral normalization in their older form: a hook computes the weight before every call.

`gputensor.nn.utils.parametrizations` has the newer form of both.
"""

from __future__ import annotations

import warnings
from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.core.modes import no_grad
from gputensor.errors import ArgumentError
from gputensor.nn.modules.module import Module
from gputensor.nn.parameter import Parameter, is_lazy
from gputensor.nn.utils._arguments import check_module
from gputensor.nn.utils.norms_of_weights import as_matrix, iterate, norm_except_dim, scaled_to, unit, usual_dim

M = TypeVar("M", bound=Module)


class WeightNorm:
    """The hook of `weight_norm`."""

    def __init__(self, name: str, dim: int | None) -> None:
        self.name = name
        self.dim = -1 if dim is None else dim

    def compute_weight(self, module: Module) -> Tensor:
        return scaled_to(getattr(module, self.name + "_v"), getattr(module, self.name + "_g"), self.dim)

    def remove(self, module: Module) -> None:
        weight = self.compute_weight(module)
        delattr(module, self.name)
        del module._parameters[self.name + "_g"]
        del module._parameters[self.name + "_v"]
        setattr(module, self.name, Parameter(weight.detach()))

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module))


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Make a weight g * v / |v|, with the parameters weight_g and weight_v; returns the module.

    The weight is computed before every call. dim: the dim along which every slice has a length of its own; None: one
    length for all. Warns (FutureWarning) as PyTorch does: `gputensor.nn.utils.parametrizations.weight_norm` is the
    newer form. Source: Salimans and Kingma 2016, arXiv:1602.07868.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     layer = gt.nn.utils.weight_norm(gt.nn.Linear(2, 3))
    >>> [name for name, _ in layer.named_parameters()]
    ['bias', 'weight_g', 'weight_v']
    """
    warnings.warn(
        "`weight_norm` is deprecated in favor of `nn.utils.parametrizations.weight_norm`.", FutureWarning, stacklevel=2
    )
    _refuse_second("weight_norm", module, WeightNorm, name)
    hook = WeightNorm(name, dim)
    weight = _weight_of(module, name, "WeightNorm")
    del module._parameters[name]
    module.register_parameter(name + "_g", Parameter(norm_except_dim(weight.detach(), hook.dim)))
    module.register_parameter(name + "_v", Parameter(weight.detach()))
    setattr(module, name, hook.compute_weight(module))
    module.register_forward_pre_hook(hook)
    return module


def remove_weight_norm(module: M, name: str = "weight") -> M:
    """Take `weight_norm` away and leave the weight as it is; returns the module. Raises ValueError where it is not.

    >>> import warnings, gputensor as gt
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     layer = gt.nn.utils.weight_norm(gt.nn.Linear(2, 3))
    >>> [name for name, _ in gt.nn.utils.remove_weight_norm(layer).named_parameters()]
    ['bias', 'weight']
    """
    check_module("remove_weight_norm", module)
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, WeightNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[number]
            return module
    raise ValueError(f"weight_norm of '{name}' not found in {module}")


class SpectralNorm:
    """The hook of `spectral_norm`."""

    _version = 1

    def __init__(self, name: str = "weight", n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.name, self.n_power_iterations, self.dim, self.eps = name, n_power_iterations, dim, eps

    def compute_weight(self, module: Module, do_power_iteration: bool) -> Tensor:
        weight, u, v = [getattr(module, self.name + end) for end in ("_orig", "_u", "_v")]
        matrix = as_matrix(weight, self.dim)
        if do_power_iteration:
            iterate(matrix.detach(), u, v, self.n_power_iterations, self.eps, v_first=True)
            # copies: a second pass before backward moves the vectors in place
            u, v = u.clone(), v.clone()
        return weight / u.dot(matrix.mv(v))

    def remove(self, module: Module) -> None:
        with no_grad():
            weight = self.compute_weight(module, do_power_iteration=False)
        for end in ("", "_u", "_v", "_orig"):
            delattr(module, self.name + end)
        module.register_parameter(self.name, Parameter(weight.detach()))

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self.name, self.compute_weight(module, module.training))


class SpectralNormStateDictHook:
    """Notes the version of the hook in the state's metadata, as PyTorch does."""

    def __init__(self, fn: SpectralNorm) -> None:
        self.fn = fn

    def __call__(self, module: Module, state_dict: Any, prefix: str, local_metadata: dict[str, Any]) -> None:
        local_metadata.setdefault("spectral_norm", {})[self.fn.name + ".version"] = self.fn._version


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide a weight by its largest singular value, as estimated by the power method, before every call.

    Adds the parameter weight_orig and the buffers weight_u and weight_v; returns the module. In training every call
    makes n_power_iterations steps of the method. Random: the first vectors are drawn.
    `gputensor.nn.utils.parametrizations.spectral_norm` is the newer form. Unlike torch: states saved before PyTorch 1.0
    do not load. Source: Miyato et al. 2018, arXiv:1802.05957.

    >>> import gputensor as gt
    >>> layer = gt.nn.utils.spectral_norm(gt.nn.Linear(2, 3))
    >>> list(layer.state_dict())
    ['bias', 'weight_orig', 'weight_u', 'weight_v']
    """
    _refuse_second("spectral_norm", module, SpectralNorm, name)
    hook = SpectralNorm(name, n_power_iterations, usual_dim(module, dim), eps)
    weight = _weight_of(module, name, "SpectralNorm")
    rows, columns = as_matrix(weight.detach(), hook.dim).shape
    u, v = [unit(weight.new_empty(n).normal_(0, 1), eps) for n in (rows, columns)]
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    # a plain attribute until the first call: things may assume that it exists
    setattr(module, name, weight.data)
    module.register_buffer(name + "_u", u)
    module.register_buffer(name + "_v", v)
    module.register_forward_pre_hook(hook)
    module._register_state_dict_hook(SpectralNormStateDictHook(hook))
    return module


def remove_spectral_norm(module: M, name: str = "weight") -> M:
    """Take `spectral_norm` away and leave the weight as it is; returns the module. Raises ValueError where it is not.

    >>> import gputensor as gt
    >>> layer = gt.nn.utils.spectral_norm(gt.nn.Linear(2, 3))
    >>> list(gt.nn.utils.remove_spectral_norm(layer).state_dict())
    ['bias', 'weight']
    """
    check_module("remove_spectral_norm", module)
    for number, hook in module._forward_pre_hooks.items():
        if isinstance(hook, SpectralNorm) and hook.name == name:
            hook.remove(module)
            del module._forward_pre_hooks[number]
            break
    else:
        raise ValueError(f"spectral_norm of '{name}' not found in {module}")
    for number, hook in module._state_dict_hooks.items():
        if isinstance(hook, SpectralNormStateDictHook) and hook.fn.name == name:
            del module._state_dict_hooks[number]
            break
    return module


def _refuse_second(who: str, module: Module, kind: type, name: str) -> None:
    check_module(who, module)
    for hook in module._forward_pre_hooks.values():
        if isinstance(hook, kind) and getattr(hook, "name", None) == name:
            raise ArgumentError(f"Cannot register two {kind.__name__} hooks on the same parameter {name}")


def _weight_of(module: Module, name: str, who: str) -> Parameter:
    weight = module._parameters[name]
    if weight is None:
        raise ValueError(f"`{who}` cannot be applied as parameter `{name}` is None")
    if is_lazy(weight):
        raise ValueError(
            f"The module passed to `{who}` can't have uninitialized parameters. Call it with a first batch before"
        )
    return weight
