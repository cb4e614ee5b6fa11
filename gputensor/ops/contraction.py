"""Sums of products over named or numbered dims: einsum and tensordot, as permutations, reshapes and matrix products."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import cast, operand
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import remedy
from gputensor.errors import ShapeError
from gputensor.ops.arithmetic import mul
from gputensor.ops.axes import permute
from gputensor.ops.diagonals import diagonal
from gputensor.ops.dims import checked, one_dim, one_int
from gputensor.ops.linalg import matmul
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import sum as sum_of
from gputensor.ops.shape import reshape

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

# a dim's name: 0 to 51 are the letters A to Z, a to z; the dims of an ellipsis are negative, the last of them -1
Label = int
Labels = tuple[Label, ...]
Shape = tuple[int, ...]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@autocasts("einsum")
def einsum(equation: Any, *operands: Any) -> Tensor:
    """Sums of products of the operands' elements, by Einstein's convention.

    equation: a letter for each dim of each operand, the operands parted by commas, and after ``->`` the letters of the
    result; what is missing there is summed over. Without ``->`` the letters that come once make the result, in
    alphabetic order. ``...`` stands for dims that broadcast. A letter that comes twice in one operand takes the
    diagonal. Dims of size 1 broadcast. The other form is ``einsum(op1, [0, 1], op2, [1, 2], [0, 2])`` with numbers for
    letters. Several operands are multiplied pairwise, the pair whose result is smallest first. Raises ShapeError for
    malformed equations and sizes that do not match. Unlike torch: operands of different dtypes promote, and NumPy
    arrays are taken.

    >>> import gputensor as gt
    >>> gt.einsum("ij,jk->ik", gt.ones(2, 3), gt.ones(3, 2))
    tensor([[3., 3.],
            [3., 3.]])
    >>> gt.einsum("ii", gt.eye(3))
    tensor(3.)
    """
    inputs: tuple[str, ...] | tuple[tuple[Any, ...], ...]
    output: str | tuple[Any, ...] | None
    if isinstance(equation, str):
        xs = tuple(operands[0]) if len(operands) == 1 and isinstance(operands[0], (tuple, list)) else operands
        if not xs:
            raise ShapeError("einsum: expected an equation and at least one operand")
        inputs, output = _cut(equation)
    else:
        inputs, output, xs = _from_sublists((equation, *operands))
    xs = tuple([_tensor(x) for x in xs])
    for k, x in enumerate(xs):
        if not hasattr(x, "array"):
            raise TypeError(f"einsum: operand {k} must be a Tensor, got {type(x).__name__}; {remedy(x)}")
    if len(inputs) != len(xs):
        raise ShapeError(f"einsum: the equation {_shown(inputs, output)} is for {len(inputs)} operands, got {len(xs)}")
    ndims = tuple([x.array.ndim for x in xs])
    labels, out = _parsed(inputs, output, ndims)
    terms = [_without_repeats(k, x, names) for k, (x, names) in enumerate(zip(xs, labels, strict=True))]
    _check_sizes(terms)
    return _contracted(terms, out)


def _tensor(x: Any) -> Any:
    """An array as a tensor: a sum of several products may meet two arrays first."""
    return operand(x, x) if isinstance(x, np.ndarray) and not isinstance(x, np.ma.MaskedArray) else x


@autocasts("tensordot")
def tensordot(a: Tensor, b: Tensor, dims: Any = 2, out: Tensor | None = None, *, axes: Any = None) -> Tensor:
    """Sums of products over several dims at once.

    dims: how many last dims of a meet the first ones of b, or two lists: the dims of a and those of b that meet. The
    result has the other dims of a, then those of b. Dims of size 1 broadcast. axes: NumPy's name of dims. Raises
    ShapeError for lists of different lengths, a dim named twice and sizes that do not match, DimError (an IndexError)
    for a dim out of range. Unlike torch: operands of different dtypes promote, and NumPy arrays are taken.

    >>> import gputensor as gt
    >>> gt.tensordot(gt.ones(2, 3, 4), gt.ones(3, 4, 5), 2).shape
    gputensor.Size([2, 5])
    """
    a, b = _tensor(a), _tensor(b)
    shape_a, shape_b = checked("tensordot", a).array.shape, checked("tensordot", b).array.shape
    if axes is not None:
        dims = axes
    if hasattr(dims, "array"):
        dims = dims.tolist()
    if isinstance(dims, (tuple, list)):
        if len(dims) != 2:
            raise ShapeError(f"tensordot: dims must be an int or two lists of dims, got {dims!r}")
        given = [tuple(d) if isinstance(d, (tuple, list)) else (d,) for d in dims]
        froms = [one_dim("tensordot", d, len(shape_a), shape_a) for d in given[0]]
        tos = [one_dim("tensordot", d, len(shape_b), shape_b) for d in given[1]]
    else:
        n = one_int("tensordot", "dims", dims)
        if not 0 <= n <= min(len(shape_a), len(shape_b)):
            raise ShapeError(
                f"tensordot: dims must lie between 0 and the number of dims, got {n} for shapes "
                f"{tuple(shape_a)} and {tuple(shape_b)}"
            )
        froms, tos = list(range(len(shape_a) - n, len(shape_a))), list(range(n))
    if len(froms) != len(tos):
        raise ShapeError(f"tensordot: both lists of dims must have the same length, got {froms} and {tos}")
    if len(set(froms)) != len(froms) or len(set(tos)) != len(tos):
        raise ShapeError(f"tensordot: no dim may be named twice, got {froms} and {tos}")
    for i, j in zip(froms, tos, strict=True):
        if shape_a[i] != shape_b[j] and 1 not in (shape_a[i], shape_b[j]):
            raise ShapeError(
                f"tensordot: dim {i} of shape {tuple(shape_a)} and dim {j} of shape {tuple(shape_b)} must "
                "have the same size"
            )
    names_a = list(range(len(shape_a)))
    names_b = list(range(len(shape_a), len(shape_a) + len(shape_b)))
    for i, j in zip(froms, tos, strict=True):
        names_b[j] = names_a[i]
    kept = [k for i, k in enumerate(names_a) if i not in froms] + [k for j, k in enumerate(names_b) if j not in tos]
    result = _contracted([(a, tuple(names_a)), (b, tuple(names_b))], tuple(kept))
    if a.array.dtype == b.array.dtype and a.array.dtype.kind in "iu":
        result = cast(result, a.array.dtype)  # integers that are summed beforehand are int64
    return result if out is None else into("tensordot", out, result, exact=True)


# ---------------------------------------------------------------- reading equations


@functools.lru_cache(maxsize=1024)
def _cut(equation: str) -> tuple[tuple[str, ...], str | None]:
    """The operands' letters and the result's, without spaces."""
    text = equation.replace(" ", "")
    left, arrow, right = text.partition("->")
    for part in (left.replace(",", ""), right):
        for letter in part.replace("...", ""):
            if letter not in _LETTERS:
                what = "a part of no '...'" if letter == "." else "no letter from a to z or A to Z"
                raise ShapeError(f"einsum: {letter!r} in the equation {equation!r} is {what}")
    return tuple(left.split(",")), right if arrow else None


def _from_sublists(
    given: tuple[Any, ...],
) -> tuple[tuple[tuple[Any, ...], ...], tuple[Any, ...] | None, tuple[Any, ...]]:
    """``(op1, [0, 1], op2, [1, 2], [0, 2])`` as labels of the operands, of the result, and the operands."""
    if not hasattr(given[0], "array"):
        raise TypeError(f"einsum: expected an equation (a string) or a Tensor first, got {type(given[0]).__name__}")
    output = None
    if len(given) % 2:
        output, given = given[-1], given[:-1]
    xs, lists = given[0::2], given[1::2]
    for part in (*lists, *(() if output is None else (output,))):
        if not isinstance(part, (tuple, list)):
            raise TypeError(
                f"einsum: every operand must be followed by the list of its dims' numbers, got {type(part).__name__}"
            )
        for k in part:
            if k is not Ellipsis and not 0 <= operator.index(k) < len(_LETTERS):
                raise ShapeError(f"einsum: the numbers of dims must lie between 0 and {len(_LETTERS) - 1}, got {k}")
    return tuple(map(tuple, lists)), None if output is None else tuple(output), xs


@functools.lru_cache(maxsize=1024)
def _parsed(inputs: Any, output: Any, ndims: tuple[int, ...]) -> tuple[tuple[Labels, ...], Labels]:
    """Labels of the operands' dims and of the result's. Equations repeat from step to step, so the answer is kept."""
    lists = [_tokens(part) for part in inputs]
    widths = []
    for k, (part, ndim) in enumerate(zip(lists, ndims, strict=True)):
        named = len(part) - part.count(Ellipsis)
        if part.count(Ellipsis) > 1:
            raise ShapeError(f"einsum: operand {k} has more than one '...' in {_shown(inputs, output)}")
        if named > ndim or (named < ndim and Ellipsis not in part):
            raise ShapeError(
                f"einsum: {_shown(inputs, output)} names {named} dims of operand {k}, which has {ndim}; name "
                "them all, or use '...'"
            )
        widths.append(ndim - named if Ellipsis in part else 0)
    most = max(widths, default=0)
    labels = tuple([_labels(part, width) for part, width in zip(lists, widths, strict=True)])
    everywhere = [name for part in labels for name in part]
    ellipsis = tuple(range(-most, 0))
    if output is None:
        once = sorted({name for name in everywhere if name >= 0 and everywhere.count(name) == 1})
        return labels, (*ellipsis, *once)
    wanted = _tokens(output)
    if wanted.count(Ellipsis) > 1:
        raise ShapeError(f"einsum: the result has more than one '...' in {_shown(inputs, output)}")
    out = _labels(wanted, most)
    for name in out:
        if out.count(name) > 1:
            raise ShapeError(f"einsum: {_LETTERS[name]!r} comes twice in the result of {_shown(inputs, output)}")
        if name not in everywhere:
            raise ShapeError(
                f"einsum: {_LETTERS[name]!r} of the result comes in no operand of {_shown(inputs, output)}"
            )
    return labels, out


def _tokens(part: Any) -> tuple[Any, ...]:
    if not isinstance(part, str):
        return tuple(part)
    out: list[Any] = []
    rest = part
    while rest:
        if rest.startswith("..."):
            out.append(Ellipsis)
            rest = rest[3:]
        else:
            out.append(_LETTERS.index(rest[0]))
            rest = rest[1:]
    return tuple(out)


def _labels(part: Sequence[Any], width: int) -> Labels:
    """With the dims of the ellipsis in its place."""
    return tuple([name for k in part for name in (range(-width, 0) if k is Ellipsis else (k,))])


def _shown(inputs: Any, output: Any) -> str:
    if inputs and isinstance(inputs[0], str):
        return repr(",".join(inputs) + ("" if output is None else "->" + output))
    return f"{[list(part) for part in inputs]}" + ("" if output is None else f" -> {list(output)}")


# ---------------------------------------------------------------- computing


Term = tuple[Any, Labels]


def _without_repeats(number: int, x: Any, names: Labels) -> Term:
    """An operand with the diagonal in place of every label that it has twice."""
    if len(set(names)) == len(names):
        return x, names
    left = list(names)
    for name in dict.fromkeys(names):
        while left.count(name) > 1:
            i = left.index(name)
            j = left.index(name, i + 1)
            shape = x.array.shape
            if shape[i] != shape[j]:
                raise ShapeError(
                    f"einsum: {_name(name)} comes twice in operand {number}, but its dims {i} and {j} have "
                    f"sizes {shape[i]} and {shape[j]}"
                )
            x = diagonal(x, 0, i, j)
            left = [k for at, k in enumerate(left) if at not in (i, j)] + [name]
    return x, tuple(left)


def _check_sizes(terms: Sequence[Term]) -> None:
    seen: dict[Label, int] = {}
    for number, (x, names) in enumerate(terms):
        for name, n in zip(names, x.array.shape, strict=True):
            have = seen.setdefault(name, n)
            if n != have and 1 not in (n, have):
                raise ShapeError(
                    f"einsum: {_name(name)} has size {n} in operand {number}, but {have} in one before; sizes "
                    "must be equal or 1"
                )
            if have == 1:
                seen[name] = n


def _name(name: Label) -> str:
    return repr(_LETTERS[name]) if name >= 0 else f"dim {name} of '...'"


def _contracted(terms: Sequence[Term], out: Labels) -> Any:
    """The product of all terms, summed over every label that is not in `out`."""
    rest = list(terms)
    while len(rest) > 1:
        i, j = (0, 1) if len(rest) == 2 else _cheapest(rest, out)
        right, left = rest.pop(j), rest.pop(i)
        keep = set(out).union(*[names for _, names in rest])
        rest.append(_pair(left, right, keep))
    x, names = _summed(rest[0], set(out))
    order = tuple([names.index(name) for name in out])
    return permute(x, order) if order != tuple(range(len(order))) else x


def _cheapest(terms: Sequence[Term], out: Labels) -> tuple[int, int]:
    """The pair whose product is smallest beside what it replaces: greedy, as opt_einsum's default for many operands."""
    best: tuple[float, int, int, int] | None = None
    sizes: dict[Label, int] = {}
    for x, names in terms:
        for name, n in zip(names, x.array.shape, strict=True):
            sizes[name] = max(n, sizes.get(name, 1))
    for i in range(len(terms)):
        for j in range(i + 1, len(terms)):
            keep = set(out).union(*[names for k, (_, names) in enumerate(terms) if k not in (i, j)])
            joint = set(terms[i][1]) | set(terms[j][1])
            product = math.prod([sizes[name] for name in joint & keep])
            before = terms[i][0].array.size + terms[j][0].array.size
            cost = (product - before, math.prod([sizes[name] for name in joint]), i, j)
            best = cost if best is None else min(best, cost)
    assert best is not None, "at least two terms are given"
    return best[2], best[3]


