"""Build the wheel and hold it to what the project promises: small, typed, complete, and nothing but the package."""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 2_000_000  # bytes


def build_wheel(folder: Path) -> Path:
    """Build the wheel into `folder` with the hatchling of this environment, so that no registry is needed."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    (wheel,) = folder.glob("*.whl")
    return wheel


def package_files(root: Path) -> set[str]:
    """Every file of the package that a user needs: sources, py.typed, kernels, data; not what Python leaves behind."""
    files = (path for path in (root / "gputensor").rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix() for path in files if path.suffix not in (".pyc", ".pyo")}


def problems(size: int, names: set[str], expected: set[str]) -> list[str]:
    """What is wrong with a wheel of `size` bytes that holds `names`; empty where all is well."""
    found = []
    if size >= LARGEST:
        found.append(f"it has {size:,} bytes; the limit is {LARGEST:,}")
    if "gputensor/py.typed" not in names:
        found.append("gputensor/py.typed is missing, so type checkers ignore the annotations")
    inside = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    found += [f"{name} is missing" for name in sorted(expected - inside)]
    found += [f"{name} does not belong in it" for name in sorted(inside - expected)]
    if not any(name.endswith(".dist-info/licenses/LICENSE") for name in names):
        found.append("the licence is missing")
    return found


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
        size, names = wheel.stat().st_size, set(zipfile.ZipFile(wheel).namelist())
    wrong = problems(size, names, package_files(ROOT))
    for problem in wrong:
        print(f"{wheel.name}: {problem}")
    print(f"{wheel.name}: {len(names)} files, {size:,} bytes of {LARGEST:,} allowed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
