"""Layers and losses, most of them forward and backward."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .drawing import forward_backward, normal, whole


def softmax(lib: Any) -> Callable[[], Any]:
    x = normal(lib, 4096, 1024)
    return lambda: x.softmax(1)


def softmax_both(lib: Any) -> Callable[[], Any]:
    x = normal(lib, 4096, 1024, grad=True)
    g = normal(lib, 4096, 1024, seed=1)
    return forward_backward(lambda: x.softmax(1), x, seed=g)


def layer_norm(lib: Any) -> Callable[[], Any]:
    x, g = normal(lib, 2048, 1024, grad=True), normal(lib, 2048, 1024, seed=3)
    w, b = normal(lib, 1024, seed=1, grad=True), normal(lib, 1024, seed=2, grad=True)
    return forward_backward(lambda: lib.nn.functional.layer_norm(x, (1024,), w, b), x, w, b, seed=g)


def activation(lib: Any, name: str) -> Callable[[], Any]:
    x, g = normal(lib, 2_000_000, grad=True), normal(lib, 2_000_000, seed=1)
    f = getattr(lib.nn.functional, name)
    return forward_backward(lambda: f(x), x, seed=g)


def cross_entropy(lib: Any) -> Callable[[], Any]:
    x, target = normal(lib, 1024, 5000, grad=True), whole(lib, 5000, 1024)
    return forward_backward(lambda: lib.nn.functional.cross_entropy(x, target), x)


def conv(
    lib: Any, shape: tuple[int, ...], out: int, kernel: int, *, last: bool = False, transposed: bool = False, **how: Any
) -> Callable[[], Any]:
    """Forward and backward with the gradients of input, weight and bias. shape: of the input, last: channels_last."""
    spatial = len(shape) - 2
    groups = how.get("groups", 1)
    x = normal(lib, *shape)
    if last:
        x = x.to(memory_format=lib.channels_last)
    x.requires_grad_()
    first = (shape[1], out // groups) if transposed else (out, shape[1] // groups)
    w = normal(lib, *first, *(kernel,) * spatial, seed=1, grad=True, scale=0.1)
    b = normal(lib, out, seed=2, grad=True)
    f = getattr(lib.nn.functional, f"conv{'_transpose' if transposed else ''}{spatial}d")
    g = normal(lib, *f(x, w, b, **how).shape, seed=3)
    if last:
        g = g.to(memory_format=lib.channels_last)
    return forward_backward(lambda: f(x, w, b, **how), x, w, b, seed=g)


def pool(lib: Any, name: str, shape: tuple[int, ...], *, last: bool = False, **how: Any) -> Callable[[], Any]:
    x = normal(lib, *shape)
    if last:
        x = x.to(memory_format=lib.channels_last)
    x.requires_grad_()
    f = getattr(lib.nn.functional, name)
    g = normal(lib, *f(x, **how).shape, seed=1)
    return forward_backward(lambda: f(x, **how), x, seed=g)


def batch_norm(lib: Any, *shape: int) -> Callable[[], Any]:
    x, g = normal(lib, *shape, grad=True), normal(lib, *shape, seed=3)
    w, b = normal(lib, shape[1], seed=1, grad=True), normal(lib, shape[1], seed=2, grad=True)
    mean, var = lib.zeros(shape[1]), lib.ones(shape[1])
    return forward_backward(lambda: lib.nn.functional.batch_norm(x, mean, var, w, b, training=True), x, w, b, seed=g)


def group_norm(lib: Any) -> Callable[[], Any]:
    x, g = normal(lib, 32, 64, 32, 32, grad=True), normal(lib, 32, 64, 32, 32, seed=3)
    w, b = normal(lib, 64, seed=1, grad=True), normal(lib, 64, seed=2, grad=True)
    return forward_backward(lambda: lib.nn.functional.group_norm(x, 8, w, b), x, w, b, seed=g)


def embedding(lib: Any) -> Callable[[], Any]:
    table, tokens = normal(lib, 10_000, 256, grad=True), whole(lib, 10_000, 8192)
    g = normal(lib, 8192, 256, seed=1)
    return forward_backward(lambda: lib.nn.functional.embedding(tokens, table), table, seed=g)


def dropout(lib: Any) -> Callable[[], Any]:
    x, g = normal(lib, 4_000_000, grad=True), normal(lib, 4_000_000, seed=1)
    return forward_backward(lambda: lib.nn.functional.dropout(x, 0.1, True), x, seed=g)


def attention(lib: Any, batch: int, heads: int, length: int, width: int) -> Callable[[], Any]:
    q, k, v = (normal(lib, batch, heads, length, width, seed=s, grad=True) for s in range(3))
    g = normal(lib, batch, heads, length, width, seed=3)
    f = lib.nn.functional.scaled_dot_product_attention
    return forward_backward(lambda: f(q, k, v, is_causal=True), q, k, v, seed=g)


_conv = functools.partial

MAIN: dict[str, Any] = {
    "softmax 4096x1024": softmax,
    "layer_norm fwd+bwd 2048x1024": layer_norm,
    "gelu fwd+bwd 2M": functools.partial(activation, name="gelu"),
    "cross_entropy fwd+bwd 1024x5000": cross_entropy,
    "conv2d 64x1x28 k3 o32 fwd+bwd": _conv(conv, shape=(64, 1, 28, 28), out=32, kernel=3),
    "conv2d 32x32x26 k3 o64 fwd+bwd": _conv(conv, shape=(32, 32, 26, 26), out=64, kernel=3, padding=1),
    "conv2d 16x64x32 k3 o64 fwd+bwd": _conv(conv, shape=(16, 64, 32, 32), out=64, kernel=3, padding=1),
    "conv2d 16x3x64 k7 o64 fwd+bwd": _conv(conv, shape=(16, 3, 64, 64), out=64, kernel=7, stride=2, padding=3),
    "conv2d 16x128x28 k1 o128 fwd+bwd": _conv(conv, shape=(16, 128, 28, 28), out=128, kernel=1),
    "max_pool2d fwd+bwd": functools.partial(pool, name="max_pool2d", shape=(64, 64, 24, 24), kernel_size=2),
    "batch_norm fwd+bwd": lambda lib: batch_norm(lib, 32, 64, 32, 32),
    "embedding fwd+bwd": embedding,
}

FURTHER: dict[str, Any] = {
    "softmax fwd+bwd 4096x1024": softmax_both,
    "relu fwd+bwd 2M": functools.partial(activation, name="relu"),
    "sigmoid fwd+bwd 2M": functools.partial(activation, name="sigmoid"),
    "tanh fwd+bwd 2M": functools.partial(activation, name="tanh"),
    "silu fwd+bwd 2M": functools.partial(activation, name="silu"),
    "dropout fwd+bwd 4M": dropout,
    "batch_norm fwd+bwd 16x32x8x8": lambda lib: batch_norm(lib, 16, 32, 8, 8),
    "group_norm fwd+bwd": group_norm,
    "max_pool2d 3x3 s2 fwd+bwd": functools.partial(
        pool, name="max_pool2d", shape=(32, 64, 32, 32), kernel_size=3, stride=2, padding=1
    ),
    "max_pool2d NHWC fwd+bwd": functools.partial(
        pool, name="max_pool2d", shape=(64, 64, 24, 24), kernel_size=2, last=True
    ),
    "avg_pool2d fwd+bwd": functools.partial(pool, name="avg_pool2d", shape=(64, 64, 24, 24), kernel_size=2),
    "avg_pool2d 3x3 s2 fwd+bwd": functools.partial(
        pool, name="avg_pool2d", shape=(32, 64, 32, 32), kernel_size=3, stride=2, padding=1
    ),
    "conv2d 16x32x8 k3 o32 fwd+bwd": _conv(conv, shape=(16, 32, 8, 8), out=32, kernel=3, padding=1),
    "conv2d 16x256x8 k3 o256 fwd+bwd": _conv(conv, shape=(16, 256, 8, 8), out=256, kernel=3, padding=1),
    "conv2d 8x64x64 k3 o64 fwd+bwd": _conv(conv, shape=(8, 64, 64, 64), out=64, kernel=3, padding=1),
    "conv2d 16x64x32 k3 o64 NHWC fwd+bwd": _conv(conv, shape=(16, 64, 32, 32), out=64, kernel=3, padding=1, last=True),
    "conv2d 16x64x32 k3 s2 o128 fwd+bwd": _conv(conv, shape=(16, 64, 32, 32), out=128, kernel=3, padding=1, stride=2),
    "conv2d depthwise 16x64x32 k3 fwd+bwd": _conv(conv, shape=(16, 64, 32, 32), out=64, kernel=3, padding=1, groups=64),
    "conv2d grouped 16x64x32 k3 g4 fwd+bwd": _conv(conv, shape=(16, 64, 32, 32), out=64, kernel=3, padding=1, groups=4),
    "conv2d dilated 16x64x32 k3 d2 fwd+bwd": _conv(
        conv, shape=(16, 64, 32, 32), out=64, kernel=3, padding=2, dilation=2
    ),
    "conv_transpose2d 16x64x16 k4 s2 o32 fwd+bwd": _conv(
        conv, shape=(16, 64, 16, 16), out=32, kernel=4, stride=2, padding=1, transposed=True
    ),
    "conv1d 16x64x512 k5 o64 fwd+bwd": _conv(conv, shape=(16, 64, 512), out=64, kernel=5, padding=2),
    "embedding 96x128, 512 tokens fwd+bwd": lambda lib: (
        lambda table, tokens: forward_backward(lambda: lib.nn.functional.embedding(tokens, table), table)
    )(normal(lib, 96, 128, grad=True), whole(lib, 96, 512)),
    "attention causal 8x4x64x32 fwd+bwd": functools.partial(attention, batch=8, heads=4, length=64, width=32),
    "attention causal 8x8x256x64 fwd+bwd": functools.partial(attention, batch=8, heads=8, length=256, width=64),
}
