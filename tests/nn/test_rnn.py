"""Recurrent layers and cells: beside PyTorch's, and beside the formulas."""

import copy
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.errors import ShapeError
from gputensor.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence
from tests.nn.beside_torch import agree

RNG = np.random.default_rng(4)
X = RNG.standard_normal((5, 3, 2))
OPTIONS = {
    "plain": {},
    "stacked both ways": {"num_layers": 2, "bidirectional": True},
    "batch first without bias": {"bias": False, "batch_first": True},
}
KINDS = {
    "LSTM": {},
    "LSTM projected": {"proj_size": 2},
    "GRU": {},
    "RNN": {},
    "RNN relu": {"nonlinearity": "relu"},
}


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def maker(kind, options):
    return lambda lib: getattr(lib.nn, kind.split()[0])(2, 4, **KINDS[kind], **options)


def first_states(kind, options, batch):
    many = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    widths = (KINDS[kind].get("proj_size", 4), 4) if "LSTM" in kind else (4,)
    return [RNG.standard_normal((many, *batch, width)) for width in widths]


def whole(lib, layer, x, *states):
    return layer(x, (states if len(states) > 1 else states[0]) if states else None)


@pytest.mark.torch
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_recurrent_layer_is_pytorchs(kind, options, torch):
    chosen = OPTIONS[options]
    x = X.swapaxes(0, 1) if chosen.get("batch_first") else X
    agree(torch, maker(kind, chosen), whole, x)
    agree(torch, maker(kind, chosen), whole, x, *first_states(kind, chosen, (3,)), second=False)
    agree(torch, maker(kind, chosen), whole, X[:, 0], *first_states(kind, chosen, ()), second=False)


@pytest.mark.torch
@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_recurrent_layer_of_packed_sequences_is_pytorchs(kind, options, torch):
    chosen = OPTIONS[options]
    lengths = [2, 5, 3, 1]

    def call(lib, layer, x, *states):
        packed = lib.nn.utils.rnn.pack_padded_sequence(x, lib.tensor(lengths), enforce_sorted=False)
        output, hidden = whole(lib, layer, packed, *states)
        return lib.nn.utils.rnn.pad_packed_sequence(output)[0], hidden

    x = RNG.standard_normal((5, 4, 2))
    agree(torch, maker(kind, chosen), call, x, second=options == "stacked both ways")
    agree(torch, maker(kind, chosen), call, x, *first_states(kind, chosen, (4,)), second=False)


CELLS = {
    "LSTMCell": (lambda lib: lib.nn.LSTMCell(2, 4), 2),
    "GRUCell": (lambda lib: lib.nn.GRUCell(2, 4, bias=False), 1),
    "RNNCell": (lambda lib: lib.nn.RNNCell(2, 4), 1),
    "RNNCell relu": (lambda lib: lib.nn.RNNCell(2, 4, nonlinearity="relu"), 1),
}


@pytest.mark.torch
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_pytorchs(name, torch):
    make, count = CELLS[name]
    agree(torch, make, whole, X[0])
    agree(torch, make, whole, X[0], *RNG.standard_normal((count, 3, 4)))
    agree(torch, make, whole, X[0, 0], *RNG.standard_normal((count, 4)))


@pytest.mark.torch
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn_tanh", "rnn_relu"])
def test_the_functions_are_pytorchs(kind, torch):
    found = []
    for lib in (gt, torch):
        rng = np.random.default_rng(1)
        gates = {"lstm": 4, "gru": 3}.get(kind, 1) * 4
        shapes = [(gates, 2), (gates, 4), (gates,), (gates,)]
        params = [lib.tensor(rng.standard_normal(shape)) for shape in shapes * 2]
        states = [lib.tensor(rng.standard_normal((2, 3, 4))) for _ in range(2 if kind == "lstm" else 1)]
        hx, x = tuple(states) if kind == "lstm" else states[0], lib.tensor(X)
        function = getattr(lib, kind)
        found += [list(function(x, hx, params, True, 1, 0.0, False, True, False))]
        found[-1] += function(x.transpose(0, 1), hx, params, True, 1, 0.0, False, True, True)
        sizes = lib.tensor([3, 2, 1])
        found[-1] += function(x.reshape(15, 2)[:6], sizes, hx, params, True, 1, 0.0, False, True)
        cell = getattr(lib, f"{kind}_cell")
        one = (states[0][0], states[1][0]) if kind == "lstm" else hx[0]
        stepped = cell(x[0], one, *params[:4])
        found[-1] += stepped if kind == "lstm" else [stepped, cell(x[0], one, *params[:2])]
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-10)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_an_lstm_is_the_formula():
    layer = nn.LSTM(2, 3).double()
    w, u, b, c = [p.detach().numpy() for p in layer.parameters()]
    output, (h_n, c_n) = layer(gt.tensor(X))
    h = cell = np.zeros((3, 3))
    for t in range(5):
        i, f, g, o = np.split(X[t] @ w.T + b + h @ u.T + c, 4, 1)
        cell = sigmoid(f) * cell + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(cell)
        np.testing.assert_allclose(output[t].detach().numpy(), h, rtol=1e-10)
    np.testing.assert_allclose(h_n[0].detach().numpy(), h, rtol=1e-10)
    np.testing.assert_allclose(c_n[0].detach().numpy(), cell, rtol=1e-10)


