"""Convolution over NumPy, any number of spatial dims: three words, the transposes of each other.

x: (image, channel, *size), y: (image, out, *places), w: (out, channel // groups, *kernel); padding: (before, after) a
dim, all else one number a dim. A result is channels-last in memory where an operand is, as in PyTorch. 16-bit floats go
through float32.
"""

from collections.abc import Callable

import numpy as np

from gputensor.arrays.numpy_ import columns, depthwise
from gputensor.arrays.numpy_.cascade import add
from gputensor.arrays.numpy_.channels import from_last, is_last, to_last

Array = np.ndarray
Shape = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]


def conv(x: Array, w: Array, bias: Array | None, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> Array:
    """out[n, o, p] = bias[o] + sum over c, k of x[n, c, p * stride + k * dilation - padding] * w[o, c, k]."""
    if _half(x):
        bias = None if bias is None else bias.astype(np.float32)
        return _in_float32(conv, x, w, bias, stride, padding, dilation, groups)
    size, kernel = x.shape[2:], w.shape[2:]
    if _pointwise(kernel, padding):
        seen = _every(x, stride)
        last = is_last(seen) or is_last(w)
        matrix: Array = w.reshape(w.shape[0], -1)
        if last and groups == 1:
            out = np.matmul(np.ascontiguousarray(to_last(seen)), matrix.T)
            return from_last(out if bias is None else np.add(out, bias, out=out))
        n, c = seen.shape[:2]
        matrix = matrix.reshape(groups, w.shape[0] // groups, c // groups)
        out = np.matmul(matrix, _flat(seen, groups)).reshape(n, w.shape[0], *seen.shape[2:])
        return out if bias is None else np.add(out, _lifted(bias, len(size)), out=out)
    last = is_last(x) or is_last(w)
    p = columns.geometry(size, x.shape[1], kernel, stride, padding, dilation, x.itemsize, last and groups == 1)
    if last and groups == 1:
        return from_last(columns.conv_last(to_last(x), w, bias, p))
    if groups > 1 and groups == x.shape[1]:
        out = depthwise.conv_depthwise(x, w, bias, p)
    else:
        out = columns.conv_first(x, w, bias, p, groups)
    return from_last(np.ascontiguousarray(to_last(out))) if last else out


def conv_transpose(
    y: Array, w: Array, size: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int
) -> Array:
    """The transpose of `conv` in x, for an x of spatial shape `size`."""
    if _half(y):
        return _in_float32(conv_transpose, y, w, size, stride, padding, dilation, groups)
    kernel = w.shape[2:]
    last = is_last(y) or is_last(w)
    if _pointwise(kernel, padding):
        matrix = w.reshape(w.shape[0], -1)
        if last and groups == 1:
            seen = from_last(np.matmul(np.ascontiguousarray(to_last(y)), matrix))
        else:
            per = w.shape[0] // groups
            seen = np.matmul(matrix.reshape(groups, per, -1).swapaxes(1, 2), _flat(y, groups))
            seen = seen.reshape(y.shape[0], -1 if y.size else w.shape[1] * groups, *y.shape[2:])
        if seen.shape[2:] == size:
            return seen
        shape = (seen.shape[0], *size, seen.shape[1])
        out = from_last(np.zeros(shape, y.dtype)) if last else np.zeros((*seen.shape[:2], *size), y.dtype)
        _every(out, stride)[...] = seen
        return out
    if groups == 1 and _turnable(w, stride, padding, dilation):
        # windows that move in steps of one: a convolution with the kernel turned round, where no sums overlap
        turned = w[(slice(None), slice(None), *[slice(None, None, -1)] * len(size))].swapaxes(0, 1)
        around = tuple(
            [
                (d * (k - 1) - before, d * (k - 1) - after)
                for d, k, (before, after) in zip(dilation, kernel, padding, strict=True)
            ]
        )
        return conv(y, np.ascontiguousarray(turned), None, stride, around, dilation, 1)
    p = columns.geometry(size, w.shape[1] * groups, kernel, stride, padding, dilation, y.itemsize, last and groups == 1)
    if last and groups == 1:
        return from_last(columns.conv_transpose_last(to_last(y), w, size, p))
    if groups > 1 and w.shape[1] == 1:
        out = depthwise.conv_transpose_depthwise(y, w, size, p, groups)
    else:
        out = columns.conv_transpose_first(y, w, size, p, groups)
    return from_last(np.ascontiguousarray(to_last(out))) if last else out


def conv_weight(x: Array, y: Array, kernel: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> Array:
    """The transpose of `conv` in w, for a w with taps `kernel`."""
    if _half(x):
        return _in_float32(conv_weight, x, y, kernel, stride, padding, dilation, groups)
    if _pointwise(kernel, padding):
        seen = _every(x, stride)
        o, c = y.shape[1], x.shape[1]
        if groups == 1 and (is_last(seen) or is_last(y)):
            out = np.matmul(to_last(y).reshape(-1, o).T, to_last(seen).reshape(-1, c))
        else:
            out = add(np.matmul(_flat(y, groups), _flat(seen, groups).swapaxes(2, 3)), (0,), None, False)
        return out.reshape(o, c // groups, *kernel)
    last = groups == 1 and (is_last(x) or is_last(y))
    p = columns.geometry(x.shape[2:], x.shape[1], kernel, stride, padding, dilation, x.itemsize, last)
    if last:
        return columns.conv_weight_last(to_last(x), to_last(y), p)
    if groups > 1 and groups == x.shape[1]:
        return depthwise.conv_weight_depthwise(x, y, p)
    return columns.conv_weight_first(x, y, p, groups)


def _half(x: Array) -> bool:
    return x.dtype.itemsize == 2 and x.dtype.kind in "fV"


def _in_float32(word: Callable[..., Array], a: Array, b: Array, *rest: object) -> Array:
    return word(a.astype(np.float32), b.astype(np.float32), *rest).astype(a.dtype)


def _pointwise(kernel: Shape, padding: Pads) -> bool:
    """One tap and no padding: a product of matrices without columns."""
    return max(kernel) == 1 and not any([max(pair) for pair in padding])


def _turnable(w: Array, stride: Shape, padding: Pads, dilation: Shape) -> bool:
    # many more channels in y than in x would make its columns dearer than the overlapping sums
    return (
        max(stride) == 1
        and w.shape[0] <= 2 * w.shape[1]
        and all([max(pair) <= d * (k - 1) for pair, d, k in zip(padding, dilation, w.shape[2:], strict=True)])
    )


def _every(x: Array, stride: Shape) -> Array:
    return x if max(stride) == 1 else x[(slice(None), slice(None), *[slice(None, None, s) for s in stride])]


def _flat(x: Array, groups: int) -> Array:
    n, c = x.shape[:2]
    count = 1
    for k in x.shape[2:]:
        count *= k
    return x.reshape(n, groups, c // groups, count)


def _lifted(bias: Array, dims: int) -> Array:
    return bias.reshape(-1, *[1] * dims)
