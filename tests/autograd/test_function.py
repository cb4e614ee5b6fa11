"""Operations with a gradient of the user's own."""

import gc
import weakref

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import Function, gradcheck, gradgradcheck
from gputensor.autograd.function import once_differentiable
from gputensor.errors import GradError


def leaf(*values, dtype="float64"):
    return gt.tensor(list(values), dtype=dtype, requires_grad=True)


class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x * x

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return 3 * x * x * g


class ExpOfOutput(Function):
    """Saves its output, as the exponential wants to."""

    @staticmethod
    def forward(ctx, x):
        out = x.exp()
        ctx.save_for_backward(out)
        return out

    @staticmethod
    def backward(ctx, g):
        (out,) = ctx.saved_tensors
        return g * out


class SumAndProduct(Function):
    """Two results, of which the second is saved too."""

    @staticmethod
    def forward(ctx, x, y):
        product = x * y
        ctx.save_for_backward(x, y, product)
        return x + y, product

    @staticmethod
    def backward(ctx, g_sum, g_product):
        x, y, _ = ctx.saved_tensors
        return g_sum + g_product * y, g_sum + g_product * x


class SquareOfSecondResult(Function):
    """The gradient of the second result is written with that result, so that second derivatives pass through it."""

    @staticmethod
    def forward(ctx, x):
        root = x.exp()
        ctx.save_for_backward(root)
        return x * 2, root

    @staticmethod
    def backward(ctx, g, g_root):
        (root,) = ctx.saved_tensors
        return 2 * g + g_root * root


def test_backward_gets_what_forward_saved():
    x = leaf(1.0, 2.0)
    Cube.apply(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [3.0, 12.0])


@pytest.mark.parametrize("function", [Cube, ExpOfOutput, SquareOfSecondResult])
def test_gradients_of_gradients_pass_through_inputs_and_outputs_that_were_saved(function):
    def total(x):
        out = function.apply(x)
        return out if not isinstance(out, tuple) else out[0] * out[1]

    x = leaf(0.3, -0.7, 1.1)
    assert gradcheck(total, x)
    assert gradgradcheck(total, x)


def test_a_third_derivative_through_a_saved_output():
    x = leaf(0.5)
    g = ExpOfOutput.apply(x)
    for _ in range(3):
        (g,) = gt.autograd.grad(g, x, create_graph=True)
    np.testing.assert_allclose(g.detach().numpy(), np.exp([0.5]))


def test_the_gradient_with_respect_to_a_saved_output_counts_its_use_in_backward():
    x = leaf(0.5)
    _, root = SquareOfSecondResult.apply(x)
    (g,) = gt.autograd.grad(root, x, create_graph=True)  # g = root
    (d,) = gt.autograd.grad(g, root)
    np.testing.assert_allclose(d.numpy(), [1.0])


def test_saving_an_output_leaves_nothing_for_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = leaf(1.0, 2.0)
        out = ExpOfOutput.apply(x)
        first, second = SquareOfSecondResult.apply(x)
        (g,) = gt.autograd.grad((out * first * second).sum(), x, create_graph=True)
        g.sum().backward()
        alive = weakref.ref(out.grad_fn)
        del out, first, second, g
        assert alive() is None
        x = None
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_write_after_save_raises_and_names_the_line():
    x = leaf(1.0, 2.0)
    h = x * 1
    y = Cube.apply(h)
    h.mul_(2)
    with pytest.raises(GradError, match=r"Cube.*changed in place.*mul_ at .*test_function\.py:\d+"):
        y.sum().backward()


def test_a_saved_output_that_is_written_raises_too():
    y = ExpOfOutput.apply(leaf(1.0))
    y.mul_(2)
    with pytest.raises(GradError, match="ExpOfOutput"):
        y.sum().backward()


