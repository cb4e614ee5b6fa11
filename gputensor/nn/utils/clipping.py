"""Clipping gradients by their norm or by their values."""

from __future__ import annotations

import math
import types
import warnings
from collections.abc import Iterable
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.core.explain import describe
from gputensor.core.modes import no_grad
from gputensor.core.writes import touched_all
from gputensor.errors import GradError
from gputensor.ops.creation import tensor
from gputensor.ops.dims import several
from gputensor.ops.joining import stack

Tensors = Tensor | Iterable[Tensor]

# gradients up to this size are joined before their norm is taken: a copy costs less than another call
_SMALL = 1 << 14


def get_total_norm(
    tensors: Tensors, norm_type: float = 2.0, error_if_nonfinite: bool = False, foreach: bool | None = None
) -> Tensor:
    """The norm of several tensors as if they were one vector: a 0-d tensor on the device of the first.

    norm_type: the order, also inf. Raises GradError for a norm that is not finite, if error_if_nonfinite. foreach is
    accepted and has no effect. Waits for the GPU only with error_if_nonfinite.

    >>> import gputensor as gt
    >>> gt.nn.utils.get_total_norm([gt.tensor([3.0]), gt.tensor([4.0])])
    tensor(5.)
    """
    norm_type = _number("get_total_norm", "norm_type", norm_type)
    given = [tensors] if isinstance(tensors, Tensor) else list(several("get_total_norm", "tensors", tensors))
    if not given:
        return tensor(0.0)
    where = given[0].device
    with no_grad():
        norms = []
        for xp, group in _by_namespace(given):
            token = xp.enter()
            try:
                small = [t.array.reshape(-1) for t in group if t.array.size <= _SMALL]
                lines = [t.array for t in group if t.array.size > _SMALL]
                if small:
                    lines.append(xp.concat(small, 0))
                norms += [wrap(line, xp).norm(norm_type) for line in lines]
            finally:
                xp.leave(token)
        total = norms[0] if len(norms) == 1 else stack([n.to(where) for n in norms]).norm(norm_type)
    if error_if_nonfinite and not math.isfinite(total.item()):
        raise GradError(
            f"The total norm of order {norm_type} for gradients from `parameters` is non-finite, so it cannot be "
            "clipped. "
            "To disable this error and scale the gradients by the non-finite norm anyway, set "
            "`error_if_nonfinite=False`"
        )
    return total


def clip_grads_with_norm_(
    parameters: Tensors, max_norm: float, total_norm: Tensor, foreach: bool | None = None
) -> None:
    """Multiply all gradients, in place, by min(1, max_norm / (total_norm + 1e-6)).

    >>> import gputensor as gt
    >>> w = gt.ones(1, requires_grad=True); w.grad = gt.tensor([4.0])
    >>> gt.nn.utils.clip_grads_with_norm_([w], 1.0, gt.tensor(4.0)); w.grad
    tensor([1.0000])
    """
    gradients = _gradients("clip_grads_with_norm_", parameters)
    if not gradients:
        return
    with no_grad():
        factor = (_number("clip_grads_with_norm_", "max_norm", max_norm) / (total_norm + 1e-6)).clamp(max=1.0)
        for xp, group in _by_namespace(gradients):
            number = factor.to(group[0].device).to(group[0].dtype)
            value = number.array
            token = xp.enter()
            try:
                for g in group:
                    array = g.array
                    if xp.writable(array):
                        array *= value
                    else:
                        g.mul_(number)  # says what is the matter
            finally:
                xp.leave(token)
    touched_all(gradients, "clip_grad_norm_")


def clip_grad_norm_(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """Scale all gradients, in place, so that their norm as one vector is at most max_norm; returns their norm before.

    See `get_total_norm` and `clip_grads_with_norm_`. Parameters without a gradient are skipped. Raises GradError, and
    changes nothing, for a norm that is not finite, if error_if_nonfinite.

    >>> import gputensor as gt
    >>> w = gt.ones(2, requires_grad=True); w.grad = gt.tensor([3.0, 4.0])
    >>> gt.nn.utils.clip_grad_norm_(w, max_norm=1.0), w.grad
    (tensor(5.), tensor([0.6000, 0.8000]))
    """
    max_norm = _number("clip_grad_norm_", "max_norm", max_norm)
    norm_type = _number("clip_grad_norm_", "norm_type", norm_type)
    given = _listed("clip_grad_norm_", parameters)
    if not given and isinstance(parameters, types.GeneratorType):
        warnings.warn("`parameters` is an empty generator, no gradient clipping will occur.", stacklevel=2)
    total = get_total_norm(_gradients("clip_grad_norm_", given), norm_type, error_if_nonfinite, foreach)
    clip_grads_with_norm_(given, max_norm, total, foreach)
    return total


def clip_grad_norm(
    parameters: Tensors,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
    foreach: bool | None = None,
) -> Tensor:
    """The old name of `clip_grad_norm_`; warns (FutureWarning) as PyTorch does.

    >>> import warnings, gputensor as gt
    >>> w = gt.ones(1, requires_grad=True); w.grad = gt.tensor([4.0])
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.utils.clip_grad_norm(w, max_norm=1.0)
    tensor(4.)
    """
    warnings.warn(
        "`nn.utils.clip_grad_norm` is deprecated in favor of `nn.utils.clip_grad_norm_`.", FutureWarning, stacklevel=2
    )
    return clip_grad_norm_(parameters, max_norm, norm_type, error_if_nonfinite, foreach)


def clip_grad_value_(parameters: Tensors, clip_value: float, foreach: bool | None = None) -> None:
    """Clamp every element of all gradients, in place, to ±clip_value.

    >>> import gputensor as gt
    >>> w = gt.ones(2, requires_grad=True); w.grad = gt.tensor([3.0, -4.0])
    >>> gt.nn.utils.clip_grad_value_(w, 1.0); w.grad
    tensor([ 1., -1.])
    """
    limit = _number("clip_grad_value_", "clip_value", clip_value)
    with no_grad():
        for g in _gradients("clip_grad_value_", parameters):
            g.clamp_(-limit, limit)


def _number(name: str, argument: str, value: Any) -> float:
    """value as a float; "inf" is one, as in PyTorch."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: {argument} must be a number, got {describe(value)}") from None


def _by_namespace(tensors: Iterable[Tensor]) -> list[tuple[Any, list[Tensor]]]:
    """The tensors in lists of one device and dtype, each with its namespace."""
    groups: dict[tuple[int, Any], list[Tensor]] = {}
    for t in tensors:
        groups.setdefault((id(t.xp), t.array.dtype), []).append(t)
    return [(group[0].xp, group) for group in groups.values()]


def _listed(name: str, parameters: Tensors) -> list[Tensor]:
    if isinstance(parameters, Tensor):
        return [parameters]
    try:
        return list(parameters)
    except TypeError:
        raise TypeError(f"{name}: parameters must be a Tensor or several, got {describe(parameters)}") from None


def _gradients(name: str, parameters: Tensors) -> list[Tensor]:
    given = _listed(name, parameters)
    try:
        return [g for g in [p.grad for p in given] if g is not None]
    except AttributeError:
        wrong = next((p for p in given if not isinstance(p, Tensor)), None)
        if wrong is None:
            raise
        raise TypeError(f"{name}: parameters must be a Tensor or several, got {describe(wrong)} among them") from None
