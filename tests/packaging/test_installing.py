"""The command that a message gives for a missing extra."""

from pathlib import Path

import pytest

from gputensor import _installing
from gputensor._installing import install_line


def test_in_the_checkout_it_is_the_readmes_line(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(_installing, "_ROOT", tmp_path)
    assert install_line("cuda12") == f'pip install "{tmp_path}[cuda12]"'
    monkeypatch.chdir(tmp_path)
    assert install_line("cuda12") == 'pip install ".[cuda12]"'
    readme = Path(__file__).resolve().parents[2] / "README.md"
    if not readme.is_file():
        pytest.skip("the tests run without the checkout")
    assert install_line("cuda12") in readme.read_text(encoding="utf-8")


def test_an_installed_package_names_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(_installing, "_ROOT", tmp_path)
    assert install_line("demo") == 'pip install "gputensor[demo]"'
