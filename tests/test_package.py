"""What a stranger gets from the package: a quick import, names that hide nothing, a complete small wheel."""

import ast
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import gputensor
from scripts import check_wheel

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "gputensor"
LEFT_ALONE = {"array_api_strict", "cupy", "cupyx", "einops", "matplotlib", "scipy", "tensorboardX", "torch", "tqdm"}


def test_the_import_leaves_optional_packages_alone():
    code = "import sys, gputensor; print(*{name.split('.')[0] for name in sys.modules})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "gputensor" in imported
    assert imported & LEFT_ALONE == set()


def test_the_version_is_the_one_of_the_version_file():
    text = (PACKAGE / "_version.py").read_text()
    assert f'__version__ = "{gputensor.__version__}"' in text


def public_names(init: str, folder: Path) -> set[str]:
    """The functions, classes and values that the __init__ of `folder` binds; modules imported whole do not count."""
    names = set()
    for node in ast.walk(ast.parse(init)):
        if isinstance(node, ast.ImportFrom):
            start = [folder, *folder.parents][node.level - 1] if node.level else ROOT
            source = start.joinpath(*(node.module or "").split("."))
            whole = {alias.name for alias in node.names} & submodules(source)
            names |= {alias.asname or alias.name for alias in node.names if alias.name not in whole}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("_")}


def submodules(folder: Path) -> set[str]:
    found = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    return {name for name in found if not name.startswith("_")}


def packages() -> Iterator[Path]:
    for folder, _, files in os.walk(PACKAGE):
        if "__init__.py" in files:
            yield Path(folder)


def test_no_submodule_bears_the_name_of_a_public_function_or_class():
    hidden = {}
    for folder in packages():
        both = public_names((folder / "__init__.py").read_text(encoding="utf-8"), folder) & submodules(folder)
        if both:
            hidden[folder.relative_to(ROOT).as_posix()] = sorted(both)
    assert hidden == {}


def test_a_name_from_a_module_is_public_and_a_module_imported_whole_is_not():
    modules = "from . import core as core\nfrom gputensor import ops as ops\n"
    values = "from gputensor.errors import ShapeError\npi = 3\ndef sum(): ...\n"
    assert public_names(modules + values, PACKAGE) == {"ShapeError", "pi", "sum"}
    assert public_names("from ..core import apply as apply, Tensor\n", PACKAGE / "ops") == {"Tensor"}


def test_a_function_that_bears_the_name_of_its_module_is_seen():
    init = "from gputensor.ops.shape import shape as shape\n"
    assert public_names(init, PACKAGE / "ops") & submodules(PACKAGE / "ops") == {"shape"}


# --- the wheel --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_wheel_is_small_and_holds_the_whole_package_and_nothing_else(tmp_path):
    wheel = check_wheel.build_wheel(tmp_path)
    names = set(zipfile.ZipFile(wheel).namelist())
    assert check_wheel.problems(wheel.stat().st_size, names, check_wheel.package_files(ROOT)) == []


GOOD = {"gputensor/__init__.py", "gputensor/py.typed", "gputensor/demo_data/digits.npz"}
LICENCE = {"gputensor-0.1.0.dist-info/licenses/LICENSE"}


def test_a_good_wheel_has_no_problems():
    assert check_wheel.problems(1000, GOOD | LICENCE, GOOD) == []


@pytest.mark.parametrize(
    ("size", "names", "problem"),
    [
        (2_000_000, GOOD | LICENCE, "the limit is 2,000,000"),
        (1000, (GOOD | LICENCE) - {"gputensor/py.typed"}, "py.typed is missing, so"),
        (1000, (GOOD | LICENCE) - {"gputensor/demo_data/digits.npz"}, "digits.npz is missing"),
        (1000, GOOD | LICENCE | {"tests/test_package.py"}, "tests/test_package.py does not belong"),
        (1000, GOOD, "the licence is missing"),
    ],
)
def test_the_check_of_the_wheel_sees(size, names, problem):
    assert any(problem in found for found in check_wheel.problems(size, names, GOOD))


def test_files_that_python_leaves_behind_are_not_expected_in_the_wheel(tmp_path):
    folder = tmp_path / "gputensor"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "__pycache__" / "a.cpython-311.pyc").touch()
    (folder / "softmax.cu").touch()
    assert check_wheel.package_files(tmp_path) == {"gputensor/softmax.cu"}


def test_the_version_module_says_what_is_not_supported():
    assert gputensor.version.__version__ == gputensor.__version__
    nothing = (gputensor.version.git_version, gputensor.version.hip, gputensor.version.rocm, gputensor.version.xpu)
    assert (nothing, gputensor.version.debug) == ((None,) * 4, False)


def test_blas_is_told_to_wait_for_less_time_where_it_still_listens():
    ask = "import os, gputensor; print(os.environ['OPENBLAS_THREAD_TIMEOUT'])"
    for given, wanted in ((None, "20"), ("26", "26")):
        environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_THREAD_TIMEOUT"}
        if given is not None:
            environment["OPENBLAS_THREAD_TIMEOUT"] = given
        done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == wanted
