"""Running primitives on tensors and recording them: the hot path.

One, two and three operands have their own unrolled function, with promotion and the device check inside; anything else
goes through `applyn`. Stores are written out by hand: a helper call or an `__init__` would cost a tenth of a small
operation (figures in docs/design/2026-11-22-hot-path.md). Nothing is validated beforehand: NumPy or CuPy raises, and
`explain` makes the sentence.
"""

from __future__ import annotations

import warnings
from _thread import get_ident
from collections.abc import Sequence
from typing import Any
from weakref import ref

import numpy as np

from gputensor.core import promotion
from gputensor.core.devices import SEVERAL_GPUS, device_of
from gputensor.core.explain import device_error, explain
from gputensor.core.history import mark_views, node_of
from gputensor.core.modes import OFF, records
from gputensor.core.nodes import Branching, Node, Spec, new_node, new_pick, tick
from gputensor.core.primitive import Primitive
from gputensor.core.promotion import F32, FLOATING, HALF, INTEGERS, NO_NUMBERS, result_type, scalar_type
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.errors import DtypeError

new = object.__new__
Tensor: Any = TensorBase  # the real class registers itself, once, when the package is imported
_from_numpy: Any = None
# True while an observer is installed, a thread is in autocast or several GPUs are in use: every call then goes through
# applyn
SLOW = False
SEVERAL = False  # True once a GPU is used on a machine with several: operators in a forward run on the current one
TOGETHER: Any = None  # registered when vmap is first used
OBSERVERS: list[Any] = []  # called with (prim, tensors, result) after each operation: profilers, anomaly mode
STARTERS: list[Any] = []  # called with (prim, tensors) before each operation: profilers
CASTER: Any = None  # autocast, while some thread is in it: (prim, tensors) -> the tensors that the primitive runs on

# what takes a Python number as it is; 16-bit floats may need more digits of it than they have
EXACT = FLOATING - HALF
EXACT_OR_INT = EXACT | INTEGERS


def register_tensor(cls: type, from_numpy: Any) -> None:
    """Close the upward edge: results are instances of `cls`, and `from_numpy` makes one of a NumPy array."""
    global Tensor, _from_numpy
    Tensor = cls
    _from_numpy = from_numpy


def register_batches(together: Any) -> None:
    """Close the upward edge: operands in different vmaps are brought together by `together(name, tensors)`."""
    global TOGETHER
    TOGETHER = together


def together(name: Any, xs: Sequence[Any]) -> list[Any]:
    """Tensors of different namespaces in one, where vmap is all that sets them apart; else raises DeviceError."""
    if TOGETHER is None:
        raise device_error(name, xs)
    found: list[Any] = TOGETHER(name, xs)
    return found


def observe(observer: Any, starter: Any = None) -> None:
    """Call `observer(prim, tensors, result)` after every operation, until `unobserve`; `starter(prim, tensors)` before.

    An operation that fails has a start only.
    """
    OBSERVERS.append(observer)
    if starter is not None:
        STARTERS.append(starter)
    _choose_way()


def unobserve(observer: Any, starter: Any = None) -> None:
    OBSERVERS.remove(observer)
    if starter is not None:
        STARTERS.remove(starter)
    _choose_way()


def several_gpus(on: bool) -> None:
    """Enter the device of the operands around every operation, from now on or no longer."""
    global SEVERAL
    SEVERAL = on
    _choose_way()


def set_caster(caster: Any) -> None:
    """Let `caster(prim, tensors)` choose what each primitive runs on, from now on; None: no longer."""
    global CASTER
    CASTER = caster
    _choose_way()


def _choose_way() -> None:
    global SLOW
    SLOW = SEVERAL or bool(OBSERVERS) or CASTER is not None


SEVERAL_GPUS.append(several_gpus)


