"""Where the channels of an image lie in memory."""

import numpy as np

Array = np.ndarray


def is_last(x: Array) -> bool:
    """Whether (image, channel, *size) is dense with the channel as its fastest axis; what could be read either way is
    channels first."""
    if x.ndim < 4 or x.flags.c_contiguous:
        return False
    step = x.itemsize
    for k in (1, *range(x.ndim - 1, 1, -1), 0):
        if x.shape[k] != 1:
            if x.strides[k] != step:
                return False
            step *= x.shape[k]
    return True


def to_last(x: Array) -> Array:
    """(image, channel, *size) -> (image, *size, channel), a view."""
    return x.transpose(0, *range(2, x.ndim), 1)


def from_last(x: Array) -> Array:
    """(image, *size, channel) -> (image, channel, *size), a view."""
    return x.transpose(0, x.ndim - 1, *range(1, x.ndim - 1))
