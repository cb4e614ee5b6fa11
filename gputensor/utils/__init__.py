"""Helpers around the library: loading data, checkpoints of activations."""

from gputensor.utils import _pytree as _pytree
from gputensor.utils import checkpoint as checkpoint
from gputensor.utils import data as data
