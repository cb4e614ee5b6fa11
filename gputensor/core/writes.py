"""Writing in place: the only mutation. It stamps the cell that all views share and gives the base of a view a new
history."""

from __future__ import annotations

import math
import os
import sys
from _thread import get_ident
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from weakref import ref

import numpy as np

from gputensor.core import apply as _apply
from gputensor.core.apply import EXACT, EXACT_OR_INT, applyn, binary, cast, operand, same_device, wrap
from gputensor.core.explain import describe, dtype_name, explain
from gputensor.core.history import node_of, root_of
from gputensor.core.hooks import move_retained
from gputensor.core.modes import OFF, records
from gputensor.core.nodes import Leaf, Spec, new_node, tick
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, FLOATING, HALF, can_write, result_type
from gputensor.core.tensor_base import cell_of
from gputensor.core.views import take_view
from gputensor.errors import DtypeError, GradError, ShapeError

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


class ViewPut(Primitive):
    """Zeros with `value` in the part seen through a chain of views: the transpose of that chain."""

    __slots__ = ("chain", "dtype", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype, chain: tuple[Primitive, ...]) -> None:
        self.shape, self.dtype, self.chain = shape, dtype, chain

    def forward(self, xp: Any, v: Any) -> Any:
        return xp.view_put(v, self.shape, self.dtype, self.chain)

    def vjp_v(self, xp: Any, g: Any, out: Any, v: Any) -> Any:
        for view in self.chain:
            g = view.forward(xp, g)
        return g


class ViewWrite(Primitive):
    """x with the part seen through a chain of views replaced by v: the history of a base whose view was written."""

    __slots__ = ("chain", "writer")
    grad_name = "CopySlices"

    def __init__(self, chain: tuple[Primitive, ...], writer: Any = None) -> None:
        self.chain = chain
        self.writer = writer  # a weak reference to the view that was written

    def forward(self, xp: Any, x: Any, v: Any) -> Any:
        return xp.view_set(x, self.chain, v)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, v: Any) -> Any:
        return xp.view_set(g, self.chain, 0.0)

    def vjp_v(self, xp: Any, g: Any, out: Any, x: Any, v: Any) -> Any:
        for view in self.chain:
            g = view.forward(xp, g)
        return g


class Part(Primitive):
    """The elements at one place of an axis, a view without that axis."""

    __slots__ = ("axis", "index")
    grad_name = "SelectBackward0"
    view = True

    def __init__(self, axis: int, index: int) -> None:
        self.axis, self.index = axis, index

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.getitem(x, (*(slice(None),) * self.axis, self.index))

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        return xp.view_put(g, x.shape, x.dtype, (self,))


class Copy(Primitive):
    """x <- y, broadcast and cast; the old x gets a gradient of zero."""

    __slots__ = ()
    grad_name = "CopyBackwards"
    passes = True

    def forward(self, xp: Any, x: Any, y: Any) -> Any:
        return xp.broadcast_to(xp.astype(y, x.dtype), x.shape)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return xp.zeros_like(g)

    def vjp_y(self, xp: Any, g: Any, out: Any, x: Any, y: Any) -> Any:
        return g

    def into(self, xp: Any, out: Any, x: Any, y: Any) -> None:
        xp.copy_into(out, y)


COPY = Copy()


def write(x: Any, prim: Primitive, *ys: Any) -> Any:
    """x <- prim(x, *ys) in the memory of x; returns x.

    Raises GradError where PyTorch does: a leaf that requires grad, a view of one, a view made under no_grad or together
    with others, while recording. Raises ShapeError where the result is larger than x, DtypeError where its category is
    higher than x's.
    """
    return _write(x, prim, ys)


