"""Chained and stacked datasets, the sampler for several processes, samplers of very many draws, checked arguments."""

import itertools

import pytest

import gputensor as gt
from gputensor.utils.data import (
    BatchSampler,
    ChainDataset,
    DataLoader,
    Dataset,
    IterableDataset,
    RandomSampler,
    SequentialSampler,
    StackDataset,
    WeightedRandomSampler,
    dataloader,
    dataset,
    sampler,
)
from gputensor.utils.data.distributed import DistributedSampler

MANY = 10**10


class Count(IterableDataset):
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return iter(range(self.n))

    def __len__(self):
        return self.n


class Letters(Dataset):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return "abc"[index]

    def __getitems__(self, indices):
        return ["abc"[i].upper() for i in indices]


def test_chained_datasets_follow_one_another():
    chain = ChainDataset([Count(2), Count(3)])
    assert list(chain) == [0, 1, 0, 1, 2]
    assert len(chain) == 5
    assert list(Count(1) + Count(2)) == [0, 0, 1]
    assert [batch.tolist() for batch in DataLoader(chain, batch_size=3)] == [[0, 1, 0], [1, 2]]
    with pytest.raises(TypeError, match="dataset 1 is a list"):
        list(ChainDataset([Count(1), [1]]))


def test_stacked_datasets_are_read_together():
    stacked = StackDataset(Letters(), [1, 2, 3])
    assert (len(stacked), stacked[2]) == (3, ("c", 3))
    assert stacked.__getitems__([0, 2]) == [("A", 1), ("C", 3)]
    named = StackDataset(letter=Letters(), number=[1, 2, 3])
    assert named[0] == {"letter": "a", "number": 1}
    assert named.__getitems__([1]) == [{"letter": "B", "number": 2}]
    (batch,) = DataLoader(named, batch_size=3)
    assert (batch["letter"], batch["number"].tolist()) == (["A", "B", "C"], [1, 2, 3])
    for args, kwargs in (((), {}), (([1],), {"a": [1]}), (([1], [1, 2]), {})):
        with pytest.raises(ValueError, match="StackDataset"):
            StackDataset(*args, **kwargs)


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("shuffle", [False, True])
def test_processes_share_a_dataset_without_overlap(shuffle, drop_last):
    parts = [DistributedSampler(range(10), 3, k, shuffle=shuffle, drop_last=drop_last) for k in range(3)]
    for part in parts:
        part.set_epoch(2)
    drawn = [list(part) for part in parts]
    assert [len(d) for d in drawn] == [len(p) for p in parts] == [3 if drop_last else 4] * 3
    everything = sorted(itertools.chain(*drawn))
    assert len(set(everything)) == (9 if drop_last else 10)
    assert drawn[0] == list(parts[0])
    parts[0].set_epoch(3)
    assert (list(parts[0]) != drawn[0]) is shuffle


@pytest.mark.torch
@pytest.mark.parametrize(
    ("count", "replicas", "drop_last"), [(10, 3, False), (10, 3, True), (2, 5, False), (9, 3, True)]
)
def test_parts_in_order_are_those_of_pytorch(count, replicas, drop_last):
    torch = pytest.importorskip("torch")
    for rank in range(replicas):
        mine = DistributedSampler(range(count), replicas, rank, shuffle=False, drop_last=drop_last)
        theirs = torch.utils.data.distributed.DistributedSampler(
            range(count), replicas, rank, shuffle=False, drop_last=drop_last
        )
        assert list(mine) == list(theirs)


def test_the_sampler_asks_the_group_and_checks_its_rank():
    gt.distributed.init_process_group(world_size=1, rank=0)
    try:
        assert len(DistributedSampler(range(4))) == 4
    finally:
        gt.distributed.destroy_process_group()
    with pytest.raises(ValueError, match="rank 3 is out of range"):
        DistributedSampler(range(4), 3, 3)


@pytest.mark.parametrize(
    "make",
    [
        lambda: SequentialSampler(range(MANY)),
        lambda: RandomSampler(range(5), replacement=True, num_samples=MANY),
        lambda: RandomSampler(range(MANY), replacement=True),
        lambda: RandomSampler(range(5), num_samples=MANY),
        lambda: WeightedRandomSampler([1.0, 2.0], MANY),
        lambda: DistributedSampler(range(2 * MANY), 2, 0, shuffle=False),
    ],
    ids=["sequential", "replacement", "replacement of many", "orders", "weighted", "distributed"],
)
def test_very_many_draws_are_made_when_they_are_asked_for(make):
    made = make()
    assert len(made) == MANY
    assert len(list(itertools.islice(made, 3))) == 3
    batches = BatchSampler(made, 4, drop_last=False)
    assert len(batches) == MANY // 4
    assert len(next(iter(batches))) == 4


def test_weighted_draws_in_portions_keep_their_weights():
    drawn = list(WeightedRandomSampler([1.0, 3.0, 0.0], 200_000, generator=gt.Generator().manual_seed(1)))
    assert len(drawn) == 200_000
    # five standard deviations of 200,000 draws of probability 3/4
    assert abs(sum(drawn) / len(drawn) - 0.75) < 5 * (0.75 * 0.25 / 200_000) ** 0.5
    assert sorted(WeightedRandomSampler([1.0, 1.0, 1.0], 3, replacement=False)) == [0, 1, 2]


def test_the_modules_have_the_names_that_programs_import_from_them():
    assert dataloader.DataLoader is DataLoader
    assert dataloader.default_collate([1, 2]).tolist() == [1, 2]
    assert dataset.Dataset is Dataset
    assert sampler.RandomSampler is RandomSampler


@pytest.mark.torch
@pytest.mark.parametrize(
    "options",
    [
        {"batch_size": 0},
        {"batch_size": -1},
        {"batch_size": True},
        {"batch_size": 2.5},
        {"shuffle": True, "sampler": [0]},
        {"batch_sampler": [[0]], "batch_size": 2},
        {"batch_sampler": [[0]], "shuffle": True},
        {"batch_sampler": [[0]], "drop_last": True},
        {"batch_size": None, "drop_last": True},
        {"num_workers": -1},
        {"timeout": -1},
        {"prefetch_factor": 2},
        {"persistent_workers": True},
        {"num_workers": 1, "prefetch_factor": -2},
    ],
)
def test_loaders_refuse_what_pytorch_refuses(options):
    torch = pytest.importorskip("torch")
    with pytest.raises((ValueError, TypeError)):
        list(torch.utils.data.DataLoader([1, 2, 3], **options))
    with pytest.raises((ValueError, TypeError)):
        list(DataLoader([1, 2, 3], **options))
