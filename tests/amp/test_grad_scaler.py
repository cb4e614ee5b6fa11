"""GradScaler: losses scaled, gradients unscaled, bad steps left out, the scale grown and cut."""

import math
import pickle

import numpy as np
import pytest

import gputensor as gt


def trained(lib, losses, **options):
    """Parameters and scales after one step for each factor of a loss; None stands for an infinite gradient."""
    w = lib.tensor([1.0, -2.0], requires_grad=True)
    optimizer = lib.optim.SGD([w], lr=0.1)
    scaler = lib.amp.GradScaler("cpu", **options)
    seen = []
    for factor in losses:
        optimizer.zero_grad()
        scaler.scale((w * w).sum() * (math.inf if factor is None else factor)).backward()
        scaler.step(optimizer)
        scaler.update()
        seen.append((w.tolist(), scaler.get_scale()))
    return seen, scaler.state_dict()


def test_a_bad_gradient_leaves_the_step_out_and_cuts_the_scale():
    w = gt.tensor([1.0], requires_grad=True)
    optimizer = gt.optim.SGD([w], lr=0.5)
    scaler = gt.amp.GradScaler("cpu", init_scale=4.0)
    scaler.scale(w.sum() * math.inf).backward()
    assert scaler.step(optimizer) is None
    scaler.update()
    assert (w.tolist(), scaler.get_scale()) == ([1.0], 2.0)
    optimizer.zero_grad()
    scaler.scale(w.sum()).backward()
    assert w.grad.tolist() == [2.0]
    scaler.step(optimizer)
    scaler.update()
    assert (w.tolist(), scaler.get_scale()) == ([0.5], 2.0)


def test_the_scale_grows_after_good_steps():
    seen, state = trained(gt, [1, 1, 1, None, 1], init_scale=8.0, growth_interval=3, growth_factor=4.0)
    assert [scale for _, scale in seen] == [8.0, 8.0, 32.0, 16.0, 16.0]
    assert state["_growth_tracker"] == 1


@pytest.mark.torch
def test_a_run_is_that_of_pytorch():
    torch = pytest.importorskip("torch")
    factors = [1.0, 0.5, None, 2.0, 1.0, 1.0, None, None, 0.25, 1.0]
    options = {"init_scale": 1024.0, "growth_interval": 2, "backoff_factor": 0.25}
    got, state = trained(gt, factors, **options)
    expected, other = trained(torch, factors, **options)
    for (w, scale), (want, wanted) in zip(got, expected, strict=True):
        np.testing.assert_allclose(w, want, rtol=1e-6)
        assert scale == wanted
    assert state == other


def test_gradients_can_be_clipped_between_unscale_and_step():
    w = gt.tensor([3.0, 4.0], requires_grad=True)
    optimizer = gt.optim.SGD([w], lr=1.0)
    scaler = gt.amp.GradScaler("cpu", init_scale=16.0)
    scaler.scale((w * w).sum() / 2).backward()
    scaler.unscale_(optimizer)
    assert w.grad.tolist() == [3.0, 4.0]
    gt.nn.utils.clip_grad_norm_([w], 1.0)
    scaler.step(optimizer)
    np.testing.assert_allclose(w.tolist(), [2.4, 3.2], rtol=1e-5)  # the norm has 1e-6 added to it
    with pytest.raises(RuntimeError, match="step: was called"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="after step"):
        scaler.unscale_(optimizer)
    scaler.update()


def test_each_optimizer_has_its_own_verdict():
    a, b = gt.ones(1, requires_grad=True), gt.ones(1, requires_grad=True)
    first, second = gt.optim.SGD([a], lr=1.0), gt.optim.SGD([b], lr=1.0)
    scaler = gt.amp.GradScaler("cpu", init_scale=2.0)
    scaler.scale((a * math.inf).sum() + b.sum()).backward()
    scaler.step(first)
    scaler.step(second)
    scaler.update()
    assert (a.tolist(), b.tolist(), scaler.get_scale()) == ([1.0], [0.0], 1.0)


