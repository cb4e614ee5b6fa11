"""Size beside lists and tuples."""

import operator

import pytest

import gputensor as gt


def test_a_list_extended_by_a_size_stays_a_list():
    sizes = [1]
    sizes += gt.Size([2])
    assert type(sizes) is list
    assert sizes == [1, 2]
    with pytest.raises(TypeError, match="list"):
        operator.add([1], gt.Size([2]))


def test_a_tuple_and_a_size_make_a_size():
    joined = operator.add((1,), gt.Size([2]))
    assert type(joined) is gt.Size
    assert joined == (1, 2)
