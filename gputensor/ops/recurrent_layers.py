"""One layer of a recurrent network in one direction, over all time steps, as one primitive.

Sequences are packed: x: (rows, in) holds the rows of time 0, then those of time 1 and so on; `sizes` says how many
sequences each time has, never more than the time before. Gradients need the gates of all steps: they are computed anew
from the inputs and outputs, in one product for all times, so that only what depends on the time after is a loop.
A kernel of an array library may keep them instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gputensor.arrays.kernels import GRU, LSTM, RNN
from gputensor.core.primitive import Primitive


class _Layer(Primitive):
    """sizes: how many sequences every time has. reverse: from the last time to the first."""

    __slots__ = ("reverse", "sizes")

    def __init__(self, sizes: tuple[int, ...], reverse: bool) -> None:
        self.sizes, self.reverse = sizes, reverse

    def steps(self) -> list[tuple[int, int]]:
        """(first row, number of rows) of every time, in the order of the computation."""
        places, start = [], 0
        for size in self.sizes:
            places.append((start, size))
            start += size
        return places[::-1] if self.reverse else places

    def before(self, xp: Any, y: Any, first: Any) -> Any:
        """For every row of y the row of the step before it, taken from `first` where there is none."""
        sizes, steps = self.sizes, self.steps()
        if sizes[0] == sizes[-1]:
            if len(sizes) == 1:
                return first
            if self.reverse:
                return xp.concat([rows(xp, y, sizes[0], y.shape[0]), first], 0)
            return xp.concat([first, rows(xp, y, 0, y.shape[0] - sizes[0])], 0)
        parts = []
        last: tuple[int, int] | None = None
        for start, size in steps:
            have = 0 if last is None else min(last[1], size)
            part = [rows(xp, y, last[0], last[0] + have)] if last is not None and have else []
            if have < size:
                part.append(rows(xp, first, have, size))
            parts.append(part[0] if len(part) == 1 else xp.concat(part, 0))
            last = (start, size)
        return xp.concat(parts[::-1] if self.reverse else parts, 0)

    def joined(self, xp: Any, parts: list[Any]) -> Any:
        """What the steps computed, in the order of the rows."""
        return parts[0] if len(parts) == 1 else xp.concat(parts[::-1] if self.reverse else parts, 0)


class Carried:
    """The gradient of a state on its way back through time: more sequences join it or leave it at every step."""

    def __init__(self, xp: Any) -> None:
        self.xp = xp
        self.value: Any = None
        self.left: list[Any] = []

    def joins(self, g: Any) -> Any:
        """g, the gradient of this step's state itself, and what comes from the step after it."""
        if self.value is None:
            return g
        xp, have, size = self.xp, self.value.shape[0], g.shape[0]
        if have == size:
            return g + self.value
        if have > size:
            self.left.insert(0, rows(xp, self.value, size, have))
            return g + rows(xp, self.value, 0, size)
        return xp.concat([rows(xp, g, 0, have) + self.value, rows(xp, g, have, size)], 0)

    def whole(self) -> Any:
        """The gradient of the first state."""
        return self.xp.concat([self.value, *self.left], 0) if self.left else self.value


def rows(xp: Any, x: Any, start: int, stop: int) -> Any:
    return x if start == 0 and stop == x.shape[0] else xp.getitem(x, (slice(start, stop),))


def columns(xp: Any, x: Any, count: int) -> Iterator[Any]:
    """x: (row, count * width) -> its `count` parts."""
    width = x.shape[1] // count
    return (xp.getitem(x, (slice(None), slice(k * width, (k + 1) * width))) for k in range(count))


def updated(xp: Any, state: Any, new: Any) -> Any:
    """The states of all sequences, of which the first ones have made a step."""
    size, whole = new.shape[0], state.shape[0]
    return new if size == whole else xp.concat([new, rows(xp, state, size, whole)], 0)


def sigmoid(xp: Any, x: Any) -> Any:
    # by tanh: its gradient stays finite where exp overflows
    return (xp.tanh(x * 0.5) + 1) * 0.5


