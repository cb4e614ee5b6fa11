"""DLPack, under PyTorch's name of this module."""

from gputensor.ops.dlpack import from_dlpack as from_dlpack
from gputensor.ops.dlpack import to_dlpack as to_dlpack