def on_its_device(xp: Any, function: Any, *args: Any) -> Any:
    """function(*args) while the device of namespace `xp` is the current one."""
    if not SEVERAL:
        return function(*args)
    token = xp.enter()
    try:
        return function(*args)
    finally:
        xp.leave(token)


def wrap(array: Any, xp: Any, node: Any = None) -> Any:
    """A tensor around an array of namespace `xp`."""
    t = new(Tensor)
    t.array = array
    t.xp = xp
    t._node = node
    t._cell = t._parent = None
    return t


def apply1(prim: Primitive, x: Any) -> Any:
    """Run a primitive of one operand."""
    try:
        if SLOW or prim.kernels is not None:
            return applyn(prim, (x,))
        a = x.array
        xp = x.xp
        out = prim.forward(xp, a)
        if type(out) is not type(a):
            out = xp.asarray(out)
        t = new(Tensor)
        t.array = out
        t.xp = xp
        t._cell = t._parent = None
        node = x._node
        if x._parent is not None and x._seen != x._cell[0]:
            node = node_of(x)
        if node is None or (OFF and get_ident() in OFF):
            t._node = None
            return t
        t._node = n = Node()
        n.prim = prim
        n.edges = n.args = (node,)
        n.xp = xp
        n.seq = tick()
        n.shape = out.shape
        n.dtype = out.dtype
        n.hooks = n.kern = n.cells = None
        if prim.nosave:
            return t
        if prim.save1:
            c = x._cell
            if c is None:
                c = x._cell = [0, None]
            n.args = (a,)
            n.cells = (c,)
            if not prim.save_out:
                return t
            n.out = out
            t._cell = d = [0, None]
            n.cells = (c, d)
            return t
        if prim.save_out:
            n.out = out
            t._cell = c = [0, None]
            n.cells = (c,)
        return t
    except (RuntimeWarning, FloatingPointError):
        return quietly(apply1, prim, x)
    except Exception as error:
        raise explain(prim, (x,), error) from None


def binary(prim: Primitive, x: Any, y: Any) -> Any:
    """Run a primitive of two operands, the second of which may be a Python number: promotion, device check and record
    in one frame.

    Returns NotImplemented for an operand that is no number, tensor or array, so that operators can ask the other side.
    """
    try:
        if SLOW or prim.kernels is not None:
            return binary_slow(prim, x, y)
        a = x.array
        xp = x.xp
        kind = type(y)
        if kind is Tensor or isinstance(y, Tensor):
            b = y.array
            if a.dtype is not b.dtype or y.xp is not xp:
                return binary_slow(prim, x, y)
            ny = y._node
            if y._parent is not None and y._seen != y._cell[0]:
                ny = node_of(y)
        else:
            dt = a.dtype
            if kind is float:
                if dt is not F32 and dt not in EXACT:
                    return binary_slow(prim, x, y)
            elif kind is not int or dt not in EXACT_OR_INT:
                return binary_slow(prim, x, y)
            b = xp.scalar(y, dt)
            ny = None
        out = prim.forward(xp, a, b)
        if type(out) is not type(a):
            out = xp.asarray(out)
        t = new(Tensor)
        t.array = out
        t.xp = xp
        t._cell = t._parent = None
        nx = x._node
        if x._parent is not None and x._seen != x._cell[0]:
            nx = node_of(x)
        if (nx is None and ny is None) or (OFF and get_ident() in OFF):
            t._node = None
            return t
        t._node = n = Node()
        n.prim = prim
        n.edges = n.args = (nx, ny)
        n.xp = xp
        n.seq = tick()
        n.shape = out.shape
        n.dtype = out.dtype
        n.hooks = n.kern = n.cells = None
        if prim.nosave:
            return t
        if not prim.cross:
            save2(prim, n, x, y, a, b, nx, ny, out, t)
            return t
        # d/dy reads x and d/dx reads y, as in multiply and matmul
        if ny is not None:
            c = x._cell
            if c is None:
                c = x._cell = [0, None]
            if nx is None:
                n.args = (a, ny)
                n.cells = (c,)
                return t
            d = y._cell
            if d is None:
                d = y._cell = [0, None]
            n.args = (a, b)
            n.cells = (c, d)
            return t
        n.args = (nx, b)
        if kind is int or kind is float:
            n.cells = ()
            return t
        d = y._cell
        if d is None:
            d = y._cell = [0, None]
        n.cells = (d,)
        return t
    except (RuntimeWarning, FloatingPointError):
        return quietly(binary, prim, x, y)
    except Exception as error:
        if isinstance(error, OverflowError) and type(y) is int:
            return binary_slow(prim, x, y)
        raise explain(prim, (x, y), error) from None


