"""Every name of PyTorch's that is here is used by some test: a name that merely exists does not count."""

import ast
import functools
import re
from pathlib import Path

import pytest

from tests.test_pytorch_api import api

TESTS = Path(__file__).parent
# the doubles and the stored values of PyTorch test nothing by themselves
APART = {TESTS / "doubles", TESTS / "reference", Path(__file__)}


def uses(text):
    """The names that a file calls, takes from a module or an object, or writes in quotes to look them up."""
    nodes = list(ast.walk(ast.parse(text)))
    imported = {name.asname or name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
    found = set()
    for node in nodes:
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
        elif isinstance(node, ast.Name) and node.id in imported:
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            single = re.fullmatch(r"[\w.]+( [\w.]+)*", node.value)
            found.update(re.findall(r"\w+", node.value) if single else re.findall(r"\w+(?=\()", node.value))
    return found


@functools.cache
def all_uses():
    found = set()
    for path in TESTS.rglob("*.py"):
        if not APART & {path, *path.parents}:
            found |= uses(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("namespace", api.NAMESPACES)
def test_every_name_that_is_here_is_used_by_a_test(namespace):
    used = all_uses()
    here = [name for of, name in api.names() if of == namespace and api.reason(of, name) is None]
    assert [name for name in here if name not in used] == []


def test_a_name_that_is_only_defined_or_imported_is_not_used():
    text = "from a import nothing, log\nclass Sum:\n    def mean(self): ...\nvar = x.exp()\n['sin cos', var]\nf(log)\n"
    assert uses(text) == {"exp", "sin", "cos", "f", "log"}
