"""A convolution or linear layer and the batch normalization behind it as one layer, for evaluation."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from gputensor._tensor import Tensor
from gputensor.errors import ArgumentError, ShapeError
from gputensor.nn.modules.batchnorm import _BatchNorm
from gputensor.nn.modules.conv import _ConvNd
from gputensor.nn.modules.linear import Linear
from gputensor.nn.parameter import Parameter
from gputensor.nn.utils._arguments import check_module
from gputensor.ops.dims import array_of

C = TypeVar("C", bound=_ConvNd)
L = TypeVar("L", bound=Linear)


def fuse_conv_bn_eval(conv: C, bn: _BatchNorm, transpose: bool = False) -> C:
    """A convolution that computes what `conv` and then `bn` do in evaluation. transpose: for transposed convolutions.

    A copy. Raises RuntimeError for layers in training and for a bn without running statistics.

    >>> import gputensor as gt
    >>> conv, bn = gt.nn.Conv1d(1, 2, 3).eval(), gt.nn.BatchNorm1d(2).eval()
    >>> gt.nn.utils.fuse_conv_bn_eval(conv, bn)
    Conv1d(1, 2, kernel_size=(3,), stride=(1,))
    """
    mean, var = _statistics("fuse_conv_bn_eval", conv, bn)
    fused: Any = copy.deepcopy(conv)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, mean, var, bn.eps, bn.weight, bn.bias, transpose
    )
    return fused


def fuse_conv_bn_weights(
    conv_w: Tensor,
    conv_b: Tensor | None,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: float,
    bn_w: Tensor | None,
    bn_b: Tensor | None,
    transpose: bool = False,
) -> tuple[Parameter, Parameter]:
    """The weight and bias of `fuse_conv_bn_eval`, from those of both layers and the running mean and variance.

    >>> import gputensor as gt
    >>> one = gt.ones(1)
    >>> gt.nn.utils.fuse_conv_bn_weights(gt.ones(1, 1, 1), None, one, one, 0.0, 2 * one, None)[1].tolist()
    [-2.0]
    """
    _check_tensors("fuse_conv_bn_weights", conv_w, conv_b, bn_rm, bn_rv, bn_w, bn_b)
    scale = (bn_rv + bn_eps).rsqrt()
    if bn_w is not None:
        scale = scale * bn_w
    shape = ([1, -1] if transpose else [-1, 1]) + [1] * (conv_w.dim() - 2)
    return _made(conv_w, conv_b, conv_w * scale.reshape(shape), bn_rm, scale, bn_b)


def fuse_linear_bn_eval(linear: L, bn: _BatchNorm) -> L:
    """A linear layer that computes what `linear` and then `bn` do in evaluation.

    A copy. Raises RuntimeError for layers in training and for a bn without running statistics, ShapeError where bn has
    neither one feature nor as many as the layer has outputs.

    >>> import gputensor as gt
    >>> gt.nn.utils.fuse_linear_bn_eval(gt.nn.Linear(3, 2).eval(), gt.nn.BatchNorm1d(2).eval())
    Linear(in_features=3, out_features=2, bias=True)
    """
    mean, var = _statistics("fuse_linear_bn_eval", linear, bn)
    if bn.num_features not in (linear.out_features, 1):
        raise ShapeError(
            f"fuse_linear_bn_eval: bn must have {linear.out_features} features or 1, as the layer has outputs, got "
            f"{bn.num_features}"
        )
    fused: Any = copy.deepcopy(linear)
    fused.weight, fused.bias = fuse_linear_bn_weights(fused.weight, fused.bias, mean, var, bn.eps, bn.weight, bn.bias)
    return fused


def fuse_linear_bn_weights(
    linear_w: Tensor,
    linear_b: Tensor | None,
    bn_rm: Tensor,
    bn_rv: Tensor,
    bn_eps: float,
    bn_w: Tensor | None,
    bn_b: Tensor | None,
) -> tuple[Parameter, Parameter]:
    """The weight and bias of `fuse_linear_bn_eval`, from those of both layers and the running mean and variance.

    >>> import gputensor as gt
    >>> one = gt.ones(1)
    >>> gt.nn.utils.fuse_linear_bn_weights(gt.ones(1, 1), 3 * one, one, one, 0.0, one, one)[1].tolist()
    [3.0]
    """
    _check_tensors("fuse_linear_bn_weights", linear_w, linear_b, bn_rm, bn_rv, bn_w, bn_b)
    scale = (bn_rv + bn_eps).rsqrt()
    if bn_w is not None:
        scale = scale * bn_w
    return _made(linear_w, linear_b, linear_w * scale.unsqueeze(-1), bn_rm, scale, bn_b)


def _statistics(name: str, layer: Any, bn: Any) -> tuple[Tensor, Tensor]:
    check_module(name, layer, "the first layer")
    check_module(name, bn, "bn")
    if layer.training or bn.training:
        raise ArgumentError("Fusion only for eval! Call .eval() on both layers first")
    if bn.running_mean is None or bn.running_var is None:
        raise ArgumentError("Fusion needs running statistics; the batch normalization has none")
    return bn.running_mean, bn.running_var


def _check_tensors(name: str, w: Any, b: Any, mean: Any, var: Any, scale: Any, shift: Any) -> None:
    for what, value in (("the layer's weight", w), ("bn_rm", mean), ("bn_rv", var)):
        array_of(name, value, what)
    for what, value in (("the layer's bias", b), ("bn_w", scale), ("bn_b", shift)):
        if value is not None:
            array_of(name, value, what)


def _made(
    w: Tensor, b: Tensor | None, weight: Tensor, mean: Tensor, scale: Tensor, shift: Tensor | None
) -> tuple[Parameter, Parameter]:
    bias = (-mean if b is None else b - mean) * scale
    if shift is not None:
        bias = bias + shift
    kind = w.dtype if b is None else b.dtype
    return (
        Parameter(weight.detach().to(w.dtype), w.requires_grad),
        Parameter(bias.detach().to(kind), b is not None and b.requires_grad),
    )
