"""scripts/setup_env.py on machines that are made up here: drivers, Pythons and registries of every kind."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import setup_env
from scripts.setup_env import Gpu, SetupError

ROOT = Path(__file__).resolve().parents[2]
NO_GPU = Gpu(problem="there is no Nvidia driver (libcuda.so.1) on this machine")
CARD = Gpu((12, 4), "NVIDIA H200")


def no_cupy():
    return "", "ModuleNotFoundError: No module named 'cupy'"


# --- the Python that runs it ------------------------------------------------------------------------------------------


def test_a_too_old_python_is_told_which_one_is_needed():
    assert "Python 3.10 or newer and this is 3.9" in setup_env.too_old((3, 9, 18, "final", 0))


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 14, 1), (4, 0, 0)])
def test_a_python_new_enough_is_let_through(version):
    assert setup_env.too_old(version) == ""


def test_a_too_old_python_can_still_parse_the_file():
    source = (ROOT / "scripts" / "setup_env.py").read_text()
    ast.parse(source, feature_version=(3, 7))


def test_a_python_without_ensurepip_names_its_debian_package():
    line = setup_env.apt_line(find=lambda name: None if name == "ensurepip" else object())
    assert line.endswith(f"sudo apt install python{sys.version_info.major}.{sys.version_info.minor}-venv")
    assert "\n" not in line


def test_a_python_with_venv_and_ensurepip_needs_no_package():
    assert setup_env.apt_line(find=lambda name: object()) == ""


# --- the driver and the plan ------------------------------------------------------------------------------------------


def fake_driver(version=12040, init=0, count=1, name=b"NVIDIA H200"):
    """A libcuda that answers as told; arguments arrive as ctypes.byref(...) objects, whose target is `_obj`."""

    def answer(value, status=0):
        def call(reference, *_):
            reference._obj.value = value
            return status

        return call

    def device_name(buffer, size, device):
        buffer.value = name
        return 0

    return SimpleNamespace(
        cuDriverGetVersion=answer(version),
        cuInit=lambda flags: init,
        cuDeviceGetCount=answer(count),
        cuDeviceGet=answer(0),
        cuDeviceGetName=device_name,
    )


def test_a_machine_without_a_driver_has_no_gpu():
    def load(name):
        raise OSError("libcuda.so.1: cannot open shared object file")

    assert "no Nvidia driver" in setup_env.find_gpu(load).problem


def test_a_driver_with_a_device_gives_its_cuda_version_and_name():
    assert setup_env.find_gpu(lambda name: fake_driver()) == Gpu((12, 4), "NVIDIA H200")


def test_a_driver_that_cannot_start_says_its_error_number():
    assert "CUDA error 100" in setup_env.find_gpu(lambda name: fake_driver(init=100)).problem


def test_a_driver_without_devices_is_no_gpu():
    assert setup_env.find_gpu(lambda name: fake_driver(count=0)).problem


def test_without_a_gpu_the_plan_is_the_cpu_and_cupy_is_not_asked():
    plan = setup_env.decide(NO_GPU, system_cupy=lambda: pytest.fail("CuPy was asked"))
    assert (plan.extra, plan.system) == ("", False)
    assert plan.reason == "CPU only, because there is no Nvidia driver (libcuda.so.1) on this machine"


@pytest.mark.parametrize(
    ("cuda", "extra"), [((12, 0), "cuda12"), ((12, 9), "cuda12"), ((13, 0), "cuda13"), ((14, 1), "cuda13")]
)
def test_the_extra_fits_the_drivers_cuda(cuda, extra):
    plan = setup_env.decide(Gpu(cuda, "NVIDIA H200"), no_cupy)
    assert (plan.extra, plan.system) == (extra, False)
    assert extra in plan.reason
    assert "NVIDIA H200" in plan.reason


def test_a_driver_older_than_cuda_12_means_cpu_and_says_so():
    plan = setup_env.decide(Gpu((11, 8), "Tesla K80"), no_cupy)
    assert (plan.extra, plan.system) == ("", False)
    assert "Tesla K80 goes up to CUDA 11.8" in plan.reason
    assert "update it" in plan.reason


def test_the_systems_cupy_is_used_if_it_works():
    plan = setup_env.decide(CARD, lambda: ("14.2.0", ""))
    assert (plan.extra, plan.system) == ("", True)
    assert "system's CuPy 14.2.0" in plan.reason


def test_a_system_cupy_that_is_too_old_is_replaced():
    plan = setup_env.decide(CARD, lambda: ("13.6.0", ""))
    assert (plan.extra, plan.system) == ("cuda12", False)
    assert "13.6.0 is older than 14" in plan.reason


def test_probing_cupy_reports_why_it_does_not_work(monkeypatch):
    monkeypatch.setattr(setup_env, "CUPY_PROBE", "raise RuntimeError('no kernel for you')")
    assert setup_env.probe_cupy(sys.executable) == ("", "RuntimeError: no kernel for you")


def test_probing_cupy_returns_its_version(monkeypatch):
    monkeypatch.setattr(setup_env, "CUPY_PROBE", "print('14.2.0')")
    assert setup_env.probe_cupy(sys.executable) == ("14.2.0", "")


def test_probing_cupy_of_a_python_that_is_not_there_is_no_crash(tmp_path):
    version, problem = setup_env.probe_cupy(str(tmp_path / "python"))
    assert version == ""
    assert "No such file" in problem


# --- pyproject.toml ---------------------------------------------------------------------------------------------------


def test_the_requirements_read_are_those_that_tomllib_reads():
    tomllib = pytest.importorskip("tomllib")
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    assert setup_env.read_requirements(text) == {"": project["dependencies"], **project["optional-dependencies"]}


def test_extras_that_name_extras_are_followed():
    table = {"": ["numpy>=2.0"], "demo": ["tqdm"], "test": ["gputensor[demo]", "pytest>=8"], "dev": ["gputensor[test]"]}
    assert setup_env.expand(["dev", "demo"], table) == ["numpy>=2.0", "tqdm", "pytest>=8"]


def test_an_unknown_extra_is_an_error_that_lists_the_known_ones():
    with pytest.raises(SetupError, match=r"no extra 'tests' .* it has demo, dev"):
        setup_env.expand(["tests"], {"": [], "dev": [], "demo": []})


@pytest.mark.parametrize(
    ("requirement", "name"),
    [("cupy-cuda12x[ctk]==14.*", "cupy-cuda12x"), ("numpy>=2.0", "numpy"), ("ml_dtypes", "ml_dtypes")],
)
def test_the_distribution_of_a_requirement(requirement, name):
    assert setup_env.distribution(requirement) == name


# --- the environment, with the commands replaced ----------------------------------------------------------------------


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine whose commands are recorded instead of run; the flags say how they end."""
    state = SimpleNamespace(
        venv=tmp_path / ".venv",
        log=[],
        pip_works=True,
        healthy=True,
        adoptable=False,
        on_system=set(),
        cupy=no_cupy(),
        fingerprint="first",
    )

    def call(command, **_):
        if command[1:3] == ["-m", "venv"]:
            state.log.append("venv --system-site-packages" if "--system-site-packages" in command else "venv")
            Path(command[-1], "bin").mkdir()
            return 0
        state.log.append("pip " + " ".join(command[3:]))
        return 0 if state.pip_works else 1

    def runs(*command):
        assert "--no-index" in command, command
        return set(command[command.index("--no-index") + 1 :]) <= state.on_system

    def run(command, **_):
        packages = state.venv / "lib"
        packages.mkdir(exist_ok=True)
        return SimpleNamespace(stdout=f"{packages}\n")

    monkeypatch.setattr(setup_env, "subprocess", SimpleNamespace(call=call, run=run))
    monkeypatch.setattr(setup_env, "runs", runs)
    monkeypatch.setattr(setup_env, "apt_line", lambda: "")
    monkeypatch.setattr(setup_env, "is_healthy", lambda venv, names: state.healthy)
    monkeypatch.setattr(setup_env, "can_adopt", lambda venv: state.adoptable and venv.exists())
    monkeypatch.setattr(setup_env, "probe_cupy", lambda python: state.cupy)
    monkeypatch.setattr(setup_env, "fingerprint", lambda pins: state.fingerprint)
    return state


