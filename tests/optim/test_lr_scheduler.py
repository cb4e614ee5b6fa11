"""Schedules of learning rates."""

import math

import numpy as np
import pytest

import gputensor as gt
from gputensor.optim import lr_scheduler as schedulers


class Halving:
    """A callable with state."""

    def __init__(self):
        self.base = 2

    def __call__(self, epoch):
        return self.base**-epoch


def optimizer_of(lib, kind="SGD", rates=(1.0, 0.1), **options):
    groups = [{"params": [lib.nn.Parameter(lib.ones(1))], "lr": rate} for rate in rates]
    return getattr(lib.optim, kind)(groups, **options)


def run(lib, make, steps=25, measure=None, **options):
    """The rates (and momenta) of all epochs."""
    optimizer = optimizer_of(lib, **options)
    scheduler = make(lib.optim.lr_scheduler, optimizer)
    seen = []
    for k in range(steps):
        seen.append([(g["lr"], g.get("momentum"), g.get("betas", [None])[0]) for g in optimizer.param_groups])
        assert scheduler.get_last_lr() == [g["lr"] for g in optimizer.param_groups]
        optimizer.step()
        scheduler.step(*([] if measure is None else [measure(k)]))
    return seen


SCHEDULES = {
    "StepLR": lambda s, o: s.StepLR(o, step_size=4, gamma=0.3),
    "MultiStepLR": lambda s, o: s.MultiStepLR(o, [3, 7, 7, 11], gamma=0.5),
    "ConstantLR": lambda s, o: s.ConstantLR(o, factor=0.25, total_iters=6),
    "LinearLR": lambda s, o: s.LinearLR(o, start_factor=0.2, end_factor=0.8, total_iters=9),
    "ExponentialLR": lambda s, o: s.ExponentialLR(o, gamma=0.7),
    "PolynomialLR": lambda s, o: s.PolynomialLR(o, total_iters=8, power=1.5),
    "CosineAnnealingLR": lambda s, o: s.CosineAnnealingLR(o, T_max=7, eta_min=0.01),
    "LambdaLR": lambda s, o: s.LambdaLR(o, [lambda e: 1 / (1 + e), lambda e: 0.9**e]),
    "MultiplicativeLR": lambda s, o: s.MultiplicativeLR(o, lambda e: 0.95),
    "OneCycleLR": lambda s, o: s.OneCycleLR(o, max_lr=[1.0, 0.5], total_steps=30, cycle_momentum=False),
    "OneCycleLR linear": lambda s, o: s.OneCycleLR(
        o, max_lr=1.0, epochs=5, steps_per_epoch=6, anneal_strategy="linear", three_phase=True, cycle_momentum=False
    ),
    "CyclicLR": lambda s, o: s.CyclicLR(o, 0.1, [1.0, 0.5], step_size_up=3, step_size_down=5, cycle_momentum=False),
    "CyclicLR triangular2": lambda s, o: s.CyclicLR(
        o, 0.1, 1.0, step_size_up=3, mode="triangular2", cycle_momentum=False
    ),
    "CyclicLR exp_range": lambda s, o: s.CyclicLR(
        o, 0.1, 1.0, step_size_up=4, mode="exp_range", gamma=0.9, cycle_momentum=False
    ),
    "CyclicLR scale_fn": lambda s, o: s.CyclicLR(
        o, 0.1, 1.0, 3, scale_fn=lambda x: 1 / (1 + x), scale_mode="iterations", cycle_momentum=False
    ),
    "CosineAnnealingWarmRestarts": lambda s, o: s.CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2, eta_min=0.01),
    "SequentialLR": lambda s, o: s.SequentialLR(
        o,
        [s.ConstantLR(o, factor=0.1, total_iters=4), s.ExponentialLR(o, gamma=0.9), s.StepLR(o, 3)],
        milestones=[5, 12],
    ),
    "ChainedScheduler": lambda s, o: s.ChainedScheduler(
        [s.ConstantLR(o, factor=0.1, total_iters=4), s.ExponentialLR(o, gamma=0.9)]
    ),
}


@pytest.mark.torch
@pytest.mark.parametrize("name", SCHEDULES)
def test_the_rates_are_pytorchs(torch, name):
    ours, theirs = run(gt, SCHEDULES[name]), run(torch, SCHEDULES[name])
    np.testing.assert_allclose(
        np.array(ours, dtype=np.float64)[..., 0], np.array(theirs, dtype=np.float64)[..., 0], rtol=1e-12
    )


