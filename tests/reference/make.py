"""Write PyTorch's results for every row: ``python -m tests.reference.make``, with PyTorch 2.13.0 installed."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests import reference
from tests.drawing import all_samples, differentiable, draw, numpy_type
from tests.reference import Row, kept, main_dtype, weights
from tests.samples import Sample

VERSION = "2.13.0"


def to_torch(torch: Any, a: np.ndarray) -> Any:
    if a.dtype == numpy_type("bfloat16"):
        return torch.from_numpy(a.astype(np.float32)).to(torch.bfloat16)
    return torch.from_numpy(a.copy())


def from_torch(torch: Any, t: Any) -> np.ndarray:
    if not isinstance(t, torch.Tensor):
        return np.asarray(t)
    return (t.float() if t.dtype == torch.bfloat16 else t).numpy(force=True)


def flat(out: Any) -> list[Any]:
    return [t for o in out for t in flat(o)] if isinstance(out, (tuple, list)) else [out]


def dtype_of(torch: Any, t: Any) -> str:
    return str(t.dtype).removeprefix("torch.") if isinstance(t, torch.Tensor) else type(t).__name__


def row_of(torch: Any, sample: Sample) -> Row:
    dtypes: dict[str, list[str]] = {}
    for dtype in sample.dtypes:
        try:
            out = flat(sample.call(torch, *[to_torch(torch, a) for a in draw(sample, dtype)]))
            dtypes[dtype] = [dtype_of(torch, t) for t in out]
        except RuntimeError as error:
            if "not implemented for" not in str(error):
                raise
    main = main_dtype(sample)
    inputs = [to_torch(torch, a) for a in draw(sample, main)]
    places = differentiable(sample) if main in ("float32", "float64") else []
    for k in places:
        inputs[k].requires_grad_()
    out = flat(sample.call(torch, *inputs))
    results = [(from_torch(torch, t).shape, kept(from_torch(torch, t))) for t in out]
    parts = []
    for t in out:
        if isinstance(t, torch.Tensor) and t.requires_grad:
            real = torch.view_as_real(t.resolve_conj()) if t.is_complex() else t
            parts.append((real * torch.from_numpy(weights(real))).sum())
    gradients = []
    if parts:
        wanted = [inputs[k] for k in places]
        found = torch.autograd.grad(sum(parts), wanted, allow_unused=True, materialize_grads=True)
        gradients = [(tuple(g.shape), kept(from_torch(torch, g))) for g in found]
    return Row(dtypes, results, gradients)


def main() -> None:
    import torch  # this module is imported where the tests are collected, with PyTorch or without

    installed = torch.__version__.split("+")[0]
    if installed != VERSION:
        raise SystemExit(f"tests.reference.make: PyTorch {installed} is installed, and the reference is {VERSION}")
    rows = {sample.name: row_of(torch, sample) for sample in all_samples() if sample.torch}
    content = reference.save(VERSION, rows)
    reference.FILE.write_bytes(content)
    print(f"{reference.FILE}: {len(rows)} rows, {len(content):,} bytes")


if __name__ == "__main__":
    main()
