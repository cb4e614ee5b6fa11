"""Imports point downwards only, and optional packages are imported where the tables below say.

A part of the package is a module or a folder right under gputensor/. A part may import itself, the parts of its own
layer and those of the layers below. Imports for type checkers alone (`if TYPE_CHECKING:`) are free.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Lowest first. "gputensor" is what `import gputensor` gives: the public API, which layers above it may use.
LAYERS = [
    {"_installing", "_version", "errors"},
    {"_blas_waiting", "_left_out", "_when_imported"},
    {"arrays"},
    {"core"},
    {"autograd"},
    {"ops"},
    {"_tensor", "_tensor_namespace"},
    {"gputensor"},
    {
        "return_types",
        "nn",
        "func",
        "optim",
        "utils",
        "cuda",
        "show",
        "linalg",
        "fft",
        "signal",
        "special",
        "random",
        "io",
        "serialization",
        "amp",
        "distributions",
        "accelerator",
        "backends",
        "cpu",
        "distributed",
        "functional",
        "futures",
        "multiprocessing",
        "profiler",
        "testing",
        "types",
        "version",
        "_settings",
    },
    {"array_api", "benchmark", "interop"},
    {"as_torch"},
    {"demo", "demo_data"},
]

# Inside one part: a folder that must not know its neighbour.
APART = {
    ("arrays/numpy_", "arrays/cupy_"),
    ("arrays/vocabulary", "arrays/numpy_"),
    ("arrays/vocabulary", "arrays/cupy_"),
}

OPTIONAL = {
    "cupy",
    "cupyx",
    "cupy_backends",
    "cudnn",
    "scipy",
    "torch",
    "PIL",
    "matplotlib",
    "tqdm",
    "treescope",
    "einops",
    "tensorboardX",
}

# Every import that runs inside a function, or of an optional package, with its reason:
# (file, imported module): why it is not an ordinary import at the head of the file.
LAZY: dict[tuple[str, str], str] = {
    ("gputensor/autograd/__init__.py", "gputensor.autograd.functional"): "loaded when first asked for",
    ("gputensor/core/nodes.py", "gputensor.core.apply"): "apply makes nodes; what one saved is shown as tensors",
    ("gputensor/utils/data/dataloader.py", "multiprocessing.context"): "imported only where workers are wanted",
    ("gputensor/ops/shared_memory.py", "multiprocessing"): "loaded when memory is sent to another process",
    ("gputensor/ops/shared_memory.py", "multiprocessing.reduction"): "loaded when memory is first shared",
    ("gputensor/autograd/functional.py", "gputensor.func"): "loaded when columns of a Jacobian are asked for",
    (
        "gputensor/autograd/check.py",
        "gputensor.func",
    ): "loaded to check several derivatives forwards at once",
    (
        "gputensor/autograd/functional.py",
        "gputensor.ops.joining",
    ): "rows of a Jacobian; operations stand above the graph",
    ("gputensor/autograd/functional_api.py", "gputensor.arrays.batched.level"): "loaded when vmap is first used",
    ("gputensor/autograd/functional_api.py", "gputensor.core.batches"): "loaded when vmap is first used",
    ("gputensor/_tensor.py", "gputensor.show"): "printing is loaded when something is printed",
    ("gputensor/arrays/cupy_/airy.py", "scipy.special"): "its table, for the first call alone",
    ("gputensor/arrays/cupy_/loading.py", "cupy"): "CuPy is loaded on first need only",
    ("gputensor/arrays/cupy_/runtime.py", "cupy.cuda.nccl"): "CuPy warns where the library is missing",
    ("gputensor/arrays/cupy_/loading.py", "gputensor.arrays.cupy_.namespace"): "CuPy is loaded on first need only",
    ("gputensor/arrays/numpy_/special.py", "scipy.special"): "loading it costs more than NumPy itself",
    ("gputensor/arrays/numpy_/fourier.py", "scipy.fft"): "loading it costs more than NumPy itself",
    ("gputensor/arrays/cupy_/factorizations.py", "cupyx.scipy"): "it loads cuBLAS and cuSOLVER at once",
    ("gputensor/arrays/numpy_/factorizations.py", "scipy.linalg"): "loading it costs more than NumPy itself",
    ("gputensor/arrays/numpy_/elementwise.py", "scipy.special"): "loading it costs more than NumPy itself",
    ("gputensor/arrays/numpy_/shapes.py", "gputensor.arrays.numpy_"): "the package that collects this module's words",
    ("gputensor/core/devices.py", "gputensor.arrays.cupy_.loading"): "CuPy is loaded on first need only",
    (
        "gputensor/arrays/numpy_/random_bits.py",
        "concurrent.futures",
    ): "threads are for large draws; loading them takes a while",
    ("gputensor/as_torch/vision/functional.py", "PIL.Image"): "an optional package, loaded for pictures of its own",
    ("gputensor/as_torch/stand_ins/version.py", "cupy"): "asked for its version where there is a GPU",
    ("gputensor/cuda/_devices.py", "gputensor.arrays.cupy_.loading"): "CuPy is loaded on first need only",
    ("gputensor/cuda/_devices.py", "gputensor.arrays.cupy_.runtime"): "CuPy is loaded on first need only",
    (
        "gputensor/autograd/__init__.py",
        "gputensor.autograd.profiler",
    ): "few programs want it, and it is slow to load",
    ("gputensor/autograd/profiling/recorder.py", "gputensor.arrays.cupy_.loading"): "CuPy is loaded on first need only",
    ("gputensor/autograd/profiling/recorder.py", "gputensor.arrays.cupy_.runtime"): "CuPy is loaded on first need only",
    (
        "gputensor/cuda/__init__.py",
        "gputensor.cuda.amp",
    ): "it stands on gputensor.amp, which asks gputensor.cuda for GPUs",
    ("gputensor/ops/standard.py", "gputensor.array_api"): "the other door, loaded when a library asks for it",
    ("gputensor/ops/dlpack.py", "gputensor.arrays.cupy_.runtime"): "CuPy is loaded on first need only",
    ("gputensor/ops/numpy_protocols.py", "gputensor.interop.numpy_door.ufuncs"): "loaded when NumPy meets a tensor",
    ("gputensor/ops/numpy_protocols.py", "gputensor.interop.numpy_door.functions"): "loaded when NumPy meets a tensor",
    ("gputensor/_when_imported.py", "gputensor.interop.einops_backend"): "loaded with einops",
    ("gputensor/interop/einops_backend.py", "gputensor.interop.einops"): "its layers need nn",
    ("gputensor/utils/__init__.py", "gputensor.utils.tensorboard"): "its writer package is optional",
    ("gputensor/utils/tensorboard/writer.py", "tensorboardX"): "an optional package, loaded when a writer is made",
    ("gputensor/demo/__main__.py", "tqdm"): "the demo runs without it",
    ("gputensor/demo/_pictures.py", "matplotlib"): "the demo runs without it",
    ("gputensor/demo/_pictures.py", "matplotlib.figure"): "the demo runs without it",
    (
        "gputensor/utils/data/dataloader.py",
        "gputensor.utils.data._pool",
    ): "processes are loaded when workers are asked for",
}

# Files, or whole folders (ending in "/"), that are themselves imported on first need only, and therefore may import an
# optional package at their head: (file or folder, package): why.
HEAD: dict[tuple[str, str], str] = {
    ("gputensor/arrays/cupy_/", "cupy"): "loading.py imports the rest of the folder when a GPU is asked for",
    ("gputensor/arrays/cupy_/elementwise.py", "cupyx"): "loaded with CuPy, when a GPU is asked for",
    ("gputensor/arrays/cupy_/special.py", "cupyx"): "loaded with CuPy, when a GPU is asked for",
    ("gputensor/interop/einops.py", "einops"): "its layers, which only users of einops import",
    ("gputensor/interop/einops_backend.py", "einops"): "loaded with einops",
}


@dataclass(frozen=True)
class Import:
    file: str
    line: int
    module: str  # absolute: "gputensor.core.apply", "scipy.special"
    lazy: bool  # inside a function
    typing: bool  # inside `if TYPE_CHECKING:`

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING")


def absolute(node: ast.ImportFrom, file: str) -> str:
    """The module that `from <node.module> import ...` in `file` names, with leading dots resolved."""
    if not node.level:
        return node.module or ""
    package = list(Path(file).parent.parts)
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def is_module(name: str) -> bool:
    if name.startswith("gputensor.") and any(name.split(".", 1)[1] in names for names in LAYERS):
        return True
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def modules_named(node: ast.AST, file: str) -> Iterator[str]:
    """The modules that one statement or call imports; `from package import submodule` counts as the submodule."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = absolute(node, file)
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            yield inner if is_module(inner) else base
    elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
        yield from (str(first.value) for first in node.args[:1] if isinstance(first, ast.Constant))


