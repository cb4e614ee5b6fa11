"""Which operations a program runs, how long they take and how much memory they need, as a table or a Chrome trace."""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.autograd.profiling.recorder import record_function as record_function
from gputensor.profiler._profile import (
    ProfilerActivity as ProfilerActivity,
    profile as profile,
    supported_activities as supported_activities,
    tensorboard_trace_handler as tensorboard_trace_handler,
)
from gputensor.profiler._schedule import ProfilerAction as ProfilerAction, schedule as schedule


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.profiler", name)
