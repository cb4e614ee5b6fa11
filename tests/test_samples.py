"""Every row of the table of samples is asked the same questions, one test a row and question."""

import warnings
from contextlib import contextmanager, nullcontext

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_
from gputensor.autograd import grad, gradcheck, gradgradcheck
from gputensor.core import apply
from gputensor.core.apply import observe, unobserve, wrap
from gputensor.core.history import new_nodes
from gputensor.core.nodes import GraphNode, Spec
from gputensor.core.primitive import Primitive
from gputensor.core.tensor_base import TensorBase
from gputensor.errors import ShapeError
from gputensor.ops.indexing import Index, IndexAccumulate, IndexPut, IndexSum
from tests.drawing import COMPLEX, LAYOUTS, all_samples, differentiable, draw, laid_out, numpy_type, other_shapes

SAMPLES = all_samples()
DIFFERENTIABLE = [s for s in SAMPLES if differentiable(s) and {"float64", "float32"} & set(s.dtypes)]
# how many roundings a result in a 16-bit dtype may be off; float32 and float64 go by the row's rtol
ROUNDINGS = 8
# PyTorch computes some functions of float64 with constants or series of less precision (celu, polygamma)
TORCHS_FLOAT64 = 1e-7
SMALL = 40  # elements of inputs up to which a whole Jacobian is checked; above, random directions


def rows(samples):
    return pytest.mark.parametrize("sample", samples, ids=lambda s: s.name)


def tensors(arrays, grad_at=()):
    made = [gt.from_numpy(a) for a in arrays]
    for k in grad_at:
        made[k].requires_grad_()
    return made


def results(out):
    """The tensors among the results of a call, in order."""
    if isinstance(out, (tuple, list)):
        return [t for o in out for t in results(o)]
    return [out] if isinstance(out, TensorBase) else []


def values(out):
    """All results of a call as NumPy arrays, Python numbers too."""
    if isinstance(out, (tuple, list)):
        return [a for o in out for a in values(o)]
    return [host(out)] if isinstance(out, TensorBase) else [np.asarray(out)]


def host(t):
    return np.asarray(t.detach().cpu().numpy())


