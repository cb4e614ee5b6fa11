"""Every word gives the same values on every library: NumPy, the strict double of CuPy, array-api-strict."""

import numpy as np
import pytest

from gputensor.arrays import numpy_
from tests import doubles
from tests.arrays.test_vocabulary import WORDS
from tests.arrays.word_rows import ROWS
from tests.arrays.words import BFLOAT16, FLOAT16, Operand, Row, answer, check, place

NAMED_ELSEWHERE = {
    "address",
    "empty",
    "is_view_of",
    "memory_bounds",
    "moved",
    "shares_memory",
    "strides",
}  # no values to compare: tests of their own


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


def standard_dtypes(row: Row) -> tuple[np.dtype, ...]:
    """The row's dtypes that the standard knows, for this word."""
    return tuple([d for d in (row.dtypes if row.strict is None else row.strict) if d not in (FLOAT16, BFLOAT16)])


@pytest.mark.parametrize("row", [row for row in ROWS if standard_dtypes(row)], ids=name_of)
def test_words_on_array_api_strict_give_the_values_of_numpy(row):
    from tests.doubles.strict import strict

    assert check(strict, row, standard_dtypes(row), row.ulps) > 0


def writes(row: Row) -> bool:
    return row.word in ("copy_into", "index_write", "scatter_write") or row.note == "into out"


@pytest.mark.parametrize("row", [row for row in ROWS if not writes(row)], ids=name_of)
def test_words_leave_their_arguments_alone(cuda, row):
    for asked in row.asked_of(row.dtypes[:1]):
        for arguments in row.calls(asked):
            for xp in (numpy_, cuda):
                placed = tuple([place(xp, a) for a in arguments])
                before = [
                    np.array(xp.to_host(p)) for p, a in zip(placed, arguments, strict=True) if isinstance(a, Operand)
                ]
                answer(xp, row.word, placed)
                after = [
                    np.array(xp.to_host(p)) for p, a in zip(placed, arguments, strict=True) if isinstance(a, Operand)
                ]
                for old, new in zip(before, after, strict=True):
                    np.testing.assert_array_equal(new, old)
