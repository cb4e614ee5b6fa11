"""Anomaly mode: errors of backward name the line of the forward operation."""

import inspect
import threading

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import Function, detect_anomaly, set_detect_anomaly
from gputensor.core import apply
from gputensor.errors import GradError


def zero():
    return gt.tensor([0.0], dtype="float64", requires_grad=True)


def line_of(words):
    """The line of this file that has the words (and is not this call)."""
    source = inspect.getsource(inspect.getmodule(line_of)).splitlines()
    return next(k for k, text in enumerate(source, 1) if words in text and "line_of(" not in text)


def test_nan_in_a_gradient_names_the_forward_line():
    with detect_anomaly():
        x = zero()
        y = x / x  # the culprit
        with pytest.raises(
            GradError, match=rf"(?s)DivBackward0.*nan.*test_anomaly\.py\", line {line_of('# the culprit')}"
        ):
            y.sum().backward()


def test_without_the_mode_or_without_check_nan_nothing_is_raised():
    for context in (detect_anomaly(check_nan=False), set_detect_anomaly(False)):
        with context:
            x = zero()
            (x / x).sum().backward()
            assert np.isnan(x.grad.item())


def test_nan_that_is_not_new_in_backward_is_named_where_it_arises():
    with detect_anomaly():
        x = gt.tensor([-1.0], dtype="float64", requires_grad=True)
        nan = x.log()  # gives nan, with a finite gradient
        with pytest.raises(GradError, match="MulBackward0"):
            (nan * x).sum().backward()


@pytest.mark.parametrize(
    "make",
    [
        lambda x: (x * 1).div_(x),
        lambda x: (lambda h: (h[0:1].div_(x), h)[1])(x * 1),
        lambda x: (x * 1).reshape(1, 1).t().div_(x.reshape(1, 1)),
    ],
    ids=["in place", "through a view", "through views of views"],
)
def test_the_line_of_a_write_is_known(make):
    with detect_anomaly(), pytest.raises(GradError, match=r"(?s)nan.*in <lambda>"):
        make(zero()).sum().backward()


def test_errors_of_other_kinds_name_the_line_too():
    with detect_anomaly():
        x = zero()
        h = x * 1
        y = h * h  # saved here
        h.add_(1)
        with pytest.raises(GradError, match=rf"(?s)changed in place.*add_ at .*line {line_of('# saved here')}"):
            y.sum().backward()


def test_an_error_of_the_users_own_backward_keeps_its_class():
    class Fails(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            raise KeyError("own words")

    with detect_anomaly():
        y = Fails.apply(zero())
        with pytest.raises(KeyError, match=r"own words.*called here"):
            y.sum().backward()


def test_a_node_made_by_backward_names_the_step_that_made_it():
    with detect_anomaly():
        x = zero()
        y = (x * x * x).sum()  # the first forward
        (g,) = gt.autograd.grad(y, x, create_graph=True)
        bad = g.grad_fn
        assert bad.where is not None
        words = str(bad.next_functions[0][0].where)
        assert "in the backward step of MulBackward0" in words
        assert f"line {line_of('# the first forward')}" in words


def test_the_mode_is_put_back_when_the_body_raises_and_nests():
    assert not gt.is_anomaly_enabled()
    with detect_anomaly():
        with set_detect_anomaly(False):
            assert not gt.is_anomaly_enabled()
        assert gt.is_anomaly_enabled()
        assert gt.is_anomaly_check_nan_enabled()
        with pytest.raises(KeyError), set_detect_anomaly(False):
            raise KeyError
        assert gt.is_anomaly_enabled()
    assert not gt.is_anomaly_enabled()
    assert not apply.SLOW


def test_set_detect_anomaly_works_as_a_function():
    set_detect_anomaly(True)
    try:
        assert gt.is_anomaly_enabled()
        with pytest.raises(GradError, match="called here"):
            (lambda x: (x / x).sum().backward())(zero())
    finally:
        set_detect_anomaly(False)
    assert not gt.is_anomaly_enabled()
    assert not apply.SLOW


def test_the_mode_is_one_threads_own():
    seen = []
    with detect_anomaly():
        thread = threading.Thread(target=lambda: seen.append((gt.is_anomaly_enabled(), (zero() * 2).grad_fn)))
        thread.start()
        thread.join()
    assert seen[0][0] is False
    assert not hasattr(seen[0][1], "where")


def test_a_remembered_line_does_not_keep_tensors_alive():
    import gc
    import weakref

    gc.collect()
    gc.disable()
    try:
        with detect_anomaly():
            x = zero()
            y = x * 2
            alive = weakref.ref(y.grad_fn)
            (y * y).sum().backward()
            del y
            assert alive() is None
    finally:
        gc.enable()
