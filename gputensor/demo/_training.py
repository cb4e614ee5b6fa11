"""The network, its data and its training loop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

import gputensor as gt
from gputensor import nn, optim
from gputensor.demo_data import load_digits, stratified_split
from gputensor.nn import functional as F
from gputensor.utils.data import DataLoader, TensorDataset

BATCH = 32


@dataclass
class Result:
    """What one training run gave.

    losses: the training loss after each step. epoch_losses, epoch_seconds: mean loss and time of each epoch. accuracy:
    share of test digits that were recognised. predictions: (360,) the digit said for each test image.
    """

    device: str
    losses: list[float] = field(default_factory=list)
    epoch_losses: list[float] = field(default_factory=list)
    epoch_seconds: list[float] = field(default_factory=list)
    accuracy: float = 0.0
    predictions: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))


class DigitNet(nn.Module):
    """Two convolutions and two linear layers. x: (batch, 1, 8, 8), float32 -> (batch, 10) scores."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(), nn.Linear(32 * 4 * 4, 64), nn.ReLU(), nn.Dropout(0.2), nn.Linear(64, 10)
        )

    def forward(self, x: gt.Tensor) -> gt.Tensor:
        return self.classifier(self.features(x))


def digits() -> tuple[gt.Tensor, gt.Tensor, gt.Tensor, gt.Tensor]:
    """Images (n, 1, 8, 8) between 0 and 1 and labels (n,): 1,437 to train with, 360 to test with."""
    images, labels = load_digits()
    train, test = stratified_split(labels)
    x = gt.from_numpy((images[:, None] / np.float32(16)).astype(np.float32))
    y = gt.from_numpy(labels)
    return x[train], y[train], x[test], y[test]


def train(
    device: str = "cpu",
    epochs: int = 12,
    seed: int = 0,
    on_step: Callable[[int, int, int, float, float], None] | None = None,
) -> Result:
    """Train a `DigitNet` on the digits.

    device: where to train. epochs: passes over the training digits, at least 1. seed: of the weights, the order and the
    dropout; the same seed trains alike on CPU and GPU. on_step(epoch, step, steps, loss, accuracy): called after every
    step with the running means of the epoch. Returns a `Result`.
    """
    gt.manual_seed(seed)
    x, y, x_test, y_test = digits()
    # initialised on the CPU and moved, so that every device starts from the same weights
    model = DigitNet().to(device)
    # every device's generator starts anew, so that the dropout masks are the same, too
    gt.manual_seed(seed + 1)
    optimizer = optim.Adam(model.parameters(), lr=2e-3)
    schedule = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.85)
    loader: DataLoader[list[gt.Tensor]] = DataLoader(
        TensorDataset(x, y), batch_size=BATCH, shuffle=True, generator=gt.Generator().manual_seed(seed + 2)
    )
    result = Result(device)
    for epoch in range(epochs):
        model.train()
        seen, correct, total = 0, 0, 0.0
        begin = time.perf_counter()
        for step, (images, labels) in enumerate(loader, 1):
            images, labels = images.to(device), labels.to(device)
            optimizer.zero_grad()
            scores = model(images)
            loss = F.cross_entropy(scores, labels)
            loss.backward()
            optimizer.step()
            value = loss.item()
            seen += len(labels)
            total += value * len(labels)
            correct += int((scores.argmax(dim=1) == labels).sum().item())
            result.losses.append(value)
            if on_step is not None:
                on_step(epoch, step, len(loader), total / seen, correct / seen)
        schedule.step()
        if device != "cpu":
            gt.cuda.synchronize()
        result.epoch_seconds.append(time.perf_counter() - begin)
        result.epoch_losses.append(total / seen)
    model.eval()
    with gt.no_grad():
        said = model(x_test.to(device)).argmax(dim=1).cpu()
    result.predictions = said.numpy()
    result.accuracy = (said == y_test).float().mean().item()
    return result
