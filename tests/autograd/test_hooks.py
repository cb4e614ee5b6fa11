"""Hooks on tensors, on nodes, on leaves; gradients kept of tensors that are no leaves."""

import gc
import weakref

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, GradError, ShapeError


def leaf(*values):
    return gt.tensor(list(values), dtype="float64", requires_grad=True)


def numbers(t):
    return t.numpy(force=True).tolist()


def test_hooks_run_in_their_order_and_what_they_return_replaces_the_gradient():
    x, log = leaf(1.0), []
    y = x * 3
    y.register_hook(lambda g: log.append(("first", g.item())))
    y.register_hook(lambda g: g * 10)
    y.register_hook(lambda g: log.append(("third", g.item())))
    y.sum().backward()
    assert log == [("first", 1.0), ("third", 10.0)]
    assert x.grad.item() == 30.0


def test_a_hook_on_a_leaf_sees_the_whole_gradient_once():
    x, log = leaf(1.0), []
    x.register_hook(lambda g: (log.append(g.item()), g * 2)[1])
    (x * 2 + x * 3).sum().backward()
    assert log == [5.0]
    assert x.grad.item() == 10.0


def test_a_removed_hook_is_not_called():
    x, log = leaf(1.0), []
    handle = x.register_hook(lambda g: log.append("plain"))
    with x.register_hook(lambda g: log.append("with")):
        (x * 2).sum().backward()
    (x * 2).sum().backward()
    handle.remove()
    handle.remove()
    (x * 2).sum().backward()
    assert log == ["plain", "with", "plain"]


def test_one_function_hung_twice_is_removed_once():
    x, log = leaf(1.0), []

    def hook(g):
        log.append(1)

    handle = x.register_hook(hook)
    x.register_hook(hook)
    handle.remove()
    (x * 2).sum().backward()
    assert log == [1]


@pytest.mark.parametrize(
    ("returned", "error", "words"),
    [
        (lambda g: 1.0, TypeError, "Tensor or None, got float"),
        (lambda g: g.reshape(1, 2), ShapeError, r"from \(2,\) to \(1, 2\)"),
        (lambda g: g.float(), DtypeError, "float32"),
    ],
)
def test_what_a_hook_returns_must_fit(returned, error, words):
    x = leaf(1.0, 2.0)
    y = x * 2
    y.register_hook(returned)
    with pytest.raises(error, match=words):
        y.sum().backward()


def test_hooks_need_a_gradient_and_must_be_callable():
    with pytest.raises(GradError, match="does not require grad"):
        gt.ones(1).register_hook(print)
    for register in (leaf(1.0).register_hook, leaf(1.0).register_post_accumulate_grad_hook):
        with pytest.raises(TypeError, match="callable"):
            register(3)
    with pytest.raises(GradError, match="only leaves"):
        (leaf(1.0) * 1).register_post_accumulate_grad_hook(print)
    with pytest.raises(GradError, match="does not require grad"):
        gt.ones(1).retain_grad()


def test_a_gradient_that_a_hook_kept_is_not_changed_by_later_passes():
    x, kept = leaf(1.0), []
    x.register_hook(kept.append)
    for _ in range(3):
        (x * 2 + x * 3).sum().backward()
    assert [g.item() for g in kept] == [5.0, 5.0, 5.0]
    assert x.grad.item() == 15.0


def test_a_hook_works_under_create_graph_and_is_differentiated():
    x = leaf(2.0)
    y = x * x
    y.register_hook(lambda g: g * x)
    (g,) = gt.autograd.grad(y.sum(), x, create_graph=True)  # 2x * x
    (d,) = gt.autograd.grad(g, x)
    assert (g.item(), d.item()) == (8.0, 8.0)


def test_hooks_stay_with_the_value_that_they_were_hung_on():
    x, log = leaf(1.0), []
    h = x * 1
    h.register_hook(lambda g: log.append(("before", g.item())))
    h.mul_(3)
    h.register_hook(lambda g: log.append(("after", g.item())))
    (h * 2).sum().backward()
    assert log == [("after", 2.0), ("before", 6.0)]


# --- gradients that are kept ------------------------------------------------------------------------------------------


