"""The library that NumPy multiplies matrices with: its name and its threads.

NumPy has no function for the number of threads, but OpenBLAS has, under a name that depends on how it was built. The
loaded libraries are looked up and asked by `ctypes`; where none answers, the number is only remembered.
"""

from __future__ import annotations

import ctypes
import functools
import os
import re
from typing import Any

import numpy as np

_PREFIXES = ("scipy_openblas", "openblas")
_SUFFIXES = ("64_", "_64_", "_64", "")
_remembered: list[int | None] = [None]


@functools.cache
def blas_name() -> str:
    """The name of NumPy's BLAS library, "" where NumPy does not say."""
    try:
        config: Any = np.show_config(mode="dicts")
        return str(config["Build Dependencies"]["blas"]["name"])
    except (KeyError, TypeError):
        return ""


@functools.cache
def cpu_features() -> frozenset[str]:
    """The instruction sets of this CPU that NumPy knows and found."""
    try:
        config: Any = np.show_config(mode="dicts")
        extensions = config["SIMD Extensions"]
    except (KeyError, TypeError):
        return frozenset()
    return frozenset([*extensions.get("baseline", ()), *extensions.get("found", ())])


def get_threads() -> int:
    """How many threads a matrix product may use."""
    for library in _libraries():
        function = _function(library, "get_num_threads")
        if function is not None:
            return int(function())
    return _remembered[0] or usable_cores()


def set_threads(count: int) -> None:
    """Let matrix products use `count` threads, where the library can be told; else remember the number."""
    _remembered[0] = count
    for library in _libraries():
        function = _function(library, "set_num_threads")
        if function is not None:
            function(ctypes.c_int(count))


def threads_now() -> int:
    """How many threads NumPy's products use at this moment; as `get_threads`, but quick."""
    functions = _quick()
    return int(functions[0]()) if functions else _remembered[0] or usable_cores()


def tell(count: int) -> bool:
    """Let NumPy's products use `count` threads for a while; False where its library cannot be told."""
    functions = _quick()
    if functions:
        functions[1](count)
    return bool(functions)


@functools.cache
def _quick() -> tuple[Any, Any] | None:
    """The functions of NumPy's own library that get and set its threads. They return at once, so the GIL is kept."""
    for library in sorted(_libraries(), key=lambda library: "scipy.libs" in library._name):
        quick = ctypes.PyDLL(library._name)
        get, set_ = _function(quick, "get_num_threads"), _function(quick, "set_num_threads")
        if get is not None and set_ is not None:
            return get, set_
    return None


@functools.cache
def usable_cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _libraries() -> list[Any]:
    """The OpenBLAS libraries that this process has loaded: NumPy's, and SciPy's own where that is in use."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as lines:
            paths = {line.split(maxsplit=5)[-1].strip() for line in lines if "openblas" in line}
    except OSError:
        return []  # not Linux: there is no list of loaded libraries to read
    found = []
    for path in sorted(paths):
        if re.search(r"openblas[^/]*\.so", path):
            try:
                found.append(ctypes.CDLL(path))
            except OSError:
                continue
    return found


def _function(library: Any, name: str) -> Any:
    for prefix in _PREFIXES:
        for suffix in _SUFFIXES:
            function = getattr(library, f"{prefix}_{name}{suffix}", None)
            if function is not None:
                return function
    return None
