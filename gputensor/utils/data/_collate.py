"""Making one batch of many samples."""

from __future__ import annotations

import copy
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

import gputensor as gt
from gputensor.errors import ShapeError


def default_collate(batch: Sequence[Any]) -> Any:
    """Samples of one structure as one sample of that structure with a batch dim in front.

    Tensors and NumPy arrays: a tensor (batch, ...). Python and NumPy numbers: a tensor (batch,), float64, int64 or
    bool for Python's. Strings and bytes: the list of them. Mappings: a mapping of collated values; named tuples: one
    of collated fields; tuples and lists: a list of collated items. ShapeError names the first sample whose shape or
    length differs, TypeError a sample of another type. Copies.

    >>> from gputensor.utils.data import default_collate
    >>> default_collate([{"x": 1.5, "name": "a"}, {"x": 2.5, "name": "b"}])
    {'x': tensor([1.5000, 2.5000], dtype=gputensor.float64), 'name': ['a', 'b']}
    """
    if not len(batch):
        raise ValueError("default_collate: the batch is empty; a batch needs at least one sample")
    return _collate(batch, "")


def default_convert(data: Any) -> Any:
    """NumPy arrays and numbers inside a structure as tensors; everything else as it is. Arrays share memory.

    A tuple becomes a list, as `default_collate` makes of it; a named tuple stays one.

    >>> import numpy as np
    >>> from gputensor.utils.data import default_convert
    >>> default_convert({"x": np.arange(2), "name": "a"})
    {'x': tensor([0, 1]), 'name': 'a'}
    """
    if isinstance(data, (np.ndarray, np.generic)):
        return gt.as_tensor(data) if data.dtype.kind in "biufcV" else data
    if isinstance(data, (gt.Tensor, str, bytes)):
        return data
    if isinstance(data, Mapping):
        return _mapping_like(data, {key: default_convert(value) for key, value in data.items()})
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*[default_convert(item) for item in data])
    if isinstance(data, tuple):
        return [default_convert(item) for item in data]
    if isinstance(data, Sequence):
        return _sequence_like(data, [default_convert(item) for item in data])
    return data


def _collate(batch: Sequence[Any], place: str) -> Any:
    """`default_collate` of a batch that is not empty; `place`: where in a sample it was found, for messages."""
    first = batch[0]
    if isinstance(first, gt.Tensor):
        return _stack_tensors(batch, place)
    if isinstance(first, (np.ndarray, np.generic)):
        return _stack_arrays(batch, place)
    if isinstance(first, (bool, int, float, complex)):
        return _stack_numbers(batch, place)
    if isinstance(first, (str, bytes)):
        return batch  # of a column of samples it is a tuple, as in PyTorch
    if isinstance(first, Mapping):
        _same_structure(batch, place, Mapping)
        return _mapping_like(first, {key: _collate(_values(batch, key, place), f"{place}[{key!r}]") for key in first})
    if isinstance(first, Sequence):
        _same_structure(batch, place, Sequence)
        columns = list(zip(*batch, strict=True))
        names = getattr(first, "_fields", None)
        if isinstance(first, tuple) and names is not None:
            return type(first)(*[_collate(c, f"{place}.{name}") for c, name in zip(columns, names, strict=True)])
        items = [_collate(column, f"{place}[{i}]") for i, column in enumerate(columns)]
        # A tuple becomes a list, as in PyTorch: what is unpacked in a loop over batches may then be replaced, too.
        return items if isinstance(first, tuple) else _sequence_like(first, items)
    raise _unknown(first, 0, place)


def _stack_tensors(batch: Sequence[Any], place: str) -> Any:
    try:
        return gt.stack(list(batch))
    except Exception:
        for i, sample in enumerate(batch):
            if not isinstance(sample, gt.Tensor):
                raise _mixed(batch, i, place) from None
            if sample.shape != batch[0].shape:
                raise _unequal(batch, i, place) from None
        raise


def _stack_arrays(batch: Sequence[Any], place: str) -> Any:
    if batch[0].dtype.kind not in "biufcV":
        raise _unknown(batch[0], 0, place)
    for i, sample in enumerate(batch):
        if not isinstance(sample, (np.ndarray, np.generic)) or sample.dtype.kind not in "biufcV":
            raise _mixed(batch, i, place)
        if sample.shape != batch[0].shape:
            raise _unequal(batch, i, place)
    return gt.from_numpy(np.stack(batch))


def _stack_numbers(batch: Sequence[Any], place: str) -> Any:
    for i, sample in enumerate(batch):
        if not isinstance(sample, (bool, int, float, complex, np.generic)):
            raise _mixed(batch, i, place)
    return gt.tensor(list(batch), dtype=gt.float64) if isinstance(batch[0], float) else gt.tensor(list(batch))


def _values(batch: Sequence[Any], key: Any, place: str) -> list[Any]:
    for i, sample in enumerate(batch):
        if key not in sample:
            raise KeyError(f"default_collate: sample {i}{place} has no key {key!r}, which sample 0 has")
    return [sample[key] for sample in batch]


def _same_structure(batch: Sequence[Any], place: str, kind: type[Any]) -> None:
    for i, sample in enumerate(batch):
        if not isinstance(sample, kind):
            raise _mixed(batch, i, place)
        if kind is Sequence and len(sample) != len(batch[0]):
            raise ShapeError(
                f"default_collate: sample {i}{place} has {len(sample)} items and sample 0 has {len(batch[0])}; "
                "give all samples equally many, or pass a collate_fn of your own"
            )


def _mapping_like(original: Mapping[Any, Any], values: dict[Any, Any]) -> Any:
    if type(original) is dict:
        return values
    try:
        if isinstance(original, MutableMapping):
            twin = copy.copy(original)  # keeps what a defaultdict or a class of the user holds besides
            twin.update(values)
            return twin
        return type(original)(values)  # type: ignore[call-arg]  # the collection's own class
    except TypeError:
        return values


def _sequence_like(original: Sequence[Any], items: list[Any]) -> Any:
    if type(original) is list:
        return items
    try:
        return type(original)(items)  # type: ignore[call-arg]  # the collection's own class
    except TypeError:
        return items


def _unequal(batch: Sequence[Any], i: int, place: str) -> ShapeError:
    return ShapeError(
        f"default_collate: sample {i}{place} has shape {tuple(batch[i].shape)} and sample 0 has "
        f"{tuple(batch[0].shape)}; crop or pad the samples to one shape, or pass a collate_fn of your own"
    )


def _mixed(batch: Sequence[Any], i: int, place: str) -> TypeError:
    return TypeError(
        f"default_collate: sample {i}{place} is of type {type(batch[i]).__name__} and sample 0 of type "
        f"{type(batch[0]).__name__}; give all samples one structure, or pass a collate_fn of your own"
    )


def _unknown(sample: Any, i: int, place: str) -> TypeError:
    described = f"an array of dtype {sample.dtype}" if isinstance(sample, np.ndarray) else type(sample).__name__
    return TypeError(
        f"default_collate: samples must be tensors, arrays, numbers, strings, or mappings and sequences of them; "
        f"sample {i}{place} is {described}; convert it in the dataset, or pass a collate_fn of your own"
    )
