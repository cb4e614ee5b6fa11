"""How random numbers are made of the words of one stream: the specification both array libraries follow.

**The stream.** A key (an integer below 2**128) names a stream of 2**64 words of 64 bits, those of
``np.random.Philox(key=key).random_raw()``: word ``w`` is number ``w % 4`` of the four that Philox 4x64 with ten
rounds makes of the counter ``w // 4 + 1`` (a 256-bit integer) under that key. Any word can be computed without the
ones before it, so blocks, threads and devices do not show in the result.

**Pieces.** A word ``w`` is cut from the low end: halves ``w & 0xffffffff`` then ``w >> 32``; quarters of 16 bits in
the same order. A draw of ``count`` elements begins at a word, takes a number of words fixed by `count` and the
dtype (the functions below), and ends at a word: what is left of the last one is not used.

============  =========================  =========================================================================
draw          an element is made of      value
============  =========================  =========================================================================
words         a word w                   w
uniform       float64: a word w          (w >> 11) * 2**-53
              float32: a half h          (h >> 8) * 2**-24
              float16: a quarter q       (q >> 5) * 2**-11
              bfloat16: a quarter q      (q >> 8) * 2**-8
integers      a word w                   low + floor(w * (high - low) / 2**64)
bernoulli     a half h                   h < round(p * 2**32)
exponential   float64: a word w          max(-log(1 - u), 2**-53) with u = (w >> 11) * 2**-53
              else: a half h             max(-log(u), 2**-24) with u = float32(h) * 2**-32 + 2**-33, in float32
normal        float64: two words v, w    for two elements, r*cos(t) and r*sin(t), with r = sqrt(-2 * log(1 - u)),
                                         u = (v >> 11) * 2**-53, t = ((w >> 11) * 2**-53) * 2*pi
              else: halves g, h          the same in float32 with r = sqrt(-2 * log(float32(g) * 2**-32 + 2**-33)),
                                         t = float32(int32(h)) * float32(pi * 2**-31)
permutation   a word each                the order that sorts the words, equal ones in order of position
============  =========================  =========================================================================

Every value is exact or rounded once to the nearest, hence equal on every device, except that log, sin and cos
may differ by a few units in the last place: only exponential and normal use them. float16 and bfloat16 exponentials
and normals are the float32 ones, rounded.

Integers are drawn without rejection, so that an element always takes one word: a value's probability is off by less
than 2**-64, relatively by less than (high - low) / 2**64. A Bernoulli probability is rounded to a multiple of 2**-32.

Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; Box and Muller, 1958; the product in
place of a division is Lemire's, "Fast random integer generation in an interval", 2019.
"""

import numpy as np


def uniform_words(count: int, dtype: np.dtype) -> int:
    """Words that `count` uniform numbers of `dtype` take: as many bits as the numbers themselves have."""
    return -(-count * dtype.itemsize // 8)


def normal_words(count: int, dtype: np.dtype) -> int:
    """Words that `count` normal numbers of `dtype` take: a pair of float64 takes two, a pair of the others one."""
    pairs = (count + 1) // 2
    return 2 * pairs if dtype.itemsize == 8 else pairs


def exponential_words(count: int, dtype: np.dtype) -> int:
    """Words that `count` exponential numbers of `dtype` take: one for each float64, else a half."""
    return count if dtype.itemsize == 8 else (count + 1) // 2


def integer_words(count: int) -> int:
    """Words that `count` bounded integers take: one each, whatever the range."""
    return count


def bernoulli_words(count: int) -> int:
    """Words that `count` Bernoulli draws take: half a word each."""
    return (count + 1) // 2


def permutation_words(count: int) -> int:
    """Words that a permutation of `count` elements takes: one each."""
    return count
