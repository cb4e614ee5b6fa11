"""Every operator of PyTorch's own list, with PyTorch's samples: values, gradients, in-place forms, `out=` and refusals
are PyTorch's, or the difference is listed with its reason in `differences.py`."""

from __future__ import annotations

import re
import warnings

import pytest

pytest.importorskip("torch")
pytest.importorskip("expecttest")

from tests.operators import asking
from tests.operators.differences import DIFFERENCES, Difference, explained
from tests.operators.entries import full_name, operators

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

DTYPES = ("float64", "float32", "bfloat16", "int64", "complex64")
# in-place forms and out= are made of the same functions: fewer dtypes and samples say the same
WRITTEN = ("float32", "int64")
SAMPLES, SAMPLES_WRITTEN = 12, 4
QUESTIONS = {"values": asking.compare, "in-place": asking.compare_in_place, "out": asking.compare_out}


def _entries() -> dict[str, list]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: dict[str, list] = {}
        for op in operators():
            found.setdefault(full_name(op), []).append(op)
        return found


ENTRIES = _entries()


def _answers(name: str, question: str, dtypes: tuple[str, ...], limit: int) -> asking.Outcome:
    outcome = asking.Outcome(name)
    for op in ENTRIES[name]:
        if question == "errors":
            asking.compare_errors(op, outcome)
            continue
        for dtype in dtypes:
            if asking.supports(op, dtype):
                QUESTIONS[question](op, dtype, outcome, limit)
    return outcome


def _unlisted(question: str, outcome: asking.Outcome) -> list[str]:
    return [
        f"{outcome.name}, {question}: {said}" for said in outcome.wrong if not explained(question, outcome.name, said)
    ]


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_an_operator_answers_as_pytorch_does(name):
    wrong = _unlisted("values", _answers(name, "values", DTYPES, SAMPLES))
    for question in ("in-place", "out"):
        wrong += _unlisted(question, _answers(name, question, WRITTEN, SAMPLES_WRITTEN))
    assert not wrong, "\n".join(wrong[:10])


def test_invalid_input_is_refused():
    outcomes = [_answers(name, "errors", (), 0) for name in sorted(ENTRIES)]
    wrong = [said for outcome in outcomes for said in _unlisted("errors", outcome)]
    assert not wrong, "\n".join(wrong)
    asked, accepted = sum(o.asked for o in outcomes), sum(len(o.wrong) for o in outcomes)
    assert asked > 600
    assert accepted <= 0.05 * asked


@pytest.mark.parametrize("listed", DIFFERENCES, ids=lambda d: f"{d.question}-{d.operator}")
def test_a_listed_difference_is_still_there(listed: Difference):
    found = {
        name: [said for said in outcome.wrong if re.search(listed.said, said)]
        for name in ENTRIES
        if re.fullmatch(listed.operator, name)
        for outcome in [_answers(name, listed.question, listed.dtypes, 10**6)]
    }
    assert found, "no operator has this name"
    assert any(found.values()), "this difference is gone: take it from the list"