def set_up(machine, *extras, gpu=NO_GPU, pins=()):
    machine.log.clear()
    return setup_env.set_up(machine.venv, list(extras), list(pins), gpu)


def test_the_first_run_makes_the_environment_and_installs(machine):
    summary = set_up(machine, "demo")
    assert machine.log == ["venv", "pip install -e .[demo]"]
    assert summary.startswith("CPU only, because there is no Nvidia driver")


def test_a_second_run_does_nothing_and_says_the_same(machine):
    summary = set_up(machine, "demo")
    assert set_up(machine, "demo") == summary
    assert set_up(machine) == summary
    assert machine.log == []


def test_another_extra_joins_those_that_are_there(machine):
    set_up(machine, "demo")
    set_up(machine, "test")
    assert machine.log == ["pip install -e .[demo,test]"]
    set_up(machine, "demo")
    assert machine.log == []


def test_a_changed_pyproject_installs_again_in_place(machine):
    set_up(machine, "demo")
    machine.fingerprint = "second"
    set_up(machine)
    assert machine.log == ["pip install -e .[demo]"]


def test_a_pin_goes_to_pip_beside_the_project(machine):
    set_up(machine, "test", pins=["numpy==2.0.*"])
    assert machine.log[-1] == "pip install -e .[test] numpy==2.0.*"


