"""The class Array: a Tensor whose operators, promotion and attributes are the array-API standard's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gputensor as gt
from gputensor.array_api._aliases import made, plain, register_array, shared
from gputensor.array_api._indexing_rules import index_of, value_for
from gputensor.array_api._primitives import FLOOR_DIVIDE
from gputensor.array_api._promotion import ANY, BITS, FLOATING, INTEGER, NUMERIC, REAL, as_tensor, beside
from gputensor.core.apply import apply1, as_floating, binary, cast, compare
from gputensor.core.explain import dtype_name
from gputensor.core.subclasses import stays_plain
from gputensor.core.tensor_base import TensorBase
from gputensor.core.writes import assign, write2
from gputensor.errors import DtypeError, ShapeError
from gputensor.ops.arithmetic import ADD, DIV, MUL, NEG, SUB
from gputensor.ops.comparison import EQ, GE, GT, LE, LT, NE
from gputensor.ops.division import REMAINDER
from gputensor.ops.indexing import getitem, setitem
from gputensor.ops.logic import AND, LEFT, NOT, OR, RIGHT, XOR
from gputensor.ops.signs import ABS


class Array(gt.Tensor):
    """A tensor of `gputensor.array_api`: it shares memory and graph with the Tensor it was made of, and follows the
    standard.

    Operators promote by dtype alone, 0-d arrays included; booleans do not mix with numbers; ``size`` is the number of
    elements; ``T`` takes two dims. Python numbers take the array's dtype. The standard's functions and operators give
    Arrays; PyTorch's methods, which are here as on every Tensor, give Tensors. Make one with ``array_api.asarray``.

    >>> import gputensor as gt
    >>> t = gt.ones(2, requires_grad=True)
    >>> a = gt.array_api.asarray(t)
    >>> (a * 3).sum().backward(); t.grad, a.size
    (tensor([3., 3.]), 2)
    """

    __slots__ = ()
    __torch_function__: Any = staticmethod(stays_plain)
    __hash__ = gt.Tensor.__hash__

    def __new__(cls, *data: Any, device: Any = None) -> Array:
        raise TypeError("Array: arrays are made by the functions of gputensor.array_api; use array_api.asarray(…)")

    # ---------------------------------------------------------------- attributes

    @property
    def size(self) -> int:  # type: ignore[override]  # a number in the standard, a method in PyTorch
        """The number of elements."""
        return self.array.size

    @property
    def T(self) -> Array:
        """The transpose of a matrix, a view. Raises ShapeError unless there are two dims."""
        if self.array.ndim != 2:
            raise ShapeError(f"T: expected 2 dims, got shape {tuple(self.array.shape)}; use mT or permute_dims()")
        return made(gt.permute(plain(self), (1, 0)))

    @property
    def mT(self) -> Array:
        """The transposes of the matrices in the last two dims, a view. Raises ShapeError for fewer than two."""
        n = self.array.ndim
        if n < 2:
            raise ShapeError(f"mT: expected at least 2 dims, got shape {tuple(self.array.shape)}")
        return made(gt.transpose(plain(self), n - 2, n - 1))

    def to_device(self, device: Any, /, *, stream: Any = None) -> Array:
        """See `gputensor.Tensor.to_device`."""
        return made(plain(self).to_device(device, stream=stream))

    # ---------------------------------------------------------------- NumPy's functions

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return _arrays(super().__array_ufunc__(ufunc, method, *_plain(inputs), **kwargs))

    def __array_function__(self, func: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        given = {name: value if name == "out" else _plain(value) for name, value in kwargs.items()}
        return _arrays(super().__array_function__(func, types, _plain(args), given))

    def astype(self, dtype: Any, *, copy: bool = True) -> Array:
        """See `gputensor.Tensor.astype`."""
        return made(plain(self).astype(dtype, copy=copy))

    def __iter__(self) -> Iterator[Array]:
        return map(made, plain(self))

    # ---------------------------------------------------------------- square brackets

    def __getitem__(self, key: Any, /) -> Array:
        return made(getitem(self, index_of(self, key)))

    def __setitem__(self, key: Any, value: Any, /) -> None:
        setitem(self, index_of(self, key), value_for(self, value))

    # ---------------------------------------------------------------- arithmetic

    def __pos__(self) -> Array:
        return made(gt.positive(plain(self)))

    def __neg__(self) -> Array:
        return made(apply1(NEG, self))

    def __abs__(self) -> Array:
        return made(apply1(ABS, self))

    def __add__(self, other: Any, /) -> Array:
        pair = beside("add", self, other, NUMERIC)
        return NotImplemented if pair is None else made(binary(ADD, *pair))

    def __radd__(self, other: Any, /) -> Array:
        pair = beside("add", self, other, NUMERIC)
        return NotImplemented if pair is None else made(binary(ADD, *pair))

    def __sub__(self, other: Any, /) -> Array:
        pair = beside("subtract", self, other, NUMERIC)
        return NotImplemented if pair is None else made(binary(SUB, *pair))

    def __rsub__(self, other: Any, /) -> Array:
        pair = _turned("subtract", self, other, NUMERIC)
        return NotImplemented if pair is None else made(binary(SUB, *pair))

    def __mul__(self, other: Any, /) -> Array:
        pair = beside("multiply", self, other, NUMERIC)
        return NotImplemented if pair is None else made(binary(MUL, *pair))

    def __rmul__(self, other: Any, /) -> Array:
        pair = beside("multiply", self, other, NUMERIC)
        return NotImplemented if pair is None else made(binary(MUL, *pair))

    def __truediv__(self, other: Any, /) -> Array:
        pair = beside("divide", self, other, NUMERIC)
        return NotImplemented if pair is None else made(quotient(*pair))

    def __rtruediv__(self, other: Any, /) -> Array:
        pair = _turned("divide", self, other, NUMERIC)
        return NotImplemented if pair is None else made(quotient(*pair))

    def __floordiv__(self, other: Any, /) -> Array:
        pair = beside("floor_divide", self, other, REAL)
        return NotImplemented if pair is None else made(binary(FLOOR_DIVIDE, *pair))

    def __rfloordiv__(self, other: Any, /) -> Array:
        pair = _turned("floor_divide", self, other, REAL)
        return NotImplemented if pair is None else made(binary(FLOOR_DIVIDE, *pair))

    def __mod__(self, other: Any, /) -> Array:
        pair = beside("remainder", self, other, REAL)
        return NotImplemented if pair is None else made(binary(REMAINDER, *pair))

    def __rmod__(self, other: Any, /) -> Array:
        pair = _turned("remainder", self, other, REAL)
        return NotImplemented if pair is None else made(binary(REMAINDER, *pair))

    def __pow__(self, other: Any, /) -> Array:
        pair = beside("pow", self, other, NUMERIC)
        return NotImplemented if pair is None else made(gt.pow(plain(pair[0]), plain(pair[1])))

    def __rpow__(self, other: Any, /) -> Array:
        pair = _turned("pow", self, other, NUMERIC)
        return NotImplemented if pair is None else made(gt.pow(plain(pair[0]), plain(pair[1])))

    def __matmul__(self, other: Any, /) -> Array:
        pair = _matrices(self, other)
        return NotImplemented if pair is None else made(gt.matmul(*pair))

    def __rmatmul__(self, other: Any, /) -> Array:
        pair = _matrices(self, other)
        return NotImplemented if pair is None else made(gt.matmul(pair[1], pair[0]))

    # ---------------------------------------------------------------- bits

    def __invert__(self) -> Array:
        return made(apply1(NOT, self))

    def __and__(self, other: Any, /) -> Array:
        pair = beside("bitwise_and", self, other, BITS)
        return NotImplemented if pair is None else made(binary(AND, *pair))

    def __rand__(self, other: Any, /) -> Array:
        pair = beside("bitwise_and", self, other, BITS)
        return NotImplemented if pair is None else made(binary(AND, *pair))

    def __or__(self, other: Any, /) -> Array:
        pair = beside("bitwise_or", self, other, BITS)
        return NotImplemented if pair is None else made(binary(OR, *pair))

    def __ror__(self, other: Any, /) -> Array:
        pair = beside("bitwise_or", self, other, BITS)
        return NotImplemented if pair is None else made(binary(OR, *pair))

    def __xor__(self, other: Any, /) -> Array:
        pair = beside("bitwise_xor", self, other, BITS)
        return NotImplemented if pair is None else made(binary(XOR, *pair))

    def __rxor__(self, other: Any, /) -> Array:
        pair = beside("bitwise_xor", self, other, BITS)
        return NotImplemented if pair is None else made(binary(XOR, *pair))

    def __lshift__(self, other: Any, /) -> Array:
        pair = beside("bitwise_left_shift", self, other, INTEGER)
        return NotImplemented if pair is None else made(binary(LEFT, *pair))

    def __rlshift__(self, other: Any, /) -> Array:
        pair = _turned("bitwise_left_shift", self, other, INTEGER)
        return NotImplemented if pair is None else made(binary(LEFT, *pair))

    def __rshift__(self, other: Any, /) -> Array:
        pair = beside("bitwise_right_shift", self, other, INTEGER)
        return NotImplemented if pair is None else made(binary(RIGHT, *pair))

    def __rrshift__(self, other: Any, /) -> Array:
        pair = _turned("bitwise_right_shift", self, other, INTEGER)
        return NotImplemented if pair is None else made(binary(RIGHT, *pair))

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if not self.array.ndim else object.__format__(self, spec)

    # ---------------------------------------------------------------- comparisons

    def __eq__(self, other: Any, /) -> Array:  # type: ignore[override]  # element by element
        pair = beside("equal", self, other, ANY)
        return NotImplemented if pair is None else made(compare(EQ, *pair))

    def __ne__(self, other: Any, /) -> Array:  # type: ignore[override]  # element by element
        pair = beside("not_equal", self, other, ANY)
        return NotImplemented if pair is None else made(compare(NE, *pair))

    def __lt__(self, other: Any, /) -> Array:
        pair = beside("less", self, other, REAL)
        return NotImplemented if pair is None else made(compare(LT, *pair))

    def __le__(self, other: Any, /) -> Array:
        pair = beside("less_equal", self, other, REAL)
        return NotImplemented if pair is None else made(compare(LE, *pair))

    def __gt__(self, other: Any, /) -> Array:
        pair = beside("greater", self, other, REAL)
        return NotImplemented if pair is None else made(compare(GT, *pair))

    def __ge__(self, other: Any, /) -> Array:
        pair = beside("greater_equal", self, other, REAL)
        return NotImplemented if pair is None else made(compare(GE, *pair))

    # ---------------------------------------------------------------- in place

    def __iadd__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "add", other, NUMERIC)
        return NotImplemented if pair is None else write2(self, ADD, pair[1])

    def __isub__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "subtract", other, NUMERIC)
        return NotImplemented if pair is None else write2(self, SUB, pair[1])

    def __imul__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "multiply", other, NUMERIC)
        return NotImplemented if pair is None else write2(self, MUL, pair[1])

    def __itruediv__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "divide", other, FLOATING)
        return NotImplemented if pair is None else write2(self, DIV, pair[1])

    def __ifloordiv__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "floor_divide", other, REAL)
        return NotImplemented if pair is None else write2(self, FLOOR_DIVIDE, pair[1])

    def __imod__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "remainder", other, REAL)
        return NotImplemented if pair is None else write2(self, REMAINDER, pair[1])

    def __ipow__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "pow", other, NUMERIC)
        if pair is None:
            return NotImplemented
        d, exponent = pair[0].array.dtype, plain(pair[1])

        def pow(before: Any) -> Any:
            return gt.pow(cast(plain(before), d), exponent)

        return assign(self, pow)

    def __imatmul__(self, other: Any, /) -> Array:
        pair = _matrices(self, other)
        if pair is None:
            return NotImplemented
        _check_own_dtype(self, "matmul", pair)
        d, right = pair[0].array.dtype, plain(pair[1])

        def matmul(before: Any) -> Any:
            return gt.matmul(cast(plain(before), d), right)

        return assign(self, matmul)

    def __iand__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "bitwise_and", other, BITS)
        return NotImplemented if pair is None else write2(self, AND, pair[1])

    def __ior__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "bitwise_or", other, BITS)
        return NotImplemented if pair is None else write2(self, OR, pair[1])

    def __ixor__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "bitwise_xor", other, BITS)
        return NotImplemented if pair is None else write2(self, XOR, pair[1])

    def __ilshift__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "bitwise_left_shift", other, INTEGER)
        return NotImplemented if pair is None else write2(self, LEFT, pair[1])

    def __irshift__(self, other: Any, /) -> Array:
        pair = _of_own_dtype(self, "bitwise_right_shift", other, INTEGER)
        return NotImplemented if pair is None else write2(self, RIGHT, pair[1])


def _turned(name: str, x: Any, other: Any, kinds: str) -> Any:
    """The operands of ``other <op> x``: the first has to be a tensor."""
    pair = beside(name, x, other, kinds)
    return None if pair is None else (as_tensor(pair[1], pair[0]), pair[0])


def quotient(x: Any, y: Any) -> Any:
    """x / y, of integers in the default floating-point dtype."""
    if x.array.dtype.kind in INTEGER:
        x, y = as_floating(x), as_floating(as_tensor(y, x))
    return binary(DIV, x, y)


def _matrices(x: Any, other: Any) -> Any:
    return beside("matmul", x, other, NUMERIC) if isinstance(other, TensorBase) or hasattr(other, "ndim") else None


def _of_own_dtype(x: Any, name: str, other: Any, kinds: str) -> Any:
    pair = beside(name, x, other, kinds)
    if pair is not None:
        _check_own_dtype(x, name, pair)
    return pair


def _check_own_dtype(x: Any, name: str, pair: Any) -> None:
    wide, own = pair[0].array.dtype, x.array.dtype
    # The standard leaves floats of another width open; NumPy, CuPy and PyTorch write them, scikit-learn counts on it.
    if wide is not own and not (wide.kind == own.kind and own.kind in FLOATING):
        raise DtypeError(
            f"{name}: in place the array would have to become {dtype_name(wide)}, and it is {dtype_name(own)}; write "
            "x = x … instead"
        )


def _plain(x: Any) -> Any:
    """What NumPy was given, with Tensors in the place of Arrays, in lists and tuples, too."""
    return type(x)(map(_plain, x)) if type(x) in (list, tuple) else plain(x)


def _arrays(x: Any) -> Any:
    """What a function of NumPy gave, with Arrays in the place of Tensors."""
    if isinstance(x, (list, tuple)):
        make: Any = getattr(x, "_make", type(x))
        return make(map(_arrays, x))
    return shared(x) if isinstance(x, TensorBase) else x


register_array(Array)
