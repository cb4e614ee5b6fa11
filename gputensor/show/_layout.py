"""Brackets, line breaks and ellipses around the elements of a tensor, and the list of facts behind them."""

from collections.abc import Sequence


def nested(
    texts: Sequence[str],
    shape: Sequence[int],
    cuts: Sequence[int],
    *,
    width: int,
    indent: int,
    linewidth: int,
) -> str:
    """The elements in nested brackets, the innermost ones wrapped to `linewidth`.

    texts: the elements in C order; shape: their shape; cuts: for each axis the number of items before the ellipsis, 0
    where the axis is whole; width: the characters planned for one element; indent: those before the first bracket.
    """
    if not shape:
        return texts[0]
    innermost = len(shape) - 1
    column = indent + innermost
    per_line = max(1, (linewidth - column) // (width + 2))
    line_break = ",\n" + " " * (column + 1)
    rows = []
    for items in _groups(texts, shape[innermost], cuts[innermost], " ..."):
        lines = [", ".join(items[start : start + per_line]) for start in range(0, len(items), per_line)]
        rows.append(f"[{line_break.join(lines)}]")
    for axis in reversed(range(innermost)):
        separator = "," + "\n" * (innermost - axis) + " " * (indent + axis + 1)
        rows = [f"[{separator.join(items)}]" for items in _groups(rows, shape[axis], cuts[axis], "...")]
    return rows[0]


def followed_by(body: str, facts: Sequence[str], *, indent: int, linewidth: int) -> str:
    """`body`, then each fact after a comma, on a new line where it would not fit before `linewidth`."""
    used = len(body) - (body.rfind("\n") + 1) + 2
    for fact in facts:
        # Measured with PyTorch's shorter name, so that lines break at the same places as there.
        length = len(fact.replace("gputensor.", "torch."))
        if used + length + 2 > linewidth:
            body += ",\n" + " " * indent + fact
            used = indent + length
        else:
            body += ", " + fact
            used += length + 2
    return body


def _groups(items: Sequence[str], size: int, cut: int, ellipsis: str) -> list[list[str]]:
    """Consecutive groups of `size`, with the ellipsis after the first `cut` of each unless that is 0."""
    groups = [list(items[start : start + size]) for start in range(0, len(items), size)]
    if cut:
        for group in groups:
            group.insert(cut, ellipsis)
    return groups
