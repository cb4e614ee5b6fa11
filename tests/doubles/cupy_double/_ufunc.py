"""The double's ufuncs: CuPy's way to choose a loop (U3), its refusals (U1, U2), and what its kernels compute.

Nothing warns (U13).
"""

import ml_dtypes
import numpy as np

from tests.doubles.cupy_double._array import check_place, host_of, ndarray, new, shares_bounds
from tests.doubles.cupy_double._loops import BROKEN, LOOPS

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)


def dtype_of(character):
    return BFLOAT16 if character == "E" else np.dtype(character)


class Scalar:
    """A number on its way into a kernel; a Python number is weak, NumPy's is not."""

    def __init__(self, value):
        kind = type(value)
        self.weak = kind if kind in (int, float, complex) else False
        if kind is bool:
            self.dtype = np.dtype(bool)
        elif kind is int:
            self.dtype = np.dtype(np.uint64 if value >= 2**63 else np.int64)
        elif kind is float:
            self.dtype = np.dtype(np.float64)
        elif kind is complex:
            self.dtype = np.dtype(np.complex128)
        elif isinstance(value, np.generic):
            self.dtype = value.dtype
        else:
            raise TypeError(f"Unsupported type {kind}")  # (U1)
        self.value = value


def as_operand(x):
    if isinstance(x, ndarray):
        check_place(x)
        return x
    return Scalar(x)


def _kind_score(kind):
    if kind in (int, "i", "u"):
        return 1
    return {bool: 0, "b": 0, float: 2, "f": 2, "V": 2, complex: 3, "c": 3}[kind]


def choose_loop(name, loops, operands):
    """The loop for these operands, by NumPy's promotion of weak scalars as CuPy follows it."""
    weak = [o.weak if isinstance(o, Scalar) else False for o in operands]
    arrays = [_kind_score(o.dtype.kind) for o, w in zip(operands, weak, strict=True) if not w]
    scalars = [_kind_score(w) for w in weak if w]
    if not arrays or not scalars or max(arrays) < max(scalars):
        weak = [False] * len(operands)
    if LOOPS.get(name, ("",))[0] == "??->?" and "qQ->?" in LOOPS[name]:
        # comparisons look at the value of a Python int beside integers
        if weak[0] is int and weak[1] is False and operands[1].dtype.kind in "iu":
            weak[0] = False
        elif weak[1] is int and weak[0] is False and operands[0].dtype.kind in "iu":
            weak[1] = False
    for loop in loops:
        types = [dtype_of(c) for c in loop.split("->")[0]]
        if all([_fits(o, w, t) for o, w, t in zip(operands, weak, types, strict=True)]):
            return loop
    raise TypeError(f"Wrong type ({tuple([o.dtype for o in operands])}) of arguments for cupy_{name}")


def _fits(operand, weak, wanted):
    if np.can_cast(operand.dtype, wanted):
        return True
    if not weak:
        return False
    if wanted == BFLOAT16:
        # what NumPy answers; before 2.1.2 asking it crashes
        return weak is int
    try:
        return bool(np.result_type(weak(0), wanted) == wanted)
    except TypeError:
        return False