class Rnn(_Layer):
    """h' = act(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh); a primitive because a step of a composite is ten calls, each
    recorded."""

    __slots__ = ("relu",)
    saves = ("xs", "out")
    kernels = RNN

    def __init__(self, sizes: tuple[int, ...], reverse: bool, relu: bool) -> None:
        super().__init__(sizes, reverse)
        self.relu = relu

    def forward(self, xp: Any, *xs: Any) -> Any:
        x, h, w_ih, w_hh, b_ih, b_hh = xs
        moved = xp.matmul(x, w_ih.T) + (b_ih + b_hh)
        parts = []
        for start, size in self.steps():
            z = rows(xp, moved, start, start + size) + xp.matmul(rows(xp, h, 0, size), w_hh.T)
            new = xp.maximum(z, xp.scalar(0, z.dtype)) if self.relu else xp.tanh(z)
            parts.append(new)
            h = updated(xp, h, new)
        return self.joined(xp, parts)

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        x, h, w_ih, w_hh, _, _ = args
        slope = xp.astype(out > 0, out.dtype) if self.relu else 1 - out * out
        carried, parts = Carried(xp), []
        for start, size in reversed(self.steps()):
            d = carried.joins(rows(xp, g, start, start + size)) * rows(xp, slope, start, start + size)
            parts.append(d)
            carried.value = xp.matmul(d, w_hh)
        d = self.joined(xp, parts[::-1])
        bias = xp.sum_rows(d)
        return [
            xp.matmul(d, w_ih),
            carried.whole(),
            xp.matmul(d.T, x),
            xp.matmul(d.T, self.before(xp, out, h)),
            bias,
            xp.copy(bias),
        ]


class Lstm(_Layer):
    """i, f, g, o = x @ w_ih.T + b_ih + h @ w_hh.T + b_hh; c' = σ(f) c + σ(i) tanh(g); h' = σ(o) tanh(c'), times w_hr.T
    where that is given. Gives h and c of all rows. A primitive because a step of a composite is fifteen calls.

    Source: Hochreiter and Schmidhuber 1997, with the forget gates of Gers et al. 2000; projections: Sak et al. 2014.
    """

    __slots__ = ("nout",)
    saves = ("xs", "out")
    kernels = LSTM

    def __init__(self, sizes: tuple[int, ...], reverse: bool) -> None:
        super().__init__(sizes, reverse)
        self.nout = 2

    def forward(self, xp: Any, *xs: Any) -> Any:
        x, h, c, w_ih, w_hh, b_ih, b_hh, *w_hr = xs
        moved = xp.matmul(x, w_ih.T) + (b_ih + b_hh)
        ys, cs = [], []
        for start, size in self.steps():
            z = rows(xp, moved, start, start + size) + xp.matmul(rows(xp, h, 0, size), w_hh.T)
            i, f, g, o = columns(xp, z, 4)
            cell = sigmoid(xp, f) * rows(xp, c, 0, size) + sigmoid(xp, i) * xp.tanh(g)
            new = sigmoid(xp, o) * xp.tanh(cell)
            if w_hr:
                new = xp.matmul(new, w_hr[0].T)
            ys.append(new)
            cs.append(cell)
            h, c = updated(xp, h, new), updated(xp, c, cell)
        return self.joined(xp, ys), self.joined(xp, cs)

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        x, h, c, w_ih, w_hh, b_ih, b_hh, *w_hr = args
        g_y, g_c = g
        y, cells = out
        before = self.before(xp, y, h)
        z = xp.matmul(x, w_ih.T) + (b_ih + b_hh) + xp.matmul(before, w_hh.T)
        i, f, n, o = columns(xp, z, 4)
        i, f, n, o = sigmoid(xp, i), sigmoid(xp, f), xp.tanh(n), sigmoid(xp, o)
        bent = xp.tanh(cells)
        # what the gradient of c, and of h for the last quarter, is multiplied with to give that of the gates
        by_c = xp.concat([n * i * (1 - i), self.before(xp, cells, c) * f * (1 - f), i * (1 - n * n)], 1)
        by_h = bent * o * (1 - o)
        slope = o * (1 - bent * bent)
        of_h, of_c = Carried(xp), Carried(xp)
        gates, hidden = [], []
        for start, size in reversed(self.steps()):
            stop = start + size
            dh = of_h.joins(rows(xp, g_y, start, stop))
            if w_hr:
                hidden.append(dh)
                dh = xp.matmul(dh, w_hr[0])
            dc = of_c.joins(rows(xp, g_c, start, stop)) + dh * rows(xp, slope, start, stop)
            d = xp.concat(
                [xp.concat([dc, dc, dc], 1) * rows(xp, by_c, start, stop), dh * rows(xp, by_h, start, stop)], 1
            )
            gates.append(d)
            of_h.value, of_c.value = xp.matmul(d, w_hh), dc * rows(xp, f, start, stop)
        d = self.joined(xp, gates[::-1])
        bias = xp.sum_rows(d)
        result = [
            xp.matmul(d, w_ih),
            of_h.whole(),
            of_c.whole(),
            xp.matmul(d.T, x),
            xp.matmul(d.T, before),
            bias,
            xp.copy(bias),
        ]
        return [*result, xp.matmul(self.joined(xp, hidden[::-1]).T, o * bent)] if w_hr else result