def test_a_run_cut_short_is_made_again(machine, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(setup_env, "pip", interrupted)
        with pytest.raises(KeyboardInterrupt):
            set_up(machine, "demo")
    machine.adoptable = True
    set_up(machine, "demo")
    assert machine.log == ["venv", "pip install -e .[demo]"]


def test_a_broken_environment_is_made_again(machine):
    set_up(machine, "demo")
    machine.healthy = False
    set_up(machine, "demo")
    assert machine.log == ["venv", "pip install -e .[demo]"]


def test_an_unreadable_stamp_counts_as_none(machine):
    set_up(machine, "demo")
    (machine.venv / setup_env.STAMP).write_text("{ torn")
    set_up(machine, "demo")
    assert machine.log[0] == "venv"


def test_another_python_makes_it_again(machine):
    set_up(machine, "demo")
    stamp = json.loads((machine.venv / setup_env.STAMP).read_text())
    (machine.venv / setup_env.STAMP).write_text(json.dumps({**stamp, "python": "3.9.1 of /usr"}))
    set_up(machine, "demo")
    assert machine.log[0] == "venv"


def test_a_gpu_that_appears_later_makes_it_again_with_its_extra(machine):
    set_up(machine, "demo")
    machine.cupy = ("", "ModuleNotFoundError: No module named 'cupy'")
    summary = set_up(machine, "demo", gpu=CARD)
    assert machine.log == ["venv", "pip install -e .[cuda12,demo]"]
    assert summary.startswith("extra cuda12, because the driver of NVIDIA H200 goes up to CUDA 12.4")


def test_another_cuda_never_joins_the_first_in_one_environment(machine):
    set_up(machine, "demo", gpu=CARD)
    set_up(machine, "demo", gpu=Gpu((13, 0), "NVIDIA H200"))
    assert machine.log == ["venv", "pip install -e .[cuda13,demo]"]


def test_a_cupy_that_does_not_work_after_its_installation_is_reported(machine):
    machine.cupy = ("", "CompileException: cannot open source file vector_types.h")
    assert "does not work there yet (CompileException" in set_up(machine, gpu=CARD)


def test_the_systems_cupy_is_seen_through_system_site_packages(machine):
    machine.cupy = ("14.2.0", "")
    summary = set_up(machine, "demo", gpu=CARD)
    assert machine.log == ["venv --system-site-packages", "pip install -e .[demo]"]
    assert "system's CuPy 14.2.0" in summary


def test_without_a_registry_the_systems_packages_serve(machine):
    machine.pip_works = False
    machine.on_system = {*setup_env.read_requirements((ROOT / "pyproject.toml").read_text())[""], "tqdm>=4.66"}
    summary = set_up(machine, "demo")
    assert machine.log == ["venv", "pip install -e .[demo]", "venv --system-site-packages"]
    assert "CPU only, with the system's own packages, because pip could not install" in summary
    assert summary.endswith("not there: matplotlib")
    assert (machine.venv / "lib" / "gputensor.pth").read_text() == f"{ROOT}\n"
    assert set_up(machine, "demo") == summary
    assert machine.log == []


def test_without_a_registry_the_systems_cupy_is_named(machine):
    machine.pip_works = False
    machine.cupy = ("14.2.0", "")
    machine.on_system = set(setup_env.read_requirements((ROOT / "pyproject.toml").read_text())[""])
    assert set_up(machine, gpu=CARD).startswith("CuPy 14.2.0 on NVIDIA H200, with the system's own packages")
    assert machine.log == ["venv --system-site-packages", "pip install -e ."]


def test_without_a_registry_and_without_packages_pip_has_the_last_word(machine):
    machine.pip_works = False
    with pytest.raises(SetupError, match=r"could not install gputensor\[demo\]; its own words stand above"):
        set_up(machine, "demo")


def test_a_failed_installation_of_cupy_says_how_to_leave_it_out(machine):
    machine.pip_works = False
    with pytest.raises(SetupError, match="make DEVICE=cpu"):
        set_up(machine, gpu=CARD)


def test_a_failed_addition_leaves_what_worked(machine):
    summary = set_up(machine, "demo")
    machine.pip_works = False
    machine.on_system = set(setup_env.read_requirements((ROOT / "pyproject.toml").read_text())[""])
    with pytest.raises(SetupError):
        set_up(machine, "test")
    assert machine.log == ["pip install -e .[demo,test]"]
    assert set_up(machine, "demo") == summary


def test_somebody_elses_environment_is_used_and_never_emptied(machine):
    machine.venv.mkdir()
    (machine.venv / "treasure").touch()
    machine.adoptable = True
    set_up(machine, "demo")
    assert machine.log == ["pip install -e .[demo]"]
    machine.healthy = False
    set_up(machine, "demo")
    assert machine.log == ["pip install -e .[demo]"]
    assert (machine.venv / "treasure").exists()


def test_a_folder_that_is_no_environment_is_refused_and_kept(machine):
    machine.venv.mkdir()
    (machine.venv / "thesis.txt").write_text("years of work")
    with pytest.raises(SetupError, match=r"holds thesis\.txt.*move it away"):
        set_up(machine, "demo")
    assert (machine.venv / "thesis.txt").read_text() == "years of work"


def test_a_half_made_environment_without_a_stamp_is_made_again(machine):
    (machine.venv / "bin").mkdir(parents=True)
    (machine.venv / "bin" / "python").touch()
    set_up(machine, "demo")
    assert machine.log == ["venv", "pip install -e .[demo]"]
    assert not (machine.venv / "bin" / "python").exists()


def test_a_missing_debian_package_ends_in_one_line(machine, monkeypatch, capsys):
    monkeypatch.setattr(setup_env, "apt_line", lambda: "sudo apt install python3.11-venv")
    assert setup_env.main(["--venv", str(machine.venv), "--device", "cpu"]) == 1
    output = capsys.readouterr()
    assert output.err == "setup: sudo apt install python3.11-venv\n"
    assert output.out == ""
    assert not machine.venv.exists()


def test_the_last_line_says_what_the_environment_is_for(machine, capsys):
    assert setup_env.main(["--venv", str(machine.venv), "--device", "cpu", "--extras", "demo,test"]) == 0
    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .endswith("is ready: CPU only, because that was asked for (--device cpu)")
    )
    assert machine.log[-1] == "pip install -e .[demo,test]"


def test_an_interrupted_run_ends_without_a_traceback(machine, monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(setup_env, "pip", interrupted)
    assert setup_env.main(["--venv", str(machine.venv), "--device", "cpu"]) == 130
    assert "the next run begins anew" in capsys.readouterr().err


# --- the environment, for real ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_fresh_copy_sets_itself_up_once_and_repairs_itself(tmp_path):
    for name in ("gputensor", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    command = [setup_env.base_python(), "scripts/setup_env.py", "--device", "cpu"]

    def run():
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    def python(code):
        return subprocess.run([".venv/bin/python", "-c", code], cwd=tmp_path, capture_output=True, text=True)

    first = run()
    assert first.returncode == 0, first.stdout + first.stderr
    assert python("import gputensor; print(gputensor.__file__)").stdout.startswith(str(tmp_path))
    assert python("import numpy, ml_dtypes, scipy").returncode == 0
    second = run()
    assert second.stdout == first.stdout.splitlines(keepends=True)[-1]

    shutil.rmtree(next((tmp_path / ".venv" / "lib").glob("python*/site-packages/numpy")))
    assert run().returncode == 0
    assert python("import numpy").returncode == 0
