"""In-place exponentials, logarithms, powers and special functions.

Each writes into its first argument and returns it, as the method of its name does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gputensor.ops.operands import Number, tensor_operand

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def exp_(input: Tensor) -> Tensor:
    """`exp` in place.

    >>> import gputensor as gt
    >>> gt.exp_(gt.tensor([0.5, 0.25]))
    tensor([1.6487, 1.2840])
    """
    return tensor_operand("exp_", input).exp_()


def exp2_(input: Tensor) -> Tensor:
    """`exp2` in place.

    >>> import gputensor as gt
    >>> gt.exp2_(gt.tensor([0.5, 0.25]))
    tensor([1.4142, 1.1892])
    """
    return tensor_operand("exp2_", input).exp2_()


def expm1_(input: Tensor) -> Tensor:
    """`expm1` in place.

    >>> import gputensor as gt
    >>> gt.expm1_(gt.tensor([0.5, 0.25]))
    tensor([0.6487, 0.2840])
    """
    return tensor_operand("expm1_", input).expm1_()


def log_(input: Tensor) -> Tensor:
    """`log` in place.

    >>> import gputensor as gt
    >>> gt.log_(gt.tensor([0.5, 0.25]))
    tensor([-0.6931, -1.3863])
    """
    return tensor_operand("log_", input).log_()


def log2_(input: Tensor) -> Tensor:
    """`log2` in place.

    >>> import gputensor as gt
    >>> gt.log2_(gt.tensor([0.5, 0.25]))
    tensor([-1., -2.])
    """
    return tensor_operand("log2_", input).log2_()


def log10_(input: Tensor) -> Tensor:
    """`log10` in place.

    >>> import gputensor as gt
    >>> gt.log10_(gt.tensor([0.5, 0.25]))
    tensor([-0.3010, -0.6021])
    """
    return tensor_operand("log10_", input).log10_()


def log1p_(input: Tensor) -> Tensor:
    """`log1p` in place.

    >>> import gputensor as gt
    >>> gt.log1p_(gt.tensor([0.5, 0.25]))
    tensor([0.4055, 0.2231])
    """
    return tensor_operand("log1p_", input).log1p_()


def sqrt_(input: Tensor) -> Tensor:
    """`sqrt` in place.

    >>> import gputensor as gt
    >>> gt.sqrt_(gt.tensor([0.5, 0.25]))
    tensor([0.7071, 0.5000])
    """
    return tensor_operand("sqrt_", input).sqrt_()


def rsqrt_(input: Tensor) -> Tensor:
    """`rsqrt` in place.

    >>> import gputensor as gt
    >>> gt.rsqrt_(gt.tensor([0.5, 0.25]))
    tensor([1.4142, 2.0000])
    """
    return tensor_operand("rsqrt_", input).rsqrt_()


def square_(input: Tensor) -> Tensor:
    """`square` in place.

    >>> import gputensor as gt
    >>> gt.square_(gt.tensor([0.5, 0.25]))
    tensor([0.2500, 0.0625])
    """
    return tensor_operand("square_", input).square_()


def reciprocal_(input: Tensor) -> Tensor:
    """`reciprocal` in place.

    >>> import gputensor as gt
    >>> gt.reciprocal_(gt.tensor([0.5, 0.25]))
    tensor([2., 4.])
    """
    return tensor_operand("reciprocal_", input).reciprocal_()


def sigmoid_(input: Tensor) -> Tensor:
    """`sigmoid` in place.

    >>> import gputensor as gt
    >>> gt.sigmoid_(gt.tensor([0.5, 0.25]))
    tensor([0.6225, 0.5622])
    """
    return tensor_operand("sigmoid_", input).sigmoid_()


def erf_(input: Tensor) -> Tensor:
    """`erf` in place.

    >>> import gputensor as gt
    >>> gt.erf_(gt.tensor([0.5, 0.25]))
    tensor([0.5205, 0.2763])
    """
    return tensor_operand("erf_", input).erf_()


def erfc_(input: Tensor) -> Tensor:
    """`erfc` in place.

    >>> import gputensor as gt
    >>> gt.erfc_(gt.tensor([0.5, 0.25]))
    tensor([0.4795, 0.7237])
    """
    return tensor_operand("erfc_", input).erfc_()


def i0_(input: Tensor) -> Tensor:
    """`i0` in place.

    >>> import gputensor as gt
    >>> gt.i0_(gt.tensor([0.5, 0.25]))
    tensor([1.0635, 1.0157])
    """
    return tensor_operand("i0_", input).i0_()


def logit_(input: Tensor, eps: float | None = None) -> Tensor:
    """`logit` in place.

    >>> import gputensor as gt
    >>> gt.logit_(gt.tensor([0.5, 0.25]))
    tensor([ 0.0000, -1.0986])
    """
    return tensor_operand("logit_", input).logit_(eps)


def xlogy_(input: Tensor, other: Tensor | Number) -> Tensor:
    """`xlogy` in place.

    >>> import gputensor as gt
    >>> gt.xlogy_(gt.tensor([0.5, 0.25]), 2.0)
    tensor([0.3466, 0.1733])
    """
    return tensor_operand("xlogy_", input).xlogy_(other)


def ldexp_(input: Tensor, other: Tensor) -> Tensor:
    """`ldexp` in place.

    >>> import gputensor as gt
    >>> gt.ldexp_(gt.tensor([0.5, 0.25]), gt.tensor([1, 3]))
    tensor([1., 2.])
    """
    return tensor_operand("ldexp_", input).ldexp_(other)
