"""Parametrizations: weights with a norm or a largest singular value of their own."""

from __future__ import annotations

from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.nn.modules.module import Module
from gputensor.nn.utils.norms_of_weights import as_matrix, iterate, norm_except_dim, scaled_to, unit, usual_dim
from gputensor.nn.utils.orthogonal_weights import orthogonal as orthogonal
from gputensor.nn.utils.parametrize import register_parametrization
from gputensor.ops.dims import one_dim

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]

M = TypeVar("M", bound=Module)


class _WeightNorm(Module):
    """The direction and the length of a tensor apart."""

    def __init__(self, dim: int | None = 0) -> None:
        super().__init__()
        self.dim = -1 if dim is None else dim

    def forward(self, weight_g: Tensor, weight_v: Tensor) -> Tensor:
        return scaled_to(weight_v, weight_g, self.dim)

    def right_inverse(self, weight: Tensor) -> tuple[Tensor, Tensor]:
        return norm_except_dim(weight, self.dim), weight


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Make a weight g * v / |v|, with the lengths g (original0) and the directions v (original1); returns the module.

    dim: the dim along which every slice has a length of its own; None: one length for all. States of the older
    `gputensor.nn.utils.weight_norm` load. Source: Salimans and Kingma 2016, arXiv:1602.07868.

    >>> import gputensor as gt
    >>> layer = gt.nn.utils.parametrizations.weight_norm(gt.nn.Linear(2, 3))
    >>> [name for name, _ in layer.named_parameters()]
    ['bias', 'parametrizations.weight.original0', 'parametrizations.weight.original1']
    """
    register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    module._register_load_state_dict_pre_hook(_OldNames(name))
    return module


class _OldNames:
    """Gives the entries of a state from before parametrizations their names of today."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, state_dict: Any, prefix: str, *rest: Any) -> None:
        g, v = f"{prefix}{self.name}_g", f"{prefix}{self.name}_v"
        if g in state_dict and v in state_dict:
            state_dict[f"{prefix}parametrizations.{self.name}.original0"] = state_dict.pop(g)
            state_dict[f"{prefix}parametrizations.{self.name}.original1"] = state_dict.pop(v)


class _SpectralNorm(Module):
    """A tensor divided by an estimate of its largest singular value, which gets better with every step of training."""

    _u: Tensor
    _v: Tensor

    def __init__(self, weight: Tensor, n_power_iterations: int = 1, dim: int = 0, eps: float = 1e-12) -> None:
        super().__init__()
        if n_power_iterations <= 0:
            raise ValueError(
                f"Expected n_power_iterations to be positive, but got n_power_iterations={n_power_iterations}"
            )
        self.dim = one_dim("spectral_norm", dim, weight.dim(), weight.array.shape)
        self.eps = eps
        if weight.dim() > 1:
            self.n_power_iterations = n_power_iterations
            matrix = as_matrix(weight.detach(), self.dim)
            rows, columns = matrix.shape
            self.register_buffer("_u", unit(matrix.new_empty(rows).normal_(0, 1), eps))
            self.register_buffer("_v", unit(matrix.new_empty(columns).normal_(0, 1), eps))
            iterate(matrix, self._u, self._v, 15, eps, v_first=False)

    def forward(self, weight: Tensor) -> Tensor:
        if weight.dim() == 1:
            return unit(weight, self.eps)
        matrix = as_matrix(weight, self.dim)
        if self.training:
            iterate(matrix.detach(), self._u, self._v, self.n_power_iterations, self.eps, v_first=False)
        # copies: a second pass before backward moves the vectors in place
        u, v = self._u.clone(), self._v.clone()
        return weight / u.dot(matrix.mv(v))

    def right_inverse(self, value: Tensor) -> Tensor:
        return value


def spectral_norm(
    module: M, name: str = "weight", n_power_iterations: int = 1, eps: float = 1e-12, dim: int | None = None
) -> M:
    """Divide a weight by its largest singular value, as estimated by the power method; returns the module.

    The weight counts as a matrix with dim (of the outputs, unless given) as rows; in training every reading makes
    n_power_iterations steps of the method. Random: the first vectors are drawn. Raises ValueError for a name that is no
    tensor of the module. Source: Miyato et al. 2018, arXiv:1802.05957.

    >>> import gputensor as gt
    >>> layer = gt.nn.Linear(2, 2)
    >>> _ = gt.nn.init.constant_(layer.weight, 5.0)
    >>> gt.nn.utils.parametrizations.spectral_norm(layer).weight.detach().round(decimals=3)
    tensor([[0.5000, 0.5000],
            [0.5000, 0.5000]])
    """
    weight = getattr(module, name, None)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    made = _SpectralNorm(weight, n_power_iterations, usual_dim(module, dim), eps)
    return register_parametrization(module, name, made)


def __dir__() -> list[str]:
    return __all__
