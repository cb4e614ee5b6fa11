"""What the documentation says of PyTorch's names is so, and the names that programs call are here."""

import importlib.util
import inspect
import sys
from pathlib import Path

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


def public():
    """(name, object) of every public function and class that is PyTorch's too."""
    for namespace, name in api.names():
        owner = api._module(gt, namespace)
        if owner is None or api.reason(namespace, name) is not None:
            continue
        value = inspect.getattr_static(owner, name) if namespace == "Tensor" else getattr(owner, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            yield f"{namespace}.{name}".strip("."), value


def test_every_public_function_and_class_has_a_docstring():
    bare = [name for name, value in public() if not (value.__doc__ or "").strip()]
    assert not bare


def test_every_public_function_and_class_has_an_example_that_runs():
    """Methods and in-place forms point to their function."""
    lacking = [
        name
        for name, value in public()
        if not name.startswith("Tensor.") and ">>>" not in (inspect.getdoc(value) or "") and not _points(value)
    ]
    assert not lacking


def _points(value):
    return (inspect.isclass(value) and issubclass(value, (BaseException, tuple))) or "`" in (value.__doc__ or "").split(
        "\n"
    )[0]
