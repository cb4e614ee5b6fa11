"""Products of matrices and vectors added to a tensor: beta * input + alpha * product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.autocasting import autocasts
from gputensor.core.dtypes import dtype
from gputensor.core.writes import assign
from gputensor.errors import ShapeError
from gputensor.ops.dims import checked
from gputensor.ops.linalg import bmm, mm, mv, outer
from gputensor.ops.number_first import factors_first
from gputensor.ops.out_argument import into
from gputensor.ops.reduction import sum as sum_of

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Number = bool | int | float | complex


@autocasts("addmm")
def addmm(
    input: Tensor,
    mat1: Tensor,
    mat2: Tensor,
    *old: Any,
    beta: Number = 1,
    alpha: Number = 1,
    out_dtype: Any = None,
    out: Tensor | None = None,
) -> Tensor:
    """beta * input + alpha * (mat1 @ mat2), for (n, k) @ (k, m) and an input that broadcasts to (n, m).

    With beta=0 input is not looked at. beta and alpha are cut to ints for integers. Raises ShapeError for other dims,
    where the inner sizes differ, and where input does not broadcast. out_dtype: that of the product, as of `mm`; it may
    follow mat2.
    Unlike torch: operands of different dtypes promote, and out_dtype works on the CPU.

    >>> import gputensor as gt
    >>> gt.addmm(gt.tensor([1.0]), gt.tensor([[1.0, 2.0]]), gt.tensor([[3.0], [4.0]]), alpha=2)
    tensor([[23.]])
    """
    if old and out_dtype is None and _is_dtype(old):
        out_dtype = old[0]
    elif old:
        input, mat1, mat2, beta, alpha = factors_first("addmm", (input, mat1, mat2, *old), beta, alpha)
    return _added("addmm", input, mm(mat1, mat2, out_dtype), beta, alpha, out)


@autocasts("addmv")
def addmv(
    input: Tensor,
    mat: Tensor,
    vec: Tensor,
    *old: Any,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """beta * input + alpha * (mat @ vec), for (n, k) @ (k,) and an input that broadcasts to (n,); as `addmm`.

    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.addmv(gt.tensor([1.0]), gt.tensor([[1.0, 2.0]]), gt.tensor([3.0, 4.0]))
    tensor([12.])
    """
    if old:
        input, mat, vec, beta, alpha = factors_first("addmv", (input, mat, vec, *old), beta, alpha)
    return _added("addmv", input, mv(mat, vec), beta, alpha, out)


@autocasts("addbmm")
def addbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *old: Any,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """beta * input + alpha * the sum of the products of two batches of matrices; as `addmm`.

    (b, n, k) @ (b, k, m) summed over b, and an input that broadcasts to (n, m).
    Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.addbmm(gt.zeros(1), gt.ones(4, 1, 2), gt.ones(4, 2, 1))
    tensor([[8.]])
    """
    if old:
        input, batch1, batch2, beta, alpha = factors_first("addbmm", (input, batch1, batch2, *old), beta, alpha)
    product = bmm(batch1, batch2)
    return _added("addbmm", input, sum_of(product, 0, dtype=product.dtype), beta, alpha, out)


@autocasts("baddbmm")
def baddbmm(
    input: Tensor,
    batch1: Tensor,
    batch2: Tensor,
    *old: Any,
    beta: Number = 1,
    alpha: Number = 1,
    out_dtype: Any = None,
    out: Tensor | None = None,
) -> Tensor:
    """beta * input + alpha * the products of two batches of matrices, (b, n, k) @ (b, k, m); as `addmm`.

    Unlike torch: operands of different dtypes promote, and out_dtype works on the CPU.

    >>> import gputensor as gt
    >>> gt.baddbmm(gt.ones(1), gt.ones(2, 1, 2), gt.ones(2, 2, 1))
    tensor([[[3.]],
    <BLANKLINE>
            [[3.]]])
    """
    if old and out_dtype is None and _is_dtype(old):
        out_dtype = old[0]
    elif old:
        input, batch1, batch2, beta, alpha = factors_first("baddbmm", (input, batch1, batch2, *old), beta, alpha)
    return _added("baddbmm", input, bmm(batch1, batch2, out_dtype), beta, alpha, out)


@autocasts("addr")
def addr(
    input: Tensor,
    vec1: Tensor,
    vec2: Tensor,
    *old: Any,
    beta: Number = 1,
    alpha: Number = 1,
    out: Tensor | None = None,
) -> Tensor:
    """beta * input + alpha * outer(vec1, vec2); as `addmm`.

    >>> import gputensor as gt
    >>> gt.addr(gt.zeros(1), gt.tensor([1.0, 2.0]), gt.tensor([3.0, 4.0]))
    tensor([[3., 4.],
            [6., 8.]])
    """
    if old:
        input, vec1, vec2, beta, alpha = factors_first("addr", (input, vec1, vec2, *old), beta, alpha)
    return _added("addr", input, outer(vec1, vec2), beta, alpha, out)


def addmv_(input: Tensor, mat: Tensor, vec: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
    """`addmv` in place.

    >>> import gputensor as gt
    >>> gt.addmv_(gt.tensor([1.0]), gt.tensor([[1.0, 2.0]]), gt.tensor([3.0, 4.0]))
    tensor([12.])
    """
    if old:
        input, mat, vec, beta, alpha = factors_first("addmv_", (input, mat, vec, *old), beta, alpha)
    return checked("addmv_", input).addmv_(mat, vec, beta=beta, alpha=alpha)


def _is_dtype(old: tuple[Any, ...]) -> bool:
    return len(old) == 1 and isinstance(old[0], (dtype, np.dtype, type))


def _added(name: str, x: Any, product: Any, beta: Any, alpha: Any, out: Any) -> Any:
    """beta * x + alpha * product, x broadcasting to the product's shape."""
    shape, have = tuple(product.array.shape), tuple(checked(name, x).array.shape)
    if len(have) > len(shape) or any([n not in (1, m) for n, m in zip(have[::-1], shape[::-1])]):  # noqa: B905  x may have fewer dims
        raise ShapeError(f"{name}: input of shape {have} does not broadcast to the product's shape {shape}")
    if product.array.dtype.kind in "iu":
        beta, alpha = int(beta), int(alpha)
    elif product.array.dtype.kind == "b":
        beta, alpha = bool(beta), bool(alpha)
    if alpha != 1:
        product = product * alpha
    result = product if beta == 0 else (x if beta == 1 else x * beta) + product
    return result if out is None else into(name, out, result, exact=name != "addr")


