"""One operator of PyTorch's list asked of both libraries: values and gradients, in place, `out=`, invalid input."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import gputensor as gt
from tests.operators import agreement, entries
from tests.operators.conversion import Conversion, dtype_of, flat

ORDINARY = (RuntimeError, ValueError, TypeError, IndexError, gt.errors.MissingError)


@dataclass
class Outcome:
    """What became of one operator."""

    name: str
    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        return self.asked > 0 and not self.wrong

    def add(self, where: str, said: str) -> None:
        if said:
            self.wrong.append(f"{where}: {said}")


def samples(op: Any, dtype: str, requires_grad: bool, limit: int) -> Iterator[tuple[str, Any]]:
    """The samples of an operator, each with its name; none where the list cannot make them for a dtype."""
    import torch

    torch.manual_seed(0)
    try:
        made = list(islice(op.sample_inputs("cpu", getattr(torch, dtype), requires_grad=requires_grad), limit))
    except Exception:
        return
    for n, sample in enumerate(made):
        yield f"{dtype} sample {n}", sample


def supports(op: Any, dtype: str) -> bool:
    return dtype in {str(d).removeprefix("torch.") for d in op.supported_dtypes("cpu")}


def is_drawn(op: Any, sample: Any) -> bool:
    """Whether the values of a result are random."""
    chance = sample.kwargs.get("dropout_p", 0.0)
    if op.name == "nn.functional.multi_head_attention_forward":
        chance = sample.args[9]
    return bool(entries.DRAWN.search(entries.full_name(op))) or bool(chance and sample.kwargs.get("training", True))


def compare(op: Any, dtype: str, outcome: Outcome, limit: int = 10**6) -> None:
    """Values, and gradients in double precision."""
    function = entries.ours_of(op)
    if function is None:
        outcome.asked += 1
        outcome.wrong.append("is missing")
        return
    drawn = bool(entries.DRAWN.search(entries.full_name(op)))
    differentiated = op.supports_autograd and dtype == "float64" and not drawn
    for where, sample in samples(op, dtype, differentiated, limit):
        theirs = _theirs(op.op, sample)
        if theirs is None:
            continue
        outcome.asked += 1
        given = Conversion()
        try:
            arguments, named = given((sample.input, *sample.args)), given(sample.kwargs)
            ours = flat(function(*arguments, **named))
        except Exception as error:
            outcome.add(where, f"{type(error).__name__}: {str(error)[:150]}")
            continue
        said = _differ(op, dtype, sample, theirs, ours)
        if said:
            outcome.add(where, said)
        elif differentiated and given.pairs and not is_drawn(op, sample):
            theirs, ours = _unambiguous(sample, theirs, ours)
            outcome.add(f"{where}, gradient", agreement.gradients_differ(theirs, ours, given.pairs))


def _theirs(function: Callable[..., Any], sample: Any) -> list[Any] | None:
    """PyTorch's results; None where it raises or gives what NumPy cannot hold."""
    import torch

    try:
        results = flat(function(sample.input, *sample.args, **sample.kwargs))
    except Exception:
        return None
    odd = [t for t in results if isinstance(t, torch.Tensor) and (t.layout != torch.strided or t.is_quantized)]
    return None if odd else results


def _differ(op: Any, dtype: str, sample: Any, theirs: list[Any], ours: list[Any]) -> str:
    """The difference of two lists of results; where indices are tied, factors not unique or results inexact, of what
    they stand for."""
    drawn = is_drawn(op, sample)
    said = agreement.all_differ(theirs, ours, drawn=drawn)
    if not said or not said.startswith("values"):
        return said
    if entries.TIED.search(op.name) and not sample.kwargs.get("stable"):
        return _tied_differ(op, sample, theirs, ours)
    if entries.IN_FIXED_POINT.search(op.name) and dtype == "uint8":
        return agreement.all_differ(theirs, ours, tolerance=(0, 1))
    if entries.UP_TO_TURNS.search(op.name) and dtype in ("complex64", "complex128"):
        return agreement.all_differ([t.exp() for t in theirs], [t.exp() for t in ours])
    if not agreement.all_differ(*_unambiguous(sample, theirs, ours)):
        return ""
    if dtype in agreement.WIDER:
        exact = _theirs(op.op, sample.transform(functools.partial(_widened, dtype=dtype)))
        if exact is not None and agreement.no_worse(exact, theirs, ours):
            return ""
    return said


def _widened(value: Any, dtype: str) -> Any:
    import torch

    if isinstance(value, torch.Tensor) and value.dtype == getattr(torch, dtype):
        return value.detach().to(getattr(torch, agreement.WIDER[dtype]))
    return value


def _unambiguous(sample: Any, theirs: list[Any], ours: list[Any]) -> tuple[list[Any], list[Any]]:
    """Both results after the entry's own function that takes away what is not unique, such as signs."""
    process = sample.output_process_fn_grad
    if process is None or len(theirs) < 2 or not isinstance(process, types.FunctionType):
        return theirs, ours
    return flat(process(tuple(theirs))), flat(entries.twin(process)(tuple(ours)))


