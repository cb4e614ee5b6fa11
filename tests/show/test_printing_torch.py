"""Random tensors printed beside PyTorch: not one character may differ."""

import math

import numpy as np
import pytest
from ml_dtypes import bfloat16

from gputensor.show import format_tensor, set_printoptions

pytestmark = pytest.mark.torch

FLOATS = [np.float16, bfloat16, np.float32, np.float64]
COMPLEX = [np.complex64, np.complex128]
INTEGERS = [np.uint8, np.int8, np.int16, np.int32, np.int64, np.uint16, np.uint32, np.uint64]
BORDERS = [0.0, -0.0, 1.0, -1.0, 0.5, 1000.0, 1001.0, 1e8, 1.0001e8, 1e-4, 9.99e-5, 99999.5, 0.99995]
SPECIALS = [math.nan, math.inf, -math.inf, 0.0, -0.0]
LONGEST = {
    False: [1, 60, 9, 6, 5, 4],
    True: [1, 1300, 45, 13, 8, 8],
}  # sizes by number of dims, seldom beyond the threshold


@pytest.mark.parametrize(
    ("count", "seed"), [(2_000, 1), pytest.param(20_000, 2, marks=pytest.mark.slow)], ids=["some", "many"]
)
def test_random_tensors_print_as_in_pytorch(count, seed, make_tensor, torch_tensor, torch_options, default_dtype):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    try:
        for _ in range(count):
            default = FLOATS[rng.integers(4)] if rng.random() < 0.2 else np.float32
            torch.set_default_dtype(getattr(torch, np.dtype(default).name))
            default_dtype(default)
            array, options = random_array(rng), random_options(rng)
            made = random_kind(rng, array.dtype)
            for set_options in (torch_options, set_printoptions):
                set_options(profile="default")
                set_options(**options)
            expected = repr(torch_tensor(array, **made)).replace("torch.", "gputensor.")
            assert format_tensor(make_tensor(relaid(rng, array), **made)) == expected, (array.shape, options, made)
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("dtype", [np.float16, bfloat16], ids=["float16", "bfloat16"])
def test_every_half_precision_number_prints_as_in_pytorch(dtype, make_tensor, torch_tensor):
    for row in np.arange(2**16, dtype=np.uint16).reshape(-1, 64).view(dtype):
        expected = repr(torch_tensor(row)).replace("torch.", "gputensor.")
        assert format_tensor(make_tensor(row)) == expected


def random_array(rng):
    dims = rng.integers(6)
    longest = LONGEST[bool(rng.random() < 0.15)][dims]
    least = 0 if rng.random() < 0.1 else 1
    shape = tuple(int(size) for size in rng.integers(least, longest + 1, dims))
    size = math.prod(shape)
    family = rng.choice(["bool", "int", "float", "complex"], p=[0.05, 0.25, 0.5, 0.2])
    if family == "bool":
        return rng.random(shape) < 0.5
    if family == "int":
        return random_integers(rng, size, np.dtype(rng.choice(INTEGERS))).reshape(shape)
    if family == "float":
        dtype = np.dtype(FLOATS[rng.integers(4)])
        return random_floats(rng, size, dtype).reshape(shape)
    array = np.empty(shape, COMPLEX[rng.integers(2)])
    array.real = random_floats(rng, size, array.real.dtype).reshape(shape)
    array.imag = random_floats(rng, size, array.real.dtype).reshape(shape)
    return array


def random_integers(rng, size, dtype):
    limits = np.iinfo(dtype)
    if rng.random() < 0.25:
        return rng.integers(limits.min, limits.max, size, dtype=dtype, endpoint=True)
    low, high = -(10 ** int(rng.integers(1, 6))), 10 ** int(rng.integers(1, 6))
    return rng.integers(max(low, limits.min), min(high, limits.max), size).astype(dtype)


def random_floats(rng, size, dtype):
    if rng.random() < 0.1:
        return np.frombuffer(rng.bytes(size * dtype.itemsize), dtype)
    normal, sign = rng.standard_normal(size), rng.choice([-1.0, 1.0], size)
    values = [
        normal,
        normal * 10.0 ** rng.uniform(-12, 12),
        np.round(normal * 10.0 ** rng.uniform(0, 10)),
        normal * 10.0 ** rng.uniform(-6, 6, size),
        rng.choice(BORDERS, size),
        rng.integers(0, 10, size) * 10.0 ** rng.integers(-3, 4),
        sign * 10.0 ** rng.uniform(-320, 308, size),
        np.full(size, rng.choice([*BORDERS, *SPECIALS, math.pi, 1e9, 1e-7])),
    ][rng.integers(8)]
    if rng.random() < 0.35:
        values = np.where(rng.random(size) < rng.choice([0.1, 0.5]), rng.choice(SPECIALS, size), values)
    with np.errstate(over="ignore", under="ignore"):
        return values.astype(dtype)


def random_options(rng):
    options = {
        "precision": int(rng.integers(9)),
        "threshold": [0, 1, 5, 20, 100, 1e3, math.inf][rng.integers(7)],
        "edgeitems": int(rng.integers(6)),
        "linewidth": int(rng.integers(1, 200)),
        "sci_mode": bool(rng.random() < 0.5),
        "profile": str(rng.choice(["default", "short", "full"])),
    }
    share = 0.4 if rng.random() < 0.6 else 0.0
    return {name: value for name, value in options.items() if rng.random() < share}


def random_kind(rng, dtype):
    differentiable = dtype.kind in "fcV"
    kinds = [{}] * 4 + [{"kind": "Distance"}, {"kind": "Parameter"}]
    if differentiable:
        grad = {"requires_grad": True}
        kinds += [
            grad,
            grad,
            {"cloned": True},
            {"cloned": True},
            grad | {"kind": "Parameter"},
            grad | {"kind": "Weight"},
        ]
    return kinds[rng.integers(len(kinds))]


def relaid(rng, array):
    """The same elements in another memory layout."""
    layout = rng.integers(4) if array.ndim else 0
    if layout == 1:
        return np.asfortranarray(array)
    if layout == 2:
        return np.ascontiguousarray(array[::-1])[::-1]
    if layout == 3:
        return np.repeat(array, 2, axis=-1)[..., ::2]
    return array
