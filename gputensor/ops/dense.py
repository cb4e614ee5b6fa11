"""Dense layers as functions: linear and bilinear maps of the last dim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import apply3, binary, promote
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe, remedy
from gputensor.core.primitive import Primitive
from gputensor.errors import ShapeError
from gputensor.ops.out_argument import into

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class Linear(Primitive):
    """Product and bias in one node: layers of nets are made of these."""

    __slots__ = ()
    grad_name = "AddmmBackward0"
    saves = ("x", "weight")

    def forward(self, xp: Any, x: Any, weight: Any, bias: Any) -> Any:
        if len(x.shape) == 2:
            return xp.matmul(x, weight.T) + bias
        return xp.reshape(xp.matmul(_rows(xp, x), weight.T) + bias, (*x.shape[:-1], weight.shape[0]))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any) -> Any:
        if len(g.shape) == 2:
            return xp.matmul(g, weight)
        return xp.reshape(xp.matmul(_rows(xp, g), weight), x.shape)

    def vjp_weight(self, xp: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any) -> Any:
        return xp.matmul(_rows(xp, g).T, _rows(xp, x))

    def vjp_bias(self, xp: Any, g: Any, out: Any, x: Any, weight: Any, bias: Any) -> Any:
        return xp.sum_rows(_rows(xp, g))


class LinearPlain(Primitive):
    """Without bias."""

    __slots__ = ()
    name = "linear"
    grad_name = "MmBackward0"
    saves = ("x", "weight")
    cross = True

    def forward(self, xp: Any, x: Any, weight: Any) -> Any:
        if len(x.shape) == 2:
            return xp.matmul(x, weight.T)
        return xp.reshape(xp.matmul(_rows(xp, x), weight.T), (*x.shape[:-1], weight.shape[0]))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, weight: Any) -> Any:
        if len(g.shape) == 2:
            return xp.matmul(g, weight)
        return xp.reshape(xp.matmul(_rows(xp, g), weight), x.shape)

    def vjp_weight(self, xp: Any, g: Any, out: Any, x: Any, weight: Any) -> Any:
        return xp.matmul(_rows(xp, g).T, _rows(xp, x))


LINEAR, LINEAR_PLAIN = Linear(), LinearPlain()


def _rows(xp: Any, x: Any) -> Any:
    """(…, n) as a matrix: one large product is several times faster than many small ones."""
    shape = x.shape
    if len(shape) == 2:
        return x
    count = 1
    for n in shape[:-1]:
        count *= n
    return xp.reshape(x, (count, shape[-1]))


def linear(input: Tensor, weight: Tensor, bias: Tensor | None = None, *, out: Tensor | None = None) -> Tensor:
    """A linear map of the last dim: input @ weight.T + bias.

    input: (…, in); weight: (out, in) or (in,); bias: (out,) or anything that broadcasts; returns (…, out), or (…) for a
    vector weight. float16 and bfloat16 are summed in float32. Unlike torch: operands of different dtypes promote.
    Raises ShapeError where the width of input is not that of weight.

    >>> import gputensor as gt
    >>> gt.nn.functional.linear(gt.tensor([1.0, 2.0]), gt.tensor([[1.0, 1.0], [0.0, 3.0]]), gt.tensor([0.0, 10.0]))
    tensor([ 3., 16.])
    """
    if out is not None:
        return into("linear", out, linear(input, weight, bias), exact=True)
    try:
        shape = input.array.shape
        want = weight.array.shape
    except AttributeError:
        raise _no_tensor("linear", input=input, weight=weight) from None
    if not shape or len(want) != 2 or shape[-1] != want[1]:
        if len(want) == 1 and shape and shape[-1] == want[0]:
            product = input.matmul(weight)
            return product if bias is None else product + bias
        raise _misfit(shape, want)
    if bias is None:
        return binary(LINEAR_PLAIN, input, weight)
    if not isinstance(bias, _apply.Tensor):
        raise _no_tensor("linear", bias=bias)
    if bias.array.shape != want[:1]:
        try:
            return binary(LINEAR_PLAIN, input, weight) + bias
        except ShapeError:
            raise ShapeError(
                f"linear: bias of shape {tuple(bias.array.shape)} does not fit weight of shape {tuple(want)}; expected "
                f"({want[0]},)"
            ) from None
    if not input.array.dtype == weight.array.dtype == bias.array.dtype:
        input, weight, bias = promote("linear", (input, weight, bias))
    return apply3(LINEAR, input, weight, bias)


@autocasts("bilinear")
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """A bilinear map of the last dims.

    out[…, o] = sum over i, j of input1[…, i] * weight[o, i, j] * input2[…, j], plus bias[o].
    input1: (…, in1); input2: (…, in2) with the same leading dims; weight: (out, in1, in2); bias: (out,); returns (…,
    out). Raises ShapeError where the shapes do not fit. Unlike torch: operands of different dtypes promote.

    >>> import gputensor as gt
    >>> gt.nn.functional.bilinear(gt.tensor([[1.0, 2.0]]), gt.tensor([[3.0]]), gt.ones(1, 2, 1))
    tensor([[9.]])
    """
    for label, value in (("input1", input1), ("input2", input2), ("weight", weight)):
        if not isinstance(value, _apply.Tensor):
            raise _no_tensor("bilinear", **{label: value})
    a, b, w = input1.array.shape, input2.array.shape, weight.array.shape
    if len(w) != 3 or not a or not b or a[:-1] != b[:-1] or (a[-1], b[-1]) != w[1:]:
        raise ShapeError(
            f"bilinear: input1 {tuple(a)} and input2 {tuple(b)} do not fit weight {tuple(w)}; expected (…, in1), (…, "
            "in2) and (out, in1, in2)"
        )
    out, in1, in2 = w
    rows = 1
    for n in a[:-1]:
        rows *= n
    left = input1.reshape(rows, in1).matmul(weight.permute(1, 0, 2).reshape(in1, out * in2)).reshape(rows, out, in2)
    result = left.matmul(input2.reshape(rows, in2, 1)).reshape((*a[:-1], out))
    return result if bias is None else result + bias


def _misfit(shape: tuple[int, ...], want: tuple[int, ...]) -> ShapeError:
    if not shape:
        return ShapeError("linear: input is 0-d; it needs at least 1 dim, use .reshape(1)")
    if len(want) not in (1, 2):
        return ShapeError(f"linear: weight must have shape (out, in) or (in,), got {tuple(want)}")
    return ShapeError(
        f"linear: input of shape {tuple(shape)} has width {shape[-1]} in its last dim, weight {tuple(want)} expects "
        f"{want[-1]}"
    )


def _no_tensor(name: str, **operands: Any) -> TypeError:
    label, value = next((k, v) for k, v in operands.items() if not isinstance(v, _apply.Tensor))
    return TypeError(f"{name}: {label} must be a Tensor, got {describe(value)}; {remedy(value)}")
