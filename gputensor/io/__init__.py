"""Checkpoints: `save` and `load` for PyTorch's files, safetensors and NumPy's. Nothing in a file is ever run."""

from gputensor.errors import CheckpointError as CheckpointError
from gputensor.io.loading import load as load
from gputensor.io.loading import load_file as load_file
from gputensor.io.loading import safe_open as safe_open
from gputensor.io.safetensors import SafeOpen as SafeOpen
from gputensor.io.saving import save as save
from gputensor.io.saving import save_file as save_file
