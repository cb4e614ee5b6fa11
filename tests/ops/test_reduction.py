"""Reductions, order and search: precision, dtypes, layouts, names of arguments, named results."""

import copy
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, ShapeError


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_16_bit_floats_accumulate_in_float32(dtype):
    ones = gt.ones(4096, dtype=dtype)
    assert ones.sum().item() == 4096
    assert gt.ones(4096, 2, dtype=dtype).sum(0).tolist() == [4096, 4096]
    assert ones.cumsum(0)[-1].item() == 4096
    assert ones.mean().item() == 1
    assert ones.norm().item() == 64
    assert (ones * 100).norm().item() == 6400  # the sum of squares would overflow float16
    assert ones.var().item() == 0
    assert ones.logsumexp(0).item() == pytest.approx(np.log(4096) + 1, rel=4e-3)
    assert gt.zeros(1, dtype=dtype).index_add(0, gt.tensor([0] * 4096), ones).item() == 4096
    assert gt.nansum(ones).dtype is ones.dtype


def test_the_mean_of_float16_does_not_overflow_on_the_way():
    x = gt.ones(4096, dtype="float16") * 1000
    assert x.mean().item() == 1000
    assert x.sum().item() == float("inf")


def test_integers_and_booleans_sum_and_multiply_as_int64():
    for dtype in ("uint8", "int8", "int32", "bool"):
        x = gt.ones(300, dtype=dtype)
        assert (x.sum().item(), str(x.sum().dtype)) == (300, "gputensor.int64")
        assert (x.prod().item(), str(x.prod().dtype)) == (1, "gputensor.int64")
        assert str(x.cumsum(0).dtype) == "gputensor.int64"
    x = gt.tensor([100, 100, 100], dtype="int8")
    assert x.sum(dtype="int8").item() == 300 - 256
    assert str(x.sum(dtype="int8").dtype) == "gputensor.int8"
    assert x.sum(dtype="float32").item() == 300
    assert gt.tensor([1.7, 2.7]).sum(dtype="int32").item() == 3
    assert gt.tensor([2, 0]).sum(dtype="bool").item() is True


def test_numpys_names_of_arguments_are_understood_everywhere():
    x = gt.tensor([[1.0, 5.0], [7.0, 2.0]])
    for name in [
        "sum",
        "mean",
        "prod",
        "var",
        "std",
        "amax",
        "amin",
        "argmax",
        "argmin",
        "all",
        "any",
        "nansum",
        "nanmean",
        "norm",
        "logsumexp",
    ]:
        by_dim, by_axis = getattr(x, name)(dim=1, keepdim=True), getattr(x, name)(axis=1, keepdims=True)
        assert by_dim.shape == by_axis.shape == (2, 1)
        assert by_dim.tolist() == by_axis.tolist() == getattr(gt, name)(x, axis=1, keepdims=True).tolist()
    for name in ["max", "min", "median", "nanmedian", "mode"]:
        assert getattr(x, name)(axis=0, keepdims=True)[0].tolist() == getattr(gt, name)(x, 0, True)[0].tolist()
    for name in ["cumsum", "cumprod", "sort", "argsort", "cummax", "logcumsumexp"]:
        assert repr(getattr(x, name)(axis=0)) == repr(getattr(gt, name)(x, 0))
    assert x.topk(1, axis=0)[0].tolist() == [[7, 5]]
    assert gt.count_nonzero(x, axis=0).tolist() == [2, 2]
    with pytest.raises(TypeError, match="sum: dim and axis are two names"):
        x.sum(0, axis=0)
    with pytest.raises(TypeError, match="sum: keepdim and keepdims are two names"):
        x.sum(0, True, keepdims=True)


@pytest.mark.parametrize(
    "name",
    [
        "sum",
        "mean",
        "prod",
        "std",
        "var",
        "std_mean",
        "var_mean",
        "nansum",
        "nanmean",
        "count_nonzero",
        "all",
        "any",
        "norm",
        "max",
        "min",
        "amax",
        "amin",
        "aminmax",
        "argmax",
        "argmin",
        "median",
        "nanmedian",
        "mode",
        "sort",
        "argsort",
        "msort",
        "unique",
        "unique_consecutive",
        "bincount",
        "histc",
        "nonzero",
        "argwhere",
    ],
)
def test_what_is_no_tensor_is_refused_by_name(name):
    for stranger in ([1.0, 2.0], None, np.ones(2)):
        with pytest.raises(TypeError, match=rf"{name}: input must be a Tensor, got (list|NoneType|ndarray)"):
            getattr(gt, name)(stranger)


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "logcumsumexp", "cummax", "cummin", "logsumexp"])
def test_a_missing_dim_is_said(name):
    with pytest.raises(TypeError, match=f"{name}: dim is missing"):
        getattr(gt, name)(gt.ones(2))
    with pytest.raises(TypeError, match=f"{name}: input must be a Tensor"):
        getattr(gt, name)([1.0], 0)


