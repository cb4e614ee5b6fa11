"""Make the project's virtual environment, and say in one line which device it serves and why.

The Makefile runs this with the system's Python, so it uses the standard library alone. The file has to parse on Pythons
that are too old for the rest of the project: they must reach the sentence that says so.
"""

import sys

OLDEST_PYTHON = (3, 10)


def too_old(version: tuple) -> str:
    """The sentence for a Python that cannot run gputensor, or "" for one that can."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ""
    needed, found = "%d.%d" % OLDEST_PYTHON, "%d.%d" % tuple(version[:2])
    return (
        f"setup: gputensor needs Python {needed} or newer and this is {found}; name a newer one: make PYTHON=python3.12"
    )


if too_old(sys.version_info):
    sys.exit(too_old(sys.version_info))

import argparse
import ctypes
import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STAMP = "gputensor-setup.json"
VENV_ENTRIES = {"bin", "include", "lib", "lib64", "share", "pyvenv.cfg", ".gitignore", STAMP}
OLDEST_CUPY = 14

CUPY_PROBE = "import cupy; int((cupy.zeros(1) + 1)[0]); print(cupy.__version__)"
HEALTH_PROBE = """
import importlib.metadata, importlib.util, sys
import numpy, ml_dtypes
assert importlib.util.find_spec("gputensor").origin == sys.argv[1]
for name in sys.argv[2:]:
    importlib.metadata.version(name)
"""


class SetupError(Exception):
    """Set-up cannot go on; the message is one sentence for the user."""


@dataclass(frozen=True)
class Gpu:
    """What the Nvidia driver says. `problem` is empty where there is a device to use."""

    cuda: tuple[int, int] = (0, 0)
    name: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Plan:
    """How the environment gets CuPy: an `extra` to install, the `system` packages in sight, or neither (CPU only)."""

    extra: str
    system: bool
    reason: str


@dataclass
class Stamp:
    """What an environment was made for; lies in it, so that a second run has nothing to do."""

    complete: bool = False
    python: str = ""
    fingerprint: str = ""
    gpu: str = ""
    reason: str = ""
    system: bool = False
    adopted: bool = False
    extras: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    summary: str = ""


# --- which device -----------------------------------------------------------------------------------------------------


def find_gpu(load: Callable[[str], Any] = ctypes.CDLL) -> Gpu:
    """Ask the Nvidia driver itself for its CUDA version and first device; nvidia-smi need not be installed."""
    try:
        driver = load("libcuda.so.1")
    except OSError:
        return Gpu(problem="there is no Nvidia driver (libcuda.so.1) on this machine")
    number, count, device = ctypes.c_int(0), ctypes.c_int(0), ctypes.c_int(0)
    driver.cuDriverGetVersion(ctypes.byref(number))
    cuda = (number.value // 1000, number.value % 1000 // 10)
    status = driver.cuInit(0) or driver.cuDeviceGetCount(ctypes.byref(count))
    if status != 0 or count.value == 0:
        return Gpu(cuda, problem=f"the Nvidia driver finds no device to use (CUDA error {status})")
    name = ctypes.create_string_buffer(100)
    if driver.cuDeviceGet(ctypes.byref(device), 0) == 0:
        driver.cuDeviceGetName(name, len(name), device)
    return Gpu(cuda, name.value.decode(errors="replace") or "the first Nvidia device")


def probe_cupy(python: str) -> tuple[str, str]:
    """Run one kernel with the CuPy of `python`. Returns (version, "") or ("", why it does not work)."""
    try:
        done = subprocess.run([python, "-c", CUPY_PROBE], capture_output=True, text=True, timeout=300, cwd="/")
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    if done.returncode == 0:
        return done.stdout.split()[-1], ""
    lines = done.stderr.strip().splitlines()
    return "", lines[-1] if lines else f"Python ended with status {done.returncode}"


def decide(gpu: Gpu, system_cupy: Callable[[], tuple[str, str]]) -> Plan:
    """Choose the system's CuPy, one of our extras or the CPU; `system_cupy` is asked only where there is a GPU."""
    if gpu.problem:
        return Plan("", False, f"CPU only, because {gpu.problem}")
    limit = f"the driver of {gpu.name} goes up to CUDA {gpu.cuda[0]}.{gpu.cuda[1]}"
    if gpu.cuda < (12, 0):
        return Plan("", False, f"CPU only, because {limit}; update it to one for CUDA 12 or 13")
    version, problem = system_cupy()
    if version and int(version.split(".")[0]) >= OLDEST_CUPY:
        return Plan("", True, f"the system's CuPy {version}, because it works on {gpu.name}")
    if version:
        problem = f"version {version} is older than {OLDEST_CUPY}"
    extra = "cuda12" if gpu.cuda[0] == 12 else "cuda13"
    return Plan(extra, False, f"extra {extra}, because {limit} and the system's CuPy does not serve ({problem})")


# --- what to install --------------------------------------------------------------------------------------------------


