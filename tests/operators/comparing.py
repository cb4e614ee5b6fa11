"""PyTorch's own list of operators (its OpInfo database), each with the inputs that PyTorch tests it with, asked of both
libraries.

    python -m tests.operators.comparing [--only PATTERN] [--errors] [--verbose]

prints what differs. Needs PyTorch 2.13 and expecttest, which PyTorch's list imports.
"""

from __future__ import annotations

import argparse
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import gputensor as gt

# private, sparse, masked, quantized and compiler entries, and steps of PyTorch's own backward pass
LEFT_OUT = re.compile(
    r"^_|^masked\.|^sparse\.|^torch\.|^jiterator|sparse|_backward$|^native_|_jvp$|sampled_addmm|quantize|^hash_tensor$"
)
# values that are drawn, or whatever was in memory: shapes and dtypes are compared, numbers are not
DRAWN = re.compile(
    r"bernoulli|cauchy|exponential$|geometric|log_normal|multinomial|^normal|rand|uniform|dropout|rrelu|empty"
    r"|fractional_max|lowrank|scaled_dot_product_attention dropout|^resize_"
)
# factors are unique only up to signs or order: what is made of them is compared in the tests of linalg
AMBIGUOUS = re.compile(r"^(linalg\.)?(svd|eig|eigh|qr|geqrf|ldl_factor(_ex)?|lu_factor_ex)$")
DTYPES = ("float32", "float64", "complex64", "int64", "bool", "bfloat16", "float16")
TOLERANCE = {
    "float32": (2e-5, 2e-5), "float64": (1e-9, 1e-9), "complex64": (5e-5, 5e-5), "complex128": (1e-9, 1e-9),
    "bfloat16": (2e-2, 2e-2), "float16": (2e-3, 2e-3),
}  # fmt: skip
GRAD_TOLERANCE = (1e-6, 1e-7)


@dataclass
class Outcome:
    """What became of one operator."""

    name: str
    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        return self.asked > 0 and not self.wrong


def operators(only: str = "") -> Iterator[Any]:
    """The entries of the list that count."""
    from torch.testing._internal.common_methods_invocations import op_db

    for op in op_db:
        if not LEFT_OUT.search(op.name) and re.search(only, full_name(op)):
            yield op


def full_name(op: Any) -> str:
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name


def ours_of(op: Any) -> Callable[..., Any] | None:
    """The same callable over gputensor: by its path, or PyTorch's wrapper with our module in the place of torch."""
    import torch

    function = op.op
    if isinstance(function, types.FunctionType) and not (function.__module__ or "").startswith(
        ("torch.nn.functional", "torch.functional", "torch._tensor", "torch._jit", "torch.signal")
    ):
        names = {k: _exchanged(v) for k, v in function.__globals__.items() if k in ("torch", "F")}
        cells = function.__closure__
        twin = types.FunctionType(
            function.__code__, {**function.__globals__, **names}, function.__name__, function.__defaults__,
            tuple([types.CellType(_exchanged(c.cell_contents)) for c in cells]) if cells else None,
        )  # fmt: skip
        twin.__kwdefaults__ = function.__kwdefaults__
        return twin
    found = _path(gt, op.name)
    if found is None:
        found = getattr(gt.Tensor, op.name, None)
        if isinstance(found, property):
            return found.fget
    if function is getattr(torch.Tensor, op.name, None) and hasattr(gt.Tensor, op.name):
        found = getattr(gt.Tensor, op.name)
    if found is None and hasattr(function, "__name__"):
        found = _path(gt, function.__name__)
    return found


def _path(root: Any, path: str) -> Any:
    for part in path.split("."):
        root = getattr(root, part, None)
        if root is None:
            return None
    return root


def _exchanged(value: Any) -> Any:
    """torch, or a function of it, as ours."""
    import torch

    if value is torch:
        return gt
    if value is torch.nn.functional:
        return gt.nn.functional
    if callable(value) and getattr(value, "__module__", "") and str(value.__module__).startswith("torch"):
        path = f"{value.__module__}.{getattr(value, '__qualname__', '')}".removeprefix("torch.")
        return _path(gt, path) or _path(gt, getattr(value, "__name__", "?")) or value
    if type(value).__name__ in ("builtin_function_or_method", "method_descriptor"):
        return _path(gt, value.__name__) or getattr(gt.Tensor, value.__name__, value)
    return value


