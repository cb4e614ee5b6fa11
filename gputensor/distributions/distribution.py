"""The base of all distributions."""

from __future__ import annotations

import copy
import warnings
from typing import Any, ClassVar

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.core.explain import everywhere
from gputensor.distributions import constraints
from gputensor.distributions.utils import as_size, lazy_property

__all__ = ["Distribution"]


def _everywhere(holds: Any) -> bool:
    """Whether a check holds for all elements, inside vmap those of all examples."""
    return everywhere(holds.xp, holds.array) if isinstance(holds, Tensor) else bool(holds)


class Distribution:
    """A probability distribution over values of shape event_shape, one for every element of batch_shape.

    Samples have shape sample_shape + batch_shape + event_shape, densities sample_shape + batch_shape. A subclass sets
    its parameters, which ``arg_constraints`` names with their constraints, then calls ``super().__init__``; ``support``
    is the constraint of the values. validate_args: whether parameters and values are checked, on unless Python runs
    with -O; a check on the GPU waits for it.

    Raises ValueError where a parameter does not satisfy its constraint.

    >>> import gputensor as gt
    >>> d = gt.distributions.Normal(gt.zeros(3, 1), gt.ones(2))
    >>> d.batch_shape, d.event_shape, d.sample((4,)).shape
    (gputensor.Size([3, 2]), gputensor.Size([]), gputensor.Size([4, 3, 2]))
    """

    has_rsample: Any = False
    has_enumerate_support: Any = False
    arg_constraints: ClassVar[Any]
    support: Any
    _validate_args: bool = __debug__
    # further attributes that `expand` expands: names, and how many of their last dims belong to the event
    _expanded_too: ClassVar[dict[str, int]] = {}

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Let new distributions check their arguments, or not.

        >>> from gputensor.distributions import Distribution
        >>> Distribution.set_default_validate_args(True)
        """
        if value not in (True, False):
            raise ValueError(f"set_default_validate_args: expected True or False, got {value!r}")
        Distribution._validate_args = bool(value)

    def __init__(self, batch_shape: Any = (), event_shape: Any = (), validate_args: bool | None = None) -> None:
        self._batch_shape = as_size(batch_shape)
        self._event_shape = as_size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._check_parameters()

    def _check_parameters(self) -> None:
        try:
            regions = self.arg_constraints
        except (NotImplementedError, AttributeError):
            warnings.warn(
                f"{type(self).__name__} does not define arg_constraints, so its parameters are not checked; define "
                "them, or pass validate_args=False",
                stacklevel=3,
            )
            return
        for name, region in regions.items():
            if constraints.is_dependent(region):
                continue
            if name not in self.__dict__ and isinstance(getattr(type(self), name, None), lazy_property):
                continue  # computed from another parameter, which is checked
            value = getattr(self, name)
            if not _everywhere(region.check(value)):
                raise ValueError(
                    f"Expected parameter {name} ({type(value).__name__} of shape {tuple(value.shape)}) of distribution "
                    f"{self!r} to satisfy the constraint {region!r}, but found invalid values:\n{value}"
                )

    @property
    def batch_shape(self) -> gt.Size:
        """The shape of the parameters: one distribution for every element."""
        return self._batch_shape

    @property
    def event_shape(self) -> gt.Size:
        """The shape of one value."""
        return self._event_shape

    def expand(self, batch_shape: Any, _instance: Any = None) -> Any:
        """The same distribution with a batch shape that the present one broadcasts to; parameters become views.

        Raises ShapeError where it does not.
        """
        batch = as_size(batch_shape)
        new = copy.copy(self) if _instance is None else _instance
        given = dict(self.__dict__) if _instance is None else {**self.__dict__, **_instance.__dict__}
        dims = {name: region.event_dim for name, region in self._expandable().items()} | self._expanded_too
        cached = [name for name in given if name not in dims and _is_lazy(type(self), name)]
        for name in cached:
            del given[name]
        for name, event_dim in dims.items():
            if isinstance(given.get(name), Tensor):
                tail = given[name].shape[given[name].ndim - event_dim :]
                given[name] = given[name].expand(batch + tail)
        new.__dict__.update(given)
        for name in cached:
            new.__dict__.pop(name, None)
        new._batch_shape = batch
        return new

    def _get_checked_instance(self, cls: type, _instance: Any = None) -> Any:
        """A new instance without parameters, for subclasses that write an `expand` of their own."""
        return type(self).__new__(type(self)) if _instance is None else _instance

    def _expandable(self) -> Any:
        """The parameters that the instance holds, with their constraints."""
        return self.arg_constraints

    @property
    def mean(self) -> Tensor:
        """The mean."""
        raise NotImplementedError(f"{type(self).__name__} has no mean in closed form")

    @property
    def mode(self) -> Tensor:
        """The most likely value."""
        raise NotImplementedError(f"{type(self).__name__} has no mode in closed form")

    @property
    def variance(self) -> Tensor:
        """The variance."""
        raise NotImplementedError(f"{type(self).__name__} has no variance in closed form")

    @property
    def stddev(self) -> Tensor:
        """The standard deviation, the root of the variance."""
        return self.variance.sqrt()

    def sample(self, sample_shape: Any = ()) -> Tensor:
        """Random values of shape sample_shape + batch_shape + event_shape, without history."""
        with gt.no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        """Random values as differentiable functions of the parameters."""
        raise NotImplementedError(f"{type(self).__name__} has no rsample; use sample")

    def sample_n(self, n: int) -> Tensor:
        """`sample` of shape (n,); deprecated, as in PyTorch. Warns with FutureWarning."""
        warnings.warn("sample_n(n) is deprecated; use sample((n,))", FutureWarning, stacklevel=2)
        return self.sample((n,))

    def log_prob(self, value: Tensor) -> Tensor:
        """The logarithm of the density, or of the probability of a discrete value."""
        raise NotImplementedError(f"{type(self).__name__} has no log_prob")

    def cdf(self, value: Tensor) -> Tensor:
        """The probability of a value at most this one."""
        raise NotImplementedError(f"{type(self).__name__} has no cdf in closed form")

    def icdf(self, value: Tensor) -> Tensor:
        """The inverse of `cdf`."""
        raise NotImplementedError(f"{type(self).__name__} has no icdf in closed form")

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All values of a discrete distribution: (values,) + batch_shape + event_shape; without expand, ones there."""
        raise NotImplementedError(f"{type(self).__name__} cannot list its values")

    def entropy(self) -> Tensor:
        """The entropy in nats, of shape batch_shape."""
        raise NotImplementedError(f"{type(self).__name__} has no entropy in closed form")

    def perplexity(self) -> Tensor:
        """exp(entropy), of shape batch_shape."""
        return gt.exp(self.entropy())

    def _extended_shape(self, sample_shape: Any = ()) -> gt.Size:
        """The shape of samples."""
        return as_size(sample_shape) + self._batch_shape + self._event_shape

    def _check_value(self, value: Any) -> None:
        if self._validate_args:
            self._validate_sample(value)

    def _validate_sample(self, value: Any) -> None:
        """Raise ValueError for what is no value of the distribution."""
        if not isinstance(value, Tensor):
            raise ValueError(f"{type(self).__name__}: the value must be a Tensor, got {type(value).__name__}")
        shape, expected = tuple(value.shape), tuple(self._batch_shape + self._event_shape)
        n = len(self._event_shape)
        if shape[len(shape) - n :] != tuple(self._event_shape) or len(shape) < n:
            raise ValueError(
                f"The right-most size of value must match event_shape: {shape} vs {tuple(self._event_shape)}."
            )
        for i, j in zip(reversed(shape), reversed(expected), strict=False):
            if 1 not in (i, j) and i != j:
                raise ValueError(f"Value is not broadcastable with batch_shape+event_shape: {shape} vs {expected}.")
        try:
            support = self.support
        except (NotImplementedError, AttributeError):
            warnings.warn(
                f"{type(self).__name__} does not define support, so values are not checked; define it, or pass "
                "validate_args=False",
                stacklevel=3,
            )
            return
        if not _everywhere(support.check(value)):
            raise ValueError(
                f"Expected value argument (Tensor of shape {shape}) to be within the support ({support!r}) of the "
                f"distribution {self!r}, but found invalid values:\n{value}"
            )

    def __repr__(self) -> str:
        shown = [(name, self.__dict__[name]) for name in self.arg_constraints if name in self.__dict__]
        return (
            type(self).__name__
            + "("
            + ", ".join(f"{name}: {value if value.numel() == 1 else value.shape}" for name, value in shown)
            + ")"
        )


def _is_lazy(cls: type, name: str) -> bool:
    return isinstance(getattr(cls, name, None), lazy_property)
