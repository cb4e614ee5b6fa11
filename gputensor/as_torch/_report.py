"""The names of PyTorch that a program used, and those that were missing."""

from __future__ import annotations

from gputensor.as_torch import _aliases
from gputensor.as_torch._missing import Place


class Report:
    """The names that a program used, in the order of their first use, each with the first place that wanted it.

    `str` of it is the text that ``--report`` prints.

    >>> from gputensor.as_torch import Report
    >>> print(Report())
    gputensor.as_torch: no names of torch were used
    """

    def __init__(self) -> None:
        self.used: dict[str, str] = {}
        self.missing: dict[str, str] = {}

    def use(self, name: str, place: Place) -> None:
        """The program used a name that is here."""
        self.used.setdefault(name, str(place))

    def miss(self, name: str, place: Place) -> None:
        """The program wanted a name that is missing."""
        self.missing.setdefault(name, str(place))

    def __str__(self) -> str:
        if not self.used and not self.missing:
            return "gputensor.as_torch: no names of torch were used"
        lines = [f"gputensor.as_torch: {len(self.used)} names of torch were used, {len(self.missing)} were missing"]
        if self.used:
            lines += ["used:", *(f"  {name}" for name in sorted(self.used))]
        if self.missing:
            lines.append("missing:")
        for name, place in sorted(self.missing.items()):
            why = _aliases.reason(name)
            lines.append(f"  {name}, wanted at {place}{'' if why is None else ': ' + why}")
        return "\n".join(lines)
