"""DataLoader in one process: order, batches, arguments."""

import itertools

import numpy as np
import pytest

import gputensor as gt
from gputensor.utils.data import (
    BatchSampler,
    DataLoader,
    Dataset,
    IterableDataset,
    SequentialSampler,
    Subset,
    TensorDataset,
    default_collate,
    get_worker_info,
)


class Squares(Dataset):
    def __init__(self, count=10):
        self.count = count

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return index * index


class Countdown(IterableDataset):
    def __init__(self, count=5):
        self.count = count

    def __len__(self):
        return self.count

    def __iter__(self):
        return iter(range(self.count, 0, -1))


def lists(loader):
    return [batch.tolist() for batch in loader]


def samples(loader):
    return [sample for batch in loader for sample in batch.tolist()]


def test_batches_come_in_order():
    loader = DataLoader(Squares(), batch_size=4)
    assert lists(loader) == lists(loader) == [[0, 1, 4, 9], [16, 25, 36, 49], [64, 81]]
    assert len(loader) == 3


def test_default_batch_is_of_one_sample():
    assert lists(DataLoader([5, 6])) == [[5], [6]]


def test_drop_last_leaves_out_what_is_not_full():
    loader = DataLoader(Squares(), batch_size=4, drop_last=True)
    assert lists(loader) == [[0, 1, 4, 9], [16, 25, 36, 49]]
    assert len(loader) == 2


def test_shuffle_gives_every_sample_once_in_a_new_order():
    loader = DataLoader(Squares(30), batch_size=7, shuffle=True, generator=gt.Generator().manual_seed(0))
    first, second = (samples(loader) for _ in range(2))
    assert sorted(first) == sorted(second) == [i * i for i in range(30)]
    assert first != second
    again = DataLoader(Squares(30), batch_size=7, shuffle=True, generator=gt.Generator().manual_seed(0))
    assert samples(again) == first


def test_manual_seed_repeats_the_order():
    orders = []
    for _ in range(2):
        gt.manual_seed(5)
        orders.append(lists(DataLoader(Squares(30), batch_size=7, shuffle=True)))
    assert orders[0] == orders[1]


def test_sampler_and_batch_sampler_decide_the_order():
    assert lists(DataLoader(Squares(), batch_size=2, sampler=[3, 1, 2])) == [[9, 1], [4]]
    batches = BatchSampler(SequentialSampler(range(5)), 3, False)
    loader = DataLoader(Squares(), batch_sampler=batches)
    assert lists(loader) == [[0, 1, 4], [9, 16]]
    assert (len(loader), loader.batch_size, loader.batch_sampler) == (2, None, batches)


def test_without_batches_samples_are_only_converted():
    assert list(DataLoader(Squares(3), batch_size=None)) == [0, 1, 4]
    (first, _) = DataLoader([np.ones(2), np.ones(3)], batch_size=None)
    assert isinstance(first, gt.Tensor)
    assert list(DataLoader(Squares(3), batch_size=None, collate_fn=str)) == ["0", "1", "4"]
    assert len(DataLoader(Squares(3), batch_size=None)) == 3


def test_collate_fn_gets_the_list_of_samples():
    assert list(DataLoader(Squares(5), batch_size=2, collate_fn=lambda batch: batch)) == [[0, 1], [4, 9], [16]]


def test_iterable_dataset_is_read_in_its_order():
    loader = DataLoader(Countdown(), batch_size=2)
    assert lists(loader) == lists(loader) == [[5, 4], [3, 2], [1]]
    assert len(loader) == 3
    assert lists(DataLoader(Countdown(), batch_size=2, drop_last=True)) == [[5, 4], [3, 2]]
    assert len(DataLoader(Countdown(), batch_size=2, drop_last=True)) == 2
    assert list(DataLoader(Countdown(), batch_size=None)) == [5, 4, 3, 2, 1]
    assert len(DataLoader(Countdown(), batch_size=None)) == 5


def test_length_of_a_stream_is_unknown():
    class Stream(IterableDataset):
        def __iter__(self):
            return iter([1])

    with pytest.raises(TypeError):
        len(DataLoader(Stream()))


def test_empty_dataset_gives_no_batch():
    assert lists(DataLoader([])) == lists(DataLoader(Countdown(0))) == []


def test_two_iterators_of_a_loader_do_not_disturb_each_other():
    loader = DataLoader(Squares(4), batch_size=2)
    pairs = [(x.tolist(), y.tolist()) for x in loader for y in loader]
    assert pairs == [([0, 1], [0, 1]), ([0, 1], [4, 9]), ([4, 9], [0, 1]), ([4, 9], [4, 9])]


def test_tensor_dataset_is_read_by_whole_batches(monkeypatch):
    data = gt.from_numpy(np.arange(20.0).reshape(10, 2))
    dataset = TensorDataset(data, gt.from_numpy(np.arange(10)))
    expected = [
        [x.tolist(), y.tolist()]
        for x, y in DataLoader(dataset, batch_size=4, collate_fn=lambda batch: default_collate(batch))
    ]

    def never(self, index):
        raise AssertionError("read sample by sample")

    monkeypatch.setattr(TensorDataset, "__getitem__", never)
    assert [[x.tolist(), y.tolist()] for x, y in DataLoader(dataset, batch_size=4)] == expected
    for subset in (Subset(dataset, [7, 3, 5]), Subset(Subset(dataset, [1, 7, 3, 5]), [1, 2, 3])):
        ((x, y),) = DataLoader(subset, batch_size=4)
        assert x.tolist() == [[14.0, 15.0], [6.0, 7.0], [10.0, 11.0]]
        assert y.tolist() == [7, 3, 5]


