"""Random numbers for array-api-strict, which has none: NumPy's words, carried over."""

import array_api_strict as std
import numpy as np

from gputensor.arrays.numpy_ import random_bits


class RandomWords:
    __slots__ = ()

    def bernoulli(self, key, offset, count, p):
        return std.asarray(random_bits.bernoulli(key, offset, count, p if isinstance(p, float) else np.asarray(p)))

    def exponential(self, key, offset, count, dtype):
        return std.asarray(random_bits.exponential(key, offset, count, dtype))

    def permutation(self, key, offset, count):
        return std.asarray(random_bits.permutation(key, offset, count))

    def random_integers(self, key, offset, count, low, high, dtype):
        return std.asarray(random_bits.random_integers(key, offset, count, low, high, dtype))

    def random_words(self, key, offset, count):
        return std.asarray(random_bits.random_words(key, offset, count))

    def standard_normal(self, key, offset, count, dtype):
        return std.asarray(random_bits.standard_normal(key, offset, count, dtype))

    def uniform01(self, key, offset, count, dtype):
        return std.asarray(random_bits.uniform01(key, offset, count, dtype))
