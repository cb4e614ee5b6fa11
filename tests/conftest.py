"""Tests on a real GPU carry the mark `gpu`; without one they are skipped, and the reason is the diagnosis itself.

The fixture `gpus` lends two GPUs that the strict double of CuPy plays.
"""

import functools
import gc
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests import doubles


@functools.cache
def missing() -> str | None:
    """None where a GPU is usable, else what is missing."""
    from gputensor.arrays.cupy_ import loading

    return loading.diagnose()


def pytest_collection_finish() -> None:
    # what was collected stays to the end: every gc.collect() of a test, and every worker, would go through all of it
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if marked and missing() is not None:
        for item in marked:
            item.add_marker(pytest.mark.skip(reason=f"no usable GPU: {missing()}"))


def pytest_runtest_teardown() -> None:
    """A test that makes an instance of a subclass of Tensor leaves the quick way of operations to the others."""
    subclasses = sys.modules.get("gputensor.core.subclasses")
    if subclasses is not None:
        subclasses.forget()


@pytest.fixture
def gpus() -> Iterator[ModuleType]:
    """Two GPUs, played by the strict double of CuPy: `tensor.cuda()` works in the test. The double itself is given."""
    with doubles.installed(devices=2) as cupy:
        yield cupy
