"""Hooks around the backward pass of modules."""

import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn.modules import hooks


class Product(nn.Module):
    def forward(self, x, y, name="unused"):
        return x * y


class Pair(nn.Module):
    def forward(self, x):
        return x * 2, x * 3


def leaves(*numbers):
    return [gt.tensor([n], requires_grad=True) for n in numbers]


def test_a_backward_hook_sees_gradients_of_inputs_and_outputs():
    m, seen = Product(), []
    m.register_full_backward_hook(lambda module, gi, go: seen.append((module, [g.item() for g in gi], go[0].item())))
    x, y = leaves(3.0, 5.0)
    (m(x, y) * 7).sum().backward()
    assert seen == [(m, [35.0, 21.0], 7.0)]
    assert (x.grad.item(), y.grad.item()) == (35.0, 21.0)


def test_a_backward_hook_may_replace_the_gradients_of_inputs():
    m = Product()
    m.register_full_backward_hook(lambda module, gi, go: (gi[0] * 10, None))
    m.register_full_backward_hook(lambda module, gi, go: (gi[0] + 1, gi[1]))
    x, y = leaves(3.0, 5.0)
    m(x, y).sum().backward()
    assert x.grad.item() == 51.0
    assert y.grad is None


def test_a_backward_pre_hook_may_replace_the_gradients_of_outputs():
    m, seen = Product(), []
    m.register_full_backward_pre_hook(lambda module, go: (go[0] * 100,))
    m.register_full_backward_pre_hook(lambda module, go: seen.append(go[0].item()), prepend=True)
    m.register_full_backward_hook(lambda module, gi, go: seen.append(go[0].item()))
    x, y = leaves(3.0, 5.0)
    m(x, y).sum().backward()
    assert x.grad.item() == 500.0
    assert seen == [1.0, 100.0]


def test_what_is_no_tensor_or_needs_no_gradient_has_none():
    m, seen = Product(), []
    m.register_full_backward_hook(lambda module, gi, go: seen.append([g is None for g in gi]))
    (x,) = leaves(3.0)
    m(x, gt.ones(1), "name").sum().backward()
    assert seen == [[False, True, True]]


def test_several_outputs_come_together():
    m, seen = Pair(), []
    m.register_full_backward_hook(lambda module, gi, go: seen.append([g.item() for g in (*gi, *go)]))
    (x,) = leaves(3.0)
    a, b = m(x)
    (a * 10 + b).sum().backward()
    assert seen == [[23.0, 10.0, 1.0]]
    assert x.grad.item() == 23.0


def test_without_gradients_of_inputs_the_hook_is_called_at_the_outputs():
    m, seen = nn.PReLU(), []
    m.register_full_backward_hook(lambda module, gi, go: seen.append((gi, go[0].tolist())))
    with pytest.warns(UserWarning, match="no inputs require gradients"):
        m(gt.ones(2)).sum().backward()
    assert seen == [((None,), [1.0, 1.0])]
    assert m.weight.grad is not None
    m.register_full_backward_hook(lambda module, gi, go: (gt.ones(2),))
    with pytest.warns(UserWarning, match="no inputs"), pytest.raises(RuntimeError, match="should always return None"):
        m(gt.ones(2)).sum().backward()


@pytest.mark.parametrize(
    ("register", "words"),
    [
        ("register_full_backward_hook", "invalid number of grad_input, got 1, but expected 2"),
        ("register_full_backward_pre_hook", "invalid number of grad_output, got 3, but expected 1"),
    ],
)
def test_a_wrong_number_of_gradients_is_refused(register, words):
    m = Product()
    getattr(m, register)(lambda module, *g: [gt.ones(1)] * (1 if len(g) == 2 else 3))
    with pytest.raises(RuntimeError, match=words):
        m(*leaves(3.0, 5.0)).sum().backward()


def test_nothing_happens_while_nothing_is_recorded():
    m = Product()
    m.register_full_backward_hook(lambda module, gi, go: pytest.fail("called"))
    with gt.no_grad():
        assert m(*leaves(3.0, 5.0)).grad_fn is None
    assert not m(gt.ones(1), gt.ones(1)).requires_grad


def test_an_output_that_is_no_tensor_is_passed_on_with_a_warning():
    class Named(nn.Module):
        def forward(self, x):
            return {"out": x * 2}

    m = Named()
    m.register_full_backward_hook(lambda module, gi, go: None)
    (x,) = leaves(3.0)
    with pytest.warns(UserWarning, match="should be a Tensor or a tuple of Tensors"):
        out = m(x)
    out["out"].sum().backward()
    assert x.grad.item() == 2.0


def test_inputs_behind_a_hook_cannot_be_written():
    class Writing(nn.Module):
        def forward(self, x):
            return x.mul_(2.0)

    m = Writing()
    m.register_full_backward_hook(lambda module, gi, go: None)
    with pytest.raises(gt.errors.GradError, match="backward hooks of a module"):
        m(leaves(3.0)[0] * 1)


def test_second_derivatives_pass_through_hooks():
    m, seen = Product(), []
    m.register_full_backward_hook(lambda module, gi, go: seen.append(gi[0].item()))
    (x,) = leaves(3.0)
    (first,) = gt.autograd.grad(m(x, x * x).sum(), x, create_graph=True)
    (second,) = gt.autograd.grad(first.sum(), x)
    assert (first.item(), second.item()) == (27.0, 18.0)
    assert seen == [9.0]


def test_backward_hooks_of_every_module_are_called():
    m, seen = Product(), []
    with (
        hooks.register_module_full_backward_hook(lambda module, gi, go: seen.append("after")),
        hooks.register_module_full_backward_pre_hook(lambda module, go: seen.append("before")),
    ):
        loss = m(*leaves(3.0, 5.0)).sum()
    loss.backward()
    assert seen == ["before", "after"]


@pytest.mark.torch
def test_hooks_see_what_pytorchs_see():
    torch = pytest.importorskip("torch")
    results = []
    for lib in (gt, torch):
        seen = []

        def note(module, gi, go, seen=seen):
            seen.append([None if g is None else g.tolist() for g in (*gi, *go)])

        net = lib.nn.Sequential(lib.nn.PReLU(), lib.nn.Sequential(lib.nn.PReLU(), lib.nn.Identity()))
        for module in net.modules():
            module.register_full_backward_hook(note)
        x = lib.tensor([[1.0, -2.0], [3.0, -4.0]], requires_grad=True)
        (net(x) ** 2).sum().backward()
        results.append((seen, x.grad.tolist(), net[0].weight.grad.tolist()))
    assert results[0] == results[1]
