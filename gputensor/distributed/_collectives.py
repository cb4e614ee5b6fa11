"""Operations of a group, done by its one member: sums over one tensor, gatherings of one."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from gputensor import Tensor, no_grad
from gputensor.core.explain import describe
from gputensor.distributed._group import require_group
from gputensor.errors import ArgumentError, DtypeError, ShapeError


class ReduceOp(Enum):
    """How tensors of several processes become one; with one process all leave it as it is.

    >>> import gputensor as gt
    >>> gt.distributed.ReduceOp.SUM.name
    'SUM'
    """

    SUM = 0
    AVG = 1
    PRODUCT = 2
    MIN = 3
    MAX = 4
    BAND = 5
    BOR = 6
    BXOR = 7


class Work:
    """What an operation with async_op=True returns: it is done already."""

    def wait(self, timeout: Any = None) -> bool:
        """True, at once."""
        return True

    def is_completed(self) -> bool:
        """True."""
        return True

    def is_success(self) -> bool:
        """True."""
        return True


def all_reduce(tensor: Tensor, op: Any = ReduceOp.SUM, group: Any = None, async_op: bool = False) -> Work | None:
    """tensor, reduced over all processes in place: with one, as it is.

    Raises RuntimeError without a group, TypeError for no tensor, DtypeError for a bitwise op of floats.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> x = gt.tensor([1.0, 2.0])
    >>> gt.distributed.all_reduce(x, op=gt.distributed.ReduceOp.AVG)
    >>> x
    tensor([1., 2.])
    >>> gt.distributed.destroy_process_group()
    """
    _checked("all_reduce", tensor)
    if op in (ReduceOp.BAND, ReduceOp.BOR, ReduceOp.BXOR) and (tensor.is_floating_point() or tensor.is_complex()):
        raise DtypeError(f"all_reduce: {op.name} is for integers and bools, got {describe(tensor)}")
    return _done(async_op)


def reduce(
    tensor: Tensor,
    dst: int | None = None,
    op: Any = ReduceOp.SUM,
    group: Any = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """`all_reduce` whose result only the process dst has, which must be 0.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> gt.distributed.reduce(gt.ones(2), dst=0)
    >>> gt.distributed.destroy_process_group()
    """
    _only_rank("reduce", "dst", dst if group_dst is None else group_dst)
    return all_reduce(tensor, op, group, async_op)


def broadcast(
    tensor: Tensor, src: int | None = None, group: Any = None, async_op: bool = False, group_src: int | None = None
) -> Work | None:
    """tensor of the process src, which must be 0, to all others: with one process nothing happens.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> gt.distributed.broadcast(gt.ones(2), src=0)
    >>> gt.distributed.destroy_process_group()
    """
    _checked("broadcast", tensor)
    _only_rank("broadcast", "src", src if group_src is None else group_src)
    return _done(async_op)


def all_gather(tensor_list: list[Tensor], tensor: Tensor, group: Any = None, async_op: bool = False) -> Work | None:
    """The tensors of all processes, copied into tensor_list, which has one tensor of the same shape.

    Raises ArgumentError for another number of tensors, ShapeError for another shape.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> out = [gt.zeros(2)]
    >>> gt.distributed.all_gather(out, gt.tensor([1.0, 2.0]))
    >>> out
    [tensor([1., 2.])]
    >>> gt.distributed.destroy_process_group()
    """
    _checked("all_gather", tensor)
    _copy("all_gather", _one("all_gather", "tensor_list", tensor_list), tensor)
    return _done(async_op)


def all_gather_object(object_list: list[Any], obj: Any, group: Any = None) -> None:
    """The objects of all processes, put into object_list, which has one place.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> objects = [None]
    >>> gt.distributed.all_gather_object(objects, "mine")
    >>> objects
    ['mine']
    >>> gt.distributed.destroy_process_group()
    """
    require_group("all_gather_object")
    _one("all_gather_object", "object_list", object_list)
    object_list[0] = obj


def gather(
    tensor: Tensor,
    gather_list: list[Tensor] | None = None,
    dst: int | None = None,
    group: Any = None,
    async_op: bool = False,
    group_dst: int | None = None,
) -> Work | None:
    """`all_gather` whose result only the process dst has, which must be 0.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> out = [gt.zeros(2)]
    >>> gt.distributed.gather(gt.ones(2), out)
    >>> out
    [tensor([1., 1.])]
    >>> gt.distributed.destroy_process_group()
    """
    _only_rank("gather", "dst", dst if group_dst is None else group_dst)
    _checked("gather", tensor)
    _copy("gather", _one("gather", "gather_list", gather_list), tensor)
    return _done(async_op)


def scatter(
    tensor: Tensor,
    scatter_list: list[Tensor] | None = None,
    src: int | None = None,
    group: Any = None,
    async_op: bool = False,
    group_src: int | None = None,
) -> Work | None:
    """One tensor of scatter_list to each process: with one process, its only tensor is copied into `tensor`.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> out = gt.zeros(2)
    >>> gt.distributed.scatter(out, [gt.ones(2)])
    >>> out
    tensor([1., 1.])
    >>> gt.distributed.destroy_process_group()
    """
    _only_rank("scatter", "src", src if group_src is None else group_src)
    _checked("scatter", tensor)
    _copy("scatter", tensor, _one("scatter", "scatter_list", scatter_list))
    return _done(async_op)


def reduce_scatter(
    output: Tensor, input_list: list[Tensor], op: Any = ReduceOp.SUM, group: Any = None, async_op: bool = False
) -> Work | None:
    """The reduced tensors of input_list, one to each process: with one process, its only tensor is copied.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> out = gt.zeros(2)
    >>> gt.distributed.reduce_scatter(out, [gt.ones(2)])
    >>> out
    tensor([1., 1.])
    >>> gt.distributed.destroy_process_group()
    """
    _checked("reduce_scatter", output)
    _copy("reduce_scatter", output, _one("reduce_scatter", "input_list", input_list))
    return _done(async_op)


def barrier(group: Any = None, async_op: bool = False, device_ids: Any = None, timeout: Any = None) -> Work | None:
    """Wait for all processes: with one, nothing happens.

    >>> import gputensor as gt
    >>> gt.distributed.init_process_group()
    >>> gt.distributed.barrier()
    >>> gt.distributed.destroy_process_group()
    """
    require_group("barrier")
    return _done(async_op)


def _done(async_op: bool) -> Work | None:
    return Work() if async_op else None


def _checked(name: str, tensor: Any) -> None:
    require_group(name)
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name}: tensor must be a Tensor, got {describe(tensor)}")


def _only_rank(name: str, argument: str, rank: Any) -> None:
    if rank not in (None, 0):
        raise ArgumentError(f"{name}: {argument} must be 0 in a group of one process, got {rank!r}")


def _one(name: str, argument: str, items: Sequence[Any] | None) -> Any:
    if not isinstance(items, (list, tuple)) or len(items) != 1:
        raise ArgumentError(f"{name}: {argument} must be a list of one item for one process, got {items!r}")
    return items[0]


def _copy(name: str, target: Any, source: Any) -> None:
    if not isinstance(target, Tensor) or not isinstance(source, Tensor):
        raise TypeError(f"{name}: expected Tensors, got {describe(target)} and {describe(source)}")
    if target.shape != source.shape:
        raise ShapeError(
            f"{name}: a tensor of shape {tuple(source.shape)} does not go into one of shape {tuple(target.shape)}"
        )
    if target.dtype != source.dtype:
        raise DtypeError(f"{name}: a tensor of {source.dtype} does not go into one of {target.dtype}")
    with no_grad():
        target.copy_(source)
