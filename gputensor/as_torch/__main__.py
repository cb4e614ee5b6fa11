"""The command line: ``python -m gputensor.as_torch [--report] script.py args…``."""

from __future__ import annotations

import sys

from gputensor.as_torch import _running
from gputensor.as_torch._install import install
from gputensor.as_torch._report import Report

_USAGE = """\
usage: python -m gputensor.as_torch [--report] script.py [argument ...]
       python -m gputensor.as_torch [--report] -m module [argument ...]
       python -m gputensor.as_torch [--report] -c code [argument ...]
       python -m gputensor.as_torch [--report] -       [argument ...]   (the program from the standard input)

Runs a program written for PyTorch on gputensor, unmodified. PyTorch need not be installed.

  --report  runs on where a name of torch is missing, as long as it is not called, and lists at the end, on the
            standard error, which names the program used and which were missing
  -h        this text"""


def main(arguments: list[str]) -> None:
    """Install the alias and run the program that the arguments name."""
    report = None
    while arguments[:1] == ["--report"]:
        report, arguments = Report(), arguments[1:]
    if arguments[:1] in (["-h"], ["--help"]):
        print(_USAGE)
        return
    first, *rest = arguments or [""]
    unknown = first.startswith("-") and first not in ("-", "-m", "-c")
    if not first or unknown or (first in ("-m", "-c") and not rest):
        problem = f"unknown option {first}" if unknown else f"{first or 'a program'} is missing its argument"
        print(f"gputensor.as_torch: {problem}\n{_USAGE}", file=sys.stderr)
        raise SystemExit(2)
    try:
        install(report)
    except RuntimeError as error:
        raise SystemExit(str(error)) from None
    try:
        if first == "-m":
            _running.run_module(rest[0], rest[1:])
        elif first == "-c":
            _running.run_command(rest[0], rest[1:])
        elif first == "-":
            _running.run_input(rest)
        else:
            _running.run_file(first, rest)
    finally:
        if report is not None:
            sys.stdout.flush()
            print(report, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