def expected_of(sample, arrays):
    """What the reference gives, as a list."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        out = sample.reference(*arrays)
    return list(out) if isinstance(out, (tuple, list)) else [out]


def widened(a):
    """An array in 64 bits, the values unchanged."""
    kind = a.dtype.kind
    return a.astype(np.complex128 if kind == "c" else np.float64 if kind in "fV" else a.dtype)


def tolerance(sample, dtype):
    eps = {"float16": 2.0**-10, "bfloat16": 2.0**-7}.get(dtype)
    if eps is not None:
        return max(ROUNDINGS * eps, sample.rtol)
    return sample.rtol * (2.0**-29 if dtype in ("float64", "complex128") else 1)


def assert_close(ours, reference, rtol):
    reference = np.asarray(reference)
    assert ours.shape == reference.shape
    if ours.dtype.kind in "biu":
        np.testing.assert_array_equal(ours, reference.astype(ours.dtype))
    else:
        np.testing.assert_allclose(widened(ours), widened(reference), rtol=rtol, atol=rtol)


def loss_of(out):
    """A number that depends on every differentiable element of the results, in its own way."""
    total = None
    for t in results(out):
        if t.requires_grad:
            weights = np.cos(np.arange(t.numel(), dtype=np.float64) + 1).reshape(t.shape)
            if t.is_complex():
                t = gt.view_as_real(t)
                weights = np.stack([weights, weights + 0.5], -1)
            part = (t * gt.from_numpy(weights.astype(t.array.dtype)).to(t.device)).sum()
            total = part if total is None else total + part
    return total


def gradients_of(out, wanted):
    loss = loss_of(out)
    return grad(loss, wanted, allow_unused=True, materialize_grads=True) if loss is not None else [t * 0 for t in wanted]


# --- values and forms -------------------------------------------------------------------------------------------------


def test_names_are_unique_and_looser_tolerances_have_reasons():
    names = [s.name for s in SAMPLES]
    assert len(names) == len(set(names))
    assert [s.name for s in SAMPLES if not s.reason and (s.rtol > 1e-5 or not s.torch)] == []


@rows([s for s in SAMPLES if s.reference is not None])
def test_the_value_is_that_of_the_reference_in_64_bits(sample):
    for dtype in sample.dtypes:
        arrays = draw(sample, dtype)
        expected = expected_of(sample, [widened(a) for a in arrays])
        for ours, theirs in zip(values(sample.call(gt, *tensors(arrays))), expected, strict=True):
            assert_close(ours, theirs, tolerance(sample, dtype))


@rows([s for s in SAMPLES if s.reference is None and "float64" in s.dtypes])
def test_the_value_in_other_dtypes_is_that_in_float64(sample):
    for dtype in sample.dtypes:
        if dtype in ("float64", "bool") or numpy_type(dtype).kind in "iu":
            continue
        arrays = draw(sample, dtype)
        wide = results(sample.call(gt, *tensors([widened(a) for a in arrays])))
        for ours, theirs in zip(results(sample.call(gt, *tensors(arrays))), wide, strict=True):
            assert_close(host(ours), host(theirs), tolerance(sample, dtype))


@rows(SAMPLES)
def test_function_method_and_in_place_form_agree_and_leave_their_inputs_alone(sample):
    dtype = sample.dtypes[0]
    arrays = draw(sample, dtype)
    before = [a.copy() for a in arrays]
    with_grad = differentiable(sample) if dtype == "float64" or dtype == "float32" else []
    given = tensors(arrays, with_grad)
    out = sample.call(gt, *given)
    expected = values(out)
    wanted = [given[k] for k in with_grad]
    expected_gradients = [host(g) for g in gradients_of(out, wanted)] if wanted else []
    for a, b in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)
    if sample.method is not None:
        for ours, theirs in zip(values(sample.method(*given)), expected, strict=True):
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)
    if sample.inplace is not None:
        target = given[0] * 1 if with_grad else given[0].clone()
        got = sample.inplace(target, *given[1:])
        assert got is target
        np.testing.assert_array_equal(host(got), expected[0].astype(host(got).dtype))
        if wanted:
            for g, theirs in zip(gradients_of(got, wanted), expected_gradients, strict=True):
                np.testing.assert_allclose(host(g), theirs, rtol=1e-5, atol=1e-6)
    for a, b in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(a, b)


@rows(SAMPLES)
def test_the_layout_of_the_inputs_does_not_matter(sample):
    dtype = "float64" if "float64" in sample.dtypes else sample.dtypes[0]
    with_grad = differentiable(sample) if dtype == "float64" else []
    plain = draw(sample, dtype)
    for layout in LAYOUTS:
        arrays = [laid_out(a, layout) for a in plain]
        given, copies = tensors(arrays), tensors([a.copy() for a in arrays])
        for k in with_grad:
            given[k].requires_grad_()
            copies[k].requires_grad_()
        theirs = sample.call(gt, *copies)
        try:
            ours = sample.call(gt, *given)
        except ShapeError as error:
            # some views cannot be had in every layout, in PyTorch neither
            assert "contiguous" in str(error)
            continue
        for a, b in zip(values(ours), values(theirs), strict=True):
            assert_close(a, b, 1e-12)
        if with_grad:
            wanted = [given[k] for k in with_grad], [copies[k] for k in with_grad]
            for a, b in zip(gradients_of(ours, wanted[0]), gradients_of(theirs, wanted[1]), strict=True):
                assert_close(host(a), host(b), 1e-12)


def _allowed(sample, dtype, shapes):
    """Whether a row makes sense with inputs of other shapes: its reference takes them, where there is one."""
    arrays = draw(sample, dtype, shapes)
    if sample.reference is None:
        return arrays, None
    try:
        return arrays, expected_of(sample, arrays)
    except (ValueError, IndexError, TypeError):
        return None, None


# a variance of nothing, or of one element, is nan with a warning, in PyTorch too
NO_FREEDOM = pytest.mark.filterwarnings("ignore:.*degrees of freedom")


@NO_FREEDOM
@rows(SAMPLES)
def test_empty_and_zero_dimensional_inputs_where_the_row_allows_them(sample):
    dtype = "float64" if "float64" in sample.dtypes else sample.dtypes[0]
    with_grad = differentiable(sample) if dtype == "float64" else []
    for _, shapes in other_shapes(sample):
        arrays, expected = _allowed(sample, dtype, shapes)
        if arrays is None:
            continue
        given = tensors(arrays, with_grad)
        try:
            out = sample.call(gt, *given)
        except (ValueError, IndexError, TypeError):
            # what is refused where PyTorch accepts it is seen by the comparison with PyTorch
            continue
        if expected is not None:
            for a, b in zip(values(out), expected, strict=True):
                assert_close(a, b, 1e-9)
        for g, k in zip(gradients_of(out, [given[k] for k in with_grad]), with_grad, strict=True):
            assert host(g).shape == arrays[k].shape


# --- gradients --------------------------------------------------------------------------------------------------------


def _precise(sample):
    """The dtypes in which a row's gradients are checked against differences."""
    yield "float64"
    if "complex64" in sample.dtypes or "complex128" in sample.dtypes:
        yield "complex128"