class ufunc:
    """One of CuPy's elementwise functions."""

    def __init__(self, name, compute, scatter=None, loops=None):
        self._key = name
        self._compute = compute
        self._scatter = scatter
        self._loops = LOOPS[name] if loops is None else loops
        self.__name__ = self.name = "cupy_" + name.split(".")[-1]
        ins, outs = self._loops[0].split("->")
        self.nin, self.nout = len(ins), len(outs)
        self.nargs = self.nin + self.nout

    def __repr__(self):
        return f"<ufunc {self.name!r}>"

    @property
    def types(self):
        return list(self._loops)

    def __call__(self, *args, **kwargs):
        out = kwargs.pop("out", None)
        dtype = kwargs.pop("dtype", None)
        casting = kwargs.pop("casting", "same_kind")
        if kwargs:  # (U2)
            raise TypeError(f"Wrong arguments {kwargs}")
        if not self.nin <= len(args) <= self.nargs:
            raise TypeError(f"Wrong number of arguments for {self.name!r}: {len(args)} given, {self.nin} needed")
        if len(args) > self.nin:
            if out is not None:
                raise ValueError("Cannot specify 'out' as both a positional and keyword argument")
            out = args[self.nin]
        if isinstance(out, tuple):
            (out,) = out
        operands = [as_operand(a) for a in args[: self.nin]]
        if out is not None:
            if not isinstance(out, ndarray):
                raise TypeError("Output arguments type must be cupy.ndarray")
            check_place(out)
        shapes = [o.shape for o in operands if isinstance(o, ndarray)]
        shape = np.broadcast_shapes(*shapes, *([] if out is None else [out.shape]))
        loop = self._loop(operands, dtype)
        ins, result = loop.split("->")
        hosts = [self._cast(o, dtype_of(c), out) for o, c in zip(operands, ins, strict=True)]
        result = dtype_of(result)
        if out is not None:
            if out.shape != shape:
                raise ValueError("Out shape is mismatched")
            if result.kind != out.dtype.kind and not np.can_cast(result, out.dtype, casting):
                raise TypeError(
                    f"Cannot cast output operand from {result!r} to {out.dtype!r} according to the rule {casting!r}"
                )
        value = self._run(hosts, ins[-1], result)
        if out is None:
            return new(np.broadcast_to(value, shape))
        host_of(out)[...] = value
        return out

    def _loop(self, operands, dtype):
        if dtype is None:
            loop = choose_loop(self._key, self._loops, operands)
        else:
            wanted = np.dtype(dtype)
            found = [c for c in self._loops if dtype_of(c.split("->")[1]) == wanted]
            if not found:
                raise TypeError(f"Wrong type ({wanted}) of arguments for {self.name}")
            loop = found[0]
        if self._key == "subtract" and loop.startswith("??"):
            # (U9)
            raise TypeError("cupy boolean subtract, the `-` operator, is deprecated, use the bitwise_xor")
        if self._key in ("negative", "positive") and loop.startswith("?"):
            raise TypeError(f"The cupy boolean {self._key} is not supported")
        if loop in BROKEN.get(self._key, ()):  # (U11)
            from tests.doubles.cupy_double.cuda.compiler import CompileException

            raise CompileException(f'no instance of overloaded function "{self._key}" matches', "", self.name, ())
        return loop

    @staticmethod
    def _cast(operand, dtype, out):
        if isinstance(operand, Scalar):
            # a Python int that does not fit raises OverflowError, as in CuPy
            return np.asarray(operand.value, dtype)
        host = host_of(operand)
        if out is not None and operand is not out and shares_bounds(operand, out):  # (U16)
            host = host.copy()
        return host.astype(dtype, copy=False)

    def _run(self, hosts, character, result):
        with np.errstate(all="ignore"):
            if character in "eE" and self._key not in EXACT_IN_16_BITS:
                # arithmetic of the 16-bit types yields float, converted once (U12)
                hosts = [h.astype(np.float32) for h in hosts]
            value = np.asarray(self._compute(*hosts))
            return value.astype(result, copy=False)

    def at(self, a, indices, b=None):  # (U14)
        if self._scatter is None:
            raise NotImplementedError(f"`{self.name}.at` is not supported yet")
        a._scatter_op(indices, b, self._scatter)

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False):
        if self._key == "add":
            return array.sum(axis, dtype, out, keepdims)
        if self._key == "multiply":
            return array.prod(axis, dtype, out, keepdims)
        raise NotImplementedError(f"`{self.name}.reduce` is not supported yet")

    def accumulate(self, array, axis=0, dtype=None, out=None):
        if self._key == "add":
            return array.cumsum(axis, dtype, out)
        if self._key == "multiply":
            return array.cumprod(axis, dtype, out)
        raise NotImplementedError(f"`{self.name}.accumulate` is not supported yet")

    def outer(self, a, b, **kwargs):
        return self(a.reshape(a.shape + (1,) * b.ndim), b, **kwargs)


