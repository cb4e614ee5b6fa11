"""Convolution and pooling over array-api-strict, tap by tap, and checks of values."""

import numpy as np

from gputensor.arrays import tapwise
from gputensor.arrays.numpy_ import checking


class NeuralWords:
    __slots__ = ()

    def any_outside(self, x, low, high):
        return checking.any_outside(np.asarray(x), low, high)

    def first_outside(self, index, size):
        return checking.first_outside(np.asarray(index), size)

    def sum_rows(self, x):
        return self.sum(x, (0,), False)

    def conv(self, x, w, bias, stride, padding, dilation, groups):
        return tapwise.conv(self, x, w, bias, stride, padding, dilation, groups)

    def conv_transpose(self, y, w, size, stride, padding, dilation, groups):
        return tapwise.conv_transpose(self, y, w, size, stride, padding, dilation, groups)

    def conv_weight(self, x, y, kernel, stride, padding, dilation, groups):
        return tapwise.conv_weight(self, x, y, kernel, stride, padding, dilation, groups)

    def max_pool(self, x, windows):
        return tapwise.max_pool(self, x, windows)

    def max_pool_offsets(self, x, windows):
        return tapwise.max_pool_offsets(self, x, windows)

    def window_put(self, g, offsets, size, windows):
        return tapwise.window_put(self, g, offsets, size, windows)

    def window_spread(self, g, size, windows):
        return tapwise.window_spread(self, g, size, windows)

    def window_sum(self, x, windows):
        return tapwise.window_sum(self, x, windows)

    def window_take(self, x, offsets, windows):
        return tapwise.window_take(self, x, offsets, windows)
