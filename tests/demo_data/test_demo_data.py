"""The shipped digits are the ones that SOURCE.md describes, and the split keeps the classes' shares."""

import gzip
import hashlib
import re
from importlib import resources

import numpy as np
import pytest

from gputensor.demo_data import load_digits, stratified_split

FOLDER = resources.files("gputensor.demo_data")
PER_CLASS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
ORIGINAL = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"


def test_the_file_is_the_one_that_its_source_note_describes():
    packed = (FOLDER / "optdigits.tes.gz").read_bytes()
    unpacked = gzip.decompress(packed)
    note = (FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    recorded = re.findall(r"^\| .* \| ([\d,]+) \| `([0-9a-f]{64})` \|$", note, re.MULTILINE)
    assert recorded == [(f"{len(data):,}", hashlib.sha256(data).hexdigest()) for data in (packed, unpacked)]
    assert recorded[1][1] == ORIGINAL
    assert len(packed) < 100_000


def test_digits_have_their_shapes_dtypes_and_range():
    images, labels = load_digits()
    assert (images.shape, images.dtype) == ((1797, 8, 8), np.uint8)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)
    assert (images.min(), images.max()) == (0, 16)
    assert np.bincount(labels).tolist() == PER_CLASS


def test_pixels_are_in_rows_and_the_label_is_none_of_them():
    images, labels = load_digits()
    assert labels[0] == 0
    assert images[0].tolist() == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
        [0, 4, 12, 0, 0, 8, 8, 0],
        [0, 5, 8, 0, 0, 9, 8, 0],
        [0, 4, 11, 0, 1, 12, 7, 0],
        [0, 2, 14, 5, 10, 12, 0, 0],
        [0, 0, 6, 13, 10, 0, 0, 0],
    ]


def test_digits_are_fresh_and_writable():
    images, labels = load_digits()
    images[:], labels[:] = 1, 1
    again, again_labels = load_digits()
    assert again.max() == 16
    assert again_labels.max() == 9


def test_the_split_is_disjoint_complete_and_stratified():
    _, labels = load_digits()
    train, test = stratified_split(labels)
    assert (len(train), len(test)) == (1437, 360)
    assert train.dtype == test.dtype == np.int64
    assert np.array_equal(np.sort(np.concatenate([train, test])), np.arange(1797))
    shares = 360 * np.array(PER_CLASS) / 1797
    assert np.abs(np.bincount(labels[test]) - shares).max() < 1


def test_the_same_seed_gives_the_same_split_and_another_one_another():
    _, labels = load_digits()
    first, again, other = (stratified_split(labels, seed=seed)[1] for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_split_of_seed_zero_never_changes():
    _, labels = load_digits()
    _, test = stratified_split(labels)
    assert test[:8].tolist() == [0, 3, 8, 9, 14, 15, 18, 19]


def test_what_rounding_lost_goes_to_the_classes_that_lost_most():
    labels = np.repeat([3, 5, 9], [10, 6, 4])  # shares of 7 are 3.5, 2.1 and 1.4
    _, test = stratified_split(labels, test_size=7)
    assert np.bincount(labels[test], minlength=10)[[3, 5, 9]].tolist() == [4, 2, 1]


@pytest.mark.parametrize("test_size", [0, 6])
def test_either_part_may_be_empty(test_size):
    train, test = stratified_split(np.array([0, 1, 1, 2, 2, 2]), test_size)
    assert (len(train), len(test)) == (6 - test_size, test_size)


def test_no_items_split_into_nothing():
    train, test = stratified_split(np.array([], np.int64), test_size=0)
    assert (len(train), len(test)) == (0, 0)


@pytest.mark.parametrize(
    ("labels", "options", "error", "words"),
    [
        (np.zeros((2, 2)), {}, ValueError, r"labels has shape \(2, 2\)"),
        (np.zeros(3), {"test_size": 4}, ValueError, "test_size is 4; use 0 to 3"),
        (np.zeros(3), {"test_size": -1}, ValueError, "test_size is -1"),
        (np.zeros(3), {"test_size": 0.2}, TypeError, "test_size is 0.2, a float"),
        (np.zeros(3), {"test_size": 1, "seed": -1}, ValueError, "seed is -1"),
        (np.zeros(3), {"test_size": 1, "seed": None}, TypeError, "seed is None"),
    ],
)
def test_a_bad_argument_of_the_split_is_refused(labels, options, error, words):
    with pytest.raises(error, match="stratified_split: " + words):
        stratified_split(labels, **options)
