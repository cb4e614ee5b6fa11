"""The handwritten digits that the demo learns; `SOURCE.md` beside this file says where they come from."""

import gzip
import operator
from importlib import resources

import numpy as np


def load_digits() -> tuple[np.ndarray, np.ndarray]:
    """The UCI optical handwritten digits, 1,797 real images of 8x8 pixels, and which digit each one is.

    Returns images: (image, row, column), uint8, 0 (paper) to 16 (ink), and labels: (image,), int64, 0 to 9; both fresh.
    Source: E. Alpaydin and C. Kaynak (1998), doi 10.24432/C50P49.

    >>> images, labels = load_digits()
    >>> images.shape, labels[:5].tolist()
    ((1797, 8, 8), [0, 1, 2, 3, 4])
    """
    packed = resources.files("gputensor.demo_data").joinpath("optdigits.tes.gz").read_bytes()
    rows = np.loadtxt(gzip.decompress(packed).decode("ascii").splitlines(), delimiter=",", dtype=np.uint8)
    return rows[:, :64].reshape(-1, 8, 8).copy(), rows[:, 64].astype(np.int64)


def stratified_split(labels: np.ndarray, test_size: int = 360, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Indices of a random training part and test part in which every class has the same share as in the whole.

    labels: (item,), integers. Returns (train, test): sorted int64 indices, disjoint, together every item, `test_size`
    of them in test. Each class gives its share of the test part rounded down; what is missing then comes one each from
    the classes that lost most by rounding. The same seed gives the same split with every NumPy version.

    Raises ValueError if labels is not one-dimensional, or test_size or seed is out of range; TypeError if one of these
    two is not an int.

    >>> train, test = stratified_split(np.array([0, 0, 0, 0, 1, 1]), test_size=3)
    >>> len(train), np.bincount(np.array([0, 0, 0, 0, 1, 1])[test]).tolist()
    (3, [2, 1])
    """
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"stratified_split: labels has shape {labels.shape}; give one label an item, shape (items,)")
    test_size, seed = _integer("test_size", test_size), _integer("seed", seed)
    if not 0 <= test_size <= labels.size:
        raise ValueError(f"stratified_split: test_size is {test_size}; use 0 to {labels.size}, the number of items")
    if seed < 0:
        raise ValueError(f"stratified_split: seed is {seed}; use 0 or more")
    classes, counts = np.unique(labels, return_counts=True)
    shares, lost = np.divmod(test_size * counts, max(labels.size, 1))
    shares[np.argsort(-lost, kind="stable")[: test_size - shares.sum()]] += 1
    # Sorting raw bits: NumPy promises this stream for ever, and its own shuffles only for one version.
    order = np.argsort(np.random.Philox(seed).random_raw(labels.size), kind="stable")
    chosen = [order[labels[order] == c][:share] for c, share in zip(classes, shares, strict=True)]
    in_test = np.zeros(labels.size, bool)
    in_test[np.concatenate([order[:0], *chosen])] = True
    return np.flatnonzero(~in_test), np.flatnonzero(in_test)


def _integer(name: str, value: int) -> int:
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"stratified_split: {name} is {value!r}, a {type(value).__name__}; use an int") from None
