"""The base of every operation that has a gradient: forward and gradient side by side over a namespace `xp`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar


class Primitive:
    """One operation, written once.

    A subclass gives ``forward(self, xp, x, y, …)`` and for every differentiable operand ``vjp_x(self, xp, g, out, x, y,
    …)``: the gradient with respect to x, given g, the gradient with respect to the result. Both are pure and use only
    words of `xp`, operators and Python numbers. The same lines run on NumPy, CuPy, array-api-strict, and over Tensors,
    which is what second derivatives are.

    ``saves`` names what the gradients read: operands by name, or "out". Where the gradient of one of two operands reads
    less, ``reads_x`` says so, and what nobody will read is not kept. Everything else arrives as an object with
    ``shape`` and ``dtype`` only. An operation over any number of operands has ``forward(self, xp, *xs)`` and one
    ``vjp_all(self, xp, g, out, args)`` that returns a list. The engine sums a gradient back to its operand's shape,
    casts it to its dtype, and conjugates around the gradient of a complex result, so formulas do none of these.
    """

    __slots__ = ()
    saves: ClassVar[tuple[str, ...]] = ()
    nout: int = 1  # more than 1: forward returns a tuple and g is a tuple; then it lives in the instance
    view: ClassVar[bool] = False  # forward returns a view of its operand
    passes: ClassVar[bool] = False  # a gradient may be g itself, so it is not the engine's to keep or write into
    cross: ClassVar[bool] = False  # d/dx reads only y and d/dy only x: x is kept only if y needs a gradient, and so on
    custom: ClassVar[bool] = False  # the gradient is a user's code over tensors: it unpacks what the node saved itself
    deferred: ClassVar[bool] = False  # stands in for a primitive until what its node saved is fetched or recomputed
    specs: ClassVar[bool] = False  # a gradient reads the shape or dtype of an operand that may need no gradient itself
    # beside a number, 16-bit floats are computed in float32: the number is not rounded to 16 bits first
    wide: ClassVar[bool] = False
    of_numbers: ClassVar[bool] = False  # the function takes two Python numbers, too, and gives a tensor without dims
    kernels: ClassVar[dict[str, tuple[Callable[..., bool], Callable[..., Any], Callable[..., Any]]] | None] = None

    # derived by __init_subclass__
    save_in: ClassVar[tuple[bool, ...]] = ()
    save_out: ClassVar[bool] = False
    save1: ClassVar[bool] = False
    save2: ClassVar[bool] = False
    nosave: ClassVar[bool] = True
    # (x needs a gradient, y does) -> (keep x, keep y); None where everything saved is kept
    keeps: ClassVar[dict[tuple[bool, bool], tuple[bool, bool]] | None] = None
    vjps: ClassVar[tuple[Any, ...]] = ()
    arity: ClassVar[int] = 0
    rare: ClassVar[bool] = True  # not one to three operands with one result: the engine's everyday branch is not for it
    vjp1: ClassVar[Any]  # the gradients for the first and the second operand, or None
    vjp2: ClassVar[Any]
    name: ClassVar[str] = "primitive"  # what messages call it; from the class's name unless the class says otherwise

    grad_name: ClassVar[str] = ""  # PyTorch's name of the backward step, where it is not made of the class's name

    forward: Callable[..., Any]

    def __init_subclass__(cls) -> None:
        code = cls.__dict__["forward"].__code__ if "forward" in cls.__dict__ else None
        if code is None:
            return
        names = code.co_varnames[2 : code.co_argcount]
        many = bool(code.co_flags & 4)  # *xs
        unknown = [s for s in cls.saves if s != "out" and s not in names and not (many and s == "xs")]
        if unknown:
            raise TypeError(f"{cls.__name__}: saves names {unknown}, but forward has the operands {names}")
        cls.save_in = (("xs" in cls.saves),) if many else tuple([n in cls.saves for n in names])
        cls.save_out = "out" in cls.saves
        cls.nosave = not cls.saves and not cls.specs
        cls.save1 = bool(cls.save_in) and cls.save_in[0]
        cls.save2 = len(cls.save_in) > 1 and cls.save_in[1]
        cls.keeps = _keeps(names, cls) if cls.cross or any("reads_" + n in cls.__dict__ for n in names) else None
        cls.vjps = () if many else tuple([cls.__dict__.get("vjp_" + n) for n in names])
        cls.arity = 0 if many or "vjp_all" in cls.__dict__ else len(names)
        cls.rare = (
            cls.arity not in (1, 2, 3)
            or "nout" in cls.__dict__
            or any("nout" in getattr(c, "__slots__", ()) for c in cls.__mro__)
        )
        if "name" not in cls.__dict__:
            cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        cls.vjp1 = cls.vjps[0] if cls.vjps else None
        cls.vjp2 = cls.vjps[1] if len(cls.vjps) > 1 else None

    def admit(self, *operands: Any) -> None:
        """Refuse operands, as the user gave them, that promotion would hide. Asked for mixed dtypes and writes."""

    def into(self, xp: Any, out: Any, *xs: Any) -> None:
        """Write the result into the memory of `out`, which may be one of the operands."""
        xp.copy_into(out, self.forward(xp, *xs))

    def called(self, node: Any) -> str:
        """PyTorch's name of the backward step of `node`, which recorded this primitive."""
        return self.grad_name or f"{type(self).__name__}Backward0"

    def __repr__(self) -> str:
        return self.name


def _keeps(names: tuple[str, ...], cls: type[Primitive]) -> dict[tuple[bool, bool], tuple[bool, bool]]:
    """Which operands of a two-operand primitive are kept, by which of them need a gradient."""
    x, y = names
    reads = {n: cls.__dict__.get("reads_" + n, cls.saves) for n in names}
    if cls.cross:
        reads = {x: (y,), y: (x,)}
    table = {}
    for need_x in (False, True):
        for need_y in (False, True):
            read = (*(reads[x] if need_x else ()), *(reads[y] if need_y else ()))
            table[need_x, need_y] = (x in read, y in read)
    return table