def write2(x: Any, prim: Primitive, y: Any) -> Any:
    """`write` with one operand: the hot path, where nothing is recorded and the dtypes are equal.

    Nothing is checked that NumPy checks: after a failure the full `write` runs and says what is wrong.
    """
    if x._parent is None and (x._node is None or (OFF and get_ident() in OFF)) and not _apply.SLOW:
        a = x.array
        dt = a.dtype
        kind = type(y)
        try:
            if kind is float:
                b = x.xp.scalar(y, dt) if dt is F32 or dt in EXACT else None
            elif kind is int:
                b = x.xp.scalar(y, dt) if dt in EXACT_OR_INT else None
            elif (
                isinstance(y, _apply.Tensor)
                and y.array.dtype is dt
                and y.xp is x.xp
                and (y._node is None or (OFF and get_ident() in OFF))
                and (y._parent is None or y._seen == y._cell[0])
                and (x._cell is None or y._cell is not x._cell)
            ):
                b = y.array
            else:
                b = None
            if b is not None and 0 not in a.strides:  # what is expanded is refused below
                try:  # noqa: SIM105  (a context manager costs half a microsecond here)
                    prim.into(x.xp, a, a, b)
                except (RuntimeWarning, FloatingPointError):
                    pass  # NumPy warns after its loop: the result is in place
                c = x._cell
                if c is not None:
                    stamp_here(c, prim)
                return x
        except Exception:
            pass
    return _write(x, prim, (y,), True)


def _write(x: Any, prim: Primitive, ys: Sequence[Any], each: bool = False) -> Any:
    """each: the operation is one of elements, so that a part of x may be written by itself."""
    name = f"{prim.name}_"
    prim.admit(x, *ys)
    operands = []
    for y in ys:
        t = operand(y, x)
        if t is NotImplemented:
            raise explain(name, (x, y), TypeError())
        if t.xp is not x.xp:
            first, t = same_device(name, x, t)
            if first is not x:  # only vmap can bring x elsewhere
                raise first.xp.cannot_write(x.array.shape, t.array.shape)
        operands.append(t)
    recorded = check_writable(x, name, operands)
    if x._parent is not None:
        axes = _shared_axes(x)
        if axes:
            if not (each or isinstance(prim, Copy)):
                return assign(x, lambda t: applyn(prim, (t, *operands)), operands)
            return _write_parts(x, prim, operands[0] if ys[0] is operands[0] else ys[0], axes)
    if not isinstance(prim, Copy) and len(operands) == 1:
        y = operands[0]
        have, other = x.array.dtype, y.array.dtype
        d = result_type(have, x.array.ndim > 0, other, y.array.ndim > 0)
        if not can_write(d, have):
            raise DtypeError(
                f"{name}: the result is {dtype_name(d)}, which cannot be written into a tensor of {dtype_name(have)}; "
                f"use the form without the underscore, or convert one operand"
            )
        if d != have:
            # computed in the wider dtype and rounded once
            return assign(x, lambda t: applyn(prim, (cast(t, d), cast(y, d))), operands)
        if prim.wide and d in HALF and (other != d or not isinstance(ys[0], (_apply.Tensor, np.ndarray))):
            return assign(x, lambda t: binary(prim, t, ys[0]), operands)
        operands = [cast(y, d)]
    return _record_write(x, prim, operands, recorded)


def check_writable(x: Any, name: str, operands: Sequence[Any] = ()) -> bool:
    """Whether a write to x by these operands is to be recorded; raises GradError where it is not allowed."""
    xp = x.xp
    recording = records()
    recorded = False
    if recording:
        root = root_of(x)
        recorded = node_of(x) is not None or any([node_of(y) is not None for y in operands])
        if recorded or root._node is not None:
            if x._parent is not None:
                if type(x._how) is str:
                    raise GradError(
                        f"{name}: a view {x._how} cannot be written in place while gradients are recorded; clone() it "
                        "first"
                    )
                if type(root._node) is Leaf or type(x._node) is Leaf:
                    raise GradError(
                        f"{name}: this is a view of a leaf that requires grad and cannot be written in place while "
                        "gradients are "
                        "recorded; write inside `with gputensor.no_grad():`"
                    )
            elif type(x._node) is Leaf:
                raise GradError(
                    f"{name}: this tensor is a leaf that requires grad and cannot be written in place while gradients "
                    "are recorded; "
                    "write inside `with gputensor.no_grad():`"
                )
            if recorded and x.array.dtype not in FLOATING:
                recorded = False
    if not xp.writable(x.array):
        if _expanded(x):
            raise GradError(
                f"{name}: several elements of this tensor ({describe(x)}) share one memory location; clone() it first"
            )
        v = x
        while v._parent is not None:
            v = v._parent
            if _expanded(v):
                raise GradError(
                    f"{name}: this tensor is a view of an expanded one ({describe(v)}), of which several elements "
                    "share one memory location; clone() it first"
                )
        raise ValueError(
            f"{name}: this tensor's memory is read-only (it came from a read-only array); clone() it first"
        )
    return recorded


