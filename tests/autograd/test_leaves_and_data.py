"""What becomes of histories when a tensor is detached, made a leaf or given other data: programs that run in both
libraries, and what they tell."""

from weakref import ref

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import ShapeError


def told(lib, program):
    """What a program returns, tensors as lists; the word "refused" where it raises."""
    try:
        return [x.tolist() if hasattr(x, "tolist") else x for x in program(lib)]
    except RuntimeError:
        return "refused"


def a_base_is_detached_after_its_view_was_written(t):
    x = t.ones(3, requires_grad=True)
    b = x * 2
    v = b[:2]
    v.mul_(3)
    b.detach_()
    v.sum().backward()
    return b.requires_grad, v.requires_grad, x.grad


def a_base_is_detached_before_anything_is_written(t):
    x = t.ones(3, requires_grad=True)
    b = x * 2
    v = b[:2]
    b.detach_()
    v.sum().backward()
    return b.requires_grad, v.requires_grad, x.grad


def a_tensor_is_turned_viewed_and_detached(t):
    x = t.ones(2, 3, requires_grad=True)
    y = x * 2
    y.t_()
    v = y[0]
    v.mul_(2)
    y.detach_()
    v.sum().backward()
    return y.requires_grad, v.requires_grad, x.grad


def a_tensor_is_viewed_turned_and_detached(t):
    x = t.ones(2, 3, requires_grad=True)
    y = x * 2
    v = y[0]
    y.t_()
    facts = y._is_view(), y._base is None, v._is_view()
    y.detach_()
    y.mul_(3)
    return (*facts, y.requires_grad, y.is_leaf, y, v)


def a_tensor_is_turned_twice_and_detached(t):
    x = t.ones(2, 3, requires_grad=True)
    y = x * 2
    v = y[0]
    y.unsqueeze_(0).transpose_(0, 1)
    y.detach_()
    return v._is_view(), y._is_view(), y.requires_grad, y


def a_view_changes_its_shape_and_is_detached(t):
    y = (t.ones(2, 3, requires_grad=True) * 2)[0]
    y.unsqueeze_(0)
    return (y.detach_(),)


def a_view_of_a_constant_changes_its_shape_and_is_detached(t):
    x = t.ones(2, 3)
    x[1].mul_(2)
    y = x[0]
    y.unsqueeze_(0)
    return y._is_view(), y._base is x, y.detach_()


def a_view_that_is_a_leaf_is_written(t):
    v = t.ones(3)[:2].requires_grad_()
    return (v.mul_(2),)


def a_view_that_is_a_leaf_is_written_in_no_grad(t):
    b = t.ones(3)
    v = b[:2].requires_grad_()
    with t.no_grad():
        v.mul_(2)
    (v * v).sum().backward()
    return b, v.is_leaf, v.grad


def a_gradient_with_history_is_added_to(t):
    x = t.ones(3, requires_grad=True)
    (x * x).sum().backward(create_graph=True)
    g = x.grad
    (x * x).sum().backward()
    return x.grad is g, g.requires_grad, g


def a_gradient_with_history_is_used_then_added_to(t):
    x = t.ones(3, requires_grad=True)
    (x * x).sum().backward(create_graph=True)
    y = (x.grad * x.grad).sum()
    (x * x).sum().backward()
    y.backward()
    return (x.grad,)


def a_gradient_that_is_a_leaf_is_added_to(t):
    x = t.ones(3, requires_grad=True)
    x.grad = g = t.ones(3, requires_grad=True)
    (x * x).sum().backward()
    return x.grad is g, g.requires_grad, g


def a_leaf_gets_data_of_another_shape(t):
    w = t.ones(2, requires_grad=True)
    (w * 2).sum().backward()
    w.data = t.ones(3)
    w.grad = None
    (w * 2).sum().backward()
    return (w.grad,)


def a_leaf_gets_data_of_another_shape_and_keeps_its_gradient(t):
    w = t.ones(2, requires_grad=True)
    (w * 2).sum().backward()
    w.data = t.ones(3)
    (w * 2).sum().backward()
    return (w.grad,)


def what_was_computed_gets_data_of_another_shape(t):
    w = t.ones(2, requires_grad=True)
    y = w * 2
    y.data = t.ones(3)
    y.sum().backward()
    return (w.grad,)


def what_was_computed_gets_data_of_the_same_shape(t):
    w = t.ones(2, requires_grad=True)
    y = w * 2
    y.data = t.zeros(2)
    (y + y).sum().backward()
    return y, w.grad


def a_gradient_that_was_set_is_retained_and_added_to(t):
    x = t.ones(2, requires_grad=True)
    y = x * 3
    y.grad = t.ones(2)
    y.retain_grad()
    (y * 2).sum().backward()
    return (y.grad,)


def a_leaf_is_switched_off_and_on_between_forward_and_backward(t):
    x = t.ones(2, requires_grad=True)
    y = (x * 3).sum()
    x.requires_grad_(False)
    x.requires_grad_()
    (x * 4).sum().backward()
    y.backward()
    return (x.grad,)


def a_leaf_is_switched_off_before_backward(t):
    x = t.ones(2, requires_grad=True)
    y = (x * 3).sum()
    x.requires_grad_(False)
    y.backward()
    x.requires_grad_()
    return (x.grad,)


def a_leaf_is_detached_in_place_and_made_one_again(t):
    x = t.ones(2, requires_grad=True)
    y = (x * 3).sum()
    x.detach_().requires_grad_()
    y.backward()
    return (x.grad,)


