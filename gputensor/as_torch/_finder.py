"""The finder on `sys.meta_path` that answers for torch, and for the packages that need the real one."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import Distribution
from pathlib import Path
from types import ModuleType
from typing import Any

from gputensor.as_torch import _missing
from gputensor.as_torch._aliases import is_inside_left_out, modules_for
from gputensor.as_torch._module import MissingModule, TorchModule
from gputensor.as_torch._report import Report


class Finder(MetaPathFinder):
    """Finds torch and its modules, and refuses packages built on the real torch with what to use instead."""

    def __init__(self, refused: dict[str, str], report: Report | None) -> None:
        self.refused = refused
        self.report = report

    def find_distributions(self, context: Any = None) -> Iterator[Distribution]:
        """The release of torch or torchvision, where `importlib.metadata` asks for it by name."""
        name = str(getattr(context, "name", None)).lower()
        if name in ("torch", "torchvision"):
            yield _Release(name, str(importlib.import_module(name).__version__))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """How to load `fullname`, or None for modules that are none of its business."""
        top = fullname.partition(".")[0]
        if top in ("torch", "torchvision"):
            names = modules_for(fullname)
            if names is not None:
                return ModuleSpec(fullname, _AliasLoader(names, self.report), is_package=True)
        elif top not in self.refused:
            return None
        if not _is_import():
            return None  # importlib.util.find_spec asks whether there is such a module
        place, from_list = _missing.wanted()
        # `from torch.fx import name` asks for a module of that name, too, which would hide that the name is missing
        if is_inside_left_out(fullname) and not from_list:
            return ModuleSpec(fullname, _AliasLoader((), self.report), is_package=True)
        if self.report is not None and not from_list:
            self.report.miss(fullname, place)
            return ModuleSpec(fullname, _MissingLoader(self.report), is_package=True)
        if top not in self.refused:
            raise _missing.MissingModuleError(_missing.sentence(fullname, place), name=fullname)
        raise _missing.MissingModuleError(
            f"{fullname} needs the real torch, and gputensor stands for it here: {self.refused[top]} (wanted at "
            f"{place})",
            name=fullname,
        )


class _Release(Distribution):
    """What `importlib.metadata` finds for a package that is an alias."""

    def __init__(self, name: str, version: str) -> None:
        self._text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

    def read_text(self, filename: str) -> str | None:
        return self._text if filename == "METADATA" else None

    def locate_file(self, path: str | os.PathLike[str]) -> Any:
        return Path(__file__).parent / path


def _is_import() -> bool:
    """Whether the import system asks in order to load a module."""
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_name in ("_find_spec", "find_spec"):
        if "importlib" in frame.f_code.co_filename and "_bootstrap" not in frame.f_code.co_filename:
            return False
        frame = frame.f_back
    return True


class _AliasLoader(Loader):
    """Makes a module of PyTorch's name from modules of gputensor."""

    def __init__(self, names: tuple[str, ...], report: Report | None) -> None:
        self.names = names
        self.report = report

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return TorchModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        assert isinstance(module, TorchModule)
        module.fill(tuple([importlib.import_module(name) for name in self.names]), self.report)


class _MissingLoader(Loader):
    """Makes a module of a missing one, under --report."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return MissingModule(spec.name, self.report)

    def exec_module(self, module: ModuleType) -> None:
        pass