def save2(prim: Primitive, n: Node, x: Any, y: Any, a: Any, b: Any, nx: Any, ny: Any, out: Any, t: Any) -> None:
    """Keep what the gradients of a two-operand primitive read."""
    cells: tuple[Any, ...] = ()
    keep1, keep2 = (prim.save1, prim.save2) if prim.keeps is None else prim.keeps[nx is not None, ny is not None]
    if keep1:
        cells = (cell_of(x),)
        first = a
    else:
        first = nx if nx is not None else Spec(a)
    if keep2:
        second = b
        cells += (cell_of(y) if isinstance(y, Tensor) else [0, None],)
    else:
        second = ny if ny is not None else Spec(b)
    n.args = (first, second)
    if prim.save_out:
        n.out = out
        t._cell = c = [0, None]
        cells += (c,)
    n.cells = cells


def binary_slow(prim: Primitive, x: Any, y: Any) -> Any:
    """Mixed dtypes and devices, other numbers, NumPy arrays, 16-bit floats beside numbers, observers and kernels."""
    prim.admit(x, y)
    given = y
    y = operand(y, x)
    if y is NotImplemented:
        return y
    if y.xp is not x.xp:
        x, y = same_device(prim, x, y)
    caster = CASTER  # read once: another thread may leave autocast meanwhile
    if caster is not None:
        x, y = caster(prim, (x, y))
    a, b = x.array, y.array
    if a.dtype is not b.dtype:
        d = result_type(a.dtype, a.ndim > 0, b.dtype, b.ndim > 0)
        if prim.wide and d in HALF and not (a.ndim and b.ndim):
            return applyn(prim, (x, y), d)
        x, y = cast(x, d), cast(y, d)
    elif prim.wide and a.dtype in HALF and isinstance(given, (int, float, np.generic)):
        return applyn(prim, (x, wrap(x.xp.asarray(given, F32), x.xp)), a.dtype)
    return applyn(prim, (x, y))


def operand(y: Any, like: Any) -> Any:
    """A second operand as a tensor beside `like`; NotImplemented if it is nothing that could be one."""
    if isinstance(y, Tensor):
        return y
    if isinstance(y, (bool, int, float, complex, np.generic)):
        if isinstance(y, NO_NUMBERS):
            return NotImplemented  # a date, words
        d = scalar_type(y, like.array.dtype)
        if d in HALF:
            with np.errstate(over="ignore"):  # a number beyond float16 is infinite, silently as everywhere
                return wrap(like.xp.asarray(y, d), like.xp)
        return wrap(like.xp.asarray(_number(y, d), d), like.xp)
    if isinstance(y, np.ndarray):
        # a tensor has no mask: NumPy's masked array answers, and keeps its own
        return NotImplemented if isinstance(y, np.ma.MaskedArray) else _from_numpy(y)
    return NotImplemented


def _number(y: Any, d: np.dtype) -> Any:
    if d.kind in "iu" and isinstance(y, (int, np.integer)):
        limits = np.iinfo(d)
        if not limits.min <= y <= limits.max:
            if not -(2**63) <= y < 2**64:
                raise _no_int(int(y))
            # PyTorch wraps around, as C does
            return (
                int(y) & (2 ** (8 * d.itemsize) - 1)
                if d.kind == "u"
                else np.array(int(y) & (2**64 - 1), np.uint64).astype(d)
            )
    return y


