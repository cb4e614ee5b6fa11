"""PyTorch's own list of operators (its OpInfo database), each with the inputs that PyTorch tests it with, asked of both
libraries.

    python -m tests.operators.comparing [--only PATTERN] [--ask values|errors|in-place|out] [--verbose]

prints what differs. Needs PyTorch 2.13 and expecttest, which PyTorch's list imports.
"""

from __future__ import annotations

import argparse
import sys
import warnings

from tests.operators.asking import Outcome, compare, compare_errors, compare_in_place, compare_out, supports
from tests.operators.differences import explained
from tests.operators.entries import full_name, operators

DTYPES = ("float32", "float64", "complex64", "int64", "bool", "bfloat16", "float16")
QUESTIONS = {"values": compare, "in-place": compare_in_place, "out": compare_out}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a regular expression for names")
    parser.add_argument("--ask", default="values", choices=[*QUESTIONS, "errors"])
    parser.add_argument("--dtypes", default=",".join(DTYPES))
    parser.add_argument("--limit", type=int, default=10**6, help="samples a dtype")
    parser.add_argument("--verbose", action="store_true", help="every difference, not the first three")
    parser.add_argument("--listed", action="store_true", help="the listed differences too")
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    by_name: dict[str, Outcome] = {}
    for op in operators(chosen.only):
        outcome = by_name.setdefault(full_name(op), Outcome(full_name(op)))
        if chosen.ask == "errors":
            compare_errors(op, outcome)
            continue
        for dtype in chosen.dtypes.split(","):
            if supports(op, dtype):
                QUESTIONS[chosen.ask](op, dtype, outcome, chosen.limit)
    asked = [o for o in by_name.values() if o.asked]
    for o in asked:
        lines = [w for w in o.wrong if chosen.listed or not explained(chosen.ask, o.name, w)]
        if lines:
            print(f"{o.name}: {len(lines)} of {o.asked}")
            for line in lines if chosen.verbose else lines[:3]:
                print(f"    {line}")
    cases, wrong = sum(o.asked for o in asked), sum(len(o.wrong) for o in asked)
    unlisted = [sum(not explained(chosen.ask, o.name, w) for w in o.wrong) for o in asked]
    print(
        f"{chosen.ask}: {sum(o.fine for o in asked)} of {len(asked)} operators and {cases - wrong} of {cases} cases "
        "agree; "
        f"{sum(map(bool, unlisted))} operators and {sum(unlisted)} cases differ without a listed reason"
    )
    return 1 if any(unlisted) else 0


if __name__ == "__main__":
    sys.exit(main())