def test_backward_twice_needs_retain_graph_only_where_something_was_saved():
    class Double(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def backward(ctx, g):
            return g * 2

    x = leaf(1.0)
    y = Double.apply(x)
    y.backward()
    y.backward()
    np.testing.assert_allclose(x.grad.numpy(), [4.0])
    y = Cube.apply(x)
    y.backward(retain_graph=True)
    y.backward()
    with pytest.raises(GradError, match="retain_graph"):
        y.backward()


def test_what_was_saved_may_be_none_and_anything_else_is_refused():
    class Optional(Function):
        @staticmethod
        def forward(ctx, x, bias):
            ctx.save_for_backward(x, bias)
            return x * 2

        @staticmethod
        def backward(ctx, g):
            x, bias = ctx.saved_tensors
            assert bias is None
            assert x.shape == (1,)
            return g * 2, None

    Optional.apply(leaf(1.0), None).backward()

    class Wrong(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x, 3)
            return x

    with pytest.raises(TypeError, match="argument 1 must be a Tensor or None, got int"):
        Wrong.apply(leaf(1.0))


def test_the_users_own_attributes_of_ctx_do_not_meet_those_of_the_graph():
    class Reshaped(Function):
        @staticmethod
        def forward(ctx, x, shape):
            ctx.shape, ctx.dtype, ctx.args, ctx.seq, ctx.edges = x.shape, x.dtype, (shape,), -5, None
            return x.reshape(shape)

        @staticmethod
        def backward(ctx, g):
            assert ctx.seq == -5
            return g.reshape(ctx.shape), None

    x = gt.zeros(2, 3, requires_grad=True)
    (Reshaped.apply(x, (3, 2)) * 2).sum().backward()
    assert x.grad.shape == (2, 3)


def test_setup_context_keeps_what_forward_without_ctx_computed():
    class Scaled(Function):
        @staticmethod
        def forward(x, factor=3.0):
            return x * factor

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, ctx.factor = inputs
            ctx.save_for_backward(x, output)

        @staticmethod
        def backward(ctx, g):
            x, output = ctx.saved_tensors
            np.testing.assert_allclose(output.detach().numpy(), (x * ctx.factor).detach().numpy())
            return g * ctx.factor, None

    x = leaf(1.0)
    Scaled.apply(x).backward()
    Scaled.apply(x, factor=4.0).backward()
    np.testing.assert_allclose(x.grad.numpy(), [7.0])


def test_needs_input_grad_has_one_entry_an_argument():
    seen = []

    class Three(Function):
        @staticmethod
        def forward(ctx, x, k, y):
            seen.append(ctx.needs_input_grad)
            return x * k + y

        @staticmethod
        def backward(ctx, g):
            seen.append(ctx.needs_input_grad)
            return g * 2, None, None

    Three.apply(leaf(1.0), 2, gt.tensor([1.0], dtype="float64")).backward()
    assert seen == [(True, False, False)] * 2


def test_outputs_that_no_gradient_reached_come_as_zeros_or_none():
    seen = []

    def make(materialize):
        class Two(Function):
            @staticmethod
            def forward(ctx, x):
                ctx.set_materialize_grads(materialize)
                return x * 2, x * 3

            @staticmethod
            def backward(ctx, g, h):
                seen.append(g if g is None else g.numpy().tolist())
                return h * 3

        return Two

    make(True).apply(leaf(1.0))[1].backward()
    make(False).apply(leaf(1.0))[1].backward()
    assert seen == [[0.0], None]


def test_results_that_are_no_tensors_integers_and_marked_ones_have_no_gradient():
    seen = []

    class Many(Function):
        @staticmethod
        def forward(ctx, x):
            constant = x * 5
            ctx.mark_non_differentiable(constant)
            return x * 2, x > 1, constant, "text", None

        @staticmethod
        def backward(ctx, *g):
            seen.extend(g)
            return g[0] * 2

    a, mask, constant, text, none = Many.apply(leaf(1.0, 2.0))
    assert (a.requires_grad, mask.requires_grad, constant.requires_grad, text, none) == (
        True,
        False,
        False,
        "text",
        None,
    )
    a.sum().backward()
    assert seen[1].dtype is mask.dtype
    assert seen[2].numpy().tolist() == [0.0, 0.0]
    assert seen[3:] == [None, None]


def test_an_input_returned_as_it_is_comes_back_as_a_view_with_the_functions_gradient():
    class Same(Function):
        @staticmethod
        def forward(ctx, x):
            return x

        @staticmethod
        def backward(ctx, g):
            return g * 5

    x = leaf(1.0)
    h = x * 1
    y = Same.apply(h)
    assert y is not h
    assert np.shares_memory(y.detach().numpy(), h.detach().numpy())
    (y + h).backward()
    np.testing.assert_allclose(x.grad.numpy(), [6.0])
    with pytest.raises(GradError, match="that the function Same returned"):
        y.mul_(2)


def test_a_view_made_by_forward_is_out_of_date_after_a_write_to_its_base():
    class Rest(Function):
        @staticmethod
        def forward(ctx, x):
            return x[1:]

        @staticmethod
        def backward(ctx, g):
            raise AssertionError

    h = leaf(1.0, 2.0) * 1
    y = Rest.apply(h)
    h.mul_(3)
    with pytest.raises(GradError, match="out of date"):
        y.sum()


class Doubled(Function):
    @staticmethod
    def forward(ctx, x, *others):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, g):
        return (g * 2, *[g for _ in ctx.needs_input_grad[1:]])


def test_an_input_marked_dirty_gets_the_functions_history():
    x = leaf(1.0, 2.0)
    h = x * 1
    y = Doubled.apply(h)
    assert y is h
    (h * h).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [8.0, 16.0])


def test_a_dirty_view_gives_its_base_a_new_history():
    x = leaf(1.0, 2.0, 3.0)
    h = x * 1
    Doubled.apply(h[:2])
    (h * 1).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [2.0, 2.0, 1.0])


def test_a_dirty_constant_gets_history_from_the_other_argument():
    x, c = leaf(1.0), gt.ones(1, dtype="float64")
    assert Doubled.apply(c, x) is c
    assert c.requires_grad
    c.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [1.0])


