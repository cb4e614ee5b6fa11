"""The memory order of convolutions' weights."""

from __future__ import annotations

from typing import Any, TypeVar

from gputensor.nn.modules.conv import Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d
from gputensor.nn.modules.module import Module
from gputensor.nn.utils._arguments import check_module

__all__ = ["convert_conv2d_weight_memory_format", "convert_conv3d_weight_memory_format"]

M = TypeVar("M", bound=Module)


def convert_conv2d_weight_memory_format(module: M, memory_format: Any) -> M:
    """Bring the weights of all 2d convolutions in a module into a memory order; returns the module.

    >>> import gputensor as gt
    >>> layer = gt.nn.utils.convert_conv2d_weight_memory_format(gt.nn.Conv2d(2, 3, 2), gt.channels_last)
    >>> layer.weight.is_contiguous(memory_format=gt.channels_last)
    True
    """
    return _converted("convert_conv2d_weight_memory_format", module, (Conv2d, ConvTranspose2d), memory_format)


def convert_conv3d_weight_memory_format(module: M, memory_format: Any) -> M:
    """Bring the weights of all 3d convolutions in a module into a memory order; returns the module.

    >>> import gputensor as gt
    >>> layer = gt.nn.utils.convert_conv3d_weight_memory_format(gt.nn.Conv3d(2, 3, 2), gt.channels_last_3d)
    >>> layer.weight.is_contiguous(memory_format=gt.channels_last_3d)
    True
    """
    return _converted("convert_conv3d_weight_memory_format", module, (Conv3d, ConvTranspose3d), memory_format)


def _converted(name: str, module: M, kinds: tuple[type, ...], memory_format: Any) -> M:
    check_module(name, module)
    for child in module.modules():
        if isinstance(child, kinds):
            weight: Any = child.weight
            weight.data = weight.detach().contiguous(memory_format=memory_format)
    return module


def __dir__() -> list[str]:
    return __all__
