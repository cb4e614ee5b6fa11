"""Tools for tests: comparing results with tolerances, and making inputs."""

from gputensor.testing._comparison import assert_allclose as assert_allclose
from gputensor.testing._comparison import assert_close as assert_close
from gputensor.testing._creation import make_tensor as make_tensor
