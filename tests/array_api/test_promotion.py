"""What dtype an operation has: by the standard's tables, whatever the dims, and beside Python numbers."""

import itertools
import operator

import numpy as np
import pytest

import gputensor as gt
from gputensor import array_api as xp
from gputensor.errors import DtypeError, NumberRangeError
from tests.array_api import standard

INTS = ("int8", "int16", "int32", "int64")
UINTS = ("uint8", "uint16", "uint32", "uint64")
FLOATS = ("float32", "float64")
COMPLEX = ("complex64", "complex128")


def expected(a, b):
    """The standard's tables in words, and what they leave open: integers take the dtype of floats. None: refused."""
    if a == b:
        return a
    if {a, b} <= set(INTS):
        return max(a, b, key=INTS.index)
    if {a, b} <= set(UINTS):
        return max(a, b, key=UINTS.index)
    if {a, b} <= {*INTS, *UINTS}:
        signed, unsigned = (a, b) if a in INTS else (b, a)
        place = max(INTS.index(signed), UINTS.index(unsigned) + 1)
        return INTS[place] if place < 4 else None
    if {a, b} <= {*FLOATS, *COMPLEX}:
        double = "float64" in (a, b) or "complex128" in (a, b)
        kind = COMPLEX if set(COMPLEX) & {a, b} else FLOATS
        return kind[double]
    if "bool" not in (a, b):
        return a if a in (*FLOATS, *COMPLEX) else b
    return None


@pytest.mark.parametrize(("a", "b"), list(itertools.product(standard.DTYPES, repeat=2)))
def test_two_arrays_have_the_dtype_of_the_table_whatever_their_dims(a, b):
    d, e = getattr(xp, a), getattr(xp, b)
    want = expected(a, b)
    for shapes in (((2,), (2,)), ((2,), ()), ((), (2,)), ((), ())):
        x, y = xp.ones(shapes[0], dtype=d), xp.ones(shapes[1], dtype=e)
        if want is None:
            for call in (operator.eq, xp.equal, xp.result_type, lambda p, q: xp.where(xp.asarray(True), p, q)):
                with pytest.raises(DtypeError, match="does not promote"):
                    call(x, y)
            continue
        assert xp.result_type(x, y) is getattr(xp, want)
        assert xp.where(xp.asarray(True), x, y).dtype is getattr(xp, want)
        assert xp.concat([x, y], axis=None).dtype is getattr(xp, want)
        assert (x == y).dtype is xp.bool
        if want == "bool":
            assert (x & y).dtype is xp.bool
            with pytest.raises(DtypeError, match="numeric"):
                x + y
        else:
            assert (x + y).dtype is (x * y).dtype is xp.add(x, y).dtype is getattr(xp, want)
    crosses = a in (*INTS, *UINTS) and b in (*FLOATS, *COMPLEX)
    assert xp.can_cast(d, e) == (want == b and not crosses)


OPERATORS = [operator.add, operator.sub, operator.mul, operator.eq, operator.lt]


@pytest.mark.parametrize("name", [name for name in standard.DTYPES if name != "bool"])
@pytest.mark.parametrize("op", OPERATORS)
def test_a_python_number_takes_the_arrays_dtype(name, op):
    d = getattr(xp, name)
    if name in COMPLEX and op is operator.lt:
        return
    x = xp.ones(2, dtype=d)
    numbers = (1,) if name in (*INTS, *UINTS) else (1, 1.0)
    want = xp.bool if op in (operator.eq, operator.lt) else d
    for number in numbers:
        assert op(x, number).dtype is want
        assert op(number, x).dtype is want
        assert op(xp.asarray(number, dtype=d), number).dtype is want


def test_a_complex_number_makes_floats_complex_of_their_precision():
    assert (xp.ones(2, dtype=xp.float32) + 1j).dtype is xp.complex64
    assert (1j * xp.ones(2, dtype=xp.float64)).dtype is xp.complex128
    assert (xp.ones(2, dtype=xp.complex64) - 1j).dtype is xp.complex64
    assert xp.result_type(xp.float32, 1j, 2) is xp.complex64
    assert xp.result_type(1, 2.0) is xp.float32
    assert xp.result_type(True, False) is xp.bool
    assert xp.result_type(1j) is xp.complex64


