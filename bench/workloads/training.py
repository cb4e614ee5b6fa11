"""Whole training steps: zero_grad, forward, loss, backward, optimizer."""

from __future__ import annotations

import functools
import importlib
import itertools
from collections.abc import Callable
from typing import Any

from .drawing import normal, whole


def _step(lib: Any, model: Any, loss_of: Callable[[Any], Any], kind: str, lr: float) -> Callable[[], Any]:
    optim = importlib.import_module(f"{lib.__name__}.optim")
    optimizer = getattr(optim, kind)(model.parameters(), lr=lr)

    def step() -> None:
        optimizer.zero_grad()
        loss_of(model).backward()
        optimizer.step()

    return step


def _classifier(lib: Any, model: Any, x: Any, classes: int, optimizer: str = "Adam", lr: float = 1e-3) -> Any:
    y = whole(lib, classes, x.shape[0], seed=1)
    return _step(lib, model, lambda m: lib.nn.functional.cross_entropy(m(x), y), optimizer, lr)


def mlp(lib: Any, widths: tuple[int, ...], batch: int, optimizer: str = "Adam") -> Callable[[], Any]:
    nn = lib.nn
    lib.manual_seed(0)
    parts: list[Any] = []
    for a, b in itertools.pairwise(widths):
        parts += [nn.Linear(a, b), nn.ReLU()]
    return _classifier(lib, nn.Sequential(*parts[:-1]), normal(lib, batch, widths[0]), widths[-1], optimizer)


def cnn(lib: Any) -> Callable[[], Any]:
    nn = lib.nn
    lib.manual_seed(0)
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.25),
        nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10),
    )  # fmt: skip
    return _classifier(lib, model, normal(lib, 64, 1, 28, 28), 10)


def resnet(lib: Any) -> Callable[[], Any]:
    """ResNet-20 for 32×32 pictures (He et al. 2015, section 4.2), with SGD and momentum."""
    nn = lib.nn
    lib.manual_seed(0)

    class Block(nn.Module):  # type: ignore[misc, name-defined]  # the library is an argument
        def __init__(self, before: int, width: int, stride: int) -> None:
            super().__init__()
            self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.short = None
            if stride != 1 or before != width:
                self.short = nn.Sequential(nn.Conv2d(before, width, 1, stride, bias=False), nn.BatchNorm2d(width))

        def forward(self, x: Any) -> Any:
            y = self.bn2(self.conv2(lib.relu(self.bn1(self.conv1(x)))))
            return lib.relu(y + (x if self.short is None else self.short(x)))

    parts: list[Any] = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    before = 16
    for width in (16, 32, 64):
        for i in range(3):
            parts.append(Block(before, width, 2 if width != 16 and i == 0 else 1))
            before = width
    model = nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    x, y = normal(lib, 16, 3, 32, 32), whole(lib, 10, 16, seed=1)
    optim = importlib.import_module(f"{lib.__name__}.optim")
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step() -> None:
        optimizer.zero_grad()
        lib.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    return step


def gpt(lib: Any, depth: int, width: int, heads: int, batch: int, length: int, vocabulary: int = 96) -> Any:
    """A decoder in the manner of GPT-2: layer norm first, causal attention, gelu, AdamW."""
    nn, functional = lib.nn, lib.nn.functional
    lib.manual_seed(0)

    class Block(nn.Module):  # type: ignore[misc, name-defined]  # the library is an argument
        def __init__(self) -> None:
            super().__init__()
            self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

        def forward(self, x: Any) -> Any:
            n, t, c = x.shape
            q, k, v = (p.view(n, t, heads, c // heads).transpose(1, 2) for p in self.qkv(self.ln1(x)).split(c, 2))
            y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.out(y.transpose(1, 2).reshape(n, t, c))
            return x + self.down(functional.gelu(self.up(self.ln2(x))))

    class Model(nn.Module):  # type: ignore[misc, name-defined]  # the library is an argument
        def __init__(self) -> None:
            super().__init__()
            self.tokens, self.places = nn.Embedding(vocabulary, width), nn.Embedding(length, width)
            self.blocks = nn.Sequential(*[Block() for _ in range(depth)])
            self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary)

        def forward(self, tokens: Any) -> Any:
            x = self.tokens(tokens) + self.places.weight
            return self.head(self.norm(self.blocks(x)))

    tokens, target = whole(lib, vocabulary, batch, length), whole(lib, vocabulary, batch * length, seed=1)
    loss = lambda m: functional.cross_entropy(m(tokens).view(-1, vocabulary), target)  # noqa: E731
    return _step(lib, Model(), loss, "AdamW", 3e-4)


def recurrent(lib: Any, cell: str, width: int = 128, batch: int = 16, length: int = 32, vocabulary: int = 96) -> Any:
    """A language model of one recurrent layer."""
    nn, functional = lib.nn, lib.nn.functional
    lib.manual_seed(0)

    class Model(nn.Module):  # type: ignore[misc, name-defined]  # the library is an argument
        def __init__(self) -> None:
            super().__init__()
            self.tokens = nn.Embedding(vocabulary, width)
            self.layer = getattr(nn, cell)(width, width, batch_first=True)
            self.head = nn.Linear(width, vocabulary)

        def forward(self, tokens: Any) -> Any:
            return self.head(self.layer(self.tokens(tokens))[0])

    tokens, target = whole(lib, vocabulary, batch, length), whole(lib, vocabulary, batch * length, seed=1)
    loss = lambda m: functional.cross_entropy(m(tokens).view(-1, vocabulary), target)  # noqa: E731
    return _step(lib, Model(), loss, "Adam", 1e-3)


MAIN: dict[str, Any] = {
    "train small MLP (64 wide, batch 32)": functools.partial(mlp, widths=(64, 64, 64, 10), batch=32),
    "train MLP (784-512-512-10, batch 128)": functools.partial(mlp, widths=(784, 512, 512, 10), batch=128),
    "train CNN (28x28, batch 64)": cnn,
    "train ResNet (32x32, batch 16)": resnet,
    "train GPT (4 layers, 128 wide, 8x64 tokens)": functools.partial(
        gpt, depth=4, width=128, heads=4, batch=8, length=64
    ),
    "train GPT (2 layers, 32 wide, 4x16 tokens)": functools.partial(
        gpt, depth=2, width=32, heads=2, batch=4, length=16
    ),
    "train LSTM (128 wide, 16x32)": functools.partial(recurrent, cell="LSTM"),
}

FURTHER: dict[str, Any] = {
    "train GRU (128 wide, 16x32)": functools.partial(recurrent, cell="GRU"),
    "train MLP (784-512-512-10, batch 128), SGD": functools.partial(
        mlp, widths=(784, 512, 512, 10), batch=128, optimizer="SGD"
    ),
    "train MLP (784-512-512-10, batch 128), AdamW": functools.partial(
        mlp, widths=(784, 512, 512, 10), batch=128, optimizer="AdamW"
    ),
}

TINY = ("train small MLP (64 wide, batch 32)",)
