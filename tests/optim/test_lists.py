"""Steps over lists of arrays: many small ones as one, large ones in blocks, and memory that others see."""

import copy

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays.numpy_ import blocks
from gputensor.optim import _lists

from .conftest import give, parameters


def adam_of(params, **options):
    return gt.optim.Adam(params, lr=0.1, **options)


def stepped(values, gradients, steps=3, arrange=lambda params: None, make=adam_of):
    """The parameters after some steps with the same gradients."""
    params = parameters(values)
    arrange(params)
    optimizer = make(params)
    for _ in range(steps):
        give(params, gradients)
        optimizer.step()
    return [p.detach().numpy() for p in params]


@pytest.mark.parametrize("make", [adam_of, lambda ps: gt.optim.SGD(ps, lr=0.1, momentum=0.9, weight_decay=0.1)])
def test_packed_and_single_arrays_get_the_same_steps(drawn, monkeypatch, make):
    values, gradients = drawn((3, 4), (4,), (), (50, 7), (2, 0))
    packed = stepped(values, gradients, make=make)
    monkeypatch.setattr(_lists, "_SMALL", 0)
    single = stepped(values, gradients, make=make)
    monkeypatch.setattr(blocks, "_PART", 5)
    in_parts = stepped(values, gradients, make=make)
    for a, b, c in zip(packed, single, in_parts, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)
        np.testing.assert_allclose(a, c, rtol=1e-14)


def test_packs_are_no_larger_than_they_should_be(monkeypatch, drawn):
    values, gradients = drawn(*[(10,)] * 9)
    whole = stepped(values, gradients)
    monkeypatch.setattr(_lists, "_PACK", 25)
    for a, b in zip(whole, stepped(values, gradients), strict=True):
        np.testing.assert_array_equal(a, b)


def test_several_dtypes_in_one_group(drawn):
    values, gradients = drawn((3,), (4,), (5,), (6,))
    params = [gt.nn.Parameter(gt.tensor(v).to(d)) for v, d in zip(values, ("float32", "float64") * 2, strict=True)]
    give(params, gradients)
    adam_of(params).step()
    for p, v, g in zip(params, values, gradients, strict=True):
        np.testing.assert_allclose(p.detach().double().numpy(), v - 0.1 * np.sign(g), rtol=1e-5)


def test_numpy_arrays_that_share_memory_see_every_step(drawn):
    values, gradients = drawn((3, 4), (4,), (200, 200))
    arrays = [v.copy() for v in values]
    params = [gt.nn.Parameter(gt.from_numpy(a)) for a in arrays]
    views = [p.detach() for p in params]
    optimizer = adam_of(params)
    for _ in range(2):
        give(params, gradients)
        optimizer.step()
        for p, a, v in zip(params, arrays, views, strict=True):
            assert p.array is a
            np.testing.assert_array_equal(v.numpy(), a)
    assert not np.array_equal(arrays[0], values[0])


def test_memory_changed_between_steps_counts(drawn):
    values, gradients = drawn((3,), (3,))
    params = parameters(values)
    optimizer = gt.optim.SGD(params, lr=0.1)
    give(params, gradients)
    optimizer.step()
    params[0].detach().numpy()[:] = 7.0
    params[1].data = gt.tensor([1.0, 2.0, 3.0], dtype="float64")
    optimizer.step()
    np.testing.assert_allclose(params[0].detach().numpy(), 7.0 - 0.1 * gradients[0])
    np.testing.assert_allclose(params[1].detach().numpy(), [1.0, 2.0, 3.0] - 0.1 * gradients[1])


@pytest.mark.parametrize("order", ["transposed", "strided", "negative", "channels last"])
@pytest.mark.parametrize("small", [0, 1 << 13])
def test_any_memory_order_gets_the_same_step(rng, monkeypatch, order, small):
    monkeypatch.setattr(_lists, "_SMALL", small)
    monkeypatch.setattr(blocks, "_PART", 7)
    base = rng.standard_normal((2, 3, 4, 6))
    laid = {
        "transposed": base.transpose(3, 1, 0, 2),
        "strided": base[:, :, ::2, 1::2],
        "negative": base[::-1, :, ::-1],
        "channels last": base.transpose(0, 3, 1, 2),
    }[order]
    gradient = rng.standard_normal(laid.shape)
    expected = laid.copy()
    p = gt.nn.Parameter(gt.from_numpy(laid))
    other = gt.nn.Parameter(gt.ones(1, dtype="float64"))
    (plain,) = parameters([expected])
    for params in ([p, other], [plain]):
        optimizer = adam_of(params)
        for _ in range(3):
            p.grad = plain.grad = gt.tensor(gradient)
            optimizer.step()
    assert p.array is laid
    np.testing.assert_allclose(laid, plain.detach().numpy(), rtol=1e-14)