def _summed(term: Term, keep: Iterable[Label]) -> Term:
    """A term summed over its labels that nobody needs any more."""
    x, names = term
    gone = tuple([k for k, name in enumerate(names) if name not in keep])
    if not gone:
        return term
    return sum_of(x, gone), tuple([name for name in names if name in keep])


@dataclass(frozen=True)
class _Side:
    """What is done to one operand of a pair before they are multiplied, in this order; None where nothing is to do."""

    squeezed: tuple[int, ...] | None
    summed: tuple[int, ...] | None
    order: tuple[int, ...] | None
    shape: tuple[int, ...]


@dataclass(frozen=True)
class _Pair:
    """How two terms are multiplied: as matrices, or element by element where nothing is summed."""

    left: _Side
    right: _Side
    matrices: bool
    shape: tuple[int, ...]
    names: Labels


def _pair(left: Term, right: Term, keep: set[Label]) -> Term:
    """The product of two terms, summed over the labels that are in none of the others nor in the result."""
    plan = _planned(left[1], tuple(left[0].array.shape), right[1], tuple(right[0].array.shape), frozenset(keep))
    x, y = _prepared(left[0], plan.left), _prepared(right[0], plan.right)
    return _as(matmul(x, y) if plan.matrices else mul(x, y), plan.shape), plan.names


