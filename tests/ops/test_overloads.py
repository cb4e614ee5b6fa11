"""Arguments of one form of a function are not swallowed by another, and small conventions of PyTorch's."""

import pytest

import gputensor as gt

X = gt.arange(12.0).reshape(3, 4)


@pytest.mark.parametrize("name", ["max", "min"])
def test_the_extreme_of_two_tensors_takes_no_dim_and_no_keepdim(name):
    function, y = getattr(gt, name), X + 1
    for call in (
        lambda: function(X, y, 0),
        lambda: function(X, y, True),
        lambda: function(X, y, keepdim=True),
        lambda: function(X, 0, other=y),
        lambda: function(X, y, axis=0),
        lambda: getattr(X, name)(y, 0),
    ):
        with pytest.raises(TypeError, match=f"{name}: of two tensors there is no dim"):
            call()
    assert function(X, y).tolist() == (y if name == "max" else X).tolist()
    assert function(X, other=y).tolist() == (y if name == "max" else X).tolist()


def test_a_view_takes_sizes_or_a_dtype():
    with pytest.raises(TypeError, match="view: takes sizes or a dtype"):
        X.view(12, dtype=gt.int32)


def test_normal_numbers_around_tensors_take_no_size():
    with pytest.raises(TypeError, match="normal: size goes with numbers"):
        gt.normal(X, 1.0, (2,))


@pytest.mark.parametrize(
    ("view", "strides"),
    [
        (lambda x: x[None], (12, 4, 1)),
        (lambda x: x[..., None], (4, 1, 1)),
        (lambda x: x[:, None], (4, 4, 1)),
        (lambda x: x.t()[None], (4, 1, 4)),
        (lambda x: x[0, None], (4, 1)),
        (lambda x: x.expand(1, 3, 4), (12, 4, 1)),
        (lambda x: x.expand(2, 3, 4), (0, 4, 1)),
    ],
)
def test_a_new_dim_steps_over_all_that_follows(view, strides):
    assert view(X).stride() == strides


@pytest.mark.torch
def test_new_dims_step_as_in_pytorch():
    torch = pytest.importorskip("torch")
    for shape in ((3, 4), (3,), (), (1, 3), (2, 3, 4)):
        for index in (None, (None, None), (..., None), (None, ...)):
            assert gt.ones(shape)[index].stride() == torch.ones(shape)[index].stride()


def test_tensors_of_the_default_dtype_follow_it():
    try:
        gt.set_default_dtype(gt.float64)
        assert {gt.Tensor([1]).dtype, gt.Tensor(2, 3).dtype, gt.Tensor().dtype, gt.Tensor(gt.ones(1)).dtype} == {
            gt.float64
        }
    finally:
        gt.set_default_dtype(gt.float32)
    assert gt.Tensor([1]).dtype is gt.float32


def test_what_has_the_common_shape_already_is_itself():
    a, b = gt.ones(3, requires_grad=True), gt.ones(2, 3)
    same, wide = gt.broadcast_tensors(a, a), gt.broadcast_tensors(a, b)
    assert same[0] is a
    assert same[1] is a
    assert wide[1] is b
    assert wide[0].shape == (2, 3)


def test_nothing_is_near_whose_distance_is_no_number_of_16_bits():
    a = gt.tensor([6e4], dtype=gt.float16)
    assert gt.isclose(a, -a, rtol=10).tolist() == [False]
    assert gt.isclose(a, a * 0.5, rtol=10).tolist() == [True]
    assert gt.isclose(a.float(), -a.float(), rtol=10).tolist() == [True]
    assert gt.isclose(gt.tensor([3e38]), gt.tensor([-3e38]), rtol=10).tolist() == [False]


def test_what_has_no_dims_is_its_own_transpose():
    x = gt.tensor(1.0, requires_grad=True)
    assert x.mT is x
    assert x.H is x


def test_versions_grow_with_every_write_once_they_are_asked_for():
    x = gt.ones(2)
    before = x._version
    assert before == 0
    x.add_(1)
    once = x._version
    assert once > before
    x[0] = 5.0
    assert x._version > once
    assert x._version == x._version == x.detach()._version
