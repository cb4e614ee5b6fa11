"""Every word gives the same values on every library: NumPy, the strict double of CuPy, array-api-strict."""

import numpy as np
import pytest

from gputensor.arrays import numpy_
from tests import doubles
from tests.arrays.test_vocabulary import WORDS
from tests.arrays.word_rows import ROWS
from tests.arrays.words import BFLOAT16, FLOAT16, Row, check

NAMED_ELSEWHERE = {"empty", "is_view_of", "moved", "shares_memory"}  # no values to compare: tests of their own


def name_of(row: Row) -> str:
    return f"{row.word}, {row.note}" if row.note else row.word


@pytest.fixture(scope="module")
def cuda():
    """The namespace of a GPU, as the strict double of CuPy plays it."""
    with doubles.installed():
        from gputensor.arrays.cupy_ import loading

        yield loading.namespace(0)


def test_the_table_asks_for_every_word():
    assert {row.word for row in ROWS} == WORDS - NAMED_ELSEWHERE


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_words_on_the_double_of_cupy_give_the_values_of_numpy(cuda, row):
    assert check(cuda, row, row.dtypes, row.ulps) > 0


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_words_on_array_api_strict_give_the_values_of_numpy(row):
    from tests.doubles.strict import strict

    dtypes = row.dtypes if row.strict is None else row.strict
    dtypes = tuple([d for d in dtypes if d not in (FLOAT16, BFLOAT16)])
    if not dtypes:
        pytest.skip("the standard knows none of these dtypes")
    assert check(strict, row, dtypes, row.ulps) > 0


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_words_of_numpy_leave_their_arguments_alone(row):
    if row.word in ("copy_into", "index_write") or row.note == "into out":
        pytest.skip("writes into an argument, as it should")
    for asked in row.asked_of(row.dtypes[:1]):
        for arguments in row.calls(asked):
            hosts = [a.host for a in arguments if hasattr(a, "host")]
            before = [h.copy() for h in hosts]
            from tests.arrays.words import answer

            answer(numpy_, row.word, arguments)
            for host, old in zip(hosts, before, strict=True):
                np.testing.assert_array_equal(host, old)
