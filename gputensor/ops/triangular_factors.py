"""LU factorizations, and Bunch and Kaufman's LDL, with what is solved by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn, constant, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.linalg_return_types import (
    linalg_ldl_factor as LdlFactor,
    linalg_ldl_factor_ex as LdlFactorEx,
    linalg_lu as Lu,
    linalg_lu_factor as LuFactor,
    linalg_lu_factor_ex as LuFactorEx,
    lu_unpack as LuUnpack,
)
from gputensor.core.primitive import Primitive
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.diagonals import tril, triu
from gputensor.ops.gathering import gather
from gputensor.ops.indexing import getitem
from gputensor.ops.matrix_arguments import check_info, common_batch, matrices, same_dtype, square
from gputensor.ops.matrix_rules import adjoint, identity, part, rows
from gputensor.ops.operands import beside
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.solving import identity_like, mH, triangular

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

ZERO_PIVOT = "element {code} of U's diagonal is zero"
ZERO_REPAIR = "solving with it would divide by zero; gputensor.linalg.lu and lu_factor_ex give the factors all the same"
ZERO_BLOCK = "element {code} of D's diagonal is zero"


class Factor(Primitive):
    """L and U packed, the interchanges, and info: elimination is no composition of other words.

    With P x = L U its gradient is derived from L^-1 P dx U^-1 = L^-1 dL + dU U^-1, a strictly lower and an upper
    triangle.
    """

    __slots__ = ("pivot",)
    nout = 3
    saves = ("out",)
    name = "lu_factor"

    def __init__(self, pivot: bool) -> None:
        self.pivot = pivot

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.lu_factor(x, self.pivot)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        (m, n), packed, order = x.shape[-2:], out[0], xp.row_order(out[1], x.shape[-2])
        k = min(m, n)
        first, rest = slice(0, k), slice(k, None)
        lower, upper = part(xp, packed, slice(None), first), part(xp, packed, first, slice(None))
        gl, gu = xp.tril(part(xp, g[0], slice(None), first), -1), xp.triu(part(xp, g[0], first, slice(None)), 0)
        corner, head = part(xp, packed, first, first), part(xp, gl, first, slice(None))
        ones = xp.tril(corner, -1) + identity(xp, corner)
        strict = xp.matmul(adjoint(xp, ones), head)
        full = xp.matmul(part(xp, gu, slice(None), first), adjoint(xp, xp.triu(corner, 0)))
        if m < n:
            strict = strict - xp.matmul(
                part(xp, gu, slice(None), rest), adjoint(xp, part(xp, upper, slice(None), rest))
            )
        if m > n:
            full = full - xp.matmul(adjoint(xp, part(xp, lower, rest, slice(None))), part(xp, gl, rest, slice(None)))
        inner = xp.tril(strict, -1) + xp.triu(full, 0)
        if m > n:
            inner = xp.solve_triangular(adjoint(xp, ones), inner, True, True)
            tall = xp.concat([inner, part(xp, gl, rest, slice(None))], len(x.shape) - 2)
            out_of_order = adjoint(xp, xp.solve_triangular(xp.triu(corner, 0), adjoint(xp, tall), True, False))
        else:
            inner = adjoint(xp, xp.solve_triangular(xp.triu(corner, 0), adjoint(xp, inner), True, False))
            if m < n:
                inner = xp.concat([inner, part(xp, gu, slice(None), rest)], len(x.shape) - 1)
            out_of_order = xp.solve_triangular(adjoint(xp, ones), inner, True, True)
        places = xp.broadcast_to(rows(xp, order), x.shape)
        return xp.scatter(xp.zeros_like(out_of_order), places, out_of_order, len(x.shape) - 2)


class LdlFactorization(Primitive):
    """LAPACK's sytrf and hetrf; without a gradient, as in PyTorch."""

    __slots__ = ("hermitian",)
    nout = 3
    name = "ldl_factor"

    def __init__(self, hermitian: bool) -> None:
        self.hermitian = hermitian

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.ldl_factor(x, self.hermitian)


class LdlSolve(Primitive):
    __slots__ = ("hermitian",)

    def __init__(self, hermitian: bool) -> None:
        self.hermitian = hermitian

    def forward(self, xp: Any, packed: Any, pivots: Any, b: Any) -> Any:
        return xp.ldl_solve(packed, pivots, b, self.hermitian)


def factored(name: str, a: Any, pivot: bool) -> tuple[Any, Any, Any]:
    return applyn(Factor(bool(pivot)), (matrices(name, a),))


