"""Settings of the whole process that programs ask for at the top level."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

from gputensor.arrays.numpy_ import blas
from gputensor.core.devices import as_device, set_default_device
from gputensor.core.dtypes import as_dtype, set_default_dtype
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ArgumentError, DtypeError
from gputensor.ops.legacy import TensorType

_PRECISIONS = ("highest", "high", "medium")
_DEBUG_MODES = {"default": 0, "warn": 1, "error": 2}
_interop = [1]
_precision = ["highest"]
_deterministic = [0]
_warn_always = [False]


def get_num_threads() -> int:
    """How many threads a matrix product, or other large work, on the CPU may use.

    >>> import gputensor as gt
    >>> gt.get_num_threads() >= 1
    True
    """
    return blas.get_threads()


def set_num_threads(num_threads: int) -> None:
    """Let matrix products, and other large work, on the CPU use this many threads.

    On Linux NumPy's OpenBLAS is told. With another library, or elsewhere, the number is only remembered; set
    OPENBLAS_NUM_THREADS or MKL_NUM_THREADS before Python starts instead. Raises TypeError for no int, ArgumentError
    below 1.

    >>> import gputensor as gt
    >>> before = gt.get_num_threads()
    >>> gt.set_num_threads(1)
    >>> gt.get_num_threads()
    1
    >>> gt.set_num_threads(before)
    """
    blas.set_threads(_count("set_num_threads", num_threads))


def get_num_interop_threads() -> int:
    """What `set_num_interop_threads` was given, at first 1: operations run one after another.

    >>> import gputensor as gt
    >>> gt.get_num_interop_threads()
    1
    """
    return _interop[0]


def set_num_interop_threads(num_threads: int) -> None:
    """Remember a number of threads for independent operations. They run one after another; nothing changes.

    >>> import gputensor as gt
    >>> gt.set_num_interop_threads(1)
    """
    _interop[0] = _count("set_num_interop_threads", num_threads)


def _count(name: str, given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise TypeError(f"{name}: expected an int, got {type(given).__name__} {given!r}")
    if given < 1:
        raise ArgumentError(f"{name}: expected a positive number of threads, got {given}")
    return given


def get_float32_matmul_precision() -> str:
    """What `set_float32_matmul_precision` was given, at first "highest".

    >>> import gputensor as gt
    >>> gt.get_float32_matmul_precision()
    'highest'
    """
    return _precision[0]


def set_float32_matmul_precision(precision: str) -> None:
    """Allow less precise products of float32 matrices: "highest", "high" or "medium".

    Accepted and remembered; products are always computed in float32, which satisfies all three. Raises ArgumentError
    for another word.

    >>> import gputensor as gt
    >>> gt.set_float32_matmul_precision("highest")
    """
    if precision not in _PRECISIONS:
        raise ArgumentError(f"set_float32_matmul_precision: expected one of {_PRECISIONS}, got {precision!r}")
    _precision[0] = precision


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask that the same program on the same machine gives the same bits.

    Accepted and remembered: on the CPU every operation is deterministic whatever is asked. On a GPU, sums over repeated
    indices (`index_add`, `scatter_add`, the gradients of indexing) add in an order that may change.

    >>> import gputensor as gt
    >>> gt.use_deterministic_algorithms(True)
    >>> gt.are_deterministic_algorithms_enabled()
    True
    >>> gt.use_deterministic_algorithms(False)
    """
    _deterministic[0] = (1 if warn_only else 2) if mode else 0


