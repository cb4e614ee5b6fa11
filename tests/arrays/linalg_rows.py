"""Rows of the factorizations: matrices that have them, and batches."""

import numpy as np

from tests.arrays.words import COMPLEX, FLOAT32, FLOAT64, Asked, Operand, Row

PRECISE = (FLOAT32, FLOAT64, *COMPLEX)
PLAIN = ("contiguous",)
ULPS = 200  # other libraries add in another order, and condition numbers come on top


def matrices(a: Asked, shape: tuple[int, ...], add: float = 0.0) -> Operand:
    x = a.array(shape)
    return Operand(np.asarray(x.host + add * np.eye(*shape[-2:]), a.dtype)) if add else x


def definite(a: Asked, shape: tuple[int, ...]) -> Operand:
    x = a.array(shape).host
    return Operand(np.asarray(x @ np.conj(np.swapaxes(x, -1, -2)) + np.eye(shape[-1]), a.dtype))


def square(a: Asked) -> list[Operand]:
    return [matrices(a, shape, 5.0) for shape in ((3, 3), (2, 3, 3), (0, 2, 2), (70, 2, 2))]


def pivots(a: Asked) -> list[tuple[Operand, int]]:
    return [
        (Operand(np.asarray([3, 3, 3], np.int32)), 4),
        (Operand(np.asarray([[2, 2], [1, 2]], np.int32)), 2),
        (Operand(np.zeros((0, 2), np.int32)), 2),
    ]


def right(a: Asked, x: Operand) -> Operand:
    return a.array((*x.shape[:-1], 2))


def factored(word: str, a: Asked, x: Operand, option: bool) -> tuple[Operand, ...]:
    from gputensor.arrays import numpy_

    return tuple([Operand(np.asarray(o)) for o in getattr(numpy_, word)(x.host, option)])


def row(word: str, make: object, **more: object) -> Row:
    return Row(word, make, PRECISE, ulps=ULPS, gpu_ulps=ULPS * 20, layouts=PLAIN, **more)  # type: ignore[arg-type]


ROWS = [
    row("cholesky", lambda a: [(definite(a, s),) for s in ((3, 3), (2, 3, 3), (0, 2, 2))]),
    row("cofactors", lambda a: [(x,) for x in square(a)[:3]]),
    row("det", lambda a: [(x,) for x in square(a)]),
    row(
        "eigh",
        lambda a: [(definite(a, (3, 3)),)],
        note="values and vectors up to a phase",
    ),
    row("eigvalsh", lambda a: [(definite(a, s),) for s in ((3, 3), (2, 3, 3))]),
    row("eig", lambda a: [(x,) for x in square(a)[:2]]),
    row("eigvals", lambda a: [(x,) for x in square(a)[:2]]),
    row("geqrf", lambda a: [(a.array(s),) for s in ((4, 3), (2, 3, 4))]),
    row("ldl_factor", lambda a: [(definite(a, (3, 3)), hermitian) for hermitian in (False, True)]),
    row(
        "ldl_solve",
        lambda a: [
            (*factored("ldl_factor", a, x, hermitian)[:2], right(a, x), hermitian)
            for x in (definite(a, (3, 3)), definite(a, (2, 3, 3)))
            for hermitian in (False, True)
        ],
    ),
    row(
        "lu_factor",
        lambda a: (
            [(a.array(s), True) for s in ((4, 3), (3, 4), (2, 3, 3), (70, 3, 2), (0, 2, 2), (2, 0))]
            + [(x, False) for x in square(a)]
        ),
    ),
    row("matrix_exp", lambda a: [(x,) for x in square(a)]),
    row("qr", lambda a: [(a.array(s), c) for s in ((4, 3), (2, 3, 4)) for c in (False, True)]),
    Row("row_order", pivots, (FLOAT64,), layouts=PLAIN),
    row("slogdet", lambda a: [(x,) for x in square(a)]),
    row("solve", lambda a: [(x, right(a, x)) for x in square(a)]),
    row(
        "solve_triangular",
        lambda a: [
            (x, right(a, x), upper, unit) for x in square(a) for upper in (False, True) for unit in (False, True)
        ],
    ),
    row("svd", lambda a: [(a.array(s), full) for s in ((4, 3), (2, 3, 4)) for full in (False, True)]),
    row("svdvals", lambda a: [(a.array(s),) for s in ((4, 3), (2, 3, 4), (0, 2, 2))]),
]
