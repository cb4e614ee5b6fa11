"""Events as a Chrome trace: JSON that chrome://tracing and https://ui.perfetto.dev show."""

from __future__ import annotations

import gzip
import json
import os
from typing import Any

from gputensor.autograd.profiling.recorder import Event


def write_chrome_trace(
    path: str | os.PathLike[str], events: list[Event], metadata: dict[str, Any] | None = None
) -> None:
    """Write the events to `path`, compressed where it ends in .gz."""
    content = json.dumps({**(metadata or {}), "displayTimeUnit": "ms", "traceEvents": _entries(events)})
    name = os.fspath(path)
    if name.endswith(".gz"):
        with gzip.open(name, "wt", encoding="utf-8") as file:
            file.write(content)
    else:
        with open(name, "w", encoding="utf-8") as file:
            file.write(content)


def _entries(events: list[Event]) -> list[dict[str, Any]]:
    process = os.getpid()
    entries: list[dict[str, Any]] = [
        {"ph": "M", "name": "process_name", "pid": process, "tid": 0, "args": {"name": "gputensor"}}
    ]
    for event in sorted(events, key=lambda e: e.start):
        common = {"ph": "X", "name": event.name, "pid": process}
        args: dict[str, Any] = {"bytes": event.self_bytes}
        if event.shapes:
            args["Input Dims"] = event.shapes
        entries.append(
            common | {"cat": event.kind, "tid": event.thread, "ts": event.start / 1e3,
                      "dur": (event.end - event.start) / 1e3, "args": args}
        )  # fmt: skip
        if event.device_time:
            entries.append(
                common | {"cat": "kernel", "tid": event.device, "ts": event.device_start / 1e3,
                          "dur": event.device_time / 1e3, "args": args}
            )  # fmt: skip
    return entries
