"""Showing tensors: printing and its options."""

from gputensor.show._options import (
    get_printoptions as get_printoptions,
    printoptions as printoptions,
    set_printoptions as set_printoptions,
)
from gputensor.show._printing import format_scalar as format_scalar, format_tensor as format_tensor
