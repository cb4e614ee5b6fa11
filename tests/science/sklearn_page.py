"""Writes docs/scikit-learn.md, what the calls of the table gave: `python -m tests.science.sklearn_page`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.science.sklearn_calls.listed import LISTED

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "scikit-learn.md"

HEAD = """# scikit-learn

This page is written by `python -m tests.science.sklearn_page` from what the calls gave, and a test keeps it true.

scikit-learn takes Tensors and gives Tensors back. Its page
[Array API support](https://scikit-learn.org/stable/modules/array_api.html) lists for release {release}
{listed} estimators, metrics, kernels and tools:

| | |
|---|---|
| run on Tensors | {run} |
| have the values that NumPy arrays give | {right} |
| give arrays for NumPy arrays | {arrays} |
| of these give Tensors for Tensors | {tensors} |
| of these give a NumPy array besides, by scikit-learn's design | {besides} |

The tables below go through {forms} forms of these and of {extra} further names.

```python
import os

os.environ["SCIPY_ARRAY_API"] = "1"  # before SciPy or scikit-learn is imported

import gputensor as gt
import sklearn
from sklearn.decomposition import PCA

sklearn.set_config(array_api_dispatch=True)
x = gt.randn(100, 5)
PCA(2, svd_solver="full").fit_transform(x)  # a Tensor of shape (100, 2)
```

- **What comes back** is a `gputensor.array_api.Array`, a Tensor whose operators are the array-API standard's. Fitted
  attributes are too. Where NumPy's result is a NumPy scalar, a Tensor of no dims may come; scores are Python numbers.
- **Values** agree with those of the same call on NumPy arrays: relative to the largest value within 1e-10 for float64
  and 1e-5 for float32, unless a note says otherwise; integers and dtypes are equal.
- **The default dtype.** What scikit-learn computes of integers alone, as most scores of labels, it computes in the
  namespace's default dtype, for gputensor float32. `gt.set_default_dtype(gt.float64)` gives NumPy's digits. The notes
  name the results that this concerns.
- **Mixed inputs.** Everything follows `X`, or in metrics what was predicted: `y` may be a NumPy array or a list beside
  a Tensor `X`. scikit-learn has not got there yet for GaussianNB, LinearDiscriminantAnalysis and
  CalibratedClassifierCV: give them `y` as a Tensor. Classes of strings stay NumPy's, and so does what predicts them.
- **After fitting** on Tensors, `predict` and `transform` want Tensors of the same device.
  `sklearn.utils._array_api.move_estimator_to(model, numpy, "cpu")` moves a model to NumPy, and back.
- **Gradients** of inputs that require them pass through fitting and transforming alike (*pass*), unless scikit-learn
  overwrites a value that backward needs: then backward raises a GradError with the line that wrote (*stop*: some of
  the results; through `transform` of a StandardScaler fitted before they pass). What goes to NumPy on its way refuses
  such inputs at once and names `.detach()` (*refused*). Where no gradients are wanted, give `x.detach()`: else a fitted
  model keeps the graph.
- **On a GPU** results stay on the device of `X`. Here a strict double of CuPy played the GPU; what differs is noted.
- **Estimators without support** (KMeans, RandomForestClassifier, Ridge with other solvers …) want dispatch off,
  `with sklearn.config_context(array_api_dispatch=False):`. They then take Tensors on the CPU as the arrays they are,
  and give NumPy arrays.

scikit-learn's own checks run with this namespace too: `check_array_api_input_and_values`,
`check_array_api_mixed_inputs` and `check_array_api_same_namespace`, for every estimator of which scikit-learn itself
expects them to pass.
"""


def run() -> dict[str, Any]:
    """The report of the table, made in a process of its own. Raises RuntimeError with its last words where it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCIPY_ARRAY_API": "1"}
    command = [sys.executable, "-m", "tests.science.sklearn_calls.run"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout)


def page(report: dict[str, Any]) -> str:
    """The page of a report."""
    return "\n".join([head(report), *tables(report)]) + "\n"


def head(report: dict[str, Any]) -> str:
    fails = {row["name"] for row in report["rows"] if row["error"]}
    wrong = {row["name"] for row in report["rows"] if not all(leaf["right"] for leaf in row["leaves"])}
    results = [(row["name"], leaf["kind"]) for row in report["rows"] for leaf in row["leaves"] if is_array(leaf)]
    arrays = {name for name, _ in results}
    tensors = {name for name, kind in results if kind == "Tensor"}
    names = {fact["name"] for fact in report["facts"]}
    listed = names & set(LISTED)
    return HEAD.format(
        listed=len(LISTED),
        release=".".join(report["release"].split(".")[:2]),
        run=len(listed - fails),
        right=len(listed - fails - wrong),
        arrays=len(listed & arrays),
        tensors=len(listed & tensors),
        besides=len(listed & {name for name, kind in results if kind != "Tensor"}),
        forms=len(report["facts"]),
        extra=len(names - set(LISTED)),
    )


def is_array(leaf: dict[str, Any]) -> bool:
    return leaf["numpy_kind"] == "NumPy"


def tables(report: dict[str, Any]) -> Iterator[str]:
    """One table a group. Names that scikit-learn's page does not list carry a star."""
    runs = {(row["name"], row["case"]): row for row in report["rows"] if (row["data"], row["default"]) == USUAL}
    gradients = {(row["name"], row["case"]): row for row in report["gradients"]}
    group = ""
    for fact in report["facts"]:
        if fact["group"] != group:
            group = fact["group"]
            yield f"\n## {group}\n\n| call | gives | gradients | notes |\n|---|---|---|---|"
        key = fact["name"], fact["case"]
        star = "" if fact["name"] in LISTED else " *"
        case = f": {fact['case']}" if fact["case"] else ""
        cells = (f"`{fact['name']}`{star}{case}", gives(runs[key]), passes(gradients[key]), notes(fact))
        yield f"| {' | '.join(cells)} |"
    yield "\n\\* not on scikit-learn's page, but it runs."


USUAL = ("float64", "float32")


def gives(row: dict[str, Any]) -> str:
    if row["error"]:
        return f"fails: {row['error']}"
    kinds = {leaf["kind"] for leaf in row["leaves"]}
    words = [word for kind, word in (("Tensor", "Tensors"), ("NumPy", "NumPy"), ("number", "numbers")) if kind in kinds]
    if len(row["leaves"]) == 1:
        words = [{"Tensors": "a Tensor", "numbers": "a number", "NumPy": "NumPy"}[word] for word in words]
    return ", ".join(words) or "nothing"


def passes(row: dict[str, Any]) -> str:
    if row["refused"]:
        return "refused"
    found = set(row["passes"].values())
    if found - {"yes", "no"}:
        return "stop"
    return "pass" if "yes" in found else "–"


def notes(fact: dict[str, Any]) -> str:
    said = [f"`{path}` is NumPy: {why}" if path else f"NumPy: {why}" for path, why in fact["numpy"].items()]
    if fact["default"]:
        said.append("default dtype" + "".join(f", `{path}`" for path in fact["default"] if path))
    within = ", ".join(f"{bound:g} in {dtype}" for dtype, bound in fact["rough"].items())
    if within:
        said.append(f"within {within}: {fact['because']}")
    elif fact["because"]:
        said.append(fact["because"])
    if fact["gpu"]:
        said.append(f"on a GPU: {fact['gpu']}")
    return "; ".join(said)


if __name__ == "__main__":
    PAGE.write_text(page(run()), encoding="utf-8")
