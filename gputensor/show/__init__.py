"""Showing tensors: printing and its options."""

from gputensor.show._options import get_printoptions as get_printoptions
from gputensor.show._options import printoptions as printoptions
from gputensor.show._options import set_printoptions as set_printoptions
from gputensor.show._printing import format_scalar as format_scalar
from gputensor.show._printing import format_tensor as format_tensor
