"""Names of PyTorch's top level that gputensor has not, or gives another value."""

from __future__ import annotations

from gputensor.as_torch.stand_ins.torch_version import __version__ as __version__
