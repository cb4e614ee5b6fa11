"""L-BFGS: Newton's method with a curvature remembered from the last steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from gputensor._tensor import Tensor
from gputensor.core.modes import enable_grad, no_grad
from gputensor.errors import ArgumentError
from gputensor.ops.complex_numbers import view_as_real
from gputensor.ops.creation import zeros_like
from gputensor.ops.joining import cat
from gputensor.optim._options import called, number
from gputensor.optim.optimizer import Optimizer, Params

Evaluate = Callable[[float], tuple[float, Tensor]]


class LBFGS(Optimizer):
    """L-BFGS: minimises a function of all parameters, evaluated several times a step through a closure.

    The direction is -H g, H the inverse Hessian that the last `history_size` steps imply (two-loop recursion). The
    length of a step is lr, at first min(1, 1/sum|g|) * lr; line_search_fn="strong_wolfe" searches one with sufficient
    decrease (1e-4) and curvature (0.9). A call of step takes up to max_iter iterations and max_eval evaluations
    (default 1.25 * max_iter) and ends where the largest gradient is at most tolerance_grad, or where step or loss
    changes by at most tolerance_change. One parameter group only. Raises ValueError for several. Source: Nocedal and
    Wright 2006, "Numerical optimization", algorithms 7.4, 7.5, 3.5 and 3.6.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.tensor([3.0, -4.0]))
    >>> optimizer = gt.optim.LBFGS([w], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (w * w * gt.tensor([1.0, 10.0])).sum()
    ...     loss.backward()
    ...     return loss
    >>> _ = optimizer.step(closure); bool((w.abs() < 1e-4).all())
    True
    """

    def __init__(
        self,
        params: Params,
        lr: float | Tensor = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        if not number("LBFGS", "lr", lr) >= 0.0:
            raise ValueError(f"{type(self).__name__}: Invalid learning rate: {lr}; use a number of at least 0")
        if line_search_fn not in (None, "strong_wolfe"):
            raise ArgumentError(f"LBFGS: line_search_fn must be None or 'strong_wolfe', got {line_search_fn!r}")
        defaults = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, defaults)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params: list[Tensor] = self.param_groups[0]["params"]

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._params = self.param_groups[0]["params"]

    def _gradient(self) -> Tensor:
        """All gradients as one vector; complex ones as pairs of real numbers."""
        parts = []
        for p in self._params:
            g = zeros_like(p) if p.grad is None else p.grad
            parts.append((view_as_real(g) if g.is_complex() else g).reshape(-1))
        return cat(parts)

    def _move(self, length: float, direction: Tensor) -> None:
        """Parameters += length * direction."""
        place = 0
        for p in self._params:
            flat = view_as_real(p) if p.is_complex() else p
            n = flat.numel()
            flat.add_(direction[place : place + n].view_as(flat), alpha=length)
            place += n

    def _looked_at(
        self, evaluated: Callable[[], tuple[Any, float, Tensor]], start: list[Tensor], direction: Tensor, length: float
    ) -> tuple[float, Tensor]:
        """Loss and gradient at start + length * direction; the parameters are at `start` before and after."""
        self._move(length, direction)
        _, value, gradient = evaluated()
        for p, old in zip(self._params, start, strict=True):
            p.copy_(old)
        return value, gradient

    @no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Iterate up to max_iter times; returns the loss before. closure computes the loss and its gradients anew.

        Raises TypeError without a closure.
        """
        if closure is None:
            raise TypeError("LBFGS.step: a closure that computes the loss and its gradients anew is needed")
        group = self.param_groups[0]
        lr, history = float(group["lr"]), group["history_size"]
        state = self.state[self._params[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        def evaluated() -> tuple[Any, float, Tensor]:
            with enable_grad():
                result = called(closure, self)
            state["func_evals"] += 1
            return result, float(result), self._gradient()

        first, loss, g = evaluated()
        evaluations = 1
        if float(g.abs().max()) <= group["tolerance_grad"]:
            return first
        d, t = state.get("d"), state.get("t")
        steps, changes = state.get("old_stps", []), state.get("old_dirs", [])
        inverses, scale = state.get("ro", []), state.get("H_diag", 1)
        before, loss_before = state.get("prev_flat_grad"), state.get("prev_loss")
        iterations = 0
        while iterations < group["max_iter"]:
            iterations += 1
            state["n_iter"] += 1
            if state["n_iter"] == 1:
                d, steps, changes, inverses, scale = g.neg(), [], [], [], 1
            else:
                y, s = g - before, d * t
                curvature = float(y.dot(s))
                if curvature > 1e-10:
                    if len(changes) == history:
                        del changes[0], steps[0], inverses[0]
                    changes.append(y)
                    steps.append(s)
                    inverses.append(1.0 / curvature)
                    scale = curvature / float(y.dot(y))
                d, shares = _newton_direction(g, changes, steps, inverses, scale)
                state["al"] = shares + [None] * (history - len(shares))
            before, loss_before = g.clone(), loss
            t = min(1.0, 1.0 / float(g.abs().sum())) * lr if state["n_iter"] == 1 else lr
            slope = float(g.dot(d))
            if slope > -group["tolerance_change"]:
                break
            taken = 0
            if group["line_search_fn"] is not None:
                start = [p.clone() for p in self._params]

                along = partial(self._looked_at, evaluated, start, d)
                left = group["max_eval"] - evaluations
                loss, g, t, taken = strong_wolfe(along, t, d, loss, g, slope, most=left)
                self._move(t, d)
            else:
                self._move(t, d)
                if iterations != group["max_iter"]:
                    _, loss, g = evaluated()
                    taken = 1
            evaluations += taken
            if (
                evaluations >= group["max_eval"]
                or float(g.abs().max()) <= group["tolerance_grad"]
                or float((d * t).abs().max()) <= group["tolerance_change"]
                or abs(loss - loss_before) < group["tolerance_change"]
            ):
                break
        state.update(
            d=d, t=t, old_dirs=changes, old_stps=steps, ro=inverses, H_diag=scale, prev_flat_grad=before,
            prev_loss=loss_before,
        )  # fmt: skip
        return first


def _newton_direction(g: Tensor, changes: list[Tensor], steps: list[Tensor], inverses: list[float], scale: Any) -> Any:
    """-H g, by the two-loop recursion over the changes of the gradient and the steps that made them, and the shares
    that it took of each."""
    q = g.neg()
    shares = []
    for y, s, ro in zip(reversed(changes), reversed(steps), reversed(inverses), strict=True):
        share = float(s.dot(q)) * ro
        shares.append(share)
        q.add_(y, alpha=-share)
    r = q * scale
    shares.reverse()
    for y, s, ro, share in zip(changes, steps, inverses, shares, strict=True):
        r.add_(s, alpha=share - float(y.dot(r)) * ro)
    return r, shares


def cubic_minimum(
    x1: float, f1: float, g1: float, x2: float, f2: float, g2: float, bounds: tuple[float, float] | None = None
) -> float:
    """Where the cubic with these values and slopes at x1 and x2 is smallest within bounds (by default between the two);
    the middle of the bounds where it has no minimum."""
    low, high = (min(x1, x2), max(x1, x2)) if bounds is None else bounds
    d1 = g1 + g2 - 3 * (f1 - f2) / (x1 - x2)
    square = d1 * d1 - g1 * g2
    if not square >= 0:
        return (low + high) / 2
    d2 = math.sqrt(square)
    if x1 <= x2:
        place = x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
    else:
        place = x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
    return min(max(place, low), high)


def strong_wolfe(
    at: Evaluate,
    t: float,
    d: Tensor,
    f: float,
    g: Tensor,
    slope: float,
    c1: float = 1e-4,
    c2: float = 0.9,
    tolerance: float = 1e-9,
    most: int = 25,
) -> tuple[float, Tensor, float, int]:
    """A length t along d that satisfies the strong Wolfe conditions: loss, gradient, t and how often it was evaluated.

    at(t): loss and gradient there; f, g and slope: loss, gradient and g.d at 0.
    """
    size = float(d.abs().max())
    f_new, g_new = at(t)
    evaluations = 1
    slope_new = float(g_new.dot(d))
    t_old, f_old, g_old, slope_old = 0.0, f, g, slope
    # first a bracket: two lengths with a good one between them
    found = False
    points: list[tuple[float, float, Tensor, float]] = []
    rounds = 0
    while rounds < most:
        if f_new > f + c1 * t * slope or (rounds > 1 and f_new >= f_old):
            points = [(t_old, f_old, g_old, slope_old), (t, f_new, g_new.clone(), slope_new)]
            break
        if abs(slope_new) <= -c2 * slope:
            points, found = [(t, f_new, g_new, slope_new)], True
            break
        if slope_new >= 0:
            points = [(t_old, f_old, g_old, slope_old), (t, f_new, g_new.clone(), slope_new)]
            break
        nearest, farthest = t + 0.01 * (t - t_old), t * 10
        last = t
        t = cubic_minimum(t_old, f_old, slope_old, t, f_new, slope_new, (nearest, farthest))
        t_old, f_old, g_old, slope_old = last, f_new, g_new.clone(), slope_new
        f_new, g_new = at(t)
        evaluations += 1
        slope_new = float(g_new.dot(d))
        rounds += 1
    if rounds == most:
        points = [(0.0, f, g, slope), (t, f_new, g_new, slope_new)]
    # then the bracket shrinks around it
    stuck = False
    low, high = (0, -1) if points[0][1] <= points[-1][1] else (1, 0)
    while not found and rounds < most:
        (t1, f1, _, s1), (t2, f2, _, s2) = points
        if abs(t2 - t1) * size < tolerance:
            break
        t = cubic_minimum(t1, f1, s1, t2, f2, s2)
        left, right = min(t1, t2), max(t1, t2)
        margin = 0.1 * (right - left)
        if min(right - t, t - left) < margin:
            # too near to an end: the second time, or beyond it, step away
            if stuck or t >= right or t <= left:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        f_new, g_new = at(t)
        evaluations += 1
        slope_new = float(g_new.dot(d))
        rounds += 1
        point = (t, f_new, g_new.clone(), slope_new)
        if f_new > f + c1 * t * slope or f_new >= points[low][1]:
            points[high] = point
            low, high = (0, 1) if points[0][1] <= points[1][1] else (1, 0)
            continue
        if abs(slope_new) <= -c2 * slope:
            found = True
        elif slope_new * (points[high][0] - points[low][0]) >= 0:
            points[high] = points[low]
        points[low] = point
    t, f_new, g_new, _ = points[low]
    return f_new, g_new, t, evaluations
