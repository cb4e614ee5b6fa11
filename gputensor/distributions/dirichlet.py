"""The Dirichlet distribution."""

from __future__ import annotations

from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.distributions import constraints
from gputensor.distributions.exp_family import ExponentialFamily
from gputensor.distributions.utils import check_vectors
from gputensor.nn.functional import one_hot
from gputensor.ops.gamma_samples import log_gamma_sample

__all__ = ["Dirichlet"]


class Dirichlet(ExponentialFamily):
    """The Dirichlet distribution: vectors that add up to 1, density prod(x**(a - 1)) * gamma(sum a) / prod gamma(a).

    concentration: a, (batch…, n). Raises ValueError for a 0-d one.

    Unlike torch: the gradients of rsample are those of n gamma samples divided by their sum, so a single one differs
    from PyTorch's, while their means agree. Sampling waits for the GPU, and is one of the draws by rejection, which may
    rarely differ between devices. Where all concentrations are below 1, the mode is the corner of the largest one, not
    the first.

    >>> import gputensor as gt
    >>> gt.distributions.Dirichlet(gt.tensor([1.0, 3.0])).mean
    tensor([0.2500, 0.7500])
    """

    arg_constraints: ClassVar[Any] = {"concentration": constraints.independent(constraints.positive, 1)}
    support: Any = constraints.simplex
    has_rsample = True

    def __init__(self, concentration: Tensor, validate_args: bool | None = None) -> None:
        check_vectors("concentration", concentration)
        self.concentration = concentration
        super().__init__(concentration.shape[:-1], concentration.shape[-1:], validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        return self.concentration / self.concentration.sum(-1, True)

    @property
    def mode(self) -> Tensor:
        above = (self.concentration - 1).clamp(min=0)
        n = self.concentration.shape[-1]
        corner = one_hot(self.concentration.argmax(-1), n).to(above.dtype)
        return gt.where((self.concentration < 1).all(-1, True), corner, above / above.sum(-1, True))

    @property
    def variance(self) -> Tensor:
        total = self.concentration.sum(-1, True)
        return self.concentration * (total - self.concentration) / (total.square() * (total + 1))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        dtype = self.concentration.dtype
        logs = log_gamma_sample(self.concentration.expand(self._extended_shape(sample_shape)))
        return gt.softmax(logs, -1).to(dtype).clamp(min=gt.finfo(dtype).tiny)

    def log_prob(self, value: Tensor) -> Tensor:
        self._check_value(value)
        a = self.concentration
        return gt.xlogy(a - 1, value).sum(-1) + gt.lgamma(a.sum(-1)) - gt.lgamma(a).sum(-1)

    def entropy(self) -> Tensor:
        a = self.concentration
        n, total = a.shape[-1], a.sum(-1)
        return (
            gt.lgamma(a).sum(-1)
            - gt.lgamma(total)
            - (n - total) * gt.digamma(total)
            - ((a - 1) * gt.digamma(a)).sum(-1)
        )