def test_a_float16_loss_is_scaled_without_overflow():
    scaler = gt.amp.GradScaler("cpu")
    scaled = scaler.scale(gt.tensor(2.0, dtype=gt.float16))
    assert (scaled.dtype, scaled.item()) == (gt.float32, 131072.0)
    both = scaler.scale([gt.ones(1), (gt.ones(1),)])
    assert both[1][0].tolist() == [65536.0]


def test_a_disabled_scaler_does_the_plain_thing():
    w = gt.ones(1, requires_grad=True)
    optimizer = gt.optim.SGD([w], lr=1.0)
    scaler = gt.amp.GradScaler("cpu", enabled=False)
    loss = w.sum()
    assert scaler.scale(loss) is loss
    loss.backward()
    scaler.unscale_(optimizer)
    scaler.step(optimizer)
    scaler.update()
    assert (w.tolist(), scaler.get_scale(), scaler.state_dict(), scaler.is_enabled()) == ([0.0], 1.0, {}, False)


def test_the_state_is_saved_and_loaded():
    _, state = trained(gt, [1, None, 1], init_scale=64.0)
    scaler = gt.amp.GradScaler("cpu")
    scaler.load_state_dict(state)
    assert scaler.state_dict() == state
    assert pickle.loads(pickle.dumps(scaler)).state_dict() == state
    with pytest.raises(RuntimeError, match="empty"):
        scaler.load_state_dict({})


def test_the_scale_can_be_set():
    w = gt.ones(1, requires_grad=True)
    scaler = gt.amp.GradScaler("cpu")
    scaler.scale(w.sum()).backward()
    scaler.update(8.0)
    assert scaler.get_scale() == 8.0
    scaler.update(gt.tensor(4.0))
    assert scaler.get_scale() == 4.0
    with pytest.raises(TypeError, match="new_scale"):
        scaler.update("2")
    scaler.set_growth_factor(3.0)
    scaler.set_backoff_factor(0.1)
    scaler.set_growth_interval(7)
    assert (scaler.get_growth_factor(), scaler.get_backoff_factor(), scaler.get_growth_interval()) == (3.0, 0.1, 7)


def test_wrong_uses_are_named():
    w = gt.ones(1, requires_grad=True)
    optimizer = gt.optim.SGD([w], lr=1.0)
    scaler = gt.amp.GradScaler("cpu")
    with pytest.raises(RuntimeError, match=r"scale\(\) was never called"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="closure"):
        scaler.step(optimizer, closure=lambda: None)
    scaler.scale(w.sum())
    with pytest.raises(RuntimeError, match="no parameter"):
        scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="no step"):
        gt.amp.GradScaler.update(_scaled(w))
    with pytest.raises(ValueError, match="growth_factor"):
        gt.amp.GradScaler("cpu", growth_factor=1.0)
    with pytest.raises(TypeError, match="outputs"):
        scaler.scale(3)
    half = gt.ones(1, dtype=gt.float16, requires_grad=True)
    half.sum().backward()
    with pytest.raises(ValueError, match="float16"):
        scaler.unscale_(gt.optim.SGD([half], lr=1.0))


def _scaled(w):
    scaler = gt.amp.GradScaler("cpu")
    scaler.scale(w.sum())
    return scaler


@pytest.mark.usefixtures("gpus")
def test_gradients_on_a_gpu_are_unscaled_there():
    w = gt.ones(2, device="cuda", requires_grad=True)
    optimizer = gt.optim.SGD([w], lr=1.0)
    scaler = gt.cuda.amp.GradScaler(init_scale=4.0)
    scaler.scale(w.sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    assert w.tolist() == [0.0, 0.0]
    scaler.scale(w.sum() * math.nan).backward()
    scaler.step(optimizer)
    scaler.update()
    assert (w.tolist(), scaler.get_scale()) == ([0.0, 0.0], 2.0)


def test_without_a_gpu_it_warns_and_is_disabled():
    if gt.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.warns(UserWarning, match="no usable GPU"):
        assert not gt.amp.GradScaler().is_enabled()
    assert gt.cpu.amp.GradScaler().is_enabled()
