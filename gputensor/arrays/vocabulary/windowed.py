"""Convolution and pooling: words, because each library has its own fast way, and `tapwise` for those that have none.

Images are (image, channel, *size); kernels (out channel, channel of the group, *taps); `padding` holds a pair for every
spatial dim. `Windows` says how a pooling window moves.
"""

from typing import Any, Protocol

from gputensor.arrays.vocabulary.terms import A, Shape
from gputensor.arrays.windows import Windows

Pads = tuple[tuple[int, int], ...]


class Windowed(Protocol[A]):
    def conv(self, x: A, w: A, bias: Any, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> A:
        """Correlation of images with kernels: a composite would write every window to memory."""

    def conv_transpose(self, y: A, w: A, size: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> A:
        """The transpose of `conv` in x, for images of spatial shape `size`."""

    def conv_weight(self, x: A, y: A, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> A:
        """The transpose of `conv` in w, for kernels of spatial shape `kernel`."""

    def max_pool(self, x: A, windows: Windows) -> A:
        """The maximum of each window; NaN where it holds one, the dtype's least value where it holds nothing."""

    def max_pool_offsets(self, x: A, windows: Windows) -> A:
        """Which tap of each window is its maximum, in row-major order: the first of several, the last NaN."""

    def window_put(self, g: A, offsets: A, size: Shape, windows: Windows) -> A:
        """g added to the element of each window that `offsets` names: the transpose of `window_take`."""

    def window_spread(self, g: A, size: Shape, windows: Windows) -> A:
        """g added to every element of its window: the transpose of `window_sum`."""

    def window_sum(self, x: A, windows: Windows) -> A:
        """The sum of each window: average pooling stands on it."""

    def window_take(self, x: A, offsets: A, windows: Windows) -> A:
        """The element of each window that `offsets` names, 0 where it does not exist: max pooling's own gradient."""
