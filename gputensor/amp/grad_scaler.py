"""Loss scaling: gradients of float16 losses are kept out of the range where they would be rounded to zero."""

from __future__ import annotations

import warnings
from enum import Enum
from typing import Any

import gputensor as gt
from gputensor.core.dtypes import float16
from gputensor.core.explain import check_number
from gputensor.errors import ArgumentError, DtypeError

__all__ = ["GradScaler", "OptState"]


class OptState(Enum):
    """How far an optimizer has come since the last `GradScaler.update`.

    >>> from gputensor.amp.grad_scaler import OptState
    >>> [state.name for state in OptState]
    ['READY', 'UNSCALED', 'STEPPED']
    """

    READY = 0
    UNSCALED = 1
    STEPPED = 2


class GradScaler:
    """Multiplies a loss before backward and divides the gradients before the optimizer's step.

    Where a gradient is infinite or NaN, the step is left out and the scale multiplied by backoff_factor; after
    growth_interval steps in a row without one, by growth_factor. Usage::

        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)  # only to look at the gradients, for example to clip them
        scaler.step(optimizer)
        scaler.update()

    device: "cuda" or "cpu". enabled=False makes every method do nothing but the plain thing. Raises ValueError for
    factors out of their range. Warns and is disabled where CUDA is asked for and not there. Source: Micikevicius et al.
    2018, Mixed Precision Training.

    >>> import gputensor as gt
    >>> w = gt.ones(1, requires_grad=True)
    >>> optimizer = gt.optim.SGD([w], lr=0.5)
    >>> scaler = gt.amp.GradScaler("cpu", init_scale=8.0)
    >>> scaler.scale((w * 3).sum()).backward()
    >>> w.grad
    tensor([24.])
    >>> scaler.step(optimizer)
    >>> scaler.update()
    >>> w
    tensor([-0.5000], requires_grad=True)
    """

    def __init__(
        self,
        device: str = "cuda",
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        self._device = device
        self._enabled = bool(enabled)
        if self._enabled and device == "cuda" and not gt.cuda.is_available():
            warnings.warn("GradScaler: there is no usable GPU, so that it is disabled", stacklevel=2)
            self._enabled = False
        if not self._enabled:
            return
        check_number("GradScaler", "init_scale", init_scale)
        _check_factors(growth_factor, backoff_factor)
        self._scale = float(init_scale)
        self._growth_factor = growth_factor
        self._backoff_factor = backoff_factor
        self._growth_interval = growth_interval
        self._growth_tracker = 0
        self._used = False
        self._scale_tensors: dict[Any, Any] = {}
        self._stages: dict[int, OptState] = {}
        self._found: dict[int, list[Any]] = {}

    def scale(self, outputs: Any) -> Any:
        """A tensor, or the tensors of a sequence, multiplied by the scale. Raises TypeError for anything else."""
        if not self._enabled:
            return outputs
        self._used = True
        if isinstance(outputs, gt.Tensor):
            return outputs * self._scale_on(outputs.device)
        if isinstance(outputs, (list, tuple)):
            scaled = [self.scale(x) for x in outputs]
            return type(outputs)(*scaled) if hasattr(outputs, "_fields") else type(outputs)(scaled)
        if hasattr(outputs, "__iter__") and not isinstance(outputs, (str, bytes, dict)):
            return map(self.scale, outputs)
        raise TypeError(f"GradScaler.scale: outputs must be a Tensor or tensors, got {type(outputs).__name__}")

    def unscale_(self, optimizer: Any) -> None:
        """Divide the gradients of an optimizer's parameters by the scale, in place.

        Call it once between `backward` and `step`, where gradients are looked at; `step` does it otherwise. Raises
        RuntimeError the second time, and before `scale` was ever called; DtypeError (a ValueError too) for float16
        gradients.
        """
        if not self._enabled:
            return
        self._require_use("unscale_")
        stage = self._stages.get(id(optimizer), OptState.READY)
        if stage is OptState.UNSCALED:
            raise RuntimeError("GradScaler.unscale_: was called on this optimizer already since the last update()")
        if stage is OptState.STEPPED:
            raise RuntimeError("GradScaler.unscale_: was called after step(); call it between backward() and step()")
        self._found[id(optimizer)] = self._unscale(optimizer, 1.0 / self._scale)
        self._stages[id(optimizer)] = OptState.UNSCALED

    def step(self, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        """``optimizer.step(*args, **kwargs)``, unless a gradient is infinite or NaN; returns what the step returned.

        The gradients are divided by the scale first, if `unscale_` was not called. Reads one number from the device.
        Raises RuntimeError for a closure, for a second step before `update`, and where no gradient was looked at.
        """
        if not self._enabled:
            return optimizer.step(*args, **kwargs)
        if "closure" in kwargs:
            raise RuntimeError("GradScaler.step: a closure cannot be used, for its gradients would not be unscaled")
        stage = self._stages.get(id(optimizer), OptState.READY)
        if stage is OptState.STEPPED:
            raise RuntimeError("GradScaler.step: was called on this optimizer already since the last update()")
        self._require_use("step")
        if stage is OptState.READY:
            self.unscale_(optimizer)
        found = self._found[id(optimizer)]
        if not found:
            raise RuntimeError("GradScaler.step: no parameter of this optimizer has a gradient; call backward() first")
        result = None
        if not any([bool(x) for x in found]):
            result = optimizer.step(*args, **kwargs)
        self._stages[id(optimizer)] = OptState.STEPPED
        return result

    def update(self, new_scale: Any = None) -> None:
        """Set the scale for the next iteration, from what the steps found, or to new_scale (a number or tensor).

        Call it once an iteration, after all steps. Raises RuntimeError where no gradient was looked at since the last
        call, TypeError or ArgumentError for a new_scale that is none.
        """
        if not self._enabled:
            return
        self._require_use("update")
        if new_scale is not None:
            self._set(_as_scale(new_scale))
        else:
            found = [x for each in self._found.values() for x in each]
            if not found:
                raise RuntimeError("GradScaler.update: no step() or unscale_() was made since the last update()")
            if any([bool(x) for x in found]):
                self._set(self._scale * self._backoff_factor)
                self._growth_tracker = 0
            else:
                self._growth_tracker += 1
                if self._growth_tracker == self._growth_interval:
                    grown = self._scale * self._growth_factor
                    # an infinite scale would spoil every later loss
                    self._set(grown if grown < 3.4e38 else self._scale)
                    self._growth_tracker = 0
        self._stages.clear()
        self._found.clear()

    def get_scale(self) -> float:
        """The scale, 1.0 if disabled."""
        return self._scale if self._enabled else 1.0

    def get_growth_factor(self) -> float:
        """What the scale is multiplied by after growth_interval good steps."""
        return self._growth_factor

    def set_growth_factor(self, new_factor: float) -> None:
        """Set what `get_growth_factor` says."""
        self._growth_factor = new_factor

    def get_backoff_factor(self) -> float:
        """What the scale is multiplied by after a gradient that was infinite or NaN."""
        return self._backoff_factor

    def set_backoff_factor(self, new_factor: float) -> None:
        """Set what `get_backoff_factor` says."""
        self._backoff_factor = new_factor

    def get_growth_interval(self) -> int:
        """How many good steps in a row let the scale grow."""
        return self._growth_interval

    def set_growth_interval(self, new_interval: int) -> None:
        """Set what `get_growth_interval` says."""
        self._growth_interval = new_interval

    def is_enabled(self) -> bool:
        """Whether losses are scaled at all."""
        return self._enabled

    def state_dict(self) -> dict[str, Any]:
        """The scale and what decides about it, as numbers; empty if disabled."""
        if not self._enabled:
            return {}
        return {
            "scale": self._scale,
            "growth_factor": self._growth_factor,
            "backoff_factor": self._backoff_factor,
            "growth_interval": self._growth_interval,
            "_growth_tracker": self._growth_tracker,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over what `state_dict` gave. Raises RuntimeError for an empty one, which a disabled scaler gave."""
        if not self._enabled:
            return
        if not state_dict:
            raise RuntimeError("GradScaler.load_state_dict: the state is empty; it was saved by a disabled GradScaler")
        self._set(float(state_dict["scale"]))
        self._growth_factor = state_dict["growth_factor"]
        self._backoff_factor = state_dict["backoff_factor"]
        self._growth_interval = state_dict["growth_interval"]
        self._growth_tracker = int(state_dict["_growth_tracker"])

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if self._enabled:
            if self._stages:
                raise RuntimeError("GradScaler: can be pickled only after update(), not between the steps")
            state["_scale_tensors"] = {}
        return state

    def _unscale(self, optimizer: Any, factor: float) -> list[Any]:
        """Multiply the gradients; a 0-d bool a device: whether one was not finite."""
        by_device: dict[Any, list[Any]] = {}
        for group in optimizer.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                if p.grad.dtype is float16:
                    raise _Float16Gradients(
                        "GradScaler.unscale_: gradients are float16; keep the parameters in float32 and let autocast "
                        "cast them"
                    )
                by_device.setdefault(p.grad.device, []).append(p.grad)
        found = []
        with gt.no_grad():
            for gradients in by_device.values():
                wrong = None
                for g in gradients:
                    g.mul_(factor)
                    bad = gt.isfinite(g).all().logical_not()
                    wrong = bad if wrong is None else gt.logical_or(wrong, bad)
                found.append(wrong)
        return found

    def _scale_on(self, device: Any) -> Any:
        kept = self._scale_tensors.get(device)
        if kept is None:
            # a float32 tensor, not a number: a 0-d float16 loss times 65536 must not overflow
            kept = self._scale_tensors[device] = gt.tensor(self._scale, dtype=gt.float32, device=device)
        return kept

    def _set(self, scale: float) -> None:
        self._scale = scale
        self._scale_tensors.clear()

    def _require_use(self, name: str) -> None:
        if not self._used:
            raise RuntimeError(f"GradScaler.{name}: scale() was never called; use scaler.scale(loss).backward() first")


class _Float16Gradients(DtypeError, ValueError):
    pass


def _check_factors(growth: float, backoff: float) -> None:
    if growth <= 1.0:
        raise ArgumentError(f"GradScaler: growth_factor must be above 1, got {growth}")
    if backoff >= 1.0:
        raise ArgumentError(f"GradScaler: backoff_factor must be below 1, got {backoff}")


def _as_scale(new: Any) -> float:
    if isinstance(new, gt.Tensor):
        if new.numel() != 1 or new.requires_grad:
            raise ArgumentError("GradScaler.update: new_scale must be one number that does not require grad")
        return float(new.item())
    if isinstance(new, bool) or not isinstance(new, (int, float)):
        raise TypeError(f"GradScaler.update: new_scale must be a number or a tensor, got {type(new).__name__}")
    return float(new)


def __dir__() -> list[str]:
    return __all__
