"""What backward and grad compute, add up, hand over, and refuse."""

import types

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_
from gputensor.autograd import backward, grad
from gputensor.core.apply import applyn, observe, unobserve, wrap
from gputensor.core.primitive import Primitive
from gputensor.errors import DeviceError, DtypeError, GradError, ShapeError


def leaf(*values, dtype="float64"):
    return gt.tensor(list(values), dtype=dtype, requires_grad=True)


def numbers(t):
    return t.numpy(force=True).tolist()


# --- accumulation -----------------------------------------------------------------------------------------------------


def test_gradients_add_up_over_uses_and_over_passes():
    x = leaf(1.0, 2.0)
    y = x * x + x
    y.sum().backward()
    assert numbers(x.grad) == [3.0, 5.0]
    first = x.grad
    (x * 2).sum().backward()
    assert numbers(x.grad) == [5.0, 7.0]
    assert x.grad is first
    x.grad = None
    (x * 2).sum().backward()
    assert numbers(x.grad) == [2.0, 2.0]
    assert numbers(first) == [5.0, 7.0]


def test_gradients_of_two_leaves_do_not_share_memory():
    x, y = leaf(1.0), leaf(2.0)
    (x + y).sum().backward()
    x.grad.mul_(5)
    assert numbers(y.grad) == [1.0]
    x, y = leaf(1.0), leaf(2.0)
    backward((x + y).sum(), create_graph=True)
    x.grad.detach().mul_(5)
    assert numbers(y.grad) == [1.0]


def test_a_leaf_given_twice_as_a_root_gets_a_gradient_that_can_be_written():
    x = gt.tensor(2.0, requires_grad=True)
    backward([x, x])
    assert isinstance(x.grad.array, np.ndarray)
    x.grad.mul_(3)
    assert numbers(x.grad) == 6.0


def test_the_seed_is_neither_kept_nor_changed():
    x, seed = leaf(1.0, 2.0), gt.tensor([1.0, 1.0], dtype="float64")
    for create in (False, True):
        x.grad = None
        x.backward(seed, create_graph=create)
        x.backward(seed)
        assert numbers(seed) == [1.0, 1.0]
        x.grad.detach().mul_(3)
        assert numbers(seed) == [1.0, 1.0]


def test_a_leafs_gradient_owns_ordinary_memory():
    x = leaf(1.0, 2.0)
    for make in (
        lambda: x.sum(),
        lambda: x.expand(3, 2).sum(),
        lambda: x[::-1].sum(),
        lambda: x.reshape(2, 1).t().sum(),
    ):
        x.grad = None
        make().backward()
        x.grad.mul_(2)
        assert x.grad.is_contiguous()
        x.grad = None
        (g,) = grad(make(), x)
        g.mul_(2)


def test_a_sum_sends_a_view_backwards_not_a_full_array():
    x, strides = gt.ones(1000, 1000, requires_grad=True), []
    y = x * 2
    y.register_hook(lambda g: strides.append(g.stride()))
    y.sum().backward()
    assert strides == [(0, 0)]


def test_what_was_broadcast_is_summed_back_and_cast_back():
    x, y = gt.ones(3, 1, requires_grad=True), gt.ones(2, 1, 4, dtype="float64", requires_grad=True)
    (x * y).sum().backward()
    assert (x.grad.shape, x.grad.dtype.name, numbers(x.grad)) == ((3, 1), "float32", [[8.0]] * 3)
    assert (y.grad.shape, y.grad.dtype.name, float(y.grad.sum())) == ((2, 1, 4), "float64", 24.0)


def test_a_zero_dimensional_operand_gets_a_zero_dimensional_gradient():
    x, s = leaf(1.0, 2.0), gt.tensor(3.0, requires_grad=True)
    (x * s).sum().backward()
    assert (s.grad.shape, s.grad.dtype.name, s.grad.item()) == ((), "float32", 3.0)


def test_a_zero_dimensional_value_that_is_used_often_adds_up():
    x = gt.tensor(2.0, dtype="float64", requires_grad=True)
    h = x * 1.0
    (h * h + h * 3.0 + h * h * h + h.exp()).backward()
    assert x.grad.item() == pytest.approx(4 + 3 + 12 + np.exp(2.0))