def _in_place(x: Any, function: Any, left: Any, right: Any, beta: Any, alpha: Any) -> Any:
    def into(t: Any) -> Any:
        return function(t, left, right, beta=beta, alpha=alpha)

    into.__name__ = function.__name__
    return assign(x, into, (left, right))


class AddedProductMethods:
    """Products added to a tensor."""

    __slots__ = ()

    def addmm(self, mat1: Tensor, mat2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addmm`."""
        if old:
            return addmm(mat1, self, mat2, *old, beta=beta, alpha=alpha)  # type: ignore[arg-type]
        return addmm(self, mat1, mat2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addmm_(self, mat1: Tensor, mat2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addmm` in place."""
        if old:
            _, mat1, mat2, beta, alpha = factors_first("addmm_", (mat1, self, mat2, *old), beta, alpha)
        return _in_place(self, addmm, mat1, mat2, beta, alpha)

    def addmv(self, mat: Tensor, vec: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addmv`."""
        if old:
            return addmv(mat, self, vec, *old, beta=beta, alpha=alpha)  # type: ignore[arg-type]
        return addmv(self, mat, vec, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addmv_(self, mat: Tensor, vec: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addmv` in place."""
        if old:
            _, mat, vec, beta, alpha = factors_first("addmv_", (mat, self, vec, *old), beta, alpha)
        return _in_place(self, addmv, mat, vec, beta, alpha)

    def addbmm(self, batch1: Tensor, batch2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addbmm`."""
        if old:
            return addbmm(batch1, self, batch2, *old, beta=beta, alpha=alpha)  # type: ignore[arg-type]
        return addbmm(self, batch1, batch2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addbmm_(self, batch1: Tensor, batch2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addbmm` in place."""
        if old:
            _, batch1, batch2, beta, alpha = factors_first("addbmm_", (batch1, self, batch2, *old), beta, alpha)
        return _in_place(self, addbmm, batch1, batch2, beta, alpha)

    def baddbmm(self, batch1: Tensor, batch2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.baddbmm`."""
        if old:
            return baddbmm(batch1, self, batch2, *old, beta=beta, alpha=alpha)  # type: ignore[arg-type]
        return baddbmm(self, batch1, batch2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def baddbmm_(self, batch1: Tensor, batch2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`baddbmm` in place."""
        if old:
            _, batch1, batch2, beta, alpha = factors_first("baddbmm_", (batch1, self, batch2, *old), beta, alpha)
        return _in_place(self, baddbmm, batch1, batch2, beta, alpha)

    def addr(self, vec1: Tensor, vec2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """See `gputensor.addr`."""
        if old:
            return addr(vec1, self, vec2, *old, beta=beta, alpha=alpha)  # type: ignore[arg-type]
        return addr(self, vec1, vec2, beta=beta, alpha=alpha)  # type: ignore[arg-type]

    def addr_(self, vec1: Tensor, vec2: Tensor, *old: Any, beta: Number = 1, alpha: Number = 1) -> Tensor:
        """`addr` in place."""
        if old:
            _, vec1, vec2, beta, alpha = factors_first("addr_", (vec1, self, vec2, *old), beta, alpha)
        return _in_place(self, addr, vec1, vec2, beta, alpha)
