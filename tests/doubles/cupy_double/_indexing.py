"""Reading and writing by index as CuPy does it: values wrap (I1), places written twice get any of their values (I2)."""

import numpy as np

from tests.doubles.cupy_double._array import check_place, converted, host_of, ndarray, new, shares_bounds, view_of
from tests.doubles.cupy_double._memory import copies_to_host

_shuffle = np.random.Generator(np.random.Philox(0xD0B1E))

# what CUDA's atomics know (I3)
_ATOMIC = {
    "add": "ilefdILqQ",
    "sub": "iI",
    "max": "ilfdILqQ",
    "min": "ilfdILqQ",
    "and": "ilILqQ",
    "or": "ilILqQ",
    "xor": "ilILqQ",
}
_COMBINE = {
    "add": np.add,
    "sub": np.subtract,
    "max": np.maximum,
    "min": np.minimum,
    "and": np.bitwise_and,
    "or": np.bitwise_or,
    "xor": np.bitwise_xor,
}


def _prepared(x, index):
    """NumPy's form of an index with wrapped values, whether it is advanced, and whether it has integer arrays."""
    parts = list(index) if isinstance(index, tuple) else [index]
    arrays, integers = False, False
    for k, part in enumerate(parts):
        if part is None or part is Ellipsis or isinstance(part, slice):
            continue
        if isinstance(part, ndarray):
            check_place(part)
            host = host_of(part)
        elif np.isscalar(part) and not isinstance(part, (bool, np.bool_)):
            if not isinstance(part, (int, np.integer)):
                raise IndexError(
                    "only integers, slices, ellipsis, None and integer or boolean arrays are valid indices"
                )
            parts[k] = int(part)
            continue
        else:
            host = np.asarray(part)  # lists and host arrays are copied to the device
            host = host.astype(np.int32) if host.size == 0 and isinstance(part, (list, tuple)) else host
        if host.dtype.kind not in "biu":
            raise IndexError(f"arrays used as indices must be of integer or boolean type. (actual: {host.dtype.type})")
        arrays, integers = True, integers or host.dtype.kind != "b"
        if host.dtype.kind == "b":
            copies_to_host[0] += 1  # how many are true decides the shape (I5)
        parts[k] = host
    taken = sum([0 if p is None or p is Ellipsis else _axes_of(p) for p in parts])
    if taken > x.ndim:
        raise IndexError(f"too many indices for array: array is {x.ndim}-dimensional, but {taken} were indexed")
    axis = 0
    for k, part in enumerate(parts):
        if part is Ellipsis:
            axis += x.ndim - taken
        elif part is not None:
            if isinstance(part, np.ndarray) and part.dtype.kind != "b" and x.shape[axis]:
                parts[k] = part.astype(np.int64) % x.shape[axis]
            axis += _axes_of(part)
    return tuple(parts), arrays, integers


def _axes_of(part):
    return part.ndim if isinstance(part, np.ndarray) and part.dtype.kind == "b" else 1


def read(x, index):
    parts, advanced, _ = _prepared(x, index)
    if advanced:
        check_place(x)
        return new(host_of(x)[parts])
    # the ellipsis keeps a 0-d result an array
    return view_of(x, host_of(x)[parts if Ellipsis in parts else (*parts, ...)])


def write(x, index, value):
    parts, advanced, integers = _prepared(x, index)
    check_place(x)
    if not advanced:
        _write_view(view_of(x, host_of(x)[parts if Ellipsis in parts else (*parts, ...)]), value)
        return
    if isinstance(value, ndarray) and shares_bounds(x, value) and value.dtype == x.dtype:
        # values are read while others are written (I11)
        places = np.arange(x.size).reshape(x.shape)[parts]
        live = np.broadcast_to(host_of(value), places.shape)
        for k in _shuffle.permutation(places.size):
            at = np.unravel_index(k, places.shape)
            host_of(x)[np.unravel_index(places[at], x.shape)] = live[at]
        return
    value = _as_values(x, value)
    if not integers:
        host_of(x)[parts] = value
        return
    # one thread a place: the last of several is anybody's
    places, values = _spread(x, parts, value)
    order = _shuffle.permutation(places.size)
    host_of(x)[np.unravel_index(places[order], x.shape)] = values[order]


def _write_view(target, value):
    if not isinstance(value, ndarray):
        target.fill(value)
        return
    check_place(value)
    source, place = host_of(value), host_of(target)
    while source.ndim and source.shape[0] == 1:
        source = source[0]
    straight = source.shape == place.shape and source.strides == place.strides and source.dtype == place.dtype
    if straight and place.flags.c_contiguous and value.data.ptr != target.data.ptr and shares_bounds(target, value):
        # one memory copy between overlapping regions, which CUDA leaves undefined (A6)
        flat, old = place.reshape(-1), source.reshape(-1)
        for k in _shuffle.permutation(flat.size):
            flat[k] = old[k]
        return
    place[...] = converted(source.copy(), place.dtype)


def _as_values(x, value):
    if isinstance(value, ndarray):
        check_place(value)
        host = host_of(value)
        while host.ndim and host.shape[0] == 1:
            host = host[0]
        return converted(host, x.dtype)
    return np.asarray(value, x.dtype)


def _spread(x, parts, value):
    """Flat places, and a value for each."""
    places = np.arange(x.size).reshape(x.shape)[parts]
    return np.ravel(places), np.ravel(np.broadcast_to(value, np.shape(places)))


def scatter(x, index, value, op):
    """ufunc.at: repeated places are combined, in any order."""
    parts, advanced, integers = _prepared(x, index)
    check_place(x)
    if not advanced:
        part = view_of(x, host_of(x)[parts if Ellipsis in parts else (*parts, ...)])
        _at_once(op)(part, value, part)
        return
    value = _as_values(x, value)
    if integers and x.dtype.char not in _ATOMIC[op]:
        raise TypeError(f"cupy.{_COMBINE[op].__name__}.at does not support {x.dtype} as data type")
    places, values = _spread(x, parts, value)
    order = _shuffle.permutation(places.size)
    with np.errstate(all="ignore"):
        if op in ("max", "min") and x.dtype.kind == "f":
            # fmaxf and fminf, also of float64 (I12)
            combine = np.fmax if op == "max" else np.fmin
            narrow = host_of(x).astype(np.float32)
            combine.at(narrow, np.unravel_index(places[order], x.shape), values[order].astype(np.float32))
            host_of(x)[...] = narrow
            return
        _COMBINE[op].at(host_of(x), np.unravel_index(places[order], x.shape), values[order])


def _at_once(op):
    from tests.doubles.cupy_double import _ufunc

    return getattr(_ufunc, _COMBINE[op].__name__)


def take(x, indices, axis):
    check_place(x)
    if isinstance(indices, ndarray):
        check_place(indices)
        index = host_of(indices)
    else:
        index = np.asarray(indices, int)
    source = host_of(x).reshape(-1) if axis is None else host_of(x)
    n = source.shape[0 if axis is None else axis]
    if n == 0 and index.size:
        raise IndexError("cannot do a non-empty take from an empty axes.")  # (I9)
    return new(np.take(source, index.astype(np.int64) % max(n, 1), 0 if axis is None else axis))
