"""Convolution and pooling: the examples become images where the weights are shared, channels where they are not."""

from __future__ import annotations

from typing import Any

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.rules import Rules
from gputensor.arrays.windows import Windows

Shape = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]


class NeuralRules(Rules):
    __slots__ = ()

    def conv(
        self, x: Any, w: Any, bias: Any, stride: Shape, padding: Pads, dilation: Shape, groups: int
    ) -> Batched:  # fmt: skip
        x, w = self.of(x), self.of(w)
        b = None if bias is None else self.of(bias)
        how = stride, padding, dilation
        if not w.batched and (b is None or not b.batched):
            given = None if b is None else b.value
            if not x.batched:
                return self.made(self.inner.conv(x.value, w.value, given, *how, groups), False)
            return self._images(self.inner.conv(self._as_images(x.value), w.value, given, *how, groups))
        if not w.batched:
            out = self.conv(x, w, None, stride, padding, dilation, groups)
        elif not x.batched and groups == 1:
            channels = self.inner.conv(x.value, self._joined_first(w.value), None, *how, 1)
            out = self.made(self._channels_of(channels), True)
        else:
            wide = self._as_channels(self.full_size(x))
            channels = self.inner.conv(wide, self._joined_first(w.value), None, *how, groups * self.size)
            out = self.made(self._channels_of(channels), True)
        return out if b is None else self._biased(out, b)

    def _biased(self, out: Batched, bias: Batched) -> Batched:
        dims = len(out.shape) - 2
        total: Batched = out + self.reshape(bias, (-1, *(1,) * dims))
        return total

    def conv_transpose(
        self, y: Any, w: Any, size: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
    ) -> Batched:
        y, w = self.of(y), self.of(w)
        word, how = self.inner.conv_transpose, (size, stride, padding, dilation)
        if not w.batched:
            if not y.batched:
                return self.made(word(y.value, w.value, *how, groups), False)
            return self._images(word(self._as_images(y.value), w.value, *how, groups))
        if not y.batched and groups == 1:
            channels = word(y.value, self._as_channels(w.value), *how, 1)
        else:
            wide = self._as_channels(self.full_size(y))
            channels = word(wide, self._joined_first(w.value), *how, groups * self.size)
        return self.made(self._channels_of(channels), True)

    def conv_weight(
        self, x: Any, y: Any, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
    ) -> Batched:
        x, y = self.of(x), self.of(y)
        word, how = self.inner.conv_weight, (kernel, stride, padding, dilation)
        if not (x.batched or y.batched):
            return self.made(word(x.value, y.value, *how, groups), False)
        if groups == 1 and not y.batched:
            return self.made(self._channels_of(word(self._as_channels(x.value), y.value, *how, 1)), True)
        if groups == 1 and not x.batched:
            weights = word(x.value, self._as_channels(y.value), *how, 1)
        else:
            weights = word(
                self._as_channels(self.full_size(x)), self._as_channels(self.full_size(y)), *how, groups * self.size
            )
        return self.made(self._split_first(weights), True)

    # ------------------------------------------------------------ pooling

    def max_pool(self, x: Any, windows: Windows) -> Batched:
        return self._pooled(self.inner.max_pool, x, windows)

    def max_pool_offsets(self, x: Any, windows: Windows) -> Batched:
        return self._pooled(self.inner.max_pool_offsets, x, windows)

    def window_sum(self, x: Any, windows: Windows) -> Batched:
        return self._pooled(self.inner.window_sum, x, windows)

    def window_spread(self, g: Any, size: Shape, windows: Windows) -> Batched:
        return self._pooled(self.inner.window_spread, g, size, windows)

    def _pooled(self, word: Any, x: Any, *how: Any) -> Batched:
        x = self.of(x)
        if not x.batched:
            return self.made(word(x.value, *how), False)
        return self._images(word(self._as_images(x.value), *how))

    def window_put(self, g: Any, offsets: Any, size: Shape, windows: Windows) -> Batched:
        return self._by_offsets(self.inner.window_put, g, offsets, size, windows)

    def window_take(self, x: Any, offsets: Any, windows: Windows) -> Batched:
        return self._by_offsets(self.inner.window_take, x, offsets, windows)

    def _by_offsets(self, word: Any, x: Any, offsets: Any, *how: Any) -> Batched:
        x, at = self.of(x), self.of(offsets)
        if not (x.batched or at.batched):
            return self.made(word(x.value, at.value, *how), False)
        images, places = self._as_images(self.full_size(x)), self._as_images(self.full_size(at))
        return self._images(word(images, places, *how))

    # ------------------------------------------------------------ folding the examples in, and out again

    def _as_images(self, value: Any) -> Any:
        # (example, image, channel, *size) -> (example * image, channel, *size)
        return self.inner.reshape(value, (value.shape[0] * value.shape[1], *value.shape[2:]))

    def _images(self, value: Any) -> Batched:
        return self.made(self._split_first(value), True)

    def _joined_first(self, value: Any) -> Any:
        return self.inner.reshape(value, (value.shape[0] * value.shape[1], *value.shape[2:]))

    def _split_first(self, value: Any) -> Any:
        return self.inner.reshape(value, (self.size, value.shape[0] // self.size, *value.shape[1:]))

    def _as_channels(self, value: Any) -> Any:
        # (example, image, channel, *size) -> (image, example * channel, *size)
        swapped = self.inner.permute_dims(value, (1, 0, *range(2, len(value.shape))))
        shape = swapped.shape
        return self.inner.reshape(swapped, (shape[0], shape[1] * shape[2], *shape[3:]))

    def _channels_of(self, value: Any) -> Any:
        shape = value.shape
        apart = self.inner.reshape(value, (shape[0], self.size, shape[1] // self.size, *shape[2:]))
        return self.inner.permute_dims(apart, (1, 0, *range(2, len(shape) + 1)))
