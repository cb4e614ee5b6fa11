"""What tests on a GPU share. `tests/conftest.py` skips them where there is none."""

import pytest


@pytest.fixture(scope="session")
def cuda():
    """The namespace of the first GPU."""
    from gputensor.arrays.cupy_ import loading

    return loading.namespace(0)


@pytest.fixture(scope="session")
def second():
    """The namespace of the second GPU."""
    from gputensor.arrays.cupy_ import loading

    if loading.device_count() < 2:
        pytest.skip("needs two GPUs")
    return loading.namespace(1)
