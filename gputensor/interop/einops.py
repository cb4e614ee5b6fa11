"""einops' operations as layers of networks, as ``einops.layers.torch`` has them; needs einops.

The operations themselves take tensors without this module: ``einops.rearrange(t, "b c -> c b")``.
"""

from __future__ import annotations

from typing import Any

from einops.layers import RearrangeMixin, ReduceMixin
from einops.layers._einmix import _EinmixMixin

import gputensor as gt
from gputensor import Tensor, nn
from gputensor.interop import einops_backend as _backend

__all__ = ["EinMix", "Rearrange", "Reduce"]
# whoever imports this module alone gets the operations, too
FRAMEWORK = _backend.GputensorBackend.framework_name


class Rearrange(RearrangeMixin, nn.Module):  # type: ignore[misc]  # einops has no types
    """`einops.rearrange` as a layer. Raises EinopsError for patterns that make no sense and shapes that do not fit.

    >>> import gputensor as gt
    >>> from gputensor.interop.einops import Rearrange
    >>> Rearrange("b (h w) -> b h w", h=2)(gt.zeros(3, 8)).shape
    gputensor.Size([3, 2, 4])
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input with its dims as the pattern says."""
        out: Tensor = self._apply_recipe(input)
        return out


class Reduce(ReduceMixin, nn.Module):  # type: ignore[misc]  # einops has no types
    """`einops.reduce` as a layer: min, max, sum, mean, prod, any or all over what the pattern's right side lacks.

    >>> import gputensor as gt
    >>> from gputensor.interop.einops import Reduce
    >>> Reduce("b c (h h2) -> b c h", "max", h2=2)(gt.arange(8.0).reshape(1, 2, 4)).tolist()
    [[[1.0, 3.0], [5.0, 7.0]]]
    """

    def forward(self, input: Tensor) -> Tensor:
        """The input reduced as the pattern says."""
        out: Tensor = self._apply_recipe(input)
        return out


class EinMix(_EinmixMixin, nn.Module):  # type: ignore[misc]  # einops has no types
    """A linear layer over named dims: an einsum of the input with a weight, a bias, and rearrangements around them.

    The weight is drawn from the uniform distribution within the bound of He's initialization.

    >>> import gputensor as gt
    >>> from gputensor.interop.einops import EinMix
    >>> layer = EinMix("t b c_in -> t b c_out", weight_shape="c_in c_out", bias_shape="c_out", c_in=3, c_out=5)
    >>> layer(gt.zeros(2, 4, 3)).shape, layer.weight.shape
    (gputensor.Size([2, 4, 5]), gputensor.Size([3, 5]))
    """

    weight: nn.Parameter
    bias: nn.Parameter | None
    einsum_pattern: str
    pre_rearrange: Rearrange | None
    post_rearrange: Rearrange | None

    def _create_parameters(
        self, weight_shape: list[int], weight_bound: float, bias_shape: list[int] | None, bias_bound: float
    ) -> None:
        self.weight = nn.Parameter(gt.empty(weight_shape).uniform_(-weight_bound, weight_bound))
        self.bias = None
        if bias_shape is not None:
            self.bias = nn.Parameter(gt.empty(bias_shape).uniform_(-bias_bound, bias_bound))

    def _create_rearrange_layers(
        self,
        pre_reshape_pattern: str | None,
        pre_reshape_lengths: dict[str, Any] | None,
        post_reshape_pattern: str | None,
        post_reshape_lengths: dict[str, Any] | None,
    ) -> None:
        self.pre_rearrange = self.post_rearrange = None
        if pre_reshape_pattern is not None:
            self.pre_rearrange = Rearrange(pre_reshape_pattern, **(pre_reshape_lengths or {}))
        if post_reshape_pattern is not None:
            self.post_rearrange = Rearrange(post_reshape_pattern, **(post_reshape_lengths or {}))

    def forward(self, input: Tensor) -> Tensor:
        """The mixed input."""
        x = input if self.pre_rearrange is None else self.pre_rearrange(input)
        x = gt.einsum(self.einsum_pattern, x, self.weight)
        if self.bias is not None:
            x = x + self.bias
        return x if self.post_rearrange is None else self.post_rearrange(x)