def _tied_differ(op: Any, sample: Any, theirs: list[Any], ours: list[Any]) -> str:
    x = sample.input
    place = {"sort": 0, "argsort": 0, "mode": 0, "topk": 1, "kthvalue": 1}[op.name]
    numbers = [a for a in sample.args if isinstance(a, int) and not isinstance(a, bool)]
    dim = sample.kwargs.get("dim", numbers[place] if len(numbers) > place else -1)
    if op.name not in ("kthvalue", "mode") and agreement.repeats(ours[-1], dim):
        return "values: an index occurs twice"
    y = Conversion()(x.detach())
    return agreement.all_differ(agreement.pointed_at(theirs, x.detach(), dim), agreement.pointed_at(ours, y, dim))


def compare_in_place(op: Any, dtype: str, outcome: Outcome, limit: int = 10**6) -> None:
    """The variant that writes its result into its first operand; refused where PyTorch refuses."""
    import torch

    theirs_of = op.inplace_variant
    if theirs_of is None:
        return
    function = entries.in_place_of(op)
    for where, sample in samples(op, dtype, False, limit):
        if sample.broadcasts_input:
            continue
        given = Conversion()
        arguments, named = given((sample.input, *sample.args)), given(sample.kwargs)
        before = sample.input
        sample.input = _same_view_of_a_copy(before) if isinstance(before, torch.Tensor) else before
        want = _theirs(theirs_of, sample)
        sample.input = before
        outcome.asked += 1
        if function is None:
            outcome.wrong.append("the in-place form is missing")
            return
        try:
            got = function(*arguments, **named)
        except ORDINARY as error:
            if want is not None:
                outcome.add(where, f"{type(error).__name__}: {str(error)[:150]}")
            continue
        if want is None:
            outcome.add(where, "is accepted, PyTorch refuses")
        elif got is not arguments[0]:
            outcome.add(where, "does not return its first operand")
        else:
            outcome.add(where, _differ(op, dtype, sample, want, flat(got)))


def _same_view_of_a_copy(t: Any) -> Any:
    import torch

    memory = t.untyped_storage().clone()
    copy = torch.empty(0, dtype=t.dtype).set_(memory, t.storage_offset(), tuple(t.shape), tuple(t.stride()))
    return copy.conj() if t.is_conj() else copy


def compare_out(op: Any, dtype: str, outcome: Outcome, limit: int = 10**6) -> None:
    """Results put into tensors that are there: of their shape, and empty ones, which grow."""
    import torch

    if not op.supports_out:
        return
    function = entries.ours_of(op)
    if function is None:
        return
    for where, sample in samples(op, dtype, False, limit):
        theirs = _theirs(op.op, sample)
        if theirs is None or not all(isinstance(t, torch.Tensor) for t in theirs):
            continue
        several = len(theirs) > 1
        given = Conversion()
        arguments, named = given((sample.input, *sample.args)), given(sample.kwargs)
        for shapes in ([tuple(t.shape) for t in theirs], [(0,)] * len(theirs)):
            outs = [torch.empty(s, dtype=t.dtype) for s, t in zip(shapes, theirs, strict=True)]
            try:
                op.op(sample.input, *sample.args, **sample.kwargs, out=tuple(outs) if several else outs[0])
            except Exception:  # no out= in PyTorch itself
                continue
            outcome.asked += 1
            try:
                our_outs = [gt.empty(s, dtype=getattr(gt, dtype_of(t))) for s, t in zip(shapes, theirs, strict=True)]
                got = flat(function(*arguments, **named, out=tuple(our_outs) if several else our_outs[0]))
            except Exception as error:
                outcome.add(where, f"{type(error).__name__}: {str(error)[:150]}")
                break
            if len(got) != len(our_outs) or any(g is not o for g, o in zip(got, our_outs, strict=True)):
                outcome.add(where, "does not return out")
                break
            said = _differ(op, dtype, sample, outs, got)
            if said:
                outcome.add(where, said)
                break


def compare_errors(op: Any, outcome: Outcome) -> None:
    """Ask for an ordinary exception wherever PyTorch's list says that PyTorch raises one."""
    import torch

    function = entries.ours_of(op)
    if function is None or op.error_inputs_func is None:
        return
    try:
        inputs = list(op.error_inputs("cpu"))
    except Exception:
        return
    for n, wrong in enumerate(inputs):
        sample = wrong.sample_input
        given = Conversion()
        try:
            arguments, named = given((sample.input, *sample.args)), given(sample.kwargs)
        except Exception:  # sparse tensors and other things that have no counterpart
            continue
        try:
            op.op(sample.input, *sample.args, **sample.kwargs)
            continue
        except Exception:
            pass
        if any(isinstance(t, torch.Tensor) and t.layout != torch.strided for t in flat((sample.input, *sample.args))):
            continue
        outcome.asked += 1
        try:
            function(*arguments, **named)
        except ORDINARY as error:
            if type(error) is RuntimeError and not str(error):
                outcome.wrong.append(f"error input {n} is refused without words")
            continue
        except Exception as error:
            outcome.wrong.append(f"error input {n}: {type(error).__name__}: {str(error)[:100]}")
            continue
        outcome.wrong.append(f"error input {n} is accepted; PyTorch: {str(wrong.error_regex)[:100]}")