def _expanded(x: Any) -> bool:
    return any(n > 1 and s == 0 for n, s in zip(x.array.shape, x.array.strides, strict=True))


def _record_write(x: Any, prim: Primitive, operands: Sequence[Any], recorded: bool) -> Any:
    a, xp = x.array, x.xp
    nx = node_of(x)
    edges = (nx, *[node_of(y) for y in operands])
    # an operand that shares our memory (x.mul_(x[0])) would change while it is read and saved
    bs = [xp.copy(y.array) if y is x or (y._cell is not None and y._cell is x._cell) else y.array for y in operands]
    cells: list[Any] = [None if b is not y.array else y for b, y in zip(bs, operands, strict=True)]
    others = any([e is not None for e in edges[1:]])
    wanted = prim.save_in if prim.keeps is None else prim.keeps[nx is not None, others]
    old = xp.copy(a) if recorded and wanted[:1] == (True,) else a
    for start in _apply.STARTERS:
        start(prim, (x, *operands))
    try:
        with np.errstate(all="ignore"):
            _apply.on_its_device(xp, prim.into, xp, a, a, *bs)
    except Exception as error:
        shapes = tuple(a.shape), *[tuple(b.shape) for b in bs]
        if isinstance(error, ValueError) and len(shapes) > 1:
            raise ShapeError(
                f"{prim.name}_: the result does not fit into x of shape {shapes[0]}; the operand has shape "
                f"{shapes[1]}: "
                "it must broadcast to x's shape"
            ) from None
        raise explain(f"{prim.name}_", (x, *operands), error) from None
    c = x._cell
    if c is None and recorded:
        c = x._cell = [0, None]
    if c is not None:
        stamp(c, prim)
    if recorded:
        node = new_node(prim, edges, a, xp)
        kept: list[Any] = []
        stamps: list[Any] = []
        for k, (array, edge) in enumerate(zip((old, *bs), edges, strict=True)):
            if k < len(wanted) and wanted[k]:
                kept.append(array)
                if k and cells[k - 1] is not None:
                    stamps.append(cell_of(cells[k - 1]))
                elif k == 0 and array is a:
                    stamps.append(c)
                else:
                    stamps.append([0, None])
            else:
                kept.append(edge if edge is not None else Spec(array))
        if prim.save_out:
            node.out = a
            stamps.append(c)
        if not prim.nosave:
            node.args = tuple(kept)
            node.cells = tuple(stamps)
        set_history(x, node)
    for observer in _apply.OBSERVERS:
        observer(prim, (x, *operands), x)
    return x


def _shared_axes(x: Any) -> tuple[int, ...]:
    """The axes along which several elements of a view may share one place, as those of overlapping windows do."""
    steps, shape = x.xp.strides(x.array), x.array.shape
    reach = 0
    before: list[int] = []
    shared: list[int] = []
    for step, size, axis in sorted(
        [(abs(s), n, k) for k, (s, n) in enumerate(zip(steps, shape, strict=True)) if n > 1]
    ):
        if step <= reach:
            shared += [axis] if shared else [*before, axis]
        reach += step * (size - 1)
        before.append(axis)
    return tuple(sorted(shared)) if math.prod(shape) else ()


