"""Linear layers: Identity, Linear, Bilinear."""

from __future__ import annotations

import math
from typing import Any

from gputensor._tensor import Tensor
from gputensor.errors import ShapeError
from gputensor.nn import functional as F, init
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import check_size
from gputensor.nn.parameter import Parameter
from gputensor.ops.creation import empty


class Identity(Module):
    """Its input, unchanged. Takes any arguments and ignores them, to stand in the place of another layer.

    >>> import gputensor as gt
    >>> gt.nn.Identity(54, unused=True)(gt.ones(2))
    tensor([1., 1.])
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def forward(self, input: Tensor) -> Tensor:
        return input


class Linear(Module):
    """A linear map: input @ weight.T + bias.

    input: (..., in_features) -> (..., out_features). weight: (out_features, in_features) and bias: (out_features,)
    begin uniform in ±1/sqrt(in_features). Raises ShapeError for another width of the input.

    >>> import gputensor as gt
    >>> layer = gt.nn.Linear(2, 3)
    >>> layer(gt.ones(5, 2)).shape
    gputensor.Size([5, 3])
    """

    in_features: int
    out_features: int
    weight: Tensor
    bias: Tensor | None

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        check_size("Linear", "in_features", in_features)
        check_size("Linear", "out_features", out_features)
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(empty(out_features, in_features, device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(empty(out_features, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        # a = sqrt(5) makes the bound of kaiming_uniform_ 1/sqrt(in_features)
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input: Tensor) -> Tensor:
        try:
            return F.linear(input, self.weight, self.bias)
        except ShapeError:
            if tuple(input.shape[-1:]) == (self.in_features,):
                raise
            raise ShapeError(
                f"{self._get_name()}(in_features={self.in_features}, out_features={self.out_features}): "
                f"expected {self.in_features} in the last dim of the input, got shape {tuple(input.shape)}"
            ) from None

    def extra_repr(self) -> str:
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


class NonDynamicallyQuantizableLinear(Linear):
    """A `Linear` under the name that PyTorch gives the last layer of `MultiheadAttention`.

    >>> import gputensor as gt
    >>> gt.nn.modules.linear.NonDynamicallyQuantizableLinear(2, 3)(gt.ones(5, 2)).shape
    gputensor.Size([5, 3])
    """


class Bilinear(Module):
    """A form linear in each of two inputs: y[k] = input1 @ weight[k] @ input2 + bias[k].

    input1: (..., in1_features), input2: (..., in2_features) -> (..., out_features). weight: (out_features,
    in1_features, in2_features) and bias begin uniform in ±1/sqrt(in1_features). Raises ShapeError for other widths of
    the inputs.

    >>> import gputensor as gt
    >>> gt.nn.Bilinear(2, 3, 4)(gt.ones(5, 2), gt.ones(5, 3)).shape
    gputensor.Size([5, 4])
    """

    in1_features: int
    in2_features: int
    out_features: int
    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        check_size("Bilinear", "in1_features", in1_features)
        check_size("Bilinear", "in2_features", in2_features)
        check_size("Bilinear", "out_features", out_features)
        if in1_features <= 0:
            raise ValueError(f"in1_features must be > 0, but got {in1_features}")
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(empty(out_features, in1_features, in2_features, device=device, dtype=dtype))
        self.register_parameter("bias", Parameter(empty(out_features, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew."""
        bound = 1 / math.sqrt(self.in1_features)
        init.uniform_(self.weight, -bound, bound)
        if self.bias is not None:
            init.uniform_(self.bias, -bound, bound)

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        try:
            return F.bilinear(input1, input2, self.weight, self.bias)
        except ShapeError:
            widths = tuple(input1.shape[-1:]) + tuple(input2.shape[-1:])
            if widths == (self.in1_features, self.in2_features):
                raise
            raise ShapeError(
                f"{self._get_name()}(in1_features={self.in1_features}, in2_features={self.in2_features}): expected "
                f"{self.in1_features} "
                f"and {self.in2_features} in the last dims of the inputs, got shapes {tuple(input1.shape)} and "
                f"{tuple(input2.shape)}"
            ) from None

    def extra_repr(self) -> str:
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