class Spread(Primitive):
    """A rule that calls words which take arrays only."""

    __slots__ = ()

    def forward(self, xp, x):
        return xp.reshape(x, (1,))

    def vjp_x(self, xp, g, out, x):
        return xp.reshape(xp.reshape(g, (1, 1)), ()) * 1.0


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_a_rule_gets_arrays_also_of_zero_dimensions(dtype):
    x = gt.tensor(2.0, dtype=dtype, requires_grad=True)
    y = applyn(Spread(), (x * 1.0,))[0]
    y = applyn(Spread(), (y * 1.0,))[0] * 1.0
    applyn(Spread(), (y,)).backward(gt.ones(1, dtype=dtype))
    assert x.grad.item() == 1.0
    (g,) = grad(applyn(Spread(), (x * 1.0,))[0] * 2.0, x, gt.tensor(1.0, dtype=dtype))
    assert g.item() == 2.0


def test_empty_tensors_have_empty_gradients():
    x = gt.zeros(0, 3, requires_grad=True)
    (x * 2).exp().sum().backward()
    assert x.grad.shape == (0, 3)


# --- which inputs -----------------------------------------------------------------------------------------------------


def test_grad_returns_gradients_and_touches_no_leaf():
    x, y = leaf(1.0), leaf(2.0)
    h = x * y
    found = grad((h * h).sum(), [x, h, y])
    assert [numbers(g) for g in found] == [[8.0], [4.0], [4.0]]
    assert (x.grad, y.grad, h.grad) == (None, None, None)
    assert numbers(grad(x, x, gt.tensor([3.0], dtype="float64"))[0]) == [3.0]


def test_several_outputs_are_summed_also_when_one_comes_twice():
    x = leaf(2.0)
    y = x * x
    seeds = [None, gt.tensor([10.0], dtype="float64"), None]
    assert numbers(grad([y, x * 3, y], x, seeds, retain_graph=True)[0]) == [38.0]
    backward([y, y * 1])
    assert numbers(x.grad) == [8.0]


def test_an_input_that_was_not_used():
    x, y = leaf(1.0), leaf(2.0)
    with pytest.raises(GradError, match="input 1 was not used"):
        grad((x * 2).sum(), [x, y])
    assert grad((x * 2).sum(), [x, y], allow_unused=True)[1] is None
    assert numbers(grad((x * 2).sum(), [x, y], materialize_grads=True)[1]) == [0.0]
    with pytest.raises(ValueError, match="allow_unused"):
        grad((x * 2).sum(), [x, y], materialize_grads=True, allow_unused=False)
    with pytest.raises(GradError, match="one of the inputs does not require grad"):
        grad((x * 2).sum(), gt.ones(1))


def test_backward_into_chosen_inputs_only():
    x, y = leaf(1.0), leaf(2.0)
    h = x * y
    (h * h).sum().backward(inputs=[x, h])
    assert (numbers(x.grad), numbers(h.grad), y.grad) == ([8.0], [4.0], None)
    h = x * y
    (h * 1).sum().backward(inputs=y)
    assert (numbers(x.grad), numbers(y.grad)) == ([8.0], [1.0])
    with pytest.raises(ValueError, match="inputs must not be empty"):
        (x * 2).sum().backward(inputs=[])


def test_only_the_part_of_the_graph_that_leads_to_the_inputs_is_walked():
    x, y, log = leaf(1.0), leaf(2.0), []
    a, b = x * 2, y * 3
    a.register_hook(lambda g: log.append("a"))
    b.register_hook(lambda g: log.append("b"))
    grad((a + b).sum(), x)
    assert log == ["a"]


# --- graphs used twice ------------------------------------------------------------------------------------------------


def test_a_second_backward_needs_retain_graph():
    x = leaf(2.0)
    y = (x * x).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert numbers(x.grad) == [8.0]
    with pytest.raises(GradError, match="retain_graph=True"):
        y.backward()
    assert numbers(x.grad) == [8.0]


def test_a_graph_that_saved_nothing_may_be_walked_twice():
    x = leaf(2.0)
    y = (x + x - 1).sum()
    y.backward()
    y.backward()
    assert numbers(x.grad) == [4.0]


