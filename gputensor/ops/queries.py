"""Questions about a tensor that PyTorch's programs ask, and whose answer is mostly no: there is one kind of tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.errors import ShapeError
from gputensor.ops.dims import checked
from gputensor.ops.layout import slowest_first

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def is_signed(input: Tensor) -> bool:
    """Whether the dtype has negative numbers.

    >>> import gputensor as gt
    >>> gt.is_signed(gt.zeros(1)), gt.is_signed(gt.zeros(1, dtype=gt.uint8))
    (True, False)
    """
    return checked("is_signed", input).is_signed()


def is_same_size(input: Tensor, other: Tensor) -> bool:
    """Whether both tensors have the same shape.

    >>> import gputensor as gt
    >>> gt.is_same_size(gt.zeros(2), gt.ones(2))
    True
    """
    return checked("is_same_size", input).is_same_size(other)


def is_inference(input: Tensor) -> bool:
    """False, for every tensor.

    Unlike torch: what is made under `inference_mode` is an ordinary tensor without history, which may be written in
    place and saved for gradients afterwards; to know the others apart, every operation would have to mark its result.

    >>> import gputensor as gt
    >>> gt.is_inference(gt.zeros(1))
    False
    """
    return checked("is_inference", input).is_inference()


def is_distributed(input: Tensor) -> bool:
    """False: a tensor lies on one device.

    >>> import gputensor as gt
    >>> gt.is_distributed(gt.zeros(1))
    False
    """
    return checked("is_distributed", input).is_distributed()


class QueryMethods:
    """What a tensor is not."""

    __slots__ = ()
    array: Any
    xp: Any

    @property
    def is_sparse(self) -> bool:
        """False: every tensor is strided."""
        return False

    @property
    def is_sparse_csr(self) -> bool:
        """False: every tensor is strided."""
        return False

    @property
    def is_quantized(self) -> bool:
        """False: no tensor is quantized."""
        return False

    @property
    def is_mkldnn(self) -> bool:
        """False: every tensor is strided."""
        return False

    @property
    def is_nested(self) -> bool:
        """False: every tensor has one shape."""
        return False

    @property
    def is_meta(self) -> bool:
        """False: every tensor has memory."""
        return False

    @property
    def is_mps(self) -> bool:
        """False: devices are the CPU and CUDA's."""
        return False

    @property
    def is_xpu(self) -> bool:
        """False: devices are the CPU and CUDA's."""
        return False

    @property
    def is_xla(self) -> bool:
        """False: devices are the CPU and CUDA's."""
        return False

    @property
    def is_ipu(self) -> bool:
        """False: devices are the CPU and CUDA's."""
        return False

    @property
    def is_maia(self) -> bool:
        """False: devices are the CPU and CUDA's."""
        return False

    @property
    def is_mtia(self) -> bool:
        """False: devices are the CPU and CUDA's."""
        return False

    @property
    def is_vulkan(self) -> bool:
        """False: devices are the CPU and CUDA's."""
        return False

    @property
    def name(self) -> str | None:
        """None: tensors have no names."""
        return None

    def is_inference(self) -> bool:
        """See `gputensor.is_inference`."""
        return False

    def is_distributed(self) -> bool:
        """See `gputensor.is_distributed`."""
        return False

    def is_nonzero(self) -> bool:
        """See `gputensor.is_nonzero`."""
        return bool(self)

    def to_dense(self, dtype: Any = None, *, masked_grad: bool | None = None) -> Tensor:
        """This tensor, which is dense; in another dtype if one is given."""
        x: Any = self
        return x if dtype is None else x.to(dtype)

    def dim_order(self, ambiguity_check: Any = False) -> tuple[int, ...]:
        """The dims from the outermost in memory to the innermost.

        ambiguity_check: True, or a list of memory formats: raise ShapeError where sizes of 1 or strides of 0 leave the
        order open (where it could be that of more than one of these formats).

        >>> import gputensor as gt
        >>> gt.zeros(2, 3).T.dim_order()
        (1, 0)
        """
        a = self.array
        steps = self.stride()  # type: ignore[attr-defined]
        if ambiguity_check:
            formats = ambiguity_check if isinstance(ambiguity_check, (list, tuple)) else None
            if formats is None:
                kept = sorted([steps[k] for k in range(a.ndim)])
                open_ = 0 in kept or len(set(kept)) != len(kept) or 1 in a.shape
            else:
                open_ = sum([self.is_contiguous(f) for f in formats]) > 1  # type: ignore[attr-defined]
            if open_:
                raise ShapeError(
                    f"dim_order: sizes {tuple(a.shape)} and strides {steps} do not say in which order the dims lie"
                )
        return slowest_first(a.shape, steps)
