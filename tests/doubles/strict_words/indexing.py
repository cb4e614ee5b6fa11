"""Index arrays, sorting and searching over array-api-strict."""

import array_api_strict as std
import numpy as np

from gputensor.arrays import numpy_
from tests.doubles.strict_words.elementwise import Array
from tests.doubles.strict_words.places import added, flat_places, gathered, written


class IndexingWords:
    __slots__ = ()

    def argsort(self, x, axis, descending):
        return std.argsort(x, axis=axis, descending=descending, stable=True)

    def bincount(self, x, weights, minlength):
        _data_dependent("bincount")
        host = np.asarray(x)
        n = max(int(host.max()) + 1 if host.size else 0, minlength)
        if weights is None:
            return added(std.zeros((n,), dtype=std.int64), host, 1)
        return added(std.zeros((n,), dtype=std.float64), host, weights)

    def index_add(self, values, shape, index):
        return added(std.zeros(shape, dtype=values.dtype), _places(shape, index), values)

    def index_get(self, x, index):
        return gathered(x, _places(x.shape, index))

    def index_put(self, x, index, values, accumulate=False):
        return (added if accumulate else written)(x, _places(x.shape, index), values)

    def index_write(self, x, index, values, accumulate=False):
        x[...] = (added if accumulate else written)(x, _places(x.shape, index), values)

    def nonzero(self, x):
        return std.nonzero(x) if x.ndim else ()

    def scatter(self, x, index, values, axis):
        return written(x, numpy_.take_along_axis(flat_places(x.shape), np.asarray(index), axis), values)

    def scatter_add(self, x, index, values, axis):
        return added(x, numpy_.take_along_axis(flat_places(x.shape), np.asarray(index), axis), values)

    def scatter_reduce(self, x, index, values, axis, how):
        # the standard has no reduction by places: through the host
        return std.asarray(numpy_.scatter_reduce(np.asarray(x), np.asarray(index), np.asarray(values), axis, how))

    def scatter_write(self, x, index, values, axis, accumulate=False):
        places = numpy_.take_along_axis(flat_places(x.shape), np.asarray(index), axis)
        x[...] = (added if accumulate else written)(x, places, values)

    def searchsorted(self, x, values, right):
        return std.searchsorted(x, values, side="right" if right else "left")

    def sort(self, x, axis, descending):
        return std.sort(x, axis=axis, descending=descending, stable=True)

    def take(self, x, index, axis):
        # the standard's take knows one dimension of indices and no negative ones
        return gathered(x, numpy_.take(flat_places(x.shape), np.asarray(index), axis))

    def take_along_axis(self, x, index, axis):
        return gathered(x, numpy_.take_along_axis(flat_places(x.shape), np.asarray(index), axis))

    def top_k(self, x, k, axis, largest):
        order = std.argsort(x, axis=axis, descending=largest, stable=True)
        return order[(slice(None),) * axis + (slice(None, k), ...)]

    def unique(self, x):
        return tuple(std.unique_all(x))


def _places(shape, index):
    """The flat places that an index of any form reaches."""
    if any([isinstance(i, Array) and i.dtype == std.bool for i in index]):
        _data_dependent("a boolean index")
    return flat_places(shape)[tuple([np.asarray(i) if isinstance(i, Array) else i for i in index])]


def _data_dependent(what):
    if not std.get_array_api_strict_flags()["data_dependent_shapes"]:
        raise RuntimeError(f"{what} has a data-dependent shape, which is switched off")