def read_requirements(text: str) -> dict[str, list[str]]:
    """The requirement lists of pyproject.toml: "" holds the dependencies, the other keys are the extras.

    Python 3.10 has no TOML reader. This one knows the one layout that the file uses; a test compares it with tomllib.
    """
    project, _, extras = text.partition("[project.optional-dependencies]")

    def lists(part: str) -> dict[str, list[str]]:
        found = re.findall(r"^([\w-]+) = \[\n(.*?)^\]", part, re.MULTILINE | re.DOTALL)
        return {name: re.findall(r'^\s*"([^"]+)"', body, re.MULTILINE) for name, body in found}

    return {"": lists(project)["dependencies"], **lists(extras.partition("\n[")[0])}


def expand(extras: Iterable[str], table: dict[str, list[str]]) -> list[str]:
    """Every requirement of the dependencies and of `extras`, and of the extras that these name themselves."""
    wanted, pending = list(table[""]), list(extras)
    while pending:
        extra = pending.pop(0)
        if extra not in table:
            known = ", ".join(sorted(name for name in table if name))
            raise SetupError(f"there is no extra {extra!r} in pyproject.toml; it has {known}")
        for requirement in table[extra]:
            inner = re.fullmatch(r"gputensor\[(.+)\]", requirement)
            if inner:
                pending += inner.group(1).split(",")
            elif requirement not in wanted:
                wanted.append(requirement)
    return wanted


def distribution(requirement: str) -> str:
    """The name at the head of a requirement: "cupy-cuda12x[ctk]==14.*" gives "cupy-cuda12x"."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]


def fingerprint(pins: list[str]) -> str:
    """What the installed packages and metadata depend on: pyproject.toml, the version file and the pins."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "gputensor/_version.py"):
        digest.update((ROOT / name).read_bytes())
    return " ".join([digest.hexdigest(), *pins])


# --- the environment --------------------------------------------------------------------------------------------------


def python_of(venv: Path) -> str:
    return str(venv / "bin" / "python")


def base_python() -> str:
    """The Python that environments are made from; not the one of an environment that happens to be active."""
    base = Path(sys.base_prefix, "bin", "python%d.%d" % sys.version_info[:2])
    return str(base) if sys.prefix != sys.base_prefix and base.exists() else sys.executable


def runs(*command: str) -> bool:
    """Whether a command can be started and ends well; what it prints is not shown."""
    try:
        return subprocess.run(command, capture_output=True, cwd="/", timeout=300).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def pip(venv: Path, *arguments: str) -> bool:
    """Run the environment's pip; what it prints goes straight to the terminal."""
    return subprocess.call([python_of(venv), "-m", "pip", *arguments], cwd=str(ROOT)) == 0