def _checked(sample, dtype, layout=None):
    """The row as a function of its differentiable inputs, which are leaves; the layout is made inside."""
    arrays = draw(sample, dtype)
    places = differentiable(sample)
    leaves = tensors([arrays[k] for k in places], range(len(places)))

    def function(*given):
        full = tensors(arrays)
        for k, t in zip(places, given, strict=True):
            full[k] = _view(t, layout)
        return tuple(t for t in results(sample.call(gt, *full)) if t.requires_grad)

    return function, leaves


def _view(t, layout):
    """A tensor of the same shape whose memory is laid out otherwise, recorded; "broadcast" repeats its first row."""
    if layout == "transposed":
        axes = tuple(range(t.ndim))[::-1]
        return t.permute(axes).clone(memory_format=gt.contiguous_format).permute(axes) if t.ndim else t
    if layout == "negative strides":
        back = (slice(None, None, -1),) * t.ndim
        return t[back].clone(memory_format=gt.contiguous_format)[back] if t.ndim else t
    if layout == "broadcast":
        return t[:1].expand(t.shape) if t.ndim and t.numel() else t
    return t


@rows(DIFFERENTIABLE)
def test_the_gradient_agrees_with_differences_in_every_layout(sample):
    for dtype in _precise(sample):
        for layout in (None, *LAYOUTS):
            function, leaves = _checked(sample, dtype, layout)
            if not function(*leaves):
                continue
            small = layout is None and sum(t.numel() for t in leaves) <= SMALL
            assert gradcheck(function, leaves, fast_mode=not small, atol=1e-6, rtol=1e-4)


@rows([s for s in DIFFERENTIABLE if s.second])
def test_the_gradient_of_the_gradient_agrees_with_differences(sample):
    for dtype in _precise(sample):
        for layout in (None, "negative strides", "broadcast"):
            function, leaves = _checked(sample, dtype, layout)
            outputs = function(*leaves)
            if not outputs:
                continue
            # the lines that make gradients of gradients must first make the same gradients
            plain = grad(loss_of(outputs), leaves, allow_unused=True, materialize_grads=True)
            recorded = grad(loss_of(function(*leaves)), leaves, create_graph=True, allow_unused=True, materialize_grads=True)
            for a, b in zip(plain, recorded, strict=True):
                np.testing.assert_allclose(host(a), host(b), rtol=1e-12, atol=1e-12)
            if any(g.requires_grad for g in recorded):
                assert gradgradcheck(function, leaves, fast_mode=True, atol=1e-5, rtol=1e-3)


# --- what is saved ----------------------------------------------------------------------------------------------------


