"""Runs the table of calls and prints what came of it, as JSON: `python -m tests.science.sklearn_calls.run`.

In a process of its own, for SCIPY_ARRAY_API is read when SciPy is imported.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from typing import Any

os.environ["SCIPY_ARRAY_API"] = "1"

import numpy as np
import pytest
import sklearn

import gputensor as gt
from tests import doubles
from tests.science.sklearn_calls.groups import GROUPS, ROWS
from tests.science.sklearn_calls.leaves import REL, compare_all, leaves
from tests.science.sklearn_calls.row import Data, Row
from tests.science.sklearn_calls.situations import SITUATIONS
from tests.science.sklearn_calls.tagged import tagged


def main() -> None:
    warnings.simplefilter("error")
    report: dict[str, Any] = {
        "release": sklearn.__version__,
        "tagged": tagged(),
        "facts": [facts(group, row) for group, rows in GROUPS.items() for row in rows],
        "rows": [outcome(row, data, default) for row in ROWS for data, default in precisions(row)],
        "gradients": [with_gradients(row) for row in ROWS],
        "situations": {name: failure(call) for name, call in SITUATIONS.items()},
    }
    with doubles.installed(devices=2):
        report["gpu"] = [on_a_played_gpu(row) for row in ROWS]
    json.dump(report, sys.stdout)


def facts(group: str, row: Row) -> dict[str, Any]:
    """What the table says of a row."""
    said = {
        name: getattr(row, name) for name in ("name", "case", "numpy", "default", "narrow", "rough", "gpu", "because")
    }
    return {"group": group, **said}


def precisions(row: Row) -> list[tuple[str, str]]:
    """(the dtype of the data, the default dtype of gputensor) of the runs of a row."""
    wide = [("float64", "float64")] if row.default else []
    return [("float64", "float32"), ("float32", "float32"), *wide]


def outcome(row: Row, data: str, default: str) -> dict[str, Any]:
    """How one row went with data of one dtype: the error, or every result beside NumPy's."""
    said: dict[str, Any] = {"name": row.name, "case": row.case, "data": data, "default": default, "leaves": []}
    gt.set_default_dtype(gt.float64 if default == "float64" else gt.float32)
    try:
        want = row.call(Data(data, np.asarray))
        with sklearn.config_context(array_api_dispatch=True):
            got = row.call(Data(data, gt.tensor))
        said["leaves"] = compare_all(got, want, functools.partial(tolerance, row, data, default))
        said["error"] = None
    except Exception as error:
        said["error"] = one_line(error)
    finally:
        gt.set_default_dtype(gt.float32)
    return said


def tolerance(row: Row, data: str, default: str, path: str) -> float | None:
    """How far a result may be from NumPy's, relative to its largest value. None: its values are not compared."""
    if data == "float32" and path in row.unlike:
        return None
    if data in row.rough:
        return row.rough[data]
    return REL["float32" if default == "float32" and path.startswith(row.default) else data]


def with_gradients(row: Row) -> dict[str, Any]:
    """What becomes of gradients where every array of floats requires one, by result, or why the call refuses them."""
    gt.set_default_dtype(gt.float64)
    said: dict[str, Any] = {"name": row.name, "case": row.case, "refused": None, "error": None, "passes": {}}
    try:
        with sklearn.config_context(array_api_dispatch=True):
            result = dict(leaves(row.call(Data("float64", tracked))))
        said["passes"] = {path: backward(leaf) for path, leaf in result.items() if isinstance(leaf, gt.Tensor)}
    except gt.errors.GradError as error:
        said["refused"] = str(error)
    except Exception as error:
        said["error"] = one_line(error)
    finally:
        gt.set_default_dtype(gt.float32)
    return said


def backward(leaf: gt.Tensor) -> str:
    """ "yes", "no" for what keeps no graph, or why gradients stop."""
    if not leaf.requires_grad:
        return "no"
    try:
        leaf.sum().backward(retain_graph=True)
    except gt.errors.GradError as error:
        return str(error)
    return "yes"


def on_a_played_gpu(row: Row) -> dict[str, Any]:
    """The row with float64 data on a GPU that the strict double of CuPy plays: its devices, and whether all agrees."""
    gt.set_default_dtype(gt.float64)
    said: dict[str, Any] = {"name": row.name, "case": row.case, "error": None, "devices": {}, "wrong": []}
    try:
        want = row.call(Data("float64", np.asarray))
        with sklearn.config_context(array_api_dispatch=True):
            got = row.call(Data("float64", lambda a: gt.tensor(a, device="cuda")))
        results = compare_all(got, want, functools.partial(tolerance, row, "float64", "float64"))
        said["wrong"] = [result["path"] for result in results if not result["right"]]
        said["devices"] = {path: str(leaf.device) for path, leaf in leaves(got) if isinstance(leaf, gt.Tensor)}
    except Exception as error:
        said["error"] = one_line(error)
    finally:
        gt.set_default_dtype(gt.float32)
    return said


def tracked(a: np.ndarray) -> gt.Tensor:
    return gt.tensor(a, requires_grad=a.dtype.kind == "f")


def failure(call: Callable[[], None]) -> str | None:
    """None where the call went through, else the error in a line."""
    try:
        call()
    except (Exception, pytest.fail.Exception) as error:  # the latter is what pytest.raises raises; no Exception
        return one_line(error)
    return None


def one_line(error: BaseException) -> str:
    """The error, and the last three places it came through."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__}: {' '.join(str(error).split())[:400]} ({places})"


if __name__ == "__main__":
    main()
