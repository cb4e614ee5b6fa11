"""Constraints: which values a parameter or a sample may have.

Singletons such as `positive` and `simplex`, and classes for those with bounds: ``interval(0, 1)``, ``less_than(3)``.

>>> import gputensor as gt
>>> from gputensor.distributions import constraints
>>> constraints.positive.check(gt.tensor([1.0, -1.0]))
tensor([ True, False])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gputensor as gt
from gputensor._tensor import Tensor

__all__ = [
    "Constraint",
    "MixtureSameFamilyConstraint",
    "boolean",
    "cat",
    "corr_cholesky",
    "dependent",
    "dependent_property",
    "greater_than",
    "greater_than_eq",
    "half_open_interval",
    "independent",
    "integer_interval",
    "interval",
    "is_dependent",
    "less_than",
    "lower_cholesky",
    "lower_triangular",
    "multinomial",
    "nonnegative",
    "nonnegative_integer",
    "one_hot",
    "positive",
    "positive_definite",
    "positive_integer",
    "positive_semidefinite",
    "real",
    "real_vector",
    "simplex",
    "square",
    "stack",
    "symmetric",
    "unit_interval",
]


class Constraint:
    """A region of values. ``event_dim``: how many trailing dims make up one value; ``is_discrete``: whether isolated.

    >>> from gputensor.distributions import constraints
    >>> constraints.simplex, constraints.simplex.event_dim
    (Simplex(), 1)
    """

    is_discrete: Any = False
    event_dim: Any = 0

    def check(self, value: Tensor) -> Tensor:
        """Whether each value lies in the region: a bool tensor without the event dims."""
        raise NotImplementedError(f"{type(self).__name__}: check is not defined")

    def __repr__(self) -> str:
        return type(self).__name__.lstrip("_") + "()"


class _Dependent(Constraint):
    """Placeholder for a region that hangs on other values: it cannot be checked by itself."""

    def __init__(self, *, is_discrete: Any = NotImplemented, event_dim: Any = NotImplemented) -> None:
        self._is_discrete = is_discrete
        self._event_dim = event_dim

    @property
    def is_discrete(self) -> bool:
        if self._is_discrete is NotImplemented:
            raise NotImplementedError("is_discrete of this constraint hangs on the instance; ask the distribution's")
        return self._is_discrete

    @property
    def event_dim(self) -> int:
        if self._event_dim is NotImplemented:
            raise NotImplementedError("event_dim of this constraint hangs on the instance; ask the distribution's")
        return self._event_dim

    def __call__(self, *, is_discrete: Any = NotImplemented, event_dim: Any = NotImplemented) -> _Dependent:
        """The same with these attributes known: ``constraints.dependent(is_discrete=False)``."""
        return _Dependent(
            is_discrete=self._is_discrete if is_discrete is NotImplemented else is_discrete,
            event_dim=self._event_dim if event_dim is NotImplemented else event_dim,
        )

    def check(self, value: Tensor) -> Tensor:
        raise ValueError("a dependent constraint cannot be checked by itself; take it from an instance")


def is_dependent(constraint: Any) -> bool:
    """Whether a constraint hangs on other values, so that it cannot be checked by itself.

    >>> from gputensor.distributions import constraints
    >>> constraints.is_dependent(constraints.dependent), constraints.is_dependent(constraints.real)
    (True, False)
    """
    return isinstance(constraint, _Dependent)


class _DependentProperty(property, _Dependent):
    """A property that gives an instance's constraint; asked of the class, it is a dependent constraint.

    >>> from gputensor.distributions import Uniform, constraints
    >>> constraints.is_dependent(Uniform.support), Uniform(0.0, 1.0).support.lower_bound
    (True, tensor(0.))
    """

    def __init__(
        self,
        fn: Callable[[Any], Any] | None = None,
        *,
        is_discrete: Any = NotImplemented,
        event_dim: Any = NotImplemented,
    ) -> None:
        property.__init__(self, fn)
        self._is_discrete = is_discrete
        self._event_dim = event_dim

    def __call__(self, fn: Any = None, **known: Any) -> Any:
        """As a decorator with keywords: ``@dependent_property(is_discrete=False, event_dim=0)``."""
        return _DependentProperty(fn, is_discrete=self._is_discrete, event_dim=self._event_dim)


class _IndependentConstraint(Constraint):
    """A constraint on every element of the last dims together.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.independent(constraints.positive, 1).check(gt.tensor([[1.0, -1.0], [1.0, 2.0]]))
    tensor([False,  True])
    """

    def __init__(self, base_constraint: Constraint, reinterpreted_batch_ndims: int) -> None:
        if not isinstance(base_constraint, Constraint):
            raise TypeError(f"independent: expected a Constraint, got {type(base_constraint).__name__}")
        if not isinstance(reinterpreted_batch_ndims, int) or reinterpreted_batch_ndims < 0:
            raise ValueError(f"independent: the number of dims must be an int >= 0, got {reinterpreted_batch_ndims!r}")
        self.base_constraint = base_constraint
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    @property
    def is_discrete(self) -> bool:
        return self.base_constraint.is_discrete

    @property
    def event_dim(self) -> int:
        return self.base_constraint.event_dim + self.reinterpreted_batch_ndims

    def check(self, value: Tensor) -> Tensor:
        result = self.base_constraint.check(value)
        n = self.reinterpreted_batch_ndims
        if result.ndim < n:
            raise ValueError(f"independent: expected a value with at least {self.event_dim} dims, got {value.ndim}")
        return result.reshape(*result.shape[: result.ndim - n], -1).all(-1)

    def __repr__(self) -> str:
        return f"IndependentConstraint({self.base_constraint!r}, {self.reinterpreted_batch_ndims})"


class MixtureSameFamilyConstraint(Constraint):
    """The support of a mixture: a value that all components, along the last batch dim, admit.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> c = constraints.MixtureSameFamilyConstraint(constraints.less_than(gt.tensor([1.0, 2.0])))
    >>> c.check(gt.tensor([0.0, 1.5]))
    tensor([ True, False])
    """

    def __init__(self, base_constraint: Constraint) -> None:
        if not isinstance(base_constraint, Constraint):
            raise TypeError(f"MixtureSameFamilyConstraint: expected a Constraint, got {type(base_constraint).__name__}")
        self.base_constraint = base_constraint

    @property
    def is_discrete(self) -> bool:
        return self.base_constraint.is_discrete

    @property
    def event_dim(self) -> int:
        return self.base_constraint.event_dim

    def check(self, value: Tensor) -> Tensor:
        if value.ndim < self.event_dim:
            raise ValueError(f"expected a value with at least {self.event_dim} dims, got shape {tuple(value.shape)}")
        return self.base_constraint.check(value.unsqueeze(-1 - self.event_dim)).all(-1)

    def __repr__(self) -> str:
        return f"MixtureSameFamilyConstraint({self.base_constraint!r})"


class _Boolean(Constraint):
    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        return (value == 0) | (value == 1)


class _OneHot(Constraint):
    is_discrete = True
    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        return ((value == 0) | (value == 1)).all(-1) & (value.sum(-1) == 1)


class _Bounded(Constraint):
    """A region between bounds, which are numbers or tensors that broadcast with the values."""

    bounds: tuple[str, ...] = ()

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={getattr(self, name)}" for name in self.bounds)
        return f"{type(self).__name__.lstrip('_')}({given})"


class _TwoBounds(_Bounded):
    bounds = ("lower_bound", "upper_bound")

    def __init__(self, lower_bound: Any, upper_bound: Any) -> None:
        self.lower_bound = lower_bound
        self.upper_bound = upper_bound


class _LowerBound(_Bounded):
    bounds = ("lower_bound",)

    def __init__(self, lower_bound: Any) -> None:
        self.lower_bound = lower_bound


class _UpperBound(_Bounded):
    bounds = ("upper_bound",)

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound


class _IntegerInterval(_TwoBounds):
    """Whole numbers from lower_bound to upper_bound, both included.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.integer_interval(0, 3).check(gt.tensor([0.0, 1.5, 3.0, 4.0]))
    tensor([ True, False,  True, False])
    """

    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        return (value % 1 == 0) & (self.lower_bound <= value) & (value <= self.upper_bound)


class _IntegerLessThan(_UpperBound):
    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        return (value % 1 == 0) & (value <= self.upper_bound)


class _IntegerGreaterThan(_LowerBound):
    is_discrete = True

    def check(self, value: Tensor) -> Tensor:
        return (value % 1 == 0) & (value >= self.lower_bound)


class _Real(Constraint):
    """Any number but nan."""

    def check(self, value: Tensor) -> Tensor:
        return value == value


class _GreaterThan(_LowerBound):
    """Numbers above lower_bound.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.greater_than(1).check(gt.tensor([1.0, 2.0]))
    tensor([False,  True])
    """

    def check(self, value: Tensor) -> Tensor:
        return self.lower_bound < value


class _GreaterThanEq(_LowerBound):
    """Numbers from lower_bound on.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.greater_than_eq(1).check(gt.tensor([0.0, 1.0]))
    tensor([False,  True])
    """

    def check(self, value: Tensor) -> Tensor:
        return self.lower_bound <= value


class _LessThan(_UpperBound):
    """Numbers below upper_bound.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.less_than(1).check(gt.tensor([0.0, 1.0]))
    tensor([ True, False])
    """

    def check(self, value: Tensor) -> Tensor:
        return value < self.upper_bound


class _Interval(_TwoBounds):
    """Numbers from lower_bound to upper_bound, both included.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.interval(0, 1).check(gt.tensor([0.0, 1.0, 1.5]))
    tensor([ True,  True, False])
    """

    def check(self, value: Tensor) -> Tensor:
        return (self.lower_bound <= value) & (value <= self.upper_bound)


class _HalfOpenInterval(_TwoBounds):
    """Numbers from lower_bound on, below upper_bound.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.half_open_interval(0, 1).check(gt.tensor([0.0, 1.0]))
    tensor([ True, False])
    """

    def check(self, value: Tensor) -> Tensor:
        return (self.lower_bound <= value) & (value < self.upper_bound)


class _Simplex(Constraint):
    """Vectors of numbers that are not negative and add up to 1, within 1e-6."""

    event_dim = 1

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & ((value.sum(-1) - 1).abs() < 1e-6)


class _Multinomial(Constraint):
    """Vectors of counts that add up to at most upper_bound.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.multinomial(3).check(gt.tensor([[1, 2], [2, 2]]))
    tensor([ True, False])
    """

    is_discrete = True
    event_dim = 1

    def __init__(self, upper_bound: Any) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Tensor) -> Tensor:
        return (value >= 0).all(-1) & (value.sum(-1) <= self.upper_bound)


class _Square(Constraint):
    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        square = value.ndim >= 2 and value.shape[-2] == value.shape[-1]
        return gt.full(tuple(value.shape[:-2]), square, device=value.device)


class _LowerTriangular(Constraint):
    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        return (value.tril() == value).flatten(-2).all(-1)


class _LowerCholesky(Constraint):
    """Lower triangular matrices with a positive diagonal."""

    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        return (value.tril() == value).flatten(-2).all(-1) & (value.diagonal(dim1=-2, dim2=-1) > 0).all(-1)


class _CorrCholesky(Constraint):
    """Lower triangular matrices with a positive diagonal and rows of length 1."""

    event_dim = 2

    def check(self, value: Tensor) -> Tensor:
        # as exact as the rounding of a row's sum of squares allows
        room = gt.finfo(value.dtype).eps * value.shape[-1] * 10
        lengths = value.detach().square().sum(-1)
        return lower_cholesky.check(value) & ((lengths - 1).abs() < room).all(-1)


class _Symmetric(_Square):
    def check(self, value: Tensor) -> Tensor:
        square = super().check(value)
        if value.ndim < 2 or value.shape[-2] != value.shape[-1]:
            return square
        return gt.isclose(value, value.mT, atol=1e-6).flatten(-2).all(-1)


class _PositiveSemidefinite(_Symmetric):
    def check(self, value: Tensor) -> Tensor:
        symmetric_ones = super().check(value)
        if not symmetric_ones.all():
            return symmetric_ones
        return (gt.linalg.eigvalsh(value) >= 0).all(-1)


class _PositiveDefinite(_Symmetric):
    def check(self, value: Tensor) -> Tensor:
        symmetric_ones = super().check(value)
        if not symmetric_ones.all():
            return symmetric_ones
        return gt.linalg.cholesky_ex(value.detach())[1] == 0


class _Joined(Constraint):
    """Constraints on parts of a tensor along one dim."""

    def __init__(self, cseq: Sequence[Constraint], dim: int) -> None:
        self.cseq = list(cseq)
        if not all([isinstance(c, Constraint) for c in self.cseq]):
            raise TypeError(f"{type(self).__name__.lstrip('_').lower()}: expected Constraints, got {self.cseq}")
        self.dim = dim

    @property
    def is_discrete(self) -> bool:
        return any([c.is_discrete for c in self.cseq])

    @property
    def event_dim(self) -> int:
        return max([c.event_dim for c in self.cseq])


class _Cat(_Joined):
    """Constraints on the pieces of a concatenation along dim; lengths: those of the pieces, 1 unless given.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.cat([constraints.positive, constraints.real], lengths=[2, 1]).check(gt.tensor([1.0, -1.0, -1.0]))
    tensor([ True, False,  True])
    """

    def __init__(self, cseq: Sequence[Constraint], dim: int = 0, lengths: Sequence[int] | None = None) -> None:
        super().__init__(cseq, dim)
        self.lengths = [1] * len(self.cseq) if lengths is None else list(lengths)
        if len(self.lengths) != len(self.cseq):
            raise ValueError(f"cat: {len(self.cseq)} constraints, but {len(self.lengths)} lengths")

    def check(self, value: Tensor) -> Tensor:
        pieces = gt.split(value, self.lengths, self.dim)
        return gt.cat([c.check(v) for c, v in zip(self.cseq, pieces, strict=True)], self.dim)


class _Stack(_Joined):
    """Constraints on the slices of a stack along dim.

    >>> import gputensor as gt
    >>> from gputensor.distributions import constraints
    >>> constraints.stack([constraints.positive, constraints.real]).check(gt.tensor([[1.0, -1.0], [1.0, -1.0]]))
    tensor([[ True, False],
            [ True,  True]])
    """

    def __init__(self, cseq: Sequence[Constraint], dim: int = 0) -> None:
        super().__init__(cseq, dim)

    def check(self, value: Tensor) -> Tensor:
        slices = value.unbind(self.dim)
        return gt.stack([c.check(v) for c, v in zip(self.cseq, slices, strict=True)], self.dim)


dependent = _Dependent()
dependent_property = _DependentProperty
independent = _IndependentConstraint
boolean = _Boolean()
one_hot = _OneHot()
nonnegative_integer = _IntegerGreaterThan(0)
positive_integer = _IntegerGreaterThan(1)
integer_interval = _IntegerInterval
real = _Real()
real_vector = independent(real, 1)
positive = _GreaterThan(0.0)
nonnegative = _GreaterThanEq(0.0)
greater_than = _GreaterThan
greater_than_eq = _GreaterThanEq
less_than = _LessThan
multinomial = _Multinomial
unit_interval = _Interval(0.0, 1.0)
interval = _Interval
half_open_interval = _HalfOpenInterval
simplex = _Simplex()
lower_triangular = _LowerTriangular()
lower_cholesky = _LowerCholesky()
corr_cholesky = _CorrCholesky()
square = _Square()
symmetric = _Symmetric()
positive_semidefinite = _PositiveSemidefinite()
positive_definite = _PositiveDefinite()
cat = _Cat
stack = _Stack


def __dir__() -> list[str]:
    return __all__
