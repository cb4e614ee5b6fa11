"""The chi-squared distribution."""

from __future__ import annotations

from typing import Any, ClassVar

from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.gamma import Gamma
from gputensor.distributions.utils import broadcast_all

__all__ = ["Chi2"]


class Chi2(Gamma):
    """The chi-squared distribution: of the sum of df squared standard normal numbers, Gamma(df / 2, 1 / 2).

    >>> import gputensor as gt
    >>> gt.distributions.Chi2(gt.tensor([3.0])).mean
    tensor([3.])
    """

    arg_constraints: ClassVar[Any] = {"df": constraints.positive}

    def __init__(self, df: Tensor | float, validate_args: bool | None = None) -> None:
        (df,) = broadcast_all(df)
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    def _expandable(self) -> Any:
        return Gamma.arg_constraints

    @property
    def df(self) -> Tensor:
        """Degrees of freedom."""
        return self.concentration * 2
