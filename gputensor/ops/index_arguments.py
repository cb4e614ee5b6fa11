"""What stands in square brackets, made canonical: first a view (ints, slices, None, Ellipsis), then index arrays on its
dims.

PyTorch's rules: ints select before index arrays gather, so ``x[0, :, [1, 2]]`` keeps its dims in order, where NumPy
moves the gathered one to the front. Otherwise the two agree.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import together, wrap
from gputensor.core.explain import describe, dtype_name
from gputensor.core.promotion import BOOL, HALF, INT64
from gputensor.errors import DtypeError

ALL = slice(None)
# types that make a view, and nothing else to look at
BASIC = frozenset((int, slice, type(None), type(Ellipsis)))


def split(x: Any, index: Any) -> tuple[tuple[Any, ...] | None, tuple[int, ...], Any]:
    """An index as (view, dims, i): take ``x[view]`` unless view is None, then gather along `dims` by the tensor i.

    i is None where the view is all; one mask or integer tensor for one index array; for several, (arrays, …) stacked.
    """
    parts = [_part(x, i) for i in _items(index)]
    shape = x.array.shape
    used = 0
    for p in parts:
        if isinstance(p, _apply.Tensor):
            used += p.array.ndim if p.array.dtype is BOOL else 1
        elif type(p) is int or type(p) is slice:
            used += 1
    if used > len(shape):
        raise _too_many(used, shape)
    view: list[Any] = []
    arrays: list[tuple[int, Any]] = []
    dim = out = 0  # where we are in x, and in x[view]
    rest = len(shape) - used  # what the first Ellipsis stands for
    for p in parts:
        if p is None:
            view.append(None)
        elif p is Ellipsis:
            view += [ALL] * rest
            dim, out, rest = dim + rest, out + rest, 0
            continue
        elif type(p) is bool:
            # a new dim of size 1 that is kept or dropped
            view.append(None)
            arrays.append((out, wrap(x.xp.zeros((int(p),), INT64), x.xp)))
        elif type(p) is int:
            view.append(p)
            dim += 1
            continue
        elif type(p) is slice:
            view.append(p)
            dim += 1
        else:
            n = 1
            if p.array.dtype is BOOL:
                n = p.array.ndim
                _check_mask(x, p, dim)
            view += [ALL] * n
            arrays.append((out, p))
            dim, out = dim + n, out + n
            continue
        out += 1
    plain = all([p == ALL if type(p) is slice else False for p in view])
    if not arrays:
        return tuple(view), (), None
    dims, i = _one_tensor(x, arrays)
    return None if plain else tuple(view), dims, i


def _items(index: Any) -> Sequence[Any]:
    if type(index) is tuple:
        return index
    if isinstance(index, (list, range)) and len(index) < 32 and any([_many(i) for i in index]):
        # as PyTorch 2.13, which announces to read such a list as one index array some day
        warnings.warn(
            "index: a list that holds sequences, tensors, slices, None or Ellipsis is read as a tuple of indices; "
            "write x[tuple(list)] for that, or x[gputensor.tensor(list)] for one index array",
            UserWarning,
            stacklevel=5,
        )
        return index
    return tuple(index) if isinstance(index, tuple) else (index,)


def _many(i: Any) -> bool:
    return i is None or i is Ellipsis or isinstance(i, (_apply.Tensor, np.ndarray, list, tuple, range, slice))


def _part(x: Any, i: Any) -> Any:
    """One index as an int, a bool, a slice of ints, None, Ellipsis, or a tensor of integers or booleans with dims."""
    if i is None or i is Ellipsis or type(i) is int:
        return i
    if isinstance(i, slice):
        return frozen(i)
    if isinstance(i, (bool, np.bool_)):
        return bool(i)
    if isinstance(i, (int, np.integer)):
        return int(i)
    t = _tensor(x, i)
    kind = t.array.dtype.kind
    if kind not in "biu":
        raise IndexError(
            f"index: index tensors must be integers or booleans, got {describe(t)}; convert with .long() or .bool()"
        )
    if t.array.dtype == np.uint8:
        warnings.warn(
            "index: dtype gputensor.uint8 is deprecated here and read as a mask; convert it with .bool() or .long()",
            UserWarning,
            stacklevel=6,
        )
        t = wrap(t.xp.not_equal(t.array, 0), t.xp)
        kind = "b"
    if t.array.ndim or (t.xp.library == "batch" and kind != "b"):
        return t  # inside vmap a 0-d index may be another number for each example
    number = t.xp.item(t.array)
    return bool(number) if kind == "b" else int(number)


def frozen(index: Any) -> Any:
    """A basic index whose slices have ints as bounds; itself if they have."""
    if type(index) is tuple:
        return tuple([frozen(i) if type(i) is slice else i for i in index])
    if type(index) is not slice:
        return index
    bounds = (index.start, index.stop, index.step)
    if all([b is None or type(b) is int for b in bounds]):
        return index
    try:
        return slice(*[None if b is None else operator.index(b) for b in bounds])
    except TypeError:
        raise TypeError(f"index: the bounds of a slice must be ints or None, got {index!r}") from None


def _tensor(x: Any, i: Any) -> Any:
    if isinstance(i, _apply.Tensor):
        if i.xp is not x.xp:
            # indices on the CPU are welcome everywhere, as in PyTorch
            return i.to(x.device) if i.xp.device_type == "cpu" != x.xp.device_type else together("index", (x, i))[1]
        return i
    if isinstance(i, np.ndarray):
        host = i
    elif isinstance(i, (list, tuple, range)):
        try:
            given: Any = i
            host = np.asarray([e.tolist() if isinstance(e, _apply.Tensor) else e for e in given])
        except ValueError as error:
            raise IndexError(f"index: an index list must not be ragged: {error}") from None
        if host.size == 0:
            host = host.astype(np.int64)
    elif isinstance(i, str):
        raise TypeError(f"index: a tensor is indexed by numbers, not by the string {i!r}")
    else:
        raise IndexError(
            "index: ints, slices, None, Ellipsis, tensors, arrays, lists and masks can index a tensor, "
            f"got {type(i).__name__} {i!r:.40}"
        )
    if host.dtype.kind not in "biufcV":
        raise IndexError(f"index: an index list must hold integers or booleans, got {i!r:.60}")
    return wrap(x.xp.from_host(host), x.xp)


def _check_mask(x: Any, mask: Any, dim: int) -> None:
    shape, have = tuple(mask.array.shape), tuple(x.array.shape)
    for k, n in enumerate(shape):
        if n != have[dim + k]:
            raise IndexError(
                f"index: the mask of shape {shape} does not fit x of shape {have}: its dim {k} has size {n}, "
                f"dim {dim + k} of x has {have[dim + k]}"
            )


def _one_tensor(x: Any, arrays: list[tuple[int, Any]]) -> tuple[tuple[int, ...], Any]:
    """The dims that are gathered, ascending, and one tensor that says where."""
    if len(arrays) == 1:
        ((dim, i),) = arrays
        return (dim,), i
    xp = x.xp
    tensors = [i for _, i in arrays]
    if any([i.xp is not xp for i in tensors]):
        given, *tensors = together("index", [x, *tensors])
        xp = given.xp
    dims: list[int] = []
    places: list[Any] = []
    for dim, i in zip([dim for dim, _ in arrays], tensors, strict=True):
        found = xp.nonzero(i.array) if i.array.dtype is BOOL else (i.array,)
        dims += range(dim, dim + len(found))
        places += found
    try:
        shape = np.broadcast_shapes(*[p.shape for p in places])
    except ValueError:
        listed = ", ".join([str(tuple(p.shape)) for p in places])
        raise IndexError(f"index: the index tensors of shapes {listed} do not broadcast; give them one shape") from None
    places = [xp.broadcast_to(p if p.dtype is INT64 else xp.astype(p, INT64), shape) for p in places]
    return tuple(dims), wrap(xp.stack(places, 0), xp)


def index_error(x: Any, index: Any, error: Exception) -> Exception:
    """The sentence for a basic index that NumPy or CuPy refused."""
    shape = tuple(x.array.shape)
    given = index if type(index) is tuple else (index,)
    used = sum([type(i) is int or type(i) is slice for i in given])
    if used > len(shape):
        return _too_many(used, shape)
    dim = 0
    for i in given:
        if i is Ellipsis:
            dim += len(shape) - used
        elif type(i) is int:
            n = shape[dim]
            if not -n <= i < n:
                return IndexError(
                    f"index: {i} is out of range for dim {dim} of x of shape {shape}; use {-n} <= index < {n}"
                )
            dim += 1
        elif type(i) is slice:
            if i.step == 0:
                return ValueError("index: a slice step cannot be zero")
            dim += 1
    return type(error)(f"index: {error}; x has shape {shape}")


def _too_many(used: int, shape: Sequence[int]) -> IndexError:
    hint = "; tensor.item() gives its number" if not shape else ""
    return IndexError(
        f"index: too many indices ({used}) for x of shape {tuple(shape)}, which has {len(shape)} dims{hint}"
    )


def out_of_range(name: str, x: Any, dims: Sequence[int], i: Any, low: int | None = None) -> IndexError | None:
    """The sentence for an index value out of range along `dims` of x; None if there is none. Waits for a GPU."""
    if i.xp.library == "batch":
        return None
    host = i.xp.to_host(i.array)
    if host.dtype.kind == "b":
        return None
    parts = [host] if len(dims) == 1 else list(host)
    what = "" if name == "index" else "index "
    for dim, part in zip(dims, parts, strict=True):
        n = x.array.shape[dim] if x.array.ndim else 1
        least = -n if low is None else low
        wrong = part[(part < least) | (part >= n)]
        if wrong.size:
            return IndexError(
                f"{name}: {what}{wrong.flat[0]} is out of range for dim {dim} of x of shape {tuple(x.array.shape)}; "
                f"use {least} <= index < {n}"
            )
    return None


def check_index_dtype(name: str, index: Any) -> None:
    """Index tensors of the gathering functions are int32 or int64. Raises DtypeError otherwise."""
    if index.array.dtype.kind not in "iu" or index.array.dtype.itemsize < 4:
        raise DtypeError(
            f"{name}: index must be int64 or int32, got {dtype_name(index.array.dtype)}; convert it with .long()"
        )


def check_same_dtype(name: str, what: str, value: Any, x: Any) -> None:
    """Raise DtypeError where a tensor to be written has not the dtype of x."""
    d, want = value.array.dtype, x.array.dtype
    if d is not want and d != want:
        raise DtypeError(
            f"{name}: {what} is {dtype_name(d)}, input is {dtype_name(want)}; convert one of them with .to(dtype)"
        )


def number_in(name: str, x: Any, value: Any, infinite: bool = False) -> np.ndarray:
    """A Python number in the dtype of x, 0-d. Raises DtypeError for one that the dtype does not hold.

    infinite: what is beyond 16-bit floats becomes infinity.
    """
    d = x.array.dtype
    number: Any = value
    if isinstance(value, (complex, np.complexfloating)) and d.kind != "c":
        if value.imag and d.kind != "b":
            raise DtypeError(
                f"{name}: the complex number {value} cannot be written into {describe(x)}; take its .real first"
            )
        number = bool(value) if d.kind == "b" else value.real
    if d.kind in "iu" and not isinstance(number, (bool, np.bool_)):
        limits = np.iinfo(d)
        # unsigned dtypes wrap negative numbers around, as C and PyTorch do
        low = -limits.max if d.kind == "u" else limits.min
        if number != number or not low <= number <= limits.max:
            raise DtypeError(f"{name}: {number} does not fit into {describe(x)}; use {limits.min} to {limits.max}")
        return np.asarray(int(number) & limits.max if d.kind == "u" else int(number), d)
    with np.errstate(all="ignore"):
        out = np.asarray(number).astype(d)
    if d.kind in "fV" and np.isinf(out) and not np.isinf(number) and not (infinite and d in HALF):
        raise DtypeError(f"{name}: {number} does not fit into {describe(x)}; use float('inf') if that is meant")
    return out
