"""Rows of shapes and axes."""

import numpy as np

from tests.interop.numpy_rows import ROUGH, C, M, V, row

ROWS = {
    np.astype: [row(lambda x: np.astype(x, np.float64), M, dtype=False), row(lambda x: np.astype(x, np.int32), ROUGH)],
    np.atleast_1d: [row(np.atleast_1d, ()), row(lambda x, y: np.atleast_1d(x, y), (), M)],
    np.atleast_2d: [row(np.atleast_2d, V)],
    np.atleast_3d: [row(np.atleast_3d, M), row(np.atleast_3d, V)],
    np.broadcast_arrays: [row(lambda x, y: np.broadcast_arrays(x, y), M, (4,))],
    np.broadcast_to: [row(lambda x: np.broadcast_to(x, (2, 3, 4)), M)],
    np.copy: [row(np.copy, M)],
    np.expand_dims: [row(lambda x: np.expand_dims(x, (0, -1)), M), row(lambda x: np.expand_dims(x, 1), M)],
    np.flip: [row(np.flip, M), row(lambda x: np.flip(x, (0, 2)), C)],
    np.fliplr: [row(np.fliplr, M)],
    np.flipud: [row(np.flipud, M)],
    np.lib.stride_tricks.sliding_window_view: [
        row(lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 3)), M),
        row(lambda x: np.lib.stride_tricks.sliding_window_view(x, 2, axis=1), M),
    ],
    np.linalg.matrix_transpose: [row(np.linalg.matrix_transpose, C)],
    np.matrix_transpose: [row(np.matrix_transpose, C)],
    np.moveaxis: [row(lambda x: np.moveaxis(x, 0, -1), C), row(lambda x: np.moveaxis(x, [0, 1], [2, 0]), C)],
    np.pad: [
        row(lambda x: np.pad(x, 1), M),
        row(lambda x: np.pad(x, ((1, 0), (2, 3)), constant_values=((5, 6), (7, 8))), M),
        row(lambda x: np.pad(x, 2, mode="reflect"), M),
        row(lambda x: np.pad(x, (1, 2), mode="edge"), M),
        row(lambda x: np.pad(x, 2, mode="symmetric"), M),
        row(lambda x: np.pad(x, ((0, 0), (5, 6)), mode="wrap"), M),
    ],
    np.ravel: [row(np.ravel, M), row(lambda x: np.ravel(x, order="F"), M)],
    np.repeat: [
        row(lambda x: np.repeat(x, 2), M),
        row(lambda x: np.repeat(x, [1, 0, 3], axis=0), M),
    ],
    np.reshape: [
        row(lambda x: np.reshape(x, (2, -1)), M),
        row(lambda x: np.reshape(x, (2, 6), order="F"), M),
        row(lambda x: np.reshape(x, -1), M),
    ],
    np.resize: [row(lambda x: np.resize(x, (5, 4)), M), row(lambda x: np.resize(x, 2), M)],
    np.roll: [
        row(lambda x: np.roll(x, 2), M),
        row(lambda x: np.roll(x, (1, -2), axis=(0, 1)), M),
        row(lambda x: np.roll(x, 1, axis=(0, 1)), M),
    ],
    np.rollaxis: [
        row(lambda x: np.rollaxis(x, 2), C),
        row(lambda x: np.rollaxis(x, 0, 3), C),
        row(lambda x: np.rollaxis(x, 1, 1), C),
    ],
    np.rot90: [row(np.rot90, M), row(lambda x: np.rot90(x, 3, (1, 2)), C)],
    np.squeeze: [row(np.squeeze, (1, 3, 1)), row(lambda x: np.squeeze(x, 0), (1, 3, 1))],
    np.swapaxes: [row(lambda x: np.swapaxes(x, 0, 2), C)],
    np.tile: [row(lambda x: np.tile(x, 2), M), row(lambda x: np.tile(x, (2, 1, 3)), M)],
    np.transpose: [row(np.transpose, C), row(lambda x: np.transpose(x, (1, 2, 0)), C)],
    np.trim_zeros: [
        row(np.trim_zeros, np.array([0.0, 0.0, 1.5, 0.0, 2.0, 0.0]), flat=True),
        row(lambda x: np.trim_zeros(x, "b"), np.array([0.0, 1.5, 0.0]), flat=True),
        row(np.trim_zeros, V),
    ],
}
if hasattr(np, "unstack"):
    ROWS[np.unstack] = [row(lambda x: np.unstack(x, axis=1), M)]
