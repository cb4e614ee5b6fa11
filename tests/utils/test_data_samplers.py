"""Samplers: which indices come, and in which order."""

import collections
import itertools

import numpy as np
import pytest

import gputensor as gt
from gputensor.utils.data import (
    BatchSampler,
    DataLoader,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from gputensor.utils.data._orders import lazy_order


def seeded(seed=0):
    return gt.Generator().manual_seed(seed)


def test_sampler_without_iter_says_so():
    with pytest.raises(NotImplementedError, match="Sampler: a sampler must define __iter__"):
        iter(Sampler())


def test_sequential_sampler_counts():
    assert list(SequentialSampler("abc")) == [0, 1, 2]
    assert len(SequentialSampler("abc")) == 3


def test_random_sampler_gives_every_index_once_in_a_new_order_each_time():
    sampler = RandomSampler(range(50), generator=seeded())
    first, second = list(sampler), list(sampler)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second
    assert list(RandomSampler(range(50), generator=seeded())) == first
    assert len(sampler) == 50


@pytest.mark.parametrize("wanted", [1, 9, 10, 11, 25])
def test_random_sampler_gives_as_many_as_asked(wanted):
    sampler = RandomSampler(range(10), num_samples=wanted, generator=seeded())
    indices = list(sampler)
    assert len(indices) == len(sampler) == wanted
    for start in range(0, wanted, 10):
        assert len(set(indices[start : start + 10])) == len(indices[start : start + 10])


def test_random_sampler_with_replacement_repeats():
    indices = list(RandomSampler(range(10), replacement=True, num_samples=5000, generator=seeded()))
    assert len(indices) == 5000
    assert set(indices) == set(range(10))
    assert len(set(indices[:10])) < 10


def test_random_sampler_follows_the_default_generator():
    orders = []
    for _ in range(2):
        gt.manual_seed(3)
        orders.append(list(RandomSampler(range(20))))
    assert orders[0] == orders[1]


def test_random_sampler_of_nothing_is_refused():
    with pytest.raises(ValueError, match="positive integer, got 0, the length of data_source"):
        RandomSampler([])
    with pytest.raises(ValueError, match="3 samples of an empty data source"):
        list(RandomSampler([], num_samples=3))
    with pytest.raises(TypeError, match="must have a length"):
        RandomSampler(5)


@pytest.mark.parametrize("wanted", [0, -1, 2.5])
def test_random_sampler_refuses_a_bad_number(wanted):
    with pytest.raises(ValueError, match="num_samples must be a positive integer"):
        RandomSampler(range(3), num_samples=wanted)


def test_random_sampler_refuses_a_bad_replacement():
    with pytest.raises(TypeError, match="replacement must be True or False, got 1"):
        RandomSampler(range(3), replacement=1)


def test_subset_random_sampler_shuffles_what_it_is_given():
    sampler = SubsetRandomSampler([4, 8, 15, 16, 23, 42], generator=seeded())
    orders = [list(sampler) for _ in range(5)]
    assert all(sorted(order) == [4, 8, 15, 16, 23, 42] for order in orders)
    assert len({tuple(order) for order in orders}) > 1
    assert len(sampler) == 6


def test_weighted_sampler_draws_in_proportion():
    sampler = WeightedRandomSampler([1.0, 0.0, 3.0], 4000, generator=seeded())
    drawn = list(sampler)
    assert len(drawn) == len(sampler) == 4000
    assert drawn.count(1) == 0
    # Three quarters, within five standard deviations.
    assert abs(drawn.count(2) - 3000) < 5 * (4000 * 3 / 16) ** 0.5


def test_weighted_sampler_without_replacement_gives_each_once():
    assert sorted(WeightedRandomSampler([1, 2, 3, 4], 4, replacement=False)) == [0, 1, 2, 3]


def test_weighted_sampler_refuses_bad_arguments():
    with pytest.raises(ValueError, match="num_samples must be a positive integer, got 0"):
        WeightedRandomSampler([1.0], 0)
    with pytest.raises(ValueError, match="replacement must be True or False"):
        WeightedRandomSampler([1.0], 1, replacement="no")
    with pytest.raises(ValueError, match=r"weights must have one dim, got shape \(1, 1\)"):
        WeightedRandomSampler([[1.0]], 1)


@pytest.mark.parametrize("count", [0, 1, 5, 6])
@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("drop_last", [False, True])
def test_batch_sampler_cuts_into_lists(count, size, drop_last):
    sampler = BatchSampler(range(count), size, drop_last)
    batches = list(sampler)
    assert len(batches) == len(sampler)
    kept = count // size * size if drop_last else count
    assert [i for batch in batches for i in batch] == list(range(kept))
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(batches)


@pytest.mark.torch
def test_batch_sampler_cuts_as_pytorchs_does():
    torch_data = pytest.importorskip("torch.utils.data")
    for count, size, drop_last in itertools.product([0, 1, 5, 6], [1, 3, 7], [False, True]):
        theirs = torch_data.BatchSampler(range(count), size, drop_last)
        assert list(BatchSampler(range(count), size, drop_last)) == list(theirs)


@pytest.mark.parametrize(("size", "drop_last"), [(0, False), (-1, False), (2.0, False), (True, False), (2, "yes")])
def test_batch_sampler_refuses_bad_arguments(size, drop_last):
    with pytest.raises(ValueError, match=r"batch_size must be a positive|drop_last must be True or False"):
        BatchSampler(range(3), size, drop_last)


def test_long_random_orders_need_no_memory():
    sampler = RandomSampler(range(10**10), generator=gt.Generator().manual_seed(3))
    first = list(itertools.islice(sampler, 10_000))
    assert len(set(first)) == 10_000
    assert 0 <= min(first) < 10**8 < 99 * 10**8 < max(first) < 10**10
    again = RandomSampler(range(10**10), generator=gt.Generator().manual_seed(3))
    assert list(itertools.islice(again, 10)) == first[:10]
    other = RandomSampler(range(10**10), generator=gt.Generator().manual_seed(4))
    assert list(itertools.islice(other, 10)) != first[:10]
    assert len(set(RandomSampler(range(10**10), num_samples=5))) == 5
    batch = next(iter(DataLoader(range(10**10), batch_size=4, shuffle=True)))
    assert batch.shape == (4,)
    assert int(batch.max()) > 10**6


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 16, 17, 1000, 4097, 70_000])
def test_an_order_computed_place_by_place_is_one_of_all(count):
    order = list(lazy_order(count, gt.Generator().manual_seed(count)))
    assert sorted(order) == list(range(count))
    if count > 16:
        assert order != sorted(order)