def test_changed_samples_of_a_tensor_dataset_are_seen():
    class Doubled(TensorDataset):
        def __getitem__(self, index):
            return tuple(2 * t for t in super().__getitem__(index))

    loader = DataLoader(Doubled(gt.tensor([1, 2, 3])), batch_size=2)
    assert [x.tolist() for (x,) in loader] == [[2, 4], [6]]


def test_getitems_is_used_where_the_dataset_has_it():
    class Whole(Squares):
        def __getitems__(self, indices):
            return [100 + i for i in indices]

    assert lists(DataLoader(Whole(3), batch_size=2)) == [[100, 101], [102]]


def test_stop_iteration_of_a_dataset_does_not_end_the_loop_silently():
    class Bad(Squares):
        def __getitem__(self, index):
            raise StopIteration

    with pytest.raises(RuntimeError, match="the dataset or collate_fn raised StopIteration"):
        list(DataLoader(Bad()))


def test_there_is_no_worker_in_the_main_process():
    seen = []
    list(DataLoader(Squares(1), collate_fn=lambda batch: seen.append(get_worker_info())))
    assert seen == [None]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"num_workers": -1}, "num_workers must be 0 .* or more, got -1"),
        ({"timeout": -1}, "timeout must be 0"),
        ({"prefetch_factor": 2}, "prefetch_factor is about worker processes"),
        ({"persistent_workers": True}, "persistent_workers is about worker processes"),
        ({"num_workers": 1, "prefetch_factor": 0}, "prefetch_factor must be a positive integer, got 0"),
        ({"batch_size": 0}, "batch_size must be a positive integer or None, got 0"),
        ({"batch_size": 2.5}, "batch_size must be a positive integer or None"),
        ({"sampler": [1], "shuffle": True}, "sampler and shuffle exclude each other"),
        ({"batch_sampler": [[1]], "batch_size": 2}, "batch_sampler excludes"),
        ({"batch_sampler": [[1]], "shuffle": True}, "batch_sampler excludes"),
        ({"batch_sampler": [[1]], "drop_last": True}, "batch_sampler excludes"),
        ({"batch_size": None, "drop_last": True}, "drop_last needs batch_size"),
    ],
)
def test_arguments_that_contradict_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        DataLoader(Squares(), **arguments)


@pytest.mark.parametrize("name", ["sampler", "batch_sampler", "shuffle"])
def test_streams_refuse_an_order(name):
    with pytest.raises(ValueError, match=f"{name} cannot be given with an IterableDataset"):
        DataLoader(Countdown(), **{name: True if name == "shuffle" else [1]})
    assert DataLoader(Countdown(), shuffle=False).sampler is None


@pytest.mark.torch
def test_batches_have_the_sizes_of_pytorchs():
    torch_data = pytest.importorskip("torch.utils.data")
    for count, size, drop_last in itertools.product([0, 1, 9, 10], [1, 4, None], [False, True]):
        if size is None and drop_last:
            continue
        ours = DataLoader(range(count), batch_size=size, drop_last=drop_last)
        theirs = torch_data.DataLoader(range(count), batch_size=size, drop_last=drop_last)
        assert len(ours) == len(theirs)
        if size is None:
            assert list(ours) == list(theirs)
        else:
            assert lists(ours) == lists(theirs)


@pytest.mark.parametrize(
    "name", ["batch_size", "batch_sampler", "sampler", "drop_last", "dataset", "persistent_workers"]
)
def test_what_a_loader_was_made_of_cannot_be_set_later(name):
    loader = DataLoader(Squares(), batch_size=2)
    with pytest.raises(ValueError, match=f"{name} cannot be set after the loader is made"):
        setattr(loader, name, getattr(loader, name))
    assert loader.batch_size == 2


def test_the_rest_of_a_loader_can_be_set_later():
    loader = DataLoader([1, 2, 3], batch_size=2)
    loader.collate_fn = sum
    assert list(loader) == [3, 3]
    loader.anything = 1
    with pytest.raises(ValueError, match="multiprocessing_context is about worker processes"):
        loader.multiprocessing_context = "spawn"


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"multiprocessing_context": "fork"}, ValueError, "about worker processes"),
        ({"multiprocessing_context": "zzz", "num_workers": 1}, ValueError, "must be one of"),
        ({"multiprocessing_context": 3, "num_workers": 1}, TypeError, "must be a context"),
    ],
)
def test_a_context_that_starts_nothing_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        DataLoader(Squares(), **arguments)


def test_waiting_for_no_worker_is_refused():
    with pytest.raises(ValueError, match="timeout is about worker processes"):
        iter(DataLoader(Squares(), timeout=1))


def test_an_iterator_knows_the_number_of_batches():
    assert len(iter(DataLoader(range(10), batch_size=3))) == 4
    with pytest.raises(TypeError):
        len(iter(DataLoader(Countdown())))


def test_shuffling_nothing_is_refused():
    with pytest.raises(ValueError, match="num_samples must be a positive integer"):
        DataLoader([], shuffle=True)
