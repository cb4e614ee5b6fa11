"""The module that a program gets for `import torch`, and those below it."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gputensor.as_torch import _missing
from gputensor.as_torch._aliases import is_the_step, modules_for
from gputensor.core.dtypes import dtype

if TYPE_CHECKING:
    from gputensor.as_torch._report import Report


class TorchModule(ModuleType):
    """A module under PyTorch's name, whose names are those of modules of gputensor.

    Functions, classes and dtypes are kept here at once, so that looking them up costs what it does in PyTorch and
    ``vars`` shows them; switches are read and written in gputensor.
    """

    _sources: tuple[ModuleType, ...]
    _report: Report | None
    _originals: dict[str, Any]

    def fill(self, sources: tuple[ModuleType, ...], report: Report | None) -> None:
        """Say whose names these are, the first source's before the others'."""
        own = self.__dict__
        own["_sources"], own["_report"], own["_originals"] = sources, report, {}
        own["__file__"] = getattr(sources[0], "__file__", None) if sources else None
        version = getattr(sources[0], "__version__", None) if sources else None
        if version is not None:
            own["__version__"] = version
        own["__doc__"] = f"gputensor under the name {self.__name__}."
        if report is None:  # which else would not see what is used
            for source in reversed(sources):
                own.update({n: v for n, v in vars(source).items() if not n.startswith("_") and _is_lasting(v)})
            last = self.__name__.rpartition(".")[2]
            if is_the_step(f"{self.__name__}.{last}"):
                own.pop(last, None)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return self._public()
        if name.startswith("__") and name != "__config__":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = self._find(name)
        if value is _NOTHING:
            return self._absent(name)
        report = self._report
        if report is not None and not isinstance(value, ModuleType):
            report.use(f"{self.__name__}.{name}", _missing.wanted()[0])
        if _is_lasting(value) or isinstance(value, TorchModule):
            self.__dict__[name] = value
        return value

    def _find(self, name: str) -> Any:
        value: Any = _NOTHING
        if is_the_step(f"{self.__name__}.{name}"):
            return value
        for source in self._sources:
            try:
                value = getattr(source, name)
            except AttributeError:
                continue
            break
        ours = isinstance(value, ModuleType) and value.__name__.startswith("gputensor")
        if value is _NOTHING or ours:
            below = f"{self.__name__}.{name}"
            # a module that is left out is not there until it is imported, as probes ask
            try:
                return importlib.import_module(below) if modules_for(below) else _NOTHING
            except ImportError:  # it needs a package that is not there; importing it says which
                return _NOTHING
        return value

    def _absent(self, name: str) -> Any:
        place, from_list = _missing.wanted()
        if self._report is None or from_list or place.instruction not in _missing.WANTS:
            raise _missing.error(self.__name__, name, place, self)
        full = f"{self.__name__}.{name}"
        self._report.miss(full, place)
        return self.__dict__.setdefault(name, _missing.placeholder(full))

    def __setattr__(self, name: str, value: Any) -> None:
        """Change gputensor where it has the name, so that its own code sees the change, too."""
        if name.startswith("__"):
            self.__dict__[name] = value
            return
        source = next((one for one in self._sources if hasattr(one, name)), None)
        if isinstance(value, TorchModule):  # importing a module binds it here
            if source is None or isinstance(getattr(source, name), ModuleType):
                self.__dict__[name] = value
        elif source is None:
            self.__dict__[name] = value
        else:
            self._originals.setdefault(name, getattr(source, name))
            self.__dict__.pop(name, None)
            setattr(source, name, value)

    def __delattr__(self, name: str) -> None:
        """Take back what was set: gputensor's own names come back."""
        if name in self._originals:
            source = next(one for one in self._sources if hasattr(one, name))
            setattr(source, name, self._originals.pop(name))
        elif name in self.__dict__:
            del self.__dict__[name]
        else:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        names = {name for source in self._sources for name in dir(source)} | set(self.__dict__)
        return sorted(names - {"_sources", "_report", "_originals"})

    def _public(self) -> list[str]:
        """What ``from torch import *`` gives: everything but the modules."""
        names = [name for name in dir(self) if not name.startswith("_") and hasattr(self, name)]
        return [name for name in names if self.__name__ != "torch" or not isinstance(getattr(self, name), ModuleType)]


_NOTHING = object()


def _is_lasting(value: Any) -> bool:
    """Whether a value stays what it is: a function, a class or a dtype, and no switch."""
    return (callable(value) or isinstance(value, dtype)) and not isinstance(value, ModuleType)


class MissingModule(ModuleType):
    """Under --report: a module that is missing, and every name in it."""

    def __init__(self, name: str, report: Report) -> None:
        super().__init__(name)
        self.__dict__["_report"] = report
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        place, from_list = _missing.wanted()
        if from_list:
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        self.__dict__["_report"].miss(full, place)
        return self.__dict__.setdefault(name, _missing.placeholder(full))
