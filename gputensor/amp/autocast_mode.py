"""The context in which functions choose their precision, and what programs ask about it."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, TypeVar

from gputensor import Tensor, bfloat16, float16, float64
from gputensor.core.autocasting import STATE, switch
from gputensor.core.dtypes import FROM_NUMPY, as_dtype, dtype
from gputensor.cuda import is_available as cuda_is_available

__all__ = [
    "autocast",
    "clear_autocast_cache",
    "custom_bwd",
    "custom_fwd",
    "get_autocast_cpu_dtype",
    "get_autocast_dtype",
    "get_autocast_gpu_dtype",
    "is_autocast_available",
    "is_autocast_cache_enabled",
    "is_autocast_cpu_enabled",
    "is_autocast_enabled",
    "set_autocast_cache_enabled",
    "set_autocast_dtype",
    "set_autocast_enabled",
]

F = TypeVar("F", bound=Callable[..., Any])


class autocast:
    """Inside the context, or in a decorated function, each function runs in the dtype that suits it.

    Matrix products, convolutions and linear layers run in `dtype`; losses, and on CUDA exponentials, logarithms,
    powers, sums, softmax and norms, in float32; some in the widest dtype of their operands; everything else in the
    dtype its operands have. float64, integers and complex numbers are left alone. Wrap the forward pass and the loss
    only. Parameters are cast once: the casts are kept until the outermost context ends.

    device_type: "cpu" or "cuda". dtype: float16 or bfloat16, unless given what `get_autocast_dtype` says. enabled:
    False switches off inside of a context that is on. cache_enabled: whether casts of parameters are kept. Per thread.
    Warns and does nothing where CUDA is asked for and not there, or for another dtype; raises RuntimeError for another
    device type. Unlike torch: a parameter written inside the context is cast anew.

    >>> import gputensor as gt
    >>> x, w = gt.ones(2, 2), gt.ones(2, 2, requires_grad=True)
    >>> with gt.autocast("cpu", dtype=gt.bfloat16):
    ...     y = x @ w
    ...     loss = gt.nn.functional.mse_loss(y, x)
    >>> y.dtype, loss.dtype
    (gputensor.bfloat16, gputensor.float32)
    """

    def __init__(
        self, device_type: str, dtype: dtype | None = None, enabled: bool = True, cache_enabled: bool | None = None
    ) -> None:
        self.device = _device_type("autocast", device_type)
        self.fast_dtype = get_autocast_dtype(self.device) if dtype is None else as_dtype(dtype)
        self._cache_enabled = STATE.cache_enabled if cache_enabled is None else bool(cache_enabled)
        self._enabled = bool(enabled)
        if self._enabled and self.device == "cuda" and not cuda_is_available():
            warnings.warn("autocast: there is no usable GPU, so that it does nothing for CUDA", stacklevel=2)
            self._enabled = False
        elif self._enabled and self.fast_dtype not in (float16, bfloat16):
            warnings.warn(
                f"autocast: dtype must be float16 or bfloat16, got {self.fast_dtype.name}; it does nothing",
                stacklevel=2,
            )
            self._enabled = False
        self._before: list[tuple[bool, Any, bool]] = []

    def __enter__(self) -> autocast:
        self._before.append((STATE.enabled[self.device], STATE.fast[self.device], STATE.cache_enabled))
        STATE.fast[self.device] = self.fast_dtype.numpy
        STATE.cache_enabled = self._cache_enabled
        STATE.nesting += 1
        switch(self.device, self._enabled)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        enabled, STATE.fast[self.device], STATE.cache_enabled = self._before.pop()
        STATE.nesting -= 1
        if not STATE.nesting:
            STATE.cache.clear()
        switch(self.device, enabled)

    def __call__(self, func: F) -> F:
        if not callable(func):
            raise TypeError(f"autocast: expected a function to decorate, got {type(func).__name__} {func!r}")

        @functools.wraps(func)
        def inside(*args: Any, **kwargs: Any) -> Any:
            with self:
                return func(*args, **kwargs)

        return inside  # type: ignore[return-value]  # wraps() keeps what it is called with


def is_autocast_available(device_type: str) -> bool:
    """Whether autocast knows this type of device: "cpu" and "cuda".

    >>> import gputensor as gt
    >>> gt.amp.is_autocast_available("cpu")
    True
    """
    if not isinstance(device_type, str):
        raise TypeError(f"is_autocast_available: device_type must be a str, got {device_type!r}")
    return device_type in STATE.enabled


def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """Whether this thread is in autocast for a type of device, by default "cuda".

    >>> import gputensor as gt
    >>> with gt.autocast("cpu"):
    ...     gt.is_autocast_enabled("cpu")
    True
    """
    return STATE.enabled[_device_type("is_autocast_enabled", device_type)]


def set_autocast_enabled(device_type: str | bool, enabled: bool | None = None) -> None:
    """Switch autocast on or off for this thread. Prefer the context manager: it switches back.

    >>> import gputensor as gt
    >>> gt.set_autocast_enabled("cpu", False)
    """
    if enabled is None:
        device_type, enabled = "cuda", bool(device_type)
    switch(_device_type("set_autocast_enabled", device_type), bool(enabled))


def get_autocast_dtype(device_type: str) -> dtype:
    """The low precision of autocast for a type of device: bfloat16 on the CPU and float16 on CUDA unless set.

    >>> import gputensor as gt
    >>> gt.get_autocast_dtype("cpu")
    gputensor.bfloat16
    """
    return FROM_NUMPY[STATE.fast[_device_type("get_autocast_dtype", device_type)]]


def set_autocast_dtype(device_type: str, dtype: dtype) -> None:
    """Set what `get_autocast_dtype` says, for this thread.

    >>> import gputensor as gt
    >>> gt.set_autocast_dtype("cpu", gt.bfloat16)
    """
    STATE.fast[_device_type("set_autocast_dtype", device_type)] = as_dtype(dtype).numpy


def get_autocast_gpu_dtype() -> dtype:
    """`get_autocast_dtype` for CUDA.

    >>> import gputensor as gt
    >>> gt.get_autocast_gpu_dtype()
    gputensor.float16
    """
    return get_autocast_dtype("cuda")


def get_autocast_cpu_dtype() -> dtype:
    """`get_autocast_dtype` for the CPU.

    >>> import gputensor as gt
    >>> gt.get_autocast_cpu_dtype()
    gputensor.bfloat16
    """
    return get_autocast_dtype("cpu")


def is_autocast_cpu_enabled() -> bool:
    """`is_autocast_enabled` for the CPU.

    >>> import gputensor as gt
    >>> gt.is_autocast_cpu_enabled()
    False
    """
    return is_autocast_enabled("cpu")


def is_autocast_cache_enabled() -> bool:
    """Whether autocast keeps the casts of parameters until the outermost context ends.

    >>> import gputensor as gt
    >>> gt.is_autocast_cache_enabled()
    True
    """
    return STATE.cache_enabled


def set_autocast_cache_enabled(enabled: bool) -> None:
    """Set whether autocast keeps the casts of parameters, for this thread.

    >>> import gputensor as gt
    >>> gt.set_autocast_cache_enabled(True)
    """
    STATE.cache_enabled = bool(enabled)


def clear_autocast_cache() -> None:
    """Forget the casts of parameters that autocast keeps in this thread.

    >>> import gputensor as gt
    >>> gt.clear_autocast_cache()
    """
    STATE.cache.clear()


def custom_fwd(fwd: Any = None, *, device_type: str = "cuda", cast_inputs: dtype | None = None) -> Any:
    """Decorate the forward of an `autograd.Function` that autocast must treat as one operation.

    cast_inputs: inside autocast, floating-point tensors among the arguments (float64 aside) are cast to this dtype and
    forward runs without autocast; None: forward runs in autocast as it is. Outside it changes nothing. The backward
    needs `custom_bwd`.

    >>> import gputensor as gt
    >>> class Product(gt.autograd.Function):
    ...     @staticmethod
    ...     @gt.amp.custom_fwd(device_type="cpu", cast_inputs=gt.float32)
    ...     def forward(ctx, x, y):
    ...         ctx.save_for_backward(x, y)
    ...         return x * y
    ...     @staticmethod
    ...     @gt.amp.custom_bwd(device_type="cpu")
    ...     def backward(ctx, g):
    ...         x, y = ctx.saved_tensors
    ...         return g * y, g * x
    >>> with gt.autocast("cpu"):
    ...     Product.apply(gt.ones(1).bfloat16(), gt.ones(1)).dtype
    gputensor.float32
    """
    where = _device_type("custom_fwd", device_type)
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type, cast_inputs=cast_inputs)

    @functools.wraps(fwd)
    def forward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        ctx._dtype = get_autocast_dtype(where)
        inside = is_autocast_enabled(where)
        ctx._fwd_used_autocast = inside and cast_inputs is None
        if not inside or cast_inputs is None:
            return fwd(ctx, *args, **kwargs)
        with autocast(where, enabled=False):
            return fwd(ctx, *_cast(args, where, cast_inputs), **_cast(kwargs, where, cast_inputs))

    return forward


def custom_bwd(bwd: Any = None, *, device_type: str = "cuda") -> Any:
    """Decorate the backward of an `autograd.Function`: it runs in the autocast state of its forward; see `custom_fwd`.

    >>> import gputensor as gt
    >>> callable(gt.amp.custom_bwd(lambda ctx, g: g, device_type="cpu"))
    True
    """
    where = _device_type("custom_bwd", device_type)
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)

    @functools.wraps(bwd)
    def backward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        with autocast(where, enabled=ctx._fwd_used_autocast, dtype=ctx._dtype):
            return bwd(ctx, *args, **kwargs)

    return backward


def _cast(value: Any, where: str, d: Any) -> Any:
    if isinstance(value, Tensor):
        eligible = value.is_floating_point() and value.device.type == where and value.dtype is not float64
        return value.to(d) if eligible else value
    if isinstance(value, Mapping):
        return {key: _cast(v, where, d) for key, v in value.items()}
    return type(value)([_cast(v, where, d) for v in value]) if type(value) in (list, tuple) else value


def _device_type(name: str, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError(f"{name}: device_type must be 'cpu' or 'cuda', got {type(given).__name__} {given!r}")
    if given not in STATE.enabled:
        raise RuntimeError(f"{name}: device_type must be 'cpu' or 'cuda', got {given!r}")
    return given


def __dir__() -> list[str]:
    return __all__