def are_deterministic_algorithms_enabled() -> bool:
    """What `use_deterministic_algorithms` was given.

    >>> import gputensor as gt
    >>> gt.are_deterministic_algorithms_enabled()
    False
    """
    return bool(_deterministic[0])


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether `use_deterministic_algorithms` was given warn_only.

    >>> import gputensor as gt
    >>> gt.is_deterministic_algorithms_warn_only_enabled()
    False
    """
    return _deterministic[0] == 1


def get_deterministic_debug_mode() -> int:
    """0, 1 ("warn") or 2 ("error"): another form of what `use_deterministic_algorithms` was given.

    >>> import gputensor as gt
    >>> gt.get_deterministic_debug_mode()
    0
    """
    return _deterministic[0]


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """`use_deterministic_algorithms` by number or name: 0 "default", 1 "warn", 2 "error".

    Raises ArgumentError for others.

    >>> import gputensor as gt
    >>> gt.set_deterministic_debug_mode("default")
    """
    found = _DEBUG_MODES.get(debug_mode, -1) if isinstance(debug_mode, str) else debug_mode
    if found not in (0, 1, 2):
        raise ArgumentError(f"set_deterministic_debug_mode: expected 0, 1, 2 or {[*_DEBUG_MODES]}, got {debug_mode!r}")
    _deterministic[0] = found


def set_flush_denormal(mode: bool) -> bool:
    """Ask that numbers too small for full precision become 0; returns whether it was done: False, NumPy cannot.

    >>> import gputensor as gt
    >>> gt.set_flush_denormal(True)
    False
    """
    return False


def set_warn_always(b: bool) -> None:
    """Remember whether warnings should come every time. Python's filters decide, as for every warning.

    >>> import gputensor as gt
    >>> gt.set_warn_always(False)
    """
    _warn_always[0] = bool(b)


def is_warn_always_enabled() -> bool:
    """What `set_warn_always` was given.

    >>> import gputensor as gt
    >>> gt.is_warn_always_enabled()
    False
    """
    return _warn_always[0]


def set_default_tensor_type(t: Any) -> None:
    """PyTorch's older way to set the dtype and device of new tensors, by a type as ``gputensor.DoubleTensor``.

    t: such a type, or its name, of this package or PyTorch's: "torch.cuda.FloatTensor". Raises TypeError for anything
    else, DtypeError for a type of integers, DeviceError where there is no GPU. Prefer `set_default_dtype` and
    `set_default_device`.

    >>> import gputensor as gt
    >>> gt.set_default_tensor_type(gt.DoubleTensor)
    >>> gt.zeros(1).dtype
    gputensor.float64
    >>> gt.set_default_tensor_type("torch.FloatTensor")
    """
    name = t.type_name if isinstance(t, TensorType) else t
    parts = name.split(".") if isinstance(name, str) else []
    known = parts[:1] in (["torch"], ["gputensor"]) and parts[1:-1] in ([], ["cuda"]) and parts[-1].endswith("Tensor")
    if not known:
        raise TypeError(
            f"set_default_tensor_type: expected a type as gputensor.FloatTensor or its name, got {t!r}; use "
            "set_default_dtype for a dtype"
        )
    d = as_dtype(parts[-1].removesuffix("Tensor").lower())
    if not d.is_floating_point:
        raise DtypeError(f"set_default_tensor_type: expected a floating-point type, got {name}")
    set_default_device("cuda" if "cuda" in parts else "cpu")
    set_default_dtype(d)


def compile(
    model: Callable[..., Any] | None = None,
    *,
    fullgraph: bool = False,
    dynamic: bool | None = None,
    backend: Any = "default",
    mode: str | None = None,
    options: dict[str, Any] | None = None,
    disable: bool = False,
    **others: Any,
) -> Any:
    """The function or module itself: there is no compiler, and programs run as they are written.

    Also a decorator, with arguments or without. All arguments are accepted without an effect. Raises TypeError for what
    cannot be called.
    Unlike torch: the function itself comes back.

    >>> import gputensor as gt
    >>> @gt.compile
    ... def double(x):
    ...     return x * 2
    >>> double(gt.ones(2))
    tensor([2., 2.])
    """
    if model is None:
        return compile
    if not callable(model):
        raise TypeError(f"compile: expected a function or a module, got {type(model).__name__} {model!r}")
    return model


def typename(obj: Any) -> str:
    """The full name of an object's type; of a tensor, what `Tensor.type` says.

    >>> import gputensor as gt
    >>> gt.typename(gt.ones(1)), gt.typename(gt.nn.Linear(1, 1))
    ('gputensor.FloatTensor', 'gputensor.nn.modules.linear.Linear')
    """
    if isinstance(obj, TensorBase):
        return str(obj.type())  # type: ignore[attr-defined]  # a Tensor, which is not imported here
    kind = obj if hasattr(obj, "__qualname__") and hasattr(obj, "__module__") else type(obj)
    return kind.__qualname__ if kind.__module__ in ("builtins", None) else f"{kind.__module__}.{kind.__qualname__}"


def get_device_module(device: Any = None) -> ModuleType:
    """The module of a device's kind: `gputensor.cuda` or `gputensor.cpu`; of the default device unless given.

    >>> import gputensor as gt
    >>> gt.get_device_module("cuda") is gt.cuda
    True
    """
    return importlib.import_module(f"gputensor.{as_device(device).type}")