def the_gradient_of_one_of_several_views_is_asked_for_after_a_write(t):
    x = t.ones(2, 2, requires_grad=True) * 1
    v = x.unbind()[0]
    with t.no_grad():
        x.mul_(2)
    return v, v.requires_grad, "no gradient" if v.grad is None else v.grad


def a_leaf_is_set_to_other_memory_in_no_grad(t):
    w, source = t.ones(2, requires_grad=True), t.full((3,), 5.0)
    with t.no_grad():
        w.set_(source)
        source.mul_(2)
    (w * w).sum().backward()
    return w, w.is_leaf, w.grad


def a_leaf_is_set_to_other_memory(t):
    return (t.ones(2, requires_grad=True).set_(t.ones(2)),)


def the_memory_of_before_is_written_through_a_view(t):
    w = t.ones(2, requires_grad=True)
    v = w.detach()[:1]
    w.data = t.ones(2)
    v.mul_(5)
    (w * w).sum().backward()
    return w, v, w.grad


PROGRAMS = {
    a_base_is_detached_after_its_view_was_written: [False, True, [6.0, 6.0, 0.0]],
    a_base_is_detached_before_anything_is_written: [False, True, [2.0, 2.0, 0.0]],
    a_tensor_is_turned_viewed_and_detached: [False, True, [[4.0, 0.0, 0.0]] * 2],
    a_tensor_is_viewed_turned_and_detached: [False, True, True, False, True, [[6.0] * 2] * 3, [6.0] * 3],
    a_tensor_is_turned_twice_and_detached: [True, False, False, [[[2.0] * 3]] * 2],
    a_view_changes_its_shape_and_is_detached: "refused",
    a_view_of_a_constant_changes_its_shape_and_is_detached: "refused",
    a_view_that_is_a_leaf_is_written: "refused",
    a_view_that_is_a_leaf_is_written_in_no_grad: [[2.0, 2.0, 1.0], True, [4.0, 4.0]],
    a_gradient_with_history_is_added_to: [True, True, [4.0] * 3],
    a_gradient_with_history_is_used_then_added_to: "refused",
    a_gradient_that_is_a_leaf_is_added_to: [True, True, [3.0] * 3],
    a_leaf_gets_data_of_another_shape: [[2.0] * 3],
    a_leaf_gets_data_of_another_shape_and_keeps_its_gradient: "refused",
    what_was_computed_gets_data_of_another_shape: "refused",
    a_gradient_that_was_set_is_retained_and_added_to: [[3.0, 3.0]],
    a_leaf_is_switched_off_and_on_between_forward_and_backward: [[7.0, 7.0]],
    a_leaf_is_switched_off_before_backward: [None],
    a_leaf_is_detached_in_place_and_made_one_again: [[3.0, 3.0]],
    the_gradient_of_one_of_several_views_is_asked_for_after_a_write: [[2.0, 2.0], True, "no gradient"],
    a_leaf_is_set_to_other_memory_in_no_grad: [[10.0] * 3, True, [20.0] * 3],
    a_leaf_is_set_to_other_memory: "refused",
    the_memory_of_before_is_written_through_a_view: [[1.0, 1.0], [5.0], [2.0, 2.0]],
    what_was_computed_gets_data_of_the_same_shape: [[0.0, 0.0], [4.0, 4.0]],
}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_this_is_what_happens_when(program):
    assert told(gt, program) == PROGRAMS[program]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Using backward:UserWarning")  # with create_graph, PyTorch's own leak
@pytest.mark.filterwarnings("ignore:The .grad attribute:UserWarning")
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_the_same_happens_in_pytorch_when(program):
    assert told(pytest.importorskip("torch"), program) == PROGRAMS[program]


def test_a_gradient_of_another_shape_than_what_is_there_is_refused_with_words():
    w = gt.ones(2, requires_grad=True)
    (w * 2).sum().backward()
    w.data = gt.ones(3)
    with pytest.raises(ShapeError, match=r"shape \(3,\), and the grad that is there \(2,\).*set its grad to None"):
        (w * 2).sum().backward()


def test_a_gradient_can_be_deleted():
    x = gt.ones(2, requires_grad=True)
    x.sum().backward()
    del x.grad
    assert x.grad is None


def test_other_data_before_backward_leave_the_gradient_of_what_was_computed():
    w = gt.ones(2, 2, requires_grad=True)
    y = (w * 2).sum()
    w.data = gt.ones(2)  # to which a gradient of the old shape could be summed
    with pytest.raises(ShapeError, match="replaced"):
        y.backward()
    w = gt.ones(2, requires_grad=True)
    y = (w * w).sum()
    w.data = gt.full((2,), 5.0)
    y.backward()
    np.testing.assert_array_equal(w.grad.numpy(), 2.0)
    y = (w * w).sum()
    w.data = gt.ones(3)
    with pytest.raises(ShapeError):
        y.backward()


def test_a_view_made_before_its_base_became_a_leaf_requires_grad_from_the_next_write_on():
    b = gt.ones(3)
    v = b[:2]
    b.requires_grad_()
    assert not v.requires_grad
    with gt.no_grad():
        v.mul_(2)
    (v * v).sum().backward()
    np.testing.assert_array_equal(b.grad.numpy(), [4.0, 4.0, 0.0])


def test_a_detached_tensor_keeps_no_graph_alive():
    x = gt.ones(3, requires_grad=True)
    b = x * 2
    v = b[:2]
    v.mul_(3)
    node = ref(b._node)
    b.detach_()
    assert v.requires_grad
    del v
    assert node() is None
