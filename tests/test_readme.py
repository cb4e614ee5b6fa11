"""The README's tour runs as written, and its commands exist."""

import doctest
import re
from pathlib import Path

import pytest

from scripts.setup_env import read_requirements

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[tuple[int, str]]:
    """The fenced blocks of a language, each with the line number of its first line, counted from 0."""
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, match.start(1)), match.group(1)) for match in found]


def run_blocks(text: str, name: str) -> str:
    """Run every python block in order, in one namespace; returns what doctest says about outputs that differ."""
    namespace: dict[str, object] = {}
    report: list[str] = []
    for line, source in blocks(text, "python"):
        if ">>>" in source:
            runner = doctest.DocTestRunner(verbose=False)
            example = doctest.DocTestParser().get_doctest(source, namespace, name, name, line)
            runner.run(example, out=report.append, clear_globs=False)
            namespace = example.globs
        else:
            exec(compile("\n" * line + source, name, "exec"), namespace)
    return "".join(report)


def test_the_tour_runs_as_written():
    assert len(blocks(README, "python")) >= 5
    report = run_blocks(README, "README.md")
    assert report == "", report


@pytest.mark.parametrize("command", sorted(set(re.findall(r"^make ([\w-]+)", README, re.MULTILINE))))
def test_every_make_command_exists(command):
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("extra", sorted(set(re.findall(r"\.\[([\w-]+)\]", README))))
def test_every_extra_exists(extra):
    assert extra in read_requirements((ROOT / "pyproject.toml").read_text())


def test_the_first_screen_shows_the_two_commands_and_the_three_ways_to_install():
    screen = README.splitlines()[:25]
    for line in ("make demo", "make test", "pip install . ", 'pip install ".[cuda12]"', 'pip install ".[cuda13]"'):
        assert any(one.startswith(line) for one in screen), line


# --- the checker itself -----------------------------------------------------------------------------------------------


def test_a_wrong_output_is_reported_with_its_place():
    report = run_blocks("text\n\n```python\n>>> 1 + 1\n3\n```\n", "README.md")
    assert 'File "README.md", line 4' in report
    assert "Got:\n    2" in report


def test_names_live_on_in_the_next_block():
    assert run_blocks("```python\nx = 2\n```\n```python\n>>> x = x + 1\n>>> x\n3\n```\n", "a") == ""
    assert run_blocks("```python\n>>> x = 2\n```\n```python\nassert x == 2\n```\n", "a") == ""


def test_a_block_without_outputs_that_fails_raises():
    with pytest.raises(AssertionError):
        run_blocks("```python\nassert False\n```\n", "a")