@functools.lru_cache(maxsize=4096)
def _planned(names_x: Labels, shape_x: Shape, names_y: Labels, shape_y: Shape, keep: frozenset[Label]) -> _Pair:
    """The plan of a pair. Equations and shapes repeat from step to step, so it is kept."""
    sizes_x, sizes_y = dict(zip(names_x, shape_x, strict=True)), dict(zip(names_y, shape_y, strict=True))
    # a dim of size 1 that broadcasts against the other's is as good as none
    stay_x = [name for name in names_x if sizes_x[name] != 1 or sizes_y.get(name, 1) == 1]
    stay_y = [name for name in names_y if sizes_y[name] != 1 or sizes_x.get(name, 1) == 1]
    # what neither the other nor anybody else has is summed first
    left = [name for name in stay_x if name in keep or name in stay_y]
    right = [name for name in stay_y if name in keep or name in stay_x]
    shared = [name for name in left if name in right]
    batch = [name for name in shared if name in keep]
    inner = [name for name in shared if name not in keep]
    rows = [name for name in left if name not in shared]
    columns = [name for name in right if name not in shared]
    sizes = sizes_y | {name: sizes_x[name] for name in left}
    b, n, k, m = [tuple([sizes[name] for name in group]) for group in (batch, rows, inner, columns)]
    if inner:
        lead = (math.prod(b),) if batch else ()
        shape_left = (*lead, math.prod(n), math.prod(k))
        shape_right = (*lead, math.prod(k), math.prod(m))
    else:
        shape_left, shape_right = (*b, *n, *[1] * len(m)), (*b, *[1] * len(n), *m)
    return _Pair(
        _side(names_x, sizes_x, stay_x, left, (*batch, *rows, *inner), shape_left),
        _side(names_y, sizes_y, stay_y, right, (*batch, *inner, *columns), shape_right),
        bool(inner),
        (*b, *n, *m),
        (*batch, *rows, *columns),
    )


def _side(
    names: Labels, sizes: dict[Label, int], stay: list[Label], left: list[Label], order: Labels, shape: Shape
) -> _Side:
    squeezed = None if len(stay) == len(names) else tuple([sizes[name] for name in stay])
    gone = tuple([k for k, name in enumerate(stay) if name not in left])
    axes = tuple([left.index(name) for name in order])
    return _Side(squeezed, gone or None, None if axes == tuple(range(len(axes))) else axes, shape)


def _prepared(x: Any, side: _Side) -> Any:
    if side.squeezed is not None:
        x = reshape(x, side.squeezed)
    if side.summed is not None:
        x = sum_of(x, side.summed)
    if side.order is not None:
        x = permute(x, side.order)
    return _as(x, side.shape)


def _as(x: Any, shape: Shape) -> Any:
    return x if x.array.shape == shape else reshape(x, shape)