def _no_int(y: int) -> OverflowError:
    error = OverflowError(f"the int {y} has more than 64 bits; use a float")
    error.__gputensor__ = True  # type: ignore[attr-defined]  # a mark on the error
    return error


def same_device(prim: Any, x: Any, y: Any) -> tuple[Any, Any]:
    """0-d CPU tensors follow the other operand to its device, as in PyTorch; everything else is refused."""
    if y.array.ndim == 0 and y.xp.device_type == "cpu" != x.xp.device_type:
        return same_device(prim, x, y.to(device_of(x.xp)))
    if x.array.ndim == 0 and x.xp.device_type == "cpu" != y.xp.device_type:
        return same_device(prim, x.to(device_of(y.xp)), y)
    if x.xp is y.xp:
        return x, y
    x, y = together(prim, (x, y))
    return x, y


def promote(name: Any, xs: Sequence[Any]) -> list[Any]:
    """Tensors of one device and one dtype from several, by PyTorch's rules."""
    for x in xs:
        if not isinstance(x, Tensor):
            raise explain(name, xs, TypeError())
    first = xs[0]
    out = list(xs)
    if any([x.xp is not first.xp for x in xs]):
        out = together(name, xs)
    dims = [x for x in out if x.array.ndim]
    heavy, light = (dims, [x for x in out if not x.array.ndim]) if dims else (out, [])
    d = heavy[0].array.dtype
    for x in heavy:
        d = promotion.promote_types(d, x.array.dtype)
    if light:
        weak = light[0].array.dtype
        for x in light:
            weak = promotion.promote_types(weak, x.array.dtype)
        d = result_type(d, True, weak, False)
    return [cast(x, d) for x in out]


def compare(prim: Primitive, x: Any, y: Any) -> Any:
    """Run a two-operand primitive whose result has no gradient; operands as in `binary`."""
    try:
        a = x.array
        xp = x.xp
        if isinstance(y, Tensor) and a.dtype is y.array.dtype and y.xp is xp and not SLOW:
            out = prim.forward(xp, a, y.array)
            return wrap(out if type(out) is type(a) else xp.asarray(out), xp)
        y = operand(y, x)
        if y is NotImplemented:
            return y
        if y.xp is not xp:
            x, y = same_device(prim, x, y)
        d = result_type(x.array.dtype, x.array.ndim > 0, y.array.dtype, y.array.ndim > 0)
        return constant(prim, (detached_cast(x, d), detached_cast(y, d)))
    except (RuntimeWarning, FloatingPointError):
        return quietly(compare, prim, x, y)
    except Exception as error:
        raise explain(prim, (x, y), error) from None


def constant(prim: Primitive, xs: Sequence[Any]) -> Any:
    """Run a primitive whose results have no gradient; several outputs give a tuple."""
    try:
        xp = xs[0].xp
        if len(xs) > 1 and any([x.xp is not xp for x in xs]):
            return constant(prim, together(prim, xs))
        for start in STARTERS:
            start(prim, xs)
        arrays = [x.array for x in xs]
        out = on_its_device(xp, prim.forward, xp, *arrays)
        if prim.nout == 1:
            result = wrap(out if type(out) is type(arrays[0]) else xp.asarray(out), xp)
        else:
            result = tuple([wrap(o if type(o) is type(arrays[0]) else xp.asarray(o), xp) for o in out])
        for observer in OBSERVERS:
            observer(prim, xs, result)
        return result
    except (RuntimeWarning, FloatingPointError):
        return quietly(constant, prim, xs)
    except Exception as error:
        raise explain(prim, xs, error) from None


