"""The numerical check of gradients: what it accepts, what it catches, and what it says."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import Function, GradcheckError, gradcheck, gradgradcheck


def leaf(array, dtype="float64"):
    return gt.tensor(np.asarray(array), dtype=dtype, requires_grad=True)


class Doubled(Function):
    """x -> 2x with a gradient `factor` times too large, or one that is wrong in other ways."""

    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x * 2

    @staticmethod
    def backward(ctx, g):
        return ctx.factor(g), None


def doubled(factor):
    return lambda x: Doubled.apply(x, factor)


def test_right_gradients_pass_in_both_modes():
    rng = np.random.default_rng(0)
    x, y = leaf(rng.standard_normal((2, 3))), leaf(rng.standard_normal((3, 2)))
    for fast in (False, True):
        assert gradcheck(lambda a, b: (a @ b, a.sum()), (x, y), fast_mode=fast)
        assert gradgradcheck(lambda a, b: ((a @ b).tanh(), a.sum()), (x, y), fast_mode=fast)


@pytest.mark.parametrize("fast", [False, True])
def test_a_wrong_gradient_is_named_with_input_output_and_both_values(fast):
    x, y = leaf([1.0, 2.0]), leaf([3.0])
    with pytest.raises(GradcheckError, match=r"(?s)output 1 with respect to input 1.*numerical.*analytical"):
        gradcheck(lambda a, b: (a * b, doubled(lambda g: g * 2.01)(b)), (x, y), fast_mode=fast)
    assert not gradcheck(lambda a: doubled(lambda g: g * 2.01)(a), x, raise_exception=False, fast_mode=fast)


@pytest.mark.parametrize("error", [1e-2, 1e-3, 1e-4])
def test_the_tolerances_decide(error):
    x = leaf([1.0, 2.0])

    def function(a):
        return doubled(lambda g: g * (2 + error))(a)

    assert gradcheck(function, x, atol=2 * error, rtol=0)
    with pytest.raises(GradcheckError):
        gradcheck(function, x, atol=error / 2, rtol=0)


def test_a_missing_gradient_is_caught():
    x = leaf([1.0, 2.0])
    with pytest.raises(GradcheckError, match=r"analytical 1\b"):
        gradcheck(lambda a: a * a.detach(), leaf([1.0]))
    with pytest.raises(GradcheckError, match="output 0"):
        gradcheck(lambda a: a.detach() * 2, x)


def test_gradients_that_are_not_linear_in_what_comes_in_are_caught():
    with pytest.raises(GradcheckError, match="zeros coming into output 0"):
        gradcheck(doubled(lambda g: g * 0 + 2), leaf([1.0]))
    assert gradcheck(doubled(lambda g: g * 0 + 2), leaf([1.0]), check_undefined_grad=False)


def test_backward_that_differs_from_time_to_time_is_caught():
    calls = []

    def shaky(g):
        calls.append(1)
        return g * (2 + 1e-7 * (len(calls) % 2))

    with pytest.raises(GradcheckError, match="two backward passes"):
        gradcheck(doubled(shaky), leaf([1.0]))
    assert gradcheck(doubled(shaky), leaf([1.0]), nondet_tol=1e-6)


def test_wrong_second_derivatives_are_caught_where_first_ones_are_right():
    class Cube(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return 3 * x * x.detach() * g

    x = leaf([1.0, 2.0])
    assert gradcheck(Cube.apply, x)
    with pytest.raises(GradcheckError, match="gradgradcheck: output 0 with respect to input 0"):
        gradgradcheck(Cube.apply, x)


def test_complex_functions_are_checked_in_both_parts():
    z, w = leaf([1 + 2j, -0.5j], "complex128"), leaf([0.5, 2.0])
    assert gradcheck(lambda a, b: (a * a * b, a / b), (z, w))
    assert gradgradcheck(lambda a, b: a * a * b, (z, w))
    with pytest.raises(GradcheckError, match="input 0"):
        gradcheck(doubled(lambda g: g * (2 + 0.1j)), z)


def test_inputs_come_back_unchanged_and_strides_are_kept():
    array = np.arange(6.0).reshape(2, 3).T
    x = gt.from_numpy(array).requires_grad_()
    before = array.copy()
    strides = []

    def function(a):
        strides.append(a.stride())
        return a * a

    assert gradcheck(function, x)
    assert gradcheck(function, x, fast_mode=True)
    np.testing.assert_array_equal(array, before)
    assert set(strides) == {(1, 3)}


def test_empty_and_zero_dimensional_inputs_and_outputs():
    assert gradcheck(lambda a: a * 2, leaf(np.zeros((0, 3))))
    assert gradcheck(lambda a: a[1:1], leaf([1.0, 2.0]))
    assert gradcheck(lambda a: a * a, leaf(3.0))
    assert gradgradcheck(lambda a: a * a, leaf(3.0))


def test_other_arguments_and_results_pass_through():
    assert gradcheck(lambda a, k, c: (a * k, c > 0, "text", a.exp()), (leaf([1.0]), 3.0, gt.ones(1)))


def test_gradgradcheck_takes_gradients_to_send_backwards():
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    assert gradgradcheck(lambda a: a * a * a, x, gt.ones(2, 2, dtype="float64"))
    assert gradgradcheck(lambda a: a.exp().t(), x, gen_non_contig_grad_outputs=True)


def test_what_cannot_be_checked_is_refused():
    with pytest.raises(ValueError, match="no input requires grad"):
        gradcheck(lambda a: a, gt.ones(1, dtype="float64"))
    with pytest.raises(ValueError, match="input 0 share memory"):
        gradcheck(lambda a: a * 2, leaf([1.0]).expand(3))
    with pytest.raises(ValueError, match="gradcheck: nothing is to be checked"):
        gradcheck(lambda a: a, leaf([1.0]), check_backward_ad=False)
    with pytest.raises(ValueError, match="gradgradcheck: nothing is to be checked"):
        gradgradcheck(lambda a: a, leaf([1.0]), check_rev_over_rev=False)
    with pytest.raises(ValueError, match="check_batched_forward_grad needs check_forward_ad"):
        gradcheck(lambda a: a, leaf([1.0]), check_batched_forward_grad=True)
    with pytest.raises(ValueError, match="check_batched_grad needs check_backward_ad"):
        gradcheck(lambda a: a, leaf([1.0]), check_batched_grad=True, check_backward_ad=False, check_forward_ad=True)
    with pytest.raises(ValueError, match="no output"):
        gradgradcheck(lambda a: a.detach(), leaf([1.0]))


class _BySize(gt.autograd.Function):
    """The identity, whose gradient is wrong for several incoming gradients at once."""

    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g * (2 if g.xp.library == "batch" else 1)


def test_gradients_of_several_incoming_ones_at_once_are_checked():
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    assert gradcheck(lambda a: (a @ a, a.sum(0).exp()), x, check_batched_grad=True)
    assert gradcheck(lambda a: a[1:, [0, 1, 1]] * 2, x, check_batched_grad=True)
    assert gradgradcheck(lambda a: a * a * a, x, check_batched_grad=True)
    assert gradcheck(_BySize.apply, x)
    with pytest.raises(gt.autograd.GradcheckError, match="batched gradients of output 0 with respect to input 0"):
        gradcheck(_BySize.apply, x, check_batched_grad=True)
    assert not gradcheck(_BySize.apply, x, check_batched_grad=True, raise_exception=False)


def test_less_than_double_precision_warns():
    with pytest.warns(UserWarning, match="input 0 is float32"):
        gradcheck(lambda a: a * 2, leaf([1.0], "float32"), eps=1e-2)


class Forwards(Function):
    """x -> 2x that has derivatives forwards alone, and those from a function."""

    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x * 2

    @staticmethod
    def jvp(ctx, t, none):
        return ctx.factor(t)


def by_size(t):
    return t * (3 if t.xp.library == "batch" else 2)


@pytest.mark.parametrize("fast", [False, True])
def test_derivatives_forwards_are_checked(fast):
    x, z = leaf([[1.0, 2.0], [3.0, 4.0]]), leaf([1.0 + 2j, -0.5j], "complex128")
    options = {"check_forward_ad": True, "fast_mode": fast}
    assert gradcheck(lambda a: (a @ a, a.sum(0).exp()), x, check_batched_forward_grad=True, **options)
    assert gradcheck(lambda a: (a * a.conj(), a.abs()), z, **options)
    assert gradcheck(lambda a: a[1:1], x, **options)
    assert gradgradcheck(lambda a: a * a * a, x, check_fwd_over_rev=True, fast_mode=fast)
    alone = {**options, "check_backward_ad": False}
    assert gradcheck(lambda a: Forwards.apply(a, lambda t: 2 * t), x, **alone)
    with pytest.raises(GradcheckError, match=r"(?s)output 0 with respect to input 0.*numerical.*analytical"):
        gradcheck(lambda a: Forwards.apply(a, lambda t: 3 * t), x, **alone)
    assert not gradcheck(lambda a: Forwards.apply(a, lambda t: 3 * t), x, raise_exception=False, **alone)
    # without a rule of its own it is the gradient of the gradient
    assert not gradcheck(doubled(lambda g: g * 3), x, raise_exception=False, **options)


def test_derivatives_in_several_directions_at_once_are_checked():
    x = leaf([1.0, 2.0])
    options = {"check_forward_ad": True, "check_backward_ad": False}
    assert gradcheck(lambda a: Forwards.apply(a, by_size), x, **options)
    with pytest.raises(GradcheckError, match="batched derivatives forwards of output 0 with respect to input 0"):
        gradcheck(lambda a: Forwards.apply(a, by_size), x, check_batched_forward_grad=True, **options)
