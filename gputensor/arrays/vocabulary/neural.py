"""Convolution and pooling over any number of spatial dims, and looking at values that are about to be used as places.

Images are (image, channel, *size). The standard has none of this, and what it has would need the windows copied out of
the images, many times their size. Every word is linear but for `max_pool` and `max_pool_offsets`, and is the transpose
of a word beside it.
"""

from typing import Protocol

from gputensor.arrays.vocabulary.terms import A, Shape
from gputensor.arrays.windows import Windows

Pads = tuple[tuple[int, int], ...]


class Neural(Protocol[A]):
    def any_outside(self, x: A, low: float, high: float) -> bool:
        """Whether an element is not low <= x <= high. A GPU says no without looking, as it would have to be waited
        for."""
        ...

    def conv(self, x: A, w: A, bias: A | None, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> A:
        """out[n, o, p] = bias[o] + sum over c, k of x[n, c, p * stride + k * dilation - padding] * w[o, c, k].

        w: (out, channel // groups, *kernel); padding: (before, after) a dim; 16-bit floats are summed in float32.
        """
        ...

    def conv_transpose(self, y: A, w: A, size: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> A:
        """The transpose of `conv` in x, for an x of spatial shape `size`."""
        ...

    def conv_weight(self, x: A, y: A, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> A:
        """The transpose of `conv` in w, for a w with taps `kernel`."""
        ...

    def first_outside(self, index: A, size: int) -> int | None:
        """One of the integers that are not 0 <= i < size, None if there is none; a GPU looks only in debug mode."""
        ...

    def max_pool(self, x: A, windows: Windows) -> A:
        """The maximum of each window, NaN where it holds one; a reduction over a view of windows is many times
        slower."""
        ...

    def max_pool_offsets(self, x: A, windows: Windows) -> A:
        """Which tap of each window, in row-major order, is its maximum: the first of several, the last NaN."""
        ...

    def sum_rows(self, x: A) -> A:
        """x: (row, column) -> (column,); through BLAS twice to eight times as fast as the reduction."""
        ...

    def window_put(self, g: A, offsets: A, size: Shape, windows: Windows) -> A:
        """g added, in zeros of spatial shape `size`, to the element of each window that `offsets` names."""
        ...

    def window_spread(self, g: A, size: Shape, windows: Windows) -> A:
        """g added, in zeros of spatial shape `size`, to every element of its window: the transpose of `window_sum`."""
        ...

    def window_sum(self, x: A, windows: Windows) -> A:
        """The sum of each window; 16-bit floats are summed in float32."""
        ...

    def window_take(self, x: A, offsets: A, windows: Windows) -> A:
        """The element of each window that `offsets` names, 0 where there is none: the transpose of `window_put`."""
        ...