@pytest.mark.parametrize("order", [(0, 2, 3, 1), (3, 1, 2, 0), (1, 2, 3, 0)])
def test_states_have_the_shape_of_their_parameter_in_any_memory_order(rng, order):
    shape = (2, 3, 4, 5)
    wide = np.ascontiguousarray(rng.standard_normal(shape).transpose(order))
    p = gt.from_numpy(wide.transpose(np.argsort(order))).requires_grad_()
    optimizer = adam_of([p])
    p.grad = gt.from_numpy(rng.standard_normal(shape))
    optimizer.step()
    for name in ("exp_avg", "exp_avg_sq"):
        state = optimizer.state[p][name]
        assert (state.shape, state.stride()) == (p.shape, p.stride())
    np.testing.assert_allclose(optimizer.state[p]["exp_avg"].numpy(), 0.1 * p.grad.numpy(), rtol=1e-12)
    adam_of([p]).load_state_dict(optimizer.state_dict())


@pytest.mark.parametrize(
    "view", [lambda a: np.frombuffer(a.data, a.dtype), lambda a: np.lib.stride_tricks.as_strided(a, (4,), (8,))]
)
def test_views_that_are_bases_of_their_own_are_known_to_overlap(view):
    memory = np.zeros(4)
    params = [gt.from_numpy(view(memory)).requires_grad_() for _ in range(2)]
    give(params, [np.ones(4)] * 2)
    gt.optim.SGD(params, lr=1.0).step()
    assert memory.tolist() == [-2.0] * 4


def test_parameters_that_share_memory_are_stepped_one_after_the_other():
    whole = gt.ones(4, dtype="float64")
    a, b = gt.nn.Parameter(whole), gt.nn.Parameter(whole[1:3])
    apart = gt.nn.Parameter(gt.ones(2, dtype="float64"))
    give([a, apart, b], [np.ones(4), np.ones(2), np.ones(2)])
    gt.optim.SGD([a, apart, b], lr=0.25).step()
    assert whole.tolist() == [0.75, 0.5, 0.5, 0.75]
    assert apart.tolist() == [0.75, 0.75]


def test_neighbours_in_one_memory_are_not_mistaken_for_overlapping(drawn):
    values, gradients = drawn((2,), (3,))
    line = gt.tensor(np.concatenate(values))
    params = [gt.nn.Parameter(line[:2]), gt.nn.Parameter(line[2:])]
    give(params, gradients)
    optimizer = gt.optim.SGD(params, lr=0.5)
    optimizer.step()
    np.testing.assert_allclose(line.numpy(), np.concatenate(values) - 0.5 * np.concatenate(gradients))


def test_state_that_the_user_replaces_is_used(drawn):
    values, gradients = drawn((3,), (4,))
    params = parameters(values)
    optimizer = gt.optim.SGD(params, lr=0.1, momentum=0.5)
    give(params, gradients)
    optimizer.step()
    mine = gt.zeros(3, dtype="float64")
    optimizer.state[params[0]]["momentum_buffer"] = mine
    optimizer.step()
    np.testing.assert_allclose(mine.numpy(), gradients[0])
    assert optimizer.state[params[0]]["momentum_buffer"] is mine
    optimizer.state[params[1]]["momentum_buffer"].zero_()
    optimizer.step()
    np.testing.assert_allclose(optimizer.state[params[1]]["momentum_buffer"].numpy(), gradients[1])


def test_state_that_the_user_forgets_begins_anew(drawn):
    values, gradients = drawn((3,), (4,))
    params = parameters(values)
    optimizer = adam_of(params)
    give(params, gradients)
    optimizer.step()
    optimizer.state.clear()
    optimizer.step()
    assert optimizer.state[params[0]]["step"].item() == 1.0


def test_the_states_of_small_parameters_need_no_gathering(drawn):
    values, gradients = drawn((3,), (4,))
    params = parameters(values)
    optimizer = adam_of(params)
    give(params, gradients)
    optimizer.step()
    moments = [optimizer.state[p]["exp_avg"].array for p in params]
    assert moments[0].base is moments[1].base
    twin = adam_of(parameters(values))
    twin.load_state_dict(optimizer.state_dict())
    loaded = [twin.state[p]["exp_avg"].array for p in twin.param_groups[0]["params"]]
    assert loaded[0].base is loaded[1].base is not moments[0].base
    np.testing.assert_array_equal(loaded[0], moments[0])


def test_a_deep_copied_optimizer_goes_on_alone(drawn):
    values, gradients = drawn((3,), (4,))
    params = parameters(values)
    optimizer = adam_of(params)
    give(params, gradients)
    optimizer.step()
    twin = copy.deepcopy(optimizer)
    give(twin.param_groups[0]["params"], gradients)
    twin.step()
    optimizer.step()
    for p, q in zip(params, twin.param_groups[0]["params"], strict=True):
        assert p is not q
        np.testing.assert_allclose(p.detach().numpy(), q.detach().numpy())


