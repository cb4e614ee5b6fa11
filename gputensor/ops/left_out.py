"""Methods of PyTorch's tensors that are left out on purpose: asking for one says what to use instead.

Each is a descriptor of its own. A ``__getattr__`` on the class would do with less, but would make every look-up of
every attribute slower: the interpreter's short ways are closed to classes that have one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gputensor.errors import MissingError

_SPARSE = (
    "sparse tensors are left out; make a dense one, zeros(size).index_put_(tuple(indices), values, accumulate=True), "
    "which mm, spmm and @ take; or use scipy.sparse where most numbers are 0"
)
_QUANTIZED = "quantized tensors are left out; float16 and bfloat16 save memory, too"
_NAMED = "named dims are left out; use numbers, movedim and einsum"
_LOOP = "a loop over elements is slow; use tensor functions, or numpy.vectorize on x.numpy()"
_DEVICE = "only the CPU and CUDA are supported"
_OLD = "PyTorch has removed it, too; use the function of gputensor.linalg"


# gputensor.as_torch answers in place of the error below, as it knows which line of the program wants the name
_answers: list[Callable[[str], Any]] = []


def answer_with(answer: Callable[[str], Any]) -> None:
    """Let `answer(name)` decide what asking for a method that is left out gives, or raises."""
    _answers[:] = [answer]


class LeftOut:
    """An attribute that is not there, for a reason."""

    __slots__ = ("name", "reason")

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.name = "?"

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if _answers:
            return _answers[0](self.name)
        raise MissingError(f"Tensor.{self.name} does not exist: {self.reason}")


class LeftOutMethods:
    """The methods that are left out; last of all bases, so that a method of the same name comes first.

    A tensor does not offer their names to completion. Its class does: that would take a metaclass, which slows down
    isinstance, and stands in the way of subclasses that have another.
    """

    __slots__ = ()

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if not isinstance(vars(LeftOutMethods).get(name), LeftOut)]

    to_sparse = LeftOut(_SPARSE)
    to_sparse_bsc = LeftOut(_SPARSE)
    to_sparse_bsr = LeftOut(_SPARSE)
    to_sparse_coo = LeftOut(_SPARSE)
    to_sparse_csc = LeftOut(_SPARSE)
    to_sparse_csr = LeftOut(_SPARSE)
    coalesce = LeftOut(_SPARSE)
    is_coalesced = LeftOut(_SPARSE)
    indices = LeftOut(_SPARSE)
    values = LeftOut(_SPARSE)
    crow_indices = LeftOut(_SPARSE)
    col_indices = LeftOut(_SPARSE)
    ccol_indices = LeftOut(_SPARSE)
    row_indices = LeftOut(_SPARSE)
    sparse_dim = LeftOut(_SPARSE)
    dense_dim = LeftOut(_SPARSE)
    sparse_mask = LeftOut(_SPARSE)
    sparse_resize_ = LeftOut(_SPARSE)
    sparse_resize_and_clear_ = LeftOut(_SPARSE)
    resize_as_sparse_ = LeftOut(_SPARSE)
    _indices = LeftOut(_SPARSE)
    _values = LeftOut(_SPARSE)
    _nnz = LeftOut(_SPARSE)
    smm = LeftOut(_SPARSE)
    sspaddmm = LeftOut(_SPARSE)
    to_mkldnn = LeftOut("oneDNN's layouts are left out; NumPy computes on ordinary arrays")
    to_padded_tensor = LeftOut("nested tensors are left out; pad with nn.utils.rnn.pad_sequence")
    dequantize = LeftOut(_QUANTIZED)
    int_repr = LeftOut(_QUANTIZED)
    q_scale = LeftOut(_QUANTIZED)
    q_zero_point = LeftOut(_QUANTIZED)
    q_per_channel_axis = LeftOut(_QUANTIZED)
    q_per_channel_scales = LeftOut(_QUANTIZED)
    q_per_channel_zero_points = LeftOut(_QUANTIZED)
    qscheme = LeftOut(_QUANTIZED)
    names = LeftOut(_NAMED)
    rename = LeftOut(_NAMED)
    rename_ = LeftOut(_NAMED)
    refine_names = LeftOut(_NAMED)
    align_to = LeftOut(_NAMED)
    align_as = LeftOut(_NAMED)
    reinforce = LeftOut("PyTorch has removed it, too; use gputensor.distributions")
    record_stream = LeftOut("CuPy's pool gives memory back in the order of its stream; nothing has to be recorded")
    chalf = LeftOut("NumPy has no complex32; use cfloat()")
    xpu = LeftOut(_DEVICE)
    ipu = LeftOut(_DEVICE)
    mtia = LeftOut(_DEVICE)
    slice_inverse = LeftOut("use slice_scatter")
    index = LeftOut("first-class dims are left out; use x[…], and vmap for dims with names")
    grad_dtype = LeftOut("a gradient has the dtype of its tensor; cast the tensor, or the gradient")
    hash_tensor = LeftOut("use hash(x.numpy().tobytes()), or zlib.crc32")
    eig = LeftOut(_OLD)
    symeig = LeftOut(_OLD)
    lstsq = LeftOut(_OLD)
    solve = LeftOut(_OLD)
    module_load = LeftOut("use copy_ under no_grad")
    volatile = LeftOut("PyTorch has removed it, too; use no_grad")