def converted(value: Any, grads: list[tuple[Any, Any]] | None = None) -> Any:
    """Arguments for gputensor: tensors with the same memory layout, dtypes, devices, containers."""
    import torch

    if isinstance(value, torch.Tensor):
        t = _tensor(value)
        if value.requires_grad:
            t.requires_grad_(True)
            if grads is not None:
                grads.append((value, t))
        return t
    if isinstance(value, torch.dtype):
        return getattr(gt, str(value).removeprefix("torch."))
    if isinstance(value, torch.device):
        return gt.device(str(value))
    if isinstance(value, torch.memory_format):
        return getattr(gt, str(value).removeprefix("torch."))
    if isinstance(value, torch.layout):
        return gt.strided
    if isinstance(value, torch.Size):
        return gt.Size(value)
    if isinstance(value, Mapping):
        return {k: converted(v, grads) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        kind = type(value)
        items = [converted(v, grads) for v in value]
        return kind(items) if kind in (list, tuple) else kind(*items)
    if callable(value):
        return _exchanged(value)
    return value


def _tensor(t: Any) -> Any:
    import torch

    plain = t.detach().resolve_conj().resolve_neg()
    name = str(plain.dtype).removeprefix("torch.")
    if plain.dtype == torch.bfloat16:
        out = gt.from_numpy(plain.view(torch.int16).numpy().copy()).view(gt.bfloat16) if plain.ndim else None
        if out is None:
            out = gt.tensor(plain.float().item(), dtype=gt.bfloat16)
    else:
        out = gt.tensor(plain.numpy())
    if tuple(out.stride()) != tuple(t.stride()) and t.numel():
        wide = gt.empty_strided(tuple(t.shape), tuple(t.stride()), dtype=getattr(gt, name))
        if all(s for s, n in zip(t.stride(), t.shape, strict=True) if n > 1):
            wide.copy_(out)
            out = wide
    return out


def flat(value: Any) -> list[Any]:
    """The tensors and plain values of a result, in order."""
    if isinstance(value, (list, tuple)) and not hasattr(value, "numel"):
        return [x for v in value for x in flat(v)]
    return [value]


def array(t: Any) -> np.ndarray:
    """A tensor of either library as float64, complex128, int64 or bool."""
    t = t.detach()
    theirs = type(t).__module__.startswith("torch")
    if theirs:
        t = t.resolve_conj().resolve_neg()
    if dtype_of(t) in ("bfloat16", "float16"):
        t = t.float()
    return t.numpy(force=True) if theirs else t.numpy()


def dtype_of(t: Any) -> str:
    return str(t.dtype).split(".")[-1]


def differs(theirs: Any, ours: Any, drawn: bool = False, tolerance: tuple[float, float] | None = None) -> str:
    """What is different, in words; empty if nothing is."""
    import torch

    if not isinstance(theirs, torch.Tensor):
        if hasattr(ours, "array"):
            return f"a tensor where PyTorch gives {type(theirs).__name__}"
        same = str(theirs).replace("torch", "gputensor") == str(ours) or theirs == ours
        if isinstance(theirs, (float, complex)):
            same = np.allclose(theirs, ours, rtol=1e-3, atol=1e-3, equal_nan=True)
        return "" if same or drawn else f"{ours!r} where PyTorch gives {theirs!r}"
    if not hasattr(ours, "array"):
        return f"{type(ours).__name__} where PyTorch gives a tensor"
    if tuple(theirs.shape) != tuple(ours.shape):
        return f"shape {tuple(ours.shape)}, PyTorch {tuple(theirs.shape)}"
    if dtype_of(theirs) != dtype_of(ours):
        return f"dtype {dtype_of(ours)}, PyTorch {dtype_of(theirs)}"
    if drawn or not theirs.numel():
        return ""
    a, b = array(theirs), array(ours)
    rtol, atol = tolerance or TOLERANCE.get(dtype_of(theirs), (0, 0))
    scale = np.abs(a[np.isfinite(a)]).max(initial=0) if a.dtype.kind in "fc" else 0
    if not np.allclose(a, b, rtol=rtol, atol=atol * max(1.0, float(scale)), equal_nan=True):
        return f"values {b.reshape(-1)[:4]}, PyTorch {a.reshape(-1)[:4]}"
    return ""


def compare(op: Any, dtype: str, outcome: Outcome, limit: int = 10**6) -> None:
    """Ask both libraries all the samples of one operator in one dtype."""
    import torch

    d = getattr(torch, dtype)
    function = ours_of(op)
    drawn = bool(DRAWN.search(full_name(op)))
    differentiated = op.supports_autograd and dtype in ("float64",) and not drawn
    if function is None:
        outcome.asked += 1
        outcome.wrong.append("is missing")
        return
    torch.manual_seed(0)
    try:
        samples = list(op.sample_inputs("cpu", d, requires_grad=differentiated))
    except Exception:  # a list that cannot be made for this dtype asks nothing
        return
    for n, sample in enumerate(samples[:limit]):
        try:
            theirs = op.op(sample.input, *sample.args, **sample.kwargs)
        except Exception:
            continue
        theirs_flat = flat(theirs)
        if any(isinstance(t, torch.Tensor) and (t.layout != torch.strided or t.is_quantized) for t in theirs_flat):
            continue
        pairs: list[tuple[Any, Any]] = []
        outcome.asked += 1
        where = f"{dtype} sample {n}"
        try:
            given = converted((sample.input, *sample.args), pairs)
            ours_flat = flat(function(*given, **converted(sample.kwargs, pairs)))
        except Exception as error:
            outcome.wrong.append(f"{where}: {type(error).__name__}: {str(error)[:150]}")
            continue
        if len(ours_flat) != len(theirs_flat):
            outcome.wrong.append(f"{where}: {len(ours_flat)} results, PyTorch {len(theirs_flat)}")
            continue
        ambiguous = bool(AMBIGUOUS.search(op.name))
        found = [differs(a, b, drawn or ambiguous) for a, b in zip(theirs_flat, ours_flat, strict=True)]
        if any(found):
            outcome.wrong.append(f"{where}: {next(f for f in found if f)}")
            continue
        if differentiated and pairs and not ambiguous:
            said = _gradients_differ(theirs_flat, ours_flat, pairs)
            if said:
                outcome.wrong.append(f"{where}, gradient: {said}")


def _gradients_differ(theirs: list[Any], ours: list[Any], pairs: list[tuple[Any, Any]]) -> str:
    import torch

    rng = np.random.default_rng(0)
    roots = [(a, b) for a, b in zip(theirs, ours, strict=True) if isinstance(a, torch.Tensor) and a.requires_grad]
    if not roots:
        return ""
    for _, b in roots:
        if not b.requires_grad:
            return "a result has no history"
    seeds = [rng.standard_normal(tuple(a.shape)) for a, _ in roots]
    leaves, our_leaves = [a for a, _ in pairs], [b for _, b in pairs]
    try:
        want = torch.autograd.grad(
            [a for a, _ in roots],
            leaves,
            [torch.tensor(s).to(a.dtype) for s, (a, _) in zip(seeds, roots, strict=True)],
            allow_unused=True,
        )
    except Exception:
        return ""
    try:
        got = gt.autograd.grad(
            [b for _, b in roots],
            our_leaves,
            [gt.tensor(s).to(b.dtype) for s, (_, b) in zip(seeds, roots, strict=True)],
            allow_unused=True,
        )
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:150]}"
    for w, g, leaf in zip(want, got, leaves, strict=True):
        w = torch.zeros_like(leaf) if w is None else w
        g = gt.zeros(tuple(leaf.shape), dtype=gt.float64) if g is None else g
        said = differs(w, g, tolerance=GRAD_TOLERANCE)
        if said:
            return said
    return ""