def layouts(array):
    """The same values contiguous, transposed, reversed and with gaps."""
    yield gt.from_numpy(array.copy())
    yield gt.from_numpy(np.ascontiguousarray(array.T)).T
    yield gt.from_numpy(np.ascontiguousarray(array[::-1, ::-1]))[::-1, ::-1]
    wide = np.zeros((array.shape[0] * 2, array.shape[1] * 3), array.dtype)
    wide[::2, ::3] = array
    yield gt.from_numpy(wide)[::2, ::3]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, np.int64])
def test_the_layout_does_not_matter(dtype):
    array = np.random.default_rng(0).permutation(35).reshape(5, 7).astype(dtype)
    i = gt.tensor([[0, 4], [3, 3]])
    calls = [
        lambda x: x.sum(0),
        lambda x: x.max(1)[1],
        lambda x: x.sort(0)[0],
        lambda x: x.argsort(1),
        lambda x: x.topk(2)[0],
        lambda x: x.cumsum(0),
        lambda x: x.gather(0, i),
        lambda x: x.scatter_add(0, i, x[:2, :2]),
        lambda x: x.index_select(1, gt.tensor([6, 0])),
        lambda x: x.unique(),
        lambda x: x.median(0)[0],
        lambda x: x.cummax(1)[0],
        lambda x: x.nonzero(),
        lambda x: x[x > 10],
        lambda x: x.masked_fill(x > 3, 0),
        lambda x: x.index_add(0, gt.tensor([1, 1]), x[:2]),
        lambda x: x.take(gt.tensor([3, -1])),
        lambda x: x.prod(0),
        lambda x: x.amin(),
        lambda x: x.argmax(),
        lambda x: x.put(gt.tensor([8]), x[0, :1]),
    ]
    for call in calls:
        results = [call(x) for x in layouts(array)]
        for other in results[1:]:
            assert np.array_equal(results[0].numpy(), other.numpy())
            assert results[0].dtype is other.dtype


def test_in_place_forms_reach_the_memory_of_views():
    base = gt.zeros(4, 6)
    view = base[::2, ::-2]
    view.scatter_(0, gt.tensor([[0, 1, 0]]), 1.0)
    view.index_add_(1, gt.tensor([0, 0]), gt.ones(2, 2))
    view.masked_fill_(view == 0, -1.0)
    view.put_(gt.tensor([0, -1]), gt.tensor([5.0, 6.0]))
    assert base[::2, ::-2].tolist() == view.tolist() == [[5, -1, 1], [2, 1, 6]]
    assert base[1::2].tolist() == [[0] * 6] * 2


def test_nothing_is_changed_by_a_call_that_failed():
    x = gt.ones(3)
    calls = [
        lambda: x.scatter_(0, gt.tensor([0, 3]), 5.0),
        lambda: x.scatter_add_(0, gt.tensor([0, -1]), gt.ones(2)),
        lambda: x.index_add_(0, gt.tensor([0, 3]), gt.ones(2)),
        lambda: x.index_copy_(0, gt.tensor([0, 3]), gt.zeros(2)),
        lambda: x.index_fill_(0, gt.tensor([0, 3]), 7.0),
        lambda: x.put_(gt.tensor([0, 3]), gt.zeros(2)),
        lambda: x.index_put_((gt.tensor([0, 3]),), gt.zeros(2), accumulate=True),
    ]
    for call in calls:
        with pytest.raises(IndexError, match="is out of range for dim 0"):
            call()
    with pytest.raises(ShapeError):
        x.masked_scatter_(gt.tensor([True, True, True]), gt.zeros(2))
    assert x.tolist() == [1, 1, 1]


def test_named_results_unpack_print_copy_and_pickle():
    result = gt.tensor([[1, 5], [7, 2]]).max(1)
    values, indices = result
    assert values is result.values is result[0]
    assert indices.tolist() == [1, 0]
    assert isinstance(result, gt.return_types.max)
    assert repr(result) == "gputensor.return_types.max(\nvalues=tensor([5, 7]),\nindices=tensor([1, 0]))"
    assert copy.copy(result).values is values
    pair = gt.return_types.aminmax(1, 2)
    assert pickle.loads(pickle.dumps(pair)) == pair
    assert repr(pair) == "gputensor.return_types.aminmax(\nmin=1,\nmax=2)"