def apply3(prim: Primitive, x: Any, y: Any, z: Any) -> Any:
    """Run a primitive of three operands and one result, all on one device."""
    try:
        if SLOW:
            return applyn(prim, (x, y, z))
        a = x.array
        b = y.array
        c = z.array
        xp = x.xp
        if y.xp is not xp or z.xp is not xp:
            return applyn(prim, together(prim, (x, y, z)))
        nx = x._node
        ny = y._node
        nz = z._node
        if x._parent is not None and x._seen != x._cell[0]:
            nx = node_of(x)
        if y._parent is not None and y._seen != y._cell[0]:
            ny = node_of(y)
        if z._parent is not None and z._seen != z._cell[0]:
            nz = node_of(z)
        recorded = not ((nx is None and ny is None and nz is None) or (OFF and get_ident() in OFF))
        kernel: Any = prim.kernels
        if kernel is not None:
            kernel = kernel.get(xp.library)
            if kernel is not None and not kernel[0](prim, a, b, c):
                kernel = None
        if kernel is None:
            out = prim.forward(xp, a, b, c)
            residue = None
        else:
            out, residue = kernel[1](prim, recorded, a, b, c)
        if type(out) is not type(a):
            out = xp.asarray(out)
        t = new(Tensor)
        t.array = out
        t.xp = xp
        t._cell = t._parent = None
        if not recorded:
            t._node = None
            return t
        t._node = n = Node()
        n.prim = prim
        n.edges = n.args = (nx, ny, nz)
        n.xp = xp
        n.seq = tick()
        n.shape = out.shape
        n.dtype = out.dtype
        n.hooks = n.cells = None
        n.kern = None if kernel is None else (kernel[2], residue)
        if prim.nosave:
            return t
        s, u, v = prim.save_in
        n.args = (
            a if s else nx if nx is not None else Spec(a),
            b if u else ny if ny is not None else Spec(b),
            c if v else nz if nz is not None else Spec(c),
        )
        cells: tuple[Any, ...] = ()
        if s:
            cells = (x._cell or cell_of(x),)
        if u:
            cells += (y._cell or cell_of(y),)
        if v:
            cells += (z._cell or cell_of(z),)
        if prim.save_out:
            n.out = out
            t._cell = d = [0, None]
            cells += (d,)
        n.cells = cells
        return t
    except (RuntimeWarning, FloatingPointError):
        return quietly(apply3, prim, x, y, z)
    except Exception as error:
        raise explain(prim, (x, y, z), error) from None


def applyn(prim: Primitive, xs: Sequence[Any], narrow: np.dtype | None = None) -> Any:
    """Run any primitive: any number of operands and results, kernels, observers. Several results come as a tuple.

    narrow: a 16-bit dtype; the operation runs in float32 and its result is rounded to it.
    """
    try:
        xp = xs[0].xp
        for x in xs:
            if x.xp is not xp:
                return applyn(prim, together(prim, xs), narrow)
        caster = CASTER
        if caster is not None:
            xs = caster(prim, xs)
        for start in STARTERS:
            start(prim, xs)
        arrays = [x.array for x in xs]
        edges = tuple([node_of(x) for x in xs])
        recorded = records() and any([e is not None for e in edges])
        kernel = None if prim.kernels is None else prim.kernels.get(xp.library)
        if kernel is not None and not kernel[0](prim, *arrays):
            kernel = None
        residue = None
        if narrow is not None:
            kernel = None
            wide = [xp.astype(a, F32) for a in arrays]
            out = xp.astype(xp.asarray(on_its_device(xp, prim.forward, xp, *wide)), narrow)
        elif kernel is None:
            out = on_its_device(xp, prim.forward, xp, *arrays)
        else:
            out, residue = on_its_device(xp, kernel[1], prim, recorded, *arrays)
        many = prim.nout != 1
        outs = tuple(out) if many else (out,)
        ts = [wrap(o if type(o) is type(arrays[0]) else xp.asarray(o), xp) for o in outs]
        if prim.view and many:
            mark_views(ts, xs[0], "that is one of several made together")
        if recorded:
            n = new_node(prim, edges, ts[0].array, xp, Branching if many else Node)
            if many:
                n.shape = tuple([t.array.shape for t in ts])
                n.dtype = tuple([t.array.dtype for t in ts])
            save(prim, n, xs, arrays, edges, ts)
            if kernel is not None:
                n.kern = (kernel[2], residue)
            if many:
                for k, t in enumerate(ts):
                    if t.array.dtype in FLOATING:
                        t._node = new_pick(n, k, t.array)
                n.picks = tuple([None if t._node is None else ref(t._node) for t in ts])
            else:
                ts[0]._node = n
        result = tuple(ts) if many else ts[0]
        for observer in OBSERVERS:
            observer(prim, xs, result)
        return result
    except (RuntimeWarning, FloatingPointError):
        return quietly(applyn, prim, xs, narrow)
    except Exception as error:
        raise explain(prim, xs, error) from None


