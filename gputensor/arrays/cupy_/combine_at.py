"""Kernels that combine values at repeated places: CuPy has no atomic product, and its maxima and minima lose NaN and,
of float64, the digits beyond float32.
"""

from cupy import ElementwiseKernel


def _combining(name: str, combined: str) -> ElementwiseKernel:
    """A kernel ``out[place] = combined`` of `held`, what is there, and `value`: for dtypes of 4 and 8 bytes."""
    swap = """
        Bits* bits = reinterpret_cast<Bits*>(&out[place]);
        Bits seen, found = *bits;
        do {
            seen = found;
            const T held = *reinterpret_cast<T*>(&seen);
            T next = %s;
            found = atomicCAS(bits, seen, *reinterpret_cast<Bits*>(&next));
        } while (found != seen);
    """
    operation = """
    // compare and swap until no other thread came between
    if (sizeof(T) == 4) {
        typedef unsigned int Bits;%s
    } else {
        typedef unsigned long long Bits;%s
    }
    """
    body = swap % combined
    return ElementwiseKernel("T value, int64 place", "raw T out", operation % (body, body), name)


MULTIPLY_AT = _combining("gputensor_multiply_at", "held * value")

# NaN differs from itself: once there it stays
MAXIMUM_AT = _combining("gputensor_maximum_at", "held != held || held >= value ? held : value")
MINIMUM_AT = _combining("gputensor_minimum_at", "held != held || held <= value ? held : value")