def test_two_graphs_share_a_part_only_with_retain_graph():
    x = leaf(2.0)
    h = x * x
    h.sum().backward()
    with pytest.raises(GradError, match="retain_graph"):
        (h * 3).sum().backward()


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "error", "words"),
    [
        (lambda: gt.ones(1).backward(), GradError, "does not require grad"),
        (lambda: leaf(1.0, 2.0).backward(), GradError, "one element"),
        (lambda: (leaf(1.0) * (1 + 1j)).backward(), GradError, "complex"),
        (lambda: leaf(1.0).backward(gt.ones(2, dtype="float64")), ShapeError, r"\(2,\).*\(1,\)"),
        (lambda: leaf(1.0).backward(2.0), TypeError, "gradient must be a Tensor, got float"),
        (lambda: leaf(1.0).backward(gt.tensor([1j])), DtypeError, "complex"),
        (lambda: grad(leaf(1.0), "x"), TypeError, "inputs must be Tensors"),
        (lambda: grad([leaf(1.0)], leaf(1.0), []), ValueError, "1 outputs need as many"),
        (lambda: backward([leaf(1.0)], []), ValueError, "1 tensors need as many"),
        (lambda: gt.tensor([1]).requires_grad_(), DtypeError, r"int64.*\.float\(\)"),
        (lambda: (leaf(1.0) * 2).requires_grad_(False), GradError, "detach"),
        (lambda: (leaf(1.0) * 2)[0].detach_(), GradError, "view"),
    ],
)
def test_refusals_say_what_is_wrong(run, error, words):
    with pytest.raises(error, match=words):
        run()


def test_a_pass_that_fails_leaves_recording_on_and_gradients_as_they_were():
    x = leaf(1.0)
    h = x * 2
    y = h.exp() * x
    h.register_hook(lambda g: {}["missing"])
    with pytest.raises(KeyError):
        y.sum().backward(retain_graph=True)
    assert gt.is_grad_enabled()
    assert x.grad is None


def test_an_upward_gradient_of_another_dtype_is_converted():
    x = leaf(1.0, dtype="float32")
    (x * 2).backward(gt.ones(1, dtype="float64"))
    assert (x.grad.dtype.name, x.grad.item()) == ("float32", 2.0)


def test_arguments_of_pytorchs_grad_that_mean_nothing_here():
    x = leaf(2.0)
    assert grad(outputs=x * x, inputs=x, create_graph=True, retain_graph=True, only_inputs=True)[0].item() == 4.0
    with pytest.raises(ValueError, match="only_inputs"):
        grad(x * x, x, only_inputs=False)
    with pytest.raises(ValueError, match="is_grads_batched"):
        grad(x * x, x, is_grads_batched=True)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = gt.autograd.nonsense


def test_a_chosen_input_that_is_no_leaf_has_a_gradient_of_its_own():
    x, seed = leaf(1.0), gt.ones(1, dtype="float64")
    h = x * 1
    h.backward(seed, inputs=[h])
    h.grad.mul_(5)
    assert seed.item() == 1.0


# --- leaves -----------------------------------------------------------------------------------------------------------


def test_leaf_rules():
    x, c = leaf(1.0), gt.ones(1)
    y = x * 2
    assert (x.is_leaf, c.is_leaf, y.is_leaf, y.detach().is_leaf) == (True, True, False, True)
    assert (x.grad_fn, c.grad_fn) == (None, None)
    assert y.grad_fn is not None
    assert not y.detach().requires_grad
    x.requires_grad = False
    assert not (x * 2).requires_grad
    with gt.no_grad():
        z = x * 2
    assert (z.is_leaf, z.requires_grad) == (True, False)


def test_a_gradient_stays_when_requires_grad_is_switched_off_and_on():
    x = leaf(1.0)
    (x * 2).sum().backward()
    x.requires_grad_(False)
    assert numbers(x.grad) == [2.0]
    x.requires_grad_(True)
    (x * 3).sum().backward()
    assert numbers(x.grad) == [5.0]


def test_a_gradient_may_be_set_if_it_fits():
    x = leaf(1.0)
    x.grad = gt.tensor([4.0], dtype="float64")
    (x * 2).sum().backward()
    assert numbers(x.grad) == [6.0]
    with pytest.raises(ShapeError, match=r"\(2,\).*\(1,\)"):
        x.grad = gt.ones(2, dtype="float64")
    with pytest.raises(DtypeError, match="float32"):
        x.grad = gt.ones(1)
    with pytest.raises(TypeError, match="float"):
        x.grad = 1.0


def test_detach_shares_memory_and_write_stamps():
    x = leaf(1.0)
    h = x * 1
    y = h * h
    h.detach().mul_(2)
    with pytest.raises(GradError, match="mul_"):
        y.sum().backward()


# --- derivatives of any order -----------------------------------------------------------------------------------------


def test_the_fifth_derivative_of_a_power():
    x = leaf(2.0)
    y = x**7
    for factor in (7 * 2**6, 42 * 2**5, 210 * 2**4, 840 * 2**3, 2520 * 2**2):
        (y,) = grad(y, x, create_graph=True)
        assert y.item() == pytest.approx(factor)


