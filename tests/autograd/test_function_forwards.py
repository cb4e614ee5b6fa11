"""Derivatives forwards through a Function with a rule of its own, `jvp`."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError, ShapeError


def functions(lib):
    """The functions under test, made of one library or the other."""
    once = lib.autograd.function.once_differentiable

    class OnlyForwards(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_forward(x)
            return x * x

        @staticmethod
        def jvp(ctx, t):
            (x,) = ctx.saved_tensors
            return 2 * x * t

    class OnceBackwards(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            ctx.save_for_forward(x)
            return x * x

        @staticmethod
        @once
        def backward(ctx, g):
            return 2 * ctx.saved_tensors[0] * g

        @staticmethod
        def jvp(ctx, t):
            return 2 * ctx.saved_tensors[0] * t

    class Another(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def backward(ctx, g):
            return g * 1

        @staticmethod
        def jvp(ctx, t):
            return t * 60

    class Several(lib.autograd.Function):
        @staticmethod
        def forward(x, y, k):
            return x * y * k, x + y

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, y, ctx.k = inputs
            ctx.save_for_forward(x, y)

        @staticmethod
        def jvp(ctx, a, b, none):
            assert none is None
            x, y = ctx.saved_tensors
            return (a * y + b * x) * ctx.k, a + b

    return OnlyForwards.apply, OnceBackwards.apply, Another.apply, lambda x, y: Several.apply(x, y, 2)


def pushed(lib, function, *pairs):
    xs, ts = zip(*[(lib.tensor(x), lib.tensor(t)) for x, t in pairs], strict=True)
    found = lib.func.jvp(function, xs, ts)[1]
    return [t.tolist() for t in found] if isinstance(found, tuple) else found.tolist()


def dual(lib, function, *pairs):
    forward_ad = lib.autograd.forward_ad
    with forward_ad.dual_level():
        found = function(*[forward_ad.make_dual(lib.tensor(x), lib.tensor(t)) for x, t in pairs])
        if not isinstance(found, tuple):
            return forward_ad.unpack_dual(found).tangent.tolist()
        return [forward_ad.unpack_dual(t).tangent.tolist() for t in found]


def answers(lib):
    only, once, another, several = functions(lib)
    x = ([3.0, 1.0], [1.0, 2.0])
    found = []
    for push in (pushed, dual):
        found += [push(lib, f, x) for f in (only, once, another)]
        found.append(push(lib, several, x, ([2.0, 5.0], [0.0, 1.0])))
        found.append(push(lib, lambda a, f=several: f(a, lib.tensor([2.0, 5.0])), x))
        found.append(push(lib, lambda a, f=another: f(a * 2).sin() * 3, x))
    found.append(pushed(lib, lambda a: lib.func.jvp(only, (a,), (lib.ones(2),))[1], x))
    found.append(lib.func.grad(lambda a: lib.func.jvp(once, (a,), (lib.ones(2),))[1].sum())(lib.tensor(x[0])).tolist())
    return found


def test_the_rule_of_the_function_is_asked():
    expected = [
        [6.0, 4.0],
        [6.0, 4.0],
        [60.0, 120.0],
        [[4.0, 22.0], [1.0, 3.0]],
        [[4.0, 20.0], [1.0, 2.0]],
        (360 * np.cos([6.0, 2.0]) * [1, 2]).tolist(),
    ]
    found = answers(gt)
    for k in (0, 6):
        for a, b in zip(found[k : k + 6], expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6)
    assert found[12:] == [[2.0, 4.0], [2.0, 2.0]]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")  # PyTorch's own
def test_the_rule_gives_what_it_gives_in_pytorch():
    torch = pytest.importorskip("torch")
    ours = functions(gt)[1:3] + functions(gt)[3:]
    theirs = functions(torch)[1:3] + functions(torch)[3:]
    x, y = ([3.0, 1.0], [1.0, 2.0]), ([2.0, 5.0], [0.0, 1.0])
    for k, (f, g) in enumerate(zip(ours, theirs, strict=True)):
        pairs = (x, y) if k == 2 else (x,)
        assert dual(gt, f, *pairs) == dual(torch, g, *pairs)
    assert pushed(gt, functions(gt)[3], x, y) == pushed(torch, functions(torch)[3], x, y)


def test_a_jacobian_forwards_asks_the_rule_for_all_columns_at_once():
    only = functions(gt)[0]
    assert gt.func.jacfwd(only)(gt.tensor([3.0, 1.0])).tolist() == [[6.0, 0.0], [0.0, 2.0]]


def test_gradients_backwards_do_not_ask_the_rule():
    another = functions(gt)[2]
    x = gt.ones(2, requires_grad=True)
    (g,) = gt.autograd.grad(another(x).sum(), x, create_graph=True)
    assert g.tolist() == [1.0, 1.0]
    assert gt.func.vjp(another, x)[1](gt.ones(2))[0].tolist() == [1.0, 1.0]


def returning(result):
    class Wrong(gt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

        @staticmethod
        def jvp(ctx, t):
            return result

    return Wrong.apply


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        ((gt.ones(2), gt.ones(2)), GradError, "returned 2 derivatives, but forward had 1 results"),
        (gt.ones(3), ShapeError, r"result 0 of forward has shape \(2,\)"),
        (1.0, TypeError, "must be a Tensor or None, got float"),
    ],
)
def test_a_rule_that_returns_something_else_is_refused(result, error, message):
    with pytest.raises(error, match=message):
        gt.func.jvp(returning(result), (gt.ones(2),), (gt.ones(2),))


def test_a_rule_that_returns_none_gives_zeros():
    assert gt.func.jvp(returning(None), (gt.ones(2),), (gt.ones(2),))[1].tolist() == [0.0, 0.0]


def test_where_there_is_neither_rule_the_error_names_both():
    class Neither(gt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 1

    with pytest.raises(NotImplementedError, match="backward"):
        gt.func.jvp(Neither.apply, (gt.ones(2),), (gt.ones(2),))
