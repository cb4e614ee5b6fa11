"""The switch: from here on, `import torch` means gputensor."""

from __future__ import annotations

import functools
import sys

from gputensor import Size, Tensor, device, dtype
from gputensor.as_torch import _children, _missing
from gputensor.as_torch._finder import Finder
from gputensor.as_torch._module import TorchModule
from gputensor.as_torch._report import Report
from gputensor.core import naming
from gputensor.nn import Parameter
from gputensor.ops import left_out

# packages that stand on the real torch and are of no use without it
BUILT_ON_TORCH = {
    "torchaudio": "read sound with scipy.io.wavfile, and use gputensor.stft",
    "torchtext": "read text with Python, and write the vocabulary as a dict",
}


def install(report: Report | None = None) -> None:
    """Make ``import torch`` mean gputensor, in this process and in those that `multiprocessing` starts from it.

    Things print themselves as PyTorch's from then on: ``torch.float32``. A second call changes nothing. report: a
    `Report` to fill with the names that are used; missing ones then give placeholders that raise when they are called.
    Raises RuntimeError where the real torch is imported already: objects of both would meet.

    >>> import subprocess, sys
    >>> code = "import gputensor.as_torch; gputensor.as_torch.install(); import torch; print(torch.zeros(2).dtype)"
    >>> subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    'torch.float32\\n'
    """
    present = sys.modules.get("torch")
    if isinstance(present, TorchModule) or any(isinstance(finder, Finder) for finder in sys.meta_path):
        return
    loaded = sorted(name for name in ("torch", "torchvision", *BUILT_ON_TORCH) if name in sys.modules)
    if loaded:
        version = getattr(sys.modules[loaded[0]], "__version__", "of an unknown version")
        raise RuntimeError(
            f"as_torch: the real {loaded[0]} ({version}) is imported already, and its objects would meet gputensor's; "
            "start a new process, and install before the first import of it"
        )
    sys.meta_path.insert(0, Finder(BUILT_ON_TORCH, report))
    if report is not None:
        _missing.list_attributes(Tensor, report)
    left_out.answer_with(functools.partial(_missing.method, report))
    places: dict[type, str] = dict.fromkeys((Tensor, dtype, device, Size), "torch")
    naming.print_as("torch", {**places, Parameter: "torch.nn.parameter"})
    _children.follow()