def test_the_gradient_of_a_tensor_that_is_no_leaf_is_kept_on_request():
    x = leaf(1.0)
    y = x * 3
    assert y.grad is None
    y.retain_grad()
    y.retain_grad()
    assert (y.retains_grad, x.retains_grad) == (True, False)
    y.register_hook(lambda g: g * 10)
    y.sum().backward(retain_graph=True)
    assert (y.grad.item(), x.grad.item()) == (10.0, 30.0)
    y.sum().backward()
    assert y.grad.item() == 20.0
    y.grad = None
    assert y.grad is None


@pytest.mark.parametrize(
    "write",
    [
        lambda h: h.mul_(3),
        lambda h: h[:1].mul_(3),
        lambda h: h.reshape(2, 1)[0].mul_(3),
    ],
    ids=["itself", "view", "view of view"],
)
def test_a_kept_gradient_follows_its_tensor_through_a_write(write):
    x = leaf(1.0, 2.0)
    h = x * 1
    h.retain_grad()
    write(h)
    (h * 2).sum().backward()
    assert numbers(h.grad) == [2.0, 2.0]


def test_a_view_keeps_its_gradient_through_a_write_of_its_base():
    x = leaf(1.0, 2.0)
    h = x * 1
    v = h[0]
    v.retain_grad()
    h.mul_(3)
    (v * 2).sum().backward()
    assert v.grad.item() == 2.0


def test_kept_gradients_alias_neither_each_other_nor_the_seed_nor_the_leaf():
    x, seed = leaf(1.0), gt.ones(1, dtype="float64")
    y = x + 1
    z = y + 1
    y.retain_grad()
    z.retain_grad()
    z.backward(seed)
    z.grad.mul_(5)
    assert (y.grad.item(), x.grad.item(), seed.item()) == (1.0, 1.0, 1.0)


# --- hooks of nodes ---------------------------------------------------------------------------------------------------


def test_hooks_of_a_node_see_what_comes_in_and_what_goes_out_and_may_replace_both():
    x, log = leaf(1.0), []
    y = x * 3
    node = y.grad_fn
    node.register_hook(lambda inputs, outputs: log.append(("after", inputs[0].item(), inputs[1], outputs[0].item())))
    node.register_prehook(lambda outputs: log.append(("before", outputs[0].item())))
    y.register_hook(lambda g: g * 10)
    y.retain_grad()
    node.register_prehook(lambda outputs: (outputs[0] + 1,))
    handle = node.register_hook(lambda inputs, outputs: (inputs[0] * 0 + 7, None))
    y.sum().backward(retain_graph=True)
    assert log == [("before", 10.0), ("after", 33.0, None, 11.0)]
    assert (x.grad.item(), y.grad.item()) == (7.0, 10.0)
    handle.remove()
    x.grad = None
    y.sum().backward()
    assert x.grad.item() == 33.0


def test_hooks_of_a_node_with_several_outputs_get_one_gradient_an_output():
    x, log = leaf(1.0, 2.0), []
    a, b = x.unbind()
    assert a.grad_fn is b.grad_fn
    a.grad_fn.register_prehook(lambda outputs: log.append([None if g is None else g.item() for g in outputs]))
    (b * 3).backward()
    assert log == [[None, 3.0]]


def test_hooks_of_the_node_at_a_leaf():
    x, log = leaf(1.0), []
    (accumulate, index) = (x * 2).grad_fn.next_functions[0]
    assert (accumulate.name(), index) == ("AccumulateGrad", 0)
    accumulate.register_prehook(lambda outputs: log.append(("before", outputs[0].item(), x.grad)))
    x.register_post_accumulate_grad_hook(lambda t: log.append(("stored", t.grad.item(), t is x)))
    accumulate.register_hook(lambda inputs, outputs: log.append(("after", inputs, outputs[0].item())))
    (x * 2).sum().backward()
    assert log == [("before", 2.0, None), ("stored", 2.0, True), ("after", (), 2.0)]


def test_a_wrong_number_of_replacements_is_refused():
    y = leaf(1.0) * 3
    y.grad_fn.register_prehook(lambda outputs: (outputs[0], outputs[0]))
    with pytest.raises(ShapeError, match="2 gradients in place of 1"):
        y.sum().backward()


def test_what_a_node_tells_about_itself():
    x = leaf(1.0, 2.0)
    a, b = (x * 3).unbind()
    y = a.exp() + b
    node = y.grad_fn
    assert node.name() == "AddBackward0"
    assert [(n.name(), k) for n, k in node.next_functions] == [("ExpBackward0", 0), ("UnbindBackward0", 1)]
    node.metadata["mark"] = 1
    assert y.grad_fn.metadata == {"mark": 1}
    assert repr(node) == "<AddBackward0>"
    assert (x.grad_fn, gt.ones(1).grad_fn) == (None, None)


