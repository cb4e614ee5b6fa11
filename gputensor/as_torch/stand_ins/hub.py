"""`torch.hub` and `torch.utils.model_zoo`: files that are on this machine already are found; nothing is downloaded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlparse

import gputensor as gt
from gputensor.errors import MissingError

_folder: list[str | None] = [None]


def get_dir() -> str:
    """The folder of files that PyTorch has downloaded, as it names it itself.

    >>> set_dir("models")
    >>> get_dir()
    'models'
    """
    if _folder[0] is not None:
        return _folder[0]
    cache = os.environ.get("XDG_CACHE_HOME", "~/.cache")
    return str(Path(os.environ.get("TORCH_HOME", f"{cache}/torch")).expanduser() / "hub")


def set_dir(d: str | os.PathLike[str]) -> None:
    """Say which folder. See `get_dir`."""
    _folder[0] = os.path.expanduser(d)


def load_state_dict_from_url(
    url: str,
    model_dir: str | None = None,
    map_location: Any = None,
    progress: bool = True,
    check_hash: bool = False,
    file_name: str | None = None,
    weights_only: bool = True,
) -> dict[str, Any]:
    """The state dict in the file of this name, if it lies where PyTorch would have put it. See `get_dir`.

    Raises MissingError where it does not.
    """
    name = file_name or os.path.basename(urlparse(url).path)
    path = Path(model_dir or os.path.join(get_dir(), "checkpoints")) / name
    if not path.is_file():
        raise MissingError(
            f"load_state_dict_from_url: nothing is downloaded; fetch {url} yourself, and put it at {path}"
        )
    loader: Any = gt
    return loader.load(path, map_location=map_location)


load_url = load_state_dict_from_url


def load(repo_or_dir: str, model: str, *args: Any, **kwargs: Any) -> NoReturn:
    """Raises MissingError: nothing is downloaded. See `get_dir`."""
    raise MissingError(
        f"torch.hub.load: nothing is downloaded; get {repo_or_dir}, import it, and call {model} yourself"
    )


def download_url_to_file(url: str, dst: str, *args: Any, **kwargs: Any) -> NoReturn:
    """Raises MissingError: nothing is downloaded. See `get_dir`."""
    raise MissingError(f"torch.hub.download_url_to_file: nothing is downloaded; fetch {url} yourself, to {dst}")
