"""Special words: functions that are a series or a table of their own, and number theory. Floats only, but for gcd and
lcm; two operands have one dtype and broadcast."""

from typing import Protocol

from gputensor.arrays.vocabulary.terms import A, Scalar


class Special(Protocol[A]):
    def airy_ai(self, x: A) -> A:
        """Airy's function Ai: a table and its Taylor series near 0, asymptotic series far out."""
        ...

    def bessel(self, kind: str, x: A) -> A:
        """A Bessel function by SciPy's name: j0, j1, y0, y1, i0, i1, k0, k1, and i0e, i1e, k0e, k1e, scaled by an
        exponential. No series of ours would be exact over the whole line."""
        ...

    def erfcx(self, x: A) -> A:
        """exp(x*x) * erfc(x), where the factors overflow and underflow: the tails of normal distributions."""
        ...

    def frexp(self, x: A) -> tuple[A, A]:
        """Mantissas in [0.5, 1) and int32 exponents: through log2 powers of two would be rounded to the wrong side."""
        ...

    def gammainc(self, a: A, x: A) -> A:
        """The lower incomplete gamma function over gamma(a): a series here, a continued fraction there."""
        ...

    def gammaincc(self, a: A, x: A) -> A:
        """1 - gammainc(a, x), which the subtraction would round to 0."""
        ...

    def gcd(self, x: A, y: A | Scalar, out: A | None = None, /) -> A:
        """The greatest common divisor of integers: Euclid's loop is as long as its worst element."""
        ...

    def lcm(self, x: A, y: A | Scalar, out: A | None = None, /) -> A:
        """The least common multiple of integers; 0 beside 0, where x * y / gcd would divide by 0."""
        ...

    def ndtri(self, x: A) -> A:
        """The normal quantile: erfinv(2x - 1) loses every digit of a small x."""
        ...

    def zeta(self, x: A, q: A) -> A:
        """The zeta function of Hurwitz: the sum of (k + q)**-x over k = 0, 1, ..."""
        ...
