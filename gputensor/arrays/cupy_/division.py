"""Kernels for quotients and remainders, which CuPy's ufuncs round otherwise than NumPy and PyTorch.

Arithmetic of the 16-bit types yields float: W below is float for them, and the result is converted once.
"""

from cupy import ElementwiseKernel

FLOOR_DIVIDE = ElementwiseKernel(
    "T x, T y",
    "T out",
    """
    typedef decltype(x * y) W;
    const W a = x, b = y;
    W floored;
    if (b == W(0)) {
        floored = a / b;
    } else {
        const W rest = fmod(a, b);
        W quotient = (a - rest) / b;
        if (rest != W(0) && ((b < W(0)) != (rest < W(0)))) quotient -= W(1);
        floored = floor(quotient);
        // the division above may have rounded down to the integer below
        if (quotient - floored > W(0.5)) floored += W(1);
        if (quotient == W(0)) floored = copysign(W(0), a / b);
    }
    out = T(floored);
    """,
    "gputensor_floor_divide",
)

REMAINDER = ElementwiseKernel(
    "T x, T y",
    "T out",
    """
    typedef decltype(x * y) W;
    const W a = x, b = y;
    W rest = fmod(a, b);
    if (rest == W(0)) {
        rest = copysign(W(0), b);
    } else if ((b < W(0)) != (rest < W(0))) {
        rest += b;
    }
    out = T(rest);
    """,
    "gputensor_remainder",
)

FMOD = ElementwiseKernel(
    "T x, T y",
    "T out",
    "out = y == T(0) ? T(0) : T(x % y)",
    "gputensor_integer_fmod",
)
