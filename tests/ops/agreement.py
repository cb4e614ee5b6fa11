"""Asking PyTorch: one line of code is run under both libraries, and results, types, strides and errors are compared."""

import warnings
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import gputensor as gt

# the error that PyTorch raises -> what ours must be caught by
CATCH: dict[type, type] = {NotImplementedError: RuntimeError}


def cases(text: str) -> list[str]:
    """A line of code each."""
    return [line for line in text.splitlines() if line]


def agrees(code: str, *, strides: bool = True) -> None:
    """Both libraries must do the same with `code`.

    Its names: L, the library; Z, O, A, T: its zeros, ones, arange, tensor; np: NumPy.
    """
    torch = pytest.importorskip("torch")
    theirs, their_error = outcome(code, torch)
    ours, our_error = outcome(code, gt)
    if their_error is not None:
        assert our_error is not None, f"{code} gives {ours!r}, but PyTorch raises {their_error!r}"
        kind = CATCH.get(type(their_error), type(their_error))
        assert isinstance(our_error, kind), f"{code} raises {our_error!r}, PyTorch {their_error!r}"
        words = str(our_error)
        assert ":" in words or "argument" in words, f"{code}: the message names no operation: {our_error}"
        return
    if our_error is not None:
        raise AssertionError(f"{code} raises {our_error!r}, but PyTorch gives {theirs!r}") from our_error
    same(code, ours, theirs, strides)


def outcome(code: str, lib: ModuleType) -> tuple[Any, Exception | None]:
    names = {"L": lib, "Z": lib.zeros, "O": lib.ones, "A": lib.arange, "T": lib.tensor, "np": np}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return eval(code, names), None
    except Exception as error:
        return None, error


def same(code: str, ours: Any, theirs: Any, strides: bool) -> None:
    import torch

    if isinstance(theirs, torch.Tensor):
        assert isinstance(ours, gt.Tensor), f"{code} gives a {type(ours).__name__}"
        assert repr(ours.dtype).split(".")[1] == repr(theirs.dtype).split(".")[1], (
            f"{code}: {ours.dtype}, not {theirs.dtype}"
        )
        assert tuple(ours.shape) == tuple(theirs.shape), f"{code}: shape {ours.shape}, not {theirs.shape}"
        assert ours.requires_grad == theirs.requires_grad, f"{code}: requires_grad is {ours.requires_grad}"
        if strides and theirs.numel():
            assert ours.stride() == theirs.stride(), f"{code}: strides {ours.stride()}, not {theirs.stride()}"
        a, b = ours.detach().tolist(), theirs.detach().tolist()
        np.testing.assert_allclose(np.array(a), np.array(b), rtol=2e-6, atol=1e-7, err_msg=code)
    elif isinstance(theirs, (tuple, list)) and not isinstance(theirs, torch.Size):
        assert type(ours) is type(theirs), f"{code} gives a {type(ours).__name__}, not a {type(theirs).__name__}"
        assert len(ours) == len(theirs), f"{code} gives {len(ours)} results, not {len(theirs)}"
        for a, b in zip(ours, theirs, strict=True):
            same(code, a, b, strides)
    elif isinstance(theirs, torch.Size):
        assert tuple(ours) == tuple(theirs), code
    elif isinstance(theirs, (torch.dtype, torch.device)):
        assert str(ours).split(".")[-1] == str(theirs).split(".")[-1], code
    elif isinstance(theirs, np.ndarray):
        np.testing.assert_array_equal(ours, theirs, err_msg=code)
        assert ours.dtype == theirs.dtype, code
    else:
        assert ours == theirs or (ours != ours and theirs != theirs), f"{code}: {ours!r}, not {theirs!r}"
