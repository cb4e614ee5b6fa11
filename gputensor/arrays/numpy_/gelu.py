"""gelu of float32 over NumPy, in blocks: the normal distribution's tail by one polynomial, and the derivative computed
on the way, as both share the exponential.

The tail Φ(-|x|) = exp(-x²/2) t P(t), t = 1 / (1 + p |x|), in the form of Hastings 1955; p and P of degree 7 minimise
the relative error, which is below 1e-7 wherever the tail is a float32. gelu(x) = max(x, 0) - |x| Φ(-|x|) cancels
nowhere.
"""

import math
from typing import Any

import numpy as np

from gputensor.arrays.kernels import GELU
from gputensor.arrays.numpy_.blocks import each_block

Array = np.ndarray

_P = np.float32(0.30453690306565184)
_COEFFICIENTS = tuple(
    np.float32(c)
    for c in (
        0.036758206078279766, -0.15399294956306545, 0.18858849286865131, -0.04023707384482988, 0.1221239686600175,
        0.10298102327462892, 0.12232596830567735, 0.12145240792618053,
    )
)  # fmt: skip
_DENSITY = np.float32(1 / math.sqrt(2 * math.pi))
_LEAST = 64  # below, the general lines have fewer calls


def _fits(prim: Any, x: Array) -> bool:
    return x.dtype is _F32 and x.size >= _LEAST and x.flags.c_contiguous


_F32 = np.dtype(np.float32)


def _forward(prim: Any, recorded: bool, x: Array) -> tuple[Array, Any]:
    flat = x.reshape(-1)
    out = np.empty_like(flat)
    slope = np.empty_like(flat) if recorded else None

    def block(start: int, stop: int) -> None:
        part, made = flat[start:stop], out[start:stop]
        a = np.abs(part)
        finite = math.isfinite(np.dot(part, part))
        t = a * _P
        t += 1
        np.divide(1, t, t)
        tail = t * _COEFFICIENTS[0]
        for c in _COEFFICIENTS[1:]:
            tail += c
            tail *= t
        bell = np.multiply(a, a, t)
        bell *= -0.5
        np.exp(bell, bell)
        tail *= bell
        np.multiply(a, tail, a)
        np.maximum(part, 0, out=made)
        made -= a
        if slope is not None:
            # Φ(x) + x φ(x); Φ(x) is 1 - tail above 0, tail below
            into = slope[start:stop]
            np.subtract(0.5, tail, into)
            np.copysign(into, part, into)
            into += 0.5
            bell *= _DENSITY
            bell *= part
            into += bell
        if not finite:
            # the general lines' answers: inf at inf, nan at -inf, where x times a probability of 0 is nan
            made[part == np.inf] = np.inf

    each_block(block, flat.size, 1)
    return out.reshape(x.shape), None if slope is None else slope.reshape(x.shape)


def _vjp(prim: Any, g: Array, slope: Array, edges: Any) -> tuple[Array]:
    if g.size < 1 << 21 or not g.flags.c_contiguous:
        return (g * slope,)
    out = np.empty_like(slope)
    flat, given, made = slope.reshape(-1), g.reshape(-1), out.reshape(-1)
    each_block(lambda start, stop: np.multiply(given[start:stop], flat[start:stop], made[start:stop]), flat.size, 1)
    return (out,)


GELU["numpy"] = (_fits, _forward, _vjp)
