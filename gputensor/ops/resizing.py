"""Giving a tensor another size or other memory in place, and sums that undo a broadcast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gputensor.core import apply as _apply
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.modes import records
from gputensor.core.restructure import restructure
from gputensor.core.subclasses import watch
from gputensor.core.tensor_base import cell_of
from gputensor.errors import DtypeError, GradError, ShapeError
from gputensor.ops.creation import empty_strided, full_size
from gputensor.ops.dims import checked, spread
from gputensor.ops.layout import check_format, contiguous_format, preserve_format
from gputensor.ops.storage import TypedStorage, UntypedStorage
from gputensor.ops.strided_views import AsStrided, strided_view

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def resize_as_(input: Tensor, the_template: Tensor, *, memory_format: Any = preserve_format) -> Tensor:
    """``input.resize_(the_template.shape)``, in place; see `Tensor.resize_`.

    >>> import gputensor as gt
    >>> gt.resize_as_(gt.arange(6), gt.zeros(2, 2))
    tensor([[0, 1],
            [2, 3]])
    """
    return _resized("resize_as_", input, tuple(checked("resize_as_", the_template).array.shape), contiguous_format)


def _resized(name: str, x: Any, shape: tuple[int, ...], format: Any) -> Any:
    check_format(name, format, len(shape))
    a, xp = checked(name, x).array, x.xp
    if node_of(x) is not None:
        raise GradError(
            f"{name}: a tensor that requires grad or has a history cannot be resized; use reshape or a slice"
        )
    if tuple(a.shape) == shape:
        return x
    template = xp.empty(shape, a.dtype) if not math.prod(shape) else _template(shape, format)
    prim = AsStrided(shape, template if isinstance(template, tuple) else xp.strides(template), 0, xp.strides(a))
    end = xp.memory_bounds(a)[1]
    count = math.prod(shape)
    if count <= max(end, 0):
        inside = count <= a.size
        restructure(x, prim)
        if not inside and x._parent is not None:
            x._how = "by strides beyond its base"
        return x
    # more than there is: new memory, which begins with the old elements in their order in memory
    flat = xp.empty((count,), a.dtype)
    if end > 0:
        xp.copy_into(xp.getitem(flat, (slice(end),)), xp.as_strided(a, (end,), (1,), 0))
    _point(x, xp.as_strided(flat, shape, prim.strides, 0), xp, None)
    return x


def _template(shape: tuple[int, ...], format: Any) -> tuple[int, ...]:
    """The strides of a tensor of this shape in a memory format."""
    order = range(len(shape)) if format in (contiguous_format, preserve_format) else (0, *range(2, len(shape)), 1)
    strides, step = [0] * len(shape), 1
    for k in reversed(list(order)):
        strides[k] = step
        step *= shape[k]
    return tuple(strides)


def _point(x: Any, array: Any, xp: Any, cell: Any) -> None:
    """Let x be the tensor of another array, no view of anything."""
    x.array, x.xp = array, xp
    x._node = x._parent = None
    x._cell = cell


class ResizingMethods:
    """Other sizes and other memory for a tensor, in place."""

    __slots__ = ()
    device: Any
    array: Any
    xp: Any

    def resize_(self, *sizes: Any, size: Any = None, memory_format: Any = contiguous_format) -> Tensor:
        """This tensor with other sizes, in place: the elements of its memory from its first one on, row by row.

        Where the memory has fewer elements than are asked for, the tensor gets new memory that begins with them; the
        rest is whatever was there. Raises GradError for a tensor that requires grad, ShapeError for negative sizes.
        Unlike torch: tensors that shared the memory keep the old one then.

        >>> import gputensor as gt
        >>> gt.arange(6).resize_(2, 2)
        tensor([[0, 1],
                [2, 3]])
        """
        shape = full_size("resize_", spread("resize_", "size", sizes, size))
        return _resized("resize_", self, shape, memory_format)

    def resize_as_(self, the_template: Tensor, *, memory_format: Any = preserve_format) -> Tensor:
        """See `gputensor.resize_as_`."""
        return resize_as_(self, the_template, memory_format=memory_format)  # type: ignore[arg-type]

    def resize(self, *sizes: Any) -> Tensor:
        """`reshape` under an old name of PyTorch's: the number of elements must stay the same."""
        return self.reshape(*sizes)  # type: ignore[attr-defined]

    def resize_as(self, tensor: Tensor) -> Tensor:
        """`reshape_as` under an old name of PyTorch's."""
        return self.reshape(checked("resize_as", tensor).shape)  # type: ignore[attr-defined]

    def set_(
        self,
        source: Any = None,
        storage_offset: int = 0,
        size: Sequence[int] | None = None,
        stride: Sequence[int] | None = None,
    ) -> Tensor:
        """Let this tensor look at the memory of source, a tensor or its storage, in place; without source, at nothing.

        storage_offset, size and stride: in elements, as in `as_strided`; source's own unless given. Raises DtypeError
        for a source of another dtype, GradError where this tensor or source requires grad while gradients are recorded,
        ShapeError for a view that reaches out of the memory (unlike torch, which enlarges the memory).
        Unlike torch: the memory is never enlarged; what reaches beyond it is refused.

        >>> import gputensor as gt
        >>> gt.zeros(1).set_(gt.tensor([1.0, 2.0, 3.0]), 1, (2,))
        tensor([2., 3.])
        """
        x: Any = self
        if source is None:
            if node_of(x) is not None:
                if records():
                    raise GradError("set_: a tensor that requires grad cannot get other memory; set its .data")
                x.data = _apply.wrap(x.xp.empty((0,), x.array.dtype), x.xp)
                return x
            _point(x, x.xp.empty((0,), x.array.dtype), x.xp, None)
            return x
        whole = isinstance(source, (UntypedStorage, TypedStorage))
        if whole:
            source = source.as_tensor(x.dtype)
        elif not isinstance(source, _apply.Tensor):
            raise TypeError(f"set_: source must be a Tensor or its storage, got {describe(source)}")
        if source.array.dtype != x.array.dtype:
            raise DtypeError(f"set_: source is {describe(source)}, this tensor {describe(x)}; both need one dtype")
        recorded = node_of(x) is not None
        if (recorded or node_of(source) is not None) and records():
            raise GradError(
                "set_: a tensor that requires grad cannot get or lend memory; use .detach() or set its .data"
            )
        a = source.array
        if size is not None or storage_offset:
            shape = tuple(a.shape) if size is None else tuple(size)
            steps = _template(shape, contiguous_format) if stride is None else tuple(stride)
            prim, _ = strided_view("set_", source, shape, steps, storage_offset)
            a = source.xp.as_strided(a, prim.shape, prim.strides, prim.offset)
        if recorded:
            x.data = _apply.wrap(a, source.xp)
            x._cell = cell_of(source)
        else:
            _point(x, a, source.xp, cell_of(source))
        return x

    def sum_to_size(self, *size: Any) -> Tensor:
        """The sums that undo a broadcast: this tensor summed over the dims that size lacks or has as 1.

        size: ints or one tuple, a shape that broadcasts to this one's. Integers are summed in int64. Raises ShapeError
        for another size.

        >>> import gputensor as gt
        >>> gt.ones(2, 3).sum_to_size(2, 1)
        tensor([[3.],
                [3.]])
        """
        x: Any = self
        want, have = full_size("sum_to_size", spread("sum_to_size", "size", size, None)), tuple(x.array.shape)
        extra = len(have) - len(want)
        if extra < 0 or any([n not in (1, m) for n, m in zip(want, have[extra:], strict=True)]):
            raise ShapeError(f"sum_to_size: size {want} does not broadcast to this tensor's shape {have}")
        kept = tuple([k + extra for k, n in enumerate(want) if n == 1 and have[k + extra] != 1])
        dims = tuple(range(extra)) + kept
        if not want:
            return x.sum()
        return x.sum(dims, keepdim=True).reshape(want) if dims else x

    def new_empty_strided(
        self, size: Sequence[int], stride: Sequence[int], dtype: Any = None, device: Any = None,
        requires_grad: bool = False, layout: Any = None, pin_memory: bool = False,
    ) -> Tensor:  # fmt: skip
        """`gputensor.empty_strided` with the dtype and device of this tensor, each unless given."""
        d = self.array.dtype if dtype is None else dtype
        where = self.device if device is None else device
        return empty_strided(size, stride, dtype=d, device=where, requires_grad=requires_grad)

    def as_subclass(self, cls: type) -> Any:
        """This tensor as an instance of a subclass of Tensor: the same memory and history. TypeError for another class.

        Operations on it give instances of the subclass, from the most derived of their operands' classes; all
        operations take a little longer from the first such instance on. Unlike torch: MissingError for a class with a
        ``__torch_function__`` of its own, which would never be called; gradients, ``new_*`` and ``*_like`` are plain.

        >>> import gputensor as gt
        >>> class Named(gt.Tensor): pass
        >>> type(gt.zeros(2).as_subclass(Named) + 1).__name__
        'Named'
        """
        if not (isinstance(cls, type) and issubclass(cls, _apply.Tensor)):
            raise TypeError(f"as_subclass: cls must be a subclass of Tensor, got {cls!r}")
        watch(cls)
        view: Any = self[...]  # type: ignore[index]
        out: Any = _apply.new(cls)
        out.array, out.xp, out._node, out._cell = view.array, view.xp, view._node, view._cell
        out._parent = view._parent
        if view._parent is not None:
            out._how, out._seen = view._how, view._seen
        return out

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """func of these arguments, for programs that call it; functions themselves never do."""
        return func(*args, **(kwargs or {}))

    @staticmethod
    def _make_subclass(kind: type, data: Tensor, require_grad: bool = False) -> Any:
        """The memory of data as a leaf of class kind."""
        return data.detach().as_subclass(kind).requires_grad_(require_grad)

    def new(self, *args: Any, device: Any = None) -> Tensor:
        """A tensor of this one's dtype and device: of given sizes, uninitialised, or of given data; an old constructor.

        Prefer `new_empty` and `new_tensor`.

        >>> import gputensor as gt
        >>> gt.zeros(1, dtype=gt.int64).new([1, 2])
        tensor([1, 2])
        """
        x: Any = self
        first = args[0] if args else 0
        if len(args) > 1 or isinstance(first, int):
            return x.new_empty(*(args or (0,)), device=device)
        if isinstance(first, _apply.Tensor):
            return first.detach()
        return (
            x.new_empty(first, device=device) if type(first).__name__ == "Size" else x.new_tensor(first, device=device)
        )
