"""What the documentation says of PyTorch's names is so, and the names that programs call are here."""

import ast
import functools
import importlib.util
import inspect
import pkgutil
import re
import sys
import types
from pathlib import Path
from typing import TypeVar

import pytest

import gputensor as gt

ROOT = Path(__file__).resolve().parents[1]
SPEC = importlib.util.spec_from_file_location("pytorch_api", ROOT / "scripts" / "pytorch_api.py")
assert SPEC is not None
assert SPEC.loader is not None
api = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(api)
sys.modules["pytorch_api"] = api


def test_the_page_of_pytorchs_names_is_true():
    assert (ROOT / "docs" / "pytorch-api.md").read_text() == api.page(), "run `python scripts/pytorch_api.py`"


def test_the_names_that_programs_call_are_here():
    rows = list(api.usage())
    assert len(rows) > 700
    missing = [name for name, _, here in rows if not here]
    assert len(missing) <= 0.02 * len(rows), missing


@pytest.mark.torch
def test_the_names_are_those_of_pytorch():
    pytest.importorskip("torch")
    assert api.NAMES.read_text().split("\n")[:-1] == api.collect()


# files that are public though they are no packages; of the files of a package only these are
MODULES = (
    "accelerator", "amp.autocast_mode", "amp.grad_scaler", "autograd.forward_ad", "autograd.functional",
    "autograd.graph", "autograd.profiler",
    "backends.cpu", "backends.cuda", "backends.cudnn", "backends.mkl", "backends.mkldnn", "backends.mps",
    "backends.openmp", "backends.opt_einsum", "cuda.nvtx", "fft", "functional", "futures", "nn.attention",
    "nn.common_types", "nn.functional", "nn.grad", "nn.init",
    "nn.parameter", "nn.utils.clip_grad", "nn.utils.convert_parameters", "nn.utils.memory_format",
    "nn.utils.parametrizations", "nn.utils.parametrize", "nn.utils.prune", "nn.utils.rnn", "nn.utils.stateless",
    "optim.optimizer", "optim.swa_utils", "random", "return_types", "signal.windows", "utils.checkpoint",
    "utils.data.dataloader", "utils.data.dataset", "utils.data.distributed", "utils.data.sampler", "utils.dlpack",
    "cuda.nccl", "types", "version",
    "distributions.constraints", "distributions.constraint_registry", "distributions.kl",
    "distributions.transforms", "distributions.utils",
)  # fmt: skip
# packages whose insides are not for programs; Tensor, errors and the top level have what programs need of them
INSIDE = ("core", "ops", "arrays", "demo", "demo_data", "autograd.profiling", "nn.modules")

# what the docstrings of Module, Distribution and Transform say of all their subclasses
TOLD = ("forward", "arg_constraints", "support", "domain", "codomain")


def namespaces(package=gt):
    """The public packages, and those of their files that are public."""
    yield package
    for found in pkgutil.iter_modules(package.__path__):
        path = f"{package.__name__}.{found.name}".removeprefix("gputensor.")
        if found.name.startswith("_") or path in INSIDE:
            continue
        if found.ispkg:
            yield from namespaces(importlib.import_module(f"gputensor.{path}"))
        elif path in MODULES:
            yield importlib.import_module(f"gputensor.{path}")


def ours():
    """(name, object) of every function and class that a public package has, or that a public file defines."""
    for owner in namespaces():
        for name in dir(owner):
            value = getattr(owner, name, None)
            home = getattr(value, "__module__", None) or ""
            if name.startswith("_") or not (inspect.isclass(value) or inspect.isfunction(value)):
                continue
            if home == owner.__name__ or (hasattr(owner, "__path__") and home.startswith("gputensor.")):
                yield f"{owner.__name__}.{name}".removeprefix("gputensor."), value