def test_a_gradient_under_create_graph_equals_the_one_without():
    x, w = leaf(0.3, -0.2, 0.5), leaf(1.0, 2.0, 3.0)
    y = ((x * w).exp().reshape(3, 1).t() @ (x * 2).reshape(3, 1)).sum() + x[1:].tanh().sum()
    plain = grad(y, [x, w], retain_graph=True)
    recorded = grad(y, [x, w], create_graph=True)
    for a, b in zip(plain, recorded, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.detach().numpy())
        assert (a.requires_grad, b.requires_grad) == (False, True)


def test_backward_with_create_graph_leaves_a_gradient_with_history():
    x = leaf(2.0)
    (x**3).backward(create_graph=True)
    assert x.grad.requires_grad
    (d,) = grad(x.grad, x)
    assert d.item() == 12.0
    x.grad = None


# --- what the design fell over once (each is a trap that a faster core could fall into again) -------------------------


def test_a_write_between_two_backward_passes_is_seen():
    x = leaf(1.0, 2.0)
    h = x * 1
    (g,) = grad((h * h * h).sum(), x, create_graph=True)
    h.add_(1.0)
    with pytest.raises(GradError, match="add_"):
        (g * g).sum().backward()
    x = leaf(1.0, 2.0)
    (g,) = grad((x * x * x).sum(), x, create_graph=True)
    with gt.no_grad():
        x.add_(1.0)
    with pytest.raises(GradError, match="add_"):
        (g * g).sum().backward()


class Normalize(Primitive):
    """x over its root mean square, and one over that: two outputs, both of which its gradients read."""

    __slots__ = ()
    saves = ("x", "out")
    nout = 2

    def forward(self, xp, x):
        scale = xp.mean(x * x) ** -0.5
        return x * scale, scale

    def vjp_x(self, xp, g, out, x):
        g_y, g_scale = g
        y, scale = out
        n = x.shape[0]
        return g_y * scale - y * (xp.sum(g_y * y) * scale / n) - y * (scale * scale) * g_scale / n


def test_gradients_of_outputs_that_were_saved_add_up():
    x = leaf(0.5, -1.0, 2.0)
    assert gt.autograd.gradcheck(lambda t: applyn(Normalize(), (t,)), x)
    assert gt.autograd.gradgradcheck(lambda t: applyn(Normalize(), (t,)), x)
    assert gt.autograd.gradgradcheck(lambda t: applyn(Normalize(), (t,))[0], x)
    y, scale = applyn(Normalize(), (x,))
    (g,) = grad(y.sum(), x, create_graph=True)
    # the user's tensor and the saved value are one place in the graph
    (d,) = grad(g.sum(), scale)
    expected = 3 - float((y * float(y.detach().sum()) / 3).detach().sum())
    assert d.item() == pytest.approx(expected)


def test_an_operand_that_is_part_of_what_is_written_is_read_before():
    x = leaf(1.0, 2.0, 3.0)
    h = x * 1
    h.mul_(h[0])
    assert numbers(h) == [1.0, 2.0, 3.0]
    h = x * 1
    h[1:].mul_(h[:2])
    assert numbers(h) == [1.0, 2.0, 6.0]
    h.sum().backward()
    assert numbers(x.grad) == [3.0, 4.0, 2.0]


def test_a_write_with_a_constant_saves_nothing_and_forbids_nothing():
    x = leaf(1.0)
    h = x * 1
    h.mul_(2.0)
    h.mul_(3.0)
    h.add_(1.0)
    h.sum().backward()
    assert numbers(x.grad) == [6.0]


def test_nothing_bypasses_observers():
    seen = []

    def note(prim, tensors, result):
        seen.append(repr(prim))

    x = gt.ones(2, 2)
    observe(note)
    try:
        _ = x > 0
        _ = x[0]
        _ = x[[0, 1]]
        x[0] = 1.0
        x.mul_(2.0)
        _ = x.t().reshape(4)
        _ = x.double()
        _ = x @ x
    finally:
        unobserve(note)
    assert seen == ["greater", "slice", "index", "slice", "copy", "mul", "t", "reshape", "to", "matmul"]


def test_a_reshape_that_copies_is_no_view_while_something_observes():
    x = leaf(1.0, 2.0, 3.0, 4.0)
    observe(print_nothing := lambda *_: None)
    try:
        h = x.reshape(2, 2) * 1
        flat = h.t().reshape(4)
    finally:
        unobserve(print_nothing)
    flat.mul_(2)
    assert numbers(h) == [[1.0, 2.0], [3.0, 4.0]]
    flat.sum().backward()
    assert numbers(x.grad) == [2.0] * 4


