"""PyTorch's results for the rows of the table of samples, kept in a file, so that every run compares with PyTorch."""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.drawing import COMPLEX
from tests.samples import Sample

FILE = Path(__file__).with_name("pytorch.npz")
KEPT = 48  # elements of an array that are kept; of a larger one every so-and-so-many-th


@dataclass
class Row:
    """What is kept of one row.

    dtypes: for each of the row's dtypes, those of the results; results and gradients: shape and kept elements of each,
    in one dtype.
    """

    dtypes: dict[str, list[str]]
    results: list[tuple[tuple[int, ...], np.ndarray]]
    gradients: list[tuple[tuple[int, ...], np.ndarray]]


def main_dtype(sample: Sample) -> str:
    """The dtype in which a row's values are kept: the most precise that it takes."""
    return next((d for d in ("float64", "float32", *COMPLEX) if d in sample.dtypes), sample.dtypes[0])


def kept(a: np.ndarray) -> np.ndarray:
    """The elements of an array that are kept, as float64; a complex number is two."""
    flat = np.ravel(a)
    if flat.dtype.kind == "c":
        flat = flat.view(flat.real.dtype)
    return flat[:: max(1, math.ceil(flat.size / KEPT))].astype(np.float64)


def weights(a: Any) -> np.ndarray:
    """What the results are multiplied with before they are summed and differentiated: each element has its own."""
    return np.cos(np.arange(math.prod(a.shape), dtype=np.float64) + 1).reshape(a.shape)


def save(version: str, rows: dict[str, Row]) -> bytes:
    """The file's content. Integers are kept exactly, all else as float32."""
    index: dict[str, Any] = {"version": version, "rows": {}}
    numbers: list[np.ndarray] = []
    for name, row in sorted(rows.items()):
        numbers += [values for _, values in (*row.results, *row.gradients)]
        shapes = [[(list(shape), values.size) for shape, values in part] for part in (row.results, row.gradients)]
        index["rows"][name] = [row.dtypes, *shapes]
    flat = np.concatenate(numbers)
    wide = np.flatnonzero((np.abs(flat) >= 2**24) & (flat == np.round(flat)) & np.isfinite(flat))
    out = io.BytesIO()
    text = json.dumps(index, separators=(",", ":")).encode()
    np.savez_compressed(
        out,
        index=np.frombuffer(text, np.uint8),
        numbers=flat.astype(np.float32),
        wide=wide.astype(np.int32),
        exact=flat[wide],
    )
    return out.getvalue()


def load() -> tuple[str, dict[str, Row]]:
    """PyTorch's version, and the rows by name."""
    with np.load(FILE, allow_pickle=False) as file:
        index = json.loads(file["index"].tobytes())
        flat = file["numbers"].astype(np.float64)
        flat[file["wide"]] = file["exact"]
    rows, at = {}, 0
    for name, (dtypes, results, gradients) in index["rows"].items():
        parts = []
        for shapes in (results, gradients):
            arrays = []
            for shape, size in shapes:
                arrays.append((tuple(shape), flat[at : at + size]))
                at += size
            parts.append(arrays)
        rows[name] = Row(dtypes, *parts)
    return index["version"], rows
