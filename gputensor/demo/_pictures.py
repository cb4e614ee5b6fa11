"""The two pictures that the demo writes. matplotlib is loaded here and nowhere else in the demo."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gputensor.demo._training import Result
from gputensor.demo_data import load_digits, stratified_split


def write_pictures(results: list[Result], folder: Path) -> list[Path]:
    """Write loss.png and digits.png into `folder`; returns their paths. Raises ImportError without matplotlib, OSError
    if it cannot write."""
    import matplotlib

    matplotlib.use("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    return [_loss_curve(results, folder / "loss.png"), _digits(results[-1], folder / "digits.png")]


def _loss_curve(results: list[Result], path: Path) -> Path:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for result, color in zip(results, ("tab:blue", "tab:orange"), strict=False):
        steps_an_epoch = len(result.losses) / len(result.epoch_losses)
        at = np.arange(1, len(result.losses) + 1) / steps_an_epoch
        axes.plot(at, result.losses, color=color, alpha=0.25, linewidth=0.8)
        axes.plot(
            np.arange(1, len(result.epoch_losses) + 1), result.epoch_losses, color=color, marker="o", markersize=3.5,
            label=f"{result.device}: mean of an epoch",
        )  # fmt: skip
    axes.set_yscale("log")
    axes.set_xlabel("epoch")
    axes.set_ylabel("cross-entropy (training)")
    axes.set_title(f"Learning 1,437 handwritten digits: {results[-1].accuracy:.1%} of 360 test digits recognised")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=130)
    return path


def _digits(result: Result, path: Path) -> Path:
    from matplotlib.figure import Figure

    images, labels = load_digits()
    test = stratified_split(labels)[1]
    wrong = np.flatnonzero(result.predictions != labels[test])
    right = np.flatnonzero(result.predictions == labels[test])
    # mistakes first, at most four, then digits spread over the test set
    rest = right[np.linspace(0, len(right) - 1, 16 - min(len(wrong), 4)).astype(int)]
    chosen = np.concatenate([wrong[:4], rest])
    figure = Figure(figsize=(6.4, 6.9), layout="constrained")
    for axes, k in zip(figure.subplots(4, 4).flat, chosen, strict=True):
        said, true = int(result.predictions[k]), int(labels[test[k]])
        axes.imshow(images[test[k]], cmap="gray_r", interpolation="nearest")
        axes.set_title(
            f"says {said}" if said == true else f"says {said}, is {true}",
            color="black" if said == true else "tab:red",
            fontsize=11,
        )
        axes.set_xticks([])
        axes.set_yticks([])
    figure.suptitle("Sixteen test digits and what the network says (mistakes in red)", fontsize=11)
    figure.savefig(path, dpi=130)
    return path