def test_orders_computed_place_by_place_are_as_random_as_drawn_ones():
    stream = gt.Generator().manual_seed(0)
    # each of 24 orders of 4 comes about 100 times in 2400: chi squared with 23 degrees of freedom, 60 is 1 in 10**4.5
    counts = collections.Counter(tuple(lazy_order(4, stream)) for _ in range(2400))
    assert sum((counts[o] - 100) ** 2 / 100 for o in itertools.permutations(range(4))) < 60
    # the correlation of neighbours in one long order is that of chance, of standard deviation 1 / 300
    order = np.array(list(lazy_order(90_000, stream)), float)
    assert abs(np.corrcoef(order[1:], order[:-1])[0, 1]) < 4 / 300
    assert abs(np.corrcoef(order, np.arange(90_000))[0, 1]) < 4 / 300


def test_a_dataset_without_a_length_is_named_in_a_sentence():
    with pytest.raises(
        TypeError, match=r"SequentialSampler: the dataset must have a length, got int 5; give it __len__"
    ):
        list(DataLoader(5))
    with pytest.raises(TypeError, match="RandomSampler: the dataset must have a length, got zip"):
        RandomSampler(zip("ab", "cd", strict=True))

    class Broken:
        def __len__(self):
            return len(5)

    with pytest.raises(TypeError, match="object of type 'int' has no len"):
        len(SequentialSampler(Broken()))
