"""NumPy's functions on tensors, row by row: values, shapes, dtypes and gradients beside NumPy's on arrays."""

import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.interop.numpy_door import creation, functions, ufuncs
from tests.interop.numpy_rows import elements, matrices, places, shapes, statistics
from tests.interop.numpy_rows.ufuncs import LIKE, METHODS, UFUNCS

FUNCTIONS = {**elements.ROWS, **matrices.ROWS, **places.ROWS, **shapes.ROWS, **statistics.ROWS}

ROWS = [
    pytest.param(row, id=f"{function.__name__}-{k}")
    for table in (UFUNCS, FUNCTIONS)
    for function, rows in table.items()
    for k, row in enumerate(rows)
] + [pytest.param(row, id=f"method-{k}") for k, row in enumerate(METHODS)]


def operands_of(row):
    rng = np.random.default_rng(0)
    return [rng.normal(size=o) if isinstance(o, tuple) else o for o in row.operands]


def quiet(call, *args):
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args)


def leaves(result):
    if isinstance(result, (list, tuple)) and not isinstance(result, str):
        return [leaf for part in result for leaf in leaves(part)]
    return [result]


def kinds(result):
    """The structure: list or tuple of …"""
    if isinstance(result, (list, tuple)):
        return [kinds(part) for part in result]
    return None


@pytest.mark.parametrize("row", ROWS)
def test_values_and_shapes_are_numpys(row):
    arrays = operands_of(row)
    expected = quiet(row.call, *arrays)
    got = row.call(*[gt.tensor(a) for a in arrays])
    assert kinds(got) == kinds(expected)
    for g, e in zip(leaves(got), leaves(expected), strict=True):
        if isinstance(e, (np.ndarray, np.generic)) and not isinstance(e, np.bool_ | bool):
            assert isinstance(g, gt.Tensor)
        if isinstance(g, gt.Tensor):
            assert tuple(g.shape) == np.shape(e)
            assert g.numpy().dtype.kind == np.asarray(e).dtype.kind or np.asarray(e).dtype.kind == "u"
            np.testing.assert_allclose(g.numpy(), e, rtol=row.tolerance, atol=1e-12)
        else:
            assert type(g) in (int, bool, str)
            assert g == e


@pytest.mark.parametrize("row", ROWS)
def test_float32_stays_float32(row):
    arrays = [a.astype(np.float32) if a.dtype.kind == "f" else a for a in operands_of(row)]
    if not any(a.dtype == np.float32 for a in arrays):
        pytest.skip("no real floating-point operand")
    if not row.dtype:
        pytest.skip("another dtype is part of the meaning")
    for g in leaves(row.call(*[gt.tensor(a) for a in arrays])):
        if isinstance(g, gt.Tensor) and g.is_floating_point():
            assert g.dtype is gt.float32
        elif isinstance(g, gt.Tensor) and g.is_complex():
            assert g.dtype is gt.complex64


@pytest.mark.parametrize("row", ROWS)
def test_gradients_flow(row):
    arrays = operands_of(row)
    if not any(a.dtype.kind in "fc" for a in arrays):
        pytest.skip("there is nothing to differentiate")
    tensors = [gt.tensor(a, requires_grad=a.dtype.kind in "fc" and k >= row.first) for k, a in enumerate(arrays)]
    wanted = [t for t in tensors if t.requires_grad]

    def differentiable(*given):
        rest = iter(given)
        out = row.call(*[next(rest) if t.requires_grad else t for t in tensors])
        return tuple(g for g in leaves(out) if isinstance(g, gt.Tensor) and g.requires_grad)

    results = [g for g in leaves(row.call(*tensors)) if isinstance(g, gt.Tensor)]
    floating = [g for g in results if g.is_floating_point() or g.is_complex()]
    if row.flat or not floating:
        return
    assert any(g.requires_grad for g in floating)
    assert gt.autograd.gradcheck(differentiable, tuple(wanted))


def test_every_function_of_the_tables_has_a_row():
    assert [f.__name__ for f in ufuncs.TABLE if f not in UFUNCS] == []
    files = {np.save, np.savez, np.savez_compressed, np.savetxt}
    others = {np.around: np.round, np.amax: np.max, np.amin: np.min}  # other names of the same
    assert [f.__name__ for f in functions.TABLE if f not in {*FUNCTIONS, *files, *others}] == []
    assert all(functions.TABLE[f] is functions.TABLE[same] for f, same in others.items())
    assert len(ufuncs.TABLE) + len(functions.TABLE) >= 300
    assert len(creation.LIKE) == 14


@pytest.mark.parametrize("make", LIKE)
def test_like_makes_tensors(make):
    got = make({"like": gt.zeros(1)})
    expected = make({})
    assert isinstance(got, gt.Tensor)
    np.testing.assert_array_equal(got.numpy(), expected)
    if expected.dtype == np.float64:
        assert got.dtype is gt.float32
    else:
        assert got.numpy().dtype == expected.dtype