def test_a_view_out_of_date_brings_its_history_into_a_write():
    x = leaf(1.0, 2.0)
    z, target = gt.zeros(2, dtype="float64"), gt.zeros(2, dtype="float64")
    view = z[:]
    z.add_(x)
    target.add_(view)
    assert target.requires_grad
    target.sum().backward()
    assert numbers(x.grad) == [1.0, 1.0]


def test_every_way_of_combining_two_tensors_checks_the_device():
    elsewhere = types.ModuleType("elsewhere")
    elsewhere.__dict__.update({k: v for k, v in vars(numpy_).items() if not k.startswith("__")})
    elsewhere.device_type, elsewhere.device_index = "cuda", 0
    x, other = gt.ones(2), wrap(np.ones(2, np.float32), elsewhere)
    for run in (
        lambda: x * other,
        lambda: x.mul_(other),
        lambda: x > other,
        lambda: x.requires_grad_() * other,
        lambda: x @ other,
        lambda: (x * 1).add_(other),
        lambda: x.__setitem__(slice(None), other),
    ):
        for mode in (gt.enable_grad, gt.no_grad):
            with mode(), pytest.raises(DeviceError, match="cuda:0"):
                run()


def test_casts_between_real_and_complex_keep_the_real_part_backwards():
    x, z = leaf(1.0, 2.0), gt.tensor([1 + 2j, 3 - 1j], dtype="complex128", requires_grad=True)
    (x * z).backward(gt.tensor([1j, 1j], dtype="complex128"))
    assert x.grad.dtype.name == "float64"
    np.testing.assert_allclose(x.grad.numpy(), np.real(np.conj(z.detach().numpy()) * 1j))
    np.testing.assert_allclose(z.grad.numpy(), x.detach().numpy() * 1j)


# --- against PyTorch --------------------------------------------------------------------------------------------------


@pytest.mark.torch
def test_grad_and_backward_of_many_kinds_are_those_of_pytorch():
    torch = pytest.importorskip("torch")

    def programs(lib):
        def new(*values, **options):
            return lib.tensor(list(values), dtype=lib.float32 if lib is torch else "float32", **options)

        x, y, c = new(1.0, -2.0, requires_grad=True), new(0.5, 3.0, requires_grad=True), new(2.0, 2.0)
        yield from lib.autograd.grad((x * y + c).sum(), [x, y])
        yield from lib.autograd.grad([x * y, y.exp()], [y, x], [c, c * 2])
        (g,) = lib.autograd.grad((x * x * y).sum(), x, create_graph=True)
        yield from lib.autograd.grad(g, [x, y], c)
        h = x * y
        h.retain_grad()
        (h * h).sum().backward(inputs=[x, h], retain_graph=True)
        yield from (x.grad, h.grad)
        (h * x).sum().backward(inputs=[h])
        yield h.grad
        z = lib.tensor([1 + 2j, 0.5 - 1j], requires_grad=True)
        w = z * z * x
        yield from lib.autograd.grad(w, [z, x], lib.tensor([1j, 2.0 + 0j]))
        s = lib.tensor(3.0, requires_grad=True)
        yield from lib.autograd.grad((x * s).sum(), [s, x])

    for k, (ours, theirs) in enumerate(zip(programs(gt), programs(torch), strict=True)):
        assert ours.dtype.name == str(theirs.dtype).removeprefix("torch.")
        np.testing.assert_allclose(ours.numpy(force=True), theirs.detach().numpy(), rtol=1e-6, err_msg=str(k))


def test_a_tensor_with_a_history_may_be_given_a_gradient():
    x = gt.ones(2, requires_grad=True)
    y = x * 2
    y.grad = gt.tensor([3.0, 4.0])
    assert y.grad.tolist() == [3.0, 4.0]
    y.grad = None
    assert y.grad is None


def test_a_node_of_several_outputs_is_named_with_the_dtype_and_shape_of_each():
    u, _, v = gt.linalg.svd(gt.eye(3, 2).requires_grad_(), full_matrices=False)
    with gt.no_grad():
        u *= 2
    words = r"svd \(outputs float32 of shape \(3, 2\), float32 of shape \(2,\), float32 of shape \(2, 2\)\)"
    with pytest.raises(GradError, match=words):
        v.sum().backward()
