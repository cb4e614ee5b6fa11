"""A row of the table: a call of scikit-learn, the same for NumPy arrays and for Tensors, and what it gives."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

ALL = ("",)  # every result of a row: the start of each path

STEPS = "LBFGS stops when its steps get small, and in float32 the last bits decide which step that is"

METHODS = (
    "transform", "predict", "predict_proba", "predict_log_proba", "decision_function", "score_samples",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """call(d) gives dicts, tuples and arrays; d holds the arrays of `Data`, of NumPy or Tensors."""

    name: str  # as scikit-learn's page has it, without "sklearn."
    case: str  # its arguments, for readers
    call: Callable[[Data], Any]
    numpy: Mapping[str, str] = field(default_factory=dict)  # results that are NumPy's by scikit-learn's design, and why
    default: tuple[str, ...] = ()  # results that scikit-learn computes in the namespace's default dtype
    rough: Mapping[str, float] = field(default_factory=dict)  # wider tolerances by dtype
    unlike: tuple[str, ...] = ()  # results whose values are not compared in float32
    narrow: tuple[str, ...] = ()  # results that are float32 for float32 where NumPy's are float64
    because: str = ""  # the reason of `rough`, `unlike` and `narrow`
    gpu: str = ""  # why it fails for data on a GPU, or gives something on the CPU


class Data:
    """Arrays of 60 samples; `convert` makes of each NumPy array what the call is to be given."""

    def __init__(self, dtype: str, convert: Callable[[np.ndarray], Any]) -> None:
        arrays = made()
        cast = {name: a.astype(dtype) if a.dtype.kind == "f" else a for name, a in arrays.items()}
        self.numpy = cast
        for name in NAMES:
            setattr(self, name, convert(cast[name]))

    X: Any  # (60, 5), of full rank
    Z: Any  # (20, 5), other samples
    positive: Any  # (60, 5), above zero
    kernel: Any  # (60, 60), X Xᵀ
    y: Any  # (60,), three classes
    guess: Any  # (60,), mostly y
    two: Any  # (60,), two classes
    two_guess: Any
    many: Any  # (60, 3), several labels a sample
    many_guess: Any
    target: Any  # (60,), nearly linear in X
    predicted: Any
    targets: Any  # (60, 2)
    predicteds: Any
    counted: Any  # (60,), counts as floats, above zero
    rate: Any
    probability: Any  # (60,), of the second of two classes
    probabilities: Any  # (60, 3)
    weight: Any  # (60,), between 0.5 and 1.5


NAMES = tuple(name for name in Data.__annotations__)


@functools.cache
def made() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(3), 20)
    centres = np.asarray([[2.0, 0, -1, 0.5, 1], [-1, 2, 0.5, 0, -1], [0, -1.5, 1.5, 2, 0]])
    X = (centres[y] + rng.normal(size=(60, 5)))[rng.permutation(60)]
    y = np.argmin(((X[:, None] - centres) ** 2).sum(-1), axis=1)
    y[:5] = (y[:5] + 1) % 3
    guess = np.where(rng.random(60) < 0.8, y, (y + 1) % 3)
    two = (y == 1).astype(np.int64)
    probability = np.clip(0.6 * two + 0.5 * rng.random(60) - 0.02, 0.01, 0.99)
    spread = rng.random((60, 3)) + 1.5 * np.eye(3)[y]
    targets = X @ rng.normal(size=(5, 2)) + 0.1 * rng.normal(size=(60, 2)) + 3
    many = at_least_one((rng.random((60, 3)) < 0.5).astype(np.int64))
    counted = rng.poisson(np.exp(0.3 * X[:, 0])) + 1.0
    return {
        "X": X,
        "Z": rng.normal(size=(20, 5)),
        "positive": np.abs(X) + 0.1,
        "kernel": X @ X.T,
        "y": y,
        "guess": guess,
        "two": two,
        "two_guess": (probability > 0.5).astype(np.int64),
        "many": many,
        "many_guess": at_least_one(np.where(rng.random((60, 3)) < 0.8, many, 1 - many)),
        "target": targets[:, 0],
        "predicted": targets[:, 0] + 0.3 * rng.normal(size=60),
        "targets": targets,
        "predicteds": targets + 0.3 * rng.normal(size=(60, 2)),
        "counted": counted,
        "rate": counted * np.exp(0.2 * rng.normal(size=60)),
        "probability": probability,
        "probabilities": spread / spread.sum(axis=1, keepdims=True),
        "weight": rng.random(60) + 0.5,
    }


def at_least_one(labels: np.ndarray) -> np.ndarray:
    """No sample without a label, for which scores are undefined."""
    labels[labels.sum(axis=1) == 0, 0] = 1
    return labels


def fitted(estimator: Any) -> dict[str, Any]:
    """The public fitted attributes: those that end with an underscore."""
    return {name: value for name, value in sorted(vars(estimator).items()) if name.endswith("_") and name[0] != "_"}


def asked(estimator: Any, X: Any, y: Any = None, **fit: Any) -> dict[str, Any]:
    """Everything that an estimator says after fitting: its attributes and what its methods give."""
    estimator.fit(X, y, **fit)
    said: dict[str, Any] = dict(fitted(estimator))
    for method in METHODS:
        if hasattr(estimator, method):
            said[method] = getattr(estimator, method)(X)
    if hasattr(estimator, "score"):
        said["score"] = estimator.score(X) if y is None else estimator.score(X, y)
    if hasattr(estimator, "inverse_transform"):
        said["inverse_transform"] = estimator.inverse_transform(said["transform"])
    return said


def asked_labels(estimator: Any, labels: Any) -> dict[str, Any]:
    """The same of an estimator that takes labels alone."""
    codes = estimator.fit(labels).transform(labels)
    return {**fitted(estimator), "transform": codes, "inverse_transform": estimator.inverse_transform(codes)}
