"""Random programs of views and writes: against finite differences in every run, and against PyTorch."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

import gputensor as gt
from tests.autograd.random_programs import QUIET, SELF_WRITES, UNSEEN, A, program, run

OURS = SimpleNamespace(
    exp=gt.exp, no_grad=gt.no_grad, mask=gt.from_numpy, numpy=lambda t: np.array(t.detach().numpy()),
    leaf=lambda a: gt.from_numpy(a.copy()).requires_grad_(), constant=lambda a: gt.from_numpy(a.copy()),
    grad=lambda out, x, **options: gt.autograd.grad(out, x, allow_unused=True, **options),
)  # fmt: skip


@pytest.fixture
def pytorch():
    torch = pytest.importorskip("torch")
    return SimpleNamespace(
        exp=torch.exp, no_grad=torch.no_grad, mask=torch.from_numpy, numpy=lambda t: t.detach().numpy().copy(),
        leaf=lambda a: torch.from_numpy(a.copy()).requires_grad_(), constant=lambda a: torch.from_numpy(a.copy()),
        grad=lambda out, x, **options: torch.autograd.grad(out, x, allow_unused=True, **options),
    )  # fmt: skip


def gradient_of(out, name="gradient"):
    found = out.get(name)
    return np.zeros_like(A) if found is None else found


def gradient_by_differences(steps, eps=1e-6):
    g = np.zeros_like(A)
    for index in np.ndindex(A.shape):
        high, low = A.copy(), A.copy()
        high[index] += eps
        low[index] -= eps
        g[index] = (run(OURS, steps, high, second=False)["total"] - run(OURS, steps, low, second=False)["total"]) / (
            2 * eps
        )
    return g


@pytest.mark.parametrize("part", range(4))
def test_gradients_of_two_hundred_programs_agree_with_differences(part):
    checked = refused = 0
    seed = part * 1_000_000
    while checked < 50:
        seed += 1
        steps = program(seed, quiet=False, mirrored=True)
        out = run(OURS, steps)
        if out["refused"] is not None or not math.isfinite(out["total"]) or abs(out["total"]) > 1e6:
            refused += 1
            continue
        checked += 1
        expected = gradient_by_differences(steps)
        gradient = gradient_of(out)
        size = max(1.0, abs(expected).max())
        # the error of the differences grows with the size of the sum
        slack = 1e-4 * size + 1e-8 * abs(out["total"])
        np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=slack, err_msg=f"program({seed}): {steps}")
        if out.get("recorded") is not None:
            np.testing.assert_allclose(out["recorded"], gradient, rtol=1e-9, atol=1e-9 * size)
    assert refused < 150


# --- against PyTorch --------------------------------------------------------------------------------------------------

# Where we compute what PyTorch refuses, on purpose: words of its error, the steps that lead there, and why.
SOFTER = (
    ("a leaf Variable that requires grad", (), "PyTorch takes a view with an out-of-date grad_fn for a leaf"),
    ("written-to tensor", ("fill_", "zero_"), "expanded tensors with a history may be filled"),
    ("written-to tensor", SELF_WRITES, "an operand that is part of what is written is read before"),
    (
        "modified by an inplace operation",
        SELF_WRITES,
        "PyTorch saves the very memory that it writes; we keep the old value",
    ),
    (
        "modified by an inplace operation",
        ("quiet view",),
        "to PyTorch a view from no_grad requires grad, though none comes",
    ),
    ("report a bug to PyTorch", ("keep gradient",), "so it says itself"),
    ("detached in-place", ("forget",), "the value that was saved is still there, and so is its history"),
    ("A view was created in no_grad mode", ("quiet view",), "the same: so to PyTorch a write with it is recorded"),
)


def difference(ours, theirs, steps):
    """In words, how two runs differ; None where they do not, or on purpose."""
    kinds = {kind for kind, *_ in steps}
    if ours["refused"] is not None and theirs["refused"] is not None:
        return None
    if ours["refused"] is not None:
        if "expand" in kinds and "share one memory" in ours["message"]:
            # PyTorch lets some writes to shared elements pass: fill_, zero_
            return None
        return f"only we refuse, at {ours['at']}: {ours['message']}"
    if theirs["refused"] is not None:
        if not kinds & {*QUIET, *UNSEEN}:
            # the graph sees everything, so differences tell who is right
            ours_is_right = np.allclose(gradient_of(ours), gradient_by_differences(steps), rtol=1e-4, atol=1e-4)
            return None if ours_is_right else f"PyTorch refuses, at {theirs['at']}, and our gradient is wrong"
        for words, needed, _ in SOFTER:
            if words in theirs["message"] and (not needed or kinds & set(needed)):
                return None
        return f"only PyTorch refuses, at {theirs['at']}: {theirs['message']}"
    if "plus its own part" in kinds:
        # PyTorch reads parts that it has written already; what comes out depends on its loops
        return None
    if [v.shape for v in ours["values"]] != [v.shape for v in theirs["values"]]:
        return None  # counted by the caller: memory laid out otherwise, so one took a view and the other did not
    for k, (a, b) in enumerate(zip(ours["values"], theirs["values"], strict=True)):
        if not np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True):
            return f"value {k}: {a} {b}"
    for name in ("gradient", "recorded", "second"):
        a, b = gradient_of(ours, name), gradient_of(theirs, name)
        scale = max(1.0, np.abs(b[np.isfinite(b)]).max(initial=0.0))
        if not np.allclose(a, b, rtol=1e-7, atol=1e-9 * scale, equal_nan=True):
            return f"{name}: {a} {b}"
    for k, (a, b) in enumerate(zip(ours["flags"], theirs["flags"], strict=True)):
        # a view made while nothing is recorded requires no grad here; PyTorch says True, and no gradient ever comes
        # as is one made before its base was detached or made a leaf
        if a is not b and not (kinds & {"quiet view", *UNSEEN} and b):
            return f"requires_grad of {k}: {a} {b}"
    return None


def compare(pytorch, seeds):
    wrong, apart, both = [], 0, 0
    for seed in seeds:
        steps = program(seed)
        ours, theirs = run(OURS, steps), run(pytorch, steps)
        words = difference(ours, theirs, steps)
        if words is not None:
            wrong.append(f"program({seed}) {[kind for kind, *_ in steps]}: {words}")
        both += ours["refused"] is not None and theirs["refused"] is not None
        if ours["refused"] is None and theirs["refused"] is None:
            apart += [v.shape for v in ours["values"]] != [v.shape for v in theirs["values"]]
    return wrong, apart, both


@pytest.mark.torch
@pytest.mark.parametrize("part", range(4))
def test_a_thousand_programs_do_what_they_do_in_pytorch(part, pytorch):
    wrong, apart, both = compare(pytorch, range(part * 250, part * 250 + 250))
    assert wrong == []
    assert apart <= 1
    # a good part of the programs must do something
    assert both < 150


@pytest.mark.slow
@pytest.mark.torch
def test_ten_thousand_programs_do_what_they_do_in_pytorch(pytorch):
    wrong, apart, _ = compare(pytorch, range(1000, 11_000))
    assert wrong == []
    assert apart <= 5
