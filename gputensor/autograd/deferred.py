"""Saved values that are not kept: packed by the user's hooks, or computed again when backward needs them.

An observer sees every operation as it is recorded. It takes what the new node saved and puts a `Deferred` in the
place of its primitive; when backward comes by, the engine asks that for the values. Operations and the everyday path
know nothing of it.
"""

from __future__ import annotations

import contextlib
import threading
from _thread import get_ident
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any

from gputensor.autograd.function import Saved
from gputensor.core.apply import observe, unobserve, wrap
from gputensor.core.history import new_nodes
from gputensor.core.modes import enable_grad, records
from gputensor.core.nodes import GraphNode, Spec, tick
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.core.writes import who_wrote
from gputensor.errors import GradError


class Deferred(Primitive):
    """Stands in for a primitive until `fetch(node, self)` has put back what its node saved."""

    __slots__ = ("args", "cells", "fetch", "number", "original", "out", "values")
    deferred = True

    def __init__(self, n: Any, number: int, fetch: Callable[[Any, Deferred], None]) -> None:
        self.original = n.prim
        self.number = number
        self.fetch = fetch
        self.args, self.cells = n.args, n.cells
        self.out = n.out if n.prim.save_out else None
        self.values: Any = None

    def forward(self, xp: Any, *xs: Any) -> Any:
        return self.original.forward(xp, *xs)

    def restore(self, n: Any) -> None:
        """Make `n` the node again that it was when it was recorded."""
        self.fetch(n, self)

    def __repr__(self) -> str:
        return repr(self.original)


class Region:
    """What one thread records inside a ``with`` block: each node that saved something is shown to `take(node)`.

    Regions nest: only the innermost takes.
    """

    __slots__ = ("_mark", "take")

    def __init__(self, take: Callable[[Any], None]) -> None:
        self.take = take

    def __enter__(self) -> Region:
        self._mark = tick()
        with _LOCK:
            _REGIONS.setdefault(get_ident(), []).append(self)
            if sum(map(len, _REGIONS.values())) == 1:
                observe(_observer)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        with _LOCK:
            mine = _REGIONS[get_ident()]
            mine.remove(self)
            if not mine:
                del _REGIONS[get_ident()]
            if not _REGIONS:
                unobserve(_observer)

    def see(self, result: Any) -> None:
        for n in new_nodes(result):
            if n.seq > self._mark and n.cells is not None and not n.prim.deferred:
                self.take(n)


_LOCK = threading.Lock()
_REGIONS: dict[int, list[Region]] = {}  # by thread


def _observer(prim: Any, tensors: Any, result: Any) -> None:
    mine = _REGIONS.get(get_ident())
    if mine and records():
        mine[-1].see(result)


def saved_arrays(n: Any) -> list[Any]:
    """What a node saved, in order."""
    found = [
        a.array if isinstance(a, Saved) else a for a in n.args if not (a is None or isinstance(a, (GraphNode, Spec)))
    ]
    if n.prim.save_out:
        found += n.out if isinstance(n.out, tuple) else (n.out,)
    return found


def strip(n: Any, number: int, fetch: Callable[[Any, Deferred], None]) -> Deferred:
    """Take from a node what it saved; `fetch` will be asked for it."""
    prim = Deferred(n, number, fetch)
    prim.args = tuple([_emptied(a) for a in n.args])
    prim.out = None if prim.out is None else len(n.out) if isinstance(n.out, tuple) else 0
    n.prim, n.args, n.cells, n.out, n.kern = prim, (), (), None, None
    return prim


def fill(n: Any, prim: Deferred, arrays: Sequence[Any], cells: Sequence[Any], kern: Any = None) -> None:
    """Put back what `strip` took."""
    left = iter(arrays)
    n.args = tuple([_filled(a, left) for a in prim.args])
    if prim.out is not None:
        n.out = tuple([next(left) for _ in range(prim.out)]) if prim.out else next(left)
    n.prim, n.cells, n.kern = prim.original, tuple(cells), kern


class _Gone:
    """The place of an array that was taken away."""

    __slots__ = ()


_GONE = _Gone()


def _emptied(a: Any) -> Any:
    if a is None or isinstance(a, (GraphNode, Spec)):
        return a
    if isinstance(a, Saved):
        return a.with_array(None)
    return _GONE


def _filled(a: Any, left: Iterator[Any]) -> Any:
    if isinstance(a, Saved):
        return a.with_array(next(left))
    return next(left) if a is _GONE else a


