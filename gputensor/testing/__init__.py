"""Tools for tests: comparing results with tolerances, and making inputs."""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.testing._comparison import assert_allclose as assert_allclose, assert_close as assert_close
from gputensor.testing._creation import make_tensor as make_tensor


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.testing", name)
