"""Files damaged at random, in a process of their own; the script that does it is run by hand with more of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(files, seed):
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "io" / "fuzz.py"), str(files), str(seed)],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_damaged_files_give_values_or_the_one_error():
    assert f"{300} files: " in run(300, 7)


@pytest.mark.slow
def test_many_damaged_files_give_values_or_the_one_error():
    words = run(20_000, 11)
    assert "0 other errors, 0 hangs, 0 ran something" in words