def imports_of(source: str, file: str) -> list[Import]:
    """Every import in the source of `file`, in the order of the lines."""
    found: list[Import] = []

    def walk(node: ast.AST, lazy: bool, typing: bool) -> None:
        for name in dict.fromkeys(modules_named(node, file)):
            found.append(Import(file, getattr(node, "lineno", 0), name, lazy, typing))
        lazy = lazy or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        if is_type_checking(node):
            assert isinstance(node, ast.If)
            for child in node.body:
                walk(child, lazy, True)
            for child in node.orelse:
                walk(child, lazy, typing)
            return
        for child in ast.iter_child_nodes(node):
            walk(child, lazy, typing)

    walk(ast.parse(source), False, False)
    return found


def part(module: str) -> str:
    """The part that a module of ours belongs to: "gputensor.core.apply" is in "core"."""
    return [*module.split("."), "gputensor"][1]


def part_of_file(file: str) -> str:
    return Path(file).parts[1].removesuffix(".py")


def layer(name: str) -> int:
    for height, names in enumerate(LAYERS):
        if name in names:
            return height
    pytest.fail(f"gputensor/{name} is in no layer; give it a place in LAYERS of {Path(__file__).name}")


def covers(place: tuple[str, str], file: str, package: str) -> bool:
    """Whether an entry of HEAD, a file or a folder with a package, speaks of this import."""
    return place[1] == package and (file == place[0] or (place[0].endswith("/") and file.startswith(place[0])))


