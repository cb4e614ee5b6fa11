"""What a custom function must not do, and what it is told then."""

import pytest

import gputensor as gt
from gputensor.autograd import Function
from gputensor.errors import GradError, ShapeError


def leaf(*values):
    return gt.tensor(list(values), dtype="float64", requires_grad=True)


class Doubled(Function):
    @staticmethod
    def forward(ctx, x, *others):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, g):
        return (g * 2, *[g for _ in ctx.needs_input_grad[1:]])


def test_forward_must_not_write_to_a_leaf_or_forget_to_return_what_it_wrote():
    with pytest.raises(GradError, match="leaf that requires grad"):
        Doubled.apply(leaf(1.0))
    with pytest.raises(GradError, match="view of a leaf"):
        Doubled.apply(leaf(1.0, 2.0)[1:])

    class Forgets(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x)
            return x * 2

    with pytest.raises(GradError, match="not among the results"):
        Forgets.apply(leaf(1.0) * 1)

    class Two(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.mark_dirty(x)
            return x, x * 2

    with pytest.raises(GradError, match="no other result"):
        Two.apply((leaf(1.0, 2.0) * 1)[1:])


def returning(result, arguments=1):
    class Returning(Function):
        @staticmethod
        def forward(ctx, *args):
            return args[0] * 2

        @staticmethod
        def backward(ctx, g):
            return result(g)

    return Returning.apply(*[leaf(1.0, 2.0)] * arguments)


@pytest.mark.parametrize(
    ("result", "arguments", "error", "words"),
    [
        (lambda g: g, 2, GradError, "returned 1 gradients, but forward had 2 arguments"),
        (lambda g: (g, g), 1, GradError, "returned 2 gradients, but forward had 1 arguments"),
        (lambda g: "text", 1, TypeError, "gradient 0 must be a Tensor or None, got str"),
        (lambda g: gt.ones(3), 1, ShapeError, r"shape \(3,\) reached an operand of shape \(2,\)"),
    ],
)
def test_wrong_gradients_are_refused(result, arguments, error, words):
    with pytest.raises(error, match=words):
        returning(result, arguments).sum().backward()


def test_superfluous_nones_and_gradients_that_broadcast_are_fine():
    returning(lambda g: (g, None, None)).sum().backward()
    x = gt.ones(1, requires_grad=True)

    class Spread(Function):
        @staticmethod
        def forward(ctx, x):
            return x.expand(4) * 1

        @staticmethod
        def backward(ctx, g):
            return g

    Spread.apply(x).sum().backward()
    assert x.grad.numpy().tolist() == [4.0]


def test_a_gradient_for_an_argument_that_is_no_tensor_is_refused():
    class Number(Function):
        @staticmethod
        def forward(ctx, x, k):
            return x * k

        @staticmethod
        def backward(ctx, g):
            return g, g

    with pytest.raises(GradError, match="gradient 1 must be None"):
        Number.apply(leaf(1.0), 2).sum().backward()


def test_missing_methods_and_instances_are_refused():
    class Empty(Function):
        pass

    class NoBackward(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2

    class Both(NoBackward):
        @staticmethod
        def backward(ctx, g):
            return g

        @staticmethod
        def vjp(ctx, g):
            return g

    with pytest.raises(NotImplementedError, match="forward"):
        Empty.apply(leaf(1.0))
    with pytest.raises(NotImplementedError, match="backward"):
        NoBackward.apply(leaf(1.0)).backward()
    with pytest.raises(GradError, match="two names"):
        Both.apply(leaf(1.0)).backward()
    with pytest.raises(TypeError, match=r"call Empty\.apply"):
        Empty()