def theirs():
    """(name, object) of every public function and class that is PyTorch's too."""
    for namespace, name in api.names():
        owner = api._module(gt, namespace)
        if owner is None or api.reason(namespace, name) is not None:
            continue
        value = inspect.getattr_static(owner, name) if namespace == "Tensor" else getattr(owner, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            yield f"{namespace}.{name}".strip("."), value


@functools.cache
def public():
    """name -> object of every public function and class, PyTorch's or ours."""
    return dict([*ours(), *theirs()])


def test_the_walk_meets_every_public_namespace():
    found = {module.__name__ for module in namespaces()}
    assert {f"gputensor.{name}" for name in MODULES} <= found, "a file of MODULES is gone"
    of_pytorch = {f"gputensor.{name}" for name in api.NAMESPACES if name not in ("", "Tensor") and reached(name)}
    assert of_pytorch <= found
    assert len(public()) > 1500


def reached(namespace):
    return isinstance(api._module(gt, namespace), types.ModuleType)


def test_every_public_function_and_class_has_a_docstring():
    bare = [name for name, value in public().items() if not (value.__doc__ or "").strip()]
    assert not bare


def test_every_public_method_has_a_docstring():
    bare = [
        f"{name}.{method}"
        for name, value in public().items()
        if inspect.isclass(value)
        for method, function in vars(value).items()
        if not method.startswith("_") and isinstance(function, (types.FunctionType, property, classmethod))
        if not (inspect.getdoc(getattr(value, method)) or "").strip() and method not in TOLD
    ]
    assert not bare


def test_everything_that_a_tensor_offers_has_a_docstring():
    """Also its slots, and names that PyTorch does not have."""
    names = [name for name in dir(gt.ones(1)) if not name.startswith("_")]
    assert len(names) > 500
    bare = [name for name in names if not (inspect.getdoc(inspect.getattr_static(gt.Tensor, name)) or "").strip()]
    assert not bare


def test_completion_offers_what_a_namespace_is_for():
    """No helper, no name of another library, nothing that was imported to be used inside."""
    leaked = [
        f"{module.__name__}.{name}"
        for module in namespaces()
        if not module.__name__.startswith("gputensor.as_torch")
        for name in dir(module)
        if not name.startswith("_") and inside(module, name)
    ]
    assert not leaked
    packages = ("arrays", "core", "ops")
    assert not set(packages) & set(dir(gt))
    assert not {"engine", "hooks", "pushing"} & set(dir(gt.autograd))


def inside(module, name):
    value = getattr(module, name)
    if name in getattr(module, "__all__", ()):
        return False
    if module is gt.multiprocessing:  # Python's own module goes on under its name
        return False
    if isinstance(value, types.ModuleType):
        return not value.__name__.startswith("gputensor")
    return name in unaliased(module) or isinstance(value, TypeVar)


@functools.cache
def unaliased(module):
    """What a module imports without ``as``: for itself, as against what it hands on."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return {alias.name for node in imports if node.col_offset == 0 for alias in node.names if alias.asname is None}


@pytest.mark.parametrize("name", [module.__name__ for module in namespaces()])
def test_what_a_star_takes_is_there(name):
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", [])
    assert [name for name in listed if not hasattr(module, name)] == []
    assert sorted(set(listed)) == sorted(listed)


def test_a_tensor_offers_nothing_that_is_left_out():
    offered = dir(gt.ones(1))
    assert "to_sparse" not in offered
    square = gt.ones(1, 1, dtype=gt.complex64)
    assert [name for name in dir(square) if not name.startswith("_") and not hasattr(square, name)] == []
    x = gt.ones(1)
    x.mark = 3
    assert {"mark", "sum", "T"} <= set(dir(x))


def test_every_public_function_and_class_has_an_example_that_runs():
    """The examples themselves run with the suite, since pytest collects doctests. Methods point to their function."""
    lacking = [
        name
        for name, value in public().items()
        if not name.startswith("Tensor.") and ">>>" not in (value.__doc__ or "") and not points(value)
    ]
    assert not lacking


def points(value):
    """Whether there is nothing to run: exceptions, records of results, and what refers to another in its first line."""
    if inspect.isclass(value) and issubclass(value, (BaseException, tuple)):
        return True
    return "see `" in (value.__doc__ or "").split("\n")[0].lower()


def functions_that_differ():
    """The functions that the first columns of docs/differences.md name, in backticks and by their path."""
    page = (ROOT / "docs" / "differences.md").read_text(encoding="utf-8")
    rows = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| `")]
    return [name for cell in rows for name in re.findall(r"`([\w.]+)`", cell)]


@pytest.mark.parametrize("name", functions_that_differ())
def test_what_the_page_of_differences_names_says_so_in_its_docstring(name):
    owner = gt
    for part in name.split("."):
        owner = api._part(owner, part)
    assert "Unlike torch" in " ".join((owner.__doc__ or "").split())


def test_the_page_of_differences_names_functions():
    assert len(functions_that_differ()) > 60
    assert len(set(functions_that_differ())) == len(functions_that_differ())