@pytest.mark.parametrize("lib", ["gputensor", pytest.param("torch", marks=pytest.mark.torch)])
def test_a_node_shows_what_it_saved(lib):
    lib = pytest.importorskip(lib)
    x = lib.tensor([1.0, 2.0], requires_grad=True)
    square, exp, product = x.pow(2), x.exp(), x * lib.tensor([3.0, 4.0])
    assert square.grad_fn._saved_self.tolist() == [1.0, 2.0]
    assert square.grad_fn._saved_self.requires_grad
    assert exp.grad_fn._saved_result.tolist() == exp.tolist()
    assert exp.grad_fn._saved_result.grad_fn is exp.grad_fn
    assert (product.grad_fn._saved_self, product.grad_fn._saved_other.tolist()) == (None, [3.0, 4.0])
    assert not hasattr(exp.grad_fn, "_saved_self")
    assert not hasattr(x.sum().grad_fn, "_saved_result")
    named = {"_saved_self", "_saved_other", "_saved_result"}
    assert [sorted(named & set(dir(y.grad_fn))) for y in (square, exp, product)] == [
        ["_saved_self"], ["_saved_result"], ["_saved_other", "_saved_self"],
    ]  # fmt: skip
    exp.sum().backward()
    with pytest.raises(RuntimeError, match="freed"):
        exp.grad_fn._saved_result  # noqa: B018
    with lib.autograd.graph.saved_tensors_hooks(lambda t: t.tolist(), lib.tensor):
        packed = x.exp()
    assert packed.grad_fn._saved_result.tolist() == packed.tolist()


def test_hooks_make_no_cycles():
    gc.collect()
    gc.disable()
    try:
        x = leaf(1.0)
        x.register_hook(lambda g: g * 2)
        x.register_post_accumulate_grad_hook(lambda t: None)
        y = x * 3
        y.retain_grad()
        y.grad_fn.register_hook(lambda i, o: None)
        y.sum().backward()
        alive = weakref.ref(x)
        del y, x
        assert alive() is None
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.torch
def test_the_order_and_the_values_of_all_hooks_are_those_of_pytorch():
    torch = pytest.importorskip("torch")

    def run(lib):
        log = []

        def note(name):
            def hook(*groups):
                flat = [t for g in groups for t in (g if isinstance(g, tuple) else (g,))]
                log.append((name, [np.asarray(t.detach()).tolist() for t in flat if t is not None]))

            return hook

        x = lib.tensor([1.0, 2.0], requires_grad=True)
        y = x * 3
        z = y.exp()
        y.retain_grad()
        y.register_hook(note("y"))
        y.grad_fn.register_hook(note("node of y"))
        y.grad_fn.register_prehook(note("before node of y"))
        z.register_hook(lambda g: g * 2)
        z.register_hook(note("z"))
        accumulate = y.grad_fn.next_functions[0][0]
        accumulate.register_hook(note("accumulate"))
        accumulate.register_prehook(note("before accumulate"))
        x.register_post_accumulate_grad_hook(lambda t: log.append(("stored", np.asarray(t.grad).tolist())))
        x.register_hook(note("x"))
        (z + y).sum().backward()
        log.append(("kept", np.asarray(y.grad).tolist()))
        return log

    ours, theirs = run(gt), run(torch)
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    for (_, a), (_, b) in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_an_edge_of_the_graph_names_the_node_and_its_output():
    x = gt.ones(2, requires_grad=True)
    edge = gt.autograd.graph.get_gradient_edge(x * 2)
    assert isinstance(edge, gt.autograd.graph.GradientEdge)
    assert isinstance(edge.node, gt.autograd.graph.Node)
    assert (edge.node.name(), edge.output_nr) == ("MulBackward0", 0)
    assert gt.autograd.graph.get_gradient_edge((x * 2).unbind()[1])[1] == 1
    with pytest.raises(gt.errors.GradError, match="does not require grad"):
        gt.autograd.graph.get_gradient_edge(gt.ones(1))


def test_a_write_that_the_graph_cannot_see_is_told():
    x = gt.ones(2, requires_grad=True)
    y = x * x
    gt.autograd.graph.increment_version(x)
    with pytest.raises(gt.errors.GradError, match="increment_version"):
        y.sum().backward()
    z = x * x
    z.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]
