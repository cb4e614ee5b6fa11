"""The first thing that a new process of a program runs: gputensor is found where the parent had it, and installed."""

if __name__ == "first":
    import importlib.util
    import sys
    from pathlib import Path

    if importlib.util.find_spec("gputensor") is None:  # the parent's sys.path comes later
        sys.path.append(str(Path(__file__).resolve().parents[2]))

    from gputensor.as_torch import install

    install()