@contextmanager
def watched():
    """What primitives did inside the block: all arrays that they read and made, and the nodes that they recorded."""
    arrays, nodes = [], []

    def note(prim, given, result):
        arrays.extend([t.array for t in (*given, *results(result))])
        nodes.extend([n for n in new_nodes(result) if n not in nodes])

    observe(note)
    try:
        yield arrays, nodes
    finally:
        unobserve(note)


def _saved(n):
    """(place, array) of what a node saved; place -1 - k is output k."""
    for k, a in enumerate(n.args or ()):
        if a is not None and not isinstance(a, (GraphNode, Spec)) and isinstance(a, np.ndarray):
            yield k, a
    if n.prim.save_out:
        for k, a in enumerate(n.out if isinstance(n.out, tuple) else (n.out,)):
            yield -1 - k, a


@rows(DIFFERENTIABLE)
def test_backward_reads_nothing_that_was_not_saved(sample):
    dtype = "float64" if "float64" in sample.dtypes else "float32"

    def run(poison):
        given = tensors(draw(sample, dtype), differentiable(sample))
        with watched() as (arrays, nodes):
            loss = loss_of(sample.call(gt, *given))
        if loss is None or any(n.prim.custom for n in nodes):
            return []
        if poison:
            kept = [a for n in nodes for _, a in _saved(n)]
            for a in arrays:
                if a.dtype.kind in "fc" and a.flags.writeable and not any(np.may_share_memory(a, k) for k in kept):
                    a[...] = np.nan
        wanted = [given[k] for k in differentiable(sample)]
        return [host(g) for g in grad(loss, wanted, allow_unused=True, materialize_grads=True)]

    for a, b in zip(run(False), run(True), strict=True):
        np.testing.assert_array_equal(a, b)


def _disturbed(a):
    if a.dtype.kind in "fc":
        return np.full_like(a, np.nan)
    return ~a if a.dtype.kind == "b" else a + 1


def _vjps(n, xp, g, out, args):
    prim = n.prim
    if not prim.arity:
        return prim.vjp_all(xp, g, out, args)
    return [None if e is None else vjp(prim, xp, g, out, *args) for e, vjp in zip(n.edges, prim.vjps, strict=True)]


def _random_gradient(rng, shape, dtype):
    g = rng.standard_normal(shape)
    return np.asarray(g + 1j * rng.standard_normal(shape) if dtype.kind == "c" else g, dtype)


def _gradient_for(rng, n):
    if n.prim.nout == 1:
        return _random_gradient(rng, n.shape, n.dtype)
    return [_random_gradient(rng, s, d) if d.kind in "fc" else None for s, d in zip(n.shape, n.dtype, strict=True)]


def test_what_is_saved_is_read():
    rng = np.random.default_rng(0)
    unread: dict[tuple[str, str], bool] = {}
    for sample in DIFFERENTIABLE:
        given = tensors(draw(sample, "float64" if "float64" in sample.dtypes else "float32"), differentiable(sample))
        with watched() as (_, nodes):
            sample.call(gt, *given)
        for n in nodes:
            # where an operand needs no gradient, what its partner's gradient reads may be kept in vain
            if n.prim.custom or n.kern is not None or None in n.edges:
                continue
            g = _gradient_for(rng, n)
            out = n.out if n.prim.save_out else n
            with np.errstate(all="ignore"):
                plain = _vjps(n, numpy_, g, out, n.args)
                for k, a in _saved(n):
                    args, other = list(n.args), out
                    if k >= 0:
                        args[k] = _disturbed(a)
                    elif isinstance(out, tuple):
                        other = tuple(_disturbed(o) if -1 - k == j else o for j, o in enumerate(out))
                    else:
                        other = _disturbed(a)
                    changed = _vjps(n, numpy_, g, other, args)
                    same = all(p is q or np.array_equal(p, q) for p, q in zip(plain, changed, strict=True))
                    names = type(n.prim).forward.__code__.co_varnames[2:]
                    place = "out" if k < 0 else names[k] if k < len(names) else "xs"
                    key = (type(n.prim).__name__, place)
                    unread[key] = unread.get(key, True) and same
    assert unread
    assert sorted(key for key, vain in unread.items() if vain) == []