def compare_errors(op: Any, outcome: Outcome) -> None:
    """Ask for an ordinary exception wherever PyTorch's list says that PyTorch raises one."""
    import torch

    function = ours_of(op)
    if function is None or op.error_inputs_func is None:
        return
    try:
        inputs = list(op.error_inputs("cpu"))
    except Exception:
        return
    for n, wrong in enumerate(inputs):
        sample = wrong.sample_input
        try:
            op.op(sample.input, *sample.args, **sample.kwargs)
            continue
        except Exception:
            pass
        if any(isinstance(t, torch.Tensor) and t.layout != torch.strided for t in flat((sample.input, *sample.args))):
            continue
        try:
            given, named = converted((sample.input, *sample.args)), converted(sample.kwargs)
        except Exception:
            continue
        outcome.asked += 1
        try:
            function(*given, **named)
        except Exception:
            continue
        outcome.wrong.append(f"error input {n} is accepted; PyTorch: {str(wrong.error_regex)[:100]}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="a regular expression for names")
    parser.add_argument("--errors", action="store_true", help="ask the invalid inputs instead")
    parser.add_argument("--dtypes", default=",".join(DTYPES))
    parser.add_argument("--verbose", action="store_true", help="every difference, not the first three")
    chosen = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    by_name: dict[str, Outcome] = {}
    for op in operators(chosen.only):
        outcome = by_name.setdefault(full_name(op), Outcome(full_name(op)))
        if chosen.errors:
            compare_errors(op, outcome)
            continue
        supported = {str(d).removeprefix("torch.") for d in op.supported_dtypes("cpu")}
        for dtype in chosen.dtypes.split(","):
            if dtype in supported:
                compare(op, dtype, outcome)
    asked = [o for o in by_name.values() if o.asked]
    for o in asked:
        if o.wrong:
            print(f"{o.name}: {len(o.wrong)} of {o.asked}")
            for line in o.wrong if chosen.verbose else o.wrong[:3]:
                print(f"    {line}")
    fine = sum(o.fine for o in asked)
    cases, wrong = sum(o.asked for o in asked), sum(len(o.wrong) for o in asked)
    print(f"{fine} of {len(asked)} operators, {cases - wrong} of {cases} cases agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())
