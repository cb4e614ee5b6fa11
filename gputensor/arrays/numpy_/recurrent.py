"""Recurrent layers over NumPy: the steps work in place, and the gates are kept for the gradient."""

from typing import Any

import numpy as np

from gputensor.arrays.kernels import GRU, LSTM, RNN
from gputensor.arrays.numpy_ import shapes as words
from gputensor.arrays.numpy_.row_sums import sum_rows

Array = np.ndarray


def _fits(prim: Any, *arrays: Array) -> bool:
    return all([a.dtype is arrays[0].dtype for a in arrays]) and arrays[0].dtype.kind == "f" and arrays[0].itemsize > 2


def _last(y: Array, first: Array, last: tuple[int, int] | None, size: int) -> Array:
    """The states that `size` sequences begin a step with."""
    if last is None:
        return first[:size]
    start, have = last
    return y[start : start + size] if size <= have else np.concatenate((y[start : start + have], first[have:size]))


def _joined(g: Array, carried: Array | None, left: list[Array]) -> Array:
    """g and what the step after it says of the same state; sequences that begin here leave."""
    if carried is None:
        return g
    size, have = len(g), len(carried)
    if have == size:
        carried += g
        return carried
    if have > size:
        left.insert(0, carried[size:])
        return carried[:size] + g
    total = g.copy()
    total[:have] += carried
    return total


def _turned(w: Array, steps: int) -> Array:
    """w.T, in memory of its own where many products read it: BLAS is slower with the transpose of a small matrix."""
    return np.ascontiguousarray(w.T) if steps >= 8 else w.T


def _whole(carried: Array, left: list[Array]) -> Array:
    return np.concatenate((carried, *left)) if left else carried


def _gradients(d: Array, before: Array, x: Array, w_ih: Array, edges: Any, at: int) -> list[Any]:
    """The gradients of x and of the two weights and biases, which begin at operand `at`."""
    bias = sum_rows(d) if edges[at + 2] is not None or edges[at + 3] is not None else None
    return [
        None if edges[0] is None else d @ w_ih,
        None if edges[at] is None else d.T @ x,
        None if edges[at + 1] is None else d.T @ before,
        bias,
        None if bias is None else bias.copy(),
    ]


# --- one gate ---------------------------------------------------------------------------------------------------------


def _rnn(prim: Any, recorded: bool, x: Array, h: Array, w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array) -> Any:
    y = x @ w_ih.T
    y += b_ih + b_hh
    turned, product = _turned(w_hh, len(prim.steps())), np.empty((len(h), w_hh.shape[0]), x.dtype)
    last = None
    for start, size in prim.steps():
        z = y[start : start + size]
        z += np.matmul(_last(y, h, last, size), turned, out=product[:size])
        if prim.relu:
            np.maximum(z, 0, out=z)
        else:
            np.tanh(z, z)
        last = (start, size)
    return y, (y, x, h, w_ih, w_hh) if recorded else None


def _rnn_vjp(prim: Any, g: Array, residue: Any, edges: Any) -> list[Any]:
    y, x, h, w_ih, w_hh = residue
    if prim.relu:
        d = (y > 0).astype(y.dtype)
    else:
        d = y * y
        np.subtract(1, d, out=d)
    carried: Any = None
    left: list[Array] = []
    for start, size in reversed(prim.steps()):
        part = d[start : start + size]
        part *= _joined(g[start : start + size], carried, left)
        carried = part @ w_hh
    d_x, d_ih, d_hh, b_ih, b_hh = _gradients(d, prim.before(words, y, h), x, w_ih, edges, 2)
    return [d_x, _whole(carried, left), d_ih, d_hh, b_ih, b_hh]


# --- four gates -------------------------------------------------------------------------------------------------------


def _lstm(
    prim: Any, recorded: bool, x: Array, h: Array, c: Array,
    w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array, *w_hr: Array,
) -> Any:  # fmt: skip
    width = c.shape[1]
    gates = x @ w_ih.T
    gates += b_ih + b_hh
    cells = np.empty((len(x), width), x.dtype)
    y = np.empty((len(x), h.shape[1]), x.dtype)
    # sigmoid(z) = tanh(z / 2) / 2 + 1/2: one call for all four gates
    scale, shift = np.full(4 * width, 0.5, x.dtype), np.full(4 * width, 0.5, x.dtype)
    scale[2 * width : 3 * width], shift[2 * width : 3 * width] = 1, 0
    turned, product = _turned(w_hh, len(prim.steps())), np.empty((len(h), 4 * width), x.dtype)
    last = None
    for start, size in prim.steps():
        z, cell = gates[start : start + size], cells[start : start + size]
        z += np.matmul(_last(y, h, last, size), turned, out=product[:size])
        z *= scale
        np.tanh(z, z)
        z *= scale
        z += shift
        np.multiply(_last(cells, c, last, size), z[:, width : 2 * width], cell)
        cell += z[:, :width] * z[:, 2 * width : 3 * width]
        out = np.tanh(cell)
        if w_hr:
            out *= z[:, 3 * width :]
            np.matmul(out, w_hr[0].T, out=y[start : start + size])
        else:
            np.multiply(out, z[:, 3 * width :], y[start : start + size])
        last = (start, size)
    return (y, cells), (y, cells, gates, x, h, c, w_ih, w_hh, *w_hr) if recorded else None


