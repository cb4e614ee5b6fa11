"""The rows of the table of samples on array-api-strict, on a double of CuPy, and on a GPU."""

import functools

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_
from gputensor.core.apply import observe, unobserve
from gputensor.core.nodes import Spec
from gputensor.errors import GradError
from tests.asking import SAMPLES, assert_close, gradients_of, host, random_gradient, results, rows, tensors, values
from tests.drawing import differentiable, draw


@pytest.fixture(scope="module")
def strict():
    """The vocabulary over array-api-strict."""
    from tests.doubles.strict import strict as namespace

    return namespace


# Whose words have shapes that depend on values, beside gputensor.ops.dynamic and indexing by masks: class, why.
DYNAMIC = {"Histogram": "its bins are fixed, but counting them is a word of any number"}


def _strictly(prim, operands, action):
    """Run it with data-dependent shapes refused; again without, where they are in the nature of the primitive."""
    from tests.doubles.strict import without_data_dependent_shapes

    try:
        with np.errstate(all="ignore"), without_data_dependent_shapes():
            return action()
    except RuntimeError as error:
        masked = type(prim).__name__.startswith("Index") and any(a.dtype == bool for a in operands)
        dynamic = type(prim).__module__ == "gputensor.ops.dynamic" or type(prim).__name__ in DYNAMIC
        if "data-dependent" not in str(error) or not (masked or dynamic):
            raise
    with np.errstate(all="ignore"):
        return action()


def _moved(value, xp):
    """A primitive's parameters with their arrays in the library of xp."""
    if isinstance(value, np.ndarray):
        return xp.from_host(value)
    if isinstance(value, (tuple, list)):
        return type(value)(_moved(v, xp) for v in value)
    return value


def _replica(prim, xp):
    other = object.__new__(type(prim))
    for cls in type(prim).__mro__:
        for slot in getattr(cls, "__slots__", ()):
            if hasattr(prim, slot):
                setattr(other, slot, _moved(getattr(prim, slot), xp))
    if hasattr(prim, "__dict__"):
        other.__dict__.update({k: _moved(v, xp) for k, v in vars(prim).items()})
    return other


def _in_the_standard(dtype):
    return dtype.kind in "biufc" and dtype != np.float16


@rows(SAMPLES)
def test_the_same_lines_give_the_same_under_the_array_standard_alone(sample, strict):
    dtype = "float64" if "float64" in sample.dtypes else sample.dtypes[0]
    given = tensors(draw(sample, dtype), differentiable(sample) if dtype == "float64" else [])
    rng = np.random.default_rng(0)
    seen = []

    def note(prim, operands, result):
        # a write has changed its operand by now; two devices are no business of the standard
        if any(result is t for t in operands) or prim.custom or type(prim).__name__ in ("ToDevice", "ViewWrite"):
            return
        seen.append((prim, [np.array(t.array) for t in operands], [np.array(t.array) for t in results(result)]))

    observe(note)
    try:
        sample.call(gt, *given)
    finally:
        unobserve(note)
    for prim, operands, got in seen:
        if not all(_in_the_standard(a.dtype) for a in (*operands, *got)):
            continue
        twin, xs = _replica(prim, strict), [strict.from_host(a) for a in operands]
        ours = _strictly(prim, operands, functools.partial(twin.forward, strict, *xs))
        ours_list = list(ours) if isinstance(ours, (tuple, list)) else [ours]
        with np.errstate(all="ignore"):
            plain = prim.forward(numpy_, *operands)
        plain_list = list(plain) if isinstance(plain, (tuple, list)) else [plain]
        for a, b, c in zip(ours_list, got, plain_list, strict=True):
            # also: a kernel that was used gives what the primitive's own lines give
            assert_close(np.asarray(c), b, 1e-12)
            assert_close(strict.to_host(a), b, 1e-12)
        if not all(a.dtype.kind in "fc" for a in got[:1]) or (prim.arity and not any(prim.vjps)):
            continue
        try:
            _compare_vjps(prim, twin, operands, xs, plain, ours, rng, strict)
        except GradError:
            assert not sample.differentiable  # a rule that refuses, and says so


def _compare_vjps(prim, twin, operands, xs, plain, ours, rng, strict):
    """Every rule of a primitive under NumPy and under the standard, with the same random gradient coming in."""
    if prim.nout == 1:
        g = random_gradient(rng, np.shape(plain), np.asarray(plain).dtype)
        h = strict.from_host(g)
        out = other = Spec(np.asarray(plain))
    else:
        g = [random_gradient(rng, o.shape, o.dtype) if o.dtype.kind in "fc" else None for o in plain]
        h = [None if a is None else strict.from_host(a) for a in g]
        out = other = None
    if prim.save_out:
        out, other = plain, ours
    wanted = prim.save_in if len(prim.save_in) == len(operands) else prim.save_in[:1] * len(operands)
    args = [a if keep or prim.cross else Spec(a) for a, keep in zip(operands, wanted, strict=True)]
    twins = [a if keep or prim.cross else Spec(b) for a, b, keep in zip(xs, operands, wanted, strict=True)]

    def rules(one, xp, g, out, args):
        if not one.arity:
            return one.vjp_all(xp, g, out, args)
        floats = [a.dtype.kind in "fc" for a in operands]
        return [
            v(one, xp, g, out, *args) if v is not None and f else None for v, f in zip(one.vjps, floats, strict=True)
        ]

    with np.errstate(all="ignore"):
        expected = rules(prim, numpy_, g, out, args)
    got = _strictly(prim, operands, functools.partial(rules, twin, strict, h, other, twins))
    for p, q in zip(expected, got, strict=True):
        if p is not None:
            assert_close(strict.to_host(q), np.asarray(p), 1e-12)


@pytest.fixture(scope="module")
def cupy_double():
    """A stand-in for CuPy that refuses what CuPy refuses."""
    from tests import doubles

    with doubles.installed():
        yield


def _on_cuda_as_on_the_cpu(sample):
    dtype = next((d for d in ("float32", "float64") if d in sample.dtypes), sample.dtypes[0])
    arrays, places = draw(sample, dtype), differentiable(sample)
    places = places if dtype in ("float32", "float64") else []
    there, here = tensors(arrays, places), tensors(arrays, places)
    moved = [t.cuda() for t in there]
    with gt.device("cuda"):
        ours = sample.call(gt, *moved)
    theirs = sample.call(gt, *here)
    rtol = max(sample.rtol, 1e-5) if dtype == "float32" else 1e-9
    for a, b in zip(values(ours), values(theirs), strict=True):
        assert a.dtype == b.dtype
        assert_close(a, b, rtol)
    assert {t.device.type for t in results(ours) if t.requires_grad} <= {"cuda"}
    if places:
        wanted = [there[k] for k in places], [here[k] for k in places]
        for a, b in zip(gradients_of(ours, wanted[0]), gradients_of(theirs, wanted[1]), strict=True):
            assert a.device.type == "cpu"
            assert_close(host(a), host(b), rtol)


@rows(SAMPLES)
def test_the_cupy_double_gives_what_the_cpu_gives(sample, cupy_double):
    _on_cuda_as_on_the_cpu(sample)


@pytest.mark.gpu
@rows(SAMPLES)
def test_a_gpu_gives_what_the_cpu_gives(sample):
    if not gt.cuda.is_available():
        pytest.skip("no CUDA device")
    _on_cuda_as_on_the_cpu(sample)
