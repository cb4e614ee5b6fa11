"""Every CUDA source compiles for old and new cards, with CuPy's headers and options; no GPU is needed.

CuPy's own entry points ask the driver first, so its inner program class is used, as CuPy 14 has it.
"""

import re
from pathlib import Path

import pytest

import gputensor.arrays

SOURCES = sorted(Path(gputensor.arrays.__file__).with_name("cupy_").rglob("*.cu"))
ARCHITECTURES = ["75", "90"]


def kernels_of(source):
    """The kernels a source declares: plain ones by name, templates by the instances a comment lists.

    A template is followed to the test by lines ``// instances: name<float>, name<double>``.
    """
    plain = re.findall(r'extern "C" __global__ void (?:__launch_bounds__\(.*?\) )?(\w+)\(', source)
    listed = re.findall(r"// instances: (.*)", source)
    return plain + [name.strip() for line in listed for name in re.split(r",(?![^<]*>)", line)]


@pytest.fixture(scope="module")
def compile_cuda():
    """A function (source, kernels, architecture) -> (cubin, lowered names)."""
    pytest.importorskip("cupy", reason="needs CuPy to compile CUDA sources")
    from cupy._core import core
    from cupy.cuda import compiler

    if not hasattr(compiler, "_NVRTCProgram") or not hasattr(core, "assemble_cupy_compiler_options"):
        pytest.skip("this CuPy compiles in another way than version 14")
    try:
        from cupy_backends.cuda.libs import nvrtc

        nvrtc.getVersion()
    except (ImportError, RuntimeError) as error:
        pytest.skip(f"needs NVRTC to compile CUDA sources: {error}")

    def compile_source(source, kernels, architecture):
        options = core.assemble_cupy_compiler_options(("-std=c++17", "-fmad=false"))
        options += (f"-arch=sm_{architecture}", "-ftz=true", "--device-as-default-execution-space")
        program = compiler._NVRTCProgram(source, "kernels.cu", name_expressions=kernels, method="cubin")
        return program.compile(options)

    return compile_source


def test_there_are_sources():
    assert SOURCES


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_source_compiles(compile_cuda, path, architecture):
    source = path.read_text(encoding="utf-8")
    kernels = kernels_of(source)
    assert kernels, "no kernel found in the source"
    assert source.count("__global__") == len(re.findall(r'extern "C" __global__', source)) + source.count("instances:")
    cubin, lowered = compile_cuda(source, kernels, architecture)
    assert all(lowered[name].encode() in cubin for name in kernels)


def test_a_broken_source_does_not_compile(compile_cuda):
    from cupy.cuda.compiler import CompileException

    with pytest.raises(CompileException, match="nonsense"):
        compile_cuda('extern "C" __global__ void f(float* x) { *x = nonsense; }', ["f"], "75")
