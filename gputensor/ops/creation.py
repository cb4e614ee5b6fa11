"""New tensors of a shape: filled with a number, or like another tensor. From data: `gputensor.ops.from_data`."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core import dtypes
from gputensor.core.apply import wrap
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import dtype as dtype_class, numpy_dtype
from gputensor.core.explain import out_of_memory
from gputensor.core.promotion import NO_NUMBERS
from gputensor.errors import ShapeError
from gputensor.ops.dims import checked, listed, spread
from gputensor.ops.from_data import (
    as_tensor as as_tensor,
    asarray as asarray,
    from_numpy as from_numpy,
    number_for,
    tensor as tensor,
)
from gputensor.ops.gradients import recording
from gputensor.ops.layout import check_format, contiguous_format, made_in, preserve_format
from gputensor.ops.out_argument import into, of_out

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

Dtype = Any  # a gputensor.dtype, a NumPy dtype, Python's bool, int, float, complex, or a name


def zeros(
    *sizes: Any, size: Any = None, dtype: Dtype = None, device: Any = None, requires_grad: bool = False, layout: Any =
    None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """A tensor of zeros.

    size: ints, or one tuple. dtype: the default dtype unless given. layout and pin_memory are accepted and have no
    effect. Raises TypeError for sizes that are no ints, ShapeError for negative ones, MemoryError where there is no
    room.

    >>> import gputensor as gt
    >>> gt.zeros(2)
    tensor([0., 0.])
    """
    dtype, device = of_out("zeros", out, dtype, device)
    xp = namespace_of(device)
    d = float_dtype(dtype)
    result = _made("zeros", xp, size_of("zeros", sizes, size), d, lambda shape: xp.zeros(shape, d), requires_grad)
    return result if out is None else into("zeros", out, result)


def ones(
    *sizes: Any, size: Any = None, dtype: Dtype = None, device: Any = None, requires_grad: bool = False, layout: Any =
    None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """A tensor of ones.

    size: ints, or one tuple. dtype: the default dtype unless given. Raises as `zeros` does.

    >>> import gputensor as gt
    >>> gt.ones(2)
    tensor([1., 1.])
    """
    dtype, device = of_out("ones", out, dtype, device)
    xp = namespace_of(device)
    d = float_dtype(dtype)
    result = _made("ones", xp, size_of("ones", sizes, size), d, lambda shape: xp.ones(shape, d), requires_grad)
    return result if out is None else into("ones", out, result)


def empty(
    *sizes: Any, size: Any = None, dtype: Dtype = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = contiguous_format, layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """A tensor whose elements are whatever was in memory.

    size: ints, or one tuple. dtype: the default dtype unless given. memory_format: the order of the elements in
    memory. Raises as `zeros` does.

    >>> import gputensor as gt
    >>> gt.empty(2, 3).shape
    gputensor.Size([2, 3])
    """
    dtype, device = of_out("empty", out, dtype, device)
    xp = namespace_of(device)
    d = float_dtype(dtype)
    shape = size_of("empty", sizes, size)
    if memory_format is preserve_format:
        raise ShapeError("empty: there is no tensor whose memory format could be preserved; use empty_like()")
    check_format("empty", memory_format, len(shape))
    result = _made("empty", xp, shape, d, lambda s: xp.empty(s, d), requires_grad, memory_format)
    return result if out is None else into("empty", out, result)


def full(
    size: Sequence[int], fill_value: Any, *, dtype: Dtype = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """A tensor with every element set to one number.

    dtype: inferred from the number unless given: bool, int64, the default dtype, or its complex counterpart. Raises
    NumberRangeError (a RuntimeError) for a number that does not fit dtype, and as `zeros` does.
    Unlike torch: a float dtype takes ints beyond int64.

    >>> import gputensor as gt
    >>> gt.full((2,), 7)
    tensor([7, 7])
    """
    dtype, device = of_out("full", out, dtype, device)
    value = fill_value.item() if hasattr(fill_value, "array") else fill_value
    result = _filled("full", full_size("full", listed("full", "size", size)), value, dtype, device, requires_grad)
    return result if out is None else into("full", out, result)


def eye(
    n: int, m: int | None = None, *, dtype: Dtype = None, device: Any = None, requires_grad: bool = False, layout: Any
    = None, pin_memory: bool = False,
    out: Tensor | None = None,
) -> Tensor:  # fmt: skip
    """The identity matrix: ones on the diagonal of an (n, m) matrix of zeros; m is n unless given.

    dtype: the default dtype unless given. Raises ShapeError for negative sizes.

    >>> import gputensor as gt
    >>> gt.eye(2)
    tensor([[1., 0.],
            [0., 1.]])
    """
    dtype, device = of_out("eye", out, dtype, device)
    rows, columns = full_size("eye", (n, n if m is None else m))
    xp = namespace_of(device)
    d = float_dtype(dtype)

    def make(shape: tuple[int, ...]) -> Any:
        made = xp.zeros(shape, d)
        diagonal = xp.diagonal(made, 0, 0, 1)
        xp.copy_into(diagonal, xp.ones(diagonal.shape, d))
        return made

    result = _made("eye", xp, (rows, columns), d, make, requires_grad)
    return result if out is None else into("eye", out, result)


def empty_strided(
    size: Sequence[int], stride: Sequence[int], *, dtype: Dtype = None, device: Any = None, requires_grad: bool =
    False, layout: Any = None, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """A tensor of given sizes and strides whose elements are whatever was in memory.

    Raises ShapeError for negative numbers and for as many strides as do not fit the sizes.

    >>> import gputensor as gt
    >>> gt.empty_strided((2, 3), (1, 2)).stride()
    (1, 2)
    """
    shape = full_size("empty_strided", listed("empty_strided", "size", size))
    steps = full_size("empty_strided", listed("empty_strided", "stride", stride))
    if len(shape) != len(steps):
        raise ShapeError(f"empty_strided: size {shape} and stride {steps} must have the same length")
    xp = namespace_of(device)
    d = float_dtype(dtype)
    reach = sum([(n - 1) * s for n, s in zip(shape, steps, strict=True)]) + 1 if math.prod(shape) else 0
    return _made(
        "empty_strided", xp, shape, d, lambda s: xp.as_strided(xp.empty((reach,), d), s, steps, 0), requires_grad
    )


def empty_permuted(
    size: Sequence[int], physical_layout: Sequence[int], *, dtype: Dtype = None, layout: Any = None, device: Any =
    None, requires_grad: bool = False, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """A tensor whose dims lie in memory in a given order, and whose elements are whatever was there.

    physical_layout: the dims from the outermost in memory to the innermost, each once. Raises ShapeError for another
    order and for negative sizes.

    >>> import gputensor as gt
    >>> gt.empty_permuted((2, 3, 4), (1, 0, 2)).stride()
    (4, 8, 1)
    """
    shape = full_size("empty_permuted", listed("empty_permuted", "size", size))
    order = listed("empty_permuted", "physical_layout", physical_layout)
    if sorted(order) != list(range(len(shape))):
        raise ShapeError(f"empty_permuted: physical_layout must name the {len(shape)} dims once each, got {order}")
    lying = empty(tuple([shape[k] for k in order]), dtype=dtype, device=device)
    out = lying.detach().permute([order.index(k) for k in range(len(shape))]).detach()
    return out.requires_grad_() if requires_grad else out


def zeros_like(
    input: Tensor, *, dtype: Dtype = None, device: Any = None, requires_grad: bool = False, memory_format: Any =
    preserve_format, layout: Any = None, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """Zeros of the shape, dtype, device and memory format of input, each unless given.

    >>> import gputensor as gt
    >>> gt.zeros_like(gt.tensor([1, 2]))
    tensor([0, 0])
    """
    return _like(
        "zeros_like", input, dtype, device, requires_grad, memory_format, lambda xp, d, shape: xp.zeros(shape, d)
    )


def ones_like(
    input: Tensor, *, dtype: Dtype = None, device: Any = None, requires_grad: bool = False, memory_format: Any =
    preserve_format, layout: Any = None, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """Ones of the shape, dtype, device and memory format of input, each unless given.

    >>> import gputensor as gt
    >>> gt.ones_like(gt.tensor([1, 2]))
    tensor([1, 1])
    """
    return _like(
        "ones_like", input, dtype, device, requires_grad, memory_format, lambda xp, d, shape: xp.ones(shape, d)
    )


def empty_like(
    input: Tensor, *, dtype: Dtype = None, device: Any = None, requires_grad: bool = False, memory_format: Any =
    preserve_format, layout: Any = None, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """An uninitialised tensor of the shape, dtype, device and memory format of input, each unless given.

    >>> import gputensor as gt
    >>> gt.empty_like(gt.zeros(2, 3)).shape
    gputensor.Size([2, 3])
    """
    return _like(
        "empty_like", input, dtype, device, requires_grad, memory_format, lambda xp, d, shape: xp.empty(shape, d)
    )


def full_like(
    input: Tensor, fill_value: Any, *, dtype: Dtype = None, device: Any = None, requires_grad: bool = False,
    memory_format: Any = preserve_format, layout: Any = None, pin_memory: bool = False,
) -> Tensor:  # fmt: skip
    """One number in the shape, dtype, device and memory format of input, each unless given.

    Raises NumberRangeError (a RuntimeError) for a number that does not fit the dtype.

    >>> import gputensor as gt
    >>> gt.full_like(gt.zeros(2), 7)
    tensor([7., 7.])
    """
    value = fill_value.item() if hasattr(fill_value, "array") else fill_value

    def make(xp: Any, d: np.dtype, shape: tuple[int, ...]) -> Any:
        return xp.full(shape, number_for("full_like", value, d), d)

    return _like("full_like", input, dtype, device, requires_grad, memory_format, make)


def _filled(name: str, shape: tuple[int, ...], value: Any, dtype: Any, device: Any, requires_grad: bool) -> Any:
    if not isinstance(value, (bool, int, float, complex, np.generic)) or isinstance(value, NO_NUMBERS):
        raise TypeError(f"{name}: fill_value must be a number, got {type(value).__name__} {value!r:.40}")
    d = _inferred(value) if dtype is None else numpy_dtype(dtype)
    xp = namespace_of(device)
    number = number_for(name, value, d)
    return _made(name, xp, shape, d, lambda s: xp.full(s, number, d), requires_grad)


def _inferred(value: Any) -> np.dtype:
    """The dtype of a tensor filled with a number; NumPy's scalars count as Python's."""
    if isinstance(value, (bool, np.bool_)):
        return dtypes.bool_.numpy
    if isinstance(value, (int, np.integer)):
        return dtypes.int64.numpy
    if isinstance(value, (complex, np.complexfloating)) and not isinstance(value, (float, np.floating)):
        return dtypes.get_default_dtype().to_complex().numpy
    return dtypes.get_default_dtype().numpy


def _like(
    name: str,
    x: Any,
    dtype: Any,
    device: Any,
    requires_grad: bool,
    format: Any,
    make: Callable[[Any, np.dtype, tuple[int, ...]], Any],
) -> Any:
    a = checked(name, x).array
    xp = x.xp if device is None else namespace_of(device)
    d = a.dtype if dtype is None else numpy_dtype(dtype)
    if format is not None:
        check_format(name, format, a.ndim)
    return _made(name, xp, tuple(a.shape), d, lambda shape: make(xp, d, shape), requires_grad, format, a)


def _made(
    name: str, xp: Any, shape: tuple[int, ...], d: np.dtype, make: Callable[[tuple[int, ...]], Any], requires_grad:
    bool, format: Any = contiguous_format, like: Any = None,
) -> Any:  # fmt: skip
    """A tensor of an array that `make` makes; where it fails, in a sentence."""
    try:
        array = make(shape) if format is contiguous_format else made_in(format, like, shape, make, xp)
    except (MemoryError, ValueError) as error:
        if isinstance(error, RuntimeError):
            raise
        raise out_of_memory(name, d, shape) from None
    out = wrap(array, xp)
    return recording(name, out, requires_grad) if requires_grad else out


def float_dtype(dtype: Any) -> np.dtype:
    """The NumPy dtype meant by dtype, the default one by None."""
    if dtype is None:
        return dtypes.get_default_dtype().numpy
    return dtype.numpy if type(dtype) is dtype_class else numpy_dtype(dtype)


def size_of(name: str, sizes: tuple[Any, ...], size: Any = None) -> tuple[int, ...]:
    """Sizes given as ``f(2, 3)``, ``f((2, 3))``, ``f([2, 3])`` or ``f(size=(2, 3))``."""
    return full_size(name, spread(name, "size", sizes, size))


def full_size(name: str, size: tuple[Any, ...]) -> tuple[int, ...]:
    """Sizes as non-negative ints."""
    try:
        shape = tuple([operator.index(n) for n in size])
    except TypeError:
        raise TypeError(f"{name}: sizes must be ints, got {size!r:.60}") from None
    if shape and min(shape) < 0:
        raise ShapeError(f"{name}: sizes must not be negative, got {shape}")
    return shape


class CreationMethods:
    """New tensors with the dtype and device of this one."""

    __slots__ = ()
    device: Any
    array: Any
    xp: Any

    def new_tensor(self, data: Any, *, dtype: Dtype = None, device: Any = None, requires_grad: bool = False) -> Tensor:
        """`gputensor.tensor` with the dtype and device of this tensor, each unless given."""
        made = tensor(
            data,
            dtype=self.array.dtype if dtype is None else dtype,
            device=self._where(device),
            requires_grad=requires_grad,
        )
        return self._beside(made, device)

    def new_zeros(
        self, *sizes: Any, size: Any = None, dtype: Dtype = None, device: Any = None, requires_grad: bool = False,
        layout: Any = None, pin_memory: bool = False,
    ) -> Tensor:  # fmt: skip
        """`gputensor.zeros` with the dtype and device of this tensor, each unless given."""
        d = self.array.dtype if dtype is None else dtype
        return self._beside(
            zeros(*sizes, size=size, dtype=d, device=self._where(device), requires_grad=requires_grad), device
        )

    def new_ones(
        self, *sizes: Any, size: Any = None, dtype: Dtype = None, device: Any = None, requires_grad: bool = False,
        layout: Any = None, pin_memory: bool = False,
    ) -> Tensor:  # fmt: skip
        """`gputensor.ones` with the dtype and device of this tensor, each unless given."""
        d = self.array.dtype if dtype is None else dtype
        return self._beside(
            ones(*sizes, size=size, dtype=d, device=self._where(device), requires_grad=requires_grad), device
        )

    def new_empty(
        self, *sizes: Any, size: Any = None, dtype: Dtype = None, device: Any = None, requires_grad: bool = False,
        layout: Any = None, pin_memory: bool = False,
    ) -> Tensor:  # fmt: skip
        """`gputensor.empty` with the dtype and device of this tensor, each unless given."""
        d = self.array.dtype if dtype is None else dtype
        return self._beside(
            empty(*sizes, size=size, dtype=d, device=self._where(device), requires_grad=requires_grad), device
        )

    def new_full(
        self, size: Sequence[int], fill_value: Any, *, dtype: Dtype = None, device: Any = None, requires_grad: bool =
        False, layout: Any = None, pin_memory: bool = False,
    ) -> Tensor:  # fmt: skip
        """`gputensor.full` with the dtype and device of this tensor, each unless given."""
        d = self.array.dtype if dtype is None else dtype
        return self._beside(
            full(size, fill_value, dtype=d, device=self._where(device), requires_grad=requires_grad), device
        )

    def _where(self, device: Any) -> Any:
        return self.device if device is None else device

    def _beside(self, made: Any, device: Any) -> Any:
        """A new tensor as this one needs it: inside vmap with an entry for each example, so that it can be written."""
        xp = self.xp
        if xp.library != "batch" or device is not None:
            return made
        array = xp.empty(tuple(made.array.shape), made.array.dtype)
        xp.copy_into(array, made.array)
        out = wrap(array, xp)
        return out.requires_grad_() if made.requires_grad else out
