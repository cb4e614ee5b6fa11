"""The special words over array-api-strict: no composite of standard words is exact here, so through the host."""

import array_api_strict as std
import numpy as np

from gputensor.arrays.numpy_ import special as by_numpy
from tests.doubles.strict_words.elementwise import alike, into


class SpecialWords:
    __slots__ = ()

    def airy_ai(self, x):
        return std.asarray(by_numpy.airy_ai(np.asarray(x)))

    def bessel(self, kind, x):
        return std.asarray(by_numpy.bessel(kind, np.asarray(x)))

    def erfcx(self, x):
        return std.asarray(by_numpy.erfcx(np.asarray(x)))

    def frexp(self, x):
        return tuple([std.asarray(a) for a in by_numpy.frexp(np.asarray(x))])

    def gammainc(self, a, x):
        return std.asarray(by_numpy.gammainc(np.asarray(a), np.asarray(x)))

    def gammaincc(self, a, x):
        return std.asarray(by_numpy.gammaincc(np.asarray(a), np.asarray(x)))

    def gcd(self, x, y, out=None, /):
        return into(std.asarray(np.gcd(np.asarray(x), np.asarray(alike(y, x)))), out)

    def lcm(self, x, y, out=None, /):
        return into(std.asarray(np.lcm(np.asarray(x), np.asarray(alike(y, x)))), out)

    def ndtri(self, x):
        return std.asarray(by_numpy.ndtri(np.asarray(x)))

    def zeta(self, x, q):
        return std.asarray(by_numpy.zeta(np.asarray(x), np.asarray(q)))
