"""Random tensors, and filling tensors with random numbers.

Every draw takes a number of words of its generator's stream that the shape, the dtype and the function fix, never the
values (`gputensor.arrays.random_layout`): the same seed gives the same numbers, and what one draw does not use no
other draw gets.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.arrays import random_layout
from gputensor.core import dtypes, random as streams
from gputensor.core.apply import cast, on_its_device, together, wrap
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import numpy_dtype
from gputensor.core.explain import describe, everywhere
from gputensor.core.promotion import promote_types
from gputensor.core.random import Generator
from gputensor.core.writes import COPY, check_writable, write
from gputensor.errors import (
    ArgumentError,
    DeviceError,
    DtypeError,
    GradError,
    NumberRangeError,
    OutOfMemoryError,
    ShapeError,
)
from gputensor.ops.creation import float_dtype, full_size, size_of
from gputensor.ops.dims import checked, listed, one_int
from gputensor.ops.draws import (
    coins,
    drawn,
    exact_digits,
    exponential_floats,
    integer_range,
    integers,
    normal_floats,
    scaled_normal,
    stream_of,
    uniform_floats,
)
from gputensor.ops.expanding import broadcast_shapes
from gputensor.ops.gradients import recording
from gputensor.ops.layout import check_format, is_row_major, made_in, preserve_format
from gputensor.ops.out_argument import into, of_out

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Dtype = Any
# a draw in an array library: (namespace, key, offset, count) -> array of shape (count,)
Draw = Callable[[Any, int, int, int], Any]


def rand(
    *sizes: Any, size: Any = None, generator: Generator | None = None, dtype: Dtype = None, device: Any = None,
    requires_grad: bool = False, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Uniform random numbers in [0, 1); of complex dtypes both parts.

    size: ints, or one tuple. dtype: the default dtype unless given; every value has as many random bits as the dtype
    has digits, and none is 1. generator: the device's default one unless given. Raises DtypeError for integers and
    bool, ShapeError for negative sizes.

    >>> import gputensor as gt
    >>> _ = gt.manual_seed(0)
    >>> gt.rand(3)
    tensor([0.0347, 0.0115, 0.6120])
    """
    dtype, device = of_out("rand", out, dtype, device)
    result = _new(
        "rand", size_of("rand", sizes, size), float_dtype(dtype), device, generator, requires_grad, uniform_floats
    )
    return result if out is None else into("rand", out, result)


