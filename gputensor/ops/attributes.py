"""What a tensor is: shape, dtype, device, sizes in bytes; and questions about dtypes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply, dtypes, promotion
from gputensor.core.devices import device, device_of
from gputensor.core.size import Size, new_size
from gputensor.ops.dims import checked, numpy_dim, one_dim

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def is_tensor(obj: Any) -> bool:
    """Whether obj is a tensor.

    >>> import gputensor as gt
    >>> gt.is_tensor(gt.zeros(1)), gt.is_tensor(1.0)
    (True, False)
    """
    return isinstance(obj, _apply.Tensor)


def numel(input: Tensor) -> int:
    """The number of elements.

    >>> import gputensor as gt
    >>> gt.numel(gt.zeros(2, 3))
    6
    """
    return checked("numel", input).array.size


def get_device(input: Tensor) -> int:
    """The index of the CUDA device of a tensor, -1 for the CPU.

    >>> import gputensor as gt
    >>> gt.get_device(gt.zeros(2))
    -1
    """
    x = checked("get_device", input)
    return -1 if x.xp.device_type == "cpu" else x.xp.device_index


def is_floating_point(input: Tensor) -> bool:
    """Whether the dtype is a floating-point one.

    >>> import gputensor as gt
    >>> gt.is_floating_point(gt.zeros(1))
    True
    """
    return checked("is_floating_point", input).array.dtype.kind in "fV"


def is_complex(input: Tensor) -> bool:
    """Whether the dtype is a complex one.

    >>> import gputensor as gt
    >>> gt.is_complex(gt.zeros(1))
    False
    """
    return checked("is_complex", input).array.dtype.kind == "c"


def is_nonzero(input: Tensor) -> bool:
    """Whether the only element is not zero. Waits for the GPU. Raises ShapeError for more or fewer elements.

    >>> import gputensor as gt
    >>> gt.is_nonzero(gt.tensor([0.5]))
    True
    """
    return bool(checked("is_nonzero", input))


def promote_types(type1: Any, type2: Any) -> dtypes.dtype:
    """The dtype of an operation on tensors of these dtypes.

    >>> import gputensor as gt
    >>> gt.promote_types(gt.int32, gt.float16)
    gputensor.float16
    """
    return dtypes.FROM_NUMPY[promotion.promote_types(dtypes.numpy_dtype(type1), dtypes.numpy_dtype(type2))]


def result_type(tensor: Any, other: Any) -> dtypes.dtype:
    """The dtype of an operation on two operands, tensors or numbers: 0-d tensors and numbers weigh less.

    Unlike torch: float16 beside a complex number gives complex64, as there is no complex32.

    >>> import gputensor as gt
    >>> gt.result_type(gt.zeros(2, dtype=gt.float16), 1.5)
    gputensor.float16
    """
    # the heavier operand first: tensors with dims, 0-d tensors, numbers
    heavy, light = sorted((tensor, other), key=lambda x: 2 - (x.array.ndim > 0) if hasattr(x, "array") else 3)
    if not hasattr(heavy, "array"):
        kinds = [promotion.scalar_type(x, promotion.BOOL) for x in (heavy, light)]
        return dtypes.FROM_NUMPY[promotion.promote_types(*kinds)]
    a = heavy.array
    if not hasattr(light, "array"):
        return dtypes.FROM_NUMPY[promotion.scalar_type(light, a.dtype)]
    b = light.array
    return dtypes.FROM_NUMPY[promotion.result_type(a.dtype, a.ndim > 0, b.dtype, b.ndim > 0)]


def can_cast(from_: Any, to: Any) -> bool:
    """Whether an operation may write results of one dtype into a tensor of the other: the category may not fall.

    >>> import gputensor as gt
    >>> gt.can_cast(gt.float32, gt.float16), gt.can_cast(gt.float32, gt.int32)
    (True, False)
    """
    source, target = dtypes.numpy_dtype(from_), dtypes.numpy_dtype(to)
    return promotion.can_write(source, target)


class AttributeMethods:
    """What a tensor is."""

    __slots__ = ()
    array: Any
    xp: Any

    @property
    def shape(self) -> Size:
        """The sizes of the dims."""
        return new_size(Size, self.array.shape)

    def size(self, dim: int | None = None, *, axis: int | None = None) -> Any:
        """The sizes of the dims, or of one. Raises DimError (an IndexError) for a dim out of range."""
        if dim is None:
            if axis is None:
                return new_size(Size, self.array.shape)
            dim = axis
        elif axis is not None:
            dim = numpy_dim("size", dim, axis)
        shape = self.array.shape
        return shape[one_dim("size", dim, len(shape), shape)]

    @property
    def dtype(self) -> dtypes.dtype:
        """The dtype of the elements."""
        return dtypes.FROM_NUMPY[self.array.dtype]

    @property
    def device(self) -> device:
        """Where the array lives."""
        return device_of(self.xp)

    def get_device(self) -> int:
        """See `gputensor.get_device`."""
        return get_device(self)  # type: ignore[arg-type]

    @property
    def is_cuda(self) -> bool:
        """Whether the array lives on a GPU."""
        return self.xp.device_type == "cuda"

    @property
    def is_cpu(self) -> bool:
        """Whether the array lives in the computer's memory."""
        return self.xp.device_type == "cpu"

    @property
    def ndim(self) -> int:
        """The number of dims."""
        return self.array.ndim

    def dim(self) -> int:
        """The number of dims."""
        return self.array.ndim

    def ndimension(self) -> int:
        """The number of dims."""
        return self.array.ndim

    def numel(self) -> int:
        """The number of elements."""
        return self.array.size

    def nelement(self) -> int:
        """The number of elements."""
        return self.array.size

    def element_size(self) -> int:
        """Bytes an element."""
        return self.array.dtype.itemsize

    @property
    def itemsize(self) -> int:
        """Bytes an element."""
        return self.array.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return self.array.size * self.array.dtype.itemsize

    def is_floating_point(self) -> bool:
        """Whether the dtype is a floating-point one."""
        return self.array.dtype.kind in "fV"

    def is_complex(self) -> bool:
        """Whether the dtype is a complex one."""
        return self.array.dtype.kind == "c"

    def is_signed(self) -> bool:
        """Whether the dtype has negative numbers."""
        return self.array.dtype.kind not in "bu"

    def is_same_size(self, other: Tensor) -> bool:
        """Whether other has the same shape."""
        return tuple(self.array.shape) == tuple(checked("is_same_size", other).array.shape)

    def __len__(self) -> int:
        if not self.array.ndim:
            raise TypeError("len: a 0-d tensor has no length")
        return self.array.shape[0]
