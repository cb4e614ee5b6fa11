"""Random numbers for NumPy arrays, made of the words of NumPy's own Philox.

`gputensor.arrays.random_layout` says which words a number is made of. Each function here is pure: the same key,
offset and count give the same array, whatever was drawn before and however many threads take part.
"""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable
from functools import cache

import numpy as np

# Large draws are made in blocks, so that what a mapping needs besides its result stays in the cache of a core.
_BLOCK = 1 << 16
# Threads that share the interpreter's lock need longer blocks, or they wait for each other.
_THREADED_BLOCK = 1 << 18
_WORTH_THREADS = 1 << 20
_MAX_THREADS = 8

_LOCAL = threading.local()


def random_words(key: int, offset: int, count: int) -> np.ndarray:
    """The words `offset`, ..., `offset + count - 1` of the stream `key`: (count,) uint64.

    >>> random_words(0, 2, 3)
    array([ 2055444239878205049, 10411612076246414556,  9267267987884836803],
          dtype=uint64)
    >>> np.random.Philox(key=0).random_raw(5)[2:]
    array([ 2055444239878205049, 10411612076246414556,  9267267987884836803],
          dtype=uint64)
    """
    if count <= _BLOCK:
        return _raw(key, offset, count)
    out = np.empty(count, np.uint64)

    def fill(start: int, stop: int) -> None:
        out[start:stop] = _raw(key, offset + start, stop - start)

    _in_blocks(count, fill)
    return out


