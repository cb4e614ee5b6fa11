"""Switches of CUDA's libraries. Unless one says otherwise it is accepted and remembered, without an effect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gputensor.version import cuda as _cuda

__all__ = [
    "cudnn_sdp_enabled",
    "enable_cudnn_sdp",
    "enable_flash_sdp",
    "enable_math_sdp",
    "enable_mem_efficient_sdp",
    "flash_sdp_enabled",
    "is_built",
    "is_flash_attention_available",
    "math_sdp_enabled",
    "matmul",
    "mem_efficient_sdp_enabled",
    "preferred_blas_library",
    "preferred_linalg_library",
    "sdp_kernel",
]


class _Matmul:
    """Switches of matrix products: float32 is computed in float32, 16-bit floats are summed in float32."""

    def __init__(self) -> None:
        self.allow_tf32 = False
        self.allow_fp16_reduced_precision_reduction = False
        self.allow_bf16_reduced_precision_reduction = False
        self.allow_fp16_accumulation = False
        self.fp32_precision = "ieee"


matmul = _Matmul()

_kernels = {"flash": True, "mem_efficient": True, "math": True, "cudnn": True}


def is_built() -> bool:
    """Whether a CuPy for CUDA is installed; whether a GPU can be used is for `gputensor.cuda.is_available` to say.

    >>> import gputensor as gt
    >>> gt.backends.cuda.is_built() == (gt.version.cuda is not None)
    True
    """
    return _cuda is not None


def flash_sdp_enabled() -> bool:
    """What `enable_flash_sdp` set. There is one kernel for attention, which none of these switches chooses.

    >>> import gputensor as gt
    >>> gt.backends.cuda.flash_sdp_enabled()
    True
    """
    return _kernels["flash"]


def enable_flash_sdp(enabled: bool) -> None:
    """Remember whether a flash kernel for attention may be used; there is none.

    >>> import gputensor as gt
    >>> gt.backends.cuda.enable_flash_sdp(True)
    """
    _kernels["flash"] = bool(enabled)


def mem_efficient_sdp_enabled() -> bool:
    """What `enable_mem_efficient_sdp` set.

    >>> import gputensor as gt
    >>> gt.backends.cuda.mem_efficient_sdp_enabled()
    True
    """
    return _kernels["mem_efficient"]


def enable_mem_efficient_sdp(enabled: bool) -> None:
    """Remember whether a kernel for attention that saves memory may be used; there is none.

    >>> import gputensor as gt
    >>> gt.backends.cuda.enable_mem_efficient_sdp(True)
    """
    _kernels["mem_efficient"] = bool(enabled)


def math_sdp_enabled() -> bool:
    """What `enable_math_sdp` set.

    >>> import gputensor as gt
    >>> gt.backends.cuda.math_sdp_enabled()
    True
    """
    return _kernels["math"]


def enable_math_sdp(enabled: bool) -> None:
    """Remember whether attention may be computed by plain products, as it always is.

    >>> import gputensor as gt
    >>> gt.backends.cuda.enable_math_sdp(True)
    """
    _kernels["math"] = bool(enabled)


def cudnn_sdp_enabled() -> bool:
    """What `enable_cudnn_sdp` set.

    >>> import gputensor as gt
    >>> gt.backends.cuda.cudnn_sdp_enabled()
    True
    """
    return _kernels["cudnn"]


def enable_cudnn_sdp(enabled: bool) -> None:
    """Remember whether cuDNN's attention may be used; it is not.

    >>> import gputensor as gt
    >>> gt.backends.cuda.enable_cudnn_sdp(True)
    """
    _kernels["cudnn"] = bool(enabled)


def is_flash_attention_available() -> bool:
    """Whether there is a flash kernel for attention: False.

    >>> import gputensor as gt
    >>> gt.backends.cuda.is_flash_attention_available()
    False
    """
    return False


@contextmanager
def sdp_kernel(
    enable_flash: bool = True, enable_math: bool = True, enable_mem_efficient: bool = True, enable_cudnn: bool = True
) -> Iterator[dict[str, Any]]:
    """A ``with`` block with other switches for attention.

    >>> import gputensor as gt
    >>> with gt.backends.cuda.sdp_kernel(enable_flash=False):
    ...     gt.backends.cuda.flash_sdp_enabled()
    False
    """
    before = dict(_kernels)
    _kernels.update(flash=enable_flash, math=enable_math, mem_efficient=enable_mem_efficient, cudnn=enable_cudnn)
    try:
        yield {}
    finally:
        _kernels.update(before)


def preferred_linalg_library(backend: str | None = None) -> str:
    """The library of linear algebra on a GPU, "cusolver"; a request for another is accepted without an effect.

    >>> import gputensor as gt
    >>> gt.backends.cuda.preferred_linalg_library()
    'cusolver'
    """
    return "cusolver"


def preferred_blas_library(backend: str | None = None) -> str:
    """The library of matrix products on a GPU, "cublas"; a request for another is accepted without an effect.

    >>> import gputensor as gt
    >>> gt.backends.cuda.preferred_blas_library()
    'cublas'
    """
    return "cublas"


def __dir__() -> list[str]:
    return __all__
