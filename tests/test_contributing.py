"""What CONTRIBUTING.md says is there, and its example of a new operation works as written."""

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import gputensor as gt
from gputensor.core.apply import apply1
from gputensor.ops.activations import smooth
from tests.samples import activations

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^   ```python\n(.*?)^   ```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [textwrap.dedent(block) for block in BLOCK.findall(PAGE)]


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w.-]+/[\w./*-]*)`|\]\((docs/[^)]*)\)", PAGE))), ids=max)
def test_every_file_it_names_is_there(path):
    pattern = max(path)
    assert any(ROOT.glob(pattern)) or any(ROOT.glob("gputensor/" + pattern))


def test_an_ignored_type_error_has_its_reason_except_where_self_is_a_tensor():
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "gputensor").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# type: ignore(?!\[[\w, -]+\]  # )", line) and not re.search(r"\bself\b", line)
    ]
    assert bare == []


@pytest.mark.parametrize("command", sorted(set(re.findall(r"make ([a-z-]+)(?=[ `])", PAGE))))
def test_every_make_command_exists(command):
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_arguments_are_passed_on_and_the_checks_ask_for_coverage():
    def said(*command):
        given = ["make", "-n", *command, f"PYTHON={sys.executable}"]
        return subprocess.run(given, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "-k add" in said("test", "ARGS=-k add")
    assert "--cov" not in said("test")
    assert "--cov-fail-under=95" in said("check")


def test_the_operation_of_the_example_has_its_value_and_both_derivatives():
    primitive, function, method, row = EXAMPLES
    ours = {**vars(smooth), "Tensor": gt.Tensor}
    methods: dict[str, Any] = {}
    exec(primitive + function, ours)
    exec(method, ours, methods)
    lib = SimpleNamespace(squareplus=ours["squareplus"])
    sample = eval(row, dict(vars(activations)))
    x = gt.tensor(np.random.default_rng(0).normal(size=sample.inputs[0].shape), requires_grad=True)
    np.testing.assert_allclose(sample.call(lib, x).detach().numpy(), sample.reference(x.detach().numpy()), rtol=1e-12)
    assert gt.autograd.gradcheck(lambda t: sample.call(lib, t), (x,))
    assert gt.autograd.gradgradcheck(lambda t: sample.call(lib, t), (x,))
    assert methods["squareplus"](x, 3.0).equal(sample.call(lib, x))


def test_the_primitive_of_the_example_has_the_reason_it_claims():
    ours = dict(vars(smooth))
    exec(EXAMPLES[0], ours)
    x = gt.tensor([-1e6, 1e6])
    assert apply1(ours["Squareplus"](4.0), x).tolist() == [np.float32(1e-6), 1e6]
    assert ((x + (x * x + 4.0).sqrt()) / 2).tolist()[0] == 0
