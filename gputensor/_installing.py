"""The command that brings a part that is missing."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def install_line(extra: str) -> str:
    """The pip command for an extra: of the checkout, where the package runs from one, as the README's lines."""
    if not (_ROOT / "pyproject.toml").is_file():
        return f'pip install "gputensor[{extra}]"'
    return f'pip install "{"." if Path.cwd() == _ROOT else _ROOT}[{extra}]"'
