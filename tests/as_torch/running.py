"""Programs in processes of their own: under the alias, and under the real torch."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "programs"
LOSSES = Path(__file__).parent / "losses.json"
NAMES = sorted(path.stem for path in PROGRAMS.glob("*.py") if path.stem != "common")


def python(*arguments, cwd=None, given=None, **environment):
    """A finished Python process with this checkout on its path."""
    # one thread each: the machine runs other tests, too
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **environment,
    }
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=cwd, input=given, timeout=300)


def as_torch(*arguments, **options):
    """`python -m gputensor.as_torch` with these arguments."""
    return python("-m", "gputensor.as_torch", *arguments, **options)


def printed(done):
    """What a process that ended well has printed."""
    assert done.returncode == 0, done.stderr
    return done.stdout


@functools.cache
def losses(name, alias):
    """The JSON lines of a program, under the alias or under the real torch."""
    done = (as_torch if alias else python)(PROGRAMS / f"{name}.py")
    return [json.loads(line) for line in printed(done).splitlines()]