EXACT_IN_16_BITS = {"nextafter", "copysign", "signbit", "where", "negative", "absolute", "positive", "conjugate"}


# What kernels compute otherwise than NumPy.


def _floor_divide(x, y):  # (U6)
    if x.dtype.kind == "f":
        return np.floor(x / y)
    return np.where(y == 0, x.dtype.type(0), np.floor_divide(x, np.where(y == 0, 1, y)))


def _remainder(x, y):
    if x.dtype.kind == "f":
        return x - np.floor(x / y) * y
    return np.where(y == 0, x.dtype.type(0), np.remainder(x, np.where(y == 0, 1, y)))


def _fmod(x, y):
    if x.dtype.kind == "f":
        return np.fmod(x, y)
    # CuPy sends integers through float64 (U7)
    return np.where(y == 0, 0.0, np.fmod(x.astype(np.float64), np.where(y == 0, 1, y).astype(np.float64)))


def _power(x, y):  # (U8)
    if x.dtype.kind not in "iub":
        return np.power(x, y)
    if x.dtype.kind == "b":
        x, y = x.astype(np.int8), y.astype(np.int8)
    small = np.where(x == 1, 1, np.where(x == -1, np.where(y % 2 == 1, -1, 1), 0)) if x.dtype.kind == "i" else 0
    return np.where(y < 0, small, np.power(x, np.where(y < 0, 0, y))).astype(x.dtype)


def _reciprocal(x):
    if x.dtype.kind not in "iu":
        return np.reciprocal(x)
    return np.where(x == 0, 0, np.trunc(1 / np.where(x == 0, 1, x))).astype(x.dtype)


def _angle(x):
    # NaN is not >= 0: pi (U10)
    return np.angle(x) if x.dtype.kind == "c" else np.where(x >= 0, 0.0, np.pi)


def _where(condition, x, y):
    return np.where(condition, x, y)


def _clip(x, low, high):
    return np.where(low > high, high, np.where(x < low, low, np.where(x > high, high, x)))


def _scipy(name):
    def compute(*operands):
        import scipy.special

        return getattr(scipy.special, name)(*operands)

    return compute