@pytest.mark.parametrize(
    ("dtype", "number"), [("bool", 1), ("bool", 1.0), ("int32", True), ("int32", 1.0), ("uint8", 1j), ("float32", True)]
)
def test_numbers_of_another_kind_are_refused(dtype, number):
    x = xp.ones(2, dtype=getattr(xp, dtype))
    for call in (lambda: x == number, lambda: number != x, lambda: xp.equal(number, x)):
        with pytest.raises(DtypeError, match="does not mix"):
            call()
    with pytest.raises(DtypeError, match="does not mix"):
        xp.result_type(x, number)


@pytest.mark.parametrize(("dtype", "number"), [("int8", 128), ("uint8", -1), ("int64", 2**63)])
def test_an_int_that_does_not_fit_is_refused(dtype, number):
    x = xp.ones(2, dtype=getattr(xp, dtype))
    with pytest.raises(NumberRangeError, match=f"{number} does not fit into {dtype}"):
        x + number
    with pytest.raises(OverflowError, match="does not fit"):
        xp.add(number, x)


def test_numpy_scalars_count_as_python_numbers_and_numpy_arrays_as_arrays():
    x = xp.ones(2, dtype=xp.float32)
    assert (x * np.float64(2.0)).dtype is xp.float32
    assert (x * np.float32(2.0)).dtype is xp.float32
    assert (x == np.int64(1)).dtype is xp.bool
    assert (x + np.ones(2)).dtype is xp.float64
    assert (np.ones(2) * x).dtype is xp.float64 or isinstance(np.ones(2) * x, np.ndarray)
    with pytest.raises(DtypeError, match="does not promote"):
        x + np.ones(2, dtype=bool)


def test_what_is_no_number_is_left_to_the_other_side():
    x = xp.ones(2)
    for other in ("a", None, object(), [1, 2]):
        with pytest.raises(TypeError):
            x + other
        assert (x == other) is False
        assert (x != other) is True
    with pytest.raises(TypeError, match="add: expected arrays"):
        xp.add(1, 2)
    with pytest.raises(TypeError, match="add: expected arrays"):
        xp.add(x, "a")
    with pytest.raises(TypeError):
        x @ 2.0


@pytest.mark.parametrize("name", standard.DTYPES)
def test_sums_and_products_have_the_dtypes_of_the_standard(name):
    x = xp.ones((2, 3), dtype=getattr(xp, name))
    want = xp.uint64 if name in UINTS else xp.int64 if name in ("bool", *INTS) else x.dtype
    calls = [
        xp.sum, xp.prod, lambda x: xp.sum(x, axis=0), lambda x: xp.prod(x, axis=(0, 1)), lambda x: xp.sum(x, axis=()),
        lambda x: xp.prod(x, axis=()), xp.linalg.trace,
    ]  # fmt: skip
    if name != "bool":
        calls += [lambda x: xp.cumulative_sum(x, axis=1), lambda x: xp.cumulative_prod(x, axis=0)]
    assert [call(x).dtype for call in calls] == [want] * len(calls)
    assert xp.sum(x, dtype=xp.complex64).dtype is xp.complex64


def test_integers_are_divided_into_the_default_dtype():
    assert (xp.asarray([1, 3]) / 2).tolist() == [0.5, 1.5]
    assert (3 / xp.asarray([2])).dtype is xp.float32
    assert xp.mean(xp.asarray([1, 2])).dtype is xp.float32


def test_results_do_not_depend_on_pytorchs_weaker_0d_tensors():
    wide = xp.asarray(2.0, dtype=xp.float64)
    narrow = xp.ones(2, dtype=xp.float32)
    assert (narrow * wide).dtype is xp.float64
    assert (gt.ones(2) * gt.tensor(2.0, dtype=gt.float64)).dtype is gt.float32
    assert (gt.ones(2) * wide).dtype is xp.float64