def faults(found: list[Import]) -> list[str]:
    """What is wrong with these imports, one sentence each."""
    wrong = []
    for one in found:
        if one.typing:
            continue
        top, listed = one.module.split(".")[0], (one.file, one.module)
        if one.lazy and listed not in LAZY:
            wrong.append(
                f"{one} inside a function; move it to the head of the file, or list it in LAZY with its reason"
            )
        if top in OPTIONAL and not one.lazy and not any(covers(place, one.file, top) for place in HEAD):
            wrong.append(f"{one}, an optional package, at its head; import it on first need, or list the file in HEAD")
        if top != "gputensor":
            continue
        here, there = part_of_file(one.file), part(one.module)
        # The package's own __init__ gathers everything but the demo; an upward import is lawful only if it is listed.
        height = layer("demo") - 1 if here == "__init__" else layer(here)
        if layer(there) > height and listed not in LAZY:
            wrong.append(f"{one}, which is a layer above gputensor/{here}")
        for folder, other in APART:
            if one.file.startswith(f"gputensor/{folder}/") and one.module.startswith(
                f"gputensor.{other.replace('/', '.')}"
            ):
                wrong.append(f"{one}, but {folder} must not know {other}")
    return wrong


def package_imports() -> list[Import]:
    files = sorted((ROOT / "gputensor").rglob("*.py"))
    assert files
    return [
        one for path in files for one in imports_of(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    ]


def test_imports_point_downwards_and_optional_packages_wait_for_first_need():
    assert faults(package_imports()) == []


def test_every_part_of_the_package_has_a_layer():
    for entry in sorted((ROOT / "gputensor").iterdir()):
        if entry.name not in ("__pycache__", "__init__.py", "py.typed"):
            layer(entry.name.removesuffix(".py"))


def test_the_tables_list_only_imports_that_are_there():
    found = package_imports()
    lazy = {(one.file, one.module) for one in found if one.lazy}
    head = [(one.file, one.module.split(".")[0]) for one in found if not one.lazy]
    assert sorted(set(LAZY) - lazy) == []
    assert [place for place in HEAD if not any(covers(place, *one) for one in head)] == []
    assert all([*LAZY.values(), *HEAD.values()]), "every entry has a reason"


# --- the checker itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("gputensor/core/apply.py", "from gputensor.ops import reduction"),
        ("gputensor/core/apply.py", "from ..ops.reduction import sum"),
        ("gputensor/core/apply.py", "from .. import ops"),
        ("gputensor/core/apply.py", "import gputensor"),
        ("gputensor/ops/reduction.py", "from .._tensor import Tensor"),
        ("gputensor/errors.py", "try:\n    import gputensor.core\nexcept ImportError:\n    pass"),
        ("gputensor/arrays/numpy_/linalg.py", "from gputensor.arrays.cupy_ import linalg"),
        ("gputensor/arrays/vocabulary/linalg.py", "from ..numpy_ import linalg"),
        ("gputensor/__init__.py", "from . import demo"),
        ("gputensor/nn/linear.py", "from gputensor.demo import data"),
    ],
)
def test_an_upward_import_is_a_fault(file, source):
    assert len(faults(imports_of(source, file))) == 1


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("gputensor/ops/reduction.py", "from ..core.apply import apply1\nfrom . import shape\nimport math"),
        ("gputensor/nn/linear.py", "import gputensor\nfrom gputensor.nn import functional"),
        ("gputensor/__init__.py", "from . import nn as nn\nfrom ._tensor import Tensor as Tensor"),
        (
            "gputensor/core/apply.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .._tensor import Tensor",
        ),
        ("gputensor/core/apply.py", "if TYPE_CHECKING:\n    import cupy"),
    ],
)
def test_downward_imports_and_imports_for_type_checkers_are_fine(file, source):
    assert faults(imports_of(source, file)) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import scipy.special",
        "def f():\n    importlib.import_module('cupy')",
        "f = lambda: __import__('torch')",
    ],
)
def test_an_import_in_a_function_has_to_be_listed(source):
    file = "gputensor/arrays/numpy_/elsewhere.py"
    assert any("inside a function" in fault for fault in faults(imports_of(source, file)))