def uniform01(key: int, offset: int, count: int, dtype: np.dtype) -> np.ndarray:
    """Uniform numbers in [0, 1), as many bits each as `dtype` has digits: (count,) float.

    No value is ever rounded up to 1, in float16 and bfloat16 neither.

    >>> uniform01(0, 0, 3, np.dtype("float32"))
    array([0.03474188, 0.01154673, 0.6119502 ], dtype=float32)
    """
    out = np.empty(count, dtype)
    if dtype.itemsize == 2:
        digits = 11 if dtype == np.float16 else 8

        def fill(start: int, stop: int) -> None:
            quarters = _pieces(key, offset + start // 4, stop - start, "<u2") >> np.uint16(16 - digits)
            out[start:stop] = quarters.astype(np.float32) * np.float32(2.0**-digits)
    else:
        words_ahead = 8 // dtype.itemsize

        def fill(start: int, stop: int) -> None:
            # NumPy's own mapping is the one of the layout, without arrays in between.
            _generator_at(key, offset + start // words_ahead).random(out=out[start:stop], dtype=dtype.type)

    _in_blocks(count, fill)
    return out


def random_integers(key: int, offset: int, count: int, low: int, high: int, dtype: np.dtype) -> np.ndarray:
    """Integers ``low <= n < high``, all equally likely: (count,) of `dtype`.

    ``low + floor(w * (high - low) / 2**64)`` for a word w; ``high - low`` may be as large as 2**64. The range is
    expected to fit `dtype`: larger values wrap.

    >>> random_integers(0, 0, 8, -3, 4, np.dtype(np.int64))
    array([-3, -2, -3,  0,  0, -2,  3,  3])
    """
    out = np.empty(count, dtype)
    reach = high - low
    first = np.uint64(low % 2**64)

    def fill(start: int, stop: int) -> None:
        scaled = _times_high(_raw(key, offset + start, stop - start), reach)
        scaled += first
        out[start:stop] = scaled.view(np.int64)

    _in_blocks(count, fill)
    return out


def bernoulli(key: int, offset: int, count: int, p: float | np.ndarray) -> np.ndarray:
    """True with probability `p`: (count,) bool. `p`: a number, or (count,) float for a probability an element.

    Never true for p = 0, always for p = 1; probabilities between are rounded to multiples of 2**-32.

    >>> bernoulli(0, 0, 6, 0.5)
    array([ True,  True, False,  True,  True,  True])
    """
    out = np.empty(count, np.bool_)
    if isinstance(p, np.ndarray):

        def fill(start: int, stop: int) -> None:
            bounds = np.rint(p[start:stop].astype(np.float64) * 2.0**32)
            np.less(_pieces(key, offset + start // 2, stop - start, "<u4"), bounds, out=out[start:stop])
    else:
        bound = round(p * 2.0**32)
        if bound >= 2**32 or bound <= 0:  # these bounds are not halves
            out.fill(bound > 0)
            return out

        def fill(start: int, stop: int) -> None:
            np.less(_pieces(key, offset + start // 2, stop - start, "<u4"), np.uint32(bound), out=out[start:stop])

    _in_blocks(count, fill)
    return out


def exponential(key: int, offset: int, count: int, dtype: np.dtype) -> np.ndarray:
    """Numbers of the exponential distribution of mean 1, never 0: (count,) float.

    >>> exponential(0, 0, 3, np.dtype("float64"))
    array([0.01161394, 0.27647734, 0.11813719])
    """
    out = np.empty(count, dtype)
    if dtype.itemsize == 8:

        def fill(start: int, stop: int) -> None:
            part = out[start:stop]
            _generator_at(key, offset + start).random(out=part)
            np.subtract(1.0, part, out=part)
            _minus_log(part, 2.0**-53)
    else:

        def fill(start: int, stop: int) -> None:
            u = _open_unit(_pieces(key, offset + start // 2, stop - start, "<u4"))
            _minus_log(u, 2.0**-24)
            out[start:stop] = u

    _in_blocks(count, fill)
    return out


def standard_normal(key: int, offset: int, count: int, dtype: np.dtype) -> np.ndarray:
    """Normal numbers of mean 0 and variance 1, by Box and Muller's transformation: (count,) float.

    Two neighbours come of one radius and one angle. float32 reaches 6.7, float64 8.5 standard deviations.

    >>> standard_normal(0, 0, 3, np.dtype("float64"))
    array([ 0.0080887 ,  0.15219213, -0.44680975])
    """
    out = np.empty(count, dtype)
    pairs_at = _float64_pairs if dtype.itemsize == 8 else _float32_pairs

    def fill(start: int, stop: int) -> None:
        radius, angle = pairs_at(key, offset, start // 2, (stop + 1) // 2)
        both = stop - start == 2 * len(radius)
        numbers = out[start:stop] if both else np.empty(2 * len(radius), dtype)
        np.multiply(radius, np.cos(angle), out=numbers[0::2], casting="same_kind")
        np.multiply(radius, np.sin(angle), out=numbers[1::2], casting="same_kind")
        if not both:  # the last pair lends one number
            out[start:stop] = numbers[:-1]

    _in_blocks(count, fill)
    return out


def permutation(key: int, offset: int, count: int) -> np.ndarray:
    """The numbers 0, ..., count - 1 in random order: (count,) int64; O(count log count).

    The order that sorts `count` words of 64 bits, so that every order is as likely as any other.

    >>> permutation(0, 0, 6)
    array([0, 2, 1, 5, 4, 3])
    """
    words = random_words(key, offset, count)
    # The default sort uses vector instructions but may swap equal words: look for some, and keep their order then.
    order = np.argsort(words)
    for start in range(0, count - 1, _BLOCK):
        ranked = words[order[start : start + _BLOCK + 1]]
        if (ranked[1:] == ranked[:-1]).any():
            return np.argsort(words, kind="stable").astype(np.int64, copy=False)
    return order.astype(np.int64, copy=False)


def _generator_at(key: int, word: int) -> np.random.Generator:
    """This thread's generator, set to give the words of the stream `key` from `word` on."""
    try:
        generator, bits, unused = _LOCAL.generator
    except AttributeError:
        generator = np.random.Generator(np.random.Philox(key=0))
        bits, unused = generator.bit_generator, np.zeros(4, np.uint64)
        _LOCAL.generator = generator, bits, unused
    # A tenth of the cost of a new Philox, which would read the system's entropy first.
    bits.state = {
        "bit_generator": "Philox",
        "state": {"counter": (word // 4, 0, 0, 0), "key": (key & 0xFFFFFFFFFFFFFFFF, key >> 64)},
        "buffer": unused,
        "buffer_pos": 4,
        "has_uint32": 0,
        "uinteger": 0,
    }
    if word % 4:
        bits.random_raw(word % 4, False)
    return generator


def _raw(key: int, word: int, count: int) -> np.ndarray:
    """`count` words from `word` on."""
    generator = _generator_at(key, word)
    if count < 4096:
        return generator.bit_generator.random_raw(count)
    # The whole range of 64 bits is the words themselves, made in a tighter loop than random_raw's.
    return generator.integers(0, 0xFFFFFFFFFFFFFFFF, count, dtype=np.uint64, endpoint=True)


def _pieces(key: int, word: int, count: int, dtype: str) -> np.ndarray:
    """The first `count` halves ("<u4") or quarters ("<u2") of the words from `word` on."""
    words = _raw(key, word, -(-count * int(dtype[2:]) // 8))
    return words.astype("<u8", copy=False).view(dtype)[:count]


def _times_high(words: np.ndarray, factor: int) -> np.ndarray:
    """floor(words * factor / 2**64) for 1 <= factor <= 2**64; writes into `words`, which is not used again."""
    if factor == 2**64:
        return words
    thirty_two = np.uint64(32)
    low = words & np.uint64(0xFFFFFFFF)
    words >>= thirty_two
    if factor <= 2**32:
        low *= np.uint64(factor)
        low >>= thirty_two
        words *= np.uint64(factor)
        words += low
        words >>= thirty_two
        return words
    # Schoolbook multiplication in digits of 32 bits; no sum below exceeds 64.
    mask = np.uint64(0xFFFFFFFF)
    factor_high, factor_low = np.uint64(factor >> 32), np.uint64(factor & 0xFFFFFFFF)
    carry = low * factor_low >> thirty_two
    left = words * factor_low
    right = low * factor_high
    carry += left & mask
    carry += right & mask
    words *= factor_high
    words += left >> thirty_two
    words += right >> thirty_two
    words += carry >> thirty_two
    return words


def _open_unit(halves: np.ndarray) -> np.ndarray:
    """Halves as float32 in (0, 1]: float32(h) * 2**-32 + 2**-33."""
    u = halves.astype(np.float32)
    u *= np.float32(2.0**-32)
    u += np.float32(2.0**-33)
    return u


def _minus_log(u: np.ndarray, least: float) -> None:
    """Write max(-log(u), least) into `u`: numbers of an exponential distribution are above zero."""
    np.log(u, out=u)
    np.negative(u, out=u)
    np.maximum(u, u.dtype.type(least), out=u)


def _radius_of(u: np.ndarray) -> np.ndarray:
    """sqrt(-2 * log(u)), written into `u`."""
    np.log(u, out=u)
    u *= u.dtype.type(-2.0)
    return np.sqrt(u, out=u)


def _float64_pairs(key: int, offset: int, first: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Radius and angle of the pairs first, ..., stop - 1 of a draw of float64 normals."""
    # Copies, since NumPy computes strided arrays with other instructions, whose last bits differ.
    pairs = _generator_at(key, offset + 2 * first).random(2 * (stop - first)).reshape(-1, 2)
    return _radius_of(1.0 - pairs[:, 0]), pairs[:, 1] * (2.0 * math.pi)


def _float32_pairs(key: int, offset: int, first: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Radius and angle of the pairs first, ..., stop - 1 of a draw of float32, float16 or bfloat16 normals."""
    halves = _pieces(key, offset + first, 2 * (stop - first), "<u4").reshape(-1, 2)
    angle = halves[:, 1].view(np.int32).astype(np.float32)
    angle *= np.float32(math.pi * 2.0**-31)
    return _radius_of(_open_unit(halves[:, 0])), angle


def _in_blocks(count: int, fill: Callable[[int, int], None]) -> None:
    """Call ``fill(start, stop)`` for blocks that cover ``range(count)``, on several threads where that pays."""
    if count <= _BLOCK:
        if count:
            fill(0, count)
        return
    threads = _processors() if count >= _WORTH_THREADS else 1
    block = _BLOCK if threads == 1 else _THREADED_BLOCK
    starts = range(0, count, block)
    if threads == 1:
        for start in starts:
            fill(start, min(start + block, count))
        return
    from concurrent.futures import ThreadPoolExecutor  # 10 ms of imports that small programs are spared

    # Threads made for the call: a pool that is kept would be dead, and hang, in a forked worker.
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda start: fill(start, min(start + block, count)), starts))


@cache
def _processors() -> int:
    """Processors this process may use, at most `_MAX_THREADS`."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MAX_THREADS)
