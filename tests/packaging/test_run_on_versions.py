"""scripts/run_on_versions.py finds Pythons that really run."""

import pytest

from scripts import run_on_versions
from scripts.run_on_versions import find_python


@pytest.fixture
def place(tmp_path):
    """Puts a fake python3.12 into a folder; it answers with `version`, or fails as an unselected pyenv shim does."""

    def put(folder, version="3.12", status=0):
        path = tmp_path / folder / "python3.12"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\necho {version}\nexit {status}\n")
        path.chmod(0o755)
        return path

    return put


def test_the_first_python_on_the_path_is_taken(place, tmp_path):
    first, second = place("a"), place("b")
    assert find_python("3.12", f"{first.parent}:{second.parent}", tmp_path) == first


def test_a_shim_that_fails_is_passed_over_for_pyenvs_own_python(place, tmp_path):
    shim, real = place("shims", status=127), place(".pyenv/versions/3.12.1/bin")
    assert find_python("3.12", str(shim.parent), tmp_path) == real


def test_a_python_of_another_version_is_passed_over(place, tmp_path):
    assert find_python("3.12", str(place("a", version="3.11").parent), tmp_path) is None


def test_a_version_that_is_nowhere_is_not_found(tmp_path):
    assert find_python("3.14", "", tmp_path) is None


@pytest.fixture
def suite(monkeypatch):
    """Replaces the runs by a table of what comes of them; returns the list of runs."""
    runs = []

    def run_suite(python, venv, pins, arguments):
        runs.append((venv, list(pins)))
        return "FAILED (pytest ended with 1)" if venv == ".venv-3.12" else "passed"

    monkeypatch.setattr(run_on_versions, "run_suite", run_suite)
    monkeypatch.setattr(run_on_versions.sys, "argv", ["run_on_versions.py"])
    return runs


def test_every_python_found_runs_once_and_the_oldest_numpy_too(suite, monkeypatch, capsys):
    monkeypatch.setattr(run_on_versions, "find_python", lambda version, *_: version in ("3.10", "3.11") or None)
    assert run_on_versions.main() == 0
    assert suite == [(".venv-3.10", []), (".venv-3.10-numpy-2.0", ["numpy==2.0.*"]), (".venv-3.11", [])]
    assert "Python 3.14: not found" in capsys.readouterr().out


def test_one_failing_version_fails_the_whole(suite, monkeypatch):
    monkeypatch.setattr(run_on_versions, "find_python", lambda version, *_: version in ("3.11", "3.12") or None)
    assert run_on_versions.main() == 1


def test_no_python_at_all_is_a_failure(suite, monkeypatch):
    monkeypatch.setattr(run_on_versions, "find_python", lambda version, *_: None)
    assert run_on_versions.main() == 1
