"""The estimators of the installed scikit-learn that say of themselves that they support the array API."""

from __future__ import annotations

import warnings
from typing import Any

from sklearn.linear_model import LogisticRegression
from sklearn.utils import get_tags
from sklearn.utils.discovery import all_estimators


def tagged() -> list[str]:
    """Their names, as "linear_model.Ridge". One that takes an estimator is asked with LogisticRegression inside."""
    names = []
    for name, kind in all_estimators():
        if any(supports(made) for made in instances(kind)):
            names.append(f"{public(kind.__module__)}.{name}")
    return sorted(names)


def instances(kind: Any) -> list[Any]:
    base = LogisticRegression()
    found = []
    for arguments in ((), (base,), (base, {"C": [1.0]}), ([("base", base)],)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.append(kind(*arguments))
        except TypeError:
            continue
    return found


def supports(estimator: Any) -> bool:
    try:
        return get_tags(estimator).array_api_support
    except (AttributeError, TypeError, ValueError):  # made with arguments that fit its signature alone
        return False


def public(module: str) -> str:
    """ "sklearn.linear_model._ridge" → "linear_model"."""
    return module.split(".")[1]
