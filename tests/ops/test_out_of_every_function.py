"""out= of every function that has it: values, shapes, and which dtypes are taken, as in PyTorch."""

import inspect
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError
from tests.ops.out_calls import CALLS, DRAWS, MAKERS

KINDS = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128", "int32", "int64", "uint8", "bool")
# where PyTorch takes another dtype, or puts other values into it, and we do not on purpose
OTHERWISE = {
    "all(f)": "PyTorch casts to uint8 before it asks what is 0",
    "any(f)": "PyTorch casts to uint8 before it asks what is 0",
    "abs(c)": "PyTorch takes complex64 for the moduli of complex64, and not complex128",
    "sum(c,1)": "PyTorch drops imaginary parts",
    "mean(c,1)": "PyTorch drops imaginary parts",
    "lu(m)": "PyTorch puts floats into integers",
    "linalg.lstsq(m,n)": "PyTorch is stricter with two of the four results",
    "split_copy(f,1)": "PyTorch resizes none of them",
}
# where PyTorch resizes in silence
SILENT = (
    "nn.functional.logsigmoid(f)",
    "addbmm(f,f[None],n[None])",
    "narrow_copy(f,1,0,2)",
    "split_copy(f,1)",
    "lu(m)",
)
# they have no out= in PyTorch
OURS_ALONE = (
    "nn.functional.tanh(f)",
    "nn.functional.sigmoid(f)",
    "special.softmax(f,1)",
    "special.log_softmax(f,1)",
)
NAMESPACES = ("", "linalg", "fft", "special", "nn.functional")


def operands(lib):
    f = np.array([[0.3, 0.7, 0.2], [0.6, 0.1, 0.9]], np.float32)
    g = np.array([[0.5, 0.4, 0.8], [0.2, 0.6, 0.3]], np.float32)
    n = np.array([[2, 1, 0], [1, 3, 1], [0, 1, 4]], np.float32)
    made = {
        "f": f, "g": g, "h": f[::-1] + g, "p": f + 1.5, "u": f, "i": np.array([[6, 4, 9], [2, 7, 3]]),
        "j": np.array([[4, 3, 6], [1, 2, 5]]), "b": f > 0.5, "c": f + 1j * g, "v": f[0], "w": g[0],
        "m": n, "n": n + f[1], "t": np.tril(n), "k": np.array([[0, 2, 1], [2, 1, 0]]),
    }  # fmt: skip
    return {name: lib.tensor(a.tolist(), dtype=getattr(lib, str(a.dtype))) for name, a in made.items()} | {"L": lib}


def ask(lib, call, out=None):
    """A call of a library, with out= behind its arguments."""
    found = operands(lib)
    if out is not None:
        call = f"{call[:-1]}{'' if call.endswith('()') else ','}out=out)"
    return eval(f"L.{call}", found | {"out": out})


def parts(result):
    return list(result) if isinstance(result, (tuple, list)) else [result]


def kind_of(t):
    return str(t.dtype).split(".")[1]


def places(lib, results, shape, kind=None, at=0):
    kinds = [kind if kind and k == at else kind_of(r) for k, r in enumerate(results)]
    shapes = [tuple(r.shape) if shape is None else shape for r in results]
    return [lib.zeros(s, dtype=getattr(lib, d)) for s, d in zip(shapes, kinds, strict=True)]


def packed(outs, result):
    return tuple(outs) if isinstance(result, (tuple, list)) else outs[0]


def array(t):
    return (t.float() if kind_of(t) == "bfloat16" else t).numpy()


@pytest.mark.parametrize("call", [*CALLS, *MAKERS])
def test_the_result_is_in_out_which_takes_its_shape(call):
    plain = ask(gt, call)
    results = parts(plain)
    for shape in (None, (0,), (7, 7)):
        outs = places(gt, results, shape)
        memory = [o.data_ptr() for o in outs]
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            got = parts(ask(gt, call, packed(outs, plain)))
        assert len(got) == len(outs)
        assert all(a is b for a, b in zip(got, outs, strict=True))
        for out, expected, at in zip(outs, results, memory, strict=True):
            assert out.shape == expected.shape
            if not call.startswith("empty"):
                np.testing.assert_array_equal(array(out), array(expected))
            assert shape is not None or out.data_ptr() == at
        assert bool([w for w in seen if "out gets new memory" in str(w.message)]) == (shape == (7, 7))


@pytest.mark.parametrize("call", ["abs(f)", "neg(i)", "argmax(f,1)", "mm(f,n)", "norm(f)", "where(b,f,g)", "all(f)"])
def test_an_out_of_another_dtype_is_refused_and_not_touched(call):
    result = ask(gt, call)
    other = gt.full((5,), 7, dtype=gt.float64)
    with pytest.raises(DtypeError, match="cannot be written into out of float64"):
        ask(gt, call, other)
    assert other.tolist() == [7.0] * 5
    assert result.dtype != gt.float64


