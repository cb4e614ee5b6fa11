"""Convolution and pooling over CuPy, tap by tap, until kernels of their own take over; and checks of values, in debug
mode only."""

from cupy import ndarray

import gputensor.arrays.cupy_ as switches
from gputensor.arrays import tapwise
from gputensor.arrays.cupy_.placement import placed
from gputensor.arrays.vocabulary.neural import Pads
from gputensor.arrays.vocabulary.terms import Shape
from gputensor.arrays.windows import Windows


class NeuralWords:
    """The family's methods."""

    __slots__ = ()

    @placed
    def any_outside(self, x: ndarray, low: float, high: float) -> bool:
        return switches.check_indices and not bool(((x >= low) & (x <= high)).all())

    @placed
    def conv(
        self, x: ndarray, w: ndarray, bias: ndarray | None, stride: Shape, padding: Pads, dilation: Shape, groups: int
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
    def first_outside(self, index: ndarray, size: int) -> int | None:
        if not switches.check_indices:
            return None
        wrong = index[(index < 0) | (index >= size)]
        return int(wrong[0]) if wrong.size else None

    @placed
    def max_pool(self, x: ndarray, windows: Windows) -> ndarray:
        return tapwise.max_pool(self, x, windows)

    @placed
    def max_pool_offsets(self, x: ndarray, windows: Windows) -> ndarray:
        return tapwise.max_pool_offsets(self, x, windows)

    @placed
    def sum_rows(self, x: ndarray) -> ndarray:
        return self.sum(x, (0,))  # type: ignore[attr-defined]  # the namespace's, of which this is a part

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
