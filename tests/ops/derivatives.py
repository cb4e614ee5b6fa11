"""Asking PyTorch for derivatives: values, gradients and gradients of gradients of one call, under both libraries."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gputensor as gt


def derivatives_agree(call: Callable[..., Any], *arrays: Any, tol: float = 1e-9) -> None:
    """call(F, *tensors), F being nn.functional, must have PyTorch's value, first and second derivatives in float64."""
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch's advice
        theirs = _orders(torch, call, arrays)
    ours = _orders(gt, call, arrays)
    for order, (got, wanted) in enumerate(zip(ours, theirs, strict=True)):
        for k, (a, b) in enumerate(zip(got, wanted, strict=True)):
            if a is None and b is None:
                continue
            # a gradient that does not exist is one of zeros
            a, b = (np.zeros_like(b) if a is None else a), (np.zeros_like(a) if b is None else b)
            assert a.shape == b.shape, f"order {order}, tensor {k}: shape {a.shape}, PyTorch has {b.shape}"
            np.testing.assert_allclose(a, b, rtol=tol, atol=tol, err_msg=f"order {order}, tensor {k}")


def _orders(lib: Any, call: Callable[..., Any], arrays: Any) -> list[list[Any]]:
    """The results, the gradients of a weighted sum of them, and those of a weighted sum of these."""
    rng = np.random.default_rng(0)
    given = [lib.tensor(np.asarray(a)) for a in arrays]
    leaves = [t for t in given if t.dtype == lib.float64]
    for t in leaves:
        t.requires_grad_()
    out = call(lib.nn.functional, *given)
    outs = list(out) if isinstance(out, tuple) else [out]
    found = [outs]
    for _ in range(2):
        total = None
        for t in found[-1]:
            if t is not None and t.requires_grad:
                weights = lib.tensor(np.asarray(rng.standard_normal(tuple(t.shape))))
                total = (t * weights).sum() if total is None else total + (t * weights).sum()
        gradients = [None] * len(leaves)
        if total is not None:
            gradients = list(lib.autograd.grad(total, leaves, create_graph=True, allow_unused=True))
        found.append(gradients)
    return [[None if t is None else _host(t) for t in order] for order in found]


def _host(t: Any) -> np.ndarray:
    t = t.detach()
    return t.numpy() if isinstance(t, gt.Tensor) else t.numpy(force=True)
