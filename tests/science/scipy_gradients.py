"""Whether the gradient of a call of SciPy reaches its arguments, and whether it is right: against differences."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

import gputensor as gt
from gputensor.errors import GradError
from tests.science.scipy_calls.call import Call, Library
from tests.science.scipy_parts import parts

STEP = 1e-6
# of central differences with this step: their rounding is 1e-16 / 1e-6, their truncation 1e-12 of the third derivative
TOLERANCE = 1e-5


def floating(result: Any) -> list[Any]:
    """The floating-point and complex parts of a result, which a gradient may come from."""
    found = []
    for part in parts(result):
        if isinstance(part, (gt.Tensor, np.ndarray, np.generic)):
            array = part.detach().numpy() if isinstance(part, gt.Tensor) else np.asarray(part)
            if array.dtype.kind in "fc":
                found.append(part)
    return found


def weights(k: int, shape: Any) -> Any:
    """Of the k-th part, so that what adds up to a constant, as a softmax, has a gradient all the same."""
    return np.random.default_rng(1000 + k).uniform(0.5, 1.5, shape)


def weighed(values: list[Any], finite: list[Any]) -> float:
    """The sum of the finite elements, each with its weight, the imaginary part with another."""
    total = 0.0
    for k, (value, where) in enumerate(zip(values, finite, strict=True)):
        w = weights(k, where.shape)
        value = np.asarray(value)
        total += float(np.sum((w * value.real)[where]))
        if value.dtype.kind == "c":
            total += 0.5 * float(np.sum((w * value.imag)[where]))
    return total


def gradient(call: Call) -> str:
    """What becomes of a gradient: "flows", "wrong: …", "refused", "written", "stops", or "" for none to ask for.

    "refused": compiled code takes no Tensor that requires grad, or a function has no derivative here. "written": SciPy
    wrote over a value that the gradient needs. Both are errors; "stops" is a result that does not require grad.
    """
    run = call.smooth or call.run
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        library = Library(True, grad=True)
        try:
            results = floating(run(call.function(), library))
        except (GradError, ValueError) as error:
            if isinstance(error, GradError) or "could not convert" in str(error):  # lfilter's C code rewords it
                return "refused"
            raise
        if not library.leaves or not results:
            return ""
        numbers = [r.detach().numpy() if isinstance(r, gt.Tensor) else np.asarray(r) for r in results]
        finite = [np.isfinite(n) for n in numbers]
        total: Any = 0.0
        for k, (r, where) in enumerate(zip(results, finite, strict=True)):
            if not isinstance(r, gt.Tensor) or not r.requires_grad:
                continue
            kept, w = r[gt.tensor(where)], gt.tensor(weights(k, where.shape)[where])
            total = total + (kept.real * w).sum()
            if r.is_complex():
                total = total + 0.5 * (kept.imag * w).sum()
        if not isinstance(total, gt.Tensor):
            return "stops"
        try:
            total.backward()
        except GradError as error:
            return "written" if "changed in place" in str(error) else "refused"
        if all(leaf.grad is None for leaf in library.leaves):
            return "stops"
        along = 0.0
        for leaf, direction in zip(library.leaves, library.directions, strict=True):
            if leaf.grad is not None:
                g = np.where(direction != 0, leaf.grad.numpy(), 0.0)
                along += float(np.sum((np.conj(g) * direction).real))
        up, down = (floating(run(call.function(), Library(False, step=s))) for s in (STEP, -STEP))
        expected = (weighed(up, finite) - weighed(down, finite)) / (2 * STEP)
    if abs(along - expected) <= TOLERANCE * max(1.0, abs(expected)):
        return "flows"
    return f"wrong: {along:.8g} along a direction, differences say {expected:.8g}"