def test_a_listed_import_in_a_function_is_fine(monkeypatch):
    file = "gputensor/arrays/numpy_/elsewhere.py"
    monkeypatch.setitem(LAZY, (file, "scipy.special"), "first need")
    assert faults(imports_of("def f():\n    import scipy.special", file)) == []


@pytest.mark.parametrize("source", ["import cupy", "from scipy import special", "class A:\n    import torch.nn"])
def test_an_optional_package_at_the_head_of_a_file_is_a_fault(source):
    assert any("optional package" in fault for fault in faults(imports_of(source, "gputensor/ops/special.py")))


def test_a_folder_that_is_loaded_on_first_need_may_import_its_package(monkeypatch):
    monkeypatch.setitem(HEAD, ("gputensor/arrays/cupy_/", "cupy"), "loaded when a GPU is asked for")
    assert faults(imports_of("import cupy.linalg", "gputensor/arrays/cupy_/linalg.py")) == []
    assert len(faults(imports_of("import torch", "gputensor/arrays/cupy_/linalg.py"))) == 1
    assert len(faults(imports_of("import cupy", "gputensor/arrays/numpy_/linalg.py"))) == 1


def test_the_else_branch_of_type_checking_is_no_exception():
    source = "if TYPE_CHECKING:\n    import cupy\nelse:\n    import torch"
    assert [one.module for one in imports_of(source, "gputensor/core/a.py") if not one.typing] == ["torch"]


def test_relative_imports_are_resolved_from_a_package_itself():
    (one,) = imports_of("from ..core import apply", "gputensor/ops/__init__.py")
    assert part(one.module) == "core"
