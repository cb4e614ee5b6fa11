"""Run the suite on every Python that is found, and once on the oldest NumPy that pyproject.toml allows.

Each run has its own environment (.venv-3.12, .venv-3.10-numpy-2.0) on the CPU. Standard library only.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
OLDEST_NUMPY = ("3.10", "numpy==2.0.*")


def is_version(python: Path, version: str) -> bool:
    """Whether `python` runs and is that version; a pyenv shim of a version that is not selected exists but fails."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([str(python), "-c", question], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def candidates(version: str, path: str, home: Path) -> Iterator[Path]:
    """Where a Python of that version may be: on the PATH, then among pyenv's."""
    name = f"python{version}"
    for folder in path.split(os.pathsep):
        if folder and Path(folder, name).exists():
            yield Path(folder, name)
    yield from sorted(home.glob(f".pyenv/versions/{version}.*/bin/{name}"))


def find_python(version: str, path: str, home: Path) -> Path | None:
    """The first candidate that really is Python `version`; None if there is none."""
    return next((python for python in candidates(version, path, home) if is_version(python, version)), None)


def run_suite(python: Path, venv: str, pins: Iterable[str], arguments: list[str]) -> str:
    """Make the environment and run pytest in it; returns what came of it in a few words."""
    setup = [str(python), "scripts/setup_env.py", "--venv", venv, "--extras", "test", "--device", "cpu"]
    if subprocess.call([*setup, *(f"--pin={pin}" for pin in pins)], cwd=ROOT) != 0:
        return "set-up FAILED"
    status = subprocess.call([f"{venv}/bin/python", "-m", "pytest", "-q", "-m", "not slow", *arguments], cwd=ROOT)
    return "passed" if status == 0 else f"FAILED (pytest ended with {status})"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=VERSIONS, help="one version instead of all")
    options, arguments = parser.parse_known_args()
    results = {}
    for version in [options.only] if options.only else VERSIONS:
        python = find_python(version, os.environ.get("PATH", ""), Path.home())
        if python is None:
            results[f"Python {version}"] = "not found"
            continue
        print(f"\n== Python {version}: {python}", flush=True)
        results[f"Python {version}"] = run_suite(python, f".venv-{version}", (), arguments)
        if version == OLDEST_NUMPY[0]:
            pin = OLDEST_NUMPY[1]
            print(f"\n== Python {version} with {pin}", flush=True)
            name = f".venv-{version}-{pin.replace('==', '-').removesuffix('.*')}"
            results[f"Python {version}, {pin}"] = run_suite(python, name, [pin], arguments)
    print("\n" + "\n".join(f"{name}: {result}" for name, result in results.items()), flush=True)
    failed = any("FAILED" in result for result in results.values())
    return 1 if failed or "passed" not in results.values() else 0


if __name__ == "__main__":
    sys.exit(main())
