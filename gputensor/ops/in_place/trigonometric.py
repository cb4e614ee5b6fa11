"""In-place functions of angles and their inverses.

Each writes into its first argument and returns it, as the method of its name does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gputensor.ops.operands import tensor_operand

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def sin_(input: Tensor) -> Tensor:
    """`sin` in place.

    >>> import gputensor as gt
    >>> gt.sin_(gt.tensor([0.5, -0.25]))
    tensor([ 0.4794, -0.2474])
    """
    return tensor_operand("sin_", input).sin_()


def cos_(input: Tensor) -> Tensor:
    """`cos` in place.

    >>> import gputensor as gt
    >>> gt.cos_(gt.tensor([0.5, -0.25]))
    tensor([0.8776, 0.9689])
    """
    return tensor_operand("cos_", input).cos_()


def tan_(input: Tensor) -> Tensor:
    """`tan` in place.

    >>> import gputensor as gt
    >>> gt.tan_(gt.tensor([0.5, -0.25]))
    tensor([ 0.5463, -0.2553])
    """
    return tensor_operand("tan_", input).tan_()


def asin_(input: Tensor) -> Tensor:
    """`asin` in place.

    >>> import gputensor as gt
    >>> gt.asin_(gt.tensor([0.5, -0.25]))
    tensor([ 0.5236, -0.2527])
    """
    return tensor_operand("asin_", input).asin_()


def acos_(input: Tensor) -> Tensor:
    """`acos` in place.

    >>> import gputensor as gt
    >>> gt.acos_(gt.tensor([0.5, -0.25]))
    tensor([1.0472, 1.8235])
    """
    return tensor_operand("acos_", input).acos_()


def atan_(input: Tensor) -> Tensor:
    """`atan` in place.

    >>> import gputensor as gt
    >>> gt.atan_(gt.tensor([0.5, -0.25]))
    tensor([ 0.4636, -0.2450])
    """
    return tensor_operand("atan_", input).atan_()


def sinh_(input: Tensor) -> Tensor:
    """`sinh` in place.

    >>> import gputensor as gt
    >>> gt.sinh_(gt.tensor([0.5, -0.25]))
    tensor([ 0.5211, -0.2526])
    """
    return tensor_operand("sinh_", input).sinh_()


def cosh_(input: Tensor) -> Tensor:
    """`cosh` in place.

    >>> import gputensor as gt
    >>> gt.cosh_(gt.tensor([0.5, -0.25]))
    tensor([1.1276, 1.0314])
    """
    return tensor_operand("cosh_", input).cosh_()


def tanh_(input: Tensor) -> Tensor:
    """`tanh` in place.

    >>> import gputensor as gt
    >>> gt.tanh_(gt.tensor([0.5, -0.25]))
    tensor([ 0.4621, -0.2449])
    """
    return tensor_operand("tanh_", input).tanh_()


def asinh_(input: Tensor) -> Tensor:
    """`asinh` in place.

    >>> import gputensor as gt
    >>> gt.asinh_(gt.tensor([0.5, -0.25]))
    tensor([ 0.4812, -0.2475])
    """
    return tensor_operand("asinh_", input).asinh_()


def atanh_(input: Tensor) -> Tensor:
    """`atanh` in place.

    >>> import gputensor as gt
    >>> gt.atanh_(gt.tensor([0.5, -0.25]))
    tensor([ 0.5493, -0.2554])
    """
    return tensor_operand("atanh_", input).atanh_()


def sinc_(input: Tensor) -> Tensor:
    """`sinc` in place.

    >>> import gputensor as gt
    >>> gt.sinc_(gt.tensor([0.5, -0.25]))
    tensor([0.6366, 0.9003])
    """
    return tensor_operand("sinc_", input).sinc_()


def acosh_(input: Tensor) -> Tensor:
    """`acosh` in place.

    >>> import gputensor as gt
    >>> gt.acosh_(gt.tensor([1.5, 2.0]))
    tensor([0.9624, 1.3170])
    """
    return tensor_operand("acosh_", input).acosh_()


def deg2rad_(input: Tensor) -> Tensor:
    """`deg2rad` in place.

    >>> import gputensor as gt
    >>> gt.deg2rad_(gt.tensor([180.0, 90.0]))
    tensor([3.1416, 1.5708])
    """
    return tensor_operand("deg2rad_", input).deg2rad_()


def rad2deg_(input: Tensor) -> Tensor:
    """`rad2deg` in place.

    >>> import gputensor as gt
    >>> gt.rad2deg_(gt.tensor([1.0, 2.0]))
    tensor([ 57.2958, 114.5916])
    """
    return tensor_operand("rad2deg_", input).rad2deg_()


arcsin_ = asin_
arccos_ = acos_
arctan_ = atan_
arcsinh_ = asinh_
arccosh_ = acosh_
arctanh_ = atanh_
