"""Every row of the table of samples is asked the same questions, one test a row and question.

What other array libraries and PyTorch make of them: `test_samples_elsewhere.py`, `test_samples_in_pytorch.py`.
"""

from contextlib import contextmanager

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays import numpy_
from gputensor.autograd import grad, gradcheck, gradgradcheck
from gputensor.core.apply import observe, unobserve
from gputensor.core.history import new_nodes
from gputensor.core.nodes import GraphNode, Spec
from gputensor.errors import LinAlgError, ShapeError
from gputensor.utils.checkpoint import checkpoint
from tests.asking import (
    DIFFERENTIABLE,
    SAMPLES,
    assert_close,
    expected_of,
    gradients_of,
    host,
    loss_of,
    precise,
    random_gradient,
    results,
    rows,
    tensors,
    tolerance,
    values,
    widened,
    without_warnings,
)
from tests.drawing import LAYOUTS, differentiable, draw, laid_out, numpy_type, other_shapes

SMALL = 40  # elements of inputs up to which a whole Jacobian is checked; above, random directions


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
            if "contiguous" in str(error):
                continue
            raise
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


# a variance without a degree of freedom is nan with a warning, in PyTorch too
@pytest.mark.filterwarnings("ignore:.*degrees of freedom")
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
            with without_warnings():
                out = sample.call(gt, *given)
        except (ValueError, IndexError, TypeError):
            # what is refused where PyTorch accepts it is seen by the comparison with PyTorch
            continue
        if expected is not None:
            for a, b in zip(values(out), expected, strict=True):
                # NumPy makes one element of none where it runs along an axis
                assert_close(a, np.reshape(b, a.shape) if np.size(b) == a.size else b, 1e-9)
        for g, k in zip(gradients_of(out, [given[k] for k in with_grad]), with_grad, strict=True):
            assert host(g).shape == arrays[k].shape


# --- gradients --------------------------------------------------------------------------------------------------------


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
    if layout == "broadcast" and t.ndim and t.numel():
        return t[:1].expand(t.shape)
    return t


@rows(DIFFERENTIABLE)
def test_the_gradient_agrees_with_differences_in_every_layout(sample):
    for dtype in precise(sample):
        for layout in (None, *LAYOUTS):
            function, leaves = _checked(sample, dtype, layout)
            assert function(*leaves), "the row is differentiable, but its results have no history"
            small = layout is None and sum(t.numel() for t in leaves) <= SMALL
            assert gradcheck(function, leaves, fast_mode=not small, atol=1e-6, rtol=1e-4)


@rows([s for s in DIFFERENTIABLE if s.second])
def test_the_gradient_of_the_gradient_agrees_with_differences(sample):
    for dtype in precise(sample):
        for layout in (None, "negative strides", "broadcast"):
            function, leaves = _checked(sample, dtype, layout)
            outputs = function(*leaves)
            assert outputs, "the row is differentiable, but its results have no history"
            # the lines that make gradients of gradients must first make the same gradients
            plain = grad(loss_of(outputs), leaves, allow_unused=True, materialize_grads=True)
            recorded = grad(
                loss_of(function(*leaves)), leaves, create_graph=True, allow_unused=True, materialize_grads=True
            )
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


@rows(DIFFERENTIABLE)
def test_a_checkpoint_has_the_same_gradient(sample):
    def run(call):
        given = tensors(draw(sample, "float64" if "float64" in sample.dtypes else "float32"), differentiable(sample))
        gt.manual_seed(0)
        return [host(g) for g in gradients_of(call(gt, *given), [given[k] for k in differentiable(sample)])]

    plain = run(sample.call)
    for a, b in zip(plain, run(lambda *given: checkpoint(sample.call, *given, use_reentrant=False)), strict=True):
        np.testing.assert_array_equal(a, b)


@rows(SAMPLES)
def test_operations_read_and_make_arrays_never_scalars(sample):
    with watched() as (arrays, _):
        sample.call(gt, *tensors(draw(sample, sample.dtypes[0])))
    assert [type(a) for a in arrays if not isinstance(a, np.ndarray)] == []


def _disturbed(a):
    if a.dtype.kind in "fc":
        return np.full_like(a, np.nan)
    return ~a if a.dtype.kind == "b" else a + 1


def _vjps(n, xp, g, out, args):
    prim = n.prim
    if not prim.arity:
        return prim.vjp_all(xp, g, out, args)
    return [None if e is None else vjp(prim, xp, g, out, *args) for e, vjp in zip(n.edges, prim.vjps, strict=True)]


def _gradient_for(rng, n):
    if n.prim.nout == 1:
        return random_gradient(rng, n.shape, n.dtype)
    return [random_gradient(rng, s, d) if d.kind in "fc" else None for s, d in zip(n.shape, n.dtype, strict=True)]


def _disturb(n, rng, unread):
    """Note for everything that a node saved whether its gradients change when it does."""
    g = _gradient_for(rng, n)
    out = n.out if n.prim.save_out else n
    names = type(n.prim).forward.__code__.co_varnames[2:]
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
            try:
                changed = _vjps(n, numpy_, g, other, args)
            except (IndexError, ValueError, LinAlgError):
                changed = ()  # an index that points elsewhere, a matrix of NaN: read, surely
            same = bool(changed) and all(p is q or np.array_equal(p, q) for p, q in zip(plain, changed, strict=True))
            key = (type(n.prim).__name__, "out" if k < 0 else names[k] if k < len(names) else "xs")
            unread[key] = unread.get(key, True) and same


def test_what_is_saved_is_read():
    rng = np.random.default_rng(0)
    unread: dict[tuple[str, str], bool] = {}
    for sample in DIFFERENTIABLE:
        for dtype in {"float64", "float32"} & set(sample.dtypes):
            with watched() as (_, nodes):
                sample.call(gt, *tensors(draw(sample, dtype), differentiable(sample)))
            for n in nodes:
                # where an operand needs no gradient, what its partner's gradient reads may be kept in vain
                floats = [e for e, a in zip(n.edges, n.args or (), strict=True) if not _is_index(a)]
                if not n.prim.custom and n.kern is None and n.args is not None and None not in floats:
                    _disturb(n, rng, unread)
    assert unread
    assert sorted(key for key, vain in unread.items() if vain) == []


def _is_index(a):
    return isinstance(a, np.ndarray) and a.dtype.kind in "biu"