absolute = ufunc("absolute", np.absolute)
add = ufunc("add", np.add, scatter="add")
angle_ufunc = ufunc("angle", _angle)
arccos = ufunc("arccos", np.arccos)
arccosh = ufunc("arccosh", np.arccosh)
arcsin = ufunc("arcsin", np.arcsin)
arcsinh = ufunc("arcsinh", np.arcsinh)
arctan = ufunc("arctan", np.arctan)
arctan2 = ufunc("arctan2", np.arctan2)
arctanh = ufunc("arctanh", np.arctanh)
bitwise_and = ufunc("bitwise_and", np.bitwise_and, scatter="and")
bitwise_or = ufunc("bitwise_or", np.bitwise_or, scatter="or")
bitwise_xor = ufunc("bitwise_xor", np.bitwise_xor, scatter="xor")
cbrt = ufunc("cbrt", np.cbrt)
ceil = ufunc("ceil", np.ceil)
clip_ufunc = ufunc("clip", _clip)
conjugate = ufunc("conjugate", np.conjugate)
copysign = ufunc("copysign", np.copysign)
cos = ufunc("cos", np.cos)
cosh = ufunc("cosh", np.cosh)
divide = true_divide = ufunc("true_divide", np.true_divide)
equal = ufunc("equal", np.equal)
exp = ufunc("exp", np.exp)
exp2 = ufunc("exp2", np.exp2)
expm1 = ufunc("expm1", np.expm1)
fabs = ufunc("fabs", np.fabs)
floor = ufunc("floor", np.floor)
floor_divide = ufunc("floor_divide", _floor_divide)
fmax = ufunc("fmax", np.fmax)
fmin = ufunc("fmin", np.fmin)
fmod = ufunc("fmod", _fmod)
gcd = ufunc("gcd", np.gcd)
greater = ufunc("greater", np.greater)
greater_equal = ufunc("greater_equal", np.greater_equal)
heaviside = ufunc("heaviside", np.heaviside)
hypot = ufunc("hypot", np.hypot)
invert = ufunc("invert", np.invert)
isfinite = ufunc("isfinite", np.isfinite)
isinf = ufunc("isinf", np.isinf)
isnan = ufunc("isnan", np.isnan)
lcm = ufunc("lcm", np.lcm)
left_shift = ufunc("left_shift", np.left_shift)
less = ufunc("less", np.less)
less_equal = ufunc("less_equal", np.less_equal)
log = ufunc("log", np.log)
log10 = ufunc("log10", np.log10)
log1p = ufunc("log1p", np.log1p)
log2 = ufunc("log2", np.log2)
logaddexp = ufunc("logaddexp", np.logaddexp)
logaddexp2 = ufunc("logaddexp2", np.logaddexp2)
logical_and = ufunc("logical_and", np.logical_and)
logical_not = ufunc("logical_not", np.logical_not)
logical_or = ufunc("logical_or", np.logical_or)
logical_xor = ufunc("logical_xor", np.logical_xor)
maximum = ufunc("maximum", np.maximum, scatter="max")
minimum = ufunc("minimum", np.minimum, scatter="min")
multiply = ufunc("multiply", np.multiply)
negative = ufunc("negative", np.negative)
nextafter = ufunc("nextafter", np.nextafter)
not_equal = ufunc("not_equal", np.not_equal)
positive = ufunc("positive", np.positive)
power = ufunc("power", _power)
reciprocal = ufunc("reciprocal", _reciprocal)
remainder = ufunc("remainder", _remainder)
right_shift = ufunc("right_shift", np.right_shift)
rint = ufunc("rint", np.rint)
sign = ufunc("sign", np.sign)
signbit = ufunc("signbit", np.signbit)
sin = ufunc("sin", np.sin)
sinh = ufunc("sinh", np.sinh)
sqrt = ufunc("sqrt", np.sqrt)
square = ufunc("square", np.square)
subtract = ufunc("subtract", np.subtract, scatter="sub")
tan = ufunc("tan", np.tan)
tanh = ufunc("tanh", np.tanh)
trunc = ufunc("trunc", np.trunc)
where_ufunc = ufunc("where", _where)

digamma = ufunc("special.digamma", _scipy("psi"))
erf = ufunc("special.erf", _scipy("erf"))
erfc = ufunc("special.erfc", _scipy("erfc"))
erfinv = ufunc("special.erfinv", _scipy("erfinv"))
expit = ufunc("special.expit", _scipy("expit"))
gammaln = ufunc("special.gammaln", _scipy("gammaln"))
ndtr = ufunc("special.ndtr", _scipy("ndtr"))
ndtri = ufunc("special.ndtri", _scipy("ndtri"))
erfcx = ufunc("special.erfcx", _scipy("erfcx"))
gammainc = ufunc("special.gammainc", _scipy("gammainc"))
gammaincc = ufunc("special.gammaincc", _scipy("gammaincc"))
i0 = ufunc("special.i0", _scipy("i0"))
i0e = ufunc("special.i0e", _scipy("i0e"))
i1 = ufunc("special.i1", _scipy("i1"))
i1e = ufunc("special.i1e", _scipy("i1e"))
j0 = ufunc("special.j0", _scipy("j0"))
j1 = ufunc("special.j1", _scipy("j1"))
k0 = ufunc("special.k0", _scipy("k0"))
k0e = ufunc("special.k0e", _scipy("k0e"))
k1 = ufunc("special.k1", _scipy("k1"))
k1e = ufunc("special.k1e", _scipy("k1e"))
y0 = ufunc("special.y0", _scipy("y0"))
y1 = ufunc("special.y1", _scipy("y1"))
zeta = ufunc("special.zeta", _scipy("zeta"))