def save(
    prim: Primitive, n: Node, xs: Sequence[Any], arrays: Sequence[Any], edges: Sequence[Any], ts: Sequence[Any]
) -> None:
    """Keep what the gradients of a primitive of any number of operands read."""
    if prim.nosave:
        return
    wanted = prim.save_in if len(prim.save_in) == len(xs) else prim.save_in[:1] * len(xs)
    if prim.keeps is not None:
        wanted = prim.keeps[edges[0] is not None, edges[1] is not None]
    cells: list[Any] = []
    args: list[Any] = []
    for x, a, e, keep in zip(xs, arrays, edges, wanted, strict=True):
        if keep:
            cells.append(cell_of(x))
            args.append(a)
        else:
            args.append(e if e is not None else Spec(a))
    if prim.save_out:
        n.out = tuple([t.array for t in ts]) if prim.nout != 1 else ts[0].array
        cells += [cell_of(t) for t in ts]
    n.args = tuple(args)
    n.cells = tuple(cells)


def quietly(function: Any, *args: Any) -> Any:
    """Again, without NumPy's warnings about infinities and NaN: results follow IEEE 754 silently, as in PyTorch.

    Reached only where warnings are turned into errors; elsewhere a filter for this package keeps them quiet at no cost.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        # a warning that errstate does not silence would bring us back here for ever
        warnings.simplefilter("ignore", RuntimeWarning)
        return function(*args)


# ---------------------------------------------------------------- casts


class ToCopy(Primitive):
    """A copy in another dtype."""

    __slots__ = ("to",)
    name = "to"
    passes = True

    def __init__(self, to: np.dtype) -> None:
        self.to = to

    def forward(self, xp: Any, x: Any) -> Any:
        return xp.astype(x, self.to)

    def vjp_x(self, xp: Any, g: Any, out: Any, x: Any) -> Any:
        # the engine casts every gradient to its operand's dtype, and takes the real part where that is real
        return g


def cast(x: Any, d: np.dtype) -> Any:
    """x itself if it has NumPy dtype `d`, else a recorded copy."""
    have = x.array.dtype
    if have is d or have == d:
        return x
    if d in FLOATING:
        return apply1(ToCopy(d), x)
    return wrap(x.xp.astype(x.array, d), x.xp)


def detached_cast(x: Any, d: np.dtype) -> Any:
    return x if x.array.dtype is d else wrap(x.xp.astype(x.array, d), x.xp)


def as_floating(x: Any) -> Any:
    """x itself if it is floating-point or complex, else a copy in the default dtype. No tensor: left to `apply1`."""
    try:
        d = x.array.dtype
    except AttributeError:
        return x
    if d is F32 or d in FLOATING:
        return x
    return cast(x, promotion.floating_type(d))


def require_floating(name: str, x: Any) -> None:
    if x.array.dtype not in FLOATING:
        raise DtypeError(
            f"{name}: expected a floating-point or complex tensor, got {x.array.dtype.name}; convert it with .float()"
        )
