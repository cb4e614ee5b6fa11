"""The command line: ``python -m gputensor.demo [--device D] [--epochs N] [--seed S] [--out FOLDER]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import gputensor as gt
from gputensor._installing import install_line
from gputensor.demo._pictures import write_pictures
from gputensor.demo._training import Result, train
from gputensor.errors import DeviceError

# runs on two devices part slowly, as roundings differ; the mean loss of the last epochs stays this close
SAME_LOSS = 0.02


def main(argv: list[str] | None = None) -> int:
    """Run the demo; the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        devices, why = choose_devices(arguments.device)
    except DeviceError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    folder = Path(arguments.out)
    problem = _unwritable(folder)
    if problem:
        print(f"demo: --out {arguments.out}: {problem}", file=sys.stderr)
        return 2
    print(f"device: {' and '.join(devices)} ({why})")
    missing = [name for name in ("tqdm", "matplotlib") if find_spec(name) is None]
    if missing:
        lost = " and ".join({"tqdm": "the live progress bar", "matplotlib": "the pictures"}[name] for name in missing)
        print(f"{' and '.join(missing)} not installed, so without {lost}; mend it with: {install_line('demo')}")
    results = []
    for device in devices:
        with _progress(device, arguments.epochs, "tqdm" not in missing) as on_step:
            results.append(train(device, arguments.epochs, arguments.seed, on_step))
    for result in results:
        print(
            f"{result.device}: {result.accuracy:.1%} of 360 test digits recognised, training loss "
            f"{result.epoch_losses[-1]:.4f}, "
            f"{median(result.epoch_seconds):.2f} s an epoch"
        )
    same = True
    if len(results) > 1:
        text, same = comparison(results)
        print(text)
    if "matplotlib" not in missing:
        for path in write_pictures(results, folder):
            print(f"wrote {path}")
    return 0 if same else 1


def choose_devices(wanted: str) -> tuple[list[str], str]:
    """The devices to train on, and why. "auto": CPU and GPU where a GPU can be used, else the CPU."""
    if wanted == "auto":
        if gt.cuda.is_available():
            return ["cpu", "cuda"], f"{gt.cuda.get_device_name()} is usable: training on both to compare"
        return ["cpu"], _why_no_gpu()
    device = gt.device(wanted)
    if device.type == "cuda":
        gt.zeros(1, device=device)  # an unusable device is refused here, with the way to mend it
        return [str(device)], "asked for with --device"
    return ["cpu"], "asked for with --device"


def comparison(results: list[Result]) -> tuple[str, bool]:
    """The table CPU against GPU, and whether both learned the same."""
    cpu, gpu = results
    times = [median(r.epoch_seconds[1:] or r.epoch_seconds) for r in results]
    gap = abs(cpu.epoch_losses[-1] - gpu.epoch_losses[-1])
    same = gap <= SAME_LOSS
    verdict = (
        f"same loss within {SAME_LOSS}"
        if same
        else f"LOSSES DIFFER by {gap:.4f}, more than {SAME_LOSS}: no speed-up is claimed"
    )
    speed_up = f"{times[0] / times[1]:.1f}" if same else "-"
    lines = [f"{'':8}{'s an epoch':>12}{'speed-up':>10}{'last loss':>11}{'accuracy':>10}"]
    for name, seconds, ratio, result in (("CPU", times[0], "1.0", cpu), ("GPU", times[1], speed_up, gpu)):
        lines.append(f"{name:8}{seconds:12.3f}{ratio:>10}{result.epoch_losses[-1]:11.4f}{result.accuracy:10.1%}")
    lines.append(verdict)
    return "\n".join(lines), same


def _why_no_gpu() -> str:
    return gt.cuda.why_unavailable() or "no GPU"


class _progress:
    """A tqdm bar with loss and accuracy, or a line an epoch without tqdm."""

    def __init__(self, device: str, epochs: int, bar: bool) -> None:
        self.device, self.epochs, self.bar = device, epochs, None
        if bar:
            from tqdm import tqdm

            self.bar = tqdm(
                total=epochs,
                desc=f"training on {device}",
                unit="epoch",
                bar_format="{l_bar}{bar}| {n:.1f}/{total} epochs [{elapsed}{postfix}]",
            )

    def __enter__(self) -> Callable[[int, int, int, float, float], None]:
        return self.step

    def step(self, epoch: int, step: int, steps: int, loss: float, accuracy: float) -> None:
        if self.bar is not None:
            self.bar.set_postfix_str(f"loss {loss:.4f}, accuracy {accuracy:.1%}", refresh=False)
            self.bar.update(epoch + step / steps - self.bar.n)
        elif step == steps:
            print(
                f"{self.device}, epoch {epoch + 1}/{self.epochs}: loss {loss:.4f}, accuracy {accuracy:.1%}", flush=True
            )

    def __exit__(self, *error: Any) -> None:
        if self.bar is not None:
            self.bar.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gputensor.demo", description="Train a small network on 1,797 handwritten digits."
    )
    parser.add_argument("--device", default="auto", type=_device, help="auto (default), cpu, cuda or cuda:<index>")
    parser.add_argument("--epochs", default=12, type=_positive, help="passes over the training digits (default 12)")
    parser.add_argument("--seed", default=0, type=_seed, help="of the weights, the order and the dropout (default 0)")
    parser.add_argument("--out", default="demo-out", help="folder for the pictures (default demo-out)")
    return parser


def _device(text: str) -> str:
    if text != "auto":
        try:
            gt.device(text)
        except DeviceError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a device; use auto, cpu, cuda or cuda:<index>") from None
    return text


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 10000")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 2**63 - 1")
    return int(text)


def _unwritable(folder: Path) -> str:
    """Why no pictures can be written into a folder, and what to do; "" where they can."""
    for path in (folder, *folder.parents):
        if path.exists() and not path.is_dir():
            return f"{path} is a file, and the pictures need a folder; name another one, or move the file away"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        return f"the folder cannot be written ({error.strerror or error}); name one that can"
    return ""


if __name__ == "__main__":
    sys.exit(main())
