"""Programs in the manner of published ones, unmodified, with losses as under PyTorch: same weights, same data."""

import json

import pytest

from tests.as_torch.running import LOSSES, NAMES, losses

STORED = json.loads(LOSSES.read_text())
# float32 sums in another order, over a dozen steps of training; most programs stay below 1e-6
NEAR = 1e-3


def same(found, expected):
    assert [sorted(row) for row in found] == [sorted(row) for row in expected]
    for row, wanted in zip(found, expected, strict=True):
        assert row == pytest.approx(wanted, rel=NEAR, abs=NEAR), f"step {wanted['step']:g}"


@pytest.mark.parametrize("name", NAMES)
def test_the_losses_of_a_program_are_those_that_pytorch_had(name):
    found = losses(name, True)
    assert len(found) > 2
    same(found, STORED[name])


def test_losses_are_stored_for_all_programs_and_no_others():
    assert sorted(STORED) == NAMES


def test_a_program_that_learns_otherwise_is_seen():
    wrong = [{**row, "loss": row["loss"] + 2 * NEAR * (1 + row["loss"])} for row in STORED["ode_solver"]]
    with pytest.raises(AssertionError, match="step 0"):
        same(wrong, STORED["ode_solver"])


@pytest.mark.torch
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_losses_of_a_program_are_those_of_the_pytorch_that_is_installed(name):
    pytest.importorskip("torch")
    same(losses(name, True), losses(name, False))
