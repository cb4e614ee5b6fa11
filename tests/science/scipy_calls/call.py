"""What a row of the tables of SciPy's functions says, and what makes the arrays of both libraries."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import gputensor as gt

# why a call does not run
COUNTED = "SciPy reads `.size` of a result of NumPy's functions, a method of tensors; it runs on `array_api.asarray(t)`"


@dataclass(frozen=True)
class Call:
    """One call of one function: ``run(function, library)``, in which ``library(values)`` makes an array."""

    name: str  # "stats.zscore" is scipy.stats.zscore
    run: Callable[[Any, Library], Any]
    note: str = ""  # why something other than a Tensor comes back
    smooth: Callable[[Any, Library], Any] | None = None  # in place of `run` for the gradient, away from kinks and poles
    fails: str = ""  # why it does not run, or not as with NumPy
    no_slope: str = ""  # why what flows back is no derivative of the function
    loose: float = 1.0  # by how much the tolerances are multiplied
    why: str = ""  # the reason of `loose`

    def function(self) -> Any:
        """The function of SciPy, looked up when the call runs: its settings are made before SciPy is imported."""
        home, _, name = self.name.rpartition(".")
        if home.startswith("spatial.transform."):
            home, _, kind = home.rpartition(".")
            return getattr(getattr(importlib.import_module(f"scipy.{home}"), kind, None), name, None)
        return getattr(importlib.import_module(f"scipy.{home}"), name, None)


class Library:
    """Makes the arrays of a call.

    single: float32 and complex64 in place of float64 and complex128. grad: Tensors that require grad, which `leaves`
    keeps. step: how far every array is moved along a direction of its own, for differences.
    """

    def __init__(
        self, tensors: bool, single: bool = False, *, grad: bool = False, step: float = 0.0, device: str = "cpu"
    ) -> None:
        self.tensors = tensors
        self.single = single
        self.grad = grad
        self.step = step
        self.device = device
        self.leaves: list[Any] = []
        self.directions: list[Any] = []
        self.xp: Any = gt.array_api if tensors else np

    def __call__(self, values: Any) -> Any:
        array = np.array(values)
        if array.dtype.kind not in "fc":
            return gt.tensor(array, device=self.device) if self.tensors else array
        if self.single:
            array = array.astype(np.float32 if array.dtype.kind == "f" else np.complex64)
        if self.grad or self.step:
            direction = self._direction(array)
            self.directions.append(direction)
            if self.step:
                array = array + self.step * direction
        if not self.tensors:
            return array
        made = gt.tensor(array, device=self.device, requires_grad=self.grad)
        if self.grad:
            self.leaves.append(made)
        return made

    def fixed(self, values: Any) -> Any:
        """An array that no gradient is asked of."""
        return Library(self.tensors, self.single, device=self.device)(values)

    def _direction(self, array: Any) -> Any:
        """Where the array is moved: the same for the same array of the same call, nowhere where it is not finite."""
        rng = np.random.default_rng(len(self.directions))
        direction = rng.uniform(0.5, 1.5, array.shape)
        if array.dtype.kind == "c":
            direction = direction + 1j * rng.uniform(0.5, 1.5, array.shape)
        return np.where(np.isfinite(array), direction, 0.0)
