"""Checkpoints: `save` and `load` for PyTorch's files, safetensors and NumPy's. Nothing in a file is ever run."""

from gputensor.errors import CheckpointError as CheckpointError
from gputensor.io.loading import load as load, load_file as load_file, safe_open as safe_open
from gputensor.io.safetensors import SafeOpen as SafeOpen
from gputensor.io.saving import save as save, save_file as save_file
