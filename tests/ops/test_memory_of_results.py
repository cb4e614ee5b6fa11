"""What many pairs, draws, rows or steps would take: memory near that of the result, or a refusal; never a hang."""

import itertools
import tracemalloc

import numpy as np
import pytest

import gputensor as gt


def peak(function):
    """The result, and how many bytes were held at once."""
    tracemalloc.start()
    try:
        return function(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_all_distances_of_many_rows_are_computed_in_blocks():
    x = gt.randn(3000, 2)
    distances, held = peak(lambda: gt.pdist(x))
    assert held < 8 * distances.numel() * 4 < 3000**2 * 20
    square = gt.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist").numpy()
    np.testing.assert_array_equal(distances.numpy(), square[np.triu_indices(3000, 1)])


def test_the_gradient_of_all_distances_is_that_of_the_square():
    x = gt.randn(2100, 2, dtype=gt.float64, requires_grad=True)
    weights = gt.randn(2100 * 2099 // 2, dtype=gt.float64)
    (gt.pdist(x) * weights).sum().backward()
    found, x.grad = x.grad, None
    square = gt.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist")
    (square[tuple(gt.triu_indices(2100, 2100, 1))] * weights).sum().backward()
    np.testing.assert_allclose(found.numpy(), x.grad.numpy(), rtol=1e-9, atol=1e-9)


def test_pairs_of_many_classes_are_not_held_at_once():
    x = gt.randn(2, 2000, dtype=gt.float64, requires_grad=True)
    target = gt.full((2, 2000), -1)
    target[:, :900] = gt.randperm(2000)[:900]

    def run():
        loss = gt.nn.functional.multilabel_margin_loss(x, target)
        loss.backward()
        return loss

    # one block of 2**22 pairs and what is computed of it; the grid of all had 2 * 2000**2
    loss, held = peak(run)
    assert held < 2**22 * 8 * 6
    right = x.detach().numpy()[:, target[0, :900].numpy()]
    wrong = np.delete(x.detach().numpy(), target[0, :900].numpy(), axis=1)
    gaps = 1 - right[:, :, None] + wrong[:, None, :]
    np.testing.assert_allclose(loss.item(), np.maximum(gaps, 0).sum((1, 2)).mean() / 2000)
    expected = np.zeros((2, 2000))
    np.put_along_axis(expected, np.tile(target[0, :900].numpy(), (2, 1)), -(gaps > 0).sum(2), 1)
    rest = np.delete(np.arange(2000), target[0, :900].numpy())
    np.put_along_axis(expected, np.tile(rest, (2, 1)), (gaps > 0).sum(1), 1)
    np.testing.assert_allclose(x.grad.numpy(), expected / 4000)


def test_a_class_named_twice_counts_twice():
    x = gt.tensor([[0.1, 0.2, 0.4]], dtype=gt.float64, requires_grad=True)
    loss = gt.nn.functional.multilabel_margin_loss(x, gt.tensor([[0, 0, -1]]))
    loss.backward()
    np.testing.assert_allclose(loss.item(), 2 * (1.1 + 1.3) / 3)
    np.testing.assert_allclose(x.grad.numpy(), [[-4 / 3, 2 / 3, 2 / 3]])


def test_a_billion_draws_are_counted_without_holding_them():
    gt.manual_seed(0)
    chances = gt.tensor([[0.2, 0.3, 0.5, 0.0], [0.0, 1.0, 0.0, 0.0]], dtype=gt.float64)
    counts, held = peak(lambda: gt.distributions.Multinomial(10**9, chances).sample((3,)))
    assert held < 2**23  # what is loaded at the first draw; the draws themselves are 24 GB
    assert counts.shape == (3, 2, 4)
    assert (counts.sum(-1) == 10**9).all()
    assert counts[:, 1].tolist() == [[0.0, 1e9, 0.0, 0.0]] * 3
    assert (counts[:, 0, 3] == 0).all()
    # five deviations
    assert (counts[:, 0, :3] / 1e9 - chances[0, :3]).abs().max() < 5 * (0.25 / 1e9) ** 0.5


def test_combinations_are_those_of_itertools():
    for n, r, again in itertools.product(range(6), range(1, 7), (False, True)):
        pick = itertools.combinations_with_replacement if again else itertools.combinations
        rows = gt.combinations(gt.arange(n), r, again)
        assert rows.shape[1] == r
        assert [tuple(row) for row in rows.tolist()] == list(pick(range(n), r))
    assert gt.combinations(gt.arange(60), 58).shape == (1770, 58)


def test_more_combinations_than_memory_holds_are_refused():
    with pytest.raises(ValueError, match="8 of 60 elements would make 2558620845 rows, which need 305 GiB"):
        gt.combinations(gt.arange(60), 8)


@pytest.mark.parametrize("name", ["legendre_polynomial_p", "laguerre_polynomial_l"])
def test_degrees_of_too_many_steps_are_refused(name):
    function = getattr(gt.special, name)
    with pytest.raises(ValueError, match="a degree of 1000000 takes as many steps"):
        function(gt.ones(3), 10**6)
    with pytest.raises(ValueError, match="at most 100000"):
        function(gt.ones(2), gt.tensor([1, 10**9]))
    assert gt.isnan(gt.special.hermite_polynomial_h(gt.ones(3), 10**9)).all()
