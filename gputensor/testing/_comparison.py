"""assert_close: whether results agree within tolerances, and where they do not."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.core.dtypes import bool_, dtype

# (relative, absolute) tolerance by dtype; none for integers and bools
_TOLERANCES: dict[dtype, tuple[float, float]] = {
    gt.float16: (1e-3, 1e-5),
    gt.bfloat16: (1.6e-2, 1e-5),
    gt.float32: (1.3e-6, 1e-5),
    gt.float64: (1e-7, 1e-7),
    gt.complex64: (1.3e-6, 1e-5),
    gt.complex128: (1e-7, 1e-7),
}

Message = str | Callable[[str], str] | None


@dataclass
class _Options:
    """What the comparison of every pair is told."""

    allow_subclasses: bool
    rtol: float | None
    atol: float | None
    equal_nan: bool
    check_device: bool
    check_dtype: bool
    check_layout: bool
    check_stride: bool


def assert_close(
    actual: Any,
    expected: Any,
    *,
    allow_subclasses: bool = True,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = False,
    check_device: bool = True,
    check_dtype: bool = True,
    check_layout: bool = True,
    check_stride: bool = False,
    msg: Message = None,
) -> None:
    """Raise AssertionError unless actual and expected are close: |actual - expected| <= atol + rtol * |expected|.

    Tensors, NumPy arrays, numbers, booleans and None, and sequences and mappings of them to any depth. Infinities are
    close to themselves only, NaN to nothing unless equal_nan. rtol and atol: both or neither; by default 1.3e-6 and
    1e-5 for float32 and complex64, 1e-7 and 1e-7 for float64, complex128 and numbers, 1e-3 and 1e-5 for float16, 1.6e-2
    and 1e-5 for bfloat16, 0 for integers; where dtypes differ, the looser ones. check_device, check_dtype: whether
    these must agree too (a difference is otherwise made up by moving and promoting); check_stride: the memory order.
    check_layout: accepted, there is one layout. allow_subclasses: False asks for equal types. msg: says instead what is
    wrong, or a function of what would be said. The message tells how many elements differ and where the greatest
    differences are. Raises ValueError for one tolerance without the other, TypeError for what cannot be compared.

    >>> import gputensor as gt
    >>> gt.testing.assert_close(gt.tensor([1.0, 2.0]), gt.tensor([1.0, 2.0000001]))
    >>> gt.testing.assert_close([gt.tensor([1.0, 2.0])], [gt.tensor([1.0, 3.0])])
    Traceback (most recent call last):
    ...
    AssertionError: Tensor-likes are not close!
    <BLANKLINE>
    Mismatched elements: 1 / 2 (50.0%)
    Greatest absolute difference: 1.0 at index (1,) (up to 1e-05 allowed)
    Greatest relative difference: 0.3333333432674408 at index (1,) (up to 1.3e-06 allowed)
    <BLANKLINE>
    The failure occurred for item [0]
    """
    if (rtol is None) != (atol is None):
        raise ValueError(f"assert_close: rtol and atol must both be given or neither, got rtol={rtol} and atol={atol}")
    options = _Options(
        allow_subclasses, rtol, atol, equal_nan, check_device, check_dtype, check_layout, check_stride
    )  # fmt: skip
    failures = list(_differences(actual, expected, options, ""))
    if not failures:
        return
    if len(failures) == 1:
        text = _text(failures[0])
    else:
        text = "\n\n".join(["The following failures occurred:", *map(_text, failures)])
    if msg is not None:
        text = msg(text) if callable(msg) else msg
    raise AssertionError(text)


def assert_allclose(
    actual: Any,
    expected: Any,
    rtol: float | None = None,
    atol: float | None = None,
    equal_nan: bool = True,
    msg: str = "",
) -> None:
    """PyTorch's older `assert_close`: devices and dtypes may differ, NaN is equal to NaN; anything becomes a tensor.

    >>> import gputensor as gt
    >>> gt.testing.assert_allclose(gt.tensor([1.0, float("nan")]), [1.0, float("nan")])
    """
    actual = actual if isinstance(actual, Tensor) else gt.tensor(actual)
    expected = expected if isinstance(expected, Tensor) else gt.tensor(expected, dtype=actual.dtype)
    if rtol is None and atol is None:
        rtol, atol = _tolerances(actual.dtype, expected.dtype)
    assert_close(
        actual,
        expected,
        rtol=rtol,
        atol=atol,
        equal_nan=equal_nan,
        check_device=False,
        check_dtype=False,
        msg=msg or None,
    )


def _text(failure: tuple[str, str]) -> str:
    where, text = failure
    return f"{text}\n\nThe failure occurred for item {where}" if where else text


def _differences(actual: Any, expected: Any, options: _Options, where: str) -> list[tuple[str, str]]:
    """Where and how the two differ; empty where they are close."""
    kinds = [isinstance(x, Sequence) and not isinstance(x, (str, bytes)) for x in (actual, expected)]
    if all(kinds):
        if len(actual) != len(expected):
            return [(where, f"The length of the sequences mismatch: {len(actual)} != {len(expected)}")]
        return [
            found
            for k, (a, e) in enumerate(zip(actual, expected, strict=True))
            for found in _differences(a, e, options, f"{where}[{k}]")
        ]
    if isinstance(actual, Mapping) and isinstance(expected, Mapping):
        if set(actual) != set(expected):
            missing, additional = set(expected) - set(actual), set(actual) - set(expected)
            return [
                (
                    where,
                    "The keys of the mappings do not match:\n"
                    f"Missing keys in the actual mapping: {sorted(missing, key=repr)}\n"
                    f"Additional keys in the actual mapping: {sorted(additional, key=repr)}",
                )
            ]
        return [
            found for key in actual for found in _differences(actual[key], expected[key], options, f"{where}[{key!r}]")
        ]
    text = _compared(actual, expected, options)
    return [] if text is None else [(where, text)]


def _compared(actual: Any, expected: Any, options: _Options) -> str | None:
    if actual is None or expected is None:
        return None if actual is expected else f"None mismatch: {actual} is not {expected}"
    if not options.allow_subclasses and type(actual) is not type(expected):
        raise TypeError(
            f"assert_close: with allow_subclasses=False both must be of one type, got {type(actual).__name__} and "
            f"{type(expected).__name__}"
        )
    bools = [isinstance(x, (bool, np.bool_)) for x in (actual, expected)]
    if all(bools):
        return None if bool(actual) == bool(expected) else f"Booleans mismatch: {actual} is not {expected}"
    numbers = [isinstance(x, (int, float, complex, np.number)) for x in (actual, expected)]
    if all(numbers) and not any(bools):
        return _numbers(actual, expected, options)
    tensors = [isinstance(x, (Tensor, np.ndarray)) for x in (actual, expected)]
    if not all(tensors):
        raise TypeError(
            f"assert_close: {type(actual).__name__} and {type(expected).__name__} cannot be compared; expected two "
            "tensors, two numbers, two bools, or sequences or mappings of these"
        )
    first, second = [x if isinstance(x, Tensor) else gt.from_numpy(x) for x in (actual, expected)]
    return _tensors(first, second, options)


def _numbers(actual: Any, expected: Any, options: _Options) -> str | None:
    kinds = [complex if isinstance(x, (complex, np.complexfloating)) else _real(x) for x in (actual, expected)]
    if options.check_dtype and kinds[0] is not kinds[1]:
        return f"The (d)types do not match: {kinds[0]} != {kinds[1]}."
    kind = kinds[0] if kinds[0] is kinds[1] else max(kinds, key=[int, float, complex].index)
    rtol, atol = (0.0, 0.0) if kind is int else _TOLERANCES[gt.float64]
    if options.rtol is not None and options.atol is not None:
        rtol, atol = options.rtol, options.atol
    if options.equal_nan and actual != actual and expected != expected:
        return None
    if actual == expected:
        return None
    difference = abs(actual - expected)
    if difference <= atol + rtol * abs(expected) < float("inf"):
        return None
    relative = difference / abs(expected) if expected else float("inf")
    if not rtol and not atol:
        return (
            f"Scalars are not equal!\n\nExpected {expected} but got {actual}.\nAbsolute difference: {difference}\n"
            + (f"Relative difference: {relative}")
        )
    return (
        f"Scalars are not close!\n\nExpected {expected} but got {actual}.\n"
        f"Absolute difference: {difference} (up to {atol} allowed)\n"
        f"Relative difference: {relative} (up to {rtol} allowed)"
    )


def _real(x: Any) -> type:
    return float if isinstance(x, (float, np.floating)) else int


def _tolerances(*kinds: dtype) -> tuple[float, float]:
    found = [_TOLERANCES.get(d, (0.0, 0.0)) for d in kinds]
    return max(rtol for rtol, _ in found), max(atol for _, atol in found)


def _tensors(actual: Any, expected: Any, options: _Options) -> str | None:
    if actual.shape != expected.shape:
        return f"The values for attribute 'shape' do not match: {actual.shape} != {expected.shape}."
    if options.check_device and actual.device != expected.device:
        return f"The values for attribute 'device' do not match: {actual.device} != {expected.device}."
    if options.check_dtype and actual.dtype != expected.dtype:
        return f"The values for attribute 'dtype' do not match: {actual.dtype} != {expected.dtype}."
    if options.check_stride and actual.stride() != expected.stride():
        return f"The values for attribute 'stride()' do not match: {actual.stride()} != {expected.stride()}."
    rtol, atol = _tolerances(actual.dtype, expected.dtype)
    if options.rtol is not None and options.atol is not None:
        rtol, atol = options.rtol, options.atol
    a, e = _host(actual), _host(expected)
    if a.dtype != e.dtype:
        d = np.result_type(a.dtype, e.dtype)
        a, e = a.astype(d), e.astype(d)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return _elements(a, e, rtol, atol, options.equal_nan)


def _host(x: Any) -> np.ndarray:
    """The numbers of a tensor, 16-bit floats as float32, bools as integers."""
    x = x.detach().cpu()
    if x.dtype in (gt.float16, gt.bfloat16):
        x = x.float()
    return x.numpy().astype(np.uint8) if x.dtype is bool_ else x.numpy()


def _elements(a: np.ndarray, e: np.ndarray, rtol: float, atol: float, equal_nan: bool) -> str | None:
    if a.dtype.kind in "iu" and not rtol and not atol:
        close = a == e
    else:
        close = np.isclose(a, e, rtol=rtol, atol=atol, equal_nan=equal_nan)
    if close.all():
        return None
    total, wrong = close.size, int(close.size - close.sum())
    if a.dtype.kind in "iu":
        # the difference of two integers may not fit their dtype; without a sign it always fits 64 bits
        low, high = np.minimum(a, e), np.maximum(a, e)
        difference = high.astype(np.uint64) - low.astype(np.uint64)
        relative = difference / np.abs(e.astype(np.float64))
    else:
        difference = np.abs(a - e)
        relative = difference / np.abs(e)
    if equal_nan:
        both = np.isnan(a) & np.isnan(e)
        difference, relative = np.where(both, 0, difference), np.where(both, 0, relative)
    relative = np.where(close, 0, relative)
    exact = not rtol and not atol
    if a.ndim == 0:
        head = f"Scalars are not {'equal' if exact else 'close'}!\n\nExpected {e.item()} but got {a.item()}.\n"
        return head + "\n".join(
            [
                _line("Absolute", difference.item(), None, None if exact else atol),
                _line("Relative", relative.item(), None, None if exact else rtol),
            ]
        )
    return "\n".join(
        [
            f"Tensor-likes are not {'equal' if exact else 'close'}!",
            "",
            f"Mismatched elements: {wrong} / {total} ({wrong / total:.1%})",
            _greatest("absolute", difference, None if exact else atol),
            _greatest("relative", relative, None if exact else rtol),
        ]
    )


def _greatest(kind: str, values: np.ndarray, allowed: float | None) -> str:
    place = np.unravel_index(int(np.argmax(values)), values.shape)
    return _line(f"Greatest {kind}", values[place].item(), tuple(int(k) for k in place), allowed)


def _line(kind: str, value: Any, place: tuple[int, ...] | None, allowed: float | None) -> str:
    return (
        f"{kind} difference: {value}"
        + ("" if place is None else f" at index {place}")
        + ("" if allowed is None else f" (up to {allowed} allowed)")
    )
