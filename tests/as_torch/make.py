"""Writes the losses of the programs under the PyTorch that is installed: `python -m tests.as_torch.make`."""

import json

from tests.as_torch.running import LOSSES, NAMES, losses


def main():
    lines = [f"{json.dumps(name)}: [\n{_rows(losses(name, False))}\n]" for name in NAMES]
    LOSSES.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _rows(found):
    return ",\n".join(json.dumps({key: float(f"{value:.7g}") for key, value in row.items()}) for row in found)


if __name__ == "__main__":
    main()