@autocasts("lu_factor")
def lu_factor(A: Tensor, *, pivot: bool = True, out: Any = None) -> tuple[Tensor, Tensor]:
    """A = P L U packed: L below U, without its diagonal of ones, and the interchanges of rows, for `lu_solve`.

    A: (..., m, n) -> LU (..., m, n), pivots (..., min(m, n)), int32: row i was interchanged with row pivots[i] - 1.
    pivot=False: no interchanges; unlike torch on the CPU too. Waits for a GPU. Raises LinAlgError where U has a zero on
    its diagonal, DtypeError unless float32, float64 or complex.

    >>> import gputensor as gt
    >>> gt.linalg.lu_factor(gt.tensor([[1.0, 2.0], [2.0, 2.0]]))
    gputensor.return_types.linalg_lu_factor(
    LU=tensor([[2.0000, 2.0000],
            [0.5000, 1.0000]]),
    pivots=tensor([2, 2], dtype=gputensor.int32))
    """
    packed, pivots, info = factored("linalg.lu_factor", A, pivot)
    check_info("linalg.lu_factor", info, ZERO_PIVOT, ZERO_REPAIR)
    result = LuFactor(packed, pivots)
    return result if out is None else into_each("linalg.lu_factor", out, result, exact=True)


@autocasts("lu_factor_ex")
def lu_factor_ex(
    A: Tensor, *, pivot: bool = True, check_errors: bool = False, out: Any = None
) -> tuple[Tensor, Tensor, Tensor]:
    """`lu_factor`, and an int32 info of the leading dims: 0, or which element of U's diagonal is zero.

    >>> import gputensor as gt
    >>> gt.linalg.lu_factor_ex(gt.zeros(2, 2)).info
    tensor(1, dtype=gputensor.int32)
    """
    packed, pivots, info = factored("linalg.lu_factor_ex", A, pivot)
    if check_errors:
        check_info("linalg.lu_factor_ex", info, ZERO_PIVOT, ZERO_REPAIR)
    result = LuFactorEx(packed, pivots, info)
    return result if out is None else into_each("linalg.lu_factor_ex", out, result, exact=True)


def linalg_lu(A: Tensor, *, pivot: bool = True, out: Any = None) -> tuple[Tensor, Tensor, Tensor]:
    """The permutation P, the lower triangle L with ones on its diagonal, and the upper triangle U with A = P L U.

    A: (..., m, n) -> (..., m, m), (..., m, k), (..., k, n), k = min(m, n). pivot=False: P is empty, A = L U; unlike
    torch on the CPU too. Raises DtypeError unless float32, float64 or complex.
    Unlike torch: pivot=False works on the CPU, too.

    >>> import gputensor as gt
    >>> P, L, U = gt.linalg.lu(gt.tensor([[1.0, 2.0], [2.0, 2.0]]))
    >>> P @ L @ U
    tensor([[1., 2.],
            [2., 2.]])
    """
    packed, pivots, _ = factored("linalg.lu", A, pivot)
    permutation = _permutation(_order(packed, pivots), packed) if pivot else _nothing(packed)
    result = Lu(permutation, *_triangles(packed))
    return result if out is None else into_each("linalg.lu", out, result, exact=True)


@autocasts("lu")
def lu(A: Tensor, pivot: bool = True, get_infos: bool = False, out: Any = None) -> tuple[Tensor, ...]:
    """`gputensor.linalg.lu_factor_ex` as a plain tuple: LU, pivots and, with get_infos, info.

    PyTorch's old form; prefer `gputensor.linalg.lu_factor`.

    >>> import gputensor as gt
    >>> LU, pivots = gt.lu(gt.tensor([[1.0, 2.0], [2.0, 2.0]]))
    >>> pivots
    tensor([2, 2], dtype=gputensor.int32)
    """
    packed, pivots, info = factored("lu", A, pivot)
    result = (packed, pivots, info) if get_infos else (packed, pivots)
    return result if out is None else into_each("lu", out, result)


def _triangles(packed: Any) -> tuple[Any, Any]:
    m, n = packed.array.shape[-2:]
    k = min(m, n)
    lower = getitem(packed, (Ellipsis, slice(None), slice(0, k)))
    corner = identity_like(packed, m)
    ones = getitem(corner, (Ellipsis, slice(None), slice(0, k)))
    return tril(lower, -1) + ones, triu(getitem(packed, (Ellipsis, slice(0, k), slice(None))))


def _permutation(order: Any, like: Any) -> Any:
    """P with P[order[i], i] = 1."""
    xp, n = like.xp, order.array.shape[-1]
    places = xp.reshape(xp.arange(0, n, 1, order.array.dtype), (n, 1))
    found = xp.equal(places, xp.reshape(order.array, (*order.array.shape[:-1], 1, n)))
    return wrap(xp.astype(found, like.array.dtype), xp)


