"""Samples of dense layers, embeddings and attention."""

import numpy as np

from tests.samples import Sample, b, f, i

WITH_MORE = ("float32", "float64", "float16", "bfloat16", "complex64", "int64")


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


SAMPLES: list[Sample] = [
    Sample(
        "linear",
        lambda lib, x, w, c: lib.nn.functional.linear(x, w, c),
        (f(5, 4), f(3, 4), f(3)),
        reference=lambda x, w, c: x @ w.T + c,
        dtypes=WITH_MORE,
    ),
    Sample(
        "linear without bias",
        lambda lib, x, w: lib.nn.functional.linear(x, w),
        (f(5, 4), f(3, 4)),
        reference=lambda x, w: x @ w.T,
        dtypes=WITH_MORE,
    ),
    Sample(
        "linear more dims",
        lambda lib, x, w, c: lib.nn.functional.linear(x, w, c),
        (f(2, 5, 4), f(3, 4), f(3)),
        reference=lambda x, w, c: x @ w.T + c,
    ),
    Sample(
        "linear vector",
        lambda lib, x, w, c: lib.nn.functional.linear(x, w, c),
        (f(4), f(3, 4), f(3)),
        reference=lambda x, w, c: x @ w.T + c,
    ),
    Sample(
        "linear vector weight",
        lambda lib, x, w: lib.nn.functional.linear(x, w),
        (f(5, 4), f(4)),
        reference=lambda x, w: x @ w,
    ),
    Sample("linear empty", lambda lib, x, w, c: lib.nn.functional.linear(x, w, c), (f(0, 4), f(3, 4), f(3))),
    Sample(
        "bilinear",
        lambda lib, x, y, w, c: lib.nn.functional.bilinear(x, y, w, c),
        (f(5, 3), f(5, 2), f(4, 3, 2), f(4)),
        reference=lambda x, y, w, c: np.einsum("ni,oij,nj->no", x, w, y) + c,
    ),
    Sample(
        "embedding",
        lambda lib, n, w: lib.nn.functional.embedding(n, w),
        (i(2, 3, low=0, high=5), f(5, 4)),
        reference=lambda n, w: w[n],
    ),
    Sample(
        "one_hot",
        lambda lib, n: lib.nn.functional.one_hot(n, 5),
        (i(2, 3, low=0, high=5),),
        differentiable=False,
        reference=lambda n: np.eye(5, dtype=int)[n],
        dtypes=("int64",),
    ),
    Sample(
        "attention",
        lambda lib, q, k, v: lib.nn.functional.scaled_dot_product_attention(q, k, v),
        (f(2, 3, 4), f(2, 5, 4), f(2, 5, 3)),
        reference=lambda q, k, v: softmax(q @ k.swapaxes(1, 2) / 2) @ v,
    ),
    Sample(
        "attention causal",
        lambda lib, q, k, v: lib.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True),
        (f(2, 4, 4), f(2, 4, 4), f(2, 4, 3)),
        reference=lambda q, k, v: softmax(np.where(np.tri(4) > 0, q @ k.swapaxes(1, 2) / 2, -np.inf)) @ v,
    ),
    Sample(
        "attention mask",
        lambda lib, q, k, v, m: lib.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=m),
        (f(2, 3, 4), f(2, 5, 4), f(2, 5, 3), b(3, 5)),
    ),
    Sample("dropout off", lambda lib, x: lib.nn.functional.dropout(x, 0.5, training=False), (f(3, 4),)),
    Sample("dropout of all", lambda lib, x: lib.nn.functional.dropout(x, 1.0), (f(3, 4),), reference=lambda x: x * 0),
]
