"""Recurrent layers and their single steps: RNN, LSTM, GRU and the cells."""

from __future__ import annotations

import math
import warnings
from typing import Any, NoReturn

from gputensor._tensor import Tensor
from gputensor.errors import ShapeError
from gputensor.nn import init
from gputensor.nn.modules.module import Module
from gputensor.nn.parameter import Parameter
from gputensor.nn.utils.rnn import PackedSequence
from gputensor.ops.creation import empty
from gputensor.ops.recurrent import GATES, gru_cell, lstm_cell, rnn_relu_cell, rnn_tanh_cell, stacked


class RNNBase(Module):
    """The parameters of RNN, LSTM and GRU, and the way of the sequences through them.

    mode: "RNN_TANH", "RNN_RELU", "LSTM" or "GRU". Parameters of layer k: weight_ih_l{k}: (gates * hidden_size, in),
    weight_hh_l{k}: (gates * hidden_size, hidden_size), bias_ih_l{k} and bias_hh_l{k}: (gates * hidden_size,), with
    proj_size weight_hr_l{k}: (proj_size, hidden_size); those of the other direction end in _reverse. All begin uniform
    in ±1/sqrt(hidden_size).

    >>> import gputensor as gt
    >>> [name for name, _ in gt.nn.RNNBase("GRU", 2, 3, bias=False).named_parameters()]
    ['weight_ih_l0', 'weight_hh_l0']
    """

    mode: str
    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    proj_size: int

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        if mode.lower() not in GATES:
            raise ValueError(f"Unrecognized RNN mode: {mode}; use one of {[m.upper() for m in GATES]}")
        if isinstance(dropout, bool) or not isinstance(dropout, (int, float)) or not 0 <= dropout <= 1:
            raise ValueError(f"{name}: dropout should be a number in range [0, 1], got {dropout!r}")
        for label, given in (("bias", bias), ("batch_first", batch_first)):
            if not isinstance(given, bool):
                raise TypeError(f"{name}: {label} should be of type bool, got: {type(given).__name__}")
        for label, count in (("input_size", input_size), ("hidden_size", hidden_size), ("num_layers", num_layers)):
            if not isinstance(count, int):
                raise TypeError(f"{name}: {label} should be of type int, got: {type(count).__name__}")
            if count <= 0:
                raise ValueError(f"{name}: {label} must be greater than zero, got {count}")
        if not 0 <= proj_size < hidden_size:
            raise ValueError(f"{name}: proj_size must be 0 or from 1 to hidden_size - 1, got {proj_size}")
        if proj_size and mode != "LSTM":
            raise ValueError(f"{name}: proj_size argument is only supported for LSTM, not {mode}")
        if dropout and num_layers == 1:
            warnings.warn(
                "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects "
                f"num_layers greater than 1, but got dropout={dropout} and num_layers={num_layers}",
                stacklevel=3 if name in ("RNN", "LSTM", "GRU") else 2,
            )
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bool(bidirectional)
        self.proj_size = proj_size
        gates, out = GATES[mode.lower()] * hidden_size, proj_size or hidden_size
        self._all_weights: list[list[str]] = []
        for layer in range(num_layers):
            for suffix in ("", "_reverse") if bidirectional else ("",):
                end = f"_l{layer}{suffix}"
                width = input_size if layer == 0 else out * (2 if bidirectional else 1)
                shapes: dict[str, tuple[int, ...]] = {"weight_ih": (gates, width), "weight_hh": (gates, out)}
                if bias:
                    shapes |= {"bias_ih": (gates,), "bias_hh": (gates,)}
                if proj_size:
                    shapes["weight_hr"] = (proj_size, hidden_size)
                for label, shape in shapes.items():
                    self.register_parameter(label + end, Parameter(empty(*shape, device=device, dtype=dtype)))
                self._all_weights.append([label + end for label in shapes])
        self.reset_parameters()

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters of every layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    @property
    def _flat_weights(self) -> list[Parameter]:
        return [weight for weights in self.all_weights for weight in weights]

    @property
    def _flat_weights_names(self) -> list[str]:
        return [name for names in self._all_weights for name in names]

    def reset_parameters(self) -> None:
        """Draw all parameters anew, uniform in ±1/sqrt(hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size)
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self) -> None:
        """Accepted for PyTorch's sake; does nothing."""

    def forward(self, input: Any, hx: Any = None) -> Any:
        """output and the last states; see the class."""
        if isinstance(input, PackedSequence):
            return self._packed(input, hx)
        name = self.mode.split("_")[0]
        if input.dim() not in (2, 3):
            raise ShapeError(f"{name}: Expected input to be 2D or 3D, got {input.dim()}D instead")
        given = tuple(input.shape)
        alone = input.dim() == 2
        if alone:
            input = input.unsqueeze(1)
        elif self.batch_first:
            input = input.transpose(0, 1)
        times, batch, width = input.shape
        if width != self.input_size:
            self._wrong_width(given)
        if not times:
            raise ShapeError(f"{name}: Expected sequence length to be larger than 0 in RNN")
        states = self._states(input, hx, batch, alone)
        output, last = self._run(input.reshape(times * batch, width), [batch] * times, states)
        output = output.reshape(times, batch, output.shape[1])
        if alone:
            output, last = output.squeeze(1), [s.squeeze(1) for s in last]
        elif self.batch_first:
            output = output.transpose(0, 1)
        return output, tuple(last) if self.mode == "LSTM" else last[0]

    def _packed(self, input: PackedSequence, hx: Any) -> tuple[PackedSequence, Any]:
        data, batch_sizes, order, back = input
        if data.dim() != 2 or data.shape[-1] != self.input_size:
            self._wrong_width(tuple(data.shape))
        sizes = batch_sizes.tolist()
        if hx is not None:
            hx = self.permute_hidden(hx, order)
        output, last = self._run(data, sizes, self._states(data, hx, sizes[0], False))
        hidden = self.permute_hidden(tuple(last) if self.mode == "LSTM" else last[0], back)
        return PackedSequence(output, batch_sizes, order, back), hidden

    def _run(self, data: Tensor, sizes: list[int], states: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        return stacked(
            self.mode.lower(), data, sizes, states, self._flat_weights, self.bias, self.num_layers, self.dropout,
            self.training, self.bidirectional,
        )  # fmt: skip

    def _states(self, input: Tensor, hx: Any, batch: int, alone: bool) -> list[Tensor]:
        """The first states, (layers * directions, batch, width) each: as given and checked, or zeros."""
        many = self.num_layers * (2 if self.bidirectional else 1)
        shapes = [(many, batch, self.proj_size or self.hidden_size)]
        if self.mode == "LSTM":
            shapes.append((many, batch, self.hidden_size))
        if hx is None:
            return [input.new_zeros(shape) for shape in shapes]
        if self.mode == "LSTM" and isinstance(hx, Tensor):
            raise ShapeError(f"{self._get_name()}: hx must be the two tensors (h_0, c_0), got one Tensor; pass both")
        given = list(hx) if self.mode == "LSTM" else [hx]
        if len(given) != len(shapes):
            raise ShapeError(f"{self._get_name()}: hx must be the two tensors (h_0, c_0), got {len(given)}")
        for k, shape in enumerate(shapes):
            wanted = (shape[0], shape[2]) if alone else shape
            if tuple(given[k].shape) != wanted:
                label = f"hidden[{k}]" if len(given) > 1 else "hidden"
                raise ShapeError(f"{self._label()}: Expected {label} size {wanted}, got {tuple(given[k].shape)}")
        return [s.unsqueeze(1) for s in given] if alone else given

    def permute_hidden(self, hx: Any, permutation: Tensor | None) -> Any:
        """The states with their sequences in another order."""
        if permutation is None:
            return hx
        if isinstance(hx, tuple):
            return tuple([s.index_select(1, permutation) for s in hx])
        return hx.index_select(1, permutation)

    def _wrong_width(self, shape: tuple[int, ...]) -> NoReturn:
        raise ShapeError(
            f"{self._label()}: input.size(-1) must be equal to input_size, expected {self.input_size} in the last dim "
            f"of the input, got shape {shape}"
        )

    def _label(self) -> str:
        return f"{self._get_name()}(input_size={self.input_size}, hidden_size={self.hidden_size})"

    def extra_repr(self) -> str:
        words = [f"{self.input_size}, {self.hidden_size}"]
        if self.proj_size:
            words.append(f"proj_size={self.proj_size}")
        if self.num_layers != 1:
            words.append(f"num_layers={self.num_layers}")
        if self.bias is not True:
            words.append(f"bias={self.bias}")
        if self.batch_first:
            words.append(f"batch_first={self.batch_first}")
        if self.dropout:
            words.append(f"dropout={self.dropout}")
        if self.bidirectional:
            words.append(f"bidirectional={self.bidirectional}")
        return ", ".join(words)


class RNN(RNNBase):
    """Elman network: h' = tanh(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh), or relu of it.

    input: (time, batch, input_size), or (batch, time, input_size) with batch_first, (time, input_size) without batch,
    or a `PackedSequence`; hx: (num_layers * directions, batch, hidden_size), zeros unless given. Gives output, (time,
    batch, directions * hidden_size) in the form of the input, and h_n in that of hx. dropout: between layers, in
    training. Raises ShapeError for other widths. Source: Elman 1990. For parameters see `RNNBase`.

    >>> import gputensor as gt
    >>> output, h_n = gt.nn.RNN(2, 3)(gt.ones(5, 1, 2)); output.shape, h_n.shape
    (gputensor.Size([5, 1, 3]), gputensor.Size([1, 1, 3]))
    """

    nonlinearity: str

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(
            f"RNN_{nonlinearity.upper()}", input_size, hidden_size, num_layers, bias, batch_first, dropout,
            bidirectional, 0, device, dtype,
        )  # fmt: skip
        self.nonlinearity = nonlinearity


class LSTM(RNNBase):
    """Long short-term memory: i, f, g, o = x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh; c' = σ(f) c + σ(i)
    tanh(g); h' = σ(o) tanh(c').

    input: as in `RNN`; hx: (h_0, c_0), each (num_layers * directions, batch, hidden_size), zeros unless given. Gives
    output and (h_n, c_n). proj_size: the states h are multiplied with weight_hr, and of that width. Raises ShapeError
    for other widths. Source: Hochreiter and Schmidhuber 1997; projections: Sak et al. 2014, arXiv:1402.1128.

    >>> import gputensor as gt
    >>> output, (h_n, c_n) = gt.nn.LSTM(2, 3, bidirectional=True)(gt.ones(5, 1, 2)); output.shape, c_n.shape
    (gputensor.Size([5, 1, 6]), gputensor.Size([2, 1, 3]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "LSTM", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size, device,
            dtype,
        )  # fmt: skip


class GRU(RNNBase):
    """Gated recurrent unit: r, z = σ(x @ weight_ih.T + bias_ih + h @ weight_hh.T + bias_hh); n = tanh(x @ W_in.T + b_in
    + r (h @ W_hn.T + b_hn)); h' = (1 - z) n + z h.

    input and hx: as in `RNN`. Gives output and h_n. The gates lie in the parameters in the order r, z, n. Source: Cho
    et al. 2014, arXiv:1406.1078, with the reset after the product.

    >>> import gputensor as gt
    >>> output, h_n = gt.nn.GRU(2, 3, num_layers=2)(gt.ones(5, 1, 2)); output.shape, h_n.shape
    (gputensor.Size([5, 1, 3]), gputensor.Size([2, 1, 3]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "GRU", input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype
        )


class RNNCellBase(Module):
    """The parameters of the cells: weight_ih, weight_hh, bias_ih and bias_hh, shaped as in `RNNBase`.

    >>> import gputensor as gt
    >>> gt.nn.RNNCellBase(2, 3, True, num_chunks=3).weight_ih.shape
    gputensor.Size([9, 2])
    """

    input_size: int
    hidden_size: int
    bias: bool
    weight_ih: Tensor
    weight_hh: Tensor
    bias_ih: Tensor | None
    bias_hh: Tensor | None

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, num_chunks: int, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        gates = num_chunks * hidden_size
        self.weight_ih = Parameter(empty(gates, input_size, device=device, dtype=dtype))
        self.weight_hh = Parameter(empty(gates, hidden_size, device=device, dtype=dtype))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(name, Parameter(empty(gates, device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters anew, uniform in ±1/sqrt(hidden_size)."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def _checked(self, input: Tensor, states: list[Tensor] | None, count: int) -> tuple[Tensor, list[Tensor]]:
        """The input and the states with a batch; zeros for states that were not given."""
        name = self._get_name()
        if input.dim() not in (1, 2):
            raise ShapeError(f"{name}: Expected input to be 1D or 2D, got {input.dim()}D instead")
        if input.shape[-1] != self.input_size:
            raise ShapeError(
                f"{name}(input_size={self.input_size}, hidden_size={self.hidden_size}): expected {self.input_size} in "
                f"the last dim of the input, got shape {tuple(input.shape)}"
            )
        rows = input if input.dim() == 2 else input.unsqueeze(0)
        if states is None:
            return rows, [rows.new_zeros((rows.shape[0], self.hidden_size))] * count
        for state in states:
            if state.dim() != input.dim() or tuple(state.shape) != (*input.shape[:-1], self.hidden_size):
                raise ShapeError(
                    f"{name}(input_size={self.input_size}, hidden_size={self.hidden_size}): expected states of shape "
                    f"{(*input.shape[:-1], self.hidden_size)}, got {tuple(state.shape)}"
                )
        return rows, states if input.dim() == 2 else [s.unsqueeze(0) for s in states]

    def extra_repr(self) -> str:
        words = f"{self.input_size}, {self.hidden_size}"
        if self.bias is not True:
            words += f", bias={self.bias}"
        nonlinearity = self.__dict__.get("nonlinearity", "tanh")
        return words if nonlinearity == "tanh" else f"{words}, nonlinearity={nonlinearity}"


class RNNCell(RNNCellBase):
    """One step of an `RNN`: the next h.

    input: (batch, input_size) or (input_size,); hx: (batch, hidden_size) or (hidden_size,), zeros unless given. Raises
    ShapeError for other widths.

    >>> import gputensor as gt
    >>> gt.nn.RNNCell(2, 3)(gt.ones(5, 2)).shape
    gputensor.Size([5, 3])
    """

    nonlinearity: str

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}; use 'tanh' or 'relu'")
        rows, (h,) = self._checked(input, None if hx is None else [hx], 1)
        step = rnn_tanh_cell if self.nonlinearity == "tanh" else rnn_relu_cell
        out = step(rows, h, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return out if input.dim() == 2 else out.squeeze(0)


class LSTMCell(RNNCellBase):
    """One step of an `LSTM`: the next h and c.

    input: (batch, input_size) or (input_size,); hx: (h, c), each (batch, hidden_size) or (hidden_size,), zeros unless
    given. Raises ShapeError for other widths.

    >>> import gputensor as gt
    >>> h, c = gt.nn.LSTMCell(2, 3)(gt.ones(5, 2)); h.shape, c.shape
    (gputensor.Size([5, 3]), gputensor.Size([5, 3]))
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        rows, states = self._checked(input, None if hx is None else list(hx), 2)
        h, c = lstm_cell(rows, states, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return (h, c) if input.dim() == 2 else (h.squeeze(0), c.squeeze(0))


class GRUCell(RNNCellBase):
    """One step of a `GRU`: the next h.

    input: (batch, input_size) or (input_size,); hx: (batch, hidden_size) or (hidden_size,), zeros unless given. Raises
    ShapeError for other widths.

    >>> import gputensor as gt
    >>> gt.nn.GRUCell(2, 3)(gt.ones(5, 2)).shape
    gputensor.Size([5, 3])
    """

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        rows, (h,) = self._checked(input, None if hx is None else [hx], 1)
        out = gru_cell(rows, h, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        return out if input.dim() == 2 else out.squeeze(0)
