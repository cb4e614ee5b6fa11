"""In-place signs, roundings, limits and fillings.

Each writes into its first argument and returns it, as the method of its name does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gputensor.ops.operands import Number, tensor_operand

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def abs_(input: Tensor) -> Tensor:
    """`abs` in place.

    >>> import gputensor as gt
    >>> gt.abs_(gt.tensor([1.5, -0.75]))
    tensor([1.5000, 0.7500])
    """
    return tensor_operand("abs_", input).abs_()


def neg_(input: Tensor) -> Tensor:
    """`neg` in place.

    >>> import gputensor as gt
    >>> gt.neg_(gt.tensor([1.5, -0.75]))
    tensor([-1.5000,  0.7500])
    """
    return tensor_operand("neg_", input).neg_()


def ceil_(input: Tensor) -> Tensor:
    """`ceil` in place.

    >>> import gputensor as gt
    >>> gt.ceil_(gt.tensor([1.5, -0.75]))
    tensor([2., -0.])
    """
    return tensor_operand("ceil_", input).ceil_()


def floor_(input: Tensor) -> Tensor:
    """`floor` in place.

    >>> import gputensor as gt
    >>> gt.floor_(gt.tensor([1.5, -0.75]))
    tensor([ 1., -1.])
    """
    return tensor_operand("floor_", input).floor_()


def trunc_(input: Tensor) -> Tensor:
    """`trunc` in place.

    >>> import gputensor as gt
    >>> gt.trunc_(gt.tensor([1.5, -0.75]))
    tensor([1., -0.])
    """
    return tensor_operand("trunc_", input).trunc_()


def frac_(input: Tensor) -> Tensor:
    """`frac` in place.

    >>> import gputensor as gt
    >>> gt.frac_(gt.tensor([1.5, -0.75]))
    tensor([ 0.5000, -0.7500])
    """
    return tensor_operand("frac_", input).frac_()


def conj_physical_(input: Tensor) -> Tensor:
    """`conj_physical` in place.

    >>> import gputensor as gt
    >>> gt.conj_physical_(gt.tensor([1.5, -0.75]))
    tensor([ 1.5000, -0.7500])
    """
    return tensor_operand("conj_physical_", input).conj_physical_()


def zero_(input: Tensor) -> Tensor:
    """Set every element to 0.

    >>> import gputensor as gt
    >>> gt.zero_(gt.tensor([1.5, -0.75]))
    tensor([0., 0.])
    """
    return tensor_operand("zero_", input).zero_()


def relu_(input: Tensor) -> Tensor:
    """`nn.functional.relu` in place.

    >>> import gputensor as gt
    >>> gt.relu_(gt.tensor([1.5, -0.75]))
    tensor([1.5000, 0.0000])
    """
    return tensor_operand("relu_", input).relu_()


def round_(input: Tensor, *, decimals: int = 0) -> Tensor:
    """`round` in place.

    >>> import gputensor as gt
    >>> gt.round_(gt.tensor([1.5, -0.75]))
    tensor([ 2., -1.])
    """
    return tensor_operand("round_", input).round_(decimals=decimals)


def clamp_(input: Tensor, min: Tensor | Number | None = None, max: Tensor | Number | None = None) -> Tensor:
    """`clamp` in place.

    >>> import gputensor as gt
    >>> gt.clamp_(gt.tensor([1.5, -0.75]), 0.0, 1.0)
    tensor([1., 0.])
    """
    return tensor_operand("clamp_", input).clamp_(min, max)


def clamp_min_(input: Tensor, min: Tensor | Number) -> Tensor:
    """`clamp_min` in place.

    >>> import gputensor as gt
    >>> gt.clamp_min_(gt.tensor([1.5, -0.75]), 0.0)
    tensor([1.5000, 0.0000])
    """
    return tensor_operand("clamp_min_", input).clamp_min_(min)


def clamp_max_(input: Tensor, max: Tensor | Number) -> Tensor:
    """`clamp_max` in place.

    >>> import gputensor as gt
    >>> gt.clamp_max_(gt.tensor([1.5, -0.75]), 1.0)
    tensor([ 1.0000, -0.7500])
    """
    return tensor_operand("clamp_max_", input).clamp_max_(max)


def nan_to_num_(
    input: Tensor, nan: float | None = None, posinf: float | None = None, neginf: float | None = None
) -> Tensor:
    """`nan_to_num` in place.

    >>> import gputensor as gt
    >>> gt.nan_to_num_(gt.tensor([float("inf"), 1.0]), 0.0, 9.0)
    tensor([9., 1.])
    """
    return tensor_operand("nan_to_num_", input).nan_to_num_(nan, posinf, neginf)


def fill_(input: Tensor, value: Tensor | Number) -> Tensor:
    """Set every element to value, a number or a 0-d tensor.

    >>> import gputensor as gt
    >>> gt.fill_(gt.tensor([1.5, -0.75]), 2.0)
    tensor([2., 2.])
    """
    return tensor_operand("fill_", input).fill_(value)


def gcd_(input: Tensor, other: Tensor) -> Tensor:
    """`gcd` in place.

    >>> import gputensor as gt
    >>> gt.gcd_(gt.tensor([6, 9]), gt.tensor([4, 6]))
    tensor([2, 3])
    """
    return tensor_operand("gcd_", input).gcd_(other)


def lcm_(input: Tensor, other: Tensor) -> Tensor:
    """`lcm` in place.

    >>> import gputensor as gt
    >>> gt.lcm_(gt.tensor([6, 9]), gt.tensor([4, 6]))
    tensor([12, 18])
    """
    return tensor_operand("lcm_", input).lcm_(other)


clip_ = clamp_
fix_ = trunc_
negative_ = neg_
