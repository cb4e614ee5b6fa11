"""The double has CuPy's names only, with CuPy's parameters: compared with an installed CuPy 14 (no GPU needed)."""

import importlib
import inspect
from typing import Any

import pytest

from tests import doubles
from tests.doubles.cupy_double._loops import BROKEN, LOOPS

MODULES = {place: name for name, place in doubles._PLACES.items()}


@pytest.fixture(scope="module")
def cupy():
    real = pytest.importorskip("cupy", reason="needs CuPy installed, to compare the double with")
    if not real.__version__.startswith("14."):
        pytest.skip(f"the double plays CuPy 14, this one is {real.__version__}")
    return real


def offered(module: Any) -> list[str]:
    return [n for n in dir(module) if not n.startswith("_")]


def real_module(name: str) -> Any:
    """CuPy's module; the test is skipped where loading it needs CUDA's libraries, and they are missing."""
    try:
        return importlib.import_module(name)
    except (ImportError, UserWarning) as error:  # CuPy warns of a missing NCCL, and here warnings are errors
        pytest.skip(f"{name} needs CUDA's libraries: {error}")


@pytest.mark.parametrize("place", MODULES)
def test_every_name_of_the_double_is_cupys(cupy, place):
    real = real_module(MODULES[place])
    own = [n for n in offered(importlib.import_module(place)) if f"{MODULES[place]}.{n}" not in doubles._PLACES]
    assert not [n for n in own if not hasattr(real, n)]


def test_every_name_of_the_doubles_array_is_cupys(cupy):
    from tests.doubles.cupy_double import ndarray

    assert not {n for n in vars(ndarray) if not n.startswith("_")} - set(dir(cupy.ndarray))


def functions() -> list[tuple[str, str]]:
    """Every function of the double, by module."""
    found = [(place, name) for place in MODULES for name in offered(importlib.import_module(place))]
    return [(p, n) for p, n in found if inspect.isfunction(getattr(importlib.import_module(p), n))]


@pytest.mark.parametrize(("place", "name"), functions())
def test_functions_have_cupys_parameters(cupy, place, name):
    double = getattr(importlib.import_module(place), name)
    real = getattr(real_module(MODULES[place]), name)
    try:
        wanted = inspect.signature(real)
    except ValueError:
        pytest.skip("compiled in CuPy without a signature")
    given = inspect.signature(double)
    assert [(p.name, p.kind) for p in given.parameters.values()] == [
        (p.name, p.kind) for p in wanted.parameters.values()
    ]
    for p, q in zip(given.parameters.values(), wanted.parameters.values(), strict=True):
        assert p.default == q.default or (p.default != p.default and q.default != q.default), p.name


def real_ufunc(cupy: Any, name: str) -> Any:
    if name == "where":
        return importlib.import_module("cupy._sorting.search")._where_ufunc
    if name == "angle":
        return importlib.import_module("cupy._core").angle
    if name == "clip":
        return importlib.import_module("cupy._core._routines_math").clip
    if name.startswith("special."):
        return getattr(importlib.import_module("cupyx.scipy.special"), name.removeprefix("special."))
    return getattr(cupy, name)


@pytest.mark.parametrize("name", sorted(LOOPS))
def test_ufuncs_have_cupys_loops_in_cupys_order(cupy, name):
    # the loop of structured types is no number's
    assert list(LOOPS[name]) == [t for t in real_ufunc(cupy, name).types if not t.startswith("VV")]


def test_every_ufunc_of_the_double_reads_the_table():
    from tests.doubles.cupy_double import _ufunc

    used = {u._key for u in vars(_ufunc).values() if isinstance(u, _ufunc.ufunc)}
    assert used <= set(LOOPS)
    assert set(BROKEN) <= used
