"""Recurrent networks as functions: layers in one or two directions over whole sequences, and single steps.

16-bit floats are computed in float32 and rounded once a layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.apply import applyn, cast, wrap
from gputensor.core.autocasting import ACTIVE, autocasts, cast_whole
from gputensor.core.explain import describe, dtype_name, remedy
from gputensor.core.promotion import F32, FLOATING, HALF
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.dims import checked, several
from gputensor.ops.dropout import dropout as drop
from gputensor.ops.joining import cat, stack
from gputensor.ops.recurrent_layers import Gru, Lstm, Rnn

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

# how many gates a unit has
GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}


def lstm(
    input: Tensor,
    hx: Any,
    params: Any,
    has_biases: Any,
    num_layers: Any,
    dropout: Any,
    train: Any,
    bidirectional: Any,
    batch_first: Any,
) -> tuple[Tensor, Tensor, Tensor]:
    """An LSTM of several layers; see `gputensor.nn.LSTM` for the formula. Gives output, h_n, c_n.

    input: (time, batch, in), or (batch, time, in) with batch_first; hx: (h_0, c_0), each (layers * directions, batch,
    width); params: w_ih, w_hh[, b_ih, b_hh][, w_hr] of every layer and direction in turn. Packed sequences are
    lstm(data, batch_sizes, hx, params, has_biases, num_layers, dropout, train, bidirectional). Raises ShapeError for
    shapes that do not fit, DtypeError for dtypes that differ.

    >>> import gputensor as gt
    >>> net = gt.nn.LSTM(2, 3)
    >>> states = gt.zeros(1, 1, 3), gt.zeros(1, 1, 3)
    >>> gt.lstm(gt.ones(4, 1, 2), states, list(net.parameters()), True, 1, 0.0, False, False, False)[0].shape
    gputensor.Size([4, 1, 3])
    """
    given = (hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first)
    output, states = _any_form("lstm", input, given, isinstance(hx, _apply.Tensor))
    return output, states[0], states[1]


def gru(
    input: Tensor,
    hx: Any,
    params: Any,
    has_biases: Any,
    num_layers: Any,
    dropout: Any,
    train: Any,
    bidirectional: Any,
    batch_first: Any,
) -> tuple[Tensor, Tensor]:
    """A GRU of several layers; see `gputensor.nn.GRU` for the formula and `gputensor.lstm` for the arguments.

    Gives output and h_n.

    >>> import gputensor as gt
    >>> net = gt.nn.GRU(2, 3)
    >>> gt.gru(gt.ones(4, 1, 2), gt.zeros(1, 1, 3), list(net.parameters()), True, 1, 0.0, False, False, False)[0].shape
    gputensor.Size([4, 1, 3])
    """
    given = (hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first)
    output, states = _any_form("gru", input, given, isinstance(params, _apply.Tensor))
    return output, states[0]


def rnn_tanh(
    input: Tensor,
    hx: Any,
    params: Any,
    has_biases: Any,
    num_layers: Any,
    dropout: Any,
    train: Any,
    bidirectional: Any,
    batch_first: Any,
) -> tuple[Tensor, Tensor]:
    """An Elman network with tanh; see `gputensor.nn.RNN` for the formula and `gputensor.lstm` for the arguments.

    Gives output and h_n.

    >>> import gputensor as gt
    >>> net = gt.nn.RNN(2, 3)
    >>> params = list(net.parameters())
    >>> gt.rnn_tanh(gt.ones(4, 1, 2), gt.zeros(1, 1, 3), params, True, 1, 0.0, False, False, False)[1].shape
    gputensor.Size([1, 1, 3])
    """
    given = (hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first)
    output, states = _any_form("rnn_tanh", input, given, isinstance(params, _apply.Tensor))
    return output, states[0]


def rnn_relu(
    input: Tensor,
    hx: Any,
    params: Any,
    has_biases: Any,
    num_layers: Any,
    dropout: Any,
    train: Any,
    bidirectional: Any,
    batch_first: Any,
) -> tuple[Tensor, Tensor]:
    """An Elman network with relu; see `gputensor.nn.RNN` for the formula and `gputensor.lstm` for the arguments.

    Gives output and h_n.

    >>> import gputensor as gt
    >>> net = gt.nn.RNN(2, 3, nonlinearity="relu")
    >>> params = list(net.parameters())
    >>> gt.rnn_relu(gt.ones(4, 1, 2), gt.zeros(1, 1, 3), params, True, 1, 0.0, False, False, False)[1].shape
    gputensor.Size([1, 1, 3])
    """
    given = (hx, params, has_biases, num_layers, dropout, train, bidirectional, batch_first)
    output, states = _any_form("rnn_relu", input, given, isinstance(params, _apply.Tensor))
    return output, states[0]


@autocasts("lstm_cell")
def lstm_cell(
    input: Tensor,
    hx: Sequence[Tensor],
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """One step of an LSTM: the next h and c. See `gputensor.nn.LSTM`.

    input: (batch, in); hx: (h, c), each (batch, width); w_ih: (4 * width, in); w_hh: (4 * width, width).

    >>> import gputensor as gt
    >>> h = c = gt.zeros(1, 1)
    >>> gt.lstm_cell(gt.ones(1, 2), (h, c), gt.zeros(4, 2), gt.zeros(4, 1), gt.tensor([0.0, 0.0, 1.0, 0.0]))
    (tensor([[0.1817]]), tensor([[0.3808]]))
    """
    if len(hx) != 2:
        raise ShapeError(f"lstm_cell: hx must be two tensors, h and c, got {len(hx)}")
    y, states = _cell("lstm_cell", "lstm", input, tuple(hx), w_ih, w_hh, b_ih, b_hh)
    return y, states[1]


@autocasts("gru_cell")
def gru_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of a GRU: the next h. See `gputensor.nn.GRU`.

    input: (batch, in); hx: (batch, width); w_ih: (3 * width, in); w_hh: (3 * width, width).

    >>> import gputensor as gt
    >>> gt.gru_cell(gt.ones(1, 2), gt.ones(1, 1), gt.zeros(3, 2), gt.zeros(3, 1))
    tensor([[0.5000]])
    """
    return _cell("gru_cell", "gru", input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@autocasts("rnn_tanh_cell")
def rnn_tanh_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of an Elman network: tanh(input @ w_ih.T + b_ih + hx @ w_hh.T + b_hh).

    >>> import gputensor as gt
    >>> gt.rnn_tanh_cell(gt.ones(1, 2), gt.zeros(1, 1), gt.ones(1, 2), gt.ones(1, 1))
    tensor([[0.9640]])
    """
    return _cell("rnn_tanh_cell", "rnn_tanh", input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


@autocasts("rnn_relu_cell")
def rnn_relu_cell(
    input: Tensor,
    hx: Tensor,
    w_ih: Tensor,
    w_hh: Tensor,
    b_ih: Tensor | None = None,
    b_hh: Tensor | None = None,
) -> Tensor:
    """One step of an Elman network: relu(input @ w_ih.T + b_ih + hx @ w_hh.T + b_hh).

    >>> import gputensor as gt
    >>> gt.rnn_relu_cell(gt.ones(1, 2), gt.zeros(1, 1), gt.ones(1, 2), gt.ones(1, 1))
    tensor([[2.]])
    """
    return _cell("rnn_relu_cell", "rnn_relu", input, (hx,), w_ih, w_hh, b_ih, b_hh)[0]


def _any_form(kind: str, input: Any, given: tuple[Any, ...], packed: bool) -> tuple[Any, list[Any]]:
    """Run in the form with whole sequences or, `packed`, in the one whose second argument is the batch sizes."""
    checked(kind, input)
    if packed:
        sizes, hx, params, biases, layers, dropout, train, both = given[:8]
        states = several(kind, "hx", hx) if kind == "lstm" else (hx,)
        params = several(kind, "params", params)
        return stacked(kind, input, checked(kind, sizes).tolist(), states, params, biases, layers, dropout, train, both)
    hx, params, biases, layers, dropout, train, both, batch_first = given
    states = several(kind, "hx", hx) if kind == "lstm" else (hx,)
    params = several(kind, "params", params)
    if input.dim() != 3:
        raise ShapeError(f"{kind}: input must be (time, batch, in), got shape {tuple(input.shape)}")
    if batch_first:
        input = input.transpose(0, 1)
    times, batch, width = input.shape
    if not times:
        raise ShapeError(f"{kind}: a sequence must have at least one time step, got input of {tuple(input.shape)}")
    output, last = stacked(
        kind, input.reshape(times * batch, width), [batch] * times, states, params, biases, layers, dropout, train, both
    )
    output = output.reshape(times, batch, output.shape[1])
    return (output.transpose(0, 1) if batch_first else output), last


def stacked(
    kind: str,
    data: Tensor,
    sizes: Sequence[int],
    states: Sequence[Tensor],
    params: Sequence[Tensor],
    biases: bool,
    layers: int,
    dropout: float,
    train: bool,
    both: bool,
) -> tuple[Any, list[Any]]:
    """Layers upon layers over packed data: the output and the last states."""
    args = (kind, data, sizes, tuple(states), list(params), biases, layers, dropout, train, both)
    return cast_whole(f"{kind}_layers", _stacked, args, {}) if ACTIVE else _stacked(*args)


def _stacked(
    kind: str,
    data: Tensor,
    sizes: Sequence[int],
    states: Sequence[Tensor],
    params: Sequence[Tensor],
    biases: bool,
    layers: int,
    dropout: float,
    train: bool,
    both: bool,
) -> tuple[Any, list[Any]]:
    directions = 2 if both else 1
    each = len(params) // (layers * directions) if layers > 0 else 0
    if each * layers * directions != len(params) or each - 2 * bool(biases) not in (2, 3 if kind == "lstm" else 2):
        raise ShapeError(
            f"{kind}: got {len(params)} params for {layers} layers in {directions} directions, has_biases={biases}"
        )
    for state in states:
        if state.dim() != 3 or state.shape[0] != layers * directions or state.shape[1] != sizes[0]:
            raise ShapeError(
                f"{kind}: a state must be (layers * directions, batch, width) = ({layers * directions}, {sizes[0]}, …),"
                f" got shape {tuple(state.shape)}"
            )
    last: list[list[Any]] = [[] for _ in states]
    for layer in range(layers):
        outputs = []
        for direction in range(directions):
            k = layer * directions + direction
            weights = params[k * each : (k + 1) * each]
            b = weights[2:4] if biases else (None, None)
            projection = weights[4:] if biases else weights[2:]
            made = _run(
                kind, kind, data, [s[k] for s in states], [*weights[:2], *b, *projection], sizes, direction == 1
            )
            outputs.append(made[0])
            for place, rows in zip(last, made, strict=True):
                place.append(_final(rows, sizes, direction == 1))
        data = outputs[0] if len(outputs) == 1 else cat(outputs, 1)
        if dropout and train and layer < layers - 1:
            data = drop(data, dropout)
    return data, [stack(rows) for rows in last]


def _final(y: Any, sizes: Sequence[int], reverse: bool) -> Any:
    """The rows of every sequence's last step."""
    batch = sizes[0]
    if reverse:
        return y[:batch]
    if sizes[-1] == batch:
        return y[len(y) - batch :]
    parts, stop, after = [], len(y), 0
    for size in reversed(sizes):
        if size > after:
            parts.append(y[stop - size + after : stop])
        stop, after = stop - size, size
    return cat(parts)


def _cell(
    name: str, kind: str, input: Any, states: tuple[Any, ...], w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any
) -> tuple[Any, ...]:
    tensors = {"input": input, "hx": states[0], "w_ih": w_ih, "w_hh": w_hh}
    for label, value in tensors.items():
        if not isinstance(value, _apply.Tensor):
            raise TypeError(f"{name}: {label} must be a Tensor, got {describe(value)}; {remedy(value)}")
    if input.dim() != 2 or any([s.dim() != 2 or s.shape[0] != input.shape[0] for s in states]):
        raise ShapeError(
            f"{name}: input must be (batch, in) and hx (batch, width), got shapes {tuple(input.shape)} and "
            f"{', '.join([str(tuple(s.shape)) for s in states])}"
        )
    made = _run(name, kind, input, states, [w_ih, w_hh, b_ih, b_hh], [input.shape[0]], False)
    return made[0], made


def _run(
    name: str, kind: str, x: Any, states: Sequence[Any], weights: Sequence[Any], sizes: Sequence[int], reverse: bool
) -> tuple[Any, ...]:
    """One layer in one direction: the output, and c of an LSTM, of all rows."""
    w_ih, w_hh, b_ih, b_hh, *w_hr = weights
    _check_shapes(name, kind, x, states, weights)
    xp = x.xp
    if b_ih is None:
        b_ih = wrap(xp.zeros_for(x.array, (w_ih.shape[0],)), xp)
    if b_hh is None:
        b_hh = wrap(xp.zeros_for(x.array, (w_ih.shape[0],)), xp)
    operands = [x, *states, w_ih, w_hh, b_ih, b_hh, *w_hr]
    dtype = x.array.dtype
    other = next((t for t in operands if t.array.dtype != dtype), None)
    if other is not None or dtype not in FLOATING or dtype.kind == "c":
        raise DtypeError(
            f"{name}: input, states and weights must have one real floating-point dtype, got {dtype_name(dtype)}"
            f"{'' if other is None else ' and ' + dtype_name(other.array.dtype)}; convert with .to(…)"
        )
    if dtype in HALF:
        operands = [cast(t, F32) for t in operands]
    if kind == "lstm":
        made = applyn(Lstm(tuple(sizes), reverse), operands)
    elif kind == "gru":
        made = (applyn(Gru(tuple(sizes), reverse), operands),)
    else:
        made = (applyn(Rnn(tuple(sizes), reverse, kind == "rnn_relu"), operands),)
    return tuple([cast(t, dtype) for t in made]) if dtype in HALF else made


def _check_shapes(name: str, kind: str, x: Any, states: Sequence[Any], weights: Sequence[Any]) -> None:
    w_ih, w_hh, b_ih, b_hh, *w_hr = weights
    width = states[-1].shape[-1]
    gates = GATES[kind] * width
    out = w_hr[0].shape[0] if w_hr else width
    wanted = {
        "w_ih": (w_ih, (gates, x.shape[1])),
        "w_hh": (w_hh, (gates, out)),
        "b_ih": (b_ih, (gates,)),
        "b_hh": (b_hh, (gates,)),
        "h": (states[0], (states[0].shape[0], out)),
    }
    if w_hr:
        wanted["w_hr"] = (w_hr[0], (out, width))
    for label, (value, shape) in wanted.items():
        if value is not None and tuple(value.shape) != shape:
            raise ShapeError(
                f"{name}: for an input of width {x.shape[1]} and states of width {width}, {label} must have shape "
                f"{shape}, got {tuple(value.shape)}"
            )
