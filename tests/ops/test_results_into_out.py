"""out= of the functions that make, join, gather, sort and draw: the same values, in the tensor that was given."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, GradError

# name: the arguments, made of a library; what is drawn at random is drawn from one seed
CALLS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "arange": lambda lib: (1, 7, 2),
    "bernoulli": lambda lib: (lib.ones(3),),
    "bucketize": lambda lib: (x(lib), lib.tensor([1.0, 3.0])),
    "cat": lambda lib: ([x(lib), x(lib)],),
    "column_stack": lambda lib: ([x(lib), x(lib)],),
    "concat": lambda lib: ([x(lib), x(lib)], 1),
    "concatenate": lambda lib: ([x(lib), x(lib)],),
    "diag": lambda lib: (x(lib), 1),
    "dstack": lambda lib: ([x(lib), x(lib)],),
    "eye": lambda lib: (2, 3),
    "full": lambda lib: ((2, 2), 3.0),
    "gather": lambda lib: (x(lib), 1, lib.tensor([[0, 1], [2, 0]])),
    "histc": lambda lib: (x(lib), 3),
    "hstack": lambda lib: ([x(lib), x(lib)],),
    "index_add": lambda lib: (x(lib), 0, lib.tensor([1, 0]), x(lib)),
    "index_copy": lambda lib: (x(lib), 0, lib.tensor([1, 0]), x(lib)),
    "index_reduce": lambda lib: (x(lib), 0, lib.tensor([1, 0]), x(lib), "amax"),
    "index_select": lambda lib: (x(lib), 1, lib.tensor([2, 0])),
    "isin": lambda lib: (x(lib), lib.tensor([1.0, 2.0])),
    "linspace": lambda lib: (0, 1, 5),
    "logspace": lambda lib: (0, 2, 3),
    "masked_select": lambda lib: (x(lib), x(lib) > 2),
    "msort": lambda lib: (-x(lib),),
    "nan_to_num": lambda lib: (lib.tensor([1.0, float("nan")]), 2.0),
    "narrow_copy": lambda lib: (x(lib), 1, 0, 2),
    "nonzero": lambda lib: (x(lib),),
    "ones": lambda lib: (2, 2),
    "row_stack": lambda lib: ([x(lib), x(lib)],),
    "scatter": lambda lib: (x(lib), 1, lib.tensor([[0], [2]]), 9.0),
    "scatter_add": lambda lib: (x(lib), 1, lib.tensor([[0], [2]]), x(lib)),
    "scatter_reduce": lambda lib: (x(lib), 1, lib.tensor([[0], [2]]), x(lib), "amax"),
    "searchsorted": lambda lib: (lib.tensor([1.0, 3.0]), x(lib)),
    "slice_scatter": lambda lib: (x(lib), lib.ones(2, 1), 1, 0, 1),
    "stack": lambda lib: ([x(lib), x(lib)], 1),
    "take": lambda lib: (x(lib), lib.tensor([5, 0])),
    "take_along_dim": lambda lib: (x(lib), lib.tensor([[0], [2]]), 1),
    "tril": lambda lib: (x(lib),),
    "triu": lambda lib: (x(lib), 1),
    "vstack": lambda lib: ([x(lib), x(lib)],),
    "where": lambda lib: (x(lib) > 2, x(lib), -x(lib)),
    "zeros": lambda lib: ((3,),),
}
DRAWS: dict[str, tuple[Any, ...]] = {
    "multinomial": (gt.ones(2, 5), 3),
    "normal": (gt.zeros(3), gt.ones(3)),
    "rand": (4,),
    "randint": (0, 100, (4,)),
    "randn": (2, 3),
    "randperm": (6,),
}
COPIES = {
    "alias_copy": (),
    "as_strided_copy": ((2, 2), (1, 2)),
    "detach_copy": (),
    "diagonal_copy": (1,),
    "expand_copy": ((2, 2, 3),),
    "permute_copy": ((1, 0),),
    "select_copy": (0, 1),
    "slice_copy": (1, 0, 3, 2),
    "squeeze_copy": (),
    "t_copy": (),
    "transpose_copy": (0, 1),
    "unfold_copy": (1, 2, 1),
    "unsqueeze_copy": (0,),
    "view_copy": ((6,),),
}


def x(lib):
    return lib.arange(6.0).reshape(2, 3)


@pytest.mark.parametrize("name", CALLS)
def test_the_result_is_in_out(name):
    arguments = CALLS[name](gt)
    expected = getattr(gt, name)(*arguments)
    out = gt.empty(0, dtype=expected.dtype)
    assert getattr(gt, name)(*arguments, out=out) is out
    np.testing.assert_array_equal(out.numpy(), expected.numpy())
    assert out.shape == expected.shape


@pytest.mark.torch
@pytest.mark.parametrize("name", CALLS)
def test_what_is_in_out_is_what_pytorch_puts_there(name):
    torch = pytest.importorskip("torch")
    for kind in ("float64", "complex128", "int64", "bool"):
        ours, theirs = gt.empty(0, dtype=getattr(gt, kind)), torch.empty(0, dtype=getattr(torch, kind))
        try:
            getattr(torch, name)(*CALLS[name](torch), out=theirs)
        except (RuntimeError, TypeError):
            continue
        try:
            getattr(gt, name)(*CALLS[name](gt), out=ours)
        except DtypeError:
            assert kind in ("int64", "bool", "complex128")  # a range or a draw that this dtype does not have here
            continue
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-6)


@pytest.mark.parametrize("name", DRAWS)
def test_the_draw_is_in_out(name):
    gt.manual_seed(3)
    expected = getattr(gt, name)(*DRAWS[name])
    gt.manual_seed(3)
    out = gt.empty(0, dtype=expected.dtype)
    assert getattr(gt, name)(*DRAWS[name], out=out) is out
    np.testing.assert_array_equal(out.numpy(), expected.numpy())


@pytest.mark.parametrize("name", COPIES)
def test_the_copy_of_a_view_is_in_out_and_shares_no_memory(name):
    given = x(gt)
    copied = getattr(gt, name)(given, *COPIES[name])
    expected = copied.clone()
    out = gt.empty(0)
    assert getattr(gt, name)(given, *COPIES[name], out=out) is out
    given.fill_(9.0)
    np.testing.assert_array_equal(copied.numpy(), expected.numpy())
    np.testing.assert_array_equal(out.numpy(), expected.numpy())
    assert copied.is_contiguous()


@pytest.mark.parametrize("name", ["sort", "topk"])
def test_both_results_are_in_out(name):
    given = gt.tensor([3.0, 1.0, 2.0])
    arguments = (given,) if name == "sort" else (given, 2)
    outs = gt.empty(0), gt.empty(0, dtype=gt.int64)
    values, indices = getattr(gt, name)(*arguments, out=outs)
    assert (values is outs[0], indices is outs[1]) == (True, True)
    expected = getattr(gt, name)(*arguments)
    np.testing.assert_array_equal(values.numpy(), expected.values.numpy())
    np.testing.assert_array_equal(indices.numpy(), expected.indices.numpy())


def test_several_copies_of_views_go_into_several_outs():
    for function, arguments in ((gt.unbind_copy, ()), (gt.split_with_sizes_copy, ([1, 1],)), (gt.split_copy, (1,))):
        outs = gt.empty(0), gt.empty(0)
        got = function(x(gt), *arguments, out=outs)
        assert all(a is b for a, b in zip(got, outs, strict=True))
        np.testing.assert_array_equal(outs[1].numpy().reshape(-1), [3, 4, 5])


def test_a_new_tensor_takes_the_dtype_of_out():
    out = gt.empty(0, dtype=gt.float16)
    assert gt.zeros(3, out=out).dtype == gt.float16
    assert gt.arange(3, out=out).tolist() == [0, 1, 2]
    with pytest.raises(DtypeError, match="asked for"):
        gt.ones(2, dtype=gt.float32, out=out)
    with pytest.raises(TypeError):
        gt.zeros(2, out=[1])


def test_out_takes_no_history():
    given = x(gt).requires_grad_()
    with pytest.raises(GradError):
        gt.cat([given, given], out=gt.empty(0))
    with gt.no_grad():
        assert gt.cat([given, given], out=gt.empty(0)).shape == (4, 3)
    with pytest.raises(DtypeError):
        gt.gather(x(gt), 1, gt.tensor([[0], [1]]), out=gt.empty(0, dtype=gt.int64))


def test_the_indices_of_a_tuple_cannot_go_into_out():
    with pytest.raises(TypeError, match="as_tuple"):
        gt.nonzero(x(gt), as_tuple=True, out=gt.empty(0, dtype=gt.int64))
