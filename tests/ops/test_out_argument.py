"""out=: results put into tensors that are there already."""

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


def test_out_has_to_be_a_tensor():
    with pytest.raises(TypeError, match="add: out must be a Tensor, got list"):
        into("add", [0.0], gt.ones(1))
