"""Samples of recurrent networks and of attention in several heads."""

import numpy as np

from tests.samples import Sample, b, f

# in 16 bits every step of attention is rounded, in PyTorch in another order
WIDE = ("float32", "float64")


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_step(x, h, c, w, u, a, d):
    i, g, n, o = np.split(x @ w.T + a + h @ u.T + d, 4, 1)
    c = sigmoid(g) * c + sigmoid(i) * np.tanh(n)
    return sigmoid(o) * np.tanh(c), c


def gru_step(x, h, w, u, a, d):
    (r, z, n), (s, y, m) = np.split(x @ w.T + a, 3, 1), np.split(h @ u.T + d, 3, 1)
    z = sigmoid(z + y)
    return (1 - z) * np.tanh(n + sigmoid(r + s) * m) + z * h


def over_time(step, x, *states):
    """The outputs of all times and the last states; a state may be several."""
    outputs = []
    for row in x:
        states = step(row, *states)
        outputs.append(states[0])
    return (np.stack(outputs), *[s[None] for s in states])


def attention(x, w, a, u, d):
    """Self-attention in two heads of three: x (time, batch, 6)."""
    time, batch, width = x.shape
    q, k, v = np.split(x @ w.T + a, 3, -1)
    q, k, v = [t.reshape(time, batch, 2, 3).transpose(1, 2, 0, 3) for t in (q, k, v)]
    e = np.exp(q @ k.swapaxes(2, 3) / np.sqrt(3))
    weights = e / e.sum(-1, keepdims=True)
    return (weights @ v).transpose(2, 0, 1, 3).reshape(time, batch, width) @ u.T + d, weights.mean(1)


SAMPLES: list[Sample] = [
    Sample(
        "lstm",
        lambda lib, x, h, c, *p: lib.lstm(x, (h, c), list(p), True, 1, 0.0, False, False, False),
        (f(3, 2, 3), f(1, 2, 2), f(1, 2, 2), f(8, 3), f(8, 2), f(8), f(8)),
        reference=lambda x, h, c, *p: over_time(lambda row, a, d: lstm_step(row, a, d, *p), x, h[0], c[0]),
    ),
    Sample(
        "lstm both ways projected",
        lambda lib, x, h, c, *p: lib.lstm(x, (h, c), list(p), False, 1, 0.0, False, True, True),
        (f(2, 3, 2), f(2, 2, 1), f(2, 2, 2), f(8, 2), f(8, 1), f(1, 2), f(8, 2), f(8, 1), f(1, 2)),
        dtypes=("float64",),  # PyTorch warns of projections in the others
    ),
    Sample(
        "gru",
        lambda lib, x, h, *p: lib.gru(x, h, list(p), True, 1, 0.0, False, False, False),
        (f(3, 2, 3), f(1, 2, 2), f(6, 3), f(6, 2), f(6), f(6)),
        reference=lambda x, h, *p: over_time(lambda row, a: (gru_step(row, a, *p),), x, h[0]),
    ),
    Sample(
        "rnn_tanh two layers",
        lambda lib, x, h, *p: lib.rnn_tanh(x, h, list(p), False, 2, 0.0, False, False, False),
        (f(3, 2, 3), f(2, 2, 2), f(2, 3), f(2, 2), f(2, 2), f(2, 2)),
    ),
    Sample(
        "rnn_relu",
        lambda lib, x, h, *p: lib.rnn_relu(x, h, list(p), True, 1, 0.0, False, False, False),
        (f(3, 2, 3), f(1, 2, 2), f(2, 3), f(2, 2), f(2), f(2)),
        reference=lambda x, h, w, u, a, d: over_time(
            lambda row, s: (np.maximum(row @ w.T + a + s @ u.T + d, 0),), x, h[0]
        ),
    ),
    Sample(
        "lstm_cell",
        lambda lib, x, h, c, *p: lib.lstm_cell(x, (h, c), *p),
        (f(2, 3), f(2, 2), f(2, 2), f(8, 3), f(8, 2), f(8), f(8)),
        reference=lstm_step,
    ),
    Sample(
        "gru_cell",
        lambda lib, x, h, *p: lib.gru_cell(x, h, *p),
        (f(2, 3), f(2, 2), f(6, 3), f(6, 2), f(6), f(6)),
        reference=gru_step,
    ),
    Sample(
        "rnn_tanh_cell",
        lambda lib, x, h, w, u: lib.rnn_tanh_cell(x, h, w, u),
        (f(2, 3), f(2, 2), f(2, 3), f(2, 2)),
        reference=lambda x, h, w, u: np.tanh(x @ w.T + h @ u.T),
    ),
    Sample(
        "rnn_relu_cell",
        lambda lib, x, h, *p: lib.rnn_relu_cell(x, h, *p),
        (f(2, 3), f(2, 2), f(2, 3), f(2, 2), f(2), f(2)),
        reference=lambda x, h, w, u, a, d: np.maximum(x @ w.T + a + h @ u.T + d, 0),
    ),
    Sample(
        "multi_head_attention_forward",
        lambda lib, x, w, a, u, d: lib.nn.functional.multi_head_attention_forward(
            x, x, x, 6, 2, w, a, None, None, False, 0.0, u, d
        ),
        (f(4, 2, 6), f(18, 6), f(18), f(6, 6), f(6)),
        reference=attention,
        dtypes=WIDE,
        torch=False,
        reason="PyTorch refuses by AssertionErrors; tests/nn/test_attention.py compares them",
    ),
    Sample(
        "multi_head_attention_forward masks",
        lambda lib, x, y, w, u, m: lib.nn.functional.multi_head_attention_forward(
            x, y, y, 4, 2, w, None, None, None, True, 0.0, u, None, need_weights=False, attn_mask=m
        )[0],
        (f(3, 2, 4), f(5, 2, 4), f(12, 4), f(4, 4), b(3, 5)),
        dtypes=WIDE,
        torch=False,
        reason="PyTorch refuses by AssertionErrors; tests/nn/test_attention.py compares them",
    ),
]
