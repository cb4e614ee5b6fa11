"""Runs the functions that SciPy's array-API table lists, on NumPy arrays and on Tensors, and compares.

    SCIPY_ARRAY_API=1 python -m tests.science.scipy_results             # prints the results as JSON
    SCIPY_ARRAY_API=1 python -m tests.science.scipy_results stats.skew  # those of some functions, with the tracebacks

SciPy reads SCIPY_ARRAY_API when it is imported, so the tests run this in a process of its own.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

import gputensor as gt
from tests.science.scipy_calls import FAMILIES
from tests.science.scipy_calls.call import Call, Library
from tests.science.scipy_gradients import gradient
from tests.science.scipy_parts import parts

CALLS: tuple[Call, ...] = tuple(call for family in FAMILIES for call in family.CALLS)

# the packages whose tables are read; others have no function that runs on anything but NumPy
PACKAGES = (
    "cluster.hierarchy", "cluster.vq", "constants", "datasets", "differentiate", "fft", "integrate", "interpolate",
    "io", "linalg", "linalg.interpolative", "ndimage", "optimize", "optimize.elementwise", "signal", "signal.windows",
    "sparse", "sparse.csgraph", "sparse.linalg", "spatial", "spatial.distance", "special", "stats",
    "stats.contingency", "stats.mstats", "stats.qmc", "stats.sampling",
)  # fmt: skip
# name, whether the data are float32, the default dtype; "mixed" is kept as a remark on float64
RUNS = (("float64", False, gt.float64), ("float32", True, gt.float32), ("mixed", False, gt.float32))
# how far apart two results may be, as a part of the value, and as a part of the largest value of the result
RELATIVE = {False: 1e-10, True: 1e-5}
OF_LARGEST = {False: 1e-12, True: 1e-6}


def listed(kind: str = "cpu") -> list[str]:
    """The names of the functions and methods that SciPy's table says to run on PyTorch's tensors. kind: or "gpu"."""
    from scipy._lib._array_api_docs_tables import BackendSupportStatus, make_flat_capabilities_table

    names = set(methods(kind))
    for package in PACKAGES:
        for row in make_flat_capabilities_table(f"scipy.{package}", kind):
            if row["torch"] == BackendSupportStatus.YES:
                names.add(f"{package}.{row['function']}")
    return sorted(names)


def methods(kind: str) -> Iterator[str]:
    """The methods in SciPy's table, whose rows leave classes out: those of Rotation and its kin."""
    from scipy._lib import _array_api, _array_api_docs_tables

    for function, entry in _array_api.xp_capabilities_table.items():
        home, _, name = getattr(function, "__qualname__", "").rpartition(".")
        if home in ("Rotation", "RigidTransform", "Slerp"):
            runs = _array_api_docs_tables._process_capabilities_table_entry(entry)[kind]["torch"]
            if runs == _array_api_docs_tables.BackendSupportStatus.YES:
                yield f"spatial.transform.{home}.{name}"


def difference(ours: Any, theirs: Any, single: bool, loose: float) -> str:
    """What tells our part of a result from NumPy's; nothing if they agree."""
    if ours is None or theirs is None or isinstance(theirs, str):
        return "" if ours == theirs else f"{ours!r} instead of {theirs!r}"
    is_tensor = isinstance(ours, gt.Tensor)
    a, b = ours.detach().numpy() if is_tensor else np.asarray(ours), np.asarray(theirs)
    if a.shape != b.shape:
        return f"the shape {a.shape} instead of {b.shape}"
    # SciPy's own answer is float64 for some functions of float32, and for those that take no array at all
    narrower = single and (a.dtype, b.dtype) in ((np.float32, np.float64), (np.complex64, np.complex128))
    if is_tensor and a.dtype != b.dtype and not narrower:
        return f"the dtype {a.dtype} instead of {b.dtype}"
    if a.dtype.kind not in "fc":
        return "" if np.array_equal(a, b) else f"{a.tolist()} instead of {b.tolist()}"
    finite = np.abs(b[np.isfinite(b)])
    atol = loose * OF_LARGEST[single] * (finite.max() if finite.size else 0.0)
    if np.allclose(a, b, rtol=loose * RELATIVE[single], atol=atol, equal_nan=True):
        return ""
    with np.errstate(all="ignore"):
        return f"values off by {np.nanmax(np.abs(a - b)):.2e} of {finite.max() if finite.size else 0.0:.2e}"


def kind(ours: Any, theirs: Any) -> str:
    """What came back where NumPy has an array or one of its numbers."""
    if isinstance(ours, gt.Tensor):
        return "Tensor"
    if isinstance(ours, (np.ndarray, np.generic)):
        return "NumPy"
    return "Python" if isinstance(theirs, (np.ndarray, np.generic)) else ""


def outcome(call: Call, single: bool, default: gt.dtype) -> dict[str, str]:
    """One call in both libraries: "differs" says what is wrong, "gives" what came back. default: the default dtype."""
    before = gt.get_default_dtype()
    gt.set_default_dtype(default)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                theirs = list(parts(call.run(call.function(), Library(False, single))))
            except TypeError as error:
                if single:
                    return {"differs": "", "gives": "", "refused": f"NumPy's, too: {error}"}
                raise
            ours = list(parts(call.run(call.function(), Library(True, single))))
    finally:
        gt.set_default_dtype(before)
    kinds = sorted({kind(a, b) for a, b in zip(ours, theirs, strict=False)} - {""}) or ["Python"]
    if len(ours) != len(theirs):
        return {"differs": f"{len(ours)} parts instead of {len(theirs)}", "gives": " ".join(kinds)}
    found = (difference(a, b, single, call.loose) for a, b in zip(ours, theirs, strict=True))
    return {"differs": "; ".join(text for text in found if text), "gives": " ".join(kinds)}


def results(calls: tuple[Call, ...] = CALLS, *, loud: bool = False) -> dict[str, dict[str, dict[str, str]]]:
    """name -> precision -> what `outcome` says, or under "differs" the error."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for call in calls:
        found[call.name] = {}
        if call.function() is None:
            continue  # a SciPy that does not have it yet
        for key, single, default in RUNS:
            try:
                said = outcome(call, single, default)
            except Exception as error:
                if loud:
                    traceback.print_exc()
                said = {"differs": f"{type(error).__name__}: {error}", "gives": ""}
            found[call.name][key] = said
        found[call.name]["float64"]["beside float32"] = found[call.name].pop("mixed")["differs"]
        try:
            found[call.name]["float64"]["gradient"] = gradient(call)
        except Exception as error:
            if loud:
                traceback.print_exc()
            found[call.name]["float64"]["gradient"] = f"{type(error).__name__}: {error}"
    return found


def main() -> None:
    import scipy

    if not os.environ.get("SCIPY_ARRAY_API"):
        sys.exit("scipy_results: set SCIPY_ARRAY_API=1 in the environment")
    names = sys.argv[1:]
    calls = tuple(call for call in CALLS if not names or call.name in names or call.name.partition(".")[0] in names)
    answer = {"version": scipy.__version__, "results": results(calls, loud=bool(names))}
    if not names:
        answer["listed"] = listed()
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