def _write_parts(x: Any, prim: Primitive, y: Any, axes: tuple[int, ...]) -> Any:
    """x <- prim(x, y) for overlapping windows: part by part, as PyTorch comes by them; each part is recorded as usual.

    What several windows share is written several times. The values of y are those from before.
    """
    first, last = axes[0], axes[-1]
    # along the last of two axes backwards every element meets its windows in the same order
    backwards = len(axes) == 2 and x.array.shape[last] < x.array.shape[first]
    axis = last if backwards else first
    places = range(x.array.shape[axis])
    other = None
    if isinstance(y, _apply.Tensor):
        if y is x or (y._cell is not None and y._cell is x._cell):
            y = wrap(x.xp.copy(y.array), x.xp, node_of(y))
        other = axis - x.array.ndim + y.array.ndim
        if y.array.ndim > x.array.ndim or (other >= 0 and y.array.shape[other] not in (1, len(places))):
            raise ShapeError(
                f"{prim.name}_: the operand of shape {tuple(y.array.shape)} does not broadcast to x's shape "
                f"{tuple(x.array.shape)}"
            )
    for k in reversed(places) if backwards else places:
        value = y
        if other is not None and other >= 0:
            value = take_view(Part(other, k if y.array.shape[other] > 1 else 0), y)
        _write(take_view(Part(axis, k), x), prim, (value,), True)
    return x


def set_history(x: Any, node: Any) -> None:
    """Give x, whose memory was written, the history `node`; for a view that is a new history of its base."""
    if x._parent is None:
        old, x._node = x._node, node
        if old is not None and old.hooks is not None:
            move_retained(old, node)
        return
    chain: list[Primitive] = []
    v = x
    while v._parent is not None:
        chain.append(v._how)
        v = v._parent
    chain.reverse()
    # every view, x included, renews its own history when asked
    old = v._node
    v._node = new_node(ViewWrite(tuple(chain), ref(x)), (old, node), v.array, v.xp)
    if old is not None and old.hooks is not None:
        move_retained(old, v._node)


def assign(x: Any, function: Callable[[Any], Any], operands: Iterable[Any] = ()) -> Any:
    """x <- function(x) in place, for functions that are not one primitive: computed beside x, then copied in.

    operands: what else the function reads, tensors among other things.
    """
    name = getattr(function, "__name__", "<lambda>")
    name = "write" if name == "<lambda>" else f"{name}_"
    check_writable(x, name)
    before = x
    if records() and any([node_of(t) is not None for t in (x, *operands) if isinstance(t, _apply.Tensor)]):
        # what the function saves must not change under it
        before = wrap(x.xp.copy(x.array), x.xp, node_of(x))
    value = function(before)
    if tuple(value.array.shape) != tuple(x.array.shape):
        raise ShapeError(
            f"{name}: a result of shape {tuple(value.array.shape)} does not fit in place into shape "
            f"{tuple(x.array.shape)}"
        )
    if not can_write(value.array.dtype, x.array.dtype):
        raise DtypeError(
            f"{name}: the result is {dtype_name(value.array.dtype)}, which cannot be written into a "
            f"{dtype_name(x.array.dtype)} tensor"
        )
    return write(x, COPY, value)


def stamp(cell: list[Any], prim: Any) -> None:
    """Note that memory was written now, by whom, and from which line outside the package."""
    cell[0] = tick()
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    cell[1] = (prim, frame.f_code, frame.f_lasti)


def stamp_here(cell: list[Any], prim: Any) -> None:
    """`stamp` for the hot paths: the writing line is that of the caller's caller's caller, without looking."""
    cell[0] = tick()
    frame = sys._getframe(3)
    cell[1] = (prim, frame.f_code, frame.f_lasti)


def touched(x: Any, who: str) -> None:
    """Say that x's memory was changed by code that bypasses `write` (optimizers, loading)."""
    if x._cell is not None:
        x._cell[0] = tick()
        x._cell[1] = (who, None, -1)


def touched_all(xs: Sequence[Any], who: str) -> None:
    """`touched` for several tensors at once."""
    stamped, by = tick(), (who, None, -1)
    for x in xs:
        cell = x._cell
        if cell is not None:
            cell[0] = stamped
            cell[1] = by


def who_wrote(cell: Sequence[Any]) -> str:
    """The last write of a cell in words: ``mul_ at train.py:12``."""
    if cell[1] is None:
        return "an operation"
    prim, code, at = cell[1]
    name = f"{prim.name}_" if isinstance(prim, Primitive) else str(prim)
    if code is None:
        return name
    line = code.co_firstlineno
    for start, end, number in code.co_lines():
        if start <= at < end and number is not None:
            line = number
    return f"{name} at {code.co_filename}:{line}"