def test_sums_are_made_in_the_dtype_of_out():
    big = gt.full((70_000,), 1.0)
    assert gt.sum(big, 0, out=gt.empty(0, dtype=gt.float64)).dtype == gt.float64
    assert gt.sum(gt.tensor([1.7, 1.7]), 0, out=gt.empty(0, dtype=gt.int64)).item() == 2
    assert gt.sum(gt.tensor([200, 100]), 0, out=gt.empty(0, dtype=gt.uint8)).item() == 44
    assert gt.prod(gt.tensor([1.5, 3.0]), 0, out=gt.empty(0, dtype=gt.int32)).item() == 3
    assert gt.cumsum(gt.tensor([1.7, 1.7]), 0, out=gt.empty(0, dtype=gt.int64)).tolist() == [1, 2]
    assert gt.mean(gt.tensor([1.0, 2.0]), 0, out=gt.empty(0, dtype=gt.float64)).item() == 1.5
    assert gt.sum(gt.tensor([2, 0]), 0, out=gt.empty(0, dtype=gt.bool)).item() is True
    with pytest.raises(DtypeError, match="mean"):
        gt.mean(gt.ones(2), 0, out=gt.empty(0, dtype=gt.int64))
    with pytest.raises(DtypeError, match=r"dtype .* was asked for, and out is float64"):
        gt.sum(gt.ones(2), 0, dtype=gt.float32, out=gt.empty(0, dtype=gt.float64))
    with pytest.raises(DtypeError, match="no dtype bool"):
        gt.cumsum(gt.ones(2), 0, out=gt.empty(0, dtype=gt.bool))


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")  # PyTorch's deprecations
@pytest.mark.parametrize("call", [call for call in CALLS if call not in OURS_ALONE and call not in OTHERWISE])
def test_out_takes_the_dtypes_and_gets_the_values_that_it_does_in_pytorch(call):
    torch = pytest.importorskip("torch")
    plain = ask(torch, call)
    results = parts(plain)
    wrong = []
    for at in range(len(results)):
        for kind in KINDS:
            outs = {lib: places(lib, results, (0,), kind, at) for lib in (torch, gt)}
            done = {}
            for lib in (torch, gt):
                try:
                    ask(lib, call, packed(outs[lib], plain))
                    done[lib] = True
                except (RuntimeError, TypeError, ValueError):
                    done[lib] = False
            if done[torch] != done[gt]:
                wrong.append((at, kind, f"PyTorch {'takes' if done[torch] else 'refuses'} it"))
            elif done[gt]:
                for a, b in zip(outs[gt], outs[torch], strict=True):
                    assert tuple(a.shape) == tuple(b.shape)
                    slack = 2e-2 if kind == "bfloat16" else 2e-3 if kind == "float16" else 2e-5
                    if not np.allclose(array(a), array(b.resolve_conj()), rtol=slack, atol=slack, equal_nan=True):
                        wrong.append((at, kind, array(a), array(b)))
    assert wrong == []


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("call", [call for call in CALLS if call not in OURS_ALONE and call not in SILENT])
def test_out_of_another_shape_warns_where_pytorch_does(call):
    torch = pytest.importorskip("torch")
    plain = ask(torch, call)
    for shape in (None, (0,), (7, 7)):
        said = {}
        for lib in (torch, gt):
            outs = places(lib, parts(plain), shape)
            with warnings.catch_warnings(record=True) as seen:
                warnings.simplefilter("always")
                ask(lib, call, packed(outs, plain))
            said[lib] = bool([w for w in seen if "resize" in str(w.message)])
        assert said[gt] == said[torch]


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
def test_every_function_that_takes_out_in_pytorch_takes_it_here_and_is_in_the_table():
    torch = pytest.importorskip("torch")
    asked = {call.split("(")[0] for call in [*CALLS, *MAKERS, *DRAWS]}
    lacking, unasked = [], []
    for space in NAMESPACES:
        ours, theirs = gt, torch
        for part in space.split(".") if space else ():
            ours, theirs = getattr(ours, part), getattr(theirs, part)
        for name in dir(theirs):
            function = getattr(ours, name, None)
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            path = f"{space}.{name}".strip(".")
            if "out" in inspect.signature(function).parameters:
                if path not in asked:
                    unasked.append(path)
            elif _takes_out(torch, getattr(theirs, name)):
                lacking.append(path)
    assert lacking == []
    assert unasked == []


def _takes_out(torch, function):
    """Whether PyTorch's parser of arguments says what out= has to be."""
    x, i, l = torch.ones(2, 2), torch.zeros(2, 2, dtype=torch.long), [2]  # noqa: E741
    for arguments in (
        (x,),
        (x, x),
        (x, 1),
        (x, 0, i),
        (x, l),
        (x, x, x),
        (x, 1, 1),
        (x, x, i),
        (l,),
        (1,),
        (i,),
        ([x],),
    ):
        try:
            function(*arguments, out="nothing")
        except Exception as error:
            if "argument 'out'" in str(error) and "must be" in str(error):
                return True
    return False