def _nothing(like: Any) -> Any:
    return wrap(like.xp.zeros((0,), like.array.dtype), like.xp)


def _check_pivots(name: str, packed: Any, pivots: Any) -> None:
    if getattr(pivots, "array", None) is None or pivots.array.dtype.name != "int32":
        raise DtypeError(f"{name}: the pivots must be an int32 tensor, as lu_factor gives them")
    shape, have = tuple(packed.array.shape), tuple(pivots.array.shape)
    if have != (*shape[:-2], min(shape[-2:])):
        raise ShapeError(f"{name}: factors of shape {shape} and pivots of shape {have} do not belong together")


def _order(packed: Any, pivots: Any) -> Any:
    return wrap(packed.xp.row_order(pivots.array, packed.array.shape[-2]), packed.xp)


def lu_unpack(
    LU_data: Tensor, LU_pivots: Tensor, unpack_data: bool = True, unpack_pivots: bool = True, *, out: Any = None
) -> tuple[Tensor, Tensor, Tensor]:
    """P, L and U of what `lu_factor` gave; empty tensors for what is not asked for.

    Raises ShapeError where data and pivots do not belong together, DtypeError unless the pivots are int32.

    >>> import gputensor as gt
    >>> P, L, U = gt.lu_unpack(*gt.linalg.lu_factor(gt.tensor([[1.0, 2.0], [2.0, 2.0]])))
    >>> L
    tensor([[1.0000, 0.0000],
            [0.5000, 1.0000]])
    """
    packed = matrices("lu_unpack", LU_data, "LU_data")
    _check_pivots("lu_unpack", packed, LU_pivots)
    packed, LU_pivots = beside("lu_unpack", packed, LU_pivots)
    order = _order(packed, LU_pivots)
    p = _permutation(order, packed) if unpack_pivots else _nothing(packed)
    triangles = _triangles(packed) if unpack_data else (_nothing(packed), _nothing(packed))
    result = LuUnpack(p, *triangles)
    return result if out is None else into_each("lu_unpack", out, result, exact=True)


def linalg_lu_solve(
    LU: Tensor, pivots: Tensor, B: Tensor, *, left: bool = True, adjoint: bool = False, out: Tensor | None = None
) -> Tensor:
    """The X with A X = B, or with left=False X A = B, where `lu_factor` gave LU and pivots of A.

    B: (..., n, k), with left=False (..., k, n); leading dims broadcast. adjoint: with Aᴴ in A's place. Raises
    ShapeError for sizes that do not fit, DtypeError unless both are float32, float64 or complex alike.

    >>> import gputensor as gt
    >>> LU, pivots = gt.linalg.lu_factor(gt.tensor([[0.0, 2.0], [4.0, 0.0]]))
    >>> gt.linalg.lu_solve(LU, pivots, gt.tensor([[2.0], [4.0]]))
    tensor([[1.],
            [1.]])
    """
    name = "linalg.lu_solve"
    square(name, LU, "LU")
    matrices(name, B, "B")
    same_dtype(name, LU, B, ("LU", "B"))
    if B.array.shape[-2 if left else -1] != LU.array.shape[-1]:
        raise ShapeError(
            f"{name}: LU of shape {tuple(LU.array.shape)} and B of shape {tuple(B.array.shape)} do not fit: B must "
            f"have {LU.array.shape[-1]} {'rows' if left else 'columns'}"
        )
    _check_pivots(name, LU, pivots)
    LU, pivots, B = beside(name, LU, pivots, B)
    order = _order(LU, pivots)
    if not left:  # X A = B is A^H X^H = B^H
        x = mH(_lu_solved(name, LU, order, mH(B), not adjoint))
    else:
        x = _lu_solved(name, LU, order, B, bool(adjoint))
    return x if out is None else into(name, out, x, exact=True)


def _lu_solved(name: str, packed: Any, order: Any, b: Any, turned: bool) -> Any:
    """x with a x = b, or with turned a^H x = b."""
    n = packed.array.shape[-1]
    a, b = common_batch(name, packed, b)
    xp, k = b.xp, b.array.shape[-1]
    places = order.array if not turned else xp.argsort(order.array, order.array.ndim - 1, False)
    places = xp.broadcast_to(xp.reshape(places, (*order.array.shape, 1)), (*order.array.shape, k))
    index = wrap(xp.copy(xp.broadcast_to(places, (*b.array.shape[:-2], n, k)), "C"), xp)
    if not turned:
        return triangular(a, triangular(a, gather(b, -2, index), False, unit=True), True)
    half = triangular(mH(a), triangular(mH(a), b, False), True, unit=True)
    return gather(half, -2, index)


