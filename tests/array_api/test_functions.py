"""Every function of the namespace against array-api-strict, on a played GPU, and through the graph."""

import array_api_strict
import numpy as np
import pytest

import gputensor as gt
from gputensor import array_api as xp
from gputensor.autograd import gradcheck, gradgradcheck
from gputensor.errors import DtypeError
from tests import doubles
from tests.array_api.table import CALLS


def rows(calls):
    return pytest.mark.parametrize("row", calls, ids=lambda row: row.id)


def drawn(row, device=None):
    return [made(np.asarray(data), device) for data in row.data]


def made(host, device=None):
    dtype = {"f": xp.float64, "c": xp.complex128, "i": xp.int64, "b": xp.bool}[host.dtype.kind]
    return xp.asarray(host.tolist(), dtype=dtype, device=device)


def parts(result):
    """Everything that a call gave, arrays as NumPy arrays on the host."""
    if isinstance(result, tuple) and not isinstance(result, gt.Size):
        return [part for one in result for part in parts(one)]
    if isinstance(result, gt.Tensor):
        return [result.detach().cpu().numpy()]
    return [np.asarray(result)]


def arrays_in(result):
    if isinstance(result, tuple) and not isinstance(result, gt.Size):
        return [array for one in result for array in arrays_in(one)]
    return [result] if isinstance(result, gt.Tensor) else []


@pytest.fixture
def strict():
    """array-api-strict in the version of the standard, with everything that other tests may have switched off."""
    with array_api_strict.ArrayAPIStrictFlags(
        api_version="2025.12", boolean_indexing=True, data_dependent_shapes=True, enabled_extensions=("linalg", "fft")
    ):
        yield array_api_strict


@rows([row for row in CALLS if row.strict])
def test_a_function_gives_what_array_api_strict_gives(row, strict):
    theirs = row.call(strict, *[strict.asarray(np.asarray(data)) for data in row.data])
    expected = parts(tuple(np.asarray(part) for part in theirs) if isinstance(theirs, tuple) else np.asarray(theirs))
    ours = parts(row.call(xp, *drawn(row)))
    assert len(ours) == len(expected)
    for a, b in zip(ours, expected, strict=True):
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


@rows([row for row in CALLS if row.name.startswith("special.")])
def test_a_special_function_gives_what_scipy_gives(row):
    special = pytest.importorskip("scipy.special")
    expected = row.call(type("Namespace", (), {"special": special}), *[np.asarray(data) for data in row.data])
    np.testing.assert_allclose(parts(row.call(xp, *drawn(row)))[0], expected, rtol=1e-9)


@rows(CALLS)
def test_what_a_function_makes_is_an_array_also_of_tensors(row):
    tensors = [gt.tensor(np.asarray(data)) for data in row.data]
    assert all([type(x) is gt.Tensor for x in tensors])
    found = arrays_in(row.call(xp, *[xp.asarray(x) for x in tensors]))
    assert [type(x) for x in found] == [xp.Array] * len(found)


@pytest.fixture(scope="module")
def cuda():
    """A GPU, played by the strict double of CuPy."""
    with doubles.installed():
        yield gt.device("cuda:0")


@rows(CALLS)
def test_a_function_runs_on_a_played_gpu_as_on_the_cpu(row, cuda):
    same_on(cuda, row)


@pytest.mark.gpu
@rows(CALLS)
def test_a_function_runs_on_a_gpu_as_on_the_cpu(row):
    same_on(gt.device("cuda:0"), row)


def same_on(device, row):
    expected = parts(row.call(xp, *drawn(row)))
    result = row.call(xp, *drawn(row, device))
    if row.data:
        assert {x.device for x in arrays_in(result)} <= {device}
    for a, b in zip(parts(result), expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


SMOOTH = [row for row in CALLS if row.smooth]


def differentiated(row):
    """The row as a function of its floating-point arrays alone, which gives floating-point tensors."""
    given = drawn(row)
    places = [k for k, x in enumerate(given) if x.dtype in (xp.float64, xp.complex128)]

    def function(*floats):
        operands = list(given)
        for k, x in zip(places, floats, strict=True):
            operands[k] = xp.asarray(x)
        return tuple([x for x in arrays_in(row.call(xp, *operands)) if x.dtype in (xp.float64, xp.complex128)])

    return function, [given[k].detach().requires_grad_() for k in places]


@rows([row for row in SMOOTH if row.name != "astype"])  # to float32, too coarse for differences
def test_gradients_flow_through_a_function(row):
    function, inputs = differentiated(row)
    assert function(*inputs)
    assert gradcheck(function, inputs)


# whose second derivatives the operation below does not have
FIRST_ONLY = {"special.erfcx", "linalg.eig", "linalg.eigvals"}
TWICE = [row for row in SMOOTH if row.name not in FIRST_ONLY | {"astype"}]


@rows(TWICE)
def test_gradients_of_gradients_flow_through_a_function(row):
    function, inputs = differentiated(row)
    assert gradgradcheck(function, inputs)


def test_the_gradient_of_a_narrowed_copy_comes_back_in_the_first_dtype():
    t = gt.tensor([1.0, 2.0], dtype=gt.float64, requires_grad=True)
    xp.sum(xp.astype(xp.asarray(t), xp.float32) * 3).backward()
    assert t.grad.dtype is gt.float64
    assert t.grad.tolist() == [3.0, 3.0]


def test_where_of_a_condition_alone_gives_the_places_where_it_holds():
    rows, columns = xp.where(xp.asarray([[True, False], [False, True]]))
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [0, 1])
    assert isinstance(rows, xp.Array)
    with pytest.raises(TypeError, match="where: x1 came without x2"):
        xp.where(xp.asarray([True]), xp.asarray([1.0]))


def test_the_slices_of_one_array_are_joined_as_a_list_of_them_is():
    x = xp.reshape(xp.arange(6), (2, 3))
    assert xp.stack(x, axis=1).tolist() == [[0, 3], [1, 4], [2, 5]]
    assert xp.concat(x).tolist() == [0, 1, 2, 3, 4, 5]
    assert xp.concat((row for row in x), axis=0).tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("reduction", [xp.max, xp.min, xp.prod, xp.std])
def test_what_a_reduction_gave_can_be_written_and_its_gradient_stays(reduction):
    w = gt.tensor([[1.0, 5.0], [4.0, 2.0]], requires_grad=True)
    expected = gt.autograd.grad(reduction(w, axis=1)[1], w)[0]
    out = reduction(w, axis=1)
    out[0] = 7.0
    xp.sum(out).backward()
    assert w.grad.tolist() == expected.tolist()
    assert w.grad[1].abs().sum() > 0


@pytest.mark.parametrize(
    "call",
    [
        lambda x: xp.astype(x, xp.float32),
        lambda x: xp.flip(x),
        lambda x: xp.matrix_transpose(x),
        lambda x: xp.moveaxis(x, 0, 1),
        lambda x: xp.permute_dims(x, (1, 0)),
        lambda x: xp.squeeze(x, 0),
        lambda x: xp.take_along_axis(x, xp.asarray([[0]])),
        lambda x: xp.unstack(x),
    ],
)
@pytest.mark.parametrize("other", [np.ones((1, 1)), [[1.0]], None])
def test_what_is_no_array_is_refused_in_a_sentence(call, other):
    with pytest.raises(DtypeError, match=r"expected an array, got .*asarray"):
        call(other)
