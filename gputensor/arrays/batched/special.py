"""Special functions and complex numbers, element by element."""

from __future__ import annotations

from typing import Any

from gputensor.arrays.batched.rules import Rules


class SpecialRules(Rules):
    __slots__ = ()

    def digamma(self, x: Any) -> Any:
        return self.one(self.inner.digamma, x)

    def erf(self, x: Any) -> Any:
        return self.one(self.inner.erf, x)

    def erfc(self, x: Any) -> Any:
        return self.one(self.inner.erfc, x)

    def erfinv(self, x: Any) -> Any:
        return self.one(self.inner.erfinv, x)

    def lgamma(self, x: Any) -> Any:
        return self.one(self.inner.lgamma, x)

    def polygamma(self, n: int, x: Any) -> Any:
        x = self.of(x)
        return self.made(self.inner.polygamma(n, x.value), x.batched)

    def angle(self, x: Any) -> Any:
        return self.one(self.inner.angle, x)

    def conj(self, x: Any) -> Any:
        return self.one(self.inner.conj, x)

    def imag(self, x: Any) -> Any:
        return self.one(self.inner.imag, x)

    def make_complex(self, real: Any, imag: Any) -> Any:
        return self.several(self.inner.make_complex, real, imag)

    def real(self, x: Any) -> Any:
        return self.one(self.inner.real, x)

    def view_as_complex(self, x: Any) -> Any:
        return self.one(self.inner.view_as_complex, x)

    def view_as_real(self, x: Any) -> Any:
        return self.one(self.inner.view_as_real, x)

    def airy_ai(self, x: Any) -> Any:
        return self.one(self.inner.airy_ai, x)

    def bessel(self, kind: str, x: Any) -> Any:
        x = self.of(x)
        return self.made(self.inner.bessel(kind, x.value), x.batched)

    def erfcx(self, x: Any) -> Any:
        return self.one(self.inner.erfcx, x)

    def frexp(self, x: Any) -> Any:
        x = self.of(x)
        return tuple([self.made(part, x.batched) for part in self.inner.frexp(x.value)])

    def gammainc(self, a: Any, x: Any) -> Any:
        return self.several(self.inner.gammainc, a, x)

    def gammaincc(self, a: Any, x: Any) -> Any:
        return self.several(self.inner.gammaincc, a, x)

    def gcd(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.gcd, x, y, out=out)

    def lcm(self, x: Any, y: Any, out: Any = None, /) -> Any:
        return self.several(self.inner.lcm, x, y, out=out)

    def ndtri(self, x: Any) -> Any:
        return self.one(self.inner.ndtri, x)

    def zeta(self, x: Any, q: Any) -> Any:
        return self.several(self.inner.zeta, x, q)