@pytest.mark.torch
@pytest.mark.parametrize(("kind", "options"), [("SGD", {"momentum": 0.9}), ("Adam", {})])
def test_a_cycle_moves_momentum_as_pytorchs(torch, kind, options):
    def make(s, o):
        return s.OneCycleLR(o, max_lr=1.0, total_steps=30)

    ours, theirs = run(gt, make, kind=kind, **options), run(torch, make, kind=kind, **options)
    assert ours == theirs


PLATEAUS = {
    "min": {"patience": 2, "factor": 0.5},
    "max": {"mode": "max", "patience": 1, "cooldown": 2, "threshold": 0.05},
    "abs": {"threshold_mode": "abs", "threshold": 0.2, "patience": 1, "min_lr": [0.2, 0.01]},
    "max abs": {"mode": "max", "threshold_mode": "abs", "patience": 0, "eps": 0.05},
}


@pytest.mark.torch
@pytest.mark.parametrize("name", PLATEAUS)
def test_plateaus_are_found_as_pytorchs(torch, name):
    def measure(k):
        return math.sin(k / 3) + k / 50

    results = [run(lib, lambda s, o: s.ReduceLROnPlateau(o, **PLATEAUS[name]), measure=measure) for lib in (gt, torch)]
    assert results[0] == results[1]
    assert results[0][0] != results[0][-1]


def test_a_schedule_follows_its_formula():
    rates = [r[0][0] for r in run(gt, SCHEDULES["CosineAnnealingLR"], steps=8)]
    expected = [0.01 + 0.99 * (1 + math.cos(math.pi * k / 7)) / 2 for k in range(8)]
    np.testing.assert_allclose(rates, expected)
    rates = [r[0][0] for r in run(gt, SCHEDULES["StepLR"], steps=9)]
    np.testing.assert_allclose(rates, [1.0] * 4 + [0.3] * 4 + [0.09])


@pytest.mark.parametrize("name", ["StepLR", "MultiStepLR", "LinearLR", "ExponentialLR", "PolynomialLR", "ConstantLR"])
def test_closed_forms_agree_with_single_steps(name):
    rates = [r[0][0] for r in run(gt, SCHEDULES[name], steps=8)]
    optimizer = optimizer_of(gt)
    scheduler = SCHEDULES[name](schedulers, optimizer)
    optimizer.step()
    for k in range(8):
        with pytest.warns(UserWarning, match="epoch parameter"):
            scheduler.step(k)
        np.testing.assert_allclose(optimizer.param_groups[0]["lr"], rates[k])


@pytest.mark.parametrize("name", [n for n in SCHEDULES if n not in ("LambdaLR", "MultiplicativeLR")])
def test_a_schedule_goes_on_from_its_state(name):
    whole = run(gt, SCHEDULES[name], steps=15)
    optimizer = optimizer_of(gt)
    scheduler = SCHEDULES[name](schedulers, optimizer)
    for _ in range(7):
        optimizer.step()
        scheduler.step()
    saved = optimizer.state_dict(), scheduler.state_dict()
    optimizer = optimizer_of(gt)
    scheduler = SCHEDULES[name](schedulers, optimizer)
    optimizer.load_state_dict(saved[0])
    scheduler.load_state_dict(saved[1])
    rates = []
    for _ in range(8):
        rates.append([(g["lr"], g.get("momentum"), g.get("betas", [None])[0]) for g in optimizer.param_groups])
        optimizer.step()
        scheduler.step()
    assert rates == whole[7:]


def test_functions_are_not_saved_but_callables_are():
    optimizer = optimizer_of(gt)
    scheduler = schedulers.LambdaLR(optimizer, [Halving(), lambda e: 1.0])
    scheduler.lr_lambdas[0].base = 3
    state = scheduler.state_dict()
    assert state["lr_lambdas"] == [{"base": 3}, None]
    other = schedulers.LambdaLR(optimizer_of(gt), [Halving(), lambda e: 1.0])
    other.load_state_dict(state)
    assert other.lr_lambdas[0].base == 3
    assert state["lr_lambdas"] == [{"base": 3}, None]


