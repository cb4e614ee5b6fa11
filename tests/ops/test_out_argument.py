"""out=: results put into tensors that are there already."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, GradError
from gputensor.ops.out_argument import into, into_each


def test_the_result_is_written_into_out_and_out_is_returned():
    out = gt.zeros(2, 2)
    view = out[0]
    assert into("add", out, gt.ones(2, 2)) is out
    assert view.tolist() == [1.0, 1.0]


def test_an_empty_out_takes_the_shape_of_the_result():
    out = gt.empty(0)
    into("add", out, gt.ones(2, 3))
    assert out.tolist() == [[1.0] * 3] * 2


def test_an_out_of_another_shape_is_resized_with_a_warning():
    out = gt.zeros(5)
    with pytest.warns(UserWarning, match=r"add: out has shape \(5,\) and the result \(2,\)"):
        into("add", out, gt.ones(2))
    assert out.tolist() == [1.0, 1.0]


def test_results_are_cast_to_the_dtype_of_out_but_never_down_a_category():
    out = gt.zeros(1, dtype=gt.float64)
    into("add", out, gt.ones(1))
    assert out.tolist() == [1.0]
    whole = gt.zeros(1, dtype=gt.int64)
    with pytest.raises(DtypeError, match="add: the result is float32, which cannot be written into out of int64"):
        into("add", whole, gt.ones(1))
    assert whole.tolist() == [0]


def test_an_out_of_which_several_elements_are_one_place_is_refused():
    out = gt.zeros(1, 2).as_strided((2, 2), (0, 1))
    for result in (gt.ones(2, 2), gt.ones(3, 2)):
        with pytest.raises(GradError, match="share one memory location"):
            into("take", out, result)


def test_an_out_that_shares_memory_with_an_operand_is_refused_where_pytorch_refuses_it():
    x = gt.arange(4.0)
    index = gt.tensor([3, 2, 1, 0])
    calls = (
        lambda: gt.gather(x, 0, index, out=x),
        lambda: gt.take(x, index, out=x),
        lambda: gt.index_select(x, 0, index, out=x),
        lambda: gt.masked_select(x, x >= 0, out=x),
        lambda: gt.cat([x[:2], x[2:]], out=x),
    )
    for call in calls:
        with pytest.raises(GradError, match="out shares memory with an operand"):
            call()
    assert x.tolist() == [0.0, 1.0, 2.0, 3.0]


def test_some_functions_want_the_very_dtype_of_their_result():
    wide = gt.empty(1, dtype=gt.float64)
    with pytest.raises(DtypeError, match="give an out of dtype float32"):
        gt.gather(gt.ones(1), 0, gt.tensor([0]), out=wide)
    with pytest.raises(DtypeError, match="give an out of dtype float32"):
        gt.aminmax(gt.ones(2, 1), dim=0, out=(gt.empty(1), wide))


def test_functions_that_pytorch_documents_with_out_take_it():
    x = gt.tensor([0.0, float("inf")])
    for function, want in ((gt.sigmoid, [0.5, 1.0]), (gt.isposinf, [False, True]), (gt.isneginf, [False, False])):
        out = gt.empty(0, dtype=gt.bool if function is not gt.sigmoid else gt.float32)
        assert function(x, out=out) is out
        assert out.tolist() == want
    out = gt.empty(2)
    assert gt.softmax(gt.zeros(2), 0, out=out).tolist() == out.tolist() == [0.5, 0.5]
    assert gt.norm(gt.eye(2), "nuc", out=gt.empty(0)).item() == 2.0


def test_gradients_are_not_lost_silently():
    x = gt.ones(1, requires_grad=True)
    with pytest.raises(GradError, match="with out= no gradient is recorded"):
        into("mul", gt.zeros(1), x * 2)
    with pytest.raises(GradError, match="with out= no gradient is recorded"):
        into("mul", x, gt.ones(1))
    with gt.no_grad():
        assert into("mul", gt.zeros(1), x * 2).tolist() == [2.0]


def test_several_results_go_into_several_outs():
    values, indices = gt.empty(0), gt.empty(0, dtype=gt.int64)
    got = into_each("max", (values, indices), gt.tensor([[1.0, 3.0]]).max(1))
    assert got.values is values
    assert got.indices is indices
    assert values.tolist() == [3.0]
    assert indices.tolist() == [1]
    with pytest.raises(TypeError, match="out must be a tuple of 2 Tensors"):
        into_each("max", values, gt.tensor([[1.0, 3.0]]).max(1))


def test_of_several_outs_none_is_written_where_one_is_refused():
    values = gt.zeros(2)
    read_only = gt.from_numpy(np.frombuffer(bytes(16), np.int64))
    for indices, error in ((gt.zeros(2), DtypeError), (read_only, ValueError)):
        with pytest.raises(error):
            gt.sort(gt.ones(2), out=(values, indices))
        assert values.tolist() == [0.0, 0.0]
    with pytest.raises(DtypeError):
        gt.sort(gt.ones(3), out=(values, gt.zeros(3)))
    assert values.shape == (2,)


def test_out_has_to_be_a_tensor():
    with pytest.raises(TypeError, match="add: out must be a Tensor, got list"):
        into("add", [0.0], gt.ones(1))
