"""scikit-learn takes Tensors and gives Tensors back: every name of its page, against the same calls on NumPy arrays."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest

from tests.science import sklearn_page
from tests.science.sklearn_calls.listed import LISTED, RELEASE


def unfit() -> str | None:
    """Why the table says nothing about what is installed here, if so."""
    try:
        learn, science = version("scikit-learn"), version("scipy")
    except PackageNotFoundError:
        return "scikit-learn is not installed"
    if learn.split(".")[:2] != RELEASE.split(".")[:2]:
        return f"the table is of scikit-learn {RELEASE}, and {learn} is installed"
    if tuple(map(int, science.split(".")[:2])) < (1, 14):
        return f"scikit-learn dispatches with SciPy 1.14 or newer, and {science} is installed"
    return None


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    reason = unfit()
    if reason is not None:
        pytest.skip(reason)
    return sklearn_page.run()


def of_rows(report):
    """(label, the table's facts, the run) of every run of a row."""
    facts = {(fact["name"], fact["case"]): fact for fact in report["facts"]}
    for row in report["rows"]:
        label = f"{row['name']} ({row['case']}) of {row['data']}, default {row['default']}"
        yield label, facts[row["name"], row["case"]], row


def excepted(path, starts):
    return any(path.startswith(start) for start in starts)


def test_every_name_of_scikit_learns_page_has_a_call(report):
    assert len(LISTED) == len(set(LISTED)) == 86
    assert not set(LISTED) - {fact["name"] for fact in report["facts"]}


def test_every_estimator_that_says_it_supports_the_array_api_has_a_call(report):
    assert len(report["tagged"]) > 18
    assert not set(report["tagged"]) - {fact["name"] for fact in report["facts"]}


def test_every_call_runs_on_tensors(report):
    assert not {label: row["error"] for label, _, row in of_rows(report) if row["error"]}
    assert len(report["rows"]) > 2 * len(report["facts"])


def test_every_result_has_the_values_that_numpy_arrays_give(report):
    wrong = [
        (label, leaf["path"], leaf["distance"])
        for label, _, row in of_rows(report)
        for leaf in row["leaves"]
        if not leaf["right"]
    ]
    assert not wrong


def test_where_numpy_arrays_give_arrays_tensors_give_tensors(report):
    others = []
    for label, fact, row in of_rows(report):
        arrays = [leaf for leaf in row["leaves"] if leaf["numpy_kind"] == "NumPy"]
        stay = {leaf["path"] for leaf in arrays if leaf["kind"] != "Tensor"}
        others += [(label, path) for path in stay if not excepted(path, fact["numpy"])]
        others += [(label, f"{start} is a Tensor after all") for start in fact["numpy"] if not excepted_by(stay, start)]
    assert not others


def excepted_by(paths, start):
    return any(path.startswith(start) for path in paths)


def test_what_is_a_number_for_numpy_arrays_is_a_number_or_a_tensor_of_no_dims(report):
    others = [
        (label, leaf["path"], leaf["kind"])
        for label, _, row in of_rows(report)
        for leaf in row["leaves"]
        if leaf["numpy_kind"] == "number" and leaf["kind"] not in ("number", "Tensor")
    ]
    assert not others


def test_dtypes_are_those_of_numpy_arrays(report):
    others = []
    for label, fact, row in of_rows(report):
        free = fact["default"] if row["default"] == "float32" else []
        free = [*free, *(fact["narrow"] if row["data"] == "float32" else [])]
        for leaf in row["leaves"]:
            arrays = leaf["kind"] == "Tensor" and leaf["numpy_kind"] == "NumPy"
            if arrays and leaf["dtype"] != leaf["numpy_dtype"] and not excepted(leaf["path"], free):
                others.append((label, leaf["path"], leaf["dtype"], leaf["numpy_dtype"]))
    assert not others


def test_inputs_that_require_grad_run_or_are_refused_with_a_way_out(report):
    assert not {(row["name"], row["case"]): row["error"] for row in report["gradients"] if row["error"]}
    refused = [row["refused"] for row in report["gradients"] if row["refused"]]
    assert refused
    assert all(".detach()" in words for words in refused)


def test_gradients_pass_or_stop_at_a_named_line_of_scikit_learn(report):
    found = [why for row in report["gradients"] for why in row["passes"].values()]
    stops = [why for why in found if why not in ("yes", "no")]
    assert found.count("yes") > 100
    assert not [why for why in stops if "changed in place afterwards, by" not in why or "/sklearn/" not in why]


def test_mixed_inputs_pickles_and_scikit_learns_own_checks_go_through(report):
    assert len(report["situations"]) > 90
    assert not {name: error for name, error in report["situations"].items() if error}


def test_results_stay_on_the_gpu_of_the_data(report):
    others = []
    for fact, row in zip(report["facts"], report["gpu"], strict=True):
        elsewhere = [path for path, device in row["devices"].items() if device != "cuda:0"]
        if row["wrong"] or bool(row["error"] or elsewhere) != bool(fact["gpu"]):
            others.append((row["name"], row["case"], row["error"], row["wrong"], elsewhere))
    assert not others


def test_the_page_about_scikit_learn_is_true(report):
    assert sklearn_page.PAGE.read_text(encoding="utf-8") == sklearn_page.page(report), (
        "run `python -m tests.science.sklearn_page`"
    )
