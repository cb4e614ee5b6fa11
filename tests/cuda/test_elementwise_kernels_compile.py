"""CUDA source that the words launch compiles: the library's own kernels, and the loops of CuPy's ufuncs they call.

No GPU is needed: NVRTC compiles without one. CuPy's own entry points ask the driver first, so its inner program class
and its inner types are used, as CuPy 14 has them.
"""

import re

import ml_dtypes
import numpy as np
import pytest

from tests.doubles.cupy_double._loops import BROKEN, LOOPS

HEADERS = "\n".join(
    [
        "#include <cupy/complex.cuh>",
        "#include <cupy/carray.cuh>",
        "#include <cupy/atomics.cuh>",
        "#include <cupy/math_constants.h>\n",
    ]
)
BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
FLOATS = ("e", "E", "f", "d")
INTEGERS = ("b", "B", "h", "H", "i", "I", "l", "L", "q", "Q")


@pytest.fixture(scope="module")
def compiled():
    """A function (declarations, source, architecture) that compiles; CompileException where NVRTC refuses."""
    cupy = pytest.importorskip("cupy", reason="needs CuPy to compile CUDA sources")
    if not cupy.__version__.startswith("14."):
        pytest.skip(f"CuPy's inner names are those of version 14, this one is {cupy.__version__}")
    from cupy._core import core
    from cupy.cuda import compiler

    try:
        from cupy_backends.cuda.libs import nvrtc

        nvrtc.getVersion()
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"needs NVRTC to compile CUDA sources: {error}")

    def compile_source(declarations, source, architecture="90"):
        options = core.assemble_cupy_compiler_options(())
        options += (f"-arch=sm_{architecture}", "-ftz=true", "--device-as-default-execution-space")
        code = HEADERS + "\n".join(sorted(declarations)) + "\n" + source
        return compiler._NVRTCProgram(code, "k.cu", name_expressions=None, method="cubin").compile(options)

    return compile_source


def c_type(character):
    """C's name of a type, and the includes it needs."""
    from cupy._core import _scalar

    declarations = set()
    name = _scalar.get_typename(BFLOAT16 if character == "E" else np.dtype(character), declarations)
    return name, declarations


def kernel(name, operands, body):
    """A global function: operands as (C type, typedef's name, variable, whether it is written)."""
    pointers = ", ".join(
        [f"{t}* p{k}" if written else f"const {t}* p{k}" for k, (t, _, _, written) in enumerate(operands)]
    )
    lines = [
        f"typedef {t} {alias}; " + (f"{alias} &{v} = p{k}[i];" if written else f"const {alias} {v} = p{k}[i];")
        for k, (t, alias, v, written) in enumerate(operands)
    ]
    return f'extern "C" __global__ void {name}({pointers}) {{ int i = threadIdx.x; {" ".join(lines)} {{ {body}; }} }}\n'


@pytest.mark.parametrize("architecture", ["75", "90"])
@pytest.mark.parametrize(("name", "characters"), [("FLOOR_DIVIDE", FLOATS), ("REMAINDER", FLOATS), ("FMOD", INTEGERS)])
def test_our_elementwise_kernels_compile(compiled, name, characters, architecture):
    from gputensor.arrays.cupy_ import division

    operation = getattr(division, name).operation
    declarations, source = set(), ""
    for k, character in enumerate(characters):
        t, needed = c_type(character)
        declarations |= needed
        body = f"typedef {t} T; {operation}"
        source += kernel(f"k{k}", [(t, "A", "x", False), (t, "B", "y", False), (t, "C", "out", True)], body)
    assert compiled(declarations, source, architecture)


@pytest.mark.parametrize("architecture", ["75", "90"])
@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("MULTIPLY_AT", ("i", "I", "q", "Q", "f", "d", "F")),
        *[(n, ("i", "I", "q", "Q", "f", "d")) for n in ("MAXIMUM_AT", "MINIMUM_AT")],
    ],
)
def test_kernels_for_repeated_places_compile(compiled, name, characters, architecture):
    from gputensor.arrays.cupy_ import combine_at

    operation = getattr(combine_at, name).operation
    declarations, source = set(), ""
    for k, character in enumerate(characters):
        t, needed = c_type(character)
        declarations |= needed
        source += (
            f'extern "C" __global__ void k{k}(const {t}* values, const long long* places, {t}* out) {{ '
            f"typedef {t} T; const T value = values[threadIdx.x]; const long long place = places[threadIdx.x]; "
            f"{operation} }}\n"
        )
    assert compiled(declarations, source, architecture)


def test_a_ternary_between_mixed_types_does_not_compile(compiled):
    from cupy.cuda.compiler import CompileException

    t, declarations = c_type("E")
    body = f"typedef {t} T; out = x > (T)0 ? x + x : (T)0"
    with pytest.raises(CompileException):
        compiled(declarations, kernel("k", [(t, "A", "x", False), (t, "C", "out", True)], body))


def routines(ufunc):
    """(types, CUDA source) of every loop of one of CuPy's ufuncs."""
    found = []
    for types, op in zip(ufunc.types, ufunc._ops.ops, strict=True):
        source = re.search(r"routine=(.*), error_func=", repr(op), re.DOTALL).group(1)
        if source != "None" and not types.startswith("VV"):
            found.append((types, source))
    return found


def loop_source(ufunc, number, types, routine, declarations):
    ins, outs = types.split("->")
    operands = []
    for k, character in enumerate(ins):
        t, needed = c_type(character)
        declarations |= needed
        operands.append((t, f"in{k}_type", f"in{k}", False))
    for k, character in enumerate(outs):
        t, needed = c_type(character)
        declarations |= needed
        operands.append((t, f"out{k}_type", f"out{k}", True))
    return kernel(f"k{number}", operands, f"{ufunc._loop_prep or ''}; {routine}")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LOOPS))
def test_the_loops_of_cupys_ufuncs_compile_but_those_the_double_refuses(compiled, name):
    import cupy
    from cupy.cuda.compiler import CompileException

    from tests.doubles.test_names import real_ufunc

    ufunc = real_ufunc(cupy, name)
    loops = routines(ufunc)
    declarations, source = set(), ufunc._preamble or ""
    for k, (types, routine) in enumerate(loops):
        if types not in BROKEN.get(name, ()):
            source += loop_source(ufunc, k, types, routine, declarations)
    assert compiled(declarations, source)
    for types, routine in loops:
        if types in BROKEN.get(name, ()):
            declarations = set()
            with pytest.raises(CompileException):
                compiled(declarations, (ufunc._preamble or "") + loop_source(ufunc, 0, types, routine, declarations))