def _lstm_vjp(prim: Any, gs: Any, residue: Any, edges: Any) -> list[Any]:
    y, cells, gates, x, h, c, w_ih, w_hh, *w_hr = residue
    g_y, g_c = gs
    width = cells.shape[1]
    i, f, n, o = [gates[:, k * width : (k + 1) * width] for k in range(4)]
    bent = np.tanh(cells)
    # what the gradients of c and h are multiplied with to give those of the gates, which then take its place
    d = 1 - gates
    d *= gates
    by_i, by_f, by_n, by_o = [d[:, k * width : (k + 1) * width] for k in range(4)]
    by_i *= n
    by_f *= prim.before(words, cells, c)
    np.multiply(n, n, by_n)
    np.subtract(1, by_n, out=by_n)
    by_n *= i
    by_o *= bent
    slope = bent * bent
    np.subtract(1, slope, out=slope)
    slope *= o
    hidden = np.empty_like(y) if w_hr else None
    of_h: Any = None
    of_c: Any = None
    left_h: list[Array] = []
    left_c: list[Array] = []
    for start, size in reversed(prim.steps()):
        stop = start + size
        dh = _joined(g_y[start:stop], of_h, left_h)
        if hidden is not None:
            hidden[start:stop] = dh
            dh = dh @ w_hr[0]
        dc = dh * slope[start:stop]
        dc += _joined(g_c[start:stop], of_c, left_c)
        part = d[start:stop]
        by_gate = part.reshape(size, 4, width)
        by_gate[:, :3] *= dc[:, None]
        by_gate[:, 3] *= dh
        of_h = part @ w_hh
        dc *= f[start:stop]
        of_c = dc
    d_x, d_ih, d_hh, b_ih, b_hh = _gradients(d, prim.before(words, y, h), x, w_ih, edges, 3)
    result = [d_x, _whole(of_h, left_h), _whole(of_c, left_c), d_ih, d_hh, b_ih, b_hh]
    return [*result, hidden.T @ (o * bent)] if hidden is not None else result


# --- three gates ------------------------------------------------------------------------------------------------------


def _gru(prim: Any, recorded: bool, x: Array, h: Array, w_ih: Array, w_hh: Array, b_ih: Array, b_hh: Array) -> Any:
    width = h.shape[1]
    gates = x @ w_ih.T
    gates += b_ih
    gates[:, : 2 * width] += b_hh[: 2 * width]
    y, inner = np.empty((len(x), width), x.dtype), np.empty((len(x), width), x.dtype)
    turned, product = _turned(w_hh, len(prim.steps())), np.empty((len(h), 3 * width), x.dtype)
    last = None
    for start, size in prim.steps():
        z, new, before = gates[start : start + size], y[start : start + size], _last(y, h, last, size)
        made = np.matmul(before, turned, out=product[:size])
        two, three = z[:, : 2 * width], z[:, 2 * width :]
        two += made[:, : 2 * width]
        two *= 0.5
        np.tanh(two, two)
        two *= 0.5
        two += 0.5
        hidden = np.add(made[:, 2 * width :], b_hh[2 * width :], inner[start : start + size])
        three += two[:, :width] * hidden
        np.tanh(three, three)
        np.subtract(before, three, new)
        new *= two[:, width:]
        new += three
        last = (start, size)
    return y, (y, gates, inner, x, h, w_ih, w_hh) if recorded else None


def _gru_vjp(prim: Any, g: Array, residue: Any, edges: Any) -> list[Any]:
    y, gates, inner, x, h, w_ih, w_hh = residue
    width = y.shape[1]
    r, z, n = [gates[:, k * width : (k + 1) * width] for k in range(3)]
    before = prim.before(words, y, h)
    by_n = 1 - n * n
    by_n *= 1 - z
    d = 1 - gates
    d *= gates
    d[:, :width] *= by_n * inner
    d[:, width : 2 * width] *= before - n
    np.multiply(by_n, r, d[:, 2 * width :])
    states = np.empty_like(y)
    carried: Any = None
    left: list[Array] = []
    for start, size in reversed(prim.steps()):
        stop = start + size
        dh = _joined(g[start:stop], carried, left)
        states[start:stop] = dh
        part = d[start:stop]
        part.reshape(size, 3, width)[...] *= dh[:, None]
        carried = part @ w_hh
        carried += dh * z[start:stop]
    by_n *= states
    outer = np.concatenate((d[:, : 2 * width], by_n), 1)
    return [
        None if edges[0] is None else outer @ w_ih,
        _whole(carried, left),
        None if edges[2] is None else outer.T @ x,
        None if edges[3] is None else d.T @ before,
        None if edges[4] is None else sum_rows(outer),
        None if edges[5] is None else sum_rows(d),
    ]


RNN["numpy"] = (_fits, _rnn, _rnn_vjp)
LSTM["numpy"] = (_fits, _lstm, _lstm_vjp)
GRU["numpy"] = (_fits, _gru, _gru_vjp)
