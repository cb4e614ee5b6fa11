"""`torch.nn._reduction`, which `torch.nn.functional` calls `_Reduction`: how losses become one, as numbers."""

from __future__ import annotations

from gputensor.ops.loss_reduction import reduction_of


def get_enum(reduction: str) -> int:
    """0 for "none", 1 for "mean", 2 for "sum"; raises ValueError for another word."""
    return ("none", "mean", "sum").index(reduction_of("reduction", reduction))


def legacy_get_string(size_average: bool | None, reduce: bool | None, emit_warning: bool = True) -> str:
    """The word that the two older arguments mean."""
    if reduce is not None and not reduce:
        return "none"
    return "mean" if size_average is None or size_average else "sum"


def legacy_get_enum(size_average: bool | None, reduce: bool | None, emit_warning: bool = True) -> int:
    """The number of the word that the two older arguments mean."""
    return get_enum(legacy_get_string(size_average, reduce, emit_warning))
