"""Datasets, and dividing them."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import ShapeError
from gputensor.utils.data import ConcatDataset, Dataset, IterableDataset, Subset, TensorDataset, random_split
from gputensor.utils.data.dataset import batch_reader


def digits(count=6):
    return TensorDataset(gt.from_numpy(np.arange(2.0 * count).reshape(count, 2)), gt.from_numpy(np.arange(count)))


def test_dataset_without_getitem_says_so():
    with pytest.raises(NotImplementedError, match="Dataset: a dataset must define __getitem__"):
        Dataset()[0]
    with pytest.raises(NotImplementedError, match="must define __iter__"):
        iter(IterableDataset())


def test_tensor_dataset_gives_a_tuple_of_views():
    dataset = digits()
    x, y = dataset[2]
    assert (len(dataset), x.tolist(), y.item()) == (6, [4.0, 5.0], 2)
    x[:] = 0.0
    assert dataset.tensors[0][2].tolist() == [0.0, 0.0]


def test_tensor_dataset_reads_a_batch_by_an_index_array():
    x, y = digits().get_batch([4, -1, 4])
    assert x.tolist() == [[8.0, 9.0], [10.0, 11.0], [8.0, 9.0]]
    assert y.tolist() == [4, 5, 4]
    with pytest.raises(IndexError):
        digits().get_batch([6])


def test_tensor_dataset_refuses_unequal_sizes():
    with pytest.raises(ShapeError, match=r"tensor 1 has 3 samples and tensor 0 has 2 .*\(3,\) and \(2, 5\)"):
        TensorDataset(gt.zeros(2, 5), gt.zeros(3))
    with pytest.raises(ShapeError, match="tensor 0 has no dim 0"):
        TensorDataset(gt.tensor(1.0))
    with pytest.raises(ValueError, match="no tensor"):
        TensorDataset()


def test_subset_reads_through_its_indices():
    subset = Subset(digits(), [5, 1])
    assert len(subset) == 2
    assert [y.item() for _, y in (subset[0], subset[1], subset[-1])] == [5, 1, 1]
    assert [y.item() for _, y in subset.__getitems__([1, 0])] == [1, 5]
    assert Subset("abcdef", [4, 0, 2])[1] == "a"


def test_subset_of_a_subset_asks_for_all_samples_at_once():
    asked = []

    class Counting(Dataset):
        def __getitems__(self, indices):
            asked.append(list(indices))
            return indices

    assert Subset(Subset(Counting(), [9, 8, 7]), [2, 0]).__getitems__([1, 0]) == [9, 7]
    assert asked == [[9, 7]]


def test_concat_dataset_joins():
    joined = ConcatDataset(["ab", "", "cde"])
    assert len(joined) == 5
    assert "".join(joined[i] for i in range(5)) == "abcde"
    assert "".join(joined[i] for i in range(-5, 0)) == "abcde"
    for index in (5, -6):
        with pytest.raises(IndexError, match=rf"index {index} is out of range for 5 samples"):
            joined[index]
    assert len(digits() + digits(3)) == 9


def test_concat_dataset_refuses_nothing_and_streams():
    with pytest.raises(ValueError, match="no dataset"):
        ConcatDataset([])
    with pytest.raises(TypeError, match="dataset 1 is an IterableDataset"):
        ConcatDataset(["ab", IterableDataset()])


@pytest.mark.parametrize(
    ("lengths", "sizes"),
    [([7, 3], [7, 3]), ([0.7, 0.3], [7, 3]), ([0.25] * 4, [3, 3, 2, 2]), ([10, 0], [10, 0]), ([1], [10])],
)
def test_random_split_parts_cover_everything_once(lengths, sizes):
    parts = random_split(range(10), lengths, generator=gt.Generator().manual_seed(1))
    assert [len(part) for part in parts] == sizes
    assert sorted(sample for part in parts for sample in part) == list(range(10))


def test_random_split_depends_on_its_generator_alone():
    first, again, other = (
        [list(part) for part in random_split(range(100), [50, 50], generator=gt.Generator().manual_seed(seed))]
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_random_split_refuses_what_does_not_add_up():
    with pytest.raises(ValueError, match=r"lengths \[5, 4\] add up to 9, and the dataset has 10 samples"):
        random_split(range(10), [5, 4])
    with pytest.raises(ValueError, match="fractions must add up to 1"):
        random_split(range(10), [0.5, 0.6])
    with pytest.raises(ValueError, match="must not be negative"):
        random_split(range(10), [11, -1])


def test_random_split_warns_of_an_empty_part():
    with pytest.warns(UserWarning, match="part 1 of 2 samples is empty"):
        assert [len(part) for part in random_split(range(2), [0.9, 0.1])] == [2, 0]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Length of split", "ignore:random_split. part")
def test_random_split_divides_as_pytorch_does():
    torch_data = pytest.importorskip("torch.utils.data")
    for count in (7, 10, 101):
        for lengths in ([0.5, 0.5], [0.8, 0.1, 0.1], [1 / 3] * 3, [0.98, 0.02]):
            theirs = [len(part) for part in torch_data.random_split(range(count), lengths)]
            assert [len(part) for part in random_split(range(count), lengths)] == theirs


def test_batches_are_read_at_once_only_where_that_is_sound():
    class Changed(TensorDataset):
        def __getitem__(self, index):
            return super().__getitem__(index)[0] + 1

    class Both(TensorDataset):
        def __getitem__(self, index):
            return 0

        def get_batch(self, indices):
            return indices

    x = gt.zeros(4)
    assert batch_reader(TensorDataset(x)) is not None
    assert batch_reader(Subset(TensorDataset(x), [0, 1])) is not None
    assert batch_reader(Both(x))([3]) == [3]
    assert batch_reader(Changed(x)) is None
    assert batch_reader(Subset(Changed(x), [0])) is None
    assert batch_reader(ConcatDataset([TensorDataset(x)])) is None
    assert batch_reader([1, 2]) is None
