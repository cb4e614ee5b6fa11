"""Writes docs/scipy.md, what SciPy's functions do with Tensors: `python -m tests.science.scipy_page`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.science.scipy_calls import FAMILIES
from tests.science.scipy_calls.call import Call

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "scipy.md"
CALLS: dict[str, Call] = {call.name: call for family in FAMILIES for call in family.CALLS}

HEAD = """# SciPy's functions on Tensors

SciPy {version} lists {listed} functions that run on other libraries' arrays: the rows of its own
[table]({table}) with a yes for PyTorch on the CPU, and the methods of
`Rotation`, `RigidTransform` and `Slerp`. Every one of them is called here with Tensors and with NumPy arrays, once in
float64 and once in float32:

| | float64 | float32 |
|---|---|---|
| listed | {listed} | {listed} |
| run | {ran} | {ran32} |
| as with NumPy | {right} | {right32} |
| give Tensors | {tensors} | {tensors32} |

As with NumPy: shapes and integers are equal, dtypes too, floating-point numbers are within 1e-10 (1e-5 in float32) of
each other, or within 1e-12 (1e-6) of the largest of the result. In float32 {refused32} are refused to NumPy arrays and
Tensors alike: SciPy's code of linkages takes float64 only.

```python
import os

os.environ["SCIPY_ARRAY_API"] = "1"  # before SciPy is imported

import gputensor as gt
from scipy import special, stats

x = gt.randn(100, 3, requires_grad=True)
stats.zscore(x).square().sum().backward()
special.logsumexp(x, axis=0)  # a Tensor
```

Results are of the class `gputensor.array_api.Array`, a [Tensor with the standard's operators](array-api.md). Where
SciPy itself makes the numbers (windows, prototypes of filters), say `xp=gputensor.array_api`; they have the default
dtype, float32 unless changed, where NumPy has float64. The table above was made with the default dtype of the data;
with float64 data beside the default float32, {mixed} of the {listed} give or compute something in float32:
{mixed_names}.

## Gradients
Where SciPy's function is made of the namespace's operations alone, gradients flow through it: through {flows} of the
functions, each compared with differences. The marks in the lists below:

- **Gradient**: it flows, and is that of the function.
- **detach() first**: SciPy's compiled code takes over, or a derivative is not known here (that of `gammainc` in its
  first argument). A GradError says so.
- **SciPy writes over it**: SciPy changes a value in place that the gradient needs; `backward()` raises a GradError.
- **No gradient**: the result does not require grad. Ranks and counts are no smooth functions; the designs of filters
  take Python numbers of their arguments; `j0` … `y1` have no derivative in PyTorch either.
- **Nothing to ask**: no floating-point number goes in, or none comes out.

## On a GPU
SciPy lists {cuda_listed} of them for PyTorch on a GPU. Of these, {cuda} give CUDA tensors when they get some and
{words} give answers that are no arrays. The other {cuda_refused} use NumPy inside and raise an ImplicitTransferError
that names `.cpu()`: {refused_names}.

Many make arrays without naming a device, so say `gputensor.set_default_device("cuda")` first. This was run on a double
of CuPy that refuses what CuPy refuses, not on a GPU.