# --- the same lines under other array libraries -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict():
    """The vocabulary over array-api-strict."""
    from tests.doubles.strict import strict as namespace

    return namespace


def _shapes_known(prim, operands):
    """Data-dependent shapes refused, but where a mask is an index, and in the one file that is about them."""
    from tests.doubles.strict import without_data_dependent_shapes

    if type(prim).__module__ == "gputensor.ops.dynamic":
        return nullcontext()
    if isinstance(prim, (Index, IndexSum, IndexPut, IndexAccumulate)) and operands[-1].dtype == bool:
        return nullcontext()

    parameters = [getattr(prim, slot) for cls in type(prim).__mro__ for slot in getattr(cls, "__slots__", ()) if hasattr(prim, slot)]
    flat = [v for p in parameters for v in (p if isinstance(p, tuple) else (p,))]
    masked = any(isinstance(v, np.ndarray) and v.dtype == bool for v in flat)
    return nullcontext() if masked else without_data_dependent_shapes()


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


def _strictly(dtype):
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
        if not all(_strictly(a.dtype) for a in (*operands, *got)):
            continue
        twin, xs = _replica(prim, strict), [strict.from_host(a) for a in operands]
        with _shapes_known(prim, operands):
            ours = twin.forward(strict, *xs)
        ours_list = list(ours) if isinstance(ours, (tuple, list)) else [ours]
        with np.errstate(all="ignore"):
            plain = prim.forward(numpy_, *operands)
        plain_list = list(plain) if isinstance(plain, (tuple, list)) else [plain]
        for a, b, c in zip(ours_list, got, plain_list, strict=True):
            # also: a kernel that was used gives what the primitive's own lines give
            assert_close(np.asarray(c), b, 1e-12)
            assert_close(strict.to_host(a), b, 1e-12)
        if not all(a.dtype.kind in "fc" for a in got[:1]) or not any(prim.vjps) and prim.arity:
            continue
        _compare_vjps(prim, twin, operands, xs, plain, ours, rng, strict)


def _compare_vjps(prim, twin, operands, xs, plain, ours, rng, strict):
    if prim.nout == 1:
        g = _random_gradient(rng, np.shape(plain), np.asarray(plain).dtype)
        h = strict.from_host(g)
    else:
        g = [_random_gradient(rng, o.shape, o.dtype) if o.dtype.kind in "fc" else None for o in plain]
        h = [None if a is None else strict.from_host(a) for a in g]
    wanted = prim.save_in if len(prim.save_in) == len(operands) else prim.save_in[:1] * len(operands)
    args = [a if keep or prim.cross else Spec(a) for a, keep in zip(operands, wanted, strict=True)]
    twins = [a if keep or prim.cross else Spec(b) for a, b, keep in zip(xs, operands, wanted, strict=True)]
    out, other = (plain, ours) if prim.save_out else (Spec(np.asarray(plain)), Spec(np.asarray(plain))) if prim.nout == 1 else (None, None)
    with np.errstate(all="ignore"), _shapes_known(prim, operands):
        for k in range(len(prim.vjps) if prim.arity else 1):
            if not operands[k].dtype.kind in "fc":
                continue
            if prim.arity:
                vjp = prim.vjps[k]
                if vjp is None:
                    continue
                a, b = [vjp(prim, numpy_, g, out, *args)], [vjp(twin, strict, h, other, *twins)]
            else:
                a, b = prim.vjp_all(numpy_, g, out, args), twin.vjp_all(strict, h, other, twins)
            for p, q in zip(a, b, strict=True):
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
    ours = sample.call(gt, *[t.cuda() for t in there])
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


# --- PyTorch ----------------------------------------------------------------------------------------------------------