def test_stepping_in_the_wrong_order_is_a_warning():
    optimizer = optimizer_of(gt)
    scheduler = schedulers.StepLR(optimizer, 2)
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        scheduler.step()


def test_asking_for_the_next_rate_is_a_warning():
    scheduler = schedulers.StepLR(optimizer_of(gt), 2)
    with pytest.warns(UserWarning, match="get_last_lr"):
        scheduler.get_lr()


def test_a_rate_that_is_a_tensor_is_written_in_place():
    rate = gt.tensor(1.0)
    optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=rate)
    scheduler = schedulers.ExponentialLR(optimizer, gamma=0.5)
    optimizer.step()
    scheduler.step()
    assert optimizer.param_groups[0]["lr"] is rate
    assert rate.item() == 0.5
    assert scheduler.get_last_lr()[0] is not rate


def test_a_schedule_goes_on_at_an_epoch():
    optimizer = optimizer_of(gt)
    for group in optimizer.param_groups:
        group["initial_lr"] = group["lr"]
    scheduler = schedulers.LambdaLR(optimizer, lambda e: 1 / (1 + e), last_epoch=3)
    assert scheduler.get_last_lr()[0] == 0.2
    with pytest.raises(KeyError, match="initial_lr"):
        schedulers.StepLR(optimizer_of(gt), 2, last_epoch=3)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda s, o: s.StepLR(3, 2), TypeError, "int is not an Optimizer"),
        (lambda s, o: s.ReduceLROnPlateau(3), TypeError, "int is not an Optimizer"),
        (lambda s, o: s.OneCycleLR(3, 1.0, 5), TypeError, "int is not an Optimizer"),
        (lambda s, o: s.ConstantLR(o, factor=2.0), ValueError, "between 0 and 1"),
        (lambda s, o: s.LinearLR(o, start_factor=0), ValueError, "greater than 0"),
        (lambda s, o: s.LinearLR(o, end_factor=2), ValueError, "between 0 and 1"),
        (lambda s, o: s.LambdaLR(o, [len]), ValueError, "Expected 2 lr_lambdas, but got 1"),
        (lambda s, o: s.MultiplicativeLR(o, 3), TypeError, "should be a function, but got int"),
        (lambda s, o: s.ReduceLROnPlateau(o, factor=1.0), ValueError, "Factor should be < 1.0"),
        (lambda s, o: s.ReduceLROnPlateau(o, mode="most"), ValueError, "mode most is unknown"),
        (lambda s, o: s.ReduceLROnPlateau(o, threshold_mode="x"), ValueError, "threshold mode x is unknown"),
        (lambda s, o: s.ReduceLROnPlateau(o, min_lr=[1.0]), ValueError, "expected 2 min_lrs, got 1"),
        (lambda s, o: s.OneCycleLR(o, 1.0), ValueError, "either total_steps OR"),
        (lambda s, o: s.OneCycleLR(o, 1.0, 0), ValueError, "positive integer total_steps, but got 0"),
        (lambda s, o: s.OneCycleLR(o, 1.0, epochs=2, steps_per_epoch=1.5), ValueError, "positive integer steps_per"),
        (lambda s, o: s.OneCycleLR(o, 1.0, 5, pct_start=2.0), ValueError, "pct_start, but got 2.0"),
        (lambda s, o: s.OneCycleLR(o, 1.0, 5, anneal_strategy="x"), ValueError, "'cos' or 'linear', instead got x"),
        (lambda s, o: s.OneCycleLR(o, [1.0], 5), ValueError, "max_lr has 1 values, param_groups has 2"),
        (lambda s, o: s.SequentialLR(o, [], []), ValueError, "at least one scheduler"),
        (lambda s, o: s.SequentialLR(o, [s.StepLR(o, 2)], [3]), ValueError, "one more than the number of milestone"),
        (lambda s, o: s.SequentialLR(o, [3], []), TypeError, "index 0 should have `optimizer`"),
        (lambda s, o: s.ChainedScheduler([s.ReduceLROnPlateau(o)]), ValueError, "does not support"),
        (
            lambda s, o: s.ChainedScheduler([s.StepLR(o, 2), s.StepLR(optimizer_of(gt), 2)]),
            ValueError,
            "same optimizer, but scheduler 1",
        ),
    ],
)
def test_bad_settings_are_refused(make, error, words):
    with pytest.raises(error, match=words):
        make(schedulers, optimizer_of(gt))


