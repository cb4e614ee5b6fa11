"""The options of printing: how many digits, how many elements, how long a line."""

import math
import operator
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """One complete set of options; replaced as a whole, so that a reader in another thread never sees half a change."""

    precision: int = 4
    threshold: float = 1000
    edgeitems: int = 3
    linewidth: int = 80
    sci_mode: bool | None = None


_PROFILES = {
    "default": PrintOptions(),
    "short": PrintOptions(precision=2, edgeitems=2),
    "full": PrintOptions(threshold=math.inf),
}

_current = _PROFILES["default"]


def current_options() -> PrintOptions:
    """The options that the next print obeys."""
    return _current


def set_printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Sets how tensors are printed from now on, in every thread.

    precision: digits after the decimal point (4). threshold: a tensor with more elements is summarised (1000;
    `math.inf` for never). edgeitems: elements kept at both ends of each dim of a summary (3). linewidth: characters in
    a line (80). profile: "default", "short" (precision 2, edgeitems 2) or "full" (never summarises); it sets the four
    above, and those given beside it win. sci_mode: True or False forces scientific notation on or off; None, also
    when it is left out, returns to the automatic choice. The other options keep their value when they are left out.

    Raises TypeError for a value of the wrong kind and ValueError for one out of range or an unknown profile; nothing is
    changed then. Unlike torch, which accepts them and fails later, at the print.

    >>> import gputensor as gt
    >>> gt.set_printoptions(precision=2)
    >>> gt.tensor([1.12345])
    tensor([1.12])
    >>> gt.set_printoptions(profile="default")
    """
    global _current
    options = _current
    if profile is not None:
        options = _profile(profile)
    if precision is not None:
        options = replace(options, precision=_count("precision", precision, 0))
    if threshold is not None:
        options = replace(options, threshold=_threshold(threshold))
    if edgeitems is not None:
        options = replace(options, edgeitems=_count("edgeitems", edgeitems, 0))
    if linewidth is not None:
        options = replace(options, linewidth=_count("linewidth", linewidth, 1))
    if sci_mode is not None and not isinstance(sci_mode, bool):
        raise TypeError(f"set_printoptions: sci_mode is {sci_mode!r}; use True, False or None (automatic)")
    _current = replace(options, sci_mode=sci_mode)


def get_printoptions() -> dict[str, Any]:
    """The options in force, as a dict that `set_printoptions(**options)` takes back.

    >>> import gputensor as gt
    >>> gt.get_printoptions()
    {'precision': 4, 'threshold': 1000, 'edgeitems': 3, 'linewidth': 80, 'sci_mode': None}
    """
    return asdict(_current)


@contextmanager
def printoptions(
    precision: int | None = None,
    threshold: float | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> Iterator[None]:
    """Sets options as `set_printoptions` does, for a `with` block; the old ones return at its end, also after an error.

    >>> import gputensor as gt
    >>> with gt.printoptions(precision=1):
    ...     print(gt.tensor([1.25, 2.5]))
    tensor([1.2, 2.5])
    """
    global _current
    before = _current
    set_printoptions(precision, threshold, edgeitems, linewidth, profile, sci_mode)
    try:
        yield
    finally:
        _current = before


def _profile(name: str) -> PrintOptions:
    if not isinstance(name, str):
        raise TypeError(f"set_printoptions: profile is {name!r}; use 'default', 'short' or 'full'")
    if name not in _PROFILES:
        raise ValueError(f"set_printoptions: profile {name!r} is unknown; use 'default', 'short' or 'full'")
    return _PROFILES[name]


def _count(option: str, value: int, least: int) -> int:
    try:
        count = operator.index(value)
    except TypeError:
        count = None
    if count is None or isinstance(value, bool):
        raise TypeError(
            f"set_printoptions: {option} is {value!r}, a {type(value).__name__}; use an int of {least} or more"
        )
    if count < least:
        raise ValueError(f"set_printoptions: {option} is {count}; use an int of {least} or more")
    return count


def _threshold(value: float) -> float:
    try:
        comparable = not isinstance(value, bool | str) and not math.isnan(value)
    except TypeError:
        comparable = False
    if not comparable:
        raise TypeError(f"set_printoptions: threshold is {value!r}; use a number of elements, or math.inf for no limit")
    if value < 0:
        raise ValueError(f"set_printoptions: threshold is {value}; use a number of elements, 0 or more")
    return value
