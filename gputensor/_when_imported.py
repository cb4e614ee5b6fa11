"""Libraries that find tensors by a class of their own: it is made when they are imported, before or after us.

einops walks the subclasses of its ``AbstractBackend``, and reads no entry point. So that ours exists for whoever
imports einops, and nobody else pays for it, a finder that finds nothing waits for einops' own imports, and then goes
away.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


# No subclass of MetaPathFinder: the import system asks for the method alone, and importlib.abc takes 8 ms to import.
class _Watch:
    """Finds no module; registers einops' backend when einops, which has defined its base class, imports the next."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """None, so that the others are asked."""
        if fullname.startswith("einops.") and _register():
            sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
        return None


def watch() -> None:
    """Register with einops now if it is there, else as soon as it is."""
    if not _register() and not any([isinstance(finder, _Watch) for finder in sys.meta_path]):
        sys.meta_path.insert(0, _Watch())


def _register() -> bool:
    """Make our backend if einops has its base class already."""
    if not hasattr(sys.modules.get("einops._backends"), "AbstractBackend"):
        return False
    from gputensor.interop import einops_backend  # noqa: F401

    return True
