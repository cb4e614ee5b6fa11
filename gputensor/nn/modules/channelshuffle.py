"""Channels dealt out to groups."""

from __future__ import annotations

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module


class ChannelShuffle(Module):
    """Channels of `groups` groups interleaved; see `gputensor.nn.functional.channel_shuffle`.

    >>> import gputensor as gt
    >>> gt.nn.ChannelShuffle(2)(gt.arange(4).reshape(1, 4, 1)).flatten()
    tensor([0, 2, 1, 3])
    """

    def __init__(self, groups: int) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        return F.channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return f"groups={self.groups}"