def randn(
    *sizes: Any, size: Any = None, generator: Generator | None = None, dtype: Dtype = None, device: Any = None,
    requires_grad: bool = False, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Normal random numbers of mean 0 and variance 1; complex ones have variance 1/2 in both parts.

    size: ints, or one tuple. dtype: the default dtype unless given. generator: the device's default one unless given.
    Raises DtypeError for integers and bool, ShapeError for negative sizes.

    >>> import gputensor as gt
    >>> _ = gt.manual_seed(0)
    >>> gt.randn(2, 2).shape
    gputensor.Size([2, 2])
    """
    dtype, device = of_out("randn", out, dtype, device)
    result = _new(
        "randn", size_of("randn", sizes, size), float_dtype(dtype), device, generator, requires_grad, normal_floats
    )
    return result if out is None else into("randn", out, result)


def randint(
    *limits: Any, low: Any = None, high: Any = None, size: Any = None, generator: Generator | None = None, dtype:
    Dtype = None, device: Any = None, requires_grad: bool = False, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Random integers low <= n < high, all equally likely: ``randint(high, size)`` or ``randint(low, high, size)``.

    low: 0 unless given. size: a tuple. dtype: int64 unless given. Raises NumberRangeError where low is not below high,
    NumberRangeError (a RuntimeError) where they do not fit dtype.

    >>> import gputensor as gt
    >>> _ = gt.manual_seed(0)
    >>> gt.randint(0, 10, (4,))
    tensor([0, 2, 1, 5])
    """
    dtype, device = of_out("randint", out, dtype, device)
    given = list(limits)
    if size is None:
        if not given:
            raise TypeError("randint: size is missing; use randint(low, high, size)")
        size = given.pop()
    first, last = _bounds("randint", given, low, high)
    shape = full_size("randint", listed("randint", "size", size))
    d = dtypes.int64.numpy if dtype is None else numpy_dtype(dtype)
    result = _new("randint", shape, d, device, generator, requires_grad, integers("randint", first, last, d))
    return result if out is None else into("randint", out, result)


def randperm(
    n: int, *, generator: Generator | None = None, dtype: Dtype = None, device: Any = None, requires_grad: bool =
    False, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The numbers 0, 1, …, n - 1 in random order.

    dtype: int64 unless given. Raises ShapeError for a negative n, NumberRangeError (a RuntimeError) where n does not
    fit dtype, DtypeError for bool and complex.

    >>> import gputensor as gt
    >>> _ = gt.manual_seed(0)
    >>> gt.randperm(4)
    tensor([0, 2, 1, 3])
    """
    dtype, device = of_out("randperm", out, dtype, device)
    d = dtypes.int64.numpy if dtype is None else numpy_dtype(dtype)
    if d.kind in "bc":
        raise DtypeError(f"randperm: not defined for {d.name}; use an integer or floating-point dtype")
    (count,) = full_size("randperm", (n,))
    limit = np.iinfo(d).max if d.kind in "iu" else 2 ** (exact_digits(d))
    if count > limit:
        raise NumberRangeError(
            f"randperm: {count} numbers do not fit into {d.name}, which counts to {limit}; use a wider dtype"
        )

    def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
        made = xp.permutation(*stream.reserve(random_layout.permutation_words(count)), count)
        return made if d == made.dtype else xp.astype(made, d)

    result = _new("randperm", (count,), d, device, generator, requires_grad, draw)
    return result if out is None else into("randperm", out, result)


def normal(
    mean: Any, std: Any = None, size: Any = None, *, generator: Generator | None = None, dtype: Dtype = None, device:
    Any = None, requires_grad: bool = False, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """Normal random numbers of the given means and standard deviations.

    ``normal(mean, std)`` with one or two tensors, which broadcast and whose dtypes promote; ``normal(mean, std,
    size)`` with numbers. std is 1 unless given. The result has no history. Raises NumberRangeError (a RuntimeError)
    for a negative std, DtypeError for integers.
    Unlike torch: the draw has no history.

    >>> import gputensor as gt
    >>> _ = gt.manual_seed(0)
    >>> gt.normal(gt.tensor([0.0, 100.0]), 0.0)
    tensor([  0., 100.])
    """
    dtype, device = of_out("normal", out, dtype, device)
    tensors = [x for x in (mean, std) if hasattr(x, "array")]
    if not tensors:
        if size is None or std is None:
            raise TypeError("normal: with numbers for mean and std, size is needed, too; use normal(mean, std, size)")
        shape = full_size("normal", listed("normal", "size", size))
        result = _new(
            "normal", shape, float_dtype(dtype), device, generator, requires_grad, scaled_normal("normal", mean, std)
        )
        return result if out is None else into("normal", out, result)
    if size is not None:
        raise TypeError("normal: size goes with numbers for mean and std; tensors have their own, leave it out")
    for x in tensors:
        if x.array.dtype.kind not in "fVc":
            raise DtypeError(
                f"normal: expected floating-point means and deviations, got {describe(x)}; convert with .float()"
            )
    d = tensors[0].array.dtype if len(tensors) == 1 else promote_types(tensors[0].array.dtype, tensors[1].array.dtype)
    if tensors[-1].device != tensors[0].device:
        raise DeviceError(f"normal: mean is on {mean.device}, std on {std.device}; move one of them with .to(…)")
    if tensors[-1].xp is not tensors[0].xp:
        tensors = mean, std = together("normal", tensors)
    xp = streams.drawing_on(tensors[0].xp)
    deviation: Any = 1.0 if std is None else std
    if hasattr(deviation, "array"):
        a = deviation.array
        if a.dtype.kind == "c" or (a.size and not everywhere(deviation.xp, deviation.xp.greater_equal(a, 0))):
            raise NumberRangeError("normal: all elements of std must be real and not negative")
    elif not deviation >= 0:
        raise NumberRangeError(f"normal: std must not be negative, got {deviation}")
    shapes = [tuple(x.array.shape) for x in tensors]
    try:
        shape = tuple(broadcast_shapes(*shapes))
    except ShapeError:
        raise ShapeError(f"normal: mean of shape {shapes[0]} and std of shape {shapes[1]} do not broadcast") from None
    center, width = [x.array if hasattr(x, "array") else x for x in (mean, deviation)]

    def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
        return xp.astype(normal_floats(xp, stream, shape, d) * width + center, d)

    result = wrap(drawn("normal", xp, shape, d, generator, draw), xp)
    result = recording("normal", result, requires_grad) if requires_grad else result
    return result if out is None else into("normal", out, result)


def bernoulli(
    input: Tensor, *args: Any, p: float | None = None, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor:
    """Ones and zeros: one with the probability that stands in input, element by element, or with p everywhere.

    The result has shape and dtype of input and no history. Probabilities count to a multiple of 2**-32. Raises
    NumberRangeError (a RuntimeError) for probabilities outside of [0, 1], DtypeError for integers without p.
    Unlike torch: the draw has no history.

    >>> import gputensor as gt
    >>> gt.bernoulli(gt.tensor([0.0, 1.0]))
    tensor([0., 1.])
    """
    x = checked("bernoulli", input)
    if args:
        (p,) = args
    if p is None and x.array.dtype.kind not in "fV":
        raise DtypeError(
            f"bernoulli: expected floating-point probabilities, got {describe(x)}; convert with .float(), or pass p="
        )
    chance = x if p is None else p
    xp, shape = streams.drawing_on(x.xp), tuple(x.array.shape)
    result = wrap(drawn("bernoulli", xp, shape, x.array.dtype, generator, coins("bernoulli", chance, shape)), xp)
    if out is None:
        return result
    d, _ = of_out("bernoulli", out, None, None)
    return into("bernoulli", out, result if d.kind == "c" else cast(result, d), real=True)


def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Indices drawn with the weights that stand in the rows of input; int64.

    (n,) -> (num_samples,), (rows, n) -> (rows, num_samples).

    The weights need not add up to 1. replacement: whether an index may come again; without, an index of weight 0 comes
    only when no other is left. Raises ShapeError for other dims and for more samples than there are indices,
    DtypeError for weights that are not floating-point, NumberRangeError (a RuntimeError) for negative, infinite, nan
    and all-zero weights. Waits for the GPU.

    >>> import gputensor as gt
    >>> gt.multinomial(gt.tensor([0.0, 1.0, 0.0]), 3, replacement=True)
    tensor([1, 1, 1])
    """
    x = checked("multinomial", input)
    a, xp = x.array, streams.drawing_on(x.xp)
    if a.dtype.kind not in "fV":
        raise DtypeError(f"multinomial: expected floating-point weights, got {describe(x)}; convert with .float()")
    if a.ndim not in (1, 2):
        raise ShapeError(f"multinomial: expected weights in 1 or 2 dims, got shape {tuple(a.shape)}")
    count = one_int("multinomial", "num_samples", num_samples)
    n = a.shape[-1]
    if count < 1:
        raise ArgumentError(f"multinomial: num_samples must be positive, got {count}")
    if not n:
        raise ShapeError(f"multinomial: there is nothing to draw from in weights of shape {tuple(a.shape)}")
    if not replacement and count > n:
        raise ArgumentError(
            f"multinomial: cannot draw {count} of {n} indices without replacement; pass replacement=True"
        )
    found = on_its_device(xp, _sampled, xp, a, count, replacement, generator)
    result = wrap(xp.reshape(found, (count,) if a.ndim == 1 else (a.shape[0], count)), xp)
    return result if out is None else into("multinomial", out, result, exact=True)


def _sampled(xp: Any, a: Any, count: int, replacement: bool, generator: Any) -> Any:
    rows = xp.reshape(xp.astype(a, dtypes.float64.numpy), (-1, a.shape[-1]))
    if rows.size:
        if not everywhere(xp, (rows >= 0) & xp.isfinite(rows)):
            raise NumberRangeError("multinomial: the weights must be finite and not negative")
        if not everywhere(xp, xp.sum(rows, (1,), False) > 0):
            raise NumberRangeError("multinomial: the weights of every row must have a positive sum")
    if replacement and count > 1:
        return _with_replacement(xp, rows, count, generator)
    # weight over an exponential number each: the largest are a sample without replacement
    # (Efraimidis and Spirakis, 2006)
    race = drawn("multinomial", xp, tuple(rows.shape), dtypes.float64.numpy, generator, exponential_floats)
    return xp.copy(xp.top_k(rows / race, count, 1, True), "C")


def _with_replacement(xp: Any, rows: Any, count: int, generator: Any) -> Any:
    many = rows.shape[0]
    draws = drawn("multinomial", xp, (many, count), dtypes.float64.numpy, generator, uniform_floats)
    edges = xp.cumulative_sum(rows, 1)
    edges = edges / xp.getitem(edges, (slice(None), slice(-1, None)))
    if many > 1:
        # all rows in one search: row k looks between k and k + 1, where 32 bits of a draw are exact
        offset = xp.reshape(xp.arange(0, many, 1, dtypes.float64.numpy), (many, 1))
        draws = xp.floor(draws * 2**32) / 2**32 + offset
        places = xp.searchsorted(xp.reshape(edges + offset, (-1,)), xp.reshape(draws, (-1,)), True)
        return xp.reshape(places, (many, count)) - xp.astype(offset, dtypes.int64.numpy) * rows.shape[1]
    return xp.searchsorted(xp.reshape(edges, (-1,)), xp.reshape(draws, (-1,)), True)


def rand_like(
    input: Tensor, *, generator: Generator | None = None, dtype: Dtype = None, device: Any = None, requires_grad: bool
    = False, memory_format: Any = preserve_format, layout: Any = None, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """`rand` with the shape, dtype, device and memory format of input, each unless given.

    >>> import gputensor as gt
    >>> gt.rand_like(gt.zeros(2, 3)).shape
    gputensor.Size([2, 3])
    """
    return _like("rand_like", input, dtype, device, generator, requires_grad, memory_format, lambda d: uniform_floats)


def randn_like(
    input: Tensor, *, generator: Generator | None = None, dtype: Dtype = None, device: Any = None, requires_grad: bool
    = False, memory_format: Any = preserve_format, layout: Any = None, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """`randn` with the shape, dtype, device and memory format of input, each unless given.

    >>> import gputensor as gt
    >>> gt.randn_like(gt.zeros(2, 3)).shape
    gputensor.Size([2, 3])
    """
    return _like("randn_like", input, dtype, device, generator, requires_grad, memory_format, lambda d: normal_floats)


def randint_like(
    input: Tensor, *limits: Any, low: Any = None, high: Any = None, generator: Generator | None = None, dtype: Dtype =
    None, device: Any = None, requires_grad: bool = False, memory_format: Any = preserve_format, layout: Any = None,
    pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """`randint` with the shape, dtype, device and memory format of input, each unless given.

    ``randint_like(input, high)`` or ``randint_like(input, low, high)``.

    >>> import gputensor as gt
    >>> gt.randint_like(gt.zeros(2, 3), 10).shape
    gputensor.Size([2, 3])
    """
    first, last = _bounds("randint_like", list(limits), low, high)
    return _like(
        "randint_like",
        input,
        dtype,
        device,
        generator,
        requires_grad,
        memory_format,
        lambda d: integers("randint_like", first, last, d),
    )


# ---------------------------------------------------------------- what the draws are made of


def _new(
    name: str, shape: tuple[int, ...], d: np.dtype, device: Any, generator: Any, requires_grad: bool, draw: Any
) -> Any:
    xp = streams.drawing_on(namespace_of(device))
    try:
        out = wrap(drawn(name, xp, shape, d, generator, draw), xp)
    except MemoryError:
        size = math.prod(shape) * d.itemsize
        raise OutOfMemoryError(
            f"{name}: out of memory for {d.name} of shape {shape}, {size / 2**30:,.1f} GiB"
        ) from None
    return recording(name, out, requires_grad) if requires_grad else out


def _like(
    name: str,
    x: Any,
    dtype: Any,
    device: Any,
    generator: Any,
    requires_grad: bool,
    format: Any,
    draw_of: Callable[[np.dtype], Any],
) -> Any:
    a = checked(name, x).array
    xp = streams.drawing_on(x.xp if device is None else namespace_of(device))
    d = a.dtype if dtype is None else numpy_dtype(dtype)
    check_format(name, format, a.ndim)
    draw = draw_of(d)
    # drawn in row-major order, so that the numbers do not depend on the order in memory
    array = drawn(name, xp, tuple(a.shape), d, generator, draw)
    if not is_row_major(format, a):
        laid_out = made_in(format, a, tuple(a.shape), lambda shape: xp.empty(shape, d), xp)
        xp.copy_into(laid_out, array)
        array = laid_out
    out = wrap(array, xp)
    return recording(name, out, requires_grad) if requires_grad else out


def _bounds(name: str, given: list[Any], low: Any, high: Any) -> tuple[int, int]:
    """low and high from ``(high)``, ``(low, high)`` or keywords."""
    if len(given) > 2 - (low is not None) - (high is not None):
        raise TypeError(f"{name}: expected low and high, got {len(given)} limits and keywords")
    if high is None and given:
        high = given.pop()
    if low is None and given:
        low = given.pop()
    if high is None:
        raise TypeError(f"{name}: high is missing")
    return one_int(name, "low", 0 if low is None else low), one_int(name, "high", high)


class RandomMethods:
    """Filling a tensor with random numbers, in place."""

    __slots__ = ()
    array: Any
    xp: Any

    def uniform_(self, *limits: Any, to: Any = None, generator: Generator | None = None, **named: Any) -> Tensor:
        """Uniform random numbers in [from, to): ``uniform_(from=0, to=1)``.

        Raises NumberRangeError (a RuntimeError) where from is above to or one of them does not fit, DtypeError for
        integers and bool.
        """
        low, high = _from_to("uniform_", limits, named, to, 0.0, 1.0)
        if not low <= high:
            raise NumberRangeError(f"uniform_: from must not be above to, got {low} and {high}")
        if not math.isfinite(high - low):
            raise NumberRangeError(f"uniform_: from and to must be finite, got {low} and {high}")

        def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
            u = uniform_floats(xp, stream, shape, d)
            return u if low == 0 and high == 1 else u * float(high - low) + float(low)

        return _fill("uniform_", self, generator, draw)

    def normal_(self, mean: float = 0.0, std: float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Normal random numbers of one mean and one standard deviation.

        Raises NumberRangeError (a RuntimeError) for a negative std, DtypeError for integers and bool.
        """
        return _fill("normal_", self, generator, scaled_normal("normal_", mean, std))

    def exponential_(self, lambd: float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Numbers of the exponential distribution with rate lambd, density lambd * exp(-lambd * x), never 0.

        Raises NumberRangeError (a RuntimeError) unless lambd is positive, DtypeError for integers and bool.
        """
        if not lambd > 0:
            raise NumberRangeError(f"exponential_: lambd must be positive, got {lambd}")
        return _fill(
            "exponential_", self, generator, lambda xp, s, shape, d: exponential_floats(xp, s, shape, d) / float(lambd)
        )

    def log_normal_(self, mean: float = 1.0, std: float = 2.0, *, generator: Generator | None = None) -> Tensor:
        """Numbers whose logarithms are normal with this mean and standard deviation.

        Raises NumberRangeError (a RuntimeError) unless std is positive, DtypeError for integers and bool.
        """
        if not std > 0:
            raise NumberRangeError(f"log_normal_: std must be positive, got {std}")
        scaled = scaled_normal("log_normal_", mean, std)
        return _fill("log_normal_", self, generator, lambda xp, s, shape, d: xp.exp(scaled(xp, s, shape, d)))

    def cauchy_(self, median: float = 0.0, sigma: float = 1.0, *, generator: Generator | None = None) -> Tensor:
        """Numbers of the Cauchy distribution, density sigma / (pi * ((x - median)**2 + sigma**2)).

        Raises NumberRangeError (a RuntimeError) unless sigma is positive, DtypeError for integers and bool.
        """
        if not sigma > 0:
            raise NumberRangeError(f"cauchy_: sigma must be positive, got {sigma}")

        def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
            wide = d if d.itemsize > 2 else dtypes.float32.numpy
            return xp.tan((uniform_floats(xp, stream, shape, wide) - 0.5) * math.pi) * float(sigma) + float(median)

        return _fill("cauchy_", self, generator, draw)

    def geometric_(self, p: float, *, generator: Generator | None = None) -> Tensor:
        """The number of trials up to the first success of probability p: k >= 1 with probability (1 - p)**(k - 1) * p.

        Raises NumberRangeError (a RuntimeError) unless 0 < p < 1.
        """
        if not 0 < p < 1:
            raise NumberRangeError(f"geometric_: p must lie between 0 and 1, got {p}")
        rate = -math.log1p(-p)

        def draw(xp: Any, stream: Generator, shape: tuple[int, ...], d: np.dtype) -> Any:
            # an exponential number rounded up, in float64 so that no integer dtype loses any
            return xp.ceil(exponential_floats(xp, stream, shape, dtypes.float64.numpy) / rate)

        return _fill("geometric_", self, generator, draw)

    def random_(self, *limits: Any, to: Any = None, generator: Generator | None = None, **named: Any) -> Tensor:
        """Random integers from <= n < to: ``random_(to)``, ``random_(from, to)``; else all from 0 that the dtype has.

        Floating-point dtypes count up to the last integer before gaps begin. Raises NumberRangeError (a RuntimeError)
        where from is not below to, and where they do not fit.
        """
        d = self.array.dtype
        most = 2 ** exact_digits(d) if d.kind in "fV" else integer_range(d)[1]
        given = list(limits)
        if len(given) == 1 and "from" not in named and to is None:
            given = [0, *given]
        low, high = _from_to("random_", tuple(given), named, to, 0, None)
        last = most + 1 if high is None else operator.index(high)
        return _fill("random_", self, generator, integers("random_", operator.index(low), last, d))

    def bernoulli_(self, p: Any = 0.5, *, generator: Generator | None = None) -> Tensor:
        """Ones with probability p and zeros; p: a number, or a tensor that broadcasts to this one.

        Raises NumberRangeError (a RuntimeError) for probabilities outside of [0, 1].
        """
        return _fill("bernoulli_", self, generator, coins("bernoulli_", p, tuple(self.array.shape)))

    def bernoulli(self, *args: Any, p: float | None = None, generator: Generator | None = None) -> Tensor:
        """See `gputensor.bernoulli`."""
        return bernoulli(self, *args, p=p, generator=generator)  # type: ignore[arg-type]

    def multinomial(self, num_samples: int, replacement: bool = False, *, generator: Generator | None = None) -> Tensor:
        """See `gputensor.multinomial`."""
        return multinomial(self, num_samples, replacement, generator=generator)  # type: ignore[arg-type]


_ANY_DTYPE = ("random_", "bernoulli_", "geometric_")


def _fill(name: str, x: Any, generator: Any, draw: Any) -> Any:
    """x <- a draw of its shape, in place; the words are taken only when x may be written."""
    d = x.array.dtype
    if name not in _ANY_DTYPE and d.kind not in "fVc":
        raise DtypeError(f"{name}: not defined for {d.name}; use a floating-point tensor")
    stream = stream_of(name, generator, x.xp)
    if streams.drawing_on(x.xp) is not x.xp:
        raise GradError(
            f"{name}: inside vmap each example is to have its own numbers, but this tensor is the same for all; use a "
            "function that makes a new one, for example rand_like"
        )
    check_writable(x, name)
    return write(x, COPY, wrap(on_its_device(x.xp, draw, x.xp, stream, tuple(x.array.shape), d), x.xp))


def _from_to(
    name: str, limits: tuple[Any, ...], named: dict[str, Any], to: Any, low: Any, high: Any
) -> tuple[Any, Any]:
    """Two limits by position, or as ``from`` (a keyword of Python's, hence the dictionary) and ``to``."""
    unknown = [k for k in named if k != "from"]
    if unknown or len(limits) > 2 or (limits and "from" in named) or (len(limits) == 2 and to is not None):
        raise TypeError(f"{name}: expected from and to, got {len(limits)} limits and {', '.join(named) or 'to'}")
    first = limits[0] if limits else named.get("from", low)
    last = limits[1] if len(limits) == 2 else high if to is None else to
    return first, last


streams.register_state_wrapper(lambda state: wrap(state, namespace_of("cpu")))