def test_a_step_is_a_write_that_backward_sees():
    p = gt.nn.Parameter(gt.ones(2))
    loss = (p * p).sum()
    loss.backward(retain_graph=True)
    gt.optim.SGD([p], lr=0.1).step()
    with pytest.raises(gt.errors.GradError, match="changed in place"):
        loss.backward()


@pytest.mark.parametrize("make", [adam_of, lambda ps: gt.optim.SGD(ps, lr=0.1, momentum=0.9)])
def test_a_step_that_fails_in_a_later_group_has_not_changed_an_earlier_one(make):
    frozen = np.ones(2)
    frozen.flags.writeable = False
    good, bad = gt.nn.Parameter(gt.ones(2, dtype="float64")), gt.nn.Parameter(gt.from_numpy(frozen))
    give([good, bad], [np.ones(2), np.ones(2)])
    optimizer = make([{"params": [("first", good)]}, {"params": [("second", bad)]}])
    with pytest.raises(ValueError, match=r"parameter 'second' 0 of group 1 .*read-only"):
        optimizer.step()
    assert good.tolist() == [1.0, 1.0]
    assert not optimizer.state
    bad.data = gt.ones(2, dtype="float64")
    optimizer.step()
    assert good.tolist() == bad.tolist() != [1.0, 1.0]


def test_a_parameter_that_cannot_be_written_is_named_and_nothing_changes():
    frozen = np.ones(2)
    frozen.flags.writeable = False
    params = [gt.nn.Parameter(gt.ones(2, dtype="float64")), gt.nn.Parameter(gt.from_numpy(frozen))]
    give(params, [np.ones(2), np.ones(2)])
    optimizer = adam_of(params)
    with pytest.raises(ValueError, match=r"parameter 1 .*read-only"):
        optimizer.step()
    assert params[0].tolist() == [1.0, 1.0]


def test_many_parameters_of_every_size(rng):
    shapes = [(int(n),) for n in rng.integers(0, 2000, 150)] + [(300, 300), (1,), (20000,)]
    values = [rng.standard_normal(s) for s in shapes]
    gradients = [rng.standard_normal(s) for s in shapes]
    for p, v, g in zip(stepped(values, gradients, steps=1), values, gradients, strict=True):
        np.testing.assert_allclose(p, v - 0.1 * g / (np.abs(g) + 1e-8), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("small", [0, 1 << 13])
def test_state_stays_in_its_dtype_when_the_parameters_change_theirs(drawn, monkeypatch, small):
    monkeypatch.setattr(_lists, "_SMALL", small)
    values, gradients = drawn((3,), (4,))
    results = []
    for convert in (lambda m: m.double(), lambda m: m):
        m = gt.nn.ParameterList([gt.tensor(v, dtype=gt.float32) for v in values])
        optimizer = adam_of(m.parameters())
        give(m, gradients)
        optimizer.step()
        convert(m)
        give(m, gradients)
        optimizer.step()
        assert optimizer.state[m[0]]["exp_avg"].dtype == gt.float32
        results.append([p.double().tolist() for p in m])
    for a, b in zip(*results, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)


@pytest.mark.parametrize("small", [0, 1 << 13])
def test_strided_complex_parameters_are_stepped_in_place(rng, monkeypatch, small):
    monkeypatch.setattr(_lists, "_SMALL", small)
    memory = rng.standard_normal(8) + 1j * rng.standard_normal(8)
    before = memory.copy()
    p = gt.nn.Parameter(gt.from_numpy(memory)[::2])
    other = gt.nn.Parameter(gt.ones(2, dtype=gt.complex128))
    p.grad, other.grad = gt.ones(4, dtype=gt.complex128), gt.ones(2, dtype=gt.complex128)
    gt.optim.SGD([p, other], lr=0.5, momentum=0.9).step()
    np.testing.assert_allclose(memory[::2], before[::2] - 0.5)
    np.testing.assert_array_equal(memory[1::2], before[1::2])


def test_state_left_on_another_device_is_named(gpus):
    p, q = gt.nn.Parameter(gt.ones(2)), gt.nn.Parameter(gt.ones(3))
    optimizer = adam_of([p, q])
    give([p, q], [np.ones(2), np.ones(3)])
    optimizer.step()
    gt.nn.ParameterList([p, q]).cuda()
    with pytest.raises(gt.errors.DeviceError, match=r"parameter 0 of group 0 .* has its state 'exp_avg' on cpu"):
        optimizer.step()


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_steps_run_on_the_device_of_the_parameters(gpus, kind):
    # the second GPU is not the current one
    params = [gt.nn.Parameter(gt.ones(n, device="cuda:1")) for n in (2, 3, 20000)]
    for p in params:
        p.grad = gt.ones(*p.shape, device="cuda:1")
    optimizer = getattr(gt.optim, kind)(params, lr=0.5)
    for _ in range(2):
        optimizer.step()
    for p in params:
        assert str(p.device) == "cuda:1"
        np.testing.assert_allclose(p.detach().cpu().numpy(), np.zeros(p.shape), atol=1e-6)