@autocasts("lu_solve")
def lu_solve(input: Tensor, LU_data: Tensor, LU_pivots: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`gputensor.linalg.lu_solve` with its arguments in another order.

    >>> import gputensor as gt
    >>> gt.lu_solve(gt.tensor([[6.0]]), *gt.linalg.lu_factor(gt.tensor([[2.0]])))
    tensor([[3.]])
    """
    return linalg_lu_solve(LU_data, LU_pivots, input, out=out)


def _ldl(name: str, a: Any, hermitian: bool) -> tuple[Any, Any, Any]:
    return constant(LdlFactorization(bool(hermitian)), (square(name, a),))


def ldl_factor(input: Tensor, *, hermitian: bool = False, out: Any = None) -> tuple[Tensor, Tensor]:
    """A = L D Lᵀ, with hermitian A = L D Lᴴ, packed as LAPACK does: symmetric matrices that need not be definite.

    input (A): (..., n, n), of which the lower triangle is read -> LD (..., n, n), pivots (..., n), int32, for
    `ldl_solve`: D has blocks of one or two. Without a gradient, as in PyTorch; computed on the CPU, for CuPy lacks it.
    Raises LinAlgError where D is singular, ShapeError unless square, DtypeError unless float32, float64 or complex.
    Source: Bunch and Kaufman 1977, Math. Comp. 31.

    >>> import gputensor as gt
    >>> gt.linalg.ldl_factor(gt.tensor([[2.0, 0.0], [2.0, 3.0]])).LD
    tensor([[2., 0.],
            [1., 1.]])
    """
    packed, pivots, info = _ldl("linalg.ldl_factor", input, hermitian)
    check_info("linalg.ldl_factor", info, ZERO_BLOCK, "gputensor.linalg.ldl_factor_ex gives the factors all the same")
    result = LdlFactor(packed, pivots)
    return result if out is None else into_each("linalg.ldl_factor", out, result, exact=True)


def ldl_factor_ex(
    input: Tensor, *, hermitian: bool = False, check_errors: bool = False, out: Any = None
) -> tuple[Tensor, Tensor, Tensor]:
    """`ldl_factor`, and an int32 info of the leading dims: 0, or which element of D's diagonal is zero.

    >>> import gputensor as gt
    >>> gt.linalg.ldl_factor_ex(gt.eye(2)).info
    tensor(0, dtype=gputensor.int32)
    """
    packed, pivots, info = _ldl("linalg.ldl_factor_ex", input, hermitian)
    if check_errors:
        check_info("linalg.ldl_factor_ex", info, ZERO_BLOCK, "leave check_errors away to get the factors all the same")
    result = LdlFactorEx(packed, pivots, info)
    return result if out is None else into_each("linalg.ldl_factor_ex", out, result, exact=True)


def ldl_solve(LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False, out: Tensor | None = None) -> Tensor:
    """The X with A X = B, where `ldl_factor` gave LD and pivots of A. B: (..., n, k); leading dims broadcast.

    Without a gradient, as in PyTorch. Raises ShapeError for sizes that do not fit, DtypeError unless both are float32,
    float64 or complex alike.

    >>> import gputensor as gt
    >>> LD, pivots = gt.linalg.ldl_factor(gt.tensor([[2.0, 0.0], [2.0, 3.0]]))
    >>> gt.linalg.ldl_solve(LD, pivots, gt.tensor([[4.0], [5.0]]))
    tensor([[1.],
            [1.]])
    """
    name = "linalg.ldl_solve"
    square(name, LD, "LD")
    matrices(name, B, "B")
    same_dtype(name, LD, B, ("LD", "B"))
    _check_pivots(name, LD, pivots)
    if B.array.shape[-2] != LD.array.shape[-1]:
        raise ShapeError(f"{name}: B must have as many rows as LD, got {tuple(B.array.shape)}, {tuple(LD.array.shape)}")
    LD, pivots, B = beside(name, LD, pivots, B)
    packed, right = common_batch(name, LD, B)
    lead, n = right.array.shape[:-2], LD.array.shape[-1]
    swaps = wrap(LD.xp.broadcast_to(pivots.array, (*lead, n)), LD.xp)
    x = constant(LdlSolve(bool(hermitian)), (packed, swaps, right))
    return x if out is None else into(name, out, x, exact=True)


class TriangularFactorMethods:
    """The LU factorizations of a tensor."""

    __slots__ = ()

    def lu(self, pivot: bool = True, get_infos: bool = False) -> tuple[Tensor, ...]:
        """See `gputensor.lu`."""
        return lu(self, pivot, get_infos)  # type: ignore[arg-type]

    def lu_solve(self, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
        """See `gputensor.lu_solve`."""
        return lu_solve(self, LU_data, LU_pivots)  # type: ignore[arg-type]
