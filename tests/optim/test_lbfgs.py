"""L-BFGS: minima of known functions, its limits, and PyTorch's path."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.optim.lbfgs import cubic_minimum

OPTIONS = [
    {},
    {"lr": 0.01, "history_size": 3},
    {"line_search_fn": "strong_wolfe"},
    {"line_search_fn": "strong_wolfe", "max_iter": 5, "history_size": 2, "lr": 0.3},
    {"line_search_fn": "strong_wolfe", "max_iter": 40, "tolerance_change": 1e-5},
    {"line_search_fn": "strong_wolfe", "max_iter": 50, "max_eval": 5},
    {"line_search_fn": "strong_wolfe", "max_iter": 50, "max_eval": 3, "lr": 1e-6},
]


def minimised(lib, options, steps=6):
    """The losses on the way down Rosenbrock's valley, how often it was evaluated, and where it ended."""
    w = lib.nn.Parameter(lib.tensor(np.array([-1.5, 2.0, 0.7, -0.3])))
    b = lib.nn.Parameter(lib.tensor(np.array(0.5)))
    optimizer = lib.optim.LBFGS([w, b], **options)
    evaluations = [0]

    def closure():
        evaluations[0] += 1
        optimizer.zero_grad()
        loss = (100 * (w[1:] - w[:-1] ** 2) ** 2 + (1 - w[:-1]) ** 2).sum() + (b - w[0]) ** 4
        loss.backward()
        return loss

    losses = [optimizer.step(closure).item() for _ in range(steps)]
    return losses, evaluations[0], w.detach().numpy()


def test_a_quadratic_is_solved_in_one_step():
    w = gt.nn.Parameter(gt.tensor([3.0, -4.0], dtype=gt.float64))
    optimizer = gt.optim.LBFGS([w], line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = ((w - gt.tensor([1.0, 2.0])) ** 2 * gt.tensor([1.0, 10.0])).sum()
        loss.backward()
        return loss

    first = optimizer.step(closure)
    assert first.item() == 4 + 360
    np.testing.assert_allclose(w.detach().numpy(), [1.0, 2.0], atol=1e-6)


def test_rosenbrocks_valley_is_walked_to_a_minimum():
    losses, _, _ = minimised(gt, {"line_search_fn": "strong_wolfe", "max_iter": 100})
    assert losses[-1] < losses[0] * 1e-2


def test_limits_are_kept():
    for most in (1, 2, 3, 4, 5):
        options = {"line_search_fn": "strong_wolfe", "max_iter": 50, "max_eval": most, "lr": 1e-6}
        _, evaluations, _ = minimised(gt, options, steps=1)
        assert evaluations <= most + 1  # the first of a search is not counted
    _, evaluations, _ = minimised(gt, {"max_iter": 3}, steps=1)
    assert evaluations == 3


def test_complex_parameters_are_pairs_of_numbers():
    z = gt.nn.Parameter(gt.tensor([1 + 2j, -1j]))
    optimizer = gt.optim.LBFGS([z], line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = ((z - (2 - 1j)).abs() ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    np.testing.assert_allclose(z.detach().numpy(), [2 - 1j, 2 - 1j], atol=1e-4)


def test_what_cannot_be_done_is_said():
    p = gt.nn.Parameter(gt.ones(1))
    with pytest.raises(TypeError, match="a closure that computes the loss"):
        gt.optim.LBFGS([p]).step()
    with pytest.raises(ValueError, match="parameter groups"):
        gt.optim.LBFGS([{"params": [p]}, {"params": [gt.nn.Parameter(gt.ones(1))]}])
    with pytest.raises(ValueError, match="line_search_fn must be None or 'strong_wolfe'"):
        gt.optim.LBFGS([p], line_search_fn="armijo")
    with pytest.raises(ValueError, match="Invalid learning rate"):
        gt.optim.LBFGS([p], lr=-1.0)


def test_the_minimum_of_a_cubic():
    # x**3 - 3*x has its minimum at 1
    assert cubic_minimum(0.0, 0.0, -3.0, 2.0, 2.0, 9.0) == pytest.approx(1.0)
    assert cubic_minimum(2.0, 2.0, 9.0, 0.0, 0.0, -3.0, (1.5, 1.8)) == 1.5


@pytest.mark.torch
@pytest.mark.parametrize("options", OPTIONS)
def test_the_path_is_pytorchs(options, torch):
    ours, theirs = minimised(gt, options), minimised(torch, options)
    assert ours[1] == theirs[1]
    # roundoff grows along the path
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-9)
    np.testing.assert_allclose(ours[2], theirs[2], rtol=1e-7)


@pytest.mark.torch
def test_the_state_is_pytorchs(torch):
    states = []
    for lib in (gt, torch):
        w = lib.nn.Parameter(lib.tensor([3.0, -4.0]))
        optimizer = lib.optim.LBFGS([w], max_iter=3)

        def closure(w=w, optimizer=optimizer):
            optimizer.zero_grad()
            loss = (w**4).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        states.append(set(optimizer.state_dict()["state"][0]))
    assert states[0] >= states[1] >= {"al"}


def test_the_state_has_a_share_of_each_step_that_is_remembered():
    w = gt.nn.Parameter(gt.tensor([3.0, -4.0]))
    optimizer = gt.optim.LBFGS([w], max_iter=3, history_size=4)

    def closure():
        optimizer.zero_grad()
        loss = (w**4).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    state = optimizer.state_dict()["state"][0]
    assert [s is None for s in state["al"]] == [k >= len(state["ro"]) for k in range(4)]