class saved_tensors_hooks:
    """Inside the block, keep what `pack(tensor)` returns in the place of every saved tensor; backward calls `unpack`.

    For keeping them on disk or in another dtype. A tensor that was saved must still not be written in place before
    backward.

    >>> import gputensor as gt
    >>> x = gt.tensor([3.0], requires_grad=True)
    >>> with gt.autograd.graph.saved_tensors_hooks(lambda t: t.numpy().tolist(), lambda values: gt.tensor(values)):
    ...     y = x * x
    >>> y.backward()
    >>> x.grad
    tensor([6.])
    """

    __slots__ = ("_pack", "_region", "_unpack")

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        self._pack, self._unpack = pack_hook, unpack_hook
        self._region = Region(self._take)

    def __enter__(self) -> None:
        refusal = getattr(_REFUSED, "message", None)
        if refusal is not None:
            raise RuntimeError(refusal)
        self._region.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._region.__exit__(kind, error, where)

    def _take(self, n: Any) -> None:
        arrays = saved_arrays(n)
        strip(n, 0, self._fetch).values = [self._packed(wrap(a, n.xp)) for a in arrays]

    def _packed(self, t: Any) -> Any:
        cell = cell_of(t)
        value = self._pack(t)
        if cell[0]:
            raise GradError(
                f"saved_tensors_hooks: the pack hook wrote its input in place, by {who_wrote(cell)}; others look at "
                "that memory: let it return a new tensor"
            )
        return value

    def _fetch(self, n: Any, prim: Deferred) -> None:
        arrays = []
        for packed in prim.values:
            t = self._unpack(packed)
            if not isinstance(t, TensorBase):
                raise TypeError(f"saved_tensors_hooks: unpack must return a Tensor, got {type(t).__name__}")
            arrays.append(t.array)
        fill(n, prim, arrays, prim.cells)


_REFUSED = threading.local()


@contextlib.contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Inside the block, in this thread, `saved_tensors_hooks` raises RuntimeError with this message.

    >>> import gputensor as gt
    >>> with gt.autograd.graph.disable_saved_tensors_hooks("no hooks here"):
    ...     with gt.autograd.graph.save_on_cpu():
    ...         pass
    Traceback (most recent call last):
    ...
    RuntimeError: no hooks here
    """
    before = getattr(_REFUSED, "message", None)
    _REFUSED.message = error_message
    try:
        yield
    finally:
        _REFUSED.message = before


class CheckpointError(GradError):
    """A checkpointed function did something else the second time; its values cannot be taken for the first run's."""


class _Enough(BaseException):
    """Ends a second run as soon as everything is there."""


class Checkpoint:
    """One run of a function whose saved values are thrown away and computed again in backward.

    prepare: called before the second run; returns a context manager in which it runs (the random state of the first).
    """

    def __init__(
        self, run: Callable[[], Any], inputs: Sequence[Any], prepare: Callable[[], Any], early_stop: bool
    ) -> None:
        self._run, self._prepare, self._early_stop = run, prepare, early_stop
        self._stamps = [(t, _stamp_of(t)) for t in inputs]
        self._count = 0
        self._twins: list[Any] | None = None
        self._lock = threading.RLock()

    def forward(self) -> Any:
        """Run it, recorded, keeping nothing."""
        with Region(self._take):
            return self._run()

    def _take(self, n: Any) -> None:
        strip(n, self._count, self._fetch)
        self._count += 1

    def _fetch(self, n: Any, prim: Deferred) -> None:
        with self._lock:
            if self._twins is None or self._twins[prim.number] is None:
                self._twins = self._recompute()
            twin, self._twins[prim.number] = self._twins[prim.number], None
        arrays, cells = saved_arrays(twin), []
        if type(twin.prim) is not type(prim.original) or twin.shape != n.shape or twin.dtype != n.dtype:
            raise CheckpointError(
                f"checkpoint: operation {prim.number} was {prim!r} with a result of shape {n.shape}, and is "
                f"{twin.prim!r} with {twin.shape} the "
                "second time; the function must do the same on every call"
            )
        for mine, other in zip(prim.cells, twin.cells, strict=True):
            if mine is not other and other[0] > twin.seq:
                raise GradError(
                    f"backward of {prim!r}: a value it saved was changed in place afterwards, inside the "
                    "checkpointed function"
                )
            # a tensor from outside is the same in both runs and keeps its stamp; a recomputed one is nobody else's
            cells.append(mine if mine is other else [0, None])
        fill(n, prim, arrays, cells, twin.kern)

    def _recompute(self) -> list[Any]:
        for t, stamp in self._stamps:
            if _stamp_of(t) != stamp:
                raise GradError(
                    "checkpoint: an input was written in place since the first run; give the function a clone()"
                )
        twins: list[Any] = []

        def collect(n: Any) -> None:
            twins.append(n)
            if self._early_stop and len(twins) == self._count:
                raise _Enough

        with self._prepare(), enable_grad(), Region(collect), contextlib.suppress(_Enough):
            self._run()
        if len(twins) != self._count:
            raise CheckpointError(
                f"checkpoint: the function recorded {self._count} operations that save values, and {len(twins)} the "
                "second time; "
                "it must do the same on every call"
            )
        return twins


def _stamp_of(t: Any) -> int:
    return 0 if t._cell is None else t._cell[0]
