"""Which implementation of attention is used: accepted, so that programs run, and without effect.

There is one implementation, `functional.scaled_dot_product_attention`, of the memory of PyTorch's MATH backend.
"""

from __future__ import annotations

import enum
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from gputensor._left_out import left_out as _left_out
from gputensor.errors import ArgumentError

__all__ = ["SDPBackend", "sdpa_kernel"]


class SDPBackend(enum.IntEnum):
    """PyTorch's implementations of attention; here a name only.

    >>> import gputensor as gt
    >>> gt.nn.attention.SDPBackend.MATH.name
    'MATH'
    """

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4


@contextmanager
def sdpa_kernel(backends: SDPBackend | Sequence[SDPBackend], set_priority: bool = False) -> Generator[None, None, None]:
    """Accepted as in PyTorch; the one implementation of attention computes the same values whatever is asked for.

    Raises TypeError for what is no backend, ArgumentError for none.

    >>> import gputensor as gt
    >>> from gputensor.nn.attention import SDPBackend, sdpa_kernel
    >>> with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
    ...     gt.nn.functional.scaled_dot_product_attention(gt.ones(1, 1), gt.ones(1, 1), gt.ones(1, 1))
    tensor([[1.]])
    """
    given = [backends] if isinstance(backends, SDPBackend) else backends
    if not isinstance(given, (list, tuple)) or not all([isinstance(b, SDPBackend) for b in given]):
        raise TypeError(f"sdpa_kernel: backends must be an SDPBackend or a list of them, got {backends!r}")
    if not given:
        raise ArgumentError("sdpa_kernel: backends must name at least one SDPBackend, got none")
    yield


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    raise _left_out("gputensor.nn.attention", name)