def test_a_gru_is_the_formula():
    layer = nn.GRU(2, 3).double()
    w, u, b, c = [p.detach().numpy() for p in layer.parameters()]
    output, h_n = layer(gt.tensor(X))
    h = np.zeros((3, 3))
    for t in range(5):
        ar, az, an = np.split(X[t] @ w.T + b, 3, 1)
        br, bz, bn = np.split(h @ u.T + c, 3, 1)
        z = sigmoid(az + bz)
        h = (1 - z) * np.tanh(an + sigmoid(ar + br) * bn) + z * h
        np.testing.assert_allclose(output[t].detach().numpy(), h, rtol=1e-10)
    np.testing.assert_allclose(h_n[0].detach().numpy(), h, rtol=1e-10)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_an_rnn_is_the_formula_and_its_cell_is_its_step(nonlinearity):
    layer = nn.RNN(2, 3, nonlinearity=nonlinearity).double()
    cell = nn.RNNCell(2, 3, nonlinearity=nonlinearity).double()
    cell.load_state_dict({name[:-3]: value for name, value in layer.state_dict().items()})
    w, u, b, c = [p.detach().numpy() for p in layer.parameters()]
    output = layer(gt.tensor(X))[0].detach().numpy()
    h, state = np.zeros((3, 3)), None
    for t in range(5):
        h = X[t] @ w.T + b + h @ u.T + c
        h = np.tanh(h) if nonlinearity == "tanh" else np.maximum(h, 0)
        state = cell(gt.tensor(X[t]), state)
        np.testing.assert_allclose(output[t], h, rtol=1e-10)
        np.testing.assert_allclose(state.detach().numpy(), h, rtol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_packed_sequences_give_what_each_gives_alone(kind):
    layer = maker(kind, {"bidirectional": True})(gt).double()
    sequences = [gt.tensor(RNG.standard_normal((n, 2))) for n in (2, 4, 1)]
    packed, hidden = layer(pack_sequence(sequences, enforce_sorted=False))
    padded, lengths = pad_packed_sequence(packed, batch_first=True)
    last = hidden[0] if "LSTM" in kind else hidden
    for k, x in enumerate(sequences):
        output, alone = layer(x)
        alone = alone[0] if "LSTM" in kind else alone
        np.testing.assert_allclose(padded[k, : lengths[k]].detach().numpy(), output.detach().numpy(), rtol=1e-10)
        np.testing.assert_allclose(last[:, k].detach().numpy(), alone.detach().numpy(), rtol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_of_both_orders_are_those_of_differences(kind):
    layer = maker(kind, {"bidirectional": True})(gt).double()
    x = gt.tensor(RNG.standard_normal((4, 2)), requires_grad=True)
    names = [name for name, _ in layer.named_parameters()]

    def function(data, *weights):
        for name, weight in zip(names, weights, strict=True):
            layer.__dict__[name] = weight  # plain attributes come first
        out = layer(nn.utils.rnn.PackedSequence(data, gt.tensor([2, 1, 1])))
        return (out[0].data, *(out[1] if type(out[1]) is tuple else (out[1],)))

    weights = [p.detach().clone().requires_grad_() for p in layer.parameters()]
    assert gt.autograd.gradcheck(function, (x, *weights))
    assert gt.autograd.gradgradcheck(function, (x, *weights))


@pytest.mark.parametrize("kind", KINDS)
def test_the_kernel_is_the_specification(kind, monkeypatch):
    from gputensor.ops.recurrent_layers import Gru, Lstm, Rnn

    layer = maker(kind, {"bidirectional": True, "num_layers": 2})(gt).double()
    packed = pack_padded_sequence(gt.tensor(X, requires_grad=True), [5, 3, 3])

    def results():
        output, hidden = layer(packed)
        tensors = [output.data, *(hidden if "LSTM" in kind else [hidden])]
        loss = sum((t * t).sum() for t in tensors)
        return [t.detach().numpy() for t in [*tensors, *gt.autograd.grad(loss, [packed.data, *layer.parameters()])]]

    fast = results()
    for primitive in (Gru, Lstm, Rnn):
        monkeypatch.setattr(primitive, "kernels", None)
    for a, b in zip(fast, results(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", [gt.float16, gt.bfloat16])
def test_16_bit_floats_are_computed_in_float32(dtype):
    layer = nn.LSTM(2, 3).to(dtype)
    exact = copy.deepcopy(layer).float()
    x = gt.tensor(X).to(dtype)
    output, (h, _) = layer(x)
    assert output.dtype == h.dtype == dtype
    np.testing.assert_array_equal(
        output.detach().float().numpy(), exact(x.float())[0].detach().to(dtype).float().numpy()
    )


def test_a_state_goes_on_where_the_last_one_ended():
    layer = nn.GRU(2, 3, num_layers=2).double()
    x = gt.tensor(X)
    output, last = layer(x)
    first, state = layer(x[:2])
    second, state = layer(x[2:], state)
    np.testing.assert_allclose(gt.cat([first, second]).detach().numpy(), output.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(state.detach().numpy(), last.detach().numpy(), rtol=1e-10)


def test_dropout_falls_between_layers_in_training_only():
    gt.manual_seed(0)
    layer = nn.RNN(2, 50, 2, dropout=0.5)
    x = gt.ones(1, 1, 2)
    assert layer(x)[0].tolist() != layer(x)[0].tolist()
    layer.eval()
    assert layer(x)[0].tolist() == layer(x)[0].tolist()
    with pytest.warns(UserWarning, match="num_layers greater than 1"):
        nn.GRU(2, 3, dropout=0.5)


def test_a_layer_is_copied_pickled_and_moved_between_dtypes():
    layer = nn.LSTM(2, 3, proj_size=1)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert repr(other) == repr(layer)
        assert other(gt.ones(2, 1, 2))[0].tolist() == layer(gt.ones(2, 1, 2))[0].tolist()
    assert layer.double()(gt.ones(2, 1, 2).double())[0].dtype == gt.float64
    layer.flatten_parameters()
    assert [len(weights) for weights in layer.all_weights] == [5]


def test_first_values_lie_in_the_bound():
    for layer in (nn.LSTM(2, 4), nn.GRUCell(2, 4)):
        values = gt.cat([p.detach().flatten() for p in layer.parameters()])
        assert 0.45 < float(values.abs().max()) <= 0.5
    assert all(p.dtype == gt.float64 for p in nn.GRU(2, 3, dtype=gt.float64, device="cpu").parameters())


@pytest.mark.parametrize(
    ("make", "shapes", "words"),
    [
        (
            lambda: nn.LSTM(2, 3),
            [(5, 1, 4)],
            r"LSTM\(input_size=2, hidden_size=3\): .*expected 2 .*got shape \(5, 1, 4",
        ),
        (lambda: nn.GRU(2, 3), [(5, 4)], r"GRU\(input_size=2, hidden_size=3\): .*expected 2 .*got shape \(5, 4\)"),
        (lambda: nn.GRU(2, 3), [(2,)], "Expected input to be 2D or 3D, got 1D"),
        (lambda: nn.RNN(2, 3), [(0, 1, 2)], "sequence length to be larger than 0"),
        (lambda: nn.RNN(2, 3), [(5, 1, 2), (1, 2, 3)], r"Expected hidden size \(1, 1, 3\), got \(1, 2, 3\)"),
        (
            lambda: nn.GRUCell(2, 3),
            [(5, 4)],
            r"GRUCell\(input_size=2, hidden_size=3\): expected 2 .*got shape \(5, 4\)",
        ),
        (lambda: nn.GRUCell(2, 3), [(5, 2), (4, 3)], r"expected states of shape \(5, 3\), got \(4, 3\)"),
    ],
)
def test_a_wrong_input_names_the_layer(make, shapes, words):
    with pytest.raises(ShapeError, match=words):
        make()(*[gt.ones(*shape) for shape in shapes])


def test_wrong_settings_and_dtypes_are_refused():
    for options, error in (
        ({"hidden_size": 0}, ValueError),
        ({"input_size": 2.0}, TypeError),
        ({"dropout": 2}, ValueError),
        ({"bias": 1}, TypeError),
        ({"num_layers": 0}, ValueError),
    ):
        with pytest.raises(error):
            nn.GRU(**{"input_size": 2, "hidden_size": 3, **options})
    with pytest.raises(ValueError, match="proj_size"):
        nn.LSTM(2, 3, proj_size=3)
    with pytest.raises(ValueError, match="nonlinearity"):
        nn.RNN(2, 3, nonlinearity="sin")
    with pytest.raises(TypeError, match="one real floating-point dtype"):
        nn.LSTM(2, 3)(gt.ones(1, 1, 2, dtype=gt.float64))
    with pytest.raises(ShapeError, match=r"the two tensors \(h_0, c_0\)"):
        nn.LSTM(2, 3)(gt.ones(1, 1, 2), [gt.ones(1, 1, 3)])
    with pytest.raises(ShapeError, match="for 1 layers"):
        gt.gru(gt.ones(1, 1, 2), gt.ones(1, 1, 3), [gt.ones(9, 2)], True, 1, 0.0, False, False, False)
