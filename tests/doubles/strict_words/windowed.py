"""Convolution and pooling over array-api-strict, tap by tap."""

from gputensor.arrays import tapwise


class WindowedWords:
    __slots__ = ()

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
