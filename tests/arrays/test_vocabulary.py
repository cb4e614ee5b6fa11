"""NumPy's, CuPy's and array-api-strict's namespaces have exactly the words of the vocabulary, with its parameters."""

import inspect
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gputensor.arrays import numpy_, vocabulary
from tests import doubles

FAMILIES = [c for c in vocabulary.Namespace.__mro__ if c.__module__.startswith("gputensor.arrays.vocabulary")]
PROTOCOL = {
    name: word
    for family in FAMILIES
    for name, word in vars(family).items()
    if inspect.isfunction(word) and not name.startswith("_")  # the attributes are properties
}
SWITCHES = {"enter", "leave", "each_part"}  # of the device, no words
WORDS = set(PROTOCOL) - SWITCHES
ATTRIBUTES = {"library", "device_type", "device_index"}


def public(namespace: Any) -> dict[str, Any]:
    """The words of a namespace: its public names that are neither submodules nor the three attributes."""
    names = [n for n in dir(namespace) if not n.startswith("_") and n not in ATTRIBUTES]
    found = {n: getattr(namespace, n) for n in names}
    return {n: word for n, word in found.items() if not isinstance(word, types.ModuleType)}


def parameters(word: Any, bound: bool) -> list[inspect.Parameter]:
    found = list(inspect.signature(word).parameters.values())
    return found[1:] if not bound else found


def check_words(namespace: Any) -> None:
    words = public(namespace)
    assert set(words) == set(PROTOCOL)
    for name, word in words.items():
        wanted = parameters(PROTOCOL[name], bound=False)
        if isinstance(word, np.ufunc):
            # NumPy's ufuncs take their operands and a place for the result by position
            assert all([p.kind is p.POSITIONAL_ONLY for p in wanted]), name
            assert word.nin == len([p for p in wanted if p.name != "out"]), name
            continue
        if namespace is numpy_ and not (getattr(word, "__module__", None) or "").startswith("gputensor"):
            # NumPy's own, taken over as it is: by position, whatever NumPy calls them
            assert all([p.kind is p.POSITIONAL_ONLY for p in wanted]), name
            continue
        given = parameters(word, bound=True)
        assert [(p.name, p.default, p.kind) for p in given] == [(p.name, p.default, p.kind) for p in wanted], name


def test_a_word_belongs_to_one_family():
    homes = {name: [f.__name__ for f in FAMILIES if name in vars(f)] for name in PROTOCOL}
    assert not {name: found for name, found in homes.items() if len(found) > 1}


def test_numpy_has_exactly_the_words():
    check_words(numpy_)


def test_cupy_has_exactly_the_words():
    with doubles.installed():
        from gputensor.arrays.cupy_ import loading

        check_words(loading.namespace(0))


def test_array_api_strict_has_exactly_the_words():
    from tests.doubles.strict import strict

    check_words(strict)


@pytest.mark.parametrize("name", sorted(WORDS))
def test_a_word_that_the_standard_lacks_says_why_it_exists(name):
    import array_api_strict

    if not hasattr(array_api_strict, name):
        family = next(f for f in FAMILIES if name in vars(f))
        assert PROTOCOL[name].__doc__ or family.__name__ == "Random", f"{name} has no reason beside it"


CONFORMITY = """
import numpy as np
from typing import Any
from gputensor.arrays import numpy_
from gputensor.arrays.cupy_.namespace import CupyNamespace
from gputensor.arrays.vocabulary import Namespace

cpu: Namespace[np.ndarray] = numpy_
gpu: Namespace[Any] = CupyNamespace(0)
"""


@pytest.mark.slow
def test_the_namespaces_conform_to_the_protocols_for_a_type_checker(tmp_path):
    api = pytest.importorskip("mypy.api")
    file = tmp_path / "conformity.py"
    file.write_text(CONFORMITY)
    root = Path(vocabulary.__file__).parents[3]
    said, errors, _ = api.run([str(file), "--config-file", str(root / "pyproject.toml"), "--cache-dir", str(tmp_path)])
    assert not [line for line in said.splitlines() if "conformity.py" in line], said
    assert "Found" in said or "Success" in said, errors


def test_namespaces_name_their_library_and_device():
    assert (numpy_.library, numpy_.device_type, numpy_.device_index) == ("numpy", "cpu", None)
    with doubles.installed():
        from gputensor.arrays.cupy_ import loading

        xp = loading.namespace(1)
        assert (xp.library, xp.device_type, xp.device_index) == ("cupy", "cuda", 1)
