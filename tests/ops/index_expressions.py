"""Random index expressions, and what NumPy says of them once ints have selected before arrays gather, as in PyTorch."""

import numpy as np

ALL = slice(None)


def draw_shape(rng):
    low = 0 if rng.random() < 0.1 else 1
    return tuple(int(n) for n in rng.integers(low, 6, rng.integers(1, 5)))


def draw_index(rng, shape, negative_steps):
    """A valid index: ints, slices, None, Ellipsis, index arrays that broadcast, masks, bools; a tuple or one item."""
    common = tuple(int(n) for n in rng.integers(1, 4, rng.integers(1, 3)))
    items = []
    dim = 0
    while dim < len(shape):
        n = shape[dim]
        kind = rng.choice(["int", "slice", "array", "mask", "list", "none", "stop", "ellipsis", "number"])
        if kind == "none":
            items.append(None)
            continue
        # what an Ellipsis stands for shows at the end only: after one, every dim is named
        after = any(i is Ellipsis for i in items)
        if kind == "stop":
            if after:
                continue
            break
        if kind == "ellipsis":
            if after:
                continue
            items.append(Ellipsis)
            dim += int(rng.integers(0, len(shape) - dim + 1))
            continue
        if kind in ("int", "number", "array", "list") and n == 0:
            items.append(ALL)
        elif kind == "int":
            items.append(int(rng.integers(-n, n)))
        elif kind == "number":
            items.append(np.array(rng.integers(-n, n)))
        elif kind == "slice":
            items.append(draw_slice(rng, n, negative_steps))
        elif kind in ("array", "list"):
            some = tuple(1 if rng.random() < 0.2 else m for m in common[int(rng.integers(0, len(common))) :])
            array = rng.integers(-n, n, some)
            items.append(array.tolist() if kind == "list" and array.ndim == 1 else array)
        else:
            size = int(rng.integers(1, min(2, len(shape) - dim) + 1))
            mask = rng.random(shape[dim : dim + size]) < 0.5
            # masks broadcast with other index arrays by how many places they have: make that the common size, or one
            places = np.flatnonzero(mask)
            want = common[-1] if rng.random() < 0.7 else 1
            mask.flat[places[want:]] = False
            alone = not after and not any(isinstance(i, (np.ndarray, list)) and np.ndim(i) for i in items)
            if mask.sum() not in (1, common[-1]) and not alone:
                items.append(ALL)
            else:
                items.append(mask)
                dim += size
                if mask.sum() not in (1, common[-1]):
                    return finish(rng, items)
                continue
        dim += 1
    if rng.random() < 0.05:
        items.insert(int(rng.integers(0, len(items) + 1)), bool(rng.random() < 0.7))
    return finish(rng, items)


def draw_slice(rng, n, negative_steps):
    def bound():
        return None if rng.random() < 0.3 else int(rng.integers(-n - 1, n + 2))

    step = int(rng.integers(1, 4))
    if negative_steps and rng.random() < 0.5:
        step = -step
    return slice(bound(), bound(), None if step == 1 and rng.random() < 0.5 else step)


def finish(rng, items):
    return items[0] if len(items) == 1 and not isinstance(items[0], list) and rng.random() < 0.7 else tuple(items)


def in_two_steps(shape, index):
    """(view, gather) for NumPy: ``x[view][gather]``."""
    items = list(index) if isinstance(index, tuple) else [index]
    items = [np.array(i) if isinstance(i, (list, bool)) else i for i in items]
    items = [int(i) if isinstance(i, np.ndarray) and not i.ndim and i.dtype != bool else i for i in items]
    used = sum(0 if i is None or i is Ellipsis else max(i.ndim, 0) if np.asarray(i).dtype == bool else 1 for i in items)
    rest = len(shape) - used
    view, gather = [], []
    for i in items:
        if i is Ellipsis:
            view += [ALL] * rest
            gather += [ALL] * rest
        elif i is None or isinstance(i, slice):
            view.append(i)
            gather.append(ALL)
        elif isinstance(i, int):
            view.append(i)
        elif i.dtype == bool and not i.ndim:
            view.append(None)
            gather.append(np.zeros(int(i), int))
        elif i.dtype == bool:
            view += [ALL] * i.ndim
            gather += list(i.nonzero())
        else:
            view.append(ALL)
            gather.append(i)
    return (*view, ...), tuple(gather)  # the Ellipsis keeps NumPy from giving a scalar


def is_advanced(gather):
    return any(isinstance(i, np.ndarray) for i in gather)