def test_variances_warn_where_no_degree_of_freedom_is_left():
    with pytest.warns(UserWarning, match="var: there are 1 elements to reduce"):
        assert np.isnan(gt.tensor([2.0]).var().item())
    with pytest.warns(UserWarning, match="std: .* 7 <= 0 degrees of freedom"):
        assert gt.std(gt.tensor([1.0, 2.0]), correction=7).item() == float("inf")
    with pytest.raises(TypeError, match="unbiased and correction say the same"):
        gt.ones(3).var(0, False, correction=1)


def test_nan_is_found_first_and_sorted_last():
    nan = float("nan")
    for dtype in ("float32", "float16", "bfloat16"):
        x = gt.tensor([2.0, nan, 1.0, nan], dtype=dtype)
        assert (x.argmax().item(), x.argmin().item(), x.max(0)[1].item()) == (1, 1, 1)
        assert np.isnan(x.max().item())
        assert np.isnan(x.amin().item())
        assert x.sort()[1].tolist() == [2, 0, 1, 3]
        assert x.sort(descending=True)[1].tolist() == [1, 3, 0, 2]
        assert x.topk(2, largest=False)[1].tolist() == [2, 0]
        assert x.kthvalue(2)[0].item() == 2
        assert x.nanmedian().item() == 1
        assert x.unique().tolist()[:2] == [1, 2]
        assert len(x.unique()) == 4
        assert x.isin(x).tolist() == [True, False, True, False]


def test_searching_in_batches_agrees_with_searching_one_by_one():
    rng = np.random.default_rng(0)
    for n in (0, 1, 2, 3, 7, 8, 100):
        sequence = np.sort(rng.integers(0, 50, (2, 3, n)))
        values = rng.integers(-5, 60, (2, 3, 11))
        for right in (False, True):
            got = gt.searchsorted(gt.from_numpy(sequence), gt.from_numpy(values), right=right).numpy()
            for k in np.ndindex(2, 3):
                assert np.array_equal(got[k], np.searchsorted(sequence[k], values[k], "right" if right else "left"))


def test_unique_slices_agree_with_numpy_on_every_dim():
    rng = np.random.default_rng(0)
    for shape in [(9, 2), (2, 9), (4, 3, 2), (1, 1), (0, 2)]:
        array = rng.integers(0, 2, shape)
        for axis in range(len(shape)):
            want = (
                np.unique(array, return_inverse=True, return_counts=True, axis=axis)
                if array.size
                else (array, np.zeros(0), np.zeros(0))
            )
            if not array.size and axis:
                continue
            got = gt.unique(gt.from_numpy(array), return_inverse=True, return_counts=True, dim=axis)
            for a, b in zip(got, want, strict=True):
                assert np.array_equal(a.numpy(), b)


def test_order_needs_order():
    z = gt.tensor([1 + 1j])
    for name in ["max", "min", "amax", "amin", "sort", "argsort", "cummax", "cummin"]:
        with pytest.raises(DtypeError, match=f"{name}: complex numbers have no order"):
            getattr(gt, name)(z, 0)
    for name in ["argmax", "argmin", "median", "nanmedian", "mode", "unique", "isin"]:
        with pytest.raises(DtypeError, match=f"{name}: "):
            getattr(gt, name)(*([z, z] if name == "isin" else [z]))


def test_the_nuclear_norm_is_the_sum_of_singular_values():
    assert gt.ones(2, 2).norm("nuc").item() == pytest.approx(2)
    assert gt.ones(2, 3, 2).norm("nuc", dim=(0, 2), keepdim=True).shape == (1, 3, 1)
    with pytest.raises(ShapeError, match="norm: 'nuc' needs two dims"):
        gt.ones(2).norm("nuc")


def test_results_of_everything_are_tensors_of_arrays_never_numpy_scalars():
    x = gt.tensor([3.0, 1.0, 2.0])
    for result in (
        x.sum(),
        x.max(),
        x.argmax(),
        x.std(),
        x.norm(),
        x.median(),
        x.all(),
        x.prod(),
        x.logsumexp(0),
        *x.max(0),
        *x.kthvalue(1),
        x.count_nonzero(),
    ):
        assert type(result.array) is np.ndarray
