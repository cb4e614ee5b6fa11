"""The namespace is complete, and its functions are called as the standard says."""

import inspect
import types

import pytest

import gputensor as gt
from gputensor import array_api as xp
from tests.array_api import standard
from tests.array_api.table import CALLS

NAMESPACES = {"": standard.FUNCTIONS, "linalg": standard.LINALG, "fft": standard.FFT}
EVERY = [(space, name) for space, names in NAMESPACES.items() for name in names]

# what is called otherwise on purpose: "n" may be given by its place, and a condition come alone, as NumPy's users do
DIFFERENT = {
    "diff": "x, /, n=1, *, axis=-1, prepend=None, append=None",
    "where": "condition, x1=None, x2=None, /",
}


def found(space: str, name: str):
    return getattr(getattr(xp, space) if space else xp, name)


@pytest.mark.parametrize(("space", "name"), EVERY, ids=[f"{space}.{name}".lstrip(".") for space, name in EVERY])
def test_a_function_takes_its_arguments_as_the_standard_says(space, name):
    text = DIFFERENT.get(name, NAMESPACES[space][name])
    expected = inspect.signature(eval(f"lambda {text}: None", {"inf": float("inf")}))
    given = inspect.signature(found(space, name))
    assert [(p.name, p.kind, p.default) for p in given.parameters.values()] == [
        (p.name, p.kind, p.default) for p in expected.parameters.values()
    ]


@pytest.mark.parametrize("name", standard.INFO)
def test_an_inspection_function_takes_its_arguments_as_the_standard_says(name):
    expected = inspect.signature(eval(f"lambda {standard.INFO[name]}: None"))
    given = inspect.signature(getattr(xp.__array_namespace_info__(), name))
    assert [(p.name, p.kind) for p in given.parameters.values()] == [
        (p.name, p.kind) for p in expected.parameters.values()
    ]


@pytest.mark.parametrize("name", standard.METHODS)
def test_a_method_takes_its_arguments_as_the_standard_says(name):
    expected = list(inspect.signature(eval(f"lambda {standard.METHODS[name]}: None")).parameters.values())
    given = list(inspect.signature(getattr(xp.Array, name)).parameters.values())
    assert len(given) >= len(expected)
    for ours, theirs in zip(given[1:], expected[1:], strict=False):
        if theirs.kind is inspect.Parameter.POSITIONAL_ONLY:
            assert ours.kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        else:
            assert (ours.name, ours.kind, ours.default) == (theirs.name, theirs.kind, theirs.default)


def test_the_names_outside_the_functions_are_there():
    a = xp.ones((2, 2))
    missing = [name for name in (*standard.DTYPES, *standard.CONSTANTS) if not hasattr(xp, name)]
    missing += [
        name for name in (*standard.ATTRIBUTES, *standard.REFLECTED, *standard.IN_PLACE) if not hasattr(a, name)
    ]
    missing += [f"special.{name}" for name in standard.SPECIAL if not hasattr(xp.special, name)]
    assert missing == []


def test_every_function_has_a_row_in_the_table_of_calls():
    rows = {call.name for call in CALLS}
    names = {f"{space}.{name}".lstrip(".") for space, name in EVERY} | {f"special.{name}" for name in standard.SPECIAL}
    assert names - rows == set()
    assert rows - names == {"__array_namespace_info__"}


def functions(module):
    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, types.FunctionType) and not name.startswith("_") and "array_api" in value.__module__
    }


@pytest.mark.parametrize("module", [xp, xp.linalg, xp.fft, xp.special], ids=lambda module: module.__name__)
def test_every_public_function_has_a_docstring_with_an_example(module):
    assert [name for name, value in functions(module).items() if ">>> " not in (value.__doc__ or "")] == []


def test_the_namespace_is_a_module_that_tensors_name():
    t = gt.ones(2)
    assert t.__array_namespace__() is xp
    assert xp.ones(2).__array_namespace__(api_version="2025.12") is xp
    assert isinstance(xp, types.ModuleType)
    assert (xp.__name__, xp.__array_api_version__) == ("gputensor.array_api", "2025.12")
    with pytest.raises(ValueError, match=r"2019\.12"):
        t.__array_namespace__(api_version="2019.12")


def test_the_namespace_says_what_it_can_do():
    info = xp.__array_namespace_info__()
    assert info.capabilities() == {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}
    assert info.default_device() == gt.device("cpu")
    assert info.devices()[0] == gt.device("cpu")
    assert isinstance(info.devices(), tuple)
    assert tuple(info.dtypes()) == standard.DTYPES
    assert set(info.dtypes(kind="real floating")) == {"float32", "float64"}
    assert set(info.dtypes(kind=("bool", "unsigned integer"))) == {"bool", "uint8", "uint16", "uint32", "uint64"}
    with pytest.raises(ValueError, match="kind"):
        info.dtypes(kind="quaternion")
    assert xp.zeros((1,) * 64).ndim == 64


def test_the_default_dtypes_follow_the_default_dtype():
    info = xp.__array_namespace_info__()
    assert info.default_dtypes()["real floating"] is xp.float32 is xp.ones(1).dtype
    gt.set_default_dtype(gt.float64)
    try:
        defaults = info.default_dtypes(device="cpu")
        assert defaults["real floating"] is xp.float64 is xp.asarray([1.0]).dtype
        assert defaults["complex floating"] is xp.complex128 is xp.asarray([1j]).dtype
        assert defaults["integral"] is defaults["indexing"] is xp.int64
    finally:
        gt.set_default_dtype(gt.float32)


def test_dtypes_and_kinds():
    assert xp.isdtype(xp.float32, "real floating")
    assert xp.isdtype(xp.int8, ("bool", xp.int8))
    assert not xp.isdtype(xp.bool, "numeric")
    assert not xp.isdtype(xp.uint8, "signed integer")
    with pytest.raises(ValueError, match="no kind of dtype"):
        xp.isdtype(xp.int8, "whole")
    assert xp.finfo(xp.complex64).dtype is xp.float32
    assert xp.iinfo(xp.asarray([1], dtype=xp.uint8)).max == 255
    with pytest.raises(TypeError, match="iinfo"):
        xp.finfo(xp.int8)