## Special functions
`scipy.special` looks for its functions in `gputensor.array_api.special` first; what is there is computed where the
Tensor lives, the rest by SciPy on the CPU. `gammaln(-inf)` is inf there, as in C and PyTorch; SciPy's own is -inf.
"""

MARKS = {
    "flows": "Gradient",
    "refused": "detach() first",
    "written": "SciPy writes over it",
    "stops": "No gradient",
    "": "Nothing to ask",
}
FAILS = "Does not run as with NumPy"
TABLE = "https://docs.scipy.org/doc/scipy/dev/api-dev/array_api.html"


def answers() -> dict[str, Any]:
    """What `scipy_results` prints, and as "cuda" what `scipy_cuda` prints over the double."""
    return {**printed("scipy_results"), "cuda": printed("scipy_cuda", "--double")}


def printed(module: str, *arguments: str) -> dict[str, Any]:
    """The JSON that a module prints in a process of its own: SciPy reads SCIPY_ARRAY_API when it is imported."""
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.science.{module}", *arguments],
        env={**os.environ, "SCIPY_ARRAY_API": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{module} failed:\n{ran.stderr}")
    return dict(json.loads(ran.stdout))


def mark(said: dict[str, str]) -> str:
    """What the page says of a gradient."""
    if said["differs"]:
        return FAILS
    return MARKS.get(said["gradient"], "Not a derivative")


def page(answer: dict[str, Any]) -> str:
    """The text of docs/scipy.md."""
    found: dict[str, dict[str, dict[str, str]]] = answer["results"]
    cuda: dict[str, dict[str, str]] = answer["cuda"]
    refused = [f"`{name}`" for name, said in cuda.items() if "refused" in said]
    mixed = [f"`{name}`" for name, said in found.items() if said and said["float64"]["beside float32"]]
    double, single = ([said[p] for said in found.values() if p in said] for p in ("float64", "float32"))
    text = HEAD.format(
        version=answer["version"],
        table=TABLE,
        listed=len(answer["listed"]),
        ran=sum(bool(said["gives"]) for said in double),
        ran32=sum(bool(said["gives"]) for said in single),
        right=sum(not said["differs"] for said in double),
        right32=sum(bool(said["gives"]) and not said["differs"] for said in single),
        tensors=sum(said["gives"] == "Tensor" for said in double),
        tensors32=sum(said["gives"] == "Tensor" for said in single),
        refused32=sum("refused" in said for said in single),
        flows=sum(said["gradient"] == "flows" for said in double),
        mixed=len(mixed),
        mixed_names=", ".join(mixed),
        cuda_listed=len(cuda),
        cuda=sum(said["gives"] == "cuda" for said in cuda.values()),
        words=sum(not said["gives"] and "refused" not in said for said in cuda.values()),
        cuda_refused=len(refused),
        refused_names=", ".join(refused),
    )
    failed = [name for name, said in found.items() if said and said["float64"]["differs"]]
    if failed:
        text += "\n## What does not run as with NumPy\n| function | because |\n|---|---|\n"
        text += "".join(f"| `{name}` | {CALLS[name].fails} |\n" for name in failed)
    others = [(name, said["float64"]["gives"]) for name, said in found.items() if said and not_tensors(said)]
    text += "\n## What gives something else\n| function | gives | because |\n|---|---|---|\n"
    for name, gives in others:
        text += f"| `{name}` | {gives} | {CALLS[name].note} |\n"
    text += "\n## What flows back is not a derivative\n| function | because |\n|---|---|\n"
    for name, said in found.items():
        if said and mark(said["float64"]) == "Not a derivative":
            text += f"| `{name}` | {CALLS[name].no_slope} |\n"
    return text + "\n## All of them\n" + "\n".join(lists(found))


def not_tensors(said: dict[str, dict[str, str]]) -> bool:
    return said["float64"]["gives"] != "Tensor" and not said["float64"]["differs"]


def lists(found: dict[str, dict[str, dict[str, str]]]) -> list[str]:
    """A paragraph for every package, a line for every mark."""
    packages: dict[str, dict[str, list[str]]] = {}
    for name, said in sorted(found.items()):
        home, _, function = name.rpartition(".")
        if said:
            packages.setdefault(home, {}).setdefault(mark(said["float64"]), []).append(function)
    made = []
    for home, marks in packages.items():
        made.append(f"### scipy.{home} ({sum(map(len, marks.values()))})")
        for word in (*MARKS.values(), "Not a derivative", FAILS):
            if word in marks:
                made.append(f"- **{word}** ({len(marks[word])}): {', '.join(f'`{name}`' for name in marks[word])}")
        made.append("")
    return made


if __name__ == "__main__":
    PAGE.write_text(page(answers()))