def read_stamp(venv: Path) -> Stamp | None:
    """The stamp of `venv`; None where there is none or it cannot be read."""
    try:
        return Stamp(**json.loads((venv / STAMP).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(venv: Path, stamp: Stamp) -> None:
    (venv / STAMP).write_text(json.dumps(vars(stamp), indent=1))


def apt_line(find: Callable[[str], Any] = importlib.util.find_spec) -> str:
    """What mends a Python that cannot make environments, or "": Debian and Ubuntu keep ensurepip in its own package."""
    if find("venv") is not None and find("ensurepip") is not None:
        return ""
    package = "python%d.%d-venv" % sys.version_info[:2]
    return f"this Python cannot make virtual environments; on Debian or Ubuntu run: sudo apt install {package}"


def is_healthy(venv: Path, names: Iterable[str]) -> bool:
    """Whether the environment runs, imports the core's dependencies, and has this project and every one of `names`."""
    return runs(python_of(venv), "-c", HEALTH_PROBE, str(ROOT / "gputensor" / "__init__.py"), *names)


def can_adopt(venv: Path) -> bool:
    """Whether `venv`, made by somebody else, has a Python with pip; one without pip is given it."""
    return runs(python_of(venv), "-m", "pip", "--version") or runs(python_of(venv), "-m", "ensurepip")


def make_venv(venv: Path, stamp: Stamp) -> None:
    """Make `venv` anew. Its unfinished stamp goes in first, so that a run cut short is known and made again."""
    if venv.exists():
        strange = sorted({entry.name for entry in venv.iterdir()} - VENV_ENTRIES)
        if strange:
            raise SetupError(f"{venv} holds {strange[0]}, so it is not an environment made here; move it away first")
    if apt_line():
        raise SetupError(apt_line())
    print(f"setup: making {venv} with Python %d.%d" % sys.version_info[:2], flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    venv.mkdir(parents=True)
    write_stamp(venv, stamp)
    command = [base_python(), "-m", "venv", *(["--system-site-packages"] if stamp.system else []), str(venv)]
    if subprocess.call(command) != 0:
        raise SetupError(f"Python could not make {venv}; its own words stand above")


def use_system_packages(venv: Path, stamp: Stamp, requirements: list[str]) -> bool:
    """Serve the project from the system's packages, for machines without a registry; False where they do not suffice.

    pip with --no-index judges whether what the system has satisfies a requirement. What an extra lacks is only noted in
    `stamp.missing`; the project itself joins by a .pth file, which needs no build.
    """
    dependencies = read_requirements((ROOT / "pyproject.toml").read_text())[""]
    if not stamp.system:
        stamp.system = True
        make_venv(venv, stamp)
    offline = (python_of(venv), "-m", "pip", "install", "--no-index")
    if not runs(*offline, *dependencies):
        return False
    stamp.missing = [distribution(one) for one in requirements if one not in dependencies and not runs(*offline, one)]
    query = [python_of(venv), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip()
    Path(packages, "gputensor.pth").write_text(f"{ROOT}\n")
    return True


def install(venv: Path, stamp: Stamp, pins: list[str], gpu: Gpu, old: Stamp | None) -> str:
    """Install the project and the stamp's extras, and return the line that says what the environment is for.

    `old` is what the environment held before, if it held anything that works.
    """
    target = "." + (f"[{','.join(stamp.extras)}]" if stamp.extras else "")
    print(f"setup: installing gputensor{target[1:]}", flush=True)
    cupy = any(extra.startswith("cuda") for extra in stamp.extras)
    if pip(venv, "install", "-e", target, *pins):
        version, problem = probe_cupy(python_of(venv)) if cupy else ("", "")
        return stamp.reason + (f"; but CuPy does not work there yet ({problem})" if problem else "")

    table = read_requirements((ROOT / "pyproject.toml").read_text())
    keep = stamp.adopted or (old is not None and not old.system)
    if keep or pins or not use_system_packages(venv, stamp, expand(stamp.extras, table)):
        if old is not None:
            write_stamp(venv, old)  # pip judges before it changes anything: what worked before still does
        hint = "; to leave the GPU out: make DEVICE=cpu" if cupy else ""
        raise SetupError(f"pip could not install gputensor{target[1:]}; its own words stand above{hint}")
    version, _ = ("", "") if gpu.problem else probe_cupy(python_of(venv))
    device = f"CuPy {version} on {gpu.name}" if version else "CPU only"
    missing = f"; not there: {', '.join(stamp.missing)}" if stamp.missing else ""
    return f"{device}, with the system's own packages, because pip could not install others{missing}"


def set_up(venv: Path, extras: list[str], pins: list[str], gpu: Gpu) -> str:
    """Bring `venv` to the state asked for, doing only what is missing. Returns the line that says what it is for."""
    table = read_requirements((ROOT / "pyproject.toml").read_text())
    expand(extras, table)
    python = "%d.%d.%d of " % sys.version_info[:3] + sys.base_prefix
    stamp = Stamp(python=python, fingerprint=fingerprint(pins), gpu=repr(gpu))

    found = read_stamp(venv)
    old = found if found and found.complete and (found.python, found.gpu) == (stamp.python, stamp.gpu) else None
    if old is not None:
        old.extras = [extra for extra in old.extras if extra in table]
        names = [distribution(one) for one in expand(old.extras, table)]
        if not is_healthy(venv, [name for name in names if name not in old.missing]):
            old = None
    if old is not None and old.fingerprint == stamp.fingerprint and set(extras) <= set(old.extras):
        return old.summary

    if old is not None:
        stamp.system, stamp.adopted, stamp.reason = old.system, old.adopted, old.reason
        stamp.extras = sorted({*old.extras, *extras})
        write_stamp(venv, stamp)
    else:
        # An environment that somebody else made and that works is used as it is, never emptied.
        adopted = (found is None or found.adopted) and can_adopt(venv)
        plan = decide(gpu, lambda: probe_cupy(python_of(venv) if adopted else base_python()))
        stamp.system, stamp.adopted, stamp.reason = plan.system and not adopted, adopted, plan.reason
        stamp.extras = sorted({*extras, plan.extra} - {""})
        if not adopted:
            make_venv(venv, stamp)
    stamp.summary = install(venv, stamp, pins, gpu, old)
    stamp.complete = True
    write_stamp(venv, stamp)
    return stamp.summary


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make gputensor's virtual environment.")
    parser.add_argument("--venv", type=Path, default=Path(".venv"), help="where (default: .venv)")
    parser.add_argument("--extras", default="", help="extras of pyproject.toml, separated by commas")
    parser.add_argument("--pin", action="append", default=[], help='a further requirement, such as "numpy==2.0.*"')
    parser.add_argument("--device", choices=("auto", "cpu"), default="auto", help="cpu: leave the GPU out")
    options = parser.parse_args(arguments)
    gpu = find_gpu() if options.device == "auto" else Gpu(problem="that was asked for (--device cpu)")
    extras = [extra for extra in options.extras.split(",") if extra]
    try:
        summary = set_up(options.venv.absolute(), extras, options.pin, gpu)
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; the next run begins anew", file=sys.stderr)
        return 130
    print(f"setup: {options.venv} is ready: {summary}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
