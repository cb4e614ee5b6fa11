"""Convolution and pooling over CuPy, tap by tap."""

from typing import Any

from cupy import ndarray

from gputensor.arrays import tapwise
from gputensor.arrays.cupy_.placement import placed
from gputensor.arrays.vocabulary.terms import Shape
from gputensor.arrays.vocabulary.windowed import Pads
from gputensor.arrays.windows import Windows


class WindowedWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def conv(
        self, x: ndarray, w: ndarray, bias: Any, stride: Shape, padding: Pads, dilation: Shape, groups: int
    ) -> ndarray:
        return tapwise.conv(self, x, w, bias, stride, padding, dilation, groups)

    @placed
    def conv_transpose(
        self, y: ndarray, w: ndarray, size: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
    ) -> ndarray:
        return tapwise.conv_transpose(self, y, w, size, stride, padding, dilation, groups)

    @placed
    def conv_weight(
        self, x: ndarray, y: ndarray, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
    ) -> ndarray:
        return tapwise.conv_weight(self, x, y, kernel, stride, padding, dilation, groups)

    @placed
    def max_pool(self, x: ndarray, windows: Windows) -> ndarray:
        return tapwise.max_pool(self, x, windows)

    @placed
    def max_pool_offsets(self, x: ndarray, windows: Windows) -> ndarray:
        return tapwise.max_pool_offsets(self, x, windows)

    @placed
    def window_put(self, g: ndarray, offsets: ndarray, size: Shape, windows: Windows) -> ndarray:
        return tapwise.window_put(self, g, offsets, size, windows)

    @placed
    def window_spread(self, g: ndarray, size: Shape, windows: Windows) -> ndarray:
        return tapwise.window_spread(self, g, size, windows)

    @placed
    def window_sum(self, x: ndarray, windows: Windows) -> ndarray:
        return tapwise.window_sum(self, x, windows)

    @placed
    def window_take(self, x: ndarray, offsets: ndarray, windows: Windows) -> ndarray:
        return tapwise.window_take(self, x, offsets, windows)
