"""PyTorch's programs, unmodified, on gputensor: ``python -m gputensor.as_torch script.py args…``.

Here `install` makes ``import torch`` mean gputensor for the rest of the process. In Jupyter: ``%load_ext
gputensor.as_torch``, in the first cell.
"""

from typing import Any as _Any

from gputensor.as_torch._install import install as install
from gputensor.as_torch._missing import (
    MissingImportError as MissingImportError,
    MissingModuleError as MissingModuleError,
)
from gputensor.as_torch._report import Report as Report


def load_ipython_extension(ipython: _Any) -> None:
    """What ``%load_ext gputensor.as_torch`` calls. See `install`."""
    install()
