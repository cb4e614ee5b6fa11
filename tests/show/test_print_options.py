"""Printing options: what they accept, what they refuse, and that they come back."""

import math

import pytest

from gputensor.show import get_printoptions, printoptions, set_printoptions

DEFAULTS = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}


def test_options_start_at_pytorchs_defaults():
    assert get_printoptions() == DEFAULTS


def test_an_option_left_out_keeps_its_value():
    set_printoptions(precision=2)
    set_printoptions(linewidth=120)
    assert get_printoptions() == DEFAULTS | {"precision": 2, "linewidth": 120}


def test_sci_mode_left_out_returns_to_automatic():
    set_printoptions(sci_mode=True)
    set_printoptions(precision=2)
    assert get_printoptions() == DEFAULTS | {"precision": 2}


@pytest.mark.parametrize(
    ("profile", "changes"),
    [("default", {}), ("short", {"precision": 2, "edgeitems": 2}), ("full", {"threshold": math.inf})],
)
def test_a_profile_sets_every_option(profile, changes):
    set_printoptions(precision=9, threshold=9, edgeitems=9, linewidth=9, sci_mode=False)
    set_printoptions(profile=profile)
    assert get_printoptions() == DEFAULTS | changes


def test_an_option_beside_a_profile_wins():
    set_printoptions(profile="short", precision=7)
    assert get_printoptions() == DEFAULTS | {"precision": 7, "edgeitems": 2}


def test_what_get_gives_set_takes_back():
    set_printoptions(precision=1, threshold=math.inf, sci_mode=True)
    options = get_printoptions()
    set_printoptions(profile="default")
    set_printoptions(**options)
    assert get_printoptions() == options


def test_changing_the_dict_changes_no_option():
    get_printoptions()["precision"] = 9
    assert get_printoptions() == DEFAULTS


def test_options_of_a_block_end_with_it():
    set_printoptions(sci_mode=True)
    with printoptions(precision=1, edgeitems=5):
        assert get_printoptions() == DEFAULTS | {"precision": 1, "edgeitems": 5}
    assert get_printoptions() == DEFAULTS | {"sci_mode": True}


def test_options_come_back_when_the_body_raises():
    with pytest.raises(KeyError), printoptions(precision=1):
        raise KeyError
    assert get_printoptions() == DEFAULTS


@pytest.mark.parametrize(
    ("option", "error", "words"),
    [
        ({"precision": -1}, ValueError, "precision is -1; use an int of 0 or more"),
        ({"precision": 2.0}, TypeError, "precision is 2.0, a float; use an int"),
        ({"precision": True}, TypeError, "precision is True, a bool"),
        ({"threshold": -1}, ValueError, "threshold is -1; use a number of elements"),
        ({"threshold": math.nan}, TypeError, "threshold is nan; use a number"),
        ({"threshold": "many"}, TypeError, "threshold is 'many'; use a number"),
        ({"edgeitems": -3}, ValueError, "edgeitems is -3"),
        ({"edgeitems": "3"}, TypeError, "edgeitems is '3', a str"),
        ({"linewidth": 0}, ValueError, "linewidth is 0; use an int of 1 or more"),
        ({"linewidth": math.inf}, TypeError, "linewidth is inf, a float"),
        ({"profile": "long"}, ValueError, "'long' is unknown; use 'default', 'short' or 'full'"),
        ({"profile": 3}, TypeError, "profile is 3"),
        ({"sci_mode": "yes"}, TypeError, "sci_mode is 'yes'; use True, False or None"),
    ],
)
def test_a_bad_option_is_refused_and_nothing_changes(option, error, words):
    good = {"precision": 1, "threshold": 1, "edgeitems": 1, "linewidth": 1, "profile": "short", "sci_mode": True}
    with pytest.raises(error, match="set_printoptions: .*" + words.replace("(", r"\(")):
        set_printoptions(**(good | option))
    assert get_printoptions() == DEFAULTS


def test_a_bad_option_of_a_block_is_refused_before_its_body_runs():
    with pytest.raises(ValueError, match="precision is -1"), printoptions(precision=-1):
        pytest.fail("the body ran")
    assert get_printoptions() == DEFAULTS