def test_a_cycle_is_not_longer_than_it_was_said():
    optimizer = optimizer_of(gt)
    scheduler = schedulers.OneCycleLR(optimizer, 1.0, total_steps=2, cycle_momentum=False)
    optimizer.step()
    scheduler.step()
    scheduler.step()
    with pytest.raises(ValueError, match=r"step 3 times.*total steps is 2"):
        scheduler.step()


def test_a_group_added_later_is_reduced_too():
    optimizer = optimizer_of(gt, rates=(1.0,))
    scheduler = schedulers.ReduceLROnPlateau(optimizer, patience=0, factor=0.5)
    optimizer.add_param_group({"params": [gt.nn.Parameter(gt.ones(1))], "lr": 4.0})
    scheduler.step(1.0)
    scheduler.step(1.0)
    assert scheduler.get_last_lr() == [0.5, 2.0]
    fixed = schedulers.ReduceLROnPlateau(optimizer, patience=0, min_lr=[0.0, 0.0])
    optimizer.add_param_group({"params": [gt.nn.Parameter(gt.ones(1))], "lr": 4.0})
    fixed.step(1.0)
    with pytest.raises(RuntimeError, match="number of param groups"):
        fixed.step(1.0)


def test_a_cycle_moves_the_momentum_the_other_way():
    for kind, read in (("SGD", lambda g: g["momentum"]), ("Adam", lambda g: g["betas"][0])):
        optimizer = getattr(gt.optim, kind)([gt.nn.Parameter(gt.ones(1))], lr=1.0, **MOMENTUM.get(kind, {}))
        scheduler = gt.optim.lr_scheduler.CyclicLR(optimizer, 1.0, 2.0, step_size_up=2)
        seen = []
        for _ in range(4):
            seen.append(round(read(optimizer.param_groups[0]), 6))
            optimizer.step()
            scheduler.step()
        assert seen == [0.9, 0.85, 0.8, 0.85]
    with pytest.raises(ValueError, match="must support momentum or beta1"):
        gt.optim.lr_scheduler.CyclicLR(gt.optim.Adagrad([gt.nn.Parameter(gt.ones(1))]), 0.1, 1.0)


MOMENTUM = {"SGD": {"momentum": 0.9}}


def test_cosines_begin_again_at_fractions_of_an_epoch():
    optimizer = gt.optim.SGD([gt.nn.Parameter(gt.ones(1))], lr=1.0)
    scheduler = gt.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2)
    seen = []
    for epoch in (0.5, 1.0, 2.0, 4.0, 5.999, 6.0):
        scheduler.step(epoch)
        seen.append(scheduler.get_last_lr()[0])
    part = np.array([0.25, 0.5, 0.0, 0.5, 0.99975, 0.0])
    np.testing.assert_allclose(seen, (1 + np.cos(np.pi * part)) / 2, atol=1e-12)
    with pytest.raises(ValueError, match="non-negative epoch, but got -1"):
        scheduler.step(-1)
    for options in ({"T_0": 0}, {"T_0": 2, "T_mult": 0}, {"T_0": 2, "eta_min": "a"}):
        with pytest.raises(ValueError, match="Expected"):
            gt.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, **options)


@pytest.mark.torch
def test_fractions_of_an_epoch_are_pytorchs(torch):
    seen = []
    for lib in (gt, torch):
        optimizer = lib.optim.SGD([lib.nn.Parameter(lib.ones(1))], lr=1.0)
        scheduler = lib.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=3, T_mult=3)
        rates = []
        for epoch in np.linspace(0, 20, 81):
            scheduler.step(epoch)
            rates.append(optimizer.param_groups[0]["lr"])
        seen.append(rates)
    np.testing.assert_allclose(seen[0], seen[1], rtol=1e-12)


def test_a_schedule_of_ones_own():
    class Halved(schedulers.LRScheduler):
        def get_lr(self):
            return [base * 0.5**self.last_epoch for base in self.base_lrs]

    optimizer = gt.optim.SGD([gt.ones(1, requires_grad=True)], lr=1.0)
    scheduler = Halved(optimizer)
    rates = []
    for _ in range(3):
        rates += scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
    assert rates == [1.0, 0.5, 0.25]
