"""Averages of weights, statistics of batch normalization computed anew, and the schedule that goes with them."""

import copy

import numpy as np
import pytest

import gputensor as gt
from gputensor.optim.swa_utils import (
    SWALR,
    AveragedModel,
    get_ema_avg_fn,
    get_ema_multi_avg_fn,
    get_swa_avg_fn,
    get_swa_multi_avg_fn,
    update_bn,
)


def model_of(value):
    model = gt.nn.Sequential(gt.nn.Linear(2, 2), gt.nn.BatchNorm1d(2))
    with gt.no_grad():
        for p in model.parameters():
            p.fill_(value)
        model[1].running_mean.fill_(value)
    return model


@pytest.mark.parametrize("options", [{}, {"multi_avg_fn": get_swa_multi_avg_fn()}])
def test_the_average_is_the_mean_of_all_weights(options):
    average = AveragedModel(model_of(0.0), **options)
    for value in (1.0, 2.0, 6.0):
        average.update_parameters(model_of(value))
    assert all(bool((p == 3.0).all()) for p in average.module.parameters())
    assert average.module[1].running_mean.tolist() == [6.0, 6.0]  # buffers are copied
    assert average.n_averaged.item() == 3
    assert average(gt.ones(2, 2)).shape == (2, 2)


@pytest.mark.parametrize("options", [{"avg_fn": get_ema_avg_fn(0.75)}, {"multi_avg_fn": get_ema_multi_avg_fn(0.75)}])
def test_a_moving_average_with_buffers(options):
    average = AveragedModel(model_of(0.0), use_buffers=True, **options)
    for value in (4.0, 8.0):
        average.update_parameters(model_of(value))
    assert all(bool((p == 5.0).all()) for p in average.module.parameters())
    assert average.module[1].running_mean.tolist() == [5.0, 5.0]


def test_the_average_is_a_copy_and_its_state_loads():
    model = model_of(1.0)
    average = AveragedModel(model)
    assert all(p is not q for p, q in zip(average.module.parameters(), model.parameters(), strict=True))
    average.update_parameters(model)
    other = AveragedModel(model_of(0.0))
    other.load_state_dict(average.state_dict())
    assert other.n_averaged.item() == 1
    with pytest.raises(ValueError, match="Only one of avg_fn and multi_avg_fn"):
        AveragedModel(model, avg_fn=get_ema_avg_fn(), multi_avg_fn=get_ema_multi_avg_fn())
    with pytest.raises(ValueError, match=r"Invalid decay value 1\.5"):
        get_ema_avg_fn(1.5)


def test_statistics_are_those_of_all_batches(rng):
    model = gt.nn.Sequential(gt.nn.BatchNorm1d(3, momentum=0.3)).eval()
    batches = [gt.tensor(rng.standard_normal((4, 3)).astype("float32")) for _ in range(3)]
    update_bn([(b, None) for b in batches], model)
    means = np.mean([b.numpy().mean(0) for b in batches], axis=0)
    np.testing.assert_allclose(model[0].running_mean.numpy(), means, rtol=1e-5, atol=1e-6)
    assert model[0].momentum == 0.3
    assert not model.training


def test_the_rate_moves_to_its_goal_and_stays():
    optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    scheduler = SWALR(optimizer, swa_lr=0.2, anneal_epochs=4)
    seen = []
    for _ in range(7):
        seen += scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
    part = (1 - np.cos(np.pi * np.minimum(np.arange(7), 4) / 4)) / 2
    np.testing.assert_allclose(seen, 1.0 + (0.2 - 1.0) * part)
    with pytest.raises(ValueError, match="anneal_strategy must be one of"):
        SWALR(optimizer, 0.1, anneal_strategy="other")
    with pytest.raises(ValueError, match="anneal_epochs must be equal or greater than 0"):
        SWALR(optimizer, 0.1, anneal_epochs=-1)


@pytest.mark.torch
@pytest.mark.parametrize("options", [{"anneal_epochs": 0}, {"anneal_epochs": 3, "anneal_strategy": "linear"}, {}])
def test_rates_are_pytorchs(options):
    torch = pytest.importorskip("torch")
    pytest.importorskip("torch.optim.swa_utils")
    seen = []
    for lib in (gt, torch):
        optimizer = lib.optim.SGD([lib.nn.Parameter(lib.ones(1))], lr=1.0)
        before = lib.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
        scheduler = lib.optim.swa_utils.SWALR(optimizer, swa_lr=0.05, **options)
        rates = []
        for k in range(15):
            optimizer.step()
            (before if k < 3 else scheduler).step()
            rates.append(optimizer.param_groups[0]["lr"])
        seen.append(rates)
        assert copy.deepcopy(scheduler.state_dict())["anneal_epochs"] == scheduler.anneal_epochs
    np.testing.assert_allclose(seen[0], seen[1], rtol=1e-12)


def test_the_running_mean_of_weights_by_hand():
    mean = get_swa_avg_fn()
    assert mean(gt.tensor(2.0), gt.tensor(5.0), 2).item() == 3.0
    average = AveragedModel(model_of(0.0), avg_fn=mean)
    for value in (1.0, 2.0, 6.0):
        average.update_parameters(model_of(value))
    assert average.module[0].weight.tolist() == [[3.0, 3.0], [3.0, 3.0]]
