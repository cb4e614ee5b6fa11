"""The loops of CuPy's ufuncs, in CuPy's order: the first one that every operand can be cast to is run.

Characters are NumPy's; E is bfloat16. A test compares this table with an installed CuPy. What is not listed is widened
(U4, U15) or refused (U5).
"""

_INTEGERS = ("b", "B", "h", "H", "i", "I", "l", "L", "q", "Q")


def _same(operands, characters, result=None):
    """One loop a character: all operands of that type, the result too unless named."""
    return tuple([f"{c * operands}->{result or c}" for c in characters])


_UNARY_MATH = _same(1, "eEfdFD")
_BINARY_MATH = _same(2, "eEfdFD")
_ARITHMETIC = _same(2, ("?", *_INTEGERS, *"eEfdFD"))
_COMPARISON = ("??->?", "qq->?", "QQ->?", "qQ->?", "Qq->?")
_BITS = _same(2, ("?", *_INTEGERS))
_TRUE_DIVIDE = ("qq->d", "qQ->d", "Qq->d", "QQ->d", *_same(2, "eEfdFD"))
_ROUNDING = _same(1, ("?", *_INTEGERS, *"eEfd"))

LOOPS = {
    "absolute": (*_same(1, ("?", *_INTEGERS, *"eEfd")), "F->f", "D->d"),
    "add": _ARITHMETIC,
    "angle": ("?->d", *_same(1, "eEfd"), "F->f", "D->d"),
    "arccos": _UNARY_MATH,
    "arccosh": _UNARY_MATH,
    "arcsin": _UNARY_MATH,
    "arcsinh": _UNARY_MATH,
    "arctan": _UNARY_MATH,
    "arctan2": _BINARY_MATH,
    "arctanh": _UNARY_MATH,
    "bitwise_and": _BITS,
    "bitwise_or": _BITS,
    "bitwise_xor": _BITS,
    "cbrt": _same(1, "eEfd"),
    "ceil": _ROUNDING,
    "clip": _same(3, ("?", *_INTEGERS, *"efd")),
    "conjugate": _same(1, (*_INTEGERS, *"eEfdFD")),
    "copysign": _BINARY_MATH,
    "cos": _UNARY_MATH,
    "cosh": _UNARY_MATH,
    "divide": _TRUE_DIVIDE,
    "equal": (*_COMPARISON, *_same(2, "eEfdFD", "?")),
    "exp": _UNARY_MATH,
    "exp2": _UNARY_MATH,
    "expm1": _UNARY_MATH,
    "fabs": _same(1, "eEfd"),
    "floor": _ROUNDING,
    "floor_divide": _same(2, (*_INTEGERS, *"eEfd")),
    "fmax": _ARITHMETIC,
    "fmin": _ARITHMETIC,
    "fmod": _same(2, (*_INTEGERS, *"eEfd")),
    "gcd": _same(2, ("?", *_INTEGERS)),
    "greater": (*_COMPARISON, *_same(2, "eEfdFD", "?")),
    "greater_equal": (*_COMPARISON, *_same(2, "eEfdFD", "?")),
    "heaviside": _same(2, "eEfd"),
    "hypot": _BINARY_MATH,
    "invert": _same(1, ("?", *_INTEGERS)),
    "isfinite": _same(1, "eEfdFD", "?"),
    "isinf": _same(1, "eEfdFD", "?"),
    "isnan": _same(1, "eEfdFD", "?"),
    "lcm": _same(2, ("?", *_INTEGERS)),
    "left_shift": _same(2, _INTEGERS),
    "less": (*_COMPARISON, *_same(2, "eEfdFD", "?")),
    "less_equal": (*_COMPARISON, *_same(2, "eEfdFD", "?")),
    "log": _UNARY_MATH,
    "log10": _UNARY_MATH,
    "log1p": _UNARY_MATH,
    "log2": _UNARY_MATH,
    "logaddexp": _same(2, "eEfd"),
    "logaddexp2": _same(2, "eEfd"),
    "logical_and": (*_COMPARISON, *_same(2, "eEfd", "?")),
    "logical_not": _same(1, ("?", *_INTEGERS, *"efd"), "?"),
    "logical_or": (*_COMPARISON, *_same(2, "eEfd", "?")),
    "logical_xor": _same(2, ("?", *_INTEGERS, *"efd"), "?"),
    "maximum": _ARITHMETIC,
    "minimum": _ARITHMETIC,
    "multiply": _ARITHMETIC,
    "negative": _same(1, ("?", *_INTEGERS, *"eEfdFD")),
    "nextafter": _BINARY_MATH,
    "not_equal": (*_COMPARISON, *_same(2, "eEfdFD", "?")),
    "positive": _same(1, ("?", *_INTEGERS, *"eEfdFD")),
    "power": ("??->b", *_same(2, (*_INTEGERS, *"eEfdFD"))),
    "reciprocal": _same(1, (*_INTEGERS, *"eEfdFD")),
    "remainder": _same(2, (*_INTEGERS, *"eEfd")),
    "right_shift": _same(2, _INTEGERS),
    "rint": _UNARY_MATH,
    "sign": _same(1, (*_INTEGERS, *"eEfdFD")),
    "signbit": _same(1, "eEfd", "?"),
    "sin": _UNARY_MATH,
    "sinh": _UNARY_MATH,
    "sqrt": _UNARY_MATH,
    "square": _same(1, (*_INTEGERS, *"eEfdFD")),
    "subtract": _ARITHMETIC,
    "tan": _UNARY_MATH,
    "tanh": _UNARY_MATH,
    "true_divide": _TRUE_DIVIDE,
    "trunc": _ROUNDING,
    "where": tuple([f"?{c}{c}->{c}" for c in ("?", *_INTEGERS, *"efdFD")]),
    # cupyx.scipy.special
    "special.digamma": ("l->d", "e->d", "f->f", "d->d", "F->F", "D->D"),
    "special.erf": ("e->d", "f->f", "d->d"),
    "special.erfc": ("e->d", "f->f", "d->d"),
    "special.erfinv": ("f->f", "d->d"),
    "special.expit": ("e->d", "f->f", "d->d"),
    "special.gammaln": ("l->d", "e->d", "f->f", "d->d"),
    "special.ndtr": ("e->d", "f->f", "d->d"),
    "special.zeta": ("ff->f", "dd->d"),
    "special.ndtri": ("f->f", "d->d"),
    "special.erfcx": ("e->d", "f->f", "d->d"),
    "special.gammainc": ("ff->f", "dd->d"),
    "special.gammaincc": ("ff->f", "dd->d"),
    "special.i0": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.i0e": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.i1": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.i1e": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.j0": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.j1": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.k0": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.k0e": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.k1": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.k1e": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.y0": ("l->d", "L->d", "e->d", "f->f", "d->d"),
    "special.y1": ("l->d", "L->d", "e->d", "f->f", "d->d"),
}

# Loops that are listed but whose CUDA source does not compile (NVRTC 12.9): "no instance of overloaded function".
BROKEN = {name: ("FF->F", "DD->D") for name in ("arctan2", "copysign", "hypot", "nextafter")}

# Reductions: CuPy keeps them private, so these are read from its source.
_TO_LONG = ("?->l", "b->l", "B->L", "h->l", "H->L", "i->l", "I->L", "l->l", "L->L", "q->q", "Q->Q")
_BASIC = ("?", "B", "h", "H", "i", "I", "l", "L", "q", "Q")
REDUCTIONS = {
    "sum": (*_TO_LONG, *_same(1, "eEfdFD")),
    "sum_with_dtype": _same(1, ("?", *_INTEGERS, *"eEfdFD")),
    "extreme": _same(1, ("?", *_INTEGERS, *"eEfdFD")),
    "place": (*_same(1, ("?", *_INTEGERS), "q"), *_same(1, "efdFD", "q")),
    "truth": (*_same(1, _BASIC, "?"), *_same(1, "efdFD", "?")),
    "mean": (*_same(1, _BASIC, "d"), *_same(1, "EefdFD")),
}
