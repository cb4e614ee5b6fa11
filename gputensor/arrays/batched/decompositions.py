"""Factorizations, what is solved with them, and Fourier transforms: the libraries take the examples as leading axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gputensor.arrays.batched.array import Batched
from gputensor.arrays.batched.rules import Rules


class DecompositionRules(Rules):
    __slots__ = ()

    def _each(self, word: Callable[..., Any], x: Any, *how: Any) -> tuple[Batched, ...]:
        """A word of one stack of matrices with several results."""
        x = self.of(x)
        return tuple([self.made(part, x.batched) for part in word(x.value, *how)])

    def _values(self, xs: tuple[Any, ...]) -> tuple[list[Any], bool]:
        """Operands of a word that wants the same leading axes of all."""
        made = [self.of(x) for x in xs]
        if not any([x.batched for x in made]):
            return [x.value for x in made], False
        return [self.full_size(x) for x in made], True

    def cholesky(self, x: Any) -> tuple[Batched, ...]:
        return self._each(self.inner.cholesky, x)

    def cofactors(self, x: Any) -> Any:
        return self.one(self.inner.cofactors, x)

    def det(self, x: Any) -> Any:
        return self.one(self.inner.det, x)

    def eig(self, x: Any) -> tuple[Batched, ...]:
        return self._each(self.inner.eig, x)

    def eigh(self, x: Any) -> tuple[Batched, ...]:
        return self._each(self.inner.eigh, x)

    def eigvals(self, x: Any) -> Any:
        return self.one(self.inner.eigvals, x)

    def eigvalsh(self, x: Any) -> Any:
        return self.one(self.inner.eigvalsh, x)

    def geqrf(self, x: Any) -> tuple[Batched, ...]:
        return self._each(self.inner.geqrf, x)

    def ldl_factor(self, x: Any, hermitian: bool) -> tuple[Batched, ...]:
        return self._each(self.inner.ldl_factor, x, hermitian)

    def ldl_solve(self, packed: Any, pivots: Any, b: Any, hermitian: bool) -> Batched:
        values, batched = self._values((packed, pivots, b))
        return self.made(self.inner.ldl_solve(*values, hermitian), batched)

    def lu_factor(self, x: Any, pivot: bool) -> tuple[Batched, ...]:
        return self._each(self.inner.lu_factor, x, pivot)

    def matrix_exp(self, x: Any) -> Any:
        return self.one(self.inner.matrix_exp, x)

    def qr(self, x: Any, complete: bool) -> tuple[Batched, ...]:
        return self._each(self.inner.qr, x, complete)

    def row_order(self, pivots: Any, n: int) -> Batched:
        p = self.of(pivots)
        return self.made(self.inner.row_order(p.value, n), p.batched)

    def slogdet(self, x: Any) -> tuple[Batched, ...]:
        return self._each(self.inner.slogdet, x)

    def solve(self, a: Any, b: Any) -> tuple[Batched, ...]:
        values, batched = self._values((a, b))
        return tuple([self.made(part, batched) for part in self.inner.solve(*values)])

    def solve_triangular(self, a: Any, b: Any, upper: bool, unit: bool) -> Batched:
        values, batched = self._values((a, b))
        return self.made(self.inner.solve_triangular(*values, upper, unit), batched)

    def svd(self, x: Any, full: bool) -> tuple[Batched, ...]:
        return self._each(self.inner.svd, x, full)

    def svdvals(self, x: Any) -> Any:
        return self.one(self.inner.svdvals, x)

    # ------------------------------------------------------------ Fourier transforms

    def fftn(self, x: Any, axes: tuple[int, ...], norm: str) -> Batched:
        x = self.of(x)
        return self.made(self.inner.fftn(x.value, tuple([k + x.batched for k in axes]), norm), x.batched)

    def ifftn(self, x: Any, axes: tuple[int, ...], norm: str) -> Batched:
        x = self.of(x)
        return self.made(self.inner.ifftn(x.value, tuple([k + x.batched for k in axes]), norm), x.batched)

    def irfft(self, x: Any, n: int, axis: int, norm: str) -> Batched:
        x = self.of(x)
        return self.made(self.inner.irfft(x.value, n, axis + x.batched, norm), x.batched)

    def rfft(self, x: Any, axis: int, norm: str) -> Batched:
        x = self.of(x)
        return self.made(self.inner.rfft(x.value, axis + x.batched, norm), x.batched)