def _to_torch(torch, a):
    if a.dtype == numpy_type("bfloat16"):
        return torch.from_numpy(a.astype(np.float32)).to(torch.bfloat16)
    return torch.from_numpy(np.ascontiguousarray(a).copy()) if a.ndim else torch.tensor(a[()])


def _from_torch(torch, t):
    if not isinstance(t, torch.Tensor):
        return np.asarray(t)
    return (t.to(torch.float32) if t.dtype == torch.bfloat16 else t).numpy(force=True)


def _torch_results(out):
    if isinstance(out, (tuple, list)):
        return [t for o in out for t in _torch_results(o)]
    return [out]


def _flat(out):
    return [t for o in out for t in _flat(o)] if isinstance(out, (tuple, list)) else [out]


def _same_as_torch(torch, ours, theirs, rtol):
    for a, b in zip(_flat(ours), _torch_results(theirs), strict=True):
        if isinstance(a, TensorBase):
            assert a.dtype.name == str(b.dtype).removeprefix("torch.")
        else:
            assert type(a) is type(b)
        assert_close(values(a)[0], _from_torch(torch, b), rtol)


@pytest.mark.torch
@rows([s for s in SAMPLES if s.torch])
def test_values_and_dtypes_are_those_of_pytorch(sample):
    torch = pytest.importorskip("torch")
    for dtype in sample.dtypes:
        arrays = draw(sample, dtype)
        try:
            theirs = sample.call(torch, *[_to_torch(torch, a) for a in arrays])
        except RuntimeError as error:
            if "not implemented for" in str(error):
                continue
            raise
        _same_as_torch(torch, sample.call(gt, *tensors(arrays)), theirs, max(tolerance(sample, dtype), TORCHS_FLOAT64))


@pytest.mark.torch
@rows([s for s in DIFFERENTIABLE if s.torch])
def test_gradients_are_those_of_pytorch(sample):
    torch = pytest.importorskip("torch")
    for dtype in _precise(sample):
        arrays, places = draw(sample, dtype), differentiable(sample)
        given = tensors(arrays, places)
        out = sample.call(gt, *given)
        theirs_in = [_to_torch(torch, a) for a in arrays]
        for k in places:
            theirs_in[k].requires_grad_()
        try:
            theirs_out = sample.call(torch, *theirs_in)
        except RuntimeError as error:
            if "does not support automatic differentiation" in str(error):
                continue
            raise
        pairs = [(a, b) for a, b in zip(_flat(out), _torch_results(theirs_out), strict=True) if isinstance(a, TensorBase)]
        assert [a.requires_grad for a, _ in pairs] == [b.requires_grad for _, b in pairs]
        total = None
        for a, b in pairs:
            if b.requires_grad:
                weights = np.cos(np.arange(a.numel(), dtype=np.float64) + 1).reshape(a.shape)
                if b.is_complex():
                    b, weights = torch.view_as_real(b.resolve_conj()), np.stack([weights, weights + 0.5], -1)
                part = (b * torch.from_numpy(weights)).sum()
                total = part if total is None else total + part
        if total is None:
            continue
        theirs = torch.autograd.grad(total, [theirs_in[k] for k in places], allow_unused=True, materialize_grads=True)
        for a, b in zip(gradients_of(out, [given[k] for k in places]), theirs, strict=True):
            assert_close(host(a), _from_torch(torch, b), TORCHS_FLOAT64)


@NO_FREEDOM
@pytest.mark.torch
@rows([s for s in SAMPLES if s.torch])
def test_empty_and_zero_dimensional_inputs_are_taken_where_pytorch_takes_them(sample):
    torch = pytest.importorskip("torch")
    dtype = "float64" if "float64" in sample.dtypes else sample.dtypes[0]
    for _, shapes in other_shapes(sample):
        arrays = draw(sample, dtype, shapes)
        try:
            theirs = sample.call(torch, *[_to_torch(torch, a) for a in arrays])
        except (RuntimeError, IndexError, TypeError, ValueError):
            continue
        _same_as_torch(torch, sample.call(gt, *tensors(arrays)), theirs, TORCHS_FLOAT64)
