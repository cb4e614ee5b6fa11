"""What the library's own CUDA kernels compute, in NumPy: the double runs these where CuPy would compile and launch.

A reference is registered under the kernel's name. One of an elementwise kernel takes the broadcast inputs and returns
the result (or a tuple); one of a reduction takes the inputs, axis and keepdims; one of a raw kernel takes grid, block
and all arguments, arrays as NumPy arrays over the device's memory, and writes into them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor.arrays.numpy_ import random_bits

REFERENCES: dict[str, Callable[..., Any]] = {}


def reference(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as the reference of the kernel `name`."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        if name in REFERENCES:
            raise ValueError(f"kernel {name!r} has a reference already")
        REFERENCES[name] = function
        return function

    return register


def find(name: str) -> Callable[..., Any]:
    if name not in REFERENCES:
        raise NotImplementedError(
            f"the double knows no kernel {name!r}: register a reference in tests/doubles/kernels.py"
        )
    return REFERENCES[name]


@reference("gputensor_floor_divide")
def floor_divide(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.floor_divide(_wide(x), _wide(y))


@reference("gputensor_remainder")
def remainder(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.remainder(_wide(x), _wide(y))


@reference("gputensor_integer_fmod")
def integer_fmod(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.where(y == 0, 0, np.fmod(x, np.where(y == 0, 1, y)))


@reference("gputensor_multiply_at")
def multiply_at(value: np.ndarray, place: np.ndarray, out: np.ndarray) -> None:
    np.multiply.at(out.reshape(-1), place, value)


@reference("gputensor_maximum_at")
def maximum_at(value: np.ndarray, place: np.ndarray, out: np.ndarray) -> None:
    np.maximum.at(out.reshape(-1), place, value)


@reference("gputensor_minimum_at")
def minimum_at(value: np.ndarray, place: np.ndarray, out: np.ndarray) -> None:
    np.minimum.at(out.reshape(-1), place, value)


def _wide(x: np.ndarray) -> np.ndarray:
    # arithmetic of 16 bits yields float in CUDA
    return x.astype(np.float32) if x.dtype.itemsize == 2 else x


# philox.cu: every kernel begins with the two halves of the key, offset and count


@reference("random_words")
def random_words(grid: Any, block: Any, low: int, high: int, offset: int, count: int, out: np.ndarray) -> None:
    out[...] = random_bits.random_words(_key(low, high), int(offset), int(count))


@reference("uniform_float16")
@reference("uniform_bfloat16")
@reference("uniform_float32")
@reference("uniform_float64")
def uniform(grid: Any, block: Any, low: int, high: int, offset: int, count: int, out: np.ndarray) -> None:
    out[...] = random_bits.uniform01(_key(low, high), int(offset), int(count), out.dtype)


@reference("random_integers")
def random_integers(
    grid: Any, block: Any, low: int, high: int, offset: int, count: int, least: int, reach: int, out: np.ndarray
) -> None:
    first = int(np.uint64(least).astype(np.int64))
    last = first + (int(reach) or 2**64)
    out[...] = random_bits.random_integers(_key(low, high), int(offset), int(count), first, last, out.dtype)


@reference("bernoulli")
def bernoulli(grid: Any, block: Any, low: int, high: int, offset: int, count: int, bound: int, out: np.ndarray) -> None:
    out[...] = random_bits.bernoulli(_key(low, high), int(offset), int(count), int(bound) / 2**32)


@reference("bernoulli_each")
def bernoulli_each(
    grid: Any, block: Any, low: int, high: int, offset: int, count: int, p: np.ndarray, out: np.ndarray
) -> None:
    out[...] = random_bits.bernoulli(_key(low, high), int(offset), int(count), p)


@reference("exponential_float32")
@reference("exponential_float64")
def exponential(grid: Any, block: Any, low: int, high: int, offset: int, count: int, out: np.ndarray) -> None:
    out[...] = random_bits.exponential(_key(low, high), int(offset), int(count), out.dtype)


@reference("normal_float32")
@reference("normal_float64")
def normal(grid: Any, block: Any, low: int, high: int, offset: int, count: int, out: np.ndarray) -> None:
    out[...] = random_bits.standard_normal(_key(low, high), int(offset), int(count), out.dtype)


def _key(low: int, high: int) -> int:
    return int(low) | int(high) << 64