class Gru(_Layer):
    """r, z = σ(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh); n = tanh(x @ w_in.T + b_in + r (h @ w_hn.T + b_hn));
    h' = (1 - z) n + z h. A primitive because a step of a composite is fifteen calls.

    Source: Cho et al. 2014, arXiv:1406.1078, in the variant of cuDNN, which resets after the product.
    """

    __slots__ = ()
    saves = ("xs", "out")
    kernels = GRU

    def forward(self, xp: Any, *xs: Any) -> Any:
        x, h, w_ih, w_hh, b_ih, b_hh = xs
        moved = xp.matmul(x, w_ih.T) + b_ih
        parts = []
        for start, size in self.steps():
            last = rows(xp, h, 0, size)
            new = self._step(xp, rows(xp, moved, start, start + size), xp.matmul(last, w_hh.T) + b_hh, last)[0]
            parts.append(new)
            h = updated(xp, h, new)
        return self.joined(xp, parts)

    def _step(self, xp: Any, a: Any, b: Any, h: Any) -> tuple[Any, ...]:
        (ar, az, an), (br, bz, bn) = columns(xp, a, 3), columns(xp, b, 3)
        r, z = sigmoid(xp, ar + br), sigmoid(xp, az + bz)
        n = xp.tanh(an + r * bn)
        return n + z * (h - n), r, z, n, bn

    def vjp_all(self, xp: Any, g: Any, out: Any, args: Any) -> Any:
        x, h, w_ih, w_hh, b_ih, b_hh = args
        before = self.before(xp, out, h)
        _, r, z, n, bn = self._step(xp, xp.matmul(x, w_ih.T) + b_ih, xp.matmul(before, w_hh.T) + b_hh, before)
        by_n = (1 - z) * (1 - n * n)
        by_h = xp.concat([by_n * bn * r * (1 - r), (before - n) * z * (1 - z), by_n * r], 1)
        carried = Carried(xp)
        inner, states = [], []
        for start, size in reversed(self.steps()):
            stop = start + size
            dh = carried.joins(rows(xp, g, start, stop))
            d = xp.concat([dh, dh, dh], 1) * rows(xp, by_h, start, stop)
            inner.append(d)
            states.append(dh)
            carried.value = dh * rows(xp, z, start, stop) + xp.matmul(d, w_hh)
        d = self.joined(xp, inner[::-1])
        dr, dz, _ = columns(xp, d, 3)
        outer = xp.concat([dr, dz, self.joined(xp, states[::-1]) * by_n], 1)
        return [
            xp.matmul(outer, w_ih),
            carried.whole(),
            xp.matmul(outer.T, x),
            xp.matmul(d.T, before),
            xp.sum_rows(outer),
            xp.sum_rows(d),
        ]
