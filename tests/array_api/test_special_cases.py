"""Special cases in which NumPy, CuPy or PyTorch differ from the standard."""

import math

import numpy as np
import pytest

import gputensor as gt
from gputensor import array_api as xp
from tests import doubles

INF, NAN = math.inf, math.nan


@pytest.fixture(params=["cpu", "cuda:0"])
def device(request):
    if request.param == "cpu":
        yield request.param
        return
    with doubles.installed():
        yield request.param


def real(x, device):
    return xp.asarray(x, dtype=xp.float64, device=device)


def same(x, expected):
    """Equal, nan for nan and with the same sign of zero."""
    a = x.cpu().numpy()
    np.testing.assert_array_equal(a, np.asarray(expected, a.dtype))
    if a.dtype.kind == "f":
        known = ~np.isnan(a)
        np.testing.assert_array_equal(np.signbit(a)[known], np.signbit(np.asarray(expected, a.dtype))[known])


@pytest.mark.parametrize(
    ("x", "y", "quotient"),
    [
        (INF, 2.0, INF), (-INF, 2.0, -INF), (INF, -2.0, -INF), (-INF, -2.0, INF),  # NumPy: nan
        (3.0, INF, 0.0), (-3.0, -INF, 0.0), (-3.0, INF, -1.0), (3.0, -INF, -1.0),  # -1 or -0
        (INF, INF, NAN), (0.0, 0.0, NAN), (1.0, 0.0, INF), (-1.0, 0.0, -INF), (1.0, -0.0, -INF), (NAN, 1.0, NAN),
        (1.0, 0.1, 9.0), (7.0, -2.0, -4.0), (0.0, -2.0, -0.0), (-0.0, 2.0, -0.0),
    ],
)  # fmt: skip
def test_floor_divide(x, y, quotient, device):
    a, b = real([x], device), real([y], device)
    for out in (a // b, xp.floor_divide(a, b), a // y, x // b):
        found = float(out[0])
        if quotient == -1.0:
            assert found == math.floor(x / y)
            assert math.copysign(1.0, found) == -1.0
        else:
            same(out, [quotient])


@pytest.mark.parametrize(
    ("x", "y", "rest"),
    [
        (7.0, -3.0, -2.0), (-7.0, 3.0, 2.0), (1.0, INF, 1.0), (1.0, -INF, -INF), (-1.0, INF, INF), (-1.0, -INF, -1.0),
        (INF, 2.0, NAN), (1.0, 0.0, NAN), (0.0, -2.0, -0.0), (-0.0, 2.0, 0.0), (-4.0, 2.0, 0.0), (NAN, 1.0, NAN),
    ],
)  # fmt: skip
def test_remainder(x, y, rest, device):
    same(real([x], device) % real([y], device), [rest])
    same(xp.remainder(real([x], device), y), [rest])


@pytest.mark.parametrize(
    ("z", "expected"),
    [
        (complex(INF, 0.0), complex(INF, 0.0)), (complex(-INF, INF), -1), (complex(-INF, NAN), -1),
        (complex(-INF, 1.0), -1), (complex(NAN, 0.0), complex(NAN, 0.0)), (complex(0.0, NAN), complex(NAN, NAN)),
        (complex(1.0, INF), complex(NAN, NAN)), (0j, 0j),
    ],
)  # fmt: skip
def test_expm1_of_complex_numbers_that_are_not_finite(z, expected):
    out = xp.expm1(xp.asarray([z], dtype=xp.complex128)).numpy()[0]
    np.testing.assert_array_equal([out.real, out.imag], [complex(expected).real, complex(expected).imag])
    zeros = xp.expm1(xp.asarray([complex(-0.0, 0.0), complex(-0.0, -0.0)])).numpy()
    assert np.signbit(zeros.real).tolist() == [False, False]
    assert np.signbit(zeros.imag).tolist() == [False, True]


def test_expm1_and_log1p_of_small_complex_numbers_keep_their_digits(device):
    small = xp.asarray([1e-10 + 1e-10j, -3e-12 + 2e-11j, 1e-20j, 1e-200 + 0j], dtype=xp.complex128, device=device)
    z = small.cpu().numpy()
    np.testing.assert_allclose(xp.expm1(small).cpu().numpy(), z + z * z / 2, rtol=1e-13)
    np.testing.assert_allclose(xp.log1p(small).cpu().numpy(), z - z * z / 2, rtol=1e-13)


def test_log1p_of_complex_numbers_goes_on_where_the_close_formula_ends():
    z = np.asarray([0.25 + 0.24j, 0.26 + 0.25j, -0.3 + 0.1j, 3 - 4j, 1e300 + 1e300j, -1 + 0j])
    with np.errstate(divide="ignore"):
        expected = np.log(1 + z)
    np.testing.assert_allclose(xp.log1p(xp.asarray(z)).numpy(), expected, rtol=1e-14)


def test_tanh_of_complex_numbers_far_out_keeps_the_sign_of_the_imaginary_part(device):
    z = xp.asarray([complex(INF, 2.0), complex(INF, -2.0), complex(-INF, 1e154), 0.5 + 0.25j], device=device)
    out = xp.tanh(z).cpu().numpy()
    np.testing.assert_array_equal(out[:3], [1, 1, -1])
    np.testing.assert_array_equal(np.signbit(out.imag), [False, True, False, False])
    np.testing.assert_allclose(out[3], np.tanh(0.5 + 0.25j), rtol=1e-6)  # float32


def test_sign_of_nan_is_nan_and_that_of_zero_is_zero(device):
    same(xp.sign(real([NAN, -0.0, 2.0, -INF], device)), [NAN, 0.0, 1.0, -1.0])
    assert gt.sign(gt.tensor([NAN])).item() == 0.0  # PyTorch's door stays PyTorch's


def test_round_takes_halves_to_the_even_integer_and_both_parts_of_complex_numbers():
    same(xp.round(real([0.5, 1.5, -0.5, 2.5], "cpu")), [0.0, 2.0, -0.0, 2.0])
    same(xp.round(xp.asarray([0.5 + 1.5j, -2.7 + 0.2j], dtype=xp.complex128)), [0 + 2j, -3 + 0j])


def test_every_nan_is_a_value_of_its_own():
    x = real([NAN, 1.0, NAN, 1.0], "cpu")
    values, indices, inverse, counts = xp.unique_all(x)
    assert counts.tolist() == [2, 1, 1]
    assert indices.tolist()[0] == 1
    assert xp.unique_values(x).size == 3
    assert sorted(inverse.tolist()) == [0, 0, 1, 2]
    assert values.tolist()[0] == 1.0


def test_unique_values_of_complex_numbers_and_of_nothing():
    values, indices, inverse, counts = xp.unique_all(xp.asarray([[2j, 1 + 0j], [2j, 0j]]))
    assert values.tolist() == [0j, 2j, 1 + 0j]
    assert (indices.tolist(), inverse.tolist(), counts.tolist()) == ([3, 0, 1], [[1, 2], [1, 0]], [1, 2, 1])
    assert [part.size for part in xp.unique_all(xp.zeros((2, 0)))] == [0, 0, 0, 0]
    assert [part.size for part in xp.unique_all(xp.zeros((2, 0), dtype=xp.complex64))] == [0, 0, 0, 0]


def test_nan_goes_through_clip_maximum_and_minimum():
    same(xp.clip(real([NAN, 5.0, -5.0], "cpu"), -1.0, 1.0), [NAN, 1.0, -1.0])
    same(xp.clip(real([0.5], "cpu"), NAN), [NAN])
    same(xp.maximum(real([NAN, 1.0], "cpu"), 2.0), [NAN, 2.0])


def test_where_min_is_above_max_clip_gives_max():
    assert xp.clip(xp.asarray([1, 5, 9]), 7, 3).tolist() == [3, 3, 3]
    assert xp.clip(xp.asarray([1.0]), None, None).tolist() == [1.0]


def test_solve_takes_only_a_1d_right_side_for_a_vector():
    a, b = xp.asarray(np.stack([np.eye(2), 2 * np.eye(2)])), xp.asarray([[2.0, 4.0], [6.0, 8.0]], dtype=xp.float64)
    assert xp.linalg.solve(a, b).tolist() == [[[2.0, 4.0], [6.0, 8.0]], [[1.0, 2.0], [3.0, 4.0]]]
    assert xp.linalg.solve(a, b[0, :]).tolist() == [[2.0, 4.0], [1.0, 2.0]]


def test_is_in_inverted():
    assert xp.isin(xp.asarray([3, 1, 2]), xp.asarray([1, 7]), invert=True).tolist() == [True, False, True]
    assert xp.isin(xp.asarray([3, 1, 2]), 1).tolist() == [False, True, False]


def test_eye_linspace_and_arange_at_their_edges():
    assert xp.eye(2, 3, k=-1, dtype=xp.int64).tolist() == [[0, 0, 0], [1, 0, 0]]
    assert xp.eye(2, k=5).tolist() == xp.eye(2, k=-(2**70)).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert xp.linspace(0, 1, 0).tolist() == []
    assert xp.linspace(0.0, 1 + 1j, 3).tolist() == [0j, 0.5 + 0.5j, 1 + 1j]
    assert xp.arange(3, 0).tolist() == []
    assert xp.arange(3, 0).dtype is xp.int64
    assert xp.arange(3.0, 0).dtype is xp.float32
    with pytest.raises(ValueError, match="step"):
        xp.arange(0, 3, 0)
    with pytest.raises(ValueError, match="num"):
        xp.linspace(0, 1, -1)


def test_repeats_of_zero_dims_lists_and_arrays():
    x = xp.asarray([[1, 2], [3, 4]])
    assert xp.repeat(x, 2).tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert xp.repeat(x, xp.asarray([0, 2]), axis=1).tolist() == [[2, 2], [4, 4]]
    assert xp.repeat(x, [1, 2], axis=0).tolist() == [[1, 2], [3, 4], [3, 4]]
    assert xp.repeat(x, xp.asarray(2), axis=0).shape == (4, 2)
