"""Linear systems with square matrices: solve, inverses, triangular systems, and their tensor forms."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from gputensor.core.apply import applyn, wrap
from gputensor.core.autocasting import autocasts
from gputensor.core.linalg_return_types import (
    linalg_inv_ex as InvEx,
    linalg_solve_ex as SolveEx,
    triangular_solve as TriangularSolve,
)
from gputensor.core.primitive import Primitive
from gputensor.errors import ShapeError
from gputensor.ops.axes import movedim, transpose
from gputensor.ops.dims import array_of, one_dim, one_int, several
from gputensor.ops.matrix_arguments import check_info, common_batch, expanded, matrices, precise, same_dtype, square
from gputensor.ops.matrix_rules import adjoint, swapped
from gputensor.ops.out_argument import into, into_each
from gputensor.ops.shape import reshape, squeeze, unsqueeze

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

SINGULAR = "the matrix is singular: element {code} of U's diagonal is zero"
SINGULAR_REPAIR = "gputensor.linalg.pinv and lstsq take singular matrices"


class Solve(Primitive):
    """x with a x = b, and info: a primitive, because elimination is no composition of other words."""

    __slots__ = ()
    nout = 2
    saves = ("a", "out")

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return xp.solve(a, b)

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        gb = xp.solve(adjoint(xp, args[0]), g[0])[0]
        return [-xp.matmul(gb, adjoint(xp, out[0])), gb]


class SolveTriangular(Primitive):
    """x with a x = b for triangles a: substitution is no composition of other words."""

    __slots__ = ("unit", "upper")
    saves = ("a", "out")

    def __init__(self, upper: bool, unit: bool) -> None:
        self.upper = upper
        self.unit = unit

    def forward(self, xp: Any, a: Any, b: Any) -> Any:
        return xp.solve_triangular(a, b, self.upper, self.unit)

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        gb = xp.solve_triangular(swapped(xp, args[0]), g, not self.upper, self.unit)
        ga = -xp.matmul(gb, swapped(xp, out))
        return [xp.triu(ga, int(self.unit)) if self.upper else xp.tril(ga, -int(self.unit)), gb]


SOLVE = Solve()


def mT(x: Any) -> Any:
    """Matrices transposed, a view."""
    return transpose(x, -2, -1)


def mH(x: Any) -> Any:
    """Matrices transposed and conjugated."""
    return transpose(x, -2, -1).conj()


def identity_like(x: Any, n: int) -> Any:
    """The identity (n, n) in the dtype and on the device of x."""
    xp = x.xp
    return wrap(xp.tril(xp.triu(xp.ones((n, n), x.array.dtype), 0), 0), xp)


def triangular(a: Any, b: Any, upper: bool, left: bool = True, unit: bool = False) -> Any:
    """`solve_triangular` without checks, for matrices of one batch."""
    if left:
        return applyn(SolveTriangular(upper, unit), (a, b))
    return mT(applyn(SolveTriangular(not upper, unit), (mT(a), mT(b))))


def _solved(name: str, a: Any, b: Any, left: bool) -> tuple[Any, Any]:
    square(name, a)
    precise(name, b, "B")
    same_dtype(name, a, b)
    p, q = tuple(a.array.shape), tuple(b.array.shape)
    if not q:
        raise ShapeError(f"{name}: B must have at least 1 dim, got a 0-d tensor; use B.reshape(1)")
    vector = len(q) == 1 or (len(q) == len(p) - 1 and q == p[:-1])
    if vector:
        if q[-1] != p[-1]:
            raise ShapeError(
                f"{name}: A of shape {p} and the vector B of shape {q} do not fit: {p[-1]} and {q[-1]} rows"
            )
        b = unsqueeze(b, -1)
    elif q[-2 if left else -1] != p[-1]:
        raise ShapeError(
            f"{name}: A of shape {p} and B of shape {q} do not fit: B must have {p[-1]} {'rows' if left else 'columns'}"
        )
    if vector and not left:
        raise ShapeError(f"{name}: B of shape {q} is a vector, which has no left=False; give it as (..., 1, n)")
    if not left:
        a, b = mT(a), mT(b)
    x, info = _as_one(a, b) if len(p) == 2 < b.array.ndim else _batched(name, a, b)
    return (squeeze(x, -1) if vector else x if left else mT(x)), info


def _as_one(a: Any, b: Any) -> tuple[Any, Any]:
    """One matrix and a batch of right sides: one elimination, not one for each."""
    moved = movedim(b, -2, 0)
    n, *rest = moved.array.shape
    x, info = applyn(SOLVE, (a, reshape(moved, (n, math.prod(rest)))))
    return movedim(reshape(x, (n, *rest)), 0, -2), info


def _batched(name: str, a: Any, b: Any) -> tuple[Any, Any]:
    lead = tuple(a.array.shape[:-2])
    a, b = common_batch(name, a, b)
    x, info = applyn(SOLVE, (a, b))
    have = info.array.shape
    if lead == have:
        return x, info
    # info of the matrices as they were given: the first of those that are the same
    sizes = (1,) * (len(have) - len(lead)) + lead
    xp = info.xp
    if 0 in have and 0 not in lead:
        return x, wrap(xp.zeros(lead, info.array.dtype), xp)
    first = xp.getitem(info.array, tuple([slice(0, n) for n in sizes]))
    return x, wrap(xp.reshape(first, lead), xp)


@autocasts("solve")
def solve(A: Tensor, B: Tensor, *, left: bool = True, out: Tensor | None = None) -> Tensor:
    """The X with A X = B, or with left=False X A = B.

    A: (..., n, n); B: (..., n, k), or (..., n) for vectors, where B is 1-d or has A's shape without its last dim;
    leading dims broadcast. Returns X in the shape of B. float32, float64 and complex, both alike. By elimination with
    pivots, rather than ``inv(A) @ B``, which is slower and less precise. Waits for a GPU, to look for singular
    matrices. Raises LinAlgError naming the first singular matrix of a batch, ShapeError for sizes that do not fit,
    DtypeError for other dtypes. Source of the gradient: Giles 2008, An extended collection of matrix derivative
    results, 2.3.1.

    >>> import gputensor as gt
    >>> gt.linalg.solve(gt.tensor([[2.0, 0.0], [0.0, 4.0]]), gt.tensor([1.0, 1.0]))
    tensor([0.5000, 0.2500])
    """
    x, info = _solved("linalg.solve", A, B, left)
    check_info("linalg.solve", info, SINGULAR, SINGULAR_REPAIR)
    return x if out is None else into("linalg.solve", out, x, exact=True)


def solve_ex(
    A: Tensor, B: Tensor, *, left: bool = True, check_errors: bool = False, out: Any = None
) -> tuple[Tensor, Tensor]:
    """`solve`, and beside the result an int32 info of the leading dims: 0, or which pivot of that matrix is zero.

    Does not wait for a GPU. Where info is not 0, the result is meaningless. check_errors: raise as `solve` does.

    >>> import gputensor as gt
    >>> gt.linalg.solve_ex(gt.zeros(2, 2), gt.ones(2)).info
    tensor(1, dtype=gputensor.int32)
    """
    x, info = _solved("linalg.solve_ex", A, B, left)
    if check_errors:
        check_info("linalg.solve_ex", info, SINGULAR, SINGULAR_REPAIR)
    result = SolveEx(x, info)
    return result if out is None else into_each("linalg.solve_ex", out, result, exact=True)


def inverted(name: str, a: Any) -> tuple[Any, Any]:
    """The inverse and info."""
    square(name, a)
    shape = tuple(a.array.shape)
    return applyn(SOLVE, (a, expanded(identity_like(a, shape[-1]), shape[:-2])))


@autocasts("inv")
def inv(A: Tensor, *, out: Tensor | None = None) -> Tensor:
    """The inverses of square matrices (..., n, n).

    To solve a system, `solve` is quicker and more precise. Waits for a GPU. Raises LinAlgError naming the first
    singular matrix of a batch, ShapeError unless square, DtypeError unless float32, float64 or complex.

    >>> import gputensor as gt
    >>> gt.linalg.inv(gt.tensor([[2.0, 0.0], [0.0, 4.0]]))
    tensor([[0.5000, 0.0000],
            [0.0000, 0.2500]])
    """
    x, info = inverted("linalg.inv", A)
    check_info("linalg.inv", info, SINGULAR, SINGULAR_REPAIR)
    return x if out is None else into("linalg.inv", out, x, exact=True)


@autocasts("inverse")
def inverse(input: Tensor, *, out: Tensor | None = None) -> Tensor:
    """`gputensor.linalg.inv`.

    >>> import gputensor as gt
    >>> gt.inverse(gt.tensor([[2.0]]))
    tensor([[0.5000]])
    """
    return inv(input, out=out)


@autocasts("inv_ex")
def inv_ex(A: Tensor, *, check_errors: bool = False, out: Any = None) -> tuple[Tensor, Tensor]:
    """`inv`, and beside the inverse an int32 info of the leading dims: 0, or which pivot of that matrix is zero.

    >>> import gputensor as gt
    >>> gt.linalg.inv_ex(gt.eye(2)).info
    tensor(0, dtype=gputensor.int32)
    """
    x, info = inverted("linalg.inv_ex", A)
    if check_errors:
        check_info("linalg.inv_ex", info, SINGULAR, SINGULAR_REPAIR)
    result = InvEx(x, info)
    return result if out is None else into_each("linalg.inv_ex", out, result, exact=True)


def solve_triangular(
    input: Tensor, B: Tensor, *, upper: bool, left: bool = True, unitriangular: bool = False, out: Tensor | None = None
) -> Tensor:
    """The X with A X = B, or with left=False X A = B, for triangles A.

    input (A): (..., n, n), of which one triangle is read; B: (..., n, k), with left=False (..., k, n); leading dims
    broadcast. upper: which triangle. unitriangular: the diagonal counts as ones and is not read. A zero on the diagonal
    gives infinity or NaN. Raises ShapeError for sizes that do not fit, DtypeError unless both are float32, float64 or
    complex alike.
    Unlike torch: two dtypes are refused, where PyTorch takes the first.

    >>> import gputensor as gt
    >>> gt.linalg.solve_triangular(gt.tensor([[2.0, 9.0], [1.0, 1.0]]), gt.tensor([[2.0], [3.0]]), upper=False)
    tensor([[1.],
            [2.]])
    """
    name = "linalg.solve_triangular"
    square(name, input)
    matrices(name, B, "B")
    same_dtype(name, input, B)
    if B.array.shape[-2 if left else -1] != input.array.shape[-1]:
        raise ShapeError(
            f"{name}: A of shape {tuple(input.array.shape)} and B of shape {tuple(B.array.shape)} do not fit: B must "
            f"have {input.array.shape[-1]} {'rows' if left else 'columns'}"
        )
    a, b = common_batch(name, input, B)
    x = triangular(a, b, bool(upper), bool(left), bool(unitriangular))
    return x if out is None else into(name, out, x, exact=True)


@autocasts("triangular_solve")
def triangular_solve(
    input: Tensor,
    A: Tensor,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
    *,
    out: Any = None,
) -> tuple[Tensor, Tensor]:
    """The X with A X = input, or with transpose Aᵀ X = input, for triangles A, and a copy of A.

    PyTorch's old form; prefer `gputensor.linalg.solve_triangular`, which says the shapes and errors.

    >>> import gputensor as gt
    >>> gt.triangular_solve(gt.tensor([[4.0]]), gt.tensor([[2.0]])).solution
    tensor([[2.]])
    """
    a = square("triangular_solve", A)
    a, right = common_batch("triangular_solve", a, matrices("triangular_solve", input, "input"))
    turned = mT(a) if transpose else a
    x = solve_triangular(turned, right, upper=bool(upper) != bool(transpose), unitriangular=unitriangular)
    result = TriangularSolve(x, a.clone())
    return result if out is None else into_each("triangular_solve", out, result, exact=True)


@autocasts("tensorinv")
def tensorinv(input: Tensor, ind: int = 2, *, out: Tensor | None = None) -> Tensor:
    """The inverse of `tensordot` by A: tensordot(tensorinv(A, ind), tensordot(A, x, x.ndim), ind) is x.

    input (A): its first ind dims have as many elements together as the others. Returns the others first. Raises
    ShapeError where they have not, and as `inv`.

    >>> import gputensor as gt
    >>> gt.linalg.tensorinv(gt.eye(6).reshape(2, 3, 6), 2).shape
    gputensor.Size([6, 2, 3])
    """
    name = "linalg.tensorinv"
    shape = tuple(precise(name, input).array.shape)
    k = one_int(name, "ind", ind)
    if not 0 < k <= len(shape):
        raise ShapeError(f"{name}: ind must lie between 1 and the number of dims, got {k} for shape {shape}")
    front, back = shape[:k], shape[k:]
    if math.prod(front) != math.prod(back):
        raise ShapeError(
            f"{name}: the first {k} dims of A of shape {shape} must have as many elements as the others, got "
            f"{math.prod(front)} and {math.prod(back)}"
        )
    x = reshape(inv(reshape(input, (math.prod(front), math.prod(back)))), (*back, *front))
    return x if out is None else into(name, out, x)


@autocasts("tensorsolve")
def tensorsolve(input: Tensor, other: Tensor, dims: Any = None, *, out: Tensor | None = None) -> Tensor:
    """The X with tensordot(A, X, X.ndim) = B.

    input (A): the shape of B, then the shape of X, with as many elements both; dims: dims of A to move to its end
    first. Raises ShapeError where the sizes do not fit, and as `solve`.

    >>> import gputensor as gt
    >>> gt.linalg.tensorsolve(gt.eye(6).reshape(2, 3, 6), gt.ones(2, 3)).shape
    gputensor.Size([6])
    """
    name = "linalg.tensorsolve"
    precise(name, input)
    precise(name, other, "B")
    if dims is not None:
        n = input.array.ndim
        moved = [
            one_dim(name, d, n, input.array.shape)
            for d in ((dims,) if isinstance(dims, int) else several(name, "dims", dims))
        ]
        input = movedim(input, moved, list(range(n - len(moved), n)))
    count, rest = math.prod(other.array.shape), tuple(input.array.shape[other.array.ndim :])
    if math.prod(rest) != count or math.prod(array_of(name, input).shape) != count * count:
        raise ShapeError(
            f"{name}: A of shape {tuple(input.array.shape)} must have the {count} elements of B of shape "
            f"{tuple(other.array.shape)} twice: in its first dims and in the others"
        )
    x = reshape(solve(reshape(input, (count, count)), reshape(other, (count,))), rest)
    return x if out is None else into(name, out, x)


class SolvingMethods:
    """The systems that a tensor takes part in."""

    __slots__ = ()

    def inverse(self) -> Tensor:
        """See `gputensor.inverse`."""
        return inverse(self)  # type: ignore[arg-type]

    def triangular_solve(
        self, A: Tensor, upper: bool = True, transpose: bool = False, unitriangular: bool = False
    ) -> tuple[Tensor, Tensor]:
        """See `gputensor.triangular_solve`."""
        return triangular_solve(self, A, upper, transpose, unitriangular)  # type: ignore[arg-type]