def test_a_write_by_forward_to_a_value_that_was_saved_earlier_is_noticed():
    h = leaf(1.0) * 1
    y = h * h
    Doubled.apply(h)
    with pytest.raises(GradError, match="changed in place afterwards, by Doubled"):
        y.sum().backward()


def test_a_gradient_gets_the_dtype_of_its_argument():
    x = gt.ones(1, requires_grad=True)

    class Wide(Function):
        @staticmethod
        def forward(ctx, x):
            return x.double()

        @staticmethod
        def backward(ctx, g):
            return g * 0.5

    Wide.apply(x).sum().backward()
    assert (x.grad.dtype.name, x.grad.item()) == ("float32", 0.5)


def test_vjp_is_another_name_of_backward():
    class Named(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

        @staticmethod
        def vjp(ctx, g):
            return g * 2

    x = leaf(1.0)
    Named.apply(x).backward()
    assert x.grad.item() == 2.0


def test_forward_is_not_recorded_and_backward_only_with_create_graph():
    seen = []

    class Watched(Function):
        @staticmethod
        def forward(ctx, x):
            seen.append(gt.is_grad_enabled())
            return x * 2

        @staticmethod
        def backward(ctx, g):
            seen.append(gt.is_grad_enabled())
            return g * 2

    x = leaf(1.0)
    Watched.apply(x).backward()
    gt.autograd.grad(Watched.apply(x), x, create_graph=True)
    with gt.no_grad():
        assert not Watched.apply(x).requires_grad
    assert seen == [False, False, False, True, False]


def test_once_differentiable_refuses_a_second_derivative():
    class Once(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        @once_differentiable
        def backward(ctx, g):
            assert not gt.is_grad_enabled()
            (x,) = ctx.saved_tensors
            return 2 * x * g

    x = leaf(3.0)
    Once.apply(x).backward()
    assert x.grad.item() == 6.0
    (g,) = gt.autograd.grad(Once.apply(x), x, create_graph=True)
    assert g.item() == 6.0
    with pytest.raises(GradError, match="twice"):
        g.backward()


def test_backward_may_itself_run_the_engine():
    class Inner(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            with gt.enable_grad():
                inner = x.detach().requires_grad_()
                (d,) = gt.autograd.grad(inner * inner, inner, g)
            return d

    x = leaf(3.0)
    Inner.apply(x).backward()
    assert x.grad.item() == 6.0
    assert gt.is_grad_enabled()


def test_gradients_that_are_one_tensor_do_not_alias_in_the_leaves():
    class Plus(Function):
        @staticmethod
        def forward(ctx, x, y):
            return x + y

        @staticmethod
        def backward(ctx, g):
            return g, g

    x, y, seed = leaf(1.0), leaf(1.0), gt.ones(1, dtype="float64")
    Plus.apply(x, y).backward(seed)
    x.grad.mul_(7)
    assert (y.grad.item(), seed.item()) == (1.0, 1.0)


def test_the_node_of_a_function_is_named_after_it_and_shows_what_was_saved():
    x = leaf(2.0)
    y = Cube.apply(x)
    assert y.grad_fn.name() == "CubeBackward"
    assert y.grad_fn.saved_tensors[0].numpy(force=True).tolist() == [2.0]
    assert y.grad_fn.next_functions[0][0].name() == "AccumulateGrad"
    a, b = SumAndProduct.apply(x, x)
    assert a.grad_fn is b.grad_fn
    assert (a.output_nr, b.output_nr) == (0, 1)


def test_a_complex_function_gets_gradients_in_pytorchs_convention():
    class Square(Function):
        @staticmethod
        def forward(ctx, z):
            ctx.save_for_backward(z)
            return z * z

        @staticmethod
        def backward(ctx, g):
            (z,) = ctx.saved_tensors
            twice = 2 * z
            return g * gt.tensor(np.conj(twice.detach().numpy()))

    z = gt.tensor([1 + 2j], dtype="complex128", requires_grad=True)
    assert gradcheck(Square.apply, z)


@pytest.mark.torch
def test_values_gradients_and_refusals_are_those_of_pytorch():
    torch = pytest.importorskip("torch")

    def run(lib, base):
        class Several(base):
            @staticmethod
            def forward(ctx, x, k, y):
                out = (x * y).exp()
                ctx.save_for_backward(x, y, out)
                ctx.k = k
                return out * k, x > 0, x

            @staticmethod
            def backward(ctx, g, g_mask, g_x):
                x, y, out = ctx.saved_tensors
                return g * ctx.k * out * y + 3 * g_x, None, g * ctx.k * out * x

        x = lib.tensor([0.5, -1.0], dtype=lib.float64 if lib is torch else "float64", requires_grad=True)
        y = lib.tensor([1.5, 2.0], dtype=x.dtype, requires_grad=True)
        out, mask, same = Several.apply(x, 2.0, y)
        first = lib.autograd.grad((out * same).sum(), [x, y], create_graph=True)
        second = lib.autograd.grad((first[0] * first[1]).sum(), [x, y])
        return [t.detach().numpy() for t in (out, mask, same, *first, *second)]

    for ours, theirs in zip(run(gt, Function), run(torch, torch.autograd.Function), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
